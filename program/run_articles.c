#include "program/run_internal.h"

#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/article/verdict.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/store_ahead.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_revisits.h"
#include "pipeline/store/store_workers.h"
#include "program/correct.h"
#include "program/refetch.h"
#include "program/repair.h"
#include "program/revisit.h"

/* ---------------------------------------------------------------- what is found */

void run_note_fatal(struct run *run, const struct failure *failure) {
    if (run->fatal.reach == REACH_NONE) run->fatal = *failure;
}

/* Returns a row for the article in this state; the caller adds the members that only some states have. */
static struct article_row row_of(const struct run *run, const struct article *article, enum article_state state,
                                 struct span note) {
    struct article_row row = {.article_state = state,
                              .version = article->origin.version,
                              .source = article->origin.source,
                              .address = article->origin.address,
                              .note = note,
                              .day = span_of(run->program->day),
                              .path = article->path,
                              .unfinished = -1};
    memcpy(row.id, article->id, sizeof row.id);
    return row;
}

/* A failure of the store always ends the run, because no further result could be stored. */
static void put(struct run *run, struct article_row *row) {
    struct failure failure = {0};
    char now[21];
    clock_iso_now(now);
    row->since = span_of(now);
    if (!store_put(run->program->store, row, &failure)) run_note_fatal(run, &failure);
}

/* Stores the article with its unfinished record, from which the next attempt resumes. */
static void put_with_record(struct run *run, const struct article *article, struct article_row *row) {
    struct buffer record = BUFFER(RECORD_LIMIT);
    struct failure failure;
    if (record_write(article, RECORD_WORKING, &record)) {
        row->record = buffer_span(&record);
        put(run, row);
    } else {
        failure_fatal(&failure, EXIT_SYSTEM, "the record of %s is larger than %d bytes", row->id, RECORD_LIMIT);
        run_note_fatal(run, &failure);
    }
    buffer_free(&record);
}

void run_look_ahead(void *context, struct article *const *articles, size_t count) {
    struct run *run = context;
    const char *ids[DISCOVERY_ITEMS_AT_ONCE];
    for (size_t i = 0; i < count; i++) ids[i] = articles[i]->id;
    store_look_ahead_articles(run->program->store, ids, count);
}

bool run_found(void *context, const struct discovered *source, struct article *article) {
    struct run *run = context;
    (void)source;
    /* The article is stored before anything else happens to it, so that it cannot be lost. */
    bool is_new = article && !store_knows(run->program->store, article->id, article->origin.version);
    if (is_new) {
        struct article_row row = row_of(run, article, ARTICLE_STATE_FOUND, SPAN(""));
        put_with_record(run, article, &row);
        store_forget_revisit(run->program->store, article->id, NULL);
        run->report.found++;
    } else
        run->report.known++;
    article_free(article);
    return is_new;
}

void run_log(const struct run *run, enum log_level level, const char *event, const char *id, struct span where,
             const char *what) {
    const struct log_field fields[] = {{"id", span_of(id)}, {"where", where}, {"what", span_of(what)}};
    if (run->program->log.format != LOG_OFF) progress_erase(&run->progress);
    log_event(&run->program->log, level, event, fields, 3);
}

/* Reports an item from which no article could be made. The item counts as new only in the first run that reports it. */
static void note_unusable(struct run *run, struct span source, const char *what) {
    struct arena *arena = arena_new();
    struct span value, at, key = arena_print(arena, "item %.*s: %s", SPAN_ARGS(source), what);
    char now[21];
    clock_iso_now(now);
    if (!store_told(run->program->store, key, arena, &value, &at)) {
        run->report.items_new++;
        report_note_first(&run->report, source, what);
    }
    store_tell(run->program->store, key, SPAN(""), span_of(now), NULL);
    run->report.items_unusable++;
    arena_free(arena);
}

/* Adds a note about a source, which is not a failure, to the log and the report. */
static void note_source(struct run *run, struct span source, const char *what) {
    run_log(run, LOG_LEVEL_NOTICE, "source-note", "", source, what);
    report_add_note(&run->report, source, what);
}

void run_source_failed(void *context, const struct discovered *source, const struct failure *failure) {
    struct run *run = context;
    if (failure->reach == REACH_NONE) {
        note_source(run, source->name, failure->sentence);
        return;
    }
    /* An unusable item is not a failure of its source. */
    bool item = failure->reach == REACH_ARTICLE, wait = item && failure->remedy == REMEDY_NEXT_RUN;
    run_log(run, wait ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
            wait   ? "items-wait"
            : item ? "item-unusable"
                   : "source-failed",
            "", source->name, failure->sentence);
    if (discovery_is_outage(failure))
        report_add_source(&run->report, source->name, failure);
    else if (!wait)
        note_unusable(run, source->name, failure->sentence);
    report_add_note(&run->report, source->name, failure->sentence);
    if (item) store_note(run->program->store, run->program->day, source->name, span_of(failure->sentence), NULL);
}

