/* The rules for the sentences of each language: its own marks, its abbreviations, and words that begin sentences. They
 * are read from config/tables/segment/{languages,abbreviations,starters,phrases,ends}.tsv. */
#ifndef STAGES_SEGMENT_LANGUAGES_H
#define STAGES_SEGMENT_LANGUAGES_H

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"
#include "pipeline/base/text.h"
#include "stages/segment/ends.h"

/* What a word shows about the full stop after it or before it. */
enum word_kind {
    WORD_NEVER = 1,  /* no sentence ends after this abbreviation: "Dr." */
    WORD_NUMBER = 2, /* no sentence ends between this word and a number: "art. 5" */
    /* After a number, as in "1996 г.", the word is a unit and may end a sentence; otherwise, as in "г. София", it is
     * like WORD_NEVER. */
    WORD_UNIT = 4,
    WORD_SOFT = 8,          /* a sentence ends after the word only if the next word often begins a sentence: "Ltd." */
    WORD_NAME = 16,         /* a name with an exclamation mark: "Yahoo!" */
    WORD_CAPITAL = 64,      /* a word that always has a capital: "I" */
    WORD_PLAIN = 512,       /* one letter or syllable that is a word, not an initial, such as Gujarati છે ("is") */
    WORD_LABELLED = 1024,   /* a single letter after this word is not an initial: "vitamin C" */
    WORD_MONTH = 128,       /* a month, in full or abbreviated */
    WORD_MONTH_SHORT = 256, /* an abbreviated month */
    WORD_STARTER = 32       /* a common word, which has a capital only at the beginning of a sentence */
};

enum language_property {
    LANGUAGE_ORDINAL = 1, /* "5." may be an ordinal number */
    LANGUAGE_QUOTED = 2,  /* a stop before a closing quote does not end a sentence */
    LANGUAGE_PAUSES = 4,  /* an ellipsis ends a sentence, since no capital shows whether another begins */
    LANGUAGE_NAMED = 8,   /* ordinals may precede capitals: "5. Mai", "II. Rákóczi" */
    LANGUAGE_DATED = 16   /* a date has a full stop after each number: "1990. 5. 5." */
};

enum { LANGUAGE_MARKS = 4, LANGUAGE_PHRASES = 64 };

struct language_rules {
    char code[12];
    unsigned properties;
    uint32_t extra[LANGUAGE_MARKS], not [LANGUAGE_MARKS]; /* `extra`: marks that end sentences in this language but not
                                                             in others; `not`: the reverse; each ends with 0 */
    bool doubled;                                         /* an extra mark counts only if it is doubled */
    struct word *words;                                   /* hash table; `capacity` is a power of two */
    size_t count, capacity;
    struct ends ends; /* for languages that do not mark the ends of sentences */
    /* Phrases for languages without spaces between words or without capitals. */
    struct phrases {
        struct span of[LANGUAGE_PHRASES];
        size_t count;
        uint64_t thirds; /* bit b is set if the lowest six bits of a phrase's third byte are b; a quick test that
                            excludes most places */
    } carries,           /* text that continues the sentence after a closing quote */
        says,            /* the end of a short clause, such as "she asked", that continues the sentence */
        abbreviates,     /* text that makes the stop before it part of an abbreviation */
        pauses;          /* text after which an ellipsis ends the sentence, in languages without capitals */
};

struct languages;

struct languages *languages_open(const char *data_folder, struct failure *ret_failure); /* returns NULL on failure */
void languages_close(struct languages *languages);                                      /* accepts NULL */
/* Returns the rules for a BCP 47 code, for its first subtag, or for any language. Never NULL. */
const struct language_rules *languages_find(const struct languages *languages, const char *code);
/* Returns the kinds of a word as bits of word_kind, ignoring case, or 0 if it is in no table. */
unsigned languages_word(const struct language_rules *language, struct span word);
/* Returns whether the list contains the mark. */
bool languages_has_mark(const uint32_t marks[LANGUAGE_MARKS], uint32_t rune);
/* Return whether a phrase begins at `position`, or ends there. */
bool languages_phrase_at(const struct phrases *phrases, struct span text, size_t position);
bool languages_phrase_before(const struct phrases *phrases, struct span text, size_t position);

#endif
