/* Finds refusals and remarks by a translation service, and left-over pieces of a prompt or of markup. */
#include <stdlib.h>

#include "stages/check/checks.h"
#include "stages/language/chatter.h"

/* Returns a copy in lower case (ASCII only, like the table). The caller frees it. */
static struct span fold_letters(struct span text) {
    char *folded = memory_take(text.length + 1);
    for (size_t i = 0; i < text.length; i++)
        folded[i] = text.at[i] >= 'A' && text.at[i] <= 'Z' ? (char)(text.at[i] + 32) : text.at[i];
    return (struct span){folded, text.length};
}

/* Finds a phrase of this kind in the English (in lower case) that is not also in the source. */
static const struct row *find_phrase(const struct pair *pair, struct span folded, const char *kind) {
    for (size_t i = 0; i < pair->talk->count; i++) {
        const struct row *row = &pair->talk->rows[i];
        if (!span_is(row->cells[0], kind) || span_find(folded, row->cells[1]) == SIZE_MAX) continue;
        if (span_find(pair->source, row->cells[1]) == SIZE_MAX) return row;
    }
    return NULL;
}

/* Returns whether the service refused. A sentence such as "I cannot help" may be quoted from the article, so the text
 * must also mention the task of translating. */
static bool is_refusal(const struct pair *pair) {
    struct span folded = fold_letters(pair->target);
    bool about_the_job = find_phrase(pair, folded, "job") != NULL;
    free((void *)(uintptr_t)folded.at);
    return about_the_job && chatter_of(pair->phrases, pair->target) == CHATTER_REFUSAL;
}

bool check_refusal(const struct pair *pair, struct buffer *message) {
    if (!is_refusal(pair)) return false;
    buffer_print(message, "the service refused to translate: %.*s", SPAN_ARGS(text_clip(span_trim(pair->target), 120)));
    return true;
}

/* Finds remarks by the translation service. If the answer begins like a remark, all of it may be one; a phrase further
 * on may only have been added to a translation. */
bool check_talk(const struct pair *pair, struct buffer *message) {
    if (chatter_of(pair->phrases, pair->target) != CHATTER_NONE) {
        buffer_print(message, "this may be a remark by the translation service: %.*s",
                     SPAN_ARGS(text_clip(span_trim(pair->target), 80)));
        return true;
    }
    struct span folded = fold_letters(pair->target);
    const struct row *talk = find_phrase(pair, folded, "talk"), *leak = talk ? NULL : find_phrase(pair, folded, "leak");
    free((void *)(uintptr_t)folded.at);
    if (talk) buffer_print(message, "'%.*s' is a remark by the translation service", SPAN_ARGS(talk->cells[1]));
    if (leak) buffer_print(message, "'%.*s' is left over from a prompt or from markup", SPAN_ARGS(leak->cells[1]));
    return talk || leak;
}
