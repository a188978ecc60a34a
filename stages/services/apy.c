/* Apertium's HTTP server (APy). The texts of a request are separated by blank lines. APy splits long input into pieces
 * and silently drops everything after the tenth piece. The size of a piece depends on how many other requests use the
 * same language pair, but input below 900 characters and 4,000 bytes is never split. To detect a loss, a number is
 * added after the last text; if the reply lacks it, the end was dropped. */
#include <stdlib.h>

#include "stages/services/apertium/chains.h"
#include "stages/services/apertium/stream.h"
#include "stages/services/common/call.h"
#include "stages/services/common/codes.h"
#include "stages/services/common/judge.h"

enum { BODY_LIMIT = 1 << 20 };

static const char tail[] = "77101"; /* the number added after the last text; Apertium does not change digits */

static const struct setting apy_table[] = {
    SERVICE_URL_SETTING("http://127.0.0.1:2737", "address of the server"),
    SERVICE_LANGUAGES_SETTING("use only these source languages, if the server lacks some pairs (default: all with a "
                              "chain of pairs to English)"),
    SETTINGS_END,
};

struct apy {
    const struct service_settings *common;
    struct arena *arena;
    struct chain *chains;
    struct table letters, decimals;
};

static void apy_close(void *state) {
    struct apy *apy = state;
    if (!apy) return;
    arena_free(apy->arena);
    free(apy);
}

static bool apy_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    struct apy *apy = memory_take(sizeof *apy);
    apy->common = context->common;
    apy->arena = arena_new();
    if (!chains_read(context->data_folder, NULL, apy->arena, &apy->chains, ret_failure) ||
        !table_read(context->data_folder, "apertium/latin.tsv", apy->arena, &apy->letters, ret_failure) ||
        !figures_read(context->data_folder, apy->arena, &apy->decimals, ret_failure)) {
        apy_close(apy);
        return false;
    }
    *ret_state = apy;
    return true;
}

/* It is unknown which pairs the server has, so chains_read() is called without a folder and returns a chain for every
 * pair in the table. The setting `languages` can restrict the languages. */
static bool is_wanted(const struct apy *apy, struct span language) {
    const struct word_list *wanted = &apy->common->languages;
    return wanted->count == 0 || word_list_has(wanted, language);
}

static const struct chain *find_exactly(const struct apy *apy, struct span language) {
    for (const struct chain *chain = apy->chains; chain; chain = chain->next)
        if (span_equal(chain->language, language)) return is_wanted(apy, chain->language) ? chain : NULL;
    return NULL;
}

static const struct chain *find(const struct apy *apy, const char *language) {
    const struct chain *chain = find_exactly(apy, span_of(language));
    return chain ? chain : find_exactly(apy, codes_without_region(language));
}

static bool apy_offers(const void *state, const char *source_language, const char *target_language,
                       struct span *ret_model) {
    const struct chain *chain = find(state, source_language);
    if (!chain || !span_is(SPAN("en"), target_language)) return false;
    *ret_model = chain->modes;
    return true;
}

/* Whether a single pair translates into English. APy has one address for single pairs and another for chains of pairs.
 */
static bool is_direct(const struct chain *chain) {
    struct span rest = chain->codes, code;
    size_t count = 0;
    while (span_next(&rest, '|', &code)) count++;
    return count == 2;
}

static void pack(const struct batch *batch, const struct table *letters, struct buffer *text) {
    for (size_t i = 0; i < batch->count; i++) {
        stream_write_plain(span_trim(batch->texts[i]), letters, text);
        buffer_add_string(text, "\n\n");
    }
    buffer_add_string(text, tail);
}

static bool apy_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                              struct failure *ret_failure) {
    const struct apy *apy = state;
    const struct chain *chain = find(apy, batch->source_language);
    if (!chain)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                           "there is no chain of Apertium pairs from '%s' to English", batch->source_language);
    struct buffer text = BUFFER(BODY_LIMIT), body = BUFFER(4 * BODY_LIMIT);
    pack(batch, chain->to_latin ? &apy->letters : NULL, &text);
    call_form_add(&body, is_direct(chain) ? "langpair" : "langpairs", chain->codes);
    call_form_add(&body, "format", SPAN("txt")); /* by default, APy treats the text as HTML */
    call_form_add(&body, "markUnknown", SPAN("yes"));
    call_form_add(&body, "q", buffer_span(&text));
    exchange->kind = EXCHANGE_HTTP;
    exchange->method = SPAN("POST");
    exchange->body = arena_copy(exchange->arena, buffer_span(&body));
    exchange_add_header(exchange, "Content-Type", SPAN("application/x-www-form-urlencoded"));
    call_address(exchange, apy->common->url, is_direct(chain) ? "/translate" : "/translateChain");
    bool fits = !text.full && !body.full;
    buffer_free(&text);
    buffer_free(&body);
    return fits || failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the text is larger than %d bytes", BODY_LIMIT);
}

