/* Sound sentences are preferred to doubtful ones, and doubts are kept in the summary. The stage runs on articles made
 * in memory. */
#include "unit/cmocka_test.h"

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/engine/stage.h"
#include "stages/check/checks.h"
#include "stages/summarize/doubts.h"

extern const struct stage stage_summarize;

static void *stage;

static struct article *article_of(void) {
    struct article *article = article_new();
    strcpy(article->language.code, "es");
    return article;
}

static struct segment *add(struct article *article, const char *target, const char *check, enum severity severity) {
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("fuente"));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = span_of(target);
    segment->status = check && severity == SEVERITY_WARNING ? SEGMENT_SUSPECT : SEGMENT_OK;
    if (check) article_add_finding(article, segment, check, severity, SPAN("the reason"));
    return segment;
}

static const char *const sentences[] = {
    "The ferry to Sarnoy leaves from the western quay on Mondays.",
    "Bakers in Lorven want six per cent more from the first of May.",
    "A museum of fishing nets opens next to the old lighthouse.",
    "Two bridges over the Alda were closed after heavy rain.",
    "The choir of the harbour school sings at the summer fair.",
};

/* The stage uses the default of three sentences. */
static void summarize(struct article *article) {
    struct failure failure = {0};
    assert_int_equal(stage_summarize.work(stage, article, &failure), STAGE_CONTINUE);
}

static void sound_sentences_come_before_doubtful_ones(void **state) {
    (void)state;
    static const char *const checks_that_change[] = {"negation", "numbers", "names", "added", "glossary"};
    for (size_t i = 0; i < sizeof checks_that_change / sizeof *checks_that_change; i++) {
        struct article *article = article_of();
        for (size_t j = 0; j < 4; j++) add(article, sentences[j], j ? NULL : checks_that_change[i], SEVERITY_WARNING);
        summarize(article);
        assert_int_equal(article->summary.count, 3);
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(article->summary.sentences[j].rests_on[0], j + 2);
            assert_int_equal(article->summary.sentences[j].doubt.length, 0);
        }
        article_free(article);
    }
}

/* They do not keep a sentence out, but wherever it is shown it is marked, as the segment is. */
static void findings_of_form_only_mark_the_sentence(void **state) {
    (void)state;
    static const char *const harmless[] = {"capitals", "repeated", "links", "untranslated", "alignment"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        struct article *article = article_of();
        for (size_t j = 0; j < 4; j++) add(article, sentences[j], j ? NULL : harmless[i], SEVERITY_WARNING);
        summarize(article);
        assert_int_equal(article->summary.sentences[0].rests_on[0], 1);
        assert_true(span_is(article->summary.sentences[0].doubt, "the reason"));
        assert_int_equal(article->summary.sentences[1].doubt.length, 0);
        article_free(article);
    }
}

static void doubtful_ones_fill_up_to_two_and_are_marked(void **state) {
    (void)state;
    struct article *article = article_of();
    for (size_t i = 0; i < 5; i++) add(article, sentences[i], i == 3 ? NULL : "numbers", SEVERITY_WARNING);
    summarize(article);
    assert_int_equal(article->summary.count, 2);
    assert_int_equal(article->summary.sentences[0].rests_on[0], 1);
    assert_true(span_is(article->summary.sentences[0].doubt, "the reason"));
    assert_int_equal(article->summary.sentences[1].rests_on[0], 4);
    assert_int_equal(article->summary.sentences[1].doubt.length, 0);
    article_free(article);
}

static void a_doubtful_repetition_does_not_replace_a_sound_sentence(void **state) {
    (void)state;
    struct article *article = article_of();
    add(article, "Ferry leaves from the western quay on Mondays.", NULL, SEVERITY_NOTE);
    add(article, "The ferry leaves from the western quay on Mondays and carries three hundred passengers over.",
        "numbers", SEVERITY_WARNING);
    summarize(article);
    assert_int_equal(article->summary.count, 1);
    assert_int_equal(article->summary.sentences[0].rests_on[0], 1);
    article_free(article);
}

