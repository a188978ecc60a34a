/* A feed as it was received. It is written to the archive when the first of its items becomes an article. */
#ifndef STAGES_SOURCES_PARTS_FEED_ARCHIVE_H
#define STAGES_SOURCES_PARTS_FEED_ARCHIVE_H

#include "pipeline/article/article.h"
#include "pipeline/net/exchange.h"

struct archive;
struct feed_archive;

/* Copies what is needed from the reply. Returns NULL if `archive` is NULL. */
struct feed_archive *feed_archive_new(struct archive *archive, const struct exchange *reply);
void feed_archive_free(struct feed_archive *feed_archive); /* accepts NULL */
/* Writes the feed to the archive on the first call. If this fails, returns false and a failure of the source; the items
 * of the feed must then wait for the next run. Accepts NULL. */
bool feed_archive_keep(struct feed_archive *feed_archive, struct failure *ret_failure);
/* Records the feed as the article's evidence until its own page is fetched. Accepts NULL. */
void feed_archive_tell(const struct feed_archive *feed_archive, struct article *article);

#endif
