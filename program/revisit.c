#include "program/revisit.h"

#include "pipeline/base/clock.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store_revisits.h"

/* Each interval is four times as long as the one before, so a page that stays empty costs fewer and fewer requests. */
enum { LONGER = 4, LONGEST = 365 * 86400 };

bool revisit_begin(struct run *run, struct failure *ret_failure) {
    char now[21];
    clock_iso_now(now);
    return run->revisit_ms == 0 || store_begin_revisits(run->program->store, span_of(now), ret_failure);
}

void revisit_mark(const struct article_row *row, struct article *article) {
    bool empty = !content_is_article(article->content) && article->block_count == 0;
    article->asked_again = row->revisited;
    if (empty && row->record.length) article_forget_page(article);
}

/* Finds when to fetch the page again after `times` attempts; the interval is four times as long after each. */
static void find_due(const struct run *run, unsigned times, char ret_due[21]) {
    int64_t seconds = (run->revisit_ms + 999) / 1000;
    for (unsigned i = 0; i < times && seconds < LONGEST; i++) seconds *= LONGER;
    clock_iso_ago(-(seconds < LONGEST ? seconds : LONGEST), ret_due);
}

static void plan(struct run *run, const char *id, enum article_state article_state, unsigned times) {
    struct failure failure = {0};
    char due[21];
    find_due(run, times, due);
    bool done = times < run->attempts
                    ? store_plan_revisit(run->program->store, id, article_state, times, span_of(due), &failure)
                    : store_forget_revisit(run->program->store, id, &failure);
    if (!done) run_note_fatal(run, &failure);
}

void revisit_plan(struct run *run, const struct article *article, enum article_state article_state) {
    bool lacking = !content_is_article(article->content) || article->origin.is_late;
    /* A local file that holds no article will not change by being read again. */
    bool wanted = lacking && url_is_remote(article->origin.address) && run->revisit_ms;
    plan(run, article->id, article_state, wanted ? 0 : run->attempts);
}

void revisit_put_back(struct run *run, const struct article *article) {
    struct failure failure = {0};
    struct article_row row;
    unsigned times = 0;
    struct arena *arena = arena_new();
    if (!store_end_revisit(run->program->store, article->id, &failure)) run_note_fatal(run, &failure);
    if (store_find_revisit(run->program->store, article->id, &times) &&
        store_find(run->program->store, span_of(article->id), arena, &row))
        plan(run, article->id, row.article_state, times + 1);
    arena_free(arena);
    run_log(run, LOG_LEVEL_INFO, "page-still-empty", article->id, article->origin.address, "");
}
