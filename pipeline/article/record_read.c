/* JSON to an article: strict about types, generous about what is missing. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/base/json.h"

struct reader {
    struct article *article;
    struct failure *failure;
    size_t slim;
    bool sketch; /* behind the slim body's end */
    bool ok;
};

static void refuse(struct reader *r, const char *name, const char *wanted) {
    if (r->ok) failure_set(r->failure, REACH_ARTICLE, REMEDY_NONE, "the record's '%s' is not %s", name, wanted);
    r->ok = false;
}

static struct span take_text(struct reader *r, const cJSON *object, const char *name) {
    const cJSON *item = json_member(object, name);
    if (item && !cJSON_IsString(item) && !cJSON_IsNull(item)) refuse(r, name, "a string");
    return json_member_copy(object, name, r->article->arena);
}

static const cJSON *take_kind(struct reader *r, const cJSON *object, const char *name, bool array) {
    const cJSON *item = json_member(object, name);
    if (!item || cJSON_IsNull(item)) return NULL;
    if (array ? cJSON_IsArray(item) : cJSON_IsObject(item)) return item;
    refuse(r, name, array ? "an array" : "an object");
    return NULL;
}

static size_t take_count(struct reader *r, const cJSON *object, const char *name) {
    double value = json_member_number(object, name, 0);
    if (value < 0 || value > 1e15) refuse(r, name, "a sensible number");
    return r->ok ? (size_t)value : 0;
}

static void take_code(struct reader *r, const cJSON *object, const char *name, char *to, size_t size) {
    struct span code = json_member_text(object, name);
    if (code.length >= size) {
        refuse(r, name, "a code of the usual length");
        return;
    }
    if (code.length) memcpy(to, code.at, code.length);
    to[code.length] = '\0';
}

/* Records of the first format say "maker" and "makers". */
static int take_provider(struct reader *r, const cJSON *object, const char *name) {
    double value = json_member_number(object, name, json_member_number(object, "maker", -1));
    if (value < -1 || value > 1e6) refuse(r, name, "an index of 'providers'");
    return r->ok ? (int)value : -1;
}

/* The first item of a list, NULL when there is none. */
static const cJSON *first_of(struct reader *r, const cJSON *object, const char *name) {
    const cJSON *list = take_kind(r, object, name, true);
    return list ? list->child : NULL;
}

bool record_is_own_id(struct span id) {
    if (id.length != 32) return false;
    for (size_t i = 0; i < id.length; i++)
        if (!((id.at[i] >= '0' && id.at[i] <= '9') || (id.at[i] >= 'a' && id.at[i] <= 'f'))) return false;
    return true;
}

static void read_findings(struct reader *r, const cJSON *object, struct segment *segment) {
    const cJSON *item;
    for (item = first_of(r, object, "findings"); item; item = item->next) {
        enum severity severity = SEVERITY_NOTE;
        severity_of(json_member_text(item, "severity"), &severity);
        struct span check = json_member_copy(item, "check", r->article->arena);
        if (check.length == 0)
            refuse(r, "findings", "a list of findings");
        else
            article_add_finding(r->article, segment, check.at, severity, json_member_text(item, "message"));
    }
}

/* Records written before "copied" was a member. */
static bool looks_copied(const struct segment *segment) {
    return segment->translated_by < 0 && segment->status == SEGMENT_OK && segment->source.length &&
           span_equal(segment->source, segment->target);
}

static void read_segment(struct reader *r, const cJSON *object, struct segment *segment) {
    struct span status = json_member_text(object, "status");
    if (status.length && !segment_status_of(status, &segment->status))
        refuse(r, "status", "one of new, ok, suspect, failed");
    if (r->sketch && segment->status == SEGMENT_OK) return;
    segment->source = take_text(r, object, "source");
    segment->target = take_text(r, object, "target");
    if (segment->target.length == 0) segment->target = take_text(r, object, "rejected");
    segment->translated_by = take_provider(r, object, "translated_by");
    segment->copied = json_member_true(object, "copied") || looks_copied(segment);
    segment->from_memory = json_member_true(object, "from_memory");
    segment->unknown_words = (unsigned)take_count(r, object, "unknown_words");
    take_code(r, object, "language", segment->language, sizeof segment->language);
    read_findings(r, object, segment);
}

