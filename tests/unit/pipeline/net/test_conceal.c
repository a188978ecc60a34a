/* Hiding secrets in replies and messages. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/conceal.h"

static const char key[] = "qm/7fA+93xKd-Lw2Vz8_TbN5";

static void becomes(enum conceal_mode mode, const char *secret, const char *text, const char *expected) {
    char *copy = memory_string(span_of(text));
    conceal(copy, strlen(copy), span_of(secret), mode);
    if (strcmp(copy, expected) != 0) print_error("'%s' becomes '%s'\n", text, copy);
    assert_string_equal(copy, expected);
    free(copy);
}

/* Whatever surrounds the part, all of it is hidden, and nothing else. */
static void hides_part(enum conceal_mode mode, const char *secret, const char *part) {
    char text[512], expected[512];
    snprintf(text, sizeof text, "key=(%s) is wrong", part);
    snprintf(expected, sizeof expected, "key=(%.*s) is wrong", (int)strlen(part),
             "************************************************************************************************"
             "************************************************************************************************");
    becomes(mode, secret, text, expected);
}

static void test_forms(void **state) {
    (void)state;
    static const char *const forms[] = {"qm/7fA+93xKd-Lw2Vz8_TbN5",
                                        "QM/7FA+93XKD-LW2VZ8_TBN5",
                                        "qm%2F7fA%2B93xKd-Lw2Vz8_TbN5",
                                        "qm%2f7fA%2b93xKd%2dLw2Vz8%5fTbN5",
                                        "qm\\/7fA+93xKd-Lw2Vz8_TbN5",
                                        "qm\\u002f7fA\\u002b93xKd\\u002dLw2Vz8\\u005fTbN5",
                                        "qm&#47;7fA&#43;93xKd&#45;Lw2Vz8&#95;TbN5",
                                        "qm&#x2F;7fA&#x2B;93xKd&#x2D;Lw2Vz8&#x5F;TbN5",
                                        "cW0vN2ZBKzkzeEtkLUx3MlZ6OF9UYk41",
                                        "716d2f3766412b3933784b642d4c7732567a385f54624e35"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        hides_part(CONCEAL_MESSAGE, key, forms[i]);
        hides_part(CONCEAL_REPLY, key, forms[i]);
        hides_part(CONCEAL_CONTENT, key, forms[i]);
    }
}

/* base64 of "u:KEY", "me:KEY" and "you:KEY"; the digits that hold other bytes too stay. */
static void test_base64_of_more(void **state) {
    (void)state;
    becomes(CONCEAL_MESSAGE, key, "dTpxbS83ZkErOTN4S2QtTHcyVno4X1RiTjU=", "dTp*******************************U=");
    becomes(CONCEAL_MESSAGE, key, "bWU6cW0vN2ZBKzkzeEtkLUx3MlZ6OF9UYk41", "bWU6********************************");
    becomes(CONCEAL_CONTENT, key,
            "eW91OnFtLzdmQSs5M3hLZC1MdzJWejhfVGJONQ==", "eW91On*******************************Q==");
}

static void test_parts(void **state) {
    (void)state;
    hides_part(CONCEAL_MESSAGE, key, "qm/7fA");
    hides_part(CONCEAL_MESSAGE, key, "Lw2Vz8_TbN5");
    hides_part(CONCEAL_CONTENT, key, "qm/7fA+93xKd");
    hides_part(CONCEAL_CONTENT, key, "-Lw2Vz8_TbN5");
    becomes(CONCEAL_MESSAGE, key, "qm/7f ... bN5", "qm/7f ... bN5"); /* as services name a key */
    hides_part(CONCEAL_MESSAGE, "quietly", "quietly");
    hides_part(CONCEAL_MESSAGE, "pass", "pass");
    becomes(CONCEAL_MESSAGE, "abc", "abc", "abc");
    becomes(CONCEAL_MESSAGE, "", "abc", "abc");
}

/* An article is not spoilt because somebody's password is a word of it, or a key begins with the service's name. */
static void test_content(void **state) {
    (void)state;
    becomes(CONCEAL_CONTENT, "football", "They play football.", "They play football.");
    becomes(CONCEAL_CONTENT, "libretranslate-key-4711", "Uses libretranslate-key", "Uses libretranslate-key");
    becomes(CONCEAL_CONTENT, "libretranslate-key-4711", "Uses libretranslate-key-4711", "Uses ***********************");
    becomes(CONCEAL_CONTENT, "correct-horse-battery-staple-again", "correct-horse-battery-staple-again",
            "**********************************");
    becomes(CONCEAL_CONTENT, "secret-4711", "a secret-4711b", "a ***********b");
}

/* Words with a number, as headlines have, stay in articles. Whatever else is mixed is hidden there, too. */
static void words_with_a_number_are_hidden_in_replies_only(void **state) {
    (void)state;
    static const char *const ordinary[] = {"euro2024",    "Covid-19",  "real-madrid-2024", "3satabend",
                                           "Agenda 2030", "AIRBUS320", "Paris2024!",       "Z\xC3\xBCrich1999"};
    static const char *const random[] = {"euro4711", "euro20245",  "eu2024ro", "euRo2024",
                                         "e2u0r2o4", "2024euro24", "words2100"};
    for (size_t i = 0; i < sizeof ordinary / sizeof *ordinary; i++) {
        char text[100];
        snprintf(text, sizeof text, "key=(%s) is wrong", ordinary[i]);
        becomes(CONCEAL_CONTENT, ordinary[i], text, text);
        hides_part(CONCEAL_REPLY, ordinary[i], ordinary[i]);
        hides_part(CONCEAL_MESSAGE, ordinary[i], ordinary[i]);
    }
    for (size_t i = 0; i < sizeof random / sizeof *random; i++) hides_part(CONCEAL_CONTENT, random[i], random[i]);
}

/* A text full of runs of the secret takes no longer than another. */
static void test_long_texts(void **state) {
    (void)state;
    enum { LENGTH = 1 << 20 };
    char secret[4096], *text = memory_take(LENGTH);
    for (size_t i = 0; i < sizeof secret; i++) secret[i] = i % 7 ? 'a' : (char)('0' + i / 7 % 10);
    for (size_t i = 0; i < LENGTH; i++) text[i] = secret[i % 2048];
    conceal(text, LENGTH, (struct span){secret, sizeof secret}, CONCEAL_MESSAGE);
    for (size_t i = 0; i < LENGTH; i++) assert_true(text[i] == '*' || i % 2048 > 2040 || i % 2048 < 8);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms),
                                       cmocka_unit_test(test_base64_of_more),
                                       cmocka_unit_test(test_parts),
                                       cmocka_unit_test(test_content),
                                       cmocka_unit_test(words_with_a_number_are_hidden_in_replies_only),
                                       cmocka_unit_test(test_long_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
