#include "stages/extract/tree_builder.h"

static bool is_section(enum element element) {
    return element == ELEMENT_TBODY || element == ELEMENT_THEAD || element == ELEMENT_TFOOT;
}

static bool is_cell(enum element element) {
    return element == ELEMENT_TD || element == ELEMENT_TH;
}

/* Whether the element is part of a table. */
static bool is_of_table(enum element element) {
    return is_section(element) || is_cell(element) || element == ELEMENT_TR || element == ELEMENT_CAPTION;
}

static bool is_page(enum element element) {
    return element == ELEMENT_BODY || element == ELEMENT_HTML;
}

static bool in_table(const struct tree_builder *builder, enum element element) {
    return tree_in_scope(builder, element, SCOPE_TABLE);
}

/* Closes what is open within the table, or the part of it, to which a start tag belongs. */
static void close_within_table(struct tree_builder *builder) {
    while (tree_current_element(builder) != ELEMENT_TABLE && tree_current_element(builder) != ELEMENT_HTML)
        tree_close(builder);
}

static void close_within_section(struct tree_builder *builder) {
    while (!is_section(tree_current_element(builder)) && tree_current_element(builder) != ELEMENT_HTML)
        tree_close(builder);
}

static void close_within_row(struct tree_builder *builder) {
    while (tree_current_element(builder) != ELEMENT_TR && tree_current_element(builder) != ELEMENT_HTML)
        tree_close(builder);
}

/* ---------------------------------------------------------------- in a table */

/* Returns the mode for an open element, or TREE_INITIAL if it has none. */
static enum tree_mode mode_of(enum element element) {
    if (is_cell(element)) return TREE_IN_CELL;
    if (is_section(element)) return TREE_IN_TABLE_BODY;
    if (element == ELEMENT_TR) return TREE_IN_ROW;
    if (element == ELEMENT_CAPTION) return TREE_IN_CAPTION;
    if (element == ELEMENT_TABLE) return TREE_IN_TABLE;
    return element == ELEMENT_BODY ? TREE_IN_BODY : TREE_INITIAL;
}

static void set_mode(struct tree_builder *builder) {
    builder->mode = TREE_IN_BODY;
    for (size_t i = builder->depth; i-- > 0;) {
        enum tree_mode mode = mode_of(tree_element(builder, builder->stack[i]));
        if (mode == TREE_INITIAL) continue;
        builder->mode = mode;
        return;
    }
}

/* Returns whether there was one. */
static bool close_table(struct tree_builder *builder) {
    if (!in_table(builder, ELEMENT_TABLE)) return false;
    tree_close_to(builder, ELEMENT_TABLE);
    set_mode(builder);
    return true;
}

static void start_caption(struct tree_builder *builder, const struct tree_token *token) {
    close_within_table(builder);
    tree_bound_links(builder);
    tree_insert(builder, token);
    builder->mode = TREE_IN_CAPTION;
}

/* Rows and cells imply a section. */
static bool start_in_table(struct tree_builder *builder, const struct tree_token *token) {
    bool is_section_tag = is_section(token->element);
    if (token->element == ELEMENT_CAPTION) {
        start_caption(builder, token);
        return false;
    }
    close_within_table(builder);
    builder->mode = TREE_IN_TABLE_BODY;
    if (is_section_tag)
        tree_insert(builder, token);
    else
        tree_insert_element(builder, ELEMENT_TBODY);
    return !is_section_tag;
}

static void start_form(struct tree_builder *builder, const struct tree_token *token) {
    if (builder->form != TREE_NONE) return;
    builder->form = tree_insert(builder, token);
    tree_close(builder);
}

/* What does not belong into a table is read as in the body, and put before the table. */
static bool handle_outside(struct tree_builder *builder, const struct tree_token *token) {
    builder->moves_out = true;
    bool again = tree_handle_in_body(builder, token);
    builder->moves_out = false;
    return again;
}

static bool handle_end_in_table(struct tree_builder *builder, const struct tree_token *token) {
    if (token->element == ELEMENT_TABLE) close_table(builder);
    if (token->element == ELEMENT_TABLE || is_of_table(token->element) || is_page(token->element)) return false;
    return handle_outside(builder, token);
}

bool tree_handle_in_table(struct tree_builder *builder, const struct tree_token *token) {
    if (token->kind == TOKEN_LAST) return false;
    if (token->kind == TOKEN_TEXT) {
        builder->mode_after_text = builder->mode;
        builder->mode = TREE_IN_TABLE_TEXT;
        return true;
    }
    if (token->kind == TOKEN_END) return handle_end_in_table(builder, token);
    if (is_of_table(token->element)) return start_in_table(builder, token);
    if (token->element == ELEMENT_TABLE) return close_table(builder);
    if (token->element != ELEMENT_FORM) return handle_outside(builder, token);
    start_form(builder, token);
    return false;
}

/* Text is put before the table, white space is not. */
bool tree_handle_in_table_text(struct tree_builder *builder, const struct tree_token *token) {
    if (token->kind == TOKEN_TEXT) {
        tree_read_text(builder, token);
        return false;
    }
    builder->moves_out = span_trim(buffer_span(&builder->text)).length > 0;
    if (builder->moves_out) tree_continue_link(builder);
    tree_add_text(builder);
    builder->moves_out = false;
    builder->mode = builder->mode_after_text;
    return true;
}

