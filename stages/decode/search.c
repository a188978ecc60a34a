#include "stages/decode/search.h"

#include <math.h>

#include "stages/decode/ascii.h"
#include "stages/decode/compose.h"
#include "stages/decode/controls.h"
#include "stages/decode/evidence.h"
#include "stages/decode/window.h"
#include "stages/language/scripts.h"

#define LEVELS 3
/* Margins in bits: a repaired text must be cheaper than the original by at least the margin. The rarer a misdecoding
 * is, and the less certain the model, the larger the margin. */
#define SURE_MARGIN 3
#define UTF8_MARGIN 10
#define HINT_BITS 14         /* additional margin for each sequence that is only weak evidence (PROOF_HINT) */
#define INCONSISTENT_BITS 50 /* additional margin for a single sequence among characters that were not misread */
#define LOST_BITS 20         /* additional margin for each lost character, because its replacement U+FFFD costs more */
#define UNCOMMON_BITS 12     /* additional margin for a misdecoder that few programs use as their default */
#define LEGACY_MARGIN 20
#define SCRIPT_BITS 1.5   /* additional margin for each non-ASCII character if the script is not Latin */
#define CONTROLS_MARGIN 3 /* margin by which a repair must be cheaper than converting only the C1 controls */
#define AGAIN_DISCOUNT 10 /* the margin is reduced by this if the same misdecoding was found earlier in the text */
/* A repair that yields East Asian text, or starts from a script other than Latin, requires at least this many non-ASCII
 * code points in the line. Fewer may be just an acronym. */
#define MIN_MULTI 8
#define DENSE 8 /* a text is dense if it has at most this many bytes per non-ASCII character */
/* Maximum cost in bits per character of the words of a repaired text. Typical words cost three to five, East Asian ones
 * six to eleven. */
#define HOME_BITS 6
#define HOME_BITS_MULTI 13
#define LOST_SHARE 5    /* at most one byte in this many may be lost */
#define UNKNOWN_SHARE 4 /* at most one in this many characters of the result may be unknown to every language */
/* Limits on the number of searches per text: on searches that find nothing (SEARCHES), and on all (MAX_SEARCHES). A
 * text that exceeds a limit is not mojibake, or is too long to be repaired completely. */
#define SEARCHES 48
#define MAX_SEARCHES 256
/* A text is searched for a misdecoding of legacy text if this many characters are foreign to its language, or if its
 * cost exceeds FOREIGN_BITS. */
#define FOREIGN_RUNES 2
#define DOUBTFUL_BITS 4.6 /* used instead of FOREIGN_BITS if one character is foreign */

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

/* Undoes the decoding of UTF-8 in an East Asian encoding, which reads two bytes at a time. Bytes are lost if the text
 * ended in the middle of a pair. */
static bool undo_multi(const struct repairer *repairer, const struct misdecoding *misdecoding, struct span line,
                       struct buffer *out) {
    struct buffer bytes = BUFFER(LINE_LIMIT * LINE_GROWTH);
    bool done = encoding_reverse(search_misdecoder(repairer, misdecoding), line, &bytes);
    if (done) done = encoding_convert(repairer->utf8, buffer_span(&bytes), out) * LOST_SHARE <= bytes.length;
    buffer_free(&bytes);
    return done;
}

/* Prepares the decisions about spaces (spacing.h), which depend on the language of the preceding text. */
static struct spacing spacing_of(const struct session *session, struct glyphs *scratch) {
    return (struct spacing){session->repairer->writing, scratch, session->language};
}

/* Undoes all levels of a misdecoding (a text may have been misread several times in succession). The two buffers
 * alternate so that the last level ends up in `out`. */
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

/* Returns by how many bits the result must be cheaper than the sample. This depends on how strong the evidence of the
 * sequences is. */
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

