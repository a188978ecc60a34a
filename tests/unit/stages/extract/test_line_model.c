/* The trees that judge lines: how the table is read and asked, and how an invalid one is refused. */
#include <math.h>

#include "unit/failure_is.h"

#include "stages/extract/line_features.h"
#include "stages/extract/line_model.h"

enum { MAX_ROWS = 16 };

/* Reads a table with rows separated by newlines and cells by spaces. */
static bool make(const char *text, struct arena *arena, struct line_model *ret_model, struct failure *ret_failure) {
    struct row *rows = arena_take(arena, MAX_ROWS * sizeof *rows);
    struct table table = {.name = "extract/lines.model", .rows = rows};
    struct span rest = arena_copy(arena, span_of(text)), line, cell;
    while (span_next(&rest, '\n', &line)) {
        struct row *row = &rows[table.count++];
        while (span_next(&line, ' ', &cell)) row->cells[row->count++] = arena_copy(arena, cell);
    }
    return line_model_make(&table, arena, ret_model, ret_failure);
}

static const char *const two_trees = "base 0\n"
                                     "tree\nWIDTH 5 4\nLINK_SHARE 0.5 2\nleaf 1\nleaf -1\nleaf 2\n"
                                     "tree\nTAKEN 0 2\nleaf -3\nleaf 3\n";

static void trees_add_up(void **state) {
    struct arena *arena = *state;
    struct line_model model;
    struct failure failure = {0};
    float row[LINE_FEATURES] = {0};
    assert_true(make(two_trees, arena, &model, &failure));
    row[FEATURE_WIDTH] = 5; /* a value at the limit goes to the left */
    assert_true(fabs(line_model_judge(&model, row) - 1 / (1 + exp(2))) < 1e-6);
    row[FEATURE_LINK_SHARE] = 1;
    assert_true(fabs(line_model_judge(&model, row) - 1 / (1 + exp(4))) < 1e-6);
    row[FEATURE_WIDTH] = 6;
    row[FEATURE_TAKEN] = 3;
    assert_true(fabs(line_model_judge(&model, row) - 1 / (1 + exp(-5))) < 1e-6);
}

static void invalid_tables_are_refused(void **state) {
    static const char *const tables[] = {
        "base 0\n",                                                /* no tree */
        "base 0\nleaf 1\n",                                        /* no tree begins */
        "base 0\ntree\nWIDTH 5 2\nleaf 1\n",                       /* the right child is missing */
        "base 0\ntree\nWIDTH 5 2\ntree\nleaf 1\n",                 /* a tree begins in a tree */
        "base 0\ntree\nleaf 1\nleaf 1\n",                          /* a node after the end of the tree */
        "base 0\ntree\nHEIGHT 5 2\nleaf 1\nleaf 2\n",              /* unknown feature */
        "base 0\ntree\nWIDTH 5 1\nleaf 1\nleaf 2\n",               /* the right child is the left one */
        "base 0\ntree\nWIDTH 5 9\nleaf 1\nleaf 2\n",               /* the right child is beyond the end */
        "base 0\ntree\nWIDTH 5 3\nleaf 1\nleaf 2\ntree\nleaf 1\n", /* the right child is in the next tree */
        "base 0\ntree\nWIDTH 5 -2\nleaf 1\nleaf 2\n",              /* the right child is before */
        "base 0\ntree\nWIDTH 5x 2\nleaf 1\nleaf 2\n",              /* no number */
        "base 0\ntree\nleaf nan\n",                                /* no finite number */
        "base 0\ntree\nleaf\n",                                    /* no value */
        "base\ntree\nleaf 1\n"};                                   /* no value */
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct line_model model;
        struct failure failure = {0};
        if (make(tables[i], *state, &model, &failure)) fail_msg("accepted: %s", tables[i]);
        assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "tables/extract/lines.model: ");
    }
}

static int set_up(void **state) {
    *state = arena_new();
    return 0;
}

static int tear_down(void **state) {
    arena_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trees_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(invalid_tables_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
