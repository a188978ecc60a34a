/* Ollama's native protocol (POST /api/chat), in which a request can set the size of the model's context. If the request
 * does not fit, Ollama drops its beginning and still replies with status 200; only the number of input tokens reveals
 * the loss. */
#include "stages/services/common/chat.h"

struct ollama_settings {
    struct chat_settings chat;
    long long num_ctx;
    struct span keep_alive;
    bool think;
};

static const struct setting ollama_table[] = {
    SERVICE_URL_SETTING("http://127.0.0.1:11434", "address of the server"),
    SERVICE_KEY_SETTINGS("key, if a gateway in front of the server requires one"),
    CHAT_SETTINGS(struct ollama_settings, chat),
    SETTING("num_ctx", SETTING_NUMBER_AT(struct ollama_settings, num_ctx), .default_value = "8192", .min = 1024,
            .max = 10000000, .help = "size of the context in tokens, for request and answer together"),
    SETTING("keep_alive", SETTING_TEXT_AT(struct ollama_settings, keep_alive), .default_value = "5m",
            .help = "how long the model stays in memory after the last request"),
    SETTING("think", SETTING_SWITCH_AT(struct ollama_settings, think), .default_value = "no",
            .help = "let the model think before it answers, if it can"),
    SETTINGS_END,
};

/* Ollama reloads the model whenever the size of the context changes, so every request sets the same size. */
static void add_options(cJSON *root, const struct chat *chat) {
    const struct ollama_settings *settings = chat->own;
    cJSON *options = cJSON_AddObjectToObject(root, "options");
    cJSON_AddNumberToObject(options, "num_ctx", (double)settings->num_ctx);
    cJSON_AddNumberToObject(options, "num_predict", (double)chat_answer_tokens(chat));
    if (chat_has_temperature(chat)) cJSON_AddNumberToObject(options, "temperature", chat->temperature);
}

static bool ollama_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct chat *chat = state;
    const struct ollama_settings *settings = chat->own;
    struct chat_message message = chat_write(chat, batch, exchange);
    if (!call_key(exchange, chat->common, "Authorization", "Bearer ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "model", chat->model);
    cJSON *messages = cJSON_AddArrayToObject(root, "messages");
    if (message.system.length) cJSON_AddItemToArray(messages, chat_role("system", message.system));
    cJSON_AddItemToArray(messages, chat_role("user", message.user));
    cJSON_AddFalseToObject(root, "stream"); /* by default, the server streams its answer */
    if (chat_is_structured(chat)) cJSON_AddItemToObject(root, "format", chat_schema(batch, true));
    add_options(root, chat);
    json_add_filled(root, "keep_alive", settings->keep_alive);
    if (!chat->learned.no_thinking) cJSON_AddBoolToObject(root, "think", settings->think);
    call_address(exchange, chat->common->url, "/api/chat");
    call_json(exchange, root);
    return true;
}

static struct chat_reply reply_of(const struct chat *chat, const cJSON *root, struct arena *arena) {
    const struct ollama_settings *settings = chat->own;
    (void)arena;
    struct chat_reply reply = {.reason = json_member_text(root, "done_reason"),
                               .text = json_text(json_at(root, "message.content")),
                               .thinking = json_text(json_at(root, "message.thinking")),
                               .prompt_tokens = chat_tokens(root, "prompt_eval_count"),
                               .answer_tokens = chat_tokens(root, "eval_count")};
    /* If the beginning of the request was dropped, the prompt fills the context to the last token. */
    bool full = reply.prompt_tokens + 1 >= (unsigned long)settings->num_ctx;
    if (full) reply.full = SPAN("the context is too small: raise num_ctx, or lower request_words");
    return reply;
}

static bool ollama_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    static const struct chat_form form = {.thinking_setting = "think = no", .reply_of = reply_of};
    const struct ollama_settings *settings = context->settings;
    return chat_open(context, &settings->chat, &form, ret_state, ret_failure);
}

static enum exchange_verdict ollama_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"ollama", true}};
    return judge_by(exchange, &form);
}

const struct service service_ollama = {
    .name = "ollama",
    .help = "language models on an Ollama server, with Ollama's native protocol",
    .settings = {ollama_table, sizeof(struct ollama_settings)},
    CHAT_SERVICE,
    /* By default the server handles one request at a time; a second one can wait in its queue. */
    .limiter = {.concurrency = 2, .attempts = 3, .timeout_ms = 600000, .adaptive = true},
    .free_of_charge = true,
    .open = ollama_open,
    .write_request = ollama_write_request,
    .judge = ollama_judge,
};
