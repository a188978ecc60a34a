#include "stages/formats/robots.h"

enum {
    MAX_RULES = 2000,       /* per group */
    LONGEST_PATTERN = 1024, /* max. bytes; longer patterns are ignored */
    LONGEST_PATH = 2048     /* max. bytes of a path that are compared */
};

/* ---------------------------------------------------------------- normalizing paths (RFC 9309, section 2.2.2) */

static int hex_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_unreserved(unsigned byte) {
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '-' ||
           byte == '.' || byte == '_' || byte == '~';
}

/* Writes each byte in the one form used for comparisons: unreserved characters as they are; non-ASCII bytes, and
 * reserved ones that were escaped, as "%2A". A '*' or '$' in a path is escaped too, because these are special in
 * patterns. */
static struct span canonical(struct span text, bool is_pattern, struct arena *arena) {
    static const char digits[] = "0123456789ABCDEF";
    char *to = arena_take(arena, text.length * 3 + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned byte = (unsigned char)text.at[i];
        int high = byte == '%' && i + 2 < text.length ? hex_of(text.at[i + 1]) : -1,
            low = high >= 0 ? hex_of(text.at[i + 2]) : -1;
        bool was_escaped = low >= 0;
        if (was_escaped) {
            byte = (unsigned)(high * 16 + low);
            i += 2;
        }
        bool own = !is_pattern && (byte == '*' || byte == '$');
        if (byte >= 0x80 || own || (was_escaped && !is_unreserved(byte))) {
            to[length++] = '%';
            to[length++] = digits[byte >> 4];
            to[length++] = digits[byte & 15];
        } else {
            to[length++] = (char)byte;
        }
    }
    return (struct span){to, length};
}

/* ---------------------------------------------------------------- groups and rules */

/* The programs to which the current rules apply: others, all, or this one by name. */
enum group { GROUP_OTHER, GROUP_ALL, GROUP_OWN };

struct robots_reader {
    struct span agent;
    struct arena *arena;
    struct robots own, all;
    enum group group;
    bool naming, own_found; /* naming: the previous line was a user-agent line, so another one directly after it belongs
                               to the same group */
};

/* An empty pattern allows everything, which is the default, so it is dropped. */
static void add_rule(struct robots_reader *reader, struct span pattern, bool allow) {
    struct robots *robots = reader->group == GROUP_OWN ? &reader->own : &reader->all;
    reader->naming = false;
    if (reader->group == GROUP_OTHER || pattern.length == 0 || pattern.length > LONGEST_PATTERN ||
        robots->count >= MAX_RULES)
        return;
    robots->rules = arena_grow(reader->arena, robots->rules, robots->count, &robots->capacity, sizeof *robots->rules);
    robots->rules[robots->count++] = (struct robots_rule){canonical(pattern, true, reader->arena), allow};
}

/* Returns the product name of an agent: "Dragoman" for "Dragoman/1.0 (news)". */
static struct span product_of(struct span name) {
    size_t end = 0;
    if (span_starts(name, SPAN("*"))) return span_cut(name, 0, 1);
    while (end < name.length && (name.at[end] == '-' || name.at[end] == '_' ||
                                 ((name.at[end] | 0x20) >= 'a' && (name.at[end] | 0x20) <= 'z')))
        end++;
    return span_cut(name, 0, end);
}

/* A group of rules that names this program takes precedence over the group for all programs. */
static void name_agent(struct robots_reader *reader, struct span name) {
    if (!reader->naming) reader->group = GROUP_OTHER;
    reader->naming = true;
    if (span_equal_ascii_fold(name, reader->agent)) {
        reader->group = GROUP_OWN;
        reader->own_found = true;
    } else if (span_is(name, "*") && reader->group == GROUP_OTHER) {
        reader->group = GROUP_ALL;
    }
}

/* Unknown keys and comments are ignored. */
static void read_line(struct robots_reader *reader, struct span line) {
    struct span key = {NULL, 0}, rest = line, value;
    size_t comment = span_find(line, SPAN("#"));
    if (comment != SIZE_MAX) rest = span_cut(line, 0, comment);
    if (!span_next(&rest, ':', &key)) return;
    key = span_trim(key);
    value = span_trim(rest);
    if (span_is_ascii_fold(key, "user-agent"))
        name_agent(reader, product_of(value));
    else if (span_is_ascii_fold(key, "allow"))
        add_rule(reader, value, true);
    else if (span_is_ascii_fold(key, "disallow"))
        add_rule(reader, value, false);
}

/* If several groups name this program, their rules are combined (RFC 9309, section 2.2.1). */
void robots_read(struct span text, struct span agent, struct arena *arena, struct robots *ret_robots) {
    struct robots_reader reader = {.agent = agent, .arena = arena};
    struct span line;
    if (span_starts(text, SPAN("\xEF\xBB\xBF"))) text = span_cut(text, 3, text.length);
    for (struct span rest = span_cut(text, 0, ROBOTS_LIMIT); span_next(&rest, '\n', &line);) {
        struct span part;
        /* Old files end lines with a carriage return only. */
        while (span_next(&line, '\r', &part)) read_line(&reader, part);
    }
    *ret_robots = reader.own_found ? reader.own : reader.all;
}

/* On a mismatch, only the last '*' is extended, so the number of steps is at most the product of both lengths. */
static bool matches(struct span pattern, struct span path) {
    bool at_end = span_ends(pattern, SPAN("$"));
    if (at_end) pattern.length--;
    size_t p = 0, s = 0, star = SIZE_MAX, resume = 0;
    while (s < path.length) {
        if (p == pattern.length && !at_end) return true;
        if (p < pattern.length && pattern.at[p] == '*') {
            star = p++;
            resume = s;
        } else if (p < pattern.length && pattern.at[p] == path.at[s]) {
            p++;
            s++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            s = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.at[p] == '*') p++;
    return p == pattern.length;
}

/* Without a matching rule, the path may be fetched. */
bool robots_allow(const struct robots *robots, struct span path) {
    size_t longest = 0;
    bool allowed = true;
    struct arena *arena = arena_new();
    path = canonical(span_cut(path, 0, LONGEST_PATH), false, arena);
    for (size_t i = 0; i < robots->count; i++) {
        const struct robots_rule *rule = &robots->rules[i];
        bool better = rule->pattern.length > longest || (rule->pattern.length == longest && rule->allow);
        if (!better || !matches(rule->pattern, path)) continue;
        longest = rule->pattern.length;
        allowed = rule->allow;
    }
    arena_free(arena);
    return allowed;
}
