#include "program/run.h"

#include <poll.h>
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
#include "program/outages.h"
#include "program/publish.h"
#include "program/repair.h"
#include "program/revisit.h"
#include "program/run_internal.h"
#include "program/schedule.h"

enum { WAIT_MS = 200 };
static const size_t BACKLOG_LIMIT = 64u << 20;

/* ---------------------------------------------------------------- the loop */

static struct progress_counts count_progress(const struct run *run) {
    struct bill_line spent = store_spent(run->program->store, span_of(run->program->day), SPAN(""), SPAN(""));
    return (struct progress_counts){.ended = report_ended(&run->report),
                                    .known_of = run->report.found,
                                    .under_way = scheduler_in_flight(run->scheduler),
                                    .failed = run->report.dead,
                                    .waiting = run->report.waiting,
                                    .all_found = discovery_finished(run->discovery),
                                    .cost = (double)(spent.cost - run->spent_before) / 1e6};
}

static void show_progress(struct run *run) {
    if (!progress_is_due(&run->progress)) return;
    struct progress_counts counts = count_progress(run);
    progress_show(&run->progress, &counts);
}

static void end_progress(struct run *run) {
    struct progress_counts counts = count_progress(run);
    progress_end(&run->progress, &counts);
}

/* After a signal, a deadline or a fatal failure: nothing new is begun, what is under way may finish for a while. */
static void consider_stopping(struct run *run) {
    int64_t now = clock_ms();
    bool late = run->deadline && now > run->deadline;
    if (run->stopping || !(late || program_interrupted() || run->fatal.reach != REACH_NONE)) return;
    run->stopping = true;
    run->stop_at = now + run->grace_ms;
    scheduler_stop_feeding(run->scheduler);
    discovery_stop(run->discovery);
    struct failure failure;
    failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the run ended before this could be asked for");
    failure_blame(&failure, CAUSE_MACHINE, SPAN(RUN_ENDED));
    dispatcher_give_up_waiting(run->program->dispatcher, &failure);
}

static void commit(struct run *run) {
    struct failure failure = {0};
    if (!store_commit(run->program->store, &failure)) run_note_fatal(run, &failure);
}

static bool finished(const struct run *run) {
    if (run->stopping && clock_ms() > run->stop_at) return true;
    return scheduler_finished(run->scheduler) && discovery_finished(run->discovery);
}

static void loop(struct run *run) {
    while (!finished(run)) {
        consider_stopping(run);
        discovery_pause(run->discovery, store_backlog(run->program->store) > BACKLOG_LIMIT);
        bool moved = discovery_turn(run->discovery);
        scheduler_turn(run->scheduler);
        dispatcher_turn(run->program->dispatcher);
        run_take_kept(run);
        commit(run);
        show_progress(run);
        struct pollfd fds[] = {{.fd = scheduler_fd(run->scheduler), .events = POLLIN},
                               {.fd = discovery_fd(run->discovery), .events = POLLIN},
                               {.fd = durable_writer_fd(run->durable_writer), .events = POLLIN},
                               {.fd = run->stopping ? -1 : run->program->signal_fd, .events = POLLIN}};
        if (!finished(run)) dispatcher_wait(run->program->dispatcher, fds, 4, moved ? 0 : WAIT_MS);
    }
    end_progress(run);
}

/* ---------------------------------------------------------------- before and after */

static void add_sources(struct run *run) {
    const struct config *config = run->program->config;
    for (size_t i = 0; i < config_section_count(config, source_table); i++) {
        const struct section *section = config_section_at(config, source_table, i);
        struct source_context context = {.name = section_name(section),
                                         .section = section,
                                         .common = section_values(section),
                                         .settings = section_kind_values(section),
                                         .store = run->program->store,
                                         .archive = run->program->archive,
                                         .working_folder = section_folder(section),
                                         .data_folder = run->program->data_folder,
                                         .resources = program_resources(run->program)};
        if (!schedule_is_due(run, section)) continue;
        discovery_add(run->discovery, source_of(section_kind(section)), &context);
    }
}

static bool write_report(struct run *run, struct failure *ret_failure) {
    struct program *program = run->program;
    enum { REPORT_LIMIT = 16 << 20 };
    char since[11];
    size_t made;
    struct buffer json = BUFFER(REPORT_LIMIT), name = BUFFER(64);
    struct span currency = budget_settings_of(program->config)->currency;
    cJSON *spent = spending_json(program->store, span_of(program->day), currency);
    report_json(&run->report, program->dispatcher, program->budget, spent, (double)(clock_ms() - run->started) / 1000,
                &json);
    buffer_print(&name, "%s/report.json", program->day);
    repair_since(program, since);
    bool done = durable_writer_write(program->output_folder, buffer_span(&name), buffer_span(&json), ret_failure) &&
                outages_note(run, ret_failure) && schedule_note(run, ret_failure) &&
                publish_stale_days(program, since, &made, ret_failure);
    if (run->prints_json) puts(json.at);
    buffer_free(&json);
    buffer_free(&name);
    return done;
}

