#define _GNU_SOURCE
#include "program/hooks/hooks.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/base/visible.h"
#include "pipeline/net/local_program.h"
#include "program/hooks/request.h"
#include "program/hooks/settings.h"

/* INTERRUPTED_MS: whoever stops a run does not want to wait. REASON_BYTES fits into a variable and a ping. */
enum { INTERRUPTED_MS = 5000, REASON_BYTES = 4000 };

static const struct hooks_settings *settings_of(const struct program *program) {
    return config_values(program->config, hooks_table);
}

long long hook_limit(long long limit_ms) {
    return program_interrupted() && limit_ms > INTERRUPTED_MS ? INTERRUPTED_MS : limit_ms;
}

/* A run that was interrupted says so all the same; only a signal that comes later ends that. */
static bool (*stop_of(void))(void) {
    return program_interrupted() ? NULL : program_interrupted;
}

/* ---------------------------------------------------------------- programs */

static const char **make_variables(const struct program *program, const char *hook, const char *const *more,
                                   struct arena *arena) {
    size_t count = 0, added = 0;
    while (more && more[added]) added++;
    const char **variables = arena_take(arena, (added + 4) * sizeof *variables);
    char *folder = realpath(program->output_folder, NULL);
    variables[count++] = arena_print(arena, "DRAGOMAN_EVENT=%s", hook).at;
    variables[count++] = arena_print(arena, "DRAGOMAN_DAY=%s", program->day).at;
    variables[count++] = arena_print(arena, "DRAGOMAN_OUTPUT=%s", folder ? folder : program->output_folder).at;
    for (size_t i = 0; i < added; i++) variables[count++] = more[i];
    free(folder);
    return variables;
}

static void log_output(const struct program *program, const char *hook, struct span output) {
    struct span line;
    while (span_next(&output, '\n', &line)) {
        struct buffer text = BUFFER(LOCAL_PROGRAM_OUTPUT * 8);
        visible_add(&text, span_trim(line));
        const struct log_field fields[] = {{"where", span_of(hook)}, {"what", buffer_span(&text)}};
        if (text.length) log_event(&program->log, LOG_LEVEL_INFO, "hook-output", fields, 2);
        buffer_free(&text);
    }
}

/* A path tells a program where it is; a bare name is searched for. If neither leads to one, starting it fails. */
static bool run_words(const struct program *program, const char *hook, const char **words, const char *const *more,
                      struct span input, struct arena *arena, struct failure *ret_failure) {
    struct buffer output = BUFFER(SIZE_MAX);
    const char *path = local_program_find(words[0], arena);
    if (path) words[0] = path;
    struct local_program run = {.what = arena_print(arena, "%s hook", hook).at,
                                .setting = arena_print(arena, "%s in [hooks]", hook).at,
                                .arguments = words,
                                .environment = make_variables(program, hook, more, arena),
                                .input = input,
                                .timeout_ms = hook_limit(settings_of(program)->timeout),
                                .stop = stop_of()};
    bool done = local_program_run(&run, &output, ret_failure);
    log_output(program, hook, buffer_span(&output));
    buffer_free(&output);
    return done;
}

bool hook_program_run(const struct program *program, const char *hook, struct span command, const char *const *more,
                      struct span input, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    const char **words = hooks_words(config_section(program->config, hooks_table), command, arena);
    bool done = words ? run_words(program, hook, words, more, input, arena, ret_failure)
                      : failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN,
                                    "the command of %s in [hooks] has an unmatched quotation mark, or is empty", hook);
    arena_free(arena);
    return done;
}

/* ---------------------------------------------------------------- pings */

bool hook_address(struct span text, struct secret *secret, struct span *ret_address, struct failure *ret_failure) {
    bool given = secret_given(secret);
    if (given && !secret_ready(secret, ret_failure)) return false;
    *ret_address = given ? secret_text(secret) : text;
    return true;
}

/* The ending belongs to the path, so a query follows it. */
static struct span with_ending(struct span address, const char *ending, struct arena *arena) {
    size_t query = span_find(address, SPAN("?"));
    struct span path = span_cut(address, 0, query), rest = span_cut(address, path.length, address.length);
    while (*ending && span_ends(path, SPAN("/"))) path.length--;
    return arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(path), ending, SPAN_ARGS(rest));
}

static bool ping(const struct program *program, struct span address, const char *ending, struct span body,
                 struct failure *ret_failure) {
    const struct hooks_settings *settings = settings_of(program);
    struct arena *arena = arena_new();
    struct hook_request request = {.hook = "ping",
                                   .url = with_ending(address, ending, arena),
                                   .body = body,
                                   .content_type = "text/plain; charset=utf-8",
                                   .plain_http = settings->plain_http,
                                   .timeout_ms = hook_limit(settings->request_timeout),
                                   .stop = stop_of()};
    bool done = hook_request_send(program, &request, ret_failure);
    arena_free(arena);
    return done;
}

/* The begin of a run has a name of its own, so that each failure is told once although the other ping worked. */
static void try_ping(const struct program *program, const char *ending, struct span body, hook_done *done,
                     void *context) {
    const char *hook = strcmp(ending, "/start") == 0 ? "ping start" : "ping";
    const struct hooks_settings *settings = settings_of(program);
    struct failure failure = {0};
    struct span address = SPAN("");
    bool ready = hook_address(settings->ping, settings->ping_secret, &address, &failure);
    if (ready && !address.length) return;
    if (ready) ping(program, address, ending, body, &failure);
    done(context, hook, &failure);
}

void hooks_begin(const struct program *program, hook_done *done, void *context) {
    try_ping(program, "/start", SPAN(""), done, context);
}

/* ---------------------------------------------------------------- the end of a run */

static void run_program(const struct program *program, const char *hook, struct span command,
                        const struct hooks_run *run, struct span reason, hook_done *done, void *context) {
    if (!command.length) return;
    struct failure failure = {0};
    struct arena *arena = arena_new();
    const char *more[] = {arena_print(arena, "DRAGOMAN_EXIT=%d", (int)run->code).at,
                          arena_print(arena, "DRAGOMAN_REASON=%.*s", SPAN_ARGS(reason)).at, NULL};
    hook_program_run(program, hook, command, more, run->report, &failure);
    done(context, hook, &failure);
    arena_free(arena);
}

void hooks_end(const struct program *program, const struct hooks_run *run, hook_done *done, void *context) {
    const struct hooks_settings *settings = settings_of(program);
    bool success = hooks_succeeded(settings, (int)run->code);
    struct buffer reason = BUFFER(8 * REASON_BYTES);
    visible_add(&reason, text_clip(run->reason, REASON_BYTES));
    if (!reason.length) buffer_add_string(&reason, success ? "done" : "failed");
    run_program(program, success ? "success" : "failure", success ? settings->success : settings->failure, run,
                buffer_span(&reason), done, context);
    try_ping(program, success ? "" : "/fail", success ? SPAN("") : buffer_span(&reason), done, context);
    buffer_free(&reason);
}
