/* Which article a record is about, told from its text without parsing it: for the many lines that a run knows
 * already. */
#ifndef PIPELINE_ARTICLE_RECORD_KEY_H
#define PIPELINE_ARTICLE_RECORD_KEY_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* The id that record_read() would give the article, empty when the record names none, and its version, which points
 * into the text. False when that takes a parser: escapes in these values or in names, or a text that is no object from
 * brace to brace. What stands inside other values is not examined. Linear, no memory. */
bool record_key(struct span json, char ret_id[33], struct span *ret_version);

#endif
