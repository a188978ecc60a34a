#include "stages/decode/misdecoders.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/ascii.h"
#include "stages/language/scripts.h"

enum { PROVEN = 64 };  /* maximum number of sequences that misdecoders_try() judges (see proof.h) */
enum { SLOTS = 1024 }; /* greater than the number of different code points in all single-byte encodings */

/* A code point, with three sets of misdecoders: those that can produce it, and those for which its byte begins or
 * continues a UTF-8 sequence. `bytes` holds its byte in each misdecoder. */
struct slot {
    uint64_t any, first, following;
    unsigned char bytes[MISDECODERS];
};

struct misdecoders {
    const struct encoding_entry *encodings[MISDECODERS];
    size_t count, slot_count;
    uint64_t boxes; /* misdecoders that contain box-drawing characters; they turn most bytes of UTF-8 into these */
    uint16_t numbers[0x10000]; /* for each code point, the index of its slot, or 0 if no misdecoder contains it */
    struct slot slots[SLOTS];
};

/* Returns how many bytes follow this first byte of a UTF-8 sequence, or -1 if it cannot be one. */
static int followers(int byte) {
    return byte < 0xC2 ? -1 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : -1;
}

static bool is_box(uint32_t rune) {
    return rune >= 0x2500 && rune < 0x25A0;
}

/* Stores that a misdecoder decodes `byte` to `rune`. If several bytes decode to the same rune, the first is kept. */
static void add_byte(struct misdecoders *misdecoders, size_t misdecoder, uint32_t rune, int byte) {
    if (rune >= 0x10000 || rune == RUNE_INVALID || (!misdecoders->numbers[rune] && misdecoders->slot_count == SLOTS))
        return;
    if (!misdecoders->numbers[rune]) misdecoders->numbers[rune] = (uint16_t)misdecoders->slot_count++;
    struct slot *slot = &misdecoders->slots[misdecoders->numbers[rune]];
    uint64_t bit = UINT64_C(1) << misdecoder;
    if (slot->any & bit) return;
    slot->any |= bit;
    slot->bytes[misdecoder] = (unsigned char)byte;
    if (followers(byte) > 0)
        slot->first |= bit;
    else if (byte < 0xC0)
        slot->following |= bit;
    if (is_box(rune)) misdecoders->boxes |= bit;
}

struct misdecoders *misdecoders_new(const struct encodings *encodings) {
    struct misdecoders *misdecoders = memory_take(sizeof *misdecoders);
    misdecoders->slot_count = 1;
    for (size_t i = 0; i < encodings->count && misdecoders->count < MISDECODERS; i++) {
        if (encodings->at[i].codec != CODEC_SINGLE) continue;
        misdecoders->encodings[misdecoders->count] = &encodings->at[i];
        for (int byte = 0x80; byte < 0x100; byte++)
            add_byte(misdecoders, misdecoders->count, encodings->at[i].high[byte - 0x80], byte);
        for (int byte = 0x80; byte < 0xA0; byte++) add_byte(misdecoders, misdecoders->count, (uint32_t)byte, byte);
        misdecoders->count++;
    }
    return misdecoders;
}

void misdecoders_free(struct misdecoders *misdecoders) {
    free(misdecoders);
}
size_t misdecoders_count(const struct misdecoders *misdecoders) {
    return misdecoders->count;
}
const struct encoding_entry *misdecoders_encoding(const struct misdecoders *misdecoders, size_t misdecoder) {
    return misdecoders->encodings[misdecoder];
}

static const struct slot *slot_of(const struct misdecoders *misdecoders, uint32_t rune) {
    return &misdecoders->slots[rune < 0x10000 ? misdecoders->numbers[rune] : 0];
}

uint64_t misdecoders_of_all(const struct misdecoders *misdecoders, struct span text) {
    uint64_t all = ~UINT64_C(0);
    for (size_t i = ascii_end(text, 0); i < text.length && all; i = ascii_end(text, i)) {
        uint32_t rune;
        i += valid_next(text, i, &rune);
        all &= slot_of(misdecoders, rune)->any;
    }
    return all;
}

uint64_t misdecoders_of_utf8(const struct misdecoders *misdecoders, struct span text, bool *ret_full) {
    /* misdecoders for which the previous code point is the first byte of a sequence, and for which it is the byte C3 */
    uint64_t possible = 0, before = 0, a_grave = 0;
    size_t runes = 0, pairs = 0, pairs_without = 0; /* pairs_without: pairs that fit a misdecoder not in `boxes` */
    bool box = false;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        if (rune < 0x80) {
            if (rune == ' ') possible |= a_grave;
            before = a_grave = 0;
            i = ascii_end(text, i + 1);
            continue;
        }
        i += valid_next(text, i, &rune);
        const struct slot *slot = slot_of(misdecoders, rune);
        uint64_t both = before & (rune == RUNE_INVALID ? ~UINT64_C(0) : slot->following);
        possible |= both;
        pairs += both != 0;
        pairs_without += (both & ~misdecoders->boxes) != 0;
        runes++;
        before = slot->first;
        a_grave = rune == 0xC3 || rune == 0x413 ? before : 0;
        box = box || is_box(rune);
    }
    *ret_full = (box ? pairs : pairs_without) * 10 >= runes * 3;
    return box ? possible : possible & ~misdecoders->boxes;
}

