/* Checks that the English uses the user's glossary. */
#include <stdint.h>

#include "stages/check/checks.h"

enum { MAX_ENDING = 3, SHORT_TERM = 4 };

/* Returns whether there is a letter at the position. Every byte of a non-ASCII character counts as a letter. */
static bool is_letter_at(struct span text, size_t position) {
    if (position >= text.length) return false;
    unsigned char c = (unsigned char)text.at[position];
    return (unsigned)((c | 32) - 'a') < 26 || c >= 0x80;
}

/* Returns whether the word ends at most MAX_ENDING letters after the term, to allow for plurals, possessives and "-ed".
 * For short terms, which are often acronyms, only an "s" may follow. */
static bool ends_term(struct span text, size_t position, size_t term_length) {
    size_t most = term_length < SHORT_TERM ? 1 : MAX_ENDING, ending = 0;
    while (ending <= most && is_letter_at(text, position + ending)) ending++;
    return ending <= most;
}

/* Removes a final "y" or "e", which an ending may change or remove: "ministries", "creating". */
static struct span stem_of(struct span term) {
    bool loses = term.length > SHORT_TERM && (term.at[term.length - 1] == 'y' || term.at[term.length - 1] == 'e');
    return loses ? span_cut(term, 0, term.length - 1) : term;
}

/* Returns whether the text contains the term as a word, ignoring case. */
static bool has_term(struct span text, struct span term) {
    struct span stem = stem_of(term);
    for (size_t i = 0; i + stem.length <= text.length; i++) {
        bool starts_word = i == 0 || !is_letter_at(text, i - 1);
        if (starts_word && text_equal_fold(span_cut(text, i, i + stem.length), stem) &&
            ends_term(text, i + stem.length, stem.length))
            return true;
    }
    return false;
}

size_t checker_terms(const struct termbase *termbase, const char *language, struct span source,
                     struct checker_term ret_terms[TERM_MATCHES]) {
    struct term_match matches[TERM_MATCHES];
    size_t found = termbase_find(termbase, language, source, matches), count = 0;
    for (size_t i = 0; i < found; i++) {
        bool again = false;
        for (size_t j = 0; j < i && !again; j++) again = matches[j].term == matches[i].term;
        if (!again)
            ret_terms[count++] =
                (struct checker_term){.source = matches[i].term->source, .target = matches[i].term->target};
    }
    return count;
}

bool check_glossary(const struct pair *pair, struct buffer *message) {
    for (size_t i = 0; i < pair->question->term_count; i++) {
        const struct checker_term *term = &pair->question->terms[i];
        if (!term->target.length || has_term(pair->target, term->target)) continue;
        buffer_print(message, "the glossary translates '%.*s' as '%.*s', which is missing from the English",
                     SPAN_ARGS(text_clip(term->source, 80)), SPAN_ARGS(text_clip(term->target, 80)));
        return true;
    }
    return false;
}
