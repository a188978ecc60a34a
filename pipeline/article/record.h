/* Converts an article to JSON and back, at any stage. config/article.schema.json describes the finished record. One
 * table (fields.h) defines what is written, what is read, and the schema.
 *
 * A partial record, made by the user, may hold: id, url, raw (base64), text, language.code, published, title.source,
 * title.target, body[].kind, body[].text, body[].segments[].source, .target, .status, and everything else in the
 * schema. */
#ifndef PIPELINE_ARTICLE_RECORD_H
#define PIPELINE_ARTICLE_RECORD_H

#include <stdbool.h>

#include "pipeline/article/article.h"

enum record_detail {
    RECORD_FINAL,   /* the finished record: no raw bytes, no decoded text; ends with a checksum */
    RECORD_WORKING, /* everything needed to continue later, including raw bytes and text unless they have been dropped
                     */
    RECORD_SHOW     /* for people and scripts: has `text` only while there is no body; no raw bytes, no checksum */
};

enum { RECORD_LIMIT = 256 * 1024 * 1024 };

/* Appends the article as one line of JSON, without a newline. Returns false if *out is full. */
bool record_write(const struct article *article, enum record_detail detail, struct buffer *out);

/* Reads a record into a new article, which the caller frees. Size, nesting depth, UTF-8 and types are checked. If
 * `slim` is not 0, only the first `slim` blocks are read in full, which is enough for an edition of many articles. In
 * later blocks, segments keep their positions and status, but only suspect and failed ones have texts. */
bool record_read(struct span json, size_t slim, struct article **ret_article, struct failure *ret_failure);
/* Appends the schema of the record, config/article.schema.json. */
void record_schema(struct buffer *out);
/* Whether an id has our own form, 32 hex digits. Any other id is kept as foreign_id. */
bool record_is_own_id(struct span id);

/* Whether the checksum of a finished record matches its bytes. */
bool record_intact(struct span json);

#endif
