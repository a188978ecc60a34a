/* What all language models share: prompts, the texts as numbered data between delimiters, and answers that are
 * believed only when they end cleanly, keep the numbers and look like a translation. */
#ifndef STAGES_SERVICES_COMMON_CHAT_H
#define STAGES_SERVICES_COMMON_CHAT_H

#include "pipeline/base/table.h"
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/prompt.h"

/* What a server has refused in this run, and is not sent again. */
struct chat_learned {
    unsigned long answer_tokens;                            /* instead of the setting; 0: as set */
    const char *limit_key;                                  /* instead of the usual name; NULL: as usual */
    bool no_temperature, no_system, no_schema, no_thinking; /* left out */
    bool thinking_off;                                      /* turned off by enable_thinking, whatever is set */
    unsigned halved, lowered;                               /* how often, without and with a number to go by */
    bool enlarged;                                          /* answer_tokens has been raised */
    unsigned generation;                                    /* of all this: a request that was written before is old */
};

struct chat_form;
struct chat_settings;

struct chat {
    const struct service_settings *common;
    const struct chat_settings *settings;
    const void *own; /* the settings of the adapter's kind, which include those */
    struct arena *arena;
    struct prompt translate, summarize;
    struct table names, phrases, words;
    struct span model, versions[2]; /* of the prompts, with the form of the answer */
    bool structured;                /* the server holds the model to a JSON schema */
    double temperature;             /* negative: not sent */
    const struct chat_form *form;
    struct chat_learned learned; /* grows while a run goes on; all else is const */
};

/* The settings of every language model; the first member of the struct of such a kind may be one. */
struct chat_settings {
    struct span model, temperature, prompt_file, summary_prompt_file;
    enum chat_format { CHAT_SCHEMA, CHAT_FENCES } format;
    long long answer_tokens;
};

/* Entries of the kind's table, for a struct that has a struct chat_settings as this member. */
#define CHAT_SETTINGS(structure, member)                                                                               \
    SETTING("model", SETTING_TEXT_AT(structure, member.model), .help = "name of the model, as the server knows it"),   \
        SETTING("format", SETTING_CHOICE_AT(structure, member.format), .default_value = "schema",                      \
                .choices = "schema fences",                                                                            \
                .help = "schema = the server makes the model follow a JSON schema, fences = the model is only asked "  \
                        "to follow a format"),                                                                         \
        SETTING("temperature", SETTING_TEXT_AT(structure, member.temperature), .default_value = "0",                   \
                .fits = chat_is_temperature, .expected = "a number from 0 to 2, or none",                              \
                .help = "0 to 2, or none for models that take no temperature"),                                        \
        SETTING("answer_tokens", SETTING_NUMBER_AT(structure, member.answer_tokens), .default_value = "8192",          \
                .min = 256, .max = 1000000, .help = "maximum number of tokens in an answer, thinking included"),       \
        SERVICE_LANGUAGES_SETTING("only these source languages (default: all)"),                                       \
        SETTING("prompt_file", SETTING_TEXT_AT(structure, member.prompt_file),                                         \
                .help = "file with another prompt for translations"),                                                  \
        SETTING("summary_prompt_file", SETTING_TEXT_AT(structure, member.summary_prompt_file),                         \
                .help = "file with another prompt for summaries")

bool chat_is_temperature(struct span text);

/* `settings` is part of context->settings. The form must outlive the state. */
bool chat_open(const struct service_context *context, const struct chat_settings *settings,
               const struct chat_form *form, void **ret_state, struct failure *ret_failure);
void chat_close(void *state); /* accepts NULL */
bool chat_offers(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
struct span chat_prompt_version(const void *state, enum service_task task);

/* chat_adapt.c: service.adapt, .enlarge, .learned and .longest_answer. */
bool chat_adapt(void *state, const struct exchange *exchange);
bool chat_enlarge(void *state, const struct exchange *exchange);
unsigned chat_generation(const void *state);
unsigned long chat_longest_answer(const void *state);

/* Whether to send a schema and a temperature: as set, unless the server has refused them. */
bool chat_is_structured(const struct chat *chat);
bool chat_has_temperature(const struct chat *chat);
unsigned long chat_answer_tokens(const struct chat *chat);

struct chat_message {
    struct span system, user;
};

/* The two messages for a batch, in the exchange's arena; marks the exchange with what the chat has learned so far. */
struct chat_message chat_write(const struct chat *chat, const struct batch *batch, struct exchange *exchange);
/* The line around everything that comes from the article; no text of the batch contains it. */
struct span chat_mark(const struct batch *batch, struct arena *arena);
/* The JSON schema of the answer, the caller's; `closed` forbids further members (Gemini does not know that word). */
cJSON *chat_schema(const struct batch *batch, bool closed);
/* {"role":..., "content":...} */
cJSON *chat_role(const char *role, struct span content);

/* What a server's reply says, as it says it. */
struct chat_reply {
    struct span reason;                         /* the server's word for the end of the answer; empty: none */
    struct span text;                           /* the answer; borrowed */
    struct span thinking;                       /* what it shows of its thinking, apart from the answer */
    bool thought;                               /* the answer has parts of thinking, which are not in its text */
    struct span refusal;                        /* its own words for not answering */
    struct span full;                           /* what to do about a context that was too small; empty: it was not */
    unsigned long prompt_tokens, answer_tokens; /* as the server counted them, thinking included; 0: it did not say */
};

/* What is particular to a protocol. */
struct chat_form {
    const char *thinking_setting; /* how thinking is turned off, for advice: "think = no" */
    /* Finds all this in a server's reply. What it borrows must live as long as the tree or the arena. */
    struct chat_reply (*reply_of)(const struct chat *chat, const cJSON *root, struct arena *arena);
};

/* chat_read.c: service.read_reply. */
bool chat_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                     struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);
/* A count of tokens, 0 when it is not there. */
unsigned long chat_tokens(const cJSON *usage, const char *name);
/* The member `name` of all items that are wanted, one behind the other. */
struct span chat_join(const cJSON *items, const char *name, bool (*wanted)(const cJSON *item), struct arena *arena);
/* Whether any of the items is of a kind that is not wanted. */
bool chat_has_other(const cJSON *items, bool (*wanted)(const cJSON *item));
/* A tree as JSON, in the arena; empty for NULL. */
struct span chat_print(const cJSON *tree, struct arena *arena);

/* The members of struct service that are the same for every language model. */
#define CHAT_SERVICE                                                                                                   \
    .tasks = SERVICE_TRANSLATES | SERVICE_SUMMARIZES, .unit = UNIT_PARAGRAPH, .takes_context = true,                   \
    .takes_glossary = true, .limits = {.texts = 20, .characters = 4000}, .close = chat_close, .offers = chat_offers,   \
    .prompt_version = chat_prompt_version, .adapt = chat_adapt, .enlarge = chat_enlarge, .learned = chat_generation,   \
    .longest_answer = chat_longest_answer, .read_reply = chat_read_reply

#endif
