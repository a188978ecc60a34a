/* What is done with each kind of tag before the parser sees the page. */
#ifndef STAGES_EXTRACT_PRUNE_RULES_H
#define STAGES_EXTRACT_PRUNE_RULES_H

#include "pipeline/base/text.h"

enum prune_handling {
    PRUNE_KEEP = 0,
    PRUNE_SKIP = 1,     /* the element and all that is in it */
    PRUNE_UNWRAP = 2,   /* the tag only */
    PRUNE_READING = 4,  /* the tag and the text behind it */
    PRUNE_SINGLE = 8,   /* has no end tag */
    PRUNE_IMPLIED = 16, /* its end tag may be missing: does not nest in itself */
    PRUNE_RAW = 32      /* if it is not closed, all the rest belongs to it */
};

enum { PRUNE_MAX_RULES = 80 };

struct prune_rule {
    const char *name;
    unsigned handling; /* of enum prune_handling, together */
};

/* NULL for a tag that is kept as it is. Case does not count. */
const struct prune_rule *prune_find_rule(struct span name);
/* From 0, below PRUNE_MAX_RULES. */
size_t prune_rule_number(const struct prune_rule *rule);
/* Order of a name of a page and a tag's, which is in lower case. */
int prune_compare_name(struct span name, const char *tag);

#endif
