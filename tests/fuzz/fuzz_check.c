/* Checks any pair of texts. Checking must terminate, give the same result twice, and report only valid UTF-8; a text
 * checked against itself must have no wrong number, date or link. The first line of the input is the language, the
 * second the source, and the rest the English. */
#include <stdlib.h>
#include <string.h>

#include "stages/check/checker.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct segment *judge(const struct checker *checker, struct article *article, const char *language,
                             struct span source, struct span target) {
    struct segment *segment = article_add_segment(article, article_add_block(article, BLOCK_PARAGRAPH, source), source);
    segment->target = target;
    struct checker_question question = {.language = language};
    struct checker_verdict first = checker_judge(checker, article, segment, &question);
    struct checker_verdict second = checker_judge(checker, article, segment, &question);
    if (first.status != second.status || first.score != second.score) abort();
    for (size_t i = 0; i < segment->finding_count; i++)
        if (!text_valid(segment->findings[i].message)) abort();
    return segment;
}

static void refuse(const struct segment *segment, const char *check) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, check) == 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct resources *resources;
    static const struct checker *checker;
    struct failure failure = {0};
    if (!resources) resources = resources_new(TEST_DATA);
    if (!checker && !(checker = resources_borrow(resources, &checker_resource, &failure))) abort();
    struct span text = {(const char *)bytes, size}, language = {NULL, 0}, source = {NULL, 0};
    if (!text_valid(text)) return 0;
    span_next(&text, '\n', &language);
    span_next(&text, '\n', &source);
    struct article *article = article_new();
    const char *code = arena_string(article->arena, text_clip(language, 11));
    judge(checker, article, code, source, text);
    struct segment *itself = judge(checker, article, code, text, text);
    refuse(itself, "numbers");
    refuse(itself, "dates");
    refuse(itself, "links");
    article_free(article);
    return 0;
}
