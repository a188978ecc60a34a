/* Reads the answers of language models. A model may think aloud, refuse, stop early, add remarks or use a different
 * format. Whatever cannot be trusted gets a verdict that says how to proceed. */
#include <string.h>

#include "stages/language/chatter.h"
#include "stages/services/common/chat.h"
#include "stages/services/common/numbered.h"
#include "stages/services/common/thinking.h"

/* In whole paragraphs, a token stands for at most 8 characters. If the server counted fewer tokens than that, it has
 * not read the whole request. */
enum { MAX_CHARACTERS_A_TOKEN = 8 };

/* How an answer ended, according to a table of the reasons that servers give (services/answers.tsv). */
enum ending { ENDING_CLEAN, ENDING_CUT, ENDING_REFUSED, ENDING_UNKNOWN };

/* The state of reading one reply. */
struct reading {
    const struct chat *chat;
    const struct batch *batch;
    const struct chat_reply *reply;
    const struct exchange *exchange;
    struct visible visible; /* the answer, with thinking removed */
    struct numbered_items items;
    enum ending ending;
    struct answer *answers;
    size_t *ret_count;
    struct failure *ret_failure;
};

static size_t wanted_count(const struct batch *batch) {
    return batch->task == SERVICE_SUMMARIZES ? batch->sentences : batch->count;
}

/* Gives all texts the same verdict. Always returns true, so that callers can return the result. */
static bool all(const struct reading *reading, enum verdict verdict, struct span note) {
    size_t count = wanted_count(reading->batch);
    for (size_t i = 0; i < count; i++)
        reading->answers[i] = (struct answer){.verdict = verdict, .note = note, .of_all = true};
    *reading->ret_count = count;
    return true;
}

static enum ending ending_of(const struct table *words, struct span reason) {
    for (size_t i = 0; i < words->count; i++) {
        const struct row *row = &words->rows[i];
        if (!span_is(row->cells[0], "end") || !span_equal_ascii_fold(row->cells[1], reason)) continue;
        return span_is(row->cells[2], "clean") ? ENDING_CLEAN
               : span_is(row->cells[2], "cut") ? ENDING_CUT
                                               : ENDING_REFUSED;
    }
    return ENDING_UNKNOWN;
}

static bool prompt_was_lost(const struct batch *batch, const struct chat_reply *reply) {
    size_t characters = 0;
    for (size_t i = 0; i < batch->count; i++) characters += text_count(batch->texts[i]);
    return reply->prompt_tokens && reply->prompt_tokens < characters / MAX_CHARACTERS_A_TOKEN;
}

/* ---------------------------------------------------------------- the delimiter */

/* Removes copies of the delimiter lines, which some models put around their answer. */
static struct span without_mark_lines(struct span text, struct span mark, struct arena *arena) {
    struct buffer kept = BUFFER(SIZE_MAX / 4);
    struct span rest = text, line;
    if (span_find(text, mark) == SIZE_MAX) return text;
    while (span_next(&rest, '\n', &line))
        if (!span_equal(span_trim(line), mark)) buffer_print(&kept, "%.*s\n", SPAN_ARGS(line));
    struct span left = arena_copy(arena, span_trim(buffer_span(&kept)));
    buffer_free(&kept);
    return left;
}

/* Whether the text contains the digits of the delimiter. If it does, the article may have told the model to repeat the
 * delimiter. */
static bool repeats_mark(struct span text, struct span mark) {
    struct span digits;
    while (span_next(&mark, '=', &digits))
        if (digits.length) return span_find(text, digits) != SIZE_MAX;
    return false;
}

/* ---------------------------------------------------------------- one text */

/* Removes asterisks (bold type) around the whole text, which models often add, unless the source has them too. */
static struct span without_asterisks(struct span source, struct span text) {
    if (!span_starts(text, SPAN("**")) || !span_ends(text, SPAN("**")) || text.length < 5) return text;
    struct span inside = span_cut(text, 2, text.length - 2);
    return span_find(source, SPAN("*")) == SIZE_MAX && span_find(inside, SPAN("**")) == SIZE_MAX ? inside : text;
}

/* Whether the translation is followed by a remark on a separate line. This can be determined only if the source is a
 * single line. */
