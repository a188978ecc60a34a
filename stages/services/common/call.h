/* What HTTP adapters share: addresses, keys, JSON bodies, arrays of translations. */
#ifndef STAGES_SERVICES_COMMON_CALL_H
#define STAGES_SERVICES_COMMON_CALL_H

#include "pipeline/base/json.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* `base` without trailing slashes, and `path`, in the exchange's arena. */
void call_address(struct exchange *exchange, struct span base, const char *path);
/* Notes that the exchange carries this secret, so that it goes to no other host and stands in no sentence. */
void call_secret(struct exchange *exchange, const struct service_settings *common, struct span secret);
/* The setting `key` as a header, behind `prefix` ("Bearer "); nothing when it is not set. False when the command that
 * prints it failed. */
bool call_key(struct exchange *exchange, const struct service_settings *common, const char *name, const char *prefix,
              struct failure *ret_failure);
/* The same with another secret than `key`. */
bool call_secret_header(struct exchange *exchange, const struct service_settings *common, struct secret *secret,
                        const char *name, const char *prefix, struct failure *ret_failure);
/* Prints the tree into the body, frees it, and sets method and content type (when no header says another). */
void call_json(struct exchange *exchange, cJSON *tree);
/* Appends name=text, percent-encoded, to a body of the type application/x-www-form-urlencoded. */
void call_form_add(struct buffer *body, const char *name, struct span text);
/* The batch's texts as an array of strings. */
cJSON *call_texts(const struct batch *batch);
/* The text as a JSON string; invalid UTF-8 becomes U+FFFD. */
cJSON *call_string(struct span text);
/* The reply as JSON, at most 64 MiB; NULL with a sentence that names the service when it is none. */
cJSON *call_read(const struct exchange *exchange, struct failure *ret_failure);
/* One translation as an answer: broken when it is empty, or a sign (an emoji, dots) in the place of words. */
struct answer call_answer(struct span source, struct span target, struct arena *arena);
/* Nobody knows which of `given` translations (`what` they are called) belongs to which text: all answers are
 * VERDICT_MISCOUNTED, and none of the reply is of use. Returns false. */
bool call_miscounted(const struct batch *batch, const struct exchange *exchange, size_t given, const char *what,
                     struct answer *answers, size_t *ret_count, struct failure *ret_failure);
/* An array with one item for each text of the batch, the translation at `path` of each (NULL: the item itself). */
bool call_answers(const cJSON *items, const char *path, const struct batch *batch, const struct exchange *exchange,
                  struct answer *answers, size_t *ret_count, struct failure *ret_failure);
/* Where a reply has its translations. */
struct call_form {
    const char *items;  /* path of the array; NULL: the reply is the array */
    const char *text;   /* path of the translation in an item; NULL: the item is the translation */
    const char *billed; /* number of each item that says what it costs; NULL: it does not say */
};

/* service.read_reply for replies of such a form. */
bool call_translations(const struct call_form *form, const struct batch *batch, const struct exchange *exchange,
                       struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);

#endif
