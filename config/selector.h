/* The small part of CSS that says where on a page an article stands: TAG, .class, #id, [name] and [name=value], joined
 * ("div.text[lang=es]"), one inside another ("main .text"), and several of them ("#story, .story"). */
#ifndef CONFIG_SELECTOR_H
#define CONFIG_SELECTOR_H

#include <stdbool.h>

#include "pipeline/base/text.h"

enum { SELECTOR_LIMIT = 500, SELECTOR_STEPS = 8, SELECTOR_PARTS = 8, SELECTOR_PATHS = 8 };

enum selector_kind { SELECTOR_TAG, SELECTOR_CLASS, SELECTOR_ID, SELECTOR_HAS, SELECTOR_EQUALS };

struct selector_part {
    enum selector_kind kind;
    struct span name;  /* of the tag or attribute in lower case; of the class or id as it stands */
    struct span value; /* of SELECTOR_EQUALS */
};

/* One element. */
struct selector_step {
    struct selector_part parts[SELECTOR_PARTS];
    size_t count;
};

/* The last step's element, inside one of the step before, and so on. */
struct selector_path {
    struct selector_step steps[SELECTOR_STEPS];
    size_t count;
};

struct selector {
    struct span written; /* its own copy, which all names point into */
    struct selector_path paths[SELECTOR_PATHS];
    size_t count;
};

/* NULL when it cannot be read; *ret_why says why. */
struct selector *selector_new(struct span written, const char **ret_why);
void selector_free(struct selector *selector); /* accepts NULL */

#endif
