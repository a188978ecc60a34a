/* Parses the syntax of a configuration file: sections, keys, quotes, comments and continued lines. */
#include <string.h>

#include "config/internal.h"

struct parser {
    struct config *config;
    struct span rest;
    const char *file, *folder;
    unsigned line;
    int rank;
    struct section *section; /* NULL after an invalid section header; the keys that follow are then ignored */
    bool section_seen;       /* true even after an invalid header, so that the keys below it are not reported too */
};

static struct span where(const struct parser *parser) {
    return arena_print(parser->config->arena, "%s:%u", parser->file, parser->line);
}

/* Handles a section header such as [service "deepl"]: the keys that follow belong to this section. If there is no such
 * section, reports the reason. */
static void open_section(struct parser *parser, struct span table_name, struct span name) {
    struct config *config = parser->config;
    const struct section_table *table = config_table(config, table_name);
    parser->section = NULL;
    parser->section_seen = true;
    if (!table) {
        config_add_unknown_section(config, where(parser), table_name);
        return;
    }
    if (!section_fits_name(table, name)) {
        struct span example = arena_print(config->arena, "needs a name, e.g. [%s \"news\"]", table->name);
        config_add_problem(config, where(parser), "[%s] %s", table->name, table->named ? example.at : "takes no name");
        return;
    }
    struct section *section = config_make(config, table, name);
    /* Each file has a rank of its own, so this finds repetitions in one file but allows other files to add to the
     * section. */
    if (section->header_rank == parser->rank)
        config_add_problem(config, where(parser), "the section appears twice in this file, first at %.*s",
                           SPAN_ARGS(section->where));
    section->header_rank = parser->rank;
    section->where = where(parser);
    section->folder = arena_copy(config->arena, span_of(parser->folder));
    parser->section = section;
}

/* Parses [name] or [name "text"], which only a comment may follow. */
static void parse_section(struct parser *parser, struct span line) {
    size_t end = line.length;
    /* The header ends at the last bracket of the line, because the name of a section may contain brackets. */
    while (end > 0 && line.at[end - 1] != ']') end--;
    struct span tail = span_trim(span_cut(line, end, line.length));
    struct span inside = span_trim(span_cut(line, 1, end ? end - 1 : 0));
    size_t quote = span_find(inside, SPAN("\""));
    bool closed = quote == SIZE_MAX || (inside.length > quote + 1 && inside.at[inside.length - 1] == '"');
    if (end == 0 || !closed || (tail.length && tail.at[0] != '#' && tail.at[0] != ';')) {
        config_add_problem(parser->config, where(parser), "expected [SECTION] or [SECTION \"NAME\"]");
        parser->section = NULL;
        parser->section_seen = true;
        return;
    }
    struct span name = quote == SIZE_MAX ? SPAN("") : span_cut(inside, quote + 1, inside.length - 1);
    open_section(parser, span_trim(span_cut(inside, 0, quote)), name);
}

