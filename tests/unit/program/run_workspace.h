/* A run over a workspace's program: its loop, with one stage that does to each article what the test says, and the
 * stage that writes records. */
#ifndef TESTS_UNIT_PROGRAM_RUN_WORKSPACE_H
#define TESTS_UNIT_PROGRAM_RUN_WORKSPACE_H

#include "unit/program/requests.h"

#include "pipeline/store/store_days.h"
#include "program/run_internal.h"

#define RUN_ID "0123456789abcdef0123456789abcdef"

static struct run run;

/* What the stage answers for each article, and what it does to it before that. */
static struct {
    enum outcome outcome;
    struct failure failure;
    void (*change)(struct article *article);
    size_t seen; /* articles that came to the stage */
    char source[40], address[80], id[33];
} fate;

static inline enum outcome meet_fate(const void *state, struct article *article, struct failure *ret_failure) {
    (void)state;
    fate.seen++;
    snprintf(fate.source, sizeof fate.source, "%.*s", SPAN_ARGS(article->origin.source));
    snprintf(fate.address, sizeof fate.address, "%.*s", SPAN_ARGS(article->origin.address));
    snprintf(fate.id, sizeof fate.id, "%s", article->id);
    if (fate.change) fate.change(article);
    *ret_failure = fate.failure;
    return fate.outcome;
}

static const struct stage stage_fate = {.name = "fate", .help = "what the test says", .work = meet_fate};

static void *run_states[2];

static inline void open_run_loop(void) {
    static const struct stage *const stages[] = {&stage_fate, &stage_write};
    const struct stage_context context = {.day = program.day};
    run.durable_writer = durable_writer_new(program.output_folder, program.store);
    run.loop = (struct loop){.dispatcher = program.dispatcher, .stop_fd = -1, .durable_writer = run.durable_writer};
    assert_true(stage_write.open(&context, &run_states[1], NULL));
    const struct scheduler_options options = {.stages = stages,
                                              .states = run_states,
                                              .stage_count = 2,
                                              .in_flight = 4,
                                              .threads = 1,
                                              .dispatcher = program.dispatcher,
                                              .context = &run,
                                              .feed = run_feed,
                                              .leave = run_leave};
    loop_open(&run.loop, &options, run_found, run_source_failed);
}

static inline void close_run_loop(void) {
    loop_close(&run.loop);
    while (durable_writer_take(run.durable_writer)) continue;
    durable_writer_free(run.durable_writer);
    stage_write.close(run_states[1]);
}

static inline void open_run_workspace(const char *settings) {
    open_workspace(settings);
    open_requests();
    memset(&fate, 0, sizeof fate);
    run = (struct run){.program = &program, .report = report_new(), .started = clock_ms(), .attempts = 2};
    run.revisit_ms = program.settings->revisit;
    open_run_loop();
}

static inline void close_run_workspace(void) {
    close_run_loop();
    report_free(&run.report);
    close_workspace();
}

/* For tests with one source, "costa", and an arena. */
static struct arena *run_arena;

static inline int set_up_run(void **state) {
    (void)state;
    run_arena = arena_new();
    open_run_workspace("source.costa.kind=page");
    return 0;
}

static inline int tear_down_run(void **state) {
    (void)state;
    close_run_workspace();
    arena_free(run_arena);
    return 0;
}

/* Does what a run does until no article and no source is left. */
static inline void work_through(void) {
    do {
        run_take_kept(&run);
        assert_true(store_commit(program.store, NULL));
    } while (loop_turn(&run.loop));
    scheduler_wait(run.loop.scheduler);
}

/* Returns an article of this source, as a source finds it. */
static inline struct article *new_article(const char *id, const char *source, const char *version) {
    struct article *article = article_new();
    memcpy(article->id, id, strlen(id) + 1);
    article->origin.source = span_of(source);
    article->origin.address = SPAN("https://costa.example/1");
    article->origin.identity = SPAN("https://costa.example/1");
    article->origin.version = span_of(version);
    return article;
}

/* Lets the run find it; returns whether it was new. */
static inline bool find_article(const char *id, const char *version) {
    static const struct discovered source = {.name = {"costa", 5}};
    return run_found(&run, &source, new_article(id, "costa", version));
}

/* A headline and a sentence, both translated; the words end with the first digit of the id. */
static inline void write_story(struct article *article) {
    struct arena *arena = article->arena;
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, arena_print(arena, "Uno %.1s.", article->id));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = arena_print(arena, "One %.1s.", article->id);
    article->title.source = arena_print(arena, "Dos %.1s", article->id);
    article->title.target = arena_print(arena, "Two %.1s", article->id);
    article->title.status = segment->status = SEGMENT_OK;
    article->status = ARTICLE_COMPLETE;
    memcpy(article->language.code, "es", 3);
}

/* Lets a run of this day find an article and finish it, with its record. */
static inline void finish_article(const char *id, const char *day, const char *version) {
    memcpy(program.day, day, 11);
    assert_true(store_begin_day(program.store, day, NULL));
    close_run_loop();
    open_run_loop();
    fate.change = write_story;
    assert_true(find_article(id, version));
    work_through();
}

/* Returns the article's row; its spans live until the arena is freed. */
static inline struct article_row row_of_article(const char *id, struct arena *arena) {
    struct article_row row;
    assert_true(store_find(program.store, span_of(id), arena, &row));
    return row;
}

#endif
