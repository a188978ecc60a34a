#include "stages/decode/repair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/ascii.h"
#include "stages/decode/compose.h"
#include "stages/decode/evidence.h"
#include "stages/decode/misdecoders.h"
#include "stages/decode/window.h"

#define LEVELS 3
#define LINE_LIMIT ((size_t)1 << 20) /* a longer line is judged, and repaired, by pieces of this size */
#define GROWTH 4
#define LEARNT ((size_t)512) /* bytes of the window that tell the language */
/* Bits by which a repaired text must be cheaper: how rare the misdecoding is, and room for what the model lacks. */
#define UTF8_MARGIN 10
#define LEGACY_MARGIN 20
#define AGAIN_DISCOUNT 10 /* off, when the same misdecoding has befallen the text before */
/* A text is looked at for a legacy misdecoding when it is so foreign to the document's language. */
#define FOREIGN_BITS 5.5
#define FOREIGN_RUNES 2
#define DENSE 8         /* bytes to a character beyond ASCII */
#define RARE 16         /* bits: encodings so rare are not thought of */
#define FEWEST_MULTI 8  /* runes, before East Asian encodings are thought of */
#define LOST_SHARE 5    /* at most one byte in so many may be gone */
#define UNKNOWN_SHARE 4 /* at most one in so many characters that come out may be one that no language writes */
/* Searches that found nothing, in one text, and all: then it is no mojibake, or too much of it, and time is bounded. */
#define SEARCHES 48
#define MAX_SEARCHES 256
#define EXHAUSTED 24

struct repairer {
    const struct encodings *encodings;
    const struct writing *writing;
    const struct candidates *candidates;
    struct misdecoders *misdecoders;
    uint64_t misreading; /* what legacy text is misread by */
    const struct encoding_entry *utf8;
};

/* What a program takes for granted when it does not ask: the encodings of Windows, and Russia's old one. */
static bool is_misdecoder(const struct encoding_entry *encoding) {
    return span_starts(span_of(encoding->name), SPAN("windows-125")) || strcmp(encoding->name, "koi8-r") == 0 ||
           strcmp(encoding->name, "macintosh") == 0 || strcmp(encoding->name, "iso-8859-2") == 0;
}

struct repairer *repairer_new(const struct encodings *encodings, const struct writing *writing,
                              const struct candidates *candidates) {
    struct repairer *repairer = memory_take(sizeof *repairer);
    *repairer = (struct repairer){.encodings = encodings,
                                  .writing = writing,
                                  .candidates = candidates,
                                  .misdecoders = misdecoders_new(encodings),
                                  .utf8 = encodings_find(encodings, SPAN("utf-8"))};
    for (size_t i = 0; i < misdecoders_count(repairer->misdecoders); i++)
        if (is_misdecoder(misdecoders_encoding(repairer->misdecoders, i))) repairer->misreading |= UINT64_C(1) << i;
    return repairer;
}

void repairer_free(struct repairer *repairer) {
    if (repairer) misdecoders_free(repairer->misdecoders);
    free(repairer);
}

/* What happened to a text: what decoded it, what it was, how often. */
struct misdecoding {
    size_t misdecoder; /* number of a single-byte one; from MISDECODERS on, place among all encodings of an East Asian
                          one */
    const struct encoding_entry *truth;
    size_t levels;
};

/* One text under repair. */
struct session {
    const struct repairer *repairer;
    struct article *article;
    int language; /* of what was read so far, -1 before anything was */
    size_t searches, fruitless;
    struct misdecoding last;              /* truth is NULL before the first */
    size_t place;                         /* of `last` among the article's repairs */
    unsigned char exhausted[MISDECODERS]; /* how often undoing a misdecoder did not help */
    struct glyphs glyphs;
};

