/* A page, a text or what a feed said, to title, stand-first and blocks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/selector.h"
#include "config/setting.h"
#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/decode/prose.h"
#include "stages/extract/body.h"
#include "stages/extract/comments.h"
#include "stages/extract/date.h"
#include "stages/extract/date_trust.h"
#include "stages/extract/embedded.h"
#include "stages/extract/headlines.h"
#include "stages/extract/metadata.h"
#include "stages/extract/plain.h"
#include "stages/extract/selected.h"

enum {
    LITTLE_TEXT = 100,   /* bytes: less is taken for no article */
    SHORTEST_PIECE = 60, /* characters: less may well be said twice in a row */
    LONGEST_PIECE = 4,   /* blocks */
    TOP_BLOCKS = 2       /* further down, the words of the headline are an answer or a refrain */
};

struct extractor {
    struct arena *arena;
    struct vocabulary names;
    struct phrases phrases, comments;
    struct author_words *authors;
    struct date_words *dates;
    struct plain_words plain;
};

static void extract_close(void *state) {
    struct extractor *extractor = state;
    plain_words_close(&extractor->plain);
    arena_free(extractor->arena);
    free(extractor);
}

static bool extract_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct extractor *extractor = memory_take(sizeof *extractor);
    const char *data = context->data_folder;
    struct table names = {0}, phrases = {0}, comments = {0}, bylines = {0};
    extractor->arena = arena_new();
    *ret_state = extractor;
    if (table_read(data, "extract/names.tsv", extractor->arena, &names, ret_failure) &&
        table_read(data, "extract/phrases.tsv", extractor->arena, &phrases, ret_failure) &&
        table_read(data, "extract/comments.tsv", extractor->arena, &comments, ret_failure) &&
        table_read(data, "extract/bylines.tsv", extractor->arena, &bylines, ret_failure) &&
        vocabulary_make(&names, extractor->arena, &extractor->names, ret_failure) &&
        phrases_make(&phrases, extractor->arena, &extractor->phrases, ret_failure) &&
        phrases_make(&comments, extractor->arena, &extractor->comments, ret_failure) &&
        author_words_make(&bylines, extractor->arena, &extractor->authors, ret_failure) &&
        date_words_read(data, extractor->arena, &extractor->dates, ret_failure) &&
        plain_words_open(data, extractor->dates, &extractor->phrases, extractor->arena, &extractor->plain, ret_failure))
        return true;
    extract_close(extractor);
    return false;
}

static bool looks_like_html(struct span text) {
    struct span head = span_cut(text, 0, 8192);
    static const char *const marks[] = {"<html", "<HTML", "<!doctype", "<!DOCTYPE", "<body",
                                        "<p>",   "<p ",   "<div",      "</p>",      "<br"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(head, span_of(marks[i])) != SIZE_MAX) return true;
    return false;
}

/* Pages name addresses as they like: relative ones are resolved, and what is not http: or https: is none. */
static void take_address(struct article *article, enum metadata_field field, struct stated value) {
    struct span base = url_is_remote(article->origin.address) ? article->origin.address : SPAN("");
    struct span address = value.text.length ? url_resolve(base, value.text, article->arena) : value.text;
    if (url_is_remote(address)) article_take_field(article, field, address, value.from);
}

/* What cannot be read as a date, or cannot be one, is none. Seconds of a clock are for machines to write. */
static void take_date(struct article *article, enum metadata_field field, struct stated value, struct span language,
                      const struct extractor *extractor) {
    struct date date;
    bool written = !span_is(value.from, METADATA_NEAR);
    if (!(written && date_epoch(value.text, &date)) && !date_find(extractor->dates, value.text, language, &date))
        return;
    if (date_is_credible(span_of(date.iso), article->origin.collected))
        article_take_field(article, field, span_of(date.iso), value.from);
}

