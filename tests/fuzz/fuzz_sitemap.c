/* Parses any bytes as a sitemap or OPML list: no crash, and every entry is an http address. */
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/fuzz_decoder.h"
#include "pipeline/net/url.h"
#include "stages/formats/sitemap_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    struct failure failure = {0};
    struct span text = fuzz_decode((struct span){(const char *)bytes, length}, arena);
    if (sitemap_read(text, SPAN("https://a.example/sitemap.xml"), 50, arena, &sitemap, &failure)) {
        for (size_t i = 0; i < sitemap.count; i++)
            if (!url_is_remote(sitemap.entries[i].address)) abort();
    }
    arena_free(arena);
    return 0;
}
