/* The pages to which a day's page leads: those of its stories, and those on which its list goes on. */
#ifndef PROGRAM_PUBLISH_LINKS_H
#define PROGRAM_PUBLISH_LINKS_H

#include <stdbool.h>

/* Whether the day's page, or one on which its list goes on, leads to a page that is not there. `folder` is the day's. A
 * day without a page leads nowhere. */
bool publish_links_are_broken(const char *folder);

#endif
