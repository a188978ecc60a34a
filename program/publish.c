#include "program/publish.h"

#include "pipeline/base/file.h"
#include "pipeline/engine/edition.h"

static void warn_of_damage(const struct program *program, size_t damaged, const char *day) {
    struct buffer line = BUFFER(256);
    buffer_print(&line, "%zu damaged records of %s are left out; see `dragoman verify`", damaged, day);
    log_sentence(&program->log, LOG_LEVEL_WARNING, line.at);
    buffer_free(&line);
}

bool publish_edition(struct program *program, const char *day, struct span notes, struct failure *ret_failure) {
    size_t damaged;
    program_close_stages(program);
    if (!program_open_stages(program, NULL, NULL, true, ret_failure)) return false;
    struct edition *edition = edition_load(program->output_folder, day, &damaged);
    edition->run_notes = notes;
    bool done = true;
    for (size_t i = 0; i < program->stage_count && done; i++)
        done = program->stages[i]->edit(program->states[i], edition, ret_failure);
    done = done && edition_write(edition, program->output_folder, ret_failure);
    if (damaged) warn_of_damage(program, damaged, day);
    edition_free(edition);
    return done;
}

/* The report of the day's last run, or nothing. */
static void read_report(const struct program *program, const char *day, struct buffer *out) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s/report.json", program->output_folder, day);
    if (!file_read(path.at, out)) buffer_clear(out);
    buffer_free(&path);
}

enum exit_code digest_command(struct program *program, const char *day, struct failure *ret_failure) {
    if (!program_open_store(program, true, false, ret_failure)) return ret_failure->exit_code;
    struct buffer report = BUFFER(REPORT_LIMIT);
    if (!day) day = program->day;
    read_report(program, day, &report);
    bool done = publish_edition(program, day, report.full ? SPAN("") : buffer_span(&report), ret_failure);
    buffer_free(&report);
    if (!done) return ret_failure->exit_code ? ret_failure->exit_code : EXIT_IO;
    return EXIT_DONE;
}
