/* Azure AI Translator v3. Its quota applies to any period of one minute, so the hourly quota cannot be used all at
 * once. The free tier refuses requests above 33,300 characters, although the documentation says 50,000; the limit on
 * requests is therefore lower. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

struct azure_settings {
    struct span region, category;
};

static const struct setting azure_table[] = {
    SERVICE_URL_SETTING("https://api.cognitive.microsofttranslator.com",
                        "address of the service, or of your custom resource"),
    SERVICE_KEY_SETTINGS("key of the resource"),
    SETTING("region", SETTING_TEXT_AT(struct azure_settings, region),
            .help = "region of the resource, e.g. westeurope (default: a global resource)"),
    SETTING("category", SETTING_TEXT_AT(struct azure_settings, category), .help = "category of a custom model"),
    CODES_SETTING,
    SETTINGS_END,
};

static bool azure_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct azure_settings *settings = context->settings;
    return remote_needs_key(context, ret_failure) &&
           remote_open(context, &settings->category, 1, ret_state, ret_failure);
}

/* A custom resource has a different path than the global address. */
static void add_address(const struct remote *remote, const struct batch *batch, struct exchange *exchange) {
    const struct azure_settings *settings = remote->settings;
    struct span url = remote->common->url;
    bool own = span_find(url, SPAN(".cognitiveservices.azure.")) != SIZE_MAX;
    struct buffer query = BUFFER(4096);
    call_form_add(&query, "api-version", SPAN("3.0"));
    call_form_add(&query, "from", codes_of(&remote->codes, batch->source_language));
    call_form_add(&query, "to", span_of(batch->target_language));
    call_form_add(&query, "textType", SPAN("plain"));
    if (settings->category.length) call_form_add(&query, "category", settings->category);
    call_address(exchange, url, own ? "/translator/text/v3.0/translate?" : "/translate?");
    exchange->url = arena_print(exchange->arena, "%.*s%.*s", SPAN_ARGS(exchange->url), SPAN_ARGS(buffer_span(&query)));
    buffer_free(&query);
}

/* Keys of a regional resource are valid only together with its region. */
static bool azure_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct azure_settings *settings = remote->settings;
    if (!call_key(exchange, remote->common, "Ocp-Apim-Subscription-Key", "", ret_failure)) return false;
    if (settings->region.length) exchange_add_header(exchange, "Ocp-Apim-Subscription-Region", settings->region);
    exchange_add_header(exchange, "Content-Type", SPAN("application/json; charset=UTF-8"));
    cJSON *root = cJSON_CreateArray();
    for (size_t i = 0; i < batch->count; i++) {
        cJSON *item = cJSON_CreateObject();
        json_add(item, "Text", batch->texts[i]);
        cJSON_AddItemToArray(root, item);
    }
    add_address(remote, batch, exchange);
    call_json(exchange, root);
    return true;
}

/* The number of billed characters is in a header of the reply. */
static bool azure_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                             struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                             struct failure *ret_failure) {
    static const struct call_form form = {.text = "translations.0.text"};
    long long metered = 0;
    (void)state;
    if (span_number(exchange_reply_header(exchange, "x-metered-usage"), &metered) && metered > 0)
        ret_usage->characters = (unsigned long)metered;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict azure_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"azure", false}, .throttle_ms = 15000};
    return judge_by(exchange, &form);
}

const struct service service_azure = {
    .name = "azure",
    .help = "Azure AI Translator",
    .settings = {azure_table, sizeof(struct azure_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "services/azure.tsv",
    .limits = {.texts = 1000, .characters = 5000},
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = azure_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = azure_write_request,
    .read_reply = azure_read_reply,
    .judge = azure_judge,
};
