/* JSON that is written as it comes equals what cJSON prints of the same tree, and a text is quoted character by
 * character. */
#include "pipeline/base/json_write.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#include "pipeline/base/json.h"
#include "pipeline/base/visible.h"
#include "unit/cmocka_test.h"
#include "unit/random_text.h"

enum { ROUNDS = 20000, LIMIT = 1 << 20 };

/* Without NUL, which ends a string of cJSON. */
static struct span make_text(unsigned *seed, struct buffer *out) {
    buffer_clear(out);
    random_text(seed, out);
    for (size_t i = 0; i < out->length; i++)
        if (!out->at[i]) out->at[i] = '\b';
    return buffer_span(out);
}

static void assert_same(struct buffer *written, cJSON *tree) {
    struct buffer printed = BUFFER(LIMIT);
    assert_true(json_print_free(tree, &printed));
    assert_string_equal(written->at, printed.at);
    buffer_free(&printed);
}

static void test_texts_and_names_are_written_as_cjson_prints_them(void **state) {
    (void)state;
    unsigned seed = 3;
    struct buffer name = BUFFER(LIMIT), text = BUFFER(LIMIT), out = BUFFER(LIMIT);
    for (int i = 0; i < ROUNDS; i++) {
        struct json_writer writer = {.out = &out};
        cJSON *tree = cJSON_CreateObject();
        make_text(&seed, &name);
        make_text(&seed, &text);
        buffer_add_string(&name, "n"); /* not empty, and terminated */
        bool valid = text_valid(buffer_span(&name));
        buffer_clear(&out);
        json_write_open(&writer, NULL, '{');
        json_write_text(&writer, valid ? name.at : "n", buffer_span(&text));
        json_write_filled(&writer, "filled", buffer_span(&text));
        json_write_close(&writer, '}');
        json_add(tree, valid ? name.at : "n", buffer_span(&text));
        json_add_filled(tree, "filled", buffer_span(&text));
        assert_same(&out, tree);
    }
    buffer_free(&name), buffer_free(&text), buffer_free(&out);
}

/* json_quote() as it is described, one character after the other. */
static void quote_slowly(struct buffer *out, struct span text) {
    uint32_t rune;
    buffer_add_string(out, "\"");
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if (rune == '"' || rune == '\\')
            buffer_print(out, "\\%c", (char)rune);
        else if (rune == '\n')
            buffer_add_string(out, "\\n");
        else if (rune == 0)
            buffer_add_rune(out, 0xFFFD); /* json_parse() refuses \u0000 */
        else if (rune_is_unseen(rune))
            visible_add_json(out, rune);
        else
            buffer_add_rune(out, rune);
    }
    buffer_add_string(out, "\"");
}

static void test_quoting_is_the_same_for_each_character(void **state) {
    (void)state;
    unsigned seed = 4;
    struct buffer text = BUFFER(LIMIT), fast = BUFFER(LIMIT), slow = BUFFER(LIMIT);
    for (int i = 0; i < ROUNDS; i++) {
        buffer_clear(&text), buffer_clear(&fast), buffer_clear(&slow);
        random_text(&seed, &text);
        assert_true(json_quote(&fast, buffer_span(&text)));
        quote_slowly(&slow, buffer_span(&text));
        assert_string_equal(fast.at, slow.at);
    }
    buffer_free(&text), buffer_free(&fast), buffer_free(&slow);
}

/* Whichever of eight bytes it is. */
static void test_each_byte_is_quoted_at_each_place(void **state) {
    (void)state;
    struct buffer fast = BUFFER(LIMIT), slow = BUFFER(LIMIT);
    for (unsigned place = 0; place < 17; place++)
        for (unsigned byte = 0; byte < 256; byte++) {
            char text[] = "abcdefgh !#[]~xy0";
            text[place] = (char)byte;
            buffer_clear(&fast), buffer_clear(&slow);
            json_quote(&fast, (struct span){text, sizeof text - 1});
            quote_slowly(&slow, (struct span){text, sizeof text - 1});
            assert_string_equal(fast.at, slow.at);
        }
    buffer_free(&fast), buffer_free(&slow);
}

static void test_numbers_are_written_as_cjson_prints_them(void **state) {
    (void)state;
    static const double numbers[] = {0,        -0.0,          1,        -1,      0.1,     1.0 / 3,     2.5,
                                     1e14,     1e15 - 1,      1e15,     1e16,    1e22,    1e-9,        -1234567,
                                     12345678, 0.95,          1e99,     DBL_MAX, DBL_MIN, DBL_EPSILON, 1e15 / 3,
                                     7e20,     123456789.125, INFINITY, NAN};
    struct buffer out = BUFFER(LIMIT);
    struct json_writer writer = {.out = &out};
    cJSON *list = cJSON_CreateArray();
    json_write_open(&writer, NULL, '[');
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_write_number(&writer, NULL, numbers[i]);
        cJSON_AddItemToArray(list, cJSON_CreateNumber(numbers[i]));
    }
    json_write_close(&writer, ']');
    assert_same(&out, list);
    buffer_free(&out);
}

static void test_commas_are_where_json_wants_them(void **state) {
    (void)state;
    struct buffer out = BUFFER(LIMIT);
    struct json_writer writer = {.out = &out}, *w = &writer;
    json_write_open(w, NULL, '{');
    json_write_open(w, "empty", '[');
    json_write_close(w, ']');
    json_write_open(w, "list", '[');
    json_write_open(w, NULL, '{');
    json_write_flag(w, "yes", true);
    json_write_flag(w, "no", false);
    json_write_close(w, '}');
    json_write_count(w, NULL, SIZE_MAX);
    json_write_count(w, NULL, 0);
    json_write_close(w, ']');
    json_write_filled(w, "nothing", SPAN(""));
    json_write_text(w, "text", SPAN(""));
    json_write_close(w, '}');
    assert_string_equal(out.at,
                        "{\"empty\":[],\"list\":[{\"yes\":true,\"no\":false},18446744073709551615,0],\"text\":\"\"}");
    buffer_free(&out);
}

static void test_what_does_not_fit_is_known(void **state) {
    (void)state;
    struct buffer out = BUFFER(10);
    struct json_writer writer = {.out = &out};
    json_write_text(&writer, "name", SPAN("text"));
    assert_true(out.full);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_texts_and_names_are_written_as_cjson_prints_them),
                                       cmocka_unit_test(test_quoting_is_the_same_for_each_character),
                                       cmocka_unit_test(test_each_byte_is_quoted_at_each_place),
                                       cmocka_unit_test(test_numbers_are_written_as_cjson_prints_them),
                                       cmocka_unit_test(test_commas_are_where_json_wants_them),
                                       cmocka_unit_test(test_what_does_not_fit_is_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
