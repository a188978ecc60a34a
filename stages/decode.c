/* Turns bytes into clean UTF-8. Records the encoding with its certainty and the evidence, what could not be decoded,
 * and what was repaired. */
#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/decode/clean.h"
#include "stages/decode/decoder.h"

#define GROWTH 4 /* largest number of bytes of UTF-8 that one byte may become in one step */

static bool decode_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    *ret_state = resources_borrow(context->resources, &decoder_resource, ret_failure);
    return *ret_state != NULL;
}

/* Cleans the text and records each kind of change once, with its count. */
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
    struct buffer repaired = BUFFER(text.length * GROWTH + 64);
    repair_text(decoder->repairer, text, language, article, &repaired);
    clean_article(article, buffer_span(&repaired));
    buffer_free(&repaired);
}

/* Text cut out of a container, articles resumed from an earlier run and partial records are decoded already. Their
 * authors may still have garbled the text before, so it is repaired. */
static bool is_decoded(const struct decoder *decoder, struct article *article) {
    if (article->origin.raw.length) return false;
    if (article->text.length) repair_article(decoder, article, article->text, -1);
    return article->text.length || article->block_count || article->title.source.length;
}

/* Only the reply of a server has an HTTP header. Any other label comes from a part of a mail or from a record. */
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

/* Decodes, repairs and cleans an article. The encoding of a feed entry is kept separately, because the page may have
 * another. */
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
    .help = "turn bytes in any encoding into clean UTF-8",
    .open = decode_open,
    .work = decode_work,
};
