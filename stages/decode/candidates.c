#include "stages/decode/candidates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/compose.h"
#include "stages/decode/window.h"

#define WIDE_WINDOW ((size_t)1024)
/* Weights in bits. Labels and hints that agree with a candidate count for it; undecodable bytes count against it. */
#define LABEL_BITS 24
#define LANGUAGE_BITS 12
#define COUNTRY_BITS 9
#define LABELS 3
#define BAD_BYTE_BITS 24
#define UNASSIGNED_BITS 24 /* subtracted for each byte value in the document that is unassigned in the encoding */
#define NONSENSE_BITS 12   /* a long window whose bytes cost more bits than this on average is not text */
#define DOUBTFUL_BITS 9
#define NONSENSE_LENGTH 128 /* minimum number of bytes in a window that can be judged to be nonsense */
#define DAILY_BITS 6.5      /* average cost in bits of a common East Asian character */
#define RACE ((size_t)400)  /* bytes */
#define RACE_LEAD 96
#define CERTAIN_LEAD 48 /* a winner this many bits ahead of the second best is certain */
/* A candidate is dropped if it costs HOPELESS_BITS, plus HOPELESS_BYTE_BITS per byte, more than the best one. */
#define HOPELESS_BITS 64
#define HOPELESS_BYTE_BITS 2.5

struct candidate {
    const struct encoding_entry *encoding;
    struct span code; /* of the language */
    int language;
    int16_t alone[128]; /* for CODEC_SINGLE: cost of each byte >= 0x80 by itself, in steps (WRITING_STEPS per bit) */
};

struct candidates {
    const struct encodings *encodings;
    const struct writing *writing;
    struct candidate *at; /* sorted so that all candidates for an encoding are adjacent */
    size_t count, capacity;
    struct arena *arena;
};

/* Returns whether this is a tone mark, which is a separate byte in windows-1258 but part of a letter in the model. */
static bool is_tone(uint32_t rune) {
    return rune >= 0x300 && rune <= 0x323;
}

/* Non-breaking spaces get a high cost; otherwise they would outweigh the letters on a page indented with them. */
static double steps_alone(const struct writing *writing, int language, uint32_t rune) {
    return is_tone(rune)  ? 5 * WRITING_STEPS
           : rune == 0xA0 ? 14 * WRITING_STEPS
                          : (double)writing_rune_steps(writing, language, rune);
}

/* Sets the cost of each byte relative to other non-ASCII bytes, so that languages that use few of them can win too. */
static void price_bytes(const struct writing *writing, struct candidate *candidate) {
    double share = 0, steps[128];
    for (size_t i = 0; i < 128; i++) {
        steps[i] = steps_alone(writing, candidate->language, candidate->encoding->high[i]);
        share += exp2(-steps[i] / WRITING_STEPS);
    }
    for (size_t i = 0; i < 128; i++) candidate->alone[i] = (int16_t)(steps[i] + log2(share) * WRITING_STEPS);
}

static void add_candidates(struct candidates *candidates, const struct encoding_entry *encoding) {
    struct span rest = encoding->languages, code;
    while (span_next(&rest, ' ', &code)) {
        struct candidate candidate = {
            .encoding = encoding, .code = code, .language = writing_find(candidates->writing, code)};
        if (candidate.language < 0) continue;
        if (encoding->codec == CODEC_SINGLE) price_bytes(candidates->writing, &candidate);
        candidates->at = arena_grow(candidates->arena, candidates->at, candidates->count, &candidates->capacity,
                                    sizeof *candidates->at);
        candidates->at[candidates->count++] = candidate;
    }
}

struct candidates *candidates_new(const struct encodings *encodings, const struct writing *writing) {
    struct candidates *candidates = memory_take(sizeof *candidates);
    *candidates = (struct candidates){.encodings = encodings, .writing = writing, .arena = arena_new()};
    for (size_t i = 0; i < encodings->count; i++) add_candidates(candidates, &encodings->at[i]);
    return candidates;
}

void candidates_free(struct candidates *candidates) {
    if (candidates) arena_free(candidates->arena);
    free(candidates);
}

const struct encodings *candidates_encodings(const struct candidates *candidates) {
    return candidates->encodings;
}

