#include "pipeline/article/verdict.h"
#include "pipeline/net/url.h"

/* Checks the target too: in a record from another program, the status may be OK without a translation. */
static bool is_translated(const struct segment *segment) {
    return segment->target.length && (segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT);
}

/* Segments that were merged into their predecessor have no source and are not counted. */
struct tally article_tally(const struct article *article) {
    struct tally tally = {0};
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        const struct segment *segment = walk.segment;
        if (!segment->source.length) continue;
        /* Captions do not count as body, because a gallery without an article consists of captions only. */
        tally.body += walk.block && walk.block->kind != BLOCK_CAPTION;
        tally.copied += segment->copied;
        tally.wanted += !segment->copied;
        tally.translated += !segment->copied && is_translated(segment);
        tally.failed += !segment->copied && segment->status == SEGMENT_FAILED;
    }
    return tally;
}

/* Returns the finding that made the segment fail: only an ERROR does. */
static const struct finding *first_error(const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++)
        if (segment->findings[i].severity == SEVERITY_ERROR) return &segment->findings[i];
    return NULL;
}

/* Returns the first failed segment, which gives the reason if none of the article was translated. */
static const struct segment *first_failed(const struct article *article) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->source.length && walk.segment->status == SEGMENT_FAILED) return walk.segment;
    return NULL;
}

bool segment_is_rejected(const struct segment *segment) {
    return first_error(segment) != NULL;
}

struct span segment_rejection(const struct segment *segment) {
    const struct finding *finding = first_error(segment);
    return finding ? finding->message : SPAN("");
}

/* A target means that a service replied, but the checks rejected its translation. */
static void set_reason(const struct article *article, struct failure *ret_failure) {
    const struct segment *segment = first_failed(article);
    const struct finding *finding = segment ? first_error(segment) : NULL;
    if (article->failure.reach != REACH_NONE && article->failure.sentence[0])
        *ret_failure = article->failure;
    else if (finding && finding->message.length)
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%s%.*s",
                    segment->target.length ? "no usable translation: " : "", SPAN_ARGS(finding->message));
    else
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "nothing in the article was translated");
}

/* Sets the status and returns it. */
static enum article_status fail(struct article *article) {
    return article->status = ARTICLE_FAILED;
}

enum article_status article_judge(struct article *article, struct failure *ret_failure) {
    struct tally tally = article_tally(article);
    if (tally.wanted + tally.copied == 0) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the article contains no text");
        return fail(article);
    }
    /* Copied segments do not count: if none of the others was translated, the article has failed. */
    if (tally.wanted && !tally.translated) {
        set_reason(article, ret_failure);
        return fail(article);
    }
    if (!tally.wanted) article->note = SPAN("nothing needed translation");
    /* Complete only if no segment failed, there is a body, and the page had all of the text. */
    bool whole = tally.failed == 0 && tally.body && !article->origin.truncated && content_is_complete(article->content);
    return article->status = whole ? ARTICLE_COMPLETE : ARTICLE_PARTIAL;
}

/* A local file is read again like a page. An item in another file (a mail, a line of NDJSON) has an identity of its
 * own. */
static bool is_readable_again(const struct article *article) {
    struct span address = article->origin.address;
    return url_is_remote(address) || (address.length && span_equal(address, article->origin.identity));
}

bool article_is_cut(const struct article *article) {
    struct tally tally = article_tally(article);
    bool cut = article->origin.truncated || !content_is_complete(article->content);
    /* If no body was found although the page has an article, more than a part of the text is missing. */
    bool told = tally.body || !content_is_article(article->content);
    return cut && told && tally.failed == 0 && is_readable_again(article);
}
