/* Openings of news translated from many languages: datelines are removed, anything else stays. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/summarize/datelines.h"

static struct datelines *datelines;

static int open_datelines(void **state) {
    (void)state;
    struct failure failure = {0};
    datelines = datelines_open(TEST_DATA, &failure);
    return datelines ? 0 : -1;
}

static int close_datelines(void **state) {
    (void)state;
    datelines_close(datelines);
    return 0;
}

/* The dateline, and what follows it. */
static const char *const anywhere[][2] = {
    {"BELGRADE (AFP) - ", "The ferry ran aground."},
    {"SAN JOSE, Costa Rica \xE2\x80\x94 ", "The ferry ran aground."},
    {"PARIS, Jan 5 \xE2\x80\x94 ", "The ferry ran aground."},
    {"S\xC3\x83O PAULO \xE2\x80\x93 ", "The ferry ran aground."},
    {"BEIJING, May 3 (Xinhua) -- ", "The ferry ran aground."},
    {"Madrid, 5 March (EFE).- ", "The ferry ran aground."},
    {"MOSCOW, January 5 /TASS/ - ", "The ferry ran aground."},
    {"Ankara (AA) - ", "The ferry ran aground."},
    {"Kyiv, Tuesday \xE2\x80\x93 ", "\"We were lucky,\" the captain said."},
    {"Maria Silva, Lisbon (Lusa) \xE2\x80\x93 ", "The ferry ran aground."},
    {"Reuters - ", "The ferry ran aground."},
    {"(AFP) \xE2\x80\x93 ", "214 passengers came home."},
    {"LORVEN \xE2\x80\x93 ", "The vote \xE2\x80\x93 the first since 2019 \xE2\x80\x93 failed."},
    {"LORVEN, Sar. \xE2\x80\x94 ", "The vote was lost by a hair \xE2\x80\x94 for the third time."},
    {"RIO DE JANEIRO, Brazil (AP) \xE2\x80\x94 ", "Two boats \xE2\x80\x94 both old \xE2\x80\x94 sank."},
    {"LORVEN, March 3 (Reuters) \xE2\x80\x93 ", "The ferry ran aground."},
    {"Ruse, 3 March. ", "The ferry ran aground."},
    {"Sofia, Bulgaria, 3 March 2026. ", "\xE2\x80\x9CWe were lucky,\xE2\x80\x9D the captain said."},
    {"MOSCOW, 3 Mar \xE2\x80\x94 RIA Novosti. ", "The ferry ran aground."},
    {"ASTANA. KAZINFORM \xE2\x80\x93 ", "The ferry ran aground."},
    {"BAKU, Azerbaijan, Jan. 29. ", "The ferry ran aground."},
    {"KABUL (Pajhwok): ", "The ferry ran aground."},
    {"(CNN)", "The ferry ran aground."},
    {"(CNN) ", "the ferry ran aground."},
    {"Lorven, Sarnoy (CNN) ", "The ferry ran aground."},
    {"(CNN) LORVEN \xE2\x80\x94 ", "The ferry ran aground."},
    {"(Seoul=Yonhap News) Reporter Kim Ha-neul = ", "The ferry ran aground."},
    {"[Lorven=Newsis] ", "The ferry ran aground."},
    {"\xE3\x80\x90Lorven = Hanako Yamada\xE3\x80\x91", "The ferry ran aground."},
    {"Xinhua News Agency, Lorven, March 3 (Reporter Wang Xiaoming) ", "The ferry ran aground."},
    {"New Delhi, 3 March (Bhasha). ", "The ferry ran aground."},
    {"Berlin/Hamburg (dpa) - ", "The ferry ran aground."},
    {"Beirut / NNA - ", "The ferry ran aground."},
    {"LORVEN, Jan. 27\xE2\x80\x94 ", "The ferry ran aground."},
    {"LORVEN (AP)\xE2\x80\x94", "The ferry ran aground."},
    {"Washington, DC, United States: ", "The ferry ran aground."},
    {"Port Alda, Portugal: ", "The ferry ran aground."},
    {"EXCLUSIVE: ", "The ferry ran aground."},
    {"Updated | ", "The ferry ran aground."},
    {"WARNING GRAPHIC DETAIL: ", "The ferry ran aground."},
    {"Barcelona (ACN).-", "The ferry ran aground."},
    {"Paris, on 3 March (AFP) - ", "The ferry ran aground."},
};

