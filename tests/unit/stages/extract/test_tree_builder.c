/* The tree of a page is the one that another parser, gumbo, makes of what the pruner keeps. With files as arguments,
 * compares those pages only. */
#include "unit/cmocka_test.h"

#include <gumbo.h>
#include <stdio.h>
#include <stdlib.h>

#include "stages/extract/tree.h"
#include "unit/random_text.h"

/* ---------------------------------------------------------------- the page for the other parser */

/* What the pruner keeps, written as a page again. */
struct written {
    struct buffer out;
    bool in_reference; /* the last text may end within a reference, which the next could continue */
    bool is_unclear;   /* it did */
};

static bool is_of_reference(char c) {
    return c == '#' || c == ';' || (c >= '0' && c <= '9') || (unsigned)((c | 32) - 'a') < 26;
}

static bool ends_in_reference(struct span text) {
    size_t at = text.length;
    while (at > 0 && is_of_reference(text.at[at - 1])) at--;
    return at > 0 && text.at[at - 1] == '&';
}

static void write_escaped(struct buffer *out, struct span text, char c, const char *reference) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == c)
            buffer_add_string(out, reference);
        else
            buffer_add(out, &text.at[i], 1);
}

static void write_text(void *state, struct span text) {
    struct written *written = state;
    written->is_unclear = written->is_unclear || (written->in_reference && is_of_reference(text.at[0]));
    write_escaped(&written->out, text, '<', "&lt;");
    written->in_reference = ends_in_reference(buffer_span(&written->out));
}

static void write_tag(void *state, const struct page_tag *tag) {
    struct written *written = state;
    buffer_add_string(&written->out, tag->closing ? "</" : "<");
    buffer_add_span(&written->out, tag->name);
    for (size_t i = 0; i < tag->attribute_count; i++) {
        buffer_print(&written->out, " %.*s=\"", SPAN_ARGS(tag->attributes[i].name));
        write_escaped(&written->out, tag->attributes[i].value, '"', "&quot;");
        buffer_add_string(&written->out, "\"");
    }
    buffer_add_string(&written->out, ">");
    written->in_reference = false;
}

static void write_doctype(void *state, struct span declaration) {
    struct written *written = state;
    buffer_add_span(&written->out, declaration);
}

/* ---------------------------------------------------------------- comparing trees */

struct comparison {
    struct span page;
    struct span written;
    const struct tree *tree;
    size_t at; /* the node that comes next */
};

/* Prints what can be printed; of NULs, a sign. */
static void print_page(const char *what, struct span page) {
    fprintf(stderr, "%s: ", what);
    for (size_t i = 0; i < page.length && i < 4000; i++) fputc(page.at[i] ? page.at[i] : '@', stderr);
    fprintf(stderr, "\n");
}

static _Noreturn void fail_at(const struct comparison *comparison, const char *what) {
    print_page("page", comparison->page);
    print_page("written", comparison->written);
    fail_msg("node %zu of the page is another: %s", comparison->at, what);
    abort();
}

