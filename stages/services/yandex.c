/* Yandex Translate v2. Glossary terms are sent with each request; errors are gRPC codes within JSON. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

enum { MAX_PAIRS = 50 }; /* maximum number of glossary terms in a request; further terms are left out */

struct yandex_settings {
    struct secret *token;
    long long token_lifetime;
    struct span folder, model;
};

static const struct setting yandex_table[] = {
    SERVICE_URL_SETTING("https://translate.api.cloud.yandex.net", "address of the service"),
    SERVICE_KEY_SETTINGS("API key of a service account"),
    SETTING("token", SETTING_SECRET_AT(struct yandex_settings, token),
            SETTING_LIFETIME_AT(struct yandex_settings, token_lifetime),
            .help = "IAM token instead of a key, e.g. token_command = yc iam create-token"),
    SETTING("token_lifetime", SETTING_TIME_AT(struct yandex_settings, token_lifetime), .default_value = "1h",
            .min = 1000, .max = 86400e3, .help = "how long a token is used before the command is run again"),
    SETTING("folder", SETTING_TEXT_AT(struct yandex_settings, folder),
            .help = "ID of the folder; required with the token of a user account"),
    SETTING("model", SETTING_TEXT_AT(struct yandex_settings, model), .help = "ID of a custom model"),
    CODES_SETTING,
    SETTINGS_END,
};

/* Either a token or a key is required; a token takes precedence. */
static bool yandex_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct yandex_settings *settings = context->settings;
    return (secret_given(settings->token) || remote_needs_key(context, ret_failure)) &&
           remote_open(context, &settings->model, 1, ret_state, ret_failure);
}

/* The terms are sent with every request, because the service does not store glossaries. */
static void add_glossary(cJSON *root, const struct glossary *glossary) {
    if (!glossary || glossary->count == 0) return;
    cJSON *data = cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, "glossaryConfig"), "glossaryData");
    cJSON *pairs = cJSON_AddArrayToObject(data, "glossaryPairs");
    for (size_t i = 0; i < glossary->count && i < MAX_PAIRS; i++) {
        cJSON *pair = cJSON_CreateObject();
        json_add(pair, "sourceText", glossary->terms[i].source);
        json_add(pair, "translatedText", glossary->terms[i].target);
        cJSON_AddItemToArray(pairs, pair);
    }
}

static bool yandex_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct yandex_settings *settings = remote->settings;
    bool by_token = secret_given(settings->token);
    if (!call_secret_header(exchange, remote->common, by_token ? settings->token : remote->common->key, "Authorization",
                            by_token ? "Bearer " : "Api-Key ", ret_failure))
        return false;
    cJSON *root = cJSON_CreateObject();
    json_add_filled(root, "folderId", settings->folder);
    json_add(root, "sourceLanguageCode", codes_of(&remote->codes, batch->source_language));
    json_add(root, "targetLanguageCode", span_of(batch->target_language));
    json_add(root, "format", SPAN("PLAIN_TEXT"));
    cJSON_AddItemToObject(root, "texts", call_texts(batch));
    json_add_filled(root, "model", settings->model);
    add_glossary(root, batch->glossary);
    call_address(exchange, remote->common->url, "/translate/v2/translate");
    call_json(exchange, root);
    return true;
}

static bool yandex_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                              struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                              struct failure *ret_failure) {
    static const struct call_form form = {.items = "translations", .text = "text"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict yandex_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"yandex", false}, .throttle_ms = 1000};
    return judge_by(exchange, &form);
}

const struct service service_yandex = {
    .name = "yandex",
    .help = "Yandex Translate",
    .settings = {yandex_table, sizeof(struct yandex_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .takes_glossary = true,
    .languages = "services/yandex.tsv",
    .limits = {.texts = 100, .characters = 9000},
    .limiter = {.concurrency = 8, .gap_ms = 50, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = yandex_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = yandex_write_request,
    .read_reply = yandex_read_reply,
    .judge = yandex_judge,
};
