/* Prints the lines of pages and writes their features (stages/extract/line_features.h), for tools/train_lines.py.
 *
 * usage: line_features DATA ROWS < LIST
 *
 * DATA is the folder of the tables ("config"). Each line of LIST is the path of a page, tab, its address. ROWS is the
 * file for the features: LINE_FEATURES floats, in the machine's format, for each line of each page. The output has rows
 * of cells separated by tabs:
 *
 *   F  names of the features
 *   P  path, which begins a page
 *   N  number of a node, number of its parent, tag, words of its names, separated by spaces
 *   L  node, kind of block, 0 or 1 + the kind that the contest took it as, columns, 1 if it is hopeless, text
 *   B  kind of block, text: of the article that the extract stage makes of the page */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/stage.h"
#include "stages/extract/contest.h"
#include "stages/extract/line_features.h"
#include "stages/extract/prepared.h"

enum { PAGE_LIMIT = 64 << 20 };

extern const struct stage stage_decode, stage_extract;

struct printer {
    struct extract_tables tables;
    void *decode, *extract;
    FILE *rows;
};

static void print_word(void *state, struct span word) {
    (void)state;
    printf(" %.*s", SPAN_ARGS(word));
}

static void print_nodes(const struct page *page) {
    for (int i = 0; i < (int)page->tree->count; i++) {
        const struct node *node = &page->tree->nodes[i];
        if (page->weights[i].lines == 0 || node->tag == TAG_TEXT) continue;
        printf("N\t%d\t%d\t%d\t", i, node->parent, (int)node->tag);
        vocabulary_list_words(node, print_word, NULL);
        putchar('\n');
    }
}

static void print_lines(const struct printer *printer, const struct line_evidence *evidence) {
    const struct page *page = evidence->page;
    const struct line_survey *survey = line_features_survey(evidence);
    float row[LINE_FEATURES];
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        bool hopeless = !line_features_read(survey, i, row);
        printf("L\t%d\t%d\t%d\t%zu\t%d\t%.*s\n", line->node, (int)line->kind, evidence->kinds[i], line->columns,
               hopeless, SPAN_ARGS(line->text));
        fwrite(row, sizeof row, 1, printer->rows);
    }
}

static void print_page(const struct printer *printer, struct span text, struct span address) {
    struct article *article = article_new();
    struct arena *arena = arena_new();
    struct prepared prepared;
    article->text = text;
    article->origin.address = address;
    prepared_read(&printer->tables, text, (struct attribute_names){NULL, 0}, article, arena, &prepared);
    struct body_tables tables = extract_tables_body(&printer->tables);
    struct contest contest = contest_hold(&prepared.page, &tables, &prepared.clues, article);
    struct line_evidence evidence = body_evidence(&prepared.page, &tables, &contest, article);
    print_nodes(&prepared.page);
    print_lines(printer, &evidence);
    arena_free(arena);
    article_free(article);
}

static void print_blocks(const struct article *article) {
    for (size_t i = 0; i < article->block_count; i++)
        printf("B\t%d\t%.*s\n", (int)article->body[i].kind, SPAN_ARGS(article->body[i].text));
}

static bool read_page(const struct printer *printer, char *row) {
    char *path = strsep(&row, "\t"), *address = strsep(&row, "\n");
    struct failure failure = {0};
    struct buffer bytes = BUFFER(PAGE_LIMIT);
    if (!address || !file_read(path, &bytes)) return false;
    struct article *article = article_new();
    article->origin.raw = buffer_span(&bytes);
    article->origin.address = span_of(address);
    stage_decode.work(printer->decode, article, &failure);
    printf("P\t%s\n", path);
    print_page(printer, article->text, article->origin.address);
    stage_extract.work(printer->extract, article, &failure);
    print_blocks(article);
    article_free(article);
    buffer_free(&bytes);
    return true;
}

static bool read_list(const struct printer *printer) {
    char *row = NULL;
    size_t capacity = 0;
    bool done = true;
    putchar('F');
    for (int i = 0; i < LINE_FEATURES; i++) printf("\t%s", line_feature_names[i]);
    putchar('\n');
    while (done && getline(&row, &capacity, stdin) > 0) done = read_page(printer, row);
    free(row);
    return done && fflush(stdout) == 0;
}

int main(int count, char **arguments) {
    struct failure failure = {0};
    struct printer printer = {0};
    if (count != 3) {
        fputs("usage: line_features DATA ROWS < LIST\n", stderr);
        return 64;
    }
    struct stage_context context = {.data_folder = arguments[1], .resources = resources_new(arguments[1])};
    printer.rows = fopen(arguments[2], "wb");
    bool done = printer.rows && extract_tables_open(arguments[1], &printer.tables, &failure) &&
                stage_decode.open(&context, &printer.decode, &failure) &&
                stage_extract.open(&context, &printer.extract, &failure) && read_list(&printer);
    done = printer.rows && fclose(printer.rows) == 0 && done;
    if (!done) fprintf(stderr, "line_features: %s\n", failure.sentence[0] ? failure.sentence : "cannot read or write");
    return done ? 0 : 65;
}
