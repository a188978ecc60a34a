/* Between word_units.c, which applies the tables, and word_unit_tables.c, which reads them. */
#ifndef STAGES_CHECK_WORD_UNITS_INTERNAL_H
#define STAGES_CHECK_WORD_UNITS_INTERNAL_H

#include "pipeline/base/hash_table.h"

enum { UNIT_LANGUAGE = 12, UNIT_LANGUAGES = 128 };

/* A range of characters is replaced with a text, which may be empty. */
struct spelling {
    uint32_t first, last;
    struct span text;
};

struct spellings {
    struct spelling *at; /* sorted; ranges do not overlap */
    size_t count, capacity;
};

struct unit_rules {
    struct span language;
    struct spellings codes, letters;
    struct span *clitics;
    size_t clitic_count, clitic_capacity;
};

struct word_units {
    struct unit_rules rules[UNIT_LANGUAGES]; /* the first applies to languages that have no rules */
    size_t count;
    struct hash_table function_words; /* of English */
};

#endif
