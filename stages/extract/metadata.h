/* What a page says about its article: JSON-LD, OpenGraph, meta tags, <time>, <title>. */
#ifndef STAGES_EXTRACT_METADATA_H
#define STAGES_EXTRACT_METADATA_H

#include "pipeline/article.h"
#include "stages/extract/tree.h"

struct metadata {
    struct span title, og_title, headline, document_title, description, article_body, published, modified, section, image, canonical, site;
    bool has_author;
};

/* Texts belong to the arena; authors are added to the article. */
struct metadata metadata_read(const struct tree *tree, struct article *article, struct arena *arena);

#endif
