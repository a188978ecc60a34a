/* Any server with OpenAI's Chat Completions protocol: OpenAI, vLLM, llama.cpp, Ollama's /v1, and most gateways. */
#include "stages/services/common/chat.h"

struct openai_settings {
    struct chat_settings chat;
    struct span limit_key, think; /* the values are sent unchanged, except for "auto" and "off" */
    enum think_key { THINK_EFFORT, THINK_TEMPLATE, THINK_ENABLE, THINK_TYPE, THINK_REASONING } think_key;
};

static const struct setting openai_table[] = {
    SERVICE_URL_SETTING("https://api.openai.com/v1", "address of the server up to and including /v1"),
    SERVICE_KEY_SETTINGS("API key; local servers need none"),
    CHAT_SETTINGS(struct openai_settings, chat),
    SETTING("limit_key", SETTING_WORD_AT(struct openai_settings, limit_key), .default_value = "auto",
            .choices = "auto max_tokens max_completion_tokens",
            .help = "request parameter in which answer_tokens is sent; auto = max_completion_tokens at api.openai.com, "
                    "max_tokens elsewhere"),
    SETTING("think", SETTING_WORD_AT(struct openai_settings, think), .default_value = "auto",
            .choices = "auto off low medium high",
            .help = "how much the model thinks before it answers; auto = the server's default"),
    SETTING("think_key", SETTING_CHOICE_AT(struct openai_settings, think_key), .default_value = "reasoning_effort",
            .choices = "reasoning_effort chat_template_kwargs enable_thinking thinking reasoning",
            .help =
                "request parameter in which think is sent: reasoning_effort (OpenAI, xAI, Groq, Ollama), "
                "chat_template_kwargs (vLLM, llama.cpp, SGLang), enable_thinking (DashScope, SiliconFlow), thinking "
                "(DeepSeek, GLM), reasoning (OpenRouter)"),
    SETTINGS_END,
};

/* OpenAI has renamed max_tokens to max_completion_tokens. Its newer models refuse the old name; other servers may know
 * only the old name. */
static const char *limit_key(const struct chat *chat) {
    const struct openai_settings *settings = chat->own;
    if (chat->learned.limit_key) return chat->learned.limit_key;
    if (!span_is(settings->limit_key, "auto")) return settings->limit_key.at;
    bool original = span_find(chat->common->url, SPAN("api.openai.com")) != SIZE_MAX;
    return original ? "max_completion_tokens" : "max_tokens";
}

/* With `strict`, the server guarantees that the answer follows the schema, instead of only suggesting the schema to the
 * model. */
static void add_schema(cJSON *root, const struct batch *batch) {
    cJSON *format = cJSON_AddObjectToObject(root, "response_format");
    cJSON_AddStringToObject(format, "type", "json_schema");
    cJSON *schema = cJSON_AddObjectToObject(format, "json_schema");
    cJSON_AddStringToObject(schema, "name", batch->task == SERVICE_SUMMARIZES ? "summary" : "translation");
    cJSON_AddTrueToObject(schema, "strict");
    cJSON_AddItemToObject(schema, "schema", chat_schema(batch, true));
}

/* Adds the parameter that controls thinking. Each kind of server has a different parameter; only two of these
 * parameters support levels. */
static void add_thinking(cJSON *root, const struct chat *chat) {
    const struct openai_settings *settings = chat->own;
    bool learned = chat->learned.thinking_off;
    struct span degree = learned ? SPAN("off") : settings->think;
    bool off = span_is(degree, "off");
    if (span_is(degree, "auto") || chat->learned.no_thinking) return;
    switch (learned ? THINK_ENABLE : settings->think_key) {
    case THINK_EFFORT:
        json_add(root, "reasoning_effort", off ? SPAN("none") : degree);
        return;
    case THINK_TEMPLATE:
        cJSON_AddBoolToObject(cJSON_AddObjectToObject(root, "chat_template_kwargs"), "enable_thinking", !off);
        return;
    case THINK_ENABLE:
        cJSON_AddBoolToObject(root, "enable_thinking", !off);
        return;
    case THINK_TYPE:
        cJSON_AddStringToObject(cJSON_AddObjectToObject(root, "thinking"), "type", off ? "disabled" : "enabled");
        return;
    case THINK_REASONING:
        json_add(cJSON_AddObjectToObject(root, "reasoning"), "effort", off ? SPAN("none") : degree);
        return;
    }
}

