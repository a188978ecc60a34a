#include <stdint.h>
#include <stdio.h>

#include "pipeline/net/local_program.h"
#include "program/mail/internal.h"

/* ---------------------------------------------------------------- the server */

static bool make_options(const struct program *program, const struct section *section, struct smtp_options *ret_options,
                         struct failure *ret_failure) {
    const struct mail_settings *settings = section_values(section);
    const struct http_settings *http = config_values(program->config, http_table);
    *ret_options = (struct smtp_options){.server = mail_server(settings),
                                         .starttls = mail_needs_starttls(settings),
                                         .user = settings->user,
                                         .ca_file = http->ca_file,
                                         .timeout_ms = settings->timeout,
                                         .stop = program_interrupted};
    if (!settings->user.length) return true;
    if (!secret_ready(settings->password, ret_failure)) return false;
    ret_options->password = secret_text(settings->password);
    return true;
}

/* Names those whom the server has refused, though it took the mail for others. */
static void describe_refused(struct span server, const struct smtp_recipient *recipients, size_t count,
                             struct failure *ret_failure) {
    struct buffer who = BUFFER(2048);
    for (size_t i = 0; i < count; i++)
        if (!recipients[i].accepted)
            buffer_print(&who, "%s%.*s (%s)", who.length ? ", " : "", SPAN_ARGS(recipients[i].address),
                         recipients[i].reply);
    if (who.length)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "mail server %.*s refused %s; check to",
                    SPAN_ARGS(text_clip(server, 100)), who.at);
    buffer_free(&who);
}

static bool send_to_server(const struct program *program, const struct section *section,
                           struct smtp_recipient *recipients, size_t count, struct span message,
                           struct failure *ret_failure) {
    struct smtp_options options;
    const struct mail_settings *settings = section_values(section);
    struct span name, sender = mail_sender(settings->from, &name);
    bool done = make_options(program, section, &options, ret_failure) &&
                smtp_send(&options, sender, recipients, count, message, ret_failure);
    if (done) describe_refused(options.server, recipients, count, ret_failure);
    return done;
}

/* ---------------------------------------------------------------- the command */

/* Programs on this machine expect lines that end with LF. */
static void add_without_cr(struct buffer *out, struct span message) {
    struct span line;
    while (span_next(&message, '\r', &line)) buffer_add_span(out, line);
}

static bool send_to_command(const struct section *section, struct smtp_recipient *recipients, size_t count,
                            struct span message, struct failure *ret_failure) {
    const char *arguments[MAIL_WORDS];
    const struct mail_settings *settings = section_values(section);
    struct arena *arena = arena_new();
    bool done = mail_command_words(settings, arena, arguments) ||
                failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the mail command has more than %d words",
                            MAIL_WORDS - 1);
    struct buffer text = BUFFER(SIZE_MAX);
    const char *path = done ? local_program_find(arguments[0], arena) : NULL;
    if (path) arguments[0] = path; /* otherwise starting it fails, with the reason */
    add_without_cr(&text, message);
    struct local_program program = {.what = "mail command",
                                    .setting = "command",
                                    .arguments = arguments,
                                    .input = buffer_span(&text),
                                    .must_read = true,
                                    .timeout_ms = settings->timeout,
                                    .stop = program_interrupted};
    done = done && local_program_run(&program, NULL, ret_failure);
    buffer_free(&text);
    for (size_t i = 0; i < count; i++) recipients[i].accepted = done;
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- either */

struct first_problem {
    struct failure *failure;
    bool found;
};

static void keep_first(void *context, const struct section *section, const char *name, struct span value,
                       const char *what) {
    struct first_problem *first = context;
    struct span place = section_where(section, name, value);
    if (first->found) return;
    first->found = true;
    failure_set(first->failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s%s%.*s%s%s", SPAN_ARGS(place),
                value.length ? ": '" : ": ", SPAN_ARGS(text_clip(value, 100)), value.length ? "' " : "", what);
}

bool mail_way_sound(const struct program *program, const struct section *section, struct failure *ret_failure) {
    struct first_problem first = {.failure = ret_failure};
    mail_find_problems(program->config, section, keep_first, &first);
    return !first.found;
}

static bool has_command(const struct section *section) {
    return ((const struct mail_settings *)section_values(section))->command.length > 0;
}

bool mail_way_send(const struct program *program, const struct section *section, struct smtp_recipient *recipients,
                   size_t count, struct span message, struct failure *ret_failure) {
    if (has_command(section)) return send_to_command(section, recipients, count, message, ret_failure);
    return send_to_server(program, section, recipients, count, message, ret_failure);
}

bool mail_way_try(const struct program *program, const struct section *section, struct failure *ret_failure) {
    struct smtp_options options;
    if (!mail_way_sound(program, section, ret_failure)) return false;
    if (has_command(section)) return true; /* whether it can be run is one of the problems */
    return make_options(program, section, &options, ret_failure) && smtp_check(&options, ret_failure);
}
