#include "stages/services/common/chat.h"

#include <stdlib.h>
#include <string.h>

#include "config/path.h"
#include "pipeline/base/visible.h"
#include "stages/language/names.h"
#include "stages/services/common/remote.h"

/* A relative path starts at the folder of the configuration file. */
static struct span path_of(const struct service_context *context, struct span given, const char *otherwise,
                           struct arena *arena) {
    if (given.length == 0) return arena_print(arena, "%s/prompts/%s", context->data_folder, otherwise);
    return path_resolve(context->folder, given, arena);
}

bool chat_is_temperature(struct span text) {
    char *end;
    double temperature = strtod(text.at, &end);
    return span_is(text, "none") || (text.length && *end == '\0' && temperature >= 0 && temperature <= 2);
}

/* Format and temperature influence the answers, so they are part of the prompt's version and thus of the translation
 * memory key. */
static bool read_prompts(struct chat *chat, const struct service_context *context, struct failure *ret_failure) {
    const struct chat_settings *settings = chat->settings;
    struct span translate = path_of(context, settings->prompt_file, "translate.prompt", chat->arena);
    struct span summarize = path_of(context, settings->summary_prompt_file, "summarize.prompt", chat->arena);
    if (!prompt_read(translate.at, chat->arena, &chat->translate, ret_failure) ||
        !prompt_read(summarize.at, chat->arena, &chat->summarize, ret_failure))
        return false;
    const struct prompt *prompts[] = {&chat->translate, &chat->summarize};
    chat->recital = prompt_recital(prompts, 2, chat->arena);
    for (size_t i = 0; i < 2; i++)
        chat->versions[i] = arena_print(chat->arena, "%.*s-%s-%.*s", SPAN_ARGS(prompts[i]->version),
                                        chat->structured ? "schema" : "fences", SPAN_ARGS(settings->temperature));
    return true;
}

static bool start(struct chat *chat, const struct service_context *context, struct failure *ret_failure) {
    const char *data_folder = context->data_folder;
    return remote_needs_text(context, chat->model, "model", ret_failure) && read_prompts(chat, context, ret_failure) &&
           language_names_read(data_folder, chat->arena, &chat->names, ret_failure) &&
           table_read(data_folder, "services/refusals.tsv", chat->arena, &chat->phrases, ret_failure) &&
           table_read(data_folder, "services/answers.tsv", chat->arena, &chat->words, ret_failure);
}

bool chat_open(const struct service_context *context, const struct chat_settings *settings,
               const struct chat_form *form, void **ret_state, struct failure *ret_failure) {
    struct chat *chat = memory_take(sizeof *chat);
    *chat = (struct chat){.common = context->common,
                          .settings = settings,
                          .own = context->settings,
                          .arena = arena_new(),
                          .model = settings->model,
                          .structured = settings->format == CHAT_SCHEMA,
                          .temperature =
                              span_is(settings->temperature, "none") ? -1 : strtod(settings->temperature.at, NULL),
                          .form = form};
    if (start(chat, context, ret_failure)) {
        *ret_state = chat;
        return true;
    }
    chat_close(chat);
    return false;
}

void chat_close(void *state) {
    struct chat *chat = state;
    if (!chat) return;
    arena_free(chat->arena);
    free(chat);
}

bool chat_offers(const void *state, const char *source_language, const char *target_language, struct span *ret_model) {
    const struct chat *chat = state;
    struct span whole = span_of(source_language), base = {source_language, strcspn(source_language, "-")};
    const struct word_list *languages = &chat->common->languages;
    *ret_model = chat->model;
    bool wanted = languages->count == 0 || word_list_has(languages, whole) || word_list_has(languages, base);
    return wanted && strcmp(target_language, "en") == 0;
}

struct span chat_prompt_version(const void *state, enum service_task task) {
    const struct chat *chat = state;
    return chat->versions[task == SERVICE_SUMMARIZES];
}

bool chat_is_structured(const struct chat *chat) {
    return chat->structured && !chat->learned.no_schema;
}

bool chat_has_temperature(const struct chat *chat) {
    return chat->temperature >= 0 && !chat->learned.no_temperature;
}

unsigned long chat_answer_tokens(const struct chat *chat) {
    unsigned long learned = chat->learned.answer_tokens;
    const struct chat_settings *settings = chat->settings;
    return learned ? learned
                   : service_answer_tokens(chat->common, settings->answer_tokens, settings->answer_tokens_given);
}

/* ---------------------------------------------------------------- the request */

/* Each line is a separate text, so what a model may take for a line break (rune_is_obeyed()) becomes a space. Otherwise
 * a text could imitate further ones, with numbers of their own. */
