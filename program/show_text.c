#include "program/show_text.h"

#include <string.h>

#include "pipeline/base/visible.h"
#include "stages/digest/markdown.h"
#include "stages/language/unicode.h"

enum { MIN_COLUMNS = 20, TEXT_LIMIT = 64 << 20 };

/* ---------------------------------------------------------------- wrapping */

/* Lines of at most `columns`; each but the first begins with `indent`. */
struct wrapper {
    struct buffer *out;
    size_t columns, column, indent_columns;
    const char *indent;
    bool at_start; /* nothing but the indent stands in the line */
};

static void begin_line(struct wrapper *wrapper) {
    buffer_add_string(wrapper->out, wrapper->indent);
    wrapper->column = wrapper->indent_columns;
    wrapper->at_start = true;
}

static void next_line(struct wrapper *wrapper) {
    buffer_add_string(wrapper->out, "\n");
    begin_line(wrapper);
}

/* A line may be broken before or after a wide character, as Chinese and Japanese are written without spaces, but not
 * before a mark that ends something there. */
static bool breaks_before(uint32_t rune) {
    static const char closing[] = "。、，．！？；：）］｝」』】〉》〕ー…％・";
    char bytes[5] = "";
    if (rune_columns(rune) < 2) return false;
    bytes[utf8proc_encode_char((utf8proc_int32_t)rune, (utf8proc_uint8_t *)bytes)] = '\0';
    return !strstr(closing, bytes);
}

/* Returns the length of the text up to the next place at which a line may be broken. */
static size_t word_length(struct span text) {
    uint32_t rune, before = 0;
    for (size_t i = 0, next; i < text.length; i = next) {
        next = i + text_next(text, i, &rune);
        if (rune == ' ') return i;
        if (i > 0 && (breaks_before(rune) || (rune_columns(before) == 2 && rune_columns(rune) == 1))) return i;
        before = rune;
    }
    return text.length;
}

/* A word that is longer than a line, such as an address, is divided. */
static void add_long_word(struct wrapper *wrapper, struct span word) {
    uint32_t rune;
    for (size_t i = 0, length; i < word.length; i += length) {
        length = text_next(word, i, &rune);
        if (wrapper->column + rune_columns(rune) > wrapper->columns && !wrapper->at_start) next_line(wrapper);
        buffer_add(wrapper->out, word.at + i, length);
        wrapper->column += rune_columns(rune);
        wrapper->at_start = false;
    }
}

static void add_word(struct wrapper *wrapper, struct span word, bool spaced) {
    size_t width = text_columns(word), space = spaced && !wrapper->at_start;
    if (wrapper->column + space + width > wrapper->columns && !wrapper->at_start)
        next_line(wrapper);
    else if (space) {
        buffer_add_string(wrapper->out, " ");
        wrapper->column++;
    }
    add_long_word(wrapper, word);
}

/* What a terminal would obey is replaced; what has no width and only helps to typeset is left out. */
static void add_shown(struct buffer *out, struct span text) {
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if (rune == '\n' || rune == '\t')
            buffer_add_string(out, " ");
        else if (rune_is_obeyed(rune))
            buffer_add_rune(out, 0xFFFD);
        else if (!rune_is_unseen(rune))
            buffer_add_rune(out, rune);
    }
}

/* Appends the text, with `mark` before it, and ends the line. */
static void add_wrapped(struct buffer *out, size_t columns, const char *indent, const char *mark, struct span text) {
    struct buffer shown = BUFFER(TEXT_LIMIT);
    struct wrapper wrapper = {
        .out = out, .columns = columns, .indent = indent, .indent_columns = text_columns(span_of(indent))};
    buffer_add_string(&shown, mark);
    add_shown(&shown, text);
    begin_line(&wrapper);
    for (struct span rest = buffer_span(&shown); rest.length;) {
        size_t spaces = 0;
        while (spaces < rest.length && rest.at[spaces] == ' ') spaces++;
        rest = span_cut(rest, spaces, rest.length);
        size_t length = word_length(rest);
        if (length) add_word(&wrapper, span_cut(rest, 0, length), spaces > 0);
        rest = span_cut(rest, length, rest.length);
    }
    buffer_add_string(out, "\n");
    buffer_free(&shown);
}

/* ---------------------------------------------------------------- how something is written */

/* Where text and Markdown differ. */
struct writer {
    struct buffer *out;
    size_t columns; /* 0 = Markdown */
};

enum role { ROLE_TITLE, ROLE_HEADING, ROLE_TARGET, ROLE_SOURCE, ROLE_DOUBT, ROLE_MISSING, ROLE_REASON, ROLE_FIELD };

/* Markdown ends a paragraph with an empty line; quotations that follow one another stay apart. */
static const struct form {
    const char *indent, *mark;  /* text */
    const char *before, *after; /* Markdown */
} forms[] = {[ROLE_TITLE] = {"", "", "# ", "\n\n"},
             [ROLE_HEADING] = {"", "", "## ", "\n\n"},
             [ROLE_TARGET] = {"", "", "", "\n\n"},
             [ROLE_SOURCE] = {"  > ", "", "> ", "\n\n"},
             [ROLE_DOUBT] = {"", "[?] ", "**[?]** ", "\n\n"},
             [ROLE_MISSING] = {"", "[!] ", "**[!]** ", "\n\n"},
             [ROLE_REASON] = {"    ", "", "- ", "\n\n"},
             [ROLE_FIELD] = {"", "", "", "\n\n"}};

