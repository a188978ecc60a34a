/* What every kind of source takes and does. */
#ifndef STAGES_SOURCES_PARTS_COMMON_H
#define STAGES_SOURCES_PARTS_COMMON_H

#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"

/* A new article from this source: origin filled, id set, the feed's language from the settings. */
struct article *source_article(const struct source_context *context, struct span address, struct span identity,
                               struct span version);
/* What every request of a source is: to this address, politely to its host, with what its section allows, and with at
 * most so many bytes of reply. SOURCE_ASK; or SOURCE_FAIL (reach SERVICE) when the address is gone for good or a secret
 * is not to be had. */
enum source_step source_ask(const struct source_context *context, struct span address, size_t bytes,
                            struct exchange *exchange, struct failure *ret_failure);
/* Whether the store knows an article with this identity in this version: step again with SOURCE_KNOWN. */
bool source_knows(const struct source_context *context, struct span identity, struct span version);
/* One of several addresses or files could not be had (not: was of no use): the source fails, and goes on. */
void source_part_failed(struct failure *failure);
/* `path` or file: URL as a path that starts where the context says; terminated, in the arena. */
struct span source_path(const struct source_context *context, struct span path, struct arena *arena);

#endif
