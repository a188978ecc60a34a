/* The judge of one segment: every check of stages/check over one pair of source and target, and the verdict.
 *
 * A checker is made once a run from the data folder and is const afterwards, so any number of threads may judge with it
 * at a time, each on an article of its own. Judging is a pure function of the pair, its language and its terms: no I/O,
 * no state, linear in the size of the texts, of which the first 64 kB each are read.
 *
 * The rule of the verdict (the only place; docs/checks.md tells it to users): the worst finding decides. An ERROR makes
 * the segment FAILED, a WARNING makes it SUSPECT, and NOTEs leave it OK. */
#ifndef STAGES_CHECK_CHECKER_H
#define STAGES_CHECK_CHECKER_H

#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/engine/resources.h"
#include "stages/language/termbase.h"

struct checker;

/* A term of the user's glossary that the segment's source contains: the English has to say it so. Inflected forms of
 * the target count ("minister" is met by "ministers" and "minister's"), letter case does not. */
struct checker_term {
    struct span source, target;
};

struct checker_question {
    const char *language; /* of the source, BCP 47 as in config/tables/names.tsv; "" or NULL when it is not known */
    bool heading;         /* titles and headings are shortened more freely than sentences */
    const struct checker_term *terms;
    size_t term_count;
};

/* The terms of the glossary that a source contains, each once, for a question about it; returns how many. */
size_t checker_terms(const struct termbase *termbase, const char *language, struct span source,
                     struct checker_term ret_terms[TERM_MATCHES]);

/* What the findings come to. Of two answers to the same source the one with the lower score is the better one. */
struct checker_verdict {
    enum segment_status status; /* OK, SUSPECT or FAILED */
    enum severity worst;        /* NOTE when there is nothing */
    unsigned score;             /* 0 without findings; a warning counts 10, an error 1000, a note 1 */
};

extern const struct resource checker_resource; /* the run's checker, to be borrowed (pipeline/engine/resources.h) */

/* Judges segment->target as a translation of segment->source: replaces the findings that an earlier judgement left,
 * keeps all others, and sets segment->status by the rule. Findings live in the article's arena. A segment without a
 * source is OK; one that has FAILED without a target stays as it is, with the verdict of its status. */
struct checker_verdict checker_judge(const struct checker *checker, struct article *article, struct segment *segment,
                                     const struct checker_question *question);

/* The same for a segment that has been judged before (segment->judged): the rule over the findings that stand there. */
struct checker_verdict checker_confirm(struct segment *segment);

/* Whether what this check finds changes the meaning (a column of the table of checks; by name, so that it holds for
 * records read back as well). False for names that no check has. */
bool checker_changes_meaning(const char *name);

/* Why a suspect segment's English may say something else than its source: the first such finding. Empty when it is
 * sound. The message is the segment's own. */
struct span checker_doubt(const struct segment *segment);

#endif
