/* Decision trees that estimate the probability that a line belongs to the article, from its features (line_features.h).
 * They are learned by tools/train_lines.py with gradient boosting (Friedman 2001): the sum of the values of all trees
 * is the log-odds. */
#ifndef STAGES_EXTRACT_LINE_MODEL_H
#define STAGES_EXTRACT_LINE_MODEL_H

#include <stdbool.h>

#include "pipeline/base/table.h"

/* A node of a tree. A tree's nodes are in depth-first order, so the left child of a split is the next node. */
struct line_split {
    float limit;            /* a value up to the limit goes to the left child; in a leaf, what the leaf adds */
    unsigned short feature; /* enum line_feature, or LINE_LEAF */
    unsigned short right;   /* number of nodes from here to the right child */
};

enum { LINE_LEAF = 0xFFFF };

struct line_model {
    struct line_split *splits; /* all trees, one after another */
    size_t count, capacity;
    size_t *trees; /* the first node of each tree */
    size_t tree_count, tree_capacity;
    double base; /* the sum to which the trees add */
};

/* Builds the model from a table. The first column of a row is "base" (the value to which the trees' values are added;
 * the first row), "tree" (the start of a tree), "leaf" (a value), or the name of a feature (a split: its limit, and the
 * number of nodes to the right child). Returns false and names the row if a feature is unknown or a tree is incomplete.
 */
bool line_model_make(const struct table *table, struct arena *arena, struct line_model *ret_model,
                     struct failure *ret_failure);
/* Returns the probability, from 0 to 1, that the line belongs to the article; `row` has LINE_FEATURES numbers. If the
 * first trees find it very unlikely, the others are not asked. */
double line_model_judge(const struct line_model *model, const float *row);

#endif
