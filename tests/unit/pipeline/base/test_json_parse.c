/* The parser of JSON agrees with cJSON's own on what is JSON and what it says, for random text made of its parts. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/json.h"
#include "unit/random_text.h"

enum { ROUNDS = 60000, PARTS = 24, TEXT_BYTES = 4096 };

/* cJSON takes "\u" without four digits for the end of the text: the parts hold no such escape, nor one of NUL. */
static const char *const parts[] = {"{",
                                    "}",
                                    "[",
                                    "]",
                                    ",",
                                    ":",
                                    "\"",
                                    "\"a\":",
                                    "\"b\" : ",
                                    "true",
                                    "false",
                                    "null",
                                    "0",
                                    "-0",
                                    "007",
                                    "-12",
                                    "1.5e3",
                                    "-.5",
                                    "1e",
                                    "1e999",
                                    "2147483648",
                                    "-2147483649",
                                    "12345678901234567890",
                                    "123456789012345",
                                    "+1",
                                    ".5",
                                    "-",
                                    "1.2.3",
                                    "\"\"",
                                    "\"x\"",
                                    "\"\\n\\t\\\"\\\\\\/\\b\\f\\r\"",
                                    "\"\\u00e9\\u20AC\"",
                                    "\"\\ud83d\\ude00\"",
                                    "\"\\ud83d\"",
                                    "\"\\ude00\"",
                                    "\"\\ud83dx\"",
                                    "\"\\q\"",
                                    "\"\\",
                                    "\"\n\x01\"",
                                    "\"Ж\xE2\x80\xA8\"",
                                    " ",
                                    "\n",
                                    "\x01",
                                    "\x7f",
                                    "\xEF\xBB\xBF",
                                    "tru",
                                    "nullx",
                                    "[[",
                                    "]]",
                                    "{\"a\":[",
                                    "]}",
                                    "[1,",
                                    "\"name\":\"value\",",
                                    "\"\\\\\"",
                                    "\"\\\"\"",
                                    "é"};

static unsigned seed;

static unsigned chance(void) {
    return random_number(&seed);
}

static struct span random_parts(char *text) {
    size_t length = 0;
    for (unsigned left = 1 + chance() % PARTS; left; left--) {
        size_t part = chance() % (sizeof parts / sizeof *parts);
        length += (size_t)snprintf(text + length, TEXT_BYTES - length, "%s", parts[part]);
    }
    return (struct span){text, length};
}

/* A list or object whose commas, colons and brackets mostly fit, so that many texts are JSON. */
static void write_value(struct buffer *out, int depth) {
    unsigned kind = chance() % (depth > 4 ? 6 : 9);
    if (kind < 6) {
        buffer_add_string(out, parts[chance() % 3 ? 9 + chance() % 18 : 28 + chance() % 5]);
        return;
    }
    bool object = kind == 6;
    buffer_add_string(out, object ? "{" : "[");
    for (unsigned i = 0, count = chance() % 5; i < count; i++) {
        buffer_add_string(out, i ? ", " : "");
        buffer_add_string(out, object ? parts[7 + chance() % 2] : "");
        write_value(out, depth + 1);
    }
    buffer_add_string(out, object ? "}" : "]");
}

static void assert_same_text(const char *ours, const char *theirs) {
    if (theirs)
        assert_string_equal(ours, theirs);
    else
        assert_null(ours);
}

static void assert_same(const cJSON *ours, const cJSON *theirs) {
    assert_int_equal(ours->type & 0xFF, theirs->type & 0xFF);
    assert_same_text(ours->string, theirs->string);
    assert_same_text(ours->valuestring, theirs->valuestring);
    assert_int_equal(ours->valueint, theirs->valueint);
    assert_memory_equal(&ours->valuedouble, &theirs->valuedouble, sizeof ours->valuedouble);
    const cJSON *a = ours->child, *b = theirs->child;
    for (; a && b; a = a->next, b = b->next) assert_same(a, b);
    assert_true(!a && !b);
    if (ours->child) assert_null(ours->child->prev->next); /* the last item */
}

