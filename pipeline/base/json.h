/* JSON that comes from outside, made safe for cJSON: size, depth and UTF-8 are checked first, \u0000 is refused, names
 * are looked up with regard to case, trailing garbage is an error. */
#ifndef PIPELINE_BASE_JSON_H
#define PIPELINE_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum { JSON_DEPTH = 64 };

/* The tree is the caller's (cJSON_Delete). `what` names the input in the failure ("record", "reply of deepl"). */
cJSON *json_parse(struct span text, size_t limit, const char *what, struct failure *ret_failure);
/* NULL when `object` is NULL, no object, or has no such member. */
const cJSON *json_member(const cJSON *object, const char *name);
/* Walks names and indexes, "error.errors.0.reason"; NULL where the path ends. */
const cJSON *json_at(const cJSON *root, const char *path);
/* Empty when it is not a string; borrowed from the tree. */
struct span json_text(const cJSON *item);
struct span json_member_text(const cJSON *object, const char *name);
/* Copied into the arena. */
struct span json_member_copy(const cJSON *object, const char *name, struct arena *arena);
double json_member_number(const cJSON *object, const char *name, double otherwise);
bool json_member_true(const cJSON *object, const char *name);
/* Adds a string member; invalid UTF-8 becomes U+FFFD. Nothing is added for an empty span by the _filled form. */
void json_add(cJSON *object, const char *name, struct span text);
void json_add_filled(cJSON *object, const char *name, struct span text);
/* Adds a string to an array, made valid likewise. */
void json_append(cJSON *array, struct span text);
/* Appends the text as a JSON string in quotes. */
bool json_quote(struct buffer *out, struct span text);
/* Prints a tree without white space and frees it. */
bool json_print_free(cJSON *tree, struct buffer *out);

#endif
