/* What a language model's answer is worth. */
#include <string.h>

#include "stages/language/chatter.h"
#include "stages/services/common/chat.h"
#include "stages/services/common/numbered.h"

/* No tokenizer packs more characters into a token over whole paragraphs; with fewer tokens the server has not read all.
 */
enum { MAX_CHARACTERS_A_TOKEN = 8 };

static bool all(struct answer *answers, size_t count, enum verdict verdict, struct span note, size_t *ret_count) {
    for (size_t i = 0; i < count; i++) answers[i] = (struct answer){.verdict = verdict, .note = note};
    *ret_count = count;
    return true;
}

static bool prompt_was_lost(const struct batch *batch, const struct chat_reply *reply) {
    size_t characters = 0;
    for (size_t i = 0; i < batch->count; i++) characters += text_count(batch->texts[i]);
    return reply->prompt_tokens && reply->prompt_tokens < characters / MAX_CHARACTERS_A_TOKEN;
}

/* The delimiter without its frame: no honest answer repeats its digits. */
static bool repeats_mark(const struct batch *batch, struct span text, struct arena *arena) {
    struct span mark = chat_mark(batch, arena), digits;
    while (span_next(&mark, '=', &digits))
        if (digits.length) return span_find(text, digits) != SIZE_MAX;
    return false;
}

static struct answer worth_of(const struct chat *chat, struct span source, const struct numbered *item,
                              struct arena *arena) {
    enum chatter chatter = chatter_of(&chat->phrases, item->text);
    if (chatter == CHATTER_REFUSAL)
        return (struct answer){.verdict = VERDICT_REFUSED, .note = SPAN("the model refused")};
    if (chatter == CHATTER_TALK || item->doubtful)
        return (struct answer){.verdict = VERDICT_RETRY, .note = SPAN("the model talked instead of only translating")};
    return call_answer(source, item->text, arena);
}

/* Every number from 1 to count, each once, or that paragraph is asked for again. */
static void place(const struct chat *chat, const struct batch *batch, const struct numbered *items, size_t item_count,
                  struct answer *answers, struct arena *arena) {
    static const char left_out[] = "the model left it out";
    size_t count = batch->count;
    for (size_t i = 0; i < count; i++)
        answers[i] = (struct answer){.verdict = VERDICT_RETRY, .note = span_of(left_out)};
    for (size_t i = 0; i < item_count; i++) {
        const struct numbered *item = &items[i];
        if (item->number < 1 || item->number > count) continue;
        struct answer *answer = &answers[item->number - 1];
        bool first = answer->note.at == left_out;
        *answer = first ? worth_of(chat, batch->texts[item->number - 1], item, arena)
                        : (struct answer){.verdict = VERDICT_RETRY, .note = SPAN("the model gave it twice")};
    }
}

static bool no_items(const struct chat *chat, const struct batch *batch, const struct chat_reply *reply,
                     const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                     struct failure *ret_failure) {
    size_t count = batch->task == SERVICE_SUMMARIZES ? batch->sentences : batch->count;
    if (chatter_of(&chat->phrases, reply->text) == CHATTER_REFUSAL)
        return all(answers, count, VERDICT_REFUSED, SPAN("the model refused"), ret_count);
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "%.*s: the model did not keep to the form: '%.*s'",
                SPAN_ARGS(exchange->limiter), SPAN_ARGS(text_clip(span_trim(reply->text), 80)));
    exchange_hide_secret(exchange, ret_failure);
    return false;
}

static bool read_translations(const struct chat *chat, const struct batch *batch, const struct chat_reply *reply,
                              const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                              struct failure *ret_failure) {
    struct numbered *items = arena_take(exchange->arena, (batch->count + 1) * sizeof *items);
    size_t count = numbered_read_paragraphs(reply->text, items, batch->count, exchange->arena);
    if (count == 0) return no_items(chat, batch, reply, exchange, answers, ret_count, ret_failure);
    if (count > batch->count)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "%.*s gave %zu paragraphs for %zu",
                           SPAN_ARGS(exchange->limiter), count, batch->count);
    place(chat, batch, items, count, answers, exchange->arena);
    *ret_count = batch->count;
    return true;
}

