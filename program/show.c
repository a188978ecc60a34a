#include "program/show.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/engine/discovery.h"
#include "pipeline/engine/edition.h"
#include "pipeline/engine/scheduler.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/dispatcher.h"

enum { IN_FLIGHT = 256, WAIT_MS = 1000 };

/* Articles that have been found and not yet fed; results that wait for their turn. */
struct show {
    struct program *program;
    struct discovery *discovery;
    struct scheduler *scheduler;
    struct article **queue;
    size_t queue_first, queue_count, queue_capacity;
    struct article *results[IN_FLIGHT]; /* ring, by number of the article */
    size_t fed, printed, failed;
    struct edition *edition; /* articles are gathered instead of printed */
    struct failure fatal;
};

static void print(struct show *show, const struct article *article) {
    struct buffer line = BUFFER(RECORD_LIMIT);
    if (record_write(article, RECORD_SHOW, &line)) {
        buffer_add(&line, "\n", 1);
        if (fwrite(line.at, 1, line.length, stdout) != line.length)
            failure_fatal(&show->fatal, EXIT_IO, "cannot write to standard output");
    }
    buffer_free(&line);
}

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
        scheduler_settled(show->scheduler);
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
    show->results[article->number % IN_FLIGHT] = article;
}

static bool found(void *context, const struct discovered *source, struct article *article) {
    struct show *show = context;
    (void)source;
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
    if (!note) show->failed += failure->reach != REACH_ARTICLE || failure->remedy != REMEDY_NEXT_RUN;
}

