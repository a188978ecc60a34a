/* RSS and Atom by themselves; feed_parse() (feed.h) is what others call. */
#ifndef STAGES_FORMATS_FEED_XML_H
#define STAGES_FORMATS_FEED_XML_H

#include "stages/formats/feed.h"

enum { FEED_ROOT = 64 };

struct feed_outcome {
    bool is_feed;
    char root[FEED_ROOT]; /* name of the first element */
    const char *error;    /* what the parser says; NULL: read to the end */
    bool grows;           /* entities without measure: nothing of it may be used */
};

/* One pass over well-formed XML in UTF-8; what stands before an error is kept. */
void feed_read_xml(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                   struct feed_outcome *ret_outcome);

#endif
