#include "unit/golden.h"

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

/* An article of pairs of source and English. The first pair is the title. */
struct pairs {
    const char *language;
    const char *at[6][2];
    const char *reused; /* one character for each pair: '+' if its English was given for another sentence too */
};

static struct article *article_of(const struct pairs *pairs) {
    struct article *article = article_new();
    article->language = (struct language){0};
    memcpy(article->language.code, pairs->language, strlen(pairs->language) + 1);
    article->title.source = span_of(pairs->at[0][0]);
    article->title.target = span_of(pairs->at[0][1]);
    for (size_t i = 1; pairs->reused[i]; i++) {
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(pairs->at[i][0]));
        article_add_segment(article, block, span_of(pairs->at[i][0]))->target = span_of(pairs->at[i][1]);
    }
    return article;
}

static size_t count_findings(const struct segment *segment, const char *check) {
    size_t count = 0;
    for (size_t i = 0; i < segment->finding_count; i++) count += strcmp(segment->findings[i].check, check) == 0;
    return count;
}

static bool is_reused(const struct segment *segment) {
    return count_findings(segment, "reused") > 0;
}

/* The stage runs twice, since a record may be checked again: the findings must not add up. */
static void english_given_for_different_sentences_is_suspect(void **state) {
    (void)state;
    static const struct pairs cases[] = {
        {"es",
         {{"Feria en el puerto", "Fair in the harbour"},
          {"Los pescadores venden hoy su captura en el muelle.", "The fishermen sell their catch on the quay today."},
          {"Habrá fuegos artificiales.", "There will be fireworks."},
          {"La orquesta tocará valses hasta medianoche.", "The fishermen sell their catch on the quay today."},
          {"El lunes todo vuelve a la calma.", "On Monday everything is quiet again."}},
         "-+-+-"},
        {"zh",
         {{"港口集市", "Harbour fair"},
          {"渔民今天在码头出售他们的渔获。", "We are sorry."},
          {"乐队将演奏华尔兹直到午夜。", "We are sorry."},
          {"对不起。", "We are sorry."}},
         "-++-"},
        {"de",
         {{"Markt am Hafen", "Market at the harbour"},
          {"Die Fischer verkaufen heute am Kai ihren ganzen Fang.", "No."},
          {"Das Orchester spielt heute bis Mitternacht viele Walzer.", "No."},
          {"Nein.", "No."}},
         "-++-"},
        {"de",
         {{"Markt am Hafen", "Market at the harbour"},
          {"Fischer verkaufen ihren Fang", "Please try again later."},
          {"Das Orchester spielt heute Walzer", "Please try again later."},
          {"Am Abend brennt ein großes Feuer", "Please try again later."},
          {"Zum Schluss", "Please try again later."}},
         "-+++-"},
        {"de",
         {{"Von Hedda Quist", "By Hedda Quist"},
          {"Von Hedda Quist", "By Hedda Quist"},
          {"So wird das Wetter morgen im Norden", "Tomorrow's weather in the north of the country"},
          {"So wird das Wetter morgen im Norden", "Tomorrow's weather in the north of the country"},
          {"So wird morgen das Wetter im hohen Norden", "Tomorrow's weather in the north of the country"}},
         "-----"},
        {"es",
         {{"Sí", "Yes"},
          {"Por supuesto que sí.", "Yes."},
          {"Claro, cómo no.", "Yes."},
          {"Foto: archivo municipal", "Photo: archive"},
          {"Imagen de archivo", "Photo: archive"}},
         "-----"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_of(&cases[i]);
        stage_check.work(checker, article, NULL);
        for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) walk.segment->judged = true;
        stage_check.work(checker, article, NULL);
        size_t place = 0;
        for (struct segment_walk walk = {0}; segment_walk_next(article, &walk); place++) {
            bool reused = cases[i].reused[place] == '+';
            if (is_reused(walk.segment) != reused) print_message("case %zu, pair %zu\n", i, place);
            assert_int_equal(is_reused(walk.segment), reused);
            if (reused) assert_int_equal(walk.segment->status, SEGMENT_SUSPECT);
            assert_int_equal(count_findings(walk.segment, "reused"), reused);
        }
        article_free(article);
    }
}

/* A text may appear in two languages, each translated into the same English. */
static void sources_in_different_languages_may_share_their_english(void **state) {
    (void)state;
    static const char *const same = "The fishermen sell their catch on the quay today.";
    struct article *article = article_new();
    article->language = (struct language){.code = "es"};
    const char *sources[][2] = {{"es", "Los pescadores venden hoy su captura en el muelle."},
                                {"eu", "Arrantzaleek beren harrapaketak moilan saltzen dituzte gaur."}};
    for (size_t i = 0; i < 2; i++) {
        struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(sources[i][1]));
        memcpy(block->language, sources[i][0], 3);
        article_add_segment(article, block, span_of(sources[i][1]))->target = span_of(same);
    }
    stage_check.work(checker, article, NULL);
    for (size_t i = 0; i < 2; i++) assert_false(is_reused(&article->body[i].segments[0]));
    memcpy(article->body[1].language, "es", 3);
    stage_check.work(checker, article, NULL);
    for (size_t i = 0; i < 2; i++) assert_true(is_reused(&article->body[i].segments[0]));
    article_free(article);
}

/* A line of the input is a language, a source and its English, divided by tabs. */
static void describe_pair(struct span line, struct buffer *out) {
    static const char *const severities[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    struct span language = SPAN(""), source = SPAN(""), target = line;
    struct article *article = article_new();
    if (!span_next(&target, '\t', &language) || !span_next(&target, '\t', &source)) fail_msg("a line has no tab");
    snprintf(article->language.code, sizeof article->language.code, "%.*s", SPAN_ARGS(language));
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, source);
    struct segment *segment = article_add_segment(article, block, source);
    segment->target = target;
    stage_check.work(checker, article, NULL);
    buffer_print(out, "%.*s\n  %.*s\n  %.*s\n", SPAN_ARGS(language), SPAN_ARGS(source), SPAN_ARGS(target));
    buffer_print(out, "  %s%s\n", segment_status_name(segment->status), segment->copied ? ", copied" : "");
    for (size_t i = 0; i < segment->finding_count; i++)
        buffer_print(out, "    %s %s: %.*s\n", severities[segment->findings[i].severity], segment->findings[i].check,
                     SPAN_ARGS(segment->findings[i].message));
    article_free(article);
}

static void describe(void *state, struct span input, struct buffer *out) {
    struct span line;
    (void)state;
    while (span_next(&input, '\n', &line))
        if (line.length) describe_pair(line, out);
}

static void pairs_are_judged_as_expected(void **state) {
    static const struct golden golden = {"check", "input.tsv", "expected.txt", 2, describe};
    golden_check(&golden, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_translations_are_ok),
                                       cmocka_unit_test(planted_errors_are_found),
                                       cmocka_unit_test(english_given_for_different_sentences_is_suspect),
                                       cmocka_unit_test(sources_in_different_languages_may_share_their_english),
                                       cmocka_unit_test(pairs_are_judged_as_expected)};
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
