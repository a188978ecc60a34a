#include "stages/sources/parts/container.h"

#include <errno.h>
#include <string.h>

#include "pipeline/base/input_file.h"
#include "stages/formats/gunzip.h"
#include "stages/formats/sniff.h"

#define GROWTH 4 /* maximum number of UTF-8 bytes that one byte of input may become when decoded */

struct container container_new(size_t limit) {
    return (struct container){.raw = BUFFER(limit)};
}

void container_free(struct container *container) {
    buffer_free(&container->raw);
    buffer_free(&container->text);
}

/* The body is moved and not copied, because a feed or list may be tens of megabytes long. The container keeps its own
 * limit. */
void container_take_reply(struct container *container, struct exchange *reply, struct arena *arena) {
    size_t limit = container->raw.limit;
    buffer_free(&container->raw);
    container->raw = reply->reply;
    container->raw.limit = limit;
    reply->reply = BUFFER(limit);
    container->content_type = arena_copy(arena, exchange_reply_header(reply, "content-type"));
}

bool container_read_file(struct container *container, const char *path, const char *folder, const char *what,
                         struct failure *ret_failure) {
    const char *why;
    int file = folder ? input_file_open_inside(folder, path, &why) : input_file_open(path, &why);
    if (file < 0 || !input_file_read(file, &container->raw))
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "cannot read the %s %s: %s", what, path,
                           file < 0 ? why : strerror(errno));
    return !container->raw.full ||
           failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the %s %s is larger than max_bytes (%zu)", what, path,
                       container->raw.limit);
}

/* Decompresses feeds and lists that are stored as .gz files, on a server or locally. */
static bool unpack(struct container *container, struct failure *ret_failure) {
    struct buffer bytes = BUFFER(container->raw.limit);
    if (!gunzip_is(buffer_span(&container->raw))) return true;
    bool done = gunzip(buffer_span(&container->raw), &bytes);
    buffer_free(&container->raw);
    container->raw = bytes;
    return done || failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                               "%.*s is a compressed file that is damaged or larger than max_bytes (%zu)",
                               SPAN_ARGS(container->address), bytes.limit);
}

static bool decode(struct container *container, const struct decoder *decoder, struct arena *arena,
                   struct failure *ret_failure) {
    struct failure failure = {0};
    struct decoding decoding;
    struct document document = {.raw = buffer_span(&container->raw),
                                .content_type = container->content_type,
                                .is_container = true,
                                .setting = container->language,
                                .feed = sniff_feed_language(buffer_span(&container->raw)),
                                .address = container->address};
    container->text = BUFFER(document.raw.length * GROWTH + 16);
    return decoder_read(decoder, &document, arena, &container->encoding, &decoding, &container->text, &failure) ||
           failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s cannot be read: %s",
                       SPAN_ARGS(container->address), failure.sentence);
}

/* The raw bytes are freed as soon as possible, because the text and the parsed items need memory too. */
bool container_decode(struct container *container, const struct decoder *decoder, struct arena *arena,
                      struct failure *ret_failure) {
    bool done = unpack(container, ret_failure) && decode(container, decoder, arena, ret_failure);
    buffer_free(&container->raw);
    return done;
}
