#include "stages/segment/sentence_end.h"

#include "stages/segment/marks.h"

const struct marks *sentence_marks_read(const char *data_folder, struct arena *arena, struct failure *ret_failure) {
    struct marks *marks = arena_take(arena, sizeof *marks);
    return marks_read(data_folder, arena, marks, ret_failure) ? marks : NULL;
}

/* Of the marks that are ends in some languages only, those that announce or part something elsewhere say too little. */
static bool may_end(enum mark mark, uint32_t rune) {
    if (mark == MARK_EXTRA) return rune != ':' && rune != 0xB7 && rune != '|';
    return mark == MARK_POINT || mark == MARK_CALL || mark == MARK_PAUSE || mark == MARK_END;
}

bool sentence_ends(const struct marks *marks, struct span text) {
    for (uint32_t rune; text.length;) {
        text.length -= text_previous(text, text.length, &rune);
        enum mark mark = marks_of(marks, rune);
        if (may_end(mark, rune)) return true;
        if (mark != MARK_CLOSE && mark != MARK_QUOTE && mark != MARK_MARK && mark != MARK_SPACE) break;
    }
    return false;
}
