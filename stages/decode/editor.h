/* Edits a text, copying it only if something changes. The text between two edits is copied in one piece. */
#ifndef STAGES_DECODE_EDITOR_H
#define STAGES_DECODE_EDITOR_H

#include "pipeline/base/text.h"

struct editor {
    struct span text;
    struct buffer *out; /* the edited copy; empty until the first edit */
    size_t copied;      /* position in `text` up to which `out` is complete */
    size_t edits;
};

/* Replaces text[at, at + length) with `by`. Positions must not decrease from call to call. */
static inline void editor_replace(struct editor *editor, size_t at, size_t length, struct span by) {
    buffer_add(editor->out, editor->text.at + editor->copied, at - editor->copied);
    buffer_add_span(editor->out, by);
    editor->copied = at + length;
    editor->edits++;
}

/* Copies the rest. Returns the text itself if nothing was edited, otherwise a span of the buffer. */
static inline struct span editor_end(struct editor *editor) {
    if (editor->edits == 0) return editor->text;
    buffer_add(editor->out, editor->text.at + editor->copied, editor->text.length - editor->copied);
    editor->copied = editor->text.length;
    return buffer_span(editor->out);
}

#endif
