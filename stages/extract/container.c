#include "stages/extract/container.h"

#include <string.h>

enum {
    SCRAP_COST = 20,     /* columns that each short line, such as a menu entry, takes off the score of its element */
    MIN_KNOWN = 240,     /* min. columns of the known text (see container.h); a shorter one may be only a description */
    SMALL_LIST = 1500,   /* columns; a list of links shorter than this is a menu */
    FIRST_ARTICLE = 280, /* min. columns of running text in an <article> that is not a teaser */
    SPECIFIC = 4,        /* up to this rank (0 is the most specific name), the name alone is sufficient */
    GENERIC = 8          /* names with this rank or a higher one, such as "content", say little */
};
/* Factors with which amounts of text are compared. */
static const double TITLED = 0.3, /* share of the required text that is enough if a candidate contains the headline */
    MOST = 0.6,                   /* min. text of a named candidate, as a share of the text of the densest element */
    MORE = 1.15, /* elements whose names have the same rank are combined if together they have this many times the text
                    of the largest */
    NEARLY_ALL = 0.85, /* min. share of the text that the chosen elements must hold: of their ancestor's text, or of the
                          known text */
    ENOUGH_KNOWN = 0.42, /* min. share of the known text that the page must show */
    IS_KNOWN = 0.5;      /* min. share of known text in an element that must be restored */

/* ---------------------------------------------------------------- sums by node */

/* Adds the value of each node to all its ancestors. Children have larger indexes than their parents, so one pass from
 * the end is enough. */
static void sum_up(const struct page *page, double *sums) {
    for (size_t i = page->tree->count; i-- > 1;) sums[page->tree->nodes[i].parent] += sums[i];
}

/* Returns what the line adds to the score of its element. Short lines have a fixed cost, so that a long menu gets a low
 * score even if its entries are very short. */
static double line_score(const struct line *line) {
    if (line_is_prose(line))
        return (double)(line->columns - line->link_columns) / (line->kind == BLOCK_LIST_ITEM ? 2 : 1);
    if (line->link_columns * 2 > line->columns) return -(double)line->link_columns - SCRAP_COST;
    return line->kind == BLOCK_PARAGRAPH ? -SCRAP_COST : 0;
}

/* Returns, for each node, the sum of the scores of the lines in it. */
static double *sum_lines(const struct page *page, bool prose_only) {
    double *sums = arena_take(page->arena, (page->tree->count + 1) * sizeof *sums);
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        if (page_is_left_out(page, line) || (prose_only && !line_is_prose(line))) continue;
        sums[line->node] += line_score(line);
    }
    sum_up(page, sums);
    return sums;
}

/* ---------------------------------------------------------------- candidates */

/* Returns the element with the highest score. Of elements with equal scores, the last is taken, because it is the
 * innermost. */
static int find_densest(const struct page *page) {
    const double *sums = sum_lines(page, false);
    int best = -1;
    for (int i = 0; i < (int)page->tree->count; i++)
        if (sums[i] > 0 && (best < 0 || sums[i] >= sums[best])) best = i;
    return best;
}

/* Returns the rank of the element's name. <article> and <main> count as names of containers, unless the element has a
 * more specific name. */
static unsigned rank_of(const struct page *page, int index) {
    unsigned rank = page->meanings[index].rank;
    enum tag tag = page->tree->nodes[index].tag;
    if (tag == TAG_ARTICLE && rank > GENERIC) return GENERIC;
    if (tag == TAG_MAIN && rank > 20) return 20;
    return tag == TAG_BODY || tag == TAG_HTML || tag == TAG_TEXT || tag == TAG_SPAN || tag == TAG_A ? RANK_NONE : rank;
}

static bool is_around(const struct page *page, int node, int inner) {
    return node <= inner && inner < page->tree->nodes[node].end;
}

/* Some of the candidates whose names have the same rank: the one with the most text (`best`), the innermost one that
 * contains the headline (`titled`), and the first and the last one, because the article may be split over several
 * elements. `all` is the amount of text in all candidates of this rank. */
struct contender {
    int best, first, last, titled;
    double all;
};