static bool has_remark(const struct chat *chat, struct span source, struct span text) {
    const struct numbered_form form = {&chat->words, &chat->phrases, 1};
    struct span line;
    if (span_find(source, SPAN("\n")) != SIZE_MAX || !span_next(&text, '\n', &line)) return false;
    while (span_next(&text, '\n', &line))
        if (numbered_is_remark(&form, line)) return true;
    return false;
}

/* Whether the answer was meant to be JSON. Invalid JSON looks much like the example in the instructions, and must not
 * be mistaken for a model that repeats its instructions. */
static bool is_json(struct span text) {
    return text.length && (text.at[0] == '{' || text.at[0] == '[');
}

static struct answer again(const char *note) {
    return (struct answer){.verdict = VERDICT_RETRY, .note = span_of(note)};
}

/* Judges the translation of one text. The order of the steps matters: thinking may contain anything, so it is removed
 * first. */
static struct answer worth_of(const struct chat *chat, struct span source, const struct numbered *item,
                              struct arena *arena) {
    struct visible visible = thinking_remove(&chat->words, item->text, &source, 1, arena);
    struct span text = without_asterisks(source, visible.text);
    if (visible.open || (visible.thought && !text.length)) return again(THINKING_NOTE);
    enum chatter chatter = chatter_of(&chat->phrases, text);
    if (chatter == CHATTER_REFUSAL)
        return (struct answer){.verdict = VERDICT_REFUSED, .note = SPAN("the model refused")};
    if (chatter == CHATTER_TALK || item->doubtful || has_remark(chat, source, text))
        return again("the model added remarks to the translation");
    if (recited(chat->recital, source, text)) return again("the model repeated its instructions");
    return call_answer(source, text, arena);
}

/* ---------------------------------------------------------------- the whole answer */

/* Assigns the items to the texts by number. A text that has no item, or two different ones, is sent again. */
static void place(const struct reading *reading) {
    static const char left_out[] = "the model did not return this text";
    size_t count = reading->batch->count;
    for (size_t i = 0; i < count; i++) reading->answers[i] = again(left_out);
    for (size_t i = 0; i < reading->items.count; i++) {
        const struct numbered *item = &reading->items.items[i];
        if (item->number < 1 || item->number > count) continue;
        struct answer *answer = &reading->answers[item->number - 1];
        bool first = answer->note.at == left_out;
        struct span source = reading->batch->texts[item->number - 1];
        *answer = first ? worth_of(reading->chat, source, item, reading->exchange->arena)
                        : again("the model returned two translations of this text");
    }
}

static bool is_complete(const struct reading *reading) {
    size_t found = 0, count = reading->batch->count;
    if (reading->batch->task == SERVICE_SUMMARIZES) return reading->items.count > 0;
    for (unsigned number = 1; number <= count; number++)
        for (size_t i = 0; i < reading->items.count; i++)
            if (reading->items.items[i].number == number) {
                found++;
                break;
            }
    return found == count;
}

static bool no_items(const struct reading *reading) {
    struct failure *failure = reading->ret_failure;
    if (chatter_of(&reading->chat->phrases, reading->visible.text) == CHATTER_REFUSAL)
        return all(reading, VERDICT_REFUSED, SPAN("the model refused"));
    bool json = is_json(reading->visible.text);
    if (!json && recited(reading->chat->recital, SPAN(""), reading->visible.text))
        return all(reading, VERDICT_RETRY, SPAN("the model repeated its instructions"));
    failure_set(failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "%.*s: the model did not follow the format%s: '%.*s'",
                SPAN_ARGS(reading->exchange->limiter), json ? ", its JSON is invalid" : "",
                SPAN_ARGS(text_clip(reading->visible.text, 80)));
    exchange_hide_secret(reading->exchange, failure);
    return false;
}

/* An answer with more than twice as many items as texts cannot belong to this request. */
static bool read_translations(const struct reading *reading) {
    size_t count = reading->batch->count;
    if (reading->items.count > 2 * count)
        return failure_set(reading->ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                           "%.*s returned %zu paragraph%s for %zu text%s", SPAN_ARGS(reading->exchange->limiter),
                           reading->items.count, PLURAL(reading->items.count), count, PLURAL(count));
    place(reading);
    *reading->ret_count = count;
    return true;
}

/* Copies the numbers of the texts that support a sentence. A sentence that cites no text cannot be verified and is not
 * used. */
