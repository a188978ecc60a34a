/* The subset of CSS selectors that users may write to say which elements of a page hold the article: TAG, .class, #id,
 * [name] and [name=value]; compounds ("div.text[lang=es]"), descendants ("main .text") and lists ("#story, .story"). */
#ifndef CONFIG_SELECTOR_H
#define CONFIG_SELECTOR_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum { SELECTOR_LIMIT = 500, SELECTOR_STEPS = 8, SELECTOR_PARTS = 8, SELECTOR_PATHS = 8 };

enum selector_kind { SELECTOR_TAG, SELECTOR_CLASS, SELECTOR_ID, SELECTOR_HAS, SELECTOR_EQUALS };

struct selector_part {
    enum selector_kind kind;
    struct span name;  /* tags and attributes in lower case, classes and ids as written */
    struct span value; /* for SELECTOR_EQUALS */
};

/* One element of a selector: an element of the page must match all of these parts. */
struct selector_step {
    struct selector_part parts[SELECTOR_PARTS];
    size_t count;
};

/* Matches an element if it matches the last step and is inside an element that matches the step before, and so on. */
struct selector_path {
    struct selector_step steps[SELECTOR_STEPS];
    size_t count;
};

struct selector {
    struct span written;                        /* owned; the names and values of parts point into it */
    struct selector_path paths[SELECTOR_PATHS]; /* alternatives */
    size_t count;
};

/* Parses a selector. Returns NULL if it is invalid, with the reason in *ret_why (static). */
struct selector *selector_new(struct span written, const char **ret_why);
void selector_free(struct selector *selector); /* accepts NULL */

#endif
