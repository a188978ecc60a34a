/* Checks the configuration and, with --online, whether its services work. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/engine/source_settings.h"
#include "program/command.h"
#include "program/commands/addresses.h"
#include "program/commands/online.h"
#include "program/commands/references.h"
#include "program/hooks/settings.h"
#include "program/mail/send.h"
#include "program/mail/settings.h"
#include "program/sandbox.h"
#include "program/say.h"
#include "program/state.h"
#include "stages/identify.h"
#include "stages/services/service_list.h"

struct languages {
    const struct word_list *skipped; /* languages that are never translated */
    struct buffer codes;
    size_t count;
    cJSON *json; /* NULL if the output is text, not JSON */
};

/* Where to report problems: always to standard error and, if `json` is set, in that JSON list as well. */
struct problems {
    struct program *program;
    cJSON *json;
    bool stage_failed;
};

/* Adds a language that no service translates, unless the user has excluded it from translation (`skip`). */
static void add_unserved(void *context, struct span code) {
    struct languages *languages = context;
    if (word_list_has(languages->skipped, code)) return;
    buffer_print(&languages->codes, " %.*s", SPAN_ARGS(code));
    languages->count++;
    if (languages->json) json_append(languages->json, code);
}

static void tell_dead_end(void *context, const char *what) {
    struct problems *problems = context;
    problems->program->warnings++;
    say_error("%s", what);
    if (problems->json) json_append(problems->json, span_of(what));
}

/* Reports a failure once, even if the same service fails in several stages. */
static void tell_failure(void *context, const struct failure *failure) {
    struct problems *problems = context;
    const cJSON *item;
    problems->stage_failed = true;
    cJSON_ArrayForEach(item, problems->json) if (span_is(json_text(item), failure->sentence)) return;
    problems->program->warnings++;
    log_sentence(&problems->program->log, LOG_LEVEL_ERROR, failure->sentence);
    json_append(problems->json, span_of(failure->sentence));
}

static bool tell_unserved(struct program *program, const struct service_list *service_list, cJSON *json,
                          struct arena *arena, struct failure *ret_failure) {
    struct table table;
    const struct identify_settings *identify = config_values(program->config, identify_table);
    struct languages languages = {.skipped = &identify->skip,
                                  .codes = BUFFER(1 << 16),
                                  .json = json ? cJSON_AddArrayToObject(json, "languages_unserved") : NULL};
    if (!table_read(program->data_folder, "names.tsv", arena, &table, ret_failure)) return false;
    service_list_unserved(service_list, &table, add_unserved, &languages);
    if (languages.count && !json)
        printf("no service translates:%.*s (%zu language%s); articles in these languages will fail\n",
               SPAN_ARGS(buffer_span(&languages.codes)), languages.count, languages.count == 1 ? "" : "s");
    buffer_free(&languages.codes);
    return true;
}

/* Lists the services that cannot be used. If the translate stage was opened, it has printed a warning for each of these
 * services; if it could not be opened, it has reported at most one of them, so all are printed here. */
static void tell_unusable(struct problems *problems, const struct service_list *service_list) {
    for (size_t i = 0; i < service_list->count; i++) {
        const struct configured_service *service = &service_list->configured_services[i];
        if (service->unusable.reach == REACH_NONE || service->implied) continue;
        if (problems->stage_failed)
            tell_failure(problems, &service->unusable);
        else
            json_append(problems->json, span_of(service->unusable.sentence));
    }
}

/* Warns about routes and sources for which no usable service is left. Languages that no service translates are listed
 * without a warning, unless something worse was found (`briefly`). */
