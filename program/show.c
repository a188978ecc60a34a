#include "program/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/base/file.h"
#include "pipeline/base/input_file.h"
#include "pipeline/engine/edition.h"
#include "pipeline/engine/loop.h"
#include "pipeline/engine/source_settings.h"
#include "program/show_text.h"

/* IN_FLIGHT is also the size of the ring of results, so a slow article holds back at most this many finished ones. */
enum { IN_FLIGHT = 256 };

/* Holds articles that have been found but not yet passed to the scheduler, and results that wait to be printed, because
 * they are printed in the order of the input. */
struct show {
    struct program *program;
    enum show_format format;
    bool is_second; /* an article has been printed */
    struct loop loop;
    struct article **queue;
    size_t queue_first, queue_count, queue_capacity;
    struct article *results[IN_FLIGHT]; /* a ring, indexed by the article's number */
    size_t fed, printed, failed;
    struct edition *edition; /* if set, articles are collected here instead of being printed */
    struct failure fatal;
};

/* Asked each time, because windows are resized. */
static size_t terminal_columns(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : SHOW_COLUMNS;
}

/* Articles are kept apart by a line. */
static bool write_readable(struct show *show, const struct article *article, struct buffer *out) {
    bool text = show->format == SHOW_TEXT;
    if (show->is_second) buffer_add_string(out, text ? "----\n\n" : "---\n\n");
    show->is_second = true;
    if (text)
        show_text(article, terminal_columns(), out);
    else
        show_markdown(article, out);
    return !out->full;
}

static void print(struct show *show, const struct article *article) {
    struct buffer line = BUFFER(RECORD_LIMIT);
    bool json = show->format == SHOW_JSON;
    if (json ? record_write(article, RECORD_SHOW, &line) : write_readable(show, article, &line)) {
        if (json) buffer_add(&line, "\n", 1);
        if (fwrite(line.at, 1, line.length, stdout) != line.length)
            failure_fatal(&show->fatal, EXIT_IO, "cannot write to standard output");
    }
    buffer_free(&line);
}

/* Prints finished articles up to the first one that is still in progress. An article is settled, which makes room for
 * another one, only after it has been printed. */
static void print_in_turn(struct show *show) {
    while (show->printed < show->fed) {
        struct article **place = &show->results[show->printed % IN_FLIGHT];
        if (!*place) return;
        if (show->edition)
            edition_add(show->edition, *place);
        else {
            print(show, *place);
            article_free(*place);
        }
        *place = NULL;
        show->printed++;
        scheduler_settled(show->loop.scheduler);
    }
}

static void leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure) {
    struct show *show = context;
    if (outcome == STAGE_FAIL) {
        article->status = ARTICLE_FAILED;
        article->failure = *failure;
        show->failed++;
        if (failure->reach == REACH_RUN) show->fatal = *failure;
    }
    /* This place is free: an article is settled only after it has been printed, so at most IN_FLIGHT articles are
     * between feed() and printing. */
    show->results[article->number % IN_FLIGHT] = article;
}

static bool found(void *context, const struct discovered *source, struct article *article) {
    struct show *show = context;
    (void)source;
    /* The queue is bounded by discovery_pause() in take_results(). */
    if (show->queue_first + show->queue_count == show->queue_capacity) {
        show->queue_capacity = show->queue_capacity ? show->queue_capacity * 2 : 256;
        show->queue = memory_resize(show->queue, show->queue_capacity * sizeof *show->queue);
    }
    show->queue[show->queue_first + show->queue_count++] = article;
    return true;
}

static void source_failed(void *context, const struct discovered *source, const struct failure *failure) {
    struct show *show = context;
    (void)source;
    bool note = failure->reach == REACH_NONE;
    log_sentence(&show->program->log, note ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING, failure->sentence);
    /* Items beyond a source's limit are left for a later call, which is not a failure. */
    if (!note) show->failed += discovery_is_outage(failure) || failure->remedy != REMEDY_NEXT_RUN;
}

static enum feed_result feed(void *context, struct article **ret_article) {
    struct show *show = context;
    if (show->queue_count == 0) {
        show->queue_first = 0;
        return discovery_finished(show->loop.discovery) ? FEED_END : FEED_LATER;
    }
    *ret_article = show->queue[show->queue_first++];
    show->queue_count--;
    (*ret_article)->number = show->fed++;
    return FEED_ARTICLE;
}

/* ---------------------------------------------------------------- sources from addresses */