/* Any other escaped character stands for itself, which covers \" and \\. */
static char escaped(char c) {
    return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* Appends the value without its quotes, trailing spaces and comment, and advances parser->rest to the end of its last
 * line. A comment needs a space before it, so that addresses with a '#' or ';' need no quotes. */
static void parse_value(struct parser *parser, struct buffer *value) {
    bool quoted = false;
    size_t kept = 0; /* length without trailing spaces; spaces in quotes are kept */
    size_t i = 0;
    for (; i < parser->rest.length; i++) {
        char c = parser->rest.at[i];
        char next = i + 1 < parser->rest.length ? parser->rest.at[i + 1] : '\n';
        bool after_space =
            value->length == 0 || value->at[value->length - 1] == ' ' || value->at[value->length - 1] == '\t';
        if (c == '\n') break;
        if (c == '\r' && next == '\n') continue;
        if (c == '\\' && next == '\n') {
            parser->line++;
            i++;
            continue;
        }
        if (!quoted && (c == '#' || c == ';') && after_space) {
            while (i < parser->rest.length && parser->rest.at[i] != '\n') i++;
            break;
        }
        if (c == '"') {
            quoted = !quoted;
            kept = value->length;
            continue;
        }
        if (c == '\\' && quoted) {
            c = escaped(next);
            i++;
        }
        buffer_add(value, &c, 1);
        if (quoted || (c != ' ' && c != '\t')) kept = value->length;
    }
    if (quoted) config_add_problem(parser->config, where(parser), "the closing quote is missing");
    value->length = kept;
    parser->rest = span_cut(parser->rest, i, parser->rest.length);
}

/* Parses one line KEY = VALUE with its continuation lines. `include` is a key that is valid anywhere, even before the
 * first section. */
static void parse_key(struct parser *parser) {
    size_t end = 0;
    while (end < parser->rest.length && parser->rest.at[end] != '=' && parser->rest.at[end] != '\n') end++;
    struct span key = span_trim(span_cut(parser->rest, 0, end));
    /* The position is taken before the value is read, because the value may continue on further lines. */
    struct span place = where(parser);
    bool assigned = end < parser->rest.length && parser->rest.at[end] == '=';
    parser->rest = span_cut(parser->rest, assigned ? end + 1 : end, parser->rest.length);
    while (parser->rest.length && (parser->rest.at[0] == ' ' || parser->rest.at[0] == '\t'))
        parser->rest = span_cut(parser->rest, 1, parser->rest.length);
    struct buffer value = BUFFER(1 << 20);
    parse_value(parser, &value);
    if (!assigned)
        config_add_problem(parser->config, place, "expected KEY = VALUE");
    else if (span_is(key, "include"))
        config_add_include(parser->config, buffer_span(&value), parser->folder, place);
    else if (!parser->section_seen)
        config_add_problem(parser->config, place,
                           "the key comes before the first [section] line; move it into a section");
    else if (parser->section)
        config_add_value(parser->section, key, buffer_span(&value), place, parser->rank);
    buffer_free(&value);
}

/* ---------------------------------------------------------------- bytes that no value may contain */

/* Returns the first control character of the line except tabs, or 0. Control characters would be invisible in a value,
 * and a NUL would truncate it. */
static unsigned char first_control(struct span line) {
    for (size_t i = 0; i < line.length; i++) {
        unsigned char c = (unsigned char)line.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) return c;
    }
    return 0;
}

static bool has_control(struct span line) {
    return memchr(line.at, '\0', line.length) || first_control(line);
}

static void check_line(struct parser *parser, struct span line) {
    if (span_ends(line, SPAN("\r"))) line.length--;
    if (!text_valid(line))
        config_add_problem(parser->config, where(parser), "the line is not UTF-8; save the file as UTF-8");
    else if (line.length && has_control(line))
        config_add_problem(parser->config, where(parser), "the line contains the control character 0x%02X; remove it",
                           first_control(line));
}

/* Returns false if the whole text is in an unsupported encoding, because one problem is more helpful than one for each
 * line. */
static bool check_bytes(struct parser *parser, struct span text) {
    struct span line;
    if (span_starts(text, SPAN("\xFF\xFE")) || span_starts(text, SPAN("\xFE\xFF"))) {
        config_add_problem(parser->config, where(parser), "the file is UTF-16; save it as UTF-8");
        return false;
    }
    for (; span_next(&text, '\n', &line); parser->line++) check_line(parser, line);
    parser->line = 1;
    return true;
}

static void skip_line(struct parser *parser) {
    struct span line;
    span_next(&parser->rest, '\n', &line);
    parser->line++;
}

void config_parse(struct config *config, struct span text, const char *file, const char *folder, int rank) {
    struct parser parser = {.config = config, .rest = text, .file = file, .folder = folder, .line = 1, .rank = rank};
    /* Skip the byte order mark that some editors write. */
    if (span_starts(text, SPAN("\xEF\xBB\xBF"))) parser.rest = span_cut(text, 3, text.length);
    if (!check_bytes(&parser, parser.rest)) return;
    while (parser.rest.length) {
        size_t end = span_find(parser.rest, SPAN("\n"));
        struct span line = span_trim(span_cut(parser.rest, 0, end));
        if (line.length == 0 || line.at[0] == '#' || line.at[0] == ';') {
            skip_line(&parser);
            continue;
        }
        if (line.at[0] == '[') {
            parse_section(&parser, line);
            skip_line(&parser);
            continue;
        }
        parse_key(&parser);
        skip_line(&parser);
    }
}
