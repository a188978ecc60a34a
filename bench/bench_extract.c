/* Measures the extract stage in pages and MB per second, and the shares of pruning and parsing. The pages come from the
 * folder given, or are generated in three styles. Each is extracted several times; reading and start-up are not
 * counted. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/engine/stage.h"
#include "stages/extract/prune.h"
#include "stages/extract/tree.h"

enum { ROUNDS = 5, MAX_PAGES = 4096, PAGE_LIMIT = 16 << 20 };

extern const struct stage stage_extract;

struct pages {
    struct buffer page[MAX_PAGES];
    size_t count, bytes;
};

static void read_file(struct pages *pages, const char *path) {
    struct buffer bytes = BUFFER(PAGE_LIMIT);
    if (!file_read(path, &bytes)) {
        buffer_free(&bytes);
        return;
    }
    pages->bytes += bytes.length;
    pages->page[pages->count++] = bytes;
}

static void read_folder(struct pages *pages, const char *path) {
    DIR *folder = opendir(path);
    char name[4096];
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder)) && pages->count < MAX_PAGES;) {
        if (entry->d_name[0] == '.') continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        read_file(pages, name);
    }
    closedir(folder);
}

/* Generates a page with about as much navigation, script and teasers around the article as news pages have. */
static void make_page(struct pages *pages, size_t scripts, size_t teasers, size_t paragraphs) {
    struct buffer page = BUFFER(PAGE_LIMIT);
    buffer_add_string(&page, "<!DOCTYPE html><html lang=en><head><title>The river rises - The Quay</title>");
    for (size_t i = 0; i < scripts; i++)
        buffer_print(&page, "<script>var a%zu={\"b\":[1,2,3],\"c\":\"<div>no</div>\"};if(a%zu<2){f('x')}</script>\n", i,
                     i);
    buffer_add_string(&page, "</head><body><nav><ul>");
    for (size_t i = 0; i < teasers; i++)
        buffer_print(&page,
                     "<li class=\"menu-item menu-item-%zu\" data-track='{\"p\":%zu}'><a href=\"/s/%zu\" "
                     "onclick=\"go()\">Section %zu</a></li>\n",
                     i, i, i, i);
    buffer_add_string(&page, "</ul></nav><main><article><h1>The river rises</h1><div class=\"article-body\">");
    for (size_t i = 0; i < paragraphs; i++)
        buffer_print(&page,
                     "<p class=\"text\">Line %zu of the story says that the <b>water</b> rose by a hand in the night, "
                     "and that <a href=\"/x\">nobody</a> was hurt.</p>\n",
                     i);
    buffer_add_string(&page, "</div></article></main><div class=\"list\">");
    for (size_t i = 0; i < teasers; i++)
        buffer_print(&page,
                     "<div class=\"card\"><img src=\"%zu.jpg\"><h3><a href=\"/t/%zu\">Another story of the day, number "
                     "%zu</a></h3><p>What it is about, in a few words.</p></div>\n",
                     i, i, i);
    buffer_add_string(&page, "</div></body></html>");
    pages->bytes += page.length;
    pages->page[pages->count++] = page;
}

static void ignore_text(void *state, struct span text) {
    (void)state;
    (void)text;
}

static void ignore_tag(void *state, const struct page_tag *tag) {
    (void)state;
    (void)tag;
}

static double time_pruning(const struct pages *pages) {
    const struct page_reader reader = {NULL, ignore_text, ignore_tag, ignore_text};
    double start = clock_cpu_seconds();
    for (size_t i = 0; i < pages->count; i++) {
        struct arena *arena = arena_new();
        prune_page(buffer_span(&pages->page[i]), (struct attribute_names){NULL, 0}, &reader, arena);
        arena_free(arena);
    }
    return clock_cpu_seconds() - start;
}

static double time_parsing(const struct pages *pages) {
    double start = clock_cpu_seconds();
    for (size_t i = 0; i < pages->count; i++) {
        struct arena *arena = arena_new();
        tree_parse(buffer_span(&pages->page[i]), arena);
        arena_free(arena);
    }
    return clock_cpu_seconds() - start;
}

static double time_extracting(const struct pages *pages, const void *state) {
    double start = clock_cpu_seconds();
    for (size_t i = 0; i < pages->count; i++) {
        struct failure failure = {0};
        struct article *article = article_new();
        article->text = buffer_span(&pages->page[i]);
        stage_extract.work(state, article, &failure);
        article_free(article);
    }
    return clock_cpu_seconds() - start;
}

int main(int count, char **arguments) {
    static struct pages pages;
    struct stage_context context = {.data_folder = BENCH_DATA};
    struct failure failure = {0};
    void *state;
    double pruning = 0, parsing = 0, extracting = 0;
    if (!stage_extract.open(&context, &state, &failure)) {
        fprintf(stderr, "%s\n", failure.sentence);
        return EXIT_FAILURE;
    }
    if (count > 1) read_folder(&pages, arguments[1]);
    for (size_t i = 0; count < 2 && i < 60; i++) make_page(&pages, i % 3 * 400, 40 + i % 4 * 60, 10 + i);
    for (int round = 0; round < ROUNDS && pages.count; round++) {
        pruning += time_pruning(&pages);
        parsing += time_parsing(&pages);
        extracting += time_extracting(&pages, state);
    }
    double all = (double)pages.count * ROUNDS;
    if (pages.count == 0) return EXIT_FAILURE;
    printf("%zu pages of %.0f kB: %.0f pages/s, %.0f MB/s, %.2f ms a page\n", pages.count,
           (double)pages.bytes / 1e3 / (double)pages.count, all / extracting,
           (double)pages.bytes * ROUNDS / 1e6 / extracting, extracting / all * 1e3);
    printf("of this pruning %.0f %%, parsing %.0f %%, the rest %.0f %%\n", pruning / extracting * 100,
           (parsing - pruning) / extracting * 100, (1 - parsing / extracting) * 100);
    for (size_t i = 0; i < pages.count; i++) buffer_free(&pages.page[i]);
    stage_extract.close(state);
    return EXIT_SUCCESS;
}
