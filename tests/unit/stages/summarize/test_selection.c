/* Which sentences of an article make its summary, and in which order. The articles are made in memory. */
#include "unit/cmocka_test.h"

#include "stages/summarize/selection.h"

static struct selection *selection;

static int open_selection(void **state) {
    (void)state;
    return selection_open(TEST_DATA, &selection, NULL) ? 0 : -1;
}

static int close_selection(void **state) {
    (void)state;
    selection_close(selection);
    return 0;
}

/* Adds sentences to the last block. */
static void add_sentence(struct article *article, const char *target) {
    struct block *block = &article->body[article->block_count - 1];
    struct segment *segment = article_add_segment(article, block, SPAN("fuente"));
    segment->target = span_of(target);
    segment->status = SEGMENT_OK;
}

static void add(struct article *article, enum block_kind kind, const char *target) {
    article_add_block(article, kind, SPAN("fuente"));
    add_sentence(article, target);
}

static struct article *article_titled(const char *title) {
    struct article *article = article_new();
    article->title = (struct segment){.source = SPAN("t\xC3\xADtulo"), .target = span_of(title), .status = SEGMENT_OK};
    return article;
}

/* Makes the summary and compares it with the sentences expected, up to NULL. Frees the article. */
static void expect(struct article *article, const char *const *expected) {
    const struct summary *summary = &article->summary;
    selection_make(selection, article, 3);
    for (size_t i = 0; i < summary->count; i++)
        if (!expected[i] || !span_is(summary->sentences[i].text, expected[i]))
            fail_msg("sentence %zu is '%.*s'", i, SPAN_ARGS(summary->sentences[i].text));
    if (expected[summary->count]) fail_msg("'%s' is missing", expected[summary->count]);
    article_free(article);
}

#define EXPECT(article, ...) expect(article, (const char *const[]){__VA_ARGS__, NULL})

static const char ferry[] = "The ferry to Sarnoy leaves from the western quay on Mondays.";
static const char bakers[] = "Bakers in Lorven want six per cent more from the first of May.";
static const char museum[] = "A museum of fishing nets opens next to the old lighthouse.";

static void the_title_is_not_repeated(void **state) {
    (void)state;
    static const char *const again[] = {"Ferry to Sarnoy runs aground in heavy storm",
                                        "Ferry to Sarnoy Runs Aground in Heavy Storm.",
                                        "The ferry to Sarnoy runs aground in the heavy storm."};
    for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
        struct article *article = article_titled("Ferry to Sarnoy runs aground in heavy storm");
        add(article, BLOCK_STANDFIRST, again[i]);
        add(article, BLOCK_PARAGRAPH, bakers);
        EXPECT(article, bakers);
    }
    struct article *article = article_titled("Ferry to Sarnoy runs aground in heavy storm");
    add(article, BLOCK_PARAGRAPH, "The ferry to Sarnoy ran aground in heavy storm with 214 passengers on Monday.");
    EXPECT(article, "The ferry to Sarnoy ran aground in heavy storm with 214 passengers on Monday.");
}

static void a_sentence_comes_with_its_predecessor_or_not_at_all(void **state) {
    (void)state;
    struct article *article = article_titled("News from Lorven");
    add(article, BLOCK_PARAGRAPH, bakers);
    add_sentence(article, "They have not had more since 2019, their union says.");
    add_sentence(article, "What will the owners say to that?");
    add_sentence(article, "But nobody knows how the owners will pay for it.");
    add(article, BLOCK_PARAGRAPH, museum);
    EXPECT(article, bakers, "They have not had more since 2019, their union says.", museum);

    article = article_titled("News from Lorven");
    add(article, BLOCK_PARAGRAPH, "She has baked bread for thirty years.");
    add(article, BLOCK_PARAGRAPH, "In 2010, she opened her own shop.");
    add(article, BLOCK_PARAGRAPH, "\"It was never easy,\" she said in Lorven.");
    add(article, BLOCK_PARAGRAPH, bakers);
    EXPECT(article, bakers);
}

