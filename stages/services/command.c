/* A local program over pipes: one JSON object per line in, one line out for each, in order and with the request's id
 * (docs/services-command.md). The program is started for the first request and kept for the run. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/net/children.h"
#include "stages/services/command/line.h"
#include "stages/services/common/call.h"
#include "stages/services/common/codes.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

/* REPLY_LIMIT: bytes of a line that the program writes; far more than service.limits allows it to need.
 * STATUS: an error is looked up in the table as if it had this status. */
enum { REPLY_LIMIT = 1 << 20, STATUS = 400 };

static const struct setting command_table[] = {
    SETTING("command", SETTING_TEXT_AT(struct command_settings, command),
            .help = "the program and its arguments; no shell is used, and single quotes keep words together. A path "
                    "that begins with ./ or ../ is relative to the folder of the configuration file, one with ~/ to "
                    "the home folder"),
    SETTING("model", SETTING_TEXT_AT(struct command_settings, model),
            .help = "name of the model, for the record and the translation memory (default: the words of command)"),
    SETTING("environment", SETTING_LIST_AT(struct command_settings, environment),
            .help = "environment variables to pass to the program, besides PATH and LC_ALL"),
    SERVICE_LANGUAGES_SETTING(
        "use only these source languages (default: all); CODE=NAME for one that the program calls NAME"),
    SETTINGS_END,
};

struct command_service {
    const struct command_settings *settings;
    struct arena *arena;
    struct codes codes;
    struct command command;
    size_t copies;
    struct span model;
    atomic_ulong *ids; /* the id of the latest request; written by write_request(), which may run on any thread */
};

/* ---------------------------------------------------------------- the command line */

static bool read_command(const struct service_context *context, struct command_service *service,
                         struct failure *ret_failure) {
    struct span line = service->settings->command;
    service->command.arguments = command_words(line, context->folder, service->arena);
    return service->command.arguments ||
           failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] command: a quotation mark is missing in %.*s",
                         SPAN_ARGS(context->name), SPAN_ARGS(text_clip(line, 100)));
}

/* Looks for the program where posix_spawnp() will. */
static bool is_program(const char *name, struct arena *arena) {
    static const char *const folders[] = {"/usr/local/bin", "/usr/bin", "/bin"};
    if (strchr(name, '/')) return access(name, X_OK) == 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (access(arena_print(arena, "%s/%s", folders[i], name).at, X_OK) == 0) return true;
    return false;
}

static bool find_program(const struct service_context *context, const struct command_service *service,
                         struct failure *ret_failure) {
    const char *name = service->command.arguments[0];
    return is_program(name, service->arena) ||
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "[service \"%.*s\"] command: '%s' is not a program that can be run: check command",
                         SPAN_ARGS(context->name), name);
}

/* Variables that are not set are left out. */
static bool read_environment(const struct service_context *context, struct command_service *service,
                             struct failure *ret_failure) {
    const struct word_list *names = &service->settings->environment;
    if (names->count > CHILDREN_VARIABLES)
        return failure_fatal(ret_failure, EXIT_CONFIG, "[service \"%.*s\"] environment: at most %d names, not %zu",
                             SPAN_ARGS(context->name), CHILDREN_VARIABLES, names->count);
    const char **variables = arena_take(service->arena, (names->count + 1) * sizeof *variables);
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = arena_string(service->arena, names->items[i]), *value = getenv(name);
        if (value) variables[count++] = arena_print(service->arena, "%s=%s", name, value).at;
    }
    variables[count] = NULL;
    service->command.environment = variables;
    return true;
}

/* ---------------------------------------------------------------- state */

static void command_close(void *state) {
    struct command_service *service = state;
    if (!service) return;
    arena_free(service->arena);
    free(service);
}