static const struct source *recognise(struct span address) {
    char head[512];
    size_t length = 0;
    const char *why;
    /* Local files are recognised by their first bytes too, not only by their names. A pipe is not read here, because
     * what is read from it is gone. */
    int file = span_find(address, SPAN("://")) == SIZE_MAX ? input_file_open(address.at, &why) : -1;
    if (file >= 0) {
        ssize_t got = file_read_up_to(file, head, sizeof head);
        length = got > 0 ? (size_t)got : 0;
        close(file);
    }
    const struct source *best = NULL;
    int most = 0;
    for (size_t i = 0; sources[i]; i++) {
        /* Chooses the kind with the highest certainty, or the first one if several are equal. */
        int sure = sources[i]->recognise ? sources[i]->recognise(address, (struct span){head, length}) : 0;
        if (sure > most) {
            most = sure;
            best = sources[i];
        }
    }
    return best;
}

static bool add_address(struct show *show, const char *address, const char *from, struct failure *ret_failure) {
    struct config *config = show->program->config;
    const struct source *source = from ? source_of(span_of(from)) : recognise(span_of(address));
    if (!source)
        return failure_fatal(ret_failure, EXIT_USAGE, "'%s' is neither a readable file nor a supported address",
                             address);
    const struct section *section =
        config_add_section(config, source_table, source->name, source_address_setting(source), span_of(address));
    program_add_source(show->program, show->loop.discovery, section);
    return true;
}

static bool add_addresses(struct show *show, const struct show_options *options, struct failure *ret_failure) {
    if (options->address_count == 0) return add_address(show, "-", options->from, ret_failure);
    for (size_t i = 0; i < options->address_count; i++)
        if (!add_address(show, options->addresses[i], options->from, ret_failure)) return false;
    return true;
}

/* ---------------------------------------------------------------- the command */

/* Pauses the sources while the queue holds IN_FLIGHT articles or more. */
static void take_results(struct show *show) {
    print_in_turn(show);
    discovery_pause(show->loop.discovery, show->queue_count >= IN_FLIGHT);
    if (show->fatal.reach != REACH_NONE) loop_stop(&show->loop);
}

static void open_loop(struct show *show) {
    const struct program *program = show->program;
    struct scheduler_options options = program_scheduler_options(program);
    options.in_flight = IN_FLIGHT;
    options.context = show;
    options.feed = feed;
    options.leave = leave;
    show->loop =
        (struct loop){.dispatcher = program->dispatcher, .stop_fd = program->signal_fd, .grace_ms = LOOP_NO_GRACE};
    loop_open(&show->loop, &options, found, source_failed);
}

static void work(struct show *show) {
    do {
        take_results(show);
    } while (loop_turn(&show->loop));
}

/* Stages for editions need all articles at once, so they run when the sources and article stages are done. */
static bool run_edition(struct show *show, const struct stage *stage, struct failure *ret_failure) {
    if (!program_open_stages(show->program, stage, stage, true, ret_failure)) return false;
    size_t last = show->program->stage_count - 1;
    if (!stage->edit(show->program->states[last], show->edition, ret_failure)) return false;
    for (size_t i = 0; i < show->edition->count; i++) print(show, show->edition->articles[i]);
    return true;
}

static const struct stage *last_stage(const struct show_options *options, struct failure *ret_failure) {
    const char *name = options->only ? options->only : options->until;
    const struct stage *stage = name ? program_stage(name) : &stage_summarize;
    if (!stage) failure_fatal(ret_failure, EXIT_USAGE, "unknown stage '%s'; see `dragoman --help` for the names", name);
    return stage;
}

/* After a stop, articles may be left in the queue and in the ring. */
static void close_show(struct show *show) {
    loop_close(&show->loop);
    while (show->queue_count) article_free(show->queue[show->queue_first + --show->queue_count]);
    for (size_t i = 0; i < IN_FLIGHT; i++) article_free(show->results[i]);
    free(show->queue);
    edition_free(show->edition);
}

enum exit_code show_command(struct program *program, const struct show_options *options, struct failure *ret_failure) {
    struct show show = {.program = program, .format = options->format};
    const struct stage *last = last_stage(options, ret_failure);
    if (!last) return ret_failure->exit_code;
    bool edition = stage_is_for_editions(last);
    if (edition) show.edition = edition_new(program->day);
    bool ready = program_open_store(program, true, STORE_UNLOCKED, ret_failure) &&
                 program_open_engine(program, ret_failure) &&
                 ((edition && options->only) ||
                  program_open_stages(program, options->only ? last : NULL, last, false, ret_failure));
    open_loop(&show);
    ready = ready && add_addresses(&show, options, ret_failure);
    if (ready) work(&show);
    if (ready && edition && show.fatal.reach == REACH_NONE) ready = run_edition(&show, last, ret_failure);
    if (show.fatal.reach != REACH_NONE) *ret_failure = show.fatal;
    enum exit_code code = ret_failure->reach == REACH_RUN ? ret_failure->exit_code
                          : program_interrupted()         ? EXIT_INTERRUPTED
                          : show.failed                   ? EXIT_SOME_FAILED
                                                          : EXIT_DONE;
    close_show(&show);
    return ready ? code : ret_failure->reach == REACH_RUN ? ret_failure->exit_code : EXIT_SOME_FAILED;
}
