/* Reads what a page says about its article, apart from the text: JSON-LD, OpenGraph, meta tags, microdata, links,
 * <time>, by-lines and the address. Texts are plain, without markup or character references, and allocated in the arena
 * passed to metadata_read(). */
#ifndef STAGES_EXTRACT_METADATA_H
#define STAGES_EXTRACT_METADATA_H

#include "stages/extract/linked_data.h"
#include "stages/extract/page.h"
#include "stages/extract/titles.h"

enum { MAX_DATES = 40, MAX_META_AUTHORS = 8 };

/* A text, and where the page gives it, such as "json-ld dateModified" or "meta og:image". */
struct stated {
    struct span text, from;
};

struct metadata {
    struct linked_article linked;
    struct titles titles;
    struct stated title;      /* the title; chosen from `titles` by titles_choose() */
    struct span descriptions; /* all descriptions, separated by newlines; one of them is often the stand-first */
    struct stated meta_authors[MAX_META_AUTHORS];
    size_t meta_author_count;
    struct stated dates[MAX_DATES]; /* texts that may contain the date of publication, the most reliable first */
    size_t date_count, shown;       /* those from number `shown` on are shown on the page or are in its address */
    struct stated modified, section, image, canonical, site, language;
};

/* Reads JSON-LD, meta tags, links and <title>. `address` is the page's address, or empty. */
struct metadata metadata_read(const struct tree *tree, struct span address, struct arena *arena);
/* Appends a text that may contain the date of publication. Those after the first MAX_DATES are ignored, because a page
 * with that many is a list of articles. */
void metadata_add_date(struct metadata *metadata, struct span text, struct span from);

#endif
