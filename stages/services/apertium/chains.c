#include "stages/services/apertium/chains.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"

enum { MAX_PAIRS = 64, MAX_HOPS = 4 };
static const double FAR = 1e9; /* no path */

struct pair {
    struct span mode, from, to;
    double weight;
    struct command *commands;
    size_t command_count;
};

/* The installed pairs, as the edges of a graph whose nodes are languages. */
struct graph {
    struct pair pairs[MAX_PAIRS];
    size_t count;
};

static bool pair_read(const char *folder, struct arena *arena, struct pair *pair) {
    struct span path = arena_print(arena, "%s/%.*s.mode", folder, SPAN_ARGS(pair->mode));
    return mode_read(path.at, arena, &pair->commands, &pair->command_count);
}

/* Pairs that are not installed are skipped. If `folder` is NULL, all pairs in the table are used. */
static void read_pairs(const struct table *table, const char *folder, struct arena *arena, struct graph *graph) {
    for (size_t i = 0; i < table->count && graph->count < MAX_PAIRS; i++) {
        const struct row *row = &table->rows[i];
        struct pair *pair = &graph->pairs[graph->count];
        *pair = (struct pair){.mode = row->cells[0], .from = row->cells[1], .to = row->cells[2]};
        pair->weight = strtod(arena_string(arena, row->cells[3]), NULL);
        if (!folder || pair_read(folder, arena, pair)) graph->count++;
    }
}

/* Returns the smallest total weight of a path from a language to English over at most `hops` pairs, and writes the path
 * to *path. Returns FAR if there is no path. This is the Bellman-Ford algorithm as a recursion of bounded depth. */
static double cheapest(const struct graph *graph, struct span from, size_t hops, const struct pair **path,
                       size_t *length) {
    *length = 0;
    if (span_is(from, "eng")) return 0;
    if (hops == 0) return FAR;
    double best = FAR;
    for (size_t i = 0; i < graph->count; i++) {
        const struct pair *rest[MAX_HOPS];
        size_t rest_length;
        if (!span_equal(graph->pairs[i].from, from)) continue;
        double sum = graph->pairs[i].weight + cheapest(graph, graph->pairs[i].to, hops - 1, rest, &rest_length);
        if (sum >= best) continue;
        best = sum;
        path[0] = &graph->pairs[i];
        memcpy(path + 1, rest, rest_length * sizeof *rest);
        *length = rest_length + 1;
    }
    return best;
}

/* Joins the commands of the pairs into one pipeline, and the names of the pairs into the name of the model. */
static struct chain *join(struct arena *arena, const struct pair **path, size_t length) {
    struct chain *chain = arena_take(arena, sizeof *chain);
    size_t total = 0;
    for (size_t i = 0; i < length; i++) total += path[i]->command_count;
    struct command *commands = arena_take(arena, total * sizeof *commands);
    chain->codes = path[0]->from;
    for (size_t i = 0; i < length; i++) {
        chain->codes = arena_print(arena, "%.*s|%.*s", SPAN_ARGS(chain->codes), SPAN_ARGS(path[i]->to));
        if (path[i]->command_count)
            memcpy(commands + chain->command_count, path[i]->commands, path[i]->command_count * sizeof *commands);
        chain->command_count += path[i]->command_count;
        chain->modes =
            i ? arena_print(arena, "%.*s, %.*s", SPAN_ARGS(chain->modes), SPAN_ARGS(path[i]->mode)) : path[i]->mode;
    }
    chain->commands = commands;
    return chain;
}

/* Languages with the same Apertium code have the same commands. If their chains share these commands, the engine can
 * also share the running pipeline. */
static struct chain *find_chain(struct chain *chains, const struct command *first, size_t count) {
    for (; chains && count; chains = chains->next)
        if (chains->command_count == count && chains->commands[0].arguments == first[0].arguments) return chains;
    return NULL;
}

bool chains_read(const char *data_folder, const char *modes_folder, struct arena *arena, struct chain **ret_chains,
                 struct failure *ret_failure) {
    struct table languages, pairs;
    if (!table_read(data_folder, "apertium/languages.tsv", arena, &languages, ret_failure) ||
        !table_read(data_folder, "apertium/pairs.tsv", arena, &pairs, ret_failure))
        return false;
    struct graph *graph = arena_take(arena, sizeof *graph);
    read_pairs(&pairs, modes_folder, arena, graph);
    struct chain *chains = NULL;
    for (size_t i = 0; i < languages.count; i++) {
        const struct pair *path[MAX_HOPS];
        size_t length;
        const struct row *row = &languages.rows[i];
        /* A path of no pairs is that of English itself. */
        if (cheapest(graph, row->cells[1], MAX_HOPS, path, &length) >= FAR || length == 0) continue;
        struct chain *chain = join(arena, path, length);
        const struct chain *same = find_chain(chains, chain->commands, chain->command_count);
        if (same) chain->commands = same->commands;
        chain->language = row->cells[0];
        chain->to_latin = span_is(row->cells[2], "latin");
        chain->next = chains;
        chains = chain;
    }
    *ret_chains = chains;
    return true;
}
