#include "config/selector.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

struct parser {
    struct selector *selector;
    char *text;      /* position in the selector's copy of the text, which is NUL-terminated */
    const char *why; /* set by refuse() */
};

static bool refuse(struct parser *parser, const char *why) {
    parser->why = why;
    return false;
}

/* Bytes from 0x80 belong to UTF-8 characters, which CSS allows in names. */
static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           (unsigned char)c >= 0x80;
}

static struct span take_name(struct parser *parser) {
    char *start = parser->text;
    while (is_name_byte(*parser->text)) parser->text++;
    return (struct span){start, (size_t)(parser->text - start)};
}

/* Tags and attributes are compared in lower case, because HTML ignores their case. Classes and ids keep theirs. */
static struct span take_lower(struct parser *parser) {
    for (char *c = parser->text; is_name_byte(*c); c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    return take_name(parser);
}

static void skip_spaces(struct parser *parser) {
    while (text_is_space(*parser->text)) parser->text++;
}

/* Reads a quoted value, or a bare one, which may consist only of characters allowed in names. */
static bool take_value(struct parser *parser, struct span *ret_value) {
    char quote = *parser->text;
    if (quote != '"' && quote != '\'') {
        *ret_value = take_name(parser);
        return ret_value->length > 0;
    }
    char *end = strchr(parser->text + 1, quote);
    if (!end) return false;
    *ret_value = (struct span){parser->text + 1, (size_t)(end - parser->text - 1)};
    parser->text = end + 1;
    return true;
}

static bool take_attribute(struct parser *parser, struct selector_part *ret_part) {
    parser->text++;
    skip_spaces(parser);
    *ret_part = (struct selector_part){.kind = SELECTOR_HAS, .name = take_lower(parser)};
    skip_spaces(parser);
    if (*parser->text == '=') {
        parser->text++;
        skip_spaces(parser);
        ret_part->kind = SELECTOR_EQUALS;
        if (!take_value(parser, &ret_part->value))
            return refuse(parser, "write an attribute as [name] or [name=value]");
        skip_spaces(parser);
    }
    if (*parser->text != ']' || !ret_part->name.length)
        return refuse(parser, "write an attribute as [name] or [name=value]");
    parser->text++;
    return true;
}

static bool take_part(struct parser *parser, struct selector_part *ret_part) {
    char first = *parser->text;
    if (first == '[') return take_attribute(parser, ret_part);
    ret_part->kind = first == '.' ? SELECTOR_CLASS : first == '#' ? SELECTOR_ID : SELECTOR_TAG;
    if (ret_part->kind != SELECTOR_TAG) parser->text++;
    ret_part->name = ret_part->kind == SELECTOR_TAG ? take_lower(parser) : take_name(parser);
    if (ret_part->name.length) return true;
    return refuse(parser, "only TAG, .class, #id, [name=value], spaces and commas can be used");
}

static bool ends_step(char c) {
    return c == '\0' || c == ',' || text_is_space(c);
}

/* Reads one compound selector, up to a space, a comma or the end. */
static bool take_step(struct parser *parser, struct selector_step *ret_step) {
    ret_step->count = 0;
    while (!ends_step(*parser->text)) {
        if (ret_step->count == SELECTOR_PARTS) return refuse(parser, "the selector is too long");
        struct selector_part *part = &ret_step->parts[ret_step->count];
        if (!take_part(parser, part)) return false;
        if (part->kind == SELECTOR_TAG && ret_step->count) return refuse(parser, "a tag must come first, as in p.text");
        ret_step->count++;
    }
    return true;
}

static bool take_path(struct parser *parser, struct selector_path *ret_path) {
    ret_path->count = 0;
    for (skip_spaces(parser); *parser->text && *parser->text != ','; skip_spaces(parser)) {
        if (ret_path->count == SELECTOR_STEPS) return refuse(parser, "the selector is too long");
        if (!take_step(parser, &ret_path->steps[ret_path->count++])) return false;
    }
    return ret_path->count || refuse(parser, "the selector is empty, or a comma has nothing before or after it");
}

static bool take_paths(struct parser *parser) {
    struct selector *selector = parser->selector;
    do {
        if (selector->count == SELECTOR_PATHS) return refuse(parser, "the selector is too long");
        if (!take_path(parser, &selector->paths[selector->count++])) return false;
    } while (*parser->text++ == ',');
    return true;
}

/* The union casts away const without a warning. Spans are read-only, but the selector owns this text. */
void selector_free(struct selector *selector) {
    union {
        const char *given;
        char *at;
    } text = {.given = selector ? selector->written.at : NULL};
    free(text.at);
    free(selector);
}

struct selector *selector_new(struct span written, const char **ret_why) {
    *ret_why = "the selector is too long";
    if (written.length > SELECTOR_LIMIT) return NULL;
    struct selector *selector = memory_take(sizeof *selector);
    struct parser parser = {.selector = selector, .text = memory_string(written)};
    *selector = (struct selector){.written = {parser.text, written.length}};
    if (take_paths(&parser)) return selector;
    *ret_why = parser.why;
    selector_free(selector);
    return NULL;
}