/* Returns the lines up to the next blank line. */
static bool next_block(struct span *rest, struct span *ret_block) {
    *rest = span_trim(*rest);
    if (rest->length == 0) return false;
    size_t end = span_find(*rest, SPAN("\n\n"));
    *ret_block = span_cut(*rest, 0, end);
    *rest = end == SIZE_MAX ? (struct span){NULL, 0} : span_cut(*rest, end, rest->length);
    return true;
}

/* Whether the block is the number added after the last text. Apertium may have marked the number as an unknown word
 * ("#77101"). */
static bool is_tail(struct span block) {
    while (block.length && (block.at[0] == '*' || block.at[0] == '#' || block.at[0] == '@'))
        block = span_cut(block, 1, block.length);
    return span_is(span_trim(block), tail);
}

/* Reads the translations. If the number after the last text is missing, the server has dropped an unknown part of the
 * input, so all texts are sent again in smaller requests. */
static bool read_blocks(const struct apy *apy, struct span text, const struct batch *batch,
                        const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                        struct failure *ret_failure) {
    enum figure_marks marks = figures_marks(&apy->decimals, span_of(batch->source_language));
    struct span block = {NULL, 0};
    size_t count = 0;
    bool complete = false;
    while (next_block(&text, &block) && !(complete = is_tail(block))) {
        if (count < batch->count) {
            struct answer *answer = &answers[count];
            unsigned unknown_words = 0;
            struct span target = stream_read_plain(block, batch->texts[count], exchange->arena, &unknown_words);
            target = stream_figures(marks, batch->texts[count], target, exchange->arena);
            *answer = call_answer(batch->texts[count], target, exchange->arena);
            answer->unknown_words = unknown_words;
        }
        count++;
    }
    *ret_count = count;
    if (complete && count == batch->count && text.length == 0) return true;
    if (complete && !count)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%.*s returned no translations for %zu text%s",
                           SPAN_ARGS(exchange->limiter), batch->count, PLURAL(batch->count));
    if (complete) return call_miscounted(batch, exchange, count, "translation", answers, ret_count, ret_failure);
    for (size_t i = 0; i < batch->count; i++)
        answers[i] =
            (struct answer){.verdict = VERDICT_TOO_LONG, .note = SPAN("the server dropped the end of the text")};
    *ret_count = batch->count;
    return true;
}

static bool apy_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                           struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                           struct failure *ret_failure) {
    (void)ret_usage;
    cJSON *root = call_read(exchange, ret_failure);
    if (!root) return false;
    struct span text = json_text(json_at(root, "responseData.translatedText"));
    bool read = text.length ? read_blocks(state, text, batch, exchange, answers, ret_count, ret_failure)
                            : failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                                          "%.*s returned no translatedText", SPAN_ARGS(exchange->limiter));
    cJSON_Delete(root);
    return read;
}

static enum exchange_verdict apy_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"apy", false}};
    return judge_by(exchange, &form);
}

const struct service service_apy = {
    .name = "apy",
    .help = "Apertium's HTTP server (APy), local or remote",
    .settings = {.entries = apy_table},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "apertium/languages.tsv",
    .limits = {.texts = 16, .characters = 860, .bytes = 3800},
    /* Each process of the server translates one text at a time. If more than two requests per process are waiting, APy
       splits input at 1,000 characters. */
    .limiter = {.concurrency = 1, .attempts = 3, .timeout_ms = 60000, .adaptive = true},
    .free_of_charge = true,
    .open = apy_open,
    .close = apy_close,
    .offers = apy_offers,
    .write_request = apy_write_request,
    .read_reply = apy_read_reply,
    .judge = apy_judge,
};
