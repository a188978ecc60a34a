/* Links are the only formatting elements that the pruner leaves, so that of what the standard calls the list of active
 * formatting elements and the adoption agency algorithm, a part is enough. */
#include "stages/extract/tree_builder.h"

enum { MOST_BLOCKS = 8 }; /* in which one end tag closes a link; the number is that of the standard */

static void add_to_list(struct tree_builder *builder, int link) {
    builder->links = arena_grow(builder->scratch, builder->links, builder->link_count, &builder->link_capacity,
                                sizeof *builder->links);
    builder->links[builder->link_count++] = link;
}

void tree_bound_links(struct tree_builder *builder) {
    add_to_list(builder, TREE_NONE);
}

void tree_unbound_links(struct tree_builder *builder) {
    while (builder->link_count > 0 && builder->links[--builder->link_count] != TREE_NONE) continue;
}

/* Returns the link that is to be continued, open or not, or TREE_NONE. */
static int last_link(const struct tree_builder *builder) {
    return builder->link_count ? builder->links[builder->link_count - 1] : TREE_NONE;
}

/* Returns a new part for a link that is another one's continuation. */
static struct tree_part continuation(const struct tree_builder *builder, int link) {
    const struct tree_part *from = &builder->parts[link];
    return (struct tree_part){
        .element = from->element, .attributes = from->attributes, .attribute_count = from->attribute_count};
}

void tree_continue_link(struct tree_builder *builder) {
    int link = last_link(builder);
    if (link == TREE_NONE || builder->parts[link].is_open) return;
    builder->links[builder->link_count - 1] = tree_add_element(builder, continuation(builder, link));
}

/* Returns the position among the open elements of the outermost block within the link at `position`, or the depth. */
static size_t block_within(const struct tree_builder *builder, size_t position) {
    size_t at = position + 1;
    while (at < builder->depth &&
           !(element_rules[tree_element(builder, builder->stack[at])].flags & ELEMENT_IS_SPECIAL))
        at++;
    return at;
}

/* Moves the content of `from` to the end of `to`, which has none. */
static void move_content(struct tree_builder *builder, int from, int to) {
    struct tree_part *parts = builder->parts;
    for (int i = parts[from].first; i != TREE_NONE; i = parts[i].next) parts[i].parent = to;
    parts[to].first = parts[from].first;
    parts[to].last = parts[from].last;
    parts[from].first = parts[from].last = TREE_NONE;
}

/* Ends the link before a block within it, and continues it around the content of the block. */
static void divide_link(struct tree_builder *builder, int link, size_t position, size_t at) {
    int block = builder->stack[at];
    while (at > position + 1) tree_take_from_stack(builder, builder->stack[--at]);
    tree_take_from_parent(builder, block);
    tree_place(builder, builder->stack[position - 1], block);
    int more = tree_add_part(builder, continuation(builder, link));
    move_content(builder, block, more);
    tree_append(builder, block, more);
    builder->links[builder->link_count - 1] = more;
    tree_take_from_stack(builder, link);
    tree_open_after(builder, block, more);
}

/* Closes the last link outside the outermost block within it. Returns true if it continues in the block. */
static bool close_outside(struct tree_builder *builder) {
    int link = last_link(builder);
    if (link == TREE_NONE) return false;
    if (!builder->parts[link].is_open) {
        builder->link_count--;
        return false;
    }
    if (!tree_in_scope(builder, ELEMENT_A, SCOPE_BLOCK)) return false;
    size_t position = builder->depth - 1;
    while (builder->stack[position] != link) position--;
    size_t block = block_within(builder, position);
    if (block < builder->depth) {
        divide_link(builder, link, position, block);
        return true;
    }
    while (tree_close(builder) != link) continue;
    builder->link_count--;
    return false;
}

static bool is_listed(const struct tree_builder *builder, int link) {
    for (size_t i = builder->link_count; i-- > 0;)
        if (builder->links[i] == link) return true;
    return false;
}

void tree_close_link(struct tree_builder *builder) {
    int current = tree_current(builder);
    if (tree_element(builder, current) == ELEMENT_A && !is_listed(builder, current)) {
        tree_close(builder);
        return;
    }
    for (int i = 0; i < MOST_BLOCKS && close_outside(builder); i++) continue;
}

/* A link cannot contain another. */
void tree_open_link(struct tree_builder *builder, const struct tree_token *token) {
    if (last_link(builder) != TREE_NONE) {
        tree_close_link(builder);
        int left = last_link(builder);
        if (left != TREE_NONE) {
            builder->link_count--;
            tree_take_from_stack(builder, left);
        }
    }
    add_to_list(builder, tree_insert(builder, token));
}
