#include "program/commands/offers.h"

#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/article/records.h"
#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"
#include "program/export/export.h"
#include "program/say.h"
#include "stages/language/names.h"
#include "stages/services/service_list.h"

/* Far more than anybody looks through. */
enum { MAX_IDS = 300 };

/* ---------------------------------------------------------------- what fits where */

const char *offer_kind(const char *command, const char *option, const char *takes) {
    static const struct {
        const char *command, *option, *takes; /* NULL = any; `takes` is how the placeholder begins */
        const char *kind;
    } places[] = {{NULL, "--log", NULL, "logs"},
                  {NULL, "--set", NULL, "nothing"},
                  {"show", "--format", NULL, "looks"},
                  {NULL, "--source", NULL, "sources"},
                  {NULL, NULL, "ID", "ids"},
                  {NULL, NULL, "[ID", "ids"},
                  {NULL, NULL, "STAGE", "stages"},
                  {NULL, NULL, "KIND", "kinds"},
                  {NULL, NULL, "CODE", "languages"},
                  {NULL, NULL, "DAY", "days"},
                  {NULL, NULL, "[DAY", "days"},
                  {NULL, NULL, "[DATE", "days"},
                  {"export", NULL, "FORMAT", "formats"},
                  {NULL, NULL, "[COMMAND", "commands"},
                  {"reference", NULL, "[conf", "parts"},
                  {NULL, NULL, "NUMBER", "nothing"},
                  {NULL, NULL, "WORD", "nothing"},
                  {NULL, NULL, "NAME", "nothing"},
                  {NULL, NULL, "SEGMENT", "nothing"}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        bool here = !places[i].command || (command && strcmp(places[i].command, command) == 0);
        bool named = !places[i].option || (option && strcmp(places[i].option, option) == 0);
        bool taken = !places[i].takes || strncmp(takes, places[i].takes, strlen(places[i].takes)) == 0;
        if (here && named && taken) return places[i].kind;
    }
    return NULL;
}

/* ---------------------------------------------------------------- what is known */

bool offer_write(const char *kind, struct buffer *out) {
    if (strcmp(kind, "stages") == 0)
        for (size_t i = 0; stages_in_order[i]; i++) buffer_print(out, "%s ", stages_in_order[i]->name);
    else if (strcmp(kind, "kinds") == 0)
        for (size_t i = 0; sources[i]; i++) buffer_print(out, "%s ", sources[i]->name);
    else if (strcmp(kind, "formats") == 0)
        for (size_t i = 0; exporters[i]; i++) buffer_print(out, "%s ", exporters[i]->name);
    else if (strcmp(kind, "commands") == 0)
        for (size_t i = 0; commands[i]; i++) buffer_print(out, "%s ", commands[i]->name);
    else if (strcmp(kind, "logs") == 0)
        buffer_add_string(out, "text json off ");
    else if (strcmp(kind, "looks") == 0)
        buffer_add_string(out, "text markdown json ");
    else if (strcmp(kind, "parts") == 0)
        buffer_add_string(out, "conf schema digest-schema man man-conf bash zsh fish ");
    else
        return strcmp(kind, "nothing") == 0;
    return true;
}

/* ---------------------------------------------------------------- what is asked for */

static void print_id(void *context, const struct article_row *row) {
    (void)context;
    printf("%.12s\n", row->id);
}

/* Those that need attention come first. */
static bool print_ids(struct program *program, struct failure *ret_failure) {
    static const enum article_state states[] = {ARTICLE_STATE_DEAD, ARTICLE_STATE_WAITING, ARTICLE_STATE_DONE,
                                                ARTICLE_STATE_SKIPPED, ARTICLE_STATE_DUPLICATE};
    if (!program_read_store(program, ret_failure)) return false;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        store_list(program->store, states[i], MAX_IDS, print_id, NULL);
    return true;
}

static bool print_days(struct program *program, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    size_t count;
    (void)ret_failure;
    const struct span *days = records_days(program->output_folder, arena, &count);
    for (; count; count--) say("%.*s", SPAN_ARGS(days[count - 1]));
    puts("today\nyesterday\nweek");
    arena_free(arena);
    return true;
}

static bool print_sections(struct program *program, const struct setting *table) {
    for (size_t i = 0; i < config_section_count(program->config, table); i++)
        say("%.*s", SPAN_ARGS(section_name(config_section_at(program->config, table, i))));
    return true;
}

static bool print_sources(struct program *program, struct failure *ret_failure) {
    (void)ret_failure;
    return print_sections(program, source_table);
}

static bool print_services(struct program *program, struct failure *ret_failure) {
    (void)ret_failure;
    return print_sections(program, service_table);
}

static bool print_languages(struct program *program, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct table names;
    bool done = language_names_read(program->data_folder, arena, &names, ret_failure);
    for (size_t i = 0; done && i < names.count; i++) say("%.*s", SPAN_ARGS(names.rows[i].cells[0]));
    arena_free(arena);
    return done;
}

static enum exit_code do_complete(struct call *call, struct failure *ret_failure) {
    static const struct {
        const char *kind;
        bool (*print)(struct program *program, struct failure *ret_failure);
    } kinds[] = {{"ids", print_ids},
                 {"days", print_days},
                 {"sources", print_sources},
                 {"services", print_services},
                 {"languages", print_languages}};
    const char *kind = call->word_count ? call->words[0] : "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].print(call->program, ret_failure) ? EXIT_DONE : ret_failure->exit_code;
    failure_fatal(ret_failure, EXIT_USAGE, "unknown kind '%s': expected ids, days, sources, services or languages",
                  kind);
    return EXIT_USAGE;
}

const struct subcommand command_complete = {.name = "complete",
                                            .takes = "KIND",
                                            .max_words = 1,
                                            .help = "print the possible values of an argument, for shell completions",
                                            .run = do_complete};
