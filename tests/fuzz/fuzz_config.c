/* Reads any bytes as a configuration file: mistakes are problems with a sentence, never a crash, and every section has
 * its values afterwards. A first line "NAME=value" is read as an environment variable, "--set" and the rest of the line
 * as an option. */
#define _GNU_SOURCE
#include <string.h>

#include "config/reader.h"
#include "fuzz/fuzz_file.h"
#include "pipeline/base/arena.h"
#include "program/settings.h"

enum { LIMIT = 1 << 14 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* A file may name others: here it must not make the fuzzer read devices, or search the whole disk. */
static bool is_safe(struct span text) {
    return span_find(text, SPAN("include")) == SIZE_MAX && span_find(text, SPAN("/")) == SIZE_MAX &&
           span_find(text, SPAN("~")) == SIZE_MAX;
}

static void read_first(struct config *config, struct span line, struct arena *arena) {
    char *text = arena_string(arena, line), *environment[] = {text, NULL};
    if (strncmp(text, "--set ", 6) == 0)
        config_set(config, text + 6);
    else
        config_read_environment(config, environment);
}

static void check(const struct config *config) {
    for (size_t i = 0; i < config_problem_count(config); i++)
        if (!config_problem(config, i)[0]) abort();
    for (const struct section_table *table = program_section_tables(); table->name; table++)
        for (size_t i = 0; table->named && i < config_section_count(config, table->settings.entries); i++)
            if (!section_values(config_section_at(config, table->settings.entries, i))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length < LIMIT ? length : LIMIT}, rest = text, line = {NULL, 0};
    if (!is_safe(text)) return 0;
    struct fuzz_file file = fuzz_file_open(text.at, text.length);
    struct config *config = config_new(program_section_tables());
    struct arena *arena = arena_new();
    struct failure failure = {0};
    if (!config_read(config, file.path, false, &failure) && !failure.sentence[0]) abort();
    span_next(&rest, '\n', &line);
    read_first(config, line, arena);
    config_finish(config);
    check(config);
    config_free(config);
    arena_free(arena);
    fuzz_file_close(&file);
    return 0;
}
