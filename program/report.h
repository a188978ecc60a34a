/* What a run did, in counts and sentences: for the summary line, OUT/<day>/report.json and the digest. */
#ifndef PROGRAM_REPORT_H
#define PROGRAM_REPORT_H

#include "pipeline/article/article.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/base/json.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/store.h"

struct report_note {
    struct span where, what; /* the source or the article; the sentence */
};

/* An article that did not become a record. */
struct report_article {
    char id[33];
    enum article_state state;
    struct span source, address, why; /* why: the id of the other one for a duplicate */
};

struct report {
    struct arena *arena;
    size_t found, known;
    size_t complete, partial, skipped, duplicate, waiting, dead; /* ends of articles in this run */
    size_t sources_failed, items_unusable;
    size_t items_new; /* of the unusable ones: not told by an earlier run */
    struct failed_article {
        char id[33];
        struct span where, what; /* what: ends with a NUL */
    } * failed;                  /* in this run, until they have been reviewed */
    size_t failed_count, failed_capacity;
    struct report_note first_failed; /* the first of what failed for good in this run */
    struct failed_source {
        struct span name;
        struct failure failure;
    } * sources; /* that could not be had */
    size_t source_capacity;
    struct report_note *notes;
    size_t note_count, note_capacity, notes_left_out;
    struct report_article *articles;
    size_t article_count, article_capacity, articles_left_out;
    struct stand_in {
        struct span missed, service;
        size_t texts;
    } * stand_ins; /* who translated because another service did not */
    size_t stand_in_count, stand_in_capacity;
    struct skipped_articles {
        struct span source, why;
        size_t count;
    } * skips; /* the skipped ones by source and reason */
    size_t skip_count, skip_capacity;
    struct hash_table skips_by_reason; /* of indices into `skips` from 1, kept as pointers */
    struct span services_failed;       /* "; service bad failed 3 of 3 requests (...)", or empty */
};

struct report report_new(void);
void report_free(struct report *report);
void report_add_note(struct report *report, struct span where, const char *what);
/* Adds an article that waits, failed, was skipped or is a duplicate, with the reason. */
void report_add_article(struct report *report, const struct article_row *row);
/* Adds a source that could not be had; counts it. */
void report_add_source(struct report *report, struct span name, const struct failure *failure);
/* An article failed; it is counted, and noted when it has been reviewed (run_internal.h). */
void report_add_failed(struct report *report, const char *id, struct span where, const char *what);
/* Counts an article that was skipped. */
void report_add_skipped(struct report *report, struct span source, const char *why);
/* Keeps the first of what failed for good. */
void report_note_first(struct report *report, struct span where, const char *what);
/* "2 articles wait for service deepl since 2026-01-29 08:10: the key was refused" */
void report_waiting(const struct waiting *waiting, struct buffer *out);
/* Articles of this run that have come to an end. */
size_t report_ended(const struct report *report);
/* A text was translated by `service`, because `missed` did not. */
void report_stood_in(struct report *report, struct span missed, struct span service);
/* At the end of the run: each service that was of no use, or was closed or refused requests, with the services that
 * translated in its place. They stand in the sentence and among the notes; those that only failed now and then stand
 * among the notes. So do those whose answers the checks rejected, when others translated in their place. */
void report_add_services(struct report *report, const struct dispatcher *dispatcher, struct store *store);
/* One sentence with the counts that are not zero. */
void report_sentence(const struct report *report, struct buffer *out);
/* The report as one JSON object; limiters give requests, retries and failures by service and host. `spent` is what
 * spending_json() gives and is taken over. */
void report_json(const struct report *report, const struct dispatcher *dispatcher, const struct budget *budget,
                 cJSON *spent, double seconds, struct buffer *out);

#endif
