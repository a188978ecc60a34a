#include "stages/decode/repair.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/decode/plausible.h"
#include "stages/decode/scripts.h"

#define LEVELS 3
#define SAMPLE ((size_t)2048) /* of a line, by which it is judged */
#define SLOTS 4096            /* over twice the runes that all single-byte encodings have */
#define LINE_LIMIT ((size_t)1 << 20) /* a longer line is judged, and repaired, by pieces of this size */
#define CLEARLY 0.25                 /* better by this, a character beyond ASCII */
#define FEW 4                        /* so few characters beyond ASCII may be chance */
#define LEGACY_RUNES 8               /* fewer characters beyond ASCII do not tell one legacy encoding from another */
#define LEGACY_BAD 0.45
#define LEGACY_GOOD 0.95

struct pair {
    uint32_t rune;
    unsigned char byte;
};

struct reader {
    const struct encoding_entry *encoding;
    struct pair pairs[128]; /* by rune */
    size_t count;
};

/* In which readers a rune is a first byte of UTF-8, a following one, or any byte: one bit a reader. */
struct slot {
    uint32_t rune; /* 0: free */
    uint64_t first, following, any;
};

struct repairer {
    struct slot slots[SLOTS];
    uint64_t misreaders;
    const struct encodings *encodings;
    struct reader *readers; /* the single-byte encodings, in the table's order */
    size_t count;
};

static int compare_pairs(const void *a, const void *b) {
    const struct pair *left = a, *right = b;
    return left->rune < right->rune ? -1 : left->rune > right->rune;
}

static void fill_reader(struct reader *reader, const struct encoding_entry *encoding) {
    reader->encoding = encoding;
    for (unsigned i = 0; i < 128; i++)
        if (encoding->high[i] != RUNE_INVALID)
            reader->pairs[reader->count++] = (struct pair){encoding->high[i], (unsigned char)(0x80 + i)};
    qsort(reader->pairs, reader->count, sizeof *reader->pairs, compare_pairs);
}

/* How many bytes of UTF-8 follow this first byte; -1 when none starts so. */
static int followers(int byte) {
    return byte < 0x80 ? 0 : byte < 0xC2 ? -1 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : -1;
}

static bool is_misreader(const struct encoding_entry *encoding) {
    return strcmp(encoding->name, "windows-1252") == 0 || strcmp(encoding->name, "windows-1251") == 0
           || strcmp(encoding->name, "koi8-r") == 0;
}

static size_t slot_of(const struct repairer *repairer, uint32_t rune) {
    size_t i = rune * 2654435761u % SLOTS;
    while (repairer->slots[i].rune && repairer->slots[i].rune != rune)
        i = (i + 1) % SLOTS;
    return i;
}

static void add_slots(struct repairer *repairer, size_t number) {
    const struct reader *reader = &repairer->readers[number];
    uint64_t bit = UINT64_C(1) << number;
    for (unsigned byte = 0x80; byte <= 0xFF; byte++) {
        uint32_t rune = reader->encoding->high[byte - 0x80];
        if (rune == RUNE_INVALID && byte < 0xA0)
            rune = byte;
        struct slot *slot = &repairer->slots[slot_of(repairer, rune)];
        slot->rune = rune;
        slot->any |= bit;
        if (followers((int)byte) > 0)
            slot->first |= bit;
        else if (byte < 0xC0)
            slot->following |= bit;
    }
    if (is_misreader(reader->encoding))
        repairer->misreaders |= bit;
}

struct repairer *repairer_new(const struct encodings *encodings) {
    struct repairer *repairer = memory_take(sizeof *repairer);
    repairer->encodings = encodings;
    repairer->readers = memory_take(encodings->count * sizeof *repairer->readers);
    for (size_t i = 0; i < encodings->count && repairer->count < 64; i++)
        if (encodings->at[i].codec == CODEC_SINGLE) {
            fill_reader(&repairer->readers[repairer->count], &encodings->at[i]);
            add_slots(repairer, repairer->count++);
        }
    return repairer;
}

void repairer_free(struct repairer *repairer) {
    if (repairer)
        free(repairer->readers);
    free(repairer);
}

/* The byte that the encoding has for the rune, or -1; a C1 control stands for a byte that the encoding lacks, as it comes
 * from decoders that never fail. */
static int byte_of(const struct reader *reader, uint32_t rune) {
    size_t low = 0, high = reader->count;
    if (rune < 0x80)
        return (int)rune;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (reader->pairs[middle].rune < rune)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < reader->count && reader->pairs[low].rune == rune)
        return reader->pairs[low].byte;
    return rune >= 0x80 && rune < 0xA0 && reader->encoding->high[rune - 0x80] == RUNE_INVALID ? (int)rune : -1;
}

