/* Makes an edited copy of a text only when there is something to edit: what lies between two edits is copied as a run.
 */
#ifndef STAGES_DECODE_EDITOR_H
#define STAGES_DECODE_EDITOR_H

#include "pipeline/base/text.h"

struct editor {
    struct span text;
    struct buffer *out; /* stays empty until the first edit */
    size_t copied;      /* position in text up to which out is complete */
    size_t edits;
};

/* Replaces text[at, at + length) by `by`; positions must not go back. */
static inline void editor_replace(struct editor *editor, size_t at, size_t length, struct span by) {
    buffer_add(editor->out, editor->text.at + editor->copied, at - editor->copied);
    buffer_add_span(editor->out, by);
    editor->copied = at + length;
    editor->edits++;
}

/* Copies the rest; the result borrows from the text when nothing was edited, otherwise from the buffer. */
static inline struct span editor_end(struct editor *editor) {
    if (editor->edits == 0) return editor->text;
    buffer_add(editor->out, editor->text.at + editor->copied, editor->text.length - editor->copied);
    editor->copied = editor->text.length;
    return buffer_span(editor->out);
}

#endif
