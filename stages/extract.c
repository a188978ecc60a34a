/* The extract stage: turns a web page, a plain text or a feed's text into a title, a stand-first and blocks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/selector.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/decode/prose.h"
#include "stages/extract/banner.h"
#include "stages/extract/content.h"
#include "stages/extract/embedded.h"
#include "stages/extract/fields.h"
#include "stages/extract/metadata.h"
#include "stages/extract/page_authors.h"
#include "stages/extract/prepared.h"
#include "stages/extract/selected.h"
#include "stages/extract/tidy.h"
#include "stages/formats/feed.h"
#include "stages/formats/feed_page.h"
#include "stages/formats/next_page.h"

enum {
    LITTLE_TEXT = 100,
    SHORT_TEXT = 300
}; /* widths in columns: less than LITTLE_TEXT is not an article; less than SHORT_TEXT may be only part of one */

static void extract_close(void *state) {
    struct extract_tables *extractor = state;
    extract_tables_close(extractor);
    free(extractor);
}

static bool extract_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct extract_tables *extractor = memory_take(sizeof *extractor);
    *ret_state = extractor;
    if (extract_tables_open(context->data_folder, extractor, ret_failure)) return true;
    extract_close(extractor);
    return false;
}

/* Searches only the beginning of the text, so that the time does not grow with the document. */
static bool looks_like_html(struct span text) {
    struct span head = span_cut(text, 0, 8192);
    static const char *const marks[] = {"<html", "<HTML", "<!doctype", "<!DOCTYPE", "<body",
                                        "<p>",   "<p ",   "<div",      "</p>",      "<br"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(head, span_of(marks[i])) != SIZE_MAX) return true;
    return false;
}

/* Used if a script builds the page in the browser: the article may then be in the data of the script. */
static void read_embedded(const struct extract_tables *extractor, struct span document, const struct body_clues *clues,
                          struct article *article, struct arena *arena) {
    struct span inside = embedded_article(document, arena);
    if (inside.length == 0) return;
    struct tree tree = tree_parse(inside, arena);
    struct page page = page_read(&tree, &extractor->names, extractor->plain.marks, arena);
    article->block_count = 0;
    struct body_tables tables = extract_tables_body(extractor);
    tables.lines = NULL; /* it was not trained on such pieces of pages */
    body_read(&page, &tables, clues, article);
}

static const struct selector *selector_of(const struct article *article) {
    if (!article->source_section) return NULL;
    const struct source_settings *settings = section_values(article->source_section);
    return settings->article;
}

/* Prefers the selector that the user has configured to anything that the page suggests. If it matches nothing, the
 * article is found in the usual way, because that is better than having no text. */
static size_t read_body(const struct extract_tables *extractor, struct page *page, const struct body_clues *clues,
                        struct article *article) {
    const struct selector *selector = selector_of(article);
    size_t taken = selector ? selected_read(page, selector, article) : 0;
    if (taken) return taken > LITTLE_TEXT ? taken : LITTLE_TEXT;
    if (selector && prepared_is_page(article) && article->origin.note.length == 0)
        article->origin.note = arena_print(article->arena, "the selector 'article = %.*s' matches nothing on this page",
                                           SPAN_ARGS(selector->written));
    article->block_count = 0;
    struct body_tables tables = extract_tables_body(extractor);
    return body_read(page, &tables, clues, article);
}

/* Takes the entries of a live blog from the JSON-LD, unless the page itself shows at least half of their text. */
static void take_updates(const struct linked_article *linked, size_t taken, struct article *article) {
    size_t told = 0;
    for (size_t i = 0; i < linked->update_count; i++) told += text_columns(linked->updates[i].body);
    if (taken * 2 >= told) return;
    article->block_count = 0;
    for (size_t i = 0; i < linked->update_count; i++) {
        body_add_data(BLOCK_HEADING, linked->updates[i].headline, article);
        body_add_data(BLOCK_PARAGRAPH, linked->updates[i].body, article);
    }
}

