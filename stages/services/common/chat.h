/* Functions shared by all adapters for language models. A request consists of a prompt and the texts as numbered data
 * between delimiters. An answer is accepted only if it is complete, has the right numbers and looks like a translation.
 */
#ifndef STAGES_SERVICES_COMMON_CHAT_H
#define STAGES_SERVICES_COMMON_CHAT_H

#include "pipeline/base/table.h"
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/prompt.h"
#include "stages/services/common/recited.h"

/* What the adapter has learned from refused requests in this run. */
struct chat_learned {
    unsigned long answer_tokens; /* overrides the setting answer_tokens unless 0 */
    const char *limit_key;       /* name of the parameter that limits the length of answers; NULL for the default */
    bool no_temperature, no_system, no_schema, no_thinking; /* the server has refused these parameters */
    bool thinking_off; /* thinking is turned off with the parameter enable_thinking, regardless of the settings */
    unsigned halved, lowered; /* how often answer_tokens was halved, or lowered to a limit given by the server */
    bool enlarged;            /* answer_tokens has been raised */
    unsigned generation; /* number of changes to this struct; requests composed before the latest one are out of date */
};

struct chat_form;
struct chat_settings;

struct chat {
    const struct service_settings *common;
    const struct chat_settings *settings;
    const void *own; /* all settings of the adapter, which contain `settings` */
    struct arena *arena;
    struct prompt translate, summarize;
    struct recital *recital; /* of both prompts */
    struct table names, phrases, words;
    struct span model, versions[2]; /* versions of the two prompts, including format and temperature */
    bool structured;                /* the server is asked to enforce a JSON schema */
    double temperature;             /* negative if no temperature is sent */
    const struct chat_form *form;
    struct chat_learned learned; /* the only member that may change during a run */
};

/* The settings of every language model, to be used as a member of the adapter's settings. */
struct chat_settings {
    struct span model, temperature, prompt_file, summary_prompt_file;
    enum chat_format { CHAT_SCHEMA, CHAT_FENCES } format;
    long long answer_tokens;
    bool answer_tokens_given;
};

/* Entries for an adapter's table of settings. `member` is the struct chat_settings within the adapter's struct of type
 * `structure`. */
#define CHAT_SETTINGS(structure, member)                                                                               \
    SETTING("model", SETTING_TEXT_AT(structure, member.model), .help = "name of the model, as the server knows it"),   \
        SETTING(                                                                                                       \
            "format", SETTING_CHOICE_AT(structure, member.format), .default_value = "schema",                          \
            .choices = "schema fences",                                                                                \
            .help =                                                                                                    \
                "schema = the server enforces a JSON schema, fences = the prompt only asks the model for a format"),   \
        SETTING("temperature", SETTING_TEXT_AT(structure, member.temperature), .default_value = "0",                   \
                .fits = chat_is_temperature, .expected = "a number from 0 to 2, or none",                              \
                .help = "0 to 2, or none for models that take no temperature"),                                        \
        SETTING("answer_tokens", SETTING_NUMBER_AT(structure, member.answer_tokens), .default_value = "8192",          \
                SETTING_GIVEN_AT(structure, member.answer_tokens_given), .min = 256, .max = 1000000,                   \
                .help = "maximum number of tokens in an answer, including thinking"),                                  \
        SERVICE_LANGUAGES_SETTING("use only these source languages (default: all)"),                                   \
        SETTING("prompt_file", SETTING_TEXT_AT(structure, member.prompt_file),                                         \
                .help = "file with the prompt for translations (default: the built-in prompt)"),                       \
        SETTING("summary_prompt_file", SETTING_TEXT_AT(structure, member.summary_prompt_file),                         \
                .help = "file with the prompt for summaries (default: the built-in prompt)")

bool chat_is_temperature(struct span text);

/* Reads the prompts and tables. `settings` must point into context->settings. `form` must outlive the state. */
bool chat_open(const struct service_context *context, const struct chat_settings *settings,
               const struct chat_form *form, void **ret_state, struct failure *ret_failure);
