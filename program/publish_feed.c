#include "program/publish_feed.h"

#include <stdio.h>

#include "config/reader.h"
#include "pipeline/base/file.h"
#include "pipeline/store/durable_writer.h"
#include "stages/digest/feed.h"

/* Of a large feed of a day, only the beginning is read, where its newest entries are. */
enum { MAX_DAYS = 31, DAY_BYTES = 16 << 20, FEED_LIMIT = 256 << 20 };

static void gather_day(const struct program *program, const char *day, struct buffer *text,
                       struct feed_gathering *gathering) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s/%s/feed.xml", program->output_folder, day);
    buffer_clear(text);
    if (file_read(path.at, text)) feed_gather(gathering, buffer_span(text));
    buffer_free(&path);
}

static bool is_up_to_date(const struct program *program, struct span feed) {
    struct buffer path = BUFFER(1 << 16), old = BUFFER(FEED_LIMIT);
    buffer_print(&path, "%s/feed.xml", program->output_folder);
    bool same = file_read(path.at, &old) && span_equal(buffer_span(&old), feed);
    buffer_free(&path);
    buffer_free(&old);
    return same;
}

static bool write_feed(const struct program *program, struct feed_gathering *gathering, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct feed_place place = feed_place_of(config_values(program->config, stage_digest.settings.entries), arena);
    struct buffer feed = BUFFER(FEED_LIMIT);
    bool done = (feed_gathering_write(gathering, &place, &feed) ||
                 failure_fatal(ret_failure, EXIT_IO, "the feed is larger than %d bytes", FEED_LIMIT)) &&
                (is_up_to_date(program, buffer_span(&feed)) ||
                 durable_writer_write(program->output_folder, SPAN("feed.xml"), buffer_span(&feed), ret_failure));
    buffer_free(&feed);
    arena_free(arena);
    return done;
}

bool publish_feed(const struct program *program, const struct listed_day *days, size_t count,
                  struct failure *ret_failure) {
    const struct digest_settings *settings = config_values(program->config, stage_digest.settings.entries);
    struct feed_gathering *gathering = feed_gathering_new(settings ? (size_t)settings->feed_entries : 0);
    struct buffer text = BUFFER(DAY_BYTES);
    for (size_t i = 0; i < count && i < MAX_DAYS && !feed_gathering_full(gathering); i++)
        gather_day(program, days[i].day, &text, gathering);
    bool done = write_feed(program, gathering, ret_failure);
    buffer_free(&text);
    feed_gathering_free(gathering);
    return done;
}
