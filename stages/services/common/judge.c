#include "stages/services/common/judge.h"

#include "pipeline/base/json.h"

enum { ERROR_LIMIT = 64 * 1024 }; /* nobody's error is longer; translations need not be parsed twice */

static const char wrong_address[] = "this is a web page, not the service: check url";

static bool matches(const char *pattern, struct span word) {
    struct span wanted = span_of(pattern);
    if (word.length == 0) return false;
    if (wanted.at[0] == '*') return span_contains_fold(word, span_cut(wanted, 1, wanted.length - 1));
    if (wanted.at[wanted.length - 1] == '*') return span_starts_fold(word, span_cut(wanted, 0, wanted.length - 1));
    return span_equal_fold(word, wanted);
}

static struct span word_at(const cJSON *root, const char *path, struct arena *arena) {
    const cJSON *item = json_at(root, path);
    if (cJSON_IsNumber(item)) return arena_print(arena, "%.0f", item->valuedouble);
    return text_clip(json_text(item), 512);
}

static bool fits(const struct judge_rule *rule, const struct exchange *exchange, const struct judge_form *form,
                 const cJSON *root) {
    if (rule->status && rule->status != exchange->status) return false;
    if (!rule->code) return rule->status != 0;
    for (size_t i = 0; i < sizeof form->codes / sizeof *form->codes && form->codes[i]; i++)
        if (matches(rule->code, word_at(root, form->codes[i], exchange->arena))) return true;
    return false;
}

static const struct judge_rule *find_rule(const struct exchange *exchange, const struct judge_form *form,
                                          const cJSON *root) {
    for (const struct judge_rule *rule = form->rules; rule->remedy; rule++)
        if (fits(rule, exchange, form, root)) return rule;
    return NULL;
}

static struct span message_of(const struct exchange *exchange, const struct judge_form *form, const cJSON *root) {
    for (size_t i = 0; i < sizeof form->messages / sizeof *form->messages && form->messages[i]; i++) {
        struct span text = json_text(json_at(root, form->messages[i]));
        if (text.length) return text;
    }
    return buffer_span(&exchange->reply);
}

static bool has_error(const cJSON *root) {
    const cJSON *error = json_member(root, "error");
    return cJSON_IsObject(error) || (cJSON_IsString(error) && error->valuestring[0]);
}

/* {"retryDelay":"12s"} in one of the details. */
static void note_delay(struct exchange *exchange, const struct judge_form *form, const cJSON *root) {
    const cJSON *item, *details = form->details ? json_at(root, form->details) : NULL;
    cJSON_ArrayForEach(item, details) {
        struct span delay = json_member_text(item, "retryDelay");
        long wait = delay.length ? exchange_milliseconds(span_cut(delay, 0, delay.length - 1)) : -1;
        if (wait >= 0 && exchange->retry_after_ms < 0) exchange->retry_after_ms = wait;
    }
}

static enum exchange_verdict name_failure(struct exchange *exchange, const struct judge_form *form, const cJSON *root,
                                          const struct judge_rule *rule) {
    struct span message = message_of(exchange, form, root);
    if (rule) return exchange_fail(exchange, rule->verdict, rule->remedy, message);
    if (exchange->status >= 200 && exchange->status < 300)
        return exchange_fail(exchange, EXCHANGE_TRANSIENT, "but with an error in the answer", message);
    enum exchange_verdict verdict = exchange_judge_common(exchange);
    return root ? exchange_fail(exchange, verdict, NULL, message) : verdict;
}

static enum exchange_verdict fail_by(struct exchange *exchange, const struct judge_form *form, const cJSON *root,
                                     const struct judge_rule *rule) {
    enum exchange_verdict verdict = name_failure(exchange, form, root, rule);
    note_delay(exchange, form, root);
    if (verdict == EXCHANGE_THROTTLED && exchange->retry_after_ms < 0 && form->throttle_ms)
        exchange->retry_after_ms = form->throttle_ms;
    return verdict;
}

static enum exchange_verdict judge_error(struct exchange *exchange, const struct judge_form *form, bool success) {
    cJSON *root = json_parse(buffer_span(&exchange->reply), ERROR_LIMIT, "reply", NULL);
    const struct judge_rule *rule = success && !root ? NULL : find_rule(exchange, form, root);
    enum exchange_verdict verdict = EXCHANGE_GOOD;
    if (!success || rule || has_error(root)) verdict = fail_by(exchange, form, root, rule);
    cJSON_Delete(root);
    return verdict;
}

static enum exchange_verdict judge_success(struct exchange *exchange, const struct judge_form *form) {
    struct span reply = span_trim(buffer_span(&exchange->reply));
    if (reply.length == 0) return exchange_fail(exchange, EXCHANGE_TRANSIENT, "but the answer is empty", reply);
    if (reply.at[0] == '<') return exchange_fail(exchange, EXCHANGE_CLOSED, wrong_address, reply);
    if (reply.at[0] != '{' && reply.at[0] != '[')
        return exchange_fail(exchange, EXCHANGE_TRANSIENT, "but not with JSON; does url lead to the service?", reply);
    char last = reply.at[reply.length - 1];
    if (last != '}' && last != ']')
        return exchange_fail(exchange, EXCHANGE_TRANSIENT, "but the answer is cut off", SPAN(""));
    return reply.length <= ERROR_LIMIT ? judge_error(exchange, form, true) : EXCHANGE_GOOD;
}

enum exchange_verdict judge_by(struct exchange *exchange, const struct judge_form *form) {
    if (exchange->failure.reach != REACH_NONE) return exchange_judge_common(exchange);
    if (exchange->status >= 200 && exchange->status < 300) return judge_success(exchange, form);
    return judge_error(exchange, form, false);
}
