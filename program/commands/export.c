/* Exports records, the translation memory or the feeds in the formats of other programs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store.h"
#include "program/command.h"
#include "program/commands/export_feeds.h"
#include "program/digest/period.h"
#include "program/export/export.h"
#include "stages/language/names.h"

/* The limit bounds one record in the target format; the output as a whole is written in pieces and has no limit. */
enum { OUTPUT_LIMIT = 512 << 20, FLUSH_BYTES = 1 << 20, PATH_BYTES = 8192 };

struct export {
    const struct exporter *exporter;
    struct program *program;
    const char *output_folder;
    const char *path; /* of the output; NULL: standard output */
    FILE *file;
    struct buffer temporary; /* the name of the file that becomes the output; empty: the output is written itself */
    struct buffer out;
    struct span language; /* only records in this language; empty: all */
    char only[12];        /* the source language, for formats that allow one per file */
    size_t count, damaged;
    struct failure *failure;
};

static const struct exporter *exporter_named(const char *name) {
    for (size_t i = 0; exporters[i]; i++)
        if (strcmp(exporters[i]->name, name) == 0) return exporters[i];
    return NULL;
}

/* Writes the buffer to the output if it holds at least `least` bytes, so that an output of any size needs little
 * memory. After a failure nothing more is written. */
static bool flush(struct export *export, size_t least) {
    if (export->failure->reach != REACH_NONE) return false;
    if (export->out.full)
        return failure_fatal(export->failure, EXIT_IO, "a record exceeds the limit of %d bytes in this format",
                             OUTPUT_LIMIT);
    if (export->out.length == 0 || export->out.length < least) return true;
    bool done = fwrite(export->out.at, 1, export->out.length, export->file) == export->out.length;
    buffer_clear(&export->out);
    return done || failure_fatal(export->failure, EXIT_IO, "cannot write the export: %s", strerror(errno));
}

static void export_entry(void *context, const struct memory_key *key, const struct memory_entry *entry) {
    struct export *export = context;
    bool wanted = !export->language.length || language_covers(export->language, entry->source_language);
    if (!wanted || export->failure->reach != REACH_NONE) return;
    export->exporter->entry(key, entry, &export->out);
    export->count++;
    flush(export, FLUSH_BYTES);
}

/* Writes the head with the first record, because some formats name the source language there. */
static bool begin(struct export *export, const char *language) {
    char now[21];
    clock_iso_now(now);
    if (export->count == 0) {
        snprintf(export->only, sizeof export->only, "%s", language);
        struct export_head head = {.now = now, .language = span_of(export->exporter->one_language ? export->only : "")};
        if (export->exporter->begin) export->exporter->begin(&head, &export->out);
    }
    if (!export->exporter->one_language || strcmp(export->only, language) == 0) return true;
    return failure_fatal(
        export->failure, EXIT_USAGE,
        "%s allows one source language per file, but these records have '%s' and '%s': choose one with --language",
        export->exporter->name, export->only, language);
}

static void export_article(struct export *export, const struct article *article, struct span record) {
    bool wanted = !export->language.length || language_covers(export->language, span_of(article->language.code));
    if (!wanted || !begin(export, article->language.code)) return;
    export->exporter->article(article, span_trim(record), export->count++, &export->out);
    flush(export, FLUSH_BYTES);
}

static void export_day(struct export *export, const char *day) {
    struct records *records = records_open(export->output_folder, day);
    struct buffer text = BUFFER(RECORD_LIMIT);
    for (size_t i = 0; i < records_count(records) && export->failure->reach == REACH_NONE; i++) {
        struct article *article = NULL;
        if (records_read(records, i, 0, &text, &article))
            export_article(export, article, buffer_span(&text));
        else
            export->damaged++;
        article_free(article);
    }
    buffer_free(&text);
    records_close(records);
}

static void export_all_days(struct export *export) {
    struct arena *arena = arena_new();
    size_t count;
    const struct span *days = records_days(export->output_folder, arena, &count);
    for (size_t i = 0; i < count; i++) export_day(export, days[i].at);
    arena_free(arena);
}

