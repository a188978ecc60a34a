/* One document on standard input: what is read, and what is said if it cannot be. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/article/article.h"
#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"

/* Puts these bytes on standard input; NULL = a folder, which cannot be read. */
static void give(const char *bytes) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    if (bytes) assert_int_equal(write(ends[1], bytes, strlen(bytes)), strlen(bytes));
    close(ends[1]);
    int from = bytes ? ends[0] : open("/", O_RDONLY | O_DIRECTORY);
    assert_int_equal(dup2(from, STDIN_FILENO), STDIN_FILENO);
    close(from);
    if (!bytes) close(ends[0]);
    clearerr(stdin);
}

/* Reads the source to its end, as a run does; `limit` is max_bytes. */
static struct article *read_all(const char *limit, struct failure *failure, enum source_step *ret_step) {
    static struct section_table tables[2];
    struct article *article = NULL, *none = NULL;
    void *opened = NULL;
    tables[0] = (struct section_table){.name = "source",
                                       .named = true,
                                       .settings = {source_table, sizeof(struct source_settings)},
                                       .kind_at = source_kind_at,
                                       .help = ""};
    struct config *config = config_new(tables);
    config_set(config, "source.s.kind=stdin");
    config_set(config, limit);
    config_finish(config);
    const struct section *section = config_section_at(config, source_table, 0);
    struct source_context context = {.name = SPAN("s"),
                                     .section = section,
                                     .common = section_values(section),
                                     .settings = section_kind_values(section)};
    const struct source *source = source_of(SPAN("stdin"));
    assert_true(source->open(&context, &opened, failure));
    *ret_step = source->step(opened, NULL, NULL, &article, failure);
    assert_int_equal(source->step(opened, NULL, NULL, &none, failure), SOURCE_END);
    source->close(opened);
    config_free(config);
    return article;
}

static void all_of_it_is_one_document(void **state) {
    struct failure failure = {0};
    enum source_step step;
    (void)state;
    give("El puente nuevo.\n");
    struct article *article = read_all("source.s.max_bytes=1000", &failure, &step);
    assert_int_equal(step, SOURCE_ITEM);
    assert_span(article->origin.raw, "El puente nuevo.\n");
    article_free(article);
}

static void assert_failed(const char *bytes, const char *limit, enum failure_reach reach, enum failure_remedy remedy,
                          enum failure_cause cause, const char *said) {
    struct failure failure = {0};
    enum source_step step;
    give(bytes);
    assert_null(read_all(limit, &failure, &step));
    assert_int_equal(step, SOURCE_FAIL);
    assert_failure(&failure, reach, remedy, cause, EXIT_DONE, said);
}

static void an_empty_or_large_one_is_refused(void **state) {
    (void)state;
    assert_failed("", "source.s.max_bytes=1000", REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, "standard input is empty");
    assert_failed("12345678901", "source.s.max_bytes=10", REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE,
                  "standard input is larger than max_bytes (10)");
}

static void one_that_cannot_be_read_is_not_taken_for_a_short_one(void **state) {
    (void)state;
    assert_failed(NULL, "source.s.max_bytes=1000", REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_MACHINE,
                  "cannot read standard input: Is a directory");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_of_it_is_one_document),
                                       cmocka_unit_test(an_empty_or_large_one_is_refused),
                                       cmocka_unit_test(one_that_cannot_be_read_is_not_taken_for_a_short_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
