#include "stages/check/reading.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

/* How far a form is looked for in text without spaces between words, in bytes. */
enum { UNSPACED_REACH = 96 };

/* State of dividing a text into tokens. `at` is the position in the text, `folded` the length of the folded text so
 * far. */
struct reader {
    const struct word_tables *word_tables;
    struct reading *reading;
    struct span text;
    size_t at, folded;
    bool glued;
    bool has_address;    /* the text has an "@" */
    bool has_zero_width; /* the text has zero_width_space */
};

/* Folds the text up to `end` and returns it; it is not part of the reading until the token is added. */
static struct span fold_up_to(const struct reader *reader, size_t end) {
    char *folded = reader->reading->folded + reader->folded;
    return (struct span){folded, fold_text(span_cut(reader->text, reader->at, end), folded)};
}

/* Adds the text up to `end` as a token. `folded` is the result of fold_up_to() for it. */
static struct token *add_folded(struct reader *reader, enum token_kind kind, size_t end, struct span folded) {
    struct reading *reading = reader->reading;
    if (reading->count == reading->capacity) {
        reading->capacity = reading->capacity ? reading->capacity * 2 : 64;
        reading->tokens = memory_resize(reading->tokens, reading->capacity * sizeof *reading->tokens);
    }
    struct token *token = &reading->tokens[reading->count++];
    struct span written = span_cut(reader->text, reader->at, end);
    *token = (struct token){.written = written, .folded = folded, .kind = kind, .glued = reader->glued};
    reader->folded += folded.length;
    reader->at = end;
    reader->glued = true;
    return token;
}

static struct token *add_token(struct reader *reader, enum token_kind kind, size_t end) {
    return add_folded(reader, kind, end, fold_up_to(reader, end));
}

/* Returns the class of the character at `position`, and its size. The size is 0 at the end of the text. */
static enum letter_class class_at(struct span text, size_t position, size_t *ret_size) {
    uint32_t rune;
    *ret_size = 0;
    if (position >= text.length) return LETTER_NONE;
    *ret_size = text_next(text, position, &rune);
    return fold_class(rune);
}

/* ---------------------------------------------------------------- numbers */

static bool is_digit_at(struct span text, size_t position) {
    size_t size;
    return class_at(text, position, &size) == LETTER_DIGIT;
}

static size_t skip_digits(struct span text, size_t position, size_t *ret_count) {
    size_t size;
    for (*ret_count = 0; class_at(text, position, &size) == LETTER_DIGIT; ++*ret_count) position += size;
    return position;
}

/* Returns the end of the separator at `position`, or `position` if it does not continue the number. A point or a comma
 * must be followed by a digit. A space or an apostrophe must be followed by exactly three, because it more often
 * separates two numbers. */
static size_t skip_separator(struct span text, size_t position, size_t digits_before) {
    uint32_t rune;
    if (position >= text.length) return position;
    size_t end = position + text_next(text, position, &rune), digits;
    bool point = rune == '.' || rune == ',' || rune == 0x66B || rune == 0x66C || rune == 0x60C || rune == 0xFF0E ||
                 rune == 0xFF0C;
    bool space = rune == ' ' || rune == 0xA0 || rune == 0x202F || rune == 0x2009 || rune == '\'' || rune == 0x2019;
    if (point && is_digit_at(text, end)) return end;
    if (!space || digits_before > 3) return position;
    skip_digits(text, end, &digits);
    return digits == 3 ? end : position;
}

/* Reads digits and separators as long as they form one number. */
static void read_number(struct reader *reader) {
    size_t digits, end = skip_digits(reader->text, reader->at, &digits);
    for (;;) {
        size_t next = skip_separator(reader->text, end, digits);
        if (next == end) break;
        end = skip_digits(reader->text, next, &digits);
    }
    add_token(reader, TOKEN_NUMBER, end);
}

/* ---------------------------------------------------------------- links */

static bool is_link_byte(unsigned char c) {
    return c > ' ' && c < 0x7F && !strchr("<>\"'()[]{}|,;", c);
}

/* Returns the end of a link: before whitespace, a quote, a bracket or a non-ASCII character, and without trailing
 * punctuation, which belongs to the sentence. */
static size_t end_of_link(struct span text, size_t from) {
    size_t end = from;
    while (end < text.length && is_link_byte((unsigned char)text.at[end])) end++;
    while (end > from && strchr(".:!?*", text.at[end - 1])) end--;
    return end;
}

