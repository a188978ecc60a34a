#include "stages/check/sentences.h"

void sentences_read(const struct segmenter *segmenter, const char *language, struct span text, const struct length_rule *rule,
                    struct sentences *ret_sentences) {
    struct scanner scanner = scanner_begin(segmenter, language ? language : "", text);
    struct span sentence;
    ret_sentences->count = 0;
    while (ret_sentences->count < MOST_SENTENCES && scanner_next(&scanner, &sentence)) {
        double length = rule ? length_expected(rule, sentence) : (double)text_count(sentence);
        ret_sentences->items[ret_sentences->count++] = (struct sentence){sentence, length};
    }
}