static void quotations_are_not_torn_apart(void **state) {
    (void)state;
    struct article *article = article_titled("News from Lorven");
    add(article, BLOCK_PARAGRAPH, "\xE2\x80\x9CThe quay has never been safe in all these years.");
    add_sentence(article, "The mayor of Lorven has lied to every one of us.");
    add_sentence(article, "Nobody helped the captain in the storm,\xE2\x80\x9D Hedda Quist said.");
    add(article, BLOCK_PARAGRAPH, ferry);
    EXPECT(article, ferry);

    /* the translation has lost the marks */
    article = article_titled("News from Lorven");
    add(article, BLOCK_PARAGRAPH, "The mayor of Lorven has lied to every one of us.");
    article->body[0].segments[0].source = SPAN("\xC2\xAB"
                                               "El alcalde nos minti\xC3\xB3 a todos.");
    add(article, BLOCK_PARAGRAPH, ferry);
    EXPECT(article, ferry);
}

static void notices_are_recognized_in_the_source(void **state) {
    (void)state;
    static const char *const notices[] = {"Leggi anche: due barche affondano.", "Lire aussi : deux bateaux coulent.",
                                          "Lesen Sie auch: Zwei Boote sinken im Sturm."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from Lorven");
        add(article, BLOCK_PARAGRAPH, "Laws also: Two boats sink in the storm of January.");
        article->body[0].segments[0].source = span_of(notices[i]);
        add(article, BLOCK_PARAGRAPH, ferry);
        EXPECT(article, ferry);
    }
}

static void captions_and_claims_are_not_news(void **state) {
    (void)state;
    static const char *const credits[] = {"(credit: I. Haldane)", "(Photo: Hedda Quist)", "(AFP/Karl Muster)"};
    static const char *const headings[] = {"Claim", "The claim:", "Rumour"};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from Lorven");
        add(article, BLOCK_PARAGRAPH, "The engine of the ferry in the hall of Lorven in November.");
        if (i == 2)
            add(article, BLOCK_PARAGRAPH, credits[i]);
        else
            add_sentence(article, credits[i]);
        add(article, BLOCK_PARAGRAPH, ferry);
        add(article, BLOCK_HEADING, headings[i]);
        add(article, BLOCK_PARAGRAPH, "The mayor of Lorven has a villa worth nine million euros.");
        add(article, BLOCK_PARAGRAPH, museum);
        EXPECT(article, ferry, museum);
    }
}

static void a_divided_dateline_is_removed(void **state) {
    (void)state;
    static const char *const places[] = {"Port Alda, Sar.", "Lorven, Sar.", "Sarnoy, Jan."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from Lorven");
        add(article, BLOCK_PARAGRAPH, places[i]);
        add_sentence(article, "\xE2\x80\x94 Bakers in Lorven want six per cent more from the first of May.");
        EXPECT(article, bakers);
    }
    struct article *article = article_titled("News from Lorven");
    add(article, BLOCK_PARAGRAPH, ferry);
    add_sentence(article, "\xE2\x80\x94 Bakers in Lorven get no more, the mayor said.");
    EXPECT(article, ferry, "\xE2\x80\x94 Bakers in Lorven get no more, the mayor said.");
}

static void fragments_are_used_only_if_there_is_nothing_else(void **state) {
    (void)state;
    static const char *const fragments[] = {"Lorven Harbour beat Miren Town 3-2", "...and the quay of Lorven sinks.",
                                            "These are the rules for the harbour:"};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from the islands");
        add(article, BLOCK_PARAGRAPH, fragments[i]);
        add(article, BLOCK_PARAGRAPH, ferry);
        EXPECT(article, ferry);
        article = article_titled("News from the islands");
        add(article, BLOCK_PARAGRAPH, fragments[i]);
        add(article, BLOCK_PARAGRAPH, fragments[(i + 1) % 3]);
        EXPECT(article, fragments[i]);
    }
    struct article *article = article_titled("News from the islands");
    const char dek[] = "Police still search the harbour of Lorven for the captain of the sunken ferry";
    add(article, BLOCK_STANDFIRST, dek);
    add(article, BLOCK_PARAGRAPH, bakers);
    EXPECT(article, dek, bakers);
}

