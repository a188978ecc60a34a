#include "program/search/words.h"

#include "stages/check/fold.h"
#include "stages/language/unicode.h"

/* ---------------------------------------------------------------- characters */

/* Writes Latin letters that have no decomposition as English keyboards spell them. Returns NULL for all others. */
static const char *plain_spelling(uint32_t rune) {
    switch (rune) {
    case 0xE6:
        return "ae";
    case 0xF0:
    case 0x111:
        return "d";
    case 0xF8:
        return "o";
    case 0xFE:
        return "th";
    case 0x127:
        return "h";
    case 0x142:
        return "l";
    case 0x153:
        return "oe";
    case 0x167:
        return "t";
    default:
        return NULL;
    }
}

/* Returns true for Latin, Greek and Cyrillic letters, whose accents are ignored, and for their compatibility forms. In
 * other scripts a mark makes another word. */
static bool ignores_accents(uint32_t rune) {
    return rune < 0x530 || (rune >= 0x1E00 && rune < 0x2000) || (rune >= 0xFB00 && rune < 0xFB07);
}

/* Half-width kana are the same letters as those of normal width. */
static uint32_t full_width(uint32_t rune) {
    uint32_t parts[RUNE_PARTS];
    bool half = rune >= 0xFF66 && rune < 0xFFA0;
    return half && rune_bare(rune, parts) ? parts[0] : rune;
}

static bool is_pair_class(enum letter_class class) {
    return class == LETTER_UNSPACED || class == LETTER_HANGUL;
}

/* A character as words are made of it. */
struct letter {
    uint32_t rune; /* folded; 0 = ignored wherever it stands */
    enum letter_class class;
    size_t size; /* bytes in the text */
};

/* Most letters need not be looked up in Unicode's tables: those of Latin, Greek and Cyrillic, and Han and kana. */
static bool may_be_invisible(uint32_t rune) {
    return rune == 0xAD || (rune >= 0x600 && rune < 0x3000) || rune >= 0xA000;
}

static struct letter read_letter(struct span text, size_t at) {
    struct letter letter;
    letter.size = text_next(text, at, &letter.rune);
    bool invisible = may_be_invisible(letter.rune) && rune_is_invisible(letter.rune);
    letter.rune = invisible ? 0 : fold_rune(full_width(letter.rune));
    letter.class = letter.rune ? fold_class(letter.rune) : LETTER_NONE;
    /* The voicing marks and the middle dot of kana, and the digits of Southeast Asia, are classed by their letters. */
    if (letter.class == LETTER_UNSPACED && !rune_is_word(letter.rune)) letter.class = LETTER_NONE;
    return letter;
}

/* ---------------------------------------------------------------- words */

static void add_rune(struct search_word *word, uint32_t rune) {
    char bytes[4];
    size_t size = text_put(bytes, rune);
    if (word->length + size > SEARCH_WORD_BYTES) return;
    memcpy(word->text + word->length, bytes, size);
    word->length += size;
}

/* The letters of ASCII and the small letters of Russian, without the one that has a mark, are as plain as they can be.
 */
static bool is_plain(uint32_t rune) {
    return rune < 0x80 || (rune >= 0x430 && rune < 0x450 && rune != 0x439);
}

static void add_letter(struct search_word *word, uint32_t rune) {
    uint32_t parts[RUNE_PARTS];
    const char *plain = is_plain(rune) ? NULL : plain_spelling(rune);
    if (is_plain(rune) || !(plain || ignores_accents(rune))) {
        add_rune(word, rune);
        return;
    }
    for (; plain && *plain; plain++) add_rune(word, (uint32_t)*plain);
    size_t count = plain ? 0 : rune_bare(rune, parts);
    for (size_t i = 0; i < count; i++)
        if (rune_is_word(parts[i])) add_rune(word, parts[i]);
}

/* Reads the letters and digits of ASCII, which are most of English. */
static size_t read_ascii(struct span text, size_t at, struct search_word *word) {
    for (; at < text.length; at++) {
        unsigned char c = (unsigned char)text.at[at], small = c | 32;
        if (!(c >= '0' && c <= '9') && !(small >= 'a' && small <= 'z' && c < 0x80)) break;
        if (word->length < SEARCH_WORD_BYTES) word->text[word->length++] = (char)(c >= 'A' ? small : c);
    }
    return at;
}

