/* Checks the configuration and, with --online, whether its services work. */
#include <stdio.h>

#include "config/reader.h"
#include "pipeline/net/url.h"
#include "program/command.h"
#include "program/commands/addresses.h"
#include "program/commands/online.h"
#include "stages/services/service_list.h"

struct languages {
    const struct settings *identify; /* the languages that this section skips are never translated */
    struct buffer codes;
    size_t count;
    cJSON *json; /* NULL if the output is in words */
};

/* Where to report problems: always to standard error and, if `json` is set, in that list as well. */
struct problems {
    struct program *program;
    cJSON *json;
};

static void add_unserved(void *context, struct span code) {
    struct languages *languages = context;
    for (size_t i = 0; i < setting_list_count(languages->identify, "skip"); i++)
        if (span_equal(setting_list_item(languages->identify, "skip", i), code)) return;
    buffer_print(&languages->codes, " %.*s", SPAN_ARGS(code));
    languages->count++;
    if (languages->json) json_append(languages->json, code);
}

static void tell_dead_end(void *context, const char *what) {
    struct problems *problems = context;
    problems->program->warnings++;
    fprintf(stderr, "%s\n", what);
    if (problems->json) json_append(problems->json, span_of(what));
}

static bool tell_unserved(struct program *program, const struct service_list *service_list, cJSON *json,
                          struct arena *arena, struct failure *ret_failure) {
    struct table table;
    struct languages languages = {.identify = config_section(program->config, "identify"),
                                  .codes = BUFFER(1 << 16),
                                  .json = json ? cJSON_AddArrayToObject(json, "languages_unserved") : NULL};
    if (!table_read(program->data_folder, "names.tsv", arena, &table, ret_failure)) return false;
    service_list_unserved(service_list, &table, add_unserved, &languages);
    if (languages.count && !json)
        printf("no service translates:%.*s (%zu language%s); articles in them will fail\n",
               SPAN_ARGS(buffer_span(&languages.codes)), languages.count, languages.count == 1 ? "" : "s");
    buffer_free(&languages.codes);
    return true;
}

static void check_services(struct problems *problems, struct arena *arena) {
    const struct config *config = problems->program->config;
    for (size_t i = 0; i < config_section_count(config, "service"); i++) {
        const struct settings *settings = config_section_at(config, "service", i);
        struct span address = setting_known(settings, "url", SETTING_TEXT) ? setting_text(settings, "url") : SPAN("");
        const char *fault = address.length ? url_fault(address) : NULL;
        if (fault)
            tell_dead_end(problems, arena_print(arena, "[service \"%.*s\"] url: '%.*s' %s",
                                                SPAN_ARGS(settings_name(settings)), SPAN_ARGS(address), fault)
                                        .at);
    }
}

/* Routes and sources that lead nowhere are warnings. Languages that no service translates are only listed. */
static bool check_languages(struct program *program, cJSON *json, struct failure *ret_failure) {
    struct service_list *service_list;
    struct problems problems = {.program = program, .json = json ? cJSON_AddArrayToObject(json, "problems") : NULL};
    if (!service_list_open(program->config, program->data_folder, &service_list, ret_failure)) return false;
    struct arena *arena = arena_new();
    service_list_dead_ends(service_list, tell_dead_end, &problems);
    check_services(&problems, arena);
    bool done = tell_unserved(program, service_list, json, arena, ret_failure);
    arena_free(arena);
    service_list_close(service_list);
    return done;
}

/* Services that the program adds by itself are not counted among the user's. */
static size_t count_implied(const struct config *config) {
    size_t count = config_section_count(config, "service"), implied = 0;
    for (size_t i = 0; i < count; i++) implied += settings_implied(config_section_at(config, "service", i));
    return implied;
}

static void add_verdict(cJSON *json, const struct program *program) {
    const struct config *config = program->config;
    size_t implied = count_implied(config);
    cJSON_AddBoolToObject(json, "sound", program->warnings == 0);
    cJSON_AddNumberToObject(json, "sources", (double)config_section_count(config, "source"));
    cJSON_AddNumberToObject(json, "services", (double)(config_section_count(config, "service") - implied));
    cJSON_AddBoolToObject(json, "embedded_engine", implied > 0);
}

/* Prints, e.g., "the configuration is sound: 1 source, 2 services and the embedded engine". */
static void tell_sound(const struct config *config) {
    size_t count = config_section_count(config, "service"), implied = count_implied(config);
    size_t sources = config_section_count(config, "source"), own = count - implied;
    printf("the configuration is sound: %zu source%s, %zu service%s%s\n", sources, sources == 1 ? "" : "s", own,
           own == 1 ? "" : "s", implied ? " and the embedded engine" : "");
}

static enum exit_code judge(struct program *program, bool in_json, struct failure *ret_failure) {
    cJSON *json = in_json ? cJSON_CreateObject() : NULL;
    bool checked = check_languages(program, json, ret_failure), sound = checked && program->warnings == 0;
    if (checked && json) {
        add_verdict(json, program);
        command_print_json(json);
    } else {
        cJSON_Delete(json);
        if (sound) tell_sound(program->config);
    }
    return sound ? EXIT_DONE : EXIT_CONFIG; /* the warnings have been printed */
}

static enum exit_code do_check_config(struct call *call, struct failure *ret_failure) {
    struct program *program = call->program;
    /* A store in memory: checking must not create or lock the real one. */
    if (!program_open_store(program, true, false, ret_failure) ||
        !program_open_stages(program, NULL, NULL, false, ret_failure))
        return EXIT_CONFIG;
    if (call_option(call, "--online")) {
        enum exit_code code = online_check(program, ret_failure);
        if (code != EXIT_DONE) return code;
    }
    return judge(program, call_option(call, "--json") != NULL, ret_failure);
}

static const struct option check_config_options[] = {
    {"--online", NULL, "also ask each service to translate one word in each language of its routes"},
    {"--json", NULL, "print one JSON object"},
    OPTIONS_END};

static const char *const check_config_examples[] = {"dragoman check-config", "find mistakes in the configuration",
                                                    "dragoman check-config --online",
                                                    "also find services that do not work", NULL};

const struct subcommand command_check_config = {.name = "check-config",
                                                .takes = "[--online]",
                                                .help =
                                                    "check the configuration and the tables, and report every problem",
                                                .options = check_config_options,
                                                .examples = check_config_examples,
                                                .check = addresses_check,
                                                .run = do_check_config};
