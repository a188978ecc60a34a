#include "program/run.h"

#include <stdio.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/engine/plan.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/spending.h"
#include "pipeline/store/store.h"
#include "pipeline/store/store_workers.h"
#include "program/first_run.h"
#include "program/mail/send.h"
#include "program/metrics.h"
#include "program/outages.h"
#include "program/owner.h"
#include "program/prune/prune.h"
#include "program/publish.h"
#include "program/repair.h"
#include "program/revisit.h"
#include "program/run_internal.h"
#include "program/sandbox.h"
#include "program/say.h"
#include "program/schedule.h"
#include "program/search/fill.h"
#include "program/state.h"
#include "program/stopping.h"

/* Reading of sources pauses while the records of unfinished articles take up more bytes than this in the store, so that
 * a large source cannot fill the disk. */
static const size_t BACKLOG_LIMIT = 64u << 20;

/* ---------------------------------------------------------------- the loop */

/* The store has the cost of the whole day, so the amount that earlier runs spent is subtracted. */
static struct progress_counts count_progress(const struct run *run) {
    struct bill_line spent = store_spent(run->program->store, span_of(run->program->day), SPAN(""), SPAN(""));
    return (struct progress_counts){.ended = report_ended(&run->report),
                                    .known_of = run->report.found,
                                    .under_way = scheduler_in_flight(run->loop.scheduler),
                                    .failed = run->report.dead,
                                    .waiting = run->report.waiting,
                                    .all_found = discovery_finished(run->loop.discovery),
                                    .cost = (double)(spent.cost - run->spent_before) / 1e6};
}

static void show_progress(struct run *run) {
    /* Counting the cost queries the store, so it is done only when the progress line is due. */
    if (!progress_is_due(&run->progress)) return;
    struct progress_counts counts = count_progress(run);
    progress_show(&run->progress, &counts);
}

static void end_progress(struct run *run) {
    struct progress_counts counts = count_progress(run);
    progress_end(&run->progress, &counts);
}

static void commit(struct run *run) {
    struct failure failure = {0};
    if (!store_queue_commit(run->program->store, &failure)) run_note_fatal(run, &failure);
}

/* Says what is being done, for the answer to a signal, and logs the signal once. */
static void note_step(struct run *run, const char *what) {
    stopping_finishes(what, scheduler_in_flight(run->loop.scheduler));
    if (run->told_stopping || !program_interrupted()) return;
    struct buffer sentence = BUFFER(256);
    run->told_stopping = true;
    stopping_write(&sentence);
    run_log(run, LOG_LEVEL_NOTICE, "run-stopping", "", SPAN(""), sentence.at);
    buffer_free(&sentence);
}

/* Handles the results since the last call. Reading of sources pauses while the store holds too many unprocessed
 * articles. */
static void take_results(struct run *run) {
    run_take_kept(run);
    if (run->is_reading && discovery_finished(run->loop.discovery)) {
        store_end_reading(run->program->store);
        run->is_reading = false;
    }
    commit(run);
    note_step(run, NULL);
    show_progress(run);
    discovery_pause(run->loop.discovery, store_backlog(run->program->store) > BACKLOG_LIMIT || run_must_wait(run));
    if (run->fatal.reach != REACH_NONE) loop_stop(&run->loop);
}

static void work(struct run *run) {
    do {
        take_results(run);
    } while (loop_turn(&run->loop));
    end_progress(run);
    /* After an interruption, threads may still be computing with stages and tables that are closed for the pages. */
    scheduler_wait(run->loop.scheduler);
    discovery_wait(run->loop.discovery);
}

/* ---------------------------------------------------------------- before and after */

/* Adds the sources that are due. What the store knows about the other sources, and their articles, is unchanged. */
static void add_sources(struct run *run) {
    const struct config *config = run->program->config;
    store_begin_reading(run->program->store);
    run->is_reading = true;
    for (size_t i = 0; i < config_section_count(config, source_table); i++) {
        const struct section *section = config_section_at(config, source_table, i);
        if (schedule_is_due(run, section) && run_may_read(run, section_name(section)))
            program_add_source(run->program, run->loop.discovery, section);
    }
}

enum { REPORT_LIMIT = 16 << 20 };

