#include "stages/check/talk_phrases.h"

#include <stdlib.h>

#include "pipeline/base/table.h"

/* MAX_PHRASES limits the time for a text in which many phrases begin alike. */
enum { BEGINNING = 3, BITS = 12, MAX_PHRASES = 1024 };

/* The phrases whose first BEGINNING bytes have the same hash form a list. Numbers are those of rows + 1; 0 ends a list.
 */
struct talk_phrases {
    struct table table;
    uint16_t first[1 << BITS], next[MAX_PHRASES];
};

/* The phrases that a text has, one bit each. */
struct seen {
    bool any;
    uint64_t bits[MAX_PHRASES / 64];
};

/* Adds a byte to the last bytes of a text, in lower case. */
static uint32_t push(uint32_t bytes, char c) {
    return (bytes << 8 | (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c)) & 0xFFFFFF;
}

static size_t hash_of(uint32_t bytes) {
    return bytes * 0x9E3779B1u >> (32 - BITS);
}

static bool add_phrase(struct talk_phrases *phrases, size_t row, struct failure *ret_failure) {
    struct span phrase = phrases->table.rows[row].cells[1];
    uint32_t bytes = 0;
    if (phrase.length < BEGINNING || row == MAX_PHRASES)
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "tables/check/talk.tsv: the phrase '%.*s' has fewer than %d letters, or is after the "
                             "first %d",
                             SPAN_ARGS(phrase), BEGINNING, MAX_PHRASES);
    for (size_t i = 0; i < BEGINNING; i++) bytes = push(bytes, phrase.at[i]);
    uint16_t *first = &phrases->first[hash_of(bytes)];
    phrases->next[row] = *first;
    *first = (uint16_t)(row + 1);
    return true;
}

bool talk_phrases_read(const char *data_folder, struct arena *arena, struct talk_phrases **ret_phrases,
                       struct failure *ret_failure) {
    struct talk_phrases *phrases = arena_take(arena, sizeof *phrases);
    if (!table_read(data_folder, "check/talk.tsv", arena, &phrases->table, ret_failure)) return false;
    for (size_t row = 0; row < phrases->table.count; row++)
        if (!add_phrase(phrases, row, ret_failure)) return false;
    *ret_phrases = phrases;
    return true;
}

/* Adds the phrases with which the text begins, of those in the list. */
static void add_at(const struct talk_phrases *phrases, struct span text, unsigned number, struct seen *seen) {
    for (; number; number = phrases->next[number - 1])
        if (span_starts_ascii_fold(text, phrases->table.rows[number - 1].cells[1])) {
            seen->bits[(number - 1) / 64] |= UINT64_C(1) << (number - 1) % 64;
            seen->any = true;
        }
}

static void note_first(const struct row *row, struct span source, struct span ret_first[TALK_KINDS]) {
    static const char *const kinds[TALK_KINDS] = {"job", "talk", "leak"};
    for (size_t kind = 0; kind < TALK_KINDS; kind++)
        if (!ret_first[kind].length && span_is(row->cells[0], kinds[kind]) &&
            span_find(source, row->cells[1]) == SIZE_MAX)
            ret_first[kind] = row->cells[1];
}

void talk_phrases_find(const struct talk_phrases *phrases, struct span text, struct span source,
                       struct span ret_first[TALK_KINDS]) {
    struct seen seen = {0};
    for (size_t kind = 0; kind < TALK_KINDS; kind++) ret_first[kind] = (struct span){0};
    uint32_t bytes = 0;
    for (size_t i = 0; i < text.length; i++) {
        bytes = push(bytes, text.at[i]);
        unsigned number = i + 1 < BEGINNING ? 0 : phrases->first[hash_of(bytes)];
        if (number) add_at(phrases, span_cut(text, i + 1 - BEGINNING, text.length), number, &seen);
    }
    for (size_t row = 0; seen.any && row < phrases->table.count; row++)
        if (seen.bits[row / 64] >> row % 64 & 1) note_first(&phrases->table.rows[row], source, ret_first);
}