/* The state of a search, with the misdecoding whose repair has given the cheapest text so far. */
struct search {
    struct span sample;
    double before, best;            /* before: cost of the sample; best: lowest cost found so far */
    struct misdecoding misdecoding; /* `truth` is NULL until a misdecoding is found */
    int language;
    bool whole; /* all non-ASCII text of the sample is misread UTF-8 */
};

/* Returns whether there are enough misread sequences to continue. A few among many other letters are a coincidence. */
static bool is_worth_a_look(struct undone undone) {
    return undone.sequences > undone.lost && undone.sequences * 8 >= undone.left;
}

/* Returns whether too many characters of the result are unknown to every language of the model. Lost characters and
 * remaining controls are not counted. */
static bool has_too_many_unknown(const struct session *session, const struct undone *undone) {
    size_t unknown = glyphs_unknown(&session->glyphs), known = undone->lost + undone->replaced + undone->controls;
    return unknown > known && (unknown - known) * UNKNOWN_SHARE > undone->sequences;
}

/* Accepts the result if it is at least `margin` cheaper than the sample, and cheaper than the best result so far. */
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

/* Undoes up to LEVELS misreadings before comparing, because undoing one of two misreadings does not make a text more
 * plausible. */
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

/* Returns whether the sample seems to be in a different language from the preceding text. If it has few non-ASCII
 * letters, rare words do not indicate this. Signs that are no misread letters do not either: nearly every page has a
 * copyright sign or an arrow that its language does not use. */
static bool is_foreign(struct session *session, struct span sample) {
    size_t unknown;
    const struct writing *writing = session->repairer->writing;
    glyphs_fill(writing, sample, &session->glyphs);
    double bits = writing_foreignness(writing, session->language, &session->glyphs, &unknown);
    unknown = writing_misread(writing, session->language, &session->glyphs);
    bool dense = evidence_runes(sample) * DENSE >= sample.length;
    return unknown >= FOREIGN_RUNES || (bits > FOREIGN_BITS && dense) || (bits > DOUBTFUL_BITS && unknown > 0);
}

/* Returns whether the result is plausible text in the language: the language uses nearly all of its characters, and
 * their order is likely in words. The second test rejects lists of letters, which may have a low cost in many wrong
 * encodings. */
static bool is_at_home(struct session *session, struct span after, int language, double limit) {
    size_t unknown;
    glyphs_fill(session->repairer->writing, after, &session->glyphs);
    double bits = writing_foreignness(session->repairer->writing, language, &session->glyphs, &unknown);
    return bits <= limit && unknown * UNKNOWN_SHARE <= evidence_runes(after);
}

/* Returns whether this misdecoding of legacy text is considered at all. The old Mac encoding is common in web archives,
 * but is considered only if it was misread as windows-1252. Other rare encodings are not considered. */
static bool is_considered(const struct session *session, const struct misdecoding *misdecoding) {
    const struct repairer *repairer = session->repairer;
    return misdecoding->truth == repairer->of_controls[CONTROLS_MACINTOSH]
               ? search_misdecoder(repairer, misdecoding) == repairer->of_controls[CONTROLS_WINDOWS]
               : !encoding_is_rare(misdecoding->truth);
}

/* Returns whether the first letter outside ASCII is Latin. */
static bool is_of_latin(struct span text) {
    uint32_t rune;
    for (size_t i = ascii_end(text, 0); i < text.length; i = ascii_end(text, i)) {
        i += valid_next(text, i, &rune);
        if (script_of(rune) != SCRIPT_NONE) return script_of(rune) == SCRIPT_LATIN;
    }
    return true;
}

/* Returns whether `after`, the result of undoing a misdecoding of `before`, is plausible as the original text. */
static bool is_legacy(struct session *session, const struct misdecoding *misdecoding, struct span before,
                      struct span after, int language) {
    bool multi = misdecoding->truth->codec == CODEC_MULTI;
    bool few = evidence_runes(before) < MIN_MULTI && (multi || !is_of_latin(before));
    return !few && is_considered(session, misdecoding) &&
           is_at_home(session, after, language, multi ? HOME_BITS_MULTI : HOME_BITS) &&
           !evidence_is_habit(before, after) && !evidence_is_of_controls(before, after);
}