static void make_report(struct run *run, struct buffer *out) {
    struct program *program = run->program;
    struct span currency = budget_settings_of(program->config)->currency;
    cJSON *spent = spending_json(program->store, span_of(program->day), currency);
    report_json(&run->report, program->dispatcher, program->budget, spent, (double)(clock_ms() - run->started) / 1000,
                out);
}

static bool write_report(struct run *run, bool prints, struct failure *ret_failure) {
    struct program *program = run->program;
    struct buffer json = BUFFER(REPORT_LIMIT), name = BUFFER(64);
    make_report(run, &json);
    run->notes_written = run->report.note_count;
    buffer_print(&name, "%s/report.json", program->day);
    bool done = durable_writer_write(program->output_folder, buffer_span(&name), buffer_span(&json), ret_failure);
    if (prints) puts(json.at);
    buffer_free(&json);
    buffer_free(&name);
    return done;
}

static void note_mail(void *context, const struct mail_outcome *outcome) {
    struct run *run = context;
    struct report_mail mail = {.label = outcome->label,
                               .mails = outcome->mails,
                               .stories = outcome->stories,
                               .reason = span_of(outcome->failed ? outcome->failure.sentence : "")};
    report_add_mail(&run->report, &mail);
    if (outcome->mails) run_log(run, LOG_LEVEL_INFO, "mail-sent", "", outcome->label, NULL);
    if (outcome->failed) run_log(run, LOG_LEVEL_WARNING, "mail-waits", "", outcome->label, outcome->failure.sentence);
}

/* The report, and what the store has to know of the sources. */
static bool note_sources(struct run *run, struct failure *ret_failure) {
    return write_report(run, false, ret_failure) && outages_note(run, ret_failure) && schedule_note(run, ret_failure);
}

/* Outages are noted before the pages are made, because the pages report them. Mail links to the pages, so it is sent
 * when they are in place, and so is news; the report is written before, so that it is there whatever the mail server
 * does, and once more if there is something to say about mail or hooks (end_report()). */
static bool publish(struct run *run, struct failure *ret_failure) {
    char since[11];
    size_t made;
    struct program *program = run->program;
    repair_since(program, since);
    return (!state_is_on_server(program) || repair_missing(program, since, ret_failure)) &&
           publish_stale_days(program, since, &made, ret_failure) && run_may_publish(run) &&
           mail_after_run(program, note_mail, run, ret_failure);
}

static void end_report(struct run *run, struct failure *ret_failure) {
    bool again = run->report.mail_count || run->prints_json || run->report.note_count != run->notes_written;
    if (run->reported && again && !write_report(run, run->prints_json, ret_failure)) run_note_fatal(run, ret_failure);
}

/* Filled last: it can be made again from the records at any time, so a failure is no failure of the run. */
static void fill_index(struct run *run) {
    struct failure failure = {0};
    run->program->began = 0;
    search_refresh(run->program->output_folder, &failure);
    run_tell_aside(run, SPAN("search index"), "search-index", &failure);
}

static void tell_network(struct run *run) {
    struct failure warning = {0};
    program_is_on_network(run->program, &warning);
    run_tell_aside(run, SPAN("file system"), "network-file-system", &warning);
}

static void write_metrics(struct run *run, enum exit_code code) {
    struct failure failure = {0};
    struct metrics_run metrics = {
        .code = code, .seconds = (double)(clock_ms() - run->started) / 1000, .report = &run->report};
    metrics_write(run->program, &metrics, &failure);
    run_tell_aside(run, SPAN("metrics"), "metrics", &failure);
}

/* Marks as suspected the articles that a worker was processing when the previous process died, according to the crash
 * marks. Articles that were not being processed at that time are not suspected. */
static bool take_marks(struct run *run, struct failure *ret_failure) {
    struct store *store = run->program->store;
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s.marks", run->program->state_path);
    bool done = crash_marks_open(path.at, &run->marks, ret_failure);
    program_hold_marks(run->marks);
    size_t count = done ? crash_marks_found(run->marks) : 0;
    for (size_t i = 0; done && i < count; i++)
        done = store_suspect(store, crash_marks_id(run->marks, i), count == 1, ret_failure);
    run->suspects = done && store_has_suspected(store);
    buffer_free(&path);
    return done && store_commit(store, ret_failure);
}

