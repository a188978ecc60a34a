/* DeepL (POST /v2/translate). Texts of a request are translated each for itself; what stands around them goes along as
 * context, which is neither translated nor billed. Languages of an account differ: the table has the common ones. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

enum { ENTRIES_LIMIT = 8 << 20 }; /* of 10 MiB */

static const char paid[] = "https://api.deepl.com", free_of_charge[] = "https://api-free.deepl.com";

static const struct setting deepl_settings[] = {
    {"url", SETTING_TEXT, "", NULL, 0, 0, "address; empty: the free one for keys that end with :fx, else the paid one"},
    CALL_KEY_SETTINGS("authentication key"),
    {"english", SETTING_CHOICE, "EN-GB", "EN-GB EN-US", 0, 0, "which English is written"},
    {"formality", SETTING_CHOICE, "default", "default more less prefer_more prefer_less", 0, 0, "tone"},
    {"model_type", SETTING_CHOICE, "default", "default quality_optimized prefer_quality_optimized latency_optimized", 0,
     0, "which of its models answers"},
    {"glossary_id", SETTING_TEXT, "", NULL, 0, 0,
     "a glossary of the account, in the place of the one that is made of [glossary]"},
    CODES_SETTING,
    SETTINGS_END};

static bool deepl_open(const struct settings *settings, const char *data_folder, void **ret_state,
                       struct failure *ret_failure) {
    static const char *const shapers[] = {"english", "formality", "model_type", "glossary_id", NULL};
    return remote_needs_secret(settings, "key", ret_failure) &&
           remote_open(settings, data_folder, shapers, ret_state, ret_failure);
}

/* The whole neighbourhood in reading order, the texts themselves included: a sentence is understood by what follows,
 * too. */
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

static void add_choice(cJSON *root, const struct settings *settings, const char *name) {
    struct span value = setting_text(settings, name);
    if (!span_is(value, "default")) json_add_filled(root, name, value);
}

static struct span address_of(const struct settings *settings) {
    struct span url = setting_text(settings, "url");
    if (url.length) return url;
    return span_of(span_ends(setting_secret(settings, "key"), SPAN(":fx")) ? free_of_charge : paid);
}

static bool deepl_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct settings *settings = remote->settings;
    if (!call_key(exchange, settings, "Authorization", "DeepL-Auth-Key ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "text", call_texts(batch));
    json_add(root, "source_lang", codes_of(&remote->codes, batch->source_language));
    json_add(root, "target_lang", setting_text(settings, "english"));
    json_add_filled(root, "context", context_of(batch, exchange->arena));
    cJSON_AddStringToObject(root, "split_sentences", "0"); /* they are sentences already */
    add_choice(root, settings, "formality");
    add_choice(root, settings, "model_type");
    struct span glossary = setting_text(settings, "glossary_id");
    json_add_filled(root, "glossary_id", glossary.length ? glossary : batch->glossary_id);
    cJSON_AddTrueToObject(root, "show_billed_characters");
    call_address(exchange, address_of(settings), "/v2/translate");
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

/* "BG" is "bg" here; a cell holds neither tab nor line end. */
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
    if (setting_text(remote->settings, "glossary_id").length)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "glossary_id names another glossary");
    if (!call_key(exchange, remote->settings, "Authorization", "DeepL-Auth-Key ", ret_failure)) return false;
    call_address(exchange, address_of(remote->settings), "/v3/glossaries");
    if (!create) return true;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "name", name);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "dictionaries"),
                         dictionary_of(remote, glossary, source_language, exchange->arena));
    call_json(exchange, root);
    return true;
}

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
    .settings = deepl_settings,
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .takes_context = true,
    .languages = "services/deepl.tsv",
    .limits = {.texts = 50, .bytes = 40000}, /* of 128 KiB for texts, context and what JSON adds to both */
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
