#include "pipeline/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/json.h"
#include "pipeline/program.h"
#include "pipeline/run.h"
#include "pipeline/show.h"
#include "pipeline/store.h"
#include "pipeline/verify.h"
#include "stages/translate/roster.h"

struct call {
    struct program *program;
    struct show_options show;
    char *const *words; /* what is left after the options */
    size_t word_count;
    bool json, reference;
};

struct command_entry {
    const char *name, *takes, *help;
    enum exit_code (*run)(struct call *call, struct failure *ret_failure);
};

/* ---------------------------------------------------------------- commands */

static enum exit_code do_run(struct call *call, struct failure *ret_failure) {
    return run_command(call->program, ret_failure);
}

static enum exit_code do_show(struct call *call, struct failure *ret_failure) {
    call->show.addresses = call->words;
    call->show.address_count = call->word_count;
    return show_command(call->program, &call->show, ret_failure);
}

static enum exit_code do_digest(struct call *call, struct failure *ret_failure) {
    return digest_command(call->program, call->word_count ? call->words[0] : NULL, ret_failure);
}

static const char *const standings[7] = {"unknown", "found", "waiting", "done", "skipped", "duplicate", "failed"};

static void print_row(void *context, const struct standing_row *row) {
    (void)context;
    printf("  %.8s  %.*s\n            %.*s\n", row->id, SPAN_ARGS(row->address), SPAN_ARGS(row->note));
}

static void print_bill(void *context, const struct bill_line *line) {
    (void)context;
    printf("  %.*s  %.*s for %.*s: %lu requests, %lu characters, %.2f spent\n", SPAN_ARGS(line->day),
           SPAN_ARGS(line->service), SPAN_ARGS(line->source), line->requests, line->characters, (double)line->cost / 1e6);
}

static void print_status_json(struct store *store) {
    size_t counts[7];
    store_counts(store, counts);
    struct buffer out = BUFFER(1 << 16);
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 1; i < 7; i++) cJSON_AddNumberToObject(root, standings[i], (double)counts[i]);
    struct bill_line spent = store_spent(store, SPAN(""), SPAN(""), SPAN(""));
    cJSON_AddNumberToObject(root, "requests", (double)spent.requests);
    cJSON_AddNumberToObject(root, "characters", (double)spent.characters);
    cJSON_AddNumberToObject(root, "cost", (double)spent.cost / 1e6);
    json_print_free(root, &out);
    puts(out.at);
    buffer_free(&out);
}

static enum exit_code do_status(struct call *call, struct failure *ret_failure) {
    enum { MOST_ROWS = 20 };
    size_t counts[7];
    if (!program_open_store(call->program, false, false, ret_failure)) return ret_failure->exit_code;
    struct store *store = call->program->store;
    if (call->json) {
        print_status_json(store);
        return EXIT_DONE;
    }
    store_counts(store, counts);
    for (size_t i = 1; i < 7; i++) printf("%-10s %zu\n", standings[i], counts[i]);
    if (counts[STANDING_WAITING]) puts("waiting for the next run:");
    store_list(store, STANDING_WAITING, MOST_ROWS, print_row, NULL);
    if (counts[STANDING_DEAD]) puts("failed (dragoman retry ID tries again):");
    store_list(store, STANDING_DEAD, MOST_ROWS, print_row, NULL);
    puts("spent:");
    store_each_bill(store, SPAN(""), print_bill, NULL);
    return EXIT_DONE;
}

static enum exit_code do_verify(struct call *call, struct failure *ret_failure) {
    if (!program_open_store(call->program, false, false, ret_failure)) return ret_failure->exit_code;
    return verify_command(call->program->store, call->program->output_folder, ret_failure);
}

static enum exit_code do_retry(struct call *call, struct failure *ret_failure) {
    if (!program_open_store(call->program, false, true, ret_failure)) return ret_failure->exit_code;
    struct span id = call->word_count ? span_of(call->words[0]) : SPAN("");
    size_t count = store_retry(call->program->store, id);
    if (!store_commit(call->program->store, ret_failure)) return ret_failure->exit_code;
    printf("%zu article%s will be tried again in the next run\n", count, count == 1 ? "" : "s");
    return count || !id.length ? EXIT_DONE : EXIT_BAD_DATA;
}

