/* Finds addresses in the English that the source does not have: web addresses without "www" or "http", and those of
 * streets. Other links are compared in links.c; the digits of telephone numbers, in numbers.c. */
#include <string.h>

#include "stages/check/checks.h"

/* MAX_LOOKUPS: addresses looked for in the source, all of which has to be read for each. MAX_NAME: words of a street's
 * name. MAX_DIGITS: digits of a house number. NEAR: tokens between a house number and its street. */
enum { MAX_LOOKUPS = 16, MAX_NAME = 4, MAX_DIGITS = 5, NEAR = 6, MIN_LABEL = 2, LABELS = 3, MAX_SCHEME = 12 };

/* Returns whether the table has the word under this kind. */
static bool has_word(const struct table *addresses, const char *kind, struct span word) {
    for (size_t i = 0; i < addresses->count; i++) {
        struct span rest = addresses->rows[i].cells[1], form;
        while (span_is(addresses->rows[i].cells[0], kind) && span_next(&rest, ' ', &form))
            if (span_equal_ascii_fold(form, word)) return true;
    }
    return false;
}

/* ---------------------------------------------------------------- web addresses */

static bool is_label_byte(char c) {
    return (unsigned)((c | 32) - 'a') < 26 || (c >= '0' && c <= '9') || c == '-';
}

/* Returns whether the web address at `from` is only a part of another link or word. */
static bool is_joined(struct span text, size_t from) {
    uint32_t rune = 0;
    if (from) text_previous(text, from, &rune);
    return rune_is_word(rune) || rune == '@' || rune == '_' || rune == '/' || rune == '-';
}

/* Returns the labels and dots around the dot at `at`, without a dot at the end. */
static struct span domain_around(struct span text, size_t at, size_t *ret_end) {
    size_t from = at, to = at;
    while (from > 0 && (is_label_byte(text.at[from - 1]) || text.at[from - 1] == '.')) from--;
    while (to < text.length && (is_label_byte(text.at[to]) || text.at[to] == '.')) to++;
    *ret_end = to;
    while (to > at && text.at[to - 1] == '.') to--;
    return span_cut(text, from, to);
}

static size_t count_between(struct span text, char first, char last) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) count += text.at[i] >= first && text.at[i] <= last;
    return count;
}

/* Returns whether the labels are written as those of an address. Names of companies, such as Booking.com, have
 * capitals, may replace their names in other scripts, and have neither a hyphen nor a path. A capital behind the last
 * dot begins a sentence whose space is missing, unless all letters are capitals. */
static bool is_spelled_out(struct span domain, struct span last, char next) {
    if (!count_between(domain, 'A', 'Z')) return true;
    if (!count_between(domain, 'a', 'z')) return last.length > MIN_LABEL;
    return !count_between(last, 'A', 'Z') && (next == '/' || memchr(domain.at, '-', domain.length));
}

/* Returns whether the labels form a domain: the last one is in the table, and the one before it is a name. */
static bool is_domain(const struct table *addresses, struct span domain, char next) {
    struct span rest = domain, label, name = {0}, last = {0};
    size_t count = 0;
    for (; span_next(&rest, '.', &label); count++) {
        if (label.length == 0 || label.at[0] == '-') return false;
        name = last;
        last = label;
    }
    if (name.length < MIN_LABEL || (name.at[0] >= '0' && name.at[0] <= '9' && count < LABELS)) return false;
    if (!is_spelled_out(domain, last, next)) return false;
    return has_word(addresses, "domain", last) || (count >= LABELS && has_word(addresses, "maybe", last));
}

/* Returns the first web address of the text that the source does not contain. */
static struct span find_domain(const struct pair *pair) {
    struct span text = pair->target;
    size_t lookups = 0;
    for (size_t i = 1, end; i + 1 < text.length && lookups < MAX_LOOKUPS; i = end) {
        const char *dot = memchr(text.at + i, '.', text.length - i);
        if (!dot) break;
        size_t at = (size_t)(dot - text.at);
        struct span domain = domain_around(text, at, &end);
        if (end == at + 1) continue; /* ends a sentence */
        size_t from = (size_t)(domain.at - text.at);
        if (is_joined(text, from) || (end < text.length && strchr("@_", text.at[end]))) continue;
        if (!is_domain(pair->addresses, domain, end < text.length ? text.at[end] : ' ')) continue;
        lookups++;
        if (!span_contains_ascii_fold(pair->source, domain)) return domain;
    }
    return (struct span){0};
}

/* ---------------------------------------------------------------- schemes, and dots in disguise */

static size_t find_gap(struct span text, size_t from) {
    while (from < text.length && !text_is_space(text.at[from])) from++;
    return from;
}

/* Returns the address that begins with the scheme before the colon ("javascript:alert(1)"), or an empty span. */
static struct span scheme_at(const struct pair *pair, size_t colon) {
    struct span text = pair->target;
    size_t from = colon, end = find_gap(text, colon + 1);
    while (from > 0 && colon - from < MAX_SCHEME && (unsigned)((text.at[from - 1] | 32) - 'a') < 26) from--;
    bool is_scheme = end > colon + 1 && has_word(pair->addresses, "scheme", span_cut(text, from, colon));
    return is_scheme ? span_cut(text, from, end) : (struct span){0};
}

