#include "stages/services/common/thinking.h"

#include <string.h>

#include "pipeline/base/json.h"
#include "stages/services/common/call.h"

enum {
    LONGEST_TAG = 80,
    MAX_MARKS = 96,  /* maximum number of table rows for which is_in_sources() caches results */
    MAX_SCANS = 256, /* maximum number of unmatched brackets to follow; limits the time spent on a hostile answer */
    ANSWER_LIMIT = 16 << 20
};

struct scan {
    const struct table *words;
    struct span answer;
    const struct span *sources;
    size_t source_count;
    enum presence { UNKNOWN, ABSENT, PRESENT } in_sources[2 * MAX_MARKS];
    bool translation; /* the text is a single translation, not the raw answer of a model */
    bool firsts[256]; /* true for each byte (converted to lower case with | 32) that can begin a marker; lets the scan
                         skip most positions */
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
            if (++depth > JSON_DEPTH) return 0; /* nested more deeply than the JSON parser accepts */
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return i + 1 - at;
        }
    }
    return 0;
}

/* Returns the length of a valid JSON value at `at`, or 0. The caller copies it as a whole: a marker inside it is part
 * of a string. */
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

/* Returns the length of a tag, which may contain spaces or attributes ("< think >", "</think >", "<think time='3'>"),
 * or 0. */
static size_t tag_at(struct span text, struct span tag) {
    bool closes = tag.at[1] == '/';
    struct span name = span_cut(tag, 1u + closes, tag.length - 1);
    text = span_cut(text, 0, LONGEST_TAG);
    size_t at = skip_spaces(text, 1);
    if (closes && (at >= text.length || text.at[at++] != '/')) return 0;
    at = skip_spaces(text, at);
    if (!span_starts_ascii_fold(span_cut(text, at, text.length), name)) return 0;
    at += name.length;
    size_t end = span_find(span_cut(text, at, text.length), SPAN(">"));
    bool ends = end != SIZE_MAX && (end == 0 || text_is_space(text.at[at]));
    return ends ? at + end + 1 : 0;
}

static size_t plain_mark(struct span rest, struct span mark) {
    if (span_starts_ascii_fold(rest, mark)) return mark.length;
    bool tag = mark.length > 2 && mark.at[0] == '<' && mark.at[1] != '|' && mark.at[mark.length - 1] == '>';
    return tag ? tag_at(rest, mark) : 0;
}

/* Decodes the character or HTML entity at the beginning of the text. Returns the number of bytes it takes. */
static size_t unescape(struct span text, char *ret_character) {
    static const struct {
        const char *entity;
        char character;
    } entities[] = {{"&lt;", '<'}, {"&#60;", '<'}, {"&#x3c;", '<'}, {"&gt;", '>'}, {"&#62;", '>'}, {"&#x3e;", '>'}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        *ret_character = entities[i].character;
        if (span_starts_ascii_fold(text, span_of(entities[i].entity))) return strlen(entities[i].entity);
    }
    *ret_character = text.at[0];
    return 1;
}

/* Returns the length of a marker that is escaped with HTML entities ("&lt;think&gt;"), or 0. Some servers escape their
 * model's output. */
static size_t escaped_mark(struct span rest, struct span mark) {
    char plain[LONGEST_TAG];
    size_t ends[LONGEST_TAG], count = 0;
    for (size_t at = 0; at < rest.length && count < LONGEST_TAG; ends[count++] = at)
        at += unescape(span_cut(rest, at, rest.length), &plain[count]);
    size_t length = plain_mark((struct span){plain, count}, mark);
    return length ? ends[length - 1] : 0;
}

/* Returns the length of the marker at `at`, or 0. */
static size_t mark_at(struct span text, size_t at, struct span mark) {
    bool escaped = text.at[at] == '&' && mark.at[0] == '<';
    if (!escaped && (text.at[at] | 32) != (mark.at[0] | 32)) return 0; /* most positions do not begin a marker */
    struct span rest = span_cut(text, at, text.length);
    return escaped ? escaped_mark(rest, mark) : plain_mark(rest, mark);
}

