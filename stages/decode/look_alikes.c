#include "stages/decode/look_alikes.h"

#include <stdbool.h>
#include <string.h>

#include "stages/decode/ascii.h"
#include "stages/decode/editor.h"
#include "stages/language/scripts.h"

/* Pairs of a Latin and a Cyrillic letter that look the same. */
static const struct {
    uint32_t latin, cyrillic;
} alike[] = {{'A', 0x410}, {'B', 0x412}, {'C', 0x421}, {'E', 0x415}, {'H', 0x41D}, {'I', 0x406}, {'J', 0x408},
             {'K', 0x41A}, {'M', 0x41C}, {'O', 0x41E}, {'P', 0x420}, {'S', 0x405}, {'T', 0x422}, {'X', 0x425},
             {'Y', 0x423}, {'a', 0x430}, {'c', 0x441}, {'e', 0x435}, {'i', 0x456}, {'j', 0x458}, {'o', 0x43E},
             {'p', 0x440}, {'s', 0x455}, {'x', 0x445}, {'y', 0x443}};

/* Returns the look-alike of a letter in the other script, or 0 if it has none. */
static uint32_t counterpart(uint32_t rune, bool to_cyrillic) {
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if ((to_cyrillic ? alike[i].latin : alike[i].cyrillic) == rune)
            return to_cyrillic ? alike[i].cyrillic : alike[i].latin;
    return 0;
}

/* Returns whether the character is a combining mark. Such a mark belongs to the same word as its letter, whether or not
 * Unicode has both as one character. */
static bool is_mark(uint32_t rune) {
    return rune >= 0x300 && rune < 0x370;
}

static bool is_word_letter(uint32_t rune) {
    enum script script = script_of(rune);
    return is_mark(rune) || script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC;
}

/* Returns the script to which the word at [from, to) should be changed: 'c' for Cyrillic, 'l' for Latin, or 0 to leave
 * it alone. It is the script of the letters that have no look-alike; there must be at least two of these, all in one
 * script. */
static char word_belongs(struct span text, size_t from, size_t to) {
    size_t own_latin = 0, own_cyrillic = 0, latin = 0, cyrillic = 0;
    for (uint32_t rune; from < to;) {
        from += valid_next(text, from, &rune);
        enum script script = script_of(rune);
        bool own = counterpart(rune, script == SCRIPT_LATIN) == 0;
        latin += script == SCRIPT_LATIN;
        cyrillic += script == SCRIPT_CYRILLIC;
        own_latin += own && script == SCRIPT_LATIN;
        own_cyrillic += own && script == SCRIPT_CYRILLIC;
    }
    if (latin == 0 || cyrillic == 0) return 0;
    return own_latin == 0 && own_cyrillic >= 2 ? 'c' : own_cyrillic == 0 && own_latin >= 2 ? 'l' : 0;
}

/* Replaces the letters of the wrong script in the word at [from, to). */
static void unmix_word(struct editor *editor, size_t from, size_t to) {
    char way = word_belongs(editor->text, from, to);
    for (uint32_t rune; way && from < to;) {
        size_t size = valid_next(editor->text, from, &rune);
        uint32_t other = counterpart(rune, way == 'c');
        char by[4];
        if (other) editor_replace(editor, from, size, (struct span){by, text_put(by, other)});
        from += size;
    }
}

/* A fast test that excludes most texts: returns whether the text contains the first byte of a character in U+0400 to
 * U+04FF. */
static bool has_cyrillic(struct span text) {
    for (int byte = 0xD0; byte <= 0xD3; byte++)
        if (text.length > 0 && memchr(text.at, byte, text.length)) return true;
    return false;
}

struct span look_alikes_text(struct span text, struct buffer *out, size_t *ret_places) {
    struct editor editor = {.text = text, .out = out};
    if (!has_cyrillic(text)) return text;
    size_t word = 0;
    bool latin = false, cyrillic = false;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        size_t size = rune < 0x80 ? 1 : valid_next(text, i, &rune);
        if (is_word_letter(rune)) {
            cyrillic = cyrillic || script_of(rune) == SCRIPT_CYRILLIC;
            latin = latin || script_of(rune) == SCRIPT_LATIN;
        } else {
            if (latin && cyrillic) unmix_word(&editor, word, i);
            word = i + size;
            latin = cyrillic = false;
        }
        i += size;
    }
    if (latin && cyrillic) unmix_word(&editor, word, text.length);
    *ret_places += editor.edits;
    return editor_end(&editor);
}