static bool command_start(const struct service_context *context, struct command_service *service,
                          struct failure *ret_failure) {
    struct span words = span_trim(service->settings->command);
    if (!remote_needs_text(context, words, "command", ret_failure) || !read_command(context, service, ret_failure) ||
        !find_program(context, service, ret_failure) || !read_environment(context, service, ret_failure))
        return false;
    service->model = service->settings->model.length ? service->settings->model : words;
    service->codes.wanted = &context->common->languages;
    service->ids = arena_take(service->arena, sizeof *service->ids);
    atomic_init(service->ids, 0);
    return true;
}

static bool command_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    struct command_service *service = memory_take(sizeof *service);
    service->settings = context->settings;
    service->arena = arena_new();
    service->copies = service_rate_limits(context->service, context->common).concurrency;
    if (!command_start(context, service, ret_failure)) {
        command_close(service);
        return false;
    }
    *ret_state = service;
    return true;
}

/* Without the setting `languages`, the program gets our codes and says itself which it does not know. */
static struct span code_of(const struct command_service *service, const char *language) {
    return service->codes.wanted->count ? codes_of(&service->codes, language) : span_of(language);
}

static bool command_offers(const void *state, const char *source_language, const char *target_language,
                           struct span *ret_model) {
    const struct command_service *service = state;
    *ret_model = service->model;
    return strcmp(target_language, "en") == 0 && code_of(service, source_language).length > 0;
}

/* ---------------------------------------------------------------- frames */

/* Whether the line is an object with the id of the request, and with translations or an error. */
static bool answers(const cJSON *root, const struct exchange *exchange) {
    cJSON *request = json_parse(exchange->body, SIZE_MAX, "request", NULL);
    bool same = json_member_number(root, "id", -1) == json_member_number(request, "id", 0);
    cJSON_Delete(request);
    return same && (cJSON_IsArray(json_member(root, "translations")) || cJSON_IsString(json_member(root, "error")));
}

static enum frame_kind kind_of_line(const struct exchange *exchange, struct span line) {
    cJSON *root = json_parse(line, REPLY_LIMIT, "line", NULL);
    enum frame_kind kind = json_member(root, "hello") ? FRAME_GREETING
                           : answers(root, exchange)  ? FRAME_REPLY
                                                      : FRAME_GARBAGE;
    cJSON_Delete(root);
    return kind;
}

static const struct frame_form lines = {.end = '\n', .kind_of = kind_of_line};

static cJSON *terms_of(const struct glossary *glossary) {
    cJSON *terms = cJSON_CreateArray();
    for (size_t i = 0; i < glossary->count; i++) {
        cJSON *pair = cJSON_CreateArray();
        json_append(pair, glossary->terms[i].source);
        json_append(pair, glossary->terms[i].target);
        cJSON_AddItemToArray(terms, pair);
    }
    return terms;
}

/* cJSON writes no newline inside an object, so the whole request is one line. */
static bool command_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                  struct failure *ret_failure) {
    const struct command_service *service = state;
    (void)ret_failure;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "id", (double)(atomic_fetch_add(service->ids, 1) + 1));
    json_add(root, "source", code_of(service, batch->source_language));
    json_add(root, "target", span_of(batch->target_language));
    cJSON_AddItemToObject(root, "texts", call_texts(batch));
    json_add_filled(root, "title", batch->title);
    if (batch->glossary && batch->glossary->count) cJSON_AddItemToObject(root, "terms", terms_of(batch->glossary));
    call_json(exchange, root);
    exchange->body = arena_print(exchange->arena, "%.*s\n", SPAN_ARGS(exchange->body));
    exchange->kind = EXCHANGE_PIPE;
    exchange->commands = &service->command;
    exchange->command_count = exchange->frames = 1;
    exchange->form = &lines;
    exchange->copies = service->copies;
    exchange->frame_context = service;
    exchange->reply_limit = REPLY_LIMIT;
    return true;
}

/* ---------------------------------------------------------------- replies */

static bool lists(const cJSON *languages, struct span code) {
    const cJSON *item;
    cJSON_ArrayForEach(item, languages) if (span_equal_ascii_fold(json_text(item), code)) return true;
    return !cJSON_IsArray(languages);
}

