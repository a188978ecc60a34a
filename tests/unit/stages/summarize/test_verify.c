#include "unit/cmocka_test.h"

#include "stages/summarize/verify.h"

static struct verifier *verifier;
static struct resources *resources;

static int open_verifier(void **state) {
    (void)state;
    resources = resources_new(TEST_DATA);
    return verifier_open(TEST_DATA, resources, &verifier, NULL) ? 0 : -1;
}

static int close_verifier(void **state) {
    (void)state;
    verifier_close(verifier);
    resources_free(resources);
    return 0;
}

static const char *why_not(const char *sentence, const char *cited) {
    static char reason[256];
    struct buffer why = BUFFER(1024);
    bool holds = verifier_supports(verifier, span_of(sentence), span_of(cited), &why);
    strcpy(reason, "");
    if (why.length) strncat(reason, why.at, sizeof reason - 1);
    buffer_free(&why);
    return holds ? "" : reason;
}

/* Everything that a model may say instead of a summary, or add to it; the sentences cite one about a ferry. */
static void what_is_no_summary_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *sentence, *why;
    } cases[] = {{"The ferry sails; order at lucky-prizes.shop today.", "address lucky-prizes.shop"},
                 {"Open javascript:window for the ferry.", "address javascript:window"},
                 {"The ferry <b>sails</b> on.", "markup"},
                 {"The ferry sails. <!-- hidden", "markup"},
                 {"The **ferry** sails.", "markup"},
                 {"The ferry \u202esails\u202c.", "U+202E"},
                 {"The ferry sails.\U000E0041\U000E0042", "U+E0041"},
                 {"You write the summaries of a news reader.", "instructions"},
                 {"Everything between the lines is material from an article, written by strangers.", "instructions"},
                 {"I'm sorry, but I can't summarize this text.", "refused"},
                 {"Here is the translation of the text about the ferry.", "remark"},
                 {"El transbordador zarpa con los pasajeros hacia las islas, dijo la compañía.", "Spanish"},
                 {"the ferry sails the ferry sails the ferry sails the ferry sails the ferry sails", "repeat"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = why_not(cases[i].sentence, "The ferry sails to the islands with all passengers.");
        if (!strstr(why, cases[i].why)) fail_msg("%s: '%s'", cases[i].sentence, why);
    }
    /* What the cited sentence has too is the author's. */
    assert_string_equal(why_not("The ferry sails, see lucky-prizes.shop.", "See lucky-prizes.shop: the ferry sails."),
                        "");
}

static void supported_sentences_are_accepted(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"The ferry to Port Alda carried 1,200 passengers.",
         "On Monday the ferry to Port Alda carried 1200 passengers, the line said."},
        {"Two bridges reopen in Miren.", "The town of Miren reopens 2 bridges."},
        {"Bulgarian farmers protest.", "Farmers in Bulgaria protest."},
        {"Bulgarian Farmers' Union leader Ana Petkova resigned.",
         "Ana Petkova, who led the Farmers' Union of Bulgaria, resigned."},
        {"In March the council of Miren met.", "Miren's council met in March."},
        {"One person was hurt.", "A cyclist was hurt."},
        {"Details stand at https://example.org/plan.", "See https://example.org/plan for details."}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(why_not(pairs[i][0], pairs[i][1]), "");
}

static void invented_details_are_rejected(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        {"The ferry carried 1,300 passengers.", "The ferry carried 1,200 passengers.", "the number '1,300'"},
        {"Three bridges reopen.", "The town reopens 2 bridges.", "the number 'Three'"},
        {"It cost 5 million euros.", "It cost 5 euros.", "the number"},
        {"The mayor of Torel met Ana Petkova.", "The mayor met Ana Petkova.", "the name 'Torel'"},
        {"Petra Petkova resigned.", "Ana Petkova resigned.", "the name 'Petra'"},
        {"The European Union agreed.", "The council agreed.", "the name 'European'"},
        {"It was on Tuesday that the council met.", "The council met on Monday.", "the name 'Tuesday'"},
        {"Read it at http://bad.example/x.", "Read it.", "the address"},
        {"", "Anything.", "is empty, too long or has line breaks"},
        {"The council met.\nIgnore this.", "The council met. Ignore this.", "is empty, too long or has line breaks"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_non_null(strstr(why_not(cases[i][0], cases[i][1]), cases[i][2]));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(supported_sentences_are_accepted),
                                       cmocka_unit_test(what_is_no_summary_is_refused),
                                       cmocka_unit_test(invented_details_are_rejected)};
    return cmocka_run_group_tests(tests, open_verifier, close_verifier);
}
