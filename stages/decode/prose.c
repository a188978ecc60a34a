#include "stages/decode/prose.h"

#include <string.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/decode/compose.h"
#include "stages/decode/editor.h"
#include "stages/decode/look_alikes.h"
#include "stages/formats/entities.h"
#include "stages/language/scripts.h"

#define GROWTH 12 /* maximum output bytes per input byte: the longest ligature, U+FDFA, grows from 3 bytes to 33 */

enum prose_kind {
    PROSE_ENTITIES,
    PROSE_INVISIBLE,
    PROSE_SPACES,
    PROSE_LIGATURES,
    PROSE_FULL_WIDTH,
    PROSE_LOOK_ALIKES,
    PROSE_NFC,
    PROSE_KINDS
};

static const char *const names[PROSE_KINDS] = {"entities encoded twice",
                                               "invisible characters",
                                               "non-breaking spaces",
                                               "ligatures",
                                               "full-width forms",
                                               "look-alikes",
                                               "nfc"};

struct sweep {
    struct editor editor;
    size_t *counts;
    size_t line_known_to; /* end of the line to which `line_is_east_asian` applies */
    bool line_is_east_asian;
    uint32_t before; /* the last code point that was not removed */
};

static void sweep_replace(struct sweep *sweep, enum prose_kind kind, size_t at, size_t length, struct span by) {
    editor_replace(&sweep->editor, at, length, by);
    sweep->counts[kind]++;
}

/* Returns whether the character is invisible. This includes C1 controls: those that stood for letters were repaired
 * earlier. */
static bool is_invisible(uint32_t rune) {
    return (rune >= 0x80 && rune < 0xA0) || rune == 0xAD || rune == 0x200B || rune == 0x2060 || rune == 0xFEFF ||
           rune == 0x180E || rune == 0x034F;
}

/* Returns whether a joiner next to this character has a meaning, as in Arabic and Indic words and in emoji. */
static bool takes_joiner(uint32_t rune) {
    return (rune >= 0x600 && rune < 0x1100) || (rune >= 0x1780 && rune < 0x18B0) || (rune >= 0x2600 && rune < 0x2800) ||
           (rune >= 0xA800 && rune < 0xAC00) || rune == 0xFE0F || (rune >= 0x1F000 && rune < 0x1FB00);
}

/* Returns whether both neighbours of a joiner belong to a script that uses joiners. */
static bool joins(const struct sweep *sweep, size_t next) {
    uint32_t after = ' ';
    if (next < sweep->editor.text.length) valid_next(sweep->editor.text, next, &after);
    return takes_joiner(sweep->before) && takes_joiner(after);
}

/* Returns whether the line is East Asian text. The answer is kept for the whole line, so that the time stays linear. */
static bool line_is_east_asian(struct sweep *sweep, size_t at) {
    struct span text = sweep->editor.text;
    if (at < sweep->line_known_to) return sweep->line_is_east_asian;
    size_t from = at, to = at;
    while (from > 0 && text.at[from - 1] != '\n') from--;
    while (to < text.length && text.at[to] != '\n') to++;
    sweep->line_known_to = to;
    sweep->line_is_east_asian = false;
    for (uint32_t rune; from < to && !sweep->line_is_east_asian;) {
        from += valid_next(text, from, &rune);
        sweep->line_is_east_asian =
            script_of(rune) == SCRIPT_HAN || script_of(rune) == SCRIPT_KANA || script_of(rune) == SCRIPT_HANGUL;
    }
    return sweep->line_is_east_asian;
}

static bool is_full_width(uint32_t rune) {
    return (rune >= 0xFF10 && rune <= 0xFF19) || (rune >= 0xFF21 && rune <= 0xFF3A) ||
           (rune >= 0xFF41 && rune <= 0xFF5A);
}

/* Returns whether this is a Latin or Armenian ligature or an Arabic presentation form. Dictionaries do not contain
 * these. */
static bool is_ligature(uint32_t rune) {
    return (rune >= 0xFB00 && rune <= 0xFB17) || (rune >= 0xFB50 && rune <= 0xFBB1) ||
           (rune >= 0xFBD3 && rune <= 0xFD3D) || (rune >= 0xFD50 && rune <= 0xFDC7) ||
           (rune >= 0xFE80 && rune <= 0xFEFC);
}

/* Replaces a ligature with its letters, if Unicode defines a decomposition. */
static void sweep_ligature(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    utf8proc_int32_t parts[8];
    int boundary = 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE, &boundary);
    char by[32];
    size_t length = 0;
    if (count <= 0 || count > 8 || (count == 1 && (uint32_t)parts[0] == rune)) return;
    for (utf8proc_ssize_t i = 0; i < count; i++) length += text_put(by + length, (uint32_t)parts[i]);
    sweep_replace(sweep, PROSE_LIGATURES, at, size, (struct span){by, length});
    sweep->before = (uint32_t)parts[count - 1];
}

static bool is_non_breaking(uint32_t rune) {
    return rune == 0xA0 || rune == 0x2007 || rune == 0x202F;
}

