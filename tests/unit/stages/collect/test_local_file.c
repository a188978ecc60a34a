/* Local files with their limits, packed files, and mail in files. */
#include "unit/stages/collect/collect_bench.h"

static void an_unreadable_file_waits_and_a_missing_one_fails(void **state) {
    struct bench *bench = *state;
    unlink(bench->path);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "No such file");
    assert_int_equal(symlink(bench->path, bench->path), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NEXT_RUN, CAUSE_MACHINE, EXIT_DONE, "cannot read");
    assert_string_equal(bench->failure.blamed, bench->path);
}

static void write_packed(const char *path, size_t length) {
    gzFile file = gzopen(path, "wb");
    for (size_t i = 0; i < length; i++) gzputc(file, 'a');
    gzclose(file);
}

/* What a source without a section, or one whose items are no files, names is not read, even though it is there. */
static void a_file_that_the_source_may_not_name_is_not_read(void **state) {
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs("text", file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    static const char *const kinds[] = {"ndjson", "page", "mail", "warc", "feed", "opml", "sitemap", NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        bench->article->origin.raw = SPAN("");
        bench->article->source_section =
            kinds[i] ? config_add_section(bench->config, source_table, kinds[i], NULL, SPAN("")) : NULL;
        assert_int_equal(stage_collect.work(bench->state, bench->article, &bench->failure), STAGE_FAIL);
        assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "cannot read");
        assert_int_equal(bench->article->origin.raw.length, 0);
    }
}

static void test_packed_file(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 5000);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    assert_int_equal(bench->article->origin.raw.length, 5000);
    assert_int_equal(bench->article->origin.raw_bytes, 5000);
    assert_int_equal(bench->article->origin.raw_sha256.length, 64);
}

static void test_packed_bomb(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 4000000);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "when unpacked");
}

static void test_damaged_packed_file(void **state) {
    struct bench *bench = *state;
    write_packed(bench->path, 5000);
    assert_int_equal(truncate(bench->path, 15), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "damaged");
}

static void test_large_file(void **state) {
    struct bench *bench = *state;
    assert_int_equal(truncate(bench->path, 200 << 20), 0);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "max_bytes");
}

static void test_empty_file(void **state) {
    struct bench *bench = *state;
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "is empty");
}

static void check_mail(void **state, const char *message, const char *raw, const char *title, const char *note) {
    end(state);
    begin(state);
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs(message, file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_CONTINUE);
    const struct article *article = bench->article;
    if (*raw) assert_true(span_find(article->origin.raw, span_of(raw)) != SIZE_MAX);
    if (!*raw) assert_int_equal(article->origin.raw.length, 0);
    assert_span(article->title.source.length ? article->title.source : article->feed.title, title);
    assert_span(article->origin.note, note);
    assert_int_equal(article->origin.truncated, *note != '\0');
    assert_int_equal(article->origin.raw_bytes, strlen(message));
}

static void the_text_of_a_mail_is_taken(void **state) {
    check_mail(state,
               "From: desk@quay.example\nSubject: Quay shut\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: "
               "1.0\nContent-Type: text/plain; charset=utf-8\n\nThe quay is shut.\n",
               "The quay is shut.", "Quay shut", "");
    check_mail(state,
               "From: desk@quay.example\nSubject: Quay shut\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: "
               "1.0\nContent-Type: text/plain; charset=utf-8\n\n\n",
               "", "Quay shut", "only the subject of the email could be read, not its text");
    check_mail(state, "<p>No mail.</p>", "<p>No mail.</p>", "", "");
}

static void a_mail_without_text_or_subject_fails(void **state) {
    struct bench *bench = *state;
    FILE *file = fopen(bench->path, "wb");
    fputs("From: desk@quay.example\nDate: Thu, 29 Jan 2026 06:05:04 +0000\nMIME-Version: 1.0\nContent-Type: "
          "text/plain\n\n\n",
          file);
    fclose(file);
    assert_int_equal(work(bench), STAGE_FAIL);
    assert_failure(&bench->failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "the email contains no text");
}

int main(void) {
    const struct CMUnitTest tests[] = {TEST(an_unreadable_file_waits_and_a_missing_one_fails),
                                       TEST(a_file_that_the_source_may_not_name_is_not_read),
                                       TEST(test_packed_file),
                                       TEST(test_packed_bomb),
                                       TEST(test_damaged_packed_file),
                                       TEST(test_large_file),
                                       TEST(test_empty_file),
                                       TEST(the_text_of_a_mail_is_taken),
                                       TEST(a_mail_without_text_or_subject_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
