/* Bytes to clean UTF-8: which encoding, how sure and why, what could not be decoded and what was repaired. */
#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/decode/clean.h"
#include "stages/decode/decoder.h"

#define GROWTH 4 /* bytes of UTF-8 that a byte may become in one step */

static bool decode_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    *ret_state = resources_borrow(context->resources, &decoder_resource, ret_failure);
    return *ret_state != NULL;
}

static void clean_article(struct article *article, struct span text) {
    struct buffer clean = BUFFER(text.length * GROWTH + 4096);
    struct cleaning cleaning;
    clean_text(text, &clean, &cleaning);
    article->text = arena_copy(article_document(article), buffer_span(&clean));
    buffer_free(&clean);
    for (enum clean_kind kind = 0; kind < CLEAN_KINDS; kind++)
        if (cleaning.count[kind] > 0) article_add_repair(article, clean_name(kind), cleaning.count[kind], 0);
}

static void repair_article(const struct decoder *decoder, struct article *article, struct span text, int language) {
    size_t most = text.length * GROWTH + 64, lines, first;
    struct buffer repaired = BUFFER(most), unicode = BUFFER(most);
    repair_text(decoder->repairer, text, language, article, &repaired);
    text = zawgyi_text(decoder->zawgyi, buffer_span(&repaired), &unicode, &lines, &first);
    if (lines > 0) article_add_repair(article, "zawgyi", lines, first);
    clean_article(article, text);
    buffer_free(&repaired);
    buffer_free(&unicode);
}

/* A list of records is UTF-8 unless it is found to be something else; a repair stands beside what it was made on. */
static void name_encoding(struct article *article) {
    struct encoding *encoding = &article->encoding;
    if (encoding->name.length || !encoding->repair_count) return;
    encoding->name = arena_copy(article->arena, SPAN("utf-8"));
    encoding->certainty = 1;
    encoding_note(encoding, article->arena, "bytes", encoding->name);
}

/* What was cut out of a container, comes back from an earlier run, or is a partial record, brings its text or its
 * blocks along: it has been decoded, but whoever wrote it may have spoiled it before. */
static bool is_decoded(const struct decoder *decoder, struct article *article) {
    if (article->origin.raw.length) return false;
    if (article->text.length) repair_article(decoder, article, article->text, -1);
    name_encoding(article);
    return article->text.length || article->block_count || article->title.source.length;
}

/* Only a server's answer has an HTTP header; any other label is that of a part of a mail, or of a record. */
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

static enum outcome decode_work(const void *at, struct article *article, struct failure *ret_failure) {
    const struct decoder *decoder = at;
    if (is_decoded(decoder, article)) return STAGE_CONTINUE;
    struct document document = document_of(article);
    struct decoding decoding;
    struct buffer text = BUFFER(document.raw.length * GROWTH + 64);
    article->feed_encoding = article->encoding;
    bool done = decoder_read(decoder, &document, article->arena, &article->encoding, &decoding, &text, ret_failure);
    if (done) repair_article(decoder, article, buffer_span(&text), decoding.language);
    buffer_free(&text);
    return done ? STAGE_CONTINUE : STAGE_FAIL;
}

const struct stage stage_decode = {
    .name = "decode",
    .help = "bytes in any encoding to clean UTF-8, with the evidence",
    .open = decode_open,
    .work = decode_work,
};
