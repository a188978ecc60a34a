/* Names of hosts in ASCII. */
#include "unit/cmocka_test.h"

#include "pipeline/net/idn.h"

static void becomes(struct span host, const char *expected) {
    struct arena *arena = arena_new();
    assert_span(idn_ascii(host, arena), expected);
    arena_free(arena);
}

static void names_are_written_in_ascii(void **state) {
    (void)state;
    becomes(SPAN("пример.рф"), "xn--e1afmkfd.xn--p1ai");
    becomes(SPAN("BÜCHER.Example"), "xn--bcher-kva.example");
    becomes(SPAN("bu\xCC\x88"
                 "cher.example"),
            "xn--bcher-kva.example"); /* u and diaeresis */
    becomes(SPAN("例え。テスト"), "xn--r8jz45g.xn--zckzah");
    becomes(SPAN("my_host.bü.example"), "my_host.xn--b-eha.example"); /* not another host */
}

static void ascii_stays_as_it_is(void **state) {
    (void)state;
    becomes(SPAN("News.Example"), "News.Example");
    becomes(SPAN("xn--bcher-kva.example"), "xn--bcher-kva.example");
    becomes(SPAN("[::1]"), "[::1]");
    becomes(SPAN(""), "");
}

static void what_is_no_name_is_refused(void **state) {
    (void)state;
    static char longest[3000];
    for (size_t i = 0; i + 1 < sizeof longest; i += 2) memcpy(longest + i, "ü", 2);
    becomes((struct span){longest, 200}, "");
    becomes((struct span){longest, sizeof longest}, "");
    becomes(SPAN("ü／a.example"), ""); /* a full-width slash, question mark and at sign */
    becomes(SPAN("ü？a.example"), "");
    becomes(SPAN("ü＠a.example"), "");
    becomes(SPAN("ü\0.example"), "");
    becomes(SPAN("\xFC.example"), "");
    becomes(SPAN("a\xE2\x80\x8D.example"), ""); /* a joiner */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_written_in_ascii),
                                       cmocka_unit_test(ascii_stays_as_it_is),
                                       cmocka_unit_test(what_is_no_name_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
