/* Forms and spellings of one word share units of the lexicon, in every script, and other words do not. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stages/check/word_units.h"

enum { MAX_TOKENS = 64 };

static struct arena *arena;
static struct word_units *units;

static int open_units(void **state) {
    struct failure failure = {0};
    (void)state;
    arena = arena_new();
    return word_units_read(TEST_DATA, arena, &units, &failure) ? 0 : -1;
}

static int close_units(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

struct text {
    const struct unit_rules *rules;
    struct buffer spelled;
    struct word_token tokens[MAX_TOKENS];
    size_t count;
};

static void read_text(const char *code, const char *written, struct text *text) {
    text->rules = word_units_rules(units, span_of(code));
    text->spelled = BUFFER(4096);
    assert_true(word_units_spell(text->rules, span_of(written), &text->spelled));
    text->count = word_units_tokens(buffer_span(&text->spelled), MAX_TOKENS, text->tokens);
}

static size_t list_units(struct text *text, size_t index, struct unit list[WORD_UNITS_MAX]) {
    return word_units_of(text->rules, buffer_span(&text->spelled), text->tokens, text->count, index, list);
}

static size_t count_equal(const struct unit *list, size_t count, struct unit unit) {
    size_t equal = 0;
    for (size_t i = 0; i < count; i++) equal += list[i].hash == unit.hash;
    return equal;
}

/* How many units of the first token of `one` the first token of `other` has. */
static size_t shared(const char *code, const char *one, const char *other) {
    struct text first, second;
    struct unit list[WORD_UNITS_MAX], others[WORD_UNITS_MAX];
    read_text(code, one, &first);
    read_text(code, other, &second);
    size_t count = list_units(&first, 0, list), other_count = list_units(&second, 0, others), equal = 0;
    for (size_t i = 0; i < count; i++) equal += count_equal(others, other_count, list[i]) > 0;
    buffer_free(&first.spelled);
    buffer_free(&second.spelled);
    return equal;
}

