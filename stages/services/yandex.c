/* Yandex Translate v2. Terms of the glossary go along with each request; errors are gRPC codes in JSON. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

enum { MAX_PAIRS = 50 };

static const struct setting yandex_settings[] = {
    {"url", SETTING_TEXT, "https://translate.api.cloud.yandex.net", NULL, 0, 0, "address of the service"},
    CALL_KEY_SETTINGS("API key of a service account"),
    {"token", SETTING_SECRET, NULL, NULL, 0, 0, "IAM token instead of a key: token_command = yc iam create-token"},
    {"token_lifetime", SETTING_TIME, "1h", NULL, 1000, 86400000,
     "how long a token is used before the command is run again"},
    {"folder", SETTING_TEXT, "", NULL, 0, 0, "id of the folder; needed with the token of a user's account"},
    {"model", SETTING_TEXT, "", NULL, 0, 0, "id of a model of your own"},
    CODES_SETTING,
    SETTINGS_END};

static bool yandex_open(const struct settings *settings, const char *data_folder, void **ret_state,
                        struct failure *ret_failure) {
    static const char *const shapers[] = {"model", NULL};
    return (setting_secret_given(settings, "token") || remote_needs_secret(settings, "key", ret_failure)) &&
           remote_open(settings, data_folder, shapers, ret_state, ret_failure);
}

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
    const struct settings *settings = remote->settings;
    bool by_token = setting_secret_given(settings, "token");
    if (!call_secret_header(exchange, settings, by_token ? "token" : "key", "Authorization",
                            by_token ? "Bearer " : "Api-Key ", ret_failure))
        return false;
    cJSON *root = cJSON_CreateObject();
    json_add_filled(root, "folderId", setting_text(settings, "folder"));
    json_add(root, "sourceLanguageCode", codes_of(&remote->codes, batch->source_language));
    json_add(root, "targetLanguageCode", span_of(batch->target_language));
    json_add(root, "format", SPAN("PLAIN_TEXT"));
    cJSON_AddItemToObject(root, "texts", call_texts(batch));
    json_add_filled(root, "model", setting_text(settings, "model"));
    add_glossary(root, batch->glossary);
    call_address(exchange, setting_text(settings, "url"), "/translate/v2/translate");
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
    .settings = yandex_settings,
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
