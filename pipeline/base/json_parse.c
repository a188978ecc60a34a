/* Parses JSON into a tree of cJSON's nodes. The text is read twice by the same functions: the first time only counts
 * the nodes and the bytes of strings, so that the second can put all of them into one block of memory. */
#include "pipeline/base/json.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum fault { FAULT_NONE, FAULT_INVALID, FAULT_DEPTH, FAULT_NUL };
enum { NUMBER_BYTES = 63, QUICK_DIGITS = 15, SURROGATES = 0xD800, LOW_SURROGATES = 0xDC00, SURROGATES_END = 0xE000 };

struct parser {
    const char *at, *end;
    cJSON *nodes; /* NULL when counting */
    char *strings;
    size_t node_count, string_bytes;
    cJSON unused; /* stands for every node when counting */
    unsigned depth;
    enum fault fault;
};

static bool fail(struct parser *p, enum fault fault) {
    p->fault = fault;
    return false;
}

/* Moves past the byte if it is the next one. */
static bool take(struct parser *p, char byte) {
    bool there = p->at < p->end && *p->at == byte;
    p->at += there;
    return there;
}

/* Like cJSON, takes every control character for white space. */
static void skip_space(struct parser *p) {
    while (p->at < p->end && (unsigned char)*p->at <= ' ') p->at++;
}

static cJSON *new_node(struct parser *p) {
    size_t index = p->node_count++;
    return p->nodes ? &p->nodes[index] : &p->unused;
}

/* ---------------------------------------------------------------- strings */

