/* Figures on which the articles of a story differ. */
#ifndef STAGES_DIGEST_FIGURES_H
#define STAGES_DIGEST_FIGURES_H

#include "stages/digest/day.h"

/* Appends a table of what the articles count or measure with different results. Appends nothing if no two publishers
 * differ. */
void figures_html(const struct day *day, const struct entry *entry, struct buffer *out);

/* What the articles of a story count or measure with different results. */
struct figure {
    struct span noun; /* in the singular, lower case */
    struct figure_value {
        struct span written; /* as the first article writes it: "35 million" */
        double value;
        const struct article **articles; /* those that give it */
        size_t count;
    } * values; /* in ascending order */
    size_t count;
};

/* Returns the figures of the table in the arena. */
struct figure *figures_find(const struct day *day, const struct entry *entry, struct arena *arena, size_t *ret_count);

#endif