static void take_authors(struct article *article, const struct authors *authors) {
    if (article->author_count) return;
    article_note_field(article, FIELD_AUTHORS, authors->from);
    for (size_t i = 0; i < authors->person_count; i++) article_add_author(article, authors->people[i]);
    for (size_t i = 0; i < authors->organization_count; i++) article_add_author(article, authors->organizations[i]);
    for (size_t i = 0; i < authors->handle_count; i++) article_add_author(article, authors->handles[i]);
}

static void take_metadata(const struct extractor *extractor, struct article *article, const struct metadata *metadata) {
    struct span language = article->feed.language.length ? article->feed.language : metadata->language.text;
    article_take_field(article, FIELD_TITLE, metadata->title.text, metadata->title.from);
    for (size_t i = 0; i < metadata->date_count && article->published.length == 0; i++)
        take_date(article, FIELD_PUBLISHED, metadata->dates[i], language, extractor);
    take_date(article, FIELD_MODIFIED, metadata->modified, language, extractor);
    article_take_field(article, FIELD_SECTION, metadata->section.text, metadata->section.from);
    take_address(article, FIELD_IMAGE, metadata->image);
    take_address(article, FIELD_CANONICAL, metadata->canonical);
    article_take_field(article, FIELD_SITE, metadata->site.text, metadata->site.from);
    if (metadata->linked.paywalled) article->paywalled = true;
}

/* A page that a script writes in the browser shows nothing; its article may stand in the script's data. */
static void read_embedded(const struct extractor *extractor, struct span document, const struct body_clues *clues,
                          struct article *article, struct arena *arena) {
    struct span inside = embedded_article(document, arena);
    if (inside.length == 0) return;
    struct tree tree = tree_parse(inside, arena);
    struct page page = page_read(&tree, &extractor->names, arena);
    article->block_count = 0;
    body_read(&page, &extractor->phrases, extractor->plain.marks, clues, article);
}

/* Of what comes from this machine only mails have a type. */
static bool is_page(const struct article *article) {
    bool is_mail = article->origin.content_type.length && !url_is_remote(article->origin.address);
    return article->text.length && !article->origin.is_feed_text && !is_mail;
}

static const struct selector *selector_of(const struct article *article) {
    return article->source_settings ? setting_selector(article->source_settings, "article") : NULL;
}

/* The user's word for where it stands goes before all that the page seems to say; when that place is gone, the usual
 * way is still better than nothing. */
static size_t read_body(const struct extractor *extractor, struct page *page, const struct body_clues *clues,
                        struct article *article) {
    const struct selector *selector = selector_of(article);
    size_t taken = selector ? selected_read(page, selector, article) : 0;
    if (taken) return taken > LITTLE_TEXT ? taken : LITTLE_TEXT;
    if (selector && is_page(article) && article->origin.note.length == 0)
        article->origin.note =
            arena_print(article->arena, "article = %.*s finds nothing on this page", SPAN_ARGS(selector->written));
    article->block_count = 0;
    return body_read(page, &extractor->phrases, extractor->plain.marks, clues, article);
}

static void read_page(const struct extractor *extractor, struct span document, struct article *article,
                      struct arena *arena) {
    struct tree tree = tree_parse_keeping(document, selected_attributes(selector_of(article), arena), arena);
    struct metadata metadata = metadata_read(&tree, article->origin.address, arena);
    struct page page = page_read(&tree, &extractor->names, arena);
    headlines_read(&page, &metadata.titles);
    metadata.title.text = titles_choose(&metadata.titles, arena, &metadata.title.from);
    page_find_headline(&page, metadata.title.text);
    comments_leave_out(&page, &extractor->comments, metadata.linked.comments);
    struct authors authors = metadata_authors(&metadata, &page, extractor->authors);
    struct body_clues clues = {metadata.descriptions, metadata.linked.body, is_page(article)};
    metadata_add_dates(&metadata, &page, article->origin.address);
    take_metadata(extractor, article, &metadata);
    take_authors(article, &authors);
    if (read_body(extractor, &page, &clues, article) < LITTLE_TEXT)
        read_embedded(extractor, document, &clues, article, arena);
}