/* The memory keeps translations under the name of their model, so the program's own name for it must be that. */
static enum exchange_verdict judge_greeting(struct exchange *exchange, const cJSON *greeting, struct span source) {
    const struct command_service *service = exchange->frame_context;
    struct span model = json_member_text(greeting, "model");
    if (model.length && !span_equal(model, service->model))
        return judge_refuse(exchange, REFUSAL_SETTING,
                            arena_print(exchange->arena,
                                        "its model is not the one in the configuration: set model = %.*s",
                                        SPAN_ARGS(text_clip(model, 100)))
                                .at,
                            SPAN(""));
    if (!lists(json_member(greeting, "languages"), source))
        return judge_refuse(exchange, REFUSAL_LANGUAGE,
                            "the program does not support this language: set languages to those that it supports",
                            source);
    return EXCHANGE_GOOD;
}

/* An error of which the table knows nothing concerns the texts, unless the program says that another attempt helps. */
static enum exchange_verdict judge_error(struct exchange *exchange, const cJSON *root) {
    static const struct refusal_asker asker = {.service = "command"};
    struct refusal_words words = refusal_read(root, SPAN(""), exchange->arena);
    words.sentence = json_member_copy(root, "error", exchange->arena);
    if (json_member_true(root, "retry"))
        return judge_refuse(exchange, REFUSAL_TROUBLE, "try again later", words.sentence);
    const struct row *row = exchange->errors ? refusal_find(exchange->errors, &asker, STATUS, &words) : NULL;
    if (!row || span_is(row->cells[2], "-"))
        return judge_refuse(exchange, REFUSAL_TEXT, "the program refused this text", words.sentence);
    return judge_refuse(exchange, refusal_kind(row), arena_string(exchange->arena, row->cells[5]), words.sentence);
}

static enum exchange_verdict judge_line(struct exchange *exchange, const cJSON *request, const cJSON *root,
                                        const cJSON *greeting) {
    enum exchange_verdict verdict = judge_greeting(exchange, greeting, json_member_text(request, "source"));
    if (verdict != EXCHANGE_GOOD) return verdict;
    return json_text(json_member(root, "error")).length ? judge_error(exchange, root) : EXCHANGE_GOOD;
}

/* Unlike for the embedded engine, the messages of a failed program begin with the service's name: there may be
 * several. */
static enum exchange_verdict judge_failure(struct exchange *exchange) {
    struct span said = arena_copy(exchange->arena, span_of(exchange->failure.sentence));
    failure_set(&exchange->failure, exchange->failure.reach, exchange->failure.remedy, "%.*s: %.*s",
                SPAN_ARGS(exchange->limiter), SPAN_ARGS(said));
    return exchange_judge_common(exchange);
}

static enum exchange_verdict command_judge(struct exchange *exchange) {
    if (exchange->failure.reach != REACH_NONE) return judge_failure(exchange);
    cJSON *request = json_parse(exchange->body, SIZE_MAX, "request", NULL);
    cJSON *root = json_parse(buffer_span(&exchange->reply), REPLY_LIMIT, "reply", NULL);
    cJSON *greeting = json_parse(exchange->greeting, REPLY_LIMIT, "greeting", NULL);
    enum exchange_verdict verdict = judge_line(exchange, request, root, greeting);
    cJSON_Delete(greeting);
    cJSON_Delete(root);
    cJSON_Delete(request);
    return verdict;
}

static bool command_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                               struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                               struct failure *ret_failure) {
    static const struct call_form form = {.items = "translations"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

const struct service service_command = {
    .name = "command",
    .help = "a local program over pipes, one JSON object per line; needs no server",
    .settings = {command_table, sizeof(struct command_settings)},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .limits = {.texts = 32, .characters = 5000},
    .limiter = {.concurrency = 1, .attempts = 3, .timeout_ms = 120000},
    .free_of_charge = true,
    .takes_glossary = true,
    .open = command_open,
    .close = command_close,
    .offers = command_offers,
    .write_request = command_write_request,
    .read_reply = command_read_reply,
    .judge = command_judge,
};
