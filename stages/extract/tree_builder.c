#include "stages/extract/tree_builder.h"

enum { FIRST_PARTS = 512 };

int tree_current(const struct tree_builder *builder) {
    return builder->stack[builder->depth - 1];
}

enum element tree_element(const struct tree_builder *builder, int part) {
    return (enum element)builder->parts[part].element;
}

enum element tree_current_element(const struct tree_builder *builder) {
    return tree_element(builder, tree_current(builder));
}

/* ---------------------------------------------------------------- placing parts */

/* The array is on the heap, where it can grow in place. */
int tree_add_part(struct tree_builder *builder, struct tree_part part) {
    if (builder->count == builder->capacity) {
        builder->capacity = builder->capacity ? builder->capacity * 2 : FIRST_PARTS;
        builder->parts = memory_resize(builder->parts, builder->capacity * sizeof *builder->parts);
    }
    part.parent = part.first = part.last = part.previous = part.next = TREE_NONE;
    builder->parts[builder->count] = part;
    return (int)builder->count++;
}

void tree_append(struct tree_builder *builder, int parent, int part) {
    struct tree_part *parts = builder->parts;
    int last = parts[parent].last;
    parts[part].parent = parent;
    parts[part].previous = last;
    parts[part].next = TREE_NONE;
    *(last == TREE_NONE ? &parts[parent].first : &parts[last].next) = part;
    parts[parent].last = part;
}

static void put_before(struct tree_builder *builder, int sibling, int part) {
    struct tree_part *parts = builder->parts;
    int parent = parts[sibling].parent, previous = parts[sibling].previous;
    parts[part].parent = parent;
    parts[part].previous = previous;
    parts[part].next = sibling;
    *(previous == TREE_NONE ? &parts[parent].first : &parts[previous].next) = part;
    parts[sibling].previous = part;
}

/* Returns the innermost open table, or TREE_NONE. */
static int open_table(const struct tree_builder *builder) {
    for (size_t i = builder->depth; i-- > 0;)
        if (tree_element(builder, builder->stack[i]) == ELEMENT_TABLE) return builder->stack[i];
    return TREE_NONE;
}

void tree_place(struct tree_builder *builder, int parent, int part) {
    if (!builder->moves_out || !(element_rules[tree_element(builder, parent)].flags & ELEMENT_HAS_ROWS)) {
        tree_append(builder, parent, part);
        return;
    }
    int table = open_table(builder);
    if (table == TREE_NONE)
        tree_append(builder, builder->stack[0], part);
    else
        put_before(builder, table, part);
}

void tree_take_from_parent(struct tree_builder *builder, int part) {
    struct tree_part *parts = builder->parts, *one = &parts[part];
    if (one->parent == TREE_NONE) return;
    *(one->previous == TREE_NONE ? &parts[one->parent].first : &parts[one->previous].next) = one->next;
    *(one->next == TREE_NONE ? &parts[one->parent].last : &parts[one->next].previous) = one->previous;
    one->parent = one->previous = one->next = TREE_NONE;
}

/* ---------------------------------------------------------------- open elements */

void tree_open_again(struct tree_builder *builder, int part) {
    builder->stack =
        arena_grow(builder->scratch, builder->stack, builder->depth, &builder->stack_capacity, sizeof *builder->stack);
    builder->stack[builder->depth++] = part;
    builder->open[builder->parts[part].element]++;
    builder->parts[part].is_open = true;
}

void tree_open_after(struct tree_builder *builder, int block, int part) {
    tree_open_again(builder, part);
    size_t at = builder->depth - 1;
    for (; builder->stack[at - 1] != block; at--) builder->stack[at] = builder->stack[at - 1];
    builder->stack[at] = part;
}

static int forget_open(struct tree_builder *builder, int part) {
    builder->open[builder->parts[part].element]--;
    builder->parts[part].is_open = false;
    return part;
}

int tree_close(struct tree_builder *builder) {
    tree_add_text(builder);
    return forget_open(builder, builder->stack[--builder->depth]);
}

void tree_close_to(struct tree_builder *builder, enum element element) {
    while (tree_element(builder, tree_close(builder)) != element) continue;
}

void tree_close_implied(struct tree_builder *builder) {
    while (element_rules[tree_current_element(builder)].flags & ELEMENT_MAY_STAY_OPEN) tree_close(builder);
}

void tree_take_from_stack(struct tree_builder *builder, int part) {
    size_t at = builder->depth;
    while (at > 0 && builder->stack[at - 1] != part) at--;
    if (at == 0) return;
    forget_open(builder, part);
    memmove(builder->stack + at - 1, builder->stack + at, (builder->depth - at) * sizeof *builder->stack);
    builder->depth--;
}

/* ---------------------------------------------------------------- texts */

void tree_add_text(struct tree_builder *builder) {
    struct span text = buffer_span(&builder->text);
    if (text.length == 0) return;
    text = text.length == 1 && *text.at == ' ' ? SPAN(" ") : arena_copy(builder->arena, text);
    int part = tree_add_part(builder, (struct tree_part){.is_text = true, .text = text});
    tree_place(builder, tree_current(builder), part);
    buffer_clear(&builder->text);
}

void tree_read_text(struct tree_builder *builder, const struct tree_token *token) {
    buffer_add_span(&builder->text, token->text);
}

/* ---------------------------------------------------------------- elements */

int tree_add_element(struct tree_builder *builder, struct tree_part part) {
    int index = tree_add_part(builder, part);
    if (builder->depth) tree_place(builder, tree_current(builder), index);
    tree_open_again(builder, index);
    return index;
}

int tree_insert(struct tree_builder *builder, const struct tree_token *token) {
    tree_add_text(builder);
    return tree_add_element(builder, (struct tree_part){.element = (unsigned char)token->element,
                                                        .attributes = token->attributes,
                                                        .attribute_count = token->attribute_count});
}

int tree_insert_element(struct tree_builder *builder, enum element element) {
    return tree_insert(builder, &(struct tree_token){.element = element});
}

void tree_insert_void(struct tree_builder *builder, const struct tree_token *token) {
    tree_insert(builder, token);
    tree_close(builder);
}

static bool has_attribute(const struct tree_part *part, struct span name) {
    for (size_t i = 0; i < part->attribute_count; i++)
        if (span_equal(part->attributes[i].name, name)) return true;
    return false;
}

void tree_merge_attributes(struct tree_builder *builder, int part, const struct tree_token *token) {
    struct tree_part *to = &builder->parts[part];
    for (size_t i = 0; i < token->attribute_count; i++) {
        if (has_attribute(to, token->attributes[i].name)) continue;
        struct attribute *all = arena_take(builder->arena, (to->attribute_count + 1) * sizeof *all);
        if (to->attribute_count) memcpy(all, to->attributes, to->attribute_count * sizeof *all);
        all[to->attribute_count++] = token->attributes[i];
        to->attributes = all;
    }
}
