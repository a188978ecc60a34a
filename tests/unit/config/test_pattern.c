/* Patterns that select articles: what they match, in which scripts, and which are invalid. */
#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <string.h>

#include "config/pattern.h"

static bool found(const char *written, const char *text) {
    char why[200];
    struct pattern *pattern = pattern_new(span_of(written), why);
    if (!pattern) fail_msg("%s: %s", written, why);
    bool matches = pattern_matches(pattern, span_of(text));
    pattern_free(pattern);
    return matches;
}

static void case_does_not_matter_in_any_script(void **state) {
    (void)state;
    assert_true(found("straße", "STRAßE 7"));
    assert_true(found("ВЫБОР[ЫА]", "о выборах и выборы"));
    assert_true(found("ελλάδα", "ΕΛΛΆΔΑ"));
    assert_true(found("[а-я]{3} 20[0-9]{2}", "МАЯ 2026"));
    assert_true(found("^[^а-я]+$", "MAYO"));
    assert_false(found("[а-я]", "MAYO"));
    assert_true(found("[]ä-ö[:digit:]-]x", "]x"));
    assert_true(found("^選挙.$", "選挙区"));
    assert_false(found("^選挙$", "選挙区"));
    assert_false(found("a+b", "a+b"));
}

static void a_prefix_selects_the_place(void **state) {
    (void)state;
    static const struct {
        const char *written;
        enum pattern_place place;
    } cases[] = {{"headline: ^live", PATTERN_HEADLINE},
                 {"Address:/sport/", PATTERN_ADDRESS},
                 {" text:x ", PATTERN_TEXT},
                 {"https://a.example/", PATTERN_ANYWHERE},
                 {"heading: x", PATTERN_ANYWHERE}};
    char why[200];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern *pattern = pattern_new(span_of(cases[i].written), why);
        assert_non_null(pattern);
        assert_int_equal(pattern_place(pattern), cases[i].place);
        pattern_free(pattern);
    }
    assert_true(found("headline: ^live", "LIVE: the vote"));
}

static void an_invalid_pattern_is_rejected_with_the_reason(void **state) {
    (void)state;
    static const char *const wrong[] = {"(a", "[z-a]", "a{2,1}", "", "  ", "headline:", "[я-а]", "[一-龥]"};
    char why[200], large[PATTERN_LIMIT + 2];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        why[0] = '\0';
        assert_null(pattern_new(span_of(wrong[i]), why));
        assert_true(strlen(why) > 5);
    }
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    assert_null(pattern_new(span_of(large), why));
    assert_non_null(strstr(why, "longer than 1000 bytes"));
}

/* The first of these took more than 4 GB to compile, the last the whole stack. */
static void a_pattern_that_would_be_too_large_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {"((a{1,255}){1,255}){1,255}", "(((((((((((((((a+)+)+)+)+)+)+)+)+)+)+)+)+)+)+)+",
                                        "([[:alpha:]]x]{200}){200}", "a{30000}", "(){1,25255}"};
    static const char *const right[] = {".{0,100}bridge.{0,100}", "[0-9]{4}-[0-9]{2}", "([]{999}[:digit:]]+,)+",
                                        "a\\{9999\\}{9}", "((ab){2,}|c{3}){20}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char why[200] = "";
        assert_null(pattern_new(span_of(wrong[i]), why));
        assert_non_null(strstr(why, "the pattern repeats too much"));
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        char why[200] = "";
        struct pattern *pattern = pattern_new(span_of(right[i]), why);
        if (!pattern) fail_msg("%s: %s", right[i], why);
        pattern_free(pattern);
    }
}

static void a_long_text_is_matched_up_to_a_limit(void **state) {
    (void)state;
    size_t size = 1 << 20;
    char *text = malloc(size + 1);
    memset(text, 'a', size);
    text[size] = '\0';
    memcpy(text + 200000, "needle", 6);
    assert_true(found("needle", text));
    memcpy(text + 200000, "aaaaaa", 6);
    memcpy(text + 300000, "needle", 6);
    assert_false(found("needle", text));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(case_does_not_matter_in_any_script),
                                       cmocka_unit_test(a_prefix_selects_the_place),
                                       cmocka_unit_test(an_invalid_pattern_is_rejected_with_the_reason),
                                       cmocka_unit_test(a_pattern_that_would_be_too_large_is_refused),
                                       cmocka_unit_test(a_long_text_is_matched_up_to_a_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
