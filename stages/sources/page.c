/* Web pages, given by their addresses. The collect stage fetches them. */
#include <stdlib.h>

#include "pipeline/net/url.h"
#include "stages/sources/parts/common.h"
#include "stages/sources/parts/tracking.h"

static const struct setting page_table[] = {
    SOURCE_URLS_SETTING("addresses of pages, http or https"),
    SETTINGS_END,
};

struct page_source {
    struct source_context context;
    struct arena *arena;
    const struct span *tracking;
    size_t tracking_count, next;
};

static int page_recognise(struct span address, struct span head) {
    (void)head;
    return url_is_remote(address) ? 1 : 0;
}

static bool page_open(const struct source_context *context, void **ret_state, struct failure *ret_failure) {
    if (context->common->urls.count == 0)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "the source has no address; set url = ADDRESS");
    struct page_source *page = memory_take(sizeof *page);
    *page = (struct page_source){.context = *context, .arena = arena_new()};
    page->tracking = tracking_read(context->data_folder, page->arena, &page->tracking_count);
    *ret_state = page;
    return true;
}

static void page_close(void *state) {
    struct page_source *page = state;
    arena_free(page->arena);
    free(page);
}

static enum source_step page_step(void *state, struct exchange *reply, struct exchange *exchange,
                                  struct article **ret_article, struct failure *ret_failure) {
    struct page_source *page = state;
    (void)reply;
    const struct word_list *urls = &page->context.common->urls;
    if (page->next == urls->count) return SOURCE_END;
    struct span written = urls->items[page->next++];
    struct span address = url_resolve(SPAN(""), written, exchange->arena);
    if (!url_is_remote(address)) {
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "invalid address '%.*s': expected http or https",
                    SPAN_ARGS(written));
        return SOURCE_FAIL;
    }
    struct span identity = url_canonical(address, page->tracking, page->tracking_count, exchange->arena);
    *ret_article = source_article(&page->context, address, identity, SPAN(""));
    return SOURCE_ITEM;
}

const struct source source_page = {
    .name = "page",
    .help = "web pages given by their addresses",
    .settings = {.entries = page_table},
    .recognise = page_recognise,
    .open = page_open,
    .close = page_close,
    .step = page_step,
};
