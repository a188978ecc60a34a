/* Gets the bytes of an article: reads a file, fetches a page, or takes the text from the feed. */
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/engine/source_access.h"
#include "pipeline/engine/stage.h"
#include "pipeline/net/url.h"
#include "stages/collect/cut.h"
#include "stages/collect/hosts.h"
#include "stages/collect/local_file.h"
#include "stages/collect/pages.h"
#include "stages/collect/settings.h"
#include "stages/decode/decoder.h"
#include "stages/formats/feed_page.h"
#include "stages/formats/mail_message.h"

struct collector {
    size_t limit;
    struct rate_limits host;
    struct hosts *hosts; /* NULL if robots.txt is ignored */
    struct source_access *access;
    bool archives; /* replies are kept for the archive */
    const struct decoder *decoder;
};

static bool collect_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    struct collector *collector = memory_take(sizeof *collector);
    const struct collect_settings *settings = context->settings;
    collector->decoder = decoder;
    collector->limit = settings->max_bytes;
    collector->host = (struct rate_limits){.concurrency = (unsigned)settings->concurrency,
                                           .gap_ms = (unsigned)settings->gap,
                                           .timeout_ms = (unsigned)settings->timeout,
                                           .attempts = 3,
                                           .max_wait_ms = 30000};
    collector->access = source_access_new();
    collector->archives = context->archive != NULL;
    if (settings->robots) collector->hosts = hosts_new(decoder);
    *ret_state = collector;
    return true;
}

static void collect_close(void *state) {
    struct collector *collector = state;
    hosts_free(collector->hosts);
    source_access_free(collector->access);
    free(collector);
}

/* Records the hash of the original bytes before they are converted. Later calls do nothing. */
static void note_evidence(struct article *article, struct span bytes) {
    char hex[65];
    if (!bytes.length || article->origin.raw_sha256.length) return;
    sha256_hex(bytes, hex);
    article->origin.raw_sha256 = arena_copy(article->arena, span_of(hex));
    article->origin.raw_bytes = bytes.length;
}

static void decode_head(const void *context, struct span bytes, struct span label, struct span around,
                        struct buffer *out) {
    decoder_read_short(context, bytes, label, around, out);
}

/* Turns the text of the feed entry into a small page for the later stages. The text was decoded together with the feed,
 * so it must not be decoded again. */
static bool take_feed_text(struct article *article) {
    struct feed_entry entry = article->feed;
    if (!entry.content.length && !entry.summary.length && entry.title.length) entry.content = SPAN("<p></p>");
    article->text = feed_page(&entry, article_document(article));
    if (!article->text.length) return false;
    article->origin.is_feed_text = true;
    note_evidence(article, article->text);
    return true;
}

/* Uses the subject of an email as its text if the body is empty, since some alerts put everything in the subject. */
static bool take_subject(struct article *article, const struct mail_message *message) {
    article->feed.title = arena_copy(article->arena, message->subject);
    article->feed.published = arena_copy(article->arena, message->date);
    article->site = arena_copy(article->arena, message->sender);
    if (!take_feed_text(article)) return false;
    article->origin.raw = article->origin.content_type = SPAN("");
    article->origin.truncated = true;
    article->origin.note = SPAN("only the subject of the email could be read, not its text");
    return true;
}

/* Replaces the document that was read from a local email file with the text of the email. The recorded hash is still
 * the hash of the file, which is not changed. */
static bool open_mail(const struct collector *collector, struct article *article, struct failure *ret_failure) {
    struct span type = article->origin.content_type;
    bool stated = span_starts_ascii_fold(type, SPAN("message/rfc822"));
    if (!article->origin.raw.length || url_is_remote(article->origin.address)) return true;
    if (!stated && (type.length || !mail_is(article->origin.raw))) return true;
    struct mail_message message;
    const struct mail_charsets charsets = {decode_head, collector->decoder};
    if (mail_read(article->origin.raw, &charsets, article_document(article), &message))
        mail_fill(&message, article);
    else if (!take_subject(article, &message))
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the email contains no text");
    return true;
}

static bool has_feed_text(const struct article *article) {
    return article->feed.content.length || article->feed.summary.length;
}

/* Whether the page was never asked for: the run ended first, or this computer failed. That says nothing about the page,
 * so the article waits for it. */
static bool is_ours(const struct failure *failure) {
    return failure->cause == CAUSE_MACHINE && failure->remedy == REMEDY_NEXT_RUN;
}

/* Uses the text of the feed instead of the page, and notes this in the record. A headline alone is used only if the
 * page can never be fetched. */
static enum outcome fall_back(struct article *article, const struct failure *failure, struct failure *ret_failure) {
    bool text = has_feed_text(article), hopeless = failure->remedy == REMEDY_NONE;
    if (article->asked_again || is_ours(failure) || (!text && !hopeless) || !take_feed_text(article)) {
        *ret_failure = *failure;
        return STAGE_FAIL;
    }
    article->origin.truncated = !article->feed.content_is_full;
    article->origin.note = arena_print(article->arena, "This is the %s from the feed. The page could not be read: %s",
                                       text ? "text" : "headline", failure->sentence);
    return STAGE_CONTINUE;
}

