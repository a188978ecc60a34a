#include "program/commands/help.h"

#include <stdio.h>

#include "stages/language/unicode.h"

const struct exit_meaning exit_meanings[] = {
    {EXIT_DONE, "done"},
    {EXIT_SOME_FAILED, "done, but an article failed permanently in this run"},
    {EXIT_USAGE, "the command line is wrong"},
    {EXIT_BAD_DATA, "bad data"},
    {EXIT_NO_SERVICE,
     "a source cannot be read, or articles are waiting for a service, the network, the budget or this machine"},
    {EXIT_SYSTEM, "out of memory or processes"},
    {EXIT_IO, "reading or writing failed"},
    {EXIT_BUSY, "another run is in progress, or the PostgreSQL server has no connection left or is too busy"},
    {EXIT_PERMISSION, "permission denied"},
    {EXIT_CONFIG, "the configuration is wrong"},
    {EXIT_INTERRUPTED, "interrupted"},
    {0, NULL}};

/* Prints two columns. What is too long for the first has a line of its own. */
static void print_row(const char *left, int width, const char *right) {
    int columns = (int)text_columns(span_of(left));
    bool fits = columns <= width;
    printf("  %s%s%*s %s\n", left, fits ? "" : "\n  ", fits ? width - columns : width, "", right);
}

static void print_options(const struct option *options) {
    for (; options && options->name; options++) {
        char left[64], letter = option_letter(options->name);
        snprintf(left, sizeof left, "%.*s%s%s%s", letter ? 4 : 0, (char[]){'-', letter, ',', ' '}, options->name,
                 options->takes ? " " : "", options->takes ? options->takes : "");
        print_row(left, 27, options->help);
    }
}

static void print_examples(const struct subcommand *command) {
    for (size_t i = 0; command->examples && command->examples[i]; i += 2)
        print_row(command->examples[i], 49, command->examples[i + 1]);
}

static void print_program(void) {
    puts("Reads foreign news and has it translated into English.\n\nExamples:");
    for (size_t i = 0; commands[i]; i++) print_examples(commands[i]);
    puts("\nUsage: dragoman [OPTION]... COMMAND [ARGUMENT]...\n\nCommands (see dragoman COMMAND --help for details):");
    for (size_t i = 0; commands[i]; i++) printf("  %-13s %s\n", commands[i]->name, commands[i]->help);
    puts("\nOptions of every command:");
    print_options(common_options);
    puts("\nStages, in order:");
    for (size_t i = 0; stages_in_order[i]; i++)
        printf("  %-13s %s\n", stages_in_order[i]->name, stages_in_order[i]->help);
    puts("\nExit codes:");
    for (const struct exit_meaning *meaning = exit_meanings; meaning->meaning; meaning++)
        printf("  %-5d %s\n", meaning->code, meaning->meaning);
}

void help_print(const struct subcommand *command) {
    if (!command) {
        print_program();
        return;
    }
    if (command->examples) puts("Examples:");
    print_examples(command);
    printf("%sUsage: dragoman [OPTION]... %s%s%s\n\n  %s\n\nOptions:\n", command->examples ? "\n" : "", command->name,
           command->takes[0] ? " " : "", command->takes, command->help);
    print_options(command->options);
    print_options(common_options);
}

static enum exit_code do_help(struct call *call, struct failure *ret_failure) {
    const struct subcommand *command = call->word_count ? command_named(call->words[0], ret_failure) : NULL;
    if (call->word_count && !command) return EXIT_USAGE;
    help_print(command);
    return EXIT_DONE;
}

static const char *const help_examples[] = {"dragoman help run", "the same as `dragoman run --help`", NULL};

const struct subcommand command_help = {.name = "help",
                                        .takes = "[COMMAND]",
                                        .max_words = 1,
                                        .help = "show what a command does, and its options",
                                        .examples = help_examples,
                                        .without_config = true,
                                        .run = do_help};
