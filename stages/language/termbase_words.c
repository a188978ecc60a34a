/* Compares words with the words of terms, including inflected forms. */
#include "stages/language/termbase_internal.h"
#include "stages/language/unicode.h"

enum {
    PREFIX = 3,       /* min. letters of a term's word that may be inflected; a shorter one must match exactly */
    MAX_ADDED = 3,    /* max. letters that an inflection may add */
    CHANGES_ONE = 4,  /* min. letters of a word whose last letter may change */
    CHANGES_TWO = 7,  /* min. letters of a word whose last two letters may change */
    LONGEST_WORD = 64 /* max. letters that are compared */
};

/* In scripts without spaces, every character is a word, so a term may match at any character. */
struct span term_word(struct span text, size_t at) {
    size_t end = at;
    while (end < text.length) {
        uint32_t rune;
        size_t size = text_next(text, end, &rune);
        if (!rune_is_word(rune) || (end > at && rune_is_unspaced(rune))) break;
        end += size;
        if (rune_is_unspaced(rune)) break;
    }
    return span_cut(text, at, end);
}

size_t term_bucket(struct span word, size_t max_letters) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0, letters = 0; i < word.length && letters < max_letters && letters < PREFIX; letters++) {
        uint32_t rune;
        i += text_next(word, i, &rune);
        hash = (hash ^ rune_fold(rune)) * 1099511628211u;
    }
    return (size_t)(hash % TERM_BUCKETS);
}

/* The case-folded letters of a word. Only the first LONGEST_WORD letters are compared. */
struct letters {
    uint32_t folded[LONGEST_WORD];
    size_t count;
    bool capital, capitals; /* capital: the first letter is a capital; capitals: there are several letters, all of them
                               capitals */
};

/* Words in scripts without case have no capitals, so they match with inflections. */
static struct letters letters_of(struct span word) {
    struct letters letters = {.capitals = true};
    for (size_t i = 0; i < word.length && letters.count < LONGEST_WORD; letters.count++) {
        uint32_t rune;
        i += text_next(word, i, &rune);
        letters.folded[letters.count] = rune_fold(rune);
        bool capital = rune_fold(rune) != rune;
        if (letters.count == 0) letters.capital = capital;
        letters.capitals = letters.capitals && capital;
    }
    letters.capitals = letters.capitals && letters.count > 1;
    return letters;
}

/* Returns true if a word of a text may be a form of a word of a term. The first `common` letters of both are equal;
 * `word` and `term` are their numbers of letters. The shorter the term's word, the fewer letters at its end may be
 * changed or added, because short words are often similar by chance. */
static bool is_form(size_t common, size_t word, size_t term) {
    if (common == term) return word <= term + MAX_ADDED;
    size_t changed = term - common, added = word - common;
    if (changed == 1 && term >= CHANGES_ONE) return added <= (term > CHANGES_ONE ? 2u : 1u);
    return changed == 2 && term >= CHANGES_TWO && added <= MAX_ADDED;
}

/* Short words must match exactly, because too many others are similar. */
bool term_word_fits(struct span word, struct span of_term, bool exact) {
    struct letters text = letters_of(word), term = letters_of(of_term);
    /* an abbreviation such as "EU" must not match words that begin with the same letters */
    if (exact || term.capitals || term.count < PREFIX) return span_equal(word, of_term);
    if (term.capital && !text.capital) return false;
    size_t common = 0;
    while (common < text.count && common < term.count && text.folded[common] == term.folded[common]) common++;
    return is_form(common, text.count, term.count);
}
