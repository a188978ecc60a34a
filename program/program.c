#define _GNU_SOURCE
#include "program/program.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "config/reader.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file_system.h"
#include "pipeline/engine/crash_marks.h"
#include "pipeline/engine/discovery.h"
#include "pipeline/engine/plan.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"
#include "pipeline/store/archive.h"
#include "pipeline/store/archive_settings.h"
#include "program/rebuild.h"
#include "program/report.h"
#include "program/say.h"
#include "program/state.h"
#include "program/stopping.h"
#include "stages/digest/watch.h"
#include "stages/services/service_list.h"
#include "stages/summarize/model.h"

/* The embedded engine, which needs no setting, key or network. */
extern const struct service service_apertium;

/* ---------------------------------------------------------------- the data folder */

static bool is_data_folder(const char *path) {
    struct buffer name = BUFFER(1 << 16);
    buffer_print(&name, "%s/tables", path);
    bool there = access(name.at, R_OK) == 0;
    buffer_free(&name);
    return there;
}

char *program_find_data_folder(void) {
    char program[4096];
    const char *given = getenv("DRAGOMAN_DATA");
    if (given && *given) return memory_string(span_of(given));
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash) *slash = '\0';
    static const char *const beside[] = {"data", "../data", "../share/dragoman"};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        struct buffer path = BUFFER(1 << 16);
        buffer_print(&path, "%s/%s", program, beside[i]);
        if (is_data_folder(path.at)) return path.at;
        buffer_free(&path);
    }
    return memory_string(SPAN(DRAGOMAN_DATA_FOLDER));
}

/* ---------------------------------------------------------------- configuration */

/* With --config, the system's and the user's files are not read at all, so that tests and cron jobs are reproducible.
 */
static bool read_files(struct program *program, const char *given, struct failure *ret_failure) {
    if (given) return config_read(program->config, given, false, ret_failure);
    const char *home = getenv("XDG_CONFIG_HOME"), *user = getenv("HOME");
    struct buffer path = BUFFER(1 << 16);
    bool done = config_read(program->config, "/etc/dragoman/dragoman.conf", true, ret_failure);
    if (home && *home)
        buffer_print(&path, "%s/dragoman/dragoman.conf", home);
    else if (user && *user)
        buffer_print(&path, "%s/.config/dragoman/dragoman.conf", user);
    if (done && path.length) done = config_read(program->config, path.at, true, ret_failure);
    buffer_free(&path);
    return done;
}

static char *find_state(const struct run_settings *settings) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%.*s/state.db", SPAN_ARGS(settings->output));
    char *found = memory_string(settings->state.length ? settings->state : buffer_span(&path));
    buffer_free(&path);
    return found;
}

bool program_configure(struct program *program, const struct program_options *options, struct failure *ret_failure) {
    program->config_path = options->config_path;
    program->data_folder = program_find_data_folder();
    program->config = config_new(program_section_tables());
    clock_today(program->day);
    if (!read_files(program, options->config_path, ret_failure)) return false;
    config_read_environment(program->config, environ);
    for (size_t i = 0; i < options->set_count; i++) config_set(program->config, options->sets[i]);
    /* The embedded engine is added unless the user has configured it. So even an empty configuration works, and the
     * user's own services have a fallback. */
    config_imply(program->config, service_table, service_apertium.name);
    config_finish(program->config);
    service_list_check(program->config);
    model_summary_check(program->config);
    watches_check(program->config);
    state_check(program->config);
    program->settings = config_values(program->config, run_table);
    if (options->check) options->check(program->config, program->data_folder);
    /* All problems are printed at once, so that the user can fix them together. */
    for (size_t i = 0; i < config_problem_count(program->config); i++)
        say_error("%s", config_problem(program->config, i));
    program->output_folder = program->settings->output.at;
    program->state_path = find_state(program->settings);
    program->state_name = state_find_name(program);
    size_t problems = config_problem_count(program->config);
    return !problems || options->check ||
           failure_fatal(ret_failure, EXIT_CONFIG, "the configuration has %zu problem%s; nothing was done", problems,
                         problems == 1 ? "" : "s");
}

