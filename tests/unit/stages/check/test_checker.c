#include "unit/cmocka_test.h"

#include "unit/stages/check/checker_fixture.h"

static void checking_twice_changes_nothing(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment =
        add_segment(article, SPAN("El plan cuesta 450 millones."), SPAN("The plan costs 540 million."));
    article_add_finding(article, segment, "another", SEVERITY_NOTE, SPAN("made by another stage"));
    struct checker_question question = {.language = "es"};
    struct checker_verdict first = checker_judge(checker, article, segment, &question);
    size_t findings = segment->finding_count;
    struct checker_verdict second = checker_judge(checker, article, segment, &question);
    assert_int_equal(first.status, SEGMENT_SUSPECT);
    assert_int_equal(second.status, first.status);
    assert_int_equal(second.score, first.score);
    assert_int_equal(segment->finding_count, findings);
    assert_string_equal(segment->findings[0].check, "another");
    article_free(article);
}

static void the_better_answer_has_the_lower_score(void **state) {
    (void)state;
    static const char *const answers[] = {"The plan costs 450 million.", "The plan costs 540 million.", ""};
    unsigned last = 0;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct article *article = article_new();
        struct segment *segment = add_segment(article, SPAN("El plan cuesta 450 millones."), span_of(answers[i]));
        struct checker_verdict verdict =
            checker_judge(checker, article, segment, &(struct checker_question){.language = "es"});
        if (i == 0)
            assert_int_equal(verdict.score, 0);
        else
            assert_true(verdict.score > last);
        last = verdict.score;
        article_free(article);
    }
}

static void a_segment_without_an_answer_stays_failed(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment = add_segment(article, SPAN("El plan cuesta 450 millones."), SPAN(""));
    segment->status = SEGMENT_FAILED;
    article_add_finding(article, segment, "untranslated", SEVERITY_ERROR,
                        SPAN("no service of the route offers this language"));
    struct checker_verdict verdict =
        checker_judge(checker, article, segment, &(struct checker_question){.language = "es"});
    assert_int_equal(verdict.status, SEGMENT_FAILED);
    assert_int_equal(segment->finding_count, 1);
    article_free(article);
}

static bool has_finding(const struct segment *segment, const char *check) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (strcmp(segment->findings[i].check, check) == 0) return true;
    return false;
}

