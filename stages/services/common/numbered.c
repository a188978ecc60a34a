#include "stages/services/common/numbered.h"

#include <string.h>

#include "pipeline/base/json.h"
#include "stages/language/chatter.h"
#include "stages/services/common/thinking.h"

/* Limits on the time and memory that an unusual or hostile answer can take. MAX_SCANS is the number of unmatched
 * brackets to follow: each may take a scan to the end of the answer. */
enum { REPLY_LIMIT = 16 << 20, MAX_ITEMS = 10000, MAX_DEPTH = 4, MAX_SCANS = 256, LONGEST_NAME = 40 };

struct list {
    const struct numbered_form *form;
    struct numbered *items;
    size_t count, capacity;
    bool whole, sentences;
    struct arena *arena;
};

static bool is_known(const struct list *list, const struct numbered *item) {
    for (size_t i = 0; i < list->count && item->number; i++)
        if (list->items[i].number == item->number && span_equal(list->items[i].text, item->text)) return true;
    return false;
}

/* Adds an item, unless it is a repetition or "..." copied from the example in the instructions. */
static struct numbered *add(struct list *list, struct numbered item) {
    if (list->count >= MAX_ITEMS || span_is(item.text, "...") || is_known(list, &item)) return NULL;
    list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    item.text = arena_copy(list->arena, item.text); /* copied, because the JSON tree is freed before the item */
    list->items[list->count] = item;
    return &list->items[list->count++];
}

/* ---------------------------------------------------------------- lines */

static bool is_fence(struct span line) {
    return span_starts(span_trim(line), SPAN("```"));
}

/* Returns the text between the first two fences (lines that begin with ```), which excludes what the model says before
 * and after them. Returns the whole reply if there are no fences. */
static struct span inside_fences(struct span reply, bool *ret_closed) {
    struct span rest = reply, line, inside = {NULL, 0};
    *ret_closed = false;
    while (span_next(&rest, '\n', &line)) {
        if (!is_fence(line)) continue;
        *ret_closed = inside.at != NULL;
        if (inside.at) return (struct span){inside.at, (size_t)(line.at - inside.at)};
        inside = rest;
    }
    return inside.at ? inside : reply;
}

/* Reads "[12]" or "[1, 2]" at the beginning of the text. Returns the length of the brackets and numbers, or 0 if there
 * are none. */
static size_t bracketed(struct span text, unsigned *numbers, size_t most, size_t *ret_count) {
    size_t close = span_find(text, SPAN("]"));
    *ret_count = 0;
    if (text.length == 0 || text.at[0] != '[' || close == SIZE_MAX || close > 64) return 0;
    struct span rest = span_cut(text, 1, close), piece;
    while (span_next(&rest, ',', &piece)) {
        long long number;
        if (!span_number(span_trim(piece), &number) || number < 1 || number > 100000) return 0;
        if (*ret_count < most) numbers[(*ret_count)++] = (unsigned)number;
    }
    return *ret_count ? close + 1 : 0;
}

static void append_line(struct numbered *item, struct span line, struct arena *arena) {
    item->text = arena_print(arena, "%.*s%s%.*s", SPAN_ARGS(item->text), item->text.length ? " " : "", SPAN_ARGS(line));
}

bool numbered_is_remark(const struct numbered_form *form, struct span line) {
    line = span_trim(line);
    for (size_t i = 0; i < form->words->count; i++) {
        const struct row *row = &form->words->rows[i];
        if (span_is(row->cells[0], "remark") && span_starts_ascii_fold(line, row->cells[1])) return true;
    }
    return chatter_of(form->phrases, line) != CHATTER_NONE;
}

/* Handles a line without a number, which continues the item before it. After a blank line, such a line may be a remark;
 * if it begins like one, it is ignored. */
static struct numbered *continue_item(struct list *list, struct numbered *last, struct span line, bool blank,
                                      size_t joined) {
    if (blank && numbered_is_remark(list->form, line)) return NULL;
    last->doubtful = last->doubtful || blank ||
                     joined > 64; /* each appended line copies the whole item, so their number is limited */
    if (!last->doubtful) append_line(last, line, list->arena);
    return last;
}

static void read_lines(struct span text, struct list *list) {
    struct span line;
    struct numbered *last = NULL;
    bool blank = false;
    size_t joined = 0;
    while (span_next(&text, '\n', &line)) {
        unsigned number;
        size_t numbers, head;
        line = span_trim(line);
        head = bracketed(line, &number, 1, &numbers);
        if (head) {
            last = add(list, (struct numbered){.number = number, .text = span_trim(span_cut(line, head, line.length))});
            joined = 0;
        } else if (line.length && last) {
            last = continue_item(list, last, line, blank, ++joined);
        }
        blank = line.length == 0;
    }
}

