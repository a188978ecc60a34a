#include "unit/cmocka_test.h"

#include "stages/decode/prose.h"

/* Asserts the cleaned text of a block, and that this repair, or none, is recorded. */
static void expect(const char *text, const char *expected, const char *kind) {
    struct article *article = article_new();
    article_add_block(article, BLOCK_PARAGRAPH, span_of(text));
    prose_clean(article);
    assert_true(span_is(article->body[0].text, expected));
    assert_int_equal(article->encoding.repair_count, kind ? 1 : 0);
    if (kind) assert_string_equal(article->encoding.repairs[0].kind.at, kind);
    article_free(article);
}

static void soft_hyphens_are_removed(void **state) {
    (void)state;
    expect("Donau\xC2\xADschiff", "Donauschiff", "invisible characters");
}

static void unexplained_c1_controls_are_removed(void **state) {
    (void)state;
    expect("fin \xC2\x81.", "fin .", "invisible characters");
    expect("\xC2\x90 (ende)", " (ende)", "invisible characters");
}

static void joiners_stay_in_persian(void **state) {
    (void)state;
    expect("\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD9\x88\xD9\x85",
           "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD9\x88\xD9\x85", NULL);
}

static void joiners_between_latin_letters_are_removed(void **state) {
    (void)state;
    expect("a\xE2\x80\x8C"
           "b",
           "ab", "invisible characters");
}

static void ligatures_become_letters(void **state) {
    (void)state;
    expect("o\xEF\xAC\x83"
           "cial",
           "official", "ligatures");
}

static void full_width_letters_become_ascii(void **state) {
    (void)state;
    expect("\xEF\xBC\xA1\xEF\xBC\xA2 9", "AB 9", "full-width forms");
}

static void full_width_letters_stay_beside_han(void **state) {
    (void)state;
    expect("\xE6\x97\xA5\xEF\xBC\xA1", "\xE6\x97\xA5\xEF\xBC\xA1", NULL);
}

static void latin_letters_in_a_cyrillic_word(void **state) {
    (void)state;
    expect("\xD0\xB3o\xD0\xB4\xD0\xBD\xD1\x8B\xD0\xB9", "\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8B\xD0\xB9",
           "look-alikes");
}

static void cyrillic_letters_in_a_latin_word(void **state) {
    (void)state;
    expect("L\xD0\xBEndon", "London", "look-alikes");
}

static void a_latin_name_with_a_cyrillic_ending_stays(void **state) {
    (void)state;
    expect("Google\xD0\xB4\xD0\xB0\xD0\xBD", "Google\xD0\xB4\xD0\xB0\xD0\xBD", NULL);
}

static void non_breaking_spaces_become_spaces(void **state) {
    (void)state;
    expect("12\xC2\xA0"
           "000\xE2\x80\xAF\xE2\x82\xAC",
           "12 000 \xE2\x82\xAC", "non-breaking spaces");
}

static void entities_encoded_twice_are_decoded(void **state) {
    (void)state;
    expect("Tom &amp;amp; Anna &quot;live&quot; &#8211; caf&eacute;", "Tom & Anna \"live\" \xE2\x80\x93 caf\xC3\xA9",
           "entities encoded twice");
}

static void a_text_about_tags_keeps_its_entities(void **state) {
    (void)state;
    expect("write &lt; for <", "write &lt; for <", NULL);
}

static void an_entity_for_a_control_character_stays(void **state) {
    (void)state;
    expect("a&#9;b &#x80;", "a&#9;b &#x80;", NULL);
}

static void an_ampersand_alone_stays(void **state) {
    (void)state;
    expect("R&D & more; &nothing;", "R&D & more; &nothing;", NULL);
}

static void a_letter_and_its_mark_join_when_nothing_is_between(void **state) {
    (void)state;
    struct article *article = article_new();
    article->title.source = SPAN("cafe\xC2\xAD\xCC\x81");
    prose_clean(article);
    assert_string_equal(article->title.source.at, "caf\xC3\xA9");
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(soft_hyphens_are_removed),
        cmocka_unit_test(unexplained_c1_controls_are_removed),
        cmocka_unit_test(joiners_stay_in_persian),
        cmocka_unit_test(joiners_between_latin_letters_are_removed),
        cmocka_unit_test(ligatures_become_letters),
        cmocka_unit_test(full_width_letters_become_ascii),
        cmocka_unit_test(full_width_letters_stay_beside_han),
        cmocka_unit_test(latin_letters_in_a_cyrillic_word),
        cmocka_unit_test(cyrillic_letters_in_a_latin_word),
        cmocka_unit_test(a_latin_name_with_a_cyrillic_ending_stays),
        cmocka_unit_test(non_breaking_spaces_become_spaces),
        cmocka_unit_test(entities_encoded_twice_are_decoded),
        cmocka_unit_test(a_text_about_tags_keeps_its_entities),
        cmocka_unit_test(an_entity_for_a_control_character_stays),
        cmocka_unit_test(an_ampersand_alone_stays),
        cmocka_unit_test(a_letter_and_its_mark_join_when_nothing_is_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
