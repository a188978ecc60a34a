/* A feed as it came, kept as evidence as soon as one of its items becomes an article. */
#ifndef STAGES_SOURCES_PARTS_FEED_ARCHIVE_H
#define STAGES_SOURCES_PARTS_FEED_ARCHIVE_H

#include "pipeline/article/article.h"
#include "pipeline/net/exchange.h"

struct archive;
struct feed_archive;

/* Copies what is needed of the reply; NULL when there is no archive. */
struct feed_archive *feed_archive_new(struct archive *archive, const struct exchange *reply);
void feed_archive_free(struct feed_archive *feed_archive); /* accepts NULL */
/* Writes it, the first time. False when that fails, a failure of the source: its items must wait. Accepts NULL. */
bool feed_archive_keep(struct feed_archive *feed_archive, struct failure *ret_failure);
/* The article's evidence is the feed, until its page has come. Accepts NULL. */
void feed_archive_tell(const struct feed_archive *feed_archive, struct article *article);

#endif