/* Drops the short line that contains a "next page" link, such as "Page 1 of 3, next": it is not part of the article. */
static void drop_page_turner(const struct page *page, struct article *article) {
    enum { LONGEST = 100, MAX_LINKS = 8 };
    int found = 0;
    for (int i = 0; i < (int)page->tree->count && found < MAX_LINKS; i++) {
        const struct node *node = &page->tree->nodes[i];
        size_t first, end;
        if (node->tag != TAG_A || !span_is_ascii_fold(node_attribute(node, "rel"), "next")) continue;
        found++;
        page_lines_of(page, i, &first, &end);
        if (first && page->tree->nodes[page->lines[first - 1].node].end > i) first--;
        struct span text = first < page->line_count ? page->lines[first].text : SPAN("");
        for (size_t j = article->block_count; j-- > 0 && text.length < LONGEST;)
            if (span_equal(article->body[j].text, text)) article_remove_block(article, j);
    }
}

/* Takes the text from the data in the page's scripts, which may hold it even if a paywall hides it. If the page shows
 * an article, the data must hold more than twice as much text, because a short text there may be only the description.
 */
static bool take_data(const struct extract_tables *extractor, struct span document, const struct metadata *metadata,
                      size_t taken, struct article *article) {
    size_t least = content_is_article(article->content) ? 2 * taken : 0;
    size_t stated = text_columns(metadata->linked.body);
    if (stated > SHORT_TEXT && stated > least) {
        article->block_count = 0;
        body_add_data(BLOCK_PARAGRAPH, metadata->linked.body, article);
        return true;
    }
    return page_data_read(extractor->data_names, document, least, article);
}

/* Reads the page without its consent banner. A banner longer than the article makes the page look like a wall. */
static void read_beside_banner(const struct extract_tables *extractor, struct page *page,
                               const struct metadata *metadata, const struct body_clues *clues,
                               struct article *article) {
    if (!banner_leave_out(page, &extractor->signs)) return;
    article->block_count = 0;
    read_body(extractor, page, clues, article);
    tidy_blocks(article);
    enum content content = content_judge(&extractor->signs, page, metadata, article);
    if (content_is_article(content)) article->content = content;
}

/* Returns the descriptions of the page. */
static struct span read_page(const struct extract_tables *extractor, struct span document, struct article *article,
                             struct arena *arena) {
    struct prepared prepared;
    prepared_read(extractor, document, selected_attributes(selector_of(article), arena), article, arena, &prepared);
    const struct metadata *metadata = &prepared.metadata;
    const struct body_clues *clues = &prepared.clues;
    struct page *page = &prepared.page;
    size_t taken = read_body(extractor, page, clues, article);
    if (taken < LITTLE_TEXT) read_embedded(extractor, document, clues, article, arena);
    page_authors_sign(metadata, article, &prepared.bylines, arena, &prepared.authors);
    if (!prepared.named && prepared.authors.person_count) fields_replace_authors(&prepared.authors, article);
    take_updates(&metadata->linked, taken, article);
    drop_page_turner(page, article);
    tidy_blocks(article);
    if (!clues->is_page) return metadata->descriptions;
    article->content = content_judge(&extractor->signs, page, metadata, article);
    if (article->content == CONTENT_CONSENT) read_beside_banner(extractor, page, metadata, clues, article);
    bool whole = content_is_complete(article->content) && article->content != CONTENT_VIDEO;
    if ((!whole || taken < SHORT_TEXT) && take_data(extractor, document, metadata, taken, article)) {
        tidy_blocks(article);
        article->content = content_judge(&extractor->signs, page, metadata, article);
    }
    return metadata->descriptions;
}

static bool has_text(const struct article *article) {
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind != BLOCK_CAPTION && article->body[i].text.length) return true;
    return false;
}

/* Returns the page or, if no page was fetched, the text that the feed has for the article. */
static struct span document_of(const struct article *article) {
    if (article->text.length) return article->text;
    return article->feed.content.length ? article->feed.content : article->feed.summary;
}

/* ---------------------------------------------------------------- what is used instead of an article */

static void note_substitute(struct article *article, const char *what) {
    struct span sentence = content_sentence(article->content);
    article->origin.truncated = true;
    article->origin.note = arena_print(article->arena, "%.*s; %s.", SPAN_ARGS(sentence), what);
}

