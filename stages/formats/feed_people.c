/* Names of authors in the forms that feeds use. */
#include <string.h>

#include "stages/formats/feed.h"

/* This check need not be strict, because the text is either a name or an address. */
static bool is_mail_address(struct span text) {
    size_t at = span_find(text, SPAN("@"));
    return at != SIZE_MAX && at > 0 && !memchr(text.at, ' ', text.length);
}

/* Splits "before(inside)" at the first `open` and the final `close`. Returns false if the text has another form. */
static bool split(struct span text, char open, char close, struct span *ret_inside, struct span *ret_before) {
    const char *start = text.length ? memchr(text.at, open, text.length) : NULL;
    if (!start || text.at[text.length - 1] != close) return false;
    size_t at = (size_t)(start - text.at);
    *ret_before = span_trim(span_cut(text, 0, at));
    *ret_inside = span_trim(span_cut(text, at + 1, text.length - 1));
    return true;
}

static struct span without_quotes(struct span name) {
    bool quoted = name.length > 1 && name.at[0] == '"' && name.at[name.length - 1] == '"';
    return quoted ? span_trim(span_cut(name, 1, name.length - 1)) : name;
}

/* Returns the name in "address (Name)", "Name <address>" and the like, or the text itself if it is not of this form. */
static struct span name_of(struct span text) {
    struct span inside, before;
    text = span_trim(text);
    if (span_starts_ascii_fold(text, SPAN("mailto:"))) text = span_cut(text, 7, text.length);
    bool round = split(text, '(', ')', &inside, &before), pointed = !round && split(text, '<', '>', &inside, &before);
    /* RSS feeds use "address (Name)", emails use "Name <address>". */
    if ((round || pointed) && inside.length && (is_mail_address(before) || !before.length))
        return without_quotes(inside);
    if ((round || pointed) && before.length && is_mail_address(inside)) return without_quotes(before);
    return without_quotes(text);
}

static bool is_among(struct span names, struct span name) {
    struct span one;
    while (span_next(&names, '\n', &one))
        if (span_equal(one, name)) return true;
    return false;
}

/* Feeds often state both an email address and a name for the same author. */
struct span feed_add_person(struct span names, struct span name, struct arena *arena) {
    enum { MAX_NAMES = 4096 }; /* bytes */
    name = name_of(name);
    if (!name.length || names.length + name.length > MAX_NAMES || is_among(names, name)) return names;
    if (!names.length || (is_mail_address(names) && !is_mail_address(name))) return arena_copy(arena, name);
    if (is_mail_address(name)) return names;
    return arena_print(arena, "%.*s\n%.*s", SPAN_ARGS(names), SPAN_ARGS(name));
}
