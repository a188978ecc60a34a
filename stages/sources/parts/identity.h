/* Which item of a feed is which: an identity that the feed's own items prove unique.
 *
 * An item is usually what its GUID says, or its address. But GUIDs repeat ("N/A", the address of the site), and many
 * addresses differ only behind the "#". So each item has several possible identities, from the usual one on, and is
 * known by the first that no other item of the feed shares. An item that stands there twice shares all of them with
 * itself and is one. */
#ifndef STAGES_SOURCES_PARTS_IDENTITY_H
#define STAGES_SOURCES_PARTS_IDENTITY_H

#include "stages/formats/feed.h"

enum identity_level {
    IDENTITY_USUAL,   /* the GUID, or the address, without fragment and tracking; or what the item says */
    IDENTITY_GUID,    /* the GUID that is an address, with its fragment */
    IDENTITY_ADDRESS, /* the address, with its fragment */
    IDENTITY_TITLE,   /* feed, title and date */
    IDENTITY_ALL,     /* feed and everything that the item says */
    IDENTITY_LEVELS
};

struct item_identity {
    struct span by[IDENTITY_LEVELS]; /* empty where the item has no such thing; the usual one and ALL never are */
    struct span version;             /* changes when the item does */
    enum identity_level level;       /* by[level] is the first that is its own */
};

struct identity_rules {
    struct span feed;            /* address as configured: GUIDs that are no addresses hold within it */
    const struct span *tracking; /* as for url_canonical() */
    size_t tracking_count;
};

/* One for each item of the feed, in its order, in the arena. Linear. */
struct item_identity *identity_find(const struct feed *feed, const struct identity_rules *rules, struct arena *arena);
/* The first level behind `level` at which the item has an identity. */
enum identity_level identity_next(const struct item_identity *identity, enum identity_level level);

#endif
