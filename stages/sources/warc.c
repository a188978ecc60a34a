/* Web archives (WARC), compressed or not, read as a stream. Every page is an article. If the length of a record is
 * wrong, reading resumes at the beginning of the next one, so that only the damaged record is lost. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "pipeline/base/input_file.h"
#include "pipeline/base/sha256.h"
#include "pipeline/net/url.h"
#include "stages/formats/warc_record.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/tracking.h"

/* LONGEST_MARK is the length of the longest text that marks the beginning of a record. Rewinds are limited because each
 * rewind in a compressed file decompresses it from the start. */
enum { LONGEST_MARK = 16, MAX_REWINDS = 50 };

struct warc_settings {
    size_t max_bytes;
};

static const struct setting warc_table[] = {
    SOURCE_PATH_SETTING(NULL, "a .warc or .warc.gz file"),
    SETTING("max_bytes", SETTING_SIZE_AT(struct warc_settings, max_bytes), .default_value = "32M", .min = 1024,
            .max = 1u << 30, .help = "maximum size of a page"),
    SETTINGS_END,
};

struct warc {
    struct source_context context;
    struct arena *arena;
    const struct span *tracking;
    size_t tracking_count, limit, number;
    char *path;
    gzFile file;
    struct buffer line; /* the line that was read ahead, if `held` is set */
    bool held, gap;     /* gap: an empty line preceded `line` */
    unsigned rewinds;   /* number of rewinds so far */
    off_t member;       /* offset in the file at which `file` was opened */
};

static int warc_recognise(struct span address, struct span head) {
    return span_starts(head, SPAN("WARC/")) || span_ends(address, SPAN(".warc")) || span_ends(address, SPAN(".warc.gz"))
               ? 2
               : 0;
}

static void warc_close(void *state) {
    struct warc *warc = state;
    if (warc->file) gzclose(warc->file);
    buffer_free(&warc->line);
    arena_free(warc->arena);
    free(warc);
}

static bool warc_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    const struct warc_settings *settings = context->settings;
    struct warc *warc = memory_take(sizeof *warc);
    *warc = (struct warc){
        .context = *context, .arena = arena_new(), .limit = settings->max_bytes, .line = BUFFER(settings->max_bytes)};
    warc->path = arena_string(warc->arena, source_path(context, context->common->path, warc->arena));
    warc->tracking = tracking_read(context->data_folder, warc->arena, &warc->tracking_count);
    const char *why = "";
    int opened = input_file_open_passed(warc->path, &why);
    warc->file = opened >= 0 ? gzdopen(opened, "rb") : NULL;
    /* Of an open file, gzdopen() needs nothing but memory. */
    if (opened >= 0 && !warc->file) memory_exhausted();
    *ret_state = warc;
    if (warc->file) return true;
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read %s: %s", warc->path, why);
    warc_close(warc);
    return false;
}

/* Reads a line, without its line ending, into warc->line, and drops what exceeds the buffer. Returns false at the end
 * of the file. */
static bool read_line(struct warc *warc) {
    bool held = warc->held, any = held;
    warc->held = false;
    if (held) return true;
    buffer_clear(&warc->line);
    for (int c; (c = gzgetc(warc->file)) != -1;) {
        char byte = (char)c;
        any = true;
        if (byte == '\n') break;
        buffer_add(&warc->line, &byte, 1);
    }
    return any;
}

/* Reads header lines into *head, up to the empty line. Returns false at the end of the file. */
static bool read_head(struct warc *warc, struct buffer *head) {
    bool any = false;
    while (read_line(warc)) {
        struct span text = span_trim(buffer_span(&warc->line));
        if (text.length == 0 && any) break;
        if (text.length == 0) continue;
        any = true;
        buffer_add_span(head, text);
        buffer_add_string(head, "\n");
    }
    return any;
}

/* ---------------------------------------------------------------- damaged compression */

/* Returns the offset of the first gzip member at or after `at`, or -1. In a compressed archive, each record is a
 * separate gzip member. */