static const char *const at_the_opening[][2] = {
    {"Lisbon \xE2\x80\x93 ", "Several hundred dockers marched."},
    {"Rio de Janeiro \xE2\x80\x94 ", "Several hundred dockers marched."},
    {"Lisbon, Portugal - ", "Several hundred dockers marched."},
    {"New York \xE2\x80\x94 ", "Several hundred dockers marched."},
    {"Z\xC3\xBCrich - ", "Several hundred dockers marched."},
    {"Frankfurt am Main \xE2\x80\x93 ", "Several hundred dockers marched."},
    {"LORVEN \xE2\x80\x94 ", "She has led the dockers since March \xE2\x80\x94 and now she leads the town."},
    {"MIREN: ", "Several hundred dockers marched."},
    {"Miren: ", "Several hundred dockers marched."},
    {"PORT ALDA: ", "Several hundred dockers marched."},
    {"Lisbon: ", "Several hundred dockers marched."},
    {"TORVAL: ", "Several hundred dockers marched."},
};

static const char *const no_datelines[] = {
    "FIFA told the four clubs \xE2\x80\x94 Norte, Sur, Este and Oeste \xE2\x80\x94 that the final moves to June.",
    "NATO \xE2\x80\x94 the alliance \xE2\x80\x94 said that the ferry is not its own.",
    "NATO \xE2\x80\x94 The Hague's favourite topic \xE2\x80\x94 met again.",
    "UEFA \xE2\x80\x93 Nobody else decides where the final is played.",
    "Police \xE2\x80\x93 two officers \xE2\x80\x93 came at once.",
    "Police \xE2\x80\x93 Two men were arrested in the harbour.",
    "Maria Silva - The mayor has no other choice.",
    "Mr Quist \xE2\x80\x93 Valdemar to his friends \xE2\x80\x93 resigned on Monday.",
    "Lorven \xE2\x80\x93 Sarnoy's old rival \xE2\x80\x93 won the cup again.",
    "The ferry \xE2\x80\x94 a new one \xE2\x80\x94 ran aground.",
    "NATO says that the ferry ran aground off the coast of Sarnoy - again.",
    "Norte (the oldest club) \xE2\x80\x93 It was founded in 1902 \xE2\x80\x93 left the cup.",
    "Monday \xE2\x80\x93 and not Tuesday \xE2\x80\x93 is the day of the vote.",
    "Lisbon-Porto trains - the fast ones - stand still.",
    "Quist: The town will not pay for the new quay.",
    "QUIST: The town will not pay for the new quay.",
    "MIREN: We will not pay for the new quay.",
    "Reuters: The bank knew of the debts.",
    "Maria Silva, 34. She has run the ferry for ten years.",
    "Maria Silva, 34 \xE2\x80\x93 The mayor's sister has no other choice.",
    "OPINION: Two ferries are enough for Sarnoy.",
    "Torval: The town will not pay for the new quay.",
    "DEAR IRIS: The ferry to Sarnoy is always late.",
    "NATO (OTAN) Officials met in Lorven.",
    "Norte (CLUB) Players met in Lorven.",
    "Quist\xE2\x80\x94The man of the hour\xE2\x80\x94left.",
    "YES \xE2\x80\x93 That is what 52 per cent of the voters said.",
    "",
    " - ",
    "LISBON \xE2\x80\x93 ",
};

/* An article that speaks of two places. */
static struct article *article_of_places(void) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, SPAN("fuente"));
    article_add_segment(article, block, block->text)->target =
        SPAN("Quist said that two boats were late in Miren and one near Port Alda.");
    return article;
}

static struct span strip(const char *sentence, bool opens) {
    struct article *article = article_of_places();
    struct span rest = datelines_strip(datelines, span_of(sentence), opens ? article : NULL);
    article_free(article);
    return rest;
}

static void strips(const char *const pair[2], bool opens) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", pair[0], pair[1]);
    struct span got = strip(whole, opens);
    if (!span_is(got, pair[1])) fail_msg("'%s' became '%.*s'", whole, SPAN_ARGS(got));
}