static void tie(const struct numbered *sentence, size_t texts, struct answer *answer) {
    for (size_t i = 0; i < sentence->source_count; i++)
        if (sentence->sources[i] <= texts) answer->rests_on[answer->rests_on_count++] = sentence->sources[i];
    if (answer->verdict != VERDICT_TRANSLATED || answer->rests_on_count) return;
    *answer = (struct answer){.verdict = VERDICT_BROKEN, .note = SPAN("the sentence does not say what it rests on")};
}

static bool read_summary(const struct chat *chat, const struct batch *batch, const struct chat_reply *reply,
                         const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                         struct failure *ret_failure) {
    struct numbered *items = arena_take(exchange->arena, (batch->sentences + 1) * sizeof *items);
    size_t count = numbered_read_sentences(reply->text, items, batch->sentences, exchange->arena);
    if (count == 0) return no_items(chat, batch, reply, exchange, answers, ret_count, ret_failure);
    *ret_count = count < batch->sentences ? count : batch->sentences;
    for (size_t i = 0; i < *ret_count; i++) {
        answers[i] = worth_of(chat, batch->texts[0], &items[i], exchange->arena);
        tie(&items[i], batch->count, &answers[i]);
    }
    return true;
}

static bool read_by_end(const struct chat *chat, const struct batch *batch, const struct chat_reply *reply,
                        const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                        struct failure *ret_failure) {
    bool summary = batch->task == SERVICE_SUMMARIZES;
    size_t count = summary ? batch->sentences : batch->count;
    struct span reason =
        arena_print(exchange->arena, "the model ended with '%.*s'", SPAN_ARGS(text_clip(reply->reason, 60)));
    if (reply->end == CHAT_REFUSED) return all(answers, count, VERDICT_REFUSED, reason, ret_count);
    if (reply->end == CHAT_CUT) return all(answers, count, VERDICT_TOO_LONG, reason, ret_count);
    if (reply->end != CHAT_CLEAN) return all(answers, count, VERDICT_BROKEN, reason, ret_count);
    if (prompt_was_lost(batch, reply))
        return all(answers, count, VERDICT_TOO_LONG,
                   SPAN("the server has dropped a part of the request: its context is too short"), ret_count);
    if (repeats_mark(batch, reply->text, exchange->arena))
        return all(answers, count, VERDICT_BROKEN, SPAN("the model repeated the delimiter"), ret_count);
    return summary ? read_summary(chat, batch, reply, exchange, answers, ret_count, ret_failure)
                   : read_translations(chat, batch, reply, exchange, answers, ret_count, ret_failure);
}

bool chat_read_reply(const struct chat *chat, chat_reply_of *reply_of, const struct batch *batch,
                     const struct exchange *exchange, struct answer *answers, size_t *ret_count,
                     struct usage *ret_usage, struct failure *ret_failure) {
    cJSON *root = call_read(exchange, ret_failure);
    if (!root) return false;
    struct chat_reply reply = reply_of(chat, root, exchange->arena);
    ret_usage->input_tokens = reply.prompt_tokens;
    ret_usage->output_tokens = reply.answer_tokens;
    bool read = read_by_end(chat, batch, &reply, exchange, answers, ret_count, ret_failure);
    cJSON_Delete(root);
    return read;
}

unsigned long chat_tokens(const cJSON *usage, const char *name) {
    double count = json_member_number(usage, name, 0);
    return count > 0 && count < 1e9 ? (unsigned long)count : 0;
}

struct span chat_join(const cJSON *items, bool (*wanted)(const cJSON *item), struct arena *arena) {
    struct buffer text = BUFFER(SIZE_MAX / 4);
    const cJSON *item;
    cJSON_ArrayForEach(item, items) if (wanted(item)) buffer_add_span(&text, json_member_text(item, "text"));
    struct span joined = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return joined;
}