/* The words were checked before the output was opened. */
static void export_period(struct export *export, const char *word) {
    struct period period;
    char day[11] = "";
    if (!period_read(word, export->program->day, &period, export->failure)) return;
    while (export->failure->reach == REACH_NONE && period_next(&period, day)) export_day(export, day);
}

static void export_feed(void *context, const struct export_feed *feed) {
    struct export *export = context;
    if (export->language.length && !language_covers(export->language, feed->language)) return;
    export->exporter->feed(feed, &export->out);
    export->count++;
    flush(export, FLUSH_BYTES);
}

static void tell_left_out(const struct export *export, const struct feeds_left_out *left_out) {
    struct buffer line = BUFFER(512);
    if (left_out->secrets)
        buffer_print(&line, "%zu address%s exported without the password or key in %s", left_out->secrets,
                     left_out->secrets == 1 ? " was" : "es were", left_out->secrets == 1 ? "it" : "them");
    if (left_out->sites)
        buffer_print(&line, "%s%zu site%s left out, because no run has found %s so far", line.length ? "; " : "",
                     left_out->sites, left_out->sites == 1 ? " was" : "s were",
                     left_out->sites == 1 ? "its feed" : "their feeds");
    if (line.length) log_sentence(&export->program->log, LOG_LEVEL_WARNING, line.at);
    buffer_free(&line);
}

static void export_sources(struct export *export) {
    struct feeds_left_out left_out = {0};
    const struct export_head head = {.language = SPAN("")};
    export->exporter->begin(&head, &export->out);
    if (!export_feeds(export->program, export_feed, export, &left_out, export->failure)) return;
    export->exporter->end(&export->out);
    flush(export, 0);
    tell_left_out(export, &left_out);
}

static void export_what(struct export *export, const struct call *call) {
    if (export->exporter->feed) {
        export_sources(export);
        return;
    }
    /* If the format can hold the translation memory, the memory is exported unless the user named days. */
    bool memory = export->exporter->entry && call->word_count == 1;
    if (memory) {
        if (!program_read_store(call->program, export->failure) || !begin(export, "")) return;
        store_each_memory(call->program->store, export_entry, export);
    } else if (call->word_count == 1) {
        export_all_days(export);
    } else {
        for (size_t i = 1; i < call->word_count; i++) export_period(export, call->words[i]);
    }
    /* An export without records still has to be a valid file, so the head is written now. */
    if (export->failure->reach == REACH_NONE && export->count == 0 && !memory)
        begin(export, export->language.length ? export->language.at : "und");
    if (export->failure->reach == REACH_NONE && export->exporter->end) export->exporter->end(&export->out);
    flush(export, 0);
}

/* Whether there is a file under this name, or none: a link, a pipe or a device must not be replaced. */
static bool is_replaceable(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 ? S_ISREG(status.st_mode) : errno == ENOENT;
}

/* Removes the temporary file of an export to this file that was killed. */
static void sweep(const char *path) {
    struct span file = span_of(path), part = folder_part(file);
    char *folder = memory_string(part.length ? part : SPAN("."));
    durable_writer_sweep_file(folder, span_cut(file, part.length, file.length));
    free(folder);
}

/* An export that fails must not cost the earlier file, which somebody may be correcting, so the new one takes its place
 * at the end. Where no second file can be made beside it, the file itself is written. */
static bool open_output(struct export *export, const char *path) {
    export->path = path;
    export->file = path ? NULL : stdout;
    if (path && is_replaceable(path)) {
        sweep(path);
        buffer_print(&export->temporary, "%s.%ld.tmp", path, (long)getpid());
        export->file = fopen(export->temporary.at, "wbx");
    }
    if (export->file) return true;
    buffer_free(&export->temporary);
    export->file = fopen(path, "wb");
    return export->file || failure_fatal(export->failure, EXIT_IO, "cannot write %s: %s", path, strerror(errno));
}

