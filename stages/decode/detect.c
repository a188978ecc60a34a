#include "stages/decode/detect.h"

#include <string.h>

#include "stages/decode/ascii.h"
#include "stages/decode/plausible.h"
#include "stages/decode/sniff.h"

#define WINDOW ((size_t)8192)
#define LOOK ((size_t)4 << 20) /* how far the window's text is looked for */
#define LABEL_BONUS 0.12       /* a label's weight, as a share of the best score */
#define LETTERS 0.7            /* weight of a letter that the encoding's languages have */
#define RARE_LEAD 2.0
#define RARE_MALUS 0.3
#define HINT_BONUS 0.05

static bool is_edge(char byte) { return byte == '<' || byte == '>' || byte == '\n'; }

/* Pieces between tags and line ends that hold a byte beyond ASCII; such edges are no part of any multi-byte character. */
static void collect_window(struct span raw, struct buffer *window) {
    raw = span_cut(raw, 0, LOOK);
    for (size_t from = 0, to; from < raw.length && window->length < WINDOW; from = to + 1) {
        bool beyond = false;
        for (to = from; to < raw.length && !is_edge(raw.at[to]); to++)
            beyond = beyond || (unsigned char)raw.at[to] >= 0x80;
        if (!beyond)
            continue;
        struct span piece = span_cut(raw, from, to);
        while (piece.length > WINDOW && (unsigned char)piece.at[0] < 0x80)
            piece = span_cut(piece, 1, piece.length);
        buffer_add_span(window, span_cut(piece, 0, WINDOW));
        buffer_add(window, "\n", 1);
    }
}

/* Characters whose lead byte is out of daily use. */
static size_t rare_leads(const struct encoding_entry *encoding, struct span window) {
    size_t rare = 0;
    for (size_t i = 0; i < window.length; i++) {
        unsigned char byte = (unsigned char)window.at[i];
        if (byte < 0x81)
            continue;
        rare += byte < encoding->lead_first || byte > encoding->lead_last;
        i++;
    }
    return rare;
}

static double score_candidate(const struct encodings *encodings, const struct encoding_entry *encoding, struct span window) {
    struct buffer text = BUFFER(8 * WINDOW * 2);
    encoding_convert(encoding, window, &text);
    double score = plausible_score(buffer_span(&text)) + LETTERS * encoding_fits_letters(encodings, encoding, buffer_span(&text));
    buffer_free(&text);
    if (encoding->lead_last)
        score -= RARE_LEAD * (double)rare_leads(encoding, window);
    return score;
}

static size_t beyond_ascii(struct span raw) {
    size_t count = 0;
    for (size_t i = 0; i < raw.length; i++)
        count += (unsigned char)raw.at[i] >= 0x80;
    return count;
}

static double bonus(const struct encodings *encodings, const struct encoding_entry *entry, const struct detect_hints *hints) {
    double sum = entry->rare ? -RARE_MALUS : 0;
    const struct span labels[] = {hints->http, hints->xml, hints->html};
    for (size_t i = 0; i < 3; i++)
        if (labels[i].length > 0 && encodings_find(encodings, labels[i]) == entry)
            sum += LABEL_BONUS;
    if (hints->language.length > 0 && encoding_serves(entry, hints->language))
        sum += HINT_BONUS;
    if (hints->domain.length > 0 && encoding_serves(entry, hints->domain))
        sum += HINT_BONUS;
    return sum;
}

static bool is_candidate(const struct encoding_entry *entry, struct span raw) {
    switch (entry->codec) {
    case CODEC_SINGLE:
    case CODEC_MULTI:
        return true;
    case CODEC_UTF16LE:
    case CODEC_UTF16BE:
        return raw.length % 2 == 0 && raw.length >= 8 && memchr(raw.at, '\0', raw.length < WINDOW ? raw.length : WINDOW);
    case CODEC_UTF8: case CODEC_UTF32LE: case CODEC_UTF32BE: case CODEC_ESCAPE: case CODEC_HZ:
        return false;
    }
    return false;
}

/* The share by which the winner leads says how certain it is; a lead of a tenth is as good as certain. */
static double certainty_of(double best, double second) {
    if (best <= 0)
        return 0.1;
    double lead = (best - second) / best;
    return lead >= 0.1 ? 0.95 : 0.5 + 4.5 * lead;
}

static struct detection detect_by_reading(const struct encodings *encodings, struct span raw, const struct detect_hints *hints) {
    struct buffer window = BUFFER(2 * WINDOW + 2);
    struct detection detection = {.encoding = encodings_find(encodings, SPAN("windows-1252")), .from = "model"};
    double best = -1e300, second = -1e300;
    collect_window(raw, &window);
    double unit = (double)beyond_ascii(buffer_span(&window));
    for (size_t i = 0; i < encodings->count; i++) {
        const struct encoding_entry *entry = &encodings->at[i];
        double weight = bonus(encodings, entry, hints);
        if (!is_candidate(entry, raw) || (entry->only_by_label && weight < LABEL_BONUS))
            continue;
        bool wide = entry->codec == CODEC_UTF16LE || entry->codec == CODEC_UTF16BE;
        double score = score_candidate(encodings, entry, wide ? span_cut(raw, 0, WINDOW) : buffer_span(&window))
                       + unit * weight;
        if (score > best) {
            second = best;
            best = score;
            detection.encoding = entry;
        } else if (score > second) {
            second = score;
        }
    }
    detection.certainty = certainty_of(best, second);
    buffer_free(&window);
    return detection;
}

/* A sequence that the end of the bytes cuts off says nothing against UTF-8: files are cut, and so are answers. */
static bool is_cut_at(struct span raw, size_t position) {
    size_t left = raw.length - position;
    unsigned char lead = (unsigned char)raw.at[position];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left >= wanted) return false;
    for (size_t i = 1; i < left; i++)
        if (((unsigned char)raw.at[position + i] & 0xC0) != 0x80) return false;
    return true;
}

/* Enough of it is right UTF-8 that the rest must be damage: at most one wrong byte in twenty characters beyond ASCII. */
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
        good += size > 1;
        bad += size == 1;
        i += size;
    }
    return good > 0 && bad * 20 <= good;
}

static struct detection sure(const struct encodings *encodings, const char *name, double certainty, const char *from, size_t mark) {
    return (struct detection){.encoding = encodings_find(encodings, span_of(name)), .certainty = certainty, .from = from, .mark = mark};
}

struct detection detect_encoding(const struct encodings *encodings, struct span raw, const struct detect_hints *hints) {
    size_t mark = 0;
    const char *name = sniff_mark(raw, &mark);
    if (name)
        return sure(encodings, name, 1, "bom", mark);
    if ((name = sniff_wide(raw)) != NULL)
        return sure(encodings, name, 0.95, "bytes", 0);
    if (is_ascii(raw)) {
        name = sniff_escapes(raw);
        struct detection found = sure(encodings, name ? name : "utf-8", name ? 0.95 : 1, "bytes", 0);
        return found.encoding ? found : sure(encodings, "utf-8", 1, "bytes", 0);
    }
    if (text_valid(raw) || is_damaged_utf8(raw))
        return sure(encodings, "utf-8", 0.99, "bytes", 0);
    return detect_by_reading(encodings, raw, hints);
}
