/* robots.txt as served in practice: in any encoding, with a byte order mark, or something else entirely. */
#include "unit/decoder_test.h"

#include "stages/collect/hosts.h"

/* Returns whether `path` may be fetched if the host's robots.txt consists of these bytes. */
static bool allows(const struct decoder *decoder, struct span robots, const char *address) {
    struct arena *arena = arena_new();
    struct hosts *hosts = hosts_new(decoder);
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    assert_int_equal(hosts_check(hosts, span_of(address), "a", &exchange), MANNERS_ASK);
    exchange.status = 200;
    exchange.reply = BUFFER(1 << 20);
    buffer_add_span(&exchange.reply, robots);
    assert_true(hosts_answer(hosts, span_of(address), "a", &exchange));
    enum manners manners = hosts_check(hosts, span_of(address), "b", &exchange);
    exchange_clear(&exchange);
    hosts_free(hosts);
    arena_free(arena);
    assert_true(manners == MANNERS_ALLOWED || manners == MANNERS_REFUSED);
    return manners == MANNERS_ALLOWED;
}

static void a_byte_order_mark_hides_no_rule(void **state) {
    struct span marked = SPAN("\xEF\xBB\xBFUser-agent: *\nDisallow: /closed/\n");
    assert_false(allows(*state, marked, "http://a.example/closed/1"));
    assert_true(allows(*state, marked, "http://a.example/open/1"));
}

static void utf16_is_read(void **state) {
    struct span wide = SPAN("\xFF\xFEU\0s\0e\0r\0-\0a\0g\0e\0n\0t\0:\0*\0\n\0D\0i\0s\0a\0l\0l\0o\0w\0:\0/\0x\0/\0\n\0");
    assert_false(allows(*state, wide, "http://a.example/x/1"));
    assert_true(allows(*state, wide, "http://a.example/y/1"));
}

static void a_comment_in_a_legacy_encoding_hides_no_rule(void **state) {
    struct span old = SPAN("# \xC7\xE0\xE1\xF0\xE0\xED\xE5\xED\xEE \xE7\xE0 \xF0\xEE\xE1\xEE\xF2\xE8\nUser-agent: "
                           "*\nDisallow: /closed/\n");
    assert_false(allows(*state, old, "http://a.example/closed/1"));
}

/* A fragment is not part of the path, even if it holds a slash. */
static void a_fragment_is_not_part_of_the_path(void **state) {
    struct span rules = SPAN("User-agent: *\nDisallow: /closed/\nDisallow: /*part\n");
    assert_false(allows(*state, rules, "http://a.example/closed/1#top"));
    assert_true(allows(*state, rules, "http://a.example/open/1#part"));
    assert_true(allows(*state, rules, "http://a.example/open/1#/closed/"));
    assert_true(allows(*state, rules, "http://a.example#/closed/"));
    assert_true(allows(*state, rules, "http://a.example"));
    assert_false(allows(*state, SPAN("User-agent: *\nDisallow: /\n"), "http://a.example#top"));
}

static void binary_data_has_no_rules(void **state) {
    assert_true(allows(*state, SPAN("\x89PNG\r\n\x1A\n\0\0User-agent: *\nDisallow: /\n"), "http://a.example/1"));
    assert_true(allows(*state, SPAN(""), "http://a.example/1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_byte_order_mark_hides_no_rule), cmocka_unit_test(utf16_is_read),
        cmocka_unit_test(a_comment_in_a_legacy_encoding_hides_no_rule),
        cmocka_unit_test(a_fragment_is_not_part_of_the_path), cmocka_unit_test(binary_data_has_no_rules)};
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
