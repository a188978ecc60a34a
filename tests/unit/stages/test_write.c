/* The finished record: its status, its path, its text and its hash. */
#include "unit/failure_is.h"

#include "pipeline/base/json.h"
#include "pipeline/base/pack.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_write;

static void *stage_state;

static int open_stage(void **state) {
    (void)state;
    const struct stage_context context = {.day = "2026-01-29"};
    return stage_write.open(&context, &stage_state, NULL) ? 0 : -1;
}

static int close_stage(void **state) {
    (void)state;
    stage_write.close(stage_state);
    return 0;
}

static struct article *make(void) {
    struct article *article = article_new();
    memset(article->id, 'a', 32);
    article->title = (struct segment){.source = SPAN("Título"), .target = SPAN("Title"), .status = SEGMENT_OK};
    return article;
}

static void a_record_is_a_line_of_json_with_its_hash(void **state) {
    (void)state;
    struct article *article = make();
    struct failure failure = {0};
    struct buffer unpacked = BUFFER(1 << 20);
    char hash[65];
    assert_int_equal(stage_write.work(stage_state, article, &failure), STAGE_CONTINUE);
    assert_int_equal(article->status, ARTICLE_COMPLETE);
    assert_span(article->path, "2026-01-29/articles/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json");
    assert_true(span_ends(article->record, SPAN("}\n")));
    cJSON *root = json_parse(article->record, 1 << 20, "record", NULL);
    assert_span(json_text(json_at(root, "id")), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_span(json_text(json_at(root, "status")), "complete");
    cJSON_Delete(root);
    sha256_hex(article->record, hash);
    assert_string_equal(article->record_hash, hash);
    assert_true(unpack(article->packed, &unpacked));
    assert_true(span_equal(buffer_span(&unpacked), article->record));
    buffer_free(&unpacked);
    article_free(article);
}

static void status_and_path_of_an_earlier_run_stay(void **state) {
    (void)state;
    struct article *article = make();
    struct failure failure = {0};
    article->status = ARTICLE_PARTIAL;
    article->path = SPAN("2026-01-28/articles/b.json");
    assert_int_equal(stage_write.work(stage_state, article, &failure), STAGE_CONTINUE);
    assert_int_equal(article->status, ARTICLE_PARTIAL);
    assert_span(article->path, "2026-01-28/articles/b.json");
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_record_is_a_line_of_json_with_its_hash),
                                       cmocka_unit_test(status_and_path_of_an_earlier_run_stay)};
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
