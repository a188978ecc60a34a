#include "stages/decode/search.h"

#include <math.h>

#include "stages/decode/ascii.h"
#include "stages/decode/compose.h"
#include "stages/decode/controls.h"
#include "stages/decode/evidence.h"
#include "stages/decode/window.h"
#include "stages/language/scripts.h"

#define LEVELS 3
/* Bits by which a repaired text must be cheaper: how rare the misdecoding is, and room for what the model lacks. */
#define SURE_MARGIN 3
#define UTF8_MARGIN 10
#define HINT_BITS 14         /* more, for each sequence that is only a hint */
#define INCONSISTENT_BITS 50 /* more, for a single sequence among characters that nothing happened to */
#define LOST_BITS 20         /* what U+FFFD costs more than a character that was there */
#define UNCOMMON_BITS 12     /* more, for a misdecoder that hardly any program takes for granted */
#define LEGACY_MARGIN 20
#define SCRIPT_BITS 1.5   /* more, for each letter */
#define CONTROLS_MARGIN 3 /* by which it must be cheaper than the text whose controls alone are read */
#define AGAIN_DISCOUNT 10 /* off, when the same misdecoding has befallen the text before */
#define FEWEST_MULTI                                                                                                   \
    8           /* runes, before East Asian encodings are thought of, or that letters of another script than           \
                   Latin were read wrongly: shorter texts are acronyms */
#define RARE 16 /* bits: encodings so rare are not thought of */
#define DENSE 8 /* bytes to a character beyond ASCII */
/* Bits a character in the words of what comes out: words cost three to five, East Asian ones six to eleven. */
#define HOME_BITS 6
#define HOME_BITS_MULTI 13
#define LOST_SHARE 5    /* at most one byte in so many may be gone */
#define UNKNOWN_SHARE 4 /* at most one in so many characters that come out may be one that no language writes */
/* Searches that found nothing, in one text, and all: then it is no mojibake, or too much of it, and time is bounded. */
#define SEARCHES 48
#define MAX_SEARCHES 256
/* A text is looked at for a legacy misdecoding when so many characters, or FOREIGN_BITS, are foreign to its language.
 */
#define FOREIGN_RUNES 2
#define DOUBTFUL_BITS 4.6 /* with one such character */

double search_price(struct session *session, struct span sample, double limit, int *ret_language) {
    struct buffer composed = BUFFER(sample.length * LINE_GROWTH + 64);
    const struct writing *writing = session->repairer->writing;
    size_t places = 0;
    double bits = INFINITY;
    glyphs_fill(writing, compose_text(sample, &composed, &places), &session->glyphs);
    int language = writing_cheapest(writing, &session->glyphs, session->language, limit, &bits);
    if (language >= 0) *ret_language = language;
    buffer_free(&composed);
    return bits;
}

const struct encoding_entry *search_misdecoder(const struct repairer *repairer, const struct misdecoding *misdecoding) {
    return misdecoding->misdecoder < MISDECODERS ? misdecoders_encoding(repairer->misdecoders, misdecoding->misdecoder)
                                                 : &repairer->encodings->at[misdecoding->misdecoder - MISDECODERS];
}

/* UTF-8 that an East Asian encoding read two bytes at a time; where it ended in the middle of two, some are gone. */
static bool undo_multi(const struct repairer *repairer, const struct misdecoding *misdecoding, struct span line,
                       struct buffer *out) {
    struct buffer bytes = BUFFER(LINE_LIMIT * LINE_GROWTH);
    bool done = encoding_reverse(search_misdecoder(repairer, misdecoding), line, &bytes);
    if (done) done = encoding_convert(repairer->utf8, buffer_span(&bytes), out) * LOST_SHARE <= bytes.length;
    buffer_free(&bytes);
    return done;
}

/* Spaces are judged in the language of what was read so far. */
static struct spacing spacing_of(const struct session *session, struct glyphs *scratch) {
    return (struct spacing){session->repairer->writing, scratch, session->language};
}

