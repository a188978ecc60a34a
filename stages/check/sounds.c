#include "stages/check/sounds.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"

enum { LETTERS = 0x3100 /* the table has no letters from here on */ };
/* Hangul syllables are composed of an initial, a vowel and perhaps a final; the numbers are those of the Unicode
 * Standard, section 3.12. */
enum {
    SYLLABLES = 0xAC00,
    LAST_SYLLABLE = 0xD7A3,
    VOWELS_AND_FINALS = 588,
    FINALS = 28,
    INITIAL = 0x1100,
    FINAL = 0x11A7
};

static const char JOINING = '-'; /* the class of signs that take away a vowel */

struct sounds {
    char classes[LETTERS]; /* by code point; 0 for vowels and letters in no class */
};

/* Adds the letters of a class, which are treated as the same sound. Vowels are in no class and are ignored. */
static void add_letters(struct sounds *sounds, char class, struct span letters) {
    for (size_t i = 0; i < letters.length;) {
        uint32_t rune;
        i += text_next(letters, i, &rune);
        if (rune > ' ' && rune < LETTERS) sounds->classes[rune] = class;
    }
}

bool sounds_read(const char *data_folder, struct arena *arena, struct sounds **ret_sounds,
                 struct failure *ret_failure) {
    struct table table;
    struct sounds *sounds = arena_take(arena, sizeof *sounds);
    if (!table_read(data_folder, "check/sounds.tsv", arena, &table, ret_failure)) return false;
    for (size_t i = 0; i < table.count; i++)
        if (table.rows[i].cells[0].length == 1)
            add_letters(sounds, table.rows[i].cells[0].at[0], table.rows[i].cells[1]);
    *ret_sounds = sounds;
    return true;
}

/* Returns the class of a letter, or 0 for vowels and letters in no class. */
static char class_of(const struct sounds *sounds, uint32_t rune) {
    return rune < LETTERS ? sounds->classes[rune] : 0;
}

/* Returns whether this is a c that sounds like s, as in "Cecilia" or in "ch". The table treats c like k. */
static bool is_soft_c(struct span folded, size_t next) {
    return next < folded.length && folded.at[next - 1] == 'c' && strchr("heiy", folded.at[next]);
}

/* Returns whether this is a g that is not heard, as in "Willoughby": before an h that no vowel follows. */
static bool is_silent_g(struct span folded, size_t next) {
    if (next >= folded.length || folded.at[next - 1] != 'g' || folded.at[next] != 'h') return false;
    return next + 1 == folded.length || !strchr("aeiou", folded.at[next + 1]);
}

static uint32_t bit_of(char class) {
    return UINT32_C(1) << ((unsigned char)class & 31);
}

/* Adds a sound. Double letters and neighbours of the same class are often transcribed as one letter, also those that
 * the scripts of India write with a sign between them. */
static void add_sound(struct skeleton *skeleton, char class, char *last) {
    if (class == JOINING) return;
    if (class && class != *last && skeleton->count < MAX_SOUNDS) {
        skeleton->classes[skeleton->count++] = class;
        skeleton->set |= bit_of(class);
    }
    *last = class;
}

static void add_syllable(const struct sounds *sounds, uint32_t rune, struct skeleton *skeleton, char *last) {
    uint32_t index = rune - SYLLABLES, final = index % FINALS;
    char initial = class_of(sounds, INITIAL + index / VOWELS_AND_FINALS);
    if (initial) add_sound(skeleton, initial, last);
    *last = 0;
    if (final) add_sound(skeleton, class_of(sounds, FINAL + final), last);
}

struct skeleton sounds_of(const struct sounds *sounds, struct span folded) {
    struct skeleton skeleton = {.count = 0};
    char last = 0;
    for (size_t i = 0; i < folded.length && skeleton.count < MAX_SOUNDS;) {
        uint32_t rune;
        i += text_next(folded, i, &rune);
        if (is_silent_g(folded, i)) continue;
        if (rune >= SYLLABLES && rune <= LAST_SYLLABLE)
            add_syllable(sounds, rune, &skeleton, &last);
        else
            add_sound(&skeleton, is_soft_c(folded, i) ? 's' : class_of(sounds, rune), &last);
    }
    return skeleton;
}

/* Returns whether more than `max` sounds of the name do not occur in the word at all, so that their distance is
 * greater. Spares nearly all words the computation of the distance. */
static bool lacks_sounds(const struct skeleton *name, const struct skeleton *word, size_t max) {
    uint32_t missing = name->set & ~word->set;
    for (; missing && max > 0; max--) missing &= missing - 1; /* clears one bit */
    return missing != 0;
}

/* Returns the smallest Levenshtein distance between `name` and those beginnings of `word` that have at least `min`
 * sounds; `count` is the length of the word. */
static size_t distance_to_beginning(const struct skeleton *name, const char *word, size_t count, size_t min) {
    size_t row[MAX_SOUNDS + 1];
    for (size_t j = 0; j <= count; j++) row[j] = j;
    for (size_t i = 0; i < name->count; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < count; j++) {
            size_t change = diagonal + (name->classes[i] != word[j]);
            diagonal = row[j + 1];
            size_t step = 1 + (row[j] < row[j + 1] ? row[j] : row[j + 1]);
            row[j + 1] = change < step ? change : step;
        }
    }
    size_t least = row[min];
    for (size_t j = min + 1; j <= count; j++)
        if (row[j] < least) least = row[j];
    return least;
}

unsigned sounds_alike(const struct skeleton *name, const struct skeleton *word) {
    /* by the number of differences, then by the number of sounds in the name: a short name is alike by chance */
    static const struct {
        size_t sounds;
        unsigned alike;
    } grades[][3] = {{{4, 4}, {3, 3}, {2, 1}}, {{5, 3}, {4, 2}, {4, 2}}, {{7, 2}, {7, 2}, {7, 2}}};
    size_t count = word->count < name->count + 2 ? word->count : name->count + 2;
    size_t allowed = name->count < grades[1][1].sounds ? 0 : name->count < grades[2][0].sounds ? 1 : 2;
    if (name->count < 2 || count + 1 < name->count || lacks_sounds(name, word, allowed)) return 0;
    size_t distance = distance_to_beginning(name, word->classes, count, name->count - 1);
    for (size_t i = 0; distance < 3 && i < 3; i++)
        if (name->count >= grades[distance][i].sounds) return grades[distance][i].alike;
    return 0;
}

bool sounds_like(const struct skeleton *name, const struct skeleton *word, size_t more) {
    /* longer names may have more differences, since transcriptions differ in several letters */
    size_t allowed = (name->count < 5 ? 1 : name->count < 7 ? 2 : 3) + more;
    if (lacks_sounds(name, word, allowed)) return false;
    for (size_t before = 0; before == 0 || before < word->count; before++)
        if (distance_to_beginning(name, word->classes + before, word->count - before, 0) <= allowed) return true;
    return false;
}
