/* Hiding passwords in addresses. */
#include "unit/cmocka_test.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/logins.h"

static void becomes(const char *text, const char *expected) {
    char *copy = memory_string(span_of(text));
    logins_hide(copy, strlen(copy));
    assert_string_equal(copy, expected);
    free(copy);
}

static void test_passwords(void **state) {
    (void)state;
    becomes("'http://me:secret@a.example/rss' is wrong", "'http://me:******@a.example/rss' is wrong");
    becomes("smtps://me:p%40ss@mail.example:465", "smtps://me:******@mail.example:465");
    becomes("(http://:pw@proxy.example:port)", "(http://:**@proxy.example:port)");
    becomes("me:secret@a.example and https://you:other@b.example",
            "me:******@a.example and https://you:*****@b.example");
    becomes("http://me:p@ss:w@a.example", "http://me:******@a.example");
    becomes("http://me:a/b?c@a.example", "http://me:*****@a.example");
    becomes("a.conf:7: 'http://me:pw@a.example'", "a.conf:7: 'http://me:**@a.example'");
}

static void test_no_passwords(void **state) {
    (void)state;
    static const char *const texts[] = {"https://a.example:8080/@anna",
                                        "https://anna@a.example/",
                                        "mailto:anna@a.example",
                                        "at 12:30 write to anna@a.example",
                                        "https://a.example/x?y=1",
                                        "@:",
                                        ":@",
                                        ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) becomes(texts[i], texts[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_passwords), cmocka_unit_test(test_no_passwords)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