/* A block without text of its own has its segments' sources, a space between. */
static struct span join_sources(struct arena *arena, const cJSON *segments) {
    struct buffer text = BUFFER(RECORD_LIMIT);
    const cJSON *item;
    cJSON_ArrayForEach(item, segments) {
        if (text.length) buffer_add(&text, " ", 1);
        buffer_add_span(&text, json_member_text(item, "source"));
    }
    struct span joined = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return joined;
}

/* Sources are pieces of their block's text (article.h): found again in order, each behind the one before. */
static void settle_sources(struct block *block) {
    size_t position = 0;
    for (size_t i = 0; i < block->segment_count; i++) {
        struct span *source = &block->segments[i].source, rest = span_cut(block->text, position, block->text.length);
        size_t at = source->length ? span_find(rest, *source) : SIZE_MAX;
        if (at == SIZE_MAX) return;
        *source = span_cut(rest, at, at + source->length);
        position += at + source->length;
    }
}

static void read_block(struct reader *r, const cJSON *object) {
    enum block_kind kind = BLOCK_PARAGRAPH;
    struct span name = json_member_text(object, "kind");
    if (name.length && !block_kind_of(name, &kind)) refuse(r, "kind", "a kind of block");
    const cJSON *segments = take_kind(r, object, "segments", true), *item;
    struct span text = r->sketch ? (struct span){NULL, 0} : take_text(r, object, "text");
    if (text.length == 0 && !r->sketch) text = join_sources(r->article->arena, segments);
    struct block *block = article_add_block(r->article, kind, text);
    take_code(r, object, "language", block->language, sizeof block->language);
    cJSON_ArrayForEach(item, segments) {
        struct segment *segment = article_add_segment(r->article, block, (struct span){NULL, 0});
        if (cJSON_IsObject(item))
            read_segment(r, item, segment);
        else
            refuse(r, "segments", "a list of objects");
    }
    if (!r->sketch) settle_sources(block);
}

static void read_body(struct reader *r, const cJSON *root) {
    const cJSON *item;
    for (item = first_of(r, root, "body"); item; item = item->next) {
        r->sketch = r->slim && r->article->block_count >= r->slim;
        if (cJSON_IsObject(item))
            read_block(r, item);
        else
            refuse(r, "body", "a list of objects");
    }
    r->sketch = false;
}

static void read_title(struct reader *r, const cJSON *root) {
    const cJSON *title = json_member(root, "title");
    if (cJSON_IsString(title))
        r->article->title.source = arena_copy(r->article->arena, json_text(title));
    else if (cJSON_IsObject(title)) {
        read_segment(r, title, &r->article->title);
        r->article->title_doubt = take_text(r, title, "doubt");
    } else if (title && !cJSON_IsNull(title))
        refuse(r, "title", "a string or an object");
}

static void read_encoding(struct reader *r, const cJSON *root) {
    const cJSON *object = take_kind(r, root, "encoding", false), *item;
    struct encoding *encoding = &r->article->encoding;
    encoding->name = take_text(r, object, "name");
    encoding->certainty = json_member_number(object, "certainty", 0);
    encoding->undecodable = take_count(r, object, "undecodable");
    for (item = first_of(r, object, "evidence"); item; item = item->next) {
        struct span from = json_member_copy(item, "from", r->article->arena);
        if (from.length) article_add_evidence(r->article, from.at, json_member_text(item, "says"));
    }
    for (item = first_of(r, object, "repairs"); item; item = item->next) {
        struct span kind = json_member_copy(item, "kind", r->article->arena);
        if (kind.length)
            article_add_repair(r->article, kind.at, take_count(r, item, "count"), take_count(r, item, "paragraph"));
    }
}

static void read_origin(struct reader *r, const cJSON *root) {
    const cJSON *object = take_kind(r, root, "evidence", false);
    struct origin *origin = &r->article->origin;
    origin->address = take_text(r, root, "url");
    origin->source = take_text(r, root, "source");
    origin->title = take_text(r, root, "source_title");
    origin->country = take_text(r, root, "country");
    origin->collected = take_text(r, root, "collected");
    origin->raw_sha256 = take_text(r, object, "sha256");
    origin->raw_bytes = take_count(r, object, "bytes");
    origin->content_type = take_text(r, object, "content_type");
    origin->identity = take_text(r, object, "identity");
    origin->version = take_text(r, object, "version");
    origin->truncated = json_member_true(object, "truncated");
    origin->note = take_text(r, object, "note");
    const cJSON *archive = take_kind(r, object, "archive", false);
    origin->archive_file = take_text(r, archive, "file");
    origin->archive_record = take_text(r, archive, "record");
}

