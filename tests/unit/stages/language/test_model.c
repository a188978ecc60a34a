#include "unit/cmocka_test.h"

#include "stages/language/model.h"

static int open_model(void **state) {
    struct failure failure = {0};
    return model_open(TEST_DATA, (struct model **)state, &failure) ? 0 : -1;
}

static int close_model(void **state) {
    model_close(*state);
    return 0;
}

static const char bulgarian[] = "Вчера в общината решиха да ремонтират моста над реката, защото зимата го е повредила.";
/* The same bytes in windows-1251, read as KOI8-R. */
static const char misread[] = "бВЕПЮ Б НАЫХМЮРЮ ПЕЬХУЮ ДЮ ПЕЛНМРХПЮР ЛНЯРЮ МЮД ПЕЙЮРЮ, ГЮЫНРН ГХЛЮРЮ ЦН Е ОНБПЕДХКЮ.";

static void the_right_reading_has_the_lowest_surprisal(void **state) {
    const struct model *model = *state;
    struct surprisal right = model_surprisal(model, span_of(bulgarian), MODEL_ANY);
    struct surprisal wrong = model_surprisal(model, span_of(misread), MODEL_ANY);
    assert_string_equal(model_code(model, right.language), "bg");
    assert_true(right.bits + 2 < wrong.bits);
}

static void its_own_language_has_the_lowest_surprisal(void **state) {
    const struct model *model = *state;
    struct surprisal own = model_surprisal(model, span_of(bulgarian), model_find(model, SPAN("bg")));
    struct surprisal other = model_surprisal(model, span_of(bulgarian), model_find(model, SPAN("de")));
    assert_int_equal(own.grams, other.grams);
    assert_true(own.bits + 3 < other.bits);
    assert_true(own.bits == model_surprisal(model, span_of(bulgarian), MODEL_ANY).bits);
}

static void signs_are_counted_and_letters_are_not(void **state) {
    struct surprisal surprisal = model_surprisal(*state, SPAN("1+2 \xE2\x94\x80\xE2\x94\x80 \xC2\xBB"), MODEL_ANY);
    assert_int_equal(surprisal.language, -1);
    assert_int_equal(surprisal.grams, 0);
    assert_int_equal(surprisal.signs, 3);
}

static void count_row(void *context, uint32_t row) {
    assert_true(row < MODEL_ROWS);
    ++*(size_t *)context;
}

static size_t count_rows(struct span text) {
    size_t count = 0;
    model_walk(text, count_row, &count);
    return count;
}

/* A word begins with a space. Every letter ends one gram of each length that there is room for, and so does the space
 * behind a word, except for the space alone. */
static void every_gram_is_walked_once(void **state) {
    (void)state;
    enum { LETTERS = 4096 };
    char text[LETTERS + 10];
    memset(text, 'a', sizeof text);
    assert_int_equal(count_rows(SPAN("")), 0);
    assert_int_equal(count_rows(SPAN(" 1 ")), 0);
    assert_int_equal(count_rows(SPAN("a")), 2);
    assert_int_equal(count_rows(SPAN("ab")), 2 + 3);
    assert_int_equal(count_rows(SPAN("ab ")), 2 + 3 + 3);
    assert_int_equal(count_rows(SPAN(" ab, ")), 2 + 3 + 3);
    assert_int_equal(count_rows(SPAN("ab c")), 2 + 3 + 3 + 2);
    assert_int_equal(count_rows((struct span){text, LETTERS}), 2 + 3 + 4 * (LETTERS - 2));
    assert_int_equal(count_rows((struct span){text, sizeof text}), 2 + 3 + 4 * (LETTERS - 2));
}

static void unknown_codes_are_not_found(void **state) {
    assert_int_equal(model_find(*state, SPAN("tlh")), -1);
    assert_int_equal(model_find(*state, SPAN("")), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_reading_has_the_lowest_surprisal),
        cmocka_unit_test(its_own_language_has_the_lowest_surprisal),
        cmocka_unit_test(signs_are_counted_and_letters_are_not),
        cmocka_unit_test(every_gram_is_walked_once),
        cmocka_unit_test(unknown_codes_are_not_found),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