/* One encoding that takes part in a comparison, with all its candidates (one for each language). */
struct trial {
    const struct encoding_entry *encoding;
    const struct candidate *first;
    size_t count;
    double favour; /* bits for labels that name the encoding, minus the bits for its rarity */
    double labels; /* bits for labels only; a multi-byte encoding loses them if it cannot decode a byte */
    double alone;  /* sum of the costs of the single bytes in the cheapest language; 0 for multi-byte encodings */
};

struct comparison {
    const struct candidates *candidates;
    const struct detect_hints *hints;
    struct span window;
    struct byte_count {
        size_t times;
        unsigned char byte; /* minus 0x80 */
    } bytes[128];           /* the byte values >= 0x80 that occur in the window */
    size_t byte_count;
    size_t beyond;                                 /* number of non-ASCII bytes in the window */
    const struct encoding_entry *labelled[LABELS]; /* the encoding that each label names, or NULL */
    bool present[128];                             /* byte values >= 0x80 that occur in the document */
    struct glyphs glyphs;
    struct trial trials[128];
    size_t trial_count;
    double best, second;
    bool only_best; /* nobody asks for the second best */
    const struct encoding_entry *winner;
    int language; /* language of the winner */
};

static void find_labels(struct comparison *comparison) {
    const struct detect_hints *hints = comparison->hints;
    const struct span labels[LABELS] = {hints->http, hints->xml, hints->html};
    for (size_t i = 0; i < LABELS; i++)
        if (labels[i].length) comparison->labelled[i] = encodings_find(comparison->candidates->encodings, labels[i]);
}

/* Returns the bits for the labels that name the encoding. A label also cancels the penalty for rarity. */
static double label_bits(const struct comparison *comparison, const struct encoding_entry *encoding) {
    double bits = 0;
    for (size_t i = 0; i < LABELS; i++) bits += comparison->labelled[i] == encoding ? LABEL_BITS : 0;
    return bits > 0 ? bits + encoding->rare_bits : 0;
}

/* Returns whether the hint names the language: "zh" names both "zh-Hans" and "zh-Hant". */
static bool is_language(struct span hint, struct span code) {
    return hint.length > 0 && span_starts_ascii_fold(code, hint) &&
           (code.length == hint.length || code.at[hint.length] == '-');
}

/* Returns the bits by which hints support the language. Hints in the bytes count only if feed and address give none. */
static double hint_bits(const struct comparison *comparison, struct span code) {
    const struct detect_hints *hints = comparison->hints;
    struct span language = hints->language.length ? hints->language : hints->stated,
                country = hints->domain.length ? hints->domain : hints->links;
    double bits = is_language(language, code) ? LANGUAGE_BITS : 0;
    return bits + (encodings_speaks(comparison->candidates->encodings, country, code) ? COUNTRY_BITS : 0);
}

static double alone_bits(const struct comparison *comparison, const struct candidate *candidate) {
    double steps = 0;
    for (size_t i = 0; i < comparison->byte_count; i++)
        steps += (double)comparison->bytes[i].times * candidate->alone[comparison->bytes[i].byte];
    return steps / WRITING_STEPS - hint_bits(comparison, candidate->code);
}

static double hopeless(const struct comparison *comparison, double best) {
    return best + HOPELESS_BITS + HOPELESS_BYTE_BITS * (double)comparison->beyond;
}

/* Adds an encoding with its languages, if it is a single-byte or East Asian one. No others need to be compared. */
static void add_trial(struct comparison *comparison, const struct candidate *first, size_t count) {
    double labels = label_bits(comparison, first->encoding);
    struct trial trial = {first->encoding, first, count, labels - first->encoding->rare_bits, labels, 0};
    bool single = first->encoding->codec == CODEC_SINGLE;
    if (!single && first->encoding->codec != CODEC_MULTI) return;
    size_t unassigned = single ? encoding_unassigned(first->encoding, comparison->present) : 0;
    if (unassigned) trial.favour -= labels + (double)unassigned * UNASSIGNED_BITS; /* labels do not count */
    for (size_t i = 0; single && i < count; i++) {
        double alone = alone_bits(comparison, &first[i]);
        if (i == 0 || alone < trial.alone) trial.alone = alone;
    }
    if (comparison->trial_count < sizeof comparison->trials / sizeof *comparison->trials)
        comparison->trials[comparison->trial_count++] = trial;
}

