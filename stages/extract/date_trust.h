/* Whether a date may be believed: templates and broken writers leave dates that nobody meant. */
#ifndef STAGES_EXTRACT_DATE_TRUST_H
#define STAGES_EXTRACT_DATE_TRUST_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* `iso` as in struct date; `collected` is when the page was read ("2026-01-29T06:05:04Z", or empty: unknown). False for
 * what lies more than a day behind that, and for dates that stand for none: 1970-01-01, 2001-01-01T00:00:00Z. */
bool date_is_credible(struct span iso, struct span collected);

#endif
