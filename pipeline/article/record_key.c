#include "pipeline/article/record_key.h"

#include <string.h>

#include "pipeline/article/article.h"
#include "pipeline/article/record.h"

struct scan {
    struct span text;
    size_t at;
};

/* The values found so far. A `has_` flag is set when the member is found; further members with the same name are
 * ignored. */
struct key {
    struct span id, url, identity, version;
    bool has_id, has_url, has_evidence, has_identity, has_version;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(struct scan *scan) {
    while (scan->at < scan->text.length && is_space(scan->text.at[scan->at])) scan->at++;
}

/* Skips whitespace, then `c` if it is the next character. Returns whether `c` was skipped. */
static bool take(struct scan *scan, char c) {
    skip_space(scan);
    bool there = scan->at < scan->text.length && scan->text.at[scan->at] == c;
    scan->at += there;
    return there;
}

/* Skips a string whose opening quote has been read. Sets *ret_plain if the string has no escapes. */
static bool skip_string(struct scan *scan, struct span *ret_inside, bool *ret_plain) {
    size_t start = scan->at;
    const char *text = scan->text.at;
    *ret_plain = true;
    for (;;) {
        const char *quote =
            scan->at < scan->text.length ? memchr(text + scan->at, '"', scan->text.length - scan->at) : NULL;
        if (!quote) return false;
        size_t end = (size_t)(quote - text), slashes = 0;
        /* A quote after an odd number of backslashes is escaped. */
        while (end - slashes > start && text[end - slashes - 1] == '\\') slashes++;
        scan->at = end + 1;
        if (slashes % 2) continue;
        *ret_inside = span_cut(scan->text, start, end);
        *ret_plain = ret_inside->length == 0 || !memchr(ret_inside->at, '\\', ret_inside->length);
        return true;
    }
}

/* Skips an object or array whose opening bracket has been read. */
static bool skip_nested(struct scan *scan) {
    struct span inside;
    bool plain;
    /* Does not check that brackets match in kind, because the parser will report a malformed record. */
    for (size_t depth = 1; scan->at < scan->text.length;) {
        char c = scan->text.at[scan->at++];
        if (c == '"' && !skip_string(scan, &inside, &plain)) return false;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
}

/* Skips any value except a string. */
static bool skip_value(struct scan *scan) {
    skip_space(scan);
    if (scan->at == scan->text.length) return false;
    char c = scan->text.at[scan->at];
    if (c == '{' || c == '[') {
        scan->at++;
        return skip_nested(scan);
    }
    size_t start = scan->at;
    /* A number or a literal: up to the next structural character. */
    while (scan->at < scan->text.length && !strchr(",}]\"{[: \t\r\n", scan->text.at[scan->at])) scan->at++;
    return scan->at > start;
}

/* Stores a member's value; if a name occurs several times, the first one counts, as in record_read(). Returns false if
 * the value must be parsed. */
static bool store_value(struct span value, bool is_string, bool plain, bool *seen, struct span *place) {
    if (*seen) return true;
    *seen = true;
    if (is_string) *place = value;
    return is_string && plain;
}

static bool read_object(struct scan *scan, struct key *key, bool top);

/* `top` is true for the record itself and false for its member `evidence`; other objects are skipped. */
static bool read_member(struct scan *scan, struct key *key, bool top) {
    struct span name, value = {NULL, 0};
    bool plain;
    if (!take(scan, '"') || !skip_string(scan, &name, &plain) || !plain || !take(scan, ':')) return false;
    if (top && span_is(name, "evidence") && !key->has_evidence) {
        key->has_evidence = true;
        return take(scan, '{') && read_object(scan, key, false);
    }
    bool is_string = take(scan, '"');
    if (is_string ? !skip_string(scan, &value, &plain) : !skip_value(scan)) return false;
    if (top && span_is(name, "id")) return store_value(value, is_string, plain, &key->has_id, &key->id);
    if (top && span_is(name, "url")) return store_value(value, is_string, plain, &key->has_url, &key->url);
    if (!top && span_is(name, "identity"))
        return store_value(value, is_string, plain, &key->has_identity, &key->identity);
    if (!top && span_is(name, "version")) return store_value(value, is_string, plain, &key->has_version, &key->version);
    return true;
}

/* Reads an object whose opening brace has been read. */
static bool read_object(struct scan *scan, struct key *key, bool top) {
    if (take(scan, '}')) return true;
    do {
        if (!read_member(scan, key, top)) return false;
    } while (take(scan, ','));
    return take(scan, '}');
}

bool record_key(struct span json, char ret_id[33], struct span *ret_version) {
    struct scan scan = {.text = json};
    struct key key = {0};
    if (!take(&scan, '{') || !read_object(&scan, &key, true)) return false;
    skip_space(&scan);
    /* Anything after the object makes the line invalid; the parser reports it. */
    if (scan.at < json.length) return false;
    /* Prefer the same member as record_read() does. */
    struct span identity = key.identity.length ? key.identity : key.id.length ? key.id : key.url;
    memset(ret_id, 0, 33);
    if (record_is_own_id(key.id))
        memcpy(ret_id, key.id.at, 32);
    else if (identity.length)
        article_id(identity, ret_id);
    *ret_version = key.version;
    return true;
}