static enum exit_code do_explain(struct call *call, struct failure *ret_failure) {
    if (call->word_count != 1) {
        failure_fatal(ret_failure, EXIT_USAGE, "write `dragoman explain ID`, with the id or its first digits");
        return EXIT_USAGE;
    }
    if (!program_open_store(call->program, false, false, ret_failure)) return ret_failure->exit_code;
    struct standing_row row;
    struct arena *arena = arena_new();
    bool known = store_find(call->program->store, span_of(call->words[0]), arena, &row);
    if (known)
        printf("id        %s\nsource    %.*s\naddress   %.*s\nstanding  %s\nsince     %.*s\nnote      %.*s\nattempts  %u\n", row.id,
               SPAN_ARGS(row.source), SPAN_ARGS(row.address), standings[row.standing], SPAN_ARGS(row.day), SPAN_ARGS(row.note),
               row.attempts);
    else failure_fatal(ret_failure, EXIT_BAD_DATA, "no article, or more than one, has an id that begins with '%s'", call->words[0]);
    arena_free(arena);
    return known ? EXIT_DONE : EXIT_BAD_DATA;
}

static void print_offers(const struct recruit *recruit) {
    static const char *const codes[] = {"ar", "bg", "bs", "ca", "cs", "da", "de", "el", "eo", "es", "eu", "fa", "fi", "fr",
                                        "gl", "he", "hi", "hr", "hu", "is", "it", "ja", "ko", "mk", "nl", "no", "oc", "pl",
                                        "pt", "ro", "ru", "sk", "sl", "sr-Cyrl", "sr-Latn", "sv", "tr", "uk", "zh-Hans"};
    struct span model;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (recruit->service->offers(recruit->state, codes[i], "en", &model)) printf(" %s", codes[i]);
}

static enum exit_code do_services(struct call *call, struct failure *ret_failure) {
    struct roster *roster;
    puts("adapters:");
    for (size_t i = 0; services[i]; i++) printf("  %-16s %s\n", services[i]->name, services[i]->help);
    if (!roster_open(call->program->config, call->program->data_folder, &roster, ret_failure)) return EXIT_CONFIG;
    puts("configured:");
    for (size_t i = 0; i < roster->count; i++) {
        const struct recruit *recruit = &roster->recruits[i];
        printf("  %-16.*s %s, to English from:", SPAN_ARGS(recruit->name), recruit->service->name);
        print_offers(recruit);
        puts("");
    }
    roster_close(roster);
    return EXIT_DONE;
}

static enum exit_code do_check_config(struct call *call, struct failure *ret_failure) {
    if (!program_open_store(call->program, true, false, ret_failure) ||
        !program_open_stages(call->program, NULL, NULL, false, ret_failure))
        return EXIT_CONFIG;
    printf("the configuration is sound: %zu sources, %zu services\n", config_section_count(call->program->config, "source"),
           config_section_count(call->program->config, "service"));
    return EXIT_DONE;
}

