/* What the files of run.h share: the run itself (run.c) and what becomes of each of its articles (run_articles.c). */
#ifndef PROGRAM_RUN_INTERNAL_H
#define PROGRAM_RUN_INTERNAL_H

#include "pipeline/engine/crash_marks.h"
#include "pipeline/store/durable_writer.h"
#include "program/log.h"
#include "program/loop.h"
#include "program/program.h"
#include "program/progress.h"
#include "program/report.h"

struct run {
    struct program *program;
    struct loop loop;
    struct durable_writer *durable_writer;
    struct report report;
    struct crash_marks *marks; /* NULL in a dry run */
    bool suspects;             /* articles that are to be worked on alone */
    unsigned attempts;         /* times that an article may end the process, and that its page is asked for again */
    int64_t revisit_ms;        /* after this time; 0: it is not */
    struct progress progress;
    int64_t started;
    long long spent_before; /* today, by earlier runs */
    bool on_terminal;
    bool prints_json; /* the report, on standard output */
    struct failure fatal;
};

/* The first failure that ends the run is the one that is told. */
void run_note_fatal(struct run *run, const struct failure *failure);
void run_log(const struct run *run, enum log_level level, const char *event, const char *id, struct span where,
             const char *what);

/* For discovery.h: an article goes into the store, what cannot be had into the report. */
bool run_found(void *context, const struct discovered *source, struct article *article);
void run_source_failed(void *context, const struct discovered *source, const struct failure *failure);
/* For scheduler.h: the store's next article, and what becomes of one that comes out of the stages. */
enum feed_result run_feed(void *context, struct article **ret_article);
void run_leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure);
/* It waits for a later run; its row and what is known of it are stored. */
void run_wait(struct run *run, struct article *article, const struct failure *failure);
/* At the end of a run, those that failed in it once more: for answers of a service that was found to be of no use
 * meanwhile they wait. Then the rest is reported. */
void run_review_failed(struct run *run);
/* Records that have been written: now, and only now, their articles are done. */
void run_take_kept(struct run *run);

/* What the run comes to (0; 3 for what failed for good for the first time, 69 while something waits). */
enum exit_code run_verdict(const struct run *run);
/* Logs the end of the run, and says it on standard error when it is news or a reminder is due, or to a terminal. */
void run_tell(struct run *run, enum exit_code code);

#endif