/* Whoever was computed when the process before died. Nothing else is held against an article. */
static bool take_marks(struct run *run, struct failure *ret_failure) {
    struct store *store = run->program->store;
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%.*s.marks", SPAN_ARGS(run->program->settings->state));
    bool done = crash_marks_open(path.at, &run->marks, ret_failure);
    program_hold_marks(run->marks);
    size_t count = done ? crash_marks_found(run->marks) : 0;
    for (size_t i = 0; done && i < count; i++)
        done = store_suspect(store, crash_marks_id(run->marks, i), count == 1, ret_failure);
    struct arena *arena = arena_new();
    struct article_row row;
    run->suspects = done && store_claim_suspected(store, arena, &row);
    arena_free(arena);
    buffer_free(&path);
    return done && store_commit(store, ret_failure);
}

static bool open_run(struct run *run, bool dry_run, struct failure *ret_failure) {
    struct program *program = run->program;
    const struct run_settings *settings = program->settings;
    if (config_section_count(program->config, source_table) == 0)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "no [source] is configured, so there is nothing to read; write one, e.g. "
                             "[source \"news\"] kind = feed, url = https://...");
    bool opened =
        dry_run ? program_open_dry_run(program, ret_failure) : program_open_store(program, false, true, ret_failure);
    struct repair_counts repair;
    if (opened && !dry_run && !repair_recent(program, &repair, ret_failure)) return false;
    if (!dry_run) program_open_archive(program);
    if (!opened || !program_open_engine(program, ret_failure) ||
        !program_open_stages(program, NULL, dry_run ? "summarize" : NULL, false, ret_failure))
        return false;
    program->report = &run->report;
    run->spent_before = store_spent(program->store, span_of(program->day), SPAN(""), SPAN("")).cost;
    run->attempts = (unsigned)settings->attempts;
    run->revisit_ms = settings->revisit;
    if (!dry_run && (!take_marks(run, ret_failure) || !revisit_begin(run, ret_failure))) return false;
    run->grace_ms = settings->grace_period;
    if (settings->deadline) run->deadline = run->started + settings->deadline;
    run->discovery = discovery_new(program->dispatcher, run_found, run_source_failed, run);
    run->durable_writer = durable_writer_new(program->output_folder, program->store);
    long threads = (long)settings->threads;
    if (threads == 0) threads = sysconf(_SC_NPROCESSORS_ONLN);
    struct scheduler_options options = {.stages = program->stages,
                                        .states = program->states,
                                        .stage_count = program->stage_count,
                                        .in_flight = (size_t)settings->in_flight,
                                        .threads = threads > 0 ? (size_t)threads : 1,
                                        .dispatcher = program->dispatcher,
                                        .marks = run->marks,
                                        .context = run,
                                        .feed = run_feed,
                                        .leave = run_leave};
    run->scheduler = scheduler_new(&options);
    return true;
}

static void close_run(struct run *run) {
    discovery_free(run->discovery);
    scheduler_free(run->scheduler);
    while (run->durable_writer && durable_writer_take(run->durable_writer)) continue;
    durable_writer_free(run->durable_writer);
    program_hold_marks(NULL);
    crash_marks_close(run->marks);
    run->program->report = NULL;
    report_free(&run->report);
}

static struct run start_run(struct program *program) {
    return (struct run){.program = program,
                        .report = report_new(),
                        .started = clock_ms(),
                        .progress = progress_start(),
                        .on_terminal = isatty(STDERR_FILENO)};
}

/* What was skipped, failed or would wait stands in the report; the rest in the plan. */
static void print_dry_run(const struct run *run) {
    const struct program *program = run->program;
    struct buffer out = BUFFER(1 << 20), sentence = BUFFER(4096);
    report_sentence(&run->report, &sentence);
    plan_print(program->plan, buffer_span(&sentence), program->budget, budget_settings_of(program->config)->currency,
               &out);
    fputs(out.at, stdout);
    buffer_free(&sentence);
    buffer_free(&out);
}

enum exit_code run_dry(struct program *program, struct failure *ret_failure) {
    struct run run = start_run(program);
    bool ready = open_run(&run, true, ret_failure);
    if (ready) {
        add_sources(&run);
        loop(&run);
        run_review_failed(&run);
        print_dry_run(&run);
    }
    if (run.fatal.reach == REACH_RUN) *ret_failure = run.fatal;
    enum exit_code code = ret_failure->reach == REACH_RUN ? ret_failure->exit_code : run_verdict(&run);
    close_run(&run);
    return code;
}

enum exit_code run_command(struct program *program, bool json, struct failure *ret_failure) {
    struct run run = start_run(program);
    run.prints_json = json;
    if (!open_run(&run, false, ret_failure)) {
        close_run(&run);
        return ret_failure->exit_code ? ret_failure->exit_code : EXIT_CONFIG;
    }
    if (run.on_terminal)
        fprintf(stderr, "dragoman: reading %zu sources\n", config_section_count(program->config, source_table));
    add_sources(&run);
    loop(&run);
    run_review_failed(&run);
    if (run.fatal.reach == REACH_NONE) {
        discovery_settle(run.discovery);
        commit(&run);
        report_add_services(&run.report, program->dispatcher, program->store);
        if (!write_report(&run, ret_failure)) run_note_fatal(&run, ret_failure);
    }
    enum exit_code code = run_verdict(&run);
    if (run.fatal.reach == REACH_NONE) run_tell(&run, code);
    commit(&run);
    if (run.fatal.reach == REACH_RUN) {
        *ret_failure = run.fatal;
        code = run.fatal.exit_code;
    }
    close_run(&run);
    return code;
}
