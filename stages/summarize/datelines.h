/* The dateline that a report begins with: "BELGRADE (AFP) - ", "Lisbon, Portugal, Jan 5 (Reuters) -- ".
 *
 * A dateline is PLACE [, PLACE] [, DATE] [(AGENCY)] DASH, or an agency and a dash. It is taken for one where it has a
 * date or an agency, where the place is written in capitals, or, at the opening of the article's text, where the place
 * is of one word or looks like the name of a place (config/tables/summarize/datelines.tsv). What follows begins a
 * sentence. Everything else that stands before a dash is a subject, a speaker or an aside, and stays. */
#ifndef STAGES_SUMMARIZE_DATELINES_H
#define STAGES_SUMMARIZE_DATELINES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct datelines; /* const after opening: any number of threads may ask */

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void datelines_close(struct datelines *datelines);                                      /* accepts NULL */
/* The sentence behind its dateline, or the whole sentence. `opens`: it is the first of the article's text. */
struct span datelines_strip(const struct datelines *datelines, struct span sentence, bool opens);

#endif
