/* DeepL (POST /v2/translate). Texts of a request are translated each for itself; what stands around them goes along as
 * context, which is neither translated nor billed. Languages of an account differ: the table has the common ones. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

static const char paid[] = "https://api.deepl.com", free_of_charge[] = "https://api-free.deepl.com";

static const struct setting deepl_settings[] = {
    {"url", SETTING_TEXT, "", NULL, 0, 0, "address; empty: the free one for keys that end with :fx, else the paid one"},
    CALL_KEY_SETTINGS("authentication key"),
    {"english", SETTING_CHOICE, "EN-GB", "EN-GB EN-US", 0, 0, "which English is written"},
    {"formality", SETTING_CHOICE, "default", "default more less prefer_more prefer_less", 0, 0, "tone"},
    {"model_type", SETTING_CHOICE, "default", "default quality_optimized prefer_quality_optimized latency_optimized", 0, 0,
     "which of its models answers"},
    {"glossary_id", SETTING_TEXT, "", NULL, 0, 0, "a glossary of the account"},
    CODES_SETTING,
    SETTINGS_END};

static bool deepl_open(const struct settings *settings, const char *data_folder, void **ret_state, struct failure *ret_failure) {
    static const char *const shapers[] = {"english", "formality", "model_type", "glossary_id", NULL};
    return remote_needs_secret(settings, "key", ret_failure) && remote_open(settings, data_folder, shapers, ret_state, ret_failure);
}

/* The whole neighbourhood in reading order, the texts themselves included: a sentence is understood by what follows, too. */
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
    json_add_filled(root, "glossary_id", setting_text(settings, "glossary_id"));
    cJSON_AddTrueToObject(root, "show_billed_characters");
    call_address(exchange, address_of(settings), "/v2/translate");
    call_json(exchange, root);
    return true;
}

static bool deepl_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                             struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure) {
    static const struct call_form form = {.items = "translations", .text = "text", .billed = "billed_characters"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict deepl_judge(struct exchange *exchange) {
    static const struct judge_rule rules[] = {
        {456, NULL, EXCHANGE_CLOSED, "the quota of this period is used up: wait for the next, or raise the limit of the account"},
        {0, "*wrong endpoint*", EXCHANGE_CLOSED, "the key is for the other address: leave url empty"},
        {401, NULL, EXCHANGE_CLOSED, "the key was refused: check key_file"},
        {403, NULL, EXCHANGE_CLOSED, "the key was refused: check key_file"},
        {400, "*glossary*", EXCHANGE_CLOSED, "the glossary does not fit: check glossary_id and its languages"},
        {404, "*glossary*", EXCHANGE_CLOSED, "the account has no such glossary: check glossary_id"},
        {400, "*source_lang*", EXCHANGE_FINAL, "the account lacks this language: leave it out of languages"},
        {413, NULL, EXCHANGE_FINAL, "the request is larger than the service takes"},
        {414, NULL, EXCHANGE_FINAL, "the request is larger than the service takes"},
        {0}};
    static const struct judge_form form = {.codes = {"message", "detail"}, .messages = {"message"}, .rules = rules};
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
    .gate = {.concurrency = 8, .gap_ms = 20, .attempts = 5, .timeout_ms = 60000, .adaptive = true},
    .open = deepl_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = deepl_write_request,
    .read_reply = deepl_read_reply,
    .judge = deepl_judge,
};
