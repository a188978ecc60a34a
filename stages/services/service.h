/* The interface of a service, which translates or summarizes. Each adapter defines one `const struct service
 * service_NAME` in a separate file.
 *
 * An adapter performs no I/O: it composes the request for a batch of texts and parses the reply, so it can be tested
 * with recorded bytes. `open` creates its state; only `adapt` and `enlarge` change the state. */
#ifndef STAGES_SERVICES_SERVICE_H
#define STAGES_SERVICES_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/setting.h"
#include "pipeline/article/article.h"
#include "pipeline/base/failure.h"
#include "pipeline/net/exchange.h"

struct service;
struct service_settings;

enum service_task { SERVICE_TRANSLATES = 1, SERVICE_SUMMARIZES = 2 };
enum service_unit { UNIT_SENTENCE, UNIT_PARAGRAPH };

/* Limits of a request; 0 means "no limit". */
struct service_limits {
    size_t texts;
    size_t characters;      /* code points in all texts together */
    size_t bytes;           /* UTF-8 bytes in all texts together */
    size_t text_characters; /* code points in a single text */
};

/* The texts of one request, borrowed for the duration of the call. */
struct batch {
    enum service_task task;
    const char *source_language; /* BCP 47 code, for example "bg", "sr-Cyrl" or "zh-Hans" */
    const char *target_language; /* "en" */
    const struct span *texts;    /* for a summary: the English sentences of the article, in order */
    size_t count;
    struct span title;   /* title of the article, as context only; may be empty */
    struct span context; /* the text that precedes the first text of the batch, as context only; may be empty */
    size_t sentences;    /* for a summary: number of sentences wanted */
    const struct glossary *glossary; /* the glossary terms that occur in the texts, or NULL */
    struct span glossary_id;         /* ID of the glossary at the service, if the service stores it; otherwise empty */
};

struct glossary_term {
    struct span source, target;
};

struct glossary {
    const struct glossary_term *terms;
    size_t count;
    struct span version; /* hash of the whole glossary file; part of the translation memory key */
};

enum verdict {
    VERDICT_TRANSLATED,
    VERDICT_RETRY,      /* send the text again, alone in a request */
    VERDICT_TOO_LONG,   /* divide the text or the request, and send it again */
    VERDICT_REFUSED,    /* the service declines this text; another service may accept it */
    VERDICT_QUOTA,      /* the quota is used up: try again in the next run */
    VERDICT_BROKEN,     /* the answer is unusable */
    VERDICT_MISCOUNTED, /* the number of translations differs from the number of texts, so it is unknown which belong
                           together */
    VERDICT_CUT_OFF,    /* the token limit was reached while the model was still thinking; a higher limit may help */
    VERDICT_NO_ANSWER   /* the reply contains only thinking: the user must change the settings */
};

/* The result for one text of the batch or, if a summary was requested, one sentence of the summary. The spans are
 * allocated in the arena of the exchange. */
struct answer {
    enum verdict verdict;
    struct span target;
    struct span note; /* why there is no translation */
    bool nothing;     /* the reply contained no answer; implies of_all */
    bool of_all; /* the verdict is about the request as a whole; its texts may still succeed when sent one by one */
    unsigned unknown_words; /* number of words that the engine marked as unknown */
    unsigned rests_on[8];   /* for a summary: 1-based numbers of the texts in the batch that support the sentence */
    size_t rests_on_count;
};

/* The amounts that the service says it will bill; 0 if it does not say. */
struct usage {
    unsigned long characters, input_tokens, output_tokens;
    bool unanswered; /* nothing came back that tokens could have been counted for */
};

/* The arguments of service.open. They outlive the state. */
struct service_context {
    const struct service *service;
    struct span name;                      /* name of the section */
    const struct service_settings *common; /* the settings shared by all kinds of services */
    const void *settings;    /* settings of this kind of service, in the struct that service.settings describes */
    const char *folder;      /* base folder for relative paths in the section */
    const char *data_folder; /* folder that contains tables/ and prompts/ */
};

