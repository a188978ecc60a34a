#include "stages/services/common/thinking.h"

#include "pipeline/base/json.h"

enum {
    MAX_SCANS = 256, /* of brackets that open nothing: bounds the time that a hostile answer can take */
    ANSWER_LIMIT = 16 << 20
};

struct scan {
    const struct table *words;
    struct span answer;
    const struct span *sources;
    size_t source_count;
    struct buffer out;
    unsigned scans;
    bool thought, open;
};

size_t thinking_json_extent(struct span text, size_t at) {
    size_t depth = 0;
    bool quoted = false;
    if (at >= text.length || (text.at[at] != '{' && text.at[at] != '[')) return 0;
    for (size_t i = at; i < text.length; i++) {
        char c = text.at[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH) return 0; /* nobody would read it */
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1 - at;
        }
    }
    return 0;
}

/* A JSON text is taken over as a whole. */
static size_t whole_json(struct scan *scan, size_t at) {
    size_t length = scan->scans < MAX_SCANS ? thinking_json_extent(scan->answer, at) : 0;
    if (scan->answer.at[at] != '{' && scan->answer.at[at] != '[') return 0;
    scan->scans++;
    if (!length) return 0;
    cJSON *root = json_parse(span_cut(scan->answer, at, at + length), ANSWER_LIMIT, "answer", NULL);
    if (!root) return 0;
    scan->scans--;
    cJSON_Delete(root);
    return length;
}

static size_t skip_spaces(struct span text, size_t at) {
    while (at < text.length && text_is_space(text.at[at])) at++;
    return at;
}

/* A tag as people and models write it: "< think >", "</think >", "<think time='3'>". */
static size_t tag_at(struct span text, struct span tag) {
    enum { LONGEST_TAG = 80 };
    bool closes = tag.at[1] == '/';
    struct span name = span_cut(tag, 1u + closes, tag.length - 1);
    text = span_cut(text, 0, LONGEST_TAG);
    size_t at = skip_spaces(text, 1);
    if (closes && (at >= text.length || text.at[at++] != '/')) return 0;
    at = skip_spaces(text, at);
    if (!span_starts_fold(span_cut(text, at, text.length), name)) return 0;
    at += name.length;
    size_t end = span_find(span_cut(text, at, text.length), SPAN(">"));
    bool ends = end != SIZE_MAX && (end == 0 || text_is_space(text.at[at]));
    return ends ? at + end + 1 : 0;
}

/* The length of the mark that begins at `at`, or 0. */
static size_t mark_at(struct span text, size_t at, struct span mark) {
    if ((text.at[at] | 32) != (mark.at[0] | 32)) return 0; /* most often */
    struct span rest = span_cut(text, at, text.length);
    if (span_starts_fold(rest, mark)) return mark.length;
    bool tag = mark.length > 2 && mark.at[0] == '<' && mark.at[1] != '|' && mark.at[mark.length - 1] == '>';
    return tag ? tag_at(rest, mark) : 0;
}

static bool is_in_sources(const struct scan *scan, struct span mark) {
    for (size_t i = 0; i < scan->source_count; i++)
        if (span_contains_fold(scan->sources[i], mark)) return true;
    return false;
}

static size_t find_mark(struct span text, size_t from, struct span mark) {
    for (size_t i = from; i < text.length; i++)
        if (mark_at(text, i, mark)) return i;
    return SIZE_MAX;
}

/* Behind the block that begins at `at`, whose opening mark has `length` bytes. */
static size_t skip_block(struct scan *scan, size_t at, size_t length, struct span close) {
    size_t end = find_mark(scan->answer, at + length, close);
    scan->thought = true;
    scan->open = scan->open || end == SIZE_MAX;
    return end == SIZE_MAX ? scan->answer.length : end + mark_at(scan->answer, end, close);
}

/* Where to go on when the row's mark stands at `at`; `at` itself when it does not. */
static size_t apply(struct scan *scan, const struct row *row, size_t at) {
    bool thinking = span_is(row->cells[0], "thinking"), begins = !span_trim(buffer_span(&scan->out)).length;
    size_t length = thinking || span_is(row->cells[0], "mark") ? mark_at(scan->answer, at, row->cells[1]) : 0;
    if (length && (begins || !is_in_sources(scan, row->cells[1])))
        return thinking ? skip_block(scan, at, length, row->cells[2]) : at + length;
    size_t close = thinking ? mark_at(scan->answer, at, row->cells[2]) : 0;
    if (!close || is_in_sources(scan, row->cells[2])) return at;
    buffer_clear(&scan->out);
    scan->thought = true;
    return at + close;
}

static size_t skip_mark(struct scan *scan, size_t at) {
    for (size_t i = 0; i < scan->words->count; i++) {
        size_t next = apply(scan, &scan->words->rows[i], at);
        if (next != at) return next;
    }
    return at;
}

struct visible thinking_remove(const struct table *words, struct span answer, const struct span *sources,
                               size_t source_count, struct arena *arena) {
    struct scan scan = {.words = words,
                        .answer = answer,
                        .sources = sources,
                        .source_count = source_count,
                        .out = BUFFER(SIZE_MAX / 4)};
    for (size_t i = 0, next; i < answer.length; i = next) {
        next = skip_mark(&scan, i);
        if (next != i) continue;
        size_t json = whole_json(&scan, i);
        next = i + (json ? json : 1);
        buffer_add_span(&scan.out, span_cut(answer, i, next));
    }
    struct visible visible = {arena_copy(arena, span_trim(buffer_span(&scan.out))), scan.thought, scan.open};
    buffer_free(&scan.out);
    return visible;
}
