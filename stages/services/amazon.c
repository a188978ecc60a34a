/* Amazon Translate. One text a request, so whole paragraphs are sent; requests are signed (Signature version 4, by
 * libcurl). Too many requests arrive as 400 like any mistake: the type in the reply tells them apart. */
#include "config/reader.h"
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

static const struct setting amazon_settings[] = {
    {"url", SETTING_TEXT, "", NULL, 0, 0, "address; empty: that of the region"},
    {"region", SETTING_TEXT, "", NULL, 0, 0, "e.g. eu-central-1"},
    {"access_key", SETTING_SECRET, NULL, NULL, 0, 0, "access key id: access_key_env = AWS_ACCESS_KEY_ID"},
    CALL_KEY_SETTINGS("secret access key: key_env = AWS_SECRET_ACCESS_KEY"),
    {"token", SETTING_SECRET, NULL, NULL, 0, 0, "session token of temporary keys: token_env = AWS_SESSION_TOKEN"},
    {"terminology", SETTING_TEXT, "", NULL, 0, 0, "name of a custom terminology in the region"},
    {"formality", SETTING_CHOICE, "default", "default FORMAL INFORMAL", 0, 0, "tone, for the languages that have it"},
    {"brevity", SETTING_CHOICE, "default", "default ON", 0, 0, "shorter translations, for the languages that have it"},
    CODES_SETTING,
    SETTINGS_END};

/* It becomes a part of a host's name. */
static bool check_region(const struct settings *settings, struct failure *ret_failure) {
    struct span region = setting_text(settings, "region");
    for (size_t i = 0; i < region.length; i++) {
        char c = region.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') continue;
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "[service \"%.*s\"] '%.*s' is no region; write one like eu-central-1",
                             SPAN_ARGS(settings_name(settings)), SPAN_ARGS(region));
    }
    return remote_needs_text(settings, "region", ret_failure);
}

static bool amazon_open(const struct settings *settings, const char *data_folder, void **ret_state,
                        struct failure *ret_failure) {
    static const char *const shapers[] = {"terminology", "formality", "brevity", NULL};
    return check_region(settings, ret_failure) && remote_needs_secret(settings, "access_key", ret_failure) &&
           remote_needs_secret(settings, "key", ret_failure) &&
           remote_open(settings, data_folder, shapers, ret_state, ret_failure);
}

static bool add_keys(const struct settings *settings, struct exchange *exchange, struct failure *ret_failure) {
    if (!setting_secret_ready(settings, "access_key", ret_failure) ||
        !setting_secret_ready(settings, "key", ret_failure))
        return false;
    struct span identity = setting_secret(settings, "access_key"), key = setting_secret(settings, "key");
    if (!call_secret_header(exchange, settings, "token", "X-Amz-Security-Token", "", ret_failure)) return false;
    call_secret(exchange, settings, key);
    exchange->user_password = arena_print(exchange->arena, "%.*s:%.*s", SPAN_ARGS(identity), SPAN_ARGS(key));
    exchange->aws_sigv4 =
        arena_print(exchange->arena, "aws:amz:%.*s:translate", SPAN_ARGS(setting_text(settings, "region")));
    return true;
}

static void add_wishes(cJSON *root, const struct settings *settings) {
    struct span formality = setting_text(settings, "formality"), brevity = setting_text(settings, "brevity");
    bool formal = !span_is(formality, "default"), brief = !span_is(brevity, "default");
    cJSON *wishes = formal || brief ? cJSON_AddObjectToObject(root, "Settings") : NULL;
    if (formal) json_add(wishes, "Formality", formality);
    if (brief) json_add(wishes, "Brevity", brevity);
}

static cJSON *body_of(const struct remote *remote, const struct batch *batch) {
    struct span terminology = setting_text(remote->settings, "terminology");
    cJSON *root = cJSON_CreateObject();
    json_add(root, "Text", batch->texts[0]);
    json_add(root, "SourceLanguageCode", codes_of(&remote->codes, batch->source_language));
    json_add(root, "TargetLanguageCode", span_of(batch->target_language));
    if (terminology.length)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "TerminologyNames"), call_string(terminology));
    add_wishes(root, remote->settings);
    return root;
}

static struct span address_of(const struct settings *settings, struct arena *arena) {
    struct span url = setting_text(settings, "url");
    return url.length ? url
                      : arena_print(arena, "https://translate.%.*s.amazonaws.com",
                                    SPAN_ARGS(setting_text(settings, "region")));
}

static bool amazon_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct remote *remote = state;
    if (batch->count != 1)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "Amazon takes one text a request, not %zu",
                           batch->count);
    if (!add_keys(remote->settings, exchange, ret_failure)) return false;
    exchange_add_header(exchange, "Content-Type", SPAN("application/x-amz-json-1.1"));
    exchange_add_header(exchange, "X-Amz-Target", SPAN("AWSShineFrontendService_20170701.TranslateText"));
    call_address(exchange, address_of(remote->settings, exchange->arena), "/");
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
    .settings = amazon_settings,
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_PARAGRAPH,
    .languages = "services/amazon.tsv",
    .limits = {.texts = 1, .bytes = 10000, .text_characters = 2500}, /* of four bytes each */
    .limiter = {.concurrency = 10, .attempts = 5, .timeout_ms = 60000, .adaptive = true},
    .open = amazon_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = amazon_write_request,
    .read_reply = amazon_read_reply,
    .judge = amazon_judge,
};