/* What the sample costs in the language that makes it cheapest; infinite when that is more than the limit. */
static double price(struct session *session, struct span sample, double limit, int *ret_language) {
    struct buffer composed = BUFFER(sample.length * GROWTH + 64);
    const struct writing *writing = session->repairer->writing;
    size_t places = 0;
    double bits = INFINITY;
    glyphs_fill(writing, compose_text(sample, &composed, &places), &session->glyphs);
    int language = writing_cheapest(writing, &session->glyphs, session->language, limit, &bits);
    if (language >= 0) *ret_language = language;
    buffer_free(&composed);
    return bits;
}

static const struct encoding_entry *misdecoder_of(const struct repairer *repairer,
                                                  const struct misdecoding *misdecoding) {
    return misdecoding->misdecoder < MISDECODERS ? misdecoders_encoding(repairer->misdecoders, misdecoding->misdecoder)
                                                 : &repairer->encodings->at[misdecoding->misdecoder - MISDECODERS];
}

/* UTF-8 that an East Asian encoding read two bytes at a time; where it ended in the middle of two, some are gone. */
static bool undo_multi(const struct repairer *repairer, const struct misdecoding *misdecoding, struct span line,
                       struct buffer *out) {
    struct buffer bytes = BUFFER(LINE_LIMIT * GROWTH);
    bool done = encoding_reverse(misdecoder_of(repairer, misdecoding), line, &bytes);
    if (done) done = encoding_convert(repairer->utf8, buffer_span(&bytes), out) * LOST_SHARE <= bytes.length;
    buffer_free(&bytes);
    return done;
}

/* The text as it was before the misdecoding; false when it cannot have happened to all of it. */
static bool undo(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                 struct buffer *out) {
    struct buffer bytes = BUFFER(LINE_LIMIT * GROWTH);
    bool done = true;
    if (misdecoding->misdecoder >= MISDECODERS) {
        done = undo_multi(session->repairer, misdecoding, line, out);
    } else if (misdecoding->truth == session->repairer->utf8) {
        for (size_t level = 0; level < misdecoding->levels; level++) {
            struct buffer *to = (misdecoding->levels - level) % 2 ? out : &bytes;
            buffer_clear(to);
            misdecoders_undo(session->repairer->misdecoders, misdecoding->misdecoder, line, to);
            line = buffer_span(to);
        }
    } else {
        done = misdecoders_encode(session->repairer->misdecoders, misdecoding->misdecoder, line, &bytes) &&
               encoding_convert(misdecoding->truth, buffer_span(&bytes), out) == 0;
    }
    buffer_free(&bytes);
    return done;
}

static double discount(const struct session *session, const struct misdecoding *misdecoding) {
    return session->last.truth == misdecoding->truth && session->last.misdecoder == misdecoding->misdecoder
               ? AGAIN_DISCOUNT
               : 0;
}

/* What is looked for: the misdecoding that leaves the cheapest text, and the language of that. */
struct search {
    struct span sample;
    double best;
    struct misdecoding misdecoding; /* truth is NULL while nothing was found */
    int language;
    bool whole; /* everything in the sample was UTF-8 */
};

/* A misdecoder with few such sequences among many other letters only met them by chance. */
static bool is_worth_a_look(struct undone undone) {
    return undone.sequences > undone.lost && undone.sequences * 8 >= undone.left;
}

/* A text misread twice looks no better after one step back, so all steps are gone before they are compared. */
static void try_utf8(struct session *session, size_t misdecoder, struct search *search) {
    struct buffer steps[2] = {BUFFER(WINDOW_LIMIT * GROWTH), BUFFER(WINDOW_LIMIT * GROWTH)};
    struct span text = search->sample;
    for (size_t level = 1; level <= LEVELS; level++) {
        struct buffer *next = &steps[level % 2];
        struct misdecoding misdecoding = {misdecoder, session->repairer->utf8, level};
        buffer_clear(next);
        struct undone undone = misdecoders_undo(session->repairer->misdecoders, misdecoder, text, next);
        if (!is_worth_a_look(undone)) break;
        text = buffer_span(next);
        double less = discount(session, &misdecoding),
               bits = price(session, text, search->best + less, &search->language) - less;
        if (bits >= search->best ||
            glyphs_unknown(&session->glyphs) * UNKNOWN_SHARE > undone.sequences + undone.lost * UNKNOWN_SHARE)
            continue;
        search->best = bits;
        search->misdecoding = misdecoding;
        search->whole = undone.left == 0;
    }
    buffer_free(&steps[0]);
    buffer_free(&steps[1]);
}

