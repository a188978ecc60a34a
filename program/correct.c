#include "program/correct.h"

#include <string.h>

#include "pipeline/article/answers.h"
#include "pipeline/article/record.h"
#include "pipeline/article/verdict.h"
#include "pipeline/base/file.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/store_days.h"
#include "program/publish.h"
#include "program/repair.h"
#include "program/search/fill.h"
#include "stages/summarize/doubts.h"

/* ---------------------------------------------------------------- reading */

/* Reads the store's copy, which nobody has edited, else the file of a record from an earlier version. */
static bool read_article(struct program *program, const struct article_row *row, struct article **ret_article) {
    struct buffer path = BUFFER(1 << 16), text = BUFFER(RECORD_LIMIT);
    bool read =
        store_kept_bytes(program->store, row->id, &text) && record_read(buffer_span(&text), 0, ret_article, NULL);
    if (!read) {
        buffer_clear(&text);
        buffer_print(&path, "%s/%.*s", program->output_folder, SPAN_ARGS(row->path));
        read = file_read(path.at, &text) && record_intact(buffer_span(&text)) &&
               record_read(buffer_span(&text), 0, ret_article, NULL);
    }
    buffer_free(&path);
    buffer_free(&text);
    return read;
}

static bool find_row(struct program *program, struct span id, struct arena *arena, struct article_row *ret_row,
                     struct failure *ret_failure) {
    if (!program_find_article(program, id, arena, ret_row, ret_failure)) return false;
    if (ret_row->article_state == ARTICLE_STATE_DONE) return true;
    return failure_fatal(ret_failure, EXIT_BAD_DATA, "%s has no finished record: it is %s", ret_row->id,
                         article_state_name(ret_row->article_state));
}

bool correction_begin(struct program *program, struct span id, struct correction *ret_correction,
                      struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct article_row row;
    struct article *article = NULL;
    bool done = find_row(program, id, arena, &row, ret_failure);
    if (done && !read_article(program, &row, &article))
        done =
            failure_fatal(ret_failure, EXIT_BAD_DATA,
                          "the record of %s is missing or damaged; `dragoman verify --repair` may restore it", row.id);
    arena_free(arena);
    if (!done) return false;
    /* The row is read once more, into the arena that lives as long as the article. */
    store_find(program->store, span_of(row.id), article->arena, &ret_correction->row);
    memcpy(article->id, row.id, sizeof article->id);
    article->path = ret_correction->row.path;
    ret_correction->article = article;
    return true;
}

void correction_carry(struct program *program, struct article *article) {
    struct buffer text = BUFFER(RECORD_LIMIT);
    struct article *earlier = NULL;
    if (store_kept_bytes(program->store, article->id, &text) && record_read(buffer_span(&text), 0, &earlier, NULL))
        article_take_answers(article, earlier);
    article_free(earlier);
    buffer_free(&text);
}

void correction_end(struct correction *correction) {
    article_free(correction->article);
    correction->article = NULL;
}

/* ---------------------------------------------------------------- writing */

static bool make_record(struct program *program, struct article *article, struct failure *ret_failure) {
    for (size_t i = 0; i < program->stage_count; i++)
        if (program->stages[i] == &stage_write)
            return stage_write.work(program->states[i], article, ret_failure) == STAGE_CONTINUE;
    return failure_fatal(ret_failure, EXIT_SYSTEM, "the stage that writes records is not open");
}

/* The order is that of a run: the record is durable in the store before its file becomes visible, and the article is
 * marked afterwards. If this is cut short, repair writes the file. */
static bool put_in_place(struct program *program, struct correction *correction, struct failure *ret_failure) {
    struct article *article = correction->article;
    struct article_row *row = &correction->row;
    row->note = row->path = article->path;
    row->record = SPAN("");
    row->unfinished = (int)article_tally(article).failed;
    row->cut = article_is_cut(article);
    return repair_keep_record(program, article, ret_failure) && store_make_durable(program->store, ret_failure) &&
           durable_writer_write(program->output_folder, article->path, article->record, ret_failure) &&
           store_put(program->store, row, ret_failure) &&
           store_record_in_place(program->store, article->id, ret_failure) && store_commit(program->store, ret_failure);
}

bool correction_keep(struct program *program, struct correction *correction, struct failure *ret_failure) {
    struct article *article = correction->article;
    if (article_judge(article, ret_failure) == ARTICLE_FAILED)
        return failure_fatal(ret_failure, EXIT_BAD_DATA, "the checks reject all of %s; its record stays as it was",
                             article->id);
    summary_mark_doubts(article);
    return make_record(program, article, ret_failure) && put_in_place(program, correction, ret_failure);
}

bool correction_publish(struct program *program, const char *since, struct failure *ret_failure) {
    struct failure failure = {0};
    size_t made;
    if (!publish_stale_days(program, since, &made, ret_failure)) return false;
    if (!search_refresh(program->output_folder, &failure))
        log_sentence(&program->log, LOG_LEVEL_WARNING, failure.sentence);
    return true;
}