/* Reads "1. " or "2) " at the beginning of a line. Returns the length without the space, or 0. */
static size_t dotted(struct span line, unsigned *ret_number) {
    size_t digits = 0;
    long long number;
    while (digits < line.length && line.at[digits] >= '0' && line.at[digits] <= '9') digits++;
    bool ends = digits && digits + 1 < line.length && strchr(".)", line.at[digits]) && line.at[digits + 1] == ' ';
    if (!ends || !span_number(span_cut(line, 0, digits), &number) || number > MAX_ITEMS) return 0;
    *ret_number = (unsigned)number;
    return digits + 1;
}

/* Reads lines of the form "1. text", but only if they are numbered consecutively from 1. Otherwise, a number that
 * begins a text could be mistaken for the number of an item. */
static void read_dotted(struct span text, struct list *list) {
    struct span rest = text, line;
    unsigned number = 0, next = 1;
    while (span_next(&rest, '\n', &line)) {
        if (!span_trim(line).length) continue;
        if (!dotted(span_trim(line), &number) || number != next++) return;
    }
    while (next == list->form->expected + 1 && span_next(&text, '\n', &line)) {
        size_t head = dotted(span_trim(line), &number);
        line = span_trim(line);
        if (head) add(list, (struct numbered){.number = number, .text = span_trim(span_cut(line, head, line.length))});
    }
}

/* ---------------------------------------------------------------- JSON */

static bool is_called(const struct row *row, const cJSON *member, const char *role) {
    return span_is(row->cells[0], role) && span_equal_ascii_fold(row->cells[1], span_of(member->string));
}

/* Whether this is the name of a JSON member that contains the model's thinking or notes. */
static bool is_aside(const struct list *list, struct span name) {
    for (size_t i = 0; i < list->form->words->count; i++) {
        const struct row *row = &list->form->words->rows[i];
        if (span_is(row->cells[0], "aside") && span_equal_ascii_fold(row->cells[1], name)) return true;
    }
    return false;
}

/* Returns the member of a JSON object with this role ("number", "text" or "list"). If several names of the role are
 * present, the one that comes first in the table is used. */
static const cJSON *member_called(const struct list *list, const cJSON *object, const char *role) {
    const cJSON *member;
    for (size_t i = 0; i < list->form->words->count && cJSON_IsObject(object); i++)
        cJSON_ArrayForEach(member, object) if (is_called(&list->form->words->rows[i], member, role)) return member;
    return NULL;
}

/* Returns the number in a text such as "7", "[7]", "#7" or "7.", or 0. */
static unsigned number_in(struct span text) {
    long long number;
    while (text.length && strchr("[(#", text.at[0])) text = span_cut(text, 1, text.length);
    while (text.length && strchr("]).:", text.at[text.length - 1])) text.length--;
    return span_number(text, &number) && number >= 1 && number <= 100000 ? (unsigned)number : 0;
}

static unsigned small_number(const cJSON *item) {
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (cJSON_IsString(item)) return number_in(span_trim(json_text(item)));
    return value >= 1 && value <= 100000 ? (unsigned)value : 0;
}

static bool add_sentence(struct list *list, const cJSON *object) {
    const cJSON *text = member_called(list, object, "text"), *number;
    struct numbered sentence = {.text = span_trim(json_text(text))};
    cJSON_ArrayForEach(number, json_member(object, "from")) {
        if (small_number(number) && sentence.source_count < NUMBERED_MAX_SOURCES)
            sentence.sources[sentence.source_count++] = small_number(number);
    }
    if (!cJSON_IsString(text)) return false;
    add(list, sentence);
    return true;
}

/* Adds an object that has a text and a number. An object without a number gets the number `place`, or is not added if
 * `place` is 0. */
static bool add_object(struct list *list, const cJSON *object, unsigned place) {
    if (list->sentences) return add_sentence(list, object);
    const cJSON *number = member_called(list, object, "number"), *text = member_called(list, object, "text");
    if (!cJSON_IsString(text) || (!number && !place)) return false;
    add(list, (struct numbered){.number = number ? small_number(number) : place, .text = span_trim(json_text(text))});
    return true;
}

/* Adds the items of an array. Items without a number are numbered by position, provided that the array has the expected
 * length. */
static bool add_array(struct list *list, const cJSON *array) {
    bool counts = (size_t)cJSON_GetArraySize(array) == list->form->expected, found = false;
    unsigned place = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array) {
        place++;
        if (cJSON_IsObject(item)) found = add_object(list, item, counts ? place : 0) || found;
        if (!cJSON_IsString(item) || !counts || list->sentences) continue;
        add(list, (struct numbered){.number = place, .text = span_trim(json_text(item))});
        found = true;
    }
    return found;
}

/* Adds the members of an object whose names are numbers: {"1":"...","2":"..."}. */
static bool add_map(struct list *list, const cJSON *object) {
    const cJSON *item;
    cJSON_ArrayForEach(item, object) if (!cJSON_IsString(item) || !number_in(span_of(item->string))) return false;
    cJSON_ArrayForEach(item, object)
        add(list, (struct numbered){.number = number_in(span_of(item->string)), .text = span_trim(json_text(item))});
    return object->child != NULL;
}

