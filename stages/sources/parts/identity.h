/* Finds an identity for each item of a feed that no other item of the feed shares. An item is usually identified by its
 * GUID or its address. However, GUIDs may be repeated ("N/A", the address of the site), and addresses may differ only
 * after the "#". Each item therefore has several possible identities, and is identified by the first one that is
 * unique. An item that is listed twice counts as one, although both entries have the same identities. */
#ifndef STAGES_SOURCES_PARTS_IDENTITY_H
#define STAGES_SOURCES_PARTS_IDENTITY_H

#include "stages/formats/feed.h"

enum identity_level {
    IDENTITY_USUAL,   /* the GUID or the address, without fragment and tracking parameters; or a hash of the text if the
                         item has neither */
    IDENTITY_GUID,    /* the GUID with its fragment, if it is an address */
    IDENTITY_ADDRESS, /* the address, with its fragment */
    IDENTITY_TITLE,   /* hash of title, date and the feed's address */
    IDENTITY_ALL,     /* hash of everything that the item contains and the feed's address */
    IDENTITY_LEVELS
};

struct item_identity {
    struct span by[IDENTITY_LEVELS]; /* identity at each level; empty if the item has none; never empty for
                                        IDENTITY_USUAL and IDENTITY_ALL */
    struct span version;             /* hash that changes when the item does */
    enum identity_level level;       /* the first level at which the identity is unique */
};

struct identity_rules {
    struct span feed; /* the configured address; makes GUIDs that are unique only within a feed globally unique */
    const struct span *tracking; /* query parameters to ignore, as for url_canonical() */
    size_t tracking_count;
};

/* Returns the identities of all items, in the order of the feed and in the arena. Takes linear time. */
struct item_identity *identity_find(const struct feed *feed, const struct identity_rules *rules, struct arena *arena);
/* Returns the next level after `level` at which the item has an identity. */
enum identity_level identity_next(const struct item_identity *identity, enum identity_level level);

#endif