bool tree_handle_in_caption(struct tree_builder *builder, const struct tree_token *token) {
    bool is_end = token->kind == TOKEN_END, is_own_end = is_end && token->element == ELEMENT_CAPTION;
    bool ends = (token->kind == TOKEN_START && is_of_table(token->element)) || is_own_end ||
                (is_end && token->element == ELEMENT_TABLE);
    if (!ends && is_end && (is_of_table(token->element) || is_page(token->element))) return false;
    if (!ends) return tree_handle_in_body(builder, token);
    if (!in_table(builder, ELEMENT_CAPTION)) return false;
    tree_close_to(builder, ELEMENT_CAPTION);
    tree_unbound_links(builder);
    builder->mode = TREE_IN_TABLE;
    return !is_own_end;
}

/* ---------------------------------------------------------------- in a section */

static bool in_section(const struct tree_builder *builder) {
    return in_table(builder, ELEMENT_TBODY) || in_table(builder, ELEMENT_THEAD) || in_table(builder, ELEMENT_TFOOT);
}

static void close_section(struct tree_builder *builder) {
    close_within_section(builder);
    tree_close(builder);
    builder->mode = TREE_IN_TABLE;
}

/* A cell implies a row. */
static bool start_row(struct tree_builder *builder, const struct tree_token *token) {
    close_within_section(builder);
    builder->mode = TREE_IN_ROW;
    if (token->element == ELEMENT_TR)
        tree_insert(builder, token);
    else
        tree_insert_element(builder, ELEMENT_TR);
    return token->element != ELEMENT_TR;
}

static bool handle_end_in_section(struct tree_builder *builder, const struct tree_token *token) {
    if (is_section(token->element)) {
        if (in_table(builder, token->element)) close_section(builder);
        return false;
    }
    if (token->element == ELEMENT_TABLE) {
        if (!in_section(builder)) return false;
        close_section(builder);
        return true;
    }
    if (is_of_table(token->element) || is_page(token->element)) return false;
    return tree_handle_in_table(builder, token);
}

bool tree_handle_in_table_body(struct tree_builder *builder, const struct tree_token *token) {
    if (token->kind == TOKEN_END) return handle_end_in_section(builder, token);
    if (token->kind != TOKEN_START || !is_of_table(token->element)) return tree_handle_in_table(builder, token);
    if (token->element == ELEMENT_TR || is_cell(token->element)) return start_row(builder, token);
    if (!in_section(builder)) return false;
    close_section(builder);
    return true;
}

/* ---------------------------------------------------------------- in a row and in a cell */

/* Returns whether there was a row. */
static bool close_row(struct tree_builder *builder, enum element needed) {
    if (!in_table(builder, needed)) return false;
    close_within_row(builder);
    tree_close(builder);
    builder->mode = TREE_IN_TABLE_BODY;
    return true;
}

static void start_cell(struct tree_builder *builder, const struct tree_token *token) {
    close_within_row(builder);
    tree_insert(builder, token);
    builder->mode = TREE_IN_CELL;
    tree_bound_links(builder);
}

bool tree_handle_in_row(struct tree_builder *builder, const struct tree_token *token) {
    enum element element = token->element;
    if (token->kind == TOKEN_START && is_cell(element)) {
        start_cell(builder, token);
        return false;
    }
    if (token->kind == TOKEN_START && is_of_table(element)) return close_row(builder, ELEMENT_TR);
    if (token->kind != TOKEN_END) return tree_handle_in_table(builder, token);
    if (element == ELEMENT_TR || element == ELEMENT_TABLE)
        return close_row(builder, ELEMENT_TR) && element == ELEMENT_TABLE;
    if (is_section(element)) return close_row(builder, element);
    return tree_handle_in_table(builder, token);
}

static void close_cell(struct tree_builder *builder, enum element cell) {
    tree_close_to(builder, cell);
    tree_unbound_links(builder);
    builder->mode = TREE_IN_ROW;
}

static bool close_any_cell(struct tree_builder *builder) {
    if (in_table(builder, ELEMENT_TD))
        close_cell(builder, ELEMENT_TD);
    else if (in_table(builder, ELEMENT_TH))
        close_cell(builder, ELEMENT_TH);
    else
        return false;
    return true;
}

static bool handle_end_in_cell(struct tree_builder *builder, const struct tree_token *token) {
    enum element element = token->element;
    bool is_known = in_table(builder, element);
    if (is_cell(element)) {
        if (is_known) close_cell(builder, element);
        return false;
    }
    if (element == ELEMENT_CAPTION || is_page(element)) return false;
    if (is_of_table(element) || element == ELEMENT_TABLE) return is_known && close_any_cell(builder);
    return tree_handle_in_body(builder, token);
}

bool tree_handle_in_cell(struct tree_builder *builder, const struct tree_token *token) {
    if (token->kind == TOKEN_END) return handle_end_in_cell(builder, token);
    if (token->kind == TOKEN_START && is_of_table(token->element)) return close_any_cell(builder);
    return tree_handle_in_body(builder, token);
}
