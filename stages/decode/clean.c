#include "stages/decode/clean.h"

#include <string.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/decode/editor.h"
#include "stages/decode/scripts.h"

#define DEEPEST_BIDI 125 /* max_depth of UAX 9 */
#define CLUSTER 32       /* UAX 15, stream-safe text: at most 30 marks on a letter */

const char *clean_name(enum clean_kind kind) {
    static const char *const names[CLEAN_KINDS] = {"nfc",       "control characters", "invisible characters", "bidi controls",
                                                   "ligatures", "full-width forms",   "look-alikes"};
    return names[kind];
}

struct sweep {
    struct editor editor;
    struct cleaning *cleaning;
    char open[DEEPEST_BIDI]; /* 'e' embedding or override, 'i' isolate */
    size_t depth;
    size_t line_known_to; /* line_is_east_asian holds for the line that ends here */
    bool line_is_east_asian;
    uint32_t before; /* the last rune that stays */
};

static void sweep_replace(struct sweep *sweep, enum clean_kind kind, size_t at, size_t length, struct span by) {
    editor_replace(&sweep->editor, at, length, by);
    sweep->cleaning->count[kind]++;
}

static bool is_control(uint32_t rune) {
    return (rune < 0x20 && rune != '\t' && rune != '\n' && rune != '\r') || (rune >= 0x7F && rune < 0xA0)
           || (rune >= 0xFDD0 && rune <= 0xFDEF) || (rune & 0xFFFE) == 0xFFFE || (rune >= 0xFFF9 && rune <= 0xFFFB);
}

static bool is_invisible(uint32_t rune) {
    return rune == 0xAD || rune == 0x200B || rune == 0x2060 || rune == 0xFEFF || rune == 0x180E || rune == 0x034F;
}

static bool is_bidi(uint32_t rune) {
    return (rune >= 0x202A && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x2069);
}

/* Joiners matter inside Arabic and Indic words and in emoji, and nowhere else. */
static bool takes_joiner(uint32_t rune) {
    return (rune >= 0x600 && rune < 0x1100) || (rune >= 0x1780 && rune < 0x18B0) || (rune >= 0x2600 && rune < 0x2800)
           || (rune >= 0xA800 && rune < 0xAC00) || rune == 0xFE0F || (rune >= 0x1F000 && rune < 0x1FB00);
}

static bool joins(const struct sweep *sweep, size_t next) {
    uint32_t after = ' ';
    if (next < sweep->editor.text.length)
        valid_next(sweep->editor.text, next, &after);
    return takes_joiner(sweep->before) && takes_joiner(after);
}

static void close_bidi(struct sweep *sweep, size_t at) {
    for (; sweep->depth > 0; sweep->depth--)
        sweep_replace(sweep, CLEAN_BIDI, at, 0, sweep->open[sweep->depth - 1] == 'i' ? SPAN("\xE2\x81\xA9") : SPAN("\xE2\x80\xAC"));
}

static void sweep_bidi(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    bool closes = rune == 0x202C || rune == 0x2069;
    char kind = rune >= 0x2066 ? 'i' : 'e';
    bool fits = closes ? sweep->depth > 0 && sweep->open[sweep->depth - 1] == kind : sweep->depth < DEEPEST_BIDI;
    if (!fits)
        sweep_replace(sweep, CLEAN_BIDI, at, size, (struct span){0});
    else if (closes)
        sweep->depth--;
    else
        sweep->open[sweep->depth++] = kind;
}

static bool line_is_east_asian(struct sweep *sweep, size_t at) {
    struct span text = sweep->editor.text;
    if (at < sweep->line_known_to)
        return sweep->line_is_east_asian;
    size_t from = at, to = at;
    while (from > 0 && text.at[from - 1] != '\n') from--;
    while (to < text.length && text.at[to] != '\n') to++;
    sweep->line_known_to = to;
    sweep->line_is_east_asian = false;
    for (uint32_t rune; from < to && !sweep->line_is_east_asian;) {
        from += valid_next(text, from, &rune);
        sweep->line_is_east_asian = script_of(rune) == SCRIPT_HAN || script_of(rune) == SCRIPT_KANA || script_of(rune) == SCRIPT_HANGUL;
    }
    return sweep->line_is_east_asian;
}

