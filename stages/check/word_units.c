#include "stages/check/word_units.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/hash_table.h"
#include "stages/check/fold.h"
#include "stages/check/word_units_internal.h"
#include "stages/language/unicode.h"

enum {
    LONG_BEGINNING = 6,
    SHORT_BEGINNING = 4,
    HAN_GRAM = 4,
    STEM = 6,
    MIN_REST = 2,
    MAX_ENGLISH = 200,
    FOLD_PIECE = 512
};
/* Equal letters are different units as a word, as the beginning of one, and as a number. */
enum unit_kind { UNIT_WORD = 1, UNIT_BEGINNING, UNIT_NUMBER, UNIT_ENGLISH };

/* FNV-1a leaves the upper bits of short texts alike; the multiplications spread them (the finalizer of MurmurHash3). */
static uint64_t hash_unit(enum unit_kind kind, uint64_t hash_of_text) {
    uint64_t hash = hash_of_text ^ (uint64_t)kind * 0x9E3779B97F4A7C15u;
    hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCDu;
    hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53u;
    return hash ^ hash >> 33;
}

/* ---------------------------------------------------------------- spelling */

static int compare_spellings(const void *a, const void *b) {
    const struct spelling *rune = a, *spelling = b;
    return rune->first < spelling->first ? -1 : rune->first > spelling->last;
}

static const struct spelling *find_spelling(const struct spellings *spellings, uint32_t rune) {
    const struct spelling wanted = {.first = rune};
    if (spellings->count == 0) return NULL;
    return bsearch(&wanted, spellings->at, spellings->count, sizeof wanted, compare_spellings);
}

static bool put_letter(const struct unit_rules *rules, uint32_t rune, struct buffer *spelled) {
    const struct spelling *letter = find_spelling(&rules->letters, rune);
    return letter ? buffer_add_span(spelled, letter->text) : buffer_add_rune(spelled, rune);
}

/* An encoding is undone before letters are exchanged, so that the rules for letters need only know Unicode. */
static bool put_rune(const struct unit_rules *rules, uint32_t rune, struct buffer *spelled) {
    const struct spelling *code = find_spelling(&rules->codes, rune);
    if (!code) return put_letter(rules, rune, spelled);
    bool fits = true;
    for (size_t i = 0; i < code->text.length;) {
        uint32_t part;
        i += text_next(code->text, i, &part);
        fits = put_letter(rules, part, spelled) && fits;
    }
    return fits;
}

/* Folds the character at `*at`, moves behind it, and returns the size of what was put. */
static size_t put_folded(char to[4], struct span text, size_t *at) {
    uint32_t rune;
    *at += text_next(text, *at, &rune);
    rune = fold_rune(rune);
    return rune ? text_put(to, rune) : 0;
}

/* Spells a text in a language without rules, in pieces that fit on the stack. Character by character, unlike
 * fold_text(), which looks at the letters of a whole word. */
static bool fold_only(struct span text, struct buffer *spelled) {
    char piece[FOLD_PIECE + 4];
    bool fits = true;
    for (size_t at = 0, length = 0; at < text.length && fits;) {
        for (; at < text.length && length < FOLD_PIECE && (unsigned char)text.at[at] < 0x80; at++)
            piece[length++] = text.at[at] >= 'A' && text.at[at] <= 'Z' ? (char)(text.at[at] + 32) : text.at[at];
        if (at < text.length && length < FOLD_PIECE) length += put_folded(piece + length, text, &at);
        if (length < FOLD_PIECE && at < text.length) continue;
        fits = buffer_add(spelled, piece, length);
        length = 0;
    }
    return fits;
}

bool word_units_spell(const struct unit_rules *rules, struct span text, struct buffer *ret_spelled) {
    bool fits = true;
    buffer_clear(ret_spelled);
    if (rules->codes.count == 0 && rules->letters.count == 0) return fold_only(text, ret_spelled);
    for (size_t i = 0; i < text.length && fits;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        rune = fold_rune(rune);
        if (rune) fits = put_rune(rules, rune, ret_spelled);
    }
    return fits;
}

/* ---------------------------------------------------------------- tokens */

/* Returns whether the character belongs to the token that a character of class `first` began: marks to a letter of a
 * script without spaces, digits to digits, letters to letters. */
