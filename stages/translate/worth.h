/* What the run has learned about its services: which of them give unusable answers, and how much text they accept. Most
 * functions take a service and a language, and keep a separate record for each combination; functions without a
 * language are about the service as a whole. A service that gives unusable answers is closed, which means that it is
 * disabled (in one language or in all) for the rest of the run. A service that is not closed is called open. */
#ifndef STAGES_TRANSLATE_WORTH_H
#define STAGES_TRANSLATE_WORTH_H

#include "stages/services/service_list.h"
#include "stages/translate/history.h"
#include "stages/translate/limits.h"

struct worth;

struct worth *worth_new(void);
void worth_free(struct worth *worth); /* accepts NULL */

/* Returns why the service is closed in this language, or NULL if it is open. The failure is owned by `worth`. */
const struct failure *worth_closed(const struct worth *worth, struct span service, const char *language);
/* Closes the service in one language, or in all if `language` is NULL. `why` is copied, and ignored if the service is
 * already closed. */
void worth_close(struct worth *worth, const struct configured_service *service, const char *language,
                 const struct failure *why);
/* Counts the answer to one text; `good` says whether the checks accepted it. Closes the service in this language if 12
 * of its last 16 answers were rejected, including those of earlier runs (see worth_recall()). */
void worth_count(struct worth *worth, const struct configured_service *service, const char *language, bool good);

/* Counts an unreadable reply like a rejected answer, but does not record it for later runs. */
void worth_count_unread(struct worth *worth, const struct configured_service *service, const char *language);
/* Returns whether the answer is canned (see canned.h): the service gives it for unrelated sources. If so, records it.
 */
bool worth_is_canned(struct worth *worth, const struct configured_service *service, const char *language,
                     struct span source, struct span target);
/* Records the canned answer that an earlier run found; `target` may be empty. */
void worth_know_canned(struct worth *worth, const struct configured_service *service, const char *language,
                       struct span target);
/* Closes the service in this language because it gives the answer `target` for every text, and records the answer for
 * later runs. */
void worth_close_canned(struct worth *worth, const struct configured_service *service, const char *language,
                        struct span target, const struct failure *why);
/* Returns the canned answer of the service in this language, or an empty span if none is known. */
struct span worth_canned(const struct worth *worth, struct span service, const char *language);

enum worth_trial {
    TRIAL_NONE, /* no trial is needed, or the service is closed */
    TRIAL_DUE,  /* an earlier run closed the service; one request must show whether its translations are usable now */
    TRIAL_UNDER_WAY, /* the trial request has been sent, or is about to be sent */
};

/* Returns whether worth_recall() has already been called for this service and language. */
bool worth_is_known(const struct worth *worth, const struct configured_service *service, const char *language);
/* Records what earlier runs found out: whether they closed the service in this language, and the history of its
 * answers. Must be called once, before the first request to the service. */
void worth_recall(struct worth *worth, const struct configured_service *service, const char *language, bool closed,
                  const struct history *history);
/* Returns whether the checks have accepted any answer in this language, in this run or an earlier one. Until then, the
 * service and not the text is blamed for rejected answers. */
bool worth_translates(const struct worth *worth, const struct configured_service *service, const char *language);
/* Sets *ret_history to the current history. Returns whether the history has changed since the last call. */
bool worth_history(struct worth *worth, const struct configured_service *service, const char *language,
                   struct history *ret_history);
/* Returns whether an earlier run closed the service, and no trial has succeeded since. */
bool worth_was_closed(const struct worth *worth, const struct configured_service *service, const char *language);
enum worth_trial worth_trial(const struct worth *worth, const struct configured_service *service, const char *language);
void worth_begin_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* Ends the trial. The answers that worth_count() has counted since worth_begin_trial() decide whether the service is
 * open or closed from now on. If there were none, another trial is due. */
void worth_end_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* What has changed since the last call of worth_news() and must be stored for later runs. */
enum worth_news { WORTH_NO_NEWS, WORTH_CLOSED, WORTH_OPENED };
enum worth_news worth_news(struct worth *worth, const struct configured_service *service, const char *language);

/* Counts a text that the service refused although it was alone in its request. Returns whether this is at least the
 * third refusal in a row. */
bool worth_refused(struct worth *worth, const struct configured_service *service);
/* Returns whether the service has given any good answer in this run. */
bool worth_proven(const struct worth *worth, const struct configured_service *service);

/* Counts an answer that ran out of tokens or context. Returns how many there have been since the last good answer. */
unsigned worth_cut(struct worth *worth, const struct configured_service *service);
/* Get and set whether the service returned a wrong number of translations for the last request with several texts. */
bool worth_miscounts(const struct worth *worth, const struct configured_service *service);
void worth_set_miscounts(struct worth *worth, const struct configured_service *service, bool miscounts);

/* Limits later requests to `texts` texts. */
void worth_limit_texts(struct worth *worth, const struct configured_service *service, size_t texts);

/* Returns the current limits: those of the adapter, or lower ones learned from refused requests. */
struct service_limits worth_limits(const struct worth *worth, const struct configured_service *service);
/* Lowers the limits of the service after a refused request; see limits_learn(). */
bool worth_learn_limits(struct worth *worth, const struct configured_service *service, const struct sent *sent,
                        struct span sentence);

#endif