/* Collects the candidates of every rank in one pass over the page. */
static void gather(const struct page *page, const double *prose, struct contender *contenders) {
    for (int rank = 0; rank < RANK_NONE; rank++) contenders[rank] = (struct contender){-1, -1, -1, -1, 0};
    for (int i = 0; i < (int)page->tree->count; i++) {
        unsigned rank = rank_of(page, i);
        if (rank >= RANK_NONE || page->left_out[i] || prose[i] <= 0) continue;
        struct contender *one = &contenders[rank];
        if (one->best < 0 || prose[i] > prose[one->best]) one->best = i;
        if (is_around(page, i, page->headline)) one->titled = i;
        if (one->first < 0) one->first = i;
        if (one->last >= 0 && i < page->tree->nodes[one->last].end) continue; /* inside the previous candidate */
        one->last = i;
        one->all += prose[i];
    }
}

/* Returns the innermost node that contains both nodes. */
static int common_ancestor(const struct tree *tree, int first, int last) {
    int node = first;
    while (node >= 0 && tree->nodes[node].end <= last) node = tree->nodes[node].parent;
    return node;
}

/* Tries the ranks from the most specific name to the least. A candidate must have most of the text of the densest
 * element. Less is enough if the candidate contains the headline, or if its name is specific and no other element has
 * that name. */
static int find_named(const struct page *page, const double *prose, int densest) {
    struct contender *contenders = arena_take(page->arena, (RANK_NONE + 1) * sizeof *contenders);
    /* if there is no densest element, any amount of text is enough */
    double wanted = densest >= 0 ? MOST * prose[densest] : 1;
    gather(page, prose, contenders);
    for (int rank = 0; rank < RANK_NONE; rank++) {
        const struct contender *one = &contenders[rank];
        if (one->best < 0) continue;
        bool titled = one->titled >= 0 && prose[one->titled] >= wanted * TITLED;
        if (titled && one->titled != one->best) return one->titled;
        int around = common_ancestor(page->tree, one->first, one->last);
        /* true if the elements of this rank together hold the article, with little other text around them */
        bool pieces = around >= 0 && one->all > prose[one->best] * MORE && one->all >= NEARLY_ALL * prose[around];
        /* elements with a generic name such as "content" are combined only if none of them has enough text alone */
        bool telling = rank < GENERIC || prose[one->best] < wanted;
        if (pieces && telling && one->all >= wanted) return around;
        bool only = rank <= SPECIFIC && one->all <= prose[one->best] && prose[one->best] >= wanted / 2;
        if (prose[one->best] >= wanted || only) return one->best;
    }
    return -1;
}

/* ---------------------------------------------------------------- the text that the page states as data */

/* Returns, for each node, how many columns of its text also occur in the known text. Captions are left out, because the
 * known text does not include them. */
static double *sum_known(const struct page *page, const struct overlap *known) {
    double *sums = arena_take(page->arena, (page->tree->count + 1) * sizeof *sums);
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        if (line->kind != BLOCK_CAPTION) sums[line->node] += overlap_share(known, line->text) * (double)line->columns;
    }
    sum_up(page, sums);
    return sums;
}

/* Descends from the root to the innermost element that holds nearly all of the known text. */
static int find_known(const struct page *page, const double *sums) {
    int node = 0;
    for (int child = page->tree->nodes[0].child; child >= 0;) {
        if (sums[child] >= NEARLY_ALL * sums[0]) {
            node = child;
            child = page->tree->nodes[child].child;
        } else {
            child = page->tree->nodes[child].next;
        }
    }
    return node;
}

/* Restores the container, its ancestors, and elements inside it that are mostly known text, if they were left out. */
static void restore_known(struct page *page, const double *sums, int container) {
    for (int i = container; i >= 0; i = page->tree->nodes[i].parent) page->left_out[i] = false;
    for (int i = container + 1; i < page->tree->nodes[container].end; i++) {
        bool around = page->left_out[page->tree->nodes[i].parent];
        if (around)
            page->left_out[i] = true;
        else if (page->left_out[i] && sums[i] > IS_KNOWN * (double)page->weights[i].columns)
            page->left_out[i] = false;
        else if (page->left_out[i] && i > 0 && page->left_out[page->tree->nodes[i].parent])
            page->left_out[i] = true;
    }
}