bool misdecoders_encode(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                        struct buffer *bytes) {
    char piece[1024];
    size_t length = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += valid_next(text, i, &rune);
        const struct slot *slot = slot_of(misdecoders, rune);
        if (rune >= 0x80 && !(slot->any >> misdecoder & 1)) return false;
        piece[length++] = (char)(rune < 0x80 ? rune : slot->bytes[misdecoder]);
        if (length == sizeof piece || i == text.length) {
            if (!buffer_add(bytes, piece, length)) return false;
            length = 0;
        }
    }
    return true;
}

/* A UTF-8 sequence whose bytes are being recovered. */
struct sequence {
    char bytes[4];
    size_t length, end; /* number of bytes read so far; position in the text after the last of them */
    bool lost, spaced;  /* lost: a byte is missing; spaced: the last byte, a non-breaking space, has become a space */
};

/* Adds the byte of the character at `end` to the sequence. `last` is true for the last byte of the sequence. */
static inline bool take_byte(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                             struct sequence *sequence, bool last) {
    uint32_t rune;
    if (sequence->end >= text.length) return false;
    size_t size = valid_next(text, sequence->end, &rune);
    const struct slot *slot = slot_of(misdecoders, rune);
    if (slot->following >> misdecoder & 1)
        sequence->bytes[sequence->length] = (char)slot->bytes[misdecoder];
    else if (rune == ' ' && last)
        sequence->bytes[sequence->length] = '\xA0', sequence->spaced = true;
    else if (rune == RUNE_INVALID || (rune == '?' && sequence->length > 1))
        sequence->lost = true;
    else
        return false;
    sequence->length++;
    sequence->end += size;
    return true;
}

/* The parameters of undo(). */
struct undoing {
    const struct misdecoders *misdecoders;
    const struct spacing *spacing;
    size_t misdecoder;
    size_t proven; /* maximum number of sequences that are judged (see proof.h) */
};

/* "Ã " may be a misread "à" whose second byte, a non-breaking space, has become a space. If that space also separates
 * two words, ends the sequence before it, so that the space is kept. */
static void keep_space(const struct undoing *undoing, struct span text, struct sequence *sequence) {
    struct span rest = span_cut(text, sequence->end, text.length), letter = {sequence->bytes, sequence->length};
    bool another = rest.length > 0 && rest.at[0] == ' ';
    if (sequence->spaced && sequence->bytes[0] == '\xC3' && !another && !spacing_joins(undoing->spacing, letter, rest))
        sequence->end--;
}

/* Reads the first byte of a sequence and all following bytes that it requires. */
static inline bool take_bytes(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                              struct sequence *sequence) {
    uint32_t rune;
    sequence->length = 1;
    sequence->end += valid_next(text, sequence->end, &rune);
    const struct slot *slot = slot_of(misdecoders, rune);
    if (!(slot->first >> misdecoder & 1)) return false;
    sequence->bytes[0] = (char)slot->bytes[misdecoder];
    for (int left = followers(slot->bytes[misdecoder]); left > 0; left--)
        if (!take_byte(misdecoders, misdecoder, text, sequence, left == 1)) return false;
    return true;
}

/* Returns the surrogate that the three bytes encode (invalid in UTF-8), relative to `base`, or -1 if they do not encode
 * a surrogate of that kind. */
static int surrogate_of(const struct sequence *sequence, unsigned base) {
    unsigned char middle = (unsigned char)sequence->bytes[1], last = (unsigned char)sequence->bytes[2];
    int unit = 0xD000 | (middle & 0x3F) << 6 | (last & 0x3F);
    bool good = sequence->length == 3 && sequence->bytes[0] == '\xED' && !sequence->lost;
    return good && (unit & 0xFC00) == (int)base ? unit & 0x3FF : -1;
}

/* Combines two surrogates, each encoded in three bytes, into one character. Old databases encode characters above
 * U+FFFF in this way (CESU-8). */
static bool join_surrogates(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                            struct sequence *sequence) {
    struct sequence second = {.end = sequence->end};
    int high = surrogate_of(sequence, 0xD800);
    if (high < 0 || second.end >= text.length || !take_bytes(misdecoders, misdecoder, text, &second)) return false;
    int low = surrogate_of(&second, 0xDC00);
    if (low < 0) return false;
    sequence->length = text_put(sequence->bytes, 0x10000 + ((uint32_t)high << 10 | (uint32_t)low));
    sequence->end = second.end;
    return true;
}

/* Reads the sequence whose first byte is the character at `at`. Returns false if there is none. */
static bool read_sequence(const struct undoing *undoing, struct span text, size_t at, struct sequence *ret_sequence) {
    uint32_t rune;
    struct sequence sequence = {.end = at};
    if (!take_bytes(undoing->misdecoders, undoing->misdecoder, text, &sequence)) return false;
    struct span bytes = {sequence.bytes, sequence.length};
    bool good = bytes.length == 2 || sequence.lost || text_next(bytes, 0, &rune) == bytes.length;
    if (!good && !join_surrogates(undoing->misdecoders, undoing->misdecoder, text, &sequence)) return false;
    keep_space(undoing, text, &sequence);
    *ret_sequence = sequence;
    return true;
}