static bool is_full_width(uint32_t rune) {
    return (rune >= 0xFF10 && rune <= 0xFF19) || (rune >= 0xFF21 && rune <= 0xFF3A) || (rune >= 0xFF41 && rune <= 0xFF5A);
}

/* Latin and Armenian ligatures, Arabic presentation forms: what a dictionary does not have. */
static bool is_ligature(uint32_t rune) {
    return (rune >= 0xFB00 && rune <= 0xFB17) || (rune >= 0xFB50 && rune <= 0xFBB1) || (rune >= 0xFBD3 && rune <= 0xFD3D)
           || (rune >= 0xFD50 && rune <= 0xFDC7) || (rune >= 0xFE80 && rune <= 0xFEFC);
}

static void sweep_ligature(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    utf8proc_int32_t parts[8];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &boundary);
    char by[32];
    size_t length = 0;
    if (count <= 0 || count > 8 || (count == 1 && (uint32_t)parts[0] == rune))
        return;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        length += text_put(by + length, (uint32_t)parts[i]);
    sweep_replace(sweep, CLEAN_LIGATURES, at, size, (struct span){by, length});
    sweep->before = (uint32_t)parts[count - 1];
}

static bool ends_line(uint32_t rune) {
    return rune == '\n' || rune == '\v' || rune == '\f' || rune == 0x85 || rune == 0x2028 || rune == 0x2029;
}

static void sweep_rune(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    if (ends_line(rune)) {
        close_bidi(sweep, at);
        if (rune != '\n')
            sweep_replace(sweep, CLEAN_CONTROLS, at, size, SPAN("\n"));
        sweep->before = '\n';
    } else if (is_control(rune)) {
        sweep_replace(sweep, CLEAN_CONTROLS, at, size, (struct span){0});
    } else if (is_invisible(rune) || ((rune == 0x200C || rune == 0x200D) && !joins(sweep, at + size))) {
        sweep_replace(sweep, CLEAN_INVISIBLE, at, size, (struct span){0});
    } else if (is_bidi(rune)) {
        sweep_bidi(sweep, rune, at, size);
    } else if (is_ligature(rune)) {
        sweep_ligature(sweep, rune, at, size);
    } else if (is_full_width(rune) && !line_is_east_asian(sweep, at)) {
        char ascii = (char)(rune - 0xFEE0);
        sweep_replace(sweep, CLEAN_FULL_WIDTH, at, size, (struct span){&ascii, 1});
        sweep->before = rune;
    } else {
        sweep->before = rune;
    }
}

/* Runs that need no look: printable ASCII with line ends, letters that nothing above concerns. */
static bool is_plain(uint32_t rune) {
    return (rune >= 0xAE && rune < 0x34F) || (rune >= 0x370 && rune < 0x180E) || (rune >= 0x2E80 && rune < 0xD800);
}

static struct span sweep_text(struct span text, struct buffer *out, struct cleaning *cleaning) {
    struct sweep sweep = {.editor = {.text = text, .out = out}, .cleaning = cleaning};
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        size_t size = 1;
        if ((rune >= 0x20 && rune < 0x7F) || (rune == '\n' && sweep.depth == 0)) {
            sweep.before = rune;
            i++;
            continue;
        }
        if (rune >= 0x80)
            size = valid_next(text, i, &rune);
        if (is_plain(rune))
            sweep.before = rune;
        else
            sweep_rune(&sweep, rune, i, size);
        i += size;
    }
    close_bidi(&sweep, text.length);
    return editor_end(&sweep.editor);
}

