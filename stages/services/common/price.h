/* The price of a request, before it is sent and after its reply. */
#ifndef STAGES_SERVICES_COMMON_PRICE_H
#define STAGES_SERVICES_COMMON_PRICE_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* Returns the highest price that a written request can have. It counts the characters of the texts. If tokens have a
 * price, it counts as many input tokens as the request has bytes (a token has at least one byte) and the longest answer
 * that the service may give. The caller sets day and source. */
struct bill_line price_most(const struct configured_service *configured_service, const struct batch *batch,
                            const struct exchange *exchange);
/* Returns the expected price: a token has about four bytes, and the translation is about as long as its source. */
struct bill_line price_expected(const struct configured_service *configured_service, const struct batch *batch,
                                const struct exchange *exchange);
/* Returns the price billed: as the service says, or as reserved where it says nothing. */
struct bill_line price_billed(const struct configured_service *configured_service, const struct bill_line *most,
                              const struct usage *usage);

#endif
