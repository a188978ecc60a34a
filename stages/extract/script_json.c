#include "stages/extract/script_json.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/json.h"

enum {
    SCRIPT_LIMIT = 4 << 20,
    SHORTEST = 200,
    MAX_OBJECTS = 16,
    MAX_UNCLOSED = 32,
    MAX_NODES = 200000,
    MAX_DEPTH = 48
};

struct reader {
    void (*visit)(void *context, const cJSON *root);
    void *context;
    size_t objects;  /* number of objects read so far */
    size_t unclosed; /* number of unclosed brackets; each costs a search to the end of its script */
};

/* ---------------------------------------------------------------- JavaScript objects as JSON */

/* Returns true for characters of names, numbers and constants. "!" is one of them, because minifiers write true as
 * "!0". */
static bool is_name(char c) {
    return (c & 0x80) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '.' || c == '!' || c == '-' || c == '+';
}

/* Returns the position after the string that begins at `at`. */
static size_t skip_string(struct span script, size_t at) {
    char quote = script.at[at++];
    for (; at < script.length && script.at[at] != quote; at++)
        if (script.at[at] == '\\') at++;
    return at < script.length ? at + 1 : script.length;
}

/* Returns the position after the bracket that closes the one at `at`, or 0 if there is none. Brackets inside strings
 * are ignored. */
static size_t find_end(struct span script, size_t at) {
    size_t depth = 0;
    while (at < script.length) {
        char c = script.at[at];
        if (c == '"' || c == '\'' || c == '`') {
            at = skip_string(script, at);
            continue;
        }
        depth += c == '{' || c == '[' || c == '(';
        at++;
        if ((c == '}' || c == ']' || c == ')') && --depth == 0) return at;
    }
    return 0;
}

/* Returns the position after the closing bracket. An unclosed bracket extends to the end of the script. */
static size_t skip_brackets(struct span script, size_t at) {
    size_t end = find_end(script, at);
    return end ? end : script.length;
}

/* Copies an escape. Those that JSON does not have, such as \x41 or an escaped line break, are dropped. */
static void add_escape(struct buffer *out, struct span script, size_t at) {
    if (at + 1 < script.length && strchr("\"\\/bfnrtu", script.at[at + 1])) buffer_add(out, script.at + at, 2);
    if (at + 1 < script.length && script.at[at + 1] == '\'') buffer_add_string(out, "'");
}

/* Converts any of the three kinds of JavaScript strings to a JSON string. Control characters become spaces. */
static size_t add_string(struct buffer *out, struct span script, size_t at) {
    size_t end = skip_string(script, at);
    char quote = script.at[at];
    buffer_add_string(out, "\"");
    for (size_t i = at + 1; i < end && script.at[i] != quote; i++) {
        if (script.at[i] == '\\')
            add_escape(out, script, i++);
        else if (script.at[i] == '"')
            buffer_add_string(out, "\\\"");
        else
            buffer_add(out, (unsigned char)script.at[i] < ' ' ? " " : script.at + i, 1);
    }
    buffer_add_string(out, "\"");
    return end;
}

/* Returns true for numbers, which may begin with a minus sign, and for true, false and null. Any other word is a
 * variable or a call. */
static bool is_constant(struct span word) {
    char first = word.at[0] == '-' ? word.length > 1 ? word.at[1] : '-' : word.at[0];
    bool number = first >= '0' && first <= '9';
    return number || span_is(word, "true") || span_is(word, "false") || span_is(word, "null");
}

/* Returns true if the output can continue with a value. After the first word of an expression it cannot, so the other
 * words are not written. */
static bool value_is_due(const struct buffer *out) {
    return out->length == 0 || strchr(":[,{", out->at[out->length - 1]);
}

/* Writes a word. The name of a member is quoted; a variable becomes null. In an expression of several words, such as
 * "void 0", only the first word is written. */
static size_t add_word(struct buffer *out, struct span script, size_t at) {
    size_t end = at, next;
    while (end < script.length && is_name(script.at[end])) end++;
    for (next = end; next < script.length && text_is_space(script.at[next]);) next++;
    struct span word = span_cut(script, at, end);
    if (next < script.length && script.at[next] == ':')
        buffer_print(out, "\"%.*s\"", SPAN_ARGS(word));
    else if (value_is_due(out))
        buffer_add_span(out, is_constant(word) ? word : SPAN("null"));
    return end;
}

static void drop_comma(struct buffer *out) {
    if (out->length && out->at[out->length - 1] == ',') out->at[--out->length] = '\0';
}

/* Converts a JavaScript object to JSON. Arguments of calls and expressions in parentheses are skipped, and a comma
 * before a closing bracket is dropped, because JSON does not allow them. */
static void write_json(struct span script, struct buffer *out) {
    for (size_t at = 0; at < script.length;) {
        char c = script.at[at];
        if (c == '"' || c == '\'' || c == '`')
            at = add_string(out, script, at);
        else if (is_name(c))
            at = add_word(out, script, at);
        else if (c == '(')
            at = skip_brackets(script, at);
        else {
            if (c == '}' || c == ']') drop_comma(out);
            if (!text_is_space(c)) buffer_add(out, &c, 1);
            at++;
        }
    }
}

static cJSON *parse_loosely(struct span script) {
    struct buffer json = BUFFER(2 * SCRIPT_LIMIT);
    write_json(script, &json);
    cJSON *root = json_parse(buffer_span(&json), 2 * SCRIPT_LIMIT, "page data", NULL);
    buffer_free(&json);
    return root;
}