static void read_feed(struct reader *r, const cJSON *root) {
    const cJSON *object = take_kind(r, root, "feed", false);
    struct feed_entry *feed = &r->article->feed;
    feed->title = take_text(r, object, "title");
    feed->summary = take_text(r, object, "summary");
    feed->content = take_text(r, object, "content");
    feed->author = take_text(r, object, "author");
    feed->published = take_text(r, object, "published");
    feed->modified = take_text(r, object, "modified");
    feed->language = take_text(r, object, "language");
    feed->section = take_text(r, object, "section");
    feed->image = take_text(r, object, "image");
    feed->language_is_set = json_member_true(object, "language_is_set");
    feed->content_is_full = json_member_true(object, "content_is_full");
    const cJSON *enclosure = take_kind(r, root, "enclosure", false);
    feed->enclosure = take_text(r, enclosure, "url");
    feed->enclosure_type = take_text(r, enclosure, "type");
}

static void read_raw(struct reader *r, const cJSON *root) {
    struct span encoded = json_member_text(root, "raw");
    if (json_member(root, "raw") && !cJSON_IsString(json_member(root, "raw"))) refuse(r, "raw", "a string");
    if (encoded.length == 0) return;
    if (encoded.length % 4 || encoded.length > RECORD_LIMIT) {
        refuse(r, "raw", "base64");
        return;
    }
    unsigned char *bytes = arena_take(article_document(r->article), encoded.length / 4 * 3 + 1);
    int length = EVP_DecodeBlock(bytes, (const unsigned char *)encoded.at, (int)encoded.length);
    if (length < 0) {
        refuse(r, "raw", "base64");
        return;
    }
    size_t padding = encoded.at[encoded.length - 1] != '=' ? 0 : encoded.at[encoded.length - 2] != '=' ? 1 : 2;
    r->article->origin.raw = (struct span){(const char *)bytes, (size_t)length - padding};
    bytes[r->article->origin.raw.length] = '\0';
}

static void read_metadata_evidence(struct reader *r, const cJSON *root) {
    const cJSON *object = take_kind(r, root, "metadata_evidence", false);
    for (enum metadata_field field = 0; field < METADATA_FIELDS; field++)
        r->article->metadata_evidence[field] = take_text(r, object, metadata_field_name(field));
}

static void read_metadata(struct reader *r, const cJSON *root) {
    struct article *article = r->article;
    const cJSON *item, *image = take_kind(r, root, "image", false), *language = take_kind(r, root, "language", false);
    article->published = take_text(r, root, "published");
    article->modified = take_text(r, root, "modified");
    article->section = take_text(r, root, "section");
    article->site = take_text(r, root, "site");
    article->canonical = take_text(r, root, "canonical");
    article->image = take_text(r, image, "url");
    article->image_caption = take_text(r, image, "caption");
    article->paywalled = json_member_true(root, "paywalled");
    struct span content = take_text(r, root, "content");
    if (content.length && !content_by_name(content, &article->content)) refuse(r, "content", "a kind of content");
    for (item = first_of(r, root, "authors"); item; item = item->next) {
        if (cJSON_IsString(item))
            article_add_author(article, json_text(item));
        else
            refuse(r, "authors", "a list of strings");
    }
    take_code(r, language, "code", article->language.code, sizeof article->language.code);
    take_code(r, language, "script", article->language.script, sizeof article->language.script);
    take_code(r, language, "runner_up", article->language.runner_up, sizeof article->language.runner_up);
    article->language.certainty = json_member_number(language, "certainty", 0);
}

static void read_providers(struct reader *r, const cJSON *root) {
    const cJSON *item;
    for (item = first_of(r, root, cJSON_HasObjectItem(root, "makers") ? "makers" : "providers"); item;
         item = item->next) {
        struct provider provider = {.service = json_member_text(item, "service"),
                                    .kind = json_member_text(item, "kind"),
                                    .model = json_member_text(item, "model"),
                                    .prompt = json_member_text(item, "prompt"),
                                    .glossary = json_member_text(item, "glossary")};
        article_add_provider(r->article, &provider);
    }
}

