#include "stages/services/common/numbered.h"

#include "pipeline/base/json.h"

enum { REPLY_LIMIT = 16 << 20 };

struct list {
    struct numbered *items;
    size_t count, most;
    struct arena *arena;
};

static struct numbered *add(struct list *list, struct numbered item) {
    list->count++;
    if (list->count > list->most) return NULL;
    item.text = arena_copy(list->arena, item.text); /* what it is cut from does not live as long */
    list->items[list->count - 1] = item;
    return &list->items[list->count - 1];
}

static bool is_fence(struct span line) {
    return span_starts(span_trim(line), SPAN("```"));
}

/* What stands between the first fence and the next one; the whole reply when there is none. What a model says around
 * its fences is dropped by this. */
static struct span inside_fences(struct span reply) {
    struct span rest = reply, line, inside = {NULL, 0};
    while (span_next(&rest, '\n', &line)) {
        if (!is_fence(line)) continue;
        if (inside.at) return (struct span){inside.at, (size_t)(line.at - inside.at)};
        inside = rest;
    }
    return inside.at ? inside : reply;
}

/* "[12]" or "[1, 2]" at the beginning of the text: its numbers, and its length; 0 when there is nothing like that. */
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

static void read_lines(struct span text, struct list *list) {
    struct span line;
    struct numbered *last = NULL;
    bool blank = false;
    size_t joined = 0; /* bounds the copying that joining lines costs */
    while (span_next(&text, '\n', &line)) {
        unsigned number;
        size_t numbers, head;
        line = span_trim(line);
        head = bracketed(line, &number, 1, &numbers);
        if (head) {
            last = add(list, (struct numbered){.number = number, .text = span_trim(span_cut(line, head, line.length))});
            joined = 0;
        } else if (line.length && last) {
            last->doubtful = last->doubtful || blank || ++joined > 64;
            if (!last->doubtful) append_line(last, line, list->arena);
        }
        blank = line.length == 0;
    }
}

static const cJSON *array_of(cJSON *root, const char *name) {
    const cJSON *array = json_member(root, name);
    return cJSON_IsArray(array) ? array : NULL;
}

static unsigned small_number(const cJSON *item) {
    double value = cJSON_IsNumber(item) ? item->valuedouble : 0;
    return value >= 1 && value <= 100000 ? (unsigned)value : 0;
}

static cJSON *parse(struct span text) {
    text = span_trim(text);
    if (text.length == 0 || text.at[0] != '{') return NULL;
    return json_parse(text, REPLY_LIMIT, "answer", NULL);
}

size_t numbered_read_paragraphs(struct span reply, struct numbered *items, size_t most, struct arena *arena) {
    struct list list = {.items = items, .most = most, .arena = arena};
    struct span inside = inside_fences(reply);
    cJSON *root = parse(inside);
    const cJSON *item, *paragraphs = array_of(root, "paragraphs");
    cJSON_ArrayForEach(item, paragraphs) {
        struct span text = span_trim(json_member_text(item, "text"));
        add(&list, (struct numbered){.number = small_number(json_member(item, "n")), .text = text});
    }
    if (!root) read_lines(inside, &list);
    cJSON_Delete(root);
    return list.count;
}

/* "Text of the sentence. [1, 3]" */
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

size_t numbered_read_sentences(struct span reply, struct numbered *items, size_t most, struct arena *arena) {
    struct list list = {.items = items, .most = most, .arena = arena};
    struct span inside = inside_fences(reply), line;
    cJSON *root = parse(inside);
    const cJSON *item, *number, *sentences = array_of(root, "sentences");
    cJSON_ArrayForEach(item, sentences) {
        struct numbered sentence = {.text = span_trim(json_member_text(item, "text"))};
        cJSON_ArrayForEach(number, json_member(item, "from")) {
            if (small_number(number) && sentence.source_count < NUMBERED_MAX_SOURCES)
                sentence.sources[sentence.source_count++] = small_number(number);
        }
        add(&list, sentence);
    }
    while (!root && span_next(&inside, '\n', &line))
        if (span_trim(line).length) read_sentence_line(span_trim(line), &list);
    cJSON_Delete(root);
    return list.count;
}
