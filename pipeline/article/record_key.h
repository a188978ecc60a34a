/* Finds out which article a record describes without parsing the JSON. Most records that a run reads are of articles
 * that it already knows, and this is much faster than parsing them. */
#ifndef PIPELINE_ARTICLE_RECORD_KEY_H
#define PIPELINE_ARTICLE_RECORD_KEY_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Returns the id that record_read() would give the article (empty if the record has none), and its version, which
 * points into `json`. Returns false if only a parser can tell: one of these values or any member name contains an
 * escape, or the text is not a single object. Other values are skipped without being checked. Linear; allocates
 * nothing. */
bool record_key(struct span json, char ret_id[33], struct span *ret_version);

#endif
