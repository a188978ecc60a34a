/* DeepL (POST /v2/translate). Each text of a request is translated separately. The surrounding text can be sent as
 * context, which is neither translated nor billed. The available languages depend on the account; the table lists those
 * that every account has. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

enum { ENTRIES_LIMIT = 8 << 20 }; /* DeepL accepts glossaries of up to 10 MiB */

static const char paid[] = "https://api.deepl.com", free_of_charge[] = "https://api-free.deepl.com";

struct deepl_settings {
    struct span english, formality, model_type, glossary_id;
};

static const struct setting deepl_table[] = {
    SERVICE_URL_SETTING(
        NULL, "address of the service (default: the free API for keys that end in :fx, otherwise the paid API)"),
    SERVICE_KEY_SETTINGS("authentication key"),
    SETTING("english", SETTING_WORD_AT(struct deepl_settings, english), .default_value = "EN-GB",
            .choices = "EN-GB EN-US", .help = "variety of English for the translations"),
    SETTING("formality", SETTING_WORD_AT(struct deepl_settings, formality), .default_value = "default",
            .choices = "default more less prefer_more prefer_less", .help = "tone"),
    SETTING("model_type", SETTING_WORD_AT(struct deepl_settings, model_type), .default_value = "default",
            .choices = "default quality_optimized prefer_quality_optimized latency_optimized", .help = "model to use"),
    SETTING("glossary_id", SETTING_TEXT_AT(struct deepl_settings, glossary_id),
            .help = "ID of a glossary in your account, used instead of one created from [glossary]"),
    CODES_SETTING,
    SETTINGS_END,
};

static bool deepl_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct deepl_settings *settings = context->settings;
    const struct span shapers[] = {settings->english, settings->formality, settings->model_type, settings->glossary_id};
    return remote_needs_key(context, ret_failure) &&
           remote_open(context, shapers, sizeof shapers / sizeof *shapers, ret_state, ret_failure);
}

/* Returns the context: all surrounding text and the texts themselves, in reading order, because the sentences after a
 * text help to understand it too. */
static struct span context_of(const struct batch *batch, struct arena *arena) {
    struct buffer out = BUFFER(64 * 1024);
    buffer_add_span(&out, batch->title);
    buffer_add_string(&out, "\n");
    buffer_add_span(&out, batch->context);
    for (size_t i = 0; i < batch->count; i++) {
        buffer_add_string(&out, "\n");
        buffer_add_span(&out, batch->texts[i]);
    }
    struct span context = arena_copy(arena, span_trim(buffer_span(&out)));
    buffer_free(&out);
    return context;
}

static void add_word(cJSON *root, const char *name, struct span value) {
    if (!span_is(value, "default")) json_add_filled(root, name, value);
}

/* Free and paid accounts use different hosts, each of which refuses the other's keys. */
static struct span address_of(const struct service_settings *common) {
    if (common->url.length) return common->url;
    return span_of(span_ends(secret_text(common->key), SPAN(":fx")) ? free_of_charge : paid);
}

static bool deepl_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct deepl_settings *settings = remote->settings;
    if (!call_key(exchange, remote->common, "Authorization", "DeepL-Auth-Key ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "text", call_texts(batch));
    json_add(root, "source_lang", codes_of(&remote->codes, batch->source_language));
    json_add(root, "target_lang", settings->english);
    json_add_filled(root, "context", context_of(batch, exchange->arena));
    cJSON_AddStringToObject(root, "split_sentences", "0"); /* each text is a single sentence, which must not be split */
    add_word(root, "formality", settings->formality);
    add_word(root, "model_type", settings->model_type);
    json_add_filled(root, "glossary_id", settings->glossary_id.length ? settings->glossary_id : batch->glossary_id);
    cJSON_AddTrueToObject(root, "show_billed_characters");
    call_address(exchange, address_of(remote->common), "/v2/translate");
    call_json(exchange, root);
    return true;
}

static bool deepl_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                             struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                             struct failure *ret_failure) {
    static const struct call_form form = {.items = "translations", .text = "text", .billed = "billed_characters"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

/* ---------------------------------------------------------------- glossaries, v3 */

/* Returns the glossary in DeepL's format: language codes in lower case (unlike in other requests), and terms as
 * tab-separated values. Terms contain no tabs or line breaks, so no escaping is needed. */
static cJSON *dictionary_of(const struct remote *remote, const struct glossary *glossary, const char *source_language,
                            struct arena *arena) {
    struct buffer entries = BUFFER(ENTRIES_LIMIT);
    char *code = arena_string(arena, codes_of(&remote->codes, source_language));
    cJSON *dictionary = cJSON_CreateObject();
    for (size_t i = 0; i < glossary->count; i++)
        buffer_print(&entries, "%.*s\t%.*s\n", SPAN_ARGS(glossary->terms[i].source),
                     SPAN_ARGS(glossary->terms[i].target));
    for (char *at = code; *at; at++)
        if (*at >= 'A' && *at <= 'Z') *at = (char)(*at | 32);
    cJSON_AddStringToObject(dictionary, "source_lang", code);
    cJSON_AddStringToObject(dictionary, "target_lang", "en");
    json_add(dictionary, "entries", buffer_span(&entries));
    cJSON_AddStringToObject(dictionary, "entries_format", "tsv");
    buffer_free(&entries);
    return dictionary;
}

static bool deepl_write_glossary(const void *state, const struct glossary *glossary, const char *source_language,
                                 struct span name, bool create, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct deepl_settings *settings = remote->settings;
    if (settings->glossary_id.length)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the setting glossary_id selects another glossary");
    if (!call_key(exchange, remote->common, "Authorization", "DeepL-Auth-Key ", ret_failure)) return false;
    call_address(exchange, address_of(remote->common), "/v3/glossaries");
    if (!create) return true;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "name", name);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "dictionaries"),
                         dictionary_of(remote, glossary, source_language, exchange->arena));
    call_json(exchange, root);
    return true;
}

/* The reply to a request that creates a glossary is that glossary; the reply to a listing contains all glossaries of
 * the account. */
static bool deepl_read_glossary(const void *state, struct span name, bool created, const struct exchange *exchange,
                                struct span *ret_id, struct failure *ret_failure) {
    (void)state;
    cJSON *root = call_read(exchange, ret_failure);
    bool read = root != NULL;
    const cJSON *glossary = created ? root : NULL, *item;
    cJSON_ArrayForEach(item, json_member(root, "glossaries")) if (span_equal(json_member_text(item, "name"), name))
        glossary = item;
    *ret_id = json_member_copy(glossary, "glossary_id", exchange->arena);
    cJSON_Delete(root);
    return read;
}

static enum exchange_verdict deepl_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"deepl", false}};
    return judge_by(exchange, &form);
}

const struct service service_deepl = {
    .name = "deepl",
    .help = "DeepL, free and paid accounts",
    .settings = {deepl_table, sizeof(struct deepl_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .takes_context = true,
    .languages = "services/deepl.tsv",
    .limits = {.texts = 50, .bytes = 40000}, /* DeepL accepts 128 KiB per request, including context and JSON syntax */
    .limiter = {.concurrency = 8, .gap_ms = 20, .attempts = 5, .timeout_ms = 60000, .adaptive = true},
    .open = deepl_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = deepl_write_request,
    .read_reply = deepl_read_reply,
    .write_glossary = deepl_write_glossary,
    .read_glossary = deepl_read_glossary,
    .judge = deepl_judge,
};
