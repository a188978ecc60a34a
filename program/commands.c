#include "program/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/nearest.h"
#include "pipeline/base/arena.h"
#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/store.h"
#include "program/command.h"
#include "program/commands/help.h"
#include "program/state.h"

extern const struct subcommand command_init, command_run, command_show, command_digest, command_status, command_explain,
    command_verify, command_prune, command_backup, command_restore, command_move_store, command_retry, command_search,
    command_accept, command_export, command_import, command_services, command_check_config, command_reference,
    command_help, command_complete;

const struct subcommand *const commands[] = {&command_init,      &command_run,        &command_show,
                                             &command_digest,    &command_status,     &command_explain,
                                             &command_verify,    &command_prune,      &command_backup,
                                             &command_restore,   &command_move_store, &command_retry,
                                             &command_search,    &command_accept,     &command_export,
                                             &command_import,    &command_services,   &command_check_config,
                                             &command_reference, &command_help,       NULL};

const struct option common_options[] = {
    {"--config", "FILE", "use this configuration file instead of the user's and the system's"},
    {"--set", "SECTION.KEY=VALUE", "override a setting (may be repeated)"},
    {"--log", "FORMAT",
     "log events to standard error, one per line, as text or json (default: text if standard error goes to the systemd "
     "journal, otherwise off)"},
    {"--quiet", NULL, "print only errors and requested output"},
    {"--verbose", NULL, "print log lines to standard error; the same as --log text"},
    {"--help", NULL, "show what the command does, and its options"},
    {"--version", NULL, "print the version"},
    OPTIONS_END};

const struct short_option short_options[] = {
    {'q', "--quiet"}, {'v', "--verbose"}, {'h', "--help"}, {'V', "--version"}, {'\0', NULL}};

char option_letter(const char *name) {
    const struct short_option *option = short_options;
    while (option->name && strcmp(option->name, name) != 0) option++;
    return option->letter;
}

static const struct subcommand *find_command(const char *name) {
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    /* It is for the completions of shells, and in no list. */
    return strcmp(name, command_complete.name) == 0 ? &command_complete : NULL;
}

/* The first value wins. Only --set may be given several times, and its values are stored separately. */
const char *call_option(const struct call *call, const char *name) {
    for (size_t i = 0; i < call->option_count; i++)
        if (strcmp(call->options[i].name, name) == 0) return call->options[i].value;
    return NULL;
}

/* The first character is checked here, because strtoull() accepts spaces and signs. */
bool call_number(const struct call *call, const char *name, size_t otherwise, size_t *ret_number,
                 struct failure *ret_failure) {
    const char *value = call_option(call, name);
    char *end = NULL;
    *ret_number = otherwise;
    if (!value) return true;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || errno || number > INT32_MAX)
        return failure_fatal(ret_failure, EXIT_USAGE, "invalid value '%s' for %s: expected a number", value, name);
    *ret_number = (size_t)number;
    return true;
}

void command_print_json(cJSON *tree) {
    struct buffer out = BUFFER(SIZE_MAX);
    if (json_print_free(tree, &out)) puts(out.at);
    buffer_free(&out);
}

/* ---------------------------------------------------------------- the words */

/* MAX_WORDS is far more than a pattern usually expands to in a shell. */
enum { MAX_WORDS = 4096, MAX_COMMANDS = 64 };

/* The state of parsing the command line. It is allocated on the heap, because `plain` is large. */
struct words {
    char **arguments;
    int count, next;
    char *plain[MAX_WORDS];
    size_t plain_count;
    bool help, version, quiet, verbose, only_plain;
    const char *log_format;
    struct program_options program;
    struct call call;
};

static const struct option *find_option(const struct option *options, const char *word, size_t length) {
    for (; options && options->name; options++)
        if (strncmp(options->name, word, length) == 0 && options->name[length] == '\0') return options;
    return NULL;
}

/* Accepts "--until=X" and "--until X". Returns NULL, with a failure, if the value is missing. */
static const char *option_value(struct words *words, const struct option *option, const char *word,
                                struct failure *ret_failure) {
    size_t length = strlen(option->name);
    /* A switch has the value "", which tells it apart from an option that was not given (NULL). */
    if (!option->takes && word[length] == '\0') return "";
    if (option->takes && word[length] == '=') return word + length + 1;
    if (option->takes && words->next < words->count) return words->arguments[words->next++];
    failure_fatal(ret_failure, EXIT_USAGE, option->takes ? "%s needs a value: %s %s" : "%s takes no value",
                  option->name, option->name, option->takes ? option->takes : "");
    return NULL;
}