static void glossary_terms_are_expected_in_any_form(void **state) {
    (void)state;
    static const struct {
        const char *term, *target;
        bool found;
    } cases[] = {{"head of cabinet", "The Head of Cabinet spoke about roads today.", false},
                 {"ministry", "Two ministries spoke about roads here today.", false},
                 {"EU", "The EU's roads were spoken about today again.", false},
                 {"EU", "The Eurasian roads were spoken about today.", true},
                 {"minister", "The secretary spoke about roads here today.", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        struct segment *segment =
            add_segment(article, SPAN("El jefe de gabinete habló hoy de las carreteras."), span_of(cases[i].target));
        struct checker_term term = {SPAN("jefe de gabinete"), span_of(cases[i].term)};
        struct checker_question question = {.language = "es", .terms = &term, .term_count = 1};
        checker_judge(checker, article, segment, &question);
        assert_int_equal(has_finding(segment, "glossary"), cases[i].found);
        article_free(article);
    }
}

/* Engines that mark unknown words count them for us. In another script than Latin they write them in Latin letters, and
 * on the way through another language in that language. */
static void unknown_words_are_found_in_any_script(void **state) {
    (void)state;
    static const struct {
        const char *language, *source, *target;
        unsigned unknown;
        bool found;
    } cases[] = {
        {"sr-Cyrl", "Тога има доста.", "That ima enough.", 1, true},
        {"mk", "Купија нов багер за патот.", "They bought new bager for the road.", 1, true},
        {"bg", "Мостът се руши бавно.", "The bridge se collapses slowly.", 1, true},
        {"sr-Cyrl", "Дошао је Жикица Остојић.", "Žikica Ostojić came.", 2, false},
        {"mk", "Дојде Трпе од Битола.", "Trpe came from Bitola.", 1, false},
        {"sr-Cyrl", "Тога има доста.", "There is enough of that.", 0, false},
        {"es", "Llegó Okoye con su perro.", "Okoye arrived with its dog.", 1, false},
        /* the engine translates through Spanish or Serbo-Croatian, and left a word of that */
        {"fr", "La fromagerie a brûlé hier soir.", "The quesería burned yesterday evening.", 1, true},
        {"ro", "Primăria a închis sera orașului.", "The ayuntamiento closed the greenhouse of the city.", 1, true},
        {"sl", "Mesto gradi novo bolnišnico.", "The city builds new bolnica.", 1, true},
        {"fr", "La fromagerie a brûlé hier soir.", "The quesería burned yesterday evening.", 0, false},
        {"fr", "Durand soutient le cyclotourisme.", "Durand supports cycle tourism and agroforestry.", 1, false},
        {"it", "Rossi sostiene il microcredito.", "Rossi supports macroprudential rules.", 1, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        struct segment *segment = add_segment(article, span_of(cases[i].source), span_of(cases[i].target));
        segment->unknown_words = cases[i].unknown;
        checker_judge(checker, article, segment, &(struct checker_question){.language = cases[i].language});
        if (has_finding(segment, "untranslated") != cases[i].found) fail_msg("%s", cases[i].target);
        article_free(article);
    }
}

/* A German noun behind a number was left as it is; a place behind a postcode is a name. */
static void places_behind_postcodes_are_names(void **state) {
    (void)state;
    static const struct {
        const char *target;
        bool found;
    } cases[] = {
        {"They met at 24937 Kuhlsdorf on Monday.", false},      {"They came from 24937 Kuhlsdorf on Monday.", false},
        {"They met there (24937 Kuhlsdorf) on Monday.", false}, {"24937 Kuhlsdorf was their place on Monday.", false},
        {"They bought 24937 Kuhlsdorf on Monday.", true},       {"They met at 2493 Kuhlsdorf on Monday.", true},
        {"They met at 249 Kuhlsdorf on Monday.", true},         {"They met at 2493712 Kuhlsdorf on Monday.", true},
        {"They met at 24.937 Kuhlsdorf on Monday.", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        struct segment *segment =
            add_segment(article, SPAN("Am Montag trafen sie sich in 24937 Kuhlsdorf."), span_of(cases[i].target));
        checker_judge(checker, article, segment, &(struct checker_question){.language = "de"});
        if (has_finding(segment, "untranslated") != cases[i].found) fail_msg("%s", cases[i].target);
        article_free(article);
    }
}

static void messages_name_languages(void **state) {
    (void)state;
    static const struct {
        const char *target, *name;
    } cases[] = {
        {"Der Bürgermeister sagte, dass die Straße gesperrt ist und dass niemand weiß, wie lange noch.", "German"},
        {"Le maire a dit que la route est coupée et que personne ne sait pour combien de temps.", "French"},
        {"The mayor said the road is closed, and that nobody is to blame for it, ni siquiera los vecinos quieren "
         "hablar hoy, and the town waits for the engineers of the province.",
         "Spanish"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        struct segment *segment =
            add_segment(article, SPAN("Burmistrz powiedział, że droga jest zamknięta."), span_of(cases[i].target));
        checker_judge(checker, article, segment, &(struct checker_question){.language = "pl"});
        bool found = false;
        for (size_t j = 0; j < segment->finding_count; j++)
            found |= span_find(segment->findings[j].message, span_of(cases[i].name)) != SIZE_MAX;
        if (!found) fail_msg("no message names %s", cases[i].name);
        article_free(article);
    }
}

/* Written with escapes, because the characters would not be visible in a table. */
static void characters_that_nobody_sees_are_found(void **state) {
    (void)state;
    static const struct {
        const char *source, *target;
        bool found;
    } cases[] = {{"El precio sube a 12 euros.", "The price rises to \u202e12 euros.", true},
                 {"El precio sube a 12 euros.", "The price \u2067rises\u2069 to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The pr\u200bice rises to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The pass\u200dport price rises to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The price rises\u200f to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The price rises to 12 \ufffd.", true},
                 {"El precio sube a 12 euros.", "The price \x08rises to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The price rises\u2028to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The price rises to 12 euros.\U000E0041\U000E0042", true},
                 {"El precio sube a 12 euros.", "The price rises to 12 euros.\U000E0155\U000E0156", true},
                 {"El precio sube a 12 euros.", "The price rises to 12 euros \u2764\ufe0f\ufe01.", true},
                 {"El precio sube a 12 euros.", "The pri\u0338\u0321\u031bce rises to 12 euros.", true},
                 {"El precio sube a 12 euros.", "The price rises to 12 euros \u2764\ufe0f.", false},
                 {"El precio sube a 12 euros.", "The price of pho\u031b\u0309 rises to 12 euros.", false},
                 {"El precio sube a 12\u2060 euros.", "The price rises to 12\u2060 euros.", false},
                 {"ارتفع السعر إلى 12 يورو.", "The price rose to 12\u200f euros.", false},
                 {"El precio sube a 12 euros.", "The price rises to 12 euros \U0001F468\u200d\U0001F469.", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        struct segment *segment = add_segment(article, span_of(cases[i].source), span_of(cases[i].target));
        checker_judge(checker, article, segment, &(struct checker_question){.language = "es"});
        if (has_finding(segment, "invisible") != cases[i].found) print_message("case %zu\n", i);
        assert_int_equal(has_finding(segment, "invisible"), cases[i].found);
        article_free(article);
    }
}

/* Makes two texts with the numbers from `from` on, the second one with 77777 in place of the last. */
static void write_numbers(struct arena *arena, size_t from, size_t count, struct span *ret_source,
                          struct span *ret_wrong) {
    struct buffer text = BUFFER(SIZE_MAX);
    for (size_t i = 0; i + 1 < count; i++) buffer_print(&text, "%zu, ", from + 7 * i);
    struct span begin = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    *ret_source = arena_print(arena, "%.*s%zu.", SPAN_ARGS(begin), from + 7 * (count - 1));
    *ret_wrong = arena_print(arena, "%.*s77777.", SPAN_ARGS(begin));
}

static void any_number_of_numbers_is_compared(void **state) {
    (void)state;
    static const size_t counts[] = {3, 40, 130, 1000, 5000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct arena *arena = arena_new();
        struct article *article = article_new();
        struct span source, wrong;
        write_numbers(arena, 2101, counts[i], &source, &wrong);
        struct segment *good = add_segment(article, source, source), *bad = add_segment(article, source, wrong);
        /* an English that equals its source is an echo, which the check of numbers leaves alone */
        good->target = arena_print(arena, "In all: %.*s", SPAN_ARGS(source));
        bad->target = arena_print(arena, "In all: %.*s", SPAN_ARGS(wrong));
        checker_judge(checker, article, good, &(struct checker_question){.language = "de"});
        checker_judge(checker, article, bad, &(struct checker_question){.language = "de"});
        assert_false(has_finding(good, "numbers"));
        assert_true(has_finding(bad, "numbers"));
        article_free(article);
        arena_free(arena);
    }
}

/* Each text has more than enough numbers to be compared in sorted lists, and one of each kind of match. */
static void numbers_match_in_every_way_among_many(void **state) {
    (void)state;
    static const struct {
        const char *source, *english;
        bool found;
    } all[] = {{"am 14.06.2024", "on 14/06/2024", false},
               {"am 14.06.2024", "on 15/07/2023", true},
               {"2345678 Menschen", "2.3 million people", false},
               {"2345678 Menschen", "2.9 million people", true},
               {"160 km", "100 miles", false},
               {"160 km", "180 miles", true},
               {"im Jahr 1998", "in '98", false},
               {"20 Grad", "68 degrees Fahrenheit", false},
               {"Milliarden Euro", "billions of euros", false},
               {"Milliarden Euro", "millions of euros", true},
               {"neun Millionen Euro", "9 million euros", false},
               {"neun Millionen Euro", "9.5 million euros", true}};
    struct arena *arena = arena_new();
    struct span many, unused;
    write_numbers(arena, 50001, 400, &many, &unused);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct article *article = article_new();
        struct span source = arena_print(arena, "%s: %.*s", all[i].source, SPAN_ARGS(many));
        struct span english = arena_print(arena, "%s: %.*s", all[i].english, SPAN_ARGS(many));
        struct segment *segment = add_segment(article, source, english);
        checker_judge(checker, article, segment, &(struct checker_question){.language = "de"});
        if (has_finding(segment, "numbers") != all[i].found) fail_msg("%s", all[i].english);
        article_free(article);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(checking_twice_changes_nothing),
                                       cmocka_unit_test(the_better_answer_has_the_lower_score),
                                       cmocka_unit_test(a_segment_without_an_answer_stays_failed),
                                       cmocka_unit_test(glossary_terms_are_expected_in_any_form),
                                       cmocka_unit_test(unknown_words_are_found_in_any_script),
                                       cmocka_unit_test(any_number_of_numbers_is_compared),
                                       cmocka_unit_test(places_behind_postcodes_are_names),
                                       cmocka_unit_test(messages_name_languages),
                                       cmocka_unit_test(numbers_match_in_every_way_among_many),
                                       cmocka_unit_test(characters_that_nobody_sees_are_found)};
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
