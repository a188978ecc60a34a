/* What runs do in turn that share a store on a server. */
#include <time.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_workers.h"
#include "program/run_internal.h"
#include "program/say.h"
#include "program/stopping.h"

bool run_may_read(struct run *run, struct span source) {
    struct arena *arena = arena_new();
    bool granted = store_take_lease(run->program->store, arena_print(arena, "source %.*s", SPAN_ARGS(source)));
    arena_free(arena);
    if (granted) return true;
    run_log(run, LOG_LEVEL_INFO, "source-read-by-other", "", source, "another run is reading this source");
    report_add_note(&run->report, source, "read by another run at the same time");
    return false;
}

/* A run must not wait beyond its deadline for the pages of another one. */
static bool must_end(const struct run *run) {
    return program_interrupted() || (run->loop.deadline && clock_ms() > run->loop.deadline);
}

static void leave_pages(struct run *run) {
    static const char what[] = "the pages are left to the next run, because another run is making them";
    run_log(run, LOG_LEVEL_WARNING, "pages-left", "", SPAN(""), what);
    report_add_note(&run->report, SPAN("pages"), what);
    say_error("%s", what);
}

bool run_may_publish(struct run *run) {
    static const struct timespec pause = {.tv_nsec = 200000000};
    struct store *store = run->program->store;
    struct failure failure = {0};
    while (!store_take_pages(store)) {
        if (must_end(run)) {
            leave_pages(run);
            return false;
        }
        if (!store_commit(store, &failure)) {
            run_note_fatal(run, &failure);
            return false;
        }
        stopping_finishes("the pages of another run", 0);
        nanosleep(&pause, NULL);
    }
    return true;
}

bool run_has_lost(const struct run *run, const struct article *article) {
    if (store_holds(run->program->store, article->id)) return false;
    run_log(run, LOG_LEVEL_WARNING, "article-lost", article->id, article->origin.address,
            "this run was stopped for so long that another one has taken over the article");
    return true;
}
