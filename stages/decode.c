/* The decode stage: converts the bytes of an article to clean UTF-8. Records the encoding, how certain it is and why,
 * what could not be decoded, and what was repaired. */
#include <string.h>

#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/decode/clean.h"
#include "stages/decode/decoder.h"

#define GROWTH 4 /* max. bytes of UTF-8 per input byte after decoding, repair and cleaning */

static bool decode_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    *ret_state = resources_borrow(context->resources, &decoder_resource, ret_failure);
    return *ret_state != NULL;
}

/* Returns the cleaned text (see clean_text()). Records each kind of change with the number of changes. */
static struct span cleaned(struct article *article, struct span text, struct buffer *clean) {
    struct cleaning cleaning;
    text = clean_text(text, clean, &cleaning);
    for (enum clean_kind kind = 0; kind < CLEAN_KINDS; kind++)
        if (cleaning.count[kind] > 0) article_add_repair(article, clean_name(kind), cleaning.count[kind], 0);
    return text;
}

/* Returns the repaired and cleaned text, and records the repairs. A text that changes is copied to the arena; most
 * texts do not, so they are returned as they are. */
static struct span repaired(const struct decoder *decoder, struct article *article, struct arena *arena,
                            struct span text, int language) {
    const char *unchanged = text.at;
    struct buffer repaired = BUFFER(text.length * GROWTH + 64);
    size_t lines, first;
    text = repair_text(decoder->repairer, text, language, article, &repaired);
    struct buffer unicode = BUFFER(text.length * GROWTH + 64);
    text = zawgyi_text(decoder->zawgyi, text, &unicode, &lines, &first);
    if (lines > 0) article_add_repair(article, "zawgyi", lines, first);
    struct buffer clean = BUFFER(text.length * GROWTH + 4096);
    text = cleaned(article, text, &clean);
    if (text.at != unchanged) text = arena_copy(arena, text);
    buffer_free(&repaired);
    buffer_free(&unicode);
    buffer_free(&clean);
    return text;
}

static void repair_article(const struct decoder *decoder, struct article *article, struct span text, int language) {
    article->text = repaired(decoder, article, article_document(article), text, language);
}

/* Lists of records are UTF-8. If the text of a record was repaired and the record names no encoding, sets it to UTF-8.
 */
static void name_encoding(struct article *article) {
    struct encoding *encoding = &article->encoding;
    if (encoding->name.length || !encoding->repair_count) return;
    encoding->name = arena_copy(article->arena, SPAN("utf-8"));
    encoding->certainty = 1;
    encoding_note(encoding, article->arena, "bytes", encoding->name);
}

/* Returns whether the text may still be changed: the article has no segments and no translation yet. */
static bool is_untouched(const struct article *article) {
    for (size_t i = 0; i < article->block_count; i++)
        if (article->body[i].segment_count) return false;
    return !article->title.target.length;
}

/* Repairs the headline of a record in the language of its text. */
static void repair_title(const struct decoder *decoder, struct article *article) {
    struct span title = article->title.source;
    if (!title.length || !is_untouched(article)) return;
    int language = repair_language(decoder->repairer, article->text);
    title = repaired(decoder, article, article->arena, title, language);
    if (title.length && !memchr(title.at, '\n', title.length)) article->title.source = title;
}

/* Appends the headline and each paragraph, each as one line. */
static void join_lines(const struct article *article, struct buffer *out) {
    buffer_add_span(out, article->title.source);
    for (size_t i = 0; i < article->block_count; i++) {
        buffer_add_string(out, "\n");
        buffer_add_span(out, article->body[i].text);
    }
}

static size_t count_lines(struct span text) {
    size_t lines = 1;
    for (size_t i = 0; i < text.length; i++) lines += text.at[i] == '\n';
    return lines;
}

static void part_lines(struct span text, struct article *article) {
    struct span line = {0};
    span_next(&text, '\n', &line);
    article->title.source = line;
    for (size_t i = 0; i < article->block_count && span_next(&text, '\n', &line); i++) article->body[i].text = line;
}

/* Repairs a record that has paragraphs but no text: the headline and the paragraphs are repaired as if they were one
 * text. */
static void repair_body(const struct decoder *decoder, struct article *article) {
    if (!is_untouched(article)) return;
    size_t length = article->title.source.length;
    for (size_t i = 0; i < article->block_count; i++) length += article->body[i].text.length + 1;
    struct buffer lines = BUFFER(length + 1);
    join_lines(article, &lines);
    struct span text = buffer_span(&lines);
    bool fits = count_lines(text) == article->block_count + 1;
    if (fits) text = repaired(decoder, article, article->arena, text, -1);
    if (text.at != lines.at && count_lines(text) == article->block_count + 1) part_lines(text, article);
    buffer_free(&lines);
}

/* Repairs an article whose text was decoded earlier: text taken from a feed or a list, an article resumed from an
 * earlier run, or a partial record. The text may have been garbled before it was collected. Returns false for other
 * articles. */
static bool is_decoded(const struct decoder *decoder, struct article *article) {
    if (article->origin.raw.length) return false;
    if (article->text.length) {
        repair_article(decoder, article, article->text, -1);
        repair_title(decoder, article);
    } else if (article->block_count || article->title.source.length) {
        repair_body(decoder, article);
    }
    name_encoding(article);
    return article->text.length || article->block_count || article->title.source.length;
}

/* Collects what is known about the encoding before the bytes are read. Only a server's reply has an HTTP header; for a
 * local file, the label was stated by an email part or an archived record. */
static struct document document_of(const struct article *article) {
    const struct feed_entry *feed = &article->feed;
    const struct span none = {NULL, 0};
    bool from_here = article->origin.address.length && !url_is_remote(article->origin.address);
    return (struct document){.raw = article->origin.raw,
                             .content_type = article->origin.content_type,
                             .labelled_by = from_here ? "part" : "http",
                             .setting = feed->language_is_set ? feed->language : none,
                             .feed = feed->language_is_set ? none : feed->language,
                             .address = article->origin.address};
}

/* Converts the document to UTF-8, then repairs and cleans it. Bytes that are valid UTF-8 and need no repair become the
 * text as they are: they live as long as it. */
static void convert(const struct decoder *decoder, struct article *article, const struct decoding *decoding) {
    struct span raw = article->origin.raw;
    struct buffer converted = BUFFER(raw.length * GROWTH + 64);
    struct span text = decoder_convert(decoding, raw, article->arena, &article->encoding, &converted);
    repair_article(decoder, article, text, decoding->language);
    if (article->text.at == converted.at) article->text = arena_copy(article_document(article), article->text);
    buffer_free(&converted);
}

/* Decodes, repairs and cleans an article. The encoding of its feed entry is kept separately, because the page may use
 * another one. */
static enum outcome decode_work(const void *at, struct article *article, struct failure *ret_failure) {
    const struct decoder *decoder = at;
    if (is_decoded(decoder, article)) return STAGE_CONTINUE;
    struct document document = document_of(article);
    struct decoding decoding;
    article->feed_encoding = article->encoding;
    if (decoder_detect(decoder, &document, article->arena, &article->encoding, &decoding, ret_failure)) {
        convert(decoder, article, &decoding);
        return STAGE_CONTINUE;
    }
    /* What a server sent is not kept, so that `retry` fetches the page again instead of failing on the same bytes. */
    if (article->origin.landed.length) article_drop_document(article);
    return STAGE_FAIL;
}

const struct stage stage_decode = {
    .name = "decode",
    .help = "convert text in any encoding to UTF-8 and repair it",
    .open = decode_open,
    .work = decode_work,
};