struct service {
    const char *name;
    const char *help;              /* one line */
    struct setting_table settings; /* settings of this kind, in addition to those that all services share */
    unsigned tasks;                /* tasks that the service supports: bit mask of enum service_task */
    enum service_unit unit;
    struct service_limits limits;
    struct rate_limits limiter; /* defaults */
    bool free_of_charge;        /* the service costs nothing, so prices in the configuration are ignored */
    bool takes_context;         /* the adapter uses batch.title and batch.context */
    bool takes_glossary;        /* the adapter sends batch.glossary with the request, so no placeholders are needed */
    const char *languages; /* file below tables/ that lists the source languages (BCP 47 code, the service's code); NULL
                              for any language */
    bool (*open)(const struct service_context *context, void **ret_state, struct failure *ret_failure);
    void (*close)(void *state);
    /* Returns whether the service translates this language pair. If so, sets *ret_model to the model or chain of
     * language pairs that it will use, which is stored in the record and is part of the translation memory key; the
     * span is static or borrowed from the state. Called for every article, so it must be fast. */
    bool (*offers)(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
    /* Returns the version of the prompt, which is part of the translation memory key; NULL for services without a
     * prompt. */
    struct span (*prompt_version)(const void *state, enum service_task task);
    /* Called when the service has refused a parameter (exchange->refusal_setting). Returns true if the adapter now
     * omits or changes the parameter, so that the request must be composed and sent again. NULL if the adapter cannot
     * do so. */
    bool (*adapt)(void *state, const struct exchange *exchange);
    /* Raises the limit on the length of answers, at most once per run. Returns true if the request must be composed and
     * sent again. May be NULL. */
    bool (*enlarge)(void *state, const struct exchange *exchange);
    unsigned (*learned)(
        const void *state); /* number of changes made by `adapt` and `enlarge`; NULL if the adapter has neither */
    unsigned long (*longest_answer)(
        const void *state); /* current limit on the length of an answer, in tokens; may be NULL */
    /* Composes the request: sets kind, url, headers, body and frames of the exchange. The caller sets limiter and
     * limits. */
    bool (*write_request)(const void *state, const struct batch *batch, struct exchange *exchange,
                          struct failure *ret_failure);
    /* Reads a reply for which `judge` returned EXCHANGE_GOOD. `answers` has room for batch->count elements, or
     * batch->sentences for a summary; sets *ret_count to the number used. Returns false if the reply as a whole is
     * unusable; all texts are then treated as VERDICT_BROKEN. The failure has REACH_SERVICE if the reply does not have
     * this service's structure; if all answers are VERDICT_MISCOUNTED in this case, a request with fewer texts may
     * succeed. */
    bool (*read_reply)(const void *state, const struct batch *batch, const struct exchange *exchange,
                       struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);
    /* For services that store glossaries; NULL for others. Composes a request that lists the glossaries at the service
     * or, if `create` is set, creates the glossary `name` with the terms of one source language. */
    bool (*write_glossary)(const void *state, const struct glossary *glossary, const char *source_language,
                           struct span name, bool create, struct exchange *exchange, struct failure *ret_failure);
    /* Reads the reply to a request of write_glossary, which created the glossary if `created` is set. Sets *ret_id (in
     * the exchange's arena) to the ID of the glossary `name`, or to an empty span if it does not exist. */
    bool (*read_glossary)(const void *state, struct span name, bool created, const struct exchange *exchange,
                          struct span *ret_id, struct failure *ret_failure);
    exchange_judge *judge; /* decides what a reply means; NULL for exchange_judge_common() */
};

/* All services, ended by NULL. Generated from the files below stages/services/ that define a `struct service
 * service_NAME`. */
extern const struct service *const services[];
const struct service *service_of(struct span kind); /* NULL if there is no service of this kind */

#endif
