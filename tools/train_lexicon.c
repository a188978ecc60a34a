/* Trains lexicon.model (stages/check/lexicon.h) from sentences and dictionaries.
 *
 * usage: train_lexicon [--data FOLDER] [--budget BYTES] [--leave-out KINDS] FOLDER [PAIRS] OUTPUT
 *
 * FOLDER and PAIRS are described in lexicon/corpus.h. --data is the folder of the tables ("config"), --budget the size
 * of the file (12,000,000). --leave-out names the kinds of rows, one letter each, that must not be used because of
 * their licence. The same input gives the same bytes: files are read in order of name, and nothing is left to
 * chance. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "tools/lexicon/train.h"

enum { USAGE = 64, BAD_INPUT = 65, NO_OUTPUT = 74 };

static const char usage[] =
    "usage: train_lexicon [--data FOLDER] [--budget BYTES] [--leave-out KINDS] FOLDER [PAIRS] OUTPUT\n";

struct order {
    const char *data, *leave_out, *folder, *pairs, *output;
    long long budget;
};

static bool read_order(int count, char **arguments, struct order *ret_order) {
    static const struct option options[] = {
        {"data", required_argument, NULL, 'd'},
        {"budget", required_argument, NULL, 'b'},
        {"leave-out", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    struct order order = {"config", "", NULL, NULL, NULL, TRAIN_BUDGET};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == 'd') order.data = optarg;
        if (option == 'l') order.leave_out = optarg;
        if (option == '?' || (option == 'b' && (!span_number(span_of(optarg), &order.budget) || order.budget <= 0)))
            return false;
    }
    if (count - optind < 2 || count - optind > 3) return false;
    order.folder = arguments[optind];
    order.pairs = count - optind == 3 ? arguments[optind + 1] : NULL;
    order.output = arguments[count - 1];
    *ret_order = order;
    return true;
}

static struct corpus *read_corpus(const struct order *order, struct failure *ret_failure) {
    struct corpus *corpus = corpus_new(order->data, ret_failure);
    if (corpus && corpus_read_folder(corpus, order->folder, order->leave_out, ret_failure) &&
        (!order->pairs || corpus_read_pairs(corpus, order->pairs, ret_failure)))
        return corpus;
    corpus_free(corpus);
    return NULL;
}

static bool write_file(struct span content, const char *path) {
    FILE *output = fopen(path, "wb");
    bool done = output && fwrite(content.at, 1, content.length, output) == content.length;
    return output && fclose(output) == 0 && done;
}

int main(int count, char **arguments) {
    struct order order;
    struct failure failure = {0};
    if (!read_order(count, arguments, &order)) {
        fputs(usage, stderr);
        return USAGE;
    }
    struct corpus *corpus = read_corpus(&order, &failure);
    if (!corpus) {
        fprintf(stderr, "train_lexicon: %s\n", failure.sentence);
        return BAD_INPUT;
    }
    struct buffer file = BUFFER((size_t)order.budget);
    bool done = train_lexicon(corpus, (size_t)order.budget, &file) && write_file(buffer_span(&file), order.output);
    if (!done) fprintf(stderr, "train_lexicon: %s: cannot be written, or the budget is too small\n", order.output);
    buffer_free(&file);
    corpus_free(corpus);
    return done ? 0 : NO_OUTPUT;
}