/* Uses the text of a feed entry that has no address, or whose text is complete. An entry whose address must not be read
 * has a note that says so (source_withhold()). */
static void take_item(struct article *article) {
    if (!take_feed_text(article)) return;
    if (article->origin.note.length) article->origin.truncated = !article->feed.content_is_full;
    if (article->origin.note.length || has_feed_text(article)) return;
    article->origin.truncated = true;
    article->origin.note = SPAN("The feed gives only a headline, without text or an address.");
}

/* Gets the text of an article if that needs no network. Articles with a remote address are handled by collect_ask(). */
static enum outcome collect_work(const void *state, struct article *article, struct failure *ret_failure) {
    const struct collector *collector = state;
    if (!article_has_content(article)) {
        bool local = article->origin.address.length && !url_is_remote(article->origin.address);
        struct failure failure = {0};
        if (article->feed.content_is_full || !article->origin.address.length)
            take_item(article);
        else if (local && !local_file_read(article, collector->limit, &failure) &&
                 fall_back(article, &failure, ret_failure) == STAGE_FAIL)
            return STAGE_FAIL;
    }
    note_evidence(article, article->origin.raw);
    return open_mail(state, article, ret_failure) ? STAGE_CONTINUE : STAGE_FAIL;
}

/* Says why nobody knows what robots.txt says. */
static void explain_silence(const struct article *article, const struct failure *why, struct failure *ret_failure) {
    *ret_failure = *why;
    if (is_ours(why)) return;
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NEXT_RUN, "the host's robots.txt could not be read: %s",
                why->sentence);
    failure_blame(ret_failure, CAUSE_NETWORK, url_host(article->origin.address, article->arena));
}

/* Handles a page that must not be fetched, by using the text of the feed if there is any. */
static enum outcome stay_away(const struct collector *collector, struct article *article, enum manners manners,
                              struct failure *ret_failure) {
    struct failure failure;
    struct span address = article->origin.address;
    if (manners == MANNERS_REFUSED)
        failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "the host's robots.txt disallows fetching %.*s",
                    SPAN_ARGS(address));
    else
        explain_silence(article, hosts_failure(collector->hosts, address), &failure);
    return fall_back(article, &failure, ret_failure);
}

/* State while a further page of an article is being fetched; article->stage_work points to it. */
struct further {
    struct span address; /* of this page */
    size_t count;        /* pages read so far */
};

/* Prepares a request. Returns false if the source may not send requests to that address. */
static bool make_request(const struct collector *collector, const struct article *article, struct span address,
                         struct exchange *exchange, enum manners *ret_manners, struct failure *ret_failure) {
    exchange->url = address;
    exchange->limiter = arena_print(article->arena, "host %.*s", SPAN_ARGS(url_host(address, article->arena)));
    exchange->limits = collector->host;
    exchange->reply_limit = collector->limit;
    if (!source_access_grant(collector->access, article->source_section, exchange, ret_failure)) return false;
    *ret_manners = collector->hosts ? hosts_check(collector->hosts, address, article->id, exchange) : MANNERS_ALLOWED;
    if (*ret_manners == MANNERS_ALLOWED) exchange->judge = cut_judge;
    return true;
}

/* Continues without the further page, which cannot be fetched, so the article ends before it. The extract stage sees
 * that the last page links to another one, and marks the article as incomplete. */
static enum outcome stop_paging(struct article *article) {
    article->stage_work = NULL;
    return STAGE_CONTINUE;
}

static enum outcome ask_further_page(const struct collector *collector, struct article *article,
                                     struct exchange *exchange) {
    const struct further *further = article->stage_work;
    enum manners manners;
    struct failure failure;
    if (!make_request(collector, article, further->address, exchange, &manners, &failure)) return stop_paging(article);
    if (manners == MANNERS_WAIT) return STAGE_PARK;
    return manners == MANNERS_ALLOWED || manners == MANNERS_ASK ? STAGE_ASK : stop_paging(article);
}

/* Decides whether a page is needed and may be fetched. The first request may be for robots.txt. */
static enum outcome collect_ask(void *state, struct article *article, struct exchange *ret_exchange,
                                struct failure *ret_failure) {
    const struct collector *collector = state;
    struct span address = article->origin.address;
    if (article->stage_work) return ask_further_page(collector, article, ret_exchange);
    if (article_has_content(article)) return STAGE_CONTINUE;
    if (!url_is_remote(address)) {
        struct span note = article->origin.note;
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "there is nothing to read%s%.*s", note.length ? ". " : "",
                    SPAN_ARGS(note.length ? note : SPAN(": the item has no text and no address")));
        return STAGE_FAIL;
    }
    enum manners manners;
    if (!make_request(collector, article, address, ret_exchange, &manners, ret_failure)) return STAGE_FAIL;
    ret_exchange->keep_heads = collector->archives;
    if (manners == MANNERS_WAIT) return STAGE_PARK;
    return manners == MANNERS_ALLOWED || manners == MANNERS_ASK ? STAGE_ASK
                                                                : stay_away(collector, article, manners, ret_failure);
}