static void undo_levels(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                        struct buffer *between, struct buffer *out) {
    struct glyphs scratch = {0};
    struct spacing spacing = spacing_of(session, &scratch);
    for (size_t level = 0; level < misdecoding->levels; level++) {
        struct buffer *to = (misdecoding->levels - level) % 2 ? out : between;
        buffer_clear(to);
        misdecoders_undo(session->repairer->misdecoders, misdecoding->misdecoder, &spacing, line, to);
        line = buffer_span(to);
    }
    glyphs_free(&scratch);
}

bool search_undo(const struct session *session, const struct misdecoding *misdecoding, struct span line,
                 struct buffer *out) {
    struct buffer bytes = BUFFER(LINE_LIMIT * LINE_GROWTH);
    bool done = true;
    if (misdecoding->misdecoder >= MISDECODERS) {
        done = undo_multi(session->repairer, misdecoding, line, out);
    } else if (misdecoding->truth == session->repairer->utf8) {
        undo_levels(session, misdecoding, line, &bytes, out);
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

/* Bits that the proofs of this leave to the model. */
static double margin_of(const struct undone *undone) {
    double margin = undone->proofs[PROOF_SURE]    ? SURE_MARGIN
                    : undone->proofs[PROOF_USUAL] ? UTF8_MARGIN
                    : undone->proofs[PROOF_HINT]  ? UTF8_MARGIN + HINT_BITS * (double)undone->proofs[PROOF_HINT]
                                                  : INFINITY;
    return margin + (undone->sequences == 1 && undone->left > 0 ? INCONSISTENT_BITS : 0);
}

static double handicap(const struct session *session, size_t misdecoder) {
    return session->repairer->common >> misdecoder & 1 ? 0 : UNCOMMON_BITS;
}

/* What is looked for: the misdecoding that leaves the cheapest text, and the language of that. */
struct search {
    struct span sample;
    double before, best;            /* what the sample costs, and the cheapest text so far */
    struct misdecoding misdecoding; /* truth is NULL while nothing was found */
    int language;
    bool whole; /* everything in the sample was UTF-8 */
};

/* A misdecoder with few such sequences among many other letters only met them by chance. */
static bool is_worth_a_look(struct undone undone) {
    return undone.sequences > undone.lost && undone.sequences * 8 >= undone.left;
}

/* Whether what came out is nothing that a language writes; what was lost already, or stays a control, did not. */
static bool has_too_many_unknown(const struct session *session, const struct undone *undone) {
    size_t unknown = glyphs_unknown(&session->glyphs), known = undone->lost + undone->replaced + undone->controls;
    return unknown > known && (unknown - known) * UNKNOWN_SHARE > undone->sequences;
}

/* Takes what came out when it is cheaper than the sample by `margin`, and than what was found before. */
static void weigh_utf8(struct session *session, const struct misdecoding *misdecoding, struct span text,
                       const struct undone *undone, double margin, struct search *search) {
    double extra = handicap(session, misdecoding->misdecoder) - discount(session, misdecoding);
    double limit = fmin(search->best, search->before - margin) - extra;
    double relief = LOST_BITS * (double)undone->replaced;
    int language = search->language;
    double bits = search_price(session, text, limit + relief, &language) - relief;
    if (bits >= limit || has_too_many_unknown(session, undone)) return;
    search->best = bits + extra;
    search->language = language;
    search->misdecoding = *misdecoding;
    search->whole = undone->left == 0;
}

/* A text misread twice looks no better after one step back, so all steps are gone before they are compared. */
static void try_utf8(struct session *session, size_t misdecoder, struct search *search) {
    struct buffer steps[2] = {BUFFER(WINDOW_LIMIT * LINE_GROWTH), BUFFER(WINDOW_LIMIT * LINE_GROWTH)};
    struct span text = search->sample;
    double margin = INFINITY;
    struct spacing spacing = spacing_of(session, &session->glyphs);
    for (size_t level = 1; level <= LEVELS; level++) {
        struct buffer *next = &steps[level % 2];
        buffer_clear(next);
        struct undone undone = misdecoders_try(session->repairer->misdecoders, misdecoder, &spacing, text, next);
        if (!is_worth_a_look(undone)) break;
        if (margin_of(&undone) < margin) margin = margin_of(&undone);
        text = buffer_span(next);
        weigh_utf8(session, &(struct misdecoding){misdecoder, session->repairer->utf8, level}, text, &undone, margin,
                   search);
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
    return unknown >= FOREIGN_RUNES || (bits > FOREIGN_BITS && dense) || (bits > DOUBTFUL_BITS && unknown > 0);
}

/* Whether what comes out is writing of that language: nearly all of its characters are, and they follow each other as
 * they do in words. A list of letters is cheaper in many an encoding, but words in none. */
static bool is_at_home(struct session *session, struct span after, int language, double limit) {
    size_t unknown;
    glyphs_fill(session->repairer->writing, after, &session->glyphs);
    double bits = writing_foreignness(session->repairer->writing, language, &session->glyphs, &unknown);
    return bits <= limit && unknown * UNKNOWN_SHARE <= evidence_runes(after);
}

/* Old Macs wrote much of what the web's archives hold, but what read it wrongly was a Windows of the West; other
 * encodings so rare are not thought of. */
static bool is_thought_of(const struct session *session, const struct misdecoding *misdecoding) {
    const struct repairer *repairer = session->repairer;
    return misdecoding->truth == repairer->of_controls[CONTROLS_MACINTOSH]
               ? search_misdecoder(repairer, misdecoding) == repairer->of_controls[CONTROLS_WINDOWS]
               : misdecoding->truth->rare_bits < RARE;
}

static bool is_of_latin(struct span text) {
    uint32_t rune;
    for (size_t i = ascii_end(text, 0); i < text.length; i = ascii_end(text, i)) {
        i += valid_next(text, i, &rune);
        if (script_of(rune) != SCRIPT_NONE) return script_of(rune) == SCRIPT_LATIN;
    }
    return true;
}

/* Whether `after`, which the misdecoding leaves of `before`, is what the latter was meant to be. */
static bool is_legacy(struct session *session, const struct misdecoding *misdecoding, struct span before,
                      struct span after, int language) {
    bool multi = misdecoding->truth->codec == CODEC_MULTI;
    bool few = evidence_runes(before) < FEWEST_MULTI && (multi || !is_of_latin(before));
    return !few && is_thought_of(session, misdecoding) &&
           is_at_home(session, after, language, multi ? HOME_BITS_MULTI : HOME_BITS) &&
           !evidence_is_habit(before, after) && !evidence_is_of_controls(before, after);
}

static void try_legacy(struct session *session, size_t misdecoder, struct search *search) {
    struct buffer bytes = BUFFER(WINDOW_LIMIT), after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    struct misdecoding misdecoding = {misdecoder, NULL, 1};
    double bits = INFINITY;
    int language = -1;
    if (misdecoders_encode(session->repairer->misdecoders, misdecoder, search->sample, &bytes))
        misdecoding.truth = candidates_cheapest(session->repairer->candidates, buffer_span(&bytes),
                                                search->best + AGAIN_DISCOUNT, &bits, &language);
    bits -= discount(session, &misdecoding);
    if (misdecoding.truth && misdecoding.truth != search_misdecoder(session->repairer, &misdecoding) &&
        bits < search->best && encoding_convert(misdecoding.truth, buffer_span(&bytes), &after) == 0 &&
        is_legacy(session, &misdecoding, search->sample, buffer_span(&after), language)) {
        search->best = bits;
        search->misdecoding = misdecoding;
        search->language = language;
    }
    buffer_free(&bytes);
    buffer_free(&after);
}

static void find_legacy(struct session *session, uint64_t possible, struct search *search) {
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++)
        if (possible >> i & 1) try_legacy(session, i, search);
}

/* The East Asian encodings in use, which read any bytes as characters, if rare ones. */
static void find_multi(struct session *session, struct search *search) {
    const struct encodings *encodings = session->repairer->encodings;
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    for (size_t i = 0; i < encodings->count; i++) {
        struct misdecoding misdecoding = {MISDECODERS + i, session->repairer->utf8, 1};
        if (encodings->at[i].codec != CODEC_MULTI || encodings->at[i].rare_bits >= RARE) continue;
        buffer_clear(&after);
        if (!undo_multi(session->repairer, &misdecoding, search->sample, &after)) continue;
        double bits = search_price(session, buffer_span(&after), search->best, &search->language);
        if (bits >= search->best) continue;
        search->best = bits;
        search->misdecoding = misdecoding;
    }
    buffer_free(&after);
}

/* Given up over the limit. */
static double price_in_language(struct session *session, struct span sample, double limit) {
    glyphs_fill(session->repairer->writing, sample, &session->glyphs);
    return writing_bits(session->repairer->writing, session->language, &session->glyphs, limit);
}

/* Bits by which a text must be cheaper that a legacy encoding was read wrongly for. Whole words of another script than
 * Latin are seldom the accident of a decoder. */
static double legacy_margin(struct span sample) {
    return LEGACY_MARGIN + (is_of_latin(sample) ? 0 : SCRIPT_BITS * (double)evidence_runes(sample));
}

/* Whether words of another script are cheaper so than in any language as they are, and read like words. */
static bool is_legacy_again(struct session *session, struct span sample, struct span after, double bits) {
    int language = session->language;
    return is_legacy(session, &session->last, sample, after, session->language) &&
           bits + legacy_margin(sample) < search_price(session, sample, INFINITY, &language);
}

/* What has befallen the lines before is not searched for again: it only has to help this line as well. */
static bool has_befallen_again(struct session *session, struct span sample, bool utf8) {
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    const struct misdecoding *last = &session->last;
    bool legacy = last->truth != session->repairer->utf8, likely = last->truth && (legacy || utf8);
    if (likely) likely = search_undo(session, last, sample, &after);
    if (likely) {
        double bits = price_in_language(session, buffer_span(&after), INFINITY) - AGAIN_DISCOUNT,
               limit = bits + (legacy ? LEGACY_MARGIN : UTF8_MARGIN);
        likely = limit < price_in_language(session, sample, limit) &&
                 (!legacy || is_of_latin(sample) || is_legacy_again(session, sample, buffer_span(&after), bits));
    }
    buffer_free(&after);
    return likely;
}

/* Whether undoing the misdecoder makes the sample cheaper in the document's language already, or its proof is good
 * whatever the language. */
static bool is_helpful(struct session *session, size_t misdecoder, struct span sample, double before) {
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    struct spacing spacing = spacing_of(session, &session->glyphs);
    struct undone undone = misdecoders_try(session->repairer->misdecoders, misdecoder, &spacing, sample, &after);
    bool helpful = undone.proofs[PROOF_SURE] > 0 || price_in_language(session, buffer_span(&after), before) < before;
    for (size_t levels = 2; levels <= LEVELS && !helpful; levels++) {
        search_undo(session, &(struct misdecoding){misdecoder, session->repairer->utf8, levels}, sample, &after);
        helpful = price_in_language(session, buffer_span(&after), before) < before;
    }
    buffer_free(&after);
    return helpful;
}

/* Those of the misdecoders that are worth a search: a letter of any script is cheaper than the two or three that it was
 * read as. */
static uint64_t helpful_misdecoders(struct session *session, struct span sample, uint64_t possible) {
    double before = price_in_language(session, sample, INFINITY);
    uint64_t helpful = 0;
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++) {
        if (!(possible >> i & 1)) continue;
        if (is_helpful(session, i, sample, before))
            helpful |= UINT64_C(1) << i;
        else
            session->exhausted[i]++;
    }
    return helpful;
}

/* Looks for what may have happened to the sample: UTF-8 that one of these misdecoders read, or text in a legacy
 * encoding. Both compete, because bytes of one look like the other. */
static void search_misdecoding(struct session *session, uint64_t utf8, uint64_t legacy, struct search *search) {
    search->before = search->best = search_price(session, search->sample, INFINITY, &search->language);
    find_utf8(session, utf8, search);
    bool clear = search->misdecoding.truth && search->whole && evidence_runes(search->sample) > FEWEST_MULTI;
    if (!search->misdecoding.truth) search->best = search->before - legacy_margin(search->sample);
    if (legacy && controls_found(search->sample))
        search->best = fmin(search->best, controls_price(session, search->sample, search->before) - CONTROLS_MARGIN);
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

bool search_line(struct session *session, struct span line, struct span sample, uint64_t utf8,
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
