/* The state of one article's translation, and the functions of this stage that work on it. */
#ifndef STAGES_TRANSLATE_TASK_H
#define STAGES_TRANSLATE_TASK_H

#include "pipeline/store/budget.h"
#include "stages/check/checker.h"
#include "stages/translate/canned.h"
#include "stages/translate/distribute.h"
#include "stages/translate/pending_keys.h"
#include "stages/translate/queue.h"
#include "stages/translate/remote_glossary.h"
#include "stages/translate/worth.h"

enum { MAX_TEXTS = 128 };

/* The settings of [translate]. */
struct translate_settings {
    long long max_requests;
};

/* The state of the stage, created once per run. Only `pending_keys`, `remote_glossaries`, `worth` and the store change
 * during the run. */
struct translator {
    struct service_list *service_list;
    struct pending_keys *pending_keys;
    struct store *store;
    struct budget *budget;
    struct plan *plan; /* plan of a dry run; NULL in a real run */
    bool waits_at_cap; /* when a spending cap is reached, the article waits for the next run instead of going to the
                          next service */
    const struct segmenter *rules; /* rules for splitting English into sentences */
    const struct checker *checker;
    struct termbase *termbase;
    struct remote_glossaries *remote_glossaries;
    struct worth *worth;
    void (*stood_in)(void *context, struct span missed,
                     struct span service); /* callback from the stage context, called when `service` translated a text
                                              in place of `missed`; may be NULL */
    void *stood_in_context;
    const char *day;
    size_t max_requests; /* for one article */
};

/* The texts of one request to one service. */
struct request {
    struct lane *lane; /* the lane from which all units were taken */
    struct unit units[MAX_TEXTS];
    struct span texts[MAX_TEXTS]; /* the texts as sent, with placeholders if the service takes no glossary */
    struct glossary glossary;     /* the terms of all units, for services that accept a glossary with the request */
    struct span glossary_id;      /* ID of the glossary, for services that store glossaries; or empty */
    struct memory_key keys[MAX_TEXTS];
    size_t count, characters, bytes, words;
    bool doubtful; /* so many texts have no translation that the translations of the others are not stored */
};

/* Checks a request again just before it is sent. In the meantime, an answer to another request may have disabled the
 * service or changed its parameters. */
struct guard {
    /* The callbacks set by purchase_begin(), called after the guard's own check. */
    enum exchange_start (*starts)(void *asker, struct failure *ret_failure);
    bool (*may_try_again)(void *asker, const struct exchange *exchange);
    void *asker; /* argument of the two callbacks */
    const struct worth *worth;
    unsigned written_with; /* result of service.learned() when the request was composed */
    bool stale;            /* the request was held back because its parameters were out of date */
};

/* A segment all of whose translations were rejected, and the service that gave the last one. */
struct doubted {
    struct segment *segment;
    const struct configured_service *service;
    const char *language;
    struct doubted *next;
};

/* The state of translating one article; allocated in the article's arena. */
struct task {
    struct queue queue;
    struct request request;
    struct span article_id; /* stored with rejected answers in the translation memory, so that they are used for this
                               article only */
    bool asking;            /* the keys of the request's texts are in pending_keys */
    bool on_trial; /* the answer to this request decides whether a service that an earlier run disabled is used again */
    size_t requests;          /* sent for this article */
    struct purchase purchase; /* of the request */
    struct guard guard;       /* of the request */
    bool asked_again;         /* the request has already been repeated after an unusable reply */
    struct canned_row said;   /* the latest answer of `said_by`, and how many times in a row it was given */
    const struct configured_service *said_by;
    struct remote_glossary *remote_glossary; /* the glossary that the current exchange looks up or creates, or NULL */
    bool short_of_money;         /* the budget has no room for the request until other requests have been settled */
    const struct failure *waits; /* why segments must wait for the next run; otherwise NULL */
    struct doubted *doubted;
};

/* ---------------------------------------------------------------- request.c */

enum filled { FILLED_NOT, FILLED, FILLED_WAITS, FILLED_LATER };

/* Fills task->request with texts from the first lane that has any, and adds their keys to pending_keys. Texts that are
 * in the translation memory are translated from there instead. FILLED_NOT: nothing is left to request. FILLED_WAITS:
 * other articles have requested everything that is left. FILLED_LATER: the store has not answered yet. */
enum filled request_fill(struct translator *translator, struct article *article, struct task *task);
/* End what one lane, or all, have asked the store, if anything. */
void request_end_question(const struct translator *translator, struct lane *lane);
void request_end_questions(const struct translator *translator, struct task *task);
/* Replaces the placeholders in *target, the translation of unit `index`, with the English terms, and subtracts their
 * number from *unknown_words. Returns false if a placeholder was lost; the unit is then back in the queue, to be sent
 * without placeholders. */
bool request_restore(struct task *task, size_t index, struct span *target, unsigned *unknown_words);
/* Removes the request's keys from pending_keys and cancels its trial. Must be called before the functions below. */
void request_release(struct translator *translator, struct task *task);
/* Returns the request's texts to the queue, each to be sent alone. A text that was already alone goes to the next
 * service. */