static void take_feed(const struct extractor *extractor, struct article *article) {
    const struct feed_entry *feed = &article->feed;
    const struct span from = SPAN("feed");
    article_take_field(article, FIELD_TITLE, feed->title, from);
    take_date(article, FIELD_PUBLISHED, (struct stated){feed->published, from}, feed->language, extractor);
    take_date(article, FIELD_MODIFIED, (struct stated){feed->modified, from}, feed->language, extractor);
    article_take_field(article, FIELD_SECTION, feed->section, from);
    if (article->author_count || !feed->author.length) return;
    struct span rest = feed->author, name;
    while (span_next(&rest, '\n', &name)) article_add_author(article, name);
    article_note_field(article, FIELD_AUTHORS, from);
}

/* Once as a stand-first, pull quote or caption, and once more as text. */
static bool is_said_otherwise(const struct block *block, const struct block *before) {
    return span_equal(block->text, before->text) && (block->kind != before->kind || block->kind == BLOCK_CAPTION);
}

/* Pages print a piece of text twice in a row, for narrow and for wide screens. People say the same thing twice, too:
 * answers, results and items of lists stay, and so does whatever has other text in between. */
static bool is_printed_twice(const struct block *first, size_t count) {
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) {
        const struct block *before = &first[i], *block = &first[i + count];
        if (block->kind == BLOCK_LIST_ITEM || block->kind == BLOCK_TABLE_ROW) return false;
        if (block->kind != before->kind || !span_equal(block->text, before->text)) return false;
        letters += text_count(block->text);
    }
    return letters >= SHORTEST_PIECE;
}

static bool is_said_already(const struct article *article, size_t kept, const struct block *block) {
    bool top = kept < TOP_BLOCKS || block->kind == BLOCK_HEADING || block->kind == BLOCK_CAPTION;
    if (top && span_equal(block->text, article->title.source)) return true;
    for (size_t j = kept; j-- > 0 && j + 4 > kept;)
        if (is_said_otherwise(block, &article->body[j])) return true;
    return false;
}

/* What repeats the headline, or was printed twice, is not said twice. */
static void tidy_blocks(struct article *article) {
    struct block *body = article->body;
    size_t kept = 0;
    for (size_t i = 0; i < article->block_count; i++) {
        struct block block = body[i];
        if (is_said_already(article, kept, &block)) continue;
        body[kept++] = block;
        for (size_t count = 1; count <= LONGEST_PIECE && count * 2 <= kept; count++)
            if (is_printed_twice(&body[kept - 2 * count], count)) kept -= count;
    }
    while (kept && body[kept - 1].kind == BLOCK_HEADING) kept--;
    article->block_count = kept;
}

/* A second look, or a repetition, may have done away with the stand-first. */
static void tidy_evidence(struct article *article) {
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind == BLOCK_STANDFIRST) return;
    article->metadata_evidence[FIELD_STANDFIRST] = (struct span){NULL, 0};
}

static size_t body_letters(const struct article *article) {
    size_t letters = 0;
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].kind != BLOCK_CAPTION) letters += article->body[i].text.length;
    return letters;
}

static struct span document_of(const struct article *article) {
    if (article->text.length) return article->text;
    return article->feed.content.length ? article->feed.content : article->feed.summary;
}

static enum outcome extract_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct extractor *extractor = state;
    if (article->block_count) return STAGE_CONTINUE;
    struct span document = document_of(article);
    struct arena *arena = arena_new();
    if (looks_like_html(document)) {
        read_page(extractor, document, article, arena);
    } else if (document.length) {
        plain_read(&extractor->plain, document, article);
    }
    take_feed(extractor, article);
    tidy_blocks(article);
    tidy_evidence(article);
    prose_clean(article);
    arena_free(arena);
    size_t letters = body_letters(article), size = document.length;
    article_drop_document(article);
    if (letters || article->title.source.length) return STAGE_CONTINUE;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "no article text was found in %zu bytes of page", size);
    return STAGE_FAIL;
}

const struct stage stage_extract = {
    .name = "extract",
    .help = "page to title, stand-first and blocks",
    .open = extract_open,
    .close = extract_close,
    .work = extract_work,
};
