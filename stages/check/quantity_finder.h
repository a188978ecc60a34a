/* What the finders of numbers in digits and in words share; for stages/check/quantit*.c only. */
#ifndef STAGES_CHECK_QUANTITY_FINDER_H
#define STAGES_CHECK_QUANTITY_FINDER_H

#include "stages/check/quantities.h"

struct finder {
    const struct word_tables *word_tables;
    const struct reading *reading;
    struct quantities *found;
};

const struct token *finder_token(const struct finder *finder, size_t i); /* NULL past the end */
bool token_is_word(const struct token *token, const char *folded);       /* accepts NULL */
/* One more quantity of one token, or NULL when there is no more room. */
struct quantity *finder_add(const struct finder *finder, enum quantity_kind kind, size_t from);
void finder_set_written(const struct finder *finder, struct quantity *quantity); /* of its tokens */
void quantity_add_value(struct quantity *quantity, double value);
/* Every value also multiplied. */
void quantity_add_scaled(struct quantity *quantity, double factor);
/* The scales behind a number: "35 mil millones", "5 thousand", "100余万", "1.5 lakh crore". */
void finder_take_scales(const struct finder *finder, struct quantity *quantity);

/* Each looks at token `i` and gives the token behind what it has found, or `i`. */
size_t finder_find_digits(const struct finder *finder, size_t i);
size_t finder_find_words(const struct finder *finder, size_t i);
size_t finder_find_compound(const struct finder *finder, size_t i);

#endif
