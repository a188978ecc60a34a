/* What the user sees of an article that was found: taken from its record, so that it is as true as the record is. */
#ifndef PROGRAM_SEARCH_RESULT_H
#define PROGRAM_SEARCH_RESULT_H

#include "pipeline/article/article.h"
#include "program/search/question.h"

/* A part of a sentence around the first hit. */
struct snippet {
    struct span text;
    bool cut_before, cut_after;
    struct question_hit hits[QUESTION_HITS]; /* within `text` */
    size_t hit_count;
};

struct search_result {
    struct article *article;
    struct span record;            /* path relative to the output folder */
    struct span page;              /* the same, of the page that shows the article, with its place; empty = none yet */
    const struct segment *segment; /* the sentence that holds most of the question; NULL = spread over several */
    unsigned segment_id;
    struct snippet english, source; /* of that sentence; `english` is empty if it has no usable translation */
};

/* Reads the record of a match. Returns NULL if there is none any more or it is damaged. The result is in the article's
 * arena and is freed with the article. */
struct search_result *search_result_read(const char *output_folder, struct span day, struct span file,
                                         const struct question *question);

#endif