/* Puts the new file in the place of the earlier one, or removes it after a failure. */
static void finish_file(struct export *export) {
    if (!export->temporary.length) return;
    if (export->failure->reach == REACH_NONE && rename(export->temporary.at, export->path) != 0)
        failure_fatal(export->failure, EXIT_IO, "cannot write %s: %s", export->path, strerror(errno));
    if (export->failure->reach != REACH_NONE) remove(export->temporary.at);
}

static void close_output(struct export *export) {
    /* A full disk may be detected only when the rest of the buffer is written. */
    bool done = export->file == stdout ? fflush(stdout) == 0 : fclose(export->file) == 0;
    if (!done && export->failure->reach == REACH_NONE)
        failure_fatal(export->failure, EXIT_IO, "cannot write the export: %s", strerror(errno));
    finish_file(export);
    buffer_free(&export->out);
}

static void warn_of_damage(const struct export *export) {
    struct buffer line = BUFFER(256);
    buffer_print(&line, "%zu damaged record%s left out; see `dragoman verify`", export->damaged,
                 export->damaged == 1 ? " was" : "s were");
    log_sentence(&export->program->log, LOG_LEVEL_WARNING, line.at);
    buffer_free(&line);
}

/* A day that does not exist would look as if it had no records, and so would an unknown language. */
static bool check_words(struct export *export, const struct call *call, struct arena *arena) {
    const char *language = call_option(call, "--language");
    struct table names;
    struct period period;
    if (export->exporter->feed && call->word_count > 1)
        return failure_fatal(export->failure, EXIT_USAGE,
                             "unexpected argument '%s': %s exports the sources, which have "
                             "no days",
                             call->words[1], export->exporter->name);
    for (size_t i = 1; i < call->word_count; i++)
        if (!period_read(call->words[i], export->program->day, &period, export->failure)) return false;
    return !language || (language_names_read(export->program->data_folder, arena, &names, export->failure) &&
                         language_read(&names, span_of(language), arena, &export->language, export->failure));
}

static void do_all(struct export *export, const struct call *call) {
    struct arena *arena = arena_new();
    if (check_words(export, call, arena) && open_output(export, call_option(call, "--output"))) {
        export_what(export, call);
        close_output(export);
    }
    buffer_free(&export->temporary);
    arena_free(arena);
}

static enum exit_code do_export(struct call *call, struct failure *ret_failure) {
    const struct exporter *exporter = call->word_count ? exporter_named(call->words[0]) : NULL;
    struct export export = {.exporter = exporter,
                            .program = call->program,
                            .output_folder = call->program->output_folder,
                            .temporary = BUFFER(PATH_BYTES),
                            .out = BUFFER(OUTPUT_LIMIT),
                            .failure = ret_failure};
    if (!exporter) {
        struct buffer names = BUFFER(1024);
        for (size_t i = 0; exporters[i]; i++) buffer_print(&names, " %s", exporters[i]->name);
        failure_fatal(ret_failure, EXIT_USAGE,
                      "no known format given; write `dragoman export FORMAT`, where FORMAT is one of:%s", names.at);
        buffer_free(&names);
        return EXIT_USAGE;
    }
    do_all(&export, call);
    if (export.damaged) warn_of_damage(&export);
    return ret_failure->reach != REACH_NONE ? ret_failure->exit_code : export.damaged ? EXIT_SOME_FAILED : EXIT_DONE;
}

static const struct option export_options[] = {{"--language", "CODE", "export only this source language"},
                                               {"--output", "FILE", "write to this file instead of standard output"},
                                               OPTIONS_END};
static const char *const export_examples[] = {"dragoman export tmx --output memory.tmx",
                                              "the translation memory, for another machine or translation tool",
                                              "dragoman export opml --output feeds.opml",
                                              "the feeds of the configuration, for a feed reader",
                                              "dragoman export xliff 2026-01-29 --language bg",
                                              "a day's Bulgarian articles, for a translator to correct",
                                              NULL};

const struct subcommand command_export = {
    .name = "export",
    .takes = "FORMAT [DAY]...",
    .max_words = ANY_WORDS,
    .help = "export records (of all days, or of the given ones), the translation memory or the feeds",
    .options = export_options,
    .examples = export_examples,
    .run = do_export};
