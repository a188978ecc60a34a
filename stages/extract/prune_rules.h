/* How each kind of tag is handled before the parser sees the page. */
#ifndef STAGES_EXTRACT_PRUNE_RULES_H
#define STAGES_EXTRACT_PRUNE_RULES_H

#include "pipeline/base/text.h"

enum prune_handling {
    PRUNE_KEEP = 0,
    PRUNE_SKIP = 1,     /* drop the element and its content */
    PRUNE_UNWRAP = 2,   /* drop the tag only */
    PRUNE_READING = 4,  /* drop the tag and the text after it */
    PRUNE_SINGLE = 8,   /* the element has no end tag */
    PRUNE_IMPLIED = 16, /* the end tag may be omitted; the element cannot contain another of its kind */
    PRUNE_RAW = 32,     /* an unclosed element extends to the end of the page */
    PRUNE_NAMED = 64    /* a tag to drop becomes a "span" if the element has a name that may say what it is */
};

enum { PRUNE_MAX_RULES = 80 };

struct prune_rule {
    const char *name;
    unsigned handling; /* bits of enum prune_handling */
};

/* Returns the rule for a tag name, ignoring ASCII case, or NULL if the tag is kept as it is. */
const struct prune_rule *prune_find_rule(struct span name);
/* Returns the index of the rule, which is below PRUNE_MAX_RULES. */
size_t prune_rule_number(const struct prune_rule *rule);
/* Compares a name from a page, ignoring ASCII case, with a tag's name in lower case. Returns a value below, equal to or
 * above 0, as strcmp() does. */
int prune_compare_name(struct span name, const char *tag);

#endif
