/* The state of one article's translation, and the parts of this stage that work on it. */
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

/* The state of the stage; there is one per run. It does not change after the stage is opened, except for
 * `pending_keys`, `remote_glossaries`, `worth` and the store. */
struct translator {
    struct service_list *service_list;
    struct pending_keys *pending_keys;
    struct store *store;
    struct budget *budget;
    struct plan *plan; /* plan of a dry run; NULL in a real run */
    bool waits_at_cap; /* if a spending cap is reached, the article waits for the next run; otherwise the next service
                          is asked */
    const struct segmenter *rules; /* rules for splitting English into sentences */
    const struct checker *checker;
    struct termbase *termbase;
    struct remote_glossaries *remote_glossaries;
    struct worth *worth;
    void (*stood_in)(void *context, struct span missed,
                     struct span service); /* callback from the stage context; may be NULL */
    void *stood_in_context;
    const char *day;
};

/* The texts of one request to one service. */
struct request {
    struct lane *lane; /* the lane that all units came from */
    struct unit units[MAX_TEXTS];
    struct span texts[MAX_TEXTS]; /* the texts as sent, with placeholders if the service takes no glossary */
    struct glossary glossary;     /* the terms of all units, for services that take them */
    struct span glossary_id;      /* ID of the glossary stored at the service; or empty */
    struct memory_key keys[MAX_TEXTS];
    size_t count, characters, bytes, words;
    bool doubtful; /* so many texts have no translation that the others are not stored in the translation memory */
};

/* Checks a request again just before it is sent. While it waited, answers to other requests may have closed the service
 * or changed the parameters that it accepts. */
struct guard {
    bool (*starts)(
        void *asker,
        struct failure *ret_failure); /* callbacks of the purchase, which the guard calls after its own check */
    bool (*may_try_again)(void *asker, const struct exchange *exchange);
    void *asker; /* argument of these two callbacks */
    const struct worth *worth;
    unsigned written_with; /* service.learned() when the request was written */
    bool stale;            /* the request was held back because its parameters are out of date */
};

/* A segment that has only rejected translations, and the service that gave the last of them. */
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
    struct span article_id;   /* stored as the owner of rejected answers in the translation memory, which are for this
                                 article only */
    bool asking;              /* the request's keys are in pending_keys */
    bool on_trial;            /* the answer to this request decides whether a closed service is used again */
    struct purchase purchase; /* of the request */
    struct guard guard;       /* of the request */
    bool asked_again;         /* after an unusable reply, the same request has already been sent again */
    struct canned_row said;   /* identical answers in a row from `said_by` */
    const struct configured_service *said_by;
    struct remote_glossary *remote_glossary; /* the glossary that the current exchange looks up or creates, or NULL */
    bool short_of_money;                     /* the purchase must wait until other requests have been settled */
    const struct failure *waits;             /* why segments must wait for the next run, or NULL */
    struct doubted *doubted;
};

/* ---------------------------------------------------------------- request.c */

enum filled { FILLED_NOT, FILLED, FILLED_WAITS };

/* Takes translations from the translation memory where it has them, and fills task->request with texts of the first
 * lane that has any left, making their keys pending. FILLED_NOT: nothing is left to ask. FILLED_WAITS: other articles
 * are asking for everything that is left. */
enum filled request_fill(struct translator *translator, struct article *article, struct task *task);
/* Restores one translation: replaces the placeholders in *target with the English terms and subtracts their number from
 * *unknown_words. Returns false if a placeholder was lost; the unit is then back in the queue, to be sent without
 * placeholders. */
bool request_restore(struct task *task, size_t index, struct span *target, unsigned *unknown_words);
/* Removes the request's keys from pending_keys and cancels its trial. Call this before the functions below. */
void request_release(struct translator *translator, struct task *task);
/* Returns the texts to the queue to be asked again one by one, or passes a single text on to the next service. */
void request_retry(struct task *task, const struct failure *why);
/* Returns the texts to the front of their lane, as if they had never been taken. */
void request_put_back(struct task *task);
/* Gives up on these texts for this run. `why` is copied. */
void request_put_off(struct task *task, const struct failure *why);
/* Passes the texts on to the next service of their route. `why` is copied. */
void request_pass_on(struct task *task, const struct failure *why);
/* Passes one unit on to the next service. If `single` is set, each of its sentences becomes a unit of its own. */
void unit_retry(struct task *task, const struct unit *unit, bool single);
void unit_pass_on(struct task *task, const struct unit *unit, const struct failure *why);

/* ---------------------------------------------------------------- refused.c */

/* Installs the guard for a request whose price has been reserved. The guard holds the request back if its service has
 * been closed, or if the service has since refused one of its parameters. */
