/* Google Cloud Translation: v2 with an API key, v3 with a token printed by a command. Both versions treat texts as HTML
 * unless told otherwise. An exceeded quota is reported with status 403 or 429; the reason in the reply says which quota
 * it is. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

struct google_settings {
    enum google_api { GOOGLE_V2, GOOGLE_V3 } api;
    struct secret *token;
    long long token_lifetime;
    struct span project, location, model, glossary;
};

static const struct setting google_table[] = {
    SERVICE_URL_SETTING("https://translation.googleapis.com", "address of the service"),
    SETTING("api", SETTING_CHOICE_AT(struct google_settings, api), .default_value = "v2", .choices = "v2 v3",
            .help = "v2 (Basic) requires a key, v3 (Advanced) requires a project and a token"),
    SERVICE_KEY_SETTINGS("API key, for v2"),
    SETTING("token", SETTING_SECRET_AT(struct google_settings, token),
            SETTING_LIFETIME_AT(struct google_settings, token_lifetime),
            .help = "access token, for v3, e.g. token_command = gcloud auth print-access-token"),
    SETTING("token_lifetime", SETTING_TIME_AT(struct google_settings, token_lifetime), .default_value = "50m",
            .min = 1000, .max = 86400e3, .help = "how long a token is used before the command is run again"),
    SETTING("project", SETTING_TEXT_AT(struct google_settings, project), .help = "project ID, for v3"),
    SETTING("location", SETTING_TEXT_AT(struct google_settings, location), .default_value = "global",
            .help = "location of the project, for v3; glossaries and custom models require a region"),
    SETTING("model", SETTING_TEXT_AT(struct google_settings, model),
            .help = "nmt, or for v3 general/nmt or general/translation-llm (default: the service's choice)"),
    SETTING("glossary", SETTING_TEXT_AT(struct google_settings, glossary),
            .help = "ID of a glossary at the location, for v3"),
    CODES_SETTING,
    SETTINGS_END,
};

/* Each version needs different credentials. The version influences the answers, so it is part of the translation memory
 * key. */
static bool google_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    const struct google_settings *settings = context->settings;
    bool advanced = settings->api == GOOGLE_V3;
    const struct span shapers[] = {advanced ? SPAN("v3") : SPAN("v2"), settings->model, settings->glossary};
    bool complete = advanced ? remote_needs_text(context, settings->project, "project", ret_failure) &&
                                   remote_needs_secret(context, settings->token, "token", ret_failure)
                             : remote_needs_key(context, ret_failure);
    return complete && remote_open(context, shapers, sizeof shapers / sizeof *shapers, ret_state, ret_failure);
}

/* In v3, models and glossaries belong to a location of a project. */
static struct span parent_of(const struct google_settings *settings, struct arena *arena) {
    return arena_print(arena, "projects/%.*s/locations/%.*s", SPAN_ARGS(settings->project),
                       SPAN_ARGS(settings->location));
}

static cJSON *basic_body(const struct remote *remote, const struct batch *batch) {
    const struct google_settings *settings = remote->settings;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "q", call_texts(batch));
    json_add(root, "source", codes_of(&remote->codes, batch->source_language));
    json_add(root, "target", span_of(batch->target_language));
    json_add(root, "format", SPAN("text"));
    json_add_filled(root, "model", settings->model);
    return root;
}

/* In v3, models and glossaries are named by their full paths. */
static cJSON *advanced_body(const struct remote *remote, const struct batch *batch, struct arena *arena) {
    const struct google_settings *settings = remote->settings;
    struct span parent = parent_of(settings, arena), model = settings->model, glossary = settings->glossary;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddItemToObject(root, "contents", call_texts(batch));
    json_add(root, "mimeType", SPAN("text/plain"));
    json_add(root, "sourceLanguageCode", codes_of(&remote->codes, batch->source_language));
    json_add(root, "targetLanguageCode", span_of(batch->target_language));
    if (model.length)
        json_add(root, "model", arena_print(arena, "%.*s/models/%.*s", SPAN_ARGS(parent), SPAN_ARGS(model)));
    if (glossary.length) {
        cJSON *config = cJSON_AddObjectToObject(root, "glossaryConfig");
        json_add(config, "glossary",
                 arena_print(arena, "%.*s/glossaries/%.*s", SPAN_ARGS(parent), SPAN_ARGS(glossary)));
        cJSON_AddTrueToObject(config, "ignoreCase");
    }
    return root;
}

static bool google_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct google_settings *settings = remote->settings;
    struct span url = remote->common->url;
    if (settings->api == GOOGLE_V3) {
        struct span parent = parent_of(settings, exchange->arena);
        if (!call_secret_header(exchange, remote->common, settings->token, "Authorization", "Bearer ", ret_failure))
            return false;
        call_address(exchange, url, arena_print(exchange->arena, "/v3/%.*s:translateText", SPAN_ARGS(parent)).at);
        call_json(exchange, advanced_body(remote, batch, exchange->arena));
        return true;
    }
    /* The key is sent in a header and not in the address, because proxies log addresses. */
    if (!call_key(exchange, remote->common, "X-goog-api-key", "", ret_failure)) return false;
    call_address(exchange, url, "/language/translate/v2");
    call_json(exchange, basic_body(remote, batch));
    return true;
}

/* In v3, an item without text means that its translation failed; the text is sent again. */
static void mark_missing(const cJSON *items, struct answer *answers) {
    const cJSON *item;
    size_t i = 0;
    cJSON_ArrayForEach(item, items) {
        if (!json_member(item, "translatedText"))
            answers[i] = (struct answer){.verdict = VERDICT_RETRY,
                                         .note = SPAN("the service returned no translation for this text")};
        i++;
    }
}

/* v2 and v3 use different members for the translations. With a glossary, v3 returns two lists, of which
 * glossaryTranslations is the one to use. */
static const cJSON *items_of(const cJSON *root) {
    const cJSON *basic = json_at(root, "data.translations"), *by_glossary = json_member(root, "glossaryTranslations");
    if (basic) return basic;
    return by_glossary ? by_glossary : json_member(root, "translations");
}

static bool google_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                              struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                              struct failure *ret_failure) {
    (void)state;
    (void)ret_usage;
    cJSON *root = call_read(exchange, ret_failure);
    const cJSON *items = items_of(root);
    bool read = root && call_answers(items, "translatedText", batch, exchange, answers, ret_count, ret_failure);
    if (read) mark_missing(items, answers);
    cJSON_Delete(root);
    return read;
}

static enum exchange_verdict google_judge(struct exchange *exchange) {
    static const struct judge_form form = {
        .asker = {"google", false}, .details = "error.details", .throttle_ms = 15000};
    return judge_by(exchange, &form);
}

const struct service service_google = {
    .name = "google",
    .help = "Google Cloud Translation, v2 (Basic) and v3 (Advanced)",
    .settings = {google_table, sizeof(struct google_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "services/google.tsv",
    .limits = {.texts = 128, .characters = 5000, .bytes = 90000},
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = google_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = google_write_request,
    .read_reply = google_read_reply,
    .judge = google_judge,
};