struct budget *program_budget(const struct program *program, struct store *store, bool recover,
                              struct failure *ret_failure) {
    const struct config *config = program->config;
    struct budget *budget = budget_new(store, program->day);
    struct budget_caps caps = caps_of(&budget_settings_of(config)->caps);
    budget_add(budget, BUDGET_ALL, SPAN(""), &caps, false);
    for (size_t i = 0; i < config_section_count(config, service_table); i++) {
        const struct section *section = config_section_at(config, service_table, i);
        const struct service_settings *settings = section_values(section);
        caps = caps_of(&settings->caps);
        const struct service *service = service_of(section_kind(section));
        budget_add(budget, BUDGET_SERVICE, section_name(section), &caps, service && service->free_of_charge);
    }
    for (size_t i = 0; i < config_section_count(config, source_table); i++) {
        const struct section *section = config_section_at(config, source_table, i);
        const struct source_settings *settings = section_values(section);
        caps = caps_of(&settings->caps);
        budget_add(budget, BUDGET_SOURCE, section_name(section), &caps, false);
    }
    if (budget_load(budget, recover, ret_failure)) return budget;
    budget_free(budget);
    return NULL;
}

static bool open_budget(struct program *program, bool exclusive, struct failure *ret_failure) {
    program->budget = program_budget(program, program->store, exclusive, ret_failure);
    return program->budget != NULL;
}

/* A dry run reads the state but discards all changes to it. If there is none yet, uses an empty one in memory. */
bool program_open_dry_run(struct program *program, struct failure *ret_failure) {
    bool there = state_is_readable(program);
    program->plan = plan_new();
    if (!program_open_store(program, !there, there ? STORE_LOCKED : STORE_UNLOCKED, ret_failure) ||
        !rebuild_check(program, ret_failure))
        return false;
    store_keep_nothing(program->store);
    return true;
}

static void tell_outage(const struct program *program, const char *why) {
    char sentence[1024];
    if (why)
        snprintf(sentence, sizeof sentence, "waiting for the PostgreSQL database %s: %.*s", state_name(program),
                 (int)strcspn(why, "\n"), why);
    else
        snprintf(sentence, sizeof sentence, "the PostgreSQL database %s is back", state_name(program));
    log_sentence(&program->log, LOG_LEVEL_WARNING, sentence);
}

/* The thread that works and the one that flushes may both wait. */
static bool wait_for_server(void *context, const char *why) {
    struct program *program = context;
    bool waits = why != NULL;
    if (atomic_exchange(&program->waits_for_store, waits) != waits) tell_outage(program, why);
    return !program_interrupted();
}

bool program_open_store(struct program *program, bool in_memory, enum store_lock lock, struct failure *ret_failure) {
    bool done = in_memory ? store_open(NULL, lock != STORE_UNLOCKED, &program->store, ret_failure)
                          : state_open(program, lock, &program->store, ret_failure);
    if (done) store_on_outage(program->store, wait_for_server, program);
    return done && (in_memory || program->repairs || rebuild_check(program, ret_failure)) &&
           open_budget(program, lock != STORE_UNLOCKED, ret_failure);
}

bool program_read_store(struct program *program, struct failure *ret_failure) {
    return state_read(program, &program->store, ret_failure) && rebuild_check(program, ret_failure) &&
           open_budget(program, false, ret_failure);
}

bool program_find_article(struct program *program, struct span id, struct arena *arena, struct article_row *ret_row,
                          struct failure *ret_failure) {
    if (store_find(program->store, id, arena, ret_row)) return true;
    bool several = store_is_ambiguous(program->store, id);
    return failure_fatal(ret_failure, EXIT_BAD_DATA,
                         several ? "more than one article has an id that begins with '%.*s'; give more digits of it"
                                 : "no article has an id that begins with '%.*s'",
                         SPAN_ARGS(text_clip(id, 64)));
}