static size_t find_mark(struct span text, size_t from, struct span mark) {
    for (size_t i = from; i < text.length; i++)
        if (mark_at(text, i, mark)) return i;
    return SIZE_MAX;
}

static bool look_in_sources(const struct scan *scan, struct span mark) {
    for (size_t i = 0; i < scan->source_count; i++)
        if (find_mark(scan->sources[i], 0, mark) != SIZE_MAX) return true;
    return false;
}

/* Whether a source contains the marker in this cell of the table row. The result is cached, so that the sources are
 * searched only once. */
static bool is_in_sources(struct scan *scan, const struct row *row, unsigned cell) {
    size_t place = 2 * (size_t)(row - scan->words->rows) + cell - 1;
    if (place >= sizeof scan->in_sources / sizeof *scan->in_sources) return look_in_sources(scan, row->cells[cell]);
    enum presence *presence = &scan->in_sources[place];
    if (*presence == UNKNOWN) *presence = look_in_sources(scan, row->cells[cell]) ? PRESENT : ABSENT;
    return *presence == PRESENT;
}

/* Whether a source begins with the same marker, and the closing marker occurs either in both source and answer or in
 * neither. */
static bool begins_like_source(const struct scan *scan, const struct row *row, size_t at) {
    for (size_t i = 0; i < scan->source_count; i++) {
        struct span source = span_trim(scan->sources[i]);
        if (!source.length || !mark_at(source, 0, row->cells[1])) continue;
        return !row->cells[2].length || (find_mark(source, 0, row->cells[2]) == SIZE_MAX) ==
                                            (find_mark(scan->answer, at, row->cells[2]) == SIZE_MAX);
    }
    return false;
}

/* Whether the model added the opening marker at this position, i.e. did not copy it from the source. */
static bool is_own(struct scan *scan, const struct row *row, size_t at) {
    bool begins = !span_trim(buffer_span(&scan->out)).length;
    return begins ? !begins_like_source(scan, row, at) : !is_in_sources(scan, row, 1);
}

/* Skips the thinking block at `at`, whose opening marker is `length` bytes long. Returns the position after the block.
 */
static size_t skip_block(struct scan *scan, size_t at, size_t length, struct span close) {
    size_t end = find_mark(scan->answer, at + length, close);
    scan->thought = true;
    scan->open = scan->open || end == SIZE_MAX;
    return end == SIZE_MAX ? scan->answer.length : end + mark_at(scan->answer, end, close);
}

/* Removes the marker of this table row at `at`. Returns the position after it, or `at` if the marker is not there. */
static size_t apply(struct scan *scan, const struct row *row, size_t at) {
    bool thinking = span_is(row->cells[0], "thinking");
    size_t length = thinking || span_is(row->cells[0], "mark") ? mark_at(scan->answer, at, row->cells[1]) : 0;
    if (length && is_own(scan, row, at)) return thinking ? skip_block(scan, at, length, row->cells[2]) : at + length;
    size_t close = thinking ? mark_at(scan->answer, at, row->cells[2]) : 0;
    if (!close || is_in_sources(scan, row, 2)) return at;
    buffer_clear(&scan->out);
    scan->thought = true;
    return at + close;
}

static bool is_letter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Whether the marker may be part of the translation: if it is an ordinary word, or an opening bracket that is never
 * closed. */
static bool may_be_said(struct scan *scan, const struct row *row, size_t at) {
    if (!scan->translation || !span_is(row->cells[0], "thinking")) return false;
    char first = row->cells[1].at[0];
    bool letter = is_letter(first);
    if (letter || first != '[' || !mark_at(scan->answer, at, row->cells[1])) return letter;
    return scan->scans++ >= MAX_SCANS || find_mark(scan->answer, at, row->cells[2]) == SIZE_MAX;
}

