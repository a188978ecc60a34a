#include "program/run_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/store/store_days.h"
#include "program/repair.h"

/* ---------------------------------------------------------------- what is found */

void run_note_fatal(struct run *run, const struct failure *failure) {
    if (run->fatal.reach == REACH_NONE) run->fatal = *failure;
}

static bool put(struct run *run, const struct article *article, enum article_state article_state, struct span note,
                struct span record) {
    struct failure failure = {0};
    struct article_row row = {.article_state = article_state,
                              .attempts = article->attempts,
                              .version = article->origin.version,
                              .source = article->origin.source,
                              .address = article->origin.address,
                              .note = note,
                              .day = span_of(run->program->day),
                              .record = record};
    memcpy(row.id, article->id, sizeof row.id);
    bool done = store_put(run->program->store, &row, &failure);
    if (!done) run_note_fatal(run, &failure);
    return done;
}

static bool put_with_record(struct run *run, const struct article *article, enum article_state article_state,
                            struct span note) {
    struct buffer record = BUFFER(RECORD_LIMIT);
    bool done =
        record_write(article, RECORD_WORKING, &record) && put(run, article, article_state, note, buffer_span(&record));
    buffer_free(&record);
    return done;
}

bool run_found(void *context, const struct discovered *source, struct article *article) {
    struct run *run = context;
    (void)source;
    bool is_new = article && !store_knows(run->program->store, article->id, article->origin.version);
    if (is_new) put_with_record(run, article, ARTICLE_STATE_FOUND, SPAN(""));
    if (is_new)
        run->report.found++;
    else
        run->report.known++;
    article_free(article);
    return is_new;
}

void run_log(const struct run *run, enum log_level level, const char *event, const char *id, struct span where,
             const char *what) {
    const struct log_field fields[] = {{"id", span_of(id)}, {"where", where}, {"what", span_of(what)}};
    log_event(&run->program->log, level, event, fields, 3);
}

void run_source_failed(void *context, const struct discovered *source, const struct failure *failure) {
    struct run *run = context;
    bool item = failure->reach == REACH_ARTICLE, wait = item && failure->remedy == REMEDY_NEXT_RUN;
    run_log(run, wait ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
            wait   ? "items-wait"
            : item ? "item-unusable"
                   : "source-failed",
            "", source->name, failure->sentence);
    if (item)
        run->report.items_unusable += !wait;
    else
        run->report.sources_failed++;
    report_add_note(&run->report, source->name, failure->sentence);
    if (item) store_note(run->program->store, run->program->day, source->name, span_of(failure->sentence), NULL);
}

/* ---------------------------------------------------------------- what is worked on */

static void bury(struct run *run, struct article *article, const char *why) {
    article->failure.reach = REACH_ARTICLE;
    put_with_record(run, article, ARTICLE_STATE_DEAD, span_of(why));
    report_add_note(&run->report, article->origin.address, why);
    run_log(run, LOG_LEVEL_WARNING, "article-failed", article->id, article->origin.address, why);
    run->report.dead++;
}

enum feed_result run_feed(void *context, struct article **ret_article) {
    struct run *run = context;
    struct article_row row;
    struct arena *arena = arena_new();
    bool claimed = store_claim(run->program->store, arena, &row);
    enum feed_result result = claimed ? FEED_ARTICLE : discovery_finished(run->discovery) ? FEED_END : FEED_LATER;
    struct failure failure = {0};
    if (claimed && !record_read(row.record, 0, ret_article, &failure)) {
        row.article_state = ARTICLE_STATE_DEAD;
        row.note = span_of(failure.sentence);
        store_put(run->program->store, &row, NULL);
        run->report.dead++;
        result = FEED_LATER;
    } else if (claimed) {
        (*ret_article)->attempts = row.attempts;
        if (row.attempts > run->attempts) {
            bury(run, *ret_article, "it was begun in several runs and never finished; `dragoman retry` begins again");
            article_free(*ret_article);
            result = FEED_LATER;
        }
    }
    arena_free(arena);
    return result;
}

static void settle(struct run *run, struct article *article) {
    article_free(article);
    scheduler_settled(run->scheduler);
}

static void keep(struct run *run, struct article *article) {
    struct failure failure = {0};
    if (!repair_keep_record(run->program, article, &failure)) run_note_fatal(run, &failure);
    struct pending_write *pending_write = memory_take(sizeof *pending_write);
    *pending_write = (struct pending_write){.path = article->path, .bytes = article->record, .context = article};
    durable_writer_give(run->durable_writer, pending_write);
}

static void drop(struct run *run, struct article *article) {
    bool duplicate = article->status == ARTICLE_DUPLICATE;
    put(run, article, duplicate ? ARTICLE_STATE_DUPLICATE : ARTICLE_STATE_SKIPPED,
        duplicate ? article->duplicate_of : span_of(article->failure.sentence), SPAN(""));
    if (duplicate)
        run->report.duplicate++;
    else
        run->report.skipped++;
    settle(run, article);
}

static void fail(struct run *run, struct article *article, const struct failure *failure) {
    if (failure->reach == REACH_RUN) run_note_fatal(run, failure);
    if (failure->remedy == REMEDY_NONE && failure->reach != REACH_RUN) {
        bury(run, article, failure->sentence);
    } else if (failure->reach != REACH_RUN && article->attempts >= run->attempts) {
        bury(run, article, failure->sentence);
    } else {
        put_with_record(run, article, ARTICLE_STATE_WAITING, span_of(failure->sentence));
        report_add_note(&run->report, article->origin.address, failure->sentence);
        run_log(run, LOG_LEVEL_NOTICE, "article-waits", article->id, article->origin.address, failure->sentence);
        run->report.waiting++;
    }
    settle(run, article);
}

void run_leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure) {
    struct run *run = context;
    if (outcome == STAGE_CONTINUE && run->program->plan) {
        run->report.complete++;
        settle(run, article);
    } else if (outcome == STAGE_CONTINUE)
        keep(run, article);
    else if (outcome == STAGE_DROP)
        drop(run, article);
    else
        fail(run, article, failure);
}

void run_take_kept(struct run *run) {
    for (struct pending_write *pending_write; (pending_write = durable_writer_take(run->durable_writer));) {
        struct article *article = pending_write->context;
        if (pending_write->failure.reach != REACH_NONE) {
            run_note_fatal(run, &pending_write->failure);
            put_with_record(run, article, ARTICLE_STATE_WAITING, span_of(pending_write->failure.sentence));
            run->report.waiting++;
        } else {
            put(run, article, ARTICLE_STATE_DONE, article->path, SPAN(""));
            store_record_in_place(run->program->store, article->id, NULL);
            if (article->status == ARTICLE_COMPLETE)
                run->report.complete++;
            else
                run->report.partial++;
        }
        free(pending_write);
        settle(run, article);
    }
}