static bool keep_common(struct words *words, const char *name, const char *value, struct failure *ret_failure) {
    if (strcmp(name, "--config") == 0)
        words->program.config_path = value;
    else if (strcmp(name, "--log") == 0)
        words->log_format = value;
    else if (strcmp(name, "--help") == 0)
        words->help = true;
    else if (strcmp(name, "--version") == 0)
        words->version = true;
    else if (strcmp(name, "--quiet") == 0)
        words->quiet = true;
    else if (strcmp(name, "--verbose") == 0)
        words->verbose = true;
    else if (words->program.set_count == MAX_SETS)
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "more than %d --set options; put the settings in a configuration file", MAX_SETS);
    else
        words->program.sets[words->program.set_count++] = value;
    return true;
}

/* Adds the names of a table's options, of which there are at most MAX_OPTIONS. */
static size_t add_names(const struct option *options, const char *names[MAX_OPTIONS], size_t count) {
    for (; options && options->name && count < MAX_OPTIONS; options++) names[count++] = options->name;
    return count;
}

static bool refuse_option(const struct subcommand *command, const char *word, size_t length,
                          struct failure *ret_failure) {
    const char *names[MAX_OPTIONS];
    size_t count = add_names(common_options, names, add_names(command ? command->options : NULL, names, 0));
    const char *nearest = nearest_name((struct span){word, length}, names, count);
    return failure_fatal(ret_failure, EXIT_USAGE, "unknown option '%s' for %s%s%s%s; see `dragoman%s%s --help`", word,
                         command ? command->name : "dragoman", nearest ? "; did you mean '" : "",
                         nearest ? nearest : "", nearest ? "'?" : "", command ? " " : "", command ? command->name : "");
}

/* Handles one option, either common to all commands or specific to this one. Options may precede the command's name,
 * which is why search_command() runs first. */
static bool take_option(struct words *words, const struct subcommand *command, const char *word,
                        struct failure *ret_failure) {
    size_t length = strcspn(word, "=");
    const struct option *common = find_option(common_options, word, length);
    const struct option *own = common || !command ? NULL : find_option(command->options, word, length);
    if (!common && !own) return refuse_option(command, word, length, ret_failure);
    const char *value = option_value(words, common ? common : own, word, ret_failure);
    if (!value) return false;
    if (common) return keep_common(words, common->name, value, ret_failure);
    struct call *call = &words->call;
    if (call->option_count == MAX_OPTIONS)
        return failure_fatal(ret_failure, EXIT_USAGE, "more than %d options", MAX_OPTIONS);
    call->options[call->option_count++] = (struct given_option){own->name, value};
    return true;
}

static const char *name_of_short(const char *word) {
    const struct short_option *option = short_options;
    while (option->name && (word[1] != option->letter || word[2])) option++;
    return option->name ? option->name : word;
}

/* The command is the first argument that is neither an option nor the value of a common option. */
static const struct subcommand *search_command(const struct words *words) {
    for (int i = 1; i < words->count; i++) {
        const char *word = words->arguments[i];
        if (word[0] != '-') return find_command(word);
        const struct option *common = find_option(common_options, word, strcspn(word, "="));
        if (common && common->takes && !strchr(word, '=')) i++;
    }
    return NULL;
}

static bool read_words(struct words *words, const struct subcommand *command, struct failure *ret_failure) {
    while (words->next < words->count) {
        char *word = words->arguments[words->next++];
        /* A lone "-" is not an option but standard input. */
        if (!words->only_plain && strcmp(word, "--") == 0)
            words->only_plain = true;
        else if (!words->only_plain && word[0] == '-' && word[1] != '\0') {
            if (!take_option(words, command, name_of_short(word), ret_failure)) return false;
        } else if (words->plain_count < MAX_WORDS)
            words->plain[words->plain_count++] = word;
        else
            return failure_fatal(ret_failure, EXIT_USAGE, "more than %d arguments; use a pattern or a folder",
                                 MAX_WORDS);
    }
    return true;
}

