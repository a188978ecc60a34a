#include "stages/services/common/call.h"

#include <string.h>

#include "stages/language/unicode.h"

enum { BODY_LIMIT = 64 << 20 };

void call_address(struct exchange *exchange, struct span base, const char *path) {
    while (base.length && base.at[base.length - 1] == '/') base.length--;
    exchange->url = arena_print(exchange->arena, "%.*s%s", SPAN_ARGS(base), path);
}

/* The transport checks `plain_http`, because only the transport knows the final address after redirects. */
void call_secret(struct exchange *exchange, const struct service_settings *common, struct span secret) {
    exchange->carries_key = secret.length > 0;
    exchange->plain_text_ok = common->plain_http;
    exchange->secret = arena_copy(exchange->arena, secret);
}

/* If the secret is not set, no header is added. If the command that should print the secret failed, the request fails
 * here, because the service would refuse a request without the secret. */
bool call_secret_header(struct exchange *exchange, const struct service_settings *common, struct secret *secret,
                        const char *name, const char *prefix, struct failure *ret_failure) {
    struct span text = secret_text(secret);
    if (!secret_ready(secret, ret_failure)) return false;
    call_secret(exchange, common, text);
    if (text.length)
        exchange_add_header(exchange, name, arena_print(exchange->arena, "%s%.*s", prefix, SPAN_ARGS(text)));
    return true;
}

bool call_key(struct exchange *exchange, const struct service_settings *common, const char *name, const char *prefix,
              struct failure *ret_failure) {
    return call_secret_header(exchange, common, common->key, name, prefix, ret_failure);
}

static bool has_content_type(const struct exchange *exchange) {
    for (size_t i = 0; i < exchange->header_count; i++)
        if (span_is_ascii_fold(exchange->headers[i].name, "content-type")) return true;
    return false;
}

void call_json(struct exchange *exchange, cJSON *tree) {
    struct buffer body = BUFFER(BODY_LIMIT);
    json_print_free(tree, &body);
    exchange->kind = EXCHANGE_HTTP;
    exchange->method = SPAN("POST");
    exchange->body = arena_copy(exchange->arena, buffer_span(&body));
    if (!has_content_type(exchange)) exchange_add_header(exchange, "Content-Type", SPAN("application/json"));
    buffer_free(&body);
}

/* Whether the character is one of the "unreserved characters" of RFC 3986, which need no percent-encoding. */
static bool is_plain(unsigned char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '_' || c == '.' ||
           c == '~';
}

void call_form_add(struct buffer *body, const char *name, struct span text) {
    buffer_print(body, "%s%s=", body->length ? "&" : "", name);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (is_plain(c))
            buffer_add(body, text.at + i, 1);
        else
            buffer_print(body, "%%%02X", c);
    }
}

/* json_add() repairs invalid UTF-8 but works on objects only, so the text goes through a temporary object. */
cJSON *call_string(struct span text) {
    cJSON *holder = cJSON_CreateObject();
    json_add(holder, "text", text);
    cJSON *string = cJSON_DetachItemFromObjectCaseSensitive(holder, "text");
    cJSON_Delete(holder);
    return string;
}

cJSON *call_texts(const struct batch *batch) {
    cJSON *texts = cJSON_CreateArray();
    for (size_t i = 0; i < batch->count; i++) cJSON_AddItemToArray(texts, call_string(batch->texts[i]));
    return texts;
}

cJSON *call_read(const struct exchange *exchange, struct failure *ret_failure) {
    char what[128];
    struct span clipped = text_clip(exchange->limiter, 80);
    memcpy(what, "reply of ", 9);
    if (clipped.length) memcpy(what + 9, clipped.at, clipped.length);
    what[9 + clipped.length] = '\0';
    cJSON *root = json_parse(buffer_span(&exchange->reply), BODY_LIMIT, what, ret_failure);
    if (root) return root;
    /* Removes the key from the message: a parse error quotes the reply, and some servers repeat the key in their
     * replies. */
    exchange_hide_secret(exchange, ret_failure);
    if (ret_failure) {
        ret_failure->reach = REACH_SERVICE;
        ret_failure->cause = CAUSE_SERVICE;
        ret_failure->remedy = REMEDY_NEXT_RUN; /* an unreadable reply is the server's fault, not the article's */
        ret_failure->passing = true;
    }
    return NULL;
}

/* Whether the text contains letters or digits. */
static bool has_words(struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune_is_word(rune)) return true;
    }
    return false;
}

struct answer call_answer(struct span source, struct span target, struct arena *arena) {
    target = span_trim(target);
    if (target.length == 0) return (struct answer){.verdict = VERDICT_BROKEN, .note = SPAN("the translation is empty")};
    if (!has_words(target) && has_words(source))
        return (struct answer){.verdict = VERDICT_BROKEN, .note = SPAN("the translation contains no words")};
    return (struct answer){.verdict = VERDICT_TRANSLATED, .target = arena_copy(arena, target)};
}

bool call_miscounted(const struct batch *batch, const struct exchange *exchange, size_t given, const char *what,
                     struct answer *answers, size_t *ret_count, struct failure *ret_failure) {
    for (size_t i = 0; i < batch->count; i++)
        answers[i] = (struct answer){.verdict = VERDICT_MISCOUNTED, .of_all = true};
    *ret_count = batch->count;
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s returned %zu %s%s for %zu text%s",
                       SPAN_ARGS(exchange->limiter), given, what, PLURAL(given), batch->count, PLURAL(batch->count));
}

/* A reply without any string was probably sent by another kind of server. */
static bool has_strings(const cJSON *items, const char *path) {
    const cJSON *item;
    cJSON_ArrayForEach(item, items) if (cJSON_IsString(path ? json_at(item, path) : item)) return true;
    return false;
}

/* Translations are assigned to texts by their order alone, so an array of a different length cannot be used. */
bool call_answers(const cJSON *items, const char *path, const struct batch *batch, const struct exchange *exchange,
                  struct answer *answers, size_t *ret_count, struct failure *ret_failure) {
    if (!has_strings(items, path))
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%.*s returned no translations: check %s",
                           SPAN_ARGS(exchange->limiter), exchange->kind == EXCHANGE_PIPE ? "command" : "url and kind");
    size_t count = (size_t)cJSON_GetArraySize(items);
    if (count != batch->count)
        return call_miscounted(batch, exchange, count, "translation", answers, ret_count, ret_failure);
    const cJSON *item;
    *ret_count = 0;
    cJSON_ArrayForEach(item, items) {
        struct span target = json_text(path ? json_at(item, path) : item);
        answers[*ret_count] = call_answer(batch->texts[*ret_count], target, exchange->arena);
        (*ret_count)++;
    }
    return true;
}

/* Adds up the billed characters. Implausibly large numbers are ignored, so that a broken reply cannot exhaust a
 * spending cap. */
static unsigned long sum_of(const cJSON *items, const char *name) {
    double sum = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, items) {
        double number = json_member_number(item, name, 0);
        if (number > 0 && number < 1e9) sum += number;
    }
    return (unsigned long)sum;
}

bool call_translations(const struct call_form *form, const struct batch *batch, const struct exchange *exchange,
                       struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                       struct failure *ret_failure) {
    cJSON *root = call_read(exchange, ret_failure);
    const cJSON *items = form->items ? json_at(root, form->items) : root;
    if (root && form->billed) ret_usage->characters = sum_of(items, form->billed);
    bool read = root && call_answers(items, form->text, batch, exchange, answers, ret_count, ret_failure);
    cJSON_Delete(root);
    return read;
}
