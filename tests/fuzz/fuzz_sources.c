/* Reads any bytes as a local file of a source, whose kind the first line names (warc, mail, ndjson, feed, opml,
 * sitemap), as a run does: the source comes to an end, every item has an id, and every failure has a sentence. */
#define _GNU_SOURCE
#include <string.h>

#include "config/reader.h"
#include "fuzz/fuzz_folder.h"
#include "pipeline/article/article.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source.h"
#include "pipeline/engine/source_settings.h"
#include "pipeline/store/store.h"

enum { MOST_STEPS = 5000 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct kind {
    const char *name, *setting;
} kinds[] = {{"warc", "path"}, {"mail", "path"}, {"ndjson", "path"},
             {"feed", "url"},  {"opml", "path"}, {"sitemap", "url"}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct config *configs[KINDS]; /* as long as the process, as are the store and the resources */

static const struct section *section_once(size_t kind) {
    static struct section_table tables[2];
    char line[128];
    if (!configs[kind]) {
        tables[0] = (struct section_table){.name = "source",
                                           .named = true,
                                           .settings = {source_table, sizeof(struct source_settings)},
                                           .kind_at = source_kind_at,
                                           .help = ""};
        configs[kind] = config_new(tables);
        snprintf(line, sizeof line, "source.s.kind=%s", kinds[kind].name);
        config_set(configs[kind], line);
        snprintf(line, sizeof line, "source.s.%s=%s/input", kinds[kind].setting, fuzz_folder());
        config_set(configs[kind], line);
        config_finish(configs[kind]);
        if (config_problem_count(configs[kind])) abort();
    }
    return config_section_at(configs[kind], source_table, 0);
}

static struct source_context context_of(size_t kind) {
    static struct resources *resources;
    static struct store *store;
    const struct section *section = section_once(kind);
    if (!resources) resources = resources_new(TEST_DATA);
    if (!store && !store_open(NULL, false, &store, NULL)) abort();
    return (struct source_context){.name = SPAN("s"),
                                   .section = section,
                                   .common = section_values(section),
                                   .settings = section_kind_values(section),
                                   .store = store,
                                   .working_folder = fuzz_folder(),
                                   .data_folder = TEST_DATA,
                                   .resources = resources};
}

/* Takes one step and frees what it gave. Returns false after the last one: the network is not asked. */
static bool take_step(const struct source *source, void *state) {
    struct arena *arena = arena_new();
    struct exchange exchange;
    struct article *article = NULL;
    struct failure failure = {0};
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    enum source_step step = source->step(state, NULL, &exchange, &article, &failure);
    if (step == SOURCE_WORK) source->work(state);
    if (step == SOURCE_ITEM && (!article || strlen(article->id) != 32)) abort();
    if (step == SOURCE_FAIL && (!failure.sentence[0] || !text_valid(span_of(failure.sentence)))) abort();
    if (article) article_free(article);
    exchange_clear(&exchange);
    arena_free(arena);
    return step != SOURCE_END && step != SOURCE_ASK && !(step == SOURCE_FAIL && failure.reach != REACH_ARTICLE);
}

static void read_file(size_t kind, struct span bytes) {
    const struct source *source = source_of(span_of(kinds[kind].name));
    struct source_context context = context_of(kind);
    struct failure failure = {0};
    void *state = NULL;
    size_t steps = 0;
    fuzz_folder_write("input", bytes.at, bytes.length);
    if (!source->open(&context, &state, &failure)) {
        if (!failure.sentence[0]) abort();
        return;
    }
    while (take_step(source, state))
        if (++steps > MOST_STEPS) abort();
    source->close(state);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span rest = {(const char *)bytes, length}, name = {NULL, 0};
    span_next(&rest, '\n', &name);
    for (size_t i = 0; i < KINDS; i++)
        if (span_is(name, kinds[i].name)) read_file(i, rest);
    return 0;
}