/* Undoes "UTF-8 read by this reader" on the whole line; false as soon as the bytes are no UTF-8. */
static bool reread_as_utf8(const struct reader *reader, struct span line, struct buffer *bytes) {
    int open = 0;
    buffer_clear(bytes);
    for (size_t i = 0; i < line.length;) {
        uint32_t rune = (unsigned char)line.at[i];
        i += rune < 0x80 ? 1 : valid_next(line, i, &rune);
        int byte = byte_of(reader, rune);
        bool follows = byte >= 0x80 && byte < 0xC0;
        if (byte < 0 || follows != (open > 0))
            return false;
        open = follows ? open - 1 : followers(byte);
        if (open < 0)
            return false;
        buffer_add(bytes, &(char){(char)byte}, 1);
    }
    return open == 0 && !is_ascii(line) && text_valid(buffer_span(bytes));
}

static size_t runes_beyond_ascii(struct span text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.at[i] & 0xC0) == 0xC0;
    return count;
}

static double quality(struct span text) {
    text = text_clip(text, SAMPLE);
    size_t count = runes_beyond_ascii(text);
    return count ? plausible_score(text) / (double)count : 0;
}

struct candidate {
    const struct reader *reader;
    const struct encoding_entry *truth;
    size_t levels;
    double quality;
    struct buffer text;
};

static void take_if_better(struct candidate *best, const struct reader *reader, const struct encoding_entry *truth, size_t levels,
                           struct span text) {
    double value = quality(text);
    if (best->reader && value <= best->quality)
        return;
    best->reader = reader;
    best->truth = truth;
    best->levels = levels;
    best->quality = value;
    buffer_clear(&best->text);
    buffer_add_span(&best->text, text);
}

/* A text misread twice looks no better after one step back, so all steps are gone before they are compared. */
static void try_levels(const struct reader *reader, const struct encoding_entry *utf8, struct span line, struct candidate *best) {
    struct buffer bytes[2] = {BUFFER(LINE_LIMIT * 4), BUFFER(LINE_LIMIT * 4)};
    for (size_t level = 1; level <= LEVELS; level++) {
        struct buffer *next = &bytes[level % 2];
        if (!reread_as_utf8(reader, line, next))
            break;
        line = buffer_span(next);
        take_if_better(best, reader, utf8, level, line);
    }
    buffer_free(&bytes[0]);
    buffer_free(&bytes[1]);
}

static bool is_upper(uint32_t rune) {
    return utf8proc_tolower((utf8proc_int32_t)rune) != (utf8proc_int32_t)rune;
}

/* Whether a repaired letter fits between its neighbours: Latin, a capital at a letter, no small letter
 * after two capitals. */
static bool letter_fits(const uint32_t before[2], uint32_t rune, uint32_t after) {
    enum script script = script_of(rune);
    if (script == SCRIPT_NONE)
        return true;
    if (script != SCRIPT_LATIN)
        return false;
    bool beside = script_of(before[0]) == SCRIPT_LATIN || script_of(after) == SCRIPT_LATIN;
    return is_upper(rune) ? beside : !(is_upper(before[0]) && is_upper(before[1]));
}

/* Pairs of capitals in a word of capitals are what they are, not mojibake. */
static bool is_all_capitals(struct span line) {
    uint32_t before = ' ', rune;
    for (size_t i = 0; i < line.length; before = rune) {
        i += valid_next(line, i, &rune);
        bool lower_before = script_of(before) == SCRIPT_LATIN && !is_upper(before);
        if (rune >= 0x80 && (lower_before || script_of(rune) != SCRIPT_LATIN || !is_upper(rune)))
            return false;
    }
    return true;
}

/* With only one or two places to judge by, what comes out must fit where it stands. */
static bool fits(struct span line, struct span repaired) {
    uint32_t before[2] = {' ', ' '}, rune, after;
    if (runes_beyond_ascii(line) > FEW)
        return true;
    for (size_t i = 0; i < repaired.length; before[1] = before[0], before[0] = rune) {
        i += valid_next(repaired, i, &rune);
        after = ' ';
        if (i < repaired.length)
            valid_next(repaired, i, &after);
        if (rune >= 0x80 && !letter_fits(before, rune, after))
            return false;
    }
    return !is_all_capitals(line);
}

/* The readers that the first character beyond ASCII and the one after it allow: seldom any in clean text. */
static uint64_t possible_readers(const struct repairer *repairer, struct span line) {
    uint32_t first, second = ' ';
    size_t at = ascii_end(line, 0), size = at < line.length ? valid_next(line, at, &first) : 0;
    if (size == 0 || at + size >= line.length)
        return 0;
    valid_next(line, at + size, &second);
    return repairer->slots[slot_of(repairer, first)].first & repairer->slots[slot_of(repairer, second)].following;
}