static off_t find_member(FILE *file, off_t at) {
    unsigned last = 0;
    if (fseeko(file, at, SEEK_SET) != 0) return -1;
    for (int c; (c = getc(file)) != EOF; at++) {
        last = (last << 8 | (unsigned)c) & 0xFFFFFF;
        if (last == 0x1F8B08) return at - 2;
    }
    return -1;
}

static gzFile open_at(const char *path, off_t at) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool there = file >= 0 && lseek(file, at, SEEK_SET) == at;
    gzFile packed = there ? gzdopen(file, "rb") : NULL;
    if (there && !packed) memory_exhausted();
    if (!packed && file >= 0) close(file);
    return packed;
}

/* After damaged data, continues with the records of the next gzip member. Returns false if there is none. */
static bool pass_over_damage(struct warc *warc) {
    int code = Z_OK;
    gzerror(warc->file, &code);
    if (code == Z_MEM_ERROR) memory_exhausted();
    FILE *bytes = code == Z_DATA_ERROR ? fopen(warc->path, "rbe") : NULL;
    if (!bytes) return false;
    off_t read = gzoffset(warc->file), next = find_member(bytes, read > warc->member ? read : warc->member + 1);
    fclose(bytes);
    gzFile file = next >= 0 ? open_at(warc->path, next) : NULL;
    if (!file) return false;
    gzclose(warc->file);
    warc->file = file;
    warc->member = next;
    warc->held = false;
    return true;
}

/* ---------------------------------------------------------------- blocks */

/* Searches a block for the beginning of the next record. `record` is its offset, or -1. */
struct sight {
    z_off_t record;
    char tail[LONGEST_MARK]; /* end of the previous chunk: a record's beginning may be split between two chunks */
    size_t tail_length;
};

static void look_for_record(struct sight *sight, struct span chunk, z_off_t end) {
    char joint[2 * LONGEST_MARK];
    size_t head = chunk.length < LONGEST_MARK ? chunk.length : LONGEST_MARK, at;
    memcpy(joint, sight->tail, sight->tail_length);
    memcpy(joint + sight->tail_length, chunk.at, head);
    struct span across = {joint, sight->tail_length + head};
    z_off_t start = end - (z_off_t)chunk.length;
    if (sight->record < 0 && (at = warc_find_record(across)) != SIZE_MAX)
        sight->record = start - (z_off_t)sight->tail_length + (z_off_t)at;
    if (sight->record < 0 && (at = warc_find_record(chunk)) != SIZE_MAX) sight->record = start + (z_off_t)at;
    sight->tail_length = head;
    memcpy(sight->tail, chunk.at + chunk.length - head, head);
}

/* Reads the block of a record. Blocks that are not wanted or exceed the limit are skipped, and *block stays empty. */
static bool read_block(struct warc *warc, size_t length, bool wanted, struct buffer *block, struct sight *sight) {
    char chunk[65536];
    if (length > block->limit) wanted = false;
    while (length > 0) {
        int got = gzread(warc->file, chunk, (unsigned)(length < sizeof chunk ? length : sizeof chunk));
        if (got <= 0) return false;
        struct span text = {chunk, (size_t)got};
        look_for_record(sight, text, gztell(warc->file));
        if (wanted) buffer_add_span(block, text);
        length -= (size_t)got;
    }
    return true;
}

/* Whether only empty lines precede the next record or the end of the file. If not, the length of this record is wrong.
 */
static bool ends_well(struct warc *warc) {
    warc->gap = false;
    while (read_line(warc)) {
        struct span line = span_trim(buffer_span(&warc->line));
        warc->held = line.length > 0;
        if (warc->held) return span_starts(line, SPAN("WARC/"));
        warc->gap = true;
    }
    return true;
}

static struct span without_gap(struct span text) {
    while (text.length && (text.at[text.length - 1] == '\n' || text.at[text.length - 1] == '\r')) text.length--;
    return text;
}

/* Handles a length that is too large: goes back to the beginning of the next record, where the block really ends. */
static bool go_back(struct warc *warc, z_off_t start, const struct sight *sight, struct buffer *block) {
    if (sight->record < 0 || ++warc->rewinds > MAX_REWINDS || gzseek(warc->file, sight->record, SEEK_SET) < 0)
        return false;
    size_t length = (size_t)(sight->record - start);
    if (block->length > length) block->length = length;
    block->length = without_gap(buffer_span(block)).length;
    warc->held = false;
    return true;
}