/* The bytes of which a sample may have been misread, and the encoding in which they have the lowest cost, that is,
 * yield the most plausible text; NULL if it costs too much. */
struct misread {
    struct buffer bytes;
    const struct encoding_entry *truth;
    double bits;
    int language;
};

static void weigh_legacy(struct session *session, size_t misdecoder, const struct misread *misread,
                         struct search *search) {
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    struct misdecoding misdecoding = {misdecoder, misread->truth, 1};
    double bits = misread->bits - discount(session, &misdecoding);
    if (misdecoding.truth && misdecoding.truth != search_misdecoder(session->repairer, &misdecoding) &&
        bits < search->best && encoding_convert(misdecoding.truth, buffer_span(&misread->bytes), &after) == 0 &&
        is_legacy(session, &misdecoding, search->sample, buffer_span(&after), misread->language)) {
        search->best = bits;
        search->misdecoding = misdecoding;
        search->language = misread->language;
    }
    buffer_free(&after);
}

/* Several encodings have the same letters in the same places, so many of them read a sample from the same bytes.
 * Returns the earlier of `count`, else the last, which has the new bytes. A limit that was higher then makes no
 * difference, since what exceeds the present one is not accepted. */
static struct misread *look_up_bytes(const struct session *session, struct misread *misreads, size_t count,
                                     double limit) {
    struct misread *last = &misreads[count];
    struct span bytes = buffer_span(&last->bytes);
    for (size_t i = 0; i < count; i++)
        if (span_equal(buffer_span(&misreads[i].bytes), bytes)) return &misreads[i];
    last->truth = candidates_cheapest(session->repairer->candidates, bytes, limit, &last->bits, &last->language);
    return last;
}

/* Converts the sample back to the bytes that were misread, and looks for the encoding that they are in. */
static void find_legacy(struct session *session, uint64_t possible, struct search *search) {
    struct misread misreads[MISDECODERS];
    size_t count = 0;
    for (size_t i = 0; possible >> i && i < MISDECODERS; i++) {
        struct misread *next = &misreads[count];
        *next = (struct misread){.bytes = BUFFER(WINDOW_LIMIT), .bits = INFINITY, .language = -1};
        bool done =
            possible >> i & 1 && misdecoders_encode(session->repairer->misdecoders, i, search->sample, &next->bytes);
        struct misread *found = done ? look_up_bytes(session, misreads, count, search->best + AGAIN_DISCOUNT) : NULL;
        if (found) weigh_legacy(session, i, found, search);
        if (found == next)
            count++;
        else
            buffer_free(&next->bytes);
    }
    for (size_t i = 0; i < count; i++) buffer_free(&misreads[i].bytes);
}

/* Tries the common East Asian encodings as misdecoders. They can decode almost any bytes, but mostly to rare
 * characters. */
static void find_multi(struct session *session, struct search *search) {
    const struct encodings *encodings = session->repairer->encodings;
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    for (size_t i = 0; i < encodings->count; i++) {
        struct misdecoding misdecoding = {MISDECODERS + i, session->repairer->utf8, 1};
        if (encodings->at[i].codec != CODEC_MULTI || encoding_is_rare(&encodings->at[i])) continue;
        buffer_clear(&after);
        if (!undo_multi(session->repairer, &misdecoding, search->sample, &after)) continue;
        double bits = search_price(session, buffer_span(&after), search->best, &search->language);
        if (bits >= search->best) continue;
        search->best = bits;
        search->misdecoding = misdecoding;
    }
    buffer_free(&after);
}