static bool is_letter(char c) {
    return (unsigned)((c | 32) - 'a') < 26;
}

/* Returns whether a web address, a handle or a hashtag begins here. */
static bool begins_link(struct span text, size_t at) {
    struct span rest = span_cut(text, at, at + 8);
    if (span_starts_ascii_fold(rest, SPAN("http://")) || span_starts_ascii_fold(rest, SPAN("https://"))) return true;
    if (span_starts_ascii_fold(rest, SPAN("www.")) && rest.length > 4 && is_letter(rest.at[4])) return true;
    bool handle = rest.length > 1 && (rest.at[0] == '@' || rest.at[0] == '#') && is_letter(rest.at[1]);
    return handle;
}

/* Recognises "name@host.example" from the first letter of the name. The search for the "@" is limited to 64 bytes, so
 * that the time for the whole text stays linear. */
static bool begins_address(struct span text, size_t at) {
    size_t i = at;
    while (i < text.length && i < at + 64 && (is_letter(text.at[i]) || strchr("._-+0123456789", text.at[i]))) i++;
    return i > at && i + 1 < text.length && text.at[i] == '@' && is_letter(text.at[i + 1]);
}

/* Whether a link of begins_link() may begin with the character. */
static bool may_begin_link(char c) {
    return c == '@' || c == '#' || (c | 32) == 'h' || (c | 32) == 'w';
}

/* Reads a link if one begins here. The first tests are fast and exclude nearly all positions. */
static bool read_link(struct reader *reader) {
    char first = reader->text.at[reader->at];
    bool link = may_begin_link(first) && begins_link(reader->text, reader->at);
    bool address =
        !link && reader->has_address && !reader->glued && is_letter(first) && begins_address(reader->text, reader->at);
    if (!link && !address) return false;
    add_token(reader, TOKEN_LINK, end_of_link(reader->text, reader->at));
    return true;
}

/* ---------------------------------------------------------------- words */

static bool is_apostrophe(uint32_t rune) {
    return rune == '\'' || rune == 0x2018 || rune == 0x2019 || rune == 0x2BC;
}

/* Returns whether the character is a zero-width non-joiner inside a word of an Indic script, where it only shapes the
 * letters. In Persian it separates a word from its ending. */
static bool is_indic_joiner(struct span text, size_t position, uint32_t rune) {
    uint32_t next;
    if (rune != 0x200C || position + 3 >= text.length) return false;
    text_next(text, position + 3, &next);
    return next >= 0x900 && next < 0xE00;
}

/* Returns the end of a word. Some marks within a word do not end it: soft hyphen, zero-width joiner, tatweel, and an
 * apostrophe before a letter. */
static size_t end_of_word(struct span text, size_t from) {
    size_t end = from, size;
    for (;;) {
        end = text_skip_letters(text, end); /* most of them */
        while (class_at(text, end, &size) == LETTER_SPACED) end += size;
        uint32_t rune;
        if (end >= text.length) return end;
        size_t mark = text_next(text, end, &rune);
        if (rune == 0xAD || rune == 0x200D || rune == 0x640)
            end += mark;
        else if ((is_apostrophe(rune) || is_indic_joiner(text, end, rune)) &&
                 class_at(text, end + mark, &size) == LETTER_SPACED)
            end += mark;
        else
            return end;
    }
}

/* Returns the end of the longest hyphenated form at this position that the tables contain ("vingt-deux"), or of the
 * single word. */
static size_t end_of_hyphenated(const struct reader *reader, size_t word_end) {
    enum { MAX_PARTS = 4, MAX_BYTES = 48 };
    char folded[MAX_BYTES * 2];
    size_t end = word_end, best = word_end, size;
    for (int part = 1; part < MAX_PARTS; part++) {
        if (end >= reader->text.length || reader->text.at[end] != '-') break;
        if (class_at(reader->text, end + 1, &size) != LETTER_SPACED) break;
        end = end_of_word(reader->text, end + 1);
        struct span whole = span_cut(reader->text, reader->at, end);
        if (whole.length > MAX_BYTES) break;
        if (word_tables_find(reader->word_tables, reader->reading->language,
                             (struct span){folded, fold_text(whole, folded)}))
            best = end;
    }
    return best;
}

/* Returns the end of what may separate the words of a form of several words: one space, hyphen or zero-width
 * non-joiner. Returns `position` if something else follows. */