/* Returns the first address with a scheme that only browsers and wallets know, or with one that was made unclickable.
 */
static struct span find_scheme(const struct pair *pair) {
    struct span text = pair->target;
    for (size_t i = 0, lookups = 0; i < text.length && lookups < MAX_LOOKUPS; i++) {
        if (text.at[i] != ':') continue;
        struct span found = scheme_at(pair, i);
        size_t scheme = found.length ? i + 1 - (size_t)(found.at - text.at) : 0;
        lookups += scheme > 0;
        if (scheme && !span_contains_ascii_fold(pair->source, span_cut(found, 0, scheme))) return found;
    }
    return (struct span){0};
}

/* Whether the text has a bracket, which all disguised dots of the table have. Most texts have none. */
static bool has_disguise(struct span text) {
    return memchr(text.at, '[', text.length) || memchr(text.at, '(', text.length) || memchr(text.at, '{', text.length);
}

/* Returns the words around the first dot that is written as in "museum[.]org", unless the source writes dots so. */
static struct span find_disguised(const struct pair *pair) {
    struct span text = pair->target;
    if (!has_disguise(text)) return (struct span){0};
    for (size_t i = 0; i < pair->addresses->count; i++) {
        struct span rest = pair->addresses->rows[i].cells[1], form;
        while (span_is(pair->addresses->rows[i].cells[0], "dot") && span_next(&rest, ' ', &form)) {
            size_t at = span_find(text, form), from = at;
            if (at == SIZE_MAX || span_find(pair->source, form) != SIZE_MAX) continue;
            while (from > 0 && is_label_byte(text.at[from - 1])) from--;
            size_t end = at + form.length;
            while (end < text.length && is_label_byte(text.at[end])) end++;
            if (from < at && end > at + form.length) return span_cut(text, from, end);
        }
    }
    return (struct span){0};
}

/* ---------------------------------------------------------------- streets */

static bool is_capital(const struct reading *reading, size_t i) {
    const struct token *token = &reading->tokens[i];
    uint32_t rune;
    text_next(token->written, 0, &rune);
    return token->kind == TOKEN_WORD && rune_is_upper(rune);
}

/* Returns the last token of the street address that begins at `i` ("14 Mill Road"), or 0. */
static size_t end_of_street(const struct pair *pair, size_t i) {
    const struct reading *reading = &pair->target_reading;
    const struct token *number = &reading->tokens[i];
    if (number->kind != TOKEN_NUMBER || number->folded.length > MAX_DIGITS) return 0;
    for (size_t j = i + 1; j < reading->count && j <= i + MAX_NAME && is_capital(reading, j); j++)
        if (j > i + 1 && has_word(pair->addresses, "street", reading->tokens[j].folded)) return j;
    return 0;
}

/* Returns whether a name stands near token `i` of the source. The first word has a capital in any case, and scripts
 * without capitals do not tell. */
static bool is_near_name(const struct reading *source, size_t i) {
    size_t from = i < NEAR + 1 ? 1 : i - NEAR;
    for (size_t j = from; j <= i + NEAR && j < source->count; j++) {
        const struct token *token = &source->tokens[j];
        if (token->kind == TOKEN_GAP || token->letters == LETTER_UNSPACED || token->letters == LETTER_HANGUL ||
            is_capital(source, j))
            return true;
    }
    return false;
}

/* Returns whether the source has the house number, near what may be the name of a street. */
static bool has_house(const struct reading *source, struct span number) {
    bool cased = false;
    for (size_t i = 0; i < source->count; i++) cased = cased || is_capital(source, i);
    for (size_t i = 0; i < source->count; i++)
        if (span_equal(source->tokens[i].folded, number) && (!cased || is_near_name(source, i))) return true;
    return false;
}

static struct span find_street(const struct pair *pair) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0, lookups = 0; i < target->count && lookups < MAX_LOOKUPS; i++) {
        size_t last = end_of_street(pair, i);
        if (!last || (lookups++, has_house(&pair->source_reading, target->tokens[i].folded))) continue;
        const char *end = target->tokens[last].written.at + target->tokens[last].written.length;
        return (struct span){target->tokens[i].written.at, (size_t)(end - target->tokens[i].written.at)};
    }
    return (struct span){0};
}

/* ---------------------------------------------------------------- the check */

bool check_addresses(const struct pair *pair, struct buffer *message) {
    struct span found = find_domain(pair);
    if (!found.length) found = find_scheme(pair);
    if (!found.length) found = find_disguised(pair);
    if (!found.length) found = find_street(pair);
    if (found.length)
        buffer_print(message, "the English has the address %.*s, the source does not",
                     SPAN_ARGS(text_clip(found, 120)));
    return found.length > 0;
}
