/* What a request costs, before and after. */
#ifndef STAGES_SERVICES_COMMON_PRICE_H
#define STAGES_SERVICES_COMMON_PRICE_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* The most that a written request can cost: the characters of its texts; where tokens have a price, as many of them as
 * the request has bytes (a token is at least one byte), and the longest answer that the service was allowed. Day and
 * source are left to the caller. */
struct bill_line price_most(const struct configured_service *configured_service, const struct batch *batch,
                            const struct exchange *exchange);
/* What it will probably cost: tokens have about four bytes, and the English is about as long as its source. */
struct bill_line price_expected(const struct configured_service *configured_service, const struct batch *batch,
                                const struct exchange *exchange);
/* What it was billed: as the service says, and where it says nothing, as it was reserved. */
struct bill_line price_billed(const struct configured_service *configured_service, const struct bill_line *most,
                              const struct usage *usage);

#endif