static void note_first(struct scan *scan, struct span mark) {
    if (!mark.length) return;
    scan->firsts[(unsigned char)(mark.at[0] | 32)] = true;
    if (mark.at[0] == '<') scan->firsts[(unsigned char)('&' | 32)] = true; /* the marker may be escaped as "&lt;" */
}

static void note_firsts(struct scan *scan) {
    for (size_t i = 0; i < scan->words->count; i++) {
        const struct row *row = &scan->words->rows[i];
        bool thinking = span_is(row->cells[0], "thinking");
        if (!thinking && !span_is(row->cells[0], "mark")) continue;
        if (thinking && scan->translation && is_letter(row->cells[1].at[0])) continue; /* see may_be_said() */
        note_first(scan, row->cells[1]);
        if (thinking) note_first(scan, row->cells[2]);
    }
}

static bool may_begin(const struct scan *scan, size_t at) {
    return scan->firsts[(unsigned char)(scan->answer.at[at] | 32)];
}

/* Tries all markers at this position. Returns the position after the marker, or `at` if there is none. */
static size_t skip_mark(struct scan *scan, size_t at) {
    if (!may_begin(scan, at)) return at;
    for (size_t i = 0; i < scan->words->count; i++) {
        if (may_be_said(scan, &scan->words->rows[i], at)) continue;
        size_t next = apply(scan, &scan->words->rows[i], at);
        if (next != at) return next;
    }
    return at;
}

static struct visible remove_marks(struct scan *scan, struct arena *arena) {
    struct span answer = scan->answer;
    scan->out = BUFFER(SIZE_MAX / 4);
    for (size_t i = 0, next; i < answer.length; i = next) {
        next = skip_mark(scan, i);
        if (next != i) continue;
        size_t json = scan->translation ? 0 : whole_json(scan, i);
        next = i + (json ? json : 1);
        while (scan->translation && next < answer.length && !may_begin(scan, next)) next++;
        buffer_add_span(&scan->out, span_cut(answer, i, next));
    }
    struct visible visible = {arena_copy(arena, span_trim(buffer_span(&scan->out))), scan->thought, scan->open};
    buffer_free(&scan->out);
    return visible;
}

struct visible thinking_remove(const struct table *words, struct span answer, const struct span *sources,
                               size_t source_count, struct arena *arena) {
    struct scan scan = {.words = words, .answer = answer, .sources = sources, .source_count = source_count};
    note_firsts(&scan);
    return remove_marks(&scan, arena);
}

/* ---------------------------------------------------------------- answers of any service */

/* Removes thinking and its markers from one translation. Changes the verdict if nothing is left or if the end may be
 * missing. */
static void clean(struct scan *scan, struct answer *answer, struct arena *arena) {
    scan->answer = answer->target;
    struct visible visible = remove_marks(scan, arena);
    if (!visible.thought && visible.text.length == span_trim(answer->target).length) return;
    struct answer shown = call_answer(scan->sources[0], visible.text, arena);
    answer->verdict = visible.open || !visible.text.length ? VERDICT_RETRY : shown.verdict;
    answer->target = shown.target;
    answer->note = answer->verdict == VERDICT_RETRY ? SPAN(THINKING_NOTE) : shown.note;
}

void thinking_clean(const struct table *words, const struct batch *batch, struct answer *answers, size_t count,
                    struct arena *arena) {
    bool summary = batch->task == SERVICE_SUMMARIZES;
    struct scan empty = {.words = words, .translation = true};
    note_firsts(&empty);
    for (size_t i = 0; i < count && (summary || i < batch->count); i++) {
        struct scan scan = empty;
        scan.sources = summary ? batch->texts : &batch->texts[i];
        scan.source_count = summary ? batch->count : 1;
        if (answers[i].verdict == VERDICT_TRANSLATED) clean(&scan, &answers[i], arena);
    }
}
