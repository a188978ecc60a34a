#include "stages/services/common/judge.h"

#include "pipeline/base/json.h"

enum {
    ERROR_LIMIT =
        64 * 1024, /* error replies are never longer than this; a longer reply is left to the adapter to parse */
    NAMELESS = 599 /* status assumed for an error that does not contain a status */
};

static const char wrong_address[] = "the reply is a web page: check url";
static const char streams[] =
    "the server answers only as a stream, which is not supported: turn streaming off on the server, or use another one";

static bool is_filled(const cJSON *error) {
    return cJSON_IsObject(error) || (cJSON_IsString(error) && error->valuestring[0]);
}

static bool has_error(const cJSON *root) {
    return is_filled(json_member(root, "error")) || is_filled(json_at(root, "choices.0.error")) ||
           (cJSON_IsArray(root) && is_filled(json_at(root, "0.error")));
}

/* Reads how long to wait from an item such as {"retryDelay":"12s"} in the details of the error. */
static void note_delay(struct exchange *exchange, const struct judge_form *form, const cJSON *root) {
    const cJSON *item, *details = form->details ? json_at(root, form->details) : NULL;
    cJSON_ArrayForEach(item, details) {
        struct span delay = json_member_text(item, "retryDelay");
        long wait = delay.length ? exchange_milliseconds(span_cut(delay, 0, delay.length - 1)) : -1;
        if (wait >= 0 && exchange->retry_after_ms < 0) exchange->retry_after_ms = wait;
    }
}

/* Returns the name of the service; it is part of the limiter's name ("service deepl"). */
static struct span name_of(const struct exchange *exchange) {
    size_t space = span_find(exchange->limiter, SPAN(" "));
    return space == SIZE_MAX ? exchange->limiter : span_cut(exchange->limiter, space + 1, exchange->limiter.length);
}

/* Sets whether the failure is of this article only or of the whole service, and what caused it. Unless the text or the
 * language was refused, the service or the account is to blame and other articles would fail too. */
static void set_blame(struct exchange *exchange) {
    bool own = exchange->refusal == REFUSAL_TEXT || exchange->refusal == REFUSAL_LANGUAGE;
    struct failure *failure = &exchange->failure;
    failure->reach = own ? REACH_ARTICLE : REACH_SERVICE;
    failure->remedy = own ? REMEDY_NONE : REMEDY_NEXT_RUN;
    failure_blame(failure,
                  own                                  ? CAUSE_ARTICLE
                  : exchange->refusal == REFUSAL_MONEY ? CAUSE_MONEY
                                                       : CAUSE_SERVICE,
                  own ? SPAN("") : name_of(exchange));
}

enum exchange_verdict judge_refuse(struct exchange *exchange, enum exchange_refusal kind, const char *advice,
                                   struct span sentence) {
    enum exchange_verdict verdict = exchange_fail(exchange, refusal_verdict(kind), advice, sentence);
    exchange->refusal = kind;
    set_blame(exchange);
    return verdict;
}

static void note_wait(struct exchange *exchange, const struct judge_form *form, const cJSON *root,
                      struct span sentence) {
    note_delay(exchange, form, root);
    if (exchange->refusal != REFUSAL_BUSY) return;
    if (exchange->retry_after_ms < 0) exchange->retry_after_ms = refusal_wait(sentence);
    if (exchange->retry_after_ms < 0 && form->throttle_ms) exchange->retry_after_ms = form->throttle_ms;
}

/* Finds the table row for an error. If a reply with status 200 contains an error, the status within the error is used.
 * If there is none, only rows that match words of the error apply. */
static const struct row *find(const struct exchange *exchange, const struct judge_form *form,
                              const struct refusal_words *words, bool error) {
    static const struct table none = {0};
    const struct table *table = exchange->errors ? exchange->errors : &none;
    bool success = exchange->status >= 200 && exchange->status < 300;
    const struct row *row = refusal_find(table, &form->asker, exchange->status, words);
    if (row || !success || !error) return row;
    row = refusal_find(table, &form->asker, words->status ? words->status : NAMELESS, words);
    return row && !words->status && span_is(row->cells[2], "-") ? NULL : row;
}