static void a_sentence_inherits_the_doubt_of_any_that_it_cites(void **state) {
    (void)state;
    struct article *article = article_of();
    add(article, sentences[0], NULL, SEVERITY_NOTE);
    add(article, sentences[1], "currency", SEVERITY_WARNING);
    add(article, sentences[2], NULL, SEVERITY_NOTE);
    unsigned both[] = {1, 2}, sound[] = {1, 3}, nowhere[] = {99};
    struct summary_sentence made[] = {{.rests_on = both, .rests_on_count = 2},
                                      {.rests_on = sound, .rests_on_count = 2},
                                      {.rests_on = nowhere, .rests_on_count = 1}};
    article->summary = (struct summary){.sentences = made, .count = 3, .method = "model", .summarized_by = -1};
    summary_mark_doubts(article);
    assert_true(span_is(made[0].doubt, "the reason"));
    assert_int_equal(made[1].doubt.length, 0);
    assert_int_equal(made[2].doubt.length, 0);
    article_free(article);
}

static void a_record_keeps_the_doubt(void **state) {
    (void)state;
    static const enum record_detail details[] = {RECORD_FINAL, RECORD_WORKING};
    for (size_t i = 0; i < 2; i++) {
        struct article *article = article_of(), *again = NULL;
        struct buffer json = BUFFER(1 << 20);
        struct failure failure = {0};
        add(article, sentences[0], "dates", SEVERITY_WARNING);
        add(article, sentences[1], NULL, SEVERITY_NOTE);
        summarize(article);
        assert_true(record_write(article, details[i], &json));
        assert_true(record_read(buffer_span(&json), 0, &again, &failure));
        assert_true(span_is(again->summary.sentences[0].doubt, "the reason"));
        assert_int_equal(again->summary.sentences[1].doubt.length, 0);
        article_free(again);
        article_free(article);
        buffer_free(&json);
    }
}

static void the_table_knows_every_check(void **state) {
    (void)state;
    static const char *const changing[] = {"numbers",   "dates", "currency", "units", "names",    "negation", "antonym",
                                           "truncated", "added", "question", "talk",  "glossary", "language"};
    size_t ran = 0;
    for (const struct check *check = checks; check->name; check++, ran++)
        assert_int_equal(checker_changes_meaning(check->name), check->changes_meaning);
    assert_true(ran > 20);
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
        if (!checker_changes_meaning(changing[i])) fail_msg("%s changes the meaning", changing[i]);
    assert_false(checker_changes_meaning("second-opinion"));
    assert_false(checker_changes_meaning(""));
}

static struct config *config;

static int open_stage(void **state) {
    static struct section_table tables[] = {{.name = "summary"}, {.name = NULL}};
    struct failure failure = {0};
    (void)state;
    tables[0].settings = stage_summarize.settings;
    config = config_new(tables);
    config_finish(config);
    struct stage_context context = {.data_folder = TEST_DATA,
                                    .config = config,
                                    .settings = config_values(config, stage_summarize.settings.entries)};
    return stage_summarize.open(&context, &stage, &failure) ? 0 : -1;
}

static int close_stage(void **state) {
    (void)state;
    stage_summarize.close(stage);
    config_free(config);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_sentences_come_before_doubtful_ones),
        cmocka_unit_test(findings_of_form_only_mark_the_sentence),
        cmocka_unit_test(doubtful_ones_fill_up_to_two_and_are_marked),
        cmocka_unit_test(a_doubtful_repetition_does_not_replace_a_sound_sentence),
        cmocka_unit_test(a_sentence_inherits_the_doubt_of_any_that_it_cites),
        cmocka_unit_test(a_record_keeps_the_doubt),
        cmocka_unit_test(the_table_knows_every_check),
    };
    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
