/* Functions shared by all kinds of sources. */
#ifndef STAGES_SOURCES_PARTS_COMMON_H
#define STAGES_SOURCES_PARTS_COMMON_H

#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"

/* Copies the title, country and section that the user has configured for the source to the article. */
void source_describe(const struct source_settings *settings, struct article *article);
/* Creates an article of this source, with its origin, its ID, and whatever the source's settings specify for its
 * articles. */
struct article *source_article(const struct source_context *context, struct span address, struct span identity,
                               struct span version);
/* Prepares a request to this address, with the usual limits for its host, the credentials and headers of the source's
 * section, and a limit on the size of the reply in bytes. Returns SOURCE_ASK, or SOURCE_FAIL with REACH_SERVICE if the
 * address is permanently gone or a secret cannot be obtained. */
enum source_step source_ask(const struct source_context *context, struct span address, size_t bytes,
                            struct exchange *exchange, struct failure *ret_failure);
/* Returns whether the store has an article with this identity in this version. The step must then return SOURCE_KNOWN.
 */
bool source_knows(const struct source_context *context, struct span identity, struct span version);
/* Limits a failure to one of several addresses or files, so that the source continues with the others. A failure caused
 * by the content itself is not changed. */
void source_part_failed(struct failure *failure);
/* Takes a local file that content has named, and that must not be read, from the article: leaves it without an address
 * and says so in its note. `who` named it ("feed"), in these words. */
void source_withhold(struct article *article, const char *who, struct span named);
/* Returns a path or file: URL as an absolute path; a relative path starts at the context's working folder.
 * NUL-terminated, in the arena. */
struct span source_path(const struct source_context *context, struct span path, struct arena *arena);

#endif
