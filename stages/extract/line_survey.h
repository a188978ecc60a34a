/* The sums over a page from which the features of its lines (line_features.h) are made. */
#ifndef STAGES_EXTRACT_LINE_SURVEY_H
#define STAGES_EXTRACT_LINE_SURVEY_H

#include "stages/extract/line_features.h"

/* What a node inherits from its ancestors. */
struct line_place {
    uint64_t tags;  /* bits 1 << enum tag of the node and its ancestors */
    unsigned marks; /* enum name_mark of the node and its ancestors */
    unsigned rank;  /* of the innermost name of a container */
    unsigned depth;
    int article;               /* the innermost <article>, or -1 */
    float own, low, high, sum; /* odds of names */
};

/* Widths of text. In sums over lines, element i has the sums over the lines before line i. */
struct line_sums {
    double width, links, prose, taken;
};

/* The lines whose elements have the same tag and first class name, and parents for which this is true as well. */
struct line_group {
    double lines, width, links, taken;
};

struct line_survey {
    const struct line_evidence *evidence;
    const struct page *page;
    struct overlap title;
    struct line_place *places; /* by node */
    double *taken;             /* by node: width of the lines in it that the contest took */
    struct line_sums *sums;    /* by line, and one more */
    uint32_t *paths;           /* by line: hash of what its group has in common; never 0 */
    struct line_group *groups; /* hash table with open addressing; the number of slots is a power of two */
    uint32_t *group_paths;     /* by slot: the path of its group, or 0 if the slot is free */
    size_t group_size;
    unsigned char *repeats;         /* by line: how often its text occurs on the page, at most MAX_REPEATS */
    size_t *headings;               /* by line: number of the last heading before it, or SIZE_MAX */
    size_t first, end;              /* lines of the contest's container */
    size_t first_taken, last_taken; /* lines */
    float row[LINE_FEATURES];       /* the features that are the same for all lines */
    size_t headline;                /* line, or SIZE_MAX */
};

enum { MAX_REPEATS = 20 };

/* Allocates everything in the page's arena. */
struct line_survey line_survey_make(const struct line_evidence *evidence);
/* Returns the group of a line. */
const struct line_group *line_survey_group(const struct line_survey *survey, size_t line);

#endif
