#include "stages/extract/line_model.h"

#include <math.h>

#include "stages/extract/line_features.h"

enum {
    MAX_NODES = 1 << 10, /* of a tree */
    ROUND = 8            /* trees after which a line may be given up, and again after as many */
};
static const double HOPELESS = -4; /* sum below which the other trees make no difference */

/* ---------------------------------------------------------------- reading */

static unsigned short feature_named(struct span name) {
    for (int i = 0; i < LINE_FEATURES; i++)
        if (span_is(name, line_feature_names[i])) return (unsigned short)i;
    return LINE_LEAF;
}

static void add_tree(struct line_model *model, struct arena *arena) {
    model->trees = arena_grow(arena, model->trees, model->tree_count, &model->tree_capacity, sizeof *model->trees);
    model->trees[model->tree_count++] = model->count;
}

static void add_node(struct line_model *model, struct line_split split, struct arena *arena) {
    model->splits = arena_grow(arena, model->splits, model->count, &model->capacity, sizeof *model->splits);
    model->splits[model->count++] = split;
}

/* `open` is the number of subtrees that the current tree still lacks. */
static bool add_split(struct line_model *model, const struct row *row, size_t *open, struct arena *arena) {
    double limit, right = 0;
    bool leaf = span_is(row->cells[0], "leaf");
    unsigned short feature = leaf ? LINE_LEAF : feature_named(row->cells[0]);
    if (*open == 0 || !row_decimal(row, 1, &limit)) return false;
    if (!leaf && (feature == LINE_LEAF || !row_decimal(row, 2, &right) || !(right >= 2 && right < MAX_NODES)))
        return false;
    add_node(model, (struct line_split){(float)limit, feature, (unsigned short)right}, arena);
    *open = leaf ? *open - 1 : *open + 1;
    return true;
}

static bool add_row(struct line_model *model, const struct row *row, size_t *open, struct arena *arena) {
    if (span_is(row->cells[0], "base")) return model->tree_count == 0 && row_decimal(row, 1, &model->base);
    if (!span_is(row->cells[0], "tree")) return add_split(model, row, open, arena);
    if (*open) return false;
    add_tree(model, arena);
    *open = 1;
    return true;
}

/* Returns false if the right child of a split is not the node after its left subtree, which could lead out of the tree
 * or round in it. Goes from the last node to the first, so a deep tree takes no stack. */
static bool are_sound(const struct line_model *model) {
    struct arena *arena = arena_new();
    size_t *ends = arena_take(arena, (model->count + 1) * sizeof *ends);
    bool sound = true;
    for (size_t i = model->count; i-- > 0 && sound;) {
        const struct line_split *split = &model->splits[i];
        size_t right = i + split->right;
        bool leaf = split->feature == LINE_LEAF;
        sound = leaf || (right < model->count && ends[i + 1] == right);
        if (sound) ends[i] = leaf ? i + 1 : ends[right];
    }
    arena_free(arena);
    return sound;
}

bool line_model_make(const struct table *table, struct arena *arena, struct line_model *ret_model,
                     struct failure *ret_failure) {
    struct line_model model = {0};
    size_t open = 0;
    for (size_t i = 0; i < table->count; i++)
        if (!add_row(&model, &table->rows[i], &open, arena))
            return failure_fatal(ret_failure, EXIT_CONFIG, "tables/%s: row %zu is not valid: '%.*s'", table->name,
                                 i + 1, SPAN_ARGS(table->rows[i].cells[0]));
    if (open || model.tree_count == 0 || !are_sound(&model))
        return failure_fatal(ret_failure, EXIT_CONFIG, "tables/%s: a tree is not complete", table->name);
    *ret_model = model;
    return true;
}

/* ---------------------------------------------------------------- asking */

static double ask_tree(const struct line_split *split, const float *row) {
    while (split->feature != LINE_LEAF) split += row[split->feature] <= split->limit ? 1 : split->right;
    return (double)split->limit;
}

double line_model_judge(const struct line_model *model, const float *row) {
    double sum = model->base;
    for (size_t i = 0; i < model->tree_count; i++) {
        sum += ask_tree(&model->splits[model->trees[i]], row);
        if (i % ROUND == ROUND - 1 && sum < HOPELESS) break;
    }
    return 1 / (1 + exp(-sum));
}