/* ---------------------------------------------------------------- choosing */

/* Returns, for each node, the columns of lines that are not links. Used for pages that have only short lines. */
static double *sum_unlinked(const struct page *page) {
    double *sums = arena_take(page->arena, (page->tree->count + 1) * sizeof *sums);
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        if (!page_is_left_out(page, line) && line->link_columns * 2 < line->columns)
            sums[line->node] += (double)line->columns;
    }
    sum_up(page, sums);
    return sums;
}

/* Prefers an element that is named like a container. If all lines of the page are short, there is no densest element,
 * and only names decide. */
static int choose(const struct page *page, const double *prose) {
    int densest = find_densest(page), named = find_named(page, prose, densest);
    if (named < 0 && densest < 0) named = find_named(page, sum_unlinked(page), -1);
    return named >= 0 ? named : densest;
}

/* Ignores the known text if it is short or if the page shows little of it, because it may then be only a description.
 */
struct container container_find(struct page *page, const struct overlap *known) {
    struct container container = {-1, false, 0};
    if (known && known->columns >= MIN_KNOWN) {
        const double *sums = sum_known(page, known);
        container.known = sums[0] >= ENOUGH_KNOWN * (double)known->columns;
        if (container.known) container.node = find_known(page, sums);
        if (container.known) restore_known(page, sums, container.node);
    }
    const double *prose = sum_lines(page, true);
    if (!container.known) container.node = choose(page, prose);
    if (container.node >= 0) container.prose = (size_t)prose[container.node];
    return container;
}

/* ---------------------------------------------------------------- what is left out of the container */

/* Returns true for a menu. An element with more than a third of the article's text is kept even if it is mostly links,
 * because an article may be a list of links with remarks. */
static bool is_mostly_links(const struct page *page, int index, int container) {
    const struct weight *weight = &page->weights[index];
    if (weight->prose * 3 > page->weights[container].prose) return false;
    enum tag tag = page->tree->nodes[index].tag;
    bool list = tag == TAG_UL || tag == TAG_OL || tag == TAG_DL;
    if (tag == TAG_TEXT || tag == TAG_A || tag == TAG_SPAN || weight->columns == 0) return false;
    /* a short list is a menu if more than half of it is links, any other element if more than two thirds of it are */
    if (list && weight->columns < SMALL_LIST) return weight->link_columns * 2 > weight->columns;
    return weight->link_columns * 3 > weight->columns * 2;
}

/* Returns true for an <article> within the article that is a teaser: it is small, and its heading is a link. */
static bool is_teaser(const struct page *page, int index, int container) {
    if (page->tree->nodes[index].tag != TAG_ARTICLE || is_around(page, index, page->headline)) return false;
    if (page->weights[index].prose * 4 > page->weights[container].prose) return false;
    size_t first, end;
    page_lines_of(page, index, &first, &end);
    for (size_t i = first; i < end; i++)
        if (page->lines[i].kind == BLOCK_HEADING && page->lines[i].link_columns * 2 > page->lines[i].columns)
            return true;
    return false;
}

/* Returns the innermost <article> inside the container that contains the headline and enough text, or -1. */
static int find_own_article(const struct page *page, int container) {
    for (int i = page->headline; i > container; i = page->tree->nodes[i].parent)
        if (page->tree->nodes[i].tag == TAG_ARTICLE && page->weights[i].prose > FIRST_ARTICLE) return i;
    return -1;
}

/* Returns true for an <article> that comes after the article itself. Pages with endless scrolling append the next
 * article in this way. */
static bool is_follower(const struct page *page, int index, int own) {
    return own >= 0 && page->tree->nodes[index].tag == TAG_ARTICLE && index >= page->tree->nodes[own].end;
}

void container_prune(struct page *page, int container) {
    int own = find_own_article(page, container);
    for (int i = container + 1; i < page->tree->nodes[container].end; i++)
        if (page->left_out[page->tree->nodes[i].parent] || is_follower(page, i, own) ||
            is_mostly_links(page, i, container) || is_teaser(page, i, container))
            page->left_out[i] = true;
}