/* Sorts the cheapest encodings first, so that others can be abandoned early, and slow multi-byte encodings last. */
static int compare_trials(const void *a, const void *b) {
    const struct trial *left = a, *right = b;
    bool multi = left->encoding->codec == CODEC_MULTI;
    if (multi != (right->encoding->codec == CODEC_MULTI)) return multi ? 1 : -1;
    double one = left->alone - left->favour, other = right->alone - right->favour;
    return one < other ? -1 : one > other ? 1 : left->first < right->first ? -1 : left->first > right->first;
}

/* Returns whether the encoding (only windows-1258) writes a letter and its combining mark as two bytes. */
static bool has_marks_apart(const struct encoding_entry *encoding) {
    if (encoding->codec != CODEC_SINGLE) return false;
    for (size_t i = 0; i < 128; i++)
        if (encoding->high[i] == 0x301) return true;
    return false;
}

/* Returns the minimum cost of the bytes as East Asian text, in which each character is a pair of bytes. */
static double least_multi_bits(struct span bytes) {
    size_t pairs = 0, bad = 0;
    for (size_t i = 0; i < bytes.length; i++) {
        if ((unsigned char)bytes.at[i] < 0x81) continue;
        pairs++;
        i++;
        bad += i < bytes.length && (unsigned char)bytes.at[i] < '0';
    }
    return (double)(pairs - bad) * DAILY_BITS + (double)bad * BAD_BYTE_BITS;
}

/* Stores the decoded text as glyphs (see writing.h). */
static void fill_glyphs(struct comparison *comparison, const struct encoding_entry *encoding, struct span text) {
    struct buffer composed = BUFFER(WINDOW_LIMIT * 4);
    size_t places = 0;
    if (has_marks_apart(encoding)) text = compose_text(text, &composed, &places);
    glyphs_fill(comparison->candidates->writing, text, &comparison->glyphs);
    buffer_free(&composed);
}

/* Returns the cost of the bytes that cannot be decoded, less what labels and hints are worth. */
static double bad_bits(const struct trial *trial, size_t bad) {
    bool single = trial->encoding->codec == CODEC_SINGLE;
    return (double)bad * BAD_BYTE_BITS - trial->favour + (bad && !single ? trial->labels : 0);
}

/* Returns the cost of the glyphs in the cheapest language, and `more`. Stops when it exceeds `limit`. */
static double language_bits(const struct comparison *comparison, const struct trial *trial, double more, double limit,
                            int *ret_language) {
    bool single = trial->encoding->codec == CODEC_SINGLE;
    double best = limit;
    for (size_t i = 0; i < trial->count; i++) {
        const struct candidate *candidate = &trial->first[i];
        double extra = more - hint_bits(comparison, candidate->code);
        if (single && alone_bits(comparison, candidate) > hopeless(comparison, trial->alone)) continue;
        double bits =
            writing_bits(comparison->candidates->writing, candidate->language, &comparison->glyphs, best - extra) +
            extra;
        if (bits >= best) continue;
        best = bits;
        *ret_language = candidate->language;
    }
    return best;
}

/* Returns the cost of the bytes in this encoding, or `limit` if it exceeds that. */
static double trial_bits(struct comparison *comparison, const struct trial *trial, struct span bytes, double limit,
                         int *ret_language) {
    struct buffer decoded = BUFFER(WINDOW_LIMIT * 4);
    double more = bad_bits(trial, encoding_convert(trial->encoding, bytes, &decoded)), best = limit;
    if (more < limit) {
        fill_glyphs(comparison, trial->encoding, buffer_span(&decoded));
        best = language_bits(comparison, trial, more, limit, ret_language);
    }
    buffer_free(&decoded);
    return best;
}

