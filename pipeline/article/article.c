#include "pipeline/article/article.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/article/answers.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"

/* The names below are used in records, so changing one breaks existing files. */
static const char *const block_kinds[] = {[BLOCK_STANDFIRST] = "stand-first", [BLOCK_HEADING] = "heading",
                                          [BLOCK_PARAGRAPH] = "paragraph",    [BLOCK_QUOTE] = "quote",
                                          [BLOCK_LIST_ITEM] = "list-item",    [BLOCK_TABLE_ROW] = "table-row",
                                          [BLOCK_CAPTION] = "caption"};
static const char *const segment_statuses[] = {
    [SEGMENT_NEW] = "new", [SEGMENT_OK] = "ok", [SEGMENT_SUSPECT] = "suspect", [SEGMENT_FAILED] = "failed"};
static const char *const severities[] = {
    [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
static const char *const article_statuses[] = {
    [ARTICLE_NEW] = "new",       [ARTICLE_COMPLETE] = "complete", [ARTICLE_PARTIAL] = "partial",
    [ARTICLE_FAILED] = "failed", [ARTICLE_SKIPPED] = "skipped",   [ARTICLE_DUPLICATE] = "duplicate"};
static const char *const contents[] = {
    [CONTENT_WHOLE] = "whole",     [CONTENT_EMPTY] = "empty",         [CONTENT_CONSENT] = "consent-wall",
    [CONTENT_CAPTCHA] = "captcha", [CONTENT_LOGIN] = "login-wall",    [CONTENT_SCRIPT] = "script-wall",
    [CONTENT_REFUSED] = "refused", [CONTENT_NOT_FOUND] = "not-found", [CONTENT_SERVER_ERROR] = "server-error",
    [CONTENT_TEASER] = "teaser",   [CONTENT_PART] = "part",           [CONTENT_LIVE] = "live-blog",
    [CONTENT_VIDEO] = "video",     [CONTENT_GALLERY] = "gallery"};

#define NAMES(array)                                                                                                   \
    { .at = (array), .count = sizeof(array) / sizeof *(array) }
const struct names block_kind_names = NAMES(block_kinds), segment_status_names = NAMES(segment_statuses),
                   severity_names = NAMES(severities), article_status_names = NAMES(article_statuses),
                   content_names = NAMES(contents);

const char *segment_status_name(enum segment_status status) {
    return segment_statuses[status];
}

const char *severity_name(enum severity severity) {
    return severities[severity];
}

const char *article_status_name(enum article_status status) {
    return article_statuses[status];
}

bool content_is_article(enum content content) {
    /* Relies on the order of enum content, in which all kinds of pages without an article are between CONTENT_WHOLE and
     * CONTENT_TEASER. */
    return content == CONTENT_WHOLE || content >= CONTENT_TEASER;
}

/* Pages of live blogs, videos and galleries contain all of their text, so they count as complete. */
bool content_is_complete(enum content content) {
    return content_is_article(content) && content != CONTENT_TEASER && content != CONTENT_PART;
}

struct article *article_new(void) {
    struct arena *arena = arena_new();
    /* The article lives in its own arena, so freeing the arena frees it as well. */
    struct article *article = arena_take(arena, sizeof *article);
    article->arena = arena;
    /* -1 means none, because 0 is the index of the first provider. */
    article->title.translated_by = -1;
    article->summary.summarized_by = -1;
    return article;
}

void article_free(struct article *article) {
    if (!article) return;
    arena_free(article->document);
    arena_free(article->arena);
}

struct arena *article_document(struct article *article) {
    if (!article->document) article->document = arena_new();
    return article->document;
}

void article_drop_document(struct article *article) {
    arena_free(article->document);
    article->document = NULL;
    /* The members cleared here pointed into the arena that has been freed. */
    article->origin.raw = article->text = (struct span){NULL, 0};
    article->origin.capture = NULL;
}

void article_forget_page(struct article *article) {
    /* Only the counts are reset. The arrays stay allocated, because the text from the feed may be stored in them
     * next. */
    article->block_count = article->author_count = 0;
    article->title.source = article->published = article->modified = article->section = article->image =
        article->image_caption = article->canonical = (struct span){NULL, 0};
    memset(article->metadata_evidence, 0, sizeof article->metadata_evidence);
}

/* The line breaks separate the comment from the last word of one page and the first word of the next. */
struct span article_page_mark(const struct article *article) {
    return arena_print(article->arena, "\n<!-- next page of %.*s -->\n", SPAN_ARGS(article->origin.raw_sha256));
}

void article_id(struct span identity, char ret_id[33]) {
    char hex[65];
    sha256_hex(identity, hex);
    memcpy(ret_id, hex, 32);
    ret_id[32] = '\0';
}

void article_identify(struct article *article, struct span identity) {
    article->origin.identity = arena_copy(article->arena, identity);
    article_id(identity, article->id);
}

struct block *article_add_block(struct article *article, enum block_kind kind, struct span text) {
    article->body = arena_grow(article->arena, article->body, article->block_count, &article->block_capacity,
                               sizeof *article->body);
    struct block *block = &article->body[article->block_count++];
    *block = (struct block){.kind = kind, .text = text};
    return block;
}

void article_remove_block(struct article *article, size_t block) {
    struct block *at = &article->body[block];
    memmove(at, at + 1, (--article->block_count - block) * sizeof *at);
}

struct segment *article_add_segment(struct article *article, struct block *block, struct span source) {
    block->segments = arena_grow(article->arena, block->segments, block->segment_count, &block->segment_capacity,
                                 sizeof *block->segments);
    struct segment *segment = &block->segments[block->segment_count++];
    *segment = (struct segment){.source = source, .translated_by = -1};
    return segment;
}

void article_add_finding(struct article *article, struct segment *segment, const char *check, enum severity severity,
                         struct span message) {
    segment->findings = arena_grow(article->arena, segment->findings, segment->finding_count,
                                   &segment->finding_capacity, sizeof *segment->findings);
    segment->findings[segment->finding_count++] =
        (struct finding){.check = check, .severity = severity, .message = arena_copy(article->arena, message)};
}

void encoding_note(struct encoding *encoding, struct arena *arena, const char *from, struct span says) {
    encoding->evidence = arena_grow(arena, encoding->evidence, encoding->evidence_count, &encoding->evidence_capacity,
                                    sizeof *encoding->evidence);
    encoding->evidence[encoding->evidence_count++] =
        (struct evidence){.from = arena_copy(arena, span_of(from)), .says = arena_copy(arena, says)};
}

void encoding_note_repair(struct encoding *encoding, struct arena *arena, const char *kind, size_t count,
                          size_t paragraph) {
    encoding->repairs = arena_grow(arena, encoding->repairs, encoding->repair_count, &encoding->repair_capacity,
                                   sizeof *encoding->repairs);
    encoding->repairs[encoding->repair_count++] =
        (struct repair){.kind = arena_copy(arena, span_of(kind)), .count = count, .paragraph = paragraph};
}

void article_add_repair(struct article *article, const char *kind, size_t count, size_t paragraph) {
    encoding_note_repair(&article->encoding, article->arena, kind, count, paragraph);
}

void article_take_encoding(struct article *article, const struct encoding *container) {
    struct encoding *own = &article->encoding;
    *own = (struct encoding){.name = arena_copy(article->arena, container->name), .certainty = container->certainty};
    for (size_t i = 0; i < container->evidence_count; i++)
        encoding_note(own, article->arena, container->evidence[i].from.at, container->evidence[i].says);
    /* A paragraph number of the container (feed or mailbox) does not apply to the item, so 0 (the whole text) is
     * stored. */
    for (size_t i = 0; i < container->repair_count; i++)
        article_add_repair(article, container->repairs[i].kind.at, container->repairs[i].count, 0);
}

void article_add_author(struct article *article, struct span name) {
    article->authors = arena_grow(article->arena, article->authors, article->author_count, &article->author_capacity,
                                  sizeof *article->authors);
    article->authors[article->author_count++] = arena_copy(article->arena, name);
}

void article_note_field(struct article *article, enum metadata_field field, struct span from) {
    arena_fill(article->arena, &article->metadata_evidence[field], from);
}

void article_take_field(struct article *article, enum metadata_field field, struct span value, struct span from) {
    struct span *const fields[METADATA_FIELDS] = {
        [FIELD_TITLE] = &article->title.source, [FIELD_PUBLISHED] = &article->published,
        [FIELD_MODIFIED] = &article->modified,  [FIELD_SECTION] = &article->section,
        [FIELD_IMAGE] = &article->image,        [FIELD_CANONICAL] = &article->canonical,
        [FIELD_SITE] = &article->site};
    /* Callers try the most reliable place first, so the first value wins. */
    if (!fields[field] || fields[field]->length || !value.length) return;
    *fields[field] = arena_copy(article->arena, value);
    article_note_field(article, field, from);
}

/* Resets a failed segment to new, so that all services of its route are asked again. */
static void reopen_segment(struct segment *segment) {
    /* Existing translations are kept, because they have been paid for. */
    if (segment->status != SEGMENT_FAILED) return;
    segment->status = SEGMENT_NEW;
    segment->target = (struct span){NULL, 0};
    segment->finding_count = 0;
    segment->translated_by = -1;
    segment->tried = segment->unknown_words = 0;
    segment->judged = segment->from_memory = segment->copied = false;
    segment_forget_accepted(segment);
}

size_t article_notes(const struct article *article, struct span ret_notes[ARTICLE_NOTES]) {
    size_t count = 0;
    if (article->origin.note.length) ret_notes[count++] = article->origin.note;
    if (article->note.length) ret_notes[count++] = article->note;
    return count;
}

bool article_has_content(const struct article *article) {
    return article->origin.raw.length || article->text.length || article->block_count || article->title.source.length;
}

void article_reopen(struct article *article) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) reopen_segment(walk.segment);
    article->status = ARTICLE_NEW;
    article->note = (struct span){NULL, 0};
    article->failure = (struct failure){0};
    /* A summary may cite segments that will be translated again, so it has to be created again. */
    article->summary = (struct summary){.summarized_by = -1};
}