static void put(const struct writer *writer, enum role role, struct span text) {
    const struct form *form = &forms[role];
    if (writer->columns) {
        add_wrapped(writer->out, writer->columns, form->indent, form->mark, text);
        return;
    }
    buffer_add_string(writer->out, form->before);
    markdown_text(writer->out, text);
    buffer_add_string(writer->out, form->after);
}

static void end_paragraph(const struct writer *writer) {
    size_t length = writer->out->length;
    bool ended = length < 2 || memcmp(writer->out->at + length - 2, "\n\n", 2) == 0;
    if (writer->columns && !ended) buffer_add_string(writer->out, "\n");
}

/* ---------------------------------------------------------------- sentences */

/* A rejected translation is never shown as one. */
static bool has_target(const struct segment *segment) {
    return segment->target.length && segment->status != SEGMENT_FAILED;
}

static void put_findings(const struct writer *writer, const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (segment->findings[i].severity != SEVERITY_NOTE) put(writer, ROLE_REASON, segment->findings[i].message);
}

static void put_segment(const struct writer *writer, const struct segment *segment, enum role role) {
    if (segment->status == SEGMENT_FAILED)
        put(writer, ROLE_MISSING, SPAN("not translated"));
    else if (has_target(segment))
        put(writer, segment->status == SEGMENT_SUSPECT ? ROLE_DOUBT : role, segment->target);
    put_findings(writer, segment);
    put(writer, has_target(segment) || segment->status == SEGMENT_FAILED ? ROLE_SOURCE : role, segment->source);
}

/* Sentences without a doubt are joined to one paragraph, and so are their originals. */
static bool is_sound(const struct segment *segment) {
    return has_target(segment) && segment->status == SEGMENT_OK;
}

static void put_joined(const struct writer *writer, const struct segment *segments, size_t count, enum role role) {
    struct buffer target = BUFFER(TEXT_LIMIT), source = BUFFER(TEXT_LIMIT);
    for (size_t i = 0; i < count; i++) {
        buffer_print(&target, "%s%.*s", i ? " " : "", SPAN_ARGS(segments[i].target));
        buffer_print(&source, "%s%.*s", i ? " " : "", SPAN_ARGS(segments[i].source));
    }
    put(writer, role, buffer_span(&target));
    put(writer, ROLE_SOURCE, buffer_span(&source));
    buffer_free(&target);
    buffer_free(&source);
}

/* Before the stage that translates, a block is just its text. */
static bool is_untouched(const struct block *block) {
    size_t count = 0;
    while (count < block->segment_count && block->segments[count].status == SEGMENT_NEW) count++;
    return count == block->segment_count;
}

static void put_block(const struct writer *writer, const struct block *block) {
    enum role role = block->kind == BLOCK_HEADING ? ROLE_HEADING : ROLE_TARGET;
    bool untouched = is_untouched(block);
    if (untouched) put(writer, role, block->text);
    for (size_t i = 0, sound; !untouched && i < block->segment_count; i += sound ? sound : 1) {
        for (sound = 0; i + sound < block->segment_count && is_sound(&block->segments[i + sound]);) sound++;
        if (sound)
            put_joined(writer, block->segments + i, sound, role);
        else
            put_segment(writer, &block->segments[i], role);
    }
    end_paragraph(writer);
}

/* ---------------------------------------------------------------- the article */

static void put_field(const struct writer *writer, const char *name, struct span value) {
    struct buffer line = BUFFER(1 << 16);
    if (value.length) {
        buffer_print(&line, "%s: %.*s", name, SPAN_ARGS(text_clip(value, 4096)));
        put(writer, ROLE_FIELD, buffer_span(&line));
    }
    buffer_free(&line);
}

static void put_head(const struct writer *writer, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    if (article->title.source.length) put_segment(writer, &article->title, ROLE_TITLE);
    if (article->title_doubt.length && article->title.status != SEGMENT_SUSPECT)
        put(writer, ROLE_REASON, article->title_doubt);
    end_paragraph(writer);
    put_field(writer, "from", article->origin.address);
    put_field(writer, "language", span_of(article->language.code));
    put_field(writer, "published", article->published);
    if (article->status != ARTICLE_NEW) put_field(writer, "status", span_of(article_status_name(article->status)));
    put_field(writer, "reason", span_of(article->failure.reach == REACH_NONE ? "" : article->failure.sentence));
    for (size_t i = 0; i < count; i++) put_field(writer, "note", notes[i]);
    end_paragraph(writer);
}

static void put_summary(const struct writer *writer, const struct summary *summary) {
    if (!summary->count) return;
    put(writer, ROLE_FIELD, SPAN("In short:"));
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_sentence *sentence = &summary->sentences[i];
        put(writer, sentence->doubt.length ? ROLE_DOUBT : ROLE_TARGET, sentence->text);
        if (sentence->doubt.length) put(writer, ROLE_REASON, sentence->doubt);
    }
    end_paragraph(writer);
}

/* After the first stages there are no paragraphs yet. */
static void put_document(const struct writer *writer, struct span text) {
    struct span line;
    while (span_next(&text, '\n', &line))
        if (span_trim(line).length) put(writer, ROLE_TARGET, line);
}

static void put_article(const struct writer *writer, const struct article *article) {
    put_head(writer, article);
    put_summary(writer, &article->summary);
    for (size_t i = 0; i < article->block_count; i++) put_block(writer, &article->body[i]);
    if (!article->block_count) put_document(writer, article->text);
}

void show_text(const struct article *article, size_t columns, struct buffer *out) {
    put_article(&(struct writer){.out = out, .columns = columns < MIN_COLUMNS ? MIN_COLUMNS : columns}, article);
}

void show_markdown(const struct article *article, struct buffer *out) {
    put_article(&(struct writer){.out = out}, article);
}