/* Full_Composition_Exclusion of Unicode: NFC replaces these wherever they stand. */
static bool changes_alone(uint32_t rune) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x340, 0x344},   {0x374, 0x374},   {0x37E, 0x37E},     {0x387, 0x387},     {0x958, 0x95F},   {0x9DC, 0x9DD},
                  {0x9DF, 0x9DF},   {0xA33, 0xA36},   {0xA59, 0xA5B},     {0xA5E, 0xA5E},     {0xB5C, 0xB5D},   {0xF43, 0xF43},
                  {0xF4D, 0xF4D},   {0xF52, 0xF52},   {0xF57, 0xF57},     {0xF5C, 0xF5C},     {0xF69, 0xF69},   {0xF73, 0xF81},
                  {0xF93, 0xF93},   {0xF9D, 0xF9D},   {0xFA2, 0xFA2},     {0xFA7, 0xFA7},     {0xFAC, 0xFAC},   {0xFB9, 0xFB9},
                  {0x1F71, 0x1FFD}, {0x2000, 0x2001}, {0x2126, 0x2126},   {0x212A, 0x212B},   {0x2329, 0x232A}, {0x2ADC, 0x2ADC},
                  {0xF900, 0xFAD9}, {0xFB1D, 0xFB4E}, {0x1D15E, 0x1D1C0}, {0x2F800, 0x2FA1D}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && rune >= ranges[i].first; i++)
        if (rune <= ranges[i].last)
            return true;
    return false;
}

/* Whether it stands on the rune before, so that NFC may join or reorder them. */
static bool stands_on(uint32_t rune) {
    if (rune < 0x300 || (rune >= 0x370 && rune < 0x483) || (rune >= 0x3400 && rune < 0xA66F) || (rune >= 0xAC00 && rune < 0xFB1E))
        return false;
    if ((rune >= 0x1161 && rune <= 0x11C2) || rune == 0x102E)
        return true;
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)rune);
    return property->combining_class != 0 || property->category == UTF8PROC_CATEGORY_MC;
}

/* The letter at `at` with all that stands on it; *ret_end is its end. Marks past the limit are left out. */
static size_t compose(struct span text, size_t at, char ret_by[CLUSTER * 16], size_t *ret_end) {
    utf8proc_int32_t runes[CLUSTER * 4];
    uint32_t rune;
    size_t end = at + valid_next(text, at, &rune), taken = end, length = 0;
    for (size_t marks = 0; end < text.length; marks++) {
        size_t size = valid_next(text, end, &rune);
        if (!stands_on(rune))
            break;
        end += size;
        if (marks < CLUSTER - 2)
            taken = end;
    }
    utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
    utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)text.at + at, (utf8proc_ssize_t)(taken - at), runes,
                                                CLUSTER * 4, options);
    if (count > 0 && count <= CLUSTER * 4)
        count = utf8proc_normalize_utf32(runes, count, options);
    else
        count = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        length += text_put(ret_by + length, (uint32_t)runes[i]);
    *ret_end = end;
    return length;
}

static struct span compose_text(struct span text, struct buffer *out, struct cleaning *cleaning) {
    struct editor editor = {.text = text, .out = out};
    size_t before = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        if (rune < 0x80) {
            i = ascii_end(text, i);
            before = i - 1;
            continue;
        }
        size_t size = valid_next(text, i, &rune);
        bool on = stands_on(rune);
        if (!on && !changes_alone(rune)) {
            before = i;
            i += size;
            continue;
        }
        char by[CLUSTER * 16];
        size_t at = on && before >= editor.copied && before < i ? before : i, end;
        size_t length = compose(text, at, by, &end);
        if (length != end - at || memcmp(by, text.at + at, length) != 0)
            editor_replace(&editor, at, end - at, (struct span){by, length});
        before = i = end;
    }
    cleaning->count[CLEAN_NFC] += editor.edits;
    return editor_end(&editor);
}

