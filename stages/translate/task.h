/* An article's translation under way, as the parts of this stage share it. */
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

/* The run's; const after open but for pending_keys and store. */
struct translator {
    struct service_list *service_list;
    struct pending_keys *pending_keys;
    struct store *store;
    struct budget *budget;
    struct plan *plan; /* of a dry run, else NULL */
    bool waits_at_cap; /* an article waits for the next run when a cap is reached; else the next service is asked */
    const struct segmenter *rules; /* of English sentences */
    const struct checker *checker;
    struct termbase *termbase;
    struct remote_glossaries *remote_glossaries;
    struct worth *worth;
    void (*stood_in)(void *context, struct span missed, struct span service); /* the context's; may be NULL */
    void *stood_in_context;
    const char *day;
};

/* What is asked for in one request. */
struct request {
    struct lane *lane; /* all units are from it */
    struct unit units[MAX_TEXTS];
    struct span texts[MAX_TEXTS]; /* as they are sent */
    struct glossary glossary;     /* the terms of all units, for services that take them */
    struct span glossary_id;      /* of the glossary that the service keeps; or empty */
    struct memory_key keys[MAX_TEXTS];
    size_t count, characters, bytes, words;
    bool doubtful; /* so few of its texts came back that what came is not remembered */
};

/* Looks at a request once more right before it leaves: it may have been waiting while others were answered. */
struct guard {
    bool (*starts)(void *asker, struct failure *ret_failure); /* the purchase's, and what it is asked with */
    bool (*may_try_again)(void *asker, const struct exchange *exchange);
    void *asker;
    const struct worth *worth;
    unsigned written_with; /* what was known of the service's parameters */
    bool stale;            /* it was held back to be written again */
};

/* A segment of which all that was said is worthless, and who had the last word. */
struct doubted {
    struct segment *segment;
    const struct configured_service *service;
    const char *language;
    struct doubted *next;
};

/* Lives in the article's arena. */
struct task {
    struct queue queue;
    struct request request;
    struct span whom;         /* the article's id, for worthless answers in the memory */
    bool asking;              /* request.keys are in pending_keys */
    bool on_trial;            /* the request decides whether the service is of use again */
    struct purchase purchase; /* of the request */
    struct guard guard;       /* of the request */
    bool asked_again;         /* a request as it was, once, behind a reply with nothing in it */
    struct canned_row said;
    const struct configured_service *said_by;
    struct remote_glossary *remote_glossary; /* whose exchange is under way, or NULL */
    bool short_of_money;                     /* the purchase was put off until other requests have been settled */
    const struct failure *waits;             /* why segments wait for the next run, or NULL */
    struct doubted *doubted;
};

/* ---------------------------------------------------------------- request.c */

enum filled { FILLED_NOT, FILLED, FILLED_WAITS };

/* Takes what the memory has, and fills task->request from the first lane that needs one; its keys become pending.
 * FILLED_NOT: nothing is left to be asked for. FILLED_WAITS: all that is left is being asked for by other articles. */
enum filled request_fill(struct translator *translator, struct article *article, struct task *task);
/* The English of one of its texts: terms stand where their placeholders were. False when a placeholder is lost; then
 * the unit has been put back, to be asked for without. */
bool request_restore(struct task *task, size_t index, struct span *target, unsigned *unknown_words);
/* Takes the keys of the request out of pending_keys; before the request is given back or passed on. */
void request_release(struct translator *translator, struct task *task);
/* Gives the whole request back to the queue: singly, or, when it was one unit already, to the next service. */
void request_retry(struct task *task, const struct failure *why);
/* Gives it back as if it had not been taken out. */
void request_put_back(struct task *task);
/* Nobody is asked for it in this run. */
void request_put_off(struct task *task, const struct failure *why);
/* Gives it to the next service of the route. */
void request_pass_on(struct task *task, const struct failure *why);
/* The same for one unit. `single`: each of its sentences becomes a unit of its own. */
void unit_retry(struct task *task, const struct unit *unit, bool single);
void unit_pass_on(struct task *task, const struct unit *unit, const struct failure *why);

/* ---------------------------------------------------------------- refused.c */

/* Puts the guard before a request that has been paid for. It holds a request back whose service has been closed, or
 * that would be refused for a parameter that others have been refused for. */
