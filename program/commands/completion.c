/* Completions for bash, zsh and fish, generated from the table of commands. */
#include "program/command.h"
#include "program/commands/reference.h"

static void add_names(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++) buffer_print(out, "%s ", options->name);
}

static void add_commands(struct buffer *out) {
    for (size_t i = 0; commands[i]; i++) buffer_print(out, "%s ", commands[i]->name);
}

static void add_stages(struct buffer *out) {
    for (size_t i = 0; stages_in_order[i]; i++) buffer_print(out, "%s ", stages_in_order[i]->name);
}

/* The completion finds the command's name by skipping all options, and the values of --config and --set. */
void completion_write_bash(struct buffer *out) {
    buffer_add_string(
        out, "# bash completion for dragoman\n_dragoman() {\n"
             "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= i\n"
             "    for ((i = 1; i < COMP_CWORD; i++)); do\n        case ${COMP_WORDS[i]} in\n"
             "        --config|--set) ((i++)) ;;\n        -*) ;;\n        *) command=${COMP_WORDS[i]}; break ;;\n"
             "        esac\n    done\n    case $before in\n    --until|--only) COMPREPLY=($(compgen -W \"");
    add_stages(out);
    buffer_add_string(
        out, "\" -- \"$word\")); return ;;\n    --config) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n    esac\n"
             "    local options=\"");
    add_names(out, common_options);
    buffer_add_string(out, "\"\n    case $command in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->options) continue;
        buffer_print(out, "    %s) options+=\" ", commands[i]->name);
        add_names(out, commands[i]->options);
        buffer_add_string(out, "\" ;;\n");
    }
    buffer_add_string(out,
                      "    esac\n    if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                      "    elif [[ -z $command ]]; then COMPREPLY=($(compgen -W \"");
    add_commands(out);
    buffer_add_string(out, "\" -- \"$word\"))\n    else COMPREPLY=($(compgen -f -- \"$word\")); fi\n}\n"
                           "complete -o filenames -F _dragoman dragoman\n");
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

void completion_write_zsh(struct buffer *out) {
    buffer_add_string(out, "#compdef dragoman\n_dragoman() {\n    local -a commands=(\n");
    for (size_t i = 0; commands[i]; i++) buffer_print(out, "        \"%s:%s\"\n", commands[i]->name, commands[i]->help);
    buffer_add_string(out, "    )\n    if [[ $words[CURRENT-1] == (--until|--only) ]]; then compadd ");
    add_stages(out);
    buffer_add_string(out, "; return; fi\n    if [[ $words[CURRENT] == -* ]]; then\n        compadd -- ");
    add_names(out, common_options);
    buffer_add_string(out, "\n        case $words[2] in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->options) continue;
        buffer_print(out, "        %s) compadd -- ", commands[i]->name);
        add_names(out, commands[i]->options);
        buffer_add_string(out, ";;\n");
    }
    buffer_add_string(
        out, "        esac\n    elif (( CURRENT == 2 )); then _describe command commands\n    else _files; fi\n}\n"
             "_dragoman \"$@\"\n");
}

static void add_fish_options(struct buffer *out, const struct option *options, const char *command) {
    for (; options && options->name; options++) {
        buffer_add_string(out, "complete -c dragoman ");
        if (command) buffer_print(out, "-n '__fish_seen_subcommand_from %s' ", command);
        buffer_print(out, "-l %s %s-d ", options->name + 2, options->takes ? "-r " : "");
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
    }
    add_fish_options(out, common_options, NULL);
    buffer_add_string(out, "complete -c dragoman -n '__fish_seen_subcommand_from show' -l until -l only -xa '");
    add_stages(out);
    buffer_add_string(out, "'\n");
}
