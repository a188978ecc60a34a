#include "stages/extract/tree_builder.h"

/* ---------------------------------------------------------------- scopes */

static bool is_boundary(enum element element, enum tree_scope scope) {
    if (scope == SCOPE_TABLE) return element == ELEMENT_HTML || element == ELEMENT_TABLE;
    if (scope == SCOPE_BUTTON && element == ELEMENT_BUTTON) return true;
    if (scope == SCOPE_LIST && (element == ELEMENT_OL || element == ELEMENT_UL)) return true;
    return element_rules[element].flags & ELEMENT_IS_BOUNDARY;
}

bool tree_in_scope(const struct tree_builder *builder, enum element element, enum tree_scope scope) {
    if (builder->open[element] == 0) return false;
    for (size_t i = builder->depth; i-- > 0;) {
        enum element open = tree_element(builder, builder->stack[i]);
        if (open == element) return true;
        if (is_boundary(open, scope)) return false;
    }
    return false;
}

static bool is_heading(enum element element) {
    return element >= ELEMENT_H1 && element <= ELEMENT_H6;
}

static bool heading_in_scope(const struct tree_builder *builder) {
    for (enum element i = ELEMENT_H1; i <= ELEMENT_H6; i++)
        if (tree_in_scope(builder, i, SCOPE_BLOCK)) return true;
    return false;
}

static bool form_in_scope(const struct tree_builder *builder, int form) {
    for (size_t i = builder->depth; i-- > 0;) {
        if (builder->stack[i] == form) return true;
        if (is_boundary(tree_element(builder, builder->stack[i]), SCOPE_BLOCK)) return false;
    }
    return false;
}

/* ---------------------------------------------------------------- start tags */

static void close_paragraph(struct tree_builder *builder) {
    if (tree_in_scope(builder, ELEMENT_P, SCOPE_BUTTON)) tree_close_to(builder, ELEMENT_P);
}

static void start_block(struct tree_builder *builder, const struct tree_token *token) {
    close_paragraph(builder);
    tree_insert(builder, token);
}

static void start_heading(struct tree_builder *builder, const struct tree_token *token) {
    close_paragraph(builder);
    if (is_heading(tree_current_element(builder))) tree_close(builder);
    tree_insert(builder, token);
}

static bool are_alike(enum element item, enum element other) {
    bool in_list = item == ELEMENT_LI;
    return in_list ? other == ELEMENT_LI : other == ELEMENT_DD || other == ELEMENT_DT;
}

/* An item ends the one before it, unless a block other than these is open in that. */
static void start_item(struct tree_builder *builder, const struct tree_token *token) {
    for (size_t i = builder->depth; i-- > 0;) {
        enum element open = tree_element(builder, builder->stack[i]);
        if (are_alike(token->element, open)) {
            tree_close_to(builder, open);
            break;
        }
        bool within = open == ELEMENT_ADDRESS || open == ELEMENT_DIV || open == ELEMENT_P;
        if (element_rules[open].flags & ELEMENT_IS_SPECIAL && !within) break;
    }
    start_block(builder, token);
}

static void start_form(struct tree_builder *builder, const struct tree_token *token) {
    if (builder->form != TREE_NONE) return;
    close_paragraph(builder);
    builder->form = tree_insert(builder, token);
}

static void start_inline(struct tree_builder *builder, const struct tree_token *token) {
    tree_continue_link(builder);
    tree_insert(builder, token);
}

static void start_button(struct tree_builder *builder, const struct tree_token *token) {
    if (tree_in_scope(builder, ELEMENT_BUTTON, SCOPE_BLOCK)) tree_close_to(builder, ELEMENT_BUTTON);
    start_inline(builder, token);
}

static void start_link(struct tree_builder *builder, const struct tree_token *token) {
    tree_open_link(builder, token);
}

static void start_object(struct tree_builder *builder, const struct tree_token *token) {
    start_inline(builder, token);
    tree_bound_links(builder);
}

static void start_option(struct tree_builder *builder, const struct tree_token *token) {
    if (tree_current_element(builder) == ELEMENT_OPTION) tree_close(builder);
    start_inline(builder, token);
}

static void start_table(struct tree_builder *builder, const struct tree_token *token) {
    if (!builder->in_quirks) close_paragraph(builder);
    tree_insert(builder, token);
    builder->mode = TREE_IN_TABLE;
}

static void start_void(struct tree_builder *builder, const struct tree_token *token) {
    tree_continue_link(builder);
    tree_insert_void(builder, token);
}

static void start_rule(struct tree_builder *builder, const struct tree_token *token) {
    close_paragraph(builder);
    tree_insert_void(builder, token);
}

void tree_insert_raw(struct tree_builder *builder, const struct tree_token *token) {
    tree_insert(builder, token);
    builder->mode_after_text = builder->mode;
    builder->mode = TREE_IN_TEXT;
}

static void start_raw_block(struct tree_builder *builder, const struct tree_token *token) {
    close_paragraph(builder);
    tree_continue_link(builder);
    tree_insert_raw(builder, token);
}

