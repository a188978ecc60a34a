/* Reads the JSON-LD (schema.org) of a page: what it says about the article. A script may contain a single object,
 * arrays, a @graph, or an article inside a page object, and may refer to a person by @id. Objects about other articles
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
    bool names_cut;                                                /* there were more */
    size_t person_count, organization_count;
    struct span comments; /* readers' comments, one per line */
    size_t words;         /* word count given by the page, or 0 */
    bool paywalled;       /* isAccessibleForFree is false in the JSON-LD */
    bool live;            /* the article is a LiveBlogPosting */
    bool video, gallery;  /* the page is about a video or gallery and has no article */
    struct linked_update *updates;
    size_t update_count, update_capacity;
};

/* Combines all scripts of a page. If a field has several values, the first one is kept. Texts are copied into the arena
 * as written, including HTML and character references. A script that cannot be parsed is skipped. */
struct linked_article linked_data_read(const struct span *scripts, size_t count, struct arena *arena);

#endif