/* Handles a length that is too small: adds everything up to the next record to the block. */
static void extend_block(struct warc *warc, bool wanted, struct buffer *block) {
    bool gap = false;
    if (wanted && warc->gap) buffer_add_string(block, "\n");
    while (read_line(warc)) {
        struct span line = buffer_span(&warc->line);
        warc->held = gap && span_starts(line, SPAN("WARC/"));
        if (warc->held) break;
        gap = span_trim(line).length == 0;
        if (wanted && buffer_add_span(block, line)) buffer_add_string(block, "\n");
    }
    block->length = without_gap(buffer_span(block)).length;
}

/* Reads a block and corrects its length if necessary. Returns false if the file ends within it. */
static bool read_whole_block(struct warc *warc, const struct warc_head *record, struct buffer *block) {
    struct sight sight = {.record = -1};
    z_off_t start = gztell(warc->file);
    bool wanted = record->kind != WARC_OTHER, whole = read_block(warc, record->length, wanted, block, &sight);
    if (whole && ends_well(warc)) return true;
    if (go_back(warc, start, &sight, block)) return true;
    if (whole) extend_block(warc, wanted, block);
    return whole;
}

/* ---------------------------------------------------------------- records */

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

/* Handles the end of the file, or damage that looks like the end of the file. */
static enum source_step end_or_damage(struct warc *warc, struct failure *ret_failure) {
    int code = Z_OK;
    gzerror(warc->file, &code);
    if (code == Z_MEM_ERROR) memory_exhausted();
    if (code == Z_OK || code == Z_STREAM_END) return SOURCE_END;
    warc->number++;
    if (pass_over_damage(warc)) return refuse(warc, "cannot be decompressed", REACH_ARTICLE, ret_failure);
    return refuse(warc, "is truncated", REACH_SERVICE, ret_failure);
}

/* Skips a record with a damaged header. If the file does not even begin like an archive, the source fails. */
static enum source_step refuse_head(struct warc *warc, struct span head, struct failure *ret_failure) {
    bool archive = warc->number > 1 || span_starts(head, SPAN("WARC/"));
    if (!archive) return refuse(warc, "is not a WARC record", REACH_SERVICE, ret_failure);
    struct buffer none = BUFFER(0);
    extend_block(warc, false, &none);
    return refuse(warc, "is not a WARC record", REACH_ARTICLE, ret_failure);
}

/* Reads a record. Returns SOURCE_ASK if it is not a page and the next one must be read. */
static enum source_step read_record(struct warc *warc, struct buffer *head, struct buffer *block,
                                    struct article **ret_article, struct failure *ret_failure) {
    if (!read_head(warc, head)) return end_or_damage(warc, ret_failure);
    warc->number++;
    struct warc_head record;
    if (!warc_read_head(buffer_span(head), &record)) return refuse_head(warc, buffer_span(head), ret_failure);
    if (!read_whole_block(warc, &record, block))
        return refuse(warc, "is truncated", pass_over_damage(warc) ? REACH_ARTICLE : REACH_SERVICE, ret_failure);
    if (record.kind == WARC_OTHER) return SOURCE_ASK;
    if (record.length > warc->limit) return refuse(warc, "is larger than max_bytes", REACH_ARTICLE, ret_failure);
    struct warc_page page = {.unpacked = BUFFER(warc->limit)};
    enum source_step taken = SOURCE_ASK;
    if (warc_read_page(&record, buffer_span(block), &page)) {
        *ret_article = make_article(warc, record.target, &page);
        taken = SOURCE_ITEM;
    } else if (page.damaged) {
        taken = refuse(warc, "contains a page that is larger than max_bytes or cannot be decompressed", REACH_ARTICLE,
                       ret_failure);
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
    .settings = {warc_table, sizeof(struct warc_settings)},
    .recognise = warc_recognise,
    .open = warc_open,
    .close = warc_close,
    .step = warc_step,
};
