/* Builds the batch of texts from which an adapter composes a request. */
#include "stages/translate/task.h"

/* One or two paragraphs: enough to resolve pronouns, but short, because the context is sent with every request. */
enum { CONTEXT_BYTES = 1200 };

/* Returns the text that precedes the request's first text: the end of the previous block, or, for the title, the
 * beginning of the article. */
static struct span context_of(const struct article *article, const struct request *request) {
    const struct block *block = request->units[0].first->block;
    if (block && block > article->body) {
        struct span before = block[-1].text;
        size_t cut = before.length > CONTEXT_BYTES ? before.length - CONTEXT_BYTES : 0;
        /* Skip continuation bytes, so that the context does not begin in the middle of a character. */
        while (cut < before.length && ((unsigned char)before.at[cut] & 0xC0) == 0x80) cut++;
        return span_cut(before, cut, before.length);
    }
    if (block || article->block_count == 0) return (struct span){NULL, 0};
    return text_clip(article->body[0].text, CONTEXT_BYTES);
}

struct batch request_batch(const struct article *article, const struct request *request) {
    return (struct batch){.task = SERVICE_TRANSLATES,
                          .source_language = request->lane->language,
                          .target_language = "en",
                          .texts = request->texts,
                          .count = request->count,
                          .title = article->title.source,
                          .context = context_of(article, request),
                          .glossary = request->glossary.count ? &request->glossary : NULL,
                          .glossary_id = request->glossary_id};
}
