/* Runs the command line: one argument per line, without a command that would work (a word of a command's name is only
 * accepted together with --help). Ends with a known exit code. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "program/command.h"
#include "program/commands.h"

enum { ARGUMENTS = 24, LIMIT = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void silence_once(void) {
    static bool silent;
    int nowhere = silent ? -1 : open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    silent = true;
}

static size_t split(struct span text, struct arena *arena, char *arguments[ARGUMENTS + 2]) {
    size_t count = 0;
    struct span line;
    arguments[count++] = arena_string(arena, SPAN("dragoman"));
    arguments[count++] = arena_string(arena, SPAN("--help"));
    while (count < ARGUMENTS && span_next(&text, '\n', &line)) arguments[count++] = arena_string(arena, line);
    arguments[count] = NULL;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *arguments[ARGUMENTS + 2];
    struct arena *arena = arena_new();
    silence_once();
    size_t count = split((struct span){(const char *)bytes, length < LIMIT ? length : LIMIT}, arena, arguments);
    int code = commands_main((int)count, arguments);
    if (code != EXIT_DONE && code != EXIT_USAGE) abort();
    arena_free(arena);
    return 0;
}
