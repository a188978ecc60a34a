#include "program/import/xliff.h"

#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/base/xml.h"
#include "program/export/parts/xml.h"

/* These limits protect against malicious files; real files come nowhere near them. */
enum { TEXT_LIMIT = 64 << 10, MAX_DEPTH = 64, CHUNK = 64 << 10, MAX_SEGMENTS = 1000000 };
static const size_t FILE_LIMIT = 512u << 20;

/* Expat joins namespace and name with this character. */
#define SEPARATOR '|'
#define NAMESPACE "urn:oasis:names:tc:xliff:document:2.0|"

struct reader {
    XML_Parser expat;
    struct arena *arena;
    struct xliff *xliff;
    struct buffer text; /* of the <source> or <target> that is open */
    char article[33];
    struct xliff_segment segment;
    unsigned depth, segment_depth, text_depth; /* depth of the open <segment> and text; 0 = none */
    bool started;
    const char *problem; /* why the file is refused; NULL = it is not */
};

static void refuse(struct reader *reader, const char *problem) {
    if (!reader->problem) reader->problem = problem;
    XML_StopParser(reader->expat, XML_FALSE);
}

static struct span attribute(const char **attributes, const char *name) {
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0) return span_of(attributes[1]);
    return (struct span){NULL, 0};
}

static bool is(const char *name, const char *wanted) {
    size_t length = sizeof NAMESPACE - 1;
    return strncmp(name, NAMESPACE, length) == 0 && strcmp(name + length, wanted) == 0;
}

/* ---------------------------------------------------------------- elements */

static void open_root(struct reader *reader, const char *name, const char **attributes) {
    struct span target = attribute(attributes, "trgLang");
    bool english =
        span_equal_ascii_fold(span_cut(target, 0, 2), SPAN("en")) && (target.length == 2 || target.at[2] == '-');
    reader->started = true;
    if (!is(name, "xliff") || !span_starts(attribute(attributes, "version"), SPAN("2.")))
        refuse(reader, "this is not XLIFF 2");
    else if (!english)
        refuse(reader, "the target language (trgLang) is not English");
}

static void open_file(struct reader *reader, const char **attributes) {
    struct span id = attribute(attributes, "id");
    struct span own = span_cut(id, 1, id.length);
    reader->article[0] = '\0';
    if (!span_starts(id, SPAN("f")) || !record_is_own_id(own))
        refuse(reader, "this <file> was not exported by dragoman: its id is not 'f' and the id of an article");
    else
        memcpy(reader->article, own.at, own.length + 1);
}

static void open_segment(struct reader *reader, const char **attributes) {
    struct span id = attribute(attributes, "id"), state = attribute(attributes, "state");
    long long number = -1;
    bool ours = span_starts(id, SPAN("s")) && span_number(span_cut(id, 1, id.length), &number) && number >= 0 &&
                number <= INT32_MAX;
    reader->segment_depth = reader->depth;
    reader->segment = (struct xliff_segment){.id = ours ? (unsigned)number : 0,
                                             .reviewed = span_is(state, "reviewed") || span_is(state, "final"),
                                             .line = XML_GetCurrentLineNumber(reader->expat)};
    memcpy(reader->segment.article, reader->article, sizeof reader->article);
    if (!ours)
        refuse(reader, "this <segment> was not exported by dragoman: its id is not 's' and a number; segments must not "
                       "be split or joined");
    else if (!reader->article[0])
        refuse(reader, "this <segment> is not inside a <file>");
}

static void open_text(struct reader *reader) {
    reader->text_depth = reader->depth;
    buffer_clear(&reader->text);
}

/* Returns the text without the characters that an export had to leave out. */
static struct span without_forbidden(struct arena *arena, struct span text) {
    char *copy = arena_take(arena, text.length + 1);
    size_t length = 0;
    uint32_t rune;
    for (size_t i = 0, next; i < text.length; i = next) {
        next = i + text_next(text, i, &rune);
        if (!xml_allows(rune)) continue;
        memcpy(copy + length, text.at + i, next - i);
        length += next - i;
    }
    return (struct span){copy, length};
}

/* Line breaks and indents that a tool added are not part of a sentence. */
struct span xliff_text(struct arena *arena, struct span text) {
    char *copy = arena_string(arena, span_trim(without_forbidden(arena, text)));
    size_t length = 0;
    for (size_t i = 0; copy[i]; i++) {
        bool space = text_is_space(copy[i]);
        if (space && length && copy[length - 1] == ' ') continue;
        copy[length++] = space ? ' ' : copy[i];
    }
    copy[length] = '\0';
    return (struct span){copy, length};
}