static void start_html(struct tree_builder *builder, const struct tree_token *token) {
    tree_merge_attributes(builder, builder->stack[0], token);
}

static void start_body(struct tree_builder *builder, const struct tree_token *token) {
    if (builder->depth > 1 && tree_element(builder, builder->stack[1]) == ELEMENT_BODY)
        tree_merge_attributes(builder, builder->stack[1], token);
}

static void (*const start_tags[])(struct tree_builder *, const struct tree_token *) = {
    [START_INLINE] = start_inline,
    [START_BLOCK] = start_block,
    [START_HEADING] = start_heading,
    [START_ITEM] = start_item,
    [START_FORM] = start_form,
    [START_BUTTON] = start_button,
    [START_ANCHOR] = start_link,
    [START_OBJECT] = start_object,
    [START_OPTION] = start_option,
    [START_TABLE] = start_table,
    [START_VOID] = start_void,
    [START_RULE] = start_rule,
    [START_HEAD_PART] = tree_insert_void,
    [START_TITLE] = tree_insert_raw,
    [START_RAW] = tree_insert_raw,
    [START_RAW_BLOCK] = start_raw_block,
    [START_RAW_HEAD] = tree_insert_raw,
    [START_HTML] = start_html,
    [START_BODY] = start_body,
};

/* ---------------------------------------------------------------- end tags */

static void end_inline(struct tree_builder *builder, enum element element) {
    for (size_t i = builder->depth; i-- > 0;) {
        enum element open = tree_element(builder, builder->stack[i]);
        if (open == element) {
            tree_close_to(builder, element);
            return;
        }
        if (element_rules[open].flags & ELEMENT_IS_SPECIAL) return;
    }
}

static void end_in_scope(struct tree_builder *builder, enum element element, enum tree_scope scope) {
    if (tree_in_scope(builder, element, scope)) tree_close_to(builder, element);
}

static void end_paragraph(struct tree_builder *builder) {
    if (!tree_in_scope(builder, ELEMENT_P, SCOPE_BUTTON)) tree_insert_element(builder, ELEMENT_P);
    tree_close_to(builder, ELEMENT_P);
}

static void end_heading(struct tree_builder *builder) {
    if (!heading_in_scope(builder)) return;
    while (!is_heading(tree_element(builder, tree_close(builder)))) continue;
}

/* Closes the form only: elements that are open in it stay open. */
static void end_form(struct tree_builder *builder) {
    int form = builder->form;
    builder->form = TREE_NONE;
    if (form == TREE_NONE || !form_in_scope(builder, form)) return;
    tree_close_implied(builder);
    tree_take_from_stack(builder, form);
}

static void end_object(struct tree_builder *builder, enum element element) {
    if (!tree_in_scope(builder, element, SCOPE_TABLE)) return;
    tree_close_to(builder, element);
    tree_unbound_links(builder);
}

static void end_break(struct tree_builder *builder) {
    tree_continue_link(builder);
    tree_insert_element(builder, ELEMENT_BR);
    tree_close(builder);
}

static bool end_page(struct tree_builder *builder, enum element element) {
    if (!tree_in_scope(builder, ELEMENT_BODY, SCOPE_BLOCK)) return false;
    builder->mode = TREE_AFTER_BODY;
    return element == ELEMENT_HTML;
}

static bool handle_end(struct tree_builder *builder, enum element element) {
    switch ((enum end_tag)element_rules[element].end) {
    case END_INLINE:
        end_inline(builder, element);
        break;
    case END_BLOCK:
        end_in_scope(builder, element, SCOPE_BLOCK);
        break;
    case END_LIST_ITEM:
        end_in_scope(builder, element, SCOPE_LIST);
        break;
    case END_PARAGRAPH:
        end_paragraph(builder);
        break;
    case END_HEADING:
        end_heading(builder);
        break;
    case END_FORM:
        end_form(builder);
        break;
    case END_ANCHOR:
        tree_close_link(builder);
        break;
    case END_OBJECT:
        end_object(builder, element);
        break;
    case END_BREAK:
        end_break(builder);
        break;
    case END_PAGE:
        return end_page(builder, element);
    }
    return false;
}

/* ---------------------------------------------------------------- modes */

bool tree_handle_in_body(struct tree_builder *builder, const struct tree_token *token) {
    if (token->kind == TOKEN_END) return handle_end(builder, token->element);
    if (token->kind == TOKEN_START && element_rules[token->element].start != START_MISPLACED)
        start_tags[element_rules[token->element].start](builder, token);
    if (token->kind == TOKEN_TEXT && token->text.length) {
        tree_continue_link(builder);
        tree_read_text(builder, token);
    }
    return false;
}

/* Tags other than the end tag of the element are text. */
bool tree_handle_in_text(struct tree_builder *builder, const struct tree_token *token) {
    bool ends = token->kind == TOKEN_END && token->element == tree_current_element(builder);
    if (!ends && token->kind != TOKEN_LAST) {
        tree_read_text(builder, token);
        return false;
    }
    tree_close(builder);
    builder->mode = builder->mode_after_text;
    return token->kind == TOKEN_LAST;
}
