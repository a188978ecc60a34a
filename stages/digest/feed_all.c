/* The feed of all days, put together from those of the days: they are there however old a day is, and their entries
 * need not be made again. */
#include <stdlib.h>

#include "pipeline/base/xml.h"
#include "stages/digest/feed.h"

enum { ENTRY_LIMIT = 1 << 20 };

struct gathered {
    struct span id, updated, text;
};

struct feed_gathering {
    struct arena *arena;
    struct hash_table known; /* ids; the values mean nothing */
    struct gathered *items;
    size_t count, capacity, room;
    struct span missing; /* the subtitle of the newest day; empty if it has none */
    bool begun;
};

struct feed_gathering *feed_gathering_new(size_t room) {
    struct arena *arena = arena_new();
    struct feed_gathering *gathering = arena_take(arena, sizeof *gathering);
    *gathering = (struct feed_gathering){.arena = arena, .known = HASH_TABLE(arena), .room = room};
    return gathering;
}

void feed_gathering_free(struct feed_gathering *gathering) {
    if (gathering) arena_free(gathering->arena);
}

bool feed_gathering_full(const struct feed_gathering *gathering) {
    return gathering->count >= gathering->room;
}

/* ---------------------------------------------------------------- reading a day's feed */

/* Somebody may have edited a day's file, and one bad entry would make the whole feed useless. Entities could only come
 * from a document type, which is not within an entry. */
static bool is_well_formed(struct span text) {
    XML_Parser parser = xml_parser_new("UTF-8", NULL);
    bool fits = text.length <= ENTRY_LIMIT && XML_Parse(parser, text.at, (int)text.length, XML_TRUE) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return fits;
}

/* Returns the text between two marks that stand on lines of their own, with the marks; *rest goes on behind it. */
static bool next_piece(struct span *rest, struct span open, struct span close, struct span *ret_piece) {
    size_t from = span_find(*rest, open);
    if (from == SIZE_MAX) return false;
    struct span piece = span_cut(*rest, from, rest->length);
    size_t to = span_find(piece, close);
    if (to == SIZE_MAX) return false;
    *ret_piece = span_cut(piece, 0, to + close.length);
    *rest = span_cut(piece, to + close.length, piece.length);
    return true;
}

static struct span element(struct span text, struct span open, struct span close) {
    struct span piece;
    if (!next_piece(&text, open, close, &piece)) return SPAN("");
    return span_cut(piece, open.length, piece.length - close.length);
}

static void add_entry(struct feed_gathering *gathering, struct span text) {
    struct gathered item = {.id = element(text, SPAN("<id>"), SPAN("</id>")),
                            .updated = element(text, SPAN("<updated>"), SPAN("</updated>"))};
    /* Entries of versions whose ids were not tags have no content. */
    if (!span_starts(item.id, SPAN("tag:")) || span_form(item.updated, "dddd-dd-ddTdd:dd:ddZ") != item.updated.length ||
        !item.updated.length || hash_table_find(&gathering->known, item.id) || !is_well_formed(text))
        return;
    item = (struct gathered){arena_copy(gathering->arena, item.id), arena_copy(gathering->arena, item.updated),
                             arena_copy(gathering->arena, text)};
    hash_table_set(&gathering->known, item.id, gathering);
    gathering->items = arena_grow(gathering->arena, gathering->items, gathering->count, &gathering->capacity,
                                  sizeof *gathering->items);
    gathering->items[gathering->count++] = item;
}

static void take_missing(struct feed_gathering *gathering, struct span head) {
    struct span missing;
    if (next_piece(&head, SPAN("<subtitle>"), SPAN("</subtitle>\n"), &missing) && is_well_formed(missing))
        gathering->missing = arena_copy(gathering->arena, missing);
}

void feed_gather(struct feed_gathering *gathering, struct span day_feed) {
    struct span entry;
    size_t taken = 0;
    if (!gathering->begun) take_missing(gathering, span_cut(day_feed, 0, span_find(day_feed, SPAN("<entry>\n"))));
    gathering->begun = true;
    while (taken < gathering->room && next_piece(&day_feed, SPAN("<entry>\n"), SPAN("</entry>\n"), &entry)) {
        add_entry(gathering, entry);
        taken++;
    }
}

/* ---------------------------------------------------------------- writing */

static int newest_first(const void *left, const void *right) {
    const struct gathered *a = left, *b = right;
    int order = span_compare(b->updated, a->updated);
    return order ? order : span_compare(a->id, b->id);
}

bool feed_gathering_write(struct feed_gathering *gathering, const struct feed_place *place, struct buffer *out) {
    size_t count = gathering->count < gathering->room ? gathering->count : gathering->room;
    if (gathering->count) qsort(gathering->items, gathering->count, sizeof *gathering->items, newest_first);
    buffer_add_string(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                           "xml:lang=\"en\">\n");
    feed_head(place, "digest", "Dragoman: the news in English", "",
              count ? gathering->items[0].updated : SPAN("1970-01-01T00:00:00Z"), out);
    buffer_add_span(out, gathering->missing);
    for (size_t i = 0; i < count; i++) buffer_add_span(out, gathering->items[i].text);
    return buffer_add_string(out, "</feed>\n");
}