static bool check_languages(struct problems *problems, cJSON *json, bool briefly, struct failure *ret_failure) {
    struct service_list *service_list;
    struct program *program = problems->program;
    if (!service_list_open(program->config, program->data_folder, &service_list, ret_failure)) return false;
    struct arena *arena = arena_new();
    tell_unusable(problems, service_list);
    service_list_dead_ends(service_list, tell_dead_end, problems);
    bool usable = !briefly && !problems->stage_failed && config_problem_count(program->config) == 0;
    bool done = !(usable || json) || tell_unserved(program, service_list, json, arena, ret_failure);
    arena_free(arena);
    service_list_close(service_list);
    return done;
}

/* Counts the services that the program has added itself, so that they are not reported as the user's. */
static size_t count_implied(const struct config *config) {
    size_t count = config_section_count(config, service_table), implied = 0;
    for (size_t i = 0; i < count; i++) implied += section_implied(config_section_at(config, service_table, i));
    return implied;
}

/* Writes "on", or "off: " and why. */
static void say_sandbox(const struct program *program, char ret_text[200]) {
    const char *absent = sandbox_absent(program);
    snprintf(ret_text, 200, "%s%s", absent ? "off: " : "on", absent ? absent : "");
}

static void add_sandbox(cJSON *json, const struct program *program) {
    char text[200];
    say_sandbox(program, text);
    json_add(json, "sandbox", span_of(text));
}

static void add_verdict(cJSON *json, const struct program *program) {
    const struct config *config = program->config;
    size_t implied = count_implied(config);
    cJSON_AddBoolToObject(json, "sound", program->warnings == 0);
    cJSON_AddNumberToObject(json, "sources", (double)config_section_count(config, source_table));
    cJSON_AddNumberToObject(json, "services", (double)(config_section_count(config, service_table) - implied));
    cJSON_AddBoolToObject(json, "embedded_engine", implied > 0);
    add_sandbox(json, program);
}

/* Prints, e.g., "the configuration is valid: 1 source, 2 services and the embedded engine". */
static void tell_sound(const struct program *program) {
    char sandbox[200];
    const struct config *config = program->config;
    size_t count = config_section_count(config, service_table), implied = count_implied(config);
    size_t sources = config_section_count(config, source_table), own = count - implied;
    printf("the configuration is valid: %zu source%s, %zu service%s%s\n", sources, sources == 1 ? "" : "s", own,
           own == 1 ? "" : "s", implied ? " and the embedded engine" : "");
    say_sandbox(program, sandbox);
    printf("sandbox of runs: %s\n", sandbox);
}

/* These problems have been printed by program_configure(), so they are only added to the list. */
static void list_config_problems(struct problems *problems) {
    const struct config *config = problems->program->config;
    for (size_t i = 0; i < config_problem_count(config); i++) {
        problems->program->warnings++;
        json_append(problems->json, span_of(config_problem(config, i)));
    }
}

/* Every run would be refused. After other problems, the section may be there but not recognized. */
static void tell_no_source(struct problems *problems) {
    const struct config *config = problems->program->config;
    if (config_problem_count(config) > 0 || config_section_count(config, source_table) > 0) return;
    tell_dead_end(problems, "no [source] is configured, so a run would have nothing to read; `dragoman init` writes a "
                            "first configuration");
}

/* A warning, not a problem: runs work there as long as nothing goes wrong. */
static void warn_of_network(const struct program *program, cJSON *json) {
    struct failure warning = {0};
    cJSON *warnings = json ? cJSON_AddArrayToObject(json, "warnings") : NULL;
    if (!program_is_on_network(program, &warning)) return;
    log_sentence(&program->log, LOG_LEVEL_WARNING, warning.sentence);
    if (warnings) json_append(warnings, span_of(warning.sentence));
}

static void conclude(struct program *program, cJSON *json) {
    if (json) {
        add_verdict(json, program);
        command_print_json(cJSON_Duplicate(json, true));
    } else if (program->warnings == 0) {
        tell_sound(program);
    }
}

