/* The digest as Atom feeds (RFC 4287): one of each day, and one of all days to subscribe to.
 *
 * An entry depends on its article and the settings only, so it is the same, byte for byte, in every feed and in every
 * run until its article changes. */
#ifndef STAGES_DIGEST_FEED_H
#define STAGES_DIGEST_FEED_H

#include "stages/digest/page.h"
#include "stages/digest/settings.h"

/* Derives the place from the settings (may be NULL); texts are in the arena. The ids depend on the host of the address,
 * so that the feed can move to another folder or port of it. */
struct feed_place feed_place_of(const struct digest_settings *settings, struct arena *arena);

/* ---------------------------------------------------------------- parts of an entry (feed_entry.c) */

/* One entry: an article, or one that waits or has failed. */
struct feed_item {
    struct span id, updated;   /* RFC 3339, UTC */
    const struct entry *entry; /* the story and its article, ... */
    const struct take *take;
    const cJSON *missing; /* ... or one of "waiting" or "failed" in the day's notes, and NULL for the others */
};

/* Appends the entry. */
void feed_entry_write(const struct page *page, const struct feed_item *item, struct buffer *out);
/* Returns when the article's record was made or, if that is not known, when the article was last collected, accepted or
 * corrected. */
struct span feed_updated(const struct article *article);
/* Appends text escaped for XML, without the characters that XML does not allow. */
void atom_escape(struct buffer *out, struct span text);
/* Appends an address as the value of an attribute; characters that no address may hold are percent-encoded. */
void atom_address(struct buffer *out, struct span address);
/* Appends the beginning of a feed: ids, title, links. `folder` is "" or the day's folder with a slash. */
void feed_head(const struct feed_place *place, const char *id, const char *title, const char *folder,
               struct span updated, struct buffer *out);

/* ---------------------------------------------------------------- the feed of all days (feed_all.c) */

struct feed_gathering;
/* The feed will have at most `room` entries. */
struct feed_gathering *feed_gathering_new(size_t room);
void feed_gathering_free(struct feed_gathering *gathering); /* accepts NULL */
/* Adds the entries of a day's feed, which may be truncated after any entry. Call this for the newest day first: entries
 * whose id has been added before are skipped. Entries that are not well-formed are skipped too. */
void feed_gather(struct feed_gathering *gathering, struct span day_feed);
/* Returns whether there are enough entries. */
bool feed_gathering_full(const struct feed_gathering *gathering);
/* Appends the feed, the newest entries first. */
bool feed_gathering_write(struct feed_gathering *gathering, const struct feed_place *place, struct buffer *out);

#endif
