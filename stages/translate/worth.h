/* What the run has learned about its services: which ones give unusable answers, and how much text they accept. Most
 * functions take a service and a language, and keep one record for each combination; those without a language concern
 * the service as a whole. A service that is closed is not asked again in this run; one that is open may be asked. */
#ifndef STAGES_TRANSLATE_WORTH_H
#define STAGES_TRANSLATE_WORTH_H

#include "stages/services/service_list.h"
#include "stages/translate/history.h"
#include "stages/translate/limits.h"

struct worth;

struct worth *worth_new(void);
void worth_free(struct worth *worth); /* accepts NULL */

/* Returns why the service is closed for this language, or NULL if it is open. Valid as long as `worth`. */
const struct failure *worth_closed(const struct worth *worth, struct span service, const char *language);
/* Closes the service for a language, or for all languages if NULL. `why` is copied; only the first reason is kept. */
void worth_close(struct worth *worth, const struct configured_service *service, const char *language,
                 const struct failure *why);
/* Counts an answer to one text; `good` says whether the checks accept it. Closes the service for the language when 12
 * of the last 16 answers were rejected. Rejected answers of earlier runs count too (see worth_recall()). */
void worth_count(struct worth *worth, const struct configured_service *service, const char *language, bool good);

/* Counts a reply that could not be read. It counts as a rejected answer, but is not remembered for later runs. */
void worth_count_unread(struct worth *worth, const struct configured_service *service, const char *language);
/* Returns whether the service gives this English for unrelated sources (see canned.h), and remembers it if so. */
bool worth_is_canned(struct worth *worth, const struct configured_service *service, const char *language,
                     struct span source, struct span target);
/* Records the canned answer that an earlier run found; `target` may be empty. */
void worth_know_canned(struct worth *worth, const struct configured_service *service, const char *language,
                       struct span target);
/* Closes the service for the language because the service gives this English for every text. The English is stored for
 * later runs. */
void worth_close_canned(struct worth *worth, const struct configured_service *service, const char *language,
                        struct span target, const struct failure *why);
/* Returns the canned answer of the service, or an empty span if none is known. */
struct span worth_canned(const struct worth *worth, struct span service, const char *language);

enum worth_trial {
    TRIAL_NONE, /* no trial is needed, or the service is closed */
    TRIAL_DUE,  /* an earlier run stopped using the service: one request must show whether its translations are usable
                   now */
    TRIAL_UNDER_WAY, /* the trial request has been sent or is about to be sent */
};

/* Returns whether worth_recall() has been called for this service and language. */
bool worth_is_known(const struct worth *worth, const struct configured_service *service, const char *language);
/* Records what earlier runs found out: whether they closed the service for the language, and the history of its
 * answers. Must be called once, before the service is asked. */
void worth_recall(struct worth *worth, const struct configured_service *service, const char *language, bool closed,
                  const struct history *history);
/* Returns whether the checks have accepted any answer in this language, in this or an earlier run. Until then, a
 * rejected answer is blamed on the service and not on the text. */
bool worth_translates(const struct worth *worth, const struct configured_service *service, const char *language);
/* Sets *ret_history to the current history. Returns whether the history has changed since the last call. */
bool worth_history(struct worth *worth, const struct configured_service *service, const char *language,
                   struct history *ret_history);
/* Returns whether an earlier run closed the service, and no trial has succeeded since. */
bool worth_was_closed(const struct worth *worth, const struct configured_service *service, const char *language);
enum worth_trial worth_trial(const struct worth *worth, const struct configured_service *service, const char *language);
void worth_begin_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* Ends the trial and judges it by the answers that worth_count() has counted since it began: from now on, the service
 * is either open or closed again. If there was no answer, the trial is due again. */
void worth_end_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* What has changed since the last call of worth_news() and must be stored for later runs. */
enum worth_news { WORTH_NO_NEWS, WORTH_CLOSED, WORTH_OPENED };
enum worth_news worth_news(struct worth *worth, const struct configured_service *service, const char *language);

/* Counts a text that the service refused although it was alone in its request. Returns whether it was the third refusal
 * in a row. */
bool worth_refused(struct worth *worth, const struct configured_service *service);
/* Returns whether the service has given any good answer in this run. */
bool worth_proven(const struct worth *worth, const struct configured_service *service);

/* Counts an answer that ran out of tokens or context, and returns how many there have been since the last good answer.
 */
unsigned worth_cut(struct worth *worth, const struct configured_service *service);
/* Gets and sets whether the service answered its last request of several texts with a different number of translations.
 */
bool worth_miscounts(const struct worth *worth, const struct configured_service *service);
void worth_set_miscounts(struct worth *worth, const struct configured_service *service, bool miscounts);

/* Limits later requests to this many texts. */
void worth_limit_texts(struct worth *worth, const struct configured_service *service, size_t texts);

/* Returns the limits in force: the adapter's, or lower ones that were learned from its refusals. */
struct service_limits worth_limits(const struct worth *worth, const struct configured_service *service);
/* Lowers the service's limits after a refused request; see limits_learn(). */
bool worth_learn_limits(struct worth *worth, const struct configured_service *service, const struct sent *sent,
                        struct span sentence);

#endif