static void find_utf8(struct session *session, uint64_t possible, struct search *search) {
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++)
        if (possible >> i & 1) try_utf8(session, i, search);
}

/* Whether the sample is foreign to the language of what was read so far. Where ASCII is left for single letters only,
 * rare words are no sign of it. */
static bool is_foreign(struct session *session, struct span sample) {
    size_t unknown;
    glyphs_fill(session->repairer->writing, sample, &session->glyphs);
    double bits = writing_foreignness(session->repairer->writing, session->language, &session->glyphs, &unknown);
    bool dense = evidence_runes(sample) * DENSE >= sample.length;
    return unknown >= FOREIGN_RUNES || (bits > FOREIGN_BITS && (dense || unknown > 0));
}

/* Whether what comes out is writing of that language, or nearly. */
static bool is_at_home(struct session *session, struct span after, int language) {
    size_t unknown;
    glyphs_fill(session->repairer->writing, after, &session->glyphs);
    writing_foreignness(session->repairer->writing, language, &session->glyphs, &unknown);
    return unknown * UNKNOWN_SHARE <= evidence_runes(after);
}

static bool is_legacy(struct session *session, const struct encoding_entry *truth, struct span bytes,
                      struct span before, int language) {
    struct buffer after = BUFFER(WINDOW_LIMIT * GROWTH);
    bool good = encoding_convert(truth, bytes, &after) == 0 && is_at_home(session, buffer_span(&after), language) &&
                !evidence_is_habit(before, buffer_span(&after));
    if (truth->rare_bits >= RARE) good = false;
    if (truth->codec == CODEC_MULTI && evidence_runes(before) < FEWEST_MULTI) good = false;
    buffer_free(&after);
    return good;
}

static void try_legacy(struct session *session, size_t misdecoder, struct search *search) {
    struct buffer bytes = BUFFER(WINDOW_LIMIT);
    double bits = 0;
    int language = -1;
    if (misdecoders_encode(session->repairer->misdecoders, misdecoder, search->sample, &bytes)) {
        const struct encoding_entry *truth = candidates_cheapest(session->repairer->candidates, buffer_span(&bytes),
                                                                 search->best + AGAIN_DISCOUNT, &bits, &language);
        struct misdecoding misdecoding = {misdecoder, truth, 1};
        bits -= discount(session, &misdecoding);
        if (truth && truth != misdecoders_encoding(session->repairer->misdecoders, misdecoder) && bits < search->best &&
            is_legacy(session, truth, buffer_span(&bytes), search->sample, language)) {
            search->best = bits;
            search->misdecoding = misdecoding;
            search->language = language;
        }
    }
    buffer_free(&bytes);
}

static void find_legacy(struct session *session, uint64_t possible, struct search *search) {
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++)
        if (possible >> i & 1) try_legacy(session, i, search);
}

/* The East Asian encodings in use, which read any bytes as characters, if rare ones. */
static void find_multi(struct session *session, struct search *search) {
    const struct encodings *encodings = session->repairer->encodings;
    struct buffer after = BUFFER(WINDOW_LIMIT * GROWTH);
    for (size_t i = 0; i < encodings->count; i++) {
        struct misdecoding misdecoding = {MISDECODERS + i, session->repairer->utf8, 1};
        if (encodings->at[i].codec != CODEC_MULTI || encodings->at[i].rare_bits >= RARE) continue;
        buffer_clear(&after);
        if (!undo_multi(session->repairer, &misdecoding, search->sample, &after)) continue;
        double bits = price(session, buffer_span(&after), search->best, &search->language);
        if (bits >= search->best) continue;
        search->best = bits;
        search->misdecoding = misdecoding;
    }
    buffer_free(&after);
}

