#include "stages/formats/robots.h"

enum { MAX_RULES = 2000, LONGEST_PATTERN = 1024, LONGEST_PATH = 2048 };

enum group { GROUP_OTHER, GROUP_ALL, GROUP_OWN };

struct robots_reader {
    struct span agent;
    struct arena *arena;
    struct robots own, all;
    enum group group;
    bool naming, own_found; /* naming: the last line was a user-agent line, another one joins its group */
};

static void add_rule(struct robots_reader *reader, struct span pattern, bool allow) {
    struct robots *robots = reader->group == GROUP_OWN ? &reader->own : &reader->all;
    reader->naming = false;
    if (reader->group == GROUP_OTHER || pattern.length == 0 || pattern.length > LONGEST_PATTERN ||
        robots->count >= MAX_RULES)
        return;
    robots->rules = arena_grow(reader->arena, robots->rules, robots->count, &robots->capacity, sizeof *robots->rules);
    robots->rules[robots->count++] = (struct robots_rule){arena_copy(reader->arena, pattern), allow};
}

static void name_agent(struct robots_reader *reader, struct span name) {
    if (!reader->naming) reader->group = GROUP_OTHER;
    reader->naming = true;
    if (span_equal_fold(name, reader->agent)) {
        reader->group = GROUP_OWN;
        reader->own_found = true;
    } else if (span_is(name, "*") && reader->group == GROUP_OTHER) {
        reader->group = GROUP_ALL;
    }
}

static void read_line(struct robots_reader *reader, struct span line) {
    struct span key = {NULL, 0}, rest = line, value;
    size_t comment = span_find(line, SPAN("#"));
    if (comment != SIZE_MAX) rest = span_cut(line, 0, comment);
    if (!span_next(&rest, ':', &key)) return;
    key = span_trim(key);
    value = span_trim(rest);
    if (span_is_fold(key, "user-agent"))
        name_agent(reader, value);
    else if (span_is_fold(key, "allow"))
        add_rule(reader, value, true);
    else if (span_is_fold(key, "disallow"))
        add_rule(reader, value, false);
}

void robots_read(struct span text, struct span agent, struct arena *arena, struct robots *ret_robots) {
    struct robots_reader reader = {.agent = agent, .arena = arena};
    struct span line;
    for (struct span rest = span_cut(text, 0, ROBOTS_LIMIT); span_next(&rest, '\n', &line);) {
        struct span part;
        while (span_next(&line, '\r', &part)) read_line(&reader, part);
    }
    *ret_robots = reader.own_found ? reader.own : reader.all;
}

/* Goes back to the last '*' only: at most pattern times path steps. */
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

bool robots_allow(const struct robots *robots, struct span path) {
    size_t longest = 0;
    bool allowed = true;
    path = span_cut(path, 0, LONGEST_PATH);
    for (size_t i = 0; i < robots->count; i++) {
        const struct robots_rule *rule = &robots->rules[i];
        bool better = rule->pattern.length > longest || (rule->pattern.length == longest && rule->allow);
        if (!better || !matches(rule->pattern, path)) continue;
        longest = rule->pattern.length;
        allowed = rule->allow;
    }
    return allowed;
}
