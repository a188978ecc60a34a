/* An article as JSON and back, at any stage; config/article.schema.json describes the finished record. All three follow
 * from one table (fields.h).
 *
 * A partial record may hold: id, url, raw (base64), text, language.code, published, title.source, title.target,
 * body[].kind, body[].text, body[].segments[].source, .target, .status, and everything else the schema has. */
#ifndef PIPELINE_ARTICLE_RECORD_H
#define PIPELINE_ARTICLE_RECORD_H

#include <stdbool.h>

#include "pipeline/article/article.h"

enum record_detail {
    RECORD_FINAL,   /* the finished record: no raw bytes, no decoded text; a checksum as last member */
    RECORD_WORKING, /* all that is needed to go on later: raw and text too, as long as they have not been dropped */
    RECORD_SHOW     /* for people and scripts: text while there is no body, no raw bytes, no checksum */
};

enum { RECORD_LIMIT = 256 * 1024 * 1024 };

/* Appends one line of JSON (no newline) to *out; false when its limit is reached. */
bool record_write(const struct article *article, enum record_detail detail, struct buffer *out);

/* Fills a new article from JSON. Strict: size, depth, UTF-8, types. The article is the caller's. With `slim`,
 * what follows the body's first `slim` blocks (0: all) is a sketch: segments keep their places and their status, but
 * only those that are suspect or failed have their texts. That is what an edition of many articles needs. */
bool record_read(struct span json, size_t slim, struct article **ret_article, struct failure *ret_failure);
/* Appends config/article.schema.json. */
void record_schema(struct buffer *out);
/* Whether an id is one of ours: 32 hex digits. Others are kept as foreign_id. */
bool record_is_own_id(struct span id);

/* Whether a finished record's checksum fits its bytes. */
bool record_intact(struct span json);

#endif