static void stays(const char *sentence, bool opens) {
    struct span got = strip(sentence, opens);
    if (!span_is(got, sentence)) fail_msg("'%s' became '%.*s'", sentence, SPAN_ARGS(got));
}

static void datelines_with_capitals_date_or_agency_are_removed_everywhere(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++) {
        strips(anywhere[i], true);
        strips(anywhere[i], false);
    }
}

static void plain_places_are_datelines_at_the_opening_only(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof at_the_opening / sizeof *at_the_opening; i++) {
        char whole[256];
        strips(at_the_opening[i], true);
        snprintf(whole, sizeof whole, "%s%s", at_the_opening[i][0], at_the_opening[i][1]);
        stays(whole, false);
    }
}

static void nothing_is_left_of_a_dateline_alone(void **state) {
    (void)state;
    static const char *const alone[] = {"Sofia, Bulgaria, 3 March 2026.", "Lorven, Tuesday.", "MOSCOW, 3 Mar, TASS."};
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) assert_int_equal(strip(alone[i], true).length, 0);
}

/* Source, translated dateline, what follows it. */
static const char *const changed[][3] = {
    {"Lisboa, 03 mar 2026 (Lusa) \xE2\x80\x93 O barco encalhou.", "Lisbon, 03 sea 2026 (Portuguese) \xE2\x80\x93 ",
     "The ship ran aground."},
    {"\xD0\xA1\xD0\xBA\xD0\xBE\xD0\xBF\xD1\x98\xD0\xB5, 3 \xD0\xBC\xD0\xB0\xD1\x80\xD1\x82 (\xD0\x9C\xD0\x98\xD0\x90) "
     "- "
     "\xD0\x91\xD1\x80\xD0\xBE\xD0\xB4\xD0\xBE\xD1\x82 \xD1\x81\xD0\xB5 "
     "\xD0\xBD\xD0\xB0\xD1\x81\xD1\x83\xD0\xBA\xD0\xB0.",
     "Skopje, 3 March (were WASHING) - ", "The ship ran aground."},
    {"Bucure\xC8\x99ti, 3 mar /Agerpres/ - Vaporul a e\xC8\x99uat.", "Bucharest, 3 sea /Agerpres/ - ",
     "The ship ran aground."},
    {"Madrid, 3 mar (EFE).- El barco encall\xC3\xB3.", "Madrid, 3 sea (EFE).- ", "The ship ran aground."},
};

static void datelines_are_recognized_in_the_source(void **state) {
    (void)state;
    struct article *article = article_of_places();
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        char whole[256];
        snprintf(whole, sizeof whole, "%s%s", changed[i][1], changed[i][2]);
        struct span got = datelines_strip_translated(datelines, span_of(changed[i][0]), span_of(whole), article);
        if (!span_is(got, changed[i][2])) fail_msg("'%s' became '%.*s'", whole, SPAN_ARGS(got));
    }
    static const char *const others[][2] = {
        {"El barco encall\xC3\xB3 - otra vez.", "The ship ran aground - again."},
        {"Lisboa (Lusa) - O barco encalhou.", "The ship ran aground in Lisbon."},
        {"Lisboa (Lusa) - O barco encalhou.",
         "The old ship that nobody wanted to buy any more ran aground in Lisbon - again."},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct span target = span_of(others[i][1]);
        struct span got = datelines_strip_translated(datelines, span_of(others[i][0]), target, article);
        if (!span_equal(got, target)) fail_msg("'%s' became '%.*s'", others[i][1], SPAN_ARGS(got));
    }
    article_free(article);
}

static void other_openings_stay(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof no_datelines / sizeof *no_datelines; i++) {
        stays(no_datelines[i], true);
        stays(no_datelines[i], false);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datelines_with_capitals_date_or_agency_are_removed_everywhere),
        cmocka_unit_test(plain_places_are_datelines_at_the_opening_only),
        cmocka_unit_test(nothing_is_left_of_a_dateline_alone),
        cmocka_unit_test(datelines_are_recognized_in_the_source),
        cmocka_unit_test(other_openings_stay),
    };
    return cmocka_run_group_tests(tests, open_datelines, close_datelines);
}