static void tie(const struct numbered *sentence, size_t texts, struct answer *answer) {
    for (size_t i = 0; i < sentence->source_count; i++)
        if (sentence->sources[i] <= texts) answer->rests_on[answer->rests_on_count++] = sentence->sources[i];
    if (answer->verdict != VERDICT_TRANSLATED || answer->rests_on_count) return;
    *answer = (struct answer){.verdict = VERDICT_BROKEN,
                              .note = SPAN("the model's sentence cites no sentence of the article")};
}

static bool read_summary(const struct reading *reading) {
    const struct batch *batch = reading->batch;
    size_t count = reading->items.count < batch->sentences ? reading->items.count : batch->sentences;
    *reading->ret_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct numbered *item = &reading->items.items[i];
        reading->answers[i] = worth_of(reading->chat, batch->texts[0], item, reading->exchange->arena);
        tie(item, batch->count, &reading->answers[i]);
    }
    return true;
}

/* ---------------------------------------------------------------- no answer */

/* Reports that the model reached the token limit. The message gives the number that the server counted, because the
 * server may have a lower limit than the setting. */
static bool out_of_tokens(const struct reading *reading, enum verdict verdict) {
    unsigned long said = reading->reply->answer_tokens, used = said ? said : chat_answer_tokens(reading->chat);
    return all(reading, verdict,
               arena_print(reading->exchange->arena,
                           "%lu token%s used up before there was an answer: raise answer_tokens, or "
                           "turn thinking off (%s)",
                           used, used == 1 ? " was" : "s were", reading->chat->form->thinking_setting));
}

static bool only_thinking(const struct reading *reading) {
    return all(reading, VERDICT_NO_ANSWER,
               arena_print(reading->exchange->arena, "the reply contains only reasoning: turn thinking off (%s)",
                           reading->chat->form->thinking_setting));
}

/* Whether the server returned the answer as thinking, as some servers do if the model did not think. The text is used
 * as the answer only if it is one complete JSON value. */
static bool is_misplaced(const struct reading *reading) {
    struct span text = span_trim(reading->reply->thinking);
    return reading->ending == ENDING_CLEAN && text.length && thinking_json_extent(text, 0) == text.length;
}

/* Distinguishes the reasons for an empty answer, because the user or the program has to do something different for
 * each: raise the token limit, turn thinking off, or try again. */
static bool nothing_visible(const struct reading *reading) {
    const struct chat_reply *reply = reading->reply;
    bool cut = reading->ending == ENDING_CUT;
    if (reading->visible.open || (cut && reading->visible.thought)) return out_of_tokens(reading, VERDICT_CUT_OFF);
    if (cut) return out_of_tokens(reading, VERDICT_NO_ANSWER);
    if (reading->visible.thought || reply->thought || span_trim(reply->thinking).length) return only_thinking(reading);
    all(reading, VERDICT_BROKEN, SPAN("the answer is empty"));
    for (size_t i = 0; i < *reading->ret_count; i++) reading->answers[i].nothing = true;
    return true;
}

/* ---------------------------------------------------------------- the verdicts */

static void find_items(struct reading *reading) {
    const struct numbered_form form = {&reading->chat->words, &reading->chat->phrases, wanted_count(reading->batch)};
    struct arena *arena = reading->exchange->arena;
    reading->items = reading->batch->task == SERVICE_SUMMARIZES
                         ? numbered_read_sentences(&form, reading->visible.text, arena)
                         : numbered_read_paragraphs(&form, reading->visible.text, arena);
}

static bool cut_off(const struct reading *reading, struct span reason) {
    return all(reading, VERDICT_TOO_LONG,
               arena_print(reading->exchange->arena,
                           "%.*s before its answer was complete: raise answer_tokens, or lower request_words",
                           SPAN_ARGS(reason)));
}

/* An answer that did not end normally is still used if it contains all expected items. */
static bool read_items(struct reading *reading, struct span reason) {
    bool sound = reading->items.whole && is_complete(reading);
    if (reading->visible.open && !is_complete(reading)) return out_of_tokens(reading, VERDICT_CUT_OFF);
    if (!sound && reading->ending == ENDING_CUT) return cut_off(reading, reason);
    if (!sound && reading->ending == ENDING_UNKNOWN) return all(reading, VERDICT_BROKEN, reason);
    if (reading->items.count == 0) return no_items(reading);
    return reading->batch->task == SERVICE_SUMMARIZES ? read_summary(reading) : read_translations(reading);
}

