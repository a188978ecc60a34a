/* An article with its segments in lanes, and fake services for them. */
#ifndef TESTS_UNIT_STAGES_TRANSLATE_LANES_H
#define TESTS_UNIT_STAGES_TRANSLATE_LANES_H

#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "config/reader.h"
#include "program/program.h"
#include "stages/translate/queue.h"

struct lanes {
    struct article *article;
    struct config *config;
    struct service_list list;
    struct termbase *termbase; /* empty */
    struct configured_service services[2];
    struct queue queue;
};

static inline bool lanes_offers(const void *state, const char *source, const char *target, struct span *ret_model) {
    (void)state;
    *ret_model = SPAN("model");
    return strcmp(source, "xx") != 0 && strcmp(target, "en") == 0;
}

/* Opens two services of this kind, "one" and "two", without a route. */
static inline void lanes_open(struct lanes *lanes, const struct service *service) {
    *lanes = (struct lanes){.article = article_new(), .config = config_new(program_section_tables())};
    config_finish(lanes->config);
    assert_true(termbase_open(NULL, &lanes->termbase, NULL));
    for (size_t i = 0; i < 2; i++)
        lanes->services[i] =
            (struct configured_service){.service = service, .name = span_of(i ? "two" : "one"), .request_words = 450};
    lanes->list = (struct service_list){.configured_services = lanes->services, .count = 2, .config = lanes->config};
    strcpy(lanes->article->language.code, "es");
}

static inline void lanes_close(struct lanes *lanes) {
    article_free(lanes->article);
    termbase_close(lanes->termbase);
    config_free(lanes->config);
}

/* Adds a block of these sentences, separated by spaces. The array ends with NULL. */
static inline struct block *lanes_add(struct lanes *lanes, const char *const *sentences) {
    struct buffer text = BUFFER(1 << 20);
    for (size_t i = 0; sentences[i]; i++) buffer_print(&text, "%s%s", i ? " " : "", sentences[i]);
    struct span whole = arena_copy(lanes->article->arena, buffer_span(&text));
    buffer_free(&text);
    struct block *block = article_add_block(lanes->article, BLOCK_PARAGRAPH, whole);
    for (size_t i = 0, at = 0; sentences[i]; at += strlen(sentences[i]) + 1, i++)
        article_add_segment(lanes->article, block, span_cut(whole, at, at + strlen(sentences[i])));
    return block;
}

static inline void lanes_fill(struct lanes *lanes) {
    queue_fill(&lanes->queue, &lanes->list, lanes->termbase, lanes->article);
}

static inline struct lane *lanes_first(struct lanes *lanes) {
    return STAILQ_FIRST(&lanes->queue.lanes);
}

#endif