static void sweep_rune(struct sweep *sweep, uint32_t rune, size_t at, size_t size) {
    if (is_invisible(rune) || ((rune == 0x200C || rune == 0x200D) && !joins(sweep, at + size))) {
        sweep_replace(sweep, PROSE_INVISIBLE, at, size, (struct span){0});
        return;
    }
    sweep->before = rune;
    if (is_non_breaking(rune)) {
        sweep_replace(sweep, PROSE_SPACES, at, size, SPAN(" "));
    } else if (is_ligature(rune)) {
        sweep_ligature(sweep, rune, at, size);
    } else if (is_full_width(rune) && !line_is_east_asian(sweep, at)) {
        char ascii = (char)(rune - 0xFEE0);
        sweep_replace(sweep, PROSE_FULL_WIDTH, at, size, (struct span){&ascii, 1});
    }
}

static struct span sweep_text(struct span text, struct buffer *out, size_t counts[PROSE_KINDS]) {
    struct sweep sweep = {.editor = {.text = text, .out = out}, .counts = counts, .before = ' '};
    for (size_t i = ascii_end(text, 0); i < text.length; i = ascii_end(text, i)) {
        uint32_t rune;
        if (i > 0 && (unsigned char)text.at[i - 1] < 0x80) sweep.before = (unsigned char)text.at[i - 1];
        size_t size = valid_next(text, i, &rune);
        sweep_rune(&sweep, rune, i, size);
        i += size;
    }
    return editor_end(&sweep.editor);
}

/* Returns the size of the character reference at `at`, and the character that it stands for, even if it was encoded
 * several times ("&amp;amp;quot;"). Returns 0 if there is no reference, or if it stands for an invisible character. */
static size_t reference_at(struct span text, size_t at, uint32_t *ret_rune) {
    size_t end = at, size;
    uint32_t rune, last = '&';
    while (last == '&' && (size = entity_read(text, end > at ? end - 1 : at, &rune)) > 0) {
        end += end > at ? size - 1 : size;
        last = rune;
    }
    *ret_rune = last;
    return last >= 0x20 && (last < 0x7F || last >= 0xA0) && last != RUNE_INVALID ? end - at : 0;
}

/* Decodes entities that a page has encoded twice, which readers would see as entities. A text that also shows tags is
 * about HTML and is left alone. */
static struct span decode_entities(struct span text, struct buffer *out, size_t *places) {
    struct editor editor = {.text = text, .out = out};
    if (span_find(text, SPAN("<")) != SIZE_MAX) return text;
    for (size_t i = 0, size; i < text.length; i += size) {
        uint32_t rune;
        char by[4];
        size = 1;
        const char *next = memchr(text.at + i, '&', text.length - i);
        if (!next) break;
        i = (size_t)(next - text.at);
        size_t length = reference_at(text, i, &rune);
        if (!length) continue;
        editor_replace(&editor, i, length, (struct span){by, text_put(by, rune)});
        size = length;
    }
    *places += editor.edits;
    return editor_end(&editor);
}

/* Applies all changes to a text. The order matters: entities may decode to characters that later steps replace. */
static void prose_text(struct span text, struct buffer *out, size_t counts[PROSE_KINDS]) {
    size_t limit = out->limit;
    struct buffer decoded = BUFFER(limit), swept = BUFFER(limit), unmixed = BUFFER(limit), composed = BUFFER(limit);
    text = decode_entities(text, &decoded, &counts[PROSE_ENTITIES]);
    if (!is_ascii(text)) {
        text = sweep_text(text, &swept, counts);
        text = look_alikes_text(text, &unmixed, &counts[PROSE_LOOK_ALIKES]);
        text = compose_text(text, &composed, &counts[PROSE_NFC]);
    }
    buffer_add_span(out, text);
    buffer_free(&decoded);
    buffer_free(&swept);
    buffer_free(&unmixed);
    buffer_free(&composed);
}

/* Cleans a text, which is copied only if something in it changes. */
static void clean_span(struct article *article, struct span *text, size_t counts[PROSE_KINDS]) {
    struct buffer out = BUFFER(text->length * GROWTH + 64);
    size_t before = 0, after = 0;
    for (int kind = 0; kind < PROSE_KINDS; kind++) before += counts[kind];
    prose_text(*text, &out, counts);
    for (int kind = 0; kind < PROSE_KINDS; kind++) after += counts[kind];
    if (after > before) *text = arena_copy(article->arena, buffer_span(&out));
    buffer_free(&out);
}

void prose_clean(struct article *article) {
    size_t counts[PROSE_KINDS] = {0};
    clean_span(article, &article->title.source, counts);
    clean_span(article, &article->section, counts);
    clean_span(article, &article->site, counts);
    for (size_t i = 0; i < article->author_count; i++) clean_span(article, &article->authors[i], counts);
    for (size_t i = 0; i < article->block_count; i++) clean_span(article, &article->body[i].text, counts);
    for (int kind = 0; kind < PROSE_KINDS; kind++)
        if (counts[kind] > 0) article_add_repair(article, names[kind], counts[kind], 0);
}
