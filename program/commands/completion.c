/* Completions for bash, zsh and fish, generated from the table of commands. */
#include <string.h>

#include "program/command.h"
#include "program/commands/offers.h"
#include "program/commands/reference.h"

static void add_names(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++) buffer_print(out, "%s ", options->name);
}

static void add_commands(struct buffer *out) {
    for (size_t i = 0; commands[i]; i++) buffer_print(out, "%s ", commands[i]->name);
}

/* Appends how the words of a kind are found: as a list, or by asking the program. NULL = files. */
typedef void add_kind(struct buffer *out, const char *kind);

/* Appends one line of `case "$command $before" in` for each option that takes a value. */
static void add_values(struct buffer *out, const char *command, const struct option *options, add_kind *add) {
    for (; options && options->name; options++) {
        if (!options->takes) continue;
        buffer_print(out, "    '%s %s') ", command ? command : "'*'", options->name);
        add(out, offer_kind(command, options->name, options->takes));
        buffer_add_string(out, "; return ;;\n");
    }
}

static void add_all_values(struct buffer *out, add_kind *add) {
    add_values(out, NULL, common_options, add);
    for (size_t i = 0; commands[i]; i++) add_values(out, commands[i]->name, commands[i]->options, add);
}

/* Appends the lines of `case "$command $count" in`. The arguments after the first are of the kind of the second
 * placeholder, or of the first if there is one only. */
static void add_arguments(struct buffer *out, const struct subcommand *command, add_kind *add) {
    const char *second = strchr(command->takes, ' ');
    bool repeats = strstr(command->takes, "...") != NULL;
    if (!command->takes[0]) return;
    buffer_print(out, "    '%s 0') ", command->name);
    add(out, offer_kind(command->name, NULL, command->takes));
    buffer_add_string(out, " ;;\n");
    if (!second && !repeats) return;
    buffer_print(out, "    '%s '*) ", command->name);
    add(out, offer_kind(command->name, NULL, second ? second + 1 : command->takes));
    buffer_add_string(out, " ;;\n");
}

static void add_all_arguments(struct buffer *out, add_kind *add) {
    for (size_t i = 0; commands[i]; i++) add_arguments(out, commands[i], add);
}

static void add_valued(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++)
        if (options->takes) buffer_print(out, "|%s", options->name);
}

/* Appends all options that take a value but --config, each after a bar. */
static void add_all_valued(struct buffer *out) {
    add_valued(out, common_options);
    for (size_t i = 0; commands[i]; i++) add_valued(out, commands[i]->options);
}

/* ---------------------------------------------------------------- bash */

static void add_bash_kind(struct buffer *out, const char *kind) {
    if (!kind) {
        buffer_add_string(out, "_dragoman_files");
        return;
    }
    struct buffer words = BUFFER(1 << 16);
    if (offer_write(kind, &words))
        buffer_print(out, "_dragoman_offer '%s'", words.at ? words.at : "");
    else
        buffer_print(out, "_dragoman_ask %s", kind);
    buffer_free(&words);
}

/* The completion finds the command's name, and counts its arguments, by skipping options with their values. bash makes
 * a word of its own of the equals sign in --option=value. */
void completion_write_bash(struct buffer *out) {
    buffer_add_string(
        out,
        "# bash completion for dragoman\n"
        /* compgen -W would expand what names hold. */
        "_dragoman_pick() {\n    local w q\n    COMPREPLY=()\n    for w; do\n"
        "        printf -v q %q \"$w\"\n        [[ $w == \"$word\"* ]] && COMPREPLY+=(\"$q\")\n    done\n}\n"
        "_dragoman_offer() { local words; read -ra words <<< \"$1\"; _dragoman_pick \"${words[@]}\"; }\n"
        "_dragoman_ask() {\n    local words\n"
        "    mapfile -t words < <(\"${COMP_WORDS[0]}\" \"${given[@]}\" complete \"$1\" 2>/dev/null)\n"
        "    _dragoman_pick \"${words[@]}\"\n}\n"
        "_dragoman_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "
        "\"$word\"); }\n"
        "_dragoman() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= count=0 i name given=()\n"
        "    if [[ $word == = ]]; then word=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n        =) ;;\n        "
        "--config");
    add_all_valued(out);
    buffer_add_string(
        out, ")\n            name=${COMP_WORDS[i]}; ((i++)); [[ ${COMP_WORDS[i]} == = ]] && ((i++))\n"
             "            if [[ $name == --config ]] && ((i < COMP_CWORD)); then given=(--config "
             "\"${COMP_WORDS[i]}\"); fi ;;\n"
             "        -*) ;;\n        *) if [[ $command ]]; then ((count++)); else command=${COMP_WORDS[i]}; fi ;;\n"
             "        esac\n    done\n    case \"$command $before\" in\n");
    add_all_values(out, add_bash_kind);
    buffer_add_string(out, "    esac\n    local options=\"");
    add_names(out, common_options);
    buffer_add_string(out, "\"\n    case $command in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->options) continue;
        buffer_print(out, "    %s) options+=\" ", commands[i]->name);
        add_names(out, commands[i]->options);
        buffer_add_string(out, "\" ;;\n");
    }
    buffer_add_string(out, "    esac\n    COMPREPLY=()\n"
                           "    if [[ $word == -* ]]; then _dragoman_offer \"$options\"; return; fi\n"
                           "    if [[ -z $command ]]; then _dragoman_offer '");
    add_commands(out);
    buffer_add_string(out, "'; return; fi\n    case \"$command $count\" in\n");
    add_all_arguments(out, add_bash_kind);
    buffer_add_string(out, "    esac\n}\ncomplete -F _dragoman dragoman\n");
}

