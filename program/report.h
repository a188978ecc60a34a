/* Collects what a run did, as counts and sentences, for the summary line and OUT/<day>/report.json. */
#ifndef PROGRAM_REPORT_H
#define PROGRAM_REPORT_H

#include "pipeline/article/article.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/base/json.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/store/budget.h"
#include "pipeline/store/store.h"

struct report_note {
    struct span where, what; /* `where`: the source or article; `what`: the message about it */
};

/* An article that is waiting, has failed, was skipped or is a duplicate. */
struct report_article {
    char id[33];
    enum article_state state;
    struct span source, address, why; /* for a duplicate, `why` is the id of the other article */
};

struct report {
    struct arena *arena;
    size_t found, known;
    size_t complete, partial, skipped, duplicate, waiting, dead; /* number of articles with each result in this run */
    size_t sources_failed, items_unusable;
    size_t items_new; /* unusable items that no earlier run has reported */
    struct failed_article {
        char id[33];
        struct span where, what; /* `what` is NUL-terminated */
    } * failed;                  /* failed in this run; emptied by run_review_failed() */
    size_t failed_count, failed_capacity;
    struct report_note first_failed; /* the first permanent failure of this run */
    struct failed_source {
        struct span name;
        struct failure failure;
    } * sources; /* the sources that could not be read */
    size_t source_capacity;
    struct report_note *notes;
    size_t note_count, note_capacity, notes_left_out;
    struct report_article *articles;
    size_t article_count, article_capacity, articles_left_out;
    struct stand_in {
        struct span missed, service;
        size_t texts;
    } * stand_ins; /* services that translated in place of others */
    size_t stand_in_count, stand_in_capacity;
    struct skipped_articles {
        struct span source, why;
        size_t count;
    } * skips; /* skipped articles by source and reason */
    size_t skip_count, skip_capacity;
    struct hash_table skips_by_reason; /* values are indices into `skips` plus one, cast to pointers */
    struct report_mail {
        struct span label, reason; /* `reason`: why something waits; empty = nothing does */
        size_t mails, stories;
    } * mails; /* the sections [mail] from which something was sent, or from which something waits */
    size_t mail_count, mail_capacity;
    struct span services_failed; /* text such as "; service bad failed 3 of 3 requests (...)", or empty */
};

struct report report_new(void);
void report_free(struct report *report);
void report_add_note(struct report *report, struct span where, const char *what);
/* Adds an article that is waiting, has failed, was skipped or is a duplicate, with the reason. */
void report_add_article(struct report *report, const struct article_row *row);
/* Adds a source that could not be read, and counts it. */
void report_add_source(struct report *report, struct span name, const struct failure *failure);
/* Counts an article that failed. Its note is added by run_review_failed(). */
void report_add_failed(struct report *report, const char *id, struct span where, const char *what);
/* Counts an article that was skipped. */
void report_add_skipped(struct report *report, struct span source, const char *why);
/* Adds what became of a section [mail]. */
void report_add_mail(struct report *report, const struct report_mail *mail);
/* Remembers the first permanent failure; later calls do nothing. */
void report_note_first(struct report *report, struct span where, const char *what);
/* Appends, e.g., "2 articles wait for service deepl since 2026-01-29 08:10: the key was refused". */
void report_waiting(const struct waiting *waiting, struct buffer *out);
/* Returns the number of articles that were processed in this run, whatever the result. */
size_t report_ended(const struct report *report);
/* Counts a text that `service` translated because `missed` did not. */
void report_stood_in(struct report *report, struct span missed, struct span service);
/* To be called at the end of the run. Adds to the summary and the notes each service that gave no good answer, that the
 * run stopped using (closed), or that permanently refused a request. Adds a service whose answers the checks rejected
 * only if other services translated in its place, and names them. Services that failed only now and then are added to
 * the notes alone. */
void report_add_services(struct report *report, const struct dispatcher *dispatcher, struct store *store);
/* Appends one sentence with all counts that are not zero. */
void report_sentence(const struct report *report, struct buffer *out);
/* Appends the report as one JSON object. The dispatcher's limiters supply requests, retries and failures by service and
 * host. `spent` comes from spending_json(); this function takes ownership of it. */
void report_json(const struct report *report, const struct dispatcher *dispatcher, const struct budget *budget,
                 cJSON *spent, double seconds, struct buffer *out);

#endif
