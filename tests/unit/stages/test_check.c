#include "unit/cmocka_test.h"

#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"

extern const struct stage stage_check;

static void *checker;
static struct resources *resources;

static int open_checker(void **state) {
    (void)state;
    struct failure failure = {0};
    resources = resources_new(TEST_DATA);
    return stage_check.open(&(struct stage_context){.resources = resources}, &checker, &failure) ? 0 : -1;
}

static int close_checker(void **state) {
    (void)state;
    stage_check.close(checker);
    resources_free(resources);
    return 0;
}

/* Runs the stage on one pair. Returns the status, and whether the check of that name found something. */
static enum segment_status judge(const char *source, const char *target, const char *check, bool *ret_found) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(source));
    struct segment *segment = article_add_segment(article, block, span_of(source));
    segment->target = span_of(target);
    article->language = (struct language){.code = "es"};
    stage_check.work(checker, article, NULL);
    *ret_found = false;
    for (size_t i = 0; i < segment->finding_count; i++)
        *ret_found = *ret_found || strcmp(segment->findings[i].check, check) == 0;
    enum segment_status status = segment->status;
    article_free(article);
    return status;
}

static void good_translations_are_ok(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"El plan costó 2.300 euros.", "The plan cost 2,300 euros."},
                                           {"Abrirá a las 11:30 del 14 de junio.", "It will open at 11:30 on 14 June."},
                                           {"Tres personas llegaron.", "Three people arrived."}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        bool found;
        assert_int_equal(judge(pairs[i][0], pairs[i][1], "", &found), SEGMENT_OK);
    }
}

static void planted_errors_are_found(void **state) {
    (void)state;
    static const struct {
        const char *source, *target, *check;
        enum segment_status status;
    } cases[] = {
        {"El plan cuesta 450 millones.", "The plan costs 540 million.", "numbers", SEGMENT_SUSPECT},
        {"El plan cuesta 450 millones.", "The plan costs millions.", "numbers", SEGMENT_SUSPECT},
        {"El ministro presentó ayer el plan.", "El ministro presentó ayer el plan.", "echo", SEGMENT_FAILED},
        {"Правителството прие новия план.", "Правителството прие новия plan", "language", SEGMENT_FAILED},
        {"El ministro habló mucho del plan.", "the plan the plan the plan the plan the plan", "loop", SEGMENT_FAILED},
        {"El ministro presentó ayer el nuevo plan de carreteras para la región.", "The minister", "truncated",
         SEGMENT_SUSPECT},
        {"El ministro llegó.", " ", "empty", SEGMENT_FAILED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool found;
        assert_int_equal(judge(cases[i].source, cases[i].target, cases[i].check, &found), cases[i].status);
        assert_true(found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_translations_are_ok),
                                       cmocka_unit_test(planted_errors_are_found)};
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
