/* Pruning of pages before they are parsed, and malicious pages. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <time.h>

#include "stages/extract/tree.h"
#include "unit/stages/extract/pruned_text.h"

static void check(const char *page, const char *wanted) {
    struct arena *arena = arena_new();
    struct buffer kept = BUFFER(1 << 16);
    prune_to_text(span_of(page), &kept, arena);
    assert_span(buffer_span(&kept), wanted);
    buffer_free(&kept);
    arena_free(arena);
}

static void test_plain(void **state) {
    (void)state;
    check("<p class=a>One\n  two</p>", "<p class=\"a\">One two</p>");
    check("1 < 2 <> 3", "1 < 2 <> 3");
    check("<p>A<br/>B", "<p>A<br>B");
    check("", "");
}

static void test_nul_in_a_name(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer kept = BUFFER(1 << 16);
    prune_to_text(SPAN("<script\0x>a</script\0>b"), &kept, arena);
    assert_true(span_find(buffer_span(&kept), SPAN("b")) != SIZE_MAX);
    buffer_free(&kept);
    arena_free(arena);
}

static void test_skipped(void **state) {
    (void)state;
    check("a<script>if (a<b) '<p>'</script>b", "ab");
    check("a<SCRIPT>x</scripts></Script >b", "ab");
    check("a<style>p{}</style><svg><path d='M'/></svg>b<noscript><img></noscript>c", "abc");
    check("a<!-- <p> -- > -->b<!-->c<!doctype html>d<?php ?>e", "abc<!doctype html>de");
    check("a<noscript>kept, because nothing closes it", "akept, because nothing closes it");
    check("a<script>gone, as in a browser", "a");
    check("a<svg/>b</svg>", "ab");
}

static void test_formatting(void **state) {
    (void)state;
    check("<p><b>One</b> <em>two</em>", "<p>One two");
    check("<ruby>\xE6\xBC\xA2<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>!", "\xE6\xBC\xA2!");
}

/* Names such as "caption" and "author" may be those of formatting elements. They become spans. */
static void test_formatting_with_names(void **state) {
    (void)state;
    check("<em class=img_desc>A boat</em>text", "<span class=\"img_desc\">A boat</span>text");
    check("<b>a <b class=x>b <b>c</b></b></b>", "a <span class=\"x\">b c</span>");
    check("<strong itemprop=author>Ann</strong> <i id=x>b</i>", "<span itemprop=\"author\">Ann</span> b");
    check("</small><small class=y>a", "<span class=\"y\">a");
}

static void test_attributes(void **state) {
    (void)state;
    check("<a href='x' onclick=\"a('>')\" data-x=1 CLASS = b>t</a>", "<a class=\"b\">t</a>");
    check("<a href='/author/x'>t</a><link href=y><link rel=canonical href=z>",
          "<a href=\"/author/x\">t</a><link rel=\"canonical\" href=\"z\">");
    check("<meta content='say \"x\"'>", "<meta content='say \"x\"'>");
    check("<div style=\"color:red; display : none\">", "<div hidden=\"\">");
    check("<div style=\"display:block\" = / hidden>", "<div hidden=\"\">");
    check("<p class=\"never closed", "");
}

static void test_linked_data(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer kept = BUFFER(1 << 16);
    struct pruned pruned = prune_to_text(
        SPAN("<script type='application/ld+json'>{\"a\":1}</script><script type=application/ld+json> [] </script>"),
        &kept, arena);
    assert_int_equal(kept.length, 0);
    assert_int_equal(pruned.linked_count, 2);
    assert_span(pruned.linked_data[0], "{\"a\":1}");
    assert_span(pruned.linked_data[1], " [] ");
    arena_free(arena);
}

static void test_nesting(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer page = BUFFER(1 << 20);
    for (int i = 0; i < PRUNE_DEPTH + 2; i++) buffer_add_string(&page, "<div>");
    buffer_add_string(&page, "x");
    for (int i = 0; i < PRUNE_DEPTH + 2; i++) buffer_add_string(&page, "</div>");
    struct buffer kept = BUFFER(1 << 20);
    prune_to_text(buffer_span(&page), &kept, arena);
    assert_int_equal(kept.length, PRUNE_DEPTH * 11 + 1);
    buffer_free(&kept);
    buffer_free(&page);
    arena_free(arena);
}

/* ---------------------------------------------------------------- pages made to hurt */

/* Parses `piece` repeated `count` times between two texts. Both texts must be found, in bounded time and memory. */
static void check_bounded(const char *piece, size_t count, size_t most_memory) {
    struct buffer page = BUFFER((size_t)256 << 20);
    struct arena *arena = arena_new();
    buffer_add_string(&page, "<body><p>first</p>");
    for (size_t i = 0; i < count; i++) buffer_add_string(&page, piece);
    buffer_add_string(&page, "\"'></a></p><p>last</p>");
    clock_t start = clock();
    struct tree tree = tree_parse(buffer_span(&page), arena);
    struct span text = tree_text(&tree, 0, arena);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_true(span_starts(text, SPAN("first")));
    if (seconds > 20 || arena_size(arena) > most_memory)
        fail_msg("%s: %.1f s, %zu bytes", piece, seconds, arena_size(arena));
    arena_free(arena);
    buffer_free(&page);
}

static void test_hurting(void **state) {
    (void)state;
    check_bounded("<div>", 100000, 64u << 20);
    check_bounded("<div><p>", 100000, 256u << 20);
    check_bounded("<b><p>", 100000, 256u << 20);
    check_bounded("<a><p>", 100000, 1024u << 20);
    check_bounded("<table><td>", 100000, 256u << 20);
    check_bounded("<li><ul>", 100000, 256u << 20);
    check_bounded("</div>", 1000000, 64u << 20);
    check_bounded("<svg><script>", 300000, 64u << 20);
    check_bounded("<noscript>", 300000, 64u << 20);
    check_bounded("<!-", 300000, 64u << 20);
    check_bounded("<", 1000000, 64u << 20);
    check_bounded("<p title=\"", 100000, 64u << 20);
    check_bounded("&", 1000000, 64u << 20);
    check_bounded("<a><div></a>", 100000, 512u << 20);
    check_bounded("<table><a>x", 100000, 512u << 20);
    check_bounded("<html a=1 class=x><body id=y>", 100000, 64u << 20);
    check_bounded("<td><marquee><a>", 100000, 512u << 20);
}

static void test_long_text(void **state) {
    (void)state;
    check_bounded("words without an end ", 2500000, (size_t)512 << 20);
}

static void test_many_attributes(void **state) {
    (void)state;
    struct buffer page = BUFFER(16 << 20);
    struct arena *arena = arena_new();
    buffer_add_string(&page, "<p ");
    for (int i = 0; i < 100000; i++) buffer_print(&page, "a%d=1 class=%d ", i, i);
    buffer_add_string(&page, ">text</p>");
    clock_t start = clock();
    struct tree tree = tree_parse(buffer_span(&page), arena);
    assert_span(tree_text(&tree, 0, arena), "text");
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 5);
    arena_free(arena);
    buffer_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_skipped),
        cmocka_unit_test(test_nul_in_a_name),
        cmocka_unit_test(test_formatting),
        cmocka_unit_test(test_formatting_with_names),
        cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_linked_data),
        cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_hurting),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_many_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
