/* Gemini (POST models/MODEL:generateContent). If a request is blocked, the reply has no candidates. If an answer is
 * blocked, its candidate has no content; news is often blocked as a recitation of published text. In neither case does
 * it help to send the request again. */
#include "stages/services/common/chat.h"
#include "stages/services/common/remote.h"

struct gemini_settings {
    struct chat_settings chat;
    long long thinking_budget;
    bool thinking_budget_given;
};

static const struct setting gemini_table[] = {
    SERVICE_URL_SETTING("https://generativelanguage.googleapis.com/v1beta",
                        "address of the service, including the version"),
    SERVICE_KEY_SETTINGS("API key"),
    CHAT_SETTINGS(struct gemini_settings, chat),
    SETTING("thinking_budget", SETTING_NUMBER_AT(struct gemini_settings, thinking_budget),
            SETTING_GIVEN_AT(struct gemini_settings, thinking_budget_given), .max = 1000000,
            .help = "maximum number of tokens for thinking (default: the model decides)"),
    SETTINGS_END,
};

/* Returns {"parts":[{"text":...}]}; the caller owns it. */
static cJSON *content_of(struct span text) {
    cJSON *content = cJSON_CreateObject(), *part = cJSON_CreateObject();
    json_add(part, "text", text);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(content, "parts"), part);
    return content;
}

/* Turns Gemini's safety filters off, because they would suppress news reports about violence. */
static void add_safety(cJSON *root) {
    static const char *const categories[] = {"HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_HATE_SPEECH",
                                             "HARM_CATEGORY_SEXUALLY_EXPLICIT", "HARM_CATEGORY_DANGEROUS_CONTENT"};
    cJSON *settings = cJSON_AddArrayToObject(root, "safetySettings");
    for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
        cJSON *setting = cJSON_CreateObject();
        cJSON_AddStringToObject(setting, "category", categories[i]);
        cJSON_AddStringToObject(setting, "threshold", "BLOCK_NONE");
        cJSON_AddItemToArray(settings, setting);
    }
}

/* Settings that a model may refuse are added only if they are configured and have not been refused in this run. */
static void add_generation(cJSON *root, const struct chat *chat, const struct batch *batch) {
    const struct gemini_settings *settings = chat->own;
    cJSON *config = cJSON_AddObjectToObject(root, "generationConfig");
    if (chat_has_temperature(chat)) cJSON_AddNumberToObject(config, "temperature", chat->temperature);
    cJSON_AddNumberToObject(config, "maxOutputTokens", (double)chat_answer_tokens(chat));
    if (chat_is_structured(chat)) {
        cJSON_AddStringToObject(config, "responseMimeType", "application/json");
        cJSON_AddItemToObject(config, "responseSchema", chat_schema(batch, false));
    }
    if (settings->thinking_budget_given && !chat->learned.no_thinking)
        cJSON_AddNumberToObject(cJSON_AddObjectToObject(config, "thinkingConfig"), "thinkingBudget",
                                (double)settings->thinking_budget);
}

static bool gemini_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct chat *chat = state;
    struct chat_message message = chat_write(chat, batch, exchange);
    /* A name with a slash, such as "tunedModels/NAME", already contains its collection. */
    bool bare = span_find(chat->model, SPAN("/")) == SIZE_MAX;
    if (!call_key(exchange, chat->common, "x-goog-api-key", "", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject(), *content = content_of(message.user);
    if (message.system.length) cJSON_AddItemToObject(root, "systemInstruction", content_of(message.system));
    cJSON_AddStringToObject(content, "role", "user");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(root, "contents"), content);
    add_generation(root, chat, batch);
    add_safety(root);
    call_address(
        exchange, chat->common->url,
        arena_print(exchange->arena, "/%s%.*s:generateContent", bare ? "models/" : "", SPAN_ARGS(chat->model)).at);
    call_json(exchange, root);
    return true;
}

/* Thoughts are parts of the reply, like the answer, but have the member "thought". */
static bool is_answer(const cJSON *part) {
    return !json_member_true(part, "thought");
}

static bool is_thought(const cJSON *part) {
    return json_member_true(part, "thought");
}

static struct chat_reply reply_of(const struct chat *chat, const cJSON *root, struct arena *arena) {
    const cJSON *usage = json_member(root, "usageMetadata"), *candidate = json_at(root, "candidates.0");
    const cJSON *parts = json_at(candidate, "content.parts");
    (void)chat;
    struct chat_reply reply = {.reason = json_member_text(candidate, "finishReason"),
                               .text = chat_join(parts, "text", is_answer, arena),
                               .thinking = chat_join(parts, "text", is_thought, arena),
                               .prompt_tokens = chat_tokens(usage, "promptTokenCount")};
    reply.answer_tokens = chat_tokens(usage, "candidatesTokenCount") + chat_tokens(usage, "thoughtsTokenCount");
    if (!candidate) reply.refusal = json_text(json_at(root, "promptFeedback.blockReason"));
    return reply;
}

static bool gemini_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    static const struct chat_form form = {.thinking_setting = "thinking_budget = 0", .reply_of = reply_of};
    const struct gemini_settings *settings = context->settings;
    return remote_needs_key(context, ret_failure) && chat_open(context, &settings->chat, &form, ret_state, ret_failure);
}

static enum exchange_verdict gemini_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"gemini", true}, .details = "error.details"};
    return judge_by(exchange, &form);
}

const struct service service_gemini = {
    .name = "gemini",
    .help = "Gemini, through Google's Generative Language API",
    .settings = {gemini_table, sizeof(struct gemini_settings)},
    CHAT_SERVICE,
    .limiter = {.concurrency = 8, .attempts = 4, .timeout_ms = 300000, .adaptive = true},
    .open = gemini_open,
    .write_request = gemini_write_request,
    .judge = gemini_judge,
};