static const struct command_entry commands[] = {
    {"run", "", "read the sources, translate, check, write records and the digest", do_run},
    {"show", "[--until STAGE | --only STAGE] [--from ndjson] [FILE|URL|-]...", "one article after a stage, as JSON; keeps no state",
     do_show},
    {"digest", "[DATE]", "write a day's digest anew", do_digest},
    {"status", "[--json]", "where every article stands, and what was spent", do_status},
    {"verify", "", "prove the records against their checksums and the state", do_verify},
    {"retry", "[ID]", "try a failed article again in the next run; all of them without an ID", do_retry},
    {"explain", "ID", "where one article stands, and why", do_explain},
    {"services", "", "the adapters, and what the configured services translate", do_services},
    {"check-config", "", "read the configuration and the tables, and say what is wrong", do_check_config},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* ---------------------------------------------------------------- the words */

static void print_help(void) {
    puts("Examples:\n"
         "  dragoman run                                      the job, as cron runs it\n"
         "  dragoman show --until extract page.html           what is taken from a page\n"
         "  dragoman show article.html                        the whole way, nothing kept\n"
         "  dragoman --set run.output=/tmp/news run           with another setting\n"
         "\nUsage: dragoman [--config FILE] [--set SECTION.KEY=VALUE]... COMMAND\n");
    for (size_t i = 0; i < COMMANDS; i++) printf("  %-13s %s%s%s\n", commands[i].name, commands[i].help,
                                                 commands[i].takes[0] ? "\n                  " : "", commands[i].takes);
    puts("\nStages, in order:");
    for (size_t i = 0; stages_in_order[i]; i++) printf("  %-13s %s\n", stages_in_order[i]->name, stages_in_order[i]->help);
    puts("\nExit: 0 done, 3 done but some articles failed or wait, 64 usage, 65 bad data, 69 no service reachable,\n"
         "71 system, 74 input or output, 75 another run is at work, 77 permission, 78 configuration, 130 interrupted.");
}

struct words {
    char **arguments;
    int count, next;
    char *plain[4096];
    size_t plain_count;
};

/* The value of an option that takes one ("--until X" or "--until=X"), or NULL when `word` is not that option. */
static const char *option_value(struct words *words, const char *word, const char *name) {
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0) return NULL;
    if (word[length] == '=') return word + length + 1;
    if (word[length] != '\0' || words->next >= words->count) return NULL;
    return words->arguments[words->next++];
}

static bool take_option(struct words *words, const char *word, struct program_options *options, struct call *call) {
    const char *value;
    if ((value = option_value(words, word, "--config"))) options->config_path = value;
    else if ((value = option_value(words, word, "--set")) && options->set_count < MOST_SETS) options->sets[options->set_count++] = value;
    else if ((value = option_value(words, word, "--until"))) call->show.until = value;
    else if ((value = option_value(words, word, "--only"))) call->show.only = value;
    else if ((value = option_value(words, word, "--from")) && strcmp(value, "ndjson") == 0) call->show.from_ndjson = true;
    else if (strcmp(word, "--json") == 0) call->json = true;
    else return false;
    return true;
}

static bool read_words(struct words *words, struct program_options *options, struct call *call, struct failure *ret_failure) {
    while (words->next < words->count) {
        char *word = words->arguments[words->next++];
        if (word[0] == '-' && word[1] != '\0') {
            if (!take_option(words, word, options, call))
                return failure_fatal(ret_failure, EXIT_USAGE, "'%s' is no option here, or lacks its value; see `dragoman --help`", word);
        } else if (words->plain_count < sizeof words->plain / sizeof *words->plain) {
            words->plain[words->plain_count++] = word;
        } else {
            return failure_fatal(ret_failure, EXIT_USAGE, "more than 4096 addresses; use a pattern or a folder");
        }
    }
    return true;
}

static const struct command_entry *find_command(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static enum exit_code run_words(struct words *words, struct failure *ret_failure) {
    struct program program = {.signal_fd = -1};
    struct program_options options = {0};
    struct call call = {.program = &program};
    if (!read_words(words, &options, &call, ret_failure)) return EXIT_USAGE;
    const struct command_entry *command = words->plain_count ? find_command(words->plain[0]) : NULL;
    if (!command) {
        failure_fatal(ret_failure, EXIT_USAGE, "%s%s; see `dragoman --help`",
                      words->plain_count ? "there is no command " : "a command is missing", words->plain_count ? words->plain[0] : "");
        return EXIT_USAGE;
    }
    call.words = words->plain + 1;
    call.word_count = words->plain_count - 1;
    enum exit_code code = EXIT_CONFIG;
    if (program_configure(&program, &options, ret_failure)) code = command->run(&call, ret_failure);
    else code = ret_failure->exit_code;
    program_close(&program);
    return code;
}

int commands_main(int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0) {
            print_help();
            return EXIT_DONE;
        }
        if (strcmp(arguments[i], "--version") == 0) {
            puts("dragoman " DRAGOMAN_VERSION);
            return EXIT_DONE;
        }
    }
    struct words *words = memory_take(sizeof *words);
    words->arguments = arguments;
    words->count = count;
    words->next = 1;
    struct failure failure = {0};
    enum exit_code code = run_words(words, &failure);
    if (failure.reach != REACH_NONE) fprintf(stderr, "dragoman: %s\n", failure.sentence);
    free(words);
    return (int)code;
}