/* Quotes the text for a shell, in single quotes. */
static void add_quoted(struct buffer *out, const char *text) {
    buffer_add_string(out, "'");
    for (; *text; text++) {
        if (*text == '\'')
            buffer_add_string(out, "'\\''");
        else
            buffer_add(out, text, 1);
    }
    buffer_add_string(out, "'");
}

/* ---------------------------------------------------------------- zsh */

static void add_zsh_kind(struct buffer *out, const char *kind) {
    struct buffer words = BUFFER(1 << 16);
    if (!kind)
        buffer_add_string(out, "_files");
    else if (offer_write(kind, &words))
        buffer_print(out, "compadd -- %s", words.at ? words.at : "");
    else
        buffer_print(out, "_dragoman_ask %s", kind);
    buffer_free(&words);
}

static void add_zsh_commands(struct buffer *out) {
    buffer_add_string(out, "    local -a commands=(\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_print(out, "        %s:", commands[i]->name);
        add_quoted(out, commands[i]->help);
        buffer_add_string(out, "\n");
    }
    buffer_add_string(out, "    )\n");
}

static void add_zsh_options(struct buffer *out) {
    buffer_add_string(out, "    if [[ $words[CURRENT] == -* ]]; then\n        compadd -- ");
    add_names(out, common_options);
    buffer_add_string(out, "\n        case $command in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->options) continue;
        buffer_print(out, "        %s) compadd -- ", commands[i]->name);
        add_names(out, commands[i]->options);
        buffer_add_string(out, ";;\n");
    }
    buffer_add_string(out, "        esac\n        return\n    fi\n");
}

/* As in bash, but zsh leaves --option=value one word, of which what precedes the value is put aside. */
void completion_write_zsh(struct buffer *out) {
    buffer_add_string(out, "#compdef dragoman\n"
                           "_dragoman_ask() { compadd -- ${(f)\"$(${(Q)words[1]} $given complete $1 2>/dev/null)\"} }\n"
                           "_dragoman() {\n    local command before=$words[CURRENT-1]\n    local -a given\n"
                           "    integer count=0 i\n    for ((i = 2; i < CURRENT; i++)); do\n        case $words[i] in\n"
                           "        --config=*) given=(--config ${(Q)words[i]#*=}) ;;\n        --config");
    add_all_valued(out);
    buffer_add_string(out,
                      ")\n            [[ $words[i] == --config ]] && given=(--config ${(Q)words[i+1]})\n"
                      "            ((++i)) ;;\n        -*) ;;\n"
                      "        *) if [[ -n $command ]]; then ((++count)); else command=$words[i]; fi ;;\n"
                      "        esac\n    done\n"
                      "    if [[ $words[CURRENT] == --*=* ]]; then before=${words[CURRENT]%%=*}; compset -P '*='; fi\n"
                      "    case \"$command $before\" in\n");
    add_all_values(out, add_zsh_kind);
    buffer_add_string(out, "    esac\n");
    add_zsh_options(out);
    add_zsh_commands(out);
    buffer_add_string(out, "    if [[ -z $command ]]; then _describe command commands; return; fi\n"
                           "    case \"$command $count\" in\n");
    add_all_arguments(out, add_zsh_kind);
    buffer_add_string(out, "    esac\n}\n_dragoman \"$@\"\n");
}