static bool continues(enum letter_class first, enum letter_class class, uint32_t rune) {
    if (first == LETTER_UNSPACED) {
        int category = rune_category(rune);
        return class == first && (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC);
    }
    if (first == LETTER_DIGIT) return class == first;
    return class == LETTER_SPACED || class == LETTER_HANGUL;
}

/* Returns whether the character at `at` joins the letters around it: an apostrophe before a letter ("l'eau", but not
 * "dogs' owners"), or one that spelling removes. A text has the same tokens before it is spelled and after. */
static bool joins(struct span text, size_t at, size_t size, enum letter_class first, uint32_t rune) {
    if (first != LETTER_SPACED || rune < '\'' || (rune > '\'' && rune < 0x80)) return false;
    uint32_t folded = fold_rune(rune), next;
    if (folded == 0) return true;
    if (folded != '\'' || at + size == text.length) return false;
    text_next(text, at + size, &next);
    return fold_class(next) == LETTER_SPACED;
}

static size_t end_of_token(struct span text, size_t at, enum letter_class first) {
    while (at < text.length) {
        if (first == LETTER_SPACED) at = text_skip_letters(text, at);
        if (at == text.length || text.at[at] == ' ') break;
        uint32_t rune;
        size_t size = text_next(text, at, &rune);
        if (!continues(first, fold_class(rune), rune) && !joins(text, at, size, first, rune)) break;
        at += size;
    }
    return at;
}

size_t word_units_tokens(struct span spelled, size_t max, struct word_token *ret_tokens) {
    static const enum word_token_kind kinds[] = {[LETTER_SPACED] = WORD_TOKEN_WORD,
                                                 [LETTER_UNSPACED] = WORD_TOKEN_LETTER,
                                                 [LETTER_HANGUL] = WORD_TOKEN_HANGUL,
                                                 [LETTER_DIGIT] = WORD_TOKEN_NUMBER};
    size_t count = 0;
    for (size_t at = 0, end; at < spelled.length && count < max; at = end) {
        uint32_t rune;
        if (spelled.at[at] == ' ') {
            end = at + 1;
            continue;
        }
        end = at + text_next(spelled, at, &rune);
        enum letter_class class = fold_class(rune);
        if (class == LETTER_NONE) continue;
        end = end_of_token(spelled, end, class);
        ret_tokens[count++] = (struct word_token){(uint32_t)at, (uint32_t)(end - at), kinds[class]};
    }
    return count;
}

/* ---------------------------------------------------------------- units */

struct list {
    struct unit *units;
    size_t count;
};

/* `hash` is that of the text of the unit. */
static void add_unit(enum unit_kind kind, uint64_t hash, uint32_t tokens, struct list *list) {
    if (list->count < WORD_UNITS_MAX) list->units[list->count++] = (struct unit){hash_unit(kind, hash), tokens};
}

/* Returns the end of so many letters that follow `at`, or 0 if the word has fewer. */
static size_t end_of_letters(struct span word, size_t at, size_t letters) {
    uint32_t rune;
    for (; letters > 0 && at < word.length; letters--) at += text_next(word, at, &rune);
    return letters == 0 ? at : 0;
}

static void add_without_clitics(const struct unit_rules *rules, struct span word, struct list *list) {
    for (size_t i = 0; i < rules->clitic_count; i++) {
        if (!span_starts(word, rules->clitics[i])) continue;
        struct span rest = span_cut(word, rules->clitics[i].length, word.length);
        if (end_of_letters(rest, 0, MIN_REST) == 0) continue;
        size_t end = end_of_letters(rest, 0, SHORT_BEGINNING);
        uint64_t hash = span_hash(span_cut(rest, 0, end));
        add_unit(UNIT_WORD, span_hash_more(hash, span_cut(rest, end, rest.length)), 1, list);
        if (end > 0) add_unit(UNIT_BEGINNING, hash, 1, list);
    }
}

