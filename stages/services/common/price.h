/* Computes the price of a request, before it is sent and after its reply. */
#ifndef STAGES_SERVICES_COMMON_PRICE_H
#define STAGES_SERVICES_COMMON_PRICE_H

#include "pipeline/store/store.h"
#include "stages/services/service_list.h"

/* Returns the maximum price of a composed request. It covers all characters of the texts. If tokens have a price, it
 * also covers one input token for each byte of the request (a token has at least one byte) and an answer of the maximum
 * length. The caller sets the members for day and source. */
struct bill_line price_most(const struct configured_service *configured_service, const struct batch *batch,
                            const struct exchange *exchange);
/* Returns the expected price. Assumes that a token has four bytes and that the translation is as long as its source. */
struct bill_line price_expected(const struct configured_service *configured_service, const struct batch *batch,
                                const struct exchange *exchange);
/* Returns the actual price: the amount that the service says it will bill, or the reserved price if it does not say. */
struct bill_line price_billed(const struct configured_service *configured_service, const struct bill_line *most,
                              const struct usage *usage);

#endif