static void close_text(struct reader *reader, const char *name) {
    struct span text = xliff_text(reader->arena, buffer_span(&reader->text));
    if (reader->text.full) refuse(reader, "a sentence is longer than 65536 bytes");
    *(is(name, "source") ? &reader->segment.source : &reader->segment.target) = text;
    reader->text_depth = 0;
}

static void close_segment(struct reader *reader) {
    struct xliff *xliff = reader->xliff;
    reader->segment_depth = 0;
    if (xliff->count == MAX_SEGMENTS) {
        refuse(reader, "more than a million segments");
        return;
    }
    xliff->segments =
        arena_grow(reader->arena, xliff->segments, xliff->count, &xliff->capacity, sizeof *xliff->segments);
    xliff->segments[xliff->count++] = reader->segment;
}

/* ---------------------------------------------------------------- callbacks of expat */

static void XMLCALL on_start(void *data, const char *name, const char **attributes) {
    struct reader *reader = data;
    if (reader->problem) return;
    if (++reader->depth > MAX_DEPTH)
        refuse(reader, "elements are nested too deeply");
    else if (reader->depth == 1)
        open_root(reader, name, attributes);
    else if (is(name, "file"))
        open_file(reader, attributes);
    else if (is(name, "segment") && !reader->segment_depth)
        open_segment(reader, attributes);
    /* Suggestions of tools (the module `matches`) have texts too, but not directly below a segment. */
    else if (reader->segment_depth && reader->depth == reader->segment_depth + 1 &&
             (is(name, "source") || is(name, "target")))
        open_text(reader);
}

static void XMLCALL on_end(void *data, const char *name) {
    struct reader *reader = data;
    if (reader->problem) return;
    if (reader->text_depth == reader->depth)
        close_text(reader, name);
    else if (reader->segment_depth == reader->depth)
        close_segment(reader);
    reader->depth--;
}

static void XMLCALL on_text(void *data, const char *at, int length) {
    struct reader *reader = data;
    if (reader->text_depth) buffer_add(&reader->text, at, (size_t)length);
}

static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public, int internal) {
    (void)name, (void)system, (void)public, (void)internal;
    refuse(data, "it has a document type declaration, which is not allowed; remove the <!DOCTYPE>");
}

/* ---------------------------------------------------------------- the file */

static bool fail(const struct reader *reader, const char *name, struct failure *ret_failure) {
    const char *why = reader->problem ? reader->problem : XML_ErrorString(XML_GetErrorCode(reader->expat));
    return failure_fatal(ret_failure, EXIT_BAD_DATA,
                         "cannot read %s as XLIFF: line %lu: %s; nothing was imported from it", name,
                         (unsigned long)XML_GetCurrentLineNumber(reader->expat), why);
}

static bool parse(struct reader *reader, FILE *file, const char *name, struct failure *ret_failure) {
    char chunk[CHUNK];
    size_t length, all = 0;
    do {
        length = fread(chunk, 1, sizeof chunk, file);
        all += length;
        if (ferror(file)) return failure_fatal(ret_failure, EXIT_IO, "cannot read %s: read error", name);
        if (all > FILE_LIMIT) refuse(reader, "the file is larger than 512 MB");
        if (reader->problem || XML_Parse(reader->expat, chunk, (int)length, length == 0) != XML_STATUS_OK)
            return fail(reader, name, ret_failure);
    } while (length);
    return true;
}

bool xliff_read(FILE *file, const char *name, struct arena *arena, struct xliff *ret_xliff,
                struct failure *ret_failure) {
    *ret_xliff = (struct xliff){0};
    struct reader reader = {.text = BUFFER(TEXT_LIMIT),
                            .arena = arena,
                            .xliff = ret_xliff,
                            .expat = xml_parser_new(NULL, (const char[]){SEPARATOR, 0})};
    XML_SetUserData(reader.expat, &reader);
    XML_SetElementHandler(reader.expat, on_start, on_end);
    XML_SetCharacterDataHandler(reader.expat, on_text);
    XML_SetStartDoctypeDeclHandler(reader.expat, on_doctype);
    bool done = parse(&reader, file, name, ret_failure);
    XML_ParserFree(reader.expat);
    buffer_free(&reader.text);
    return done;
}
