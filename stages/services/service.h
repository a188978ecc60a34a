/* The contract of a translation or summarization service: one `const struct service service_NAME` per file.
 *
 * An adapter is pure: it writes a request for a batch and reads the reply, and does no input or output, so that each is
 * tested from recorded bytes. State is made by open from the section's settings, and changed by adapt and enlarge only.
 */
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

/* What one request may hold; 0 means "no limit of its own". */
struct service_limits {
    size_t texts;
    size_t characters;      /* code points, all texts together */
    size_t bytes;           /* UTF-8 bytes, all texts together */
    size_t text_characters; /* of one text */
};

/* The texts of one request. Spans are borrowed for the time of the call. */
struct batch {
    enum service_task task;
    const char *source_language; /* BCP 47: "bg", "sr-Cyrl", "zh-Hans" */
    const char *target_language; /* "en" */
    const struct span *texts;    /* for a summary: the English sentences, in order */
    size_t count;
    struct span title;               /* read-only context; may be empty */
    struct span context;             /* preceding text; may be empty */
    size_t sentences;                /* for a summary: how many are wanted */
    const struct glossary *glossary; /* terms that occur in the texts, or NULL */
    struct span glossary_id;         /* of a glossary that the service keeps for us; or empty */
};

struct glossary_term {
    struct span source, target;
};

struct glossary {
    const struct glossary_term *terms;
    size_t count;
    struct span version; /* hash of the whole list; part of the memory's key */
};

enum verdict {
    VERDICT_TRANSLATED,
    VERDICT_RETRY,      /* ask again (singly) */
    VERDICT_TOO_LONG,   /* split and ask again */
    VERDICT_REFUSED,    /* this service will not; another may */
    VERDICT_QUOTA,      /* not in this run */
    VERDICT_BROKEN,     /* the answer cannot be used */
    VERDICT_MISCOUNTED, /* not as many translations as texts: nobody knows which belongs to which, ask for fewer */
    VERDICT_CUT_OFF,    /* the answer's tokens ran out while the model was thinking: more of them may help */
    VERDICT_NO_ANSWER   /* thinking took them all, or nothing but thinking came back: the settings do not fit */
};

/* One per text of the batch; spans belong to the arena given to read_reply. For a summary: one per sentence of it. */
struct answer {
    enum verdict verdict;
    struct span target;
    struct span note;       /* why not, in a sentence */
    bool nothing;           /* of all: the reply held no answer, not even a bad one */
    bool of_all;            /* the verdict is on the request as a whole: single texts may fare better */
    unsigned unknown_words; /* that the engine marked */
    unsigned rests_on[8];   /* summary: 1-based numbers of the batch's texts */
    size_t rests_on_count;
};

/* What the service says it billed, 0 when it does not. */
struct usage {
    unsigned long characters, input_tokens, output_tokens;
};

/* What an adapter is opened with. Everything outlives its state. */
struct service_context {
    const struct service *service;
    struct span name;                      /* of the section */
    const struct service_settings *common; /* the settings that all kinds have */
    const void *settings;                  /* those of this kind: the struct that its table is bound to */
    const char *folder;                    /* where relative paths in the section start */
    const char *data_folder;               /* where the tables are */
};

struct service {
    const char *name;
    const char *help;              /* one line */
    struct setting_table settings; /* of [service "..."] with kind = name, beside those that all kinds have */
    unsigned tasks;                /* enum service_task, or'ed */
    enum service_unit unit;
    struct service_limits limits;
    struct rate_limits limiter; /* defaults */
    bool free_of_charge;        /* prices do not apply */
    bool takes_context;         /* reads batch.title and batch.context */
    bool takes_glossary;        /* sends batch.glossary in its own way, so that no placeholders are needed */
    const char *languages;      /* table of source languages (ours, its own code) under tables/; NULL: any language */
    bool (*open)(const struct service_context *context, void **ret_state, struct failure *ret_failure);
    void (*close)(void *state);
    /* Whether this pair can be asked for, and (when true) the model or chain that would serve it, for the provider and
     * the memory's key; borrowed from the state, or static. Cheap: called per article. */
    bool (*offers)(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
    /* Version of the prompt (hash or number), part of the memory's key; NULL for services without one. */
    struct span (*prompt_version)(const void *state, enum service_task task);
    /* Learns from a refused parameter (exchange->refusal_setting). True: the request is to be written and sent again.
     * NULL: nothing is learned. */
    bool (*adapt)(void *state, const struct exchange *exchange);
    /* Allows longer answers from now on, once a run: true when the request is to be written and sent again. May be
     * NULL.
     */
    bool (*enlarge)(void *state, const struct exchange *exchange);
    unsigned (*learned)(const void *state); /* how often adapt and enlarge have changed something; NULL: never */
    unsigned long (*longest_answer)(const void *state); /* in tokens, as it would be asked for now; may be NULL */
    /* Fills the exchange (kind, url, headers, body, frames, judge); limiter and limits are set by the caller. */
    bool (*write_request)(const void *state, const struct batch *batch, struct exchange *exchange,
                          struct failure *ret_failure);
    /* Reads a GOOD reply into `answers` (room for batch->count, or batch->sentences for a summary) and sets
     * *ret_count. False when the reply as a whole is of no use; then every text counts as VERDICT_BROKEN. Reach SERVICE
     * says that it is not even of the service's form, whatever was asked; then answers of VERDICT_MISCOUNTED say that
     * fewer texts might fare better. */
    bool (*read_reply)(const void *state, const struct batch *batch, const struct exchange *exchange,
                       struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);
    /* For services that keep glossaries: asks whether they have the one called `name`, or (`create`) makes it, with the
     * terms of one source language. Both NULL for others. */
    bool (*write_glossary)(const void *state, const struct glossary *glossary, const char *source_language,
                           struct span name, bool create, struct exchange *exchange, struct failure *ret_failure);
    /* *ret_id (in the exchange's arena) is empty when there is none of that name. */
    bool (*read_glossary)(const void *state, struct span name, bool created, const struct exchange *exchange,
                          struct span *ret_id, struct failure *ret_failure);
    exchange_judge *judge; /* NULL: the common rule */
};

/* Generated from the files under stages/services/ that end with such a struct, ended by NULL. */
extern const struct service *const services[];
const struct service *service_of(struct span kind); /* NULL when there is none */

#endif
