/* Amazon Translate. A request has room for one text, so whole paragraphs are sent. libcurl signs the requests
 * (Signature Version 4). Throttling is reported with status 400, like most errors; only the error type in the reply
 * tells it apart. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

/* A region may contain only letters, digits and hyphens, because it becomes part of a host name. */
static bool is_region(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return true;
}

struct amazon_settings {
    struct span region, terminology, formality, brevity;
    struct secret *access_key, *token;
};

static const struct setting amazon_table[] = {
    SERVICE_URL_SETTING(NULL, "address of the service (default: the address for the region)"),
    SETTING("region", SETTING_TEXT_AT(struct amazon_settings, region), .fits = is_region,
            .expected = "a region, e.g. eu-central-1", .help = "AWS region, e.g. eu-central-1"),
    SETTING("access_key", SETTING_SECRET_AT(struct amazon_settings, access_key),
            .help = "access key ID, e.g. access_key_env = AWS_ACCESS_KEY_ID"),
    SERVICE_KEY_SETTINGS("secret access key, e.g. key_env = AWS_SECRET_ACCESS_KEY"),
    SETTING("token", SETTING_SECRET_AT(struct amazon_settings, token),
            .help = "session token of temporary credentials, e.g. token_env = AWS_SESSION_TOKEN"),
    SETTING("terminology", SETTING_TEXT_AT(struct amazon_settings, terminology),
            .help = "name of a custom terminology in the region"),
    SETTING("formality", SETTING_WORD_AT(struct amazon_settings, formality), .default_value = "default",
            .choices = "default FORMAL INFORMAL",
            .help = "formality of the translation, for languages that support it"),
    SETTING("brevity", SETTING_WORD_AT(struct amazon_settings, brevity), .default_value = "default",
            .choices = "default ON", .help = "ON = shorter translations, for languages that support it"),
    CODES_SETTING,
    SETTINGS_END,
};

static bool amazon_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct amazon_settings *settings = context->settings;
    const struct span shapers[] = {settings->terminology, settings->formality, settings->brevity};
    return remote_needs_text(context, settings->region, "region", ret_failure) &&
           remote_needs_secret(context, settings->access_key, "access_key", ret_failure) &&
           remote_needs_key(context, ret_failure) &&
           remote_open(context, shapers, sizeof shapers / sizeof *shapers, ret_state, ret_failure);
}

/* Fetches the secrets and lets libcurl sign the request. The signature covers the session token, so the token is added
 * as a header first. */
static bool add_keys(const struct remote *remote, struct exchange *exchange, struct failure *ret_failure) {
    const struct amazon_settings *settings = remote->settings;
    const struct service_settings *common = remote->common;
    if (!secret_ready(settings->access_key, ret_failure) || !secret_ready(common->key, ret_failure)) return false;
    struct span identity = secret_text(settings->access_key), key = secret_text(common->key);
    if (!call_secret_header(exchange, common, settings->token, "X-Amz-Security-Token", "", ret_failure)) return false;
    call_secret(exchange, common, key);
    exchange->user_password = arena_print(exchange->arena, "%.*s:%.*s", SPAN_ARGS(identity), SPAN_ARGS(key));
    exchange->aws_sigv4 = arena_print(exchange->arena, "aws:amz:%.*s:translate", SPAN_ARGS(settings->region));
    return true;
}

static void add_wishes(cJSON *root, const struct amazon_settings *settings) {
    bool formal = !span_is(settings->formality, "default"), brief = !span_is(settings->brevity, "default");
    cJSON *wishes = formal || brief ? cJSON_AddObjectToObject(root, "Settings") : NULL;
    if (formal) json_add(wishes, "Formality", settings->formality);
    if (brief) json_add(wishes, "Brevity", settings->brevity);
}

static cJSON *body_of(const struct remote *remote, const struct batch *batch) {
    const struct amazon_settings *settings = remote->settings;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "Text", batch->texts[0]);
    json_add(root, "SourceLanguageCode", codes_of(&remote->codes, batch->source_language));
    json_add(root, "TargetLanguageCode", span_of(batch->target_language));
    if (settings->terminology.length)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "TerminologyNames"), call_string(settings->terminology));
    add_wishes(root, settings);
    return root;
}

/* A configured address, such as an endpoint in a private network, takes precedence over the address for the region. */
static struct span address_of(const struct remote *remote, struct arena *arena) {
    const struct amazon_settings *settings = remote->settings;
    if (remote->common->url.length) return remote->common->url;
    return arena_print(arena, "https://translate.%.*s.amazonaws.com", SPAN_ARGS(settings->region));
}

static bool amazon_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct remote *remote = state;
    if (batch->count != 1)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "Amazon accepts one text per request, not %zu",
                           batch->count);
    if (!add_keys(remote, exchange, ret_failure)) return false;
    exchange_add_header(exchange, "Content-Type", SPAN("application/x-amz-json-1.1"));
    exchange_add_header(exchange, "X-Amz-Target", SPAN("AWSShineFrontendService_20170701.TranslateText"));
    call_address(exchange, address_of(remote, exchange->arena), "/");
    call_json(exchange, body_of(remote, batch));
    return true;
}

static bool amazon_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                              struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                              struct failure *ret_failure) {
    (void)state;
    (void)ret_usage;
    cJSON *root = call_read(exchange, ret_failure);
    if (!root) return false;
    answers[0] = call_answer(batch->texts[0], json_member_text(root, "TranslatedText"), exchange->arena);
    *ret_count = 1;
    cJSON_Delete(root);
    return true;
}

static enum exchange_verdict amazon_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"amazon", false}};
    return judge_by(exchange, &form);
}

const struct service service_amazon = {
    .name = "amazon",
    .help = "Amazon Translate",
    .settings = {amazon_table, sizeof(struct amazon_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_PARAGRAPH,
    .languages = "services/amazon.tsv",
    .limits = {.texts = 1, .bytes = 10000, .text_characters = 2500}, /* 2,500 characters of at most four bytes each */
    .limiter = {.concurrency = 10, .attempts = 5, .timeout_ms = 60000, .adaptive = true},
    .open = amazon_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = amazon_write_request,
    .read_reply = amazon_read_reply,
    .judge = amazon_judge,
};
