/* Groups the edition's articles into stories, in the order in which the digest shows them. */
#include <stdlib.h>
#include <string.h>

#include "stages/digest/page.h"

static struct span story_name(const struct article *article) {
    return article->story.length ? article->story : span_of(article->id);
}

static struct span newest(const struct article *article) {
    return article->published.length ? article->published : article->origin.collected;
}

/* Sorts by story, so that the articles of a story are adjacent, with its lead first. The other articles are sorted by
 * id, so that the order is always the same. */
/* qsort() is not stable, so the last criterion must differ for any two articles. */
static int by_story(const void *left, const void *right) {
    const struct article *a = *(struct article *const *)left, *b = *(struct article *const *)right;
    int order = span_compare(story_name(a), story_name(b));
    if (order) return order;
    bool a_leads = span_is(a->story, a->id), b_leads = span_is(b->story, b->id);
    return a_leads != b_leads ? (a_leads ? -1 : 1) : strcmp(a->id, b->id);
}

/* Sorts larger stories first, and newer ones first among stories of the same size. */
static int by_weight(const void *left, const void *right) {
    const struct story *a = left, *b = right;
    if (a->count != b->count) return a->count < b->count ? 1 : -1;
    int order = span_compare(newest(b->articles[0]), newest(a->articles[0]));
    return order ? order : strcmp(a->articles[0]->id, b->articles[0]->id);
}

struct story *stories_sort(struct edition *edition, size_t *ret_count) {
    struct story *stories = arena_take(edition->arena, (edition->count + 1) * sizeof *stories);
    size_t count = 0;
    if (edition->count) qsort(edition->articles, edition->count, sizeof(struct article *), by_story);
    for (size_t i = 0; i < edition->count; i++) {
        struct article **article = &edition->articles[i];
        bool joins = i > 0 && span_compare(story_name(article[-1]), story_name(article[0])) == 0;
        if (joins)
            stories[count - 1].count++;
        else
            stories[count++] = (struct story){.articles = article, .count = 1};
    }
    if (count) qsort(stories, count, sizeof *stories, by_weight);
    *ret_count = count;
    return stories;
}