static bool read_visible(struct reading *reading, struct span reason) {
    struct arena *arena = reading->exchange->arena;
    struct span mark = chat_mark(reading->batch, arena);
    struct span text = is_misplaced(reading) && !span_trim(reading->reply->text).length ? reading->reply->thinking
                                                                                        : reading->reply->text;
    reading->visible =
        thinking_remove(&reading->chat->words, text, reading->batch->texts, reading->batch->count, arena);
    reading->visible.text = without_mark_lines(reading->visible.text, mark, arena);
    if (!reading->visible.text.length) return nothing_visible(reading);
    if (repeats_mark(reading->visible.text, mark))
        return all(reading, VERDICT_BROKEN, SPAN("the model repeated the delimiter that encloses the article"));
    find_items(reading);
    return read_items(reading, reason);
}

static struct span how_it_ended(const struct chat_reply *reply, struct arena *arena) {
    if (reply->refusal.length)
        return arena_print(arena, "the model refused: '%.*s'", SPAN_ARGS(text_clip(reply->refusal, 60)));
    if (!reply->reason.length) return SPAN("the reply does not say why the model stopped");
    return arena_print(arena, "the model stopped with '%.*s'", SPAN_ARGS(text_clip(reply->reason, 60)));
}

/* Checks how the answer ended before reading its text: if the model refused, or did not see the whole request, the text
 * is useless. */
static bool read_by_end(struct reading *reading) {
    const struct chat_reply *reply = reading->reply;
    struct span reason = how_it_ended(reply, reading->exchange->arena);
    if (reply->refusal.length || reading->ending == ENDING_REFUSED) return all(reading, VERDICT_REFUSED, reason);
    if (reply->full.length) return all(reading, VERDICT_TOO_LONG, reply->full);
    if (prompt_was_lost(reading->batch, reply))
        return all(reading, VERDICT_TOO_LONG,
                   SPAN("the server dropped part of the request because its context is too small: raise the context "
                        "size on the server, or lower request_words"));
    return read_visible(reading, reason);
}

bool chat_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                     struct answer *answers, size_t *ret_count, struct usage *ret_usage, struct failure *ret_failure) {
    const struct chat *chat = state;
    cJSON *root = call_read(exchange, ret_failure);
    if (!root) return false;
    struct chat_reply reply = chat->form->reply_of(chat, root, exchange->arena);
    ret_usage->input_tokens = reply.prompt_tokens;
    ret_usage->output_tokens = reply.answer_tokens;
    ret_usage->unanswered = !reply.text.length && !reply.thinking.length && !reply.thought;
    struct reading reading = {.chat = chat,
                              .batch = batch,
                              .reply = &reply,
                              .exchange = exchange,
                              .ending = ending_of(&chat->words, reply.reason),
                              .answers = answers,
                              .ret_count = ret_count,
                              .ret_failure = ret_failure};
    bool read = read_by_end(&reading);
    cJSON_Delete(root);
    return read;
}

unsigned long chat_tokens(const cJSON *usage, const char *name) {
    double count = json_member_number(usage, name, 0);
    return count > 0 && count < 1e9 ? (unsigned long)count : 0;
}

struct span chat_join(const cJSON *items, const char *name, bool (*wanted)(const cJSON *item), struct arena *arena) {
    struct buffer text = BUFFER(SIZE_MAX / 4);
    const cJSON *item;
    cJSON_ArrayForEach(item, items) if (wanted(item)) buffer_add_span(&text, json_member_text(item, name));
    struct span joined = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return joined;
}

bool chat_has_other(const cJSON *items, bool (*wanted)(const cJSON *item)) {
    const cJSON *item;
    cJSON_ArrayForEach(item, items) if (cJSON_IsObject(item) && !wanted(item)) return true;
    return false;
}

struct span chat_print(const cJSON *tree, struct arena *arena) {
    struct buffer text = BUFFER(SIZE_MAX / 4);
    if (tree) json_print_free(cJSON_Duplicate(tree, true), &text);
    struct span printed = arena_copy(arena, buffer_span(&text));
    buffer_free(&text);
    return printed;
}
