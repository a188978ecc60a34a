/* The choice of an article's title. */
#include "unit/cmocka_test.h"

#include "stages/extract/titles.h"

static struct candidate_weights weights;

static void check_from(struct titles titles, const char *wanted, const char *wanted_evidence) {
    struct arena *arena = arena_new();
    struct span evidence, chosen = titles_choose(&titles, &weights, arena, &evidence);
    assert_span(chosen, wanted);
    if (wanted_evidence) assert_span(evidence, wanted_evidence);
    arena_free(arena);
}

static void check(struct titles titles, const char *wanted) {
    check_from(titles, wanted, NULL);
}

static void site_names_are_cut(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("Rain again | The Quay"), .site = SPAN("The Quay")}, "Rain again");
    check((struct titles){.document = SPAN("The Quay: Rain again - QUAY.example"), .host = SPAN("www.quay.example")},
          "The Quay: Rain again");
    check((struct titles){.document = SPAN("Diario Sur | Vuelve la lluvia"), .site = SPAN("Diario Sur")},
          "Vuelve la lluvia");
    check((struct titles){.document = SPAN("港に新しい灯台-みなと新聞"), .site = SPAN("みなと新聞")}, "港に新しい灯台");
}

static void parts_of_words_and_of_headlines_stay(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("The \"Job-Turbo\" helps - or does it?"), .site = SPAN("Turbo")},
          "The \"Job-Turbo\" helps - or does it?");
    check((struct titles){.document = SPAN("Rain - again"), .site = SPAN("The Quay")}, "Rain - again");
}

static void the_majority_wins(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("You won't believe this rain"),
                          .headline = SPAN("Rain again"),
                          .headings = {SPAN("Rain again")},
                          .heading_count = 1},
          "Rain again");
    check((struct titles){.shared = SPAN("Rain, again"),
                          .document = SPAN("Rain again | Weather | x"),
                          .headings = {SPAN("The Quay"), SPAN("Rain again")},
                          .heading_count = 2,
                          .site = SPAN("The Quay")},
          "Rain, again");
}

static void search_engines_are_outvoted(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("Rain London today weather"),
                          .document = SPAN("Rain London today weather"),
                          .headline = SPAN("It rains again"),
                          .headings = {SPAN("It rains again")},
                          .heading_count = 1},
          "It rains again");
}

static void longer_titles_are_cut_to_match_the_others(void **state) {
    (void)state;
    check((struct titles){.shared = SPAN("Rain comes again | Todo sobre la lluvia"),
                          .headings = {SPAN("Rain comes again")},
                          .heading_count = 1},
          "Rain comes again");
}

static void the_titles_that_agree_are_named(void **state) {
    (void)state;
    struct titles titles = {.shared = SPAN("Rain, again"),
                            .shared_from = SPAN("meta twitter:title"),
                            .document = SPAN("Rain again | The Quay"),
                            .headline = SPAN("It pours"),
                            .headings = {SPAN("Rain again"), SPAN("Rain again")},
                            .heading_count = 2,
                            .site = SPAN("The Quay")};
    check_from(titles, "Rain, again", "meta twitter:title, h1, title");
    check_from((struct titles){.headline = SPAN("Rain again")}, "Rain again", "json-ld headline");
}

/* Only the title shows which heading is the site's. */
static void headings_beside_the_headline_are_the_sites(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("Ferries run again tomorrow | The Quay"),
                          .headings = {SPAN("The Quay"), SPAN("Ferries run again tomorrow")},
                          .places = {TITLE_HEADING_FIRST, TITLE_HEADING_SECOND},
                          .heading_count = 2},
          "Ferries run again tomorrow");
    check((struct titles){.document = SPAN("Крайбрежие » Фериботите тръгват отново"),
                          .shared = SPAN("Фериботите тръгват отново"),
                          .headings = {SPAN("Крайбрежие")},
                          .places = {TITLE_HEADING_FIRST},
                          .heading_count = 1},
          "Фериботите тръгват отново");
    check((struct titles){.document = SPAN("港に新しい灯台｜みなと新聞"),
                          .headings = {SPAN("みなと新聞"), SPAN("港に新しい灯台")},
                          .places = {TITLE_HEADING_FIRST, TITLE_HEADING_SECOND},
                          .heading_count = 2},
          "港に新しい灯台");
    check((struct titles){.document = SPAN("Sea travel | Ferries run again"), /* the section comes first */
                          .headings = {SPAN("Ferries run again"), SPAN("Sea travel")},
                          .places = {TITLE_HEADING_FIRST, TITLE_HEADING_SECOND},
                          .heading_count = 2},
          "Ferries run again");
    check((struct titles){.document = SPAN("Rain | The Quay of the North"), /* no other title has it alone */
                          .headings = {SPAN("Rain")},
                          .places = {TITLE_HEADING_FIRST},
                          .heading_count = 1},
          "Rain");
}

