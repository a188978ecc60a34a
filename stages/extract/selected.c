#include "stages/extract/selected.h"

#include "config/selector.h"

/* Returns true if a class attribute, which is a list of names separated by whitespace, contains the name. */
static bool has_word(struct span list, struct span word) {
    for (size_t i = 0; i < list.length;) {
        size_t start = i;
        while (i < list.length && !text_is_space(list.at[i])) i++;
        if (span_equal(span_cut(list, start, i), word)) return true;
        while (i < list.length && text_is_space(list.at[i])) i++;
    }
    return false;
}

/* Returns true if the node matches a part of a selector. Tags that the tree does not distinguish (see tree.h) never
 * match. */
static bool matches_part(const struct node *node, const struct selector_part *part) {
    switch (part->kind) {
    case SELECTOR_TAG:
        return node->tag != TAG_OTHER && node->tag == tag_named(part->name);
    case SELECTOR_CLASS:
        return has_word(node_attribute(node, "class"), part->name);
    case SELECTOR_ID:
        return span_equal(node_attribute(node, "id"), part->name);
    case SELECTOR_HAS:
    case SELECTOR_EQUALS:
        break;
    }
    for (size_t i = 0; i < node->attribute_count; i++)
        if (span_equal(node->attributes[i].name, part->name))
            return part->kind == SELECTOR_HAS || span_equal(node->attributes[i].value, part->value);
    return false;
}

/* Returns true if the node matches a step of a selector, such as "div.text[lang]": all parts of the step must match. */
static bool matches_step(const struct node *node, const struct selector_step *step) {
    for (size_t i = 0; i < step->count; i++)
        if (!matches_part(node, &step->parts[i])) return false;
    return node->tag != TAG_TEXT;
}

/* Marks the nodes that match the path. For each node, counts how many steps of the path its ancestors and the node
 * itself have matched, each step as early as possible. There are no child selectors, so one pass in document order
 * finds every match. */
static void mark_path(const struct page *page, const struct selector_path *path, unsigned char *taken, bool *marked) {
    const struct tree *tree = page->tree;
    for (size_t i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        size_t before = node->parent < 0 ? 0 : taken[node->parent];
        bool last = before + 1 >= path->count;
        bool found = matches_step(node, &path->steps[last ? path->count - 1 : before]);
        if (found && last) marked[i] = true;
        taken[i] = (unsigned char)(before + (found && !last));
    }
}

/* Adds the attributes that a selector tests. "class" and "id" are not included, because pruning always keeps them. */
static void add_names(const struct selector_path *path, struct span *names, size_t *count) {
    for (size_t s = 0; s < path->count; s++)
        for (size_t p = 0; p < path->steps[s].count; p++) {
            const struct selector_part *part = &path->steps[s].parts[p];
            if (part->kind == SELECTOR_HAS || part->kind == SELECTOR_EQUALS) names[(*count)++] = part->name;
        }
}

struct attribute_names selected_attributes(const struct selector *selector, struct arena *arena) {
    if (!selector) return (struct attribute_names){NULL, 0};
    struct span *names = arena_take(arena, selector->count * SELECTOR_STEPS * SELECTOR_PARTS * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < selector->count; i++) add_names(&selector->paths[i], names, &count);
    return (struct attribute_names){names, count};
}

/* Everything inside a matching element is taken, so its descendants are marked as well. */
size_t selected_read(const struct page *page, const struct selector *selector, struct article *article) {
    const struct tree *tree = page->tree;
    unsigned char *taken = arena_take(page->arena, tree->count + 1);
    bool *marked = arena_take(page->arena, tree->count + 1);
    size_t columns = 0;
    for (size_t i = 0; i < selector->count; i++) mark_path(page, &selector->paths[i], taken, marked);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].parent >= 0 && marked[tree->nodes[i].parent]) marked[i] = true;
    for (size_t i = 0; i < page->line_count; i++) {
        const struct line *line = &page->lines[i];
        /* each line is tested once, so a match inside another match does not repeat any lines */
        if (!marked[line->at]) continue;
        article_add_block(article, line->kind, arena_copy(article->arena, line->text));
        if (line->kind != BLOCK_CAPTION) columns += line->columns;
    }
    return columns;
}
