/* Finds refusals and remarks by a translation service, and left-over pieces of a prompt or of markup. */
#include <stdlib.h>

#include "stages/check/checks.h"

enum { PAIRS = 1 << 12 };

/* The English in lower case (ASCII only, like the table), and which pairs of consecutive bytes it has: one bit for each
 * hash of a pair, so that most phrases need not be searched for. */
struct folded {
    struct span text;
    uint64_t pairs[PAIRS / 64];
};

static size_t pair_of(const char *bytes) {
    return ((unsigned char)bytes[0] * 31u + (unsigned char)bytes[1]) % PAIRS;
}

/* The caller releases the result with free_folded(). */
static void fold(struct span text, struct folded *ret_folded) {
    char *at = memory_take(text.length + 1);
    for (size_t i = 0; i < text.length; i++)
        at[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
    *ret_folded = (struct folded){.text = {at, text.length}};
    for (size_t i = 0; i + 1 < text.length; i++)
        ret_folded->pairs[pair_of(at + i) / 64] |= 1ull << pair_of(at + i) % 64;
}

static void free_folded(struct folded *folded) {
    free((void *)(uintptr_t)folded->text.at);
}

static bool has_phrase(const struct folded *folded, struct span phrase) {
    for (size_t i = 0; i + 1 < phrase.length; i++) {
        size_t pair = pair_of(phrase.at + i);
        if (!(folded->pairs[pair / 64] >> pair % 64 & 1)) return false;
    }
    return span_find(folded->text, phrase) != SIZE_MAX;
}

enum kind { KIND_JOB, KIND_TALK, KIND_LEAK, KINDS };
static const char *const kinds[KINDS] = {"job", "talk", "leak"};

/* Finds the first phrase of each kind in the English that is not also in the source. NULL where there is none. */
static void find_phrases(const struct pair *pair, const struct folded *folded, const struct row *ret_first[KINDS]) {
    for (size_t i = 0; i < KINDS; i++) ret_first[i] = NULL;
    for (size_t i = 0; i < pair->talk->count; i++) {
        const struct row *row = &pair->talk->rows[i];
        if (!has_phrase(folded, row->cells[1]) || span_find(pair->source, row->cells[1]) != SIZE_MAX) continue;
        for (size_t kind = 0; kind < KINDS; kind++)
            if (!ret_first[kind] && span_is(row->cells[0], kinds[kind])) ret_first[kind] = row;
    }
}

/* Returns whether the service refused. A sentence such as "I cannot help" may be quoted from the article, so the text
 * must also mention the task of translating. */
static bool is_refusal(const struct pair *pair) {
    if (pair->chatter != CHATTER_REFUSAL) return false;
    struct folded folded;
    const struct row *first[KINDS];
    fold(pair->target, &folded);
    find_phrases(pair, &folded, first);
    free_folded(&folded);
    return first[KIND_JOB] != NULL;
}

bool check_refusal(const struct pair *pair, struct buffer *message) {
    if (!is_refusal(pair)) return false;
    buffer_print(message, "the service refused to translate: %.*s", SPAN_ARGS(text_clip(span_trim(pair->target), 120)));
    return true;
}

/* Finds remarks by the translation service. If the answer begins like a remark, all of it may be one; a phrase further
 * on may only have been added to a translation. */
bool check_talk(const struct pair *pair, struct buffer *message) {
    if (pair->chatter != CHATTER_NONE) {
        buffer_print(message, "this may be a remark by the translation service: %.*s",
                     SPAN_ARGS(text_clip(span_trim(pair->target), 80)));
        return true;
    }
    struct folded folded;
    const struct row *first[KINDS];
    fold(pair->target, &folded);
    find_phrases(pair, &folded, first);
    free_folded(&folded);
    const struct row *talk = first[KIND_TALK], *leak = talk ? NULL : first[KIND_LEAK];
    if (talk) buffer_print(message, "'%.*s' is a remark by the translation service", SPAN_ARGS(talk->cells[1]));
    if (leak) buffer_print(message, "'%.*s' is left over from a prompt or from markup", SPAN_ARGS(leak->cells[1]));
    if (talk || leak) return true;
    bool recites = recited(pair->recital, pair->source, pair->target);
    if (recites) buffer_add_string(message, "the English repeats the instructions for the language model");
    return recites;
}