/* Headings named `a` and `b`, of which the first is the site's. */
#define HEADINGS(a, b)                                                                                                 \
    .headings = {SPAN(a), SPAN(b)}, .places = {TITLE_HEADING_FIRST, TITLE_HEADING_SECOND}, .heading_count = 2

static void the_site_may_precede_a_section_and_the_headline(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("The Quay » Archive » Ferries run again tomorrow"),
                          HEADINGS("The Quay", "Ferries run again tomorrow")},
          "Ferries run again tomorrow");
    check((struct titles){.document = SPAN("Hafenblatt | Reisen | Die Fähren fahren wieder"),
                          HEADINGS("Hafenblatt", "Die Fähren fahren wieder")},
          "Die Fähren fahren wieder");
    check((struct titles){.document = SPAN("港新聞｜旅行｜港に新しい灯台ができる"),
                          HEADINGS("港新聞", "港に新しい灯台ができる")},
          "港に新しい灯台ができる");
    check((struct titles){.document = SPAN("Ferries run again tomorrow"), /* the site is not in the document's title */
                          HEADINGS("The Quay, news of the northern harbour", "Ferries run again tomorrow")},
          "Ferries run again tomorrow");
}

static void no_break_spaces_are_spaces(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("Ferries run again\xC2\xA0|\xC2\xA0Society of Ferries (SF)"),
                          .headings = {SPAN("Ferries run again")},
                          .places = {TITLE_HEADING_SECOND},
                          .heading_count = 1},
          "Ferries run again");
    check((struct titles){.shared = SPAN("Les bacs repartent\xC2\xA0! | Le Quai"), .site = SPAN("Le Quai")},
          "Les bacs repartent !");
}

static void a_last_part_is_cut_if_only_the_document_has_a_title(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("港口将于明年春天重新开放-晨报网")}, "港口将于明年春天重新开放");
    check((struct titles){.document = SPAN("港口将于明年春天重新开放_晨报网")}, "港口将于明年春天重新开放");
    check((struct titles){.document = SPAN("Ferries run again tomorrow | The Quay")}, "Ferries run again tomorrow");
    check((struct titles){.document = SPAN("Ferries run again tomorrow - or do they?")},
          "Ferries run again tomorrow - or do they?");
    check((struct titles){.document = SPAN("Ferries | Everything about the harbour and its ships")},
          "Ferries | Everything about the harbour and its ships");
    check((struct titles){.document = SPAN("Ferries run again-tomorrow")}, "Ferries run again-tomorrow");
    check((struct titles){.document = SPAN("港口将于明年春天重新开放 -- 晨报网")}, "港口将于明年春天重新开放");
    check((struct titles){.document = SPAN("항구 내년 봄에 다시 문 연다 - 부두일보")}, "항구 내년 봄에 다시 문 연다");
    check((struct titles){.document = SPAN("Ferries run again tomorrow -- says who?")},
          "Ferries run again tomorrow -- says who?");
}

static void a_site_in_front_is_cut_if_only_the_document_has_a_title(void **state) {
    (void)state;
    check((struct titles){.document = SPAN("صدى المرفأ :: العبارات تعود إلى العمل صباح الغد")},
          "العبارات تعود إلى العمل صباح الغد");
    check((struct titles){.document = SPAN("The Quay » Ferries run again tomorrow")}, "Ferries run again tomorrow");
    check((struct titles){.document = SPAN("Quay › Ferries will not run again")}, "Ferries will not run again");
    check((struct titles){.document = SPAN("Ferries :: Rain and snow")}, "Ferries :: Rain and snow");
}

/* Themes of blogs make the blog's name the first heading, and mark it as a title. */
static void a_marked_heading_may_be_the_sites(void **state) {
    (void)state;
    struct titles titles = {.shared = SPAN("Ferries run again tomorrow"),
                            .document = SPAN("The Quay: Ferries run again tomorrow"),
                            .headings = {SPAN("The Quay")},
                            .places = {TITLE_HEADING_MARKED},
                            .heading_count = 1};
    check(titles, "Ferries run again tomorrow");
    titles.document = SPAN("Ferries run again tomorrow | The Quay");
    check(titles, "Ferries run again tomorrow");
    titles.headings[0] = SPAN("Ferries run again");
    titles.document = titles.shared = SPAN("Ferries run again: all that you have to know");
    check(titles, "Ferries run again");
}

