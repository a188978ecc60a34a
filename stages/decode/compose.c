#include "stages/decode/compose.h"

#include <string.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/decode/editor.h"

#define CLUSTER 32 /* maximum number of combining marks on a letter (UAX 15, stream-safe text) */

/* Returns whether NFC may replace the character even if it stands alone (Unicode property Full_Composition_Exclusion).
 */
static bool changes_alone(uint32_t rune) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x340, 0x344},   {0x374, 0x374},   {0x37E, 0x37E},     {0x387, 0x387},    {0x958, 0x95F},
                  {0x9DC, 0x9DD},   {0x9DF, 0x9DF},   {0xA33, 0xA36},     {0xA59, 0xA5B},    {0xA5E, 0xA5E},
                  {0xB5C, 0xB5D},   {0xF43, 0xF43},   {0xF4D, 0xF4D},     {0xF52, 0xF52},    {0xF57, 0xF57},
                  {0xF5C, 0xF5C},   {0xF69, 0xF69},   {0xF73, 0xF81},     {0xF93, 0xF93},    {0xF9D, 0xF9D},
                  {0xFA2, 0xFA2},   {0xFA7, 0xFA7},   {0xFAC, 0xFAC},     {0xFB9, 0xFB9},    {0x1F71, 0x1FFD},
                  {0x2000, 0x2001}, {0x2126, 0x2126}, {0x212A, 0x212B},   {0x2329, 0x232A},  {0x2ADC, 0x2ADC},
                  {0xF900, 0xFAD9}, {0xFB1D, 0xFB4E}, {0x1D15E, 0x1D1C0}, {0x2F800, 0x2FA1D}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && rune >= ranges[i].first; i++)
        if (rune <= ranges[i].last) return true;
    return false;
}

/* Returns whether NFC may combine this character with the previous one, or swap the two. */
static bool stands_on(uint32_t rune) {
    if (rune < 0x300 || (rune >= 0x370 && rune < 0x483) || (rune >= 0x3400 && rune < 0xA66F) ||
        (rune >= 0xAC00 && rune < 0xFB1E))
        return false;
    if ((rune >= 0x1161 && rune <= 0x11C2) || rune == 0x102E) return true;
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)rune);
    return property->combining_class != 0 || property->category == UTF8PROC_CATEGORY_MC;
}

/* A quick test: returns whether the character is in a block that NFC never changes. */
static bool is_settled(uint32_t rune) {
    if (rune < 0x483) return rune < 0x300 || (rune >= 0x388);
    if (rune >= 0x2002 && rune < 0x3099) return rune < 0x20D0 || rune >= 0x3041 || (rune >= 0x3000 && rune < 0x302A);
    return (rune >= 0x48A && rune < 0x591) || (rune >= 0x30A0 && rune < 0xA66F) || (rune >= 0xAC00 && rune < 0xD7A4);
}

/* Returns the end of the cluster (a letter with its combining marks) that begins at `at`. Sets *ret_taken to the end of
 * the part that is kept, which has at most the allowed number of marks. */
static size_t cluster_end(struct span text, size_t at, size_t *ret_taken) {
    uint32_t rune;
    size_t end = at + valid_next(text, at, &rune);
    *ret_taken = end;
    for (size_t marks = 0; end < text.length; marks++) {
        size_t size = valid_next(text, end, &rune);
        if (!stands_on(rune)) break;
        end += size;
        if (marks < CLUSTER - 2) *ret_taken = end;
    }
    return end;
}

/* Composes a single cluster. Returns the number of bytes written. */
static size_t compose(struct span cluster, char ret_by[CLUSTER * 16]) {
    utf8proc_int32_t runes[CLUSTER * 4];
    utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
    size_t length = 0;
    utf8proc_ssize_t count = utf8proc_decompose((const utf8proc_uint8_t *)cluster.at, (utf8proc_ssize_t)cluster.length,
                                                runes, CLUSTER * 4, options);
    count = count > 0 && count <= CLUSTER * 4 ? utf8proc_normalize_utf32(runes, count, options) : 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) length += text_put(ret_by + length, (uint32_t)runes[i]);
    return length;
}

/* A small cache of composed clusters. Decomposed text consists of a few clusters that occur again and again. */
struct memory {
    struct composed {
        char from[8], to[8];
        unsigned char from_length, to_length; /* `from_length` is 0 if this entry of the cache is unused */
    } at[64];
};

/* Composes a cluster. A small cluster is stored in the cache. */
static size_t compose_again(struct memory *memory, struct span cluster, char ret_by[CLUSTER * 16]) {
    if (cluster.length > sizeof memory->at->from) return compose(cluster, ret_by);
    size_t slot =
        ((unsigned char)cluster.at[0] * 7u + (unsigned char)cluster.at[cluster.length - 1] * 31u + cluster.length) % 64;
    struct composed *known = &memory->at[slot];
    if (known->from_length != cluster.length || memcmp(known->from, cluster.at, cluster.length) != 0) {
        size_t length = compose(cluster, ret_by);
        if (length > sizeof known->to) return length;
        memcpy(known->from, cluster.at, cluster.length);
        memcpy(known->to, ret_by, length);
        known->from_length = (unsigned char)cluster.length;
        known->to_length = (unsigned char)length;
    }
    memcpy(ret_by, known->to, known->to_length);
    return known->to_length;
}

struct span compose_text(struct span text, struct buffer *out, size_t *ret_places) {
    struct editor editor = {.text = text, .out = out};
    struct memory memory = {0};
    size_t before = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune = (unsigned char)text.at[i];
        if (rune < 0x80) {
            i = ascii_end(text, i);
            before = i - 1;
            continue;
        }
        size_t size = valid_next(text, i, &rune);
        bool settled = is_settled(rune), on = !settled && stands_on(rune);
        if (settled || (!on && !changes_alone(rune))) {
            before = i;
            i += size;
            continue;
        }
        char by[CLUSTER * 16];
        size_t at = on && before >= editor.copied && before < i ? before : i, taken,
               end = cluster_end(text, at, &taken);
        size_t length = compose_again(&memory, span_cut(text, at, taken), by);
        if (length != end - at || memcmp(by, text.at + at, length) != 0)
            editor_replace(&editor, at, end - at, (struct span){by, length});
        before = i = end;
    }
    *ret_places += editor.edits;
    return editor_end(&editor);
}
