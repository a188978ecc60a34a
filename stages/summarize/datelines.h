/* Removes the dateline at the beginning of a report: "BELGRADE (AFP) - ", "Lisbon, Portugal, Jan 5 (Reuters) -- ". A
 * dateline has the form PLACE [, PLACE] [, DATE] [(AGENCY)] DASH, or AGENCY DASH. It is recognized if it has a date or
 * an agency, or if the place is in capitals. At the beginning of the article's text, it is also recognized if the place
 * is a single word or looks like the name of a place (tables/summarize/datelines.tsv). A sentence must follow. Any
 * other text before a dash is part of the sentence, and is kept. */
#ifndef STAGES_SUMMARIZE_DATELINES_H
#define STAGES_SUMMARIZE_DATELINES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct datelines; /* not changed after opening, so threads can share it */

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void datelines_close(struct datelines *datelines);                                      /* accepts NULL */
/* Returns the sentence without its dateline, or unchanged if it has none. `opens` says that the sentence is the first
 * of the article's text. */
struct span datelines_strip(const struct datelines *datelines, struct span sentence, bool opens);

#endif
