#include "stages/check/lexicon.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/mapped.h"
#include "stages/language/language_code.h"

/* All pointers refer to the mapped file. */
struct lexicon_part {
    const char *code;
    const uint32_t *offsets;
    const unsigned char *coverage, *entries;
    size_t size; /* of the entries in bytes, with the padding */
    uint32_t words, buckets;
};

struct lexicon {
    struct mapped file;
    const struct lexicon_head *head;
    const struct lexicon_language *languages;
    const uint32_t *words;
    const uint8_t *rarities;
    struct lexicon_part parts[LEXICON_LANGUAGES];
};

/* ---------------------------------------------------------------- the file */

/* The part of the file that has not been assigned yet. Everything is aligned to four bytes. */
struct rest {
    const unsigned char *at;
    uint64_t size;
};

/* Returns NULL if fewer bytes are left. */
static const void *take(struct rest *rest, uint64_t size) {
    const unsigned char *at = rest->at;
    size += lexicon_padding(size);
    if (size > rest->size) return NULL;
    rest->at += size;
    rest->size -= size;
    return at;
}

static bool ascend(const uint32_t *numbers, size_t count, bool strictly) {
    for (size_t i = 1; i < count; i++)
        if (numbers[i] < numbers[i - 1] || (strictly && numbers[i] == numbers[i - 1])) return false;
    return true;
}

/* Checked here because lexicon_find() relies on them. */
static bool take_part(struct rest *rest, const struct lexicon_language *language, uint32_t words,
                      struct lexicon_part *ret_part) {
    if (language->code[LEXICON_CODE - 1] != '\0' || language->buckets == 0) return false;
    ret_part->code = language->code;
    ret_part->words = words;
    ret_part->buckets = language->buckets;
    ret_part->coverage = take(rest, lexicon_bytes(words));
    ret_part->offsets = take(rest, ((uint64_t)language->buckets + 1) * sizeof(uint32_t));
    ret_part->entries = take(rest, lexicon_bytes(language->size));
    ret_part->size = lexicon_bytes(language->size) + lexicon_padding(lexicon_bytes(language->size));
    return ret_part->coverage && ret_part->offsets && ret_part->entries && ret_part->offsets[0] == 0 &&
           ascend(ret_part->offsets, (size_t)language->buckets + 1, false) &&
           ret_part->offsets[language->buckets] == language->size;
}

/* Codes are looked up by binary search. */
static bool take_parts(struct lexicon *lexicon, struct rest *rest) {
    for (size_t i = 0; i < lexicon->head->languages; i++) {
        if (!take_part(rest, &lexicon->languages[i], lexicon->head->words, &lexicon->parts[i])) return false;
        if (i > 0 && strcmp(lexicon->parts[i - 1].code, lexicon->parts[i].code) >= 0) return false;
    }
    return rest->size == 0;
}

static bool read_file(struct lexicon *lexicon) {
    struct rest rest = {lexicon->file.at, lexicon->file.size};
    const struct lexicon_head *head = lexicon->head = take(&rest, sizeof *head);
    if (!head || memcmp(head->magic, LEXICON_MAGIC, sizeof head->magic) != 0) return false;
    if (head->size != lexicon->file.size || head->languages > LEXICON_LANGUAGES || head->words > LEXICON_WORDS)
        return false;
    lexicon->languages = take(&rest, head->languages * sizeof *lexicon->languages);
    lexicon->words = take(&rest, head->words * sizeof *lexicon->words);
    lexicon->rarities = take(&rest, head->words);
    return lexicon->languages && lexicon->words && lexicon->rarities && ascend(lexicon->words, head->words, true) &&
           take_parts(lexicon, &rest);
}

bool lexicon_map(const char *path, struct lexicon **ret_lexicon, struct failure *ret_failure) {
    static const char what[] = "the lexicon";
    struct lexicon *lexicon = memory_take(sizeof *lexicon);
    bool good = mapped_open(path, sizeof(struct lexicon_head), what, &lexicon->file, ret_failure) &&
                (read_file(lexicon) || mapped_refuse(path, what, ret_failure));
    if (good)
        *ret_lexicon = lexicon;
    else
        lexicon_close(lexicon);
    return good;
}

bool lexicon_open(const char *data_folder, struct lexicon **ret_lexicon, struct failure *ret_failure) {
    char path[4096];
    snprintf(path, sizeof path, "%s/tables/lexicon.model", data_folder);
    return lexicon_map(path, ret_lexicon, ret_failure);
}

void lexicon_close(struct lexicon *lexicon) {
    if (!lexicon) return;
    mapped_close(&lexicon->file);
    free(lexicon);
}

/* ---------------------------------------------------------------- languages and words */

static int compare_code(const void *code, const void *part) {
    return strcmp(code, ((const struct lexicon_part *)part)->code);
}

static const struct lexicon_part *find_code(const struct lexicon *lexicon, struct span code) {
    char text[LEXICON_CODE] = "";
    if (code.length == 0 || code.length >= sizeof text) return NULL;
    memcpy(text, code.at, code.length);
    return bsearch(text, lexicon->parts, lexicon->head->languages, sizeof *lexicon->parts, compare_code);
}