static void drop_hopeless(struct comparison *comparison) {
    double least = INFINITY;
    size_t kept = 0;
    for (size_t i = 0; i < comparison->trial_count; i++) {
        const struct trial *trial = &comparison->trials[i];
        bool single = trial->encoding->codec == CODEC_SINGLE;
        double alone = trial->alone - trial->favour;
        if (single && alone < least) least = alone;
        if (!single || alone <= hopeless(comparison, least)) comparison->trials[kept++] = *trial;
    }
    comparison->trial_count = kept;
}

/* Compares the encodings on the start of a long window, and drops those that cost far more than the best one. Returns
 * how many are left. */
static size_t drop_slow(struct comparison *comparison, struct trial *trials, size_t count) {
    double bits[sizeof comparison->trials / sizeof *comparison->trials], best = comparison->best;
    struct span start = span_cut(comparison->window, 0, RACE);
    size_t kept = 0;
    int language;
    while (start.length > 0 && start.at[start.length - 1] != ' ' && start.at[start.length - 1] != '\n') start.length--;
    if (comparison->window.length < 2 * RACE || start.length < RACE / 2) return count;
    for (size_t i = 0; i < count; i++) {
        bits[i] = trial_bits(comparison, &trials[i], start, best + RACE_LEAD, &language);
        if (bits[i] < best) best = bits[i];
    }
    for (size_t i = 0; i < count; i++)
        if (bits[i] < best + RACE_LEAD) trials[kept++] = trials[i];
    return kept;
}

static void run_trial(struct comparison *comparison, const struct trial *trial, double least_multi) {
    double limit = comparison->best + CERTAIN_LEAD;
    int language = -1;
    if (trial->encoding->codec == CODEC_MULTI && least_multi - trial->favour > limit) return;
    if (comparison->only_best) limit = comparison->best;
    double bits = trial_bits(comparison, trial, comparison->window, limit, &language);
    if (bits < comparison->best) {
        comparison->second = comparison->best;
        comparison->best = bits;
        comparison->winner = trial->encoding;
        comparison->language = language;
    } else if (bits < comparison->second) {
        comparison->second = bits;
    }
}

static void run_trials(struct comparison *comparison, struct trial *trials, size_t count) {
    double least_multi = least_multi_bits(comparison->window);
    count = drop_slow(comparison, trials, count);
    for (size_t i = 0; i < count; i++) run_trial(comparison, &trials[i], least_multi);
}

/* Moves the trials of rare encodings behind the others. Returns the number of the others. */
static size_t part_rare(struct comparison *comparison) {
    struct trial rare[sizeof comparison->trials / sizeof *comparison->trials];
    size_t rare_count = 0, kept = 0;
    for (size_t i = 0; i < comparison->trial_count; i++) {
        const struct trial *trial = &comparison->trials[i];
        if (encoding_is_rare(trial->encoding))
            rare[rare_count++] = *trial;
        else
            comparison->trials[kept++] = *trial;
    }
    memcpy(comparison->trials + kept, rare, rare_count * sizeof *rare);
    return kept;
}

static void find_winner(struct comparison *comparison) {
    qsort(comparison->trials, comparison->trial_count, sizeof *comparison->trials, compare_trials);
    drop_hopeless(comparison);
    size_t common = comparison->only_best ? part_rare(comparison) : comparison->trial_count;
    run_trials(comparison, comparison->trials, common);
    if (comparison->winner) run_trials(comparison, comparison->trials + common, comparison->trial_count - common);
}

static double certainty_of(double best, double second) {
    double lead = second - best;
    return lead >= CERTAIN_LEAD ? 0.99 : 1 / (1 + exp2(-lead / 8));
}

/* Returns whether the bytes may be East Asian UTF-16: most high bytes are in East Asian blocks, low bytes vary. */
static bool may_be_wide(struct span bytes) {
    size_t few[2] = {0}, units = bytes.length / 2;
    for (size_t i = 0; i < 2 * units; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        few[i % 2] += byte == 0 || byte == 0x0E || byte == 0x30 || (byte >= 0x4E && byte < 0xA0) ||
                      (byte >= 0xAC && byte < 0xD8) || byte == 0xFF;
    }
    size_t more = few[0] > few[1] ? few[0] : few[1], less = few[0] + few[1] - more;
    return more * 10 >= units * 8 && less * 10 <= units * 8;
}

