/* What is known of each language's sentences: its own marks, its abbreviations, and the words that begin sentences.
 * Read from config/tables/segment/{languages,abbreviations,starters,phrases,ends}.tsv. */
#ifndef STAGES_SEGMENT_LANGUAGES_H
#define STAGES_SEGMENT_LANGUAGES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"
#include "stages/segment/ends.h"

/* How a word stands to the point behind it, or to the one before it. */
enum word_kind {
    WORD_NEVER = 1,  /* no sentence ends behind this abbreviation: "Dr." */
    WORD_NUMBER = 2, /* none before a number: "art. 5" */
    WORD_UNIT = 4, /* behind a number it is a unit and may end one, else as WORD_NEVER: "1996 г." and "г. София" */
    WORD_SOFT = 8,          /* one ends only before a word that begins sentences: "Ltd." */
    WORD_NAME = 16,         /* a name that has an exclamation mark: "Yahoo!" */
    WORD_CAPITAL = 64,      /* has a capital wherever it stands: "I" */
    WORD_PLAIN = 512,       /* one letter or syllable, and no initial: Gujarati's "is" */
    WORD_LABELLED = 1024,   /* a letter behind it is its label and no initial: "vitamin C" */
    WORD_MONTH = 128,       /* a month, in words or cut short */
    WORD_MONTH_SHORT = 256, /* the latter */
    WORD_STARTER = 32       /* common, and written in lower case except where a sentence begins */
};

enum language_property {
    LANGUAGE_ORDINAL = 1, /* "5." is read as an ordinal */
    LANGUAGE_QUOTED = 2,  /* no sentence ends inside closing quotes */
    LANGUAGE_PAUSES = 4,  /* an ellipsis ends a sentence though no capital can follow */
    LANGUAGE_NAMED = 8    /* ordinals stand before capitals: "5. Mai", "II. Rákóczi" */
};

enum { LANGUAGE_MARKS = 4, LANGUAGE_PHRASES = 64 };

struct language_rules {
    char code[12];
    unsigned properties;
    uint32_t extra[LANGUAGE_MARKS], not [LANGUAGE_MARKS]; /* ended by 0 */
    bool doubled;                                         /* an extra mark counts when it stands twice */
    struct word *words;                                   /* hash table of `capacity` places, a power of two */
    size_t count, capacity;
    struct ends ends; /* of languages without stops */
    /* Of languages without spaces between words, or without capitals. */
    struct phrases {
        struct span of[LANGUAGE_PHRASES];
        size_t count;
        uint64_t thirds; /* bit b: one has a third byte that ends in the six bits b; tells most places apart at once */
    } carries,           /* what goes on behind a closing quote, */
        says,            /* what ends a short clause that does, */
        pauses;          /* what an ellipsis ends a sentence behind, where the language has no capitals */
};

struct languages;

struct languages *languages_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void languages_close(struct languages *languages);                                      /* accepts NULL */
/* The rules of a BCP 47 code, or of its first part, or those for any language; never NULL. */
const struct language_rules *languages_find(const struct languages *languages, const char *code);
/* The kinds of a word (bits of word_kind), whatever its case; 0 when it is none that matters. */
unsigned languages_word(const struct language_rules *language, struct span word);
bool languages_has_mark(const uint32_t marks[LANGUAGE_MARKS], uint32_t rune);
/* Whether one of the phrases begins, or ends, at `position`. */
bool languages_phrase_at(const struct phrases *phrases, struct span text, size_t position);
bool languages_phrase_before(const struct phrases *phrases, struct span text, size_t position);

#endif
