/* Parses RSS and Atom only; callers use feed_parse() in feed.h. */
#ifndef STAGES_FORMATS_FEED_XML_H
#define STAGES_FORMATS_FEED_XML_H

#include "stages/formats/feed.h"

enum { FEED_ROOT = 64 };

struct feed_outcome {
    bool is_feed;
    char root[FEED_ROOT]; /* name of the first element */
    const char *error;    /* the parser's error message, or NULL if the whole document was read */
    bool grows;           /* the entities expand excessively, so nothing that was read may be used */
};

/* Reads XML in UTF-8 in one pass; what precedes an error is kept in *ret_feed. */
void feed_read_xml(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                   struct feed_outcome *ret_outcome);

#endif
