/* LibreTranslate (POST /translate), with an array of texts in each request. If the API secret is wrong, the server
 * replies with status 200 and a single emoji, so the number of translations is checked. A client that keeps sending
 * requests after replies with status 429 may be banned. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

static const struct setting libretranslate_table[] = {
    SERVICE_URL_SETTING("http://127.0.0.1:5000", "address of the server"),
    SERVICE_KEY_SETTINGS("API key, if the server requires one"),
    CODES_SETTING,
    SETTINGS_END,
};

static bool libretranslate_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    return remote_open(context, NULL, 0, ret_state, ret_failure);
}

/* The key is sent in the body, not in a header, so call_secret() must be called separately. */
static bool libretranslate_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                         struct failure *ret_failure) {
    const struct remote *remote = state;
    struct span key = secret_text(remote->common->key);
    if (!secret_ready(remote->common->key, ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "q", call_texts(batch));
    json_add(root, "source", codes_of(&remote->codes, batch->source_language));
    json_add(root, "target", span_of(batch->target_language));
    json_add(root, "format", SPAN("text"));
    json_add_filled(root, "api_key", key);
    call_secret(exchange, remote->common, key);
    call_address(exchange, remote->common->url, "/translate");
    call_json(exchange, root);
    return true;
}

static bool libretranslate_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                                      struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                                      struct failure *ret_failure) {
    static const struct call_form form = {.items = "translatedText"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict libretranslate_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"libretranslate", false}, .throttle_ms = 10000};
    return judge_by(exchange, &form);
}

const struct service service_libretranslate = {
    .name = "libretranslate",
    .help = "LibreTranslate, a self-hosted or public server",
    .settings = {.entries = libretranslate_table},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "services/libretranslate.tsv",
    .limits = {.texts = 32, .characters = 5000},
    .limiter = {.concurrency = 4, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = libretranslate_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = libretranslate_write_request,
    .read_reply = libretranslate_read_reply,
    .judge = libretranslate_judge,
};
