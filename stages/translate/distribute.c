#include "stages/translate/distribute.h"

#include "stages/translate/align.h"

/* Splits the translation into sentences. Returns false if there are more than ALIGN_MAX. */
static bool split(const struct segmenter *rules, struct span english, struct span *ret_sentences, size_t *ret_count) {
    struct scanner scanner = scanner_begin(rules, "en", english);
    *ret_count = 0;
    for (struct span sentence; scanner_next(&scanner, &sentence);) {
        if (*ret_count == ALIGN_MAX) return false;
        ret_sentences[(*ret_count)++] = sentence;
    }
    return true;
}

/* Returns the text from the first sentence to the last, including whatever is between the sentences. */
static struct span join(const struct span *sentences, size_t count) {
    const struct span *last = &sentences[count - 1];
    return (struct span){sentences[0].at, (size_t)(last->at + last->length - sentences[0].at)};
}

bool distribute(const struct segmenter *rules, const struct span *sources, size_t count, struct span english,
                struct piece *ret_pieces, size_t *ret_count) {
    struct span sentences[ALIGN_MAX];
    struct bead beads[ALIGN_MAX];
    size_t sentence_count = 0, bead_count = 0;
    english = span_trim(english);
    bool found = count > 1 && count <= ALIGN_MAX && split(rules, english, sentences, &sentence_count) &&
                 align(sources, count, sentences, sentence_count, beads, &bead_count);
    for (size_t i = 0; found && i < bead_count; i++)
        ret_pieces[i] = (struct piece){beads[i].first_source, beads[i].sources,
                                       join(sentences + beads[i].first_target, beads[i].targets)};
    if (!found) ret_pieces[0] = (struct piece){0, count, english};
    *ret_count = found ? bead_count : 1;
    return found || count == 1;
}