static void add_store(cJSON *json, const struct program *program, const struct failure *failure) {
    bool works = failure->reach == REACH_NONE;
    cJSON *item = cJSON_AddObjectToObject(json, "online_store");
    json_add(item, "store", span_of(state_name(program)));
    cJSON_AddBoolToObject(item, "works", works);
    if (!works) json_add(item, "reason", span_of(failure->sentence));
}

/* Says whether a run could work with the server of the state. */
static bool try_store(const struct program *program, cJSON *json) {
    struct failure failure = {0};
    if (!state_is_on_server(program)) return true;
    bool works = state_try(program, &failure);
    if (!works) log_sentence(&program->log, LOG_LEVEL_ERROR, failure.sentence);
    if (json)
        add_store(json, program, &failure);
    else if (works)
        say("[run] store works: %s", state_name(program));
    return works;
}

static enum exit_code check_online(struct program *program, cJSON *json, struct failure *ret_failure) {
    bool works = try_store(program, json);
    enum exit_code code = online_check(program, json, ret_failure);
    works = mail_try_servers(program, !json) && works;
    return works || code != EXIT_DONE ? code : EXIT_NO_SERVICE;
}

/* Continues after a problem, so that all problems are reported at once. Requests are sent to the services only if the
 * configuration has no problems. */
static enum exit_code look_at_all(struct problems *problems, cJSON *json, const struct call *call,
                                  struct failure *ret_failure) {
    struct program *program = problems->program;
    bool sound = config_problem_count(program->config) == 0;
    list_config_problems(problems);
    tell_no_source(problems);
    warn_of_network(program, json);
    program_try_stages(program, tell_failure, problems);
    enum exit_code code = EXIT_DONE;
    if (sound && !problems->stage_failed && call_option(call, "--online"))
        code = check_online(program, json, ret_failure);
    if (!check_languages(problems, json, code != EXIT_DONE, ret_failure)) return EXIT_CONFIG;
    if (code == EXIT_DONE || json) conclude(program, json);
    if (code != EXIT_DONE) return code;
    if (program->warnings)
        failure_fatal(ret_failure, EXIT_CONFIG, "the configuration has %zu problem%s", program->warnings,
                      program->warnings == 1 ? "" : "s");
    return program->warnings == 0 ? EXIT_DONE : EXIT_CONFIG; /* the warnings have already been printed */
}

static void check_sections(const struct config *config, const char *data_folder) {
    addresses_check(config);
    references_check(config, data_folder);
    state_check_password(config);
    mail_check(config);
    hooks_check(config);
}

static enum exit_code do_check_config(struct call *call, struct failure *ret_failure) {
    struct program *program = call->program;
    /* The store is in memory, because a check must not create or lock the real one. */
    if (!program_open_store(program, true, STORE_UNLOCKED, ret_failure)) return EXIT_CONFIG;
    cJSON *json = call_option(call, "--json") ? cJSON_CreateObject() : NULL;
    cJSON *list = json ? cJSON_AddArrayToObject(json, "problems") : cJSON_CreateArray();
    struct problems problems = {.program = program, .json = list};
    enum exit_code code = look_at_all(&problems, json, call, ret_failure);
    cJSON_Delete(json ? json : list);
    return code;
}

static const struct option check_config_options[] = {
    {"--online", NULL,
     "also read each source, have each service translate one word from each language of its routes and of the sources, "
     "and log in to mail servers and the database of `store`; this may cost a little: the maximum is printed first, "
     "and the cost counts against "
     "the caps"},
    {"--json", NULL, "print one JSON object"},
    OPTIONS_END};

static const char *const check_config_examples[] = {"dragoman check-config", "find mistakes in the configuration",
                                                    "dragoman check-config --online",
                                                    "also find sources and services that do not work", NULL};

const struct subcommand command_check_config = {
    .name = "check-config",
    .takes = "",
    .help = "check the configuration and the data files, and report every problem",
    .options = check_config_options,
    .examples = check_config_examples,
    .check = check_sections,
    .run = do_check_config};
