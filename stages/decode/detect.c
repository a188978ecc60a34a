#include "stages/decode/detect.h"

#include "stages/decode/ascii.h"
#include "stages/decode/hints.h"
#include "stages/decode/mixture.h"
#include "stages/formats/sniff.h"

#define DAMAGE 5 /* minimum number of valid characters for each invalid byte */
#define MIXTURE_LIMIT ((size_t)1 << 16)

/* Returns whether the bytes end in the middle of a UTF-8 sequence. This does not count against UTF-8, because files and
 * replies may be cut off. */
static bool is_cut_at(struct span raw, size_t position) {
    size_t left = raw.length - position;
    unsigned char lead = (unsigned char)raw.at[position];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left >= wanted) return false;
    for (size_t i = 1; i < left; i++)
        if (((unsigned char)raw.at[position + i] & 0xC0) != 0x80) return false;
    return true;
}

/* Returns whether the bytes are UTF-8 with some damage: at most one invalid byte for every five non-ASCII characters.
 */
static bool is_damaged_utf8(struct span raw) {
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < raw.length;) {
        uint32_t rune = (unsigned char)raw.at[i];
        if (rune < 0x80) {
            i++;
            continue;
        }
        size_t size = text_next(raw, i, &rune);
        if (size == 1 && is_cut_at(raw, i)) break;
        good += size > 1 && rune != RUNE_INVALID;
        bad += size == 1;
        if (bad * DAMAGE > good + (raw.length - i)) return false; /* too many are invalid, even if the rest is valid */
        i += size;
    }
    return good > 0 && bad * DAMAGE <= good;
}

static struct detection make_detection(const struct encodings *encodings, const char *name, double certainty,
                                       const char *from, size_t mark) {
    return (struct detection){.encoding = encodings_find(encodings, span_of(name)),
                              .certainty = certainty,
                              .language = -1,
                              .from = from,
                              .mark = mark};
}

static struct detection make_valid(const struct encodings *encodings, double certainty) {
    struct detection detection = make_detection(encodings, "utf-8", certainty, "bytes", 0);
    detection.valid = true;
    return detection;
}

/* Detects UTF-8 that is not entirely valid: cut off, damaged, or with some lines in another encoding. Otherwise leaves
 * `encoding` NULL in the result. */
static struct detection detect_broken_utf8(const struct candidates *candidates, struct span raw,
                                           const struct detect_hints *hints) {
    struct buffer legacy = BUFFER(MIXTURE_LIMIT);
    struct detection detection = {0};
    bool possible = mixture_may_be(raw), lines = possible && mixture_is(raw, false, &legacy);
    if (!lines) buffer_clear(&legacy);
    if (lines || (possible && mixture_is(raw, true, &legacy))) {
        struct detection other = candidates_compare(candidates, buffer_span(&legacy), hints);
        detection = make_detection(candidates_encodings(candidates), "utf-8", 0.95, "bytes", 0);
        detection.others_between_tags = !lines;
        if (!other.nonsense) detection.others = other.encoding;
    } else if (is_damaged_utf8(raw)) {
        detection = make_detection(candidates_encodings(candidates), "utf-8", 0.9, "bytes", 0);
    }
    buffer_free(&legacy);
    return detection;
}

struct detection detect_encoding(const struct candidates *candidates, struct span raw, struct detect_hints *hints) {
    const struct encodings *encodings = candidates_encodings(candidates);
    size_t mark = 0;
    const char *name = sniff_mark(raw, &mark);
    if (name) return make_detection(encodings, name, 1, "bom", mark);
    if ((name = sniff_wide(raw)) != NULL) return make_detection(encodings, name, 0.95, "bytes", 0);
    if (is_ascii(raw)) {
        name = sniff_escapes(raw);
        if (!name) name = sniff_stripped(raw, hints->http);
        struct detection found = {0};
        if (name) found = make_detection(encodings, name, 0.95, "bytes", 0);
        return found.encoding ? found : make_valid(encodings, 1);
    }
    if (text_valid(raw)) return make_valid(encodings, 0.99);
    hints_read(encodings, raw, hints);
    struct detection broken = detect_broken_utf8(candidates, raw, hints);
    return broken.encoding ? broken : candidates_compare(candidates, raw, hints);
}
