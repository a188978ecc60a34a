/* Rejects dates that cannot be true, such as those written by templates and faulty software. */
#ifndef STAGES_EXTRACT_DATE_TRUST_H
#define STAGES_EXTRACT_DATE_TRUST_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* `iso` is a date as in struct date; `collected` is when the page was read ("2026-01-29T06:05:04Z"), or empty if
 * unknown. Returns false for a date more than a day after `collected`, and for the dates at which clocks begin, such as
 * 1970-01-01 or 2001-01-01T00:00:00Z. */
bool date_is_credible(struct span iso, struct span collected);

/* Returns the minutes since 1 March of the year 0. A date without a time counts as midnight, one without a zone as UTC.
 */
long date_minutes(struct span iso);

#endif
