/* ModernMT. Errors may be reported with HTTP status 200; the status within the JSON is the one that counts. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

struct modernmt_settings {
    struct word_list hints, glossaries;
    struct span priority;
};

static const struct setting modernmt_table[] = {
    SERVICE_URL_SETTING("https://api.modernmt.com", "address of the service"),
    SERVICE_KEY_SETTINGS("API key"),
    SETTING("hints", SETTING_LIST_AT(struct modernmt_settings, hints),
            .help = "IDs of the ModernMT memories to prefer, most important first"),
    SETTING("glossaries", SETTING_LIST_AT(struct modernmt_settings, glossaries),
            .help = "IDs of the ModernMT memories whose terms must be used"),
    SETTING("priority", SETTING_WORD_AT(struct modernmt_settings, priority), .default_value = "normal",
            .choices = "normal background", .help = "background = slower"),
    CODES_SETTING,
    SETTINGS_END,
};

static void add_shape(struct buffer *shape, const char *name, const struct word_list *numbers) {
    if (numbers->count) buffer_print(shape, "%s%s", shape->length ? " " : "", name);
    for (size_t i = 0; i < numbers->count; i++) buffer_print(shape, " %.*s", SPAN_ARGS(numbers->items[i]));
}

/* Adds the memories to the name of the model: they influence the translations, so they must be part of the translation
 * memory key. */
static void name_memories(struct remote *remote) {
    const struct modernmt_settings *settings = remote->settings;
    struct buffer shape = BUFFER(4096);
    add_shape(&shape, "hints", &settings->hints);
    add_shape(&shape, "glossaries", &settings->glossaries);
    remote->model = arena_copy(remote->arena, buffer_span(&shape));
    buffer_free(&shape);
}

static bool modernmt_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    if (!remote_needs_key(context, ret_failure) || !remote_open(context, NULL, 0, ret_state, ret_failure)) return false;
    name_memories(*ret_state);
    return true;
}

/* Numbers are sent as JSON numbers, and anything else as a string, which the service may refuse. */
static void add_memories(cJSON *root, const char *name, const struct word_list *memories) {
    cJSON *numbers = memories->count ? cJSON_AddArrayToObject(root, name) : NULL;
    for (size_t i = 0; i < memories->count; i++) {
        struct span item = memories->items[i];
        long long number;
        cJSON_AddItemToArray(numbers,
                             span_number(item, &number) ? cJSON_CreateNumber((double)number) : call_string(item));
    }
}

static bool modernmt_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                   struct failure *ret_failure) {
    const struct remote *remote = state;
    const struct modernmt_settings *settings = remote->settings;
    if (!call_key(exchange, remote->common, "MMT-ApiKey", "", ret_failure)) return false;
    /* The API defines translation as a GET request, but the texts are too long for a URL. */
    exchange_add_header(exchange, "X-HTTP-Method-Override", SPAN("GET"));
    cJSON *root = cJSON_CreateObject();
    json_add(root, "source", codes_of(&remote->codes, batch->source_language));
    json_add(root, "target", span_of(batch->target_language));
    cJSON_AddItemToObject(root, "q", call_texts(batch));
    json_add(root, "format", SPAN("text/plain"));
    json_add(root, "priority", settings->priority);
    add_memories(root, "hints", &settings->hints);
    add_memories(root, "glossaries", &settings->glossaries);
    call_address(exchange, remote->common->url, "/translate");
    call_json(exchange, root);
    return true;
}

static bool modernmt_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                                struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                                struct failure *ret_failure) {
    static const struct call_form form = {.items = "data", .text = "translation", .billed = "billedCharacters"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

/* If a reply with status 200 contains an error status, treats that status as the HTTP status. */
static void take_inner_status(struct exchange *exchange) {
    enum { ERROR_LIMIT = 64 * 1024 };
    cJSON *root =
        exchange->status / 100 == 2 ? json_parse(buffer_span(&exchange->reply), ERROR_LIMIT, "reply", NULL) : NULL;
    double status = json_member_number(root, "status", 0);
    if (status >= 300 && status < 600) exchange->status = (long)status;
    cJSON_Delete(root);
}

static enum exchange_verdict modernmt_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"modernmt", false}};
    take_inner_status(exchange);
    return judge_by(exchange, &form);
}

const struct service service_modernmt = {
    .name = "modernmt",
    .help = "ModernMT",
    .settings = {modernmt_table, sizeof(struct modernmt_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "services/modernmt.tsv",
    .limits = {.texts = 128, .characters = 5000},
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 60000, .adaptive = true},
    .open = modernmt_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = modernmt_write_request,
    .read_reply = modernmt_read_reply,
    .judge = modernmt_judge,
};
