/* Partial records, one a line, from a file or standard input. Lines are read with blocking calls: a pipe whose writer
 * pauses holds up the run's loop until the next line, or the end, comes (docs/decisions.md). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "pipeline/article/record.h"
#include "pipeline/article/record_key.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/store.h"
#include "stages/sources/parts/common.h"

enum { LINE_LIMIT = 256 << 20 };

static const struct setting ndjson_settings[] = {
    {"path", SETTING_TEXT, "-", NULL, 0, 0,
     "a file of records, one a line; - is standard input, whose writer the run waits for"},
    SETTINGS_END};

struct ndjson {
    struct span name;
    struct store *store;
    FILE *file;
    char *line;
    size_t capacity, number;
    char path[512];
};

static int ndjson_recognise(struct span address, struct span head) {
    (void)head;
    return span_ends(address, SPAN(".ndjson")) || span_ends(address, SPAN(".jsonl")) ? 2 : 0;
}

static void ndjson_close(void *state) {
    struct ndjson *ndjson = state;
    if (ndjson->file && ndjson->file != stdin) fclose(ndjson->file);
    free(ndjson->line);
    free(ndjson);
}

static bool ndjson_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct ndjson *ndjson = memory_take(sizeof *ndjson);
    struct arena *arena = arena_new();
    struct span path = setting_text(context->settings, "path");
    ndjson->name = context->name;
    ndjson->store = context->store;
    snprintf(ndjson->path, sizeof ndjson->path, "%.*s", SPAN_ARGS(path));
    ndjson->file = span_is(path, "-") ? stdin : fopen(source_path(context, path, arena).at, "rb");
    arena_free(arena);
    *ret_state = ndjson;
    if (ndjson->file) return true;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", ndjson->path, strerror(errno));
    ndjson_close(ndjson);
    return false;
}

static enum source_step refuse(const struct ndjson *ndjson, const char *why, struct failure *ret_failure) {
    char sentence[sizeof ret_failure->sentence]; /* `why` may be the very sentence that is written */
    snprintf(sentence, sizeof sentence, "%s", why);
    failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "line %zu of %s: %s", ndjson->number, ndjson->path, sentence);
    return SOURCE_FAIL;
}

/* A line that names no article is one by its own hash. */
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

static enum source_step ndjson_step(void *state, struct exchange *reply, struct exchange *exchange,
                                    struct article **ret_article, struct failure *ret_failure) {
    struct ndjson *ndjson = state;
    (void)reply;
    (void)exchange;
    ssize_t length;
    do {
        length = getline(&ndjson->line, &ndjson->capacity, ndjson->file);
        if (length < 0) return SOURCE_END;
        ndjson->number++;
    } while (span_trim((struct span){ndjson->line, (size_t)length}).length == 0);
    if (length > LINE_LIMIT) return refuse(ndjson, "the line is larger than 256 MiB", ret_failure);
    struct span line = span_trim((struct span){ndjson->line, (size_t)length});
    char hex[65];
    if (is_known(ndjson, line)) return SOURCE_KNOWN;
    struct failure failure = {0};
    struct article *article = NULL;
    if (!record_read(line, 0, &article, &failure)) return refuse(ndjson, failure.sentence, ret_failure);
    if (!article->id[0]) {
        sha256_hex(line, hex);
        article_identify(article, span_of(hex));
    }
    if (!article->origin.source.length) article->origin.source = arena_copy(article->arena, ndjson->name);
    *ret_article = article;
    return SOURCE_ITEM;
}

const struct source source_ndjson = {
    .name = "ndjson",
    .help = "partial records, one a line (the record's own schema)",
    .settings = ndjson_settings,
    .recognise = ndjson_recognise,
    .open = ndjson_open,
    .close = ndjson_close,
    .step = ndjson_step,
};