static bool add_value(struct list *list, const cJSON *value, unsigned depth);

/* Searches nested objects too, because some models wrap the list in further objects. Skips members that contain
 * thinking. */
static bool add_wrapped(struct list *list, const cJSON *object, unsigned depth) {
    const cJSON *item = member_called(list, object, "list");
    if (item && (cJSON_IsArray(item) || cJSON_IsObject(item)) && add_value(list, item, depth + 1)) return true;
    cJSON_ArrayForEach(item, object) if (depth < MAX_DEPTH && cJSON_IsObject(item) &&
                                         !is_aside(list, span_of(item->string)) &&
                                         add_value(list, item, depth + 1)) return true;
    return false;
}

/* Adds the items of a JSON value. Returns whether the value has one of the known forms. */
static bool add_value(struct list *list, const cJSON *value, unsigned depth) {
    bool list_found = cJSON_IsArray(value)
                          ? add_array(list, value)
                          : (!list->sentences && add_map(list, value)) || add_wrapped(list, value, depth);
    if (list_found) list->whole = true;
    return list_found || (cJSON_IsObject(value) && add_object(list, value, list->form->expected == 1 && depth == 0));
}

static size_t read_value(struct list *list, struct span answer, size_t at) {
    size_t length = thinking_json_extent(answer, at);
    cJSON *root = length ? json_parse(span_cut(answer, at, at + length), REPLY_LIMIT, "answer", NULL) : NULL;
    bool found = root && add_value(list, root, 0);
    cJSON_Delete(root);
    return found ? length : 0;
}

/* Returns the name of the JSON member whose value begins at `at`, or an empty span if there is none. */
static struct span name_before(struct span text, size_t at) {
    struct span before = span_trim(span_cut(text, 0, at));
    if (!span_ends(before, SPAN(":"))) return (struct span){NULL, 0};
    before = span_trim(span_cut(before, 0, before.length - 1));
    if (!span_ends(before, SPAN("\""))) return (struct span){NULL, 0};
    size_t end = before.length - 1, start = end;
    while (start > 0 && end - start < LONGEST_NAME && before.at[start - 1] != '"') start--;
    return span_cut(before, start, end);
}

/* Returns the number of bytes to skip at a bracket. If an answer begins there, this is the length of the JSON value. If
 * the model's thinking begins there, it is the length of the thinking, which may be cut off. Otherwise it is 0. */
static size_t read_bracket(struct list *list, struct span answer, size_t at) {
    bool aside = is_aside(list, name_before(answer, at));
    size_t length = aside ? thinking_json_extent(answer, at) : read_value(list, answer, at);
    return aside && !length ? answer.length - at : length;
}

/* Reads every JSON value in the answer, wherever it begins. If a JSON value is cut off, the search continues inside it,
 * so the complete objects in it are still found. */
static void read_values(struct span answer, struct list *list) {
    unsigned failures = 0;
    for (size_t i = 0; i < answer.length && failures < MAX_SCANS;) {
        bool opens = answer.at[i] == '{' || answer.at[i] == '[';
        size_t length = opens ? read_bracket(list, answer, i) : 0;
        failures += opens && !length;
        i += length ? length : 1;
    }
}

static struct numbered_items result_of(const struct list *list) {
    return (struct numbered_items){list->items, list->count, list->whole};
}

struct numbered_items numbered_read_paragraphs(const struct numbered_form *form, struct span answer,
                                               struct arena *arena) {
    struct list list = {.form = form, .arena = arena};
    read_values(answer, &list);
    if (list.count) return result_of(&list);
    struct span inside = inside_fences(answer, &list.whole);
    read_lines(inside, &list);
    if (!list.count) read_dotted(inside, &list);
    return result_of(&list);
}

/* ---------------------------------------------------------------- sentences */

/* Reads a line such as "Text of the sentence. [1, 3]". */
static void read_sentence_line(struct span line, struct list *list) {
    size_t open = line.length;
    while (open > 0 && line.at[open - 1] != '[') open--;
    if (open == 0) {
        add(list, (struct numbered){.text = line});
        return;
    }
    struct numbered sentence = {.text = span_trim(span_cut(line, 0, open - 1))};
    struct span numbers = span_cut(line, open - 1, line.length);
    if (bracketed(numbers, sentence.sources, NUMBERED_MAX_SOURCES, &sentence.source_count) == 0) sentence.text = line;
    add(list, sentence);
}

struct numbered_items numbered_read_sentences(const struct numbered_form *form, struct span answer,
                                              struct arena *arena) {
    struct list list = {.form = form, .sentences = true, .arena = arena};
    read_values(answer, &list);
    struct span inside = inside_fences(answer, &list.whole), line;
    list.whole = list.whole || list.count;
    bool lines = list.count == 0;
    while (lines && span_next(&inside, '\n', &line))
        if (span_trim(line).length) read_sentence_line(span_trim(line), &list);
    return result_of(&list);
}