static bool provider_equal(const struct provider *a, const struct provider *b) {
    return span_equal(a->service, b->service) && span_equal(a->kind, b->kind) && span_equal(a->model, b->model) &&
           span_equal(a->prompt, b->prompt) && span_equal(a->glossary, b->glossary);
}

int article_add_provider(struct article *article, const struct provider *provider) {
    /* An article has a handful of providers at most, so a linear search is fast enough. */
    for (size_t i = 0; i < article->provider_count; i++)
        if (provider_equal(&article->providers[i], provider)) return (int)i;
    article->providers = arena_grow(article->arena, article->providers, article->provider_count,
                                    &article->provider_capacity, sizeof *article->providers);
    struct arena *arena = article->arena;
    article->providers[article->provider_count] = (struct provider){.service = arena_copy(arena, provider->service),
                                                                    .kind = arena_copy(arena, provider->kind),
                                                                    .model = arena_copy(arena, provider->model),
                                                                    .prompt = arena_copy(arena, provider->prompt),
                                                                    .glossary = arena_copy(arena, provider->glossary)};
    return (int)article->provider_count++;
}

struct span article_publisher(const struct article *article) {
    const struct origin *origin = &article->origin;
    return origin->title.length ? origin->title : article->site.length ? article->site : origin->source;
}