static enum feed_result feed(void *context, struct article **ret_article) {
    struct show *show = context;
    if (show->queue_count == 0) {
        show->queue_first = 0;
        return discovery_finished(show->discovery) ? FEED_END : FEED_LATER;
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
    FILE *file = span_find(address, SPAN("://")) == SIZE_MAX ? fopen(address.at, "rb") : NULL;
    if (file) {
        length = fread(head, 1, sizeof head, file);
        fclose(file);
    }
    const struct source *best = NULL;
    int most = 0;
    for (size_t i = 0; sources[i]; i++) {
        int sure = sources[i]->recognise ? sources[i]->recognise(address, (struct span){head, length}) : 0;
        if (sure > most) {
            most = sure;
            best = sources[i];
        }
    }
    return best;
}

static const char *address_key(const struct source *source) {
    for (const struct setting *setting = source->settings.entries; setting && setting->name; setting++)
        if (strcmp(setting->name, "url") == 0 || strcmp(setting->name, "path") == 0) return setting->name;
    return NULL;
}

static bool add_address(struct show *show, const char *address, const char *from, size_t number,
                        struct failure *ret_failure) {
    struct config *config = show->program->config;
    const struct source *source = from ? source_of(span_of(from)) : recognise(span_of(address));
    if (!source)
        return failure_fatal(ret_failure, EXIT_USAGE, "'%s' is neither a file nor an address that can be read",
                             address);
    struct buffer line = BUFFER(1 << 16);
    buffer_print(&line, "source.show%zu.kind=%s", number, source->name);
    config_set(config, line.at);
    buffer_clear(&line);
    buffer_print(&line, "source.show%zu.%s=%s", number, address_key(source) ? address_key(source) : "", address);
    if (address_key(source)) config_set(config, line.at);
    buffer_free(&line);
    return true;
}

static bool add_sources(struct show *show, const struct show_options *options, struct failure *ret_failure) {
    static char standard_input[] = "-";
    size_t before = config_section_count(show->program->config, source_table);
    for (size_t i = 0; i < options->address_count; i++)
        if (!add_address(show, options->addresses[i], options->from, i, ret_failure)) return false;
    if (options->address_count == 0 && !add_address(show, standard_input, options->from, 0, ret_failure)) return false;
    config_finish(show->program->config);
    for (size_t i = before; i < config_section_count(show->program->config, source_table); i++) {
        const struct section *section = config_section_at(show->program->config, source_table, i);
        struct source_context context = {.section = section,
                                         .common = section_values(section),
                                         .settings = section_kind_values(section),
                                         .store = show->program->store,
                                         .working_folder = ".",
                                         .data_folder = show->program->data_folder,
                                         .resources = program_resources(show->program)};
        discovery_add(show->discovery, source_of(section_kind(section)), &context);
    }
    return true;
}

/* ---------------------------------------------------------------- the command */

static void loop(struct show *show) {
    while (!scheduler_finished(show->scheduler) && show->fatal.reach == REACH_NONE && !program_interrupted()) {
        discovery_pause(show->discovery, show->queue_count >= IN_FLIGHT);
        bool moved = discovery_turn(show->discovery);
        scheduler_turn(show->scheduler);
        dispatcher_turn(show->program->dispatcher);
        print_in_turn(show);
        struct pollfd fds[] = {{.fd = scheduler_fd(show->scheduler), .events = POLLIN},
                               {.fd = discovery_fd(show->discovery), .events = POLLIN},
                               {.fd = show->program->signal_fd, .events = POLLIN}};
        bool hungry = moved || (show->queue_count && scheduler_in_flight(show->scheduler) < IN_FLIGHT);
        if (!scheduler_finished(show->scheduler))
            dispatcher_wait(show->program->dispatcher, fds, 3, hungry ? 0 : WAIT_MS);
    }
}

static bool run_edition(struct show *show, const struct stage *stage, struct failure *ret_failure) {
    if (!program_open_stages(show->program, stage->name, stage->name, true, ret_failure)) return false;
    size_t last = show->program->stage_count - 1;
    if (!stage->edit(show->program->states[last], show->edition, ret_failure)) return false;
    for (size_t i = 0; i < show->edition->count; i++) print(show, show->edition->articles[i]);
    return true;
}

static const struct stage *last_stage(const struct show_options *options, struct failure *ret_failure) {
    const char *name = options->only ? options->only : options->until ? options->until : "summarize";
    const struct stage *stage = program_stage(name);
    if (!stage)
        failure_fatal(ret_failure, EXIT_USAGE, "there is no stage '%s'; see `dragoman --help` for their names", name);
    return stage;
}

static void close_show(struct show *show) {
    discovery_free(show->discovery);
    scheduler_free(show->scheduler);
    while (show->queue_count) article_free(show->queue[show->queue_first + --show->queue_count]);
    for (size_t i = 0; i < IN_FLIGHT; i++) article_free(show->results[i]);
    free(show->queue);
    edition_free(show->edition);
}

enum exit_code show_command(struct program *program, const struct show_options *options, struct failure *ret_failure) {
    struct show show = {.program = program};
    const struct stage *last = last_stage(options, ret_failure);
    if (!last) return ret_failure->exit_code;
    bool edition = stage_is_for_editions(last);
    if (edition) show.edition = edition_new(program->day);
    bool ready =
        program_open_store(program, true, false, ret_failure) && program_open_engine(program, ret_failure) &&
        ((edition && options->only) || program_open_stages(program, options->only, last->name, false, ret_failure));
    show.discovery = discovery_new(program->dispatcher, found, source_failed, &show);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct scheduler_options scheduler = {.stages = program->stages,
                                          .states = program->states,
                                          .stage_count = program->stage_count,
                                          .in_flight = IN_FLIGHT,
                                          .threads = processors > 0 ? (size_t)processors : 1,
                                          .dispatcher = program->dispatcher,
                                          .context = &show,
                                          .feed = feed,
                                          .leave = leave};
    show.scheduler = scheduler_new(&scheduler);
    ready = ready && add_sources(&show, options, ret_failure);
    if (ready) loop(&show);
    if (ready && edition && show.fatal.reach == REACH_NONE) ready = run_edition(&show, last, ret_failure);
    if (show.fatal.reach != REACH_NONE) *ret_failure = show.fatal;
    enum exit_code code = ret_failure->reach == REACH_RUN ? ret_failure->exit_code
                          : program_interrupted()         ? EXIT_INTERRUPTED
                          : show.failed                   ? EXIT_SOME_FAILED
                                                          : EXIT_DONE;
    close_show(&show);
    return ready ? code : ret_failure->reach == REACH_RUN ? ret_failure->exit_code : EXIT_SOME_FAILED;
}