/* ---------------------------------------------------------------- flattened values */

/* The framework Nuxt writes all values into one list and refers to a value by its index in the list. References may
 * form cycles, so their depth and number are limited. */
struct flat {
    const cJSON **items;
    int count;
    size_t nodes;
};

/* Returns a copy of the value to which an index refers. */
static cJSON *unfold(struct flat *flat, const cJSON *reference, int depth);

static cJSON *unfold_list(struct flat *flat, const cJSON *list, int depth) {
    /* Nuxt writes some values as a list of a kind and an index, as in ["Reactive", 4] */
    if (cJSON_IsString(list->child)) return unfold(flat, list->child->next, depth + 1);
    cJSON *made = cJSON_CreateArray();
    for (const cJSON *item = list->child; item; item = item->next)
        cJSON_AddItemToArray(made, unfold(flat, item, depth + 1));
    return made;
}

static cJSON *unfold(struct flat *flat, const cJSON *reference, int depth) {
    int index = cJSON_IsNumber(reference) ? reference->valueint : -1;
    if (index < 0 || index >= flat->count || depth > MAX_DEPTH || ++flat->nodes > MAX_NODES) return cJSON_CreateNull();
    const cJSON *item = flat->items[index];
    if (cJSON_IsArray(item)) return unfold_list(flat, item, depth);
    if (!cJSON_IsObject(item)) return cJSON_Duplicate(item, false);
    cJSON *made = cJSON_CreateObject();
    for (const cJSON *member = item->child; member; member = member->next)
        cJSON_AddItemToObject(made, member->string, unfold(flat, member, depth + 1));
    return made;
}

/* Returns true if the value is a list as written by Nuxt: its first item is an object or a list of indexes only. */
static bool is_flat(const cJSON *root) {
    const cJSON *first = cJSON_IsArray(root) ? root->child : NULL;
    if (!first || !first->next || !first->child) return false;
    const cJSON *value = first->child;
    if (cJSON_IsArray(first) && cJSON_IsString(value)) value = value->next;
    while (value && cJSON_IsNumber(value) && value->next) value = value->next;
    return cJSON_IsNumber(value);
}

/* Restores the nested form of a list as written by Nuxt, starting from the item with index 0. */
static cJSON *unfold_root(cJSON *root) {
    if (!is_flat(root)) return root;
    struct flat flat = {.count = cJSON_GetArraySize(root)};
    flat.items = memory_take((size_t)flat.count * sizeof *flat.items);
    int count = 0;
    for (const cJSON *item = root->child; item; item = item->next) flat.items[count++] = item;
    cJSON first = {.type = cJSON_Number}, *made = unfold(&flat, &first, 0);
    free(flat.items);
    cJSON_Delete(root);
    return made;
}

/* ---------------------------------------------------------------- scripts */

/* Parses a value and calls `visit`. Strict JSON is tried first, because most scripts are valid. */
static void read_object(struct reader *reader, struct span object) {
    if (reader->objects++ >= MAX_OBJECTS) return;
    cJSON *root = json_parse(object, SCRIPT_LIMIT, "page data", NULL);
    if (!root) root = parse_loosely(object);
    if (!root) return;
    root = unfold_root(root);
    reader->visit(reader->context, root);
    cJSON_Delete(root);
}

/* Returns true if the bracket is a value that is assigned or returned ("x = {", "return {"), or the first character of
 * the script. The bracket of a function's body is not, but what the function returns is found inside it. */
static bool is_assigned(struct span script, size_t at) {
    while (at > 0 && text_is_space(script.at[at - 1])) at--;
    struct span before = span_cut(script, 0, at);
    return at == 0 || script.at[at - 1] == '=' || span_ends(before, SPAN("return"));
}

/* Reads all values in a script. Strings are skipped, so brackets inside them are ignored. */
static void read_script(struct reader *reader, struct span script) {
    if (script.length > SCRIPT_LIMIT) return;
    for (size_t at = 0; at < script.length;) {
        char c = script.at[at];
        bool opens = (c == '{' || c == '[') && is_assigned(script, at) && reader->unclosed < MAX_UNCLOSED;
        size_t end = opens ? find_end(script, at) : 0;
        reader->unclosed += opens && !end;
        if (end > at + SHORTEST) read_object(reader, span_cut(script, at, end));
        bool quoted = c == '"' || c == '\'' || c == '`';
        at = end ? end : quoted ? skip_string(script, at) : at + 1;
    }
}

static size_t find_from(struct span page, size_t from, const char *needle) {
    size_t at = span_find(span_cut(page, from, page.length), span_of(needle));
    return at == SIZE_MAX ? page.length : from + at;
}

/* Scripts of any type are read, because sites use many types. A script without JSON simply has no values. */
void script_json_each(struct span page, void (*visit)(void *context, const cJSON *root), void *context) {
    struct reader reader = {.visit = visit, .context = context};
    for (size_t at = find_from(page, 0, "<script"); at < page.length; at = find_from(page, at, "<script")) {
        size_t open = find_from(page, at, ">"), end = find_from(page, open, "</script");
        struct span tag = span_cut(page, at, open);
        if (span_find(tag, SPAN("ld+json")) == SIZE_MAX && open < end)
            read_script(&reader, span_trim(span_cut(page, open + 1, end)));
        at = end;
    }
}
