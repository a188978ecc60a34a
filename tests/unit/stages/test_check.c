#include "unit/cmocka_test.h"

#include "pipeline/stage.h"

extern const struct stage stage_check;

/* Runs the stage on one pair; gives the status, and whether a check of that name found something. */
static enum segment_status judge(const char *source, const char *target, const char *check, bool *ret_found) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, span_of(source));
    segment->target = span_of(target);
    stage_check.work(NULL, article, NULL);
    *ret_found = false;
    for (size_t i = 0; i < segment->finding_count; i++) *ret_found = *ret_found || strcmp(segment->findings[i].check, check) == 0;
    enum segment_status status = segment->status;
    article_free(article);
    return status;
}

static void good_translations_are_ok(void **state) {
    (void)state;