/* Compares the winner with UTF-16, which is hard to recognise in East Asian text without NUL bytes. */
static void prefer_wide(struct comparison *comparison, struct span raw) {
    const struct candidates *candidates = comparison->candidates;
    struct span start = span_cut(raw, 0, WIDE_WINDOW);
    struct trial trial;
    double best = INFINITY;
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->at[i].encoding == comparison->winner) {
            trial = (struct trial){comparison->winner, &candidates->at[i], 1, 0, 0, INFINITY};
            best = trial_bits(comparison, &trial, start, best, &comparison->language);
        }
    for (size_t i = 0; i < candidates->count; i++) {
        const struct encoding_entry *encoding = candidates->at[i].encoding;
        if (encoding->codec != CODEC_UTF16LE && encoding->codec != CODEC_UTF16BE) continue;
        trial = (struct trial){encoding, &candidates->at[i], 1, 0, 0, INFINITY};
        double bits = trial_bits(comparison, &trial, start, best, &comparison->language);
        if (bits >= best) continue;
        comparison->winner = encoding;
        comparison->window = start;
        comparison->second = best;
        comparison->best = best = bits;
    }
}

static void count_bytes(struct comparison *comparison) {
    size_t times[128] = {0};
    for (size_t i = 0; i < comparison->window.length; i++) {
        unsigned char byte = (unsigned char)comparison->window.at[i];
        if (byte < 0x80) continue;
        times[byte - 0x80]++;
        comparison->beyond++;
    }
    for (unsigned i = 0; i < 128; i++)
        if (times[i]) comparison->bytes[comparison->byte_count++] = (struct byte_count){times[i], (unsigned char)i};
}

/* Compares all candidates on the window. The rest of the document only shows which byte values occur. */
static struct comparison compare(const struct candidates *candidates, struct span window, struct span document,
                                 const struct detect_hints *hints, double limit, bool only_best) {
    struct comparison comparison = {.candidates = candidates,
                                    .hints = hints,
                                    .window = window,
                                    .best = limit,
                                    .second = INFINITY,
                                    .only_best = only_best,
                                    .language = -1};
    find_labels(&comparison);
    count_bytes(&comparison);
    window_present(document, comparison.present);
    for (size_t i = 0, next; i < candidates->count; i = next) {
        for (next = i + 1; next < candidates->count && candidates->at[next].encoding == candidates->at[i].encoding;)
            next++;
        add_trial(&comparison, &candidates->at[i], next - i);
    }
    find_winner(&comparison);
    return comparison;
}

/* Converts the comparison to a result. Text costs two to seven bits per byte, random bytes more than twelve. */
static struct detection conclude(const struct comparison *comparison) {
    size_t length = comparison->window.length;
    double bits = length ? comparison->best / (double)length : 0,
           certainty = certainty_of(comparison->best, comparison->second);
    bool doubtful = length >= NONSENSE_LENGTH && bits > DOUBTFUL_BITS;
    return (struct detection){.encoding = comparison->winner,
                              .language = comparison->language,
                              .from = "model",
                              .certainty = doubtful && certainty > 0.5 ? 0.5 : certainty,
                              .nonsense = doubtful && bits > NONSENSE_BITS};
}

struct detection candidates_compare(const struct candidates *candidates, struct span raw,
                                    const struct detect_hints *hints) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    window_collect(raw, &window);
    struct comparison comparison = compare(candidates, buffer_span(&window), raw, hints, INFINITY, false);
    if (raw.length % 2 == 0 && comparison.winner && may_be_wide(span_cut(raw, 0, WIDE_WINDOW)))
        prefer_wide(&comparison, raw);
    glyphs_free(&comparison.glyphs);
    struct detection detection = conclude(&comparison);
    buffer_free(&window);
    return detection;
}

const struct encoding_entry *candidates_cheapest(const struct candidates *candidates, struct span bytes, double limit,
                                                 double *ret_bits, int *ret_language) {
    struct comparison comparison = compare(candidates, bytes, bytes, &(struct detect_hints){0}, limit, true);
    glyphs_free(&comparison.glyphs);
    if (comparison.winner) {
        *ret_bits = comparison.best;
        *ret_language = comparison.language;
    }
    return comparison.winner;
}
