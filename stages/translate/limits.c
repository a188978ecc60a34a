#include "stages/translate/limits.h"

enum { NUMBERS = 16 }; /* maximum number of numbers to read from a message; no known message has more */

/* Returns the smaller limit; 0 means "no limit". */
static size_t stricter(size_t limit, size_t learned) {
    return !learned || (limit && limit < learned) ? limit : learned;
}

struct service_limits limits_stricter(struct service_limits limits, const struct service_limits *learned) {
    limits.texts = stricter(limits.texts, learned->texts);
    limits.characters = stricter(limits.characters, learned->characters);
    limits.text_characters = stricter(limits.text_characters, learned->text_characters);
    return limits;
}

/* Extracts the positive numbers of a message. */
static size_t numbers_of(struct span sentence, size_t numbers[NUMBERS]) {
    size_t count = 0;
    for (size_t i = 0, end; i < sentence.length && count < NUMBERS; i = end + 1) {
        for (end = i; end < sentence.length && sentence.at[end] >= '0' && sentence.at[end] <= '9';) end++;
        long long number;
        if (end > i && span_number(span_cut(sentence, i, end), &number) && number > 0)
            numbers[count++] = (size_t)number;
    }
    return count;
}

/* Finds the limit on a quantity in the numbers of a message: the largest number below `sent`. Returns 0 unless the
 * message also contains `sent` itself, which shows that the message is about this quantity. */
static size_t limit_beside(size_t sent, const size_t *numbers, size_t count) {
    size_t limit = 0;
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        named = named || numbers[i] == sent;
        if (numbers[i] < sent && numbers[i] > limit) limit = numbers[i];
    }
    return named ? limit : 0;
}

/* If each text is a single sentence, the limit applies to sentences, and longer ones go to the next service. If a text
 * consists of several sentences, requests are made smaller instead. */
static bool learn_text(struct service_limits *learned, enum service_unit unit, size_t limit) {
    if (!limit || unit != UNIT_SENTENCE) return false;
    learned->text_characters = limit;
    return true;
}

bool limits_learn(struct service_limits *learned, enum service_unit unit, const struct sent *sent,
                  struct span sentence) {
    size_t numbers[NUMBERS], count = numbers_of(sentence, numbers), limit;
    if (sent->texts < 2) return false;
    if ((limit = limit_beside(sent->texts, numbers, count))) {
        learned->texts = limit;
    } else if ((limit = limit_beside(sent->characters, numbers, count))) {
        learned->characters = limit;
        /* The message gives no usable number: try half of what was sent. */
    } else if (!learn_text(learned, unit, limit_beside(sent->longest, numbers, count))) {
        learned->texts = sent->texts / 2;
        learned->characters = sent->characters / 2;
    }
    return true;
}
