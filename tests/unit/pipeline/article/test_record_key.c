/* A record's id and version found without parsing are the same as with parsing. */
#include "unit/cmocka_test.h"

#include "pipeline/article/record.h"
#include "pipeline/article/record_key.h"

static void agrees(const char *json, bool cheap) {
    char id[33];
    struct span version;
    bool told = record_key(span_of(json), id, &version);
    if (told != cheap) print_error("%s\n", json);
    assert_int_equal(told, cheap);
    if (!told) return;
    struct article *article = NULL;
    struct failure failure = {0};
    assert_true(record_read(span_of(json), 0, &article, &failure));
    assert_string_equal(id, article->id);
    assert_true(span_equal(version, article->origin.version));
    article_free(article);
}

static void test_found_without_parsing(void **state) {
    (void)state;
    agrees("{}", true);
    agrees("{\"id\":\"0123456789abcdef0123456789abcdef\"}", true);
    agrees("{ \"id\" : \"17\" , \"url\" : \"https://a.example/\" }", true);
    agrees("{\"url\":\"https://a.example/\",\"text\":\"a \\\"quoted\\\" { [ word\"}", true);
    agrees("{\"title\":{\"id\":\"x\",\"source\":\"t\"},\"id\":\"y\",\"id\":\"z\"}", true);
    agrees("{\"evidence\":{\"identity\":\"guid 1\",\"version\":\"v2\",\"bytes\":12},\"url\":\"https://a.example/\"}",
           true);
    agrees("{\"authors\":[\"A ] B\",\"C\"],\"paywalled\":false,\"url\":\"u\"}", true);
    agrees("{\"text\":\"\\\\\",\"id\":\"e\"}", true);
}

static void test_left_to_the_parser(void **state) {
    (void)state;
    agrees("{\"id\":\"a\\u0062\"}", false);
    agrees("{\"i\\u0064\":\"a\"}", false);
    agrees("{\"id\":5}", false);
    agrees("{\"id\":\"a\"", false);
    agrees("{\"id\":\"a\"} x", false);
    agrees("[\"id\"]", false);
    agrees("{\"text\":\"never ends", false);
    agrees("", false);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_found_without_parsing),
                                       cmocka_unit_test(test_left_to_the_parser)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