static void open_loop(struct run *run, const struct run_settings *settings) {
    struct program *program = run->program;
    run->durable_writer = durable_writer_new(program->output_folder, program->store);
    run->flusher = flusher_new(program->store);
    budget_flush_with(program->budget, run->flusher);
    run->loop = (struct loop){.dispatcher = program->dispatcher,
                              .stop_fd = program->signal_fd,
                              .store = program->store,
                              .durable_writer = run->durable_writer,
                              .flusher = run->flusher,
                              .deadline = settings->deadline ? run->started + settings->deadline : 0,
                              .grace_ms = settings->grace_period};
    struct scheduler_options options = program_scheduler_options(program);
    options.in_flight = (size_t)settings->in_flight;
    options.threads = (size_t)settings->threads;
    options.marks = run->marks;
    options.context = run;
    options.feed = run_feed;
    options.leave = run_leave;
    loop_open(&run->loop, &options, run_found, run_source_failed);
    discovery_announce(run->loop.discovery, run_look_ahead);
}

static bool open_run(struct run *run, bool dry_run, struct failure *ret_failure) {
    struct program *program = run->program;
    const struct run_settings *settings = program->settings;
    if (config_section_count(program->config, source_table) == 0)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "no [source] is configured, so there is nothing to read; `dragoman init` writes a first "
                             "configuration; or add one to ~/.config/dragoman/dragoman.conf, or to the file that "
                             "--config names, e.g. the lines [source \"news\"], kind = feed, url = https://...");
    if (!dry_run && owner_is_service(program, ret_failure)) return false;
    /* A file is opened exclusively, because two runs at once would process and pay for the same articles. */
    bool opened = dry_run ? program_open_dry_run(program, ret_failure)
                          : program_open_store(program, false, STORE_SHARED, ret_failure);
    struct repair_counts repair;
    if (opened && !dry_run && !repair_recent(program, &repair, ret_failure)) return false;
    if (!dry_run) program_open_archive(program);
    if (!opened || !program_open_engine(program, ret_failure) ||
        !program_open_stages(program, NULL, dry_run ? &stage_summarize : NULL, false, ret_failure))
        return false;
    program->report = &run->report;
    run->spent_before = store_spent(program->store, span_of(program->day), SPAN(""), SPAN("")).cost;
    if (!dry_run) store_claim_several(program->store);
    run->attempts = (unsigned)settings->attempts;
    run->revisit_ms = settings->revisit;
    if (!dry_run && (!take_marks(run, ret_failure) || !revisit_begin(run, ret_failure))) return false;
    if (!dry_run && !sandbox_begin(program, ret_failure)) return false;
    open_loop(run, settings);
    return true;
}

static void close_run(struct run *run) {
    loop_close(&run->loop);
    /* If the run was stopped, some articles are not marked as done although their records were written. The next run
     * finds these records and marks the articles. */
    while (run->durable_writer && durable_writer_take(run->durable_writer)) continue;
    durable_writer_free(run->durable_writer);
    if (run->flusher) budget_flush_with(run->program->budget, NULL);
    flusher_free(run->flusher);
    program_hold_marks(NULL);
    crash_marks_close(run->marks);
    run->program->report = NULL;
    report_free(&run->report);
}

static struct run start_run(struct program *program) {
    bool on_terminal = isatty(STDERR_FILENO) && !program->quiet;
    struct run run = {.program = program,
                      .report = report_new(),
                      .started = clock_ms(),
                      .progress = progress_start(!program->quiet),
                      .on_terminal = on_terminal};
    if (on_terminal && program->log.format != LOG_JSON) stopping_answer(run.progress.shown_here);
    return run;
}

/* Articles that were skipped, failed or would wait are counted in the report; all others are in the plan. */
static void print_dry_run(const struct run *run) {
    enum { MAX_TOLD = 5 };
    const struct program *program = run->program;
    struct buffer out = BUFFER(1 << 20), sentence = BUFFER(4096);
    report_sentence(&run->report, &sentence);
    for (size_t i = 0; i < run->report.sources_failed && i < MAX_TOLD; i++)
        buffer_print(&sentence, "; source %.*s failed: %s", SPAN_ARGS(run->report.sources[i].name),
                     run->report.sources[i].failure.sentence);
    plan_print(program->plan, buffer_span(&sentence), program->budget, budget_settings_of(program->config)->currency,
               &out);
    say_lines(buffer_span(&out));
    buffer_free(&sentence);
    buffer_free(&out);
}