/* Returns the first of the next three characters from `at` on that is not a space, or ' ' if all are spaces. */
static uint32_t next_letter(struct span text, size_t at) {
    uint32_t rune = ' ';
    for (size_t i = 0; i < 3 && at < text.length && (rune == ' ' || rune == 0xA0); i++)
        at += valid_next(text, at, &rune);
    return rune;
}

/* Sets the fields of `seen` for the characters of the sequence at `at` and those after it. */
static void fill_case(struct span text, size_t at, const struct sequence *sequence, struct proof_case *seen) {
    seen->after = ' ';
    seen->length = 0;
    seen->control = false;
    for (size_t i = at; i < sequence->end || i == at; seen->length++) {
        i += valid_next(text, i, &seen->last);
        if (seen->length == 0) seen->first = seen->last;
        seen->control = seen->control || (seen->last >= 0x80 && seen->last < 0xA0);
    }
    if (sequence->spaced) seen->last = ' ';
    if (sequence->spaced && seen->length < 2) seen->length = 2;
    if (sequence->end < text.length) valid_next(text, sequence->end, &seen->after);
    seen->next = next_letter(text, sequence->end);
}

static void add_sequence(const struct sequence *sequence, struct buffer *out) {
    if (sequence->lost)
        buffer_add_rune(out, RUNE_INVALID);
    else
        buffer_add(out, sequence->bytes, sequence->length);
}

/* Updates the fields of `at` that describe the text before the next sequence, after reading the character. */
static inline void pass(struct proof_case *at, uint32_t rune) {
    at->before = rune;
    if (rune != ' ' && rune != 0xA0) at->previous = rune;
}

/* Does what pass() does, for a run of ASCII characters. */
static void pass_ascii(struct proof_case *at, struct span text, size_t from, size_t to) {
    for (size_t i = to > from + 2 ? to - 2 : from; i < to; i++)
        pass(at, (unsigned char)text.at[i]); /* later code looks only at the last two characters */
}

/* Returns whether the characters of the sequence may be intended and not misread. That is possible only if the sequence
 * decodes to a letter of another script in the middle of Latin text. */
static bool may_be_accident(const struct proof_case *seen) {
    return script_of(seen->result) > SCRIPT_LATIN && script_of(seen->before) <= SCRIPT_LATIN;
}

/* Counts the sequence and, if it is one of the first `proven`, its value as evidence. Returns false, without counting
 * it, if its characters were probably intended and must be left alone. */
static inline bool count_sequence(struct span text, size_t at, const struct sequence *sequence, size_t proven,
                                  struct proof_case *seen, struct undone *undone) {
    seen->result = 0;
    if (!sequence->lost) valid_next((struct span){sequence->bytes, sequence->length}, 0, &seen->result);
    bool first = undone->sequences < proven, doubtful = may_be_accident(seen);
    if (first || doubtful) fill_case(text, at, sequence, seen);
    if (doubtful && proof_is_accident(seen)) return false;
    if (first) undone->proofs[proof_of(seen)]++;
    undone->sequences++;
    undone->lost += sequence->lost;
    undone->replaced += seen->result == RUNE_INVALID;
    pass(seen, first && is_box(seen->first) ? seen->last : seen->result);
    return true;
}

/* Copies the character at `at` unchanged. Returns its size. */
static size_t leave_rune(struct span text, size_t at, struct proof_case *seen, struct undone *undone,
                         struct buffer *out) {
    uint32_t rune;
    size_t size = valid_next(text, at, &rune);
    buffer_add(out, text.at + at, size);
    *(rune < 0xA0 ? &undone->controls : &undone->left) += 1;
    pass(seen, rune);
    return size;
}

/* Makes one pass over the text: converts every sequence and copies everything else. */
static struct undone undo(const struct undoing *undoing, struct span text, struct buffer *out) {
    struct undone undone = {0};
    struct proof_case seen = {.before = ' ', .previous = ' '};
    for (size_t i = 0, from = 0; i < text.length; from = i) {
        struct sequence sequence;
        i = ascii_end(text, i);
        buffer_add(out, text.at + from, i - from);
        pass_ascii(&seen, text, from, i);
        if (i >= text.length) break;
        if (read_sequence(undoing, text, i, &sequence) &&
            count_sequence(text, i, &sequence, undoing->proven, &seen, &undone)) {
            add_sequence(&sequence, out);
            i = sequence.end;
        } else {
            i += leave_rune(text, i, &seen, &undone, out);
        }
    }
    return undone;
}

struct undone misdecoders_undo(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                               struct span text, struct buffer *out) {
    return undo(&(struct undoing){misdecoders, spacing, misdecoder, 0}, text, out);
}

struct undone misdecoders_try(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                              struct span text, struct buffer *out) {
    return undo(&(struct undoing){misdecoders, spacing, misdecoder, PROVEN}, text, out);
}