void refused_guard(const struct translator *translator, struct task *task, struct exchange *exchange);
/* What becomes of a request that the service refused: written otherwise, divided, or passed on; a service that refuses
 * because of its settings is closed for the run. */
void refused_request(struct translator *translator, struct task *task, struct exchange *exchange);
/* The settings do not fit, or it is of no use: nobody asks it again in this run, and what it was asked for goes on, or
 * waits. */
void refused_close(struct translator *translator, struct task *task, struct exchange *exchange,
                   const struct failure *why);
/* Segments whose only English comes from a service that was closed as worthless wait, with task->waits. */
void refused_reopen(struct translator *translator, struct article *article, struct task *task);
/* So do those of which a service had the last word that has yet to give its first good answer in their language. Before
 * answers_close_gaps(). */
void refused_await_unproven(const struct translator *translator, struct article *article, struct task *task);

/* ---------------------------------------------------------------- unanswered.c */

/* The reply could not be read. One that is not of the service's form counts against the service; the texts of one that
 * was miscounted are asked for again with fewer at a time. */
void unanswered_reply(struct translator *translator, struct task *task, struct exchange *exchange,
                      const struct failure *why, bool miscounted);
/* The reply was read, but holds nothing for the request as a whole: not as many translations as texts, one for them
 * all, or what answer.of_all says. False: the texts are to be looked at one by one. */
bool unanswered_answers(struct translator *translator, struct article *article, struct task *task,
                        struct exchange *exchange, const struct answer *answers, size_t count);

/* ---------------------------------------------------------------- trial.c */

/* Whether the service of this lane has to show first that it is of use again. */
enum worth_trial trial_of(struct translator *translator, const struct lane *lane);
/* Whether the service has proven itself in this language, in this run or an earlier one; in a dry run all have. */
bool trial_is_over(const struct translator *translator, const struct configured_service *service, const char *language);
/* The request that has been filled is the trial, when one is due. */
void trial_begin(struct translator *translator, struct task *task);
/* It is not sent. */
void trial_put_off(struct translator *translator, struct task *task);
/* A request has been answered: what is known now of the service is stored. `on_trial`: the request was the trial. */
bool trial_end(struct translator *translator, const struct lane *lane, bool on_trial, struct failure *ret_failure);

/* ---------------------------------------------------------------- stand_ins.c */

/* Tells, for each text that was translated now, by whom, and which services of its route did not. */
void stand_ins_tell(const struct translator *translator, const struct article *article, const struct task *task);

/* ---------------------------------------------------------------- batch.c */

/* The batch of the request; texts and context are borrowed. */
struct batch request_batch(const struct article *article, const struct request *request);

/* ---------------------------------------------------------------- dry_run.c */

/* Instead of being sent: the request goes into the plan. */
void dry_run_request(struct translator *translator, struct article *article, struct task *task,
                     const struct exchange *exchange);
/* A unit that the memory has (nothing when it is no dry run), and units that other articles ask for as well. */
void dry_run_recalled(struct translator *translator, const struct lane *lane, const struct unit *unit);
void dry_run_shared(struct translator *translator, struct task *task);

/* ---------------------------------------------------------------- answers.c */

enum answer_origin { ANSWER_BOUGHT, ANSWER_REMEMBERED, ANSWER_IMPORTED };

/* One unit's English becomes its segments' targets, unless the checks find it worthless and the route has another
 * service. Returns whether it is worth to be remembered. What the user imported is taken as it is. */
bool answers_take(struct translator *translator, struct article *article, struct task *task, const struct lane *lane,
                  const struct unit *unit, const struct memory_entry *entry, enum answer_origin origin);
/* The service of this lane gave no words for the unit, or none that are meant for the reader. */
void answers_note_empty(const struct lane *lane, const struct unit *unit);
/* Whether what the checks reject of this service is asked of the next one. */
bool answers_ask_another(const struct translator *translator, const struct task *task, const struct lane *lane);
/* No service is left: the better answer that was kept, or a failed segment. */
void answers_give_up(const struct translator *translator, struct article *article, struct task *task,
                     struct pending *pending);
/* Takes out the segments that were merged into the one before. */
void answers_close_gaps(struct article *article);

#endif
