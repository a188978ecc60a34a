/* What a run has learned about its services: which are of no use, and how much they take at a time. */
#ifndef STAGES_TRANSLATE_WORTH_H
#define STAGES_TRANSLATE_WORTH_H

#include "stages/services/service_list.h"
#include "stages/translate/history.h"
#include "stages/translate/limits.h"

struct worth;

struct worth *worth_new(void);
void worth_free(struct worth *worth); /* accepts NULL */

/* Why the service is not asked for this language in this run; NULL: it is. Lives as long as `worth`. */
const struct failure *worth_closed(const struct worth *worth, struct span service, const char *language);
/* Closes it for a language, or (NULL) for all. */
void worth_close(struct worth *worth, const struct configured_service *service, const char *language,
                 const struct failure *why);
/* An answer to one text, by what the checks say. When 12 of the last 16 of a language were worthless, those of earlier
 * runs included (worth_recall), the service is closed for it. */
void worth_count(struct worth *worth, const struct configured_service *service, const char *language, bool good);

/* A reply with nothing to be read in it: it counts like a worthless answer, but says nothing to later runs. */
void worth_count_unread(struct worth *worth, const struct configured_service *service, const char *language);
/* Whether the service gives this English whatever it is asked (canned.h). The answer that showed it is kept. */
bool worth_is_canned(struct worth *worth, const struct configured_service *service, const char *language,
                     struct span source, struct span target);
void worth_know_canned(struct worth *worth, const struct configured_service *service, const char *language,
                       struct span target);
/* Closes it for the language because it gives this English whatever it is asked; later runs are told. */
void worth_close_canned(struct worth *worth, const struct configured_service *service, const char *language,
                        struct span target, const struct failure *why);
struct span worth_canned(const struct worth *worth, struct span service, const char *language); /* or empty */

enum worth_trial {
    TRIAL_NONE,      /* it may be asked, or is closed */
    TRIAL_DUE,       /* an earlier run found it of no use: one request will show whether it still is */
    TRIAL_UNDER_WAY, /* that request is on its way */
};

/* Whether worth_recall() has been told about this language. */
bool worth_is_known(const struct worth *worth, const struct configured_service *service, const char *language);
/* To be told once, before it is asked: whether an earlier run closed it for the language, and what its answers were
 * like. */
void worth_recall(struct worth *worth, const struct configured_service *service, const char *language, bool closed,
                  const struct history *history);
/* Whether the checks have accepted an answer of it in this language, in this run or before. Until then what they reject
 * is the service's fault, and no text's. */
bool worth_translates(const struct worth *worth, const struct configured_service *service, const char *language);
/* Its history, when that has changed since the last call of this function. */
bool worth_history(struct worth *worth, const struct configured_service *service, const char *language,
                   struct history *ret_history);
/* Whether an earlier run closed it, and nothing has shown yet that it is of use again. */
bool worth_was_closed(const struct worth *worth, const struct configured_service *service, const char *language);
enum worth_trial worth_trial(const struct worth *worth, const struct configured_service *service, const char *language);
void worth_begin_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* What worth_count() was told meanwhile decides: it is closed again, or open from now on. Without any answer the trial
 * is due again. */
void worth_end_trial(struct worth *worth, const struct configured_service *service, const char *language);
/* What has become known since the last call of this function, and is to be remembered by later runs. */
enum worth_news { WORTH_NO_NEWS, WORTH_CLOSED, WORTH_OPENED };
enum worth_news worth_news(struct worth *worth, const struct configured_service *service, const char *language);

/* One text that the service refused to take, alone. Returns whether that was the third in a row. */
bool worth_refused(struct worth *worth, const struct configured_service *service);
/* Whether it has given any good answer in this run. */
bool worth_proven(const struct worth *worth, const struct configured_service *service);

/* Answers in a row that ran out of tokens or context; any good answer ends the row. Returns how many there are now. */
unsigned worth_cut(struct worth *worth, const struct configured_service *service);
/* Whether its last request of several texts came back with another number of translations. */
bool worth_miscounts(const struct worth *worth, const struct configured_service *service);
void worth_set_miscounts(struct worth *worth, const struct configured_service *service, bool miscounts);

/* Not more texts in a request than that. */
void worth_limit_texts(struct worth *worth, const struct configured_service *service, size_t texts);

/* The adapter's limits, and what was learned. */
struct service_limits worth_limits(const struct worth *worth, const struct configured_service *service);
/* limits_learn() of this service. */
bool worth_learn_limits(struct worth *worth, const struct configured_service *service, const struct sent *sent,
                        struct span sentence);

#endif
