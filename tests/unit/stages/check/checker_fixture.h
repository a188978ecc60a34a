/* Opens the checker with the tables of the program, for the tests that judge pairs of sentences. */
#ifndef UNIT_STAGES_CHECK_CHECKER_FIXTURE_H
#define UNIT_STAGES_CHECK_CHECKER_FIXTURE_H

#include "stages/check/checker.h"

static struct resources *resources;
static const struct checker *checker;

static inline int open_checker(void **state) {
    (void)state;
    struct failure failure = {0};
    resources = resources_new(TEST_DATA);
    return (checker = resources_borrow(resources, &checker_resource, &failure)) ? 0 : -1;
}

static inline int close_checker(void **state) {
    (void)state;
    resources_free(resources);
    return 0;
}

/* Adds a paragraph that is one segment with its English. */
static inline struct segment *add_segment(struct article *article, struct span source, struct span target) {
    struct segment *segment = article_add_segment(article, article_add_block(article, BLOCK_PARAGRAPH, source), source);
    segment->target = target;
    return segment;
}

#endif