bool program_is_on_network(const struct program *program, struct failure *ret_warning) {
    const char *state = state_is_on_server(program) ? NULL : file_system_of_network(program->state_path),
               *output = file_system_of_network(program->output_folder);
    if (state)
        failure_set(ret_warning, REACH_ARTICLE, REMEDY_NONE,
                    "%s is on a network file system (%s), where locks may not keep two runs apart and a power cut may "
                    "damage the state; set state in [run] to a file on a disk of this machine",
                    program->state_path, state);
    else if (output)
        failure_set(ret_warning, REACH_ARTICLE, REMEDY_NONE,
                    "%s is on a network file system (%s), where a power cut may lose records and pages that were "
                    "written; the state is not, so `dragoman verify --repair` restores them",
                    program->output_folder, output);
    return state || output;
}

/* The folder and the file are created only when there is something to archive. */
void program_open_archive(struct program *program) {
    const struct archive_settings *settings = config_values(program->config, archive_table);
    if (settings->keep != ARCHIVE_KEEPS_WARC) return;
    const char *folder = settings->folder.at;
    struct archive_options options = {.root = folder[0] ? folder : program->output_folder,
                                      .below = folder[0] ? "" : "archive",
                                      .name = folder[0] ? folder : "archive",
                                      .day = program->day,
                                      .software = SPAN("Dragoman/" DRAGOMAN_VERSION)};
    program->archive = archive_new(&options);
}

/* ---------------------------------------------------------------- the engine */

/* These are global, because a signal handler receives no context. */
static volatile sig_atomic_t stop_asked;
static int stop_event = -1;
static struct crash_marks *volatile marks_of_run;

void program_hold_marks(struct crash_marks *marks) {
    marks_of_run = marks;
}

void program_leave(enum exit_code code) {
    /* This may run in a signal handler, where only async-signal-safe functions may be called. */
    crash_marks_clear_all(marks_of_run);
    _exit((int)code);
}

static void ask_to_stop(int signal_number) {
    (void)signal_number;
    /* The user has asked twice to stop and does not want to wait for the grace period. */
    if (stop_asked) program_leave(EXIT_INTERRUPTED);
    stop_asked = 1;
    stopping_tell();
    ssize_t ignored = write(stop_event, &(uint64_t){1}, sizeof(uint64_t));
    (void)ignored;
}

bool program_interrupted(void) {
    return stop_asked != 0;
}

