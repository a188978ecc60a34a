/* The segment stage: sentences of paragraphs in many scripts, as a whole. */
#include "unit/golden.h"

#include <string.h>

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/segment/trim.h"

extern const struct stage stage_segment;

static struct resources *resources;

static int open_stage(void **state) {
    static const struct segment_settings settings = {.max_paragraphs = 100, .max_characters = 100000};
    struct failure failure = {0};
    resources = resources_new(TEST_DATA);
    return stage_segment.open(&(struct stage_context){.settings = &settings, .resources = resources}, state, &failure)
               ? 0
               : -1;
}

static int close_stage(void **state) {
    if (stage_segment.close) stage_segment.close(*state);
    resources_free(resources);
    return 0;
}

/* A line of the input is a language, a tab and a paragraph. */
static void describe_line(void *state, struct span line, struct buffer *out) {
    struct span language = SPAN("");
    struct article *article = article_new();
    if (!span_next(&line, '\t', &language)) fail_msg("a line has no tab");
    snprintf(article->language.code, sizeof article->language.code, "%.*s", SPAN_ARGS(language));
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, line);
    assert_int_equal(stage_segment.work(state, article, NULL), STAGE_CONTINUE);
    buffer_print(out, "%.*s\n", SPAN_ARGS(language));
    for (size_t i = 0; i < block->segment_count; i++)
        buffer_print(out, "  | %.*s |\n", SPAN_ARGS(block->segments[i].source));
    article_free(article);
}

static void describe(void *state, struct span input, struct buffer *out) {
    struct span line;
    while (span_next(&input, '\n', &line))
        if (line.length) describe_line(state, line, out);
}

static void paragraphs_are_split_as_expected(void **state) {
    static const struct golden golden = {"segment", "input.tsv", "expected.txt", 2, describe};
    golden_check(&golden, *state);
}

static void a_record_keeps_the_sentences_that_it_has(void **state) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("One. Two. Three."));
    article_add_segment(article, block, SPAN("One. Two. Three."));
    stage_segment.work(*state, article, NULL);
    assert_int_equal(block->segment_count, 1);
    article_free(article);
}

/* A block in another language than its article is split by the rules of its own. */
static void a_block_has_its_own_language(void **state) {
    static const size_t expected[] = {2, 1};
    for (size_t i = 0; i < 2; i++) {
        struct article *article = article_new();
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("Πού είναι η γέφυρα; Στην πόλη"));
        strcpy(article->language.code, "ru");
        if (i == 0) strcpy(block->language, "el");
        stage_segment.work(*state, article, NULL);
        assert_int_equal(block->segment_count, expected[i]);
        article_free(article);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(paragraphs_are_split_as_expected),
                                       cmocka_unit_test(a_record_keeps_the_sentences_that_it_has),
                                       cmocka_unit_test(a_block_has_its_own_language)};
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