static void the_visible_headline_outvotes_what_is_shared(void **state) {
    (void)state;
    struct titles titles = {.shared = SPAN("Ferries 2026: all timetables"),
                            .headline = SPAN("Ferries 2026: all timetables"),
                            .document = SPAN("Ferries 2026: all timetables"),
                            .headings = {SPAN("Ferries run again tomorrow")},
                            .places = {TITLE_HEADING_MARKED},
                            .heading_count = 1};
    check_from(titles, "Ferries run again tomorrow", "h1");
    titles.shared = titles.headline = SPAN("At sea: Ferries run again tomorrow"); /* the same with a kicker */
    check(titles, "At sea: Ferries run again tomorrow");
}

/* An <h1> that readers do not see is written for search engines, like <title>. */
static void a_hidden_headline_does_not_outvote_a_visible_one(void **state) {
    (void)state;
    check(
        (struct titles){.shared = SPAN("Ferry strike: all ferries, all times"),
                        .document = SPAN("Ferry strike: all ferries, all times"),
                        .headline = SPAN("Ferries stay in the harbour"),
                        .headings = {SPAN("Ferry strike: all ferries, all times"), SPAN("Ferries stay in the harbour")},
                        .places = {TITLE_HEADING_ELSEWHERE, TITLE_HEADING_SECOND},
                        .heading_count = 2},
        "Ferries stay in the harbour");
}

static void a_meta_tag_may_be_called_headline(void **state) {
    (void)state;
    check_from((struct titles){.meta = SPAN("Ferries run again"),
                               .meta_from = SPAN("meta headline"),
                               .shared = SPAN("Ferries run again-Travel"),
                               .document = SPAN("Ferries run again-Travel")},
               "Ferries run again-Travel", NULL); /* a hyphen joins words */
    check_from((struct titles){.meta = SPAN("항구가 내년 봄에 다시 열린다"),
                               .meta_from = SPAN("meta headline"),
                               .shared = SPAN("항구가 내년 봄에 다시 열린다-여행"),
                               .shared_from = SPAN("meta og:title")},
               "항구가 내년 봄에 다시 열린다", "meta og:title, meta headline");
}

static void headings_with_missing_spaces_lose_against_the_same_text(void **state) {
    (void)state;
    check((struct titles){.headline = SPAN("At sea: Ferries run again"),
                          .headings = {SPAN("At sea:Ferries run again")},
                          .places = {TITLE_HEADING_MARKED},
                          .heading_count = 1},
          "At sea: Ferries run again");
}

/* The words before the headline are its kicker only if they have an element of their own. */
static void kickers_have_elements_of_their_own(void **state) {
    (void)state;
    struct titles titles = {
        .shared = SPAN("Ferry tickets: where to buy, prices in winter"),
        .headline = SPAN("How to cross the harbour"),
        .headings = {SPAN("Ferry tickets: where to buy, prices in winter How to cross the harbour")},
        .firsts = {SPAN("Ferry tickets: where to buy, prices in winter")},
        .places = {TITLE_HEADING_MARKED},
        .heading_count = 1};
    check(titles, "How to cross the harbour");
    check((struct titles){.shared = SPAN("popular ferries and where they go"),
                          .document = SPAN("popular ferries and where they go"),
                          .headings = {SPAN("Most popular ferries and where they go")},
                          .places = {TITLE_HEADING_MARKED},
                          .heading_count = 1},
          "Most popular ferries and where they go");
    titles.headings[0] = SPAN("How to cross the harbour How to cross the harbour");
    titles.firsts[0] = SPAN("Ferry tickets");
    check(titles, "How to cross the harbour How to cross the harbour");
}

static void a_paragraph_in_the_heading_is_not_the_headline(void **state) {
    (void)state;
    struct titles titles = {.shared = SPAN("The best harbours to live in"),
                            .headings = {SPAN("The best harbours to live in Where to live is a question that many "
                                              "people ask themselves when they are old")},
                            .firsts = {SPAN("The best harbours to live in")},
                            .places = {TITLE_HEADING_MARKED},
                            .heading_count = 1};
    check(titles, "The best harbours to live in");
    titles.headings[0] = SPAN("The best harbours to live in and to visit"); /* a word in italics */
    check(titles, "The best harbours to live in and to visit");
}

static void nothing_gives_nothing(void **state) {
    (void)state;
    check_from((struct titles){0}, "", "");
    check((struct titles){.headings = {SPAN("The Quay")}, .heading_count = 1, .site = SPAN("The Quay")}, "");
}

static int read_weights(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct table table = {0};
    struct failure failure = {0};
    bool read = table_read(TEST_DATA, "extract/candidates.tsv", arena, &table, &failure) &&
                candidate_weights_make(&table, &weights, &failure);
    if (!read) print_error("%s\n", failure.sentence);
    arena_free(arena);
    return read ? 0 : -1;
}

