/* The text of a first configuration. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "program/init/draft.h"

static const char examples[] = "# Free.\n[service \"a\"]\nurl = http://127.0.0.1:1\n\n[service \"ab\"]\nmodel = "
                               "m\nkey_env = K\nkey_env_other = x\n";

static void what_a_user_writes_becomes_an_address(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_span(draft_address(SPAN(" costa.example "), arena), "https://costa.example");
    assert_span(draft_address(SPAN("http://costa.example/rss?a=b"), arena), "http://costa.example/rss?a=b");
    assert_span(draft_address(SPAN("127.0.0.1:1200/rss"), arena), "http://127.0.0.1:1200/rss");
    assert_span(draft_address(SPAN("localhost/rss"), arena), "http://localhost/rss");
    assert_span(draft_address(SPAN("nas:8080/rss"), arena), "https://nas:8080/rss");
    static const char *const wrong[] = {
        "", "  ", "two words", "costa", "costa/rss.xml", "ftp://costa.example/", "file:///etc/passwd", "https://"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_span(draft_address(span_of(wrong[i]), arena), "");
    arena_free(arena);
}

static void a_section_is_found_and_changed(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span section = draft_service(span_of(examples), SPAN("ab"));
    assert_span(section, "[service \"ab\"]\nmodel = m\nkey_env = K\nkey_env_other = x\n");
    assert_span(draft_service(span_of(examples), SPAN("a")), "[service \"a\"]\nurl = http://127.0.0.1:1\n");
    assert_span(draft_service(span_of(examples), SPAN("b")), "");
    assert_span(draft_value(section, SPAN("model")), "m");
    assert_span(draft_value(section, SPAN("url")), "");
    assert_span(draft_with(section, SPAN("key_env"), SPAN("key_file"), SPAN("/k"), arena),
                "[service \"ab\"]\nmodel = m\nkey_file = /k\nkey_env_other = x\n");
    assert_span(draft_with(section, SPAN("url"), SPAN("url"), SPAN("u"), arena),
                "[service \"ab\"]\nmodel = m\nkey_env = K\nkey_env_other = x\nurl = u\n");
    assert_span(draft_without(section, SPAN("model"), arena), "[service \"ab\"]\nkey_env = K\nkey_env_other = x\n");
    assert_span(draft_local(SPAN("[service \"ab\"]\nmodel = m\nkey_env = K\ninput_price = 1\nprice = 2\n"), arena),
                "[service \"ab\"]\nmodel = m\n");
    arena_free(arena);
}

static void sources_have_different_names(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 16);
    struct span sources[] = {SPAN("https://www.costa.example/rss"), SPAN("https://costa.example/sport"),
                             SPAN("https://Rss.Tagblatt.example:8080/"), SPAN("http://[2001:db8::1]/x"),
                             SPAN("http://127.0.0.1:8080/Atom.XML")};
    struct draft draft = {.output = SPAN("/srv/news"), .sources = sources, .source_count = 5};
    draft_write(&draft, &out);
    static const char *const parts[] = {"[source \"costa\"]\nkind = feed\nurl = https://www.costa.example/rss\n",
                                        "[source \"costa-2\"]\nkind = site\nurl = https://costa.example/sport\n",
                                        "[source \"tagblatt\"]\nkind = site\n",
                                        "[source \"source\"]\nkind = site\n",
                                        "[source \"source-2\"]\nkind = feed\n",
                                        "output = \"/srv/news\"\n",
                                        "state = \"/srv/news/state.db\"\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(out.at, parts[i])) fail_msg("'%s' is not in\n%s", parts[i], out.at);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_a_user_writes_becomes_an_address),
                                       cmocka_unit_test(a_section_is_found_and_changed),
                                       cmocka_unit_test(sources_have_different_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
