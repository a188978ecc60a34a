/* A tree is the same whether or not the parser gets stand-ins for long texts. */
#include "unit/cmocka_test.h"

#include "stages/extract/prune.h"
#include "stages/extract/tree.h"
#include "unit/random_text.h"

/* Pieces of which hostile pages are made. */
static const struct span pieces[] = {
    PIECE("<p>"),
    PIECE("</p>"),
    PIECE("<b>"),
    PIECE("</b>"),
    PIECE("<em class=x>"),
    PIECE("<div title='a\">b'>"),
    PIECE("<p class=a\"b'c>"),
    PIECE("<div class='body  text &amp; more' id=\"the-second &lt\">"),
    PIECE("<a class=link-of-a-list rel=author href=/author/nora-field>"),
    PIECE("<a class=link-of-a-list>"),
    PIECE("</a>"),
    PIECE("<span itemprop='name' class=\"a\nb\x01 long\">"),
    PIECE("<meta name=author content='Nora Field'>"),
    PIECE("</div>"),
    PIECE("<table>"),
    PIECE("<td>"),
    PIECE("<select><option>"),
    PIECE("</select>"),
    PIECE("<title>"),
    PIECE("</title>"),
    PIECE("<textarea>"),
    PIECE("<plaintext>"),
    PIECE("<frameset>"),
    PIECE("<colgroup>"),
    PIECE("<math>"),
    PIECE("<ruby><rt>"),
    PIECE("</body>"),
    PIECE("</html>"),
    PIECE("<!doctype html>"),
    PIECE("<![CDATA["),
    PIECE("<!-- "),
    PIECE("-->"),
    PIECE("<"),
    PIECE("&"),
    PIECE("&amp"),
    PIECE("&am"),
    PIECE("p;"),
    PIECE("&notit; "),
    PIECE("&#983040;"),
    PIECE("&#x1000F0000;"),
    PIECE("&#"),
    PIECE("983041;"),
    PIECE("&#8217;"),
    PIECE(" "),
    PIECE("\n\t"),
    PIECE("\r\f"),
    PIECE("\0"),
    PIECE("\x01\x7F"),
    PIECE("\xC2\x85"),
    PIECE("\xC3"),
    PIECE("\xEF\xBF\xBF"),
    PIECE("\xEF\xB7\x90"),
    PIECE("\xED\xA0\x80"),
    PIECE("Ein ganz gewöhnlicher Satz mit acht oder neun Wörtern"),
    PIECE("港口停着三艘大船，等着起风。"),
    PIECE("a text of plain words that is long enough to be replaced"),
    PIECE("x = 1 < 2 & y > 3 and some more words after it"),
    PIECE("emoji \xF0\x9F\x98\x80 between the words of a text"),
};
enum { PIECES = sizeof pieces / sizeof *pieces, PAGES = 20000, MOST = 30 };

static void assert_same_span(struct span a, struct span b) {
    assert_true(span_equal(a, b));
}

static void assert_same_node(const struct node *a, const struct node *b) {
    assert_int_equal(a->tag, b->tag);
    assert_int_equal(a->parent, b->parent);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->attribute_count, b->attribute_count);
    assert_same_span(a->text, b->text);
    for (size_t i = 0; i < a->attribute_count; i++) assert_same_span(a->attributes[i].value, b->attributes[i].value);
}

/* A page that has one of the characters itself, here in a comment, is parsed as it is. */
static struct tree parse_after(const char *comment, struct span rest, struct arena *arena) {
    struct buffer page = BUFFER(1 << 20);
    buffer_add_string(&page, comment);
    buffer_add_span(&page, rest);
    struct span copy = arena_copy(arena, buffer_span(&page));
    buffer_free(&page);
    return tree_parse(copy, arena);
}

static void assert_same_tree(struct span page) {
    struct arena *arena = arena_new();
    struct tree replaced = parse_after("<!--....-->", page, arena);
    struct tree whole = parse_after("<!--\xF3\xB0\x80\x80-->", page, arena);
    assert_int_equal(replaced.count, whole.count);
    for (size_t i = 0; i < whole.count; i++) assert_same_node(&replaced.nodes[i], &whole.nodes[i]);
    arena_free(arena);
}

static void hostile_pages_give_the_same_tree(void **state) {
    (void)state;
    unsigned seed = 1;
    struct buffer page = BUFFER(1 << 20);
    for (int i = 0; i < PAGES; i++) {
        buffer_clear(&page);
        for (unsigned left = 1 + random_number(&seed) % MOST; left; left--)
            buffer_add_span(&page, pieces[random_number(&seed) % PIECES]);
        assert_same_tree(buffer_span(&page));
    }
    buffer_free(&page);
}

static void a_reference_may_continue_after_a_tag(void **state) {
    (void)state;
    assert_same_tree(SPAN("<p>AT&am<b>p;T has announced that prices will rise</b>"));
    assert_same_tree(SPAN("<p>a long text that is replaced by one character<p>&#<b>983040;</b>"));
}

static size_t length_of_input(struct span page) {
    struct arena *arena = arena_new();
    struct pruned pruned = prune_page_keeping(page, (struct attribute_names){NULL, 0}, arena);
    size_t length = pruned.page.length;
    buffer_free(&pruned.page);
    arena_free(arena);
    return length;
}

static void the_parser_gets_little_of_a_text(void **state) {
    (void)state;
    struct buffer page = BUFFER(1 << 20);
    for (int i = 0; i < 1000; i++) buffer_add_string(&page, "<p>Im Hafen lagen drei große Kähne.");
    assert_true(length_of_input(buffer_span(&page)) < 8000);
    buffer_add_string(&page, "<p>\xF3\xB0\x80\x80");
    assert_true(length_of_input(buffer_span(&page)) > 30000);
    buffer_free(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_pages_give_the_same_tree),
        cmocka_unit_test(a_reference_may_continue_after_a_tag),
        cmocka_unit_test(the_parser_gets_little_of_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
