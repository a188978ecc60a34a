/* Patterns that users write to select articles: POSIX extended regular expressions over UTF-8, case ignored. A prefix
 * says where the pattern has to match: "headline:", "address:" or "text:". */
#ifndef CONFIG_PATTERN_H
#define CONFIG_PATTERN_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum { PATTERN_LIMIT = 1000 }; /* bytes of a pattern */

enum pattern_place { PATTERN_ANYWHERE, PATTERN_HEADLINE, PATTERN_ADDRESS, PATTERN_TEXT };

struct pattern;

/* NULL when it cannot be read; `ret_why` says why, in words that can follow "because". */
struct pattern *pattern_new(struct span written, char ret_why[200]);
void pattern_free(struct pattern *pattern);                 /* accepts NULL */
struct span pattern_written(const struct pattern *pattern); /* as the user wrote it, without spaces around it */
enum pattern_place pattern_place(const struct pattern *pattern);
/* Whether it matches somewhere in the text, of which at most the first 256 KiB are looked at. Any thread. */
bool pattern_matches(const struct pattern *pattern, struct span text);

#endif
