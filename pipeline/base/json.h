/* Parses untrusted JSON into cJSON's trees, and prints trees that cJSON has built. Size, nesting depth and UTF-8 are
 * checked, NUL, as a byte or as \u0000, and trailing garbage are errors, and member names are case-sensitive. */
#ifndef PIPELINE_BASE_JSON_H
#define PIPELINE_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { JSON_DEPTH = 64 };

/* Parses `text` of at most `limit` bytes. Returns a tree that the caller frees with cJSON_Delete(), or NULL on error.
 * `what` names the input in the error message ("record", "reply of deepl"). The tree is one block of memory: nothing
 * may be added to it, removed from it or replaced in it; change a copy made by cJSON_Duplicate(). */
cJSON *json_parse(struct span text, size_t limit, const char *what, struct failure *ret_failure);
/* Returns the member `name`, or NULL if `object` is NULL, is not an object or has no such member. */
const cJSON *json_member(const cJSON *object, const char *name);
/* Follows a path of member names and array indexes such as "error.errors.0.reason". Returns NULL if there is nothing at
 * this path. */
const cJSON *json_at(const cJSON *root, const char *path);
/* Returns the string borrowed from the tree; empty if the item is NULL or not a string. */
struct span json_text(const cJSON *item);
struct span json_member_text(const cJSON *object, const char *name);
/* Like json_member_text(), but copies the string into the arena. */
struct span json_member_copy(const cJSON *object, const char *name, struct arena *arena);
/* Returns the member's value, or `otherwise` if it is missing or not a number. */
double json_member_number(const cJSON *object, const char *name, double otherwise);
/* Returns the member as a count, without its fraction; `otherwise` if it is missing, negative or beyond 10^15. */
size_t json_member_count(const cJSON *object, const char *name, size_t otherwise);
/* Whether the member is the literal `true`. */
bool json_member_true(const cJSON *object, const char *name);
/* Adds a string member; invalid UTF-8 is replaced by U+FFFD. json_add_filled() adds nothing for an empty text. */
void json_add(cJSON *object, const char *name, struct span text);
void json_add_filled(cJSON *object, const char *name, struct span text);
/* Appends a string to an array; invalid UTF-8 is replaced by U+FFFD. */
void json_append(cJSON *array, struct span text);
/* Appends the text to *out as a quoted JSON string. Characters that are obeyed or not seen (visible.h) are written as
 * \uXXXX, in json_print_free() too, because JSON is also read on terminals and in editors. Returns false if it does not
 * fit. */
bool json_quote(struct buffer *out, struct span text);
/* Like json_quote(), but writes tabs and the like as \t, \r, \b and \f, as json_print_free() does. */
bool json_quote_short(struct buffer *out, struct span text);
/* Appends the tree without whitespace to *out and frees the tree. Returns false if it does not fit. */
bool json_print_free(cJSON *tree, struct buffer *out);

#endif
