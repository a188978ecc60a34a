#include "program/import/tmx.h"

#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/xml.h"

/* These limits protect against malicious files; real files come nowhere near them. */
enum { MAX_VARIANTS = 32, TEXT_LIMIT = 64 << 10, NAME_LIMIT = 256, MAX_DEPTH = 64, CHUNK = 64 << 10 };

/* A <tuv>: the text in one language. */
struct variant {
    struct span language, text;
};

enum place { NOWHERE, IN_SEGMENT, IN_CODE, IN_PROPERTY };

struct reader {
    XML_Parser expat;
    struct arena *arena; /* memory for the current unit */
    struct buffer text;
    struct variant variants[MAX_VARIANTS];
    size_t variant_count;
    struct tmx_pair own;   /* read from the properties of the unit */
    struct span *property; /* where to store the property being read */
    enum place place;
    unsigned depth, code_depth;     /* code_depth: depth of the inline code whose content is being skipped */
    bool is_tmx, in_unit, too_much; /* too_much: the unit exceeds a limit and will be skipped */
    void (*pair)(void *context, const struct tmx_pair *pair);
    void *context;
    struct tmx_counts counts;
};

static struct span attribute(const char **attributes, const char *name) {
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0) return span_of(attributes[1]);
    return (struct span){NULL, 0};
}

/* ---------------------------------------------------------------- a unit */

static void open_unit(struct reader *reader) {
    arena_free(reader->arena);
    reader->arena = arena_new();
    reader->variant_count = 0;
    reader->own = (struct tmx_pair){0};
    reader->too_much = false;
    reader->in_unit = true;
}

static bool is_english(struct span language) {
    return span_starts_ascii_fold(language, SPAN("en")) &&
           (language.length == 2 || language.at[2] == '-' || language.at[2] == '_');
}

/* A unit may hold several languages. The text in each language except English forms a pair with the English text. */
static void close_unit(struct reader *reader) {
    const struct variant *english = NULL;
    size_t given = 0;
    for (size_t i = 0; i < reader->variant_count && !english; i++)
        if (is_english(reader->variants[i].language)) english = &reader->variants[i];
    for (size_t i = 0; english && !reader->too_much && i < reader->variant_count; i++) {
        const struct variant *source = &reader->variants[i];
        if (is_english(source->language) || !source->language.length || !source->text.length || !english->text.length)
            continue;
        struct tmx_pair pair = reader->own;
        pair.language = source->language;
        pair.source = source->text;
        pair.target = english->text;
        reader->pair(reader->context, &pair);
        given++;
    }
    reader->counts.pairs += given;
    reader->counts.skipped += given == 0;
    reader->in_unit = false;
}

static void open_variant(struct reader *reader, const char **attributes) {
    struct span language = attribute(attributes, "xml:lang");
    if (!language.length) language = attribute(attributes, "lang"); /* TMX 1.1 and 1.2 */
    reader->too_much = reader->too_much || reader->variant_count == MAX_VARIANTS || language.length > NAME_LIMIT;
    if (reader->too_much) return;
    reader->variants[reader->variant_count++] = (struct variant){.language = arena_copy(reader->arena, language)};
}

static void open_property(struct reader *reader, const char **attributes) {
    struct span type = attribute(attributes, "type");
    reader->property = span_is(type, "x-dragoman-key")             ? &reader->own.key
                       : span_is(type, "x-dragoman-service")       ? &reader->own.service
                       : span_is(type, "x-dragoman-model")         ? &reader->own.model
                       : span_is(type, "x-dragoman-unknown-words") ? &reader->own.unknown_words
                                                                   : NULL;
    if (!reader->property) return;
    reader->place = IN_PROPERTY;
    buffer_clear(&reader->text);
}

/* ---------------------------------------------------------------- callbacks of expat */

