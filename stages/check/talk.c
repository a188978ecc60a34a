/* Finds refusals and remarks by a translation service, and left-over pieces of a prompt or of markup. */
#include "stages/check/checks.h"

/* Returns whether the service refused. A sentence such as "I cannot help" may be quoted from the article, so the text
 * must also mention the task of translating. */
static bool is_refusal(const struct pair *pair) {
    if (pair->chatter != CHATTER_REFUSAL) return false;
    struct span first[TALK_KINDS];
    talk_phrases_find(pair->talk, pair->target, pair->source, first);
    return first[TALK_JOB].length > 0;
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
    struct span first[TALK_KINDS];
    talk_phrases_find(pair->talk, pair->target, pair->source, first);
    struct span talk = first[TALK_TALK], leak = first[TALK_LEAK];
    if (talk.length)
        buffer_print(message, "'%.*s' is a remark by the translation service", SPAN_ARGS(talk));
    else if (leak.length)
        buffer_print(message, "'%.*s' is left over from a prompt or from markup", SPAN_ARGS(leak));
    if (talk.length || leak.length) return true;
    bool recites = recited(pair->recital, pair->source, pair->target);
    if (recites) buffer_add_string(message, "the English repeats the instructions for the language model");
    return recites;
}