static size_t skip_phrase_space(struct span text, size_t position) {
    uint32_t rune;
    if (position >= text.length) return position;
    size_t end = position + text_next(text, position, &rune);
    return rune == ' ' || rune == 0xA0 || rune == 0x200C || rune == '-' ? end : position;
}

/* Appends the words from `from` to `end` to a form, after a "_". Returns false if there is no room. */
static bool append_folded(struct span text, size_t from, size_t end, char *form, size_t room, size_t *length) {
    if (*length + 1 + (end - from) * 2 > room) return false;
    if (*length) form[(*length)++] = '_';
    *length += fold_text(span_cut(text, from, end), form + *length);
    return true;
}

/* Returns the end of the longest form of several words at this position ("thứ hai", in the tables "thứ_hai") and its
 * meanings, or `word_end` if there is none. `first` is the first word, folded. */
static size_t end_of_phrase(const struct reader *reader, size_t word_end, struct span first,
                            const struct sense **ret_senses) {
    enum { MAX_WORDS = 4, ROOM = 192 };
    UNINITIALIZED char form[ROOM];
    size_t end = word_end, best = word_end, length = first.length, digits;
    const struct word_tables *word_tables = reader->word_tables;
    if (length > ROOM || !word_tables_begin_phrase(word_tables, reader->reading->language, first)) return best;
    memcpy(form, first.at, length);
    for (int word = 1; word < MAX_WORDS; word++) {
        size_t from = skip_phrase_space(reader->text, end);
        end = is_digit_at(reader->text, from) ? skip_digits(reader->text, from, &digits)
                                              : end_of_word(reader->text, from);
        if (end == from || !append_folded(reader->text, from, end, form, ROOM, &length)) break;
        const struct sense *senses =
            word_tables_find(word_tables, reader->reading->language, (struct span){form, length});
        if (!senses) continue;
        *ret_senses = senses;
        best = end;
    }
    return best;
}

/* Looks up the part of the word after its apostrophe ("dell'undici"), then the part before it ("February's"). */
static const struct sense *find_at_apostrophe(const struct reader *reader, struct span folded) {
    const char *mark = memchr(folded.at, '\'', folded.length);
    if (!mark) return NULL;
    size_t at = (size_t)(mark - folded.at);
    const struct sense *senses =
        word_tables_find(reader->word_tables, reader->reading->language, span_cut(folded, at + 1, folded.length));
    return senses ? senses : word_tables_find(reader->word_tables, reader->reading->language, span_cut(folded, 0, at));
}

/* Looks up the word, together with those after it if they form one name. */
static void read_word(struct reader *reader) {
    const struct sense *senses = NULL;
    size_t word_end = end_of_word(reader->text, reader->at), end = word_end;
    struct span folded = fold_up_to(reader, word_end);
    if (word_tables_have_phrases(reader->word_tables, reader->reading->language))
        end = end_of_phrase(reader, word_end, folded, &senses);
    if (!senses) end = end_of_hyphenated(reader, word_end);
    struct token *token =
        end == word_end ? add_folded(reader, TOKEN_WORD, end, folded) : add_token(reader, TOKEN_WORD, end);
    token->letters = LETTER_SPACED;
    token->senses = senses ? senses : word_tables_find(reader->word_tables, reader->reading->language, token->folded);
    if (!token->senses) token->senses = find_at_apostrophe(reader, token->folded);
}

static const struct span zero_width_space = {"\xE2\x80\x8B", 3};

/* Finds the longest form at the beginning of a text that has zero-width spaces, which Lao and Khmer write between
 * syllables. They are passed over; the length includes them. */
static const struct sense *find_squeezed(const struct reader *reader, struct span near, size_t *ret_length) {
    char squeezed[UNSPACED_REACH];
    size_t count = 0, at;
    for (at = 0; at < near.length; at++)
        if (span_starts(span_cut(near, at, near.length), zero_width_space))
            at += zero_width_space.length - 1;
        else
            squeezed[count++] = near.at[at];
    const struct sense *senses = word_tables_find_prefix(reader->word_tables, reader->reading->language,
                                                         (struct span){squeezed, count}, ret_length);
    if (!senses) return NULL;
    for (at = 0, count = *ret_length; count > 0; at++)
        if (span_starts(span_cut(near, at, near.length), zero_width_space))
            at += zero_width_space.length - 1;
        else
            count--;
    *ret_length = at;
    return senses;
}

