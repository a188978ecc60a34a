/* What the hosts' robots.txt allow, asked for once a run and host. Main thread only. */
#ifndef STAGES_COLLECT_HOSTS_H
#define STAGES_COLLECT_HOSTS_H

#include "pipeline/net/exchange.h"

struct decoder;
struct hosts;

enum manners {
    MANNERS_ALLOWED,
    MANNERS_REFUSED, /* robots.txt says no */
    MANNERS_UNKNOWN, /* the host could not say: as RFC 9309 has it, nothing may be fetched now */
    MANNERS_ASK, /* send the exchange, whose url has been set to the robots.txt, and pass its reply to hosts_answer() */
    MANNERS_WAIT /* somebody else is asking */
};

struct hosts *hosts_new(const struct decoder *decoder); /* borrowed */
void hosts_free(struct hosts *hosts);                   /* accepts NULL */
/* `asker` is the article's id. */
enum manners hosts_check(struct hosts *hosts, struct span url, const char *asker, struct exchange *ret_exchange);
/* True when the reply was the robots.txt that this article asked for. */
bool hosts_answer(struct hosts *hosts, struct span url, const char *asker, const struct exchange *reply);
/* Why MANNERS_UNKNOWN; lives as long as the hosts. */
struct span hosts_reason(struct hosts *hosts, struct span url);
/* The article leaves: if it was asking, another one may. */
void hosts_leave(struct hosts *hosts, struct span url, const char *asker);

#endif
