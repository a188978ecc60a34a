/* Web archives (WARC 1.0 and 1.1), packed or not, read as a stream: every HTML response is an article. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"
#include "stages/formats/warc_record.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/tracking.h"

static const struct setting warc_settings[] = {
    {"path", SETTING_TEXT, NULL, NULL, 0, 0, "a .warc or .warc.gz file"},
    {"max_bytes", SETTING_SIZE, "32M", NULL, 1024, 1e9, "a larger page is refused"},
    SETTINGS_END};

struct warc {
    struct source_context context;
    struct arena *arena;
    const struct span *tracking;
    size_t tracking_count, limit, number;
    char *path;
    gzFile file;
};

static int warc_recognise(struct span address, struct span head) {
    return span_starts(head, SPAN("WARC/")) || span_ends(address, SPAN(".warc")) || span_ends(address, SPAN(".warc.gz"))
               ? 2
               : 0;
}

static void warc_close(void *state) {
    struct warc *warc = state;
    if (warc->file) gzclose(warc->file);
    arena_free(warc->arena);
    free(warc);
}

static bool warc_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    struct warc *warc = memory_take(sizeof *warc);
    *warc =
        (struct warc){.context = *context, .arena = arena_new(), .limit = setting_size(context->settings, "max_bytes")};
    warc->path = arena_string(warc->arena, source_path(context, setting_text(context->settings, "path"), warc->arena));
    warc->tracking = tracking_read(context->data_folder, warc->arena, &warc->tracking_count);
    warc->file = gzopen(warc->path, "rb");
    *ret_state = warc;
    if (warc->file) return true;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", warc->path, strerror(errno));
    warc_close(warc);
    return false;
}

/* One line without its end; false at the end of the file. What goes beyond the buffer is dropped. */
static bool read_line(struct warc *warc, struct buffer *line) {
    buffer_clear(line);
    for (int c; (c = gzgetc(warc->file)) != -1;) {
        char byte = (char)c;
        if (byte == '\n') return true;
        buffer_add(line, &byte, 1);
    }
    return line->length > 0;
}

/* Header lines up to the empty one, into *head. False at the end of the file. */
static bool read_head(struct warc *warc, struct buffer *head) {
    struct buffer line = BUFFER(8192);
    bool any = false;
    while (read_line(warc, &line)) {
        struct span text = span_trim(buffer_span(&line));
        if (text.length == 0 && any) break;
        if (text.length == 0) continue;
        any = true;
        buffer_add_span(head, text);
        buffer_add_string(head, "\n");
    }
    buffer_free(&line);
    return any;
}

/* Reads the record's block; what is not wanted or larger than the limit is passed over (and *ret_block stays empty). */
static bool read_block(struct warc *warc, size_t length, bool wanted, struct buffer *block) {
    char chunk[65536];
    if (length > block->limit) wanted = false;
    while (length > 0) {
        int got = gzread(warc->file, chunk, (unsigned)(length < sizeof chunk ? length : sizeof chunk));
        if (got <= 0) return false;
        if (wanted) buffer_add(block, chunk, (size_t)got);
        length -= (size_t)got;
    }
    return true;
}

static struct article *make_article(const struct warc *warc, struct span address, const struct warc_page *page) {
    struct arena *scratch = arena_new();
    struct span identity = url_canonical(address, warc->tracking, warc->tracking_count, scratch);
    char hex[65];
    sha256_hex(page->body, hex);
    struct article *article = source_article(&warc->context, address, identity, span_cut(span_of(hex), 0, 32));
    article->origin.raw = arena_copy(article_document(article), page->body);
    article->origin.content_type = arena_copy(article->arena, page->content_type);
    arena_free(scratch);
    return article;
}

static enum source_step refuse(const struct warc *warc, const char *why, enum failure_reach reach,
                               struct failure *ret_failure) {
    failure_set(ret_failure, reach, REMEDY_NONE, "record %zu of %s %s", warc->number, warc->path, why);
    return SOURCE_FAIL;
}

/* One record; SOURCE_ASK stands for "nothing of interest, go on". */
static enum source_step read_record(struct warc *warc, struct buffer *head, struct buffer *block,
                                    struct article **ret_article, struct failure *ret_failure) {
    if (!read_head(warc, head)) return SOURCE_END;
    warc->number++;
    struct warc_head record;
    if (!warc_read_head(buffer_span(head), &record))
        return refuse(warc, "is no WARC record", REACH_SERVICE, ret_failure);
    if (!read_block(warc, record.length, record.is_response, block))
        return refuse(warc, "breaks off", REACH_SERVICE, ret_failure);
    if (!record.is_response) return SOURCE_ASK;
    if (record.length > warc->limit) return refuse(warc, "is larger than max_bytes allows", REACH_ARTICLE, ret_failure);
    struct warc_page page = {.unpacked = BUFFER(warc->limit)};
    enum source_step taken = SOURCE_ASK;
    if (warc_read_page(buffer_span(block), &page)) {
        *ret_article = make_article(warc, record.target, &page);
        taken = SOURCE_ITEM;
    } else if (page.damaged) {
        taken = refuse(warc, "holds a page whose packing is damaged or too large", REACH_ARTICLE, ret_failure);
    }
    buffer_free(&page.unpacked);
    return taken;
}

static enum source_step warc_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct warc *warc = state;
    (void)reply;
    (void)exchange;
    struct buffer head = BUFFER(65536), block = BUFFER(warc->limit);
    enum source_step taken;
    do {
        buffer_clear(&head);
        buffer_clear(&block);
        taken = read_record(warc, &head, &block, ret_article, ret_failure);
    } while (taken == SOURCE_ASK);
    buffer_free(&head);
    buffer_free(&block);
    return taken;
}

const struct source source_warc = {
    .name = "warc",
    .help = "web archives, .warc and .warc.gz",
    .settings = warc_settings,
    .recognise = warc_recognise,
    .open = warc_open,
    .close = warc_close,
    .step = warc_step,
};