/* These elements hold formatting codes of the original file, which are not part of its text. */
static bool is_code(const char *name) {
    static const char *const names[] = {"bpt", "ept", "it", "ph", "ut"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes) {
    struct reader *reader = data;
    if (++reader->depth > MAX_DEPTH) XML_StopParser(reader->expat, XML_FALSE);
    if (reader->depth == 1) reader->is_tmx = strcmp(name, "tmx") == 0;
    if (reader->depth == 1 && !reader->is_tmx) XML_StopParser(reader->expat, XML_FALSE);
    if (strcmp(name, "tu") == 0) open_unit(reader);
    if (!reader->in_unit) return;
    if (strcmp(name, "tuv") == 0) open_variant(reader, attributes);
    /* The properties of a unit precede its variants (<tuv>); later properties belong to a variant. */
    else if (strcmp(name, "prop") == 0 && reader->variant_count == 0)
        open_property(reader, attributes);
    else if (strcmp(name, "seg") == 0) {
        reader->place = IN_SEGMENT;
        buffer_clear(&reader->text);
    } else if (reader->place == IN_SEGMENT && is_code(name)) {
        reader->place = IN_CODE;
        reader->code_depth = reader->depth;
    }
}

static void keep_text(struct reader *reader) {
    reader->too_much = reader->too_much || reader->text.full;
    if (reader->too_much) return;
    struct span text = arena_copy(reader->arena, span_trim(buffer_span(&reader->text)));
    if (reader->place == IN_PROPERTY && reader->property)
        *reader->property = text;
    else if (reader->place == IN_SEGMENT && reader->variant_count)
        reader->variants[reader->variant_count - 1].text = text;
}

static void XMLCALL on_end(void *data, const char *name) {
    struct reader *reader = data;
    bool ends = (strcmp(name, "seg") == 0 && reader->place == IN_SEGMENT) ||
                (strcmp(name, "prop") == 0 && reader->place == IN_PROPERTY);
    if (ends) {
        keep_text(reader);
        reader->place = NOWHERE;
        buffer_free(&reader->text);
    } else if (reader->place == IN_CODE && reader->depth == reader->code_depth) {
        reader->place = IN_SEGMENT;
    } else if (strcmp(name, "tu") == 0 && reader->in_unit) {
        close_unit(reader);
    }
    reader->depth--;
}

static void XMLCALL on_text(void *data, const char *at, int length) {
    struct reader *reader = data;
    if (reader->place == IN_SEGMENT || reader->place == IN_PROPERTY) buffer_add(&reader->text, at, (size_t)length);
}

/* ---------------------------------------------------------------- the file */

static bool fail(const struct reader *reader, const char *name, struct failure *ret_failure) {
    enum XML_Error error = XML_GetErrorCode(reader->expat);
    const char *why = reader->depth > MAX_DEPTH          ? "elements are nested too deeply"
                      : reader->is_tmx || !reader->depth ? XML_ErrorString(error)
                                                         : "the first element is not <tmx>";
    return failure_fatal(ret_failure, EXIT_BAD_DATA, "cannot read %s as TMX: line %lu: %s", name,
                         (unsigned long)XML_GetCurrentLineNumber(reader->expat), why);
}

static bool parse(struct reader *reader, FILE *file, const char *name, struct failure *ret_failure) {
    char chunk[CHUNK];
    size_t length;
    do {
        length = fread(chunk, 1, sizeof chunk, file);
        if (ferror(file)) return failure_fatal(ret_failure, EXIT_IO, "cannot read %s: read error", name);
        if (XML_Parse(reader->expat, chunk, (int)length, length == 0) != XML_STATUS_OK)
            return fail(reader, name, ret_failure);
    } while (length);
    return true;
}

bool tmx_read(FILE *file, const char *name, void (*pair)(void *context, const struct tmx_pair *pair), void *context,
              struct tmx_counts *ret_counts, struct failure *ret_failure) {
    struct reader reader = {
        .text = BUFFER(TEXT_LIMIT), .pair = pair, .context = context, .expat = xml_parser_new(NULL, NULL)};
    XML_SetUserData(reader.expat, &reader);
    XML_SetElementHandler(reader.expat, on_start, on_end);
    XML_SetCharacterDataHandler(reader.expat, on_text);
    bool done = parse(&reader, file, name, ret_failure);
    XML_ParserFree(reader.expat);
    arena_free(reader.arena);
    buffer_free(&reader.text);
    *ret_counts = reader.counts;
    return done;
}
