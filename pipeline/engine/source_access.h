/* What a [source "..."] section lets the requests for its own articles do, wherever they are made: by the source itself
 * or by a stage. */
#ifndef PIPELINE_ENGINE_SOURCE_ACCESS_H
#define PIPELINE_ENGINE_SOURCE_ACCESS_H

#include "pipeline/net/exchange.h"

struct section;

/* Remembers what it has worked out for each section, for whoever asks for many articles. */
struct source_access;
struct source_access *source_access_new(void);
void source_access_free(struct source_access *access); /* accepts NULL */

/* Local hosts: those of `url` and of `local_hosts` (exchange->local_hosts). Secrets: headers, user and password for the
 * hosts of `url` and of `login_hosts`. `access` may be NULL; `section` NULL: nothing. False when a secret is not to be
 * had: nothing should be asked for without it. Main thread only. */
bool source_access_grant(struct source_access *access, const struct section *section, struct exchange *exchange,
                         struct failure *ret_failure);

/* Adds a problem to the configuration for each header line that no request can carry. Runs no command. */
void source_access_check(const struct section *section);

#endif
