/* A page, a text or what a feed said, to title, stand-first and blocks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/stage.h"
#include "stages/decode/prose.h"
#include "stages/extract/body.h"
#include "stages/extract/date.h"
#include "stages/extract/metadata.h"
#include "stages/extract/plain.h"

struct extractor {
    struct arena *arena;
    struct body_words words;
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
    struct table names = {0}, phrases = {0};
    extractor->arena = arena_new();
    *ret_state = extractor;
    if (table_read(data, "extract/names.tsv", extractor->arena, &names, ret_failure) &&
        table_read(data, "extract/phrases.tsv", extractor->arena, &phrases, ret_failure) &&
        vocabulary_make(&names, extractor->arena, &extractor->words.names, ret_failure) &&
        phrases_make(&phrases, extractor->arena, &extractor->words.phrases, ret_failure) &&
        date_words_read(data, extractor->arena, &extractor->dates, ret_failure) &&
        plain_words_open(data, extractor->dates, extractor->arena, &extractor->plain, ret_failure))
        return true;
    extract_close(extractor);
    return false;
}

static bool looks_like_html(struct span text) {
    struct span head = span_cut(text, 0, 8192);
    static const char *const marks[] = {"<html", "<HTML", "<!doctype", "<!DOCTYPE", "<body", "<p>", "<p ", "<div", "</p>", "<br"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(head, span_of(marks[i])) != SIZE_MAX) return true;
    return false;
}

/* "Headline - Site" and "Headline | Site": the site's part is behind the last separator. */
static struct span without_site(struct span title, struct span site) {
    static const char *const separators[] = {" | ", " - ", " – ", " — ", " :: ", " » "};
    for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
        size_t at = span_find(title, span_of(separators[i]));
        if (at == SIZE_MAX || at < title.length / 3) continue;
        struct span behind = span_cut(title, at + strlen(separators[i]), title.length);
        if (!site.length || span_find(behind, site) != SIZE_MAX || behind.length < 30) return span_cut(title, 0, at);
    }
    return title;
}

/* A first heading that the page's other titles do not know is the site's name or a section's. */
static bool is_confirmed(const struct metadata *metadata) {
    struct span title = metadata->title;
    bool others = metadata->og_title.length || metadata->document_title.length || metadata->headline.length;
    return title.length && (!others || span_find(metadata->og_title, title) != SIZE_MAX ||
                            span_find(metadata->document_title, title) != SIZE_MAX || span_equal(metadata->headline, title));
}

static struct span choose_title(const struct metadata *metadata) {
    if (is_confirmed(metadata)) return metadata->title;
    if (metadata->headline.length) return metadata->headline;
    if (metadata->og_title.length) return without_site(metadata->og_title, metadata->site);
    if (metadata->title.length) return metadata->title;
    return without_site(metadata->document_title, metadata->site);
}

static void fill(struct span *field, struct span value, struct arena *arena) {
    if (field->length == 0 && value.length) *field = arena_copy(arena, value);
}

/* What cannot be read as a date is none. */
static void fill_date(struct span *field, struct span value, const struct extractor *extractor, struct article *article) {
    struct date date;
    if (value.length && date_find(extractor->dates, value, article->feed.language, &date))
        fill(field, span_of(date.iso), article->arena);
}

static void take_metadata(const struct extractor *extractor, struct article *article, const struct metadata *metadata) {
    struct arena *arena = article->arena;
    fill(&article->title.source, choose_title(metadata), arena);
    fill_date(&article->published, metadata->published, extractor, article);
    fill_date(&article->modified, metadata->modified, extractor, article);
    fill(&article->section, metadata->section, arena);
    fill(&article->image, metadata->image, arena);
    fill(&article->canonical, metadata->canonical, arena);
    fill(&article->site, metadata->site, arena);
}

static void take_feed(const struct extractor *extractor, struct article *article) {
    const struct feed_entry *feed = &article->feed;
    fill(&article->title.source, feed->title, article->arena);
    fill_date(&article->published, feed->published, extractor, article);
    fill_date(&article->modified, feed->modified, extractor, article);
    fill(&article->section, feed->section, article->arena);
    if (article->author_count == 0 && feed->author.length) article_add_author(article, feed->author);
}

/* What repeats the headline, or an earlier block, is not said twice. */
static void tidy_blocks(struct article *article) {
    size_t kept = 0;
    for (size_t i = 0; i < article->block_count; i++) {
        struct block block = article->body[i];
        bool again = span_equal(block.text, article->title.source);
        for (size_t j = kept; j-- > 0 && j + 4 > kept && !again;) again = span_equal(block.text, article->body[j].text);
        if (again) continue;
        article->body[kept++] = block;
    }
    while (kept && article->body[kept - 1].kind == BLOCK_HEADING) kept--;
    article->block_count = kept;
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
    if (article->block_count) return GO_ON;
    struct span document = document_of(article);
    struct arena *arena = arena_new();
    if (looks_like_html(document)) {
        struct tree tree = tree_parse(document, arena);
        struct metadata metadata = metadata_read(&tree, article, arena);
        take_metadata(extractor, article, &metadata);
        struct body_clues clues = {metadata.description, metadata.article_body};
        body_read(&tree, &extractor->words, &clues, article, arena);
    } else if (document.length) {
        plain_read(&extractor->plain, document, article);
    }
    take_feed(extractor, article);
    tidy_blocks(article);
    prose_clean(article);
    arena_free(arena);
    size_t letters = body_letters(article), size = document.length;
    article_drop_document(article);
    if (letters || article->title.source.length) return GO_ON;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "no article text was found in %zu bytes of page", size);
    return FAIL;
}

const struct stage stage_extract = {
    .name = "extract",
    .help = "page to title, stand-first and blocks",
    .open = extract_open,
    .close = extract_close,
    .work = extract_work,
};