const struct subcommand *command_named(const char *name, struct failure *ret_failure) {
    const char *names[MAX_COMMANDS];
    size_t count = 0;
    const struct subcommand *command = find_command(name);
    if (command) return command;
    for (; commands[count] && count < MAX_COMMANDS; count++) names[count] = commands[count]->name;
    const char *nearest = nearest_name(span_of(name), names, count);
    failure_fatal(ret_failure, EXIT_USAGE, "unknown command '%s'%s%s%s; see `dragoman --help`", name,
                  nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

/* Reports the unknown word rather than "no command given", which would be puzzling after a typo. */
static enum exit_code no_command(const struct words *words, struct failure *ret_failure) {
    if (words->plain_count)
        command_named(words->plain[0], ret_failure);
    else
        failure_fatal(ret_failure, EXIT_USAGE, "no command given; see `dragoman --help`");
    return EXIT_USAGE;
}

/* Says which of the files that the configuration names are used. */
static void log_start(const struct program *program, const struct subcommand *command) {
    const struct log_field fields[] = {{"command", span_of(command->name)},
                                       {"output", span_of(program->output_folder)},
                                       {"state", span_of(state_name(program))},
                                       {"data", span_of(program->data_folder)}};
    log_event(&program->log, LOG_LEVEL_INFO, "started", fields, sizeof fields / sizeof *fields);
}

/* A dry run and JSON are what was asked for. */
static bool is_silent(const struct words *words, const struct subcommand *command) {
    return words->quiet && command->confirms && !call_option(&words->call, "--json") &&
           !call_option(&words->call, "--dry-run");
}

/* What is printed from now on is thrown away. */
static void silence_output(void) {
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    if (nowhere >= 0) close(nowhere);
}

static enum exit_code run_command_of(struct words *words, const struct subcommand *command, const struct log *log,
                                     struct failure *ret_failure) {
    struct program program = {.signal_fd = -1, .log = *log, .quiet = words->quiet};
    enum exit_code code;
    words->call.program = &program;
    words->call.config_path = words->program.config_path;
    words->call.words = words->plain + 1;
    words->call.word_count = words->plain_count - 1;
    words->program.check = command->check;
    if (is_silent(words, command)) silence_output();
    bool ready = command->without_config || program_configure(&program, &words->program, ret_failure);
    if (ready && !command->without_config) log_start(&program, command);
    if (ready)
        code = command->run(&words->call, ret_failure);
    else
        code = ret_failure->exit_code;
    /* A command that could not read something from the state has taken it for missing. */
    struct failure unread;
    if (program.store && ret_failure->reach == REACH_NONE && !store_is_readable(program.store, &unread)) {
        *ret_failure = unread;
        code = unread.exit_code;
    }
    /* The program is closed even if the configuration could not be read, because secrets in it must be wiped. */
    program_close(&program);
    return code;
}

/* An argument that nobody looks at is a mistake, such as an option without its dashes. */
static bool check_word_count(const struct words *words, const struct subcommand *command, struct failure *ret_failure) {
    size_t count = words->plain_count - 1, most = command->max_words;
    if (count <= most) return true;
    return failure_fatal(ret_failure, EXIT_USAGE, "unexpected argument '%s': %s takes %s; see `dragoman %s --help`",
                         words->plain[1 + most], command->name, most ? "only one" : "none", command->name);
}

static bool open_log(const struct words *words, struct log *log, struct failure *ret_failure) {
    if (words->quiet && words->verbose)
        return failure_fatal(ret_failure, EXIT_USAGE, "--quiet cannot be combined with --verbose");
    const char *format = words->log_format ? words->log_format : words->verbose ? "text" : NULL;
    if (!log_open(format, log, ret_failure)) return false;
    log->quiet = words->quiet;
    return true;
}

static enum exit_code run_words(struct words *words, struct log *log, struct failure *ret_failure) {
    const struct subcommand *command = search_command(words);
    if (!read_words(words, command, ret_failure) || !open_log(words, log, ret_failure)) return EXIT_USAGE;
    if (words->version) {
        printf("dragoman %s%s\n", DRAGOMAN_VERSION, dragoman_commit);
        printf("PostgreSQL: %s\n", database_postgresql_is_built_in() ? "yes" : "not built in");
        return EXIT_DONE;
    }
    if (words->help && (command || !words->plain_count)) {
        help_print(command);
        return EXIT_DONE;
    }
    if (!command) return no_command(words, ret_failure);
    if (!check_word_count(words, command, ret_failure)) return EXIT_USAGE;
    return run_command_of(words, command, log, ret_failure);
}

/* Most of the output is still in stdio's buffer, so a full disk is detected only now. */
static enum exit_code flush_output(enum exit_code code, struct failure *ret_failure) {
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    if (ret_failure->reach == REACH_NONE)
        failure_fatal(ret_failure, EXIT_IO, "cannot write to standard output%s%s", errno ? ": " : "",
                      errno ? strerror(errno) : "");
    return code == EXIT_DONE ? EXIT_IO : code;
}

int commands_main(int count, char **arguments) {
    struct words *words = memory_take(sizeof *words);
    words->arguments = arguments;
    words->count = count;
    words->next = 1;
    struct failure failure = {0};
    struct log log;
    /* This error, e.g. an invalid command line, is printed even if the log is off. */
    log_open("off", &log, NULL);
    enum exit_code code = flush_output(run_words(words, &log, &failure), &failure);
    if (failure.reach != REACH_NONE) log_sentence(&log, LOG_LEVEL_ERROR, failure.sentence);
    free(words);
    return (int)code;
}
