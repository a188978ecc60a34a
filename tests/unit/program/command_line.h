/* Commands as a user gives them, in a process of their own, over what a run has left on disk. */
#ifndef TESTS_UNIT_PROGRAM_COMMAND_LINE_H
#define TESTS_UNIT_PROGRAM_COMMAND_LINE_H

#include "unit/program/run_workspace.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program/commands.h"

static struct arena *command_arena;

/* Opens a run whose store is a file; end_run() closes it, so that commands can open it. The settings are those of the
 * configuration file, too, which is dragoman.conf in the workspace. */
static inline void begin_run(const char *settings) {
    workspace_on_disk = true;
    command_arena = arena_new();
    open_run_workspace(settings);
}

static inline const char *path_in_workspace(const char *name) {
    return arena_print(command_arena, "%s/%s", workspace, name).at;
}

static inline void end_run(const char *configuration) {
    write_output("dragoman.conf", arena_print(command_arena, "[run]\noutput = %s\n%s", workspace, configuration).at);
    close_run_loop();
    report_free(&run.report);
    program_close(&program);
}

static inline void end_commands(void) {
    const char *command = arena_print(command_arena, "rm -r %s", workspace).at;
    assert_int_equal(system(command), 0);
    arena_free(command_arena);
}

static inline const char *text_in_workspace(const char *name) {
    struct buffer text = BUFFER(64 << 20);
    if (!file_read(path_in_workspace(name), &text)) fail_msg("there is no %s", name);
    const char *copy = arena_string(command_arena, buffer_span(&text));
    buffer_free(&text);
    return copy;
}

static inline void redirect(int descriptor, const char *name) {
    int file = open(path_in_workspace(name), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (file < 0 || dup2(file, descriptor) < 0) _exit(99);
    close(file);
}

/* Gives a command, whose words are separated by spaces. Returns its exit code; what it prints is in the files `out` and
 * `errors`. */
static inline int give_command(const char *words) {
    static char *arguments[64];
    char *copy = memory_string(span_of(words));
    int count = 0, status;
    static char own_name[] = "dragoman";
    arguments[count++] = own_name;
    for (char *word = strtok(copy, " "); word && count < 60; word = strtok(NULL, " ")) arguments[count++] = word;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        redirect(STDOUT_FILENO, "out");
        redirect(STDERR_FILENO, "errors");
        setenv("DRAGOMAN_DATA", TEST_DATA, 1);
        unsetenv("JOURNAL_STREAM");
        _exit(commands_main(count, arguments));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    free(copy);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* The same with --config for the workspace's configuration. */
static inline int give(const char *words) {
    return give_command(arena_print(command_arena, "%s --config %s", words, path_in_workspace("dragoman.conf")).at);
}

/* Asserts the command's exit code, and returns what it prints on standard output. */
static inline const char *output_of(const char *words, enum exit_code code) {
    int given = give(words);
    if (given != (int)code)
        fail_msg("%s ends with %d, not %d: %s", words, given, (int)code, text_in_workspace("errors"));
    return text_in_workspace("out");
}

/* Asserts that the command prints exactly this on standard output. */
static inline void assert_output(const char *words, enum exit_code code, const char *expected) {
    assert_string_equal(output_of(words, code), expected);
}

/* Asserts that the command fails with this code, and says this on standard error. */
static inline void assert_error(const char *words, enum exit_code code, const char *expected) {
    output_of(words, code);
    assert_string_equal(text_in_workspace("errors"), expected);
}

/* What it prints as JSON; the caller frees it. */
static inline cJSON *json_of(const char *words, enum exit_code code) {
    cJSON *json = json_parse(span_of(output_of(words, code)), 1 << 20, words, NULL);
    assert_non_null(json);
    return json;
}

#endif
