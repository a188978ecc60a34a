/* Removes the dateline at the beginning of a report: "BELGRADE (AFP) - ", "Lisbon, Portugal, Jan 5 (Reuters) -- ",
 * "Ruse, 3 March. ", "(CNN)", "MUMBAI: ", "[Seoul=Newsis] Reporter Kim Ha-neul = ". Translations keep the custom of the
 * source.
 *
 * A dateline consists of places, dates, agencies and reporters (stages/summarize/dateline_head.h), then a dash, a
 * colon, a full stop, "=" or a closing bracket, and a sentence follows it. It is recognized by a date or an agency or,
 * before a dash, if the place is in capitals. In the first sentence of the article's text, it is also recognized before
 * a dash if the place is a single word or looks like a place name, and before a colon if the article speaks of that
 * place. Anything else is kept as part of the sentence: the name of a speaker or of what the sentence is about. */
#ifndef STAGES_SUMMARIZE_DATELINES_H
#define STAGES_SUMMARIZE_DATELINES_H

#include "pipeline/article/article.h"

struct datelines; /* does not change after datelines_open(), so threads can share it */

struct datelines *datelines_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void datelines_close(struct datelines *datelines);                                      /* accepts NULL */
/* Returns the sentence without its dateline, or unchanged if there is none; empty if there is nothing else. `opening`
 * is the article if this is the first sentence of its text, otherwise NULL. */
struct span datelines_strip(const struct datelines *datelines, struct span sentence, const struct article *opening);
/* The same for a dateline that the translator has changed so that it can be recognized only in the source: "Lisbon, 03
 * sea (Portuguese) - ". Returns the target after as many dashes or other marks as that of the source has. */
struct span datelines_strip_translated(const struct datelines *datelines, struct span source, struct span target,
                                       const struct article *opening);

#endif
