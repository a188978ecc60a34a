/* Functions shared by the HTTP adapters: addresses, keys, JSON bodies and lists of translations. */
#ifndef STAGES_SERVICES_COMMON_CALL_H
#define STAGES_SERVICES_COMMON_CALL_H

#include "pipeline/base/json.h"
#include "stages/services/service.h"
#include "stages/services/service_settings.h"

/* Sets the address to `base`, without trailing slashes, followed by `path`. */
void call_address(struct exchange *exchange, struct span base, const char *path);
/* Tells the transport that the exchange contains this secret, which must not be sent to another host or appear in
 * messages. */
void call_secret(struct exchange *exchange, const struct service_settings *common, struct span secret);
/* If the setting `key` is set, adds the key as the header `name`, after `prefix` ("Bearer "). Returns false if the
 * command that prints the key failed. */
bool call_key(struct exchange *exchange, const struct service_settings *common, const char *name, const char *prefix,
              struct failure *ret_failure);
/* Like call_key(), but for a secret other than the key. */
bool call_secret_header(struct exchange *exchange, const struct service_settings *common, struct secret *secret,
                        const char *name, const char *prefix, struct failure *ret_failure);
/* Makes the JSON tree the body of a POST request, and frees the tree. Adds a Content-Type header unless there is one.
 */
void call_json(struct exchange *exchange, cJSON *tree);
/* Appends name=text, percent-encoded, to a body of type application/x-www-form-urlencoded. */
void call_form_add(struct buffer *body, const char *name, struct span text);
/* Returns the texts of the batch as an array of strings; the caller owns it. */
cJSON *call_texts(const struct batch *batch);
/* Returns the text as a JSON string; invalid UTF-8 becomes U+FFFD. The caller owns it. */
cJSON *call_string(struct span text);
/* Parses the reply as JSON of at most 64 MiB. Returns the tree, which the caller owns, or NULL and a failure that names
 * the service. */
cJSON *call_read(const struct exchange *exchange, struct failure *ret_failure);
/* Returns the translation as an answer. The verdict is VERDICT_BROKEN if the translation is empty, or if it has no
 * letters or digits (an emoji, for example) although the source has some. */
struct answer call_answer(struct span source, struct span target, struct arena *arena);
/* Sets the verdict of all answers to VERDICT_MISCOUNTED, because it is unknown which of the `given` translations
 * belongs to which text. `what` is the word for "translation" in the message. Returns false. */
bool call_miscounted(const struct batch *batch, const struct exchange *exchange, size_t given, const char *what,
                     struct answer *answers, size_t *ret_count, struct failure *ret_failure);
/* Reads an array that has one item for each text of the batch. `path` is the path of the translation within an item;
 * NULL if the item itself is the translation. */
bool call_answers(const cJSON *items, const char *path, const struct batch *batch, const struct exchange *exchange,
                  struct answer *answers, size_t *ret_count, struct failure *ret_failure);
/* Where to find the translations in a reply. */
struct call_form {
    const char *items;  /* path of the array of translations; NULL if the whole reply is the array */
    const char *text;   /* path of the translation in an item; NULL if the item itself is the translation */
    const char *billed; /* member of each item with the number of billed characters; NULL if there is none */
};

/* Implements service.read_reply for replies with this structure. */
bool call_translations(const struct call_form *form, const struct batch *batch, const struct exchange *exchange,
                       struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure);

#endif
