#include "stages/extract/raised.h"

#include <stdint.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    LONGEST_RAISED = 24,  /* bytes of an element */
    LONGEST_EXPONENT = 8, /* bytes */
    LONGEST_UNIT = 3,     /* max. letters of a unit or variable */
    SHORTEST_WORD = 4,    /* min. letters of a word that may be followed by a footnote */
    LONGEST_BASE = 2      /* max. digits of the base of a power, or letters of a variable */
};

/* The text directly before the superscript or subscript. */
struct base {
    struct span number, word;      /* the number or the word at the end of the text; at most one of them is not empty */
    uint32_t last, before, symbol; /* last: last character of the text; before: the one before the number or word;
                                      symbol: the same, ignoring spaces */
};

/* ---------------------------------------------------------------- characters */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_digits(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if (!is_digit(text.at[i])) return false;
    return text.length > 0;
}

/* Returns true for letters and combining marks, so that a letter with an accent does not end a word. */
static bool is_letter(uint32_t rune) {
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_MC;
}

/* Returns true for ASCII operators, the middle dot, and the multiplication, dot operator, minus and division signs. */
static bool is_operator(uint32_t rune) {
    return (rune < 128 && rune && strchr("*^=+/<>", (int)rune)) || rune == 0xB7 || rune == 0xD7 || rune == 0x22C5 ||
           rune == 0x2212 || rune == 0xF7;
}

static bool is_currency(uint32_t rune) {
    return rune_category(rune) == UTF8PROC_CATEGORY_SC;
}

static uint32_t last_rune(struct span text) {
    uint32_t rune = 0;
    if (text.length) text_previous(text, text.length, &rune);
    return rune;
}

static uint32_t first_rune(struct span text) {
    uint32_t rune = 0;
    if (text.length) text_next(text, 0, &rune);
    return rune;
}

/* Returns the superscript or subscript form of a digit or sign, or 0 if there is none. */
static uint32_t shifted(uint32_t rune, bool above) {
    static const char signs[] = "+-=()";
    const char *sign = rune < 128 && rune ? strchr(signs, (int)rune) : NULL;
    if (rune == 0x2212 || rune == 0x2013) sign = signs + 1;
    if (sign) return (above ? 0x207Au : 0x208Au) + (uint32_t)(sign - signs);
    if (above && (rune == 'n' || rune == 'x')) return rune == 'n' ? 0x207F : 0x2E3;
    if (rune < '0' || rune > '9') return 0;
    if (above && rune >= '1' && rune <= '3') return rune == '1' ? 0xB9 : 0xB0 + rune - '0';
    return (above ? 0x2070u : 0x2080u) + rune - '0';
}

/* Returns the text in superscript or subscript characters, or an empty span if Unicode lacks one of them. */
static struct span shift(struct span text, bool above, struct arena *arena) {
    char *to = arena_take(arena, text.length * 4 + 1);
    size_t length = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t rune, high;
        at += text_next(text, at, &rune);
        high = shifted(rune, above);
        if (!high) return SPAN("");
        length += text_put(to + length, high);
    }
    return (struct span){to, length};
}

/* ---------------------------------------------------------------- the preceding text */

/* Returns where the number at the end of the text starts. It may contain separators, as in "1,000.5", but does not
 * begin or end with one. */
static size_t number_start(struct span text) {
    size_t start = text.length;
    while (start > 0 &&
           (is_digit(text.at[start - 1]) ||
            (start < text.length && start > 1 && strchr(".,", text.at[start - 1]) && is_digit(text.at[start - 2]))))
        start--;
    return start;
}

static size_t word_start(struct span text) {
    size_t start = text.length;
    for (uint32_t rune; start > 0;) {
        size_t size = text_previous(text, start, &rune);
        if (!is_letter(rune)) break;
        start -= size;
    }
    return start;
}

static struct base read_base(struct span before) {
    struct base base = {.last = last_rune(before)};
    size_t number = number_start(before), word = word_start(before), start = number < word ? number : word;
    base.number = span_cut(before, number, before.length);
    base.word = span_cut(before, word, before.length);
    base.before = last_rune(span_cut(before, 0, start));
    base.symbol = last_rune(span_trim(span_cut(before, 0, start)));
    return base;
}

/* Returns true if the brackets at the end of the text contain a term, as in "(a + b)", with an operator and no word.
 * Returns false for "(WHO)". */
static bool is_term(struct span before) {
    size_t letters = 0, signs = 0;
    for (size_t at = before.length; at > 0 && before.at[at - 1] != '(' && at + LONGEST_RAISED > before.length; at--) {
        letters = (before.at[at - 1] | 32) >= 'a' && (before.at[at - 1] | 32) <= 'z' ? letters + 1 : 0;
        signs += is_operator((unsigned char)before.at[at - 1]) || before.at[at - 1] == '-';
        if (letters > LONGEST_BASE) return false;
    }
    return signs > 0;
}

