/* Ollama's own protocol (POST /api/chat), which lets the request say how long the context is. A request that is longer
 * loses its beginning without a word and with 200; the number of tokens that the server has read gives that away. */
#include "stages/services/common/chat.h"

static const struct setting ollama_settings[] = {
    {"url", SETTING_TEXT, "http://127.0.0.1:11434", NULL, 0, 0, "address of the server"},
    CALL_KEY_SETTINGS("key, when a gateway in front of the server wants one"),
    CHAT_SETTINGS("schema"),
    {"num_ctx", SETTING_NUMBER, "8192", NULL, 1024, 10000000, "tokens of context: request and answer together"},
    {"keep_alive", SETTING_TEXT, "5m", NULL, 0, 0, "how long the model stays in memory behind the last request"},
    {"think", SETTING_SWITCH, "no", NULL, 0, 0, "let a model that can do so think first"},
    SETTINGS_END};

static void add_options(cJSON *root, const struct chat *chat) {
    cJSON *options = cJSON_AddObjectToObject(root, "options");
    cJSON_AddNumberToObject(options, "num_ctx", (double)setting_number(chat->settings, "num_ctx"));
    cJSON_AddNumberToObject(options, "num_predict", (double)chat_answer_tokens(chat));
    if (chat_has_temperature(chat)) cJSON_AddNumberToObject(options, "temperature", chat->temperature);
}

static bool ollama_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                 struct failure *ret_failure) {
    const struct chat *chat = state;
    struct chat_message message = chat_write(chat, batch, exchange);
    if (!call_key(exchange, chat->settings, "Authorization", "Bearer ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "model", chat->model);
    cJSON *messages = cJSON_AddArrayToObject(root, "messages");
    if (message.system.length) cJSON_AddItemToArray(messages, chat_role("system", message.system));
    cJSON_AddItemToArray(messages, chat_role("user", message.user));
    cJSON_AddFalseToObject(root, "stream");
    if (chat_is_structured(chat)) cJSON_AddItemToObject(root, "format", chat_schema(batch, true));
    add_options(root, chat);
    json_add_filled(root, "keep_alive", setting_text(chat->settings, "keep_alive"));
    if (!chat->learned.no_thinking) cJSON_AddBoolToObject(root, "think", setting_switch(chat->settings, "think"));
    call_address(exchange, setting_text(chat->settings, "url"), "/api/chat");
    call_json(exchange, root);
    return true;
}

static struct chat_reply reply_of(const struct chat *chat, const cJSON *root, struct arena *arena) {
    (void)arena;
    struct chat_reply reply = {.reason = json_member_text(root, "done_reason"),
                               .text = json_text(json_at(root, "message.content")),
                               .thinking = json_text(json_at(root, "message.thinking")),
                               .prompt_tokens = chat_tokens(root, "prompt_eval_count"),
                               .answer_tokens = chat_tokens(root, "eval_count")};
    bool full = reply.prompt_tokens + 1 >= (unsigned long)setting_number(chat->settings, "num_ctx");
    if (full) reply.full = SPAN("full context: raise num_ctx, or lower request_words");
    return reply;
}

static bool ollama_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                              struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                              struct failure *ret_failure) {
    return chat_read_reply(state, reply_of, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict ollama_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"ollama", true}};
    return judge_by(exchange, &form);
}

const struct service service_ollama = {
    .name = "ollama",
    .help = "language models on a server of your own, by Ollama's own protocol",
    .settings = ollama_settings,
    .tasks = SERVICE_TRANSLATES | SERVICE_SUMMARIZES,
    .unit = UNIT_PARAGRAPH,
    .takes_context = true,
    .takes_glossary = true,
    .limits = {.texts = 20, .characters = 4000},
    /* One request at a time is the server's own default; more wait in its queue. */
    .limiter = {.concurrency = 2, .attempts = 3, .timeout_ms = 600000, .adaptive = true},
    .free_of_charge = true,
    .open = chat_open,
    .close = chat_close,
    .offers = chat_offers,
    .prompt_version = chat_prompt_version,
    .adapt = chat_adapt,
    .enlarge = chat_enlarge,
    .learned = chat_generation,
    .longest_answer = chat_longest_answer,
    .write_request = ollama_write_request,
    .read_reply = ollama_read_reply,
    .judge = ollama_judge,
};
