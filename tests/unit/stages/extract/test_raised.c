/* What becomes of text above and below the line: powers, times, prices, fractions, ordinals and footnotes. */
#include "unit/golden.h"

#include "pipeline/engine/stage.h"

extern const struct stage stage_extract;

static int open_extract(void **state) {
    struct stage_context context = {.data_folder = TEST_DATA};
    return stage_extract.open(&context, state, NULL) ? 0 : -1;
}

static int close_extract(void **state) {
    stage_extract.close(*state);
    return 0;
}

/* Prints the line as the last paragraph of a page. */
static void describe_line(void *state, struct span line, struct buffer *out) {
    struct article *article = article_new();
    struct buffer page = BUFFER(1 << 16);
    buffer_print(&page,
                 "<title>The ferry is back</title><article><h1>The ferry is back</h1><p>The ferry crossed the sound "
                 "again on Monday, two weeks after the storm that had torn its ramp away.</p><p>The fishermen, who had "
                 "carried the post in the meantime, say that they will miss it a little.</p><p>%.*s</p></article>",
                 SPAN_ARGS(line));
    article->text = arena_copy(article_document(article), buffer_span(&page));
    assert_int_equal(stage_extract.work(state, article, &article->failure), STAGE_CONTINUE);
    for (size_t i = 2; i < article->block_count; i++) {
        buffer_add_span(out, article->body[i].text);
        buffer_add_string(out, "\n");
    }
    buffer_free(&page);
    article_free(article);
}

static void describe(void *state, struct span input, struct buffer *out) {
    struct span line;
    while (span_next(&input, '\n', &line))
        if (line.length) describe_line(state, line, out);
}

static void raised_text_is_read_as_expected(void **state) {
    static const struct golden golden = {"raised", "input.txt", "expected.txt", 1, describe};
    golden_check(&golden, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(raised_text_is_read_as_expected)};
    return cmocka_run_group_tests(tests, open_extract, close_extract);
}
