/* The tree of a page: its links and texts. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/extract/tree.h"

static struct arena *arena;

static int open_arena(void **state) {
    (void)state;
    arena = arena_new();
    return 0;
}

static int free_arena(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct tree parse(const char *page) {
    return tree_parse(arena_copy(arena, span_of(page)), arena);
}

static int find(const struct tree *tree, enum tag tag) {
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].tag == tag) return (int)i;
    fail_msg("there is no such element");
    return -1;
}

static void nodes_are_linked_in_document_order(void **state) {
    (void)state;
    struct tree tree = parse("<html><body><div><p>One</p><!-- no --><ul><li>Two</ul></div><p>Three");
    int body = find(&tree, TAG_BODY), div = find(&tree, TAG_DIV), ul = find(&tree, TAG_UL), li = find(&tree, TAG_LI);
    const struct node *nodes = tree.nodes;
    assert_int_equal(nodes[0].tag, TAG_HTML);
    assert_int_equal(nodes[0].parent, -1);
    assert_int_equal(nodes[0].end, tree.count);
    assert_int_equal(nodes[body].child, div);
    assert_int_equal(nodes[div].parent, body);
    assert_int_equal(nodes[nodes[div].child].tag, TAG_P);
    assert_int_equal(nodes[nodes[div].child].next, ul);
    assert_int_equal(nodes[ul].next, -1);
    assert_int_equal(nodes[ul].end, nodes[div].end);
    assert_int_equal(nodes[li].parent, ul);
    assert_int_equal(nodes[li].end, li + 2);
    assert_span(nodes[li + 1].text, "Two");
    assert_int_equal(nodes[li + 1].child, -1);
    assert_int_equal(nodes[nodes[div].next].tag, TAG_P);
    assert_int_equal(nodes[div].next, nodes[div].end);
    for (size_t i = 1; i < tree.count; i++) assert_true(nodes[i].parent < (int)i && nodes[i].end > (int)i);
}

static void tags_are_known_by_name(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum tag tag;
    } rows[] = {{"p", TAG_P},         {"H1", TAG_H1},     {"article", TAG_ARTICLE},      {"figcaption", TAG_FIGCAPTION},
                {"nav", TAG_NAV},     {"time", TAG_TIME}, {"video", TAG_OTHER},          {"x-unheard-of", TAG_OTHER},
                {"aside", TAG_ASIDE}, {"td", TAG_TD},     {"blockquote", TAG_BLOCKQUOTE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(tag_named(span_of(rows[i].name)), rows[i].tag);
}

static void attributes_are_found(void **state) {
    (void)state;
    struct tree tree = parse("<p id=a CLASS=\"b c\" itemprop><time datetime=/x>text</time>");
    const struct node *node = &tree.nodes[find(&tree, TAG_P)], *link = &tree.nodes[find(&tree, TAG_TIME)];
    assert_span(node_attribute(node, "id"), "a");
    assert_span(node_attribute(node, "class"), "b c");
    assert_span(node_attribute(node, "itemprop"), "");
    assert_span(node_attribute(node, "datetime"), "");
    assert_span(node_attribute(link, "datetime"), "/x");
    assert_true(node_has(node, "itemprop") && node_has(node, "id"));
    assert_false(node_has(node, "datetime") || node_has(link, "id"));
}

static void check_text(const char *page, const char *want) {
    struct tree tree = parse(page);
    assert_span(tree_text(&tree, 0, arena), want);
}

static void inline_elements_do_not_separate_words(void **state) {
    (void)state;
    static const char *const within[] = {"a", "span", "cite", "q", "time", "label"};
    static const char *const between[] = {"p", "div", "li", "button", "h2", "address"};
    for (size_t i = 0; i < sizeof within / sizeof *within; i++)
        check_text(arena_print(arena, "<p>a<%s>b</%s>c", within[i], within[i]).at, "abc");
    for (size_t i = 0; i < sizeof between / sizeof *between; i++)
        check_text(arena_print(arena, "<div>a<%s>b</%s>", between[i], between[i]).at, "a b");
    check_text("<p>a<br>b", "a b");
    check_text("<p>km<sup>2</sup> and H<sub>2</sub>O, see<sup>[3]</sup>", "km² and H₂O, see");
}

static void white_space_is_folded(void **state) {
    (void)state;
    check_text("<p>  a \n\t b  </p>\n<p> c", "a b c");
    struct buffer out = BUFFER(100);
    bool space = false;
    text_fold(&out, SPAN(" a "), &space);
    assert_span(buffer_span(&out), "a");
    assert_true(space);
    text_fold(&out, SPAN("b"), &space);
    assert_span(buffer_span(&out), "a b");
    assert_false(space);
    text_fold(&out, SPAN("c  d"), &space);
    assert_span(buffer_span(&out), "a bc d");
    text_fold(&out, SPAN(""), &space);
    assert_false(space);
    buffer_free(&out);
}

static void no_break_spaces_become_spaces(void **state) {
    (void)state;
    static const char *const rows[][2] = {{" a b ", "a b"},
                                          {"a\xC2\xA0"
                                           "b",
                                           "a b"},
                                          {"\xC2\xA0"
                                           "a b\xC2\xA0\xC2\xA0",
                                           "a b"},
                                          {"20\xC2\xA0\xE2\x82\xAC \xC2\xA9", "20 \xE2\x82\xAC \xC2\xA9"},
                                          {"\xC2\xA0", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_span(text_plain_spaces(span_of(rows[i][0]), arena), rows[i][1]);
}

/* Asserts whether the last <span> stands apart from what precedes it. */
static void check_apart(const char *page, bool want) {
    struct tree tree = parse(page);
    int last = -1;
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[i].tag == TAG_SPAN) last = (int)i;
    if (tree_is_apart(&tree, last) != want) fail_msg("%s", page);
}

