/* The manual pages in roff, generated from the tables of commands and settings. */
#include <inttypes.h>

#include "config/reader.h"
#include "program/command.h"
#include "program/commands/help.h"
#include "program/commands/reference.h"

/* Appends text, escaping the characters that roff would interpret, and those that not every roff reads as UTF-8. */
static void add_text(struct buffer *out, const char *text) {
    /* A full stop or an apostrophe at the start of a line would begin a macro. An unescaped hyphen would be typeset
     * as a dash, which cannot be pasted into a shell. */
    if (*text == '.' || *text == '\'') buffer_add_string(out, "\\&");
    struct span rest = span_of(text);
    for (size_t i = 0; i < rest.length;) {
        uint32_t rune;
        i += text_next(rest, i, &rune);
        if (rune == '\\')
            buffer_add_string(out, "\\e");
        else if (rune == '-')
            buffer_add_string(out, "\\-");
        else if (rune < 0x80)
            buffer_add_rune(out, rune);
        else
            buffer_print(out, "\\[u%04" PRIX32 "]", rune);
    }
}

static void add_line(struct buffer *out, const char *macro, const char *text) {
    buffer_add_string(out, macro);
    add_text(out, text);
    buffer_add_string(out, "\n");
}

static void add_options(struct buffer *out, const struct option *options) {
    for (; options && options->name; options++) {
        char letter = option_letter(options->name);
        buffer_add_string(out, ".TP\n\\fB");
        if (letter) buffer_print(out, "\\-%c\\fR, \\fB", letter);
        add_text(out, options->name);
        buffer_add_string(out, "\\fR");
        if (options->takes) {
            buffer_add_string(out, " \\fI");
            add_text(out, options->takes);
            buffer_add_string(out, "\\fR");
        }
        buffer_add_string(out, "\n");
        add_line(out, "", options->help);
    }
}

static void add_command(struct buffer *out, const struct subcommand *command) {
    buffer_add_string(out, ".SS \"");
    add_text(out, command->name);
    buffer_print(out, "%s%s\"\n", command->takes[0] ? " " : "", command->takes);
    add_line(out, "", command->help);
    add_options(out, command->options);
}

/* Collects the examples of all commands for the top of the page, where readers look for them. */
static void add_examples(struct buffer *out) {
    for (size_t i = 0; commands[i]; i++) {
        const char *const *example = commands[i]->examples;
        for (; example && *example; example += 2) {
            add_line(out, ".TP\n.B ", example[0]);
            add_line(out, "", example[1]);
        }
    }
}

void manual_write_program(struct buffer *out) {
    buffer_add_string(out, ".TH DRAGOMAN 1 " DRAGOMAN_DATE " \"dragoman " DRAGOMAN_VERSION "\"\n.SH NAME\n"
                           "dragoman \\- read foreign news in English\n.SH SYNOPSIS\n"
                           ".B dragoman\n[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n.SH EXAMPLES\n");
    add_examples(out);
    buffer_add_string(
        out, ".SH DESCRIPTION\nReads articles from feeds, pages and files in any language and encoding, has them "
             "translated by the configured services or the embedded engine, checks every sentence against its "
             "source, and writes bilingual records and a daily digest.\n"
             "From cron it prints nothing if all went well, and one line on standard error otherwise.\n"
             ".SH COMMANDS\n");
    for (size_t i = 0; commands[i]; i++) add_command(out, commands[i]);
    buffer_add_string(out, ".SH OPTIONS\n");
    add_options(out, common_options);
    buffer_add_string(out, ".SH \"EXIT STATUS\"\n");
    for (const struct exit_meaning *meaning = exit_meanings; meaning->meaning; meaning++)
        buffer_print(out, ".TP\n.B %d\n%s\n", meaning->code, meaning->meaning);
    buffer_add_string(out, ".SH FILES\n.TP\n.I /etc/dragoman/dragoman.conf, ~/.config/dragoman/dragoman.conf\n"
                           "the configuration, each with its folder conf.d\n.SH \"SEE ALSO\"\n.BR dragoman.conf (5)\n");
}

static void add_settings(struct buffer *out, const struct setting *settings) {
    for (; settings && settings->name; settings++) {
        buffer_add_string(out, ".TP\n\\fB");
        add_text(out, settings->name);
        if (settings->type == SETTING_SECRET)
            buffer_print(out, "_file\\fR, \\fB%s_env\\fR, \\fB%s_command", settings->name, settings->name);
        buffer_add_string(out, "\\fR");
        if (settings->default_value && settings->default_value[0]) {
            buffer_add_string(out, " = ");
            add_text(out, settings->default_value);
        }
        buffer_add_string(out, "\n");
        struct buffer help = BUFFER(4096);
        setting_write_help(settings, &help);
        add_line(out, "", help.at);
        buffer_free(&help);
    }
}

static void add_section(struct buffer *out, const struct section_table *table) {
    /* A section without settings is not worth a heading. */
    if (!table->named && !table->settings.entries) return;
    bool needs_name = table->named && !table->name_optional;
    buffer_print(out, ".SH \"[%s%s]\"\n", table->name, needs_name ? " \\(dqNAME\\(dq" : "");
    add_line(out, "", table->help);
    add_settings(out, table->settings.entries);
    for (size_t i = 0; table->kind_at && table->kind_at(i).name; i++) {
        struct section_kind kind = table->kind_at(i);
        buffer_print(out, ".SS \"kind = %s\"\n", kind.name);
        add_line(out, "", kind.help);
        add_settings(out, kind.settings.entries);
    }
}

void manual_write_settings(struct buffer *out) {
    buffer_add_string(
        out,
        ".TH DRAGOMAN.CONF 5 " DRAGOMAN_DATE " \"dragoman " DRAGOMAN_VERSION "\"\n.SH NAME\n"
        "dragoman.conf \\- configuration of dragoman\n.SH DESCRIPTION\n"
        "Sections in brackets, some with a name in quotes, hold lines of the form \\fIkey = value\\fR; # and ; begin "
        "comments. Settings are read in this order, and later ones override earlier ones: the system's file, the "
        "user's "
        "file (each followed by the files *.conf in its folder conf.d), environment variables DRAGOMAN_SECTION_KEY, "
        "and "
        "\\-\\-set. An empty file is valid.\n"
        "Secrets must not be stored in the file: \\fIkey_file\\fR names a file that nobody else can read, "
        "\\fIkey_env\\fR an environment variable, \\fIkey_command\\fR a command that prints the secret.\n");
    for (const struct section_table *table = program_section_tables(); table->name; table++) add_section(out, table);
    buffer_add_string(out, ".SH \"SEE ALSO\"\n.BR dragoman (1)\n");
}
