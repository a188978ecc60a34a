#include "program/lack.h"

#include "pipeline/article/record.h"
#include "pipeline/base/file.h"
#include "pipeline/store/store.h"

struct article *lack_read_record(const struct program *program, const struct article_row *row) {
    struct buffer path = BUFFER(1 << 16), text = BUFFER(RECORD_LIMIT);
    struct article *article = NULL;
    buffer_print(&path, "%s/%.*s", program->output_folder, SPAN_ARGS(row->path));
    if (!file_read(path.at, &text) || !record_read(buffer_span(&text), 0, &article, NULL)) article = NULL;
    buffer_free(&path);
    buffer_free(&text);
    return article;
}

struct span lack_of_page(const struct program *program, const struct article_row *row, struct span otherwise,
                         struct arena *arena) {
    struct article *article = row->path.length ? lack_read_record(program, row) : NULL;
    struct span note = article ? arena_copy(arena, article->origin.note) : SPAN("");
    article_free(article);
    return note.length ? note : otherwise;
}
