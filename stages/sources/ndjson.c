/* Partial records, one per line, from a file or standard input. Lines are read with blocking calls: if the writer of a
 * pipe pauses, the whole run waits for the next line or the end (see docs/decisions.md). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/article/record.h"
#include "pipeline/article/record_key.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"
#include "pipeline/store/store.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/line_file.h"

static const struct setting ndjson_table[] = {
    SOURCE_PATH_SETTING("-", "file with one record per line; - = standard input, read to its end"),
    SETTINGS_END,
};

struct ndjson {
    struct span name;
    const struct source_settings *settings;
    struct store *store;
    struct line_file *lines;
    size_t number;
    bool asked_for;         /* the worker thread has been asked to prepare the file */
    struct failure failure; /* why the preparation failed, if it did */
    char path[512];
};

static int ndjson_recognise(struct span address, struct span head) {
    (void)head;
    return span_ends(address, SPAN(".ndjson")) || span_ends(address, SPAN(".jsonl")) ? 2 : 0;
}

static void ndjson_close(void *state) {
    struct ndjson *ndjson = state;
    line_file_close(ndjson->lines);
    free(ndjson);
}

static bool ndjson_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct decoder *decoder = resources_borrow(context->resources, &decoder_resource, ret_failure);
    if (!decoder) return false;
    struct ndjson *ndjson = memory_take(sizeof *ndjson);
    struct arena *arena = arena_new();
    struct span path = context->common->path;
    ndjson->name = context->name;
    ndjson->settings = context->common;
    ndjson->store = context->store;
    snprintf(ndjson->path, sizeof ndjson->path, "%.*s", SPAN_ARGS(path));
    const char *why = "";
    ndjson->lines = line_file_open(span_is(path, "-") ? NULL : source_path(context, path, arena).at, decoder, &why);
    arena_free(arena);
    *ret_state = ndjson;
    if (ndjson->lines) return true;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", ndjson->path, why);
    ndjson_close(ndjson);
    return false;
}

/* A bad line is reported and skipped; the lines after it can still be read. */
static enum source_step refuse(const struct ndjson *ndjson, const char *why, struct failure *ret_failure) {
    char sentence[sizeof ret_failure->sentence]; /* a copy, because `why` may be ret_failure->sentence */
    snprintf(sentence, sizeof sentence, "%s", why);
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "line %zu of %s: %s", ndjson->number, ndjson->path, sentence);
    return SOURCE_FAIL;
}

/* Whether the store has this article in this version. Lines without an identity are identified by their hash.
 * The key is extracted without parsing the line, which makes a second run over a large file fast. */
static bool is_known(const struct ndjson *ndjson, struct span line) {
    char id[33], hex[65];
    struct span version;
    if (!record_key(line, id, &version)) return false;
    if (!id[0]) {
        sha256_hex(line, hex);
        article_id(span_of(hex), id);
    }
    return store_knows(ndjson->store, id, version);
}

static void ndjson_work(void *state) {
    struct ndjson *ndjson = state;
    if (!line_file_prepare(ndjson->lines, &ndjson->failure)) ndjson->failure.reach = REACH_SERVICE;
}

/* Without a moment that can be true, nothing could tell that the article is new, nor that its date is in the future;
 * and one that is to come would stand on the page as its own time. */
static void take_moment(struct article *article) {
    char said[32], now[21];
    int64_t at = 0;
    snprintf(said, sizeof said, "%.*s", SPAN_ARGS(text_clip(article->origin.collected, 31)));
    clock_iso_now(now);
    if (clock_parse(said, &at) && at > 0 && at <= clock_seconds(now)) return;
    article->origin.collected = arena_copy(article->arena, span_of(now));
}

/* Fills in what the line does not say: identity, source, encoding and when it was collected. Raw bytes in the record
 * have their own encoding and are decoded later. */
static void complete(const struct ndjson *ndjson, struct span line, struct article *article) {
    const struct encoding *encoding = line_file_encoding(ndjson->lines);
    char hex[65];
    if (!article->id[0]) {
        sha256_hex(line, hex);
        article_identify(article, span_of(hex));
    }
    /* A record without a text would be read from its address, and content must not choose a file of this machine. */
    if (article->origin.address.length && !url_is_remote(article->origin.address) && !article_has_content(article))
        source_withhold(article, "record", article->origin.address);
    if (!article->origin.source.length) article->origin.source = arena_copy(article->arena, ndjson->name);
    source_describe(ndjson->settings, article);
    take_moment(article);
    if (encoding->name.length && !article->encoding.name.length && !article->origin.raw.length)
        article_take_encoding(article, encoding);
}

static enum source_step read_line(struct ndjson *ndjson, struct span line, struct article **ret_article,
                                  struct failure *ret_failure) {
    struct failure failure = {0};
    if (line.length > LINE_LIMIT) return refuse(ndjson, "the line is larger than 256 MiB", ret_failure);
    /* A server is asked about many items at once (discovery_announce), which costs less than to ask for each line. */
    if (!store_is_remote(ndjson->store) && is_known(ndjson, line)) return SOURCE_KNOWN;
    if (!record_read(line, 0, ret_article, &failure)) return refuse(ndjson, failure.sentence, ret_failure);
    complete(ndjson, line, *ret_article);
    return SOURCE_ITEM;
}

/* Nothing behind this place can be read, so the source has not been read to its end. */
static enum source_step stop(const struct ndjson *ndjson, const char *why, struct failure *ret_failure) {
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", ndjson->path, why);
    return SOURCE_FAIL;
}

static enum source_step ndjson_step(void *state, struct exchange *reply, struct exchange *exchange,
                                    struct article **ret_article, struct failure *ret_failure) {
    struct ndjson *ndjson = state;
    (void)reply;
    (void)exchange;
    if (!ndjson->asked_for) {
        ndjson->asked_for = true;
        return SOURCE_WORK;
    }
    if (ndjson->failure.reach != REACH_NONE) return stop(ndjson, ndjson->failure.sentence, ret_failure);
    struct span line;
    while (line_file_next(ndjson->lines, &line)) {
        ndjson->number++;
        if (line.length) return read_line(ndjson, line, ret_article, ret_failure);
    }
    return line_file_failed(ndjson->lines) ? stop(ndjson, strerror(errno), ret_failure) : SOURCE_END;
}

const struct source source_ndjson = {
    .name = "ndjson",
    .help = "partial records (JSON, one per line) that follow the schema of records",
    .settings = {.entries = ndjson_table},
    .recognise = ndjson_recognise,
    .open = ndjson_open,
    .close = ndjson_close,
    .step = ndjson_step,
    .work = ndjson_work,
};
