/* How texts and questions are divided into words. */
#include "program/search/words.h"

#include "program/search/question.h"
#include "unit/cmocka_test.h"
#include "unit/random_text.h"

static void assert_words(const char *text, const char *expected) {
    struct buffer out = BUFFER(1 << 16);
    search_words_cut(span_of(text), &out);
    assert_string_equal(out.at ? out.at : "", expected);
    buffer_free(&out);
}

static void case_accents_and_points_do_not_matter(void **state) {
    (void)state;
    assert_words("Élections à Łódź", "elections a lodz ");
    assert_words("ĐÀ NẴNG, Ærø", "da nang aero ");
    assert_words("ΑΘΉΝΑ αθήνα Ёлка", "αθηνα αθηνα елка ");
    assert_words("שָׁלוֹם كِتَاب", "שלום كتاب ");
    assert_words("Ｎａｔｏ ﬁnal", "nato final ");
}

static void signs_separate_and_invisible_characters_do_not(void **state) {
    (void)state;
    assert_words("don't l'homme co-operate", "don t l homme co operate ");
    assert_words("1,500 A/B", "1 500 a b ");
    assert_words("co\xC2\xADoperate", "cooperate ");
    assert_words("\"* ^ : ( ) -- ;", "");
    assert_words("٢٠٢٦ 2026", "2026 2026 ");
}

static void scripts_without_spaces_become_pairs(void **state) {
    (void)state;
    assert_words("洪水警報", "洪水 水警 警報 報 ");
    assert_words("水", "水 ");
    assert_words("東京2026年", "東京 京 2026 年 ");
    assert_words("ガス、カフェ", "ガス ス カフ フェ ェ ");
    assert_words("น้ำท่วม", "น้ ้ำ ำท ท่ ่ว วม ม ");
    assert_words("대통령이", "대통 통령 령이 이 ");
    assert_words("မြန်မာ", "မြ ြန န် ်မ မာ ာ ");
}

static void marks_of_indic_scripts_make_other_words(void **state) {
    (void)state;
    assert_words("दिल्ली दल", "दिल्ली दल ");
}

static void a_long_word_is_cut_off(void **state) {
    char text[201] = "", expected[SEARCH_WORD_BYTES + 2];
    (void)state;
    memset(text, 'a', 200);
    memset(expected, 'a', SEARCH_WORD_BYTES);
    memcpy(expected + SEARCH_WORD_BYTES, " ", 2);
    assert_words(text, expected);
}

/* Texts are cut faster than word by word, with the same words. */
static void all_words_of_a_text_are_the_words_one_after_the_other(void **state) {
    (void)state;
    unsigned seed = 6;
    struct buffer text = BUFFER(1 << 16), cut = BUFFER(1 << 16), words = BUFFER(1 << 16);
    for (int i = 0; i < 20000; i++) {
        struct search_word word;
        buffer_clear(&text), buffer_clear(&cut), buffer_clear(&words);
        random_text(&seed, &text);
        search_words_cut(buffer_span(&text), &cut);
        for (size_t at = 0; search_word_next(buffer_span(&text), &at, &word);)
            buffer_print(&words, "%.*s ", (int)word.length, word.text);
        assert_true(span_equal(buffer_span(&cut), buffer_span(&words)));
    }
    buffer_free(&text), buffer_free(&cut), buffer_free(&words);
}

static void what_is_not_utf8_separates(void **state) {
    (void)state;
    assert_words("a\xFF\xFE"
                 "b \xE6\xB4",
                 "a b ");
}

/* ---------------------------------------------------------------- questions */

static void assert_match(const char *one, const char *other, const char *expected) {
    struct arena *arena = arena_new();
    char *arguments[] = {arena_string(arena, span_of(one)), arena_string(arena, span_of(other ? other : ""))};
    struct question question;
    struct failure failure = {0};
    struct buffer out = BUFFER(1 << 16);
    bool read = question_read(arguments, other ? 2 : 1, arena, &question, &failure);
    if (read) question_match(&question, &out);
    assert_string_equal(read ? out.at : "", expected);
    buffer_free(&out);
    arena_free(arena);
}

static void a_question_consists_of_quoted_words_only(void **state) {
    (void)state;
    assert_match("flood", "Lisbon", "\"flood\" AND \"lisbon\"");
    assert_match("civil protection", NULL, "\"civil protection\"");
    assert_match("the \"civil protection\" of Łódź", NULL, "\"the\" AND \"civil protection\" AND \"of\" AND \"lodz\"");
    assert_match("elect*", "*", "\"elect\" *");
    assert_match("title:x OR y", NULL, "\"title x or y\"");
    assert_match("\") OR word MATCH (\"", "a", "\"or word match\" AND \"a\"");
    assert_match("\"", NULL, "");
    assert_match("", NULL, "");
}

static void any_part_of_a_text_in_pairs_is_a_question(void **state) {
    (void)state;
    assert_match("水", NULL, "\"水\" *");
    assert_match("洪水", NULL, "\"洪水\"");
    assert_match("洪水警", NULL, "\"洪水 水警\"");
    assert_match("東京2026年", NULL, "\"東京 京 2026 年\" *");
    assert_match("か\xE3\x82\x99す", NULL, "\"がす\""); /* decomposed, as some systems type it */
}

static void hits_are_found_where_they_are(void **state) {
    char phrase[] = "civil protection", prefix[] = "flood*", han[] = "水";
    char *arguments[] = {phrase, prefix, han};
    struct question_hit hits[QUESTION_HITS];
    struct arena *arena = arena_new();
    struct question question;
    size_t units;
    (void)state;
    assert_true(question_read(arguments, 3, arena, &question, NULL));
    struct span text = SPAN("Civil, protection: floods 洪水警");
    assert_int_equal(question_find(&question, text, hits, &units), 3);
    assert_int_equal(units, 3);
    assert_true(span_is(span_cut(text, hits[0].from, hits[0].to), "Civil, protection"));
    assert_true(span_is(span_cut(text, hits[1].from, hits[1].to), "floods"));
    assert_true(span_is(span_cut(text, hits[2].from, hits[2].to), "水"));
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(case_accents_and_points_do_not_matter),
                                       cmocka_unit_test(signs_separate_and_invisible_characters_do_not),
                                       cmocka_unit_test(scripts_without_spaces_become_pairs),
                                       cmocka_unit_test(marks_of_indic_scripts_make_other_words),
                                       cmocka_unit_test(a_long_word_is_cut_off),
                                       cmocka_unit_test(all_words_of_a_text_are_the_words_one_after_the_other),
                                       cmocka_unit_test(what_is_not_utf8_separates),
                                       cmocka_unit_test(a_question_consists_of_quoted_words_only),
                                       cmocka_unit_test(any_part_of_a_text_in_pairs_is_a_question),
                                       cmocka_unit_test(hits_are_found_where_they_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