/* ---------------------------------------------------------------- footnotes */

/* Returns true for text that has the form of a footnote label: "1", "12", "a", "*", "[2]" or "1, 2". */
static bool has_note_form(struct span text) {
    size_t marks = 0, letters = 0, digits = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        bool sign = rune == 0x2020 || rune == 0x2021 || rune == 0xA7 || rune == 0xB6 || rune == 0x2013;
        bool mark = sign || (rune < 128 && strchr("[](),;*- ", (int)rune));
        marks += mark;
        letters += is_letter(rune);
        digits += rune >= '0' && rune <= '9';
        if (!mark && !is_letter(rune) && !(rune >= '0' && rune <= '9')) return false;
    }
    return marks + letters + digits > 0 && letters < 2 && digits < 8;
}

/* Returns true for a reference in brackets: anything in square brackets, or a number in round ones. "(n+1)" is an
 * exponent. */
static bool is_bracketed(struct span text) {
    return (span_starts(text, SPAN("[")) && span_ends(text, SPAN("]"))) ||
           (span_starts(text, SPAN("(")) && span_ends(text, SPAN(")")) &&
            is_digits(span_cut(text, 1, text.length - 1)));
}

/* Returns true if the text consists of marks such as "*" or "†", without letters or digits. */
static bool is_asterisks(struct span text) {
    for (size_t i = 0; i < text.length; i++)
        if (is_digit(text.at[i]) || is_letter((unsigned char)text.at[i])) return false;
    return has_note_form(text);
}

/* Returns true for the class, id or role that wikis, WordPress and e-book tools give to a footnote reference. */
static bool names_note(struct span name) {
    return span_contains_ascii_fold(name, SPAN("note")) || span_contains_ascii_fold(name, SPAN("fnref")) ||
           span_contains_ascii_fold(name, SPAN("reference")) || span_contains_ascii_fold(name, SPAN("citation"));
}

/* Returns true if the element is marked as a footnote reference: by a link inside it, by a link around it that contains
 * nothing else, or by its class, id or role. */