/* A heading may be around a whole article. */
static void texts_that_are_too_long_are_not_titles(void **state) {
    (void)state;
    static char most[TITLE_BYTES], more[TITLE_BYTES + 1];
    memset(most, 'a', sizeof most);
    memset(more, 'a', sizeof more);
    struct titles titles = {.shared = {most, sizeof most}};
    struct span evidence;
    struct arena *arena = arena_new();
    assert_int_equal(titles_choose(&titles, &weights, arena, &evidence).length, sizeof most);
    arena_free(arena);
    struct span long_text = {more, sizeof more};
    check((struct titles){.shared = long_text,
                          .meta = long_text,
                          .headline = long_text,
                          .headings = {long_text},
                          .places = {TITLE_HEADING_FIRST},
                          .heading_count = 1,
                          .document = SPAN("Rain again | The Quay"),
                          .site = SPAN("The Quay")},
          "Rain again");
}

/* Returns `word` again and again, until the text is too long for a title. */
static struct span too_long(const char *word, char *room, size_t size) {
    size_t length = strlen(word), used = 0;
    for (; used <= TITLE_BYTES && used + length < size; used += length) memcpy(room + used, word, length);
    return (struct span){room, used};
}

/* Asserts that the title is the beginning of `text`, of whole words and not too short, and is marked as cut. */
static void check_cut(struct titles titles, struct span text, const char *last, const char *from) {
    struct arena *arena = arena_new();
    struct span evidence, mark = SPAN("…"), chosen = titles_choose(&titles, &weights, arena, &evidence);
    assert_true(span_ends(chosen, mark));
    chosen.length -= mark.length;
    assert_true(chosen.length > 200 && chosen.length <= 400);
    assert_true(span_starts(text, chosen));
    assert_true(span_ends(chosen, span_of(last)));
    assert_span(evidence, from);
    arena_free(arena);
}

static void a_page_with_only_long_titles_has_the_beginning_of_one(void **state) {
    (void)state;
    static char words[TITLE_BYTES + 100], other[TITLE_BYTES + 100], signs[TITLE_BYTES + 100];
    struct span long_words = too_long("ferries sail ", words, sizeof words);
    struct span others = too_long("Fähren ", other, sizeof other), unspaced = too_long("港の灯台", signs, sizeof signs);
    check_cut(
        (struct titles){
            .document = others, .headings = {long_words}, .places = {TITLE_HEADING_FIRST}, .heading_count = 1},
        long_words, "ferries", "h1");
    check_cut((struct titles){.document = others, .site = SPAN("The Quay")}, others, "Fähren", "title");
    check_cut((struct titles){.shared = unspaced, .shared_from = SPAN("meta og:title")}, unspaced, "港",
              "meta og:title");
    check((struct titles){.headings = {others}, .places = {TITLE_HEADING_ELSEWHERE}, .heading_count = 1}, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(site_names_are_cut),
        cmocka_unit_test(parts_of_words_and_of_headlines_stay),
        cmocka_unit_test(the_majority_wins),
        cmocka_unit_test(search_engines_are_outvoted),
        cmocka_unit_test(longer_titles_are_cut_to_match_the_others),
        cmocka_unit_test(texts_that_are_too_long_are_not_titles),
        cmocka_unit_test(a_page_with_only_long_titles_has_the_beginning_of_one),
        cmocka_unit_test(the_titles_that_agree_are_named),
        cmocka_unit_test(headings_beside_the_headline_are_the_sites),
        cmocka_unit_test(the_site_may_precede_a_section_and_the_headline),
        cmocka_unit_test(no_break_spaces_are_spaces),
        cmocka_unit_test(a_last_part_is_cut_if_only_the_document_has_a_title),
        cmocka_unit_test(a_site_in_front_is_cut_if_only_the_document_has_a_title),
        cmocka_unit_test(a_marked_heading_may_be_the_sites),
        cmocka_unit_test(the_visible_headline_outvotes_what_is_shared),
        cmocka_unit_test(a_hidden_headline_does_not_outvote_a_visible_one),
        cmocka_unit_test(a_meta_tag_may_be_called_headline),
        cmocka_unit_test(headings_with_missing_spaces_lose_against_the_same_text),
        cmocka_unit_test(kickers_have_elements_of_their_own),
        cmocka_unit_test(a_paragraph_in_the_heading_is_not_the_headline),
        cmocka_unit_test(nothing_gives_nothing),
    };
    return cmocka_run_group_tests(tests, read_weights, NULL);
}
