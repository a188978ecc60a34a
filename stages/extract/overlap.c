#include "stages/extract/overlap.h"

#include "stages/language/unicode.h"

/* The multiplier of FNV-1a. */
static const uint32_t BASE = 0x01000193u;

/* A rolling hash: computes the hash of each window (see overlap.h) from that of the previous one. */
struct roller {
    struct span text;
    size_t at;
    unsigned char window[OVERLAP_WINDOW];
    size_t count;           /* number of bytes of letters and digits read so far */
    uint32_t hash, highest; /* highest: BASE to the power of OVERLAP_WINDOW */
};

static struct roller roller_of(struct span text) {
    struct roller roller = {.text = text, .highest = 1};
    for (int i = 0; i < OVERLAP_WINDOW; i++) roller.highest *= BASE;
    return roller;
}

/* Returns the next byte that belongs to a letter or digit, in lower case if it is ASCII, or 0 at the end. Skips U+2000
 * to U+203F (spaces, quotes and dashes) and U+0080 to U+00BF. */
static unsigned char next_letter(struct roller *roller) {
    while (roller->at < roller->text.length) {
        unsigned char c = (unsigned char)roller->text.at[roller->at++];
        if (c == 0xE2 && roller->at < roller->text.length && (unsigned char)roller->text.at[roller->at] == 0x80)
            roller->at += 2;
        else if (c == 0xC2)
            roller->at += 1;
        else if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            return c;
        else if (c >= 'A' && c <= 'Z')
            return (unsigned char)(c + 32);
    }
    return 0;
}

/* Returns the hash of the next window. 0 marks a free slot, so a hash of 0 is replaced by 1. */
static bool roll(struct roller *roller, uint32_t *ret_hash) {
    for (unsigned char c; (c = next_letter(roller));) {
        unsigned char *slot = &roller->window[roller->count++ % OVERLAP_WINDOW];
        roller->hash = roller->hash * BASE + c - roller->highest * *slot;
        *slot = c;
        if (roller->count < OVERLAP_WINDOW) continue;
        *ret_hash = roller->hash ? roller->hash : 1;
        return true;
    }
    return false;
}

/* Returns the slot that contains the hash, or the free slot where it would be stored. */
static uint32_t *find_slot(const struct overlap *overlap, uint32_t hash) {
    size_t i = (hash ^ hash >> 15) & (overlap->size - 1);
    while (overlap->slots[i] && overlap->slots[i] != hash) i = (i + 1) & (overlap->size - 1);
    return &overlap->slots[i];
}

struct overlap overlap_make(struct span text, struct arena *arena) {
    struct overlap overlap = {.size = 64, .columns = text_columns(text)};
    /* the table is at most half full, so a search ends after a few slots */
    while (overlap.size < text.length * 2) overlap.size *= 2;
    overlap.slots = arena_take(arena, overlap.size * sizeof *overlap.slots);
    struct roller roller = roller_of(text);
    for (uint32_t hash; roll(&roller, &hash);) *find_slot(&overlap, hash) = hash;
    return overlap;
}

double overlap_share(const struct overlap *overlap, struct span text) {
    size_t found = 0, all = 0;
    struct roller roller = roller_of(text);
    for (uint32_t hash; roll(&roller, &hash); all++) found += *find_slot(overlap, hash) == hash;
    return all ? (double)found / (double)all : 0;
}