/* ---------------------------------------------------------------- fish */

/* Appends "-xa 'words'"; nothing for files, which fish offers by itself. */
static void add_fish_kind(struct buffer *out, const char *kind) {
    struct buffer words = BUFFER(1 << 16);
    if (!kind) return;
    if (offer_write(kind, &words))
        buffer_print(out, "-xa '%s' ", words.at ? words.at : "");
    else
        buffer_print(out, "-xa '(__dragoman_ask %s)' ", kind);
    buffer_free(&words);
}

/* `count` is "0" for the first argument and "more" for those after it. */
static void add_fish_argument(struct buffer *out, const char *command, const char *count, const char *kind) {
    if (!kind) return;
    buffer_print(out, "complete -c dragoman -n '__dragoman_at %s %s' ", command, count);
    add_fish_kind(out, kind);
    buffer_add_string(out, "\n");
}

/* Where no argument is taken, no file is offered either. */
static void add_fish_arguments(struct buffer *out, const struct subcommand *command) {
    const char *second = strchr(command->takes, ' ');
    bool repeats = strstr(command->takes, "...") != NULL;
    if (!command->takes[0]) {
        buffer_print(out, "complete -c dragoman -n '__dragoman_at %s' -f\n", command->name);
        return;
    }
    add_fish_argument(out, command->name, "0", offer_kind(command->name, NULL, command->takes));
    if (second || repeats)
        add_fish_argument(out, command->name, "more",
                          offer_kind(command->name, NULL, second ? second + 1 : command->takes));
    else
        buffer_print(out, "complete -c dragoman -n '__dragoman_at %s more' -f\n", command->name);
}

static void add_fish_options(struct buffer *out, const struct option *options, const char *command) {
    for (; options && options->name; options++) {
        buffer_add_string(out, "complete -c dragoman ");
        if (command) buffer_print(out, "-n '__dragoman_at %s' ", command);
        buffer_print(out, "-l %s %s", options->name + 2, options->takes ? "-r " : "");
        if (options->takes) add_fish_kind(out, offer_kind(command, options->name, options->takes));
        buffer_add_string(out, "-d ");
        add_quoted(out, options->help);
        buffer_add_string(out, "\n");
    }
}

/* __dragoman_read sets its caller's variables: the command's name, the count of its arguments, and --config if given.
 */
static void add_fish_functions(struct buffer *out) {
    buffer_add_string(out,
                      "function __dragoman_read --no-scope-shadowing\n    set command ''\n    set count 0\n"
                      "    set words (commandline -opc)\n    set rest $words[2..]\n"
                      "    while set -q rest[1]\n        switch $rest[1]\n"
                      "            case '--config=*'\n                set given $rest[1]\n            case --config");
    struct buffer valued = BUFFER(1 << 16);
    add_all_valued(&valued);
    for (char *bar = valued.at; bar && (bar = strchr(bar, '|'));) *bar = ' ';
    buffer_add_string(out, valued.at ? valued.at : "");
    buffer_free(&valued);
    buffer_add_string(
        out, "\n                test $rest[1] = --config; and set given --config $rest[2]\n"
             "                set -e rest[1]\n            case '-*'\n            case '*'\n"
             "                if test -n \"$command\"\n                    set count more\n"
             "                else\n                    set command $rest[1]\n                end\n"
             "        end\n        set -e rest[1]\n    end\nend\n"
             "function __dragoman_at\n    set -l command\n    set -l count\n    set -l given\n    set -l words\n"
             "    set -l rest\n    __dragoman_read\n"
             "    test \"$command\" = \"$argv[1]\"; and contains -- \"$argv[2]\" '' $count\nend\n"
             "function __dragoman_ask\n    set -l command\n    set -l count\n    set -l given\n"
             "    set -l words\n    set -l rest\n    __dragoman_read\n"
             "    command $words[1] $given complete $argv[1] 2>/dev/null\nend\n");
}

void completion_write_fish(struct buffer *out) {
    buffer_add_string(out, "# fish completion for dragoman\n");
    add_fish_functions(out);
    for (size_t i = 0; commands[i]; i++) {
        buffer_print(out, "complete -c dragoman -n \"__dragoman_at ''\" -f -a %s -d ", commands[i]->name);
        add_quoted(out, commands[i]->help);
        buffer_add_string(out, "\n");
        add_fish_options(out, commands[i]->options, commands[i]->name);
        add_fish_arguments(out, commands[i]);
    }
    add_fish_options(out, common_options, NULL);
}