static double price_in_language(struct session *session, struct span sample) {
    glyphs_fill(session->repairer->writing, sample, &session->glyphs);
    return writing_bits(session->repairer->writing, session->language, &session->glyphs, INFINITY);
}

/* What has befallen the lines before is not searched for again: it only has to help this line as well. */
static bool has_befallen_again(struct session *session, struct span sample, bool utf8) {
    struct buffer after = BUFFER(WINDOW_LIMIT * GROWTH);
    const struct misdecoding *last = &session->last;
    double margin = last->truth == session->repairer->utf8 ? UTF8_MARGIN : LEGACY_MARGIN;
    bool likely =
        last->truth && (last->truth != session->repairer->utf8 || utf8) && undo(session, last, sample, &after);
    if (likely)
        likely = price_in_language(session, buffer_span(&after)) + margin - AGAIN_DISCOUNT <
                 price_in_language(session, sample);
    buffer_free(&after);
    return likely;
}

/* Those of the misdecoders whose undoing makes the sample cheaper in the document's language already: a letter of any
 * script is cheaper than the two or three that it was read as. */
static uint64_t helpful_misdecoders(struct session *session, struct span sample, uint64_t possible) {
    double before = price_in_language(session, sample);
    struct buffer after = BUFFER(WINDOW_LIMIT * GROWTH);
    uint64_t helpful = 0;
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++) {
        if (!(possible >> i & 1)) continue;
        for (size_t levels = 1; levels <= LEVELS && !(helpful >> i & 1); levels++) {
            undo(session, &(struct misdecoding){i, session->repairer->utf8, levels}, sample, &after);
            if (price_in_language(session, buffer_span(&after)) < before) helpful |= UINT64_C(1) << i;
        }
        if (!(helpful >> i & 1)) session->exhausted[i]++;
    }
    buffer_free(&after);
    return helpful;
}

/* Looks for what may have happened to the sample: UTF-8 that one of these misdecoders read, or text in a legacy
 * encoding. Both compete, because bytes of one look like the other. */
static void search_misdecoding(struct session *session, uint64_t utf8, uint64_t legacy, struct search *search) {
    double before = price(session, search->sample, INFINITY, &search->language);
    search->best = before - UTF8_MARGIN;
    find_utf8(session, utf8, search);
    bool clear = search->misdecoding.truth && search->whole && evidence_runes(search->sample) > FEWEST_MULTI;
    if (!search->misdecoding.truth) search->best = before - LEGACY_MARGIN;
    if (!clear) find_legacy(session, legacy, search);
    if (!utf8 && !legacy) find_multi(session, search);
    session->searches++;
    if (search->misdecoding.truth)
        session->language = search->language;
    else
        session->fruitless++;
}

static bool is_east_asian(struct span text) {
    size_t at = ascii_end(text, 0);
    uint32_t rune = 0;
    if (at < text.length) valid_next(text, at, &rune);
    return writing_east_asian(rune) >= 0;
}

/* `utf8` are the misdecoders by which something in the line may be UTF-8. */
static bool find_misdecoding(struct session *session, struct span line, struct span sample, uint64_t utf8,
                             struct misdecoding *ret_misdecoding) {
    struct search search = {.sample = sample, .language = session->language};
    if (has_befallen_again(session, sample, utf8 != 0)) {
        *ret_misdecoding = session->last;
        return true;
    }
    if (session->fruitless >= SEARCHES || session->searches >= MAX_SEARCHES) return false;
    if (utf8) utf8 = helpful_misdecoders(session, sample, utf8);
    uint64_t legacy = session->repairer->misreading & misdecoders_of_all(session->repairer->misdecoders, line);
    if (legacy && (!evidence_found(sample) || !is_foreign(session, sample))) legacy = 0;
    if (utf8 || legacy || is_east_asian(sample)) search_misdecoding(session, utf8, legacy, &search);
    *ret_misdecoding = search.misdecoding;
    return search.misdecoding.truth != NULL;
}

