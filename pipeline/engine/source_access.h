/* Decides to which hosts on the local network the requests for articles of a [source "..."] section may go, and which
 * of these requests carry its logins. This holds for requests of the source itself and of the stages. */
#ifndef PIPELINE_ENGINE_SOURCE_ACCESS_H
#define PIPELINE_ENGINE_SOURCE_ACCESS_H

#include "pipeline/net/exchange.h"

struct section;

/* Caches the permissions of each section for a run with many articles. */
struct source_access;
struct source_access *source_access_new(void);
void source_access_free(struct source_access *access); /* accepts NULL */

/* Sets the permissions of an exchange. Local hosts (exchange->local_hosts) are the hosts in the settings `url` and
 * `local_hosts`. Headers, user and password are sent to the hosts of `url` and `login_hosts`. `access` may be NULL (no
 * cache); `section` may be NULL (no permissions). Returns false if a secret cannot be read; the request must not be
 * made without it. Main thread only. */
bool source_access_grant(struct source_access *access, const struct section *section, struct exchange *exchange,
                         struct failure *ret_failure);

/* Reports each header line that cannot be sent as a problem of the configuration. Does not run commands to obtain
 * secrets. */
void source_access_check(const struct section *section);

#endif
