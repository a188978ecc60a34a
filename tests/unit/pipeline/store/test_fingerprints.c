#include "unit/cmocka_test.h"

#include <stdio.h>

#include "pipeline/store/fingerprints.h"

enum { ARTICLES = 3000, EACH = 40 };

static uint64_t hash_of(size_t article, size_t i) {
    return (article * EACH + i + 1) * 0x9E3779B97F4A7C15u;
}

static void add(struct fingerprints *fingerprints, size_t article, size_t first, const char *day) {
    char id[33];
    uint64_t hashes[EACH];
    snprintf(id, sizeof id, "%032zx", article);
    for (size_t i = 0; i < EACH; i++) hashes[i] = hash_of(article, first + i);
    fingerprints_add(fingerprints, id, day, hashes, EACH);
}

static void the_article_that_shares_most_comes_first(void **state) {
    (void)state;
    struct fingerprints *fingerprints = fingerprints_new();
    for (size_t i = 0; i < ARTICLES; i++) add(fingerprints, i, 0, "2026-01-29");
    uint64_t asked[12];
    struct fingerprint_match matches[4];
    for (size_t i = 0; i < 12; i++) asked[i] = i < 7 ? hash_of(1234, i) : hash_of(77, i);
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-28", asked, 12, matches, 4), 2);
    assert_string_equal(matches[0].id, "000000000000000000000000000004d2");
    assert_int_equal(matches[0].shared, 7);
    assert_int_equal(matches[0].count, EACH);
    assert_int_equal(matches[1].shared, 5);
    fingerprints_free(fingerprints);
}

static void old_articles_are_not_found(void **state) {
    (void)state;
    struct fingerprints *fingerprints = fingerprints_new();
    struct fingerprint_match match;
    uint64_t asked = hash_of(1, 3);
    add(fingerprints, 1, 0, "2026-01-20");
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-21", &asked, 1, &match, 1), 0);
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-20", &asked, 1, &match, 1), 1);
    fingerprints_free(fingerprints);
}

static void a_new_edition_replaces_the_old_one(void **state) {
    (void)state;
    struct fingerprints *fingerprints = fingerprints_new();
    struct fingerprint_match match;
    uint64_t old = hash_of(1, 3), new = hash_of(1, EACH + 3);
    add(fingerprints, 1, 0, "2026-01-29");
    add(fingerprints, 1, EACH, "2026-01-29");
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-29", &old, 1, &match, 1), 0);
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-29", &new, 1, &match, 1), 1);
    fingerprints_free(fingerprints);
}

static void a_common_phrase_is_stored_for_at_most_fifty_articles(void **state) {
    (void)state;
    struct fingerprints *fingerprints = fingerprints_new();
    static struct fingerprint_match matches[100];
    uint64_t phrase = 42;
    for (size_t i = 0; i < 200; i++) {
        char id[33];
        snprintf(id, sizeof id, "%032zx", i);
        fingerprints_add(fingerprints, id, "2026-01-29", &phrase, 1);
    }
    assert_int_equal(fingerprints_match(fingerprints, "2026-01-29", &phrase, 1, matches, 100), 50);
    fingerprints_free(fingerprints);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_article_that_shares_most_comes_first),
                                       cmocka_unit_test(old_articles_are_not_found),
                                       cmocka_unit_test(a_new_edition_replaces_the_old_one),
                                       cmocka_unit_test(a_common_phrase_is_stored_for_at_most_fifty_articles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
