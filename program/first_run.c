#define _GNU_SOURCE /* program_invocation_name */
#include "program/first_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/url.h"
#include "program/say.h"

void first_run_begin(void) {
    say_error("dragoman: first run: translating, checking and writing a digest; its address is shown at the end");
}

/* As the user has called it, so that the commands can be pasted: a program that is not installed has a path. */
static struct span command_prefix(const struct program *program, struct arena *arena) {
    const char *name = strchr(program_invocation_name, '/') ? program_invocation_name : "dragoman";
    return program->config_path ? arena_print(arena, "%s --config %s", name, program->config_path)
                                : arena_print(arena, "%s", name);
}

static void tell(const struct program *program, struct span address, struct arena *arena) {
    struct span command = command_prefix(program, arena);
    say_error("%s", "");
    say_error("The first digest is ready. Open it in a browser:");
    say_error("  %.*s", SPAN_ARGS(address));
    say_error("Try next:");
    say_error("  %.*s status              show what is waiting or has failed, and why", SPAN_ARGS(command));
    say_error("  %.*s search WORD         find articles by words of either language", SPAN_ARGS(command));
    say_error("  %.*s run                 fetch what is new; run this from cron or a systemd timer",
              SPAN_ARGS(command));
}

void first_run_end(const struct program *program) {
    struct arena *arena = arena_new();
    struct span page = arena_print(arena, "%s/latest/index.html", program->output_folder);
    char *folder = realpath(program->output_folder, NULL);
    if (folder && access(page.at, R_OK) == 0)
        tell(program, url_of_file(arena_print(arena, "%s/latest/index.html", folder), arena), arena);
    free(folder);
    arena_free(arena);
}