/* The word and its beginnings are hashed in one pass. */
static void add_word(const struct unit_rules *rules, struct span word, struct list *list) {
    size_t four = end_of_letters(word, 0, SHORT_BEGINNING);
    size_t six = four > 0 ? end_of_letters(word, four, LONG_BEGINNING - SHORT_BEGINNING) : 0;
    uint64_t of_four = span_hash(span_cut(word, 0, four)), of_six = span_hash_more(of_four, span_cut(word, four, six));
    add_unit(UNIT_WORD, span_hash_more(of_six, span_cut(word, six > 0 ? six : four, word.length)), 1, list);
    if (six > 0) add_unit(UNIT_BEGINNING, of_six, 1, list);
    if (four > 0) add_unit(UNIT_BEGINNING, of_four, 1, list);
    add_without_clitics(rules, word, list);
}

/* Of the beginnings, those that are not the whole word. */
static void add_hangul(struct span word, struct list *list) {
    add_unit(UNIT_WORD, span_hash(word), 1, list);
    for (size_t i = 1; i <= SHORT_BEGINNING && end_of_letters(word, 0, i + 1) > 0; i++)
        add_unit(UNIT_BEGINNING, span_hash(span_cut(word, 0, end_of_letters(word, 0, i))), 1, list);
}

/* Only letters that follow each other without anything between them form a sequence. */
static void add_grams(struct span spelled, const struct word_token *tokens, size_t count, struct list *list) {
    uint32_t rune, end = tokens->at;
    uint64_t hash = span_hash(SPAN(""));
    text_next(spelled, tokens->at, &rune);
    size_t longest = rune_is_east_asian(rune) ? HAN_GRAM : WORD_UNITS_GRAM;
    for (size_t i = 0; i < longest && i < count && tokens[i].kind == WORD_TOKEN_LETTER && tokens[i].at == end; i++) {
        end = tokens[i].at + tokens[i].length;
        hash = span_hash_more(hash, span_cut(spelled, tokens[i].at, end));
        add_unit(UNIT_WORD, hash, (uint32_t)i + 1, list);
    }
}

size_t word_units_of(const struct unit_rules *rules, struct span spelled, const struct word_token *tokens, size_t count,
                     size_t index, struct unit ret_units[WORD_UNITS_MAX]) {
    const struct word_token *token = &tokens[index];
    struct span word = {spelled.at + token->at, token->length};
    struct list list = {ret_units, 0};
    switch (token->kind) {
    case WORD_TOKEN_WORD:
        add_word(rules, word, &list);
        break;
    case WORD_TOKEN_LETTER:
        add_grams(spelled, token, count - index, &list);
        break;
    case WORD_TOKEN_HANGUL:
        add_hangul(word, &list);
        break;
    case WORD_TOKEN_NUMBER:
        add_unit(UNIT_NUMBER, span_hash(word), 1, &list);
        break;
    }
    return list.count;
}

/* ---------------------------------------------------------------- English */

static bool ends(const char *word, size_t length, size_t min, struct span suffix) {
    return length >= min && span_ends((struct span){word, length}, suffix);
}

static size_t cut_plural(char *word, size_t length) {
    if (ends(word, length, 3, SPAN("'s"))) length -= 2;
    if (ends(word, length, 5, SPAN("ies"))) {
        word[length - 3] = 'y';
        return length - 2;
    }
    return ends(word, length, 4, SPAN("s")) && word[length - 2] != 's' && word[length - 2] != 'u' ? length - 1 : length;
}

/* Not a dictionary form: it only has to be the same for most forms of a word ("opened", "opening" and "opens"). */
static size_t cut_endings(char *word, size_t length) {
    length = cut_plural(word, length);
    if (ends(word, length, 6, SPAN("ing")))
        length -= 3;
    else if (ends(word, length, 5, SPAN("ed")))
        length -= 2;
    return ends(word, length, 5, SPAN("e")) ? length - 1 : length;
}

bool word_units_english(const struct word_units *units, struct span word, uint32_t *ret_unit) {
    char letters[MAX_ENGLISH];
    if (word.length == 0 || hash_table_find(&units->function_words, word)) return false;
    word = text_clip(word, sizeof letters);
    memcpy(letters, word.at, word.length);
    struct span stem = {letters, cut_endings(letters, word.length)};
    size_t end = end_of_letters(stem, 0, STEM);
    *ret_unit = (uint32_t)hash_unit(UNIT_ENGLISH, span_hash(end > 0 ? span_cut(stem, 0, end) : stem));
    return true;
}
