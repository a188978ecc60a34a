/* Patterns with which users select articles: POSIX extended regular expressions over UTF-8 that ignore case. An
 * optional prefix, "headline:", "address:" or "text:", names the part of the article to which the pattern applies. */
#ifndef CONFIG_PATTERN_H
#define CONFIG_PATTERN_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum { PATTERN_LIMIT = 1000 }; /* maximum length of a pattern in bytes */

enum pattern_place { PATTERN_ANYWHERE, PATTERN_HEADLINE, PATTERN_ADDRESS, PATTERN_TEXT };

struct pattern;

/* Compiles a pattern. Returns NULL if it is invalid, with the reason in `ret_why` ("the pattern is empty"). */
struct pattern *pattern_new(struct span written, char ret_why[200]);
void pattern_free(struct pattern *pattern);                 /* accepts NULL */
struct span pattern_written(const struct pattern *pattern); /* as the user wrote it, without spaces around it */
enum pattern_place pattern_place(const struct pattern *pattern);
/* Returns whether the pattern matches anywhere in the first 256 KiB of the text. May be called on any thread. */
bool pattern_matches(const struct pattern *pattern, struct span text);

#endif