struct span article_web_address(const struct article *article) {
    if (url_is_remote(article->origin.address)) return article->origin.address;
    return url_is_remote(article->canonical) ? article->canonical : SPAN("");
}

struct segment *article_segment(const struct article *article, unsigned id) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.id == id) return walk.segment;
    return NULL;
}

/* Casts away const: the walk itself changes nothing, but its caller may change the segments, including the title. */
static struct segment *title_of(const struct article *article) {
    union {
        const struct segment *given;
        struct segment *writable;
    } title = {.given = &article->title};
    return title.writable;
}

bool segment_walk_next(const struct article *article, struct segment_walk *walk) {
    if (!walk->started) {
        walk->started = true;
        walk->id = 0;
        /* An article without a title has no segment 0. */
        if (article->title.source.length || article->title.target.length) {
            walk->segment = title_of(article);
            walk->block = NULL;
            return true;
        }
    }
    while (walk->next_block < article->block_count) {
        struct block *block = &article->body[walk->next_block];
        if (walk->next_segment < block->segment_count) {
            walk->segment = &block->segments[walk->next_segment++];
            walk->block = block;
            walk->id++;
            return true;
        }
        /* Blocks without segments are skipped. */
        walk->next_block++;
        walk->next_segment = 0;
    }
    return false;
}

const char *segment_walk_language(const struct article *article, const struct segment_walk *walk) {
    if (walk->segment->language[0]) return walk->segment->language;
    return walk->block && walk->block->language[0] ? walk->block->language : article->language.code;
}
