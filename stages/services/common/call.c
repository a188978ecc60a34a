#include "stages/services/common/call.h"

#include <string.h>

#include "config/setting.h"

enum { BODY_LIMIT = 64 << 20 };

void call_address(struct exchange *exchange, struct span base, const char *path) {
    while (base.length && base.at[base.length - 1] == '/') base.length--;
    exchange->url = arena_print(exchange->arena, "%.*s%s", SPAN_ARGS(base), path);
}

void call_json(struct exchange *exchange, cJSON *tree) {
    struct buffer body = BUFFER(BODY_LIMIT);
    json_print_free(tree, &body);
    exchange->kind = EXCHANGE_HTTP;
    exchange->method = SPAN("POST");
    exchange->body = arena_copy(exchange->arena, buffer_span(&body));
    exchange_add_header(exchange, "Content-Type", SPAN("application/json"));
    buffer_free(&body);
}

cJSON *call_read(const struct exchange *exchange, struct failure *ret_failure) {
    struct span name = exchange->gate;
    char what[128];
    struct span clipped = text_clip(name, 80);
    memcpy(what, "reply of ", 9);
    memcpy(what + 9, clipped.at, clipped.length);
    what[9 + clipped.length] = '\0';
    return json_parse(buffer_span(&exchange->reply), BODY_LIMIT, what, ret_failure);
}

struct answer call_answer(struct span text, struct arena *arena) {
    text = span_trim(text);
    if (text.length == 0) return (struct answer){.verdict = VERDICT_BROKEN, .note = SPAN("the translation is empty")};
    return (struct answer){.verdict = VERDICT_TRANSLATED, .target = arena_copy(arena, text)};
}

bool call_offers(const struct settings *settings, const char *list, const char *code) {
    struct span whole = span_of(code), base = {code, strcspn(code, "-")};
    size_t count = setting_list_count(settings, list);
    for (size_t i = 0; i < count; i++) {
        struct span item = setting_list_item(settings, list, i);
        if (span_equal(item, whole) || span_equal(item, base)) return true;
    }
    return false;
}
