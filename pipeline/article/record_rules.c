#include "pipeline/article/record_rules.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/sha256.h"

/* ---------------------------------------------------------------- id, error, title, text */

void record_write_id(struct field_writer *w, const struct field *field, const void *object) {
    const struct article *article = object;
    field_write_text(w, field->name, article->foreign_id.length ? article->foreign_id : span_of(article->id));
}

/* Other programs may use numbers as ids. An id that is not a string is ignored. */
const char *record_read_id(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct article *article = object;
    struct span id = json_text(value);
    if (record_is_own_id(id))
        memcpy(article->id, id.at, field->size);
    else if (id.length)
        article->foreign_id = arena_copy(r->article->arena, id);
    return NULL;
}

const char *record_read_error(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct article *article = object;
    struct span error = json_text(value);
    (void)r, (void)field;
    if (error.length) failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "%.*s", SPAN_ARGS(error));
    return cJSON_IsString(value) ? NULL : "a string";
}

/* In a partial record, the title may be a string instead of an object. */
const char *record_read_title(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct article *article = object;
    if (cJSON_IsString(value))
        article->title.source = arena_copy(r->article->arena, json_text(value));
    else if (field_read(r, field, value, object))
        return "a string or an object";
    return NULL;
}

/* Bytes that have yet to be archived are left out, so that the page is fetched again. The archive also needs the
 * headers of request and reply, which a record does not hold. */
bool record_has_raw(const void *object, enum record_detail detail) {
    const struct origin *origin = &((const struct article *)object)->origin;
    (void)detail;
    return !origin->capture && origin->raw.length && origin->raw.length <= RECORD_LIMIT / 2;
}

void record_write_raw(struct field_writer *w, const struct field *field, const void *object) {
    struct span raw = *(const struct span *)field_at(field, object);
    size_t size = (raw.length + 2) / 3 * 4;
    unsigned char *encoded = memory_take(size + 1);
    EVP_EncodeBlock(encoded, (const unsigned char *)raw.at, (int)raw.length);
    field_write_text(w, field->name, (struct span){(const char *)encoded, size});
    free(encoded);
}

static const char not_base64[] = "base64";

const char *record_read_raw(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct article *article = object;
    struct span encoded = json_text(value);
    (void)r, (void)field;
    if (encoded.length == 0) return cJSON_IsString(value) ? NULL : "a string";
    if (encoded.length % 4 || encoded.length > RECORD_LIMIT) return not_base64;
    unsigned char *bytes = arena_take(article_document(article), encoded.length / 4 * 3 + 1);
    int length = EVP_DecodeBlock(bytes, (const unsigned char *)encoded.at, (int)encoded.length);
    if (length < 0) return not_base64;
    size_t padding = encoded.at[encoded.length - 1] != '=' ? 0 : encoded.at[encoded.length - 2] != '=' ? 1 : 2;
    article->origin.raw = (struct span){(const char *)bytes, (size_t)length - padding};
    bytes[article->origin.raw.length] = '\0';
    return NULL;
}

bool record_has_text(const void *object, enum record_detail detail) {
    (void)detail;
    return ((const struct article *)object)->block_count == 0;
}

/* The text is copied into the document arena, which is freed with the raw bytes. */
const char *record_read_text(struct field_reader *r, const struct field *field, const cJSON *value, void *object) {
    struct article *article = object;
    (void)r, (void)field;
    if (!cJSON_IsString(value)) return "a string";
    if (value->valuestring[0]) article->text = arena_copy(article_document(article), json_text(value));
    return NULL;
}

void record_write_checksum(struct field_writer *w, const struct field *field, const void *object) {
    char sum[7 + 65] = "sha256:";
    (void)object;
    sha256_hex(span_cut(buffer_span(w->out), w->start, w->out->length), sum + 7);
    field_write_text(w, field->name, span_of(sum));
}

static void settle_identity(struct article *article) {
    struct span identity = article->origin.identity;
    if (article->id[0]) return;
    if (identity.length == 0) identity = article->foreign_id.length ? article->foreign_id : article->origin.address;
    if (identity.length) article_identify(article, identity);
}

