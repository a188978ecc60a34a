#include "pipeline/base/json.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/visible.h"

const cJSON *json_member(const cJSON *object, const char *name) {
    const cJSON *member = cJSON_IsObject(object) ? object->child : NULL;
    /* The first byte rejects most names. */
    while (member && member->string && (*member->string != *name || strcmp(member->string, name) != 0))
        member = member->next;
    return member && member->string ? member : NULL;
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

/* Whether an ASCII character can be copied into a JSON string unchanged. */
static bool is_plain(unsigned char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Whether eight bytes are all plain. A byte that is too small or equal to the one searched for borrows from the next
 * one when it is made smaller, so that a byte can be found wrongly only above one that is found rightly. */
static bool are_plain(const char *at) {
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t bytes, quotes, escapes;
    memcpy(&bytes, at, sizeof bytes);
    quotes = bytes ^ (ones * '"');
    escapes = bytes ^ (ones * '\\');
    return ((bytes | (bytes - ones * 0x20) | (bytes + ones) | (quotes - ones) | (escapes - ones)) & high) == 0;
}

/* Returns the position of the first character from `at` on that cannot be copied into a JSON string unchanged. */
static size_t skip_plain(struct span text, size_t at) {
    uint32_t rune;
    for (size_t size; at < text.length; at += size) {
        unsigned char byte = (unsigned char)text.at[at];
        if (byte < 0x80) {
            if (!is_plain(byte)) break;
            size = text.length - at >= sizeof(uint64_t) && are_plain(text.at + at) ? sizeof(uint64_t) : 1;
        } else {
            size = text_next_wide(text, at, &rune);
            if (size == 1 || rune_is_unseen(rune)) break; /* a single byte is invalid */
        }
    }
    return at;
}

/* Appends a character that cannot be copied; those in `letters` are written as a backslash and a letter. A NUL becomes
 * U+FFFD, because json_parse() refuses it. */
static void add_escaped(struct buffer *out, uint32_t rune, struct span letters) {
    static const char runes[] = "\"\\\n\t\r\b\f";
    const char *at = rune < 0x80 ? memchr(runes, (int)rune, letters.length) : NULL;
    if (at) {
        buffer_add(out, "\\", 1);
        buffer_add(out, letters.at + (at - runes), 1);
    } else if (rune == 0) {
        buffer_add_rune(out, 0xFFFD);
    } else if (rune_is_unseen(rune)) {
        visible_add_json(out, rune);
    } else {
        buffer_add_rune(out, rune);
    }
}

static bool quote(struct buffer *out, struct span text, struct span letters) {
    buffer_add(out, "\"", 1);
    for (size_t i = 0, stop; i < text.length;) {
        uint32_t rune;
        stop = skip_plain(text, i);
        buffer_add_span(out, span_cut(text, i, stop));
        if (stop == text.length) break;
        i = stop + text_next(text, stop, &rune);
        add_escaped(out, rune, letters);
    }
    return buffer_add(out, "\"", 1) && !out->full;
}

bool json_quote(struct buffer *out, struct span text) {
    return quote(out, text, SPAN("\"\\n"));
}

bool json_quote_short(struct buffer *out, struct span text) {
    return quote(out, text, SPAN("\"\\ntrbf"));
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
