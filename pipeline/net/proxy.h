/* Which proxies requests may go through, and the passwords for them. */
#ifndef PIPELINE_NET_PROXY_H
#define PIPELINE_NET_PROXY_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

enum { MAX_PROXY_PASSWORDS = 8 };

/* Whether libcurl finds a proxy in the environment. */
bool proxy_in_environment(void);
/* Returns the passwords in the addresses of the configured proxy (may be empty) and of those in the environment. They
 * are sent with requests, so replies may repeat them. The texts are in the arena. */
size_t proxy_passwords(struct span configured, struct arena *arena, struct span ret_passwords[MAX_PROXY_PASSWORDS]);

#endif
