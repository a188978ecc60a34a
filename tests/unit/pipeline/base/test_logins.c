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

static void test_named_passwords(void **state) {
    (void)state;
    becomes("'host=a.example user=me password=secret' is wrong", "'host=a.example user=me password=******' is wrong");
    becomes("host=a.example Password = 'se cret' port=1", "host=a.example Password = ********' port=1");
    becomes("mysql://a.example/news?password=secret&user=me", "mysql://a.example/news?password=******&user=me");
    becomes("mysql://a.example/news?passwd=secret", "mysql://a.example/news?passwd=******");
    becomes("password=", "password=");
    becomes("the password is wrong; set store_password_file=x", "the password is wrong; set store_password_file=x");
}

static void test_values(void **state) {
    (void)state;
    char text[] = "mysql://me:it's a (secret)@a.example/news", named[] = "password=secret";
    logins_hide_in_value(text, strlen(text));
    assert_string_equal(text, "mysql://me:***************@a.example/news");
    logins_hide_in_value(named, strlen(named));
    assert_string_equal(named, "password=******");
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_passwords), cmocka_unit_test(test_named_passwords),
                                       cmocka_unit_test(test_values), cmocka_unit_test(test_no_passwords)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
