#include "pipeline/base/json.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/visible.h"

/* Returns the position of the quote that ends a string whose text begins at `at`, or the text's length if none does.
 * Sets *ret_nul if the string contains \u0000. */
static size_t skip_string(struct span text, size_t at, bool *ret_nul) {
    size_t quote = at;
    while (at < text.length) {
        if (quote <= at) { /* a quote that is escaped lies behind, and is not searched for again */
            const char *found = memchr(text.at + at, '"', text.length - at);
            quote = found ? (size_t)(found - text.at) : text.length;
        }
        const char *escape = memchr(text.at + at, '\\', quote - at);
        if (!escape) return quote;
        at = (size_t)(escape - text.at) + 2;
        if (span_starts(span_cut(text, at - 1, at + 4), SPAN("u0000"))) *ret_nul = true;
    }
    return text.length;
}

/* Refuses nesting deeper than JSON_DEPTH and \u0000 before cJSON sees the text: cJSON recurses for each level, and its
 * strings end at the first NUL. */
static bool check_shape(struct span text, const char *what, struct failure *ret_failure) {
    unsigned depth = 0;
    bool nul = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '"') {
            i = skip_string(text, i + 1, &nul);
            if (nul)
                return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s contains the character \\u0000",
                                   what);
        } else if ((c == '[' || c == '{') && ++depth > JSON_DEPTH) {
            return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is nested more than %d levels deep",
                               what, JSON_DEPTH);
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return true;
}

cJSON *json_parse(struct span text, size_t limit, const char *what, struct failure *ret_failure) {
    /* The cheap checks come first, and each error names exactly what is wrong. */
    text = span_trim(text);
    if (text.length == 0) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is empty; JSON was expected", what);
        return NULL;
    }
    if (text.length > limit) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is larger than %zu bytes", what, limit);
        return NULL;
    }
    if (!text_valid(text)) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is not UTF-8", what);
        return NULL;
    }
    /* JSON allows no NUL, but cJSON does, and cuts the string there: the rest of a text would be lost silently. */
    if (memchr(text.at, '\0', text.length)) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s contains a NUL byte", what);
        return NULL;
    }
    if (!check_shape(text, what, ret_failure)) return NULL;
    /* cJSON stops after the first value. Anything but whitespace after it is an error too. */
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text.at, text.length, &end, false);
    size_t used = tree && end ? (size_t)(end - text.at) : 0;
    if (tree && span_trim(span_cut(text, used, text.length)).length == 0) return tree;
    cJSON_Delete(tree);
    struct span near = text_clip(span_cut(text, end ? (size_t)(end - text.at) : 0, text.length), 40);
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the %s is not valid JSON near '%.*s'", what, SPAN_ARGS(near));
    return NULL;
}

const cJSON *json_member(const cJSON *object, const char *name) {
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const cJSON *json_at(const cJSON *root, const char *path) {
    struct span rest = span_of(path), name;
    while (root && span_next(&rest, '.', &name)) {
        /* cJSON needs NUL-terminated names. No name in our paths is longer than this. */
        char key[64];
        long long index;
        if (name.length >= sizeof key) return NULL;
        memcpy(key, name.at, name.length);
        key[name.length] = '\0';
        root = cJSON_IsArray(root) ? (span_number(name, &index) ? cJSON_GetArrayItem(root, (int)index) : NULL)
                                   : json_member(root, key);
    }
    return root;
}

/* strlen() is safe here: \u0000 has been refused, so a string has no NUL inside. */
struct span json_text(const cJSON *item) {
    return cJSON_IsString(item) ? span_of(item->valuestring) : (struct span){NULL, 0};
}

struct span json_member_text(const cJSON *object, const char *name) {
    return json_text(json_member(object, name));
}

struct span json_member_copy(const cJSON *object, const char *name, struct arena *arena) {
    struct span text = json_member_text(object, name);
    return text.length ? arena_copy(arena, text) : (struct span){NULL, 0};
}

double json_member_number(const cJSON *object, const char *name, double otherwise) {
    const cJSON *item = json_member(object, name);
    return cJSON_IsNumber(item) ? item->valuedouble : otherwise;
}

size_t json_member_count(const cJSON *object, const char *name, size_t otherwise) {
    double number = json_member_number(object, name, -1);
    return number >= 0 && number <= 1e15 ? (size_t)number : otherwise;
}

bool json_member_true(const cJSON *object, const char *name) {
    return cJSON_IsTrue(json_member(object, name));
}

/* Replaces invalid bytes with U+FFFD, so that we never write invalid UTF-8. */
static char *clean_copy(struct span text) {
    struct buffer out = BUFFER(SIZE_MAX / 2);
    /* Makes sure that out.at is a terminated string even if the text is empty. */
    buffer_add_string(&out, "");
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        buffer_add_rune(&out, rune);
    }
    return out.at;
}

/* cJSON copies the string and expects it to be terminated and valid UTF-8. */
static cJSON *string_of(struct span text) {
    char *copy = text_valid(text) ? memory_string(text) : clean_copy(text);
    cJSON *item = cJSON_CreateString(copy);
    free(copy);
    return item;
}

void json_add(cJSON *object, const char *name, struct span text) {
    cJSON_AddItemToObject(object, name, string_of(text));
}

void json_append(cJSON *array, struct span text) {
    cJSON_AddItemToArray(array, string_of(text));
}

void json_add_filled(cJSON *object, const char *name, struct span text) {
    if (text.length) json_add(object, name, text);
}

/* Whether a byte can be copied into a JSON string unchanged. False for the bytes of multi-byte characters, which have
 * to be validated first. */
static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != 0x7F;
}

bool json_quote(struct buffer *out, struct span text) {
    buffer_add(out, "\"", 1);
    for (size_t i = 0; i < text.length;) {
        /* Append a run of plain characters in one call; all others are handled one by one. */
        size_t run = i;
        while (run < text.length && is_plain((unsigned char)text.at[run])) run++;
        buffer_add(out, text.at + i, run - i);
        if (run == text.length) break;
        uint32_t rune;
        i = run + text_next(text, run, &rune);
        if (rune == '"' || rune == '\\')
            buffer_print(out, "\\%c", (char)rune);
        else if (rune == '\n')
            buffer_add(out, "\\n", 2);
        else if (rune_is_unseen(rune))
            visible_add_json(out, rune);
        else
            buffer_add_rune(out, rune);
    }
    return buffer_add(out, "\"", 1) && !out->full;
}

/* Appends JSON that cJSON has printed. Unseen characters occur only inside its strings. */
static void add_printed(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        size_t unseen = visible_skip(text, i);
        buffer_add_span(out, span_cut(text, i, unseen));
        if (unseen == text.length) break;
        i = unseen + text_next(text, unseen, &rune);
        visible_add_json(out, rune);
    }
}

bool json_print_free(cJSON *tree, struct buffer *out) {
    char *text = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
    if (!text) memory_exhausted();
    bool was_full = out->full;
    size_t length = out->length;
    out->full = false;
    add_printed(out, span_of(text));
    cJSON_free(text);
    bool fits = !out->full;
    /* An addition is refused as a whole. */
    if (!fits) out->length = length;
    if (out->at) out->at[out->length] = '\0';
    out->full = was_full || !fits;
    return fits;
}
