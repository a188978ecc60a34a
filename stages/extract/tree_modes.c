#include "stages/extract/tree_builder.h"

static bool is_start(const struct tree_token *token, enum element element) {
    return token->kind == TOKEN_START && token->element == element;
}

/* Takes the white space at the beginning from a text. Returns true if nothing is left of the token. A NUL counts as a
 * letter. */
static bool take_space(struct tree_token *token, struct span *ret_space) {
    size_t at = 0;
    *ret_space = SPAN("");
    if (token->kind != TOKEN_TEXT || token->has_nul) return false;
    while (at < token->text.length && text_is_space(token->text.at[at])) at++;
    *ret_space = span_cut(token->text, 0, at);
    token->text = span_cut(token->text, at, token->text.length);
    return token->text.length == 0;
}

/* End tags before the body are ignored, except those that belong to it. */
static bool is_stray_end(const struct tree_token *token) {
    return token->kind == TOKEN_END && token->element != ELEMENT_HEAD && token->element != ELEMENT_BODY &&
           token->element != ELEMENT_HTML && token->element != ELEMENT_BR;
}

/* ---------------------------------------------------------------- before the head */

static bool handle_initial(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    if (take_space(token, &space)) return false;
    builder->in_quirks = true;
    builder->mode = TREE_BEFORE_HTML;
    return true;
}

static bool handle_before_html(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    if (take_space(token, &space) || is_stray_end(token)) return false;
    builder->mode = TREE_BEFORE_HEAD;
    if (is_start(token, ELEMENT_HTML)) {
        tree_insert(builder, token);
        return false;
    }
    tree_insert_element(builder, ELEMENT_HTML);
    return true;
}

static bool handle_before_head(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    if (take_space(token, &space) || is_stray_end(token)) return false;
    builder->mode = TREE_IN_HEAD;
    bool is_head = is_start(token, ELEMENT_HEAD);
    builder->head = is_head ? tree_insert(builder, token) : tree_insert_element(builder, ELEMENT_HEAD);
    return !is_head;
}

/* ---------------------------------------------------------------- in the head */

/* Handles an element that belongs into the head. Returns false if the token is none. */
static bool handle_head_part(struct tree_builder *builder, const struct tree_token *token) {
    unsigned char start = element_rules[token->element].start;
    if (token->kind != TOKEN_START) return false;
    if (start == START_HEAD_PART)
        tree_insert_void(builder, token);
    else if (start == START_TITLE || start == START_RAW_HEAD)
        tree_insert_raw(builder, token);
    else
        return false;
    return true;
}

static void read_space(struct tree_builder *builder, struct span space) {
    buffer_add_span(&builder->text, space);
}

static bool handle_in_head(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    bool nothing = take_space(token, &space);
    read_space(builder, space);
    if (nothing || is_stray_end(token) || is_start(token, ELEMENT_HEAD)) return false;
    if (is_start(token, ELEMENT_HTML)) return tree_handle_in_body(builder, token);
    if (handle_head_part(builder, token)) return false;
    tree_close(builder);
    builder->mode = TREE_AFTER_HEAD;
    return token->kind != TOKEN_END || token->element != ELEMENT_HEAD;
}

/* Puts an element that belongs into the head there, although that has ended. */
static bool handle_late_head_part(struct tree_builder *builder, const struct tree_token *token) {
    unsigned char start = element_rules[token->element].start;
    if (token->kind != TOKEN_START || (start != START_HEAD_PART && start != START_TITLE && start != START_RAW_HEAD))
        return false;
    tree_add_text(builder);
    tree_open_again(builder, builder->head);
    handle_head_part(builder, token);
    tree_take_from_stack(builder, builder->head);
    return true;
}

static bool handle_after_head(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    bool nothing = take_space(token, &space);
    bool is_head_end = token->kind == TOKEN_END && token->element == ELEMENT_HEAD;
    read_space(builder, space);
    if (nothing || is_stray_end(token) || is_start(token, ELEMENT_HEAD) || is_head_end) return false;
    if (is_start(token, ELEMENT_HTML)) return tree_handle_in_body(builder, token);
    if (handle_late_head_part(builder, token)) return false;
    builder->mode = TREE_IN_BODY;
    if (is_start(token, ELEMENT_BODY)) {
        tree_insert(builder, token);
        return false;
    }
    tree_insert_element(builder, ELEMENT_BODY);
    return true;
}

/* ---------------------------------------------------------------- after the body */

static bool handle_after(struct tree_builder *builder, struct tree_token *token) {
    struct span space;
    bool nothing = take_space(token, &space);
    if (space.length) tree_handle_in_body(builder, &(struct tree_token){.kind = TOKEN_TEXT, .text = space});
    if (nothing || token->kind == TOKEN_LAST) return false;
    if (is_start(token, ELEMENT_HTML)) return tree_handle_in_body(builder, token);
    if (builder->mode == TREE_AFTER_BODY && token->kind == TOKEN_END && token->element == ELEMENT_HTML) {
        builder->mode = TREE_AFTER_ALL;
        return false;
    }
    builder->mode = TREE_IN_BODY;
    return true;
}

/* ---------------------------------------------------------------- all modes */

static bool handle_once(struct tree_builder *builder, struct tree_token *token) {
    switch (builder->mode) {
    case TREE_INITIAL:
        return handle_initial(builder, token);
    case TREE_BEFORE_HTML:
        return handle_before_html(builder, token);
    case TREE_BEFORE_HEAD:
        return handle_before_head(builder, token);
    case TREE_IN_HEAD:
        return handle_in_head(builder, token);
    case TREE_AFTER_HEAD:
        return handle_after_head(builder, token);
    case TREE_IN_BODY:
        return tree_handle_in_body(builder, token);
    case TREE_IN_TEXT:
        return tree_handle_in_text(builder, token);
    case TREE_IN_TABLE:
        return tree_handle_in_table(builder, token);
    case TREE_IN_TABLE_TEXT:
        return tree_handle_in_table_text(builder, token);
    case TREE_IN_CAPTION:
        return tree_handle_in_caption(builder, token);
    case TREE_IN_TABLE_BODY:
        return tree_handle_in_table_body(builder, token);
    case TREE_IN_ROW:
        return tree_handle_in_row(builder, token);
    case TREE_IN_CELL:
        return tree_handle_in_cell(builder, token);
    case TREE_AFTER_BODY:
    case TREE_AFTER_ALL:
        return handle_after(builder, token);
    }
    return false;
}

void tree_handle(struct tree_builder *builder, const struct tree_token *token) {
    struct tree_token rest = *token;
    while (handle_once(builder, &rest)) continue;
}