static enum exchange_verdict fail_by(struct exchange *exchange, const struct judge_form *form, const cJSON *root,
                                     const struct refusal_words *words, const struct row *row) {
    enum exchange_verdict verdict;
    if (row) {
        exchange->refusal_said = words->sentence;
        exchange->refusal_setting = arena_copy(exchange->arena, row->cells[4]);
        verdict =
            judge_refuse(exchange, refusal_kind(row), arena_string(exchange->arena, row->cells[5]), words->sentence);
    } else if (exchange->status < 300) {
        verdict = judge_refuse(exchange, REFUSAL_TROUBLE, "but with an error in the answer", words->sentence);
    } else {
        verdict = exchange_judge_common(exchange);
    }
    note_wait(exchange, form, root, words->sentence);
    return verdict;
}

static enum exchange_verdict judge_error(struct exchange *exchange, const struct judge_form *form, bool success) {
    struct span reply = buffer_span(&exchange->reply);
    cJSON *root = json_parse(reply, ERROR_LIMIT, "reply", NULL);
    struct refusal_words words = refusal_read(root, reply, exchange->arena);
    bool error = has_error(root);
    const struct row *row = success && !root ? NULL : find(exchange, form, &words, error);
    enum exchange_verdict verdict = EXCHANGE_GOOD;
    if (!success || row || error) verdict = fail_by(exchange, form, root, &words, row);
    cJSON_Delete(root);
    return verdict;
}

/* Whether the reply is a stream: server-sent events, or a separate JSON object on each line. */
static bool is_stream(const struct exchange *exchange, struct span reply) {
    static const char *const leads[] = {"data:", "event:", "id:", "retry:", ":"};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (span_starts(reply, span_of(leads[i]))) return true;
    struct span type = exchange_reply_header(exchange, "content-type"), line;
    if (span_starts_ascii_fold(type, SPAN("text/event-stream"))) return true;
    bool begins = reply.at[0] == '{' && span_next(&reply, '\n', &line) && span_trim(reply).length;
    return begins && span_ends(span_trim(line), SPAN("}")) && span_starts(span_trim(reply), SPAN("{"));
}

/* Handles a 2xx reply without an answer. The transport does not send the same request again; the translate stage
 * decides how to proceed. */
static enum exchange_verdict judge_useless(struct exchange *exchange, const char *advice, struct span reply) {
    enum exchange_verdict verdict = judge_refuse(exchange, REFUSAL_USELESS, advice, reply);
    exchange->useless = exchange->failure;
    exchange->useless.passing = true; /* treated as temporary: typical of a server that is still starting */
    return verdict;
}

static enum exchange_verdict judge_success(struct exchange *exchange, const struct judge_form *form) {
    struct span reply = span_trim(buffer_span(&exchange->reply));
    if (reply.length == 0) return judge_useless(exchange, "but the answer is empty", reply);
    if (reply.at[0] == '<') return judge_refuse(exchange, REFUSAL_SETTING, wrong_address, reply);
    if (is_stream(exchange, reply)) return judge_refuse(exchange, REFUSAL_SETTING, streams, SPAN(""));
    if (reply.at[0] != '{' && reply.at[0] != '[') return judge_useless(exchange, "but not with JSON: check url", reply);
    char last = reply.at[reply.length - 1];
    if (last != '}' && last != ']')
        return judge_refuse(exchange, REFUSAL_TROUBLE, "but the answer is cut off", SPAN(""));
    return reply.length <= ERROR_LIMIT ? judge_error(exchange, form, true) : EXCHANGE_GOOD;
}

/* Redirects and missing replies are not judged here: the transport has already set a failure for them. */
enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form) {
    if (exchange->failure.reach != REACH_NONE || exchange->status / 100 == 3) return exchange_judge_common(exchange);
    if (exchange->status >= 200 && exchange->status < 300) return judge_success(exchange, form);
    return judge_error(exchange, form, false);
}