/* Replaces what was read from the page with the feed's text or, if there is none, with the feed's headline alone. */
static bool take_feed_text(const struct extract_tables *extractor, struct article *article, struct arena *arena) {
    struct span page = feed_page(&article->feed, arena);
    if (!page.length && !article->feed.title.length) return false;
    article_forget_page(article);
    article->origin.is_feed_text = true;
    if (article->feed_encoding.name.length) article->encoding = article->feed_encoding;
    fields_take_feed(extractor->dates, article);
    note_substitute(article, page.length ? "this text is from the feed" : "this headline is from the feed");
    if (page.length) read_page(extractor, page, article, arena);
    return true;
}

/* Takes the description as text, except that of an error page, which describes the error. */
static bool take_description(struct article *article, struct span descriptions) {
    bool own = article->content == CONTENT_EMPTY || article->content == CONTENT_CONSENT ||
               article->content == CONTENT_LOGIN || article->content == CONTENT_SCRIPT;
    struct span description = {NULL, 0}, rest = descriptions;
    while (own && !description.length && span_next(&rest, '\n', &description)) description = span_trim(description);
    article->block_count = 0;
    if (!description.length) return false;
    body_add_data(BLOCK_PARAGRAPH, description, article);
    note_substitute(article, "this text is the page's description");
    return true;
}

/* Takes the feed's text or the page's description, unless the record already has one of these from an earlier run. */
static void take_substitute(const struct extract_tables *extractor, struct article *article, struct span descriptions,
                            struct arena *arena) {
    if (!article->asked_again && (take_feed_text(extractor, article, arena) || take_description(article, descriptions)))
        return;
    article->block_count = 0;
}

/* ---------------------------------------------------------------- further pages */

/* Takes the next page from `rest`, which holds several pages separated by `mark`. Returns false after the last one. */
static bool next_page_text(struct span *rest, struct span mark, struct span *ret_page) {
    size_t end = span_find(*rest, mark);
    if (!rest->length) return false;
    *ret_page = span_cut(*rest, 0, end);
    *rest = end == SIZE_MAX ? SPAN("") : span_cut(*rest, end + mark.length, rest->length);
    return true;
}

/* Used to skip what a further page repeats from the first page, such as the stand-first and captions. The values are
 * the blocks. */
static struct hash_table blocks_of(const struct article *article, struct arena *arena) {
    struct hash_table blocks = HASH_TABLE(arena);
    for (size_t i = 0; i < article->block_count; i++) hash_table_set(&blocks, article->body[i].text, &article->body[i]);
    return blocks;
}

/* Appends the text of a further page. Returns false if the page holds no article or nothing new. */
static bool add_page(const struct extract_tables *extractor, struct span document, struct article *article,
                     struct arena *arena) {
    struct article *page = article_new();
    page->origin.address = article->origin.address;
    page->title.source = article->title.source;
    page->text = document;
    read_page(extractor, document, page, arena);
    bool held = content_is_article(page->content) && has_text(page);
    bool again = true; /* whether all blocks of this page so far are also on the first page */
    struct hash_table known = blocks_of(article, arena);
    for (size_t i = 0; i < page->block_count && held; i++) {
        const struct block *block = &page->body[i];
        again = again && hash_table_find(&known, block->text);
        if (!again) article_add_block(article, block->kind, arena_copy(article->arena, block->text));
    }
    article_free(page);
    return held && !again;
}

/* Returns the address against which links to further pages are resolved. An article read from a file has no address, so
 * one is made up from the name of the file. */
static struct span base_of(const struct article *article) {
    struct span address = article->origin.address, name = {NULL, 0}, piece;
    if (article->origin.landed.length) return article->origin.landed;
    if (url_is_remote(address)) return address;
    if (article->canonical.length) return article->canonical;
    while (span_next(&address, '/', &piece)) name = piece;
    return arena_print(article->arena, "http://file.invalid/%.*s", SPAN_ARGS(name));
}

/* Appends the further pages that were collected. Marks the article as partial if one of these could not be read, or if
 * the last one links to another page. */
static void read_further(const struct extract_tables *extractor, struct span last, struct span rest,
                         struct article *article, struct arena *arena) {
    struct span base = base_of(article), page;
    size_t count = 1;
    bool held = true;
    while (held && next_page_text(&rest, article_page_mark(article), &page)) {
        held = add_page(extractor, page, article, arena);
        last = page;
        count++;
    }
    struct span here = article->origin.last_page.length ? article->origin.last_page : base;
    bool more = !held || next_page_find(last, here, base, count + 1, arena).length;
    if (more && content_is_complete(article->content)) article->content = CONTENT_PART;
}