static void put(struct parser *p, const char *bytes, size_t length) {
    if (p->strings) memcpy(p->strings + p->string_bytes, bytes, length);
    p->string_bytes += length;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits after "\u", on which *p stands. */
static bool read_unit(struct parser *p, uint32_t *ret_unit) {
    *ret_unit = 0;
    for (int i = 0; i < 4; i++, p->at++) {
        int digit = p->at < p->end ? hex_digit(*p->at) : -1;
        if (digit < 0) return fail(p, FAULT_INVALID);
        *ret_unit = *ret_unit << 4 | (uint32_t)digit;
    }
    return true;
}

/* A character beyond U+FFFF is written as two units, the surrogates. */
static bool read_unicode(struct parser *p) {
    uint32_t rune, low;
    char bytes[4];
    if (!read_unit(p, &rune)) return false;
    if (rune == 0) return fail(p, FAULT_NUL);
    if (rune >= LOW_SURROGATES && rune < SURROGATES_END) return fail(p, FAULT_INVALID);
    if (rune >= SURROGATES && rune < LOW_SURROGATES) {
        if (!take(p, '\\') || !take(p, 'u')) return fail(p, FAULT_INVALID);
        if (!read_unit(p, &low)) return false;
        if (low < LOW_SURROGATES || low >= SURROGATES_END) return fail(p, FAULT_INVALID);
        rune = 0x10000 + ((rune - SURROGATES) << 10) + (low - LOW_SURROGATES);
    }
    put(p, bytes, text_put(bytes, rune));
    return true;
}

static bool read_escape(struct parser *p) {
    static const char letters[] = "bfnrt\"\\/", meant[] = "\b\f\n\r\t\"\\/";
    p->at++; /* the backslash */
    if (take(p, 'u')) return read_unicode(p);
    const char *letter = p->at < p->end ? memchr(letters, *p->at, sizeof letters - 1) : NULL;
    if (!letter) return fail(p, FAULT_INVALID);
    p->at++;
    put(p, meant + (letter - letters), 1);
    return true;
}

static const char *find(const char *at, const char *end, char byte) {
    const char *found = memchr(at, byte, (size_t)(end - at));
    return found ? found : end;
}

/* Reads the string whose first byte, after the quote, *p stands on. A quote that is found is kept until it has been
 * passed, as it may be behind many escapes. */
static bool read_string_text(struct parser *p) {
    const char *quote = p->at;
    for (;;) {
        if (quote <= p->at) quote = find(p->at, p->end, '"');
        const char *stop = find(p->at, quote, '\\');
        put(p, p->at, (size_t)(stop - p->at));
        p->at = stop;
        if (stop == p->end) return fail(p, FAULT_INVALID);
        if (stop == quote) break;
        if (!read_escape(p)) return false;
    }
    p->at++;
    put(p, "", 1);
    return true;
}

static bool read_string(struct parser *p, char **ret_string) {
    size_t start = p->string_bytes;
    if (!take(p, '"')) return fail(p, FAULT_INVALID);
    if (!read_string_text(p)) return false;
    *ret_string = p->strings ? p->strings + start : NULL;
    return true;
}

/* ---------------------------------------------------------------- numbers and words */

static void set_number(cJSON *node, double number) {
    node->type = cJSON_Number;
    node->valuedouble = number;
    node->valueint = number >= INT_MAX ? INT_MAX : number <= INT_MIN ? INT_MIN : (int)number;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_of_number(char c) {
    return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Reads a number other than a short one of digits only, as strtod() does. */
static bool read_any_number(struct parser *p, cJSON *node) {
    char copy[NUMBER_BYTES + 1], *end;
    size_t length = 0;
    if (p->at == p->end || (*p->at != '-' && !is_digit(*p->at))) return fail(p, FAULT_INVALID);
    while (length < NUMBER_BYTES && p->at + length < p->end && is_of_number(p->at[length])) length++;
    memcpy(copy, p->at, length);
    copy[length] = '\0';
    set_number(node, strtod(copy, &end));
    p->at += end - copy;
    return end > copy || fail(p, FAULT_INVALID);
}

static bool read_number(struct parser *p, cJSON *node) {
    long long number = 0;
    const char *at = p->at;
    while (at < p->end && at - p->at < QUICK_DIGITS && is_digit(*at)) number = number * 10 + (*at++ - '0');
    if (at == p->at || (at < p->end && is_of_number(*at))) return read_any_number(p, node);
    set_number(node, (double)number);
    p->at = at;
    return true;
}

static bool read_word(struct parser *p, cJSON *node, struct span word, int type) {
    struct span rest = {p->at, (size_t)(p->end - p->at)};
    if (!span_starts(rest, word)) return fail(p, FAULT_INVALID);
    p->at += word.length;
    node->type = type;
    node->valueint = type == cJSON_True;
    return true;
}

/* ---------------------------------------------------------------- values */

static bool read_value(struct parser *p, cJSON *node);

static bool read_member_name(struct parser *p, cJSON *node) {
    skip_space(p);
    if (!read_string(p, &node->string)) return false;
    skip_space(p);
    return take(p, ':') || fail(p, FAULT_INVALID);
}

/* Adds to a list that is empty if *last is NULL. In cJSON's lists, the first item's `prev` is the last item. */
static void append(cJSON *parent, cJSON **last, cJSON *child) {
    if (*last)
        (*last)->next = child;
    else
        parent->child = child;
    child->prev = *last;
    parent->child->prev = child;
    *last = child;
}

static bool read_items(struct parser *p, cJSON *node, bool named) {
    cJSON *last = NULL;
    do {
        cJSON *child = new_node(p);
        if ((named && !read_member_name(p, child)) || !read_value(p, child)) return false;
        append(node, &last, child);
        skip_space(p);
    } while (take(p, ','));
    return true;
}

/* The depth is limited because read_value() calls itself for each level. */
static bool read_container(struct parser *p, cJSON *node, bool named) {
    char closing = named ? '}' : ']';
    p->at++;
    if (++p->depth > JSON_DEPTH) return fail(p, FAULT_DEPTH);
    skip_space(p);
    if (!take(p, closing)) {
        if (!read_items(p, node, named)) return false;
        if (!take(p, closing)) return fail(p, FAULT_INVALID);
    }
    p->depth--;
    node->type = named ? cJSON_Object : cJSON_Array;
    return true;
}

static bool read_string_value(struct parser *p, cJSON *node) {
    node->type = cJSON_String;
    return read_string(p, &node->valuestring);
}

static bool read_value(struct parser *p, cJSON *node) {
    skip_space(p);
    switch (p->at < p->end ? *p->at : '\0') {
    case '{':
        return read_container(p, node, true);
    case '[':
        return read_container(p, node, false);
    case '"':
        return read_string_value(p, node);
    case 't':
        return read_word(p, node, SPAN("true"), cJSON_True);
    case 'f':
        return read_word(p, node, SPAN("false"), cJSON_False);
    case 'n':
        return read_word(p, node, SPAN("null"), cJSON_NULL);
    default:
        return read_number(p, node);
    }
}

/* ---------------------------------------------------------------- the tree */

static bool read_all(struct parser *p, struct span text) {
    p->at = text.at;
    p->end = text.at + text.length;
    if (span_starts(text, SPAN("\xEF\xBB\xBF"))) p->at += 3;
    if (!read_value(p, new_node(p))) return false;
    struct span rest = {p->at, (size_t)(p->end - p->at)};
    return span_trim(rest).length == 0 || fail(p, FAULT_INVALID);
}

static bool explain(const struct parser *p, const char *what, struct failure *ret_failure) {
    struct span rest = {p->at, (size_t)(p->end - p->at)}, near = text_clip(rest, 40);
    if (p->fault == FAULT_NUL)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s contains the character \\u0000", what);
    if (p->fault == FAULT_DEPTH)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is nested more than %d levels deep", what,
                           JSON_DEPTH);
    return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is not valid JSON near '%.*s'", what,
                       SPAN_ARGS(near));
}

/* cJSON_Delete() frees a node with free(), but not what it only refers to: the whole block begins with the root, which
 * is marked as such. */
static cJSON *build(struct span text, size_t nodes, size_t bytes) {
    if (nodes > (SIZE_MAX - bytes) / sizeof(cJSON)) memory_exhausted();
    cJSON *block = memory_resize(NULL, nodes * sizeof *block + bytes);
    memset(block, 0, nodes * sizeof *block);
    struct parser parser = {.nodes = block, .strings = (char *)(block + nodes)};
    read_all(&parser, text);
    block->type |= cJSON_IsReference;
    return block;
}

/* The cheap checks come first, and each error names exactly what is wrong. */
static bool check_bytes(struct span text, size_t limit, const char *what, struct failure *ret_failure) {
    if (text.length == 0)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is empty; JSON was expected", what);
    if (text.length > limit)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is larger than %zu bytes", what, limit);
    if (!text_valid(text)) return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is not UTF-8", what);
    if (memchr(text.at, '\0', text.length))
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s contains a NUL byte", what);
    return true;
}

cJSON *json_parse(struct span text, size_t limit, const char *what, struct failure *ret_failure) {
    struct parser counter = {0};
    text = span_trim(text);
    if (!check_bytes(text, limit, what, ret_failure)) return NULL;
    if (read_all(&counter, text)) return build(text, counter.node_count, counter.string_bytes);
    explain(&counter, what, ret_failure);
    return NULL;
}