/* Pairs that look the same, Latin then Cyrillic. */
static const struct {
    uint32_t latin, cyrillic;
} alike[] = {{'A', 0x410}, {'B', 0x412}, {'C', 0x421}, {'E', 0x415}, {'H', 0x41D}, {'I', 0x406}, {'J', 0x408}, {'K', 0x41A},
             {'M', 0x41C}, {'O', 0x41E}, {'P', 0x420}, {'S', 0x405}, {'T', 0x422}, {'X', 0x425}, {'Y', 0x423}, {'a', 0x430},
             {'c', 0x441}, {'e', 0x435}, {'i', 0x456}, {'j', 0x458}, {'o', 0x43E}, {'p', 0x440}, {'s', 0x455}, {'x', 0x445},
             {'y', 0x443}};

static uint32_t counterpart(uint32_t rune, bool to_cyrillic) {
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        if ((to_cyrillic ? alike[i].latin : alike[i].cyrillic) == rune)
            return to_cyrillic ? alike[i].cyrillic : alike[i].latin;
    return 0;
}

/* A mark stays with its letter: whether it composes must not decide where a word ends. */
static bool is_mark(uint32_t rune) {
    return rune >= 0x300 && rune < 0x370;
}

static bool is_word_letter(uint32_t rune) {
    enum script script = script_of(rune);
    return is_mark(rune) || script == SCRIPT_LATIN || script == SCRIPT_CYRILLIC;
}

/* Which way the word at [from, to) should go: 'c', 'l', or 0 to leave it. Only letters that have no counterpart tell
 * what it is, and they must be two at least and of one script. */
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
    if (latin == 0 || cyrillic == 0)
        return 0;
    return own_latin == 0 && own_cyrillic >= 2 ? 'c' : own_cyrillic == 0 && own_latin >= 2 ? 'l' : 0;
}

static void unmix_word(struct editor *editor, size_t from, size_t to) {
    char way = word_belongs(editor->text, from, to);
    for (uint32_t rune; way && from < to;) {
        size_t size = valid_next(editor->text, from, &rune);
        uint32_t other = counterpart(rune, way == 'c');
        char by[4];
        if (other)
            editor_replace(editor, from, size, (struct span){by, text_put(by, other)});
        from += size;
    }
}

/* Whether a first byte of U+0400 to U+04FF is there. */
static bool has_cyrillic(struct span text) {
    for (int byte = 0xD0; byte <= 0xD3; byte++)
        if (text.length > 0 && memchr(text.at, byte, text.length))
            return true;
    return false;
}

static struct span unmix_text(struct span text, struct buffer *out, struct cleaning *cleaning) {
    struct editor editor = {.text = text, .out = out};
    if (!has_cyrillic(text))
        return text;
    size_t word = 0;
    bool latin = false, cyrillic = false;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        size_t size = rune < 0x80 ? 1 : valid_next(text, i, &rune);
        if (is_word_letter(rune)) {
            cyrillic = cyrillic || script_of(rune) == SCRIPT_CYRILLIC;
            latin = latin || script_of(rune) == SCRIPT_LATIN;
        } else {
            if (latin && cyrillic)
                unmix_word(&editor, word, i);
            word = i + size;
            latin = cyrillic = false;
        }
        i += size;
    }
    if (latin && cyrillic)
        unmix_word(&editor, word, text.length);
    cleaning->count[CLEAN_LOOK_ALIKES] = editor.edits;
    return editor_end(&editor);
}

void clean_text(struct span text, struct buffer *out, struct cleaning *ret_cleaning) {
    struct buffer swept = BUFFER(out->limit), composed = BUFFER(out->limit), unmixed = BUFFER(out->limit), last = BUFFER(out->limit);
    *ret_cleaning = (struct cleaning){0};
    text = sweep_text(text, &swept, ret_cleaning);
    if (!is_ascii(text)) {
        text = compose_text(text, &composed, ret_cleaning);
        text = unmix_text(text, &unmixed, ret_cleaning);
    }
    if (ret_cleaning->count[CLEAN_LOOK_ALIKES] > 0)
        text = compose_text(text, &last, ret_cleaning);
    buffer_add_span(out, text);
    buffer_free(&last);
    buffer_free(&swept);
    buffer_free(&composed);
    buffer_free(&unmixed);
}