void refused_guard(const struct translator *translator, struct task *task, struct exchange *exchange);
/* Handles a request that the service refused: rewrites it, divides it, or passes it on. A service that refuses because
 * of its settings is closed for the run. */
void refused_request(struct translator *translator, struct task *task, struct exchange *exchange);
/* Closes the service of the request for all languages until the end of the run, and passes the texts on to the next
 * service. They wait for the next run if no other service translates them and the reason allows it. */
void refused_close(struct translator *translator, struct task *task, struct exchange *exchange,
                   const struct failure *why);
/* Reopens segments that have only a rejected or canned translation from a service that was closed as unusable. Sets
 * task->waits if they must wait for the next run. */
void refused_reopen(struct translator *translator, struct article *article, struct task *task);
/* Reopens segments whose last answer, a rejected one, came from a service that has not yet given a good answer in their
 * language, and sets task->waits. Must be called before answers_close_gaps(). */
void refused_await_unproven(const struct translator *translator, struct article *article, struct task *task);

/* ---------------------------------------------------------------- unanswered.c */

/* Handles a reply that could not be read. A reply without the expected structure counts against the service; after one
 * with the wrong number of translations (`miscounted`), the texts are asked again in smaller requests. */
void unanswered_reply(struct translator *translator, struct task *task, struct exchange *exchange,
                      const struct failure *why, bool miscounted);
/* Handles a reply that is unusable as a whole: too few translations, the same one for all texts, or a verdict with
 * answer.of_all. Returns false if the reply is none of these; each answer must then be handled by itself. */
bool unanswered_answers(struct translator *translator, struct article *article, struct task *task,
                        struct exchange *exchange, const struct answer *answers, size_t count);

/* ---------------------------------------------------------------- trial.c */

/* Returns whether the lane's service was closed in an earlier run and must first answer a single trial request. */
enum worth_trial trial_of(struct translator *translator, const struct lane *lane);
/* Returns whether the service has given a good answer in this language, in this or an earlier run. Always true in a dry
 * run. */
bool trial_is_over(const struct translator *translator, const struct configured_service *service, const char *language);
/* If a trial is due, makes the request that has just been filled the trial request. */
void trial_begin(struct translator *translator, struct task *task);
/* Cancels the trial of a request that is not sent. */
void trial_put_off(struct translator *translator, struct task *task);
/* Ends the trial if `on_trial` is set, and stores what the answers to the request have shown about the service. */
bool trial_end(struct translator *translator, const struct lane *lane, bool on_trial, struct failure *ret_failure);

/* ---------------------------------------------------------------- stand_ins.c */

/* Reports, for each newly translated text, the services of its route that should have translated it but did not. */
void stand_ins_tell(const struct translator *translator, const struct article *article, const struct task *task);

/* ---------------------------------------------------------------- batch.c */

/* Returns the request as a batch, which borrows its texts from the request and its context from the article. */
struct batch request_batch(const struct article *article, const struct request *request);

/* ---------------------------------------------------------------- dry_run.c */

/* Adds the request to the plan instead of sending it. */
void dry_run_request(struct translator *translator, struct article *article, struct task *task,
                     const struct exchange *exchange);
/* Add texts that cost nothing to the plan: a unit found in the translation memory (ignored in a real run), and units
 * that other articles are asking for. */
void dry_run_recalled(struct translator *translator, const struct lane *lane, const struct unit *unit);
void dry_run_shared(struct translator *translator, struct task *task);

/* ---------------------------------------------------------------- answers.c */

enum answer_origin { ANSWER_BOUGHT, ANSWER_REMEMBERED, ANSWER_IMPORTED };

/* Distributes the translation of a unit over its segments. If the checks reject it and the route has another service,
 * the segments are queued for that one instead. Returns whether the checks accept the translation. Imported
 * translations are used even if the checks reject them; the return value still says whether they do. */
bool answers_take(struct translator *translator, struct article *article, struct task *task, const struct lane *lane,
                  const struct unit *unit, const struct memory_entry *entry, enum answer_origin origin);
/* Records that the lane's service returned an empty or unusable answer for the unit. */
void answers_note_empty(const struct lane *lane, const struct unit *unit);
/* Returns whether the next service is asked when the checks reject an answer of this lane's service. */
bool answers_ask_another(const struct translator *translator, const struct task *task, const struct lane *lane);
/* Called when no service is left to ask: uses the best answer kept so far, or marks the segment as failed. */
void answers_give_up(const struct translator *translator, struct article *article, struct task *task,
                     struct pending *pending);
/* Removes the segments that were merged into the one before them. */
void answers_close_gaps(struct article *article);

#endif
