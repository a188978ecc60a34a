/* What a page says about its article, apart from its text: JSON-LD, OpenGraph, meta tags, microdata, links, <time>,
 * by-line and address. Texts are plain (character references and markup read) and belong to the arena they were read
 * with. */
#ifndef STAGES_EXTRACT_METADATA_H
#define STAGES_EXTRACT_METADATA_H

#include "stages/extract/authors.h"
#include "stages/extract/linked_data.h"
#include "stages/extract/page.h"
#include "stages/extract/titles.h"

enum { MAX_DATES = 40, MAX_META_AUTHORS = 8 };

/* A text, and the place that it stood in: "json-ld dateModified", "meta og:image". */
struct stated {
    struct span text, from;
};

struct metadata {
    struct linked_article linked;
    struct titles titles;
    struct stated title;      /* chosen among them */
    struct span descriptions; /* all that there are, parted by newlines: one of them is often the stand-first */
    struct stated meta_authors[MAX_META_AUTHORS];
    size_t meta_author_count;
    struct stated dates[MAX_DATES]; /* texts that may say when it was published, the surest first */
    size_t date_count;
    struct stated modified, section, image, canonical, site, language;
};

#define METADATA_NEAR "line near the headline" /* the place of dates that nothing marks as such */

/* `address` is the page's, or empty. */
struct metadata metadata_read(const struct tree *tree, struct span address, struct arena *arena);
/* The people who wrote it, or, when none is named, the organization: from JSON-LD, meta tags, and the by-line on the
 * page. `from` says which. */
struct authors metadata_authors(const struct metadata *metadata, const struct page *page,
                                const struct author_words *words);
/* Appends dates that stand on the page: by name, in <time>, near the headline, in the address. page_find_headline
 * first. */
void metadata_add_dates(struct metadata *metadata, const struct page *page, struct span address);

#endif
