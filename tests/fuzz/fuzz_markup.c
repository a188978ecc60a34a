/* Character references, tags, XML that has to be mended, and what the first bytes of a document say: texts stay valid
 * UTF-8, labels lie within the text, and mended XML is mended. */
#include <stdint.h>
#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "stages/formats/entities.h"
#include "stages/formats/feed.h"
#include "stages/formats/next_page.h"
#include "stages/formats/sniff.h"
#include "stages/formats/xml_text.h"

enum { LIMIT = 1 << 14 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static void check_label(struct span label, struct span text) {
    require(!label.length || (label.at >= text.at && label.at + label.length <= text.at + text.length));
}

static void check_sniffing(struct span text) {
    size_t mark = 0;
    if (sniff_mark(text, &mark)) require(mark <= text.length);
    check_label(sniff_xml(text), text);
    check_label(sniff_html(text), text);
    check_label(sniff_feed_language(text), text);
    check_label(sniff_language(text), text);
    require(sniff_japanese_run(text) <= text.length);
    sniff_file(text);
    sniff_escapes(text);
    sniff_stripped(text, sniff_html(text));
    sniff_wide(text);
    sniff_binary(text);
}

static void check_references(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        uint32_t rune = 0;
        size_t length = text.at[i] == '&' ? entity_read(text, i, &rune) : 0;
        require(length <= text.length - i && (!length || (rune != 0 && rune < 0x110000)));
    }
}

static void check_xml(struct span text) {
    struct buffer clean = BUFFER(64 * LIMIT), mended = BUFFER(64 * LIMIT);
    if (xml_text_clean(text, &clean) && xml_text_repair(buffer_span(&clean), &mended))
        require(text_valid(buffer_span(&clean)) && text_valid(buffer_span(&mended)));
    buffer_free(&clean);
    buffer_free(&mended);
}

static void check_texts(struct span text, struct arena *arena) {
    const struct span address = SPAN("https://a.example/news/1");
    struct buffer escaped = BUFFER(8 * LIMIT);
    require(text_valid(feed_plain(text, arena)) && text_valid(feed_references(text, arena)));
    require(text_valid(feed_alternates(text, address, arena)) && text_valid(feed_xml_root(text)));
    require(feed_escape(text, &escaped) && text_valid(buffer_span(&escaped)));
    next_page_find(text, address, address, 2, arena);
    feed_attribute(text, "href");
    feed_is(text);
    buffer_free(&escaped);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length < LIMIT ? length : LIMIT};
    struct arena *arena = arena_new();
    check_sniffing(text);
    check_references(text);
    if (text_valid(text)) {
        check_xml(text);
        check_texts(text, arena);
    }
    arena_free(arena);
    return 0;
}