/* Returns the address of the current request, whose scheme or host may differ from those of the first page. */
static struct span asked_address(const struct article *article) {
    const struct further *further = article->stage_work;
    return further ? further->address : article->origin.address;
}

static void collect_leave(void *state, struct article *article) {
    const struct collector *collector = state;
    if (collector->hosts) hosts_leave(collector->hosts, asked_address(article), article->id);
}

static bool is_readable_type(struct span type) {
    return type.length == 0 || span_starts_ascii_fold(type, SPAN("text/")) ||
           span_find(type, SPAN("html")) != SIZE_MAX || span_find(type, SPAN("xml")) != SIZE_MAX;
}

/* Requests the next page of the article, if this page links to one. */
static enum outcome ask_next_page(struct article *article, struct span page, struct span here, size_t count) {
    struct span next;
    article->stage_work = NULL;
    if (!pages_seek(article, page, here, count, article->arena, &next)) return STAGE_CONTINUE;
    struct further *further = arena_take(article->arena, sizeof *further);
    *further = (struct further){next, count};
    article->stage_work = further;
    return STAGE_ASK_AGAIN;
}

static struct span final_address(const struct exchange *exchange) {
    return exchange->final_url.length ? exchange->final_url : exchange->url;
}

/* Appends a further page. If the reply is not the expected page, the article ends before it; that is not an error. If
 * the run ended before the page was asked for, the article waits, and the next run begins with the first page. */
static enum outcome answer_further_page(const struct collector *collector, struct article *article,
                                        const struct exchange *exchange, struct failure *ret_failure) {
    const struct further *further = article->stage_work;
    if (is_ours(&exchange->failure)) {
        *ret_failure = exchange->failure;
        return STAGE_FAIL;
    }
    struct span page = buffer_span(&exchange->reply), here = final_address(exchange);
    bool got = exchange->failure.reach == REACH_NONE && page.length &&
               pages_is(article, here, further->count + 1, article->arena) &&
               is_readable_type(exchange_reply_header(exchange, "content-type"));
    if (!got || !pages_append(article, page, collector->limit)) return stop_paging(article);
    article->origin.last_page = arena_copy(article->arena, here);
    return ask_next_page(article, page, here, further->count + 1);
}

/* Keeps what the archive stage needs to write a WARC record. */
static void note_capture(struct article *article, const struct exchange *exchange) {
    struct arena *arena = article_document(article);
    struct capture *capture = arena_take(arena, sizeof *capture);
    char now[21];
    clock_iso_ago((int64_t)exchange->seconds, now);
    capture->target = arena_copy(arena, final_address(exchange));
    capture->server = arena_copy(arena, exchange->server);
    capture->time = arena_copy(arena, span_of(now));
    capture->request_head = arena_copy(arena, exchange->request_head);
    capture->reply_head = arena_copy(arena, buffer_span(&exchange->reply_head));
    article->origin.capture = capture;
}

/* Handles a reply, which may be robots.txt, the first page or a further one. */
static enum outcome collect_answer(void *state, struct article *article, struct exchange *exchange,
                                   struct failure *ret_failure) {
    const struct collector *collector = state;
    if (exchange->refused) { /* let another article, whose source may be allowed to, fetch robots.txt */
        collect_leave(state, article);
        if (article->stage_work) return stop_paging(article);
        return fall_back(article, &exchange->failure, ret_failure);
    }
    if (collector->hosts && hosts_answer(collector->hosts, asked_address(article), article->id, exchange))
        return STAGE_ASK_AGAIN;
    if (article->stage_work) return answer_further_page(collector, article, exchange, ret_failure);
    struct failure failure = exchange->failure;
    struct span type = exchange_reply_header(exchange, "content-type");
    cut_take(article, exchange, &failure);
    if (failure.reach == REACH_NONE && !is_readable_type(type))
        failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "the page is %.*s, not text", SPAN_ARGS(type));
    if (failure.reach == REACH_NONE && exchange->reply.length == 0)
        failure_set(&failure, REACH_ARTICLE, REMEDY_NONE, "the page is empty");
    if (failure.reach != REACH_NONE) return fall_back(article, &failure, ret_failure);
    article->origin.content_type = arena_copy(article->arena, type);
    article->origin.raw = arena_copy(article_document(article), buffer_span(&exchange->reply));
    article->origin.raw_sha256 = SPAN(""); /* of a page that an earlier run received and could not use */
    note_evidence(article, article->origin.raw);
    if (collector->archives) note_capture(article, exchange);
    article->origin.landed = arena_copy(article->arena, final_address(exchange));
    return ask_next_page(article, article->origin.raw, article->origin.landed, 1);
}

const struct stage stage_collect = {
    .name = "collect",
    .help = "fetch the page, read the file or take the text from the feed",
    .settings = {collect_table, sizeof(struct collect_settings)},
    .open = collect_open,
    .close = collect_close,
    .work = collect_work,
    .ask = collect_ask,
    .answer = collect_answer,
    .leave = collect_leave,
};