static void forms_share_units(void **state) {
    static const struct {
        const char *code, *one, *other;
        size_t shared;
    } forms[] = {
        {"es", "ciudades", "ciudadanos", 2},
        {"es", "barco", "barca", 1},
        {"de", "Brücke", "BRÜCKE", 3},
        {"ru", "правительство", "Правительства", 2},
        {"el", "κυβέρνηση", "κυβέρνησης", 2},
        {"hy", "կառավարություն", "կառավարության", 2},
        {"ka", "მთავრობა", "მთავრობის", 2},
        {"hi", "सरकारी", "सरकार", 1},
        {"ar", "والحكومة", "حكومة", 2},
        {"ar", "المدينه", "المدينة", 5},
        {"fa", "میروند", "روند", 2},
        {"he", "והממשלה", "ממשלה", 2},
        {"am", "በከተማ", "ከተማ", 1},
        {"ga", "gcathair", "cathair", 2},
        {"sw", "wanafunzi", "mwanafunzi", 2},
        {"ko", "정부는", "정부가", 2},
        {"hi", "१२३", "123", 1},
        {"sr-Latn", "Влада", "vlada", 2},
        {"sr", "њушка", "njuška", 3},
        {"my", "ကျောင်း", "\u1031\u1000\u103A\u102C\u1004\u1039\u1038", 2},
        {"my", "သတ္တိ", "သတတ", 3},
        {"es", "barco", "puente", 0},
        {"ru", "Влада", "vlada", 0},
        {"ar", "حكومة", "مدينة", 0},
        {"ko", "정부는", "학교는", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t count = shared(forms[i].code, forms[i].one, forms[i].other);
        if (count != forms[i].shared)
            fail_msg("%s: %s and %s share %zu units, not %zu", forms[i].code, forms[i].one, forms[i].other, count,
                     forms[i].shared);
    }
}

/* The sequences that begin with the first letter of the text, in letters. */
static size_t longest_sequence(const char *code, const char *written) {
    struct text text;
    struct unit list[WORD_UNITS_MAX];
    read_text(code, written, &text);
    size_t count = list_units(&text, 0, list);
    assert_int_equal(list[0].tokens, 1);
    assert_int_equal(list[count - 1].tokens, count);
    buffer_free(&text.spelled);
    return count;
}

static void scripts_without_spaces_give_sequences(void **state) {
    (void)state;
    assert_int_equal(longest_sequence("zh-Hans", "政府宣布新计划"), 4);
    assert_int_equal(longest_sequence("ja", "がっこうへ"), 4);
    assert_int_equal(longest_sequence("th", "โรงเรียนใหม่"), 5);
    assert_int_equal(longest_sequence("km", "សាលារៀន"), 4);
    assert_int_equal(longest_sequence("lo", "ໂຮງ ຮຽນ"), 3);
    assert_int_equal(longest_sequence("zh", "政府、学校"), 2);
    assert_int_equal(longest_sequence("zh", "政a府"), 1);
}

static void check_tokens(const char *written, const char *wanted) {
    struct text text;
    char line[256] = "";
    read_text("es", written, &text);
    for (size_t i = 0; i < text.count; i++)
        snprintf(line + strlen(line), sizeof line - strlen(line), "%.*s/%d ", (int)text.tokens[i].length,
                 text.spelled.at + text.tokens[i].at, (int)text.tokens[i].kind);
    buffer_free(&text.spelled);
    assert_string_equal(line, wanted);
}

static void texts_are_split_into_tokens(void **state) {
    (void)state;
    check_tokens("", "");
    check_tokens("«¡!»", "");
    check_tokens("L'Eau, 25 km", "l'eau/0 25/3 km/0 ");
    check_tokens("the boys'", "the/0 boys/0 ");
    check_tokens("ab12cd", "ab/0 12/3 cd/0 ");
    check_tokens("3月", "3/3 月/1 ");
    check_tokens("\xFF"
                 "a\xC3",
                 "a/0 ");
}

static void no_more_tokens_than_wanted(void **state) {
    struct word_token tokens[2];
    (void)state;
    assert_int_equal(word_units_tokens(SPAN("one two three"), 2, tokens), 2);
}

static void a_limit_that_is_too_small_is_told(void **state) {
    struct buffer small = BUFFER(4);
    (void)state;
    assert_false(word_units_spell(word_units_rules(units, SPAN("es")), SPAN("puente"), &small));
    buffer_free(&small);
}

static uint32_t english(const char *word) {
    uint32_t unit;
    return word_units_english(units, span_of(word), &unit) ? unit : 0;
}

static void english_forms_are_one_word(void **state) {
    static const char *const forms[][2] = {
        {"city", "cities"},       {"city", "city's"},        {"raise", "raising"},
        {"raise", "raised"},      {"bridge", "bridges"},     {"close", "closed"},
        {"govern", "government"}, {"ministers", "minister"}, {"cafés", "café"},
    };
    static const char *const others[][2] = {{"bus", "bu"}, {"glass", "glas"}, {"red", "r"}, {"king", "k"}};
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (english(forms[i][0]) != english(forms[i][1])) fail_msg("%s and %s differ", forms[i][0], forms[i][1]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (english(others[i][0]) == english(others[i][1])) fail_msg("%s and %s are one", others[i][0], others[i][1]);
}

static void function_words_have_no_unit(void **state) {
    (void)state;
    assert_int_equal(english("the"), 0);
    assert_int_equal(english("which"), 0);
    assert_int_equal(english(""), 0);
    assert_int_not_equal(english("bridge"), 0);
}

/* ---------------------------------------------------------------- damaged tables */

static void check_refused(const char *row) {
    char folder[] = "/tmp/dragoman-test-XXXXXX", path[96];
    struct failure failure = {0};
    struct word_units *none;
    struct arena *own = arena_new();
    assert_non_null(mkdtemp(folder));
    for (const char *const *part = (const char *const[]){"tables", "tables/check", NULL}; *part; part++) {
        snprintf(path, sizeof path, "%s/%s", folder, *part);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/tables/check/word-units.tsv", folder);
    FILE *file = fopen(path, "w");
    fprintf(file, "%s\n", row);
    fclose(file);
    assert_false(word_units_read(folder, own, &none, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "tsv");
    arena_free(own);
    unlink(path);
    for (const char *const *part = (const char *const[]){"/tables/check", "/tables", "", NULL}; *part; part++) {
        snprintf(path, sizeof path, "%s%s", folder, *part);
        rmdir(path);
    }
}

static void invalid_rows_are_refused(void **state) {
    (void)state;
    check_refused("ar\tprefix\tو");
    check_refused("sr\tletter");
    check_refused("sr\tletter\tab\tc");
    check_refused("my\tletter\tU+103E..U+102B");
    check_refused("my\tletter\tU+zz");
    check_refused("my\tletter\tU+110000");
    check_refused("my\tencoding\tnone.tsv");
}

static void a_language_has_one_block(void **state) {
    (void)state;
    check_refused("ga\tclitic\tan\nhe\tclitic\tב\nga\tclitic\tna");
    check_refused("sw\tclitic\tna\nid\tclitic\tdi\nms\tclitic\tdi\nsw\tclitic\tya");
}

static void a_character_has_one_rule(void **state) {
    (void)state;
    check_refused("sr\tletter\tж\tz\nsr\tletter\tж\ts");
    check_refused("my\tletter\tU+1031\ta\nmy\tletter\tU+102B..U+103E\tb");
    check_refused("my\tletter\tU+1010..U+1020\ta\nmy\tletter\tU+1020..U+1030\tb");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_share_units),
        cmocka_unit_test(scripts_without_spaces_give_sequences),
        cmocka_unit_test(texts_are_split_into_tokens),
        cmocka_unit_test(no_more_tokens_than_wanted),
        cmocka_unit_test(a_limit_that_is_too_small_is_told),
        cmocka_unit_test(english_forms_are_one_word),
        cmocka_unit_test(function_words_have_no_unit),
        cmocka_unit_test(invalid_rows_are_refused),
        cmocka_unit_test(a_language_has_one_block),
        cmocka_unit_test(a_character_has_one_rule),
    };
    return cmocka_run_group_tests(tests, open_units, close_units);
}
