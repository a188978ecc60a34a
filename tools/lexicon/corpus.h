/* The pairs that the lexicon is learned from, as the units of their words. A pair is a sentence or the entry of a
 * dictionary, and its English. */
#ifndef TOOLS_LEXICON_CORPUS_H
#define TOOLS_LEXICON_CORPUS_H

#include "stages/check/lexicon.h"
#include "stages/check/word_units.h"
#include "tools/lexicon/id_map.h"

struct pair {
    size_t units, words;             /* positions of the first in the arrays of the language */
    uint32_t unit_count, word_count; /* each unit once; words as often as they occur */
    float weight;                    /* how often the pair counts */
};

struct language {
    char code[LEXICON_CODE];
    const struct unit_rules *rules;
    struct id_map unit_ids;
    struct known_unit {
        uint64_t hash;
        bool sequence;       /* of several letters */
    } * known;               /* by id of the unit */
    uint32_t *units, *words; /* ids, pair by pair */
    struct pair *pairs;
    size_t known_count, unit_count, word_count, pair_count;
    size_t known_capacity, unit_capacity, word_capacity, pair_capacity;
};

struct corpus {
    struct arena *arena;
    struct word_units *tables;
    struct language *languages[LEXICON_LANGUAGES]; /* in order of code */
    size_t count;
    struct id_map word_ids;
    struct known_word {
        uint32_t unit;
        double count; /* the sum of the weights of the pairs */
    } * words;        /* English, by id */
    size_t word_count, word_capacity;
    double total;              /* of the counts */
    struct word_token *tokens; /* working memory */
    struct buffer text;
};

/* Returns an empty corpus, or NULL with a failure if the tables in the data folder cannot be read. */
struct corpus *corpus_new(const char *data_folder, struct failure *ret_failure);
void corpus_free(struct corpus *corpus); /* accepts NULL */
/* Adds a pair. Those without words on both sides, and very long ones, are ignored. Returns false if there are too many
 * languages or the code is too long. */
bool corpus_add(struct corpus *corpus, const char *code, struct span source, struct span english, float weight);

/* Adds FOLDER/bitext/<language>.tsv and FOLDER/dict/<language>.tsv (source, tab, English), in order of name. Rows whose
 * kind is one of the letters `leave_out` in FOLDER/SOURCES.tsv (language, folder, kind, first row, last row) are left
 * out; "" leaves out none and needs no such file. Returns false with a failure if there is nothing to read. */
bool corpus_read_folder(struct corpus *corpus, const char *folder, const char *leave_out, struct failure *ret_failure);
/* Adds a file of rows: language, weight, source, English. */
bool corpus_read_pairs(struct corpus *corpus, const char *path, struct failure *ret_failure);

#endif
