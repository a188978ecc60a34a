/* LibreTranslate (POST /translate): an array of texts in one request. A wrong secret answers 200 with one emoji instead of
 * the texts; an array that does not have one text for each is therefore no answer. */
#include <stdlib.h>
#include <string.h>

#include "config/setting.h"
#include "stages/services/common/call.h"

static const struct setting libretranslate_settings[] = {
    {"url", SETTING_TEXT, "http://127.0.0.1:5000", NULL, 0, 0, "address of the server"},
    {"key", SETTING_SECRET, NULL, NULL, 0, 0, "API key, when the server wants one"},
    {"plain_http", SETTING_SWITCH, "no", NULL, 0, 0, "let the key go over http: to another machine"},
    {"languages", SETTING_LIST,
     "ar az bg bn ca cs da de el eo es et eu fa fi fr ga gl he hi hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sq sr sv th tl tr uk "
     "ur vi zh",
     NULL, 0, 0, "source languages that the server has"},
    SETTINGS_END};

static bool libretranslate_open(const struct settings *settings, const char *data_folder, void **ret_state,
                                struct failure *ret_failure) {
    (void)data_folder;
    (void)ret_failure;
    const struct settings **state = memory_take(sizeof *state);
    *state = settings;
    *ret_state = state;
    return true;
}

static const struct settings *settings_of(const void *state) {
    const struct settings *const *settings = state;
    return *settings;
}

static bool libretranslate_offers(const void *state, const char *source_language, const char *target_language,
                                  struct span *ret_model) {
    *ret_model = SPAN("");
    return strcmp(target_language, "en") == 0 && call_offers(settings_of(state), "languages", source_language);
}

/* The server knows zh-Hans and zh-Hant; every other language it knows without its script. */
static struct span code_of(const char *language) {
    return strncmp(language, "zh", 2) == 0 ? span_of(language) : (struct span){language, strcspn(language, "-")};
}

static bool libretranslate_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                         struct failure *ret_failure) {
    (void)ret_failure;
    struct span key = setting_secret(settings_of(state), "key");
    cJSON *root = cJSON_CreateObject(), *texts = cJSON_AddArrayToObject(root, "q");
    for (size_t i = 0; i < batch->count; i++) {
        cJSON *holder = cJSON_CreateObject();
        json_add(holder, "q", batch->texts[i]);
        cJSON_AddItemToArray(texts, cJSON_DetachItemFromObjectCaseSensitive(holder, "q"));
        cJSON_Delete(holder);
    }
    json_add(root, "source", code_of(batch->source_language));
    json_add(root, "target", span_of(batch->target_language));
    json_add(root, "format", SPAN("text"));
    json_add_filled(root, "api_key", key);
    call_address(exchange, setting_text(settings_of(state), "url"), "/translate");
    call_json(exchange, root);
    exchange->carries_key = key.length > 0;
    exchange->plain_text_ok = setting_switch(settings_of(state), "plain_http");
    return true;
}

static bool read_texts(const cJSON *texts, const struct batch *batch, const struct exchange *exchange, struct answer *answers,
                       struct failure *ret_failure) {
    size_t count = cJSON_IsArray(texts) ? (size_t)cJSON_GetArraySize(texts) : 0;
    if (count != batch->count)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%.*s gave %zu translations for %zu texts",
                           SPAN_ARGS(exchange->gate), count, batch->count);
    const cJSON *item;
    size_t i = 0;
    cJSON_ArrayForEach(item, texts) answers[i++] = call_answer(json_text(item), exchange->arena);
    return true;
}

static bool libretranslate_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                                      struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                                      struct failure *ret_failure) {
    (void)state;
    (void)ret_usage;
    cJSON *root = call_read(exchange, ret_failure);
    if (!root) return false;
    bool read = read_texts(json_member(root, "translatedText"), batch, exchange, answers, ret_failure);
    cJSON_Delete(root);
    *ret_count = read ? batch->count : 0;
    return read;
}

const struct service service_libretranslate = {
    .name = "libretranslate",
    .help = "LibreTranslate, a free server of your own or a public one",
    .settings = libretranslate_settings,
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .limits = {.texts = 32, .characters = 5000},
    .gate = {.concurrency = 4, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = libretranslate_open,
    .close = free,
    .offers = libretranslate_offers,
    .write_request = libretranslate_write_request,
    .read_reply = libretranslate_read_reply,
};