static const struct sense *find_unspaced(const struct reader *reader, struct span ahead, size_t *ret_length) {
    struct span near = text_clip(ahead, UNSPACED_REACH);
    if (reader->has_zero_width && span_find(near, zero_width_space) != SIZE_MAX)
        return find_squeezed(reader, near, ret_length);
    return word_tables_find_prefix(reader->word_tables, reader->reading->language, ahead, ret_length);
}

/* Reads the longest form that the tables contain (folding changes nothing in these scripts). Consecutive characters in
 * no table become one token, TOKEN_GAP. */
static void read_unspaced(struct reader *reader, enum letter_class letters) {
    struct span ahead = span_cut(reader->text, reader->at, reader->text.length);
    size_t length, size, end = reader->at;
    const struct sense *senses = find_unspaced(reader, ahead, &length);
    if (senses) {
        struct token *token = add_token(reader, TOKEN_WORD, reader->at + length);
        token->senses = senses;
        token->letters = letters;
        return;
    }
    class_at(reader->text, end, &size);
    struct reading *reading = reader->reading;
    struct token *last = reading->count ? &reading->tokens[reading->count - 1] : NULL;
    if (last && last->kind == TOKEN_GAP && reader->glued) {
        last->written.length += size;
        reader->at += size;
    } else {
        add_token(reader, TOKEN_GAP, end + size)->letters = letters;
    }
}

static size_t end_of_hangul(struct span text, size_t from) {
    size_t end = from, size;
    while (class_at(text, end, &size) == LETTER_HANGUL) end += size;
    return end;
}

/* Looks up the whole word. If it directly follows a number or a scale word, it is enough that the tables contain the
 * beginning of the word, since particles may be attached to its end. */
static void read_hangul(struct reader *reader) {
    const struct reading *reading = reader->reading;
    const struct token *last = reading->count && reader->glued ? &reading->tokens[reading->count - 1] : NULL;
    size_t end = end_of_hangul(reader->text, reader->at), length;
    struct span word = span_cut(reader->text, reader->at, end);
    bool after_number = last && (last->kind == TOKEN_NUMBER || last->senses);
    const struct sense *senses = word_tables_find(reader->word_tables, reading->language, word);
    if (!senses && after_number) {
        senses = word_tables_find_prefix(reader->word_tables, reading->language, word, &length);
        if (senses) end = reader->at + length;
    }
    struct token *token = add_token(reader, TOKEN_WORD, end);
    token->senses = senses;
    token->letters = LETTER_HANGUL;
}

/* Reads a single character. Whitespace only ends the word before it. */
static void read_sign(struct reader *reader, uint32_t rune, size_t size) {
    bool space = rune <= ' ' || rune == 0xA0 || (rune >= 0x2000 && rune <= 0x200C) || rune == 0x202F || rune == 0x3000;
    if (!space) {
        struct token *token = add_token(reader, TOKEN_SIGN, reader->at + size);
        token->senses = word_tables_find(reader->word_tables, WORD_TABLES_NONE, token->folded);
        return;
    }
    reader->at += size;
    reader->glued = false;
}

/* The buffer for the folded text has twice the size of the text, which is enough: folding turns two bytes into at most
 * three (as for U+0130). */
struct reading reading_make(const struct word_tables *word_tables, unsigned language, struct span text) {
    struct reading reading = {.folded = memory_take(text.length * 2 + 8), .language = language};
    struct reader reader = {.word_tables = word_tables, .reading = &reading, .text = text};
    reader.has_zero_width = span_find(text, zero_width_space) != SIZE_MAX;
    reader.has_address = text.length > 0 && memchr(text.at, '@', text.length) != NULL;
    while (reader.at < text.length) {
        uint32_t rune;
        size_t size = text_next(text, reader.at, &rune);
        if (read_link(&reader)) continue;
        enum letter_class letters = fold_class(rune);
        if (letters == LETTER_DIGIT)
            read_number(&reader);
        else if (letters == LETTER_UNSPACED)
            read_unspaced(&reader, letters);
        else if (letters == LETTER_HANGUL)
            read_hangul(&reader);
        else if (letters == LETTER_SPACED)
            read_word(&reader);
        else
            read_sign(&reader, rune, size);
    }
    return reading;
}

void reading_free(struct reading *reading) {
    free(reading->tokens);
    free(reading->folded);
    *reading = (struct reading){0};
}