void chat_close(void *state); /* accepts NULL */
bool chat_offers(const void *state, const char *source_language, const char *target_language, struct span *ret_model);
struct span chat_prompt_version(const void *state, enum service_task task);

/* chat_adapt.c implements service.adapt, .enlarge, .learned and .longest_answer. */
bool chat_adapt(void *state, const struct exchange *exchange);
bool chat_enlarge(void *state, const struct exchange *exchange);
unsigned chat_generation(const void *state);
unsigned long chat_longest_answer(const void *state);

/* Whether requests contain a schema, and whether they contain a temperature: if it is configured and the server has not
 * refused it in this run. */
bool chat_is_structured(const struct chat *chat);
bool chat_has_temperature(const struct chat *chat);
unsigned long chat_answer_tokens(const struct chat *chat);

struct chat_message {
    struct span system, user;
};

/* Composes the system and the user message for a batch, allocated in the exchange's arena. Sets exchange->written_with
 * to the current generation. */
struct chat_message chat_write(const struct chat *chat, const struct batch *batch, struct exchange *exchange);
/* Returns the delimiter line that is put before and after all text from the article; no text of the batch contains it.
 */
struct span chat_mark(const struct batch *batch, struct arena *arena);
/* Returns the JSON schema of the answer; the caller owns it. `closed` forbids additional members (Gemini's schemas
 * cannot do so). */
cJSON *chat_schema(const struct batch *batch, bool closed);
/* Returns {"role":..., "content":...}; the caller owns it. */
cJSON *chat_role(const char *role, struct span content);

/* The contents of a server's reply, independent of the protocol. */
struct chat_reply {
    struct span reason;   /* why the answer ended, in the server's words ("stop", "length"); or empty */
    struct span text;     /* the answer */
    struct span thinking; /* the model's thinking, if the server returns it separately from the answer */
    bool thought;         /* the reply has parts other than the answer, which are not in `text` */
    struct span refusal;  /* the model's reason for not answering; or empty */
    struct span full;     /* if the model's context was too small: a message that says what to do; otherwise empty */
    unsigned long prompt_tokens, answer_tokens; /* as counted by the server, including thinking; 0 if unknown */
};

/* What differs between the protocols of language models. */
struct chat_form {
    const char *thinking_setting; /* the setting that turns thinking off, for messages ("think = no") */
    /* Converts a server's reply to a struct chat_reply. The spans are valid until the JSON tree or the arena is freed.
     */
    struct chat_reply (*reply_of)(const struct chat *chat, const cJSON *root, struct arena *arena);
};

/* chat_read.c implements service.read_reply. */
bool chat_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                     struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);
/* Returns the value of the member `name`, a number of tokens, or 0 if there is none. */
unsigned long chat_tokens(const cJSON *usage, const char *name);
/* Concatenates the texts of the member `name` of all items for which `wanted` returns true. */
struct span chat_join(const cJSON *items, const char *name, bool (*wanted)(const cJSON *item), struct arena *arena);
/* Returns whether there is an item, an object, for which `wanted` returns false. */
bool chat_has_other(const cJSON *items, bool (*wanted)(const cJSON *item));
/* Prints a JSON tree into the arena. Returns an empty span for NULL. */
struct span chat_print(const cJSON *tree, struct arena *arena);

/* The members of struct service that are the same for every language model. */
#define CHAT_SERVICE                                                                                                   \
    .tasks = SERVICE_TRANSLATES | SERVICE_SUMMARIZES, .unit = UNIT_PARAGRAPH, .takes_context = true,                   \
    .takes_glossary = true, .limits = {.texts = 20, .characters = 4000}, .close = chat_close, .offers = chat_offers,   \
    .prompt_version = chat_prompt_version, .adapt = chat_adapt, .enlarge = chat_enlarge, .learned = chat_generation,   \
    .longest_answer = chat_longest_answer, .read_reply = chat_read_reply

#endif
