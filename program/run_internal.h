/* Shared by the files that implement run.h: the run itself (run.c), what happens to each article (run_articles.c), what
 * runs over one store do in turn (run_together.c), and the summary (run_line.c). */
#ifndef PROGRAM_RUN_INTERNAL_H
#define PROGRAM_RUN_INTERNAL_H

#include "pipeline/engine/crash_marks.h"
#include "pipeline/engine/loop.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/flusher.h"
#include "program/log.h"
#include "program/program.h"
#include "program/progress.h"
#include "program/report.h"

struct run {
    struct program *program;
    struct loop loop;
    struct durable_writer *durable_writer;
    struct flusher *flusher;
    uint64_t log_flush; /* ticket of the flush that shortens the log; 0: none yet */
    struct report report;
    struct crash_marks *marks; /* NULL in a dry run */
    bool is_reading;           /* the sources have not ended yet, which other runs want to know */
    bool suspects;      /* some articles are suspected of having crashed an earlier run; each is processed alone */
    unsigned attempts;  /* max. crashes caused by an article, and max. times that its page is fetched again */
    int64_t revisit_ms; /* time before a page is fetched again; 0: never */
    struct progress progress;
    int64_t started;
    long long spent_before; /* amount spent today before this run */
    bool on_terminal;
    bool told_stopping;   /* the first signal has been logged */
    bool prints_json;     /* the report goes to standard output */
    bool reported;        /* the report is in place */
    size_t notes_written; /* how many notes of the report are in report.json */
    struct failure fatal;
};

/* Records a failure that ends the run. Only the first one is kept. */
void run_note_fatal(struct run *run, const struct failure *failure);
void run_log(const struct run *run, enum log_level level, const char *event, const char *id, struct span where,
             const char *what);

/* Callbacks for discovery.h: store the articles found, and report what could not be read. */
bool run_found(void *context, const struct discovered *source, struct article *article);
/* Asks what is known of articles before they are passed to run_found(). */
void run_look_ahead(void *context, struct article *const *articles, size_t count);
void run_source_failed(void *context, const struct discovered *source, const struct failure *failure);
/* What runs do in turn that share a store on a server; without others it may be done at once. Whether this run may read
 * a source: another one that is reading it does so for all. */
bool run_may_read(struct run *run, struct span source);
/* Waits until this run may make the pages, while another one is making them. Returns false if the run has been told to
 * stop meanwhile, or has failed: the next one then makes them. */
bool run_may_publish(struct run *run);
/* Whether a result must be dropped, because another run has taken over its article. */
bool run_has_lost(const struct run *run, const struct article *article);

/* Whether nothing more may be added to the store at present, because its log is being shortened. */
bool run_must_wait(struct run *run);
/* Callbacks for scheduler.h: supply the store's next article, and handle one that has left the stages. */
enum feed_result run_feed(void *context, struct article **ret_article);
void run_leave(void *context, struct article *article, enum outcome outcome, const struct failure *failure);
/* Stores the article, including its unfinished record, as waiting for a later run. */
void run_wait(struct run *run, struct article *article, const struct failure *failure);
/* At the end of a run, reports the articles that failed during it. An article waits instead if its rejected answers
 * came from a service that the run has since stopped using (closed) because its answers were useless. */
void run_review_failed(struct run *run);
/* Marks articles as done once their records have been written. They must not be marked before. */
void run_take_kept(struct run *run);

/* Returns the exit code of the run: 0, or 3 if an article failed permanently in this run, or 69 if articles are waiting
 * or a source could not be read. */
enum exit_code run_verdict(const struct run *run);
/* Logs the end of the run, and appends its summary to *ret_line. Prints the summary on standard error if its content is
 * new, if a reminder is due, or if standard error is a terminal. */
void run_tell(struct run *run, enum exit_code code, struct buffer *ret_line);

/* Appends what makes a message a new one: `text` without figures, which change in every run, and without the "s" at the
 * end of words, so that "1 request" and "2 requests" are the same. */
void run_add_lasting_words(struct span text, struct buffer *out);
/* Says once, not in every run, why something that is not needed for the articles cannot be made. `key` is the store's
 * name for it, `event` that of the log. To be called with REACH_NONE, too. */
void run_tell_aside(struct run *run, struct span key, const char *event, const struct failure *failure);
/* The hooks (hooks/hooks.h): when the run begins, when the pages are made, when the run ends, and when it could not
 * begin. What fails is a warning and a note in the report. */
void run_hooks_begin(struct run *run);
void run_hooks_news(struct run *run);
void run_hooks_end(struct run *run, enum exit_code code, struct span reason, struct span report);
void run_hooks_refused(struct run *run, const struct failure *failure);

#endif