/* ---------------------------------------------------------------- what is worked on */

/* Marks the article as permanently failed. It is processed again only after `dragoman retry`, or if its source
 * publishes a new version. */
static void bury(struct run *run, struct article *article, const char *why) {
    struct article_row row = row_of(run, article, ARTICLE_STATE_DEAD, span_of(why));
    article->failure.reach = REACH_ARTICLE;
    put_with_record(run, article, &row);
    revisit_plan(run, article, ARTICLE_STATE_DEAD);
    report_add_failed(&run->report, article->id, article->origin.address, why);
    run_log(run, LOG_LEVEL_WARNING, "article-failed", article->id, article->origin.address, why);
}

void run_wait(struct run *run, struct article *article, const struct failure *failure) {
    struct article_row row = row_of(run, article, ARTICLE_STATE_WAITING, span_of(failure->sentence));
    /* If the article itself is the cause, it is recorded as waiting for a service, because it cannot wait for
     * itself. */
    row.waits_for = failure->cause == CAUSE_ARTICLE ? CAUSE_SERVICE : failure->cause;
    row.waits_on = span_of(failure->blamed);
    put_with_record(run, article, &row);
    store_forget_revisit(run->program->store, article->id, NULL);
    report_add_article(&run->report, &row);
    report_add_note(&run->report, article->origin.address, failure->sentence);
    run_log(run, LOG_LEVEL_NOTICE, "article-waits", article->id, article->origin.address, failure->sentence);
    run->report.waiting++;
}

/* Reads the article from its row, else from the file of its record, else from the copy of the record in the store. */
static bool read_working(const struct run *run, const struct article_row *row, struct article **ret_article) {
    struct buffer path = BUFFER(1 << 16), file = BUFFER(RECORD_LIMIT);
    bool read = row->record.length && record_read(row->record, 0, ret_article, NULL);
    if (!read && row->path.length) {
        buffer_print(&path, "%s/%.*s", run->program->output_folder, SPAN_ARGS(row->path));
        read = file_read(path.at, &file) && record_intact(buffer_span(&file)) &&
               record_read(buffer_span(&file), 0, ret_article, NULL);
    }
    buffer_clear(&file);
    if (!read && store_kept_bytes(run->program->store, row->id, &file))
        read = record_read(buffer_span(&file), 0, ret_article, NULL);
    buffer_free(&path);
    buffer_free(&file);
    return read;
}

/* Recreates an article whose record can no longer be read. The article is fetched again; its translations are still in
 * the translation memory. */
static struct article *start_over(const struct article_row *row) {
    struct article *article = article_new();
    memcpy(article->id, row->id, sizeof article->id);
    article->origin.address = arena_copy(article->arena, row->address);
    article->origin.source = arena_copy(article->arena, row->source);
    article->origin.version = arena_copy(article->arena, row->version);
    return article;
}

/* Suspected articles are processed last and one at a time, so that the one that crashes the process can be
 * identified. */
static bool claim(const struct run *run, struct arena *arena, struct article_row *ret_row) {
    struct store *store = run->program->store;
    if (store_claim(store, arena, ret_row)) return true;
    bool alone =
        run->suspects && discovery_finished(run->loop.discovery) && scheduler_in_flight(run->loop.scheduler) == 0;
    return alone && store_claim_suspected(store, arena, ret_row);
}

/* Returns FEED_LATER, not FEED_END, while a suspected article may have to wait for other articles to finish, and while
 * other runs may find more articles, or die and leave theirs. */
static enum feed_result no_article(const struct run *run) {
    bool more = !discovery_finished(run->loop.discovery) ||
                (run->suspects && scheduler_in_flight(run->loop.scheduler) > 0) ||
                store_others_work(run->program->store);
    return more ? FEED_LATER : FEED_END;
}

static bool ends_the_process(struct run *run, const struct article_row *row, struct article *article) {
    struct failure failure;
    /* The process may have died for another reason, so one death is not enough to reject the article. */
    if (row->kills < run->attempts) return false;
    failure_set(&failure, REACH_ARTICLE, REMEDY_NONE,
                "the program died %u time%s while processing this article alone; `dragoman retry` tries again",
                row->kills, PLURAL(row->kills));
    bury(run, article, failure.sentence);
    article_free(article);
    return true;
}

/* On a slow disk, articles could be processed quicker than the log is copied into the database. */
bool run_must_wait(struct run *run) {
    struct failure failure = {0};
    if (!store_log_is_long(run->program->store)) return false;
    /* Whoever shortens the log wakes the loop at its end, the writer of records or the flusher. */
    if (store_log_is_being_shortened(run->program->store)) return true;
    if (!flusher_ask_once(run->flusher, &run->log_flush, &failure)) run_note_fatal(run, &failure);
    return true;
}

