/* Learns from refused requests which parameters a server does not accept, and omits or replaces these parameters for
 * the rest of the run. */
#include <string.h>

#include "stages/services/common/chat.h"

/* Limits on the number of answer tokens. FEWEST_TOKENS is the smallest limit derived from the size of the context; a
 * limit found in a message must be at least a quarter of that. The adapter adopts at most LOWERED_MOST limits from
 * messages and guesses at most HALVED_MOST times, so that it cannot retry forever. */
enum { FEWEST_TOKENS = 1024, MOST_TOKENS = 131072, LARGER = 4, NUMBERS = 16, LOWERED_MOST = 4, HALVED_MOST = 2 };

/* Sets the flag if `possible` is true. Returns false if the flag is already set: the server has refused the changed
 * request for the same reason, so the change did not help. */
static bool set_once(bool *flag, bool possible) {
    bool set = possible && !*flag;
    *flag = *flag || set;
    return set;
}

static bool set_limit_key(struct chat *chat, const char *key) {
    bool set = !chat->learned.limit_key;
    if (set) chat->learned.limit_key = key;
    return set;
}

/* ---------------------------------------------------------------- the longest answer */

static bool is_digit(struct span text, size_t at) {
    return at < text.length && text.at[at] >= '0' && text.at[at] <= '9';
}

/* Whether there is a letter, "_" or "-" at this position. Digits next to one belong to a word, such as the name of a
 * model. */
static bool is_in_word(struct span text, size_t at) {
    if (at >= text.length) return false;
    char c = text.at[at];
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
}

/* Reads a number, possibly with commas between thousands. Returns the position after it. */
static size_t read_number(struct span text, size_t from, unsigned long *ret_value) {
    size_t i = from;
    *ret_value = 0;
    for (; is_digit(text, i); i++) {
        if (*ret_value < 100000000) *ret_value = *ret_value * 10 + (unsigned long)(text.at[i] - '0');
        bool thousands = i + 4 < text.length && text.at[i + 1] == ',' && is_digit(text, i + 2) &&
                         is_digit(text, i + 3) && is_digit(text, i + 4) && !is_digit(text, i + 5);
        i += thousands;
    }
    return i;
}

static size_t numbers_of(struct span text, unsigned long numbers[NUMBERS]) {
    size_t count = 0;
    for (size_t i = 0, end; i < text.length && count < NUMBERS; i = end) {
        unsigned long number;
        bool begins = is_digit(text, i) && !(i && is_in_word(text, i - 1));
        for (end = i + 1; is_digit(text, i) && is_digit(text, end);) end++;
        if (!begins) continue;
        end = read_number(text, i, &number);
        if (number && !is_in_word(text, end)) numbers[count++] = number;
    }
    return count;
}

/* Returns the first number after the word "context" ("maximum context length is 8192 tokens"), or 0. */
static unsigned long context_in(struct span sentence) {
    unsigned long number[NUMBERS];
    size_t at = span_find(sentence, SPAN("context"));
    return at != SIZE_MAX && numbers_of(span_cut(sentence, at, sentence.length), number) ? number[0] : 0;
}

/* Returns how many tokens of the context remain for an answer. The smallest number in the message is probably the size
 * of this request. Other requests may be larger, so two and a half times that size is reserved. */
static unsigned long beside_request(unsigned long context, const unsigned long *numbers, size_t count) {
    unsigned long request = context;
    for (size_t i = 0; i < count; i++)
        if (numbers[i] < request) request = numbers[i];
    unsigned long used = request == context ? context / 2 : request * 5 / 2;
    return used + FEWEST_TOKENS < context ? context - used : FEWEST_TOKENS;
}

/* Returns the largest of the numbers below `asked`, which is probably the server's limit. Returns 0 if there is none,
 * or if an answer would not fit into it. */
static unsigned long largest_below(unsigned long asked, const unsigned long *numbers, size_t count) {
    unsigned long largest = 0;
    for (size_t i = 0; i < count; i++)
        if (numbers[i] < asked && numbers[i] > largest) largest = numbers[i];
    return largest >= FEWEST_TOKENS / 4 ? largest : 0;
}

/* Lowers the token limit to the limit given in the message or, if there is none, to half. The number of guesses is
 * limited, because each costs a request. */
static bool lower_answer_tokens(struct chat *chat, struct span sentence) {
    struct chat_learned *learned = &chat->learned;
    unsigned long numbers[NUMBERS], asked = chat_answer_tokens(chat), context = context_in(sentence);
    size_t count = numbers_of(sentence, numbers);
    unsigned long lower = context ? beside_request(context, numbers, count) : largest_below(asked, numbers, count);
    bool said = lower > 0;
    if (!said && !learned->lowered && learned->halved++ < HALVED_MOST) lower = asked / 2;
    learned->lowered += said;
    if (!lower || lower >= asked || lower < FEWEST_TOKENS / 4 || learned->lowered > LOWERED_MOST) return false;
    learned->answer_tokens = lower;
    return true;
}

/* ---------------------------------------------------------------- parameters */

static bool learn(struct chat *chat, struct span setting, struct span sentence) {
    struct chat_learned *learned = &chat->learned;
    if (span_is(setting, "limit_key=max_tokens")) return set_limit_key(chat, "max_tokens");
    if (span_is(setting, "limit_key=max_completion_tokens")) return set_limit_key(chat, "max_completion_tokens");
    if (span_is(setting, "temperature=none")) return set_once(&learned->no_temperature, chat->temperature >= 0);
    if (span_is(setting, "system_role=merge")) return set_once(&learned->no_system, true);
    if (span_is(setting, "format=fences")) return set_once(&learned->no_schema, chat->structured);
    if (span_is(setting, "thinking=default")) return set_once(&learned->no_thinking, true);
    if (span_is(setting, "thinking=enable_thinking")) return set_once(&learned->thinking_off, !learned->no_thinking);
    return span_is(setting, "answer_tokens") && lower_answer_tokens(chat, sentence);
}

/* A request composed before the latest change is out of date. It must be sent again in any case, so there is nothing to
 * learn from its refusal. */
bool chat_adapt(void *state, const struct exchange *exchange) {
    struct chat *chat = state;
    if (exchange->written_with < chat->learned.generation) return true;
    if (!learn(chat, exchange->refusal_setting, exchange->refusal_said)) return false;
    chat->learned.generation++;
    return true;
}

bool chat_enlarge(void *state, const struct exchange *exchange) {
    struct chat *chat = state;
    unsigned long asked = chat_answer_tokens(chat);
    if (exchange->written_with < chat->learned.generation) return true;
    if (chat->learned.enlarged || asked >= MOST_TOKENS) return false;
    chat->learned.answer_tokens = asked * LARGER < MOST_TOKENS ? asked * LARGER : MOST_TOKENS;
    chat->learned.enlarged = true;
    chat->learned.generation++;
    return true;
}

unsigned long chat_longest_answer(const void *state) {
    return chat_answer_tokens(state);
}

unsigned chat_generation(const void *state) {
    const struct chat *chat = state;
    return chat->learned.generation;
}
