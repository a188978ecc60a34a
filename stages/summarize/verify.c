#include "stages/summarize/verify.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/table.h"
#include "stages/check/checker.h"
#include "stages/check/quantities.h"
#include "stages/language/unicode.h"

/* Lengths in bytes. Two names are treated as the same if they share at least SHORTEST_STEM bytes and differ only in
 * endings of at most ENDING bytes. */
enum { LONGEST_SENTENCE = 800, SHORTEST_STEM = 4, ENDING = 3 };

struct verifier {
    struct arena *arena;
    const struct checker *checker; /* the run's */
    struct word_tables *word_tables;
    struct table openers;
};

bool verifier_open(const char *data_folder, struct resources *resources, struct verifier **ret_verifier,
                   struct failure *ret_failure) {
    struct verifier *verifier = memory_take(sizeof *verifier);
    verifier->arena = arena_new();
    bool done = (verifier->checker = resources_borrow(resources, &checker_resource, ret_failure)) != NULL &&
                (verifier->word_tables = resources_borrow(resources, &word_tables_resource, ret_failure)) != NULL &&
                table_read(data_folder, "summarize/openers.txt", verifier->arena, &verifier->openers, ret_failure);
    if (done)
        *ret_verifier = verifier;
    else
        verifier_close(verifier);
    return done;
}

void verifier_close(struct verifier *verifier) {
    if (!verifier) return;
    arena_free(verifier->arena);
    free(verifier);
}

/* ---------------------------------------------------------------- numbers */

static bool has_value(const struct quantities *cited, double value) {
    for (size_t i = 0; i < cited->count; i++) {
        if (quantity_has(&cited->items[i], value)) return true;
        for (size_t j = 0; j < cited->items[i].part_count; j++)
            if (quantity_same(cited->items[i].parts[j], value)) return true;
    }
    return false;
}

/* Whether the cited sentences support the number: they contain one of its possible values or, for a date or time, every
 * part. */
static bool is_supported(const struct quantity *quantity, const struct quantities *cited) {
    bool parts = quantity->part_count > 0;
    for (size_t i = 0; i < quantity->value_count; i++)
        if (has_value(cited, quantity->values[i])) return true;
    for (size_t i = 0; i < quantity->part_count; i++) parts = parts && has_value(cited, quantity->parts[i]);
    return parts;
}

/* Whether the number must occur in the cited sentences. "One" and "first" need not, because they are often used in
 * other senses. */
static bool matters(const struct quantity *quantity) {
    bool small = quantity->value_count && quantity->values[0] <= 1;
    return quantity->kind != QUANTITY_PERHAPS && !(small && quantity->kind != QUANTITY_DIGITS);
}

static bool numbers_hold(const struct word_tables *word_tables, const struct reading *sentence,
                         const struct reading *cited, struct buffer *why) {
    struct quantities said, known;
    bool hold = true;
    quantities_read(word_tables, sentence, true, &said);
    quantities_read(word_tables, cited, true, &known);
    for (size_t i = 0; i < said.count && hold; i++) {
        const struct quantity *quantity = &said.items[i];
        hold = !matters(quantity) || is_supported(quantity, &known);
        if (!hold)
            buffer_print(why, "the number '%.*s' is not in the cited sentences",
                         SPAN_ARGS(text_clip(quantity->written, 60)));
    }
    quantities_free(&said);
    quantities_free(&known);
    return hold;
}

/* ---------------------------------------------------------------- names and addresses */

static bool is_capital(struct span word) {
    uint32_t rune;
    if (word.length == 0) return false;
    text_next(word, 0, &rune);
    return rune_is_upper(rune);
}

static size_t common_letters(struct span a, struct span b) {
    size_t most = a.length < b.length ? a.length : b.length, at = 0;
    while (at < most && a.at[at] == b.at[at]) at++;
    return at;
}

/* Whether two names have the same stem: "Bulgarian" and "Bulgaria", "EU's" and "EU". */
static bool same_name(struct span said, struct span known) {
    size_t common = common_letters(said, known);
    if (common == said.length && common == known.length) return true;
    return common >= SHORTEST_STEM && common + ENDING >= said.length && common + ENDING >= known.length;
}

static bool has_word(const struct reading *cited, struct span folded) {
    for (size_t i = 0; i < cited->count; i++)
        if (cited->tokens[i].kind == TOKEN_WORD && same_name(folded, cited->tokens[i].folded)) return true;
    return false;
}

static bool has_link(const struct reading *cited, struct span link) {
    for (size_t i = 0; i < cited->count; i++)
        if (cited->tokens[i].kind == TOKEN_LINK && span_equal_ascii_fold(cited->tokens[i].written, link)) return true;
    return false;
}

/* Whether the token is a name. The first word of a sentence is always capitalized, so it is treated as a name only if
 * another capitalized word follows. */
static bool is_name(const struct reading *reading, size_t i) {
    const struct token *token = &reading->tokens[i], *next = i + 1 < reading->count ? token + 1 : NULL;
    if (token->kind != TOKEN_WORD || !is_capital(token->written)) return false;
    bool first = i == 0 || (i == 1 && reading->tokens[0].kind == TOKEN_SIGN);
    return !first || (next && next->kind == TOKEN_WORD && is_capital(next->written));
}

static bool is_opener(const struct verifier *verifier, struct span folded) {
    for (size_t i = 0; i < verifier->openers.count; i++)
        if (span_equal(verifier->openers.rows[i].cells[0], folded)) return true;
    return false;
}

/* Whether the token need not occur in the cited sentences because it is neither an address nor a name. */
static bool is_plain(const struct verifier *verifier, const struct reading *sentence, size_t i) {
    const struct token *token = &sentence->tokens[i];
    return token->kind != TOKEN_LINK && (!is_name(sentence, i) || is_opener(verifier, token->folded));
}

static bool words_hold(const struct verifier *verifier, const struct reading *sentence, const struct reading *cited,
                       struct buffer *why) {
    for (size_t i = 0; i < sentence->count; i++) {
        const struct token *token = &sentence->tokens[i];
        bool link = token->kind == TOKEN_LINK;
        if (is_plain(verifier, sentence, i) ||
            (link ? has_link(cited, token->written) : has_word(cited, token->folded)))
            continue;
        buffer_print(why, "%s '%.*s' is not in the cited sentences", link ? "the address" : "the name",
                     SPAN_ARGS(text_clip(token->written, 60)));
        return false;
    }
    return true;
}

bool verifier_supports(const struct verifier *verifier, struct span sentence, struct span cited, struct buffer *why) {
    const struct word_tables *word_tables = verifier->word_tables;
    if (sentence.length == 0 || sentence.length > LONGEST_SENTENCE || memchr(sentence.at, '\n', sentence.length)) {
        buffer_add_string(why, "the sentence is empty, too long or has line breaks");
        return false;
    }
    unsigned english = word_tables_language(word_tables, SPAN("en"));
    struct reading said = reading_make(word_tables, english, sentence),
                   known = reading_make(word_tables, english, cited);
    bool hold = numbers_hold(word_tables, &said, &known, why) && words_hold(verifier, &said, &known, why);
    reading_free(&said);
    reading_free(&known);
    return hold && checker_allows(verifier->checker, cited, sentence, why);
}