enum feed_result run_feed(void *context, struct article **ret_article) {
    struct run *run = context;
    if (run_must_wait(run)) return FEED_LATER;
    struct article_row row;
    struct arena *arena = arena_new();
    enum feed_result result = claim(run, arena, &row) ? FEED_ARTICLE : no_article(run);
    if (result == FEED_ARTICLE) {
        if (!read_working(run, &row, ret_article)) *ret_article = start_over(&row);
        /* A finished record that lacks part of the page can only be completed by fetching the page again. */
        if (!row.record.length && article_is_cut(*ret_article)) *ret_article = refetch_begin(*ret_article);
        article_reopen(*ret_article);
        (*ret_article)->is_first = !row.finished;
        if (row.finished) correction_carry(run->program, *ret_article);
        revisit_mark(&row, *ret_article);
        (*ret_article)->source_section =
            config_section_named(run->program->config, source_table, (*ret_article)->origin.source);
        (*ret_article)->path = arena_copy((*ret_article)->arena, row.path);
        if (ends_the_process(run, &row, *ret_article)) result = FEED_LATER;
    }
    arena_free(arena);
    return result;
}

static void settle(struct run *run, struct article *article) {
    article_free(article);
    scheduler_settled(run->loop.scheduler);
}

/* If one record cannot be written (e.g. because the disk is full), the next ones cannot be written either. So the run
 * ends, and the article waits. */
static void fail_to_keep(struct run *run, struct article *article, const struct failure *failure) {
    run_note_fatal(run, failure);
    run_wait(run, article, failure);
    settle(run, article);
}

static void keep(struct run *run, struct article *article) {
    struct failure failure = {0};
    /* The record is stored before its file becomes visible, so that the file can be restored if a killed run leaves it
     * incomplete. */
    if (!repair_keep_record(run->program, article, &failure)) {
        fail_to_keep(run, article, &failure);
        return;
    }
    struct pending_write *pending_write = memory_take(sizeof *pending_write);
    *pending_write = (struct pending_write){.path = article->path, .bytes = article->record, .context = article};
    durable_writer_give(run->durable_writer, pending_write);
}

/* Skipped articles and duplicates need no record; a row with the reason is enough to recognise them next time. */
static void drop(struct run *run, struct article *article) {
    bool duplicate = article->status == ARTICLE_DUPLICATE;
    if (!duplicate)
        run_log(run, LOG_LEVEL_INFO, "article-skipped", article->id, article->origin.address,
                article->failure.sentence);
    struct article_row row = row_of(run, article, duplicate ? ARTICLE_STATE_DUPLICATE : ARTICLE_STATE_SKIPPED,
                                    duplicate ? article->duplicate_of : span_of(article->failure.sentence));
    put(run, &row);
    store_forget_revisit(run->program->store, article->id, NULL);
    report_add_article(&run->report, &row);
    if (duplicate)
        run->report.duplicate++;
    else
        report_add_skipped(&run->report, article->origin.source, article->failure.sentence);
    settle(run, article);
}

static void fail(struct run *run, struct article *article, const struct failure *failure) {
    if (failure->reach == REACH_RUN) run_note_fatal(run, failure);
    /* This run only fetched the page again; the article keeps its state. */
    if (article->asked_again)
        revisit_put_back(run, article);
    else if (failure_waits(failure))
        run_wait(run, article, failure);
    else
        bury(run, article, failure->sentence);
    settle(run, article);
}

void run_leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure) {
    struct run *run = context;
    /* A dry run ends here: the article has been counted, and nothing is written. */
    if (run_has_lost(run, article))
        settle(run, article);
    else if (outcome == STAGE_CONTINUE && run->program->plan) {
        run->report.complete++;
        settle(run, article);
    } else if (outcome == STAGE_CONTINUE)
        keep(run, article);
    else if (outcome == STAGE_DROP)
        drop(run, article);
    else
        fail(run, article, failure);
}

static void take_written(struct run *run, struct article *article) {
    struct article_row row = row_of(run, article, ARTICLE_STATE_DONE, article->path);
    row.unfinished = (int)article_tally(article).failed;
    row.cut = article_is_cut(article);
    put(run, &row);
    revisit_plan(run, article, ARTICLE_STATE_DONE);
    store_record_in_place(run->program->store, article->id, NULL);
    if (article->status == ARTICLE_COMPLETE)
        run->report.complete++;
    else
        run->report.partial++;
}

void run_take_kept(struct run *run) {
    for (struct pending_write *pending_write; (pending_write = durable_writer_take(run->durable_writer));) {
        struct article *article = pending_write->context;
        if (pending_write->failure.reach != REACH_NONE) {
            fail_to_keep(run, article, &pending_write->failure);
        } else {
            take_written(run, article);
            settle(run, article);
        }
        free(pending_write);
    }
}
