#include "stages/extract/line_survey.h"

enum {
    MAX_NAME = 64,  /* bytes of a class name that are compared */
    MAX_PROBES = 64 /* slots that are searched; more can only be needed on a page made to collide */
};
static const uint32_t EMPTY = 0x811c9dc5u, PRIME = 0x01000193u; /* of FNV-1a */

static uint32_t hash_text(uint32_t hash, struct span text) {
    for (size_t i = 0; i < text.length; i++) hash = (hash ^ (unsigned char)text.at[i]) * PRIME;
    return hash;
}

/* ---------------------------------------------------------------- nodes */

/* Adds what a node has to what it inherited. An element whose names say nothing has the odds of the one around it. */
static void add_node(struct line_place *place, enum tag tag, const struct meaning *meaning) {
    place->depth++;
    place->tags |= UINT64_C(1) << tag;
    place->marks |= meaning->marks;
    if (meaning->rank != RANK_NONE) place->rank = meaning->rank;
    if (meaning->low < 0 || meaning->high > 0) place->own = meaning->low + meaning->high;
    if (meaning->low < place->low) place->low = meaning->low;
    if (meaning->high > place->high) place->high = meaning->high;
    place->sum += meaning->low + meaning->high;
}

static void read_places(struct line_survey *survey) {
    const struct tree *tree = survey->page->tree;
    survey->places = arena_take(survey->page->arena, (tree->count + 1) * sizeof *survey->places);
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        struct line_place root = {.rank = RANK_NONE, .article = -1};
        survey->places[i] = node->parent < 0 ? root : survey->places[node->parent];
        if (node->tag == TAG_ARTICLE) survey->places[i].article = (int)i;
        if (node->tag != TAG_TEXT) add_node(&survey->places[i], node->tag, &survey->page->meanings[i]);
    }
}

/* ---------------------------------------------------------------- groups */

/* Further class names, such as "first" or "odd", often differ between elements of the same kind. */
static struct span first_class(const struct node *node) {
    struct span names = span_trim(span_cut(node_attribute(node, "class"), 0, MAX_NAME)), name = {NULL, 0};
    span_next(&names, ' ', &name);
    return name;
}

static uint32_t hash_element(const struct page *page, int node) {
    if (node < 0) return EMPTY;
    return hash_text((EMPTY ^ page->tree->nodes[node].tag) * PRIME, first_class(&page->tree->nodes[node]));
}

static uint32_t path_of(const struct page *page, int node) {
    uint32_t path = hash_element(page, page->tree->nodes[node].parent) * PRIME ^ hash_element(page, node);
    return path ? path : 1;
}

/* Returns the slot with this key, a free slot, or after MAX_PROBES slots that of another key, which is then shared. */
static size_t find_slot(const uint32_t *keys, size_t size, uint32_t key) {
    size_t i = (key ^ key >> 15) & (size - 1);
    for (int probes = 0; probes < MAX_PROBES && keys[i] && keys[i] != key; probes++) i = (i + 1) & (size - 1);
    return i;
}

static struct line_group *find_group(const struct line_survey *survey, uint32_t path) {
    return &survey->groups[find_slot(survey->group_paths, survey->group_size, path)];
}

const struct line_group *line_survey_group(const struct line_survey *survey, size_t line) {
    return find_group(survey, survey->paths[line]);
}

/* Lines that follow each other are often in the same element, whose path is then not computed again. */
static void read_groups(struct line_survey *survey) {
    const struct page *page = survey->page;
    survey->group_size = 64;
    while (survey->group_size < page->line_count * 2) survey->group_size *= 2;
    survey->groups = arena_take(page->arena, survey->group_size * sizeof *survey->groups);
    survey->group_paths = arena_take(page->arena, survey->group_size * sizeof *survey->group_paths);
    survey->paths = arena_take(page->arena, (page->line_count + 1) * sizeof *survey->paths);
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        bool same = i > 0 && page->lines[i - 1].node == line->node;
        survey->paths[i] = same ? survey->paths[i - 1] : path_of(page, line->node);
        struct line_group *group = find_group(survey, survey->paths[i]);
        survey->group_paths[group - survey->groups] = survey->paths[i];
        group->lines++;
        group->width += (double)line->columns;
        group->links += (double)line->link_columns;
        if (survey->evidence->kinds[i]) group->taken += (double)line->columns;
    }
}

