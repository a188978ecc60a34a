/* When a run calls its hooks, and what becomes of those that fail. */
#include "pipeline/base/clock.h"
#include "pipeline/store/store.h"
#include "program/hooks/hooks.h"
#include "program/hooks/news.h"
#include "program/run_internal.h"

static bool is_new(struct run *run, struct span key, struct span words, bool *ret_told) {
    struct span before = SPAN(""), at;
    struct arena *arena = arena_new();
    *ret_told = store_told(run->program->store, key, arena, &before, &at);
    bool differs = !span_equal(before, words);
    arena_free(arena);
    return differs;
}

void run_tell_aside(struct run *run, struct span key, const char *event, const struct failure *failure) {
    const char *sentence = failure->reach == REACH_NONE ? "" : failure->sentence;
    struct buffer words = BUFFER(sizeof failure->sentence);
    char now[21];
    bool told;
    clock_iso_now(now);
    run_add_lasting_words(span_of(sentence), &words);
    bool differs = is_new(run, key, buffer_span(&words), &told);
    if (*sentence) run_log(run, LOG_LEVEL_WARNING, event, "", key, sentence);
    if (*sentence && differs) log_sentence(&run->program->log, LOG_LEVEL_WARNING, sentence);
    if (told || *sentence) store_tell(run->program->store, key, buffer_span(&words), span_of(now), NULL);
    buffer_free(&words);
}

/* Without a state there is nowhere to remember that it has been told. */
static void note(void *context, const char *hook, const struct failure *failure) {
    struct run *run = context;
    struct arena *arena = arena_new();
    struct span key = arena_print(arena, "hook %s", hook);
    bool failed = failure->reach != REACH_NONE;
    if (failed) report_add_note(&run->report, key, failure->sentence);
    if (run->program->store)
        run_tell_aside(run, key, "hook-failed", failure);
    else if (failed)
        log_sentence(&run->program->log, LOG_LEVEL_WARNING, failure->sentence);
    arena_free(arena);
}

void run_hooks_begin(struct run *run) {
    hooks_begin(run->program, note, run);
}

void run_hooks_news(struct run *run) {
    news_after_run(run->program, note, run);
}

void run_hooks_end(struct run *run, enum exit_code code, struct span reason, struct span report) {
    struct hooks_run end = {.code = code, .reason = reason, .report = report};
    hooks_end(run->program, &end, note, run);
}

/* Another run is in progress, which will tell how it ended. */
void run_hooks_refused(struct run *run, const struct failure *failure) {
    enum exit_code code = failure->exit_code ? failure->exit_code : EXIT_CONFIG;
    if (code != EXIT_BUSY) run_hooks_end(run, code, span_of(failure->sentence), SPAN(""));
}
