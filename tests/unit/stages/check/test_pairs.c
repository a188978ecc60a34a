/* All checks on pairs of sentences in many languages: none of tables/good.tsv may be flagged, and every error in
 * tables/planted.tsv must be found by the check named there. */
#include "unit/cmocka_test.h"

#include "pipeline/base/table.h"
#include "unit/stages/check/checker_fixture.h"

static struct arena *arena;

static int open_all(void **state) {
    arena = arena_new();
    return open_checker(state);
}

static int close_all(void **state) {
    arena_free(arena);
    return close_checker(state);
}

static struct table read_pairs(const char *name) {
    struct failure failure = {0};
    struct table table;
    assert_true(table_read(TEST_TESTS "/unit/stages/check", name, arena, &table, &failure));
    assert_true(table.count > 10);
    return table;
}

static struct segment *judge(struct article *article, struct span language, struct span source, struct span target) {
    struct segment *segment = add_segment(article, source, target);
    checker_judge(checker, article, segment, &(struct checker_question){.language = arena_string(arena, language)});
    return segment;
}

static void print_findings(const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++)
        print_message("%s: %.*s\n", segment->findings[i].check, SPAN_ARGS(segment->findings[i].message));
}

static void good_translations_are_not_flagged(void **state) {
    (void)state;
    struct table pairs = read_pairs("good.tsv");
    int flagged = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        const struct row *row = &pairs.rows[i];
        struct article *article = article_new();
        struct segment *segment = judge(article, row->cells[0], row->cells[1], row->cells[2]);
        if (segment->status != SEGMENT_OK) {
            print_message("flagged: %.*s: %.*s\n", SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[2]));
            print_findings(segment);
            flagged++;
        }
        article_free(article);
    }
    assert_int_equal(flagged, 0);
}

static bool is_found(const struct segment *segment, struct span check) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (span_is(check, segment->findings[i].check) && segment->findings[i].severity != SEVERITY_NOTE) return true;
    return false;
}

static void planted_errors_are_found(void **state) {
    (void)state;
    struct table pairs = read_pairs("planted.tsv");
    int missed = 0;
    for (size_t i = 0; i < pairs.count; i++) {
        const struct row *row = &pairs.rows[i];
        struct article *article = article_new();
        struct segment *segment = judge(article, row->cells[1], row->cells[2], row->cells[3]);
        if (!is_found(segment, row->cells[0])) {
            print_message("missed by %.*s: %.*s: %.*s\n", SPAN_ARGS(row->cells[0]), SPAN_ARGS(row->cells[1]),
                          SPAN_ARGS(row->cells[3]));
            print_findings(segment);
            missed++;
        }
        article_free(article);
    }
    assert_int_equal(missed, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_translations_are_not_flagged),
                                       cmocka_unit_test(planted_errors_are_found)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
