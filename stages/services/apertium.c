/* The embedded engine: runs the programs of which Apertium's translation pipelines consist. It needs no server, no
 * network and no key. */
#include <stdlib.h>

#include "stages/services/apertium/chains.h"
#include "stages/services/apertium/stream.h"
#include "stages/services/common/codes.h"
#include "stages/services/service.h"

enum { BATCH_LIMIT = 4 << 20 }; /* limit on the body of a request, in bytes; far more than service.limits allows */

static const struct setting apertium_table[] = {
    SETTING("modes", SETTING_PATH_AT(struct apertium_settings, modes), .default_value = "/usr/share/apertium/modes",
            .help = "folder that contains Apertium's mode files"),
    SETTINGS_END,
};

struct apertium {
    struct arena *arena;
    struct chain *chains;
    struct table letters, decimals;
};

static void apertium_close(void *state) {
    struct apertium *apertium = state;
    if (!apertium) return;
    arena_free(apertium->arena);
    free(apertium);
}

static bool apertium_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct apertium_settings *settings = context->settings;
    struct apertium *apertium = memory_take(sizeof *apertium);
    apertium->arena = arena_new();
    if (!chains_read(context->data_folder, settings->modes.at, apertium->arena, &apertium->chains, ret_failure) ||
        !table_read(context->data_folder, "apertium/latin.tsv", apertium->arena, &apertium->letters, ret_failure) ||
        !figures_read(context->data_folder, apertium->arena, &apertium->decimals, ret_failure)) {
        apertium_close(apertium);
        return false;
    }
    *ret_state = apertium;
    return true;
}

static const struct chain *find_exactly(const struct apertium *apertium, struct span language) {
    for (const struct chain *chain = apertium->chains; chain; chain = chain->next)
        if (span_equal(chain->language, language)) return chain;
    return NULL;
}

/* Finds the chain for a language. If a regional variant such as pt-BR has none, uses the chain for the language without
 * region. */
static const struct chain *find(const struct apertium *apertium, const char *language) {
    const struct chain *chain = find_exactly(apertium, span_of(language));
    return chain ? chain : find_exactly(apertium, codes_without_region(language));
}

static bool apertium_offers(const void *state, const char *source_language, const char *target_language,
                            struct span *ret_model) {
    const struct chain *chain = find(state, source_language);
    if (!chain || !span_is(SPAN("en"), target_language)) return false;
    *ret_model = chain->modes;
    return true;
}

/* Each text is sent as a separate frame, ended by a NUL, so that a fault in one text cannot shift the translations of
 * the others. */
static bool apertium_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                   struct failure *ret_failure) {
    const struct apertium *apertium = state;
    const struct chain *chain = find(apertium, batch->source_language);
    if (!chain)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                           "no Apertium pair from '%s' to English is installed", batch->source_language);
    struct buffer body = BUFFER(BATCH_LIMIT), frame = BUFFER(BATCH_LIMIT);
    for (size_t i = 0; i < batch->count; i++) {
        buffer_clear(&frame);
        stream_write(batch->texts[i], chain->to_latin ? &apertium->letters : NULL, &frame);
        exchange_add_frame(exchange, &body, buffer_span(&frame));
    }
    exchange->kind = EXCHANGE_PIPE;
    exchange->commands = chain->commands;
    exchange->command_count = chain->command_count;
    exchange->body = arena_copy(exchange->arena, buffer_span(&body));
    bool fits = exchange->frames == batch->count && !frame.full;
    buffer_free(&body);
    buffer_free(&frame);
    return fits ||
           failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the text is larger than %d bytes", BATCH_LIMIT);
}

static bool apertium_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                                struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                                struct failure *ret_failure) {
    (void)ret_usage;
    const struct apertium *apertium = state;
    enum figure_marks marks = figures_marks(&apertium->decimals, span_of(batch->source_language));
    struct span rest = buffer_span(&exchange->reply), frame;
    size_t count = 0;
    for (; count < batch->count && span_next(&rest, '\0', &frame); count++) {
        struct answer *answer = &answers[count];
        *answer = (struct answer){.verdict = VERDICT_TRANSLATED};
        answer->target = stream_read(frame, batch->texts[count], exchange->arena, &answer->unknown_words);
        answer->target = stream_figures(marks, batch->texts[count], answer->target, exchange->arena);
        if (answer->target.length == 0) answer->verdict = VERDICT_BROKEN;
    }
    *ret_count = count;
    return count == batch->count ||
           failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "Apertium returned %zu translation%s for %zu text%s",
                       count, PLURAL(count), batch->count, PLURAL(batch->count));
}

const struct service service_apertium = {
    .name = "apertium",
    .help = "the embedded engine: Apertium, as packaged by Debian; needs no key and no network",
    .settings = {apertium_table, sizeof(struct apertium_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .limits = {.texts = 64, .bytes = 64 * 1024},
    .limiter = {.concurrency = 4, .attempts = 2, .timeout_ms = 30000},
    .free_of_charge = true,
    .languages = "apertium/languages.tsv",
    .open = apertium_open,
    .close = apertium_close,
    .offers = apertium_offers,
    .write_request = apertium_write_request,
    .read_reply = apertium_read_reply,
};