/* Decides by the first page alone whether the document is an article; further pages can only add to it. */
static void read_html(const struct extract_tables *extractor, struct span document, struct article *article,
                      struct arena *arena) {
    struct span first, rest = document;
    if (!next_page_text(&rest, article_page_mark(article), &first)) return;
    struct span descriptions = read_page(extractor, first, article, arena);
    if (content_is_article(article->content)) read_further(extractor, first, rest, article, arena);
    if (!content_is_article(article->content))
        take_substitute(extractor, article, descriptions, arena);
    else if (article->content != CONTENT_WHOLE && !article->origin.note.length)
        article->origin.note = arena_print(article->arena, "%.*s.", SPAN_ARGS(content_sentence(article->content)));
}

/* Reports that the page holds no text, and that the feed and the page's metadata offer no text to use instead. */
static enum outcome fail_without_text(const struct article *article, size_t size, struct failure *ret_failure) {
    struct span sentence = content_sentence(article->content);
    if (article->content == CONTENT_WHOLE || article->content == CONTENT_EMPTY)
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "no article text was found in the page (%zu byte%s)", size,
                    PLURAL(size));
    else
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%.*s, and no other text of the article is available",
                    SPAN_ARGS(sentence));
    return STAGE_FAIL;
}

/* The part of the page that has arrived holds no text, so the whole page is fetched in a later run. */
static enum outcome wait_for_whole(struct article *article, struct failure *ret_failure) {
    struct span host = text_clip(url_host(article->origin.address, article->arena), 100);
    article_forget_page(article);
    article->origin.truncated = article->origin.is_cut_off = false;
    article->origin.note = SPAN("");
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                "%.*s sent only a part of the page, which has no text of the article: try again later",
                SPAN_ARGS(host));
    failure_blame(ret_failure, CAUSE_NETWORK, host);
    return STAGE_FAIL;
}

/* Rejects XML that is not an article, such as an error reply of a file store or the data of a program. Called only for
 * documents without any HTML tag, so XHTML and XML formats for articles are read as pages. */
static bool is_bare_xml(struct span document, struct failure *ret_failure) {
    struct span root = feed_xml_root(document);
    if (!root.length || element_named(root) != ELEMENT_UNKNOWN) return false;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                "the document is XML without an article (root element <%.*s>)%s", SPAN_ARGS(text_clip(root, 80)),
                feed_is(document) ? "; to read it as a feed, set kind = feed" : "");
    return true;
}

/* Frees the document as soon as the blocks are made, because it is by far the largest part of an article. */
static enum outcome extract_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct extract_tables *extractor = state;
    if (article->block_count) return STAGE_CONTINUE;
    struct span document = document_of(article);
    if (!looks_like_html(document) && is_bare_xml(document, ret_failure)) return STAGE_FAIL;
    struct arena *arena = arena_new();
    article->content = CONTENT_WHOLE;
    if (looks_like_html(document)) {
        read_html(extractor, document, article, arena);
    } else if (document.length) {
        plain_read(&extractor->plain, document, article);
    }
    fields_take_feed(extractor->dates, article);
    tidy_blocks(article);
    tidy_evidence(article);
    prose_clean(article);
    arena_free(arena);
    size_t size = document.length;
    article_drop_document(article);
    if (content_is_article(article->content)) article->asked_again = false;
    if (article->origin.is_cut_off && !has_text(article)) return wait_for_whole(article, ret_failure);
    bool known = article->title.source.length && (content_is_article(article->content) || article->origin.note.length);
    /* Without text, a headline is enough if the page is an article or a note explains why there is no text. */
    if (has_text(article) || known) return STAGE_CONTINUE;
    bool own_title = article->content <= CONTENT_CONSENT || article->content == CONTENT_SCRIPT;
    if (!own_title) article_forget_page(article); /* a headline such as "Error 404" must not be shown */
    return fail_without_text(article, size, ret_failure);
}

const struct stage stage_extract = {
    .name = "extract",
    .help = "find the title, stand-first and text blocks of a page",
    .open = extract_open,
    .close = extract_close,
    .work = extract_work,
};
