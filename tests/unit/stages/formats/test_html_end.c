/* Pages whose end is missing. */
#include "unit/cmocka_test.h"

#include "stages/formats/html_end.h"

/* whole: in every case; open: cut off only if nothing else tells where the page ends; cut: in every case. */
static const char *const whole[] = {"<html><body><div><p>Hola</div></body></html>",
                                    "<HTML><BODY><article>Hola</BODY>\n<!-- cached -->",
                                    "<p>Hola</p>",
                                    "<article><p>Hola</article>",
                                    "<p>a < b</p><div>x</div>",
                                    "<html><body>Hola<!-- never closed </html>",
                                    "<html><style>p {</html>",
                                    "<p>Hola</p><script>write('<script><div>')</script>",
                                    "<p>Hola</p><!-- <div> -->",
                                    "</div><div>Hola</div>"};
static const char *const open[] = {
    "<html><body><p>Hola</p>", "<!doctype html><html><p>Hola", "<p>Hola ami", "<body><p>Hola</p>", "", " \n", "Hola"};
static const char *const cut[] = {"<html><body><div><p>Hola",     "<html><body><p>Hola</p><a hre",
                                  "<article><p>Hola</p>",         "<html><script>write('</body></html><b>');",
                                  "<p>Hola</p><!-- <div> ",       "<html><head><style>p { }",
                                  "<div><div>Hola</div>",         "<html><body><p>Hola</p></bo",
                                  "<html><body><p>Hola</p></html"};

static void assert_all(const char *const *pages, size_t count, bool wanted, bool wanted_open) {
    for (size_t i = 0; i < count; i++)
        if (html_is_cut_off(span_of(pages[i]), false) != wanted ||
            html_is_cut_off(span_of(pages[i]), true) != wanted_open)
            fail_msg("'%s'", pages[i]);
}

static void pages_are_told_by_their_end(void **state) {
    (void)state;
    assert_all(whole, sizeof whole / sizeof *whole, false, false);
    assert_all(open, sizeof open / sizeof *open, false, true);
    assert_all(cut, sizeof cut / sizeof *cut, true, true);
}

static void wide_characters_are_not_judged(void **state) {
    (void)state;
    struct span page =
        SPAN("<\0h\0t\0m\0l\0>\0<\0p\0>\0H\0o\0l\0a\0 \0a\0m\0i\0g\0o\0s\0 \0d\0e\0l\0 \0b\0a\0r\0r\0i\0o\0");
    assert_false(html_is_cut_off(page, true));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_told_by_their_end),
                                       cmocka_unit_test(wide_characters_are_not_judged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