static bool is_called_note(const struct tree *tree, int node) {
    int parent = tree->nodes[node].parent;
    if (parent >= 0 && tree->nodes[parent].tag == TAG_A && tree->nodes[parent].end == tree->nodes[node].end &&
        parent == node - 1)
        return true;
    for (int i = node; i < tree->nodes[node].end; i++) {
        const struct node *one = &tree->nodes[i];
        if (one->tag == TAG_A || names_note(node_attribute(one, "class")) || names_note(node_attribute(one, "id")) ||
            names_note(node_attribute(one, "role")))
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------- fractions */

static const struct {
    const char *written, *sign;
} fractions[] = {{"1/2", "½"}, {"1/3", "⅓"}, {"2/3", "⅔"}, {"1/4", "¼"}, {"3/4", "¾"},
                 {"1/5", "⅕"}, {"2/5", "⅖"}, {"3/5", "⅗"}, {"4/5", "⅘"}, {"1/6", "⅙"},
                 {"5/6", "⅚"}, {"1/8", "⅛"}, {"3/8", "⅜"}, {"5/8", "⅝"}, {"7/8", "⅞"}};

/* Writes a fraction. If there is no single character for it, a space keeps "3 5/7" from becoming "35/7". */
static struct span fraction(struct span written, bool after_number, struct arena *arena) {
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions; i++)
        if (span_is(written, fractions[i].written)) return span_of(fractions[i].sign);
    return arena_print(arena, "%s%.*s", after_number ? " " : "", SPAN_ARGS(written));
}

static bool is_slash(uint32_t rune) {
    return rune == '/' || rune == 0x2044 || rune == 0x2215;
}

/* Returns true if the element is the numerator in "<sup>1</sup>/<sub>2</sub>". */
static bool is_numerator(const struct tree *tree, int node) {
    int slash = tree->nodes[node].next, below = slash < 0 ? -1 : tree->nodes[slash].next;
    struct span text = slash < 0 ? SPAN("") : span_trim(tree->nodes[slash].text);
    uint32_t rune = first_rune(text);
    return below >= 0 && tree->nodes[below].tag == TAG_SUB && is_slash(rune) && text_count(text) == 1;
}

/* Returns the superscript digits at the end of `before` as ordinary digits, and sets *ret_bytes to their length in
 * bytes. */
static struct span digits_above(struct span before, struct arena *arena, size_t *ret_bytes) {
    char *digits = arena_take(arena, LONGEST_EXPONENT + 1);
    size_t at = before.length, first = LONGEST_EXPONENT;
    for (uint32_t rune; at > 0 && first > 0;) {
        size_t size = text_previous(before, at, &rune);
        char digit = '0';
        while (digit <= '9' && shifted((unsigned char)digit, true) != rune) digit++;
        if (digit > '9') break;
        digits[--first] = digit;
        at -= size;
    }
    *ret_bytes = before.length - at;
    return (struct span){digits + first, LONGEST_EXPONENT - first};
}

/* Writes the fraction of which `text` is the denominator. Returns false if `before` does not end with a numerator and a
 * slash. */
static bool read_fraction(struct span text, struct span before, struct arena *arena, struct raised *ret_raised) {
    uint32_t rune = 0;
    size_t slash = before.length ? text_previous(before, before.length, &rune) : 0, bytes;
    if (!is_slash(rune) || !is_digits(text)) return false;
    struct span rest = span_cut(before, 0, before.length - slash), above = digits_above(rest, arena, &bytes);
    if (!above.length) return false;
    rest = span_cut(rest, 0, rest.length - bytes);
    bool after_number = rest.length && is_digit(rest.at[rest.length - 1]);
    struct span written = arena_print(arena, "%.*s/%.*s", SPAN_ARGS(above), SPAN_ARGS(text));
    *ret_raised = (struct raised){fraction(written, after_number, arena), bytes + slash};
    return true;
}

/* ---------------------------------------------------------------- superscripts */

static struct raised plain(struct span text) {
    return (struct raised){text, 0};
}

/* Writes an exponent as "^k" or "^(k+1)" if it has no superscript form. */
static struct raised power(struct span text, struct arena *arena) {
    struct span signs = shift(text, true, arena);
    if (signs.length) return plain(signs);
    bool one = text_count(text) == 1 || is_digits(text);
    return plain(arena_print(arena, "^%s%.*s%s", one ? "" : "(", SPAN_ARGS(text), one ? "" : ")"));
}

/* Writes a price such as "€ 9⁹⁹" or a time such as "19³⁰". Returns an empty span for other numbers. Powers of 2 and 10
 * look like times, so after these numbers the minutes must begin with 0. */
static struct span price_or_time(const struct base *base, struct span text, uint32_t next, struct arena *arena) {
    long long whole = 0, part = 0;
    if (text.length != 2 || !span_number(base->number, &whole) || !span_number(text, &part)) return SPAN("");
    if (is_currency(base->symbol) || is_currency(next))
        return arena_print(arena, "%s%.*s", base->symbol == '$' || base->symbol == 0xA3 ? "." : ",", SPAN_ARGS(text));
    bool round = text.at[0] == '0' || (whole != 10 && whole != 2);
    return round && base->number.length <= 2 && whole < 25 && part < 60 ? arena_print(arena, ":%.*s", SPAN_ARGS(text))
                                                                        : SPAN("");
}

/* Handles digits above the line after a number. After a longer number, a small one is a footnote, unless an operator is
 * next to it. */
static struct raised above_number(const struct base *base, struct span text, uint32_t next, struct arena *arena) {
    bool counted = is_operator(base->symbol) || is_operator(next) || span_is(base->number, "10");
    struct span other = counted ? SPAN("") : price_or_time(base, text, next, arena);
    if (other.length) return plain(other);
    if (!counted && base->number.length > LONGEST_BASE && text.length <= LONGEST_BASE) return plain(SPAN(""));
    return power(text, arena);
}

/* Handles digits above the line after a word. Units and variables are short and may be squared or cubed. After a longer
 * word, the digits are a footnote. */
static struct raised above_word(const struct base *base, struct span text, struct arena *arena) {
    size_t letters = text_count(base->word);
    bool squared = span_is(text, "2") || span_is(text, "3");
    bool wide = first_rune(base->word) >= 0x2E80;
    if (letters > LONGEST_UNIT) return plain(SPAN(""));
    if (letters > 1 && !squared && !is_operator(base->before)) return plain(SPAN(""));
    return wide && !(base->before >= '0' && base->before <= '9') ? plain(SPAN("")) : power(text, arena);
}

/* Handles digits above the line. If they follow neither a number nor a word, they are a footnote unless they precede a
 * letter, begin the text, or follow a term or an operator. */
static struct raised above_digits(const struct base *base, struct span text, struct span before, uint32_t next,
                                  struct arena *arena) {
    if (base->number.length) return above_number(base, text, next, arena);
    if (base->word.length) return above_word(base, text, arena);
    /* the digits may begin an isotope such as "²³⁵U", or be the number at the start of a footnote's own text */
    bool opens = before.length == 0 || base->last == '(' || is_letter(next);
    bool closes = base->last == ')' && is_term(before);
    return opens || closes || is_operator(base->last) ? power(text, arena) : plain(SPAN(""));
}

/* Returns true for an exponent such as "n+1" or "-k" after a number or a variable: single letters and digits with
 * operators between them. */
static bool is_sum(const struct base *base, struct span text) {
    size_t run = 0, letters = 0, signs = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        run = is_letter(rune) ? run + 1 : 0;
        letters += run;
        signs += is_operator(rune) || rune == '-' || rune == 0x2013;
        if (run > 1) return false;
    }
    bool variable = text_count(base->word) == 1 && !(base->before && is_letter(base->before));
    return signs > 0 && letters > 0 && (base->number.length || variable);
}