/* Whether the byte is a character that needs no look at Unicode's tables. NUL is ignored as invisible characters are.
 */
static bool is_ascii(char byte) {
    return byte && (unsigned char)byte < 0x80;
}

/* Reads on to the end of a word of a script with spaces. */
static size_t read_spaced(struct span text, size_t at, struct search_word *word) {
    while ((at = read_ascii(text, at, word)) < text.length && !is_ascii(text.at[at])) {
        struct letter letter = read_letter(text, at);
        if (letter.rune && (letter.class == LETTER_NONE || is_pair_class(letter.class))) break;
        if (letter.rune) add_letter(word, letter.rune);
        at += letter.size;
    }
    word->to = at;
    return at;
}

/* Returns the position of the next character that is not ignored. */
static size_t skip_ignored(struct span text, size_t at) {
    while (at < text.length) {
        struct letter letter = read_letter(text, at);
        if (letter.rune) break;
        at += letter.size;
    }
    return at;
}

/* Reads a pair, and returns the position of its second character, with which the next pair begins. `follows` tells
 * whether a pair ended with the first character. */
static size_t read_pair(struct span text, size_t at, bool follows, struct search_word *word) {
    struct letter first = read_letter(text, at);
    size_t next = skip_ignored(text, at + first.size);
    struct letter second = {0};
    if (next < text.length) second = read_letter(text, next);
    bool both = second.rune && is_pair_class(second.class);
    word->pair = true;
    word->last = follows && !both;
    add_rune(word, first.rune);
    if (both) add_rune(word, second.rune);
    word->to = both ? next + second.size : at + first.size;
    return next;
}

/* Whether the character before `at` is one of a script that is divided into pairs, so that a pair ends at `at`. */
static bool pair_ends(struct span text, size_t at) {
    while (at > 0) {
        uint32_t rune;
        at -= text_previous(text, at, &rune);
        struct letter letter = read_letter(text, at);
        if (letter.rune) return is_pair_class(letter.class);
    }
    return false;
}

bool search_word_next(struct span text, size_t *at, struct search_word *ret_word) {
    while (*at < text.length) {
        struct letter letter = {.rune = ' ', .class = LETTER_NONE, .size = 1};
        bool ascii = is_ascii(text.at[*at]);
        if (ascii)
            letter.class = fold_class((uint32_t)text.at[*at]);
        else
            letter = read_letter(text, *at);
        ret_word->length = 0;
        ret_word->from = *at;
        ret_word->pair = ret_word->last = false;
        if (!letter.rune || letter.class == LETTER_NONE)
            *at += letter.size;
        else if (is_pair_class(letter.class))
            *at = read_pair(text, *at, pair_ends(text, *at), ret_word);
        else
            *at = read_spaced(text, *at, ret_word);
        /* A word of nothing but marks that are ignored is none. */
        if (ret_word->length) return true;
    }
    return false;
}

/* Returns the letter or digit of ASCII as it is in a word; '\0' for any other byte. */
static char word_letter(char byte) {
    unsigned small = (unsigned char)byte | 32u;
    if (small - 'a' < 26) return (char)small;
    return byte >= '0' && byte <= '9' ? byte : '\0';
}

/* Appends the word that begins at `at` if it is ASCII, ends with it and is not too long. Returns its length, else 0. */
static size_t cut_ascii(struct span text, size_t at, struct buffer *out) {
    char word[SEARCH_WORD_BYTES + 1], letter = '\0';
    size_t length = 0;
    while (at + length < text.length && length < SEARCH_WORD_BYTES && (letter = word_letter(text.at[at + length])))
        word[length++] = letter;
    bool ends = at + length == text.length || (!letter && is_ascii(text.at[at + length]));
    if (!length || !ends) return 0;
    word[length] = ' ';
    buffer_add(out, word, length + 1);
    return length;
}

/* Most words and what separates them are ASCII; the others are left to search_word_next(). */
void search_words_cut(struct span text, struct buffer *out) {
    struct search_word word;
    for (size_t at = 0; at < text.length;) {
        size_t length = cut_ascii(text, at, out);
        bool separates = !length && is_ascii(text.at[at]) && !word_letter(text.at[at]);
        at += length + separates;
        if (length || separates) continue;
        if (!search_word_next(text, &at, &word)) return;
        buffer_add(out, word.text, word.length);
        buffer_add(out, " ", 1);
    }
}