const struct lexicon_part *lexicon_find_language(const struct lexicon *lexicon, struct span code) {
    const struct lexicon_part *part = find_code(lexicon, code);
    while (!part && language_code_widen(&code)) part = find_code(lexicon, code);
    return part;
}

/* A binary search for the last word up to the unit, without branches that depend on the words: they could not be
 * predicted. */
uint16_t lexicon_find_word(const struct lexicon *lexicon, uint32_t unit) {
    const uint32_t *first = lexicon->words;
    size_t count = lexicon->head->words;
    while (count > 1) {
        size_t half = count / 2;
        first += first[half] <= unit ? half : 0;
        count -= half;
    }
    return count == 1 && *first == unit ? (uint16_t)(first - lexicon->words) : LEXICON_WORDS;
}

uint8_t lexicon_rarity(const struct lexicon *lexicon, uint16_t word) {
    return word < lexicon->head->words ? lexicon->rarities[word] : LEXICON_RAREST;
}

/* A level that does not exist is taken for no coverage, which claims least. */
unsigned lexicon_coverage(const struct lexicon_part *part, uint16_t word) {
    if (word >= part->words) return 0;
    unsigned level = part->coverage[word / 2] >> (word % 2 * 4) & 0xF;
    return level < LEXICON_COVERAGES ? level : 0;
}

double lexicon_probability(uint8_t steps) {
    /* a table, because exp2() takes longer than the rest of a look-up: 2^0, 2^-1/4, 2^-1/2 and 2^-3/4 */
    static const double quarters[] = {1, 0.8408964152537145, 0.7071067811865476, 0.5946035575013605};
    enum { QUARTER = LEXICON_STEPS / 4 };
    return quarters[steps % LEXICON_STEPS / QUARTER] / (double)(1u << steps / LEXICON_STEPS);
}

/* ---------------------------------------------------------------- translations */

/* Returns the next fifteen half bytes or more as a number, of which the caller takes the lowest. Reads eight bytes at
 * once, except where so many are not left. */
static uint64_t read_halves(const struct lexicon_part *part, uint32_t at) {
    uint64_t number = 0;
    size_t byte = at / 2;
    if (byte + sizeof number <= part->size)
        memcpy(&number, part->entries + byte, sizeof number);
    else
        for (size_t i = 0; byte + i < part->size; i++) number |= (uint64_t)part->entries[byte + i] << (8 * i);
    return number >> at % 2 * 4;
}

/* Translations that reach beyond the bucket, and words that do not exist, are damage. */
static size_t read_translations(const struct lexicon_part *part, uint32_t at, uint32_t end,
                                struct translation ret_found[LEXICON_TRANSLATIONS]) {
    size_t count = 0;
    for (; count < LEXICON_TRANSLATIONS && end - at >= LEXICON_TRANSLATION; at += LEXICON_TRANSLATION) {
        uint32_t found = (uint32_t)read_halves(part, at);
        uint16_t word = found & LEXICON_WORD_BITS;
        if (word >= part->words) return 0;
        uint8_t level = found >> LEXICON_LEVEL_BIT & LEXICON_LEVEL_MAX;
        ret_found[count++] = (struct translation){word, lexicon_steps(level)};
        if (found & LEXICON_LAST) return count;
    }
    return 0;
}

/* Returns the start of the next entry, or `end`. Looks at the flags of three translations at once. */
static uint32_t skip_translations(const struct lexicon_part *part, uint32_t at, uint32_t end) {
    enum { AT_ONCE = 3, BITS = 4 * LEXICON_TRANSLATION };
    static const uint64_t flags = LEXICON_LAST | (uint64_t)LEXICON_LAST << BITS | (uint64_t)LEXICON_LAST << 2 * BITS;
    for (; at < end; at += AT_ONCE * LEXICON_TRANSLATION) {
        uint64_t last = read_halves(part, at) & flags;
        if (last == 0) continue;
        at += ((uint32_t)__builtin_ctzll(last) / BITS + 1) * LEXICON_TRANSLATION;
        break;
    }
    return at < end ? at : end;
}

size_t lexicon_find(const struct lexicon_part *part, uint64_t unit,
                    struct translation ret_found[LEXICON_TRANSLATIONS]) {
    uint32_t bucket = lexicon_bucket(unit, part->buckets);
    uint32_t at = part->offsets[bucket], end = part->offsets[bucket + 1];
    while (end - at >= LEXICON_FINGERPRINT + LEXICON_TRANSLATION) {
        uint16_t fingerprint = lexicon_fingerprint(read_halves(part, at));
        at += LEXICON_FINGERPRINT;
        if (fingerprint == lexicon_fingerprint(unit)) return read_translations(part, at, end, ret_found);
        if (fingerprint > lexicon_fingerprint(unit)) return 0;
        at = skip_translations(part, at, end);
    }
    return 0;
}

void lexicon_prefetch(const struct lexicon_part *part, uint64_t unit) {
    __builtin_prefetch(part->offsets + lexicon_bucket(unit, part->buckets));
}

void lexicon_prefetch_entries(const struct lexicon_part *part, uint64_t unit) {
    __builtin_prefetch(part->entries + part->offsets[lexicon_bucket(unit, part->buckets)] / 2);
}