/* Returns the cost of the text in the language of the preceding text, or a value above `limit` if it is higher. */
static double price_in_language(struct session *session, struct span sample, double limit) {
    glyphs_fill(session->repairer->writing, sample, &session->glyphs);
    return writing_bits(session->repairer->writing, session->language, &session->glyphs, limit);
}

/* Returns the margin for a misdecoding of legacy text. It is larger if the sample is in a script other than Latin.
 * Misdecoding rarely produces whole words in such a script, so the sample is probably correct. */
static double legacy_margin(struct span sample) {
    return LEGACY_MARGIN + (is_of_latin(sample) ? 0 : SCRIPT_BITS * (double)evidence_runes(sample));
}

/* Returns whether `after` is plausible text and costs less than the unrepaired sample in any language. */
static bool is_legacy_again(struct session *session, struct span sample, struct span after, double bits) {
    int language = session->language;
    return is_legacy(session, &session->last, sample, after, session->language) &&
           bits + legacy_margin(sample) < search_price(session, sample, INFINITY, &language);
}

/* Returns whether the misdecoding found last also applies to this line. No full search is needed, but undoing it must
 * make this line cheaper too. */
static bool is_same_again(struct session *session, struct span sample, bool utf8) {
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

/* Returns whether undoing the misdecoder makes the sample cheaper in the language of the document, or the sample has a
 * sequence that nobody writes (PROOF_SURE). */
static bool is_helpful(struct session *session, size_t misdecoder, struct span sample, double before) {
    struct buffer after = BUFFER(WINDOW_LIMIT * LINE_GROWTH);
    struct spacing spacing = spacing_of(session, &session->glyphs);
    struct undone undone = misdecoders_try(session->repairer->misdecoders, misdecoder, &spacing, sample, &after);
    bool changed = undone.sequences > 0; /* else the price is the same, at every level */
    bool helpful =
        undone.proofs[PROOF_SURE] > 0 || (changed && price_in_language(session, buffer_span(&after), before) < before);
    for (size_t levels = 2; levels <= LEVELS && changed && !helpful; levels++) {
        search_undo(session, &(struct misdecoding){misdecoder, session->repairer->utf8, levels}, sample, &after);
        helpful = price_in_language(session, buffer_span(&after), before) < before;
    }
    buffer_free(&after);
    return helpful;
}

/* Returns the misdecoders that are worth a full search: those that pass is_helpful(). That test works for any script:
 * undoing a real misdecoding lowers the cost of the text, because it turns two or three characters back into a single
 * letter. */
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

/* Tries two explanations: that a misdecoder in `utf8` read UTF-8, and that one in `legacy` read text in a legacy
 * encoding. The cheaper result wins, because the bytes alone do not tell which it was. */
static void search_misdecoding(struct session *session, uint64_t utf8, uint64_t legacy, struct search *search) {
    search->before = search->best = search_price(session, search->sample, INFINITY, &search->language);
    find_utf8(session, utf8, search);
    bool clear = search->misdecoding.truth && search->whole && evidence_runes(search->sample) > MIN_MULTI;
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
    if (is_same_again(session, sample, utf8 != 0)) {
        *ret_misdecoding = session->last;
        return true;
    }
    if (session->fruitless >= SEARCHES || session->searches >= MAX_SEARCHES) return false;
    bool evidence = evidence_found(sample);
    if (!evidence) utf8 &= session->repairer->common; /* any misdecoder may seem to fit a list of letters */
    if (utf8) utf8 = helpful_misdecoders(session, sample, utf8);
    uint64_t legacy = session->repairer->misreading & misdecoders_of_all(session->repairer->misdecoders, line);
    if (legacy && (!evidence || !is_foreign(session, sample))) legacy = 0;
    if (utf8 || legacy || is_east_asian(sample)) search_misdecoding(session, utf8, legacy, &search);
    *ret_misdecoding = search.misdecoding;
    return search.misdecoding.truth != NULL;
}
