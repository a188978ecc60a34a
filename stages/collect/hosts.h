/* The rules in the robots.txt of each host, fetched once per run. To be used on the main thread only. */
#ifndef STAGES_COLLECT_HOSTS_H
#define STAGES_COLLECT_HOSTS_H

#include "pipeline/net/exchange.h"

struct decoder;
struct hosts;

enum manners {
    MANNERS_ALLOWED,
    MANNERS_REFUSED, /* robots.txt disallows the URL */
    MANNERS_UNKNOWN, /* robots.txt could not be read, so RFC 9309 forbids fetching for now */
    MANNERS_ASK, /* send the exchange, which is now a request for robots.txt, and pass its reply to hosts_answer() */
    MANNERS_WAIT /* another article is fetching robots.txt */
};

struct hosts *hosts_new(const struct decoder *decoder); /* the decoder is borrowed */
void hosts_free(struct hosts *hosts);                   /* accepts NULL */
/* Returns whether `url` may be fetched. `asker` is the id of the article. The URL of the exchange is changed only for
 * MANNERS_ASK. */
enum manners hosts_check(struct hosts *hosts, struct span url, const char *asker, struct exchange *ret_exchange);
/* Handles a reply. Returns true if it was the robots.txt that this article had requested. */
bool hosts_answer(struct hosts *hosts, struct span url, const char *asker, const struct exchange *reply);
/* Returns what failed, for MANNERS_UNKNOWN. Valid until `hosts` is freed. */
const struct failure *hosts_failure(struct hosts *hosts, struct span url);
/* Must be called when the article leaves the stage. If it was fetching a robots.txt, another article may do so then. */
void hosts_leave(struct hosts *hosts, struct span url, const char *asker);

#endif