static void read_rests_on(struct reader *r, const cJSON *object, struct summary_sentence *sentence) {
    const cJSON *ids = take_kind(r, object, "segments", true), *id;
    size_t count = ids ? (size_t)cJSON_GetArraySize(ids) : 0;
    sentence->rests_on = arena_take(r->article->arena, (count + 1) * sizeof *sentence->rests_on);
    cJSON_ArrayForEach(id, ids) {
        if (!cJSON_IsNumber(id) || id->valuedouble < 0 || id->valuedouble > 1e9)
            refuse(r, "segments", "a list of ids");
        else
            sentence->rests_on[sentence->rests_on_count++] = (unsigned)id->valuedouble;
    }
}

static void read_summary(struct reader *r, const cJSON *root) {
    const cJSON *object = take_kind(r, root, "summary", false), *item;
    struct summary *summary = &r->article->summary;
    if (!object) return;
    struct span method = take_text(r, object, "method");
    summary->method = method.length ? method.at : NULL;
    summary->note = take_text(r, object, "note");
    summary->summarized_by = take_provider(r, object, "summarized_by");
    for (item = first_of(r, object, "sentences"); item; item = item->next) {
        summary->sentences = arena_grow(r->article->arena, summary->sentences, summary->count, &summary->capacity,
                                        sizeof *summary->sentences);
        struct summary_sentence *sentence = &summary->sentences[summary->count++];
        *sentence = (struct summary_sentence){.text = take_text(r, item, "text"), .doubt = take_text(r, item, "doubt")};
        read_rests_on(r, item, sentence);
    }
}

static void read_identity(struct reader *r, const cJSON *root) {
    struct article *article = r->article;
    struct span id = json_member_text(root, "id"), identity = article->origin.identity;
    if (record_is_own_id(id)) {
        memcpy(article->id, id.at, 32);
        return;
    }
    article->foreign_id = id.length ? arena_copy(article->arena, id) : id;
    if (identity.length == 0) identity = article->foreign_id.length ? article->foreign_id : article->origin.address;
    if (identity.length) article_identify(article, identity);
}

static void read_status(struct reader *r, const cJSON *root) {
    struct span status = json_member_text(root, "status"), error = json_member_text(root, "error");
    if (status.length && !article_status_of(status, &r->article->status)) refuse(r, "status", "a status of an article");
    r->article->note = take_text(r, root, "note");
    if (error.length) failure_set(&r->article->failure, REACH_ARTICLE, REMEDY_NONE, "%.*s", SPAN_ARGS(error));
}

/* An index that points nowhere is a damaged record, not a reason to read past the providers. */
static void check_providers(struct reader *r) {
    for (struct segment_walk walk = {0}; segment_walk_next(r->article, &walk);)
        if (walk.segment->translated_by < -1 || walk.segment->translated_by >= (int)r->article->provider_count)
            refuse(r, "translated_by", "an index of 'providers'");
    if (r->article->summary.summarized_by >= (int)r->article->provider_count)
        refuse(r, "summarized_by", "an index of 'providers'");
}

static void read_all(struct reader *r, const cJSON *root) {
    struct article *article = r->article;
    read_origin(r, root);
    read_identity(r, root);
    read_status(r, root);
    read_metadata(r, root);
    read_metadata_evidence(r, root);
    read_title(r, root);
    read_encoding(r, root);
    read_feed(r, root);
    read_raw(r, root);
    struct span text = json_member_text(root, "text");
    if (text.length) article->text = arena_copy(article_document(article), text);
    read_body(r, root);
    read_providers(r, root);
    read_summary(r, root);
    check_providers(r);
    article->duplicate_of = take_text(r, root, "duplicate_of");
    article->containment = json_member_number(root, "containment", 0);
    article->story = take_text(r, root, "story");
}

bool record_read(struct span json, size_t slim, struct article **ret_article, struct failure *ret_failure) {
    cJSON *root = json_parse(json, RECORD_LIMIT, "record", ret_failure);
    if (!root) return false;
    struct reader reader = {.article = article_new(), .failure = ret_failure, .slim = slim, .ok = true};
    if (cJSON_IsObject(root))
        read_all(&reader, root);
    else
        refuse(&reader, "whole", "an object");
    cJSON_Delete(root);
    if (reader.ok)
        *ret_article = reader.article;
    else
        article_free(reader.article);
    return reader.ok;
}
