/* Which links with rel=next lead to the next page of an article, and which to another article. */
#include "unit/cmocka_test.h"

#include "stages/formats/next_page.h"

#define FIRST "https://paper.example/town/bridge-closed"

static void check(const char *page, const char *first, const char *here, size_t number, const char *want) {
    struct arena *arena = arena_new();
    struct span next = next_page_find(span_of(page), span_of(here), span_of(first), number, arena);
    if (!span_is(next, want)) fail_msg("%s from %s gives \"%.*s\", not \"%s\"", page, first, SPAN_ARGS(next), want);
    arena_free(arena);
}

static void test_pages(void **state) {
    (void)state;
    static const char *const cases[][3] = {
        /* link, the first page, the second */
        {"<link rel=\"next\" href=\"?page=2\">", FIRST, FIRST "?page=2"},
        {"<p><a class='x' REL='nofollow next' href='" FIRST "/2/'>More</a>", FIRST, FIRST "/2/"},
        {"<a href=\"/town/bridge-closed-2.html#top\" rel=next>2</a>", FIRST ".html", FIRST "-2.html"},
        {"<link rel=next href=\"?id=9&amp;seite=2\">", FIRST "?id=9", FIRST "?id=9&seite=2"},
        {"<link rel=next href=\"?p=2\">", FIRST "?p=1", FIRST "?p=2"},
        {"<link rel=next href=\"?page=2\">", FIRST "?utm_source=rss", FIRST "?page=2"},
        {"<link rel=next href=\"" FIRST ",2\">", "http://paper.example/town/bridge-closed", FIRST ",2"},
        {"<link rel=next href=\"https://www.paper.example/town/bridge-closed?p=2\">", FIRST,
         "https://www.paper.example/town/bridge-closed?p=2"},
        {"<link rel=next href=\"?page=1\">", FIRST, FIRST "?page=1"}, /* counted from 0 */
        {"<a rel=next href=\"/other\">x</a><a rel=next href=\"?p=2\">2</a>", FIRST, FIRST "?p=2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i][0], cases[i][1], cases[i][1], 2, cases[i][2]);
    check("<link rel=next href=\"?page=3\">", FIRST, FIRST "?page=2", 3, FIRST "?page=3");
    check("<link rel=next href=\"?page=2\">", FIRST, FIRST "?page=1", 3, FIRST "?page=2");
}

static void test_no_pages(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"<link rel=\"next\" href=\"/town/mayor-resigns\">", FIRST},
        {"<link rel=\"next\" href=\"https://other.example/town/bridge-closed?page=2\">", FIRST},
        {"<link rel=\"next\" href=\"?page=3\">", FIRST},
        {"<link rel=\"prev\" href=\"?page=2\">", FIRST},
        {"<link rel=\"next\" href=\"/news/2\">", "https://paper.example/news/1"},
        {"<link rel=\"next\" href=\"/news/12\">", "https://paper.example/news/1"},
        {"<link rel=\"next\" href=\"/news/4712\">", "https://paper.example/news/4711"},
        {"<link rel=\"next\" href=\"/2026/02/bridge\">", "https://paper.example/2026/01/bridge"},
        {"<link rel=\"next\" href=\"javascript:next(2)\">", FIRST},
        {"next page: rel=next href=?page=2", FIRST},
        {"<link rel=\"next\" href=\"?page=2\"", FIRST},
        {"<link rel=\"next\" href=\"?page=18446744073709551618\">", FIRST}, /* 2 if truncated to 64 bits */
        {"<link rel=\"next\" href=\"/town/bridge-closed/36893488147419103234\">", FIRST},
        {"<link rel=\"next\" href=\"https://www2.paper.example/town/bridge-closed?page=2\">", FIRST},
        {"<link rel=\"next\" href=\"/town/bridge-closed/1\">", FIRST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check(cases[i][0], cases[i][1], cases[i][1], 2, "");
    check("<link rel=next href=\"?page=2\">", FIRST, FIRST "?page=2", 3, ""); /* the last page links to itself */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages), cmocka_unit_test(test_no_pages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
