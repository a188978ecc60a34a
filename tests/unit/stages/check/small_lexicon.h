/* A lexicon of a few sentences, trained in memory for the tests. */
#ifndef TESTS_UNIT_STAGES_CHECK_SMALL_LEXICON_H
#define TESTS_UNIT_STAGES_CHECK_SMALL_LEXICON_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/cmocka_test.h"

#include "tools/lexicon/train.h"

struct small_pair {
    const char *code, *source, *english;
};

static const struct small_pair small_pairs[] = {
    {"es", "El puente viejo está cerrado", "The old bridge is closed"},
    {"es", "El puente nuevo está abierto", "The new bridge is open"},
    {"es", "El puerto está cerrado", "The harbour is closed"},
    {"es", "Un puerto nuevo", "A new harbour"},
    {"es", "La alcaldesa abre el puerto", "The mayor opens the harbour"},
    {"es", "La alcaldesa y el puente", "The mayor and the bridge"},
    {"es", "puente", "bridge"},
    {"es", "puerto", "harbour"},
    {"es", "alcaldesa", "mayor"},
    {"sr", "Нови мост", "A new bridge"},
    {"sr", "Stari most", "An old bridge"},
    {"sr", "мост", "bridge"},
    {"zh", "新桥", "new bridge"},
    {"zh", "旧桥", "old bridge"},
    {"zh", "新港口", "new harbour"},
    {"zh", "港口", "harbour"},
    {"zh", "大学", "university"},
    {"zh", "新大学", "new university"},
    {"zh", "大", "large"},
    {"zh", "大桥", "large bridge"},
    {"zh", "大港口", "large harbour"},
    {"zh", "学", "study"},
    {"zh", "学好", "study well"},
    {"zh", "学新", "study new"},
    {"zh", "学旧", "study old"},
};

/* Many words, so that none of the above is so frequent that it tells nothing. */
enum { RARE_WORDS = 676, RARE_WORD = 8 };
static inline void rare_words(int index, char ret_source[RARE_WORD], char ret_english[RARE_WORD]) {
    snprintf(ret_source, RARE_WORD, "q%c%co", 'a' + index % 26, 'a' + index / 26);
    snprintf(ret_english, RARE_WORD, "w%c%cx", 'a' + index % 26, 'a' + index / 26);
}

static inline void add_rare_words(struct corpus *corpus) {
    for (int i = 0; i < RARE_WORDS; i++) {
        char source[RARE_WORD], english[RARE_WORD];
        rare_words(i, source, english);
        assert_true(corpus_add(corpus, "eo", span_of(source), span_of(english), 1));
    }
}

static inline struct corpus *small_corpus(void) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    assert_non_null(corpus);
    for (size_t i = 0; i < sizeof small_pairs / sizeof *small_pairs; i++)
        assert_true(corpus_add(corpus, small_pairs[i].code, span_of(small_pairs[i].source),
                               span_of(small_pairs[i].english), 3));
    add_rare_words(corpus);
    return corpus;
}

/* The bytes of the file; the caller frees the buffer. */
static inline struct buffer small_file(void) {
    struct buffer file = BUFFER(1 << 20);
    struct corpus *corpus = small_corpus();
    assert_true(train_lexicon(corpus, 1 << 20, &file));
    corpus_free(corpus);
    return file;
}

/* Writes the bytes to a new file and maps it; the file is gone afterwards. */
static inline bool small_map(struct span bytes, struct lexicon **ret_lexicon, struct failure *ret_failure) {
    char path[] = "/tmp/lexicon-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, bytes.at, bytes.length) == (ssize_t)bytes.length);
    close(file);
    bool mapped = lexicon_map(path, ret_lexicon, ret_failure);
    unlink(path);
    return mapped;
}

#endif
