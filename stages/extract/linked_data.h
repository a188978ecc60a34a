/* JSON-LD (schema.org): the article that a page says it is about. Scripts may hold one object, arrays, a @graph, or an
 * article inside a page object; a person may be named by reference (@id). What belongs to other articles (lists, parts,
 * mentions, comments) is not looked at. */
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
    struct span comments; /* what readers said: the texts, a line each */
    size_t words;         /* that it says it has; 0: it does not say */
    bool paywalled;       /* isAccessibleForFree is false */
    bool live;            /* a LiveBlogPosting */
    bool video, gallery;  /* the page is about one, and no article */
    struct linked_update *updates;
    size_t update_count, update_capacity;
};

/* Merges what all scripts say; what comes first wins. Texts are copied into the arena, as they are written (HTML and
 * character references included). */
struct linked_article linked_data_read(const struct span *scripts, size_t count, struct arena *arena);

#endif
