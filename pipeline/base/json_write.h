/* Writes JSON into a buffer as it comes, without building a tree. What is written reads as if cJSON had printed a tree,
 * without white space; see json_quote() for characters that are not seen.
 *
 * The caller opens and closes objects and lists in order. In a list, `name` is NULL. A buffer that becomes full keeps
 * its `full` set, so that the caller may check once at the end. */
#ifndef PIPELINE_BASE_JSON_WRITE_H
#define PIPELINE_BASE_JSON_WRITE_H

#include <stdbool.h>

#include "pipeline/base/text.h"

struct json_writer {
    struct buffer *out;
    bool follows_another; /* a comma must precede the next member or item */
};

/* Write what precedes the member's value: a comma if one is needed, the name and a colon. */
void json_write_name(struct json_writer *w, const char *name);
/* `bracket` is '{' or '['; the one that closes is '}' or ']'. */
void json_write_open(struct json_writer *w, const char *name, char bracket);
void json_write_close(struct json_writer *w, char bracket);
/* Invalid UTF-8 is replaced by U+FFFD. json_write_filled() writes nothing for an empty text. */
void json_write_text(struct json_writer *w, const char *name, struct span text);
void json_write_filled(struct json_writer *w, const char *name, struct span text);
void json_write_count(struct json_writer *w, const char *name, size_t count);
/* At most 17 digits, as many as tell the number; null for what is no number. */
void json_write_number(struct json_writer *w, const char *name, double number);
void json_write_flag(struct json_writer *w, const char *name, bool flag);

#endif