static const char lead[] =
    "The owners of the ferry to Sarnoy, which ran aground in a storm in January with 214 passengers on board and had "
    "been repaired for nine million euros since then, gave up on Monday.";

static void a_short_sentence_leads_if_it_can(void **state) {
    (void)state;
    const char brief[] = "Lorven loses its only ferry to Sarnoy after the storm.";
    struct article *article = article_titled("Ferry from Lorven to Sarnoy gives up after storm");
    add(article, BLOCK_PARAGRAPH, lead);
    add(article, BLOCK_PARAGRAPH, museum);
    add(article, BLOCK_PARAGRAPH, brief);
    EXPECT(article, brief, lead, museum);

    article = article_titled("Ferry from Lorven to Sarnoy gives up after storm");
    add(article, BLOCK_PARAGRAPH, lead);
    add(article, BLOCK_PARAGRAPH, brief);
    add_sentence(article, "It was the oldest line of the islands.");
    EXPECT(article, brief, "It was the oldest line of the islands.", lead);

    article = article_titled("Ferry from Lorven to Sarnoy gives up after storm");
    add(article, BLOCK_PARAGRAPH, lead);
    add(article, BLOCK_PARAGRAPH, museum);
    add(article, BLOCK_PARAGRAPH, bakers);
    add(article, BLOCK_PARAGRAPH, brief);
    EXPECT(article, brief, lead, museum);
}

static void sentences_far_from_the_beginning_are_used_only_if_needed(void **state) {
    (void)state;
    for (size_t near = 1; near <= 2; near++) {
        struct article *article = article_titled("News from Lorven");
        add(article, BLOCK_PARAGRAPH, ferry);
        if (near == 2) add(article, BLOCK_PARAGRAPH, bakers);
        for (size_t i = 0; i < 20; i++) add(article, BLOCK_PARAGRAPH, "What will become of the harbour of Lorven?");
        add(article, BLOCK_PARAGRAPH, museum);
        EXPECT(article, ferry, near == 2 ? bakers : museum);
    }
}

static void answers_are_not_torn_from_their_questions(void **state) {
    (void)state;
    static const char *const answers[] = {"A red car with a radio from the captain.",
                                          "Because nobody asked the bakers.",
                                          "Anything but the old name of the ferry."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from the islands");
        add(article, BLOCK_PARAGRAPH, ferry);
        add_sentence(article, "And what does it carry to Sarnoy?");
        add_sentence(article, answers[i]);
        add(article, BLOCK_PARAGRAPH, museum);
        EXPECT(article, ferry, museum);
    }
    struct article *article = article_titled("News from the islands");
    add(article, BLOCK_PARAGRAPH, "Have you ever seen a ferry on the rocks?");
    add(article, BLOCK_PARAGRAPH, lead);
    EXPECT(article, lead);
}

static void nothing_is_named_as_if_the_reader_knew_it(void **state) {
    (void)state;
    static const char *const vague[] = {"The astrologer sees better days for the islands from May on.",
                                        "Muster sees better days for the islands from May on.",
                                        "Nobody on the islands agrees with Muster about the better days."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from the islands");
        add(article, BLOCK_PARAGRAPH, ferry);
        add_sentence(article, "Will an astrologer like Karl Muster know when?");
        add(article, BLOCK_PARAGRAPH, vague[i]);
        add(article, BLOCK_PARAGRAPH, museum);
        EXPECT(article, ferry, museum);
    }
    struct article *article = article_titled("Astrologer Muster speaks of the islands");
    add(article, BLOCK_PARAGRAPH, ferry);
    add_sentence(article, "Will an astrologer like Karl Muster know when?");
    add(article, BLOCK_PARAGRAPH, vague[0]);
    add(article, BLOCK_PARAGRAPH, vague[2]);
    EXPECT(article, ferry, vague[0], vague[2]);

    article = article_titled(bakers);
    add(article, BLOCK_PARAGRAPH, ferry);
    add_sentence(article, bakers);
    add_sentence(article, vague[0]);
    EXPECT(article, ferry, vague[0]);
}

