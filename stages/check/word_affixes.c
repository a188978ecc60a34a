#include "stages/check/word_affixes.h"

static struct affix read_affix(struct span text, const struct sense *sense) {
    size_t star = span_find(text, SPAN("*"));
    struct affix affix = {.letters = text, .role = sense->role, .value = sense->value};
    if (star == SIZE_MAX) return affix;
    affix.start = span_cut(text, 0, star);
    affix.letters = span_cut(text, star + 1, text.length);
    return affix;
}

static void add_byte(uint64_t set[4], char byte) {
    set[(unsigned char)byte / 64] |= UINT64_C(1) << (unsigned char)byte % 64;
}

static bool has_byte(const uint64_t set[4], char byte) {
    return (set[(unsigned char)byte / 64] >> (unsigned char)byte % 64 & 1) != 0;
}

static void note_bytes(struct word_affixes *affixes, const struct affix *affix) {
    if (affix->letters.length == 0) return; /* no word has it */
    affixes->inside |= affix->role == ROLE_INSIDE;
    if (affix->role == ROLE_ENDING) add_byte(affixes->last, affix->letters.at[affix->letters.length - 1]);
    if (affix->role == ROLE_DENIAL) add_byte(affixes->first, affix->letters.at[0]);
}

void word_affixes_add(struct word_affixes *affixes, struct span text, const struct sense *sense) {
    bool affix = sense->role == ROLE_INSIDE || sense->role == ROLE_ENDING || sense->role == ROLE_DENIAL;
    if (!affix || affixes->count == MAX_AFFIXES) return;
    affixes->items[affixes->count] = read_affix(text, sense);
    note_bytes(affixes, &affixes->items[affixes->count++]);
}

/* The search for the last byte, which is the most telling one of a letter, spares most words the call. */
static bool has_inside(struct span letters, struct span folded) {
    return memchr(folded.at, letters.at[letters.length - 1], folded.length) && span_find(folded, letters) != SIZE_MAX;
}

static bool has_affix(const struct affix *affix, struct span folded) {
    if (affix->start.length + affix->letters.length > folded.length || !affix->letters.length) return false;
    if (affix->role == ROLE_INSIDE) return has_inside(affix->letters, folded);
    return affix->role == ROLE_ENDING && folded.at[folded.length - 1] == affix->letters.at[affix->letters.length - 1] &&
           span_ends(folded, affix->letters) && span_starts(folded, affix->start);
}

double word_affixes_value(const struct word_affixes *affixes, struct span folded) {
    double value = 0;
    if (folded.length == 0 || (!affixes->inside && !has_byte(affixes->last, folded.at[folded.length - 1]))) return 0;
    for (size_t i = 0; i < affixes->count; i++)
        if (affixes->items[i].value > value && has_affix(&affixes->items[i], folded)) value = affixes->items[i].value;
    return value;
}

bool word_affixes_denial(const struct word_affixes *affixes, struct span folded, struct span *ret_rest) {
    size_t length = 0;
    if (folded.length == 0 || !has_byte(affixes->first, folded.at[0])) return false;
    for (size_t i = 0; i < affixes->count; i++) {
        const struct affix *affix = &affixes->items[i];
        if (affix->role == ROLE_DENIAL && affix->letters.length > length && span_starts(folded, affix->letters))
            length = affix->letters.length;
    }
    *ret_rest = span_cut(folded, length, folded.length);
    return length > 0;
}