/* Handles letters above the line. Ordinals and abbreviations are kept: "1er", "Mme", "5.º". A single letter after a
 * word is a footnote. */
static struct raised above_letters(const struct base *base, struct span text, struct arena *arena) {
    bool after_number = base->number.length || base->last == '.';
    if (after_number && (span_is(text, "o") || span_is(text, "a")))
        return plain(span_is(text, "o") ? SPAN("º") : SPAN("ª"));
    if (span_is(text, "TM") || span_is(text, "tm")) return plain(SPAN("™"));
    bool variable = text_count(base->word) == 1 && !(base->before && is_letter(base->before));
    if ((span_is(text, "n") || span_is(text, "x")) && (base->number.length || variable)) return power(text, arena);
    if (text.length == 1 && text_count(base->word) >= SHORTEST_WORD) return plain(SPAN(""));
    return plain(text);
}

/* Returns true if all characters are digits or signs that have a superscript form. Letters are handled by
 * above_letters(). */
static bool is_exponent(struct span text) {
    struct span rest = text;
    if (text.length > LONGEST_EXPONENT) return false;
    for (size_t at = 0; at < rest.length;) {
        uint32_t rune;
        at += text_next(rest, at, &rune);
        if (rune == 'n' || rune == 'x' || !shifted(rune, true)) return false;
    }
    return text.length > 0;
}

/* Converts a superscript. Digits are usually an exponent; they are a footnote only if they are linked, labelled as one
 * or in brackets. */
static struct raised read_above(const struct tree *tree, int node, struct span text, struct span before,
                                struct arena *arena) {
    struct base base = read_base(before);
    int end = tree->nodes[node].end;
    struct span after = end < (int)tree->count ? tree->nodes[end].text : SPAN("");
    uint32_t next = first_rune(after);
    if (is_numerator(tree, node) && is_digits(text)) return power(text, arena);
    if ((is_called_note(tree, node) && has_note_form(text)) || is_bracketed(text) || is_asterisks(text))
        if (!is_exponent(text) || is_called_note(tree, node) || is_bracketed(text)) return plain(SPAN(""));
    if (is_digits(text)) return above_digits(&base, text, before, next, arena);
    if (is_exponent(text) || is_sum(&base, text)) return power(text, arena);
    if (span_form(text, "d/d")) return plain(fraction(text, base.number.length > 0, arena));
    if (is_letter(first_rune(text))) return above_letters(&base, text, arena);
    return has_note_form(text) && before.length ? plain(SPAN("")) : plain(text);
}

/* ---------------------------------------------------------------- both kinds */

bool raised_is(const struct tree *tree, int node) {
    const struct node *element = &tree->nodes[node];
    if (element->tag != TAG_SUP && element->tag != TAG_SUB) return false;
    size_t bytes = 0;
    for (int i = node + 1; i < element->end; i++) {
        enum tag tag = tree->nodes[i].tag;
        bytes += tree->nodes[i].text.length;
        if (tag != TAG_TEXT && tag != TAG_A && tag != TAG_SPAN && tag != TAG_CITE) return false;
    }
    return bytes <= LONGEST_RAISED;
}

/* Converts the element. A subscript is a denominator, a number such as the "2" in "H₂O", or ordinary text. */
struct raised raised_read(const struct tree *tree, int node, struct span before, struct arena *arena) {
    struct buffer out = BUFFER(LONGEST_RAISED * 2);
    bool space = false;
    for (int i = node + 1; i < tree->nodes[node].end; i++) text_fold(&out, tree->nodes[i].text, &space);
    struct span text = arena_copy(arena, span_trim(buffer_span(&out)));
    buffer_free(&out);
    struct raised raised;
    if (tree->nodes[node].tag == TAG_SUP) return read_above(tree, node, text, before, arena);
    if (read_fraction(text, before, arena, &raised)) return raised;
    struct span signs = is_exponent(text) ? shift(text, false, arena) : text;
    return plain(signs);
}