enum exit_code run_dry(struct program *program, struct failure *ret_failure) {
    struct run run = start_run(program);
    bool ready = open_run(&run, true, ret_failure);
    if (ready) {
        add_sources(&run);
        work(&run);
        run_review_failed(&run);
        print_dry_run(&run);
    }
    if (run.fatal.reach == REACH_RUN) *ret_failure = run.fatal;
    enum exit_code code = ret_failure->reach == REACH_RUN ? ret_failure->exit_code : run_verdict(&run);
    close_run(&run);
    return code;
}

/* The hooks are the last to be told of a run, so that they know how it ended. */
static void call_hooks(struct run *run, enum exit_code code, const struct buffer *line) {
    struct buffer json = BUFFER(REPORT_LIMIT);
    make_report(run, &json);
    run_hooks_end(run, code, run->fatal.reach == REACH_RUN ? span_of(run->fatal.sentence) : buffer_span(line),
                  buffer_span(&json));
    buffer_free(&json);
}

/* A signal that comes while the hooks run changes nothing of what the run has done. */
static enum exit_code conclude(struct run *run, bool first, struct failure *ret_failure) {
    struct buffer line = BUFFER(16384);
    struct failure failure = {0};
    enum exit_code code = run_verdict(run);
    /* A fatal failure is printed by the caller. */
    if (run->fatal.reach == REACH_NONE) run_tell(run, code, &line);
    if (first && run->fatal.reach == REACH_NONE && !program_interrupted()) first_run_end(run->program);
    write_metrics(run, code);
    call_hooks(run, code, &line);
    end_report(run, ret_failure);
    /* Now it must be known whether all of it was committed. */
    if (!store_commit(run->program->store, &failure)) run_note_fatal(run, &failure);
    buffer_free(&line);
    return run->fatal.reach == REACH_RUN ? run->fatal.exit_code : code;
}

static bool make_pages(struct run *run, struct failure *ret_failure) {
    note_step(run, "the pages");
    run->reported = note_sources(run, ret_failure);
    if (!run->reported || !run->program->settings->publish || !run_may_publish(run)) return run->reported;
    if (!publish(run, ret_failure)) return false;
    run_hooks_news(run);
    fill_index(run);
    return true;
}

static void publish_all(struct run *run, struct failure *ret_failure) {
    /* Everything that the sources found is now in the store, so they may save what they need to recognise changes next
     * time, e.g. the ETag. */
    discovery_settle(run->loop.discovery);
    if (!store_hand_back(run->program->store, ret_failure)) run_note_fatal(run, ret_failure);
    commit(run);
    report_add_services(&run->report, run->program->dispatcher, run->program->store);
    if (!make_pages(run, ret_failure)) run_note_fatal(run, ret_failure);
}

enum exit_code run_command(struct program *program, bool json, struct failure *ret_failure) {
    struct run run = start_run(program);
    run.prints_json = json;
    if (!open_run(&run, false, ret_failure)) {
        run_hooks_refused(&run, ret_failure);
        close_run(&run);
        return ret_failure->exit_code ? ret_failure->exit_code : EXIT_CONFIG;
    }
    program->began = time(NULL);
    bool first = run.on_terminal && store_is_empty(program->store);
    if (first) first_run_begin();
    if (run.on_terminal)
        fprintf(stderr, "dragoman: reading %zu source%s\n", config_section_count(program->config, source_table),
                PLURAL(config_section_count(program->config, source_table)));
    tell_network(&run);
    run_hooks_begin(&run);
    add_sources(&run);
    work(&run);
    run_review_failed(&run);
    if (run.fatal.reach == REACH_NONE) publish_all(&run, ret_failure);
    enum exit_code code = conclude(&run, first, ret_failure);
    if (run.fatal.reach == REACH_RUN) *ret_failure = run.fatal;
    close_run(&run);
    /* Only now, because nothing else uses the store any more. */
    bool prunes = run.fatal.reach == REACH_NONE && !program_interrupted() && program->settings->publish;
    if (prunes && store_become_alone(program->store)) prune_after_run(program);
    return code;
}
