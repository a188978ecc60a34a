/* Unicode's composed form (NFC), without a copy of what is composed already. */
#ifndef STAGES_DECODE_COMPOSE_H
#define STAGES_DECODE_COMPOSE_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* The text in NFC: itself when there is nothing to compose, otherwise borrowed from `out`. Adds the number of places
 * that changed. Marks past the thirtieth on one letter are left out (UAX 15, stream-safe text). The text must be valid;
 * linear. */
struct span compose_text(struct span text, struct buffer *out, size_t *ret_places);

#endif