static bool is_element(const GumboNode *node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/* The other parser replaces a truncated character as a whole, this one byte by byte. */
static struct span without_invalid(struct span text, struct buffer *out) {
    buffer_clear(out);
    for (size_t at = 0, end; at < text.length; at = end) {
        struct span rest = span_cut(text, at, text.length);
        size_t found = span_find(rest, SPAN("\xEF\xBF\xBD"));
        end = found == SIZE_MAX ? text.length : at + found + 3;
        buffer_add_span(out, span_cut(text, at, found == SIZE_MAX ? end : at + found));
    }
    return buffer_span(out);
}

static bool same_text(struct span a, struct span b) {
    struct buffer first = BUFFER(1 << 24), second = BUFFER(1 << 24);
    bool same = span_equal(a, b) || span_equal(without_invalid(a, &first), without_invalid(b, &second));
    buffer_free(&first);
    buffer_free(&second);
    return same;
}

static void compare_attributes(const struct comparison *comparison, const struct node *node, const GumboVector *all) {
    if (node->attribute_count != all->length) fail_at(comparison, "number of attributes");
    for (unsigned i = 0; i < all->length; i++) {
        const GumboAttribute *other = all->data[i];
        if (!span_is(node->attributes[i].name, other->name)) fail_at(comparison, other->name);
        if (!same_text(node->attributes[i].value, span_of(other->value))) fail_at(comparison, other->value);
    }
}

static void compare_node(struct comparison *comparison, const GumboNode *other, int parent);

static void compare_element(struct comparison *comparison, const GumboNode *other, int parent) {
    const GumboElement *element = &other->v.element;
    size_t at = comparison->at;
    const struct node *node = &comparison->tree->nodes[at];
    const char *name = gumbo_normalized_tagname(element->tag);
    if (node->parent != parent) fail_at(comparison, "parent");
    if (node->tag != tag_named(span_of(name))) fail_at(comparison, name);
    compare_attributes(comparison, node, &element->attributes);
    comparison->at++;
    for (unsigned i = 0; i < element->children.length; i++)
        compare_node(comparison, element->children.data[i], (int)at);
    if (node->end != (int)comparison->at) fail_at(comparison, "end");
}

/* Tags in such an element are text; they were shortened for the other parser only. */
static bool contains_tags(const GumboNode *parent, struct span text) {
    GumboTag tag = is_element(parent) ? parent->v.element.tag : GUMBO_TAG_UNKNOWN;
    bool is_raw =
        tag == GUMBO_TAG_TITLE || tag == GUMBO_TAG_XMP || tag == GUMBO_TAG_NOEMBED || tag == GUMBO_TAG_NOFRAMES;
    return is_raw && (span_find(text, SPAN("<")) != SIZE_MAX || span_find(text, SPAN("&lt;")) != SIZE_MAX);
}

static void compare_node(struct comparison *comparison, const GumboNode *other, int parent) {
    const struct node *nodes = comparison->tree->nodes;
    if (comparison->at >= comparison->tree->count) fail_at(comparison, "it is missing");
    if (is_element(other)) {
        compare_element(comparison, other, parent);
        return;
    }
    const struct node *node = &nodes[comparison->at];
    struct span text = span_of(other->v.text.text);
    if (node->tag != TAG_TEXT || node->parent != parent) fail_at(comparison, text.at);
    if (!contains_tags(other->parent, text) && !same_text(node->text, text)) fail_at(comparison, text.at);
    comparison->at++;
}

static void compare_page(struct span page) {
    struct arena *arena = arena_new();
    struct written written = {.out = BUFFER(page.length * 6 + 1024)};
    struct page_reader reader = {&written, write_text, write_tag, write_doctype};
    prune_page(page, (struct attribute_names){NULL, 0}, &reader, arena);
    struct tree tree = tree_parse(page, arena);
    struct span text = buffer_span(&written.out);
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    GumboOutput *output = gumbo_parse_with_options(&options, text_or_empty(text.at), text.length);
    struct comparison comparison = {page, text, &tree, 0};
    if (!written.is_unclear) {
        compare_node(&comparison, output->root, -1);
        if (comparison.at != tree.count) fail_at(&comparison, "too many");
    }
    gumbo_destroy_output(&options, output);
    buffer_free(&written.out);
    arena_free(arena);
}

/* ---------------------------------------------------------------- pages */

static const struct span pieces[] = {
    PIECE("<p>"),
    PIECE("</p>"),
    PIECE("<div>"),
    PIECE("</div>"),
    PIECE("<span class=x>"),
    PIECE("</span>"),
    PIECE("<a class=l>"),
    PIECE("<a class=l rel=author>"),
    PIECE("</a>"),
    PIECE("<a href=/author/nora>"),
    PIECE("</a>"),
    PIECE("<table>"),
    PIECE("</table>"),
    PIECE("<tr>"),
    PIECE("</tr>"),
    PIECE("<td>"),
    PIECE("</td>"),
    PIECE("<th>"),
    PIECE("</th>"),
    PIECE("<tbody>"),
    PIECE("</tbody>"),
    PIECE("<thead>"),
    PIECE("</thead>"),
    PIECE("<tfoot>"),
    PIECE("</tfoot>"),
    PIECE("<caption>"),
    PIECE("</caption>"),
    PIECE("<col>"),
    PIECE("<colgroup>"),
    PIECE("<ul>"),
    PIECE("</ul>"),
    PIECE("<ol>"),
    PIECE("</ol>"),
    PIECE("<li>"),
    PIECE("</li>"),
    PIECE("<dl>"),
    PIECE("<dd>"),
    PIECE("</dd>"),
    PIECE("<dt>"),
    PIECE("</dt>"),
    PIECE("</dl>"),
    PIECE("<h1>"),
    PIECE("</h1>"),
    PIECE("<h2>"),
    PIECE("</h2>"),
    PIECE("<form>"),
    PIECE("</form>"),
    PIECE("<button>"),
    PIECE("</button>"),
    PIECE("<applet>"),
    PIECE("</applet>"),
    PIECE("<marquee>"),
    PIECE("</marquee>"),
    PIECE("<option>"),
    PIECE("</option>"),
    PIECE("<optgroup>"),
    PIECE("</optgroup>"),
    PIECE("<br>"),
    PIECE("</br>"),
    PIECE("<hr>"),
    PIECE("<image>"),
    PIECE("<keygen>"),
    PIECE("<xmp>"),
    PIECE("</xmp>"),
    PIECE("<noembed>"),
    PIECE("</noembed>"),
    PIECE("<noframes>"),
    PIECE("</noframes>"),
    PIECE("<title>"),
    PIECE("</title>"),
    PIECE("<title>"),
    PIECE("</title>"),
    PIECE("<html lang=de>"),
    PIECE("</html>"),
    PIECE("<head>"),
    PIECE("</head>"),
    PIECE("<body class=b>"),
    PIECE("<body id=c class=d>"),
    PIECE("</body>"),
    PIECE("<meta name=author content='Nora &amp; Field'>"),
    PIECE("<link rel=canonical href=/x?a&copy=1&lt;&notit;>"),
    PIECE("<base>"),
    PIECE("<basefont>"),
    PIECE("<bgsound>"),
    PIECE("<main>"),
    PIECE("</main>"),
    PIECE("<article>"),
    PIECE("</article>"),
    PIECE("<section>"),
    PIECE("</section>"),
    PIECE("<aside>"),
    PIECE("<blockquote>"),
    PIECE("</blockquote>"),
    PIECE("<figure>"),
    PIECE("<figcaption>"),
    PIECE("</figure>"),
    PIECE("<pre>"),
    PIECE("</pre>"),
    PIECE("<listing>"),
    PIECE("<address>"),
    PIECE("</address>"),
    PIECE("<center>"),
    PIECE("<details>"),
    PIECE("<summary>"),
    PIECE("<fieldset>"),
    PIECE("<legend>"),
    PIECE("<label>"),
    PIECE("</label>"),
    PIECE("<sub>"),
    PIECE("</sub>"),
    PIECE("<cite>"),
    PIECE("</cite>"),
    PIECE("<q>"),
    PIECE("<time datetime=2026-01-02>"),
    PIECE("</time>"),
    PIECE("<x-unknown>"),
    PIECE("</x-unknown>"),
    PIECE("<other>"),
    PIECE("</other>"),
    PIECE("<b>"),
    PIECE("</b>"),
    PIECE("<em class=x>"),
    PIECE("</em>"),
    PIECE("<select>"),
    PIECE("<img>"),
    PIECE("<frameset>"),
    PIECE("<plaintext>"),
    PIECE("<ruby><rt>"),
    PIECE("<!doctype html>"),
    PIECE("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" 'x'>"),
    PIECE("<!doctype html public>"),
    PIECE("<!doctype htm>"),
    PIECE("<!doctype html system 'x' y>"),
    PIECE("<!doctype>"),
    PIECE("<!-- c -->"),
    PIECE("<div class='a  b' class=c style='display:none' hidden ID=i>"),
    PIECE("<p class='&eacute;&#8217;&#x110000;&nosuch; &ampx &amp'>"),
    PIECE("<p title='a\">b' class=a\0b>"),
    PIECE(" "),
    PIECE("\n\t"),
    PIECE("text "),
    PIECE("x = 1 < 2 & y > 3 "),
    PIECE(" "),
    PIECE("words"),
    PIECE("words"),
    PIECE("\0"),
    PIECE("\x01\x7F"),
    PIECE("\xC2\x85"),
    PIECE("\xC3"),
    PIECE("\xE2\x82"),
    PIECE("\xEF\xBF\xBF"),
    PIECE("&amp; "),
    PIECE("&ampx "),
    PIECE("&nosuch; "),
    PIECE("&notin; &notit; &not "),
    PIECE("&#160; &#xe9 &#150; &#0; "),
    PIECE("&#xD800; &#1114112; &#; &#x; & &; "),
    PIECE("&acE;&NotEqualTilde; "),
    PIECE("港口停着三艘大船。"),
    PIECE("\xF0\x9F\x98\x80"),
};
enum { PIECES = sizeof pieces / sizeof *pieces, PAGES = 30000, MOST = 30 };

static void hostile_pages_give_the_same_tree(void **state) {
    (void)state;
    unsigned seed = 1;
    const char *more = getenv("TREE_PAGES");
    int pages = more ? atoi(more) : PAGES;
    struct buffer page = BUFFER(1 << 20);
    for (int i = 0; i < pages; i++) {
        buffer_clear(&page);
        for (unsigned left = 1 + random_number(&seed) % MOST; left; left--)
            buffer_add_span(&page, pieces[random_number(&seed) % PIECES]);
        compare_page(buffer_span(&page));
    }
    buffer_free(&page);
}

/* ---------------------------------------------------------------- pages of one's own */

static void add_file(const char *path, struct buffer *page) {
    char bytes[4096];
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("cannot read %s", path);
    for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;) buffer_add(page, bytes, length);
    fclose(file);
}

/* Copies a part of the page to another place, and overwrites some bytes. */
static void mutate(struct buffer *page, unsigned *seed) {
    unsigned length = (unsigned)page->length;
    if (length < 1000) return;
    for (int i = 0; i < 8; i++) {
        size_t size = random_number(seed) % 200, from = random_number(seed) % (length - 200),
               to = random_number(seed) % (length - 200);
        memmove(page->at + to, page->at + from, size);
        page->at[random_number(seed) % length] = "<>\"'/= &a"[random_number(seed) % 9];
    }
}

static void compare_files(int count, char **paths) {
    unsigned seed = 1;
    for (int i = 0; i < count; i++) {
        struct buffer page = BUFFER(1 << 26);
        add_file(paths[i], &page);
        fprintf(stderr, "%s\n", paths[i]);
        for (int j = 0; j < 4; j++) {
            compare_page(buffer_span(&page));
            mutate(&page, &seed);
        }
        buffer_free(&page);
    }
}

static int files_count;
static char **files;

static void files_give_the_same_tree(void **state) {
    (void)state;
    compare_files(files_count, files);
}

int main(int count, char **arguments) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_pages_give_the_same_tree)};
    const struct CMUnitTest own[] = {cmocka_unit_test(files_give_the_same_tree)};
    files_count = count - 1;
    files = arguments + 1;
    return count > 1 ? cmocka_run_group_tests(own, NULL, NULL) : cmocka_run_group_tests(tests, NULL, NULL);
}
