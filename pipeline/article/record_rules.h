/* Functions for those fields of a record (fields.h) whose values must be converted, checked or computed. */
#ifndef PIPELINE_ARTICLE_RECORD_RULES_H
#define PIPELINE_ARTICLE_RECORD_RULES_H

#include "pipeline/article/fields.h"

/* struct article */
void record_write_id(struct field_writer *w, const struct field *field, const void *object);
const char *record_read_id(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
const char *record_read_error(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
const char *record_read_title(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
bool record_has_raw(const void *object, enum record_detail detail);
void record_write_raw(struct field_writer *w, const struct field *field, const void *object);
const char *record_read_raw(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
bool record_has_text(const void *object, enum record_detail detail);
const char *record_read_text(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
void record_write_checksum(struct field_writer *w, const struct field *field, const void *object);
void record_settle(struct field_reader *r, void *object);

/* struct origin */
bool record_has_hash(const void *object, enum record_detail detail);

/* struct block */
bool record_has_block_text(const void *object, enum record_detail detail);
const char *record_read_block_text(struct field_reader *r, const struct field *field, const cJSON *value, void *object);
bool record_enter_block(struct field_reader *r, const cJSON *json, void *object);
void record_settle_block(struct field_reader *r, void *object);

/* struct segment */
void record_write_segment_id(struct field_writer *w, const struct field *field, const void *object);
bool record_has_target(const void *object, enum record_detail detail);
bool record_has_rejected(const void *object, enum record_detail detail);
bool record_enter_segment(struct field_reader *r, const cJSON *json, void *object);
void record_settle_segment(struct field_reader *r, void *object);

/* struct finding */
void record_settle_finding(struct field_reader *r, void *object);

#endif
