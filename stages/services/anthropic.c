/* Anthropic's Messages API (POST /v1/messages). The answer consists of all text blocks in the reply. */
#include "stages/services/common/chat.h"
#include "stages/services/common/remote.h"

struct anthropic_settings {
    struct chat_settings chat;
    long long thinking_budget;
    bool thinking_budget_given;
};

static const struct setting anthropic_table[] = {
    SERVICE_URL_SETTING("https://api.anthropic.com", "address of the service"),
    SERVICE_KEY_SETTINGS("API key"),
    CHAT_SETTINGS(struct anthropic_settings, chat),
    SETTING("thinking_budget", SETTING_NUMBER_AT(struct anthropic_settings, thinking_budget),
            SETTING_GIVEN_AT(struct anthropic_settings, thinking_budget_given), .max = 1000000,
            .help =
                "maximum number of tokens for thinking, at least 1024 (0 = no thinking; default: the model decides)"),
    SETTINGS_END,
};

/* Asks the API to enforce the schema. */
static void add_format(cJSON *root, const struct batch *batch) {
    cJSON *format = cJSON_AddObjectToObject(cJSON_AddObjectToObject(root, "output_config"), "format");
    cJSON_AddStringToObject(format, "type", "json_schema");
    cJSON_AddItemToObject(format, "schema", chat_schema(batch, true));
}

/* Adds the token budget for thinking, if one is configured. Returns whether the model will think; if so, the API
 * refuses a temperature. */
static bool add_thinking(cJSON *root, const struct chat *chat) {
    const struct anthropic_settings *settings = chat->own;
    long long budget = settings->thinking_budget;
    if (chat->learned.no_thinking || !settings->thinking_budget_given) return false;
    cJSON *thinking = cJSON_AddObjectToObject(root, "thinking");
    cJSON_AddStringToObject(thinking, "type", budget ? "enabled" : "disabled");
    if (budget) cJSON_AddNumberToObject(thinking, "budget_tokens", (double)budget);
    return budget > 0;
}

static bool anthropic_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                    struct failure *ret_failure) {
    const struct chat *chat = state;
    struct chat_message message = chat_write(chat, batch, exchange);
    if (!call_key(exchange, chat->common, "x-api-key", "", ret_failure)) return false;
    exchange_add_header(exchange, "anthropic-version", SPAN("2023-06-01")); /* required by the API */
    cJSON *root = cJSON_CreateObject();
    json_add(root, "model", chat->model);
    cJSON_AddNumberToObject(root, "max_tokens", (double)chat_answer_tokens(chat));
    json_add_filled(root, "system", message.system);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "messages"), chat_role("user", message.user));
    if (!add_thinking(root, chat) && chat_has_temperature(chat))
        cJSON_AddNumberToObject(root, "temperature", chat->temperature);
    if (chat_is_structured(chat)) add_format(root, batch);
    call_address(exchange, chat->common->url, "/v1/messages");
    call_json(exchange, root);
    return true;
}

static bool is_text(const cJSON *block) {
    return span_is(json_member_text(block, "type"), "text");
}

static bool is_thinking(const cJSON *block) {
    return span_is(json_member_text(block, "type"), "thinking");
}

/* Some gateways implement schemas as tool calls; the answer is then the input of the tool call. */
static struct span text_of(const cJSON *content, struct arena *arena) {
    struct span text = chat_join(content, "text", is_text, arena);
    const cJSON *block, *input = NULL;
    if (text.length) return text;
    cJSON_ArrayForEach(block, content) if (span_is(json_member_text(block, "type"), "tool_use")) input =
        json_member(block, "input");
    return chat_print(input, arena);
}

static struct chat_reply reply_of(const struct chat *chat, const cJSON *root, struct arena *arena) {
    const cJSON *usage = json_member(root, "usage"), *content = json_member(root, "content");
    (void)chat;
    struct chat_reply reply = {.reason = json_member_text(root, "stop_reason"),
                               .text = text_of(content, arena),
                               .thinking = chat_join(content, "thinking", is_thinking, arena),
                               .thought = chat_has_other(content, is_text),
                               .answer_tokens = chat_tokens(usage, "output_tokens")};
    /* Adds up the input tokens. The API counts tokens written to its cache, and tokens read from the cache, separately.
     */
    reply.prompt_tokens = chat_tokens(usage, "input_tokens") + chat_tokens(usage, "cache_creation_input_tokens") +
                          chat_tokens(usage, "cache_read_input_tokens");
    return reply;
}

static bool anthropic_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    static const struct chat_form form = {.thinking_setting = "thinking_budget = 0", .reply_of = reply_of};
    const struct anthropic_settings *settings = context->settings;
    return remote_needs_key(context, ret_failure) && chat_open(context, &settings->chat, &form, ret_state, ret_failure);
}

static enum exchange_verdict anthropic_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"anthropic", true}};
    return judge_by(exchange, &form);
}

const struct service service_anthropic = {
    .name = "anthropic",
    .help = "Claude, by Anthropic's API",
    .settings = {anthropic_table, sizeof(struct anthropic_settings)},
    CHAT_SERVICE,
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 300000, .adaptive = true},
    .open = anthropic_open,
    .write_request = anthropic_write_request,
    .judge = anthropic_judge,
};