/* cJSON's verdict, with nothing but white space behind the value. */
static cJSON *parse_with_cjson(struct span text) {
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text.at, text.length, &end, false);
    size_t used = tree ? (size_t)(end - text.at) : 0;
    if (tree && span_trim(span_cut(text, used, text.length)).length == 0) return tree;
    cJSON_Delete(tree);
    return NULL;
}

static size_t accepted;

/* cJSON knows a byte order mark only in front of at least two bytes. */
static bool is_short_with_mark(struct span text) {
    text = span_trim(text);
    return text.length < 5 && span_starts(text, SPAN("\xEF\xBB\xBF"));
}

static void compare(struct span text) {
    if (is_short_with_mark(text)) return;
    char *copy = malloc(text.length + 1); /* so that reading past the end is noticed */
    memcpy(copy, text.at, text.length);
    struct span given = span_trim((struct span){copy, text.length});
    cJSON *ours = json_parse((struct span){copy, text.length}, SIZE_MAX, "text", NULL);
    cJSON *theirs = given.length ? parse_with_cjson(given) : NULL;
    if (!ours != !theirs) fail_msg("%s by cJSON: %.*s", theirs ? "accepted" : "refused", SPAN_ARGS(text));
    if (ours) assert_same(ours, theirs);
    accepted += ours != NULL;
    cJSON_Delete(ours);
    cJSON_Delete(theirs);
    free(copy);
}

static void random_parts_are_read_as_cjson_reads_them(void **state) {
    (void)state;
    char text[TEXT_BYTES];
    seed = 7;
    for (int i = 0; i < ROUNDS; i++) compare(random_parts(text));
}

static void random_values_are_read_as_cjson_reads_them(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 20);
    seed = 8;
    accepted = 0;
    for (int i = 0; i < ROUNDS / 4; i++) {
        buffer_clear(&text);
        write_value(&text, 0);
        compare(buffer_span(&text));
        if (!text.length || strstr(text.at, "\\u")) continue; /* see `parts` */
        text.at[chance() % text.length] = "\"\\,]}{[: 0e"[chance() % 11];
        compare(buffer_span(&text));
    }
    assert_true(accepted > ROUNDS / 16);
    buffer_free(&text);
}

/* Whichever part of a text has been received. */
static void every_beginning_is_read_as_cjson_reads_it(void **state) {
    (void)state;
    static const char whole[] =
        "{\"a\":[1,-2.5e-3,\"\\ud83d\\ude00\\n\\\\\",{\"b\":null,\"c\":{}},[]],\"d\":true,\"e\":\"\\u00e9\\\"\"} ";
    for (size_t length = 0; length < sizeof whole; length++) {
        struct span text = {whole, length};
        const char *escape = length > 6 ? strstr(whole, "\\u") : NULL;
        for (; escape && escape < whole + length; escape = strstr(escape + 1, "\\u"))
            if (escape + 6 > whole + length) text.length = 0; /* see `parts` */
        compare(text);
    }
}

static void assert_refused(struct span text, const char *said) {
    struct failure failure = {0};
    assert_null(json_parse(text, 1000, "text", &failure));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, said);
}

/* cJSON ends the text there, and what follows is lost. */
static void an_escape_without_four_digits_is_refused(void **state) {
    (void)state;
    assert_refused(SPAN("[\"a\\u00g0b\"]"), "the text is not valid JSON near 'g0b\"]'");
    assert_refused(SPAN("[\"a\\ud83d\\uZZZZb\"]"), "the text is not valid JSON near 'ZZZZb\"]'");
    assert_refused(SPAN("[\"\\u12"), "the text is not valid JSON near ''");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_parts_are_read_as_cjson_reads_them),
                                       cmocka_unit_test(random_values_are_read_as_cjson_reads_them),
                                       cmocka_unit_test(every_beginning_is_read_as_cjson_reads_it),
                                       cmocka_unit_test(an_escape_without_four_digits_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
