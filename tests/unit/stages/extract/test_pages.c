/* Whole pages as news sites of many countries build them, in their encodings, with all that surrounds an article
 * (tests/golden/pages). The expected title, authors, date and blocks were written by hand. */
#include "unit/golden.h"

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_decode, stage_extract;

struct stages {
    struct resources *resources;
    void *decode, *extract;
};

/* The address is the one that the page calls canonical. Pages without one have an address that says nothing. */
static struct span address_of(struct span page) {
    const struct span mark = SPAN("<link rel=\"canonical\" href=\"");
    size_t at = span_find(page, mark);
    if (at == SIZE_MAX) return SPAN("https://site.example/a");
    struct span rest = span_cut(page, at + mark.length, page.length);
    return span_cut(rest, 0, span_find(rest, SPAN("\"")));
}

static void print_field(struct buffer *out, const char *name, struct span value) {
    if (value.length) buffer_print(out, "%s: %.*s\n", name, SPAN_ARGS(value));
}

static void print_article(struct buffer *out, const struct article *article) {
    print_field(out, "title", article->title.source);
    for (size_t i = 0; i < article->author_count; i++) print_field(out, "author", article->authors[i]);
    print_field(out, "published", article->published);
    buffer_add_string(out, "\n");
    for (size_t i = 0; i < article->block_count; i++)
        print_field(out, block_kind_names.at[article->body[i].kind], article->body[i].text);
}

static void describe(void *state, struct span page, struct buffer *out) {
    const struct stages *stages = state;
    struct article *article = article_new();
    struct failure failure = {0};
    article->origin.raw = page;
    article->origin.address = address_of(page);
    assert_int_equal(stage_decode.work(stages->decode, article, &failure), STAGE_CONTINUE);
    stage_extract.work(stages->extract, article, &failure);
    print_article(out, article);
    article_free(article);
}

static void test_pages(void **state) {
    golden_check(&(struct golden){"pages", "input.html", "expected.txt", 36, describe}, *state);
}

static int open_stages(void **state) {
    static struct stages stages;
    struct failure failure = {0};
    stages.resources = resources_new(TEST_DATA);
    struct stage_context context = {.data_folder = TEST_DATA, .resources = stages.resources};
    *state = &stages;
    return stage_decode.open(&context, &stages.decode, &failure) &&
                   stage_extract.open(&context, &stages.extract, &failure)
               ? 0
               : -1;
}

static int close_stages(void **state) {
    struct stages *stages = *state;
    stage_extract.close(stages->extract);
    if (stage_decode.close) stage_decode.close(stages->decode);
    resources_free(stages->resources);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages)};
    return cmocka_run_group_tests(tests, open_stages, close_stages);
}