static bool is_same(const struct misdecoding *one, const struct misdecoding *other) {
    return one->misdecoder == other->misdecoder && one->truth == other->truth && one->levels == other->levels;
}

/* The place of this kind of repair on the record, where it is added when it is new. */
static size_t place_on_record(const struct session *session, const struct misdecoding *misdecoding, size_t number) {
    const struct encoding *encoding = &session->article->encoding;
    struct buffer kind = BUFFER(128);
    size_t place = 0;
    buffer_print(&kind, "mojibake %s as %s", misdecoding->truth->name,
                 misdecoder_of(session->repairer, misdecoding)->name);
    if (misdecoding->levels > 1) buffer_print(&kind, " %zu times", misdecoding->levels);
    while (place < encoding->repair_count && !span_is(encoding->repairs[place].kind, kind.at)) place++;
    if (place == encoding->repair_count) article_add_repair(session->article, kind.at, 0, number);
    buffer_free(&kind);
    return place;
}

static void record(struct session *session, const struct misdecoding *misdecoding, size_t number) {
    if (!is_same(misdecoding, &session->last)) session->place = place_on_record(session, misdecoding, number);
    session->article->encoding.repairs[session->place].count++;
    session->last = *misdecoding;
}

/* Those by which something in the line may be UTF-8, less those that met it by chance so often in this text that only
 * a line full of it would be looked at again. */
static uint64_t misdecoders_to_try(const struct session *session, struct span line) {
    bool full = false;
    uint64_t possible = misdecoders_of_utf8(session->repairer->misdecoders, line, &full);
    for (size_t i = 0; !full && possible >> i && i < MISDECODERS; i++)
        if (session->exhausted[i] >= EXHAUSTED) possible &= ~(UINT64_C(1) << i);
    return possible;
}

/* The line itself, or what it was before its misdecodings, held in `held`. */
static struct span repair_line(struct session *session, struct span line, size_t number, struct buffer held[2]) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    for (int level = 0; level < LEVELS; level++) {
        struct misdecoding misdecoding;
        struct buffer *repaired = &held[level % 2];
        uint64_t utf8 = misdecoders_to_try(session, line);
        if (!utf8 &&
            (level > 0 || !writing_may_be_foreign(session->repairer->writing, session->language, line, FOREIGN_BITS)))
            break;
        buffer_clear(&window);
        window_collect(line, &window);
        if (!find_misdecoding(session, line, buffer_span(&window), utf8, &misdecoding)) break;
        buffer_clear(repaired);
        if (!undo(session, &misdecoding, line, repaired)) break;
        record(session, &misdecoding, number);
        line = buffer_span(repaired);
    }
    buffer_free(&window);
    return line;
}

static void learn_language(struct session *session, struct span text) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    window_collect(text, &window);
    price(session, text_clip(buffer_span(&window), LEARNT), INFINITY, &session->language);
    buffer_free(&window);
}

void repair_text(const struct repairer *repairer, struct span text, int language, struct article *article,
                 struct buffer *out) {
    struct session session = {.repairer = repairer, .article = article, .language = language};
    struct buffer held[2] = {BUFFER(LINE_LIMIT * GROWTH), BUFFER(LINE_LIMIT * GROWTH)};
    if (language < 0 && !is_ascii(text)) learn_language(&session, text);
    for (size_t from = 0, number = 1; from < text.length; number++) {
        const char *end = memchr(text.at + from, '\n', text.length - from);
        size_t to = end ? (size_t)(end - text.at) + 1 : text.length;
        struct span line = text_clip(span_cut(text, from, to), LINE_LIMIT);
        bool plain = session.language < 0 || is_ascii(line);
        buffer_add_span(out, plain ? line : repair_line(&session, line, number, held));
        from += line.length;
    }
    buffer_free(&held[0]);
    buffer_free(&held[1]);
    glyphs_free(&session.glyphs);
}