static void spans_of_different_classes_stand_apart(void **state) {
    (void)state;
    check_apart("<p><span class=date>29 January</span><span class=name>Nora Field</span>", true);
    check_apart("<p><span class=date><b>29 January</b></span><span class=name><b>Nora</b></span>", true);
    check_apart("<p><span class=date>29 January</span><span class=date>2026</span>", false);
    check_apart("<p><span class=date>29 January</span><span>2026</span>", false);
    check_apart("<p><span>29 January</span><span class=name>Nora Field</span>", false);
    check_apart("<p><span class=date>29 January</span> <span class=name>Nora Field</span>", false);
    check_apart("<p><span class=date>29 January,</span><span class=name>Nora Field</span>", false);
    check_apart("<p><span class=date>29 January</span><span class=name>(Nora Field)</span>", false);
    check_apart("<p><a class=date>29 January</a><span class=name>Nora Field</span>", false);
    check_apart("<p><span class=name>Nora Field</span>", false);
    check_apart("<p>by<span class=name>Nora Field</span>", false);
    check_apart("<p><span class=date>29 January</span><span class=name></span>", false);
}

static void deep_and_large_pages_are_read(void **state) {
    (void)state;
    struct buffer page = BUFFER(1 << 22);
    for (int i = 0; i < 300; i++) buffer_add_string(&page, "<div>");
    buffer_add_string(&page, "deep");
    struct tree tree = tree_parse(buffer_span(&page), arena);
    assert_span(tree_text(&tree, 0, arena), "deep");
    buffer_clear(&page);
    for (int i = 0; i < 5000; i++) buffer_add_string(&page, "<p>a</p>");
    tree = tree_parse(buffer_span(&page), arena);
    assert_true(tree.count >= 10000);
    assert_int_equal(tree_text(&tree, 0, arena).length, 9999);
    buffer_free(&page);
}

static void attributes_may_be_kept(void **state) {
    (void)state;
    struct span name = SPAN("data-x");
    struct span page = SPAN("<p data-x=1 data-y=2>a");
    struct tree plain = tree_parse(page, arena),
                more = tree_parse_keeping(page, (struct attribute_names){&name, 1}, arena);
    assert_false(node_has(&plain.nodes[find(&plain, TAG_P)], "data-x"));
    assert_span(node_attribute(&more.nodes[find(&more, TAG_P)], "data-x"), "1");
    assert_false(node_has(&more.nodes[find(&more, TAG_P)], "data-y"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_linked_in_document_order),
        cmocka_unit_test(tags_are_known_by_name),
        cmocka_unit_test(attributes_are_found),
        cmocka_unit_test(inline_elements_do_not_separate_words),
        cmocka_unit_test(white_space_is_folded),
        cmocka_unit_test(no_break_spaces_become_spaces),
        cmocka_unit_test(spans_of_different_classes_stand_apart),
        cmocka_unit_test(deep_and_large_pages_are_read),
        cmocka_unit_test(attributes_may_be_kept),
    };
    return cmocka_run_group_tests(tests, open_arena, free_arena);
}
