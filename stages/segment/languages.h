/* The rules for the sentences of each language: marks that only this language uses, abbreviations, and words that begin
 * sentences. They are read from config/tables/segment/{languages,abbreviations,starters,phrases,ends}.tsv. */
#ifndef STAGES_SEGMENT_LANGUAGES_H
#define STAGES_SEGMENT_LANGUAGES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"
#include "stages/segment/ends.h"

/* Kinds of words that decide whether the full stop after them ends a sentence, or that give evidence about the text
 * around them. A word may be of several kinds. */
enum word_kind {
    WORD_NEVER = 1,  /* an abbreviation that never ends a sentence: "Dr." */
    WORD_NUMBER = 2, /* an abbreviation that does not end a sentence if a number follows: "art. 5" */
    /* an abbreviation that may end a sentence only if it is a unit after a number, as in "1996 г."; otherwise, as in
     * "г. София", it is like WORD_NEVER */
    WORD_UNIT = 4,
    WORD_SOFT = 8,     /* an abbreviation that ends a sentence only if the next word often begins one: "Ltd." */
    WORD_NAME = 16,    /* a name that ends with an exclamation mark: "Yahoo!" */
    WORD_CAPITAL = 64, /* a word that is always capitalized: "I" */
    WORD_PLAIN = 512,  /* a single letter or syllable that is a word, not an initial, such as Gujarati છે ("is") */
    WORD_LABELLED = 1024,   /* a word after which a single letter is not an initial: "vitamin C" */
    WORD_MONTH = 128,       /* the name of a month, in full or abbreviated */
    WORD_MONTH_SHORT = 256, /* an abbreviated name of a month */
    WORD_STARTER = 32       /* a word that often begins a sentence: a common word, which is not capitalized elsewhere */
};

enum language_property {
    LANGUAGE_ORDINAL = 1, /* a number with a full stop may be an ordinal: "5." */
    LANGUAGE_QUOTED = 2,  /* a full stop before a closing quote does not end the sentence */
    LANGUAGE_PAUSES = 4,  /* an ellipsis ends the sentence, since no capital shows whether another begins */
    LANGUAGE_NAMED = 8,   /* an ordinal may be followed by a capitalized word: "5. Mai", "II. Rákóczi" */
    LANGUAGE_DATED = 16   /* dates have a full stop after each number: "1990. 5. 5." */
};

enum { LANGUAGE_MARKS = 4, LANGUAGE_PHRASES = 64 };

struct language_rules {
    char code[12];
    unsigned properties;
    uint32_t extra[LANGUAGE_MARKS], not [LANGUAGE_MARKS]; /* `extra`: marks that end sentences in this language but not
                                                             in others; `not`: the reverse; each ends with 0 */
    bool doubled;                                         /* the marks in `extra` count only if they are doubled */
    struct word *words;                                   /* hash table; `capacity` is a power of two */
    size_t count, capacity;
    struct ends ends; /* empty unless the language does not mark the ends of sentences */
    /* Phrases that show whether a sentence ends, for languages without spaces between words or without capitals. */
    struct phrases {
        struct span of[LANGUAGE_PHRASES];
        size_t count;
        uint64_t thirds; /* bit b is set if the lowest six bits of the third byte of some phrase are b; used for a quick
                            test that excludes most places */
    } carries,           /* after a closing quote, these continue the sentence */
        says,        /* these end a short clause, such as "she asked", that continues the sentence after a quotation */
        abbreviates, /* the mark before one of these is part of an abbreviation */
        pauses;      /* in languages without capitals, an ellipsis after one of these ends the sentence */
};

struct languages;

struct languages *languages_open(const char *data_folder, struct failure *ret_failure); /* returns NULL on failure */
void languages_close(struct languages *languages);                                      /* accepts NULL */
/* Returns the rules for a BCP 47 code or, if there are none, for its first subtag or for any language. Never returns
 * NULL. */
const struct language_rules *languages_find(const struct languages *languages, const char *code);
/* Returns the kinds of a word, ignoring case, as bits of word_kind; 0 if the word is in no table. */
unsigned languages_word(const struct language_rules *language, struct span word);
/* Returns whether the list contains the mark. */
bool languages_has_mark(const uint32_t marks[LANGUAGE_MARKS], uint32_t rune);
/* Return whether one of the phrases begins, or ends, at `position`. */
bool languages_phrase_at(const struct phrases *phrases, struct span text, size_t position);
bool languages_phrase_before(const struct phrases *phrases, struct span text, size_t position);

#endif
