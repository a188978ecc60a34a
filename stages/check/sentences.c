#include "stages/check/sentences.h"

#include "stages/check/fold.h"

/* Returns whether the sentence is only a web address, which is not counted as a sentence. */
static bool is_link(struct span sentence) {
    bool link = span_starts_ascii_fold(sentence, SPAN("http")) || span_starts_ascii_fold(sentence, SPAN("www."));
    for (size_t i = 0; link && i < sentence.length; i++) link = sentence.at[i] != ' ';
    return link;
}

static bool has_letter(struct span sentence) {
    for (size_t i = 0; i < sentence.length;) {
        uint32_t rune;
        i += text_next(sentence, i, &rune);
        if (fold_class(rune) != LETTER_NONE) return true;
    }
    return false;
}

void sentences_read(const struct segmenter *segmenter, const char *language, struct span text,
                    const struct length_rule *rule, struct sentences *ret_sentences) {
    struct scanner scanner = scanner_begin(segmenter, language ? language : "", text);
    struct span sentence;
    ret_sentences->count = 0;
    while (ret_sentences->count < MAX_SENTENCES && scanner_next(&scanner, &sentence)) {
        /* translations often add or omit links and symbols, so counting these would cause false findings */
        if (is_link(sentence) || !has_letter(sentence)) continue;
        double length = rule ? length_expected(rule, sentence) : (double)text_count(sentence);
        ret_sentences->items[ret_sentences->count++] = (struct sentence){sentence, length};
    }
}
