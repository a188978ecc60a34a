/* Parses any bytes as a feed: no crash, bounded time, and every link is an address. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/fuzz_decoder.h"
#include "pipeline/net/url.h"
#include "stages/formats/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct arena *arena = arena_new();
    struct feed feed;
    struct failure failure = {0};
    struct span text = fuzz_decode((struct span){(const char *)bytes, length}, arena);
    if (feed_parse(text, SPAN("https://a.example/feed"), 50, arena, &feed, &failure)) {
        for (size_t i = 0; i < feed.count; i++)
            if (feed.items[i].link.length && !url_is_remote(feed.items[i].link)) abort();
    } else if (failure.reach != REACH_SERVICE) {
        abort();
    }
    arena_free(arena);
    return 0;
}
