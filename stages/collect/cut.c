#include "stages/collect/cut.h"

#include "pipeline/net/url.h"
#include "stages/formats/html_end.h"
#include "stages/formats/sniff.h"

enum { STATUS_OK = 200 };

/* Other kinds of text have no end that could be missed, and a picture with a wrong label is none at all. */
static bool is_html(const struct exchange *exchange) {
    struct span page = buffer_span(&exchange->reply);
    if (sniff_file(page) || sniff_binary(page)) return false;
    return span_find(exchange_reply_header(exchange, "content-type"), SPAN("html")) != SIZE_MAX ||
           span_find(span_cut(page, 0, 1024), SPAN("<html")) != SIZE_MAX;
}

enum exchange_verdict cut_judge(struct exchange *exchange) {
    enum exchange_verdict verdict = exchange_judge_common(exchange);
    if (verdict != EXCHANGE_GOOD || exchange->status != STATUS_OK || !is_html(exchange)) return verdict;
    if (!html_is_cut_off(buffer_span(&exchange->reply), exchange->open_ended)) return verdict;
    struct span host = text_clip(url_host(exchange->url, exchange->arena), 100);
    failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NEXT_RUN,
                "%.*s sent only a part of the page: try again later", SPAN_ARGS(host));
    failure_blame(&exchange->failure, CAUSE_NETWORK, host);
    return EXCHANGE_TRANSIENT;
}

bool cut_take(struct article *article, const struct exchange *exchange, struct failure *ret_failure) {
    bool cut = exchange->failure.reach != REACH_NONE && exchange->status == STATUS_OK && exchange->reply.length;
    if (!cut) return false;
    article->origin.truncated = article->origin.is_cut_off = true;
    article->origin.note = SPAN("The page is cut off: the server sent only a part of it.");
    ret_failure->reach = REACH_NONE;
    return true;
}