void request_retry(struct task *task, const struct failure *why);
/* Returns the request's texts to the front of their lane, as if they had not been taken. */
void request_put_back(struct task *task);
/* Gives up on the request's texts for this run. `why` is copied. */
void request_put_off(struct task *task, const struct failure *why);
/* Passes the request's texts on to the next service of their route. `why` is copied. */
void request_pass_on(struct task *task, const struct failure *why);
/* Return one unit to the queue: unit_retry() for the same service (if `single` is set, each sentence becomes a separate
 * unit), unit_pass_on() for the next service. */
void unit_retry(struct task *task, const struct unit *unit, bool single);
void unit_pass_on(struct task *task, const struct unit *unit, const struct failure *why);

/* ---------------------------------------------------------------- refused.c */

/* Installs the guard for a request whose price has been reserved. The guard holds the request back if the service has
 * been disabled or has refused one of the request's parameters in the meantime. */
void refused_guard(const struct translator *translator, struct task *task, struct exchange *exchange);
/* Handles a request that the service refused: changes it, divides it, or passes its texts on to the next service. If
 * the cause is the service's settings, the service is disabled for the rest of the run. */
void refused_request(struct translator *translator, struct task *task, struct exchange *exchange);
/* Disables the service of the request, for all languages, for the rest of the run, and passes the texts on to the next
 * service. If no other service translates them, they wait for the next run, provided that `why` allows it. */
void refused_close(struct translator *translator, struct task *task, struct exchange *exchange,
                   const struct failure *why);
/* Resets segments whose translation was rejected or is canned, if it came from a service that has been disabled as
 * unusable. Sets task->waits if the segments must wait for the next run. */
void refused_reopen(struct translator *translator, struct article *article, struct task *task);
/* Resets segments whose last answer was rejected, if it came from a service that has never given a good answer in this
 * language. Sets task->waits. Must be called before answers_close_gaps(). */
void refused_await_unproven(const struct translator *translator, struct article *article, struct task *task);

/* ---------------------------------------------------------------- unanswered.c */

/* Handles a reply that could not be read. A reply that does not have the service's structure is the fault of the
 * service. If the number of translations was wrong (`miscounted`), the texts are sent again in smaller requests. */
void unanswered_reply(struct translator *translator, struct task *task, struct exchange *exchange,
                      const struct failure *why, bool miscounted);
/* Handles a reply that is unusable as a whole: too few translations, the same translation for all texts, or a verdict
 * with answer.of_all. Returns false for any other reply, whose answers must be handled one by one. */
bool unanswered_answers(struct translator *translator, struct article *article, struct task *task,
                        struct exchange *exchange, const struct answer *answers, size_t count);

/* ---------------------------------------------------------------- trial.c */

/* Returns whether the lane's service was disabled in an earlier run and must answer a trial request first. */
enum worth_trial trial_of(struct translator *translator, const struct lane *lane);
/* Returns whether the service has given a good answer in this language, in this run or an earlier one. Always true in a
 * dry run. */
bool trial_is_over(const struct translator *translator, const struct configured_service *service, const char *language);
/* If a trial is due, uses the request that has just been filled as the trial request. */
void trial_begin(struct translator *translator, struct task *task);
/* Cancels the trial if the request is not sent after all. */
void trial_put_off(struct translator *translator, struct task *task);
/* Ends the trial if `on_trial` is set, and stores what the answers have shown about the service. */
bool trial_end(struct translator *translator, const struct lane *lane, bool on_trial, struct failure *ret_failure);

/* ---------------------------------------------------------------- stand_ins.c */

/* For each text translated in this run, reports the services that come before its service in the route. */
void stand_ins_tell(const struct translator *translator, const struct article *article, const struct task *task);

/* ---------------------------------------------------------------- batch.c */

/* Returns the request as a batch for an adapter. The batch borrows its texts from the request and its context from the
 * article. */
struct batch request_batch(const struct article *article, const struct request *request);

/* ---------------------------------------------------------------- dry_run.c */

/* Adds the request to the plan of the dry run instead of sending it. */
void dry_run_request(struct translator *translator, struct article *article, struct task *task,
                     const struct exchange *exchange);
/* Add texts that cost nothing to the plan: a unit found in the translation memory (does nothing in a real run), and the
 * units that other articles have requested. */
void dry_run_recalled(struct translator *translator, const struct lane *lane, const struct unit *unit);
void dry_run_shared(struct translator *translator, struct task *task);

/* ---------------------------------------------------------------- answers.c */

enum answer_origin { ANSWER_BOUGHT, ANSWER_REMEMBERED, ANSWER_IMPORTED };

/* Distributes the translation of a unit over its segments. If the checks reject it and the route has another service,
 * the segments are queued for that service instead; imported translations are used in any case. Returns whether the
 * checks accept the translation. */
bool answers_take(struct translator *translator, struct article *article, struct task *task, const struct lane *lane,
                  const struct unit *unit, const struct memory_entry *entry, enum answer_origin origin);
/* Records that the lane's service returned an empty or unusable answer for the unit. */
void answers_note_empty(const struct lane *lane, const struct unit *unit);
/* Returns whether the next service is asked if the checks reject an answer from this lane's service. */
bool answers_ask_another(const struct translator *translator, const struct task *task, const struct lane *lane);
/* Called when there is no service left to ask: uses the best answer so far or, if there is none, marks the segment as
 * failed. */
void answers_give_up(const struct translator *translator, struct article *article, struct task *task,
                     struct pending *pending);
/* Removes the segments that have been merged into the segment before them. */
void answers_close_gaps(struct article *article);

#endif
