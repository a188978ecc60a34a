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
};

static const char *const at_the_opening[][2] = {
    {"Lisbon \xE2\x80\x93 ", "Several hundred dockers marched."},
    {"Rio de Janeiro \xE2\x80\x94 ", "Several hundred dockers marched."},
    {"Lisbon, Portugal - ", "Several hundred dockers marched."},
    {"New York \xE2\x80\x94 ", "Several hundred dockers marched."},
    {"Z\xC3\xBCrich - ", "Several hundred dockers marched."},
    {"Frankfurt am Main \xE2\x80\x93 ", "Several hundred dockers marched."},
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
    "YES \xE2\x80\x93 That is what 52 per cent of the voters said.",
    "",
    " - ",
    "LISBON \xE2\x80\x93 ",
};

static void strips(const char *const pair[2], bool opens) {
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", pair[0], pair[1]);
    struct span got = datelines_strip(datelines, span_of(whole), opens);
    if (!span_is(got, pair[1])) fail_msg("'%s' became '%.*s'", whole, SPAN_ARGS(got));
}

static void stays(const char *sentence, bool opens) {
    struct span got = datelines_strip(datelines, span_of(sentence), opens);
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
        cmocka_unit_test(other_openings_stay),
    };
    return cmocka_run_group_tests(tests, open_datelines, close_datelines);
}
