/* Bytes to clean UTF-8: which encoding, how sure and why, what could not be decoded and what was repaired. */
#include <stdlib.h>
#include <string.h>

#include "pipeline/engine/stage.h"
#include "stages/decode/clean.h"
#include "stages/decode/detect.h"
#include "stages/decode/mixture.h"
#include "stages/decode/repair.h"
#include "stages/formats/sniff.h"

#define RAW_LIMIT ((size_t)256 << 20)
#define GROWTH 4 /* bytes of UTF-8 that a byte may become in one step */

struct decode_state {
    struct encodings encodings;
    struct writing *writing;
    struct candidates *candidates;
    struct repairer *repairer;
};

static void decode_close(void *at) {
    struct decode_state *state = at;
    if (!state) return;
    repairer_free(state->repairer);
    candidates_free(state->candidates);
    writing_close(state->writing);
    encodings_close(&state->encodings);
    free(state);
}

static bool decode_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    struct buffer path = BUFFER(4096);
    struct decode_state *state = memory_take(sizeof *state);
    buffer_print(&path, "%s/tables", context->data_folder);
    bool good = encodings_open(path.at, &state->encodings, ret_failure) &&
                writing_open(context->data_folder, &state->writing, ret_failure);
    buffer_free(&path);
    if (!good) {
        decode_close(state);
        return false;
    }
    state->candidates = candidates_new(&state->encodings, state->writing);
    state->repairer = repairer_new(&state->encodings, state->writing, state->candidates);
    *ret_state = state;
    return true;
}

/* "bg" of "https://news.example.bg:443/page"; empty when the last label of the host is no country code. */
static struct span country_of(struct span address) {
    size_t at = span_find(address, SPAN("://"));
    if (at == SIZE_MAX) return (struct span){0};
    struct span host = span_cut(address, at + 3, address.length), label = {0}, piece;
    size_t end = 0;
    while (end < host.length && !strchr("/:?#", host.at[end])) end++;
    host = span_cut(host, 0, end);
    while (span_next(&host, '.', &piece)) label = piece;
    return label.length == 2 ? label : (struct span){0};
}

static struct span first_subtag(struct span code) {
    size_t end = 0;
    while (end < code.length && code.at[end] != '-' && code.at[end] != '_') end++;
    return span_cut(code, 0, end);
}

static struct detect_hints gather_hints(struct article *article) {
    struct span raw = article->origin.raw;
    struct detect_hints hints = {.http = sniff_http(article->origin.content_type),
                                 .xml = sniff_xml(raw),
                                 .html = sniff_html(raw),
                                 .language = first_subtag(article->feed.language),
                                 .domain = country_of(article->origin.address)};
    const struct {
        const char *from;
        struct span says;
    } all[] = {{"http", hints.http},
               {"xml", hints.xml},
               {"html", hints.html},
               {"feed", hints.language},
               {"domain", hints.domain}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].says.length > 0)
            article_add_evidence(article, all[i].from, arena_copy(article->arena, text_clip(all[i].says, 80)));
    return hints;
}

static bool refuse_what_is_no_text(struct span raw, struct failure *ret_failure) {
    const char *kind = sniff_file(raw);
    size_t mark;
    if (raw.length == 0 || span_trim(raw).length == 0)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "there is nothing in it: %zu bytes", raw.length);
    if (raw.length > RAW_LIMIT)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                           "%zu bytes are more than the %zu MB that an article may have", raw.length, RAW_LIMIT >> 20);
    if (kind) return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "this is %s, not text", kind);
    if (!sniff_mark(raw, &mark) && !sniff_wide(raw) && sniff_binary(raw))
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "these %zu bytes are binary data, not text",
                           raw.length);
    return true;
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

/* An article that comes back from an earlier run, or a partial record, brings its text or its blocks along. */
static bool is_decoded(struct article *article) {
    if (article->origin.raw.length) return false;
    if (article->text.length) clean_article(article, article->text);
    return article->text.length || article->block_count || article->title.source.length;
}

/* Lines in another encoding than the rest are told on the record like a repair. */
static size_t convert_article(struct article *article, const struct detection *detection, struct buffer *text) {
    struct span raw = span_cut(article->origin.raw, detection->mark, article->origin.raw.length);
    if (!detection->others) return encoding_convert(detection->encoding, raw, text);
    struct buffer kind = BUFFER(64);
    size_t lines, bad = mixture_convert(detection->encoding, detection->others, raw, text, &lines);
    buffer_print(&kind, "lines in %s", detection->others->name);
    article_add_repair(article, kind.at, lines, 0);
    buffer_free(&kind);
    return bad;
}

static enum outcome decode_work(const void *at, struct article *article, struct failure *ret_failure) {
    const struct decode_state *state = at;
    struct span raw = article->origin.raw;
    if (is_decoded(article)) return STAGE_CONTINUE;
    if (!refuse_what_is_no_text(raw, ret_failure)) return STAGE_FAIL;
    struct detect_hints hints = gather_hints(article);
    struct detection detection = detect_encoding(state->candidates, raw, &hints);
    if (!detection.encoding) {
        failure_fatal(ret_failure, EXIT_CONFIG, "the table of encodings lacks one that decode cannot do without");
        return STAGE_FAIL;
    }
    if (detection.nonsense) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                    "these %zu bytes are no text in any encoding that is known here", raw.length);
        return STAGE_FAIL;
    }
    struct buffer text = BUFFER(raw.length * GROWTH + 64);
    article_add_evidence(article, detection.from, span_of(detection.encoding->name));
    article->encoding.name = arena_copy(article->arena, span_of(detection.encoding->name));
    article->encoding.certainty = detection.certainty;
    article->encoding.undecodable = convert_article(article, &detection, &text);
    struct buffer repaired = BUFFER(text.length * GROWTH + 64);
    repair_text(state->repairer, buffer_span(&text), detection.language, article, &repaired);
    clean_article(article, buffer_span(&repaired));
    buffer_free(&repaired);
    buffer_free(&text);
    return STAGE_CONTINUE;
}

const struct stage stage_decode = {
    .name = "decode",
    .help = "bytes in any encoding to clean UTF-8, with the evidence",
    .open = decode_open,
    .close = decode_close,
    .work = decode_work,
};