static bool find_utf8(const struct repairer *repairer, struct span line, struct candidate *best) {
    uint64_t possible = possible_readers(repairer, line);
    if (!possible)
        return false;
    const struct encoding_entry *utf8 = encodings_find(repairer->encodings, SPAN("utf-8"));
    for (size_t i = 0; i < repairer->count; i++)
        if (possible >> i & 1)
            try_levels(&repairer->readers[i], utf8, line, best);
    return best->reader && best->quality > quality(line) + CLEARLY && fits(line, buffer_span(&best->text));
}

static bool encode_line(const struct reader *reader, struct span line, struct buffer *bytes) {
    buffer_clear(bytes);
    for (size_t i = 0; i < line.length;) {
        uint32_t rune;
        i += valid_next(line, i, &rune);
        int byte = byte_of(reader, rune);
        if (byte < 0)
            return false;
        buffer_add(bytes, &(char){(char)byte}, 1);
    }
    return true;
}

static void try_truths(const struct repairer *repairer, const struct reader *reader, struct span bytes, struct candidate *best) {
    for (size_t i = 0; i < repairer->encodings->count; i++) {
        const struct encoding_entry *truth = &repairer->encodings->at[i];
        if (truth == reader->encoding || truth->only_by_label || (truth->codec != CODEC_SINGLE && truth->codec != CODEC_MULTI))
            continue;
        struct buffer text = BUFFER(LINE_LIMIT * 4);
        if (encoding_convert(truth, bytes, &text) == 0)
            take_if_better(best, reader, truth, 1, buffer_span(&text));
        buffer_free(&text);
    }
}

static bool possible_misreaders(const struct repairer *repairer, struct span text) {
    uint64_t possible = repairer->misreaders;
    for (size_t i = ascii_end(text, 0); i < text.length && possible; i = ascii_end(text, i)) {
        uint32_t rune;
        i += valid_next(text, i, &rune);
        possible &= repairer->slots[slot_of(repairer, rune)].any;
    }
    return possible != 0;
}

static bool find_legacy(const struct repairer *repairer, struct span line, struct candidate *best) {
    struct buffer bytes = BUFFER(LINE_LIMIT * 4);
    struct span sample = text_clip(line, SAMPLE);
    if (runes_beyond_ascii(sample) < LEGACY_RUNES || !possible_misreaders(repairer, sample) || quality(sample) > LEGACY_BAD)
        return false;
    for (size_t i = 0; i < repairer->count; i++)
        if ((repairer->misreaders >> i & 1) && encode_line(&repairer->readers[i], sample, &bytes))
            try_truths(repairer, &repairer->readers[i], buffer_span(&bytes), best);
    bool found = best->reader && best->quality > LEGACY_GOOD && encode_line(best->reader, line, &bytes);
    if (found) {
        buffer_clear(&best->text);
        found = encoding_convert(best->truth, buffer_span(&bytes), &best->text) == 0;
    }
    buffer_free(&bytes);
    return found;
}

static void record_repair(struct article *article, const struct candidate *best, size_t number) {
    struct buffer kind = BUFFER(128);
    buffer_print(&kind, "mojibake %s as %s", best->truth->name, best->reader->encoding->name);
    if (best->levels > 1)
        buffer_print(&kind, " %zu times", best->levels);
    for (size_t i = 0; i < article->encoding.repair_count; i++)
        if (span_is(article->encoding.repairs[i].kind, kind.at)) {
            article->encoding.repairs[i].count++;
            buffer_free(&kind);
            return;
        }
    article_add_repair(article, kind.at, 1, number);
    buffer_free(&kind);
}

static void repair_line(const struct repairer *repairer, struct span line, size_t number, struct article *article,
                        struct buffer *out) {
    struct buffer held = BUFFER(LINE_LIMIT * 4);
    for (int level = 0; level < LEVELS && !is_ascii(line); level++) {
        struct candidate best = {.text = BUFFER(LINE_LIMIT * 4)};
        bool found = find_utf8(repairer, line, &best);
        if (!found && level == 0) {
            best.reader = NULL;
            found = find_legacy(repairer, line, &best);
        }
        if (found) {
            record_repair(article, &best, number);
            buffer_clear(&held);
            buffer_add_span(&held, buffer_span(&best.text));
            line = buffer_span(&held);
        }
        buffer_free(&best.text);
        if (!found)
            break;
    }
    buffer_add_span(out, line);
    buffer_free(&held);
}

void repair_text(const struct repairer *repairer, struct span text, struct article *article, struct buffer *out) {
    if (is_ascii(text)) {
        buffer_add_span(out, text);
        return;
    }
    for (size_t from = 0, number = 1; from < text.length; number++) {
        const char *end = memchr(text.at + from, '\n', text.length - from);
        size_t to = end ? (size_t)(end - text.at) + 1 : text.length;
        struct span line = text_clip(span_cut(text, from, to), LINE_LIMIT);
        repair_line(repairer, line, number, article, out);
        from += line.length;
    }
}