/* ---------------------------------------------------------------- sums */

static struct line_sums add_line(struct line_sums sums, const struct line *line, bool taken) {
    sums.width += (double)line->columns;
    sums.links += (double)line->link_columns;
    if (line_is_prose(line)) sums.prose += (double)(line->columns - line->link_columns);
    if (taken) sums.taken += (double)line->columns;
    return sums;
}

static void read_sums(struct line_survey *survey) {
    const struct page *page = survey->page;
    survey->sums = arena_take(page->arena, (page->line_count + 1) * sizeof *survey->sums);
    survey->taken = arena_take(page->arena, (page->tree->count + 1) * sizeof *survey->taken);
    for (size_t i = 0; i < page->line_count; i++) {
        bool taken = survey->evidence->kinds[i];
        survey->sums[i + 1] = add_line(survey->sums[i], &page->lines[i], taken);
        if (taken) survey->taken[page->lines[i].node] += (double)page->lines[i].columns;
    }
    for (size_t i = page->tree->count; i-- > 1;) survey->taken[page->tree->nodes[i].parent] += survey->taken[i];
}

/* ---------------------------------------------------------------- lines */

/* Counts lines with the same text by their hashes alone; a collision would only make a line look repeated. */
static void count_repeats(struct line_survey *survey) {
    const struct page *page = survey->page;
    size_t size = survey->group_size, *slots = arena_take(page->arena, (page->line_count + 1) * sizeof *slots);
    uint32_t *hashes = arena_take(page->arena, size * sizeof *hashes);
    unsigned char *times = arena_take(page->arena, size);
    survey->repeats = arena_take(page->arena, page->line_count + 1);
    for (size_t i = 0; i < page->line_count; i++) {
        uint32_t hash = hash_text(EMPTY, page->lines[i].text) | 1;
        size_t at = find_slot(hashes, size, hash);
        hashes[at] = hash;
        times[at] = (unsigned char)(times[at] + (times[at] < MAX_REPEATS));
        slots[i] = at;
    }
    for (size_t i = 0; i < page->line_count; i++) survey->repeats[i] = times[slots[i]];
}

static void find_headings(struct line_survey *survey) {
    const struct page *page = survey->page;
    size_t last = SIZE_MAX;
    survey->headings = arena_take(page->arena, (page->line_count + 1) * sizeof *survey->headings);
    for (size_t i = 0; i < page->line_count; i++) {
        survey->headings[i] = last;
        if (page->lines[i].kind == BLOCK_HEADING) last = i;
    }
}

static void find_stretches(struct line_survey *survey) {
    const struct line_evidence *evidence = survey->evidence;
    size_t count = survey->page->line_count;
    if (evidence->container >= 0) page_lines_of(survey->page, evidence->container, &survey->first, &survey->end);
    survey->headline = survey->page->headline >= 0 ? page_headline_line(survey->page) : SIZE_MAX;
    survey->first_taken = survey->first;
    survey->last_taken = survey->end;
    for (size_t i = count; i-- > 0;)
        if (evidence->kinds[i]) survey->first_taken = i;
    for (size_t i = 0; i < count; i++)
        if (evidence->kinds[i]) survey->last_taken = i;
}

struct line_survey line_survey_make(const struct line_evidence *evidence) {
    struct line_survey survey = {
        .evidence = evidence, .page = evidence->page, .title = overlap_make(evidence->title, evidence->page->arena)};
    read_places(&survey);
    read_groups(&survey);
    read_sums(&survey);
    count_repeats(&survey);
    find_headings(&survey);
    find_stretches(&survey);
    return survey;
}