static void posts_and_teasers_are_not_mixed_with_the_story(void **state) {
    (void)state;
    static const char *const asides[] = {"As I leave the harbour of Lorven, I thank the bakers.",
                                         "I consciously left the islands over Christmas.",
                                         "The islands have nine ferries, and here's what you need to know."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("News from the islands");
        add(article, BLOCK_PARAGRAPH, ferry);
        add(article, BLOCK_PARAGRAPH, asides[i]);
        add(article, BLOCK_PARAGRAPH, museum);
        EXPECT(article, ferry, museum);
    }
    const char voyage[] = "We took the ferry from Lorven to Sarnoy in a storm.";
    struct article *article = article_titled("News from the islands");
    add(article, BLOCK_PARAGRAPH, voyage);
    add(article, BLOCK_PARAGRAPH, asides[1]);
    EXPECT(article, voyage, asides[1]);
    article = article_titled("News from the islands");
    add(article, BLOCK_PARAGRAPH, asides[2]);
    EXPECT(article, asides[2]);
}

static void only_the_very_first_sentence_refers_forward(void **state) {
    (void)state;
    static const char *const references[] = {"It is light and smooth and easily the best in Lorven.",
                                             "This is the ferry that everybody wants.", "We love the ferry of Lorven."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("The ferry of the islands");
        add(article, BLOCK_STANDFIRST, "Try this new ferry from Lorven to Sarnoy.");
        add_sentence(article, references[i]);
        add(article, BLOCK_PARAGRAPH, bakers);
        EXPECT(article, bakers);
        article = article_titled("The ferry of the islands");
        add(article, BLOCK_PARAGRAPH, references[i]);
        add(article, BLOCK_PARAGRAPH, bakers);
        EXPECT(article, references[i], bakers);
    }
}

static void otherwise_the_reading_order_stays(void **state) {
    (void)state;
    static const char *const others[] = {"The ferry between Lorven and Sarnoy was also the oldest.",
                                         "The storm took the ferry of Lorven by surprise, too.",
                                         "Schools in Miren stay closed until Friday."};
    for (size_t i = 0; i < 3; i++) {
        struct article *article = article_titled("Ferry from Lorven to Sarnoy gives up after storm");
        add(article, BLOCK_PARAGRAPH, lead);
        add(article, BLOCK_PARAGRAPH, others[i]);
        EXPECT(article, lead, others[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_title_is_not_repeated),
        cmocka_unit_test(a_sentence_comes_with_its_predecessor_or_not_at_all),
        cmocka_unit_test(quotations_are_not_torn_apart),
        cmocka_unit_test(notices_are_recognized_in_the_source),
        cmocka_unit_test(captions_and_claims_are_not_news),
        cmocka_unit_test(a_divided_dateline_is_removed),
        cmocka_unit_test(fragments_are_used_only_if_there_is_nothing_else),
        cmocka_unit_test(a_short_sentence_leads_if_it_can),
        cmocka_unit_test(sentences_far_from_the_beginning_are_used_only_if_needed),
        cmocka_unit_test(answers_are_not_torn_from_their_questions),
        cmocka_unit_test(nothing_is_named_as_if_the_reader_knew_it),
        cmocka_unit_test(posts_and_teasers_are_not_mixed_with_the_story),
        cmocka_unit_test(only_the_very_first_sentence_refers_forward),
        cmocka_unit_test(otherwise_the_reading_order_stays),
    };
    return cmocka_run_group_tests(tests, open_selection, close_selection);
}
