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

/* ---------------------------------------------------------------- bash */

/* Appends how the words of a kind are found: as a list, or by asking the program. */
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

static void add_bash_values(struct buffer *out, const char *command, const struct option *options) {
    for (; options && options->name; options++) {
        if (!options->takes) continue;
        buffer_print(out, "    '%s %s') ", command ? command : "'*'", options->name);
        add_bash_kind(out, offer_kind(command, options->name, options->takes));
        buffer_add_string(out, "; return ;;\n");
    }
}

/* The arguments after the first are of the kind of the second placeholder, or of the first if there is one only. */
static void add_bash_arguments(struct buffer *out, const struct subcommand *command) {
    const char *second = strchr(command->takes, ' ');
    bool repeats = strstr(command->takes, "...") != NULL;
    if (!command->takes[0]) return;
    buffer_print(out, "    '%s 0') ", command->name);
    add_bash_kind(out, offer_kind(command->name, NULL, command->takes));
    buffer_add_string(out, " ;;\n");
    if (!second && !repeats) return;
    buffer_print(out, "    '%s '*) ", command->name);
    add_bash_kind(out, offer_kind(command->name, NULL, second ? second + 1 : command->takes));
    buffer_add_string(out, " ;;\n");
}

static void add_valued(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++)
        if (options->takes) buffer_print(out, "|%s", options->name);
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
    add_valued(out, common_options);
    for (size_t i = 0; commands[i]; i++) add_valued(out, commands[i]->options);
    buffer_add_string(
        out, ")\n            name=${COMP_WORDS[i]}; ((i++)); [[ ${COMP_WORDS[i]} == = ]] && ((i++))\n"
             "            if [[ $name == --config ]] && ((i < COMP_CWORD)); then given=(--config "
             "\"${COMP_WORDS[i]}\"); fi ;;\n"
             "        -*) ;;\n        *) if [[ $command ]]; then ((count++)); else command=${COMP_WORDS[i]}; fi ;;\n"
             "        esac\n    done\n    case \"$command $before\" in\n");
    add_bash_values(out, NULL, common_options);
    for (size_t i = 0; commands[i]; i++) add_bash_values(out, commands[i]->name, commands[i]->options);
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
    for (size_t i = 0; commands[i]; i++) add_bash_arguments(out, commands[i]);
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
        buffer_print(out, "compadd -- ${(f)\"$(dragoman complete %s 2>/dev/null)\"}", kind);
    buffer_free(&words);
}

static void add_zsh_values(struct buffer *out, const struct subcommand *command) {
    for (const struct option *option = command->options; option && option->name; option++) {
        if (!option->takes) continue;
        buffer_print(out, "    '%s %s') ", command->name, option->name);
        add_zsh_kind(out, offer_kind(command->name, option->name, option->takes));
        buffer_add_string(out, "; return ;;\n");
    }
}

static void add_zsh_arguments(struct buffer *out, const struct subcommand *command) {
    const char *kind = offer_kind(command->name, NULL, command->takes);
    if (!command->takes[0] || !kind) return;
    buffer_print(out, "        %s) ", command->name);
    add_zsh_kind(out, kind);
    buffer_add_string(out, " ;;\n");
}

void completion_write_zsh(struct buffer *out) {
    buffer_add_string(out, "#compdef dragoman\n_dragoman() {\n    local -a commands=(\n");
    for (size_t i = 0; commands[i]; i++) buffer_print(out, "        \"%s:%s\"\n", commands[i]->name, commands[i]->help);
    buffer_add_string(out, "    )\n    case \"$words[2] $words[CURRENT-1]\" in\n");
    for (size_t i = 0; commands[i]; i++) add_zsh_values(out, commands[i]);
    buffer_add_string(out, "    esac\n    if [[ $words[CURRENT] == -* ]]; then\n        compadd -- ");
    add_names(out, common_options);
    buffer_add_string(out, "\n        case $words[2] in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->options) continue;
        buffer_print(out, "        %s) compadd -- ", commands[i]->name);
        add_names(out, commands[i]->options);
        buffer_add_string(out, ";;\n");
    }
    buffer_add_string(out, "        esac\n    elif (( CURRENT == 2 )); then _describe command commands\n    else\n"
                           "        case $words[2] in\n");
    for (size_t i = 0; commands[i]; i++) add_zsh_arguments(out, commands[i]);
    buffer_add_string(out, "        *) _files ;;\n        esac\n    fi\n}\n_dragoman \"$@\"\n");
}

/* ---------------------------------------------------------------- fish */

/* Appends "-xa 'words'"; nothing for files, which fish offers by itself. */
static void add_fish_kind(struct buffer *out, const char *kind) {
    struct buffer words = BUFFER(1 << 16);
    if (!kind) return;
    if (offer_write(kind, &words))
        buffer_print(out, "-xa '%s' ", words.at ? words.at : "");
    else
        buffer_print(out, "-xa '(dragoman complete %s 2>/dev/null)' ", kind);
    buffer_free(&words);
}

static void add_fish_arguments(struct buffer *out, const struct subcommand *command) {
    const char *kind = offer_kind(command->name, NULL, command->takes);
    if (!command->takes[0] || !kind || strcmp(kind, "nothing") == 0) return;
    buffer_print(out, "complete -c dragoman -n '__fish_seen_subcommand_from %s' ", command->name);
    add_fish_kind(out, kind);
    buffer_add_string(out, "\n");
}

static void add_fish_options(struct buffer *out, const struct option *options, const char *command) {
    for (; options && options->name; options++) {
        buffer_add_string(out, "complete -c dragoman ");
        if (command) buffer_print(out, "-n '__fish_seen_subcommand_from %s' ", command);
        buffer_print(out, "-l %s %s", options->name + 2, options->takes ? "-r " : "");
        if (options->takes) add_fish_kind(out, offer_kind(command, options->name, options->takes));
        buffer_add_string(out, "-d ");
        add_quoted(out, options->help);
        buffer_add_string(out, "\n");
    }
}

void completion_write_fish(struct buffer *out) {
    buffer_add_string(out, "# fish completion for dragoman\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_print(out, "complete -c dragoman -n __fish_use_subcommand -f -a %s -d ", commands[i]->name);
        add_quoted(out, commands[i]->help);
        buffer_add_string(out, "\n");
        add_fish_options(out, commands[i]->options, commands[i]->name);
        add_fish_arguments(out, commands[i]);
    }
    add_fish_options(out, common_options, NULL);
}
