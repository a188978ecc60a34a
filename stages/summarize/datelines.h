/* Removes the dateline at the beginning of a report: "BELGRADE (AFP) - ", "Lisbon, Portugal, Jan 5 (Reuters) -- ". A
 * dateline has the form PLACE [, PLACE] [, DATE] [(AGENCY)] DASH, or AGENCY DASH, and a sentence follows it. It is
 * recognized by a date or an agency, or if the place is in capitals. In the first sentence of the article's text, it is
 * also recognized if the place is a single word or looks like a place name (tables/summarize/datelines.tsv). Any other
 * text before a dash is kept as part of the sentence. */
#ifndef STAGES_SUMMARIZE_DATELINES_H
#define STAGES_SUMMARIZE_DATELINES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct datelines; /* does not change after datelines_open(), so threads can share it */

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void datelines_close(struct datelines *datelines);                                      /* accepts NULL */
/* Returns the sentence without its dateline, or unchanged if there is none. `opens` says whether it is the first
 * sentence of the article's text. */
struct span datelines_strip(const struct datelines *datelines, struct span sentence, bool opens);

#endif
