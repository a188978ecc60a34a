#include "stages/language/grams.h"

#include <string.h>

#include "stages/language/letters.h"

/* min. letters of a word that is a feature; a shorter word is already covered by a group of letters */
enum { WORD_MIN = 4 };

static bool is_apostrophe(uint32_t rune) {
    return rune == '\'' || rune == 0x2019 || rune == 0x2018 || rune == 0x2BC || rune == 0x2BB;
}

/* Used to check that a letter follows an apostrophe. An apostrophe belongs to a word only if it is between two letters;
 * otherwise it is a quotation mark. */
static bool family_follows(struct span text, size_t position, unsigned family) {
    uint32_t rune;
    if (position >= text.length) return false;
    text_next(text, position, &rune);
    return letters_family(letters_script(rune)) == family;
}

/* Skips to the next letter and begins a word with it. */
static bool begin_word(struct span text, size_t *position, struct word *word) {
    while (*position < text.length) {
        uint32_t rune;
        size_t size = text_next(text, *position, &rune);
        *position += size;
        unsigned script = letters_script(rune);
        uint32_t folded = letters_fold(rune);
        if (script >= LETTERS_SCRIPTS || !folded) continue;
        word->script = script;
        word->family = letters_family(script);
        word->capital = folded != rune;
        word->letters[0] = ' ';
        word->letters[1] = folded;
        word->length = 2;
        word->bytes = size;
        return true;
    }
    return false;
}

/* A word ends where a letter of another family of scripts begins. Marks and apostrophes inside a word do not end it. */
bool grams_next_word(struct span text, size_t *position, struct word *ret_word) {
    struct word *word = ret_word;
    if (!begin_word(text, position, word)) return false;
    while (*position < text.length && word->length <= GRAMS_LETTERS) {
        uint32_t rune;
        size_t size = text_next(text, *position, &rune);
        unsigned script = letters_script(rune);
        if (is_apostrophe(rune) && family_follows(text, *position + size, word->family))
            rune = '\'';
        else if (script != LETTERS_MARK && letters_family(script) != word->family)
            break;
        /* kana make a word Japanese even if it begins with a Han character */
        if (script == word->family) word->script = script;
        uint32_t folded = letters_fold(rune);
        if (folded) word->letters[word->length++] = folded;
        word->bytes += size;
        *position += size;
    }
    word->letters[word->length++] = ' ';
    return true;
}

/* This hash must not change, because the models were trained with it. */
static uint64_t mix(uint64_t hash, uint32_t letter) {
    hash = (hash ^ letter) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* Starts from another value than the hash of a group, so that a short word and a group with the same letters are
 * different features. */
static uint64_t hash_of_word(const struct word *word) {
    uint64_t hash = 77;
    for (size_t i = 1; i + 1 < word->length; i++) hash = mix(hash, word->letters[i]);
    return hash;
}

/* Groups are hashed backwards from their last letter, so that each longer group costs only one more step. */
size_t grams_of_word(const struct word *word, uint64_t ret_grams[GRAMS_MAX]) {
    bool east = strcmp(letters_code(word->family), "Jpan") == 0;
    size_t longest = east ? GRAMS_LONGEST_EAST : GRAMS_LONGEST, count = 0;
    for (size_t end = 1; end < word->length; end++) {
        uint64_t hash = 0xcbf29ce484222325u;
        for (size_t size = 1; size <= longest && size <= end + 1; size++) {
            hash = mix(hash, word->letters[end - size + 1]);
            if (size > 1 || word->letters[end] != ' ') ret_grams[count++] = hash + size;
        }
    }
    if (!east && word->length >= WORD_MIN + 2) ret_grams[count++] = hash_of_word(word);
    return count;
}