/* An index out of range means that the record is damaged. */
static void check_providers(struct field_reader *r, const struct article *article) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->translated_by >= (int)article->provider_count)
            field_refuse(r, "translated_by", "an index into 'providers'");
    if (article->summary.summarized_by >= (int)article->provider_count)
        field_refuse(r, "summarized_by", "an index into 'providers'");
}

void record_settle(struct field_reader *r, void *object) {
    struct article *article = object;
    settle_identity(article);
    check_providers(r, article);
}

/* Until its bytes have been archived, the page counts as not fetched (see record_has_raw). */
bool record_has_hash(const void *object, enum record_detail detail) {
    (void)detail;
    return !((const struct origin *)object)->capture;
}

/* ---------------------------------------------------------------- blocks */

/* Whether the block's text equals its segments joined by spaces, so that it need not be written. False for scripts that
 * put no spaces between sentences. */
static bool is_joined_by_spaces(const struct block *block) {
    struct span rest = block->text;
    for (size_t i = 0; i < block->segment_count; i++) {
        if (i && !span_starts(rest, SPAN(" "))) return false;
        rest = span_cut(rest, i ? 1 : 0, rest.length);
        if (!span_starts(rest, block->segments[i].source)) return false;
        rest = span_cut(rest, block->segments[i].source.length, rest.length);
    }
    return rest.length == 0;
}

bool record_has_block_text(const void *object, enum record_detail detail) {
    const struct block *block = object;
    return !block->segment_count || detail == RECORD_WORKING || !is_joined_by_spaces(block);
}

const char *record_read_block_text(struct field_reader *r, const struct field *field, const cJSON *value,
                                   void *object) {
    return r->sketch ? NULL : field_read(r, field, value, object);
}

bool record_enter_block(struct field_reader *r, const cJSON *json, void *object) {
    (void)json, (void)object;
    r->sketch = r->slim && r->blocks >= r->slim;
    r->blocks++;
    return true;
}

/* Restores the text of a block that the record gives only as segments: their sources joined by spaces. */
static struct span join_sources(struct arena *arena, const struct block *block) {
    struct buffer text = BUFFER(RECORD_LIMIT);
    for (size_t i = 0; i < block->segment_count; i++) {
        if (text.length) buffer_add(&text, " ", 1);
        buffer_add_span(&text, block->segments[i].source);
    }
    struct span joined = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return joined;
}

/* Makes each source point into its block's text, as article.h requires. Searches for the sources in order, each
 * after the one before. */
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

void record_settle_block(struct field_reader *r, void *object) {
    struct block *block = object;
    if (!r->sketch && block->text.length == 0) block->text = join_sources(r->article->arena, block);
    if (!r->sketch) settle_sources(block);
    r->sketch = false; /* so that the title, which is not in any block, is read in full */
}

/* ---------------------------------------------------------------- segments */

void record_write_segment_id(struct field_writer *w, const struct field *field, const void *object) {
    (void)object;
    field_write_name(w, field->name);
    buffer_add_number(w->out, ++w->segments);
}

/* A translation that failed the checks is not written as "target", where readers expect one that they can show. */
bool record_has_target(const void *object, enum record_detail detail) {
    (void)detail;
    return ((const struct segment *)object)->status != SEGMENT_FAILED;
}

bool record_has_rejected(const void *object, enum record_detail detail) {
    return !record_has_target(object, detail);
}

/* If only the outline of a block is read (`sketch`), an OK segment keeps just its position and status. */
bool record_enter_segment(struct field_reader *r, const cJSON *json, void *object) {
    struct segment *segment = object;
    if (!r->sketch || !span_is(json_member_text(json, "status"), segment_status_name(SEGMENT_OK))) return true;
    segment->status = SEGMENT_OK;
    return false;
}

/* Recognises copied segments in older records, which have no member "copied". */
static bool looks_copied(const struct segment *segment) {
    return segment->translated_by < 0 && segment->status == SEGMENT_OK && segment->source.length &&
           span_equal(segment->source, segment->target);
}

void record_settle_segment(struct field_reader *r, void *object) {
    struct segment *segment = object;
    (void)r;
    segment->copied = segment->copied || looks_copied(segment);
}

void record_settle_finding(struct field_reader *r, void *object) {
    if (!((const struct finding *)object)->check) field_refuse(r, "findings", "a list of findings");
}
