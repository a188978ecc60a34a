#include "stages/services/common/price.h"

static long long cost_of(const struct prices *prices, const struct bill_line *line) {
    double millionths = (double)prices->characters * (double)line->characters +
                        (double)prices->input_tokens * (double)line->input_tokens +
                        (double)prices->output_tokens * (double)line->output_tokens;
    return (long long)(millionths / 1e6 + 0.999999); /* rounded up, so that the total is never below the real bill */
}

/* Whether tokens have a price. Tokens without a price are not reserved in the budget. */
static bool has_token_price(const struct prices *prices) {
    return prices->input_tokens > 0 || prices->output_tokens > 0;
}

/* Returns the maximum number of tokens in the answer. If the service has no limit, the length of the request is used,
 * because a translation rarely has more tokens than its source has bytes. */
static unsigned long longest_answer(const struct configured_service *configured_service,
                                    const struct exchange *exchange) {
    const struct service *service = configured_service->service;
    bool knows = service->longest_answer && configured_service->state;
    return knows ? service->longest_answer(configured_service->state) : exchange->body.length;
}

struct bill_line price_most(const struct configured_service *configured_service, const struct batch *batch,
                            const struct exchange *exchange) {
    struct bill_line line = {.service = configured_service->name, .requests = 1, .segments = batch->count};
    for (size_t i = 0; i < batch->count; i++) line.characters += text_count(batch->texts[i]);
    if (has_token_price(&configured_service->prices)) {
        line.input_tokens = exchange->body.length;
        line.output_tokens = longest_answer(configured_service, exchange);
    }
    line.cost = cost_of(&configured_service->prices, &line);
    return line;
}

struct bill_line price_expected(const struct configured_service *configured_service, const struct batch *batch,
                                const struct exchange *exchange) {
    enum { BYTES_OF_A_TOKEN = 4 };
    struct bill_line line = price_most(configured_service, batch, exchange);
    line.input_tokens /= BYTES_OF_A_TOKEN;
    if (line.output_tokens) line.output_tokens = line.characters / BYTES_OF_A_TOKEN;
    line.cost = cost_of(&configured_service->prices, &line);
    return line;
}

struct bill_line price_billed(const struct configured_service *configured_service, const struct bill_line *most,
                              const struct usage *usage) {
    struct bill_line line = *most;
    /* What a service does not count, or counts as 0, stays reserved in full if tokens have a price: its bill will say
     * more. Only where there is no answer can none have been counted. */
    bool priced = has_token_price(&configured_service->prices);
    if (usage->characters) line.characters = usage->characters;
    if (usage->input_tokens || !priced) line.input_tokens = usage->input_tokens;
    if (usage->output_tokens || (usage->unanswered && usage->input_tokens) || !priced)
        line.output_tokens = usage->output_tokens;
    line.cost = cost_of(&configured_service->prices, &line);
    return line;
}
