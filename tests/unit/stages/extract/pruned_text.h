/* What the pruner keeps of a page, written as a page again. */
#ifndef TESTS_PRUNED_TEXT_H
#define TESTS_PRUNED_TEXT_H

#include "stages/extract/prune.h"

static void add_text(void *state, struct span text) {
    buffer_add_span(state, text);
}

/* Values are enclosed in whichever quotes they do not contain. */
static void add_attribute(struct buffer *out, const struct attribute *attribute) {
    struct span value = attribute->value;
    const char *quote = value.length && memchr(value.at, '"', value.length) ? "'" : "\"";
    buffer_add_string(out, " ");
    buffer_add_span(out, attribute->name);
    buffer_add_string(out, "=");
    buffer_add_string(out, quote);
    buffer_add_span(out, value);
    buffer_add_string(out, quote);
}

static void add_tag(void *state, const struct page_tag *tag) {
    buffer_add_string(state, tag->closing ? "</" : "<");
    buffer_add_span(state, tag->name);
    for (size_t i = 0; i < tag->attribute_count; i++) add_attribute(state, &tag->attributes[i]);
    buffer_add_string(state, ">");
}

/* Appends to `out`, which must have room for about twice the page. */
static struct pruned prune_to_text(struct span page, struct buffer *out, struct arena *arena) {
    struct page_reader reader = {out, add_text, add_tag, add_text};
    return prune_page(page, (struct attribute_names){NULL, 0}, &reader, arena);
}

#endif