static void watch_signals(struct program *program) {
    stop_event = program->signal_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    /* SA_RESTART is not set, so that a signal also interrupts a blocking read of standard input. */
    struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool program_open_engine(struct program *program, struct failure *ret_failure) {
    const struct http_settings *http = config_values(program->config, http_table);
    struct http_options options = {
        .user_agent = http->user_agent, .ca_file = http->ca_file, .proxy = http->proxy, .connections = 256};
    watch_signals(program);
    if (!http_new(&options, &program->http, ret_failure)) return false;
    program->pipes = pipes_new();
    program->dispatcher = dispatcher_new(program->http, program->pipes);
    return true;
}

/* ---------------------------------------------------------------- stages */

const struct stage *program_stage(const char *name) {
    for (size_t i = 0; stages_in_order[i]; i++)
        if (strcmp(stages_in_order[i]->name, name) == 0) return stages_in_order[i];
    return NULL;
}

bool stage_is_for_editions(const struct stage *stage) {
    return stage->edit != NULL;
}

/* Logs and counts a warning. check-config fails if the count is not zero. */
static void warn(void *context, const char *sentence) {
    struct program *program = context;
    program->warnings++;
    log_sentence(&program->log, LOG_LEVEL_WARNING, sentence);
}

static void stood_in(void *context, struct span missed, struct span service) {
    struct program *program = context;
    if (program->report) report_stood_in(program->report, missed, service);
}

static bool open_stage(struct program *program, const struct stage *stage, struct failure *ret_failure) {
    struct stage_context context = {.settings = program_stage_values(program->config, stage),
                                    .config = program->config,
                                    .store = program->store,
                                    .budget = program->budget,
                                    .plan = program->plan,
                                    .archive = program->archive,
                                    .warn = warn,
                                    .warn_context = program,
                                    .stood_in = stood_in,
                                    .stood_in_context = program,
                                    .resources = program->resources,
                                    .data_folder = program->data_folder,
                                    .output_folder = program->output_folder,
                                    .day = program->day};
    void *state = NULL;
    if (stage->open && !stage->open(&context, &state, ret_failure)) return false;
    program->stages[program->stage_count] = stage;
    program->states[program->stage_count++] = state;
    return true;
}

struct resources *program_resources(struct program *program) {
    if (!program->resources) program->resources = resources_new(program->data_folder);
    return program->resources;
}

/* `first` and `last` may be of either kind, for articles or for editions, because they only delimit a range of all
 * stages. */
bool program_open_stages(struct program *program, const struct stage *first, const struct stage *last, bool editions,
                         struct failure *ret_failure) {
    bool inside = first == NULL;
    program_resources(program);
    for (size_t i = 0; stages_in_order[i] && program->stage_count < MAX_STAGES; i++) {
        const struct stage *stage = stages_in_order[i];
        inside = inside || stage == first;
        if (inside && stage_is_for_editions(stage) == editions && !open_stage(program, stage, ret_failure))
            return false;
        if (stage == last) break;
    }
    return true;
}

void program_try_stages(struct program *program, void (*failed)(void *context, const struct failure *failure),
                        void *context) {
    program_resources(program);
    for (size_t i = 0; stages_in_order[i] && program->stage_count < MAX_STAGES; i++) {
        struct failure failure = {0};
        if (stage_is_for_editions(stages_in_order[i]) || open_stage(program, stages_in_order[i], &failure)) continue;
        failed(context, &failure);
    }
}

struct scheduler_options program_scheduler_options(const struct program *program) {
    return (struct scheduler_options){.stages = program->stages,
                                      .states = program->states,
                                      .stage_count = program->stage_count,
                                      .dispatcher = program->dispatcher};
}

struct source_context program_source_context(struct program *program, const struct section *section) {
    return (struct source_context){.name = section_name(section),
                                   .section = section,
                                   .common = section_values(section),
                                   .settings = section_kind_values(section),
                                   .store = program->store,
                                   .archive = program->archive,
                                   .working_folder = section_folder(section),
                                   .data_folder = program->data_folder,
                                   .resources = program_resources(program)};
}

void program_add_source(struct program *program, struct discovery *discovery, const struct section *section) {
    struct source_context context = program_source_context(program, section);
    discovery_add(discovery, source_of(section_kind(section)), &context);
}

/* The stages are closed in reverse order, because a stage may use what an earlier stage has opened. */
void program_close_stages(struct program *program) {
    while (program->stage_count) {
        const struct stage *stage = program->stages[--program->stage_count];
        if (stage->close) stage->close(program->states[program->stage_count]);
    }
    resources_free(program->resources);
    program->resources = NULL;
}

void program_close(struct program *program) {
    program_close_stages(program);
    /* The dispatcher uses http and pipes, so it is closed before them. */
    dispatcher_free(program->dispatcher);
    http_free(program->http);
    pipes_free(program->pipes);
    plan_free(program->plan);
    budget_free(program->budget);
    archive_free(program->archive);
    store_close(program->store);
    config_free(program->config);
    free(program->data_folder);
    free(program->state_path);
    free(program->state_name);
}