static void add_one_line(struct buffer *out, struct span text) {
    text = span_trim(text);
    for (size_t i = 0, size; i < text.length; i += size) {
        uint32_t rune;
        size = text_next(text, i, &rune);
        if (rune_is_obeyed(rune))
            buffer_add_string(out, " ");
        else
            buffer_add(out, text.at + i, size);
    }
}

static struct span one_line(struct span text, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX / 4);
    add_one_line(&out, text);
    struct span line = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return line;
}

static struct span numbered_texts(const struct batch *batch, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX / 4);
    for (size_t i = 0; i < batch->count; i++) {
        buffer_print(&out, "%s[%zu] ", i ? "\n" : "", i + 1);
        add_one_line(&out, batch->texts[i]);
    }
    struct span text = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return text;
}

static struct span glossary_lines(const struct glossary *glossary, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX / 4);
    for (size_t i = 0; glossary && i < glossary->count; i++)
        buffer_print(&out, "%s%.*s = %.*s", i ? "\n" : "", SPAN_ARGS(glossary->terms[i].source),
                     SPAN_ARGS(glossary->terms[i].target));
    struct span text = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return text;
}

/* The delimiter is a hash of everything that may come from the article, so that the article cannot contain it. */
struct span chat_mark(const struct batch *batch, struct arena *arena) {
    struct span *parts = arena_take(arena, (batch->count + 2) * sizeof *parts);
    if (batch->count) memcpy(parts, batch->texts, batch->count * sizeof *parts);
    parts[batch->count] = batch->title;
    parts[batch->count + 1] = batch->context;
    return prompt_mark(parts, batch->count + 2, arena);
}

struct chat_message chat_write(const struct chat *chat, const struct batch *batch, struct exchange *exchange) {
    struct arena *arena = exchange->arena;
    exchange->written_with = chat->learned.generation;
    const struct prompt *prompt = batch->task == SERVICE_SUMMARIZES ? &chat->summarize : &chat->translate;
    const struct filling fillings[] = {{"language", language_name(&chat->names, span_of(batch->source_language))},
                                       {"mark", chat_mark(batch, arena)},
                                       {"form", span_trim(chat_is_structured(chat) ? prompt->schema : prompt->fences)},
                                       {"title", one_line(batch->title, arena)},
                                       {"context", span_trim(batch->context)},
                                       {"glossary", glossary_lines(batch->glossary, arena)},
                                       {"count", arena_print(arena, "%zu", batch->count)},
                                       {"sentences", arena_print(arena, "%zu", batch->sentences)},
                                       {"texts", numbered_texts(batch, arena)},
                                       {NULL, {NULL, 0}}};
    struct span system = prompt_fill(prompt->system, fillings, arena),
                user = prompt_fill(prompt->user, fillings, arena);
    /* For models without a system role, the system prompt and the user prompt are sent as one message. */
    if (!chat->learned.no_system) return (struct chat_message){system, user};
    return (struct chat_message){{NULL, 0}, arena_print(arena, "%.*s\n\n%.*s", SPAN_ARGS(system), SPAN_ARGS(user))};
}

cJSON *chat_role(const char *role, struct span content) {
    cJSON *message = cJSON_CreateObject();
    cJSON_AddStringToObject(message, "role", role);
    json_add(message, "content", content);
    return message;
}

static cJSON *typed(const char *type) {
    cJSON *schema = cJSON_CreateObject();
    cJSON_AddStringToObject(schema, "type", type);
    return schema;
}

static cJSON *list_schema(cJSON *items) {
    cJSON *schema = typed("array");
    cJSON_AddItemToObject(schema, "items", items);
    return schema;
}

/* Returns the schema of an object with one or two required members; `second` may be NULL. */
static cJSON *object_schema(bool closed, const char *first, cJSON *first_schema, const char *second,
                            cJSON *second_schema) {
    cJSON *schema = typed("object"), *members = cJSON_AddObjectToObject(schema, "properties");
    cJSON *required = cJSON_AddArrayToObject(schema, "required");
    cJSON_AddItemToObject(members, first, first_schema);
    cJSON_AddItemToArray(required, cJSON_CreateString(first));
    if (second) {
        cJSON_AddItemToObject(members, second, second_schema);
        cJSON_AddItemToArray(required, cJSON_CreateString(second));
    }
    if (closed) cJSON_AddFalseToObject(schema, "additionalProperties");
    return schema;
}

cJSON *chat_schema(const struct batch *batch, bool closed) {
    bool summary = batch->task == SERVICE_SUMMARIZES;
    cJSON *item = summary ? object_schema(closed, "text", typed("string"), "from", list_schema(typed("integer")))
                          : object_schema(closed, "n", typed("integer"), "text", typed("string"));
    return object_schema(closed, summary ? "sentences" : "paragraphs", list_schema(item), NULL, NULL);
}