static bool openai_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct chat *chat = state;
    struct chat_message message = chat_write(chat, batch, exchange);
    if (!call_key(exchange, chat->common, "Authorization", "Bearer ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "model", chat->model);
    cJSON *messages = cJSON_AddArrayToObject(root, "messages");
    if (message.system.length) cJSON_AddItemToArray(messages, chat_role("system", message.system));
    cJSON_AddItemToArray(messages, chat_role("user", message.user));
    if (chat_has_temperature(chat)) cJSON_AddNumberToObject(root, "temperature", chat->temperature);
    cJSON_AddNumberToObject(root, limit_key(chat), (double)chat_answer_tokens(chat));
    if (chat_is_structured(chat)) add_schema(root, batch);
    add_thinking(root, chat);
    cJSON_AddFalseToObject(root, "stream"); /* some servers stream unless told otherwise */
    call_address(exchange, chat->common->url, "/chat/completions");
    call_json(exchange, root);
    return true;
}

/* Parts without a type are text, unless they are marked as thinking. */
static bool is_text(const cJSON *part) {
    struct span type = json_member_text(part, "type");
    if (!type.length) return !json_member_true(part, "thought");
    return span_is(type, "text") || span_is(type, "output_text");
}

static bool is_refusal(const cJSON *part) {
    return span_is(json_member_text(part, "type"), "refusal");
}

/* Returns the answer, which may be a string, an array of parts or the arguments of a single tool call (some gateways
 * implement schemas with tools). */
static struct span text_of(const cJSON *message, struct arena *arena) {
    const cJSON *content = json_member(message, "content"), *calls = json_member(message, "tool_calls");
    const cJSON *arguments = json_at(message, "tool_calls.0.function.arguments");
    struct span text = cJSON_IsArray(content) ? chat_join(content, "text", is_text, arena) : json_text(content);
    if (text.length || cJSON_GetArraySize(calls) != 1) return text;
    return cJSON_IsObject(arguments) ? chat_print(arguments, arena) : json_text(arguments);
}

/* Returns the text of a refusal, which is either a separate member or part of the content. */
static struct span refusal_of(const cJSON *message, struct arena *arena) {
    struct span refusal = json_member_text(message, "refusal");
    return refusal.length ? refusal : chat_join(json_member(message, "content"), "refusal", is_refusal, arena);
}

/* The name of the member that contains thinking depends on the server. */
static struct span thinking_of(const cJSON *message) {
    struct span thinking = json_member_text(message, "reasoning_content");
    return thinking.length ? thinking : json_member_text(message, "reasoning");
}

/* Some servers bill thinking but leave it out of completion_tokens; total_tokens includes it. */
static unsigned long answer_tokens_of(const cJSON *usage) {
    unsigned long prompt = chat_tokens(usage, "prompt_tokens"), answer = chat_tokens(usage, "completion_tokens");
    unsigned long total = chat_tokens(usage, "total_tokens");
    unsigned long thinking = chat_tokens(json_member(usage, "completion_tokens_details"), "reasoning_tokens");
    if (total > prompt + answer && prompt + answer > 0) return total - prompt;
    return !total && thinking > answer ? answer + thinking : answer;
}

static struct chat_reply reply_of(const struct chat *chat, const cJSON *root, struct arena *arena) {
    const cJSON *usage = json_member(root, "usage"), *message = json_at(root, "choices.0.message");
    const cJSON *content = json_member(message, "content");
    (void)chat;
    return (struct chat_reply){.reason = json_text(json_at(root, "choices.0.finish_reason")),
                               .text = text_of(message, arena),
                               .thinking = thinking_of(message),
                               .thought = chat_has_other(content, is_text),
                               .refusal = refusal_of(message, arena),
                               .prompt_tokens = chat_tokens(usage, "prompt_tokens"),
                               .answer_tokens = answer_tokens_of(usage)};
}

static bool openai_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    static const struct chat_form form = {.thinking_setting = "think = off", .reply_of = reply_of};
    const struct openai_settings *settings = context->settings;
    return chat_open(context, &settings->chat, &form, ret_state, ret_failure);
}

static enum exchange_verdict openai_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"openai", true}};
    return judge_by(exchange, &form);
}

const struct service service_openai = {
    .name = "openai",
    .help = "language models with an OpenAI-compatible API: OpenAI, vLLM, llama.cpp, Ollama, gateways",
    .settings = {openai_table, sizeof(struct openai_settings)},
    CHAT_SERVICE,
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 180000, .adaptive = true},
    .open = openai_open,
    .write_request = openai_write_request,
    .judge = openai_judge,
};
