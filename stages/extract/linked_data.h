/* Reads the JSON-LD (schema.org) of a page: what it states about its article. A script may contain one object, arrays,
 * a @graph or an article inside a page object, and may name a person by reference (@id). Objects of other articles
 * (lists, parts, mentions, comments) are skipped. */
#ifndef STAGES_EXTRACT_LINKED_DATA_H
#define STAGES_EXTRACT_LINKED_DATA_H

#include "pipeline/base/arena.h"

enum { LINKED_NAMES = 16, LINKED_UPDATES = 500 };

/* An entry of a live blog. */
struct linked_update {
    struct span headline, body;
};

struct linked_article {
    struct span headline, description, body, published, modified, section, image, publisher;
    struct span people[LINKED_NAMES], organizations[LINKED_NAMES]; /* authors */
    size_t person_count, organization_count;
    struct span comments; /* readers' comments, one per line */
    size_t words;         /* stated word count, or 0 */
    bool paywalled;       /* isAccessibleForFree is false */
    bool live;            /* the article is a LiveBlogPosting */
    bool video, gallery;  /* the page is about a video or gallery and has no article */
    struct linked_update *updates;
    size_t update_count, update_capacity;
};

/* Merges all scripts of a page; of several values of a field, the first one counts. Texts are copied into the arena as
 * written, with any HTML and character references. A script that cannot be parsed is skipped. */
struct linked_article linked_data_read(const struct span *scripts, size_t count, struct arena *arena);

#endif
