/* The tables of the search index. */
#include "pipeline/base/pack.h"
#include "pipeline/store/search_index_internal.h"

enum { CUT_LIMIT = 512 << 20 };

/* SQLITE_STATIC: the text must live until the statement has run. */
static void bind_text(sqlite3_stmt *statement, int position, struct span text) {
    sqlite3_bind_text64(statement, position, text.at ? text.at : "", text.length, SQLITE_STATIC, SQLITE_UTF8);
}

static struct span column(sqlite3_stmt *statement, int position) {
    const char *at = sqlite3_column_blob(statement, position);
    return (struct span){at, (size_t)sqlite3_column_bytes(statement, position)};
}

/* ---------------------------------------------------------------- lists */

/* Returns the first column of all rows; none if the index cannot be read, which the next change reports. */
static struct span *list(struct search_index *index, enum search_statement name, struct arena *arena,
                         size_t *ret_count) {
    struct span *texts = NULL;
    size_t capacity = 0;
    sqlite3_stmt *statement = search_index_statement(index, name, NULL);
    for (*ret_count = 0; statement && sqlite3_step(statement) == SQLITE_ROW; ++*ret_count) {
        texts = arena_grow(arena, texts, *ret_count, &capacity, sizeof *texts);
        texts[*ret_count] = arena_copy(arena, column(statement, 0));
    }
    sqlite3_reset(statement);
    return texts;
}

struct span *search_index_days(struct search_index *index, struct arena *arena, size_t *ret_count) {
    return list(index, SEARCH_SQL_DAYS, arena, ret_count);
}

struct span *search_index_languages(struct search_index *index, struct arena *arena, size_t *ret_count) {
    return list(index, SEARCH_SQL_LANGUAGES, arena, ret_count);
}

struct span *search_index_sources(struct search_index *index, struct arena *arena, size_t *ret_count) {
    return list(index, SEARCH_SQL_SOURCES, arena, ret_count);
}

size_t search_index_count(struct search_index *index) {
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_COUNT, NULL);
    bool read = statement && sqlite3_step(statement) == SQLITE_ROW;
    size_t count = read ? (size_t)sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return count;
}

bool search_index_files(struct search_index *index, const char *day, struct arena *arena,
                        struct search_file **ret_files, size_t *ret_count, struct failure *ret_failure) {
    struct search_file *files = NULL;
    size_t count = 0, capacity = 0;
    int code;
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_FILES, ret_failure);
    if (!statement) return false;
    bind_text(statement, 1, span_of(day));
    for (; (code = sqlite3_step(statement)) == SQLITE_ROW; count++) {
        files = arena_grow(arena, files, count, &capacity, sizeof *files);
        files[count] = (struct search_file){.name = arena_copy(arena, column(statement, 0)),
                                            .stamp = arena_copy(arena, column(statement, 1))};
    }
    bool done = code == SQLITE_DONE || search_index_fail(index, ret_failure);
    sqlite3_reset(statement);
    if (!done) return false;
    *ret_files = files;
    *ret_count = count;
    return true;
}

/* ---------------------------------------------------------------- folders */

bool search_index_knows_folder(struct search_index *index, const char *day, struct span stamp) {
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_FOLDER, NULL);
    if (!statement) return false;
    bind_text(statement, 1, span_of(day));
    bind_text(statement, 2, stamp);
    bool known = sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_reset(statement);
    return known;
}

bool search_index_put_folder(struct search_index *index, const char *day, struct span stamp,
                             struct failure *ret_failure) {
    sqlite3_stmt *statement = search_index_change(index, ret_failure)
                                  ? search_index_statement(index, SEARCH_SQL_PUT_FOLDER, ret_failure)
                                  : NULL;
    if (!statement) return false;
    bind_text(statement, 1, span_of(day));
    bind_text(statement, 2, stamp);
    return search_index_run(index, statement, ret_failure);
}

/* ---------------------------------------------------------------- records */

/* Gives FTS5 the words of a row, to add or to remove it. */
static bool give_words(struct search_index *index, enum search_statement name, sqlite3_int64 number,
                       const struct span words[3], struct failure *ret_failure) {
    sqlite3_stmt *statement = search_index_statement(index, name, ret_failure);
    if (!statement) return false;
    sqlite3_bind_int64(statement, 1, number);
    for (int i = 0; i < 3; i++) bind_text(statement, 2 + i, words[i]);
    return search_index_run(index, statement, ret_failure);
}

/* The three columns are kept as one text with a line for each; words contain no newline. */
static bool remove_words(struct search_index *index, sqlite3_int64 number, struct span cut,
                         struct failure *ret_failure) {
    struct buffer lines = BUFFER(CUT_LIMIT);
    struct span words[3] = {{0}}, rest;
    bool done = unpack(cut, &lines);
    rest = buffer_span(&lines);
    for (size_t i = 0; done && i < 3 && span_next(&rest, '\n', &words[i]); i++) continue;
    if (done)
        done = give_words(index, SEARCH_SQL_REMOVE_WORDS, number, words, ret_failure);
    else
        failure_fatal(ret_failure, EXIT_IO, "the search index in %s is damaged; " SEARCH_WAY_BACK, index->path);
    buffer_free(&lines);
    return done;
}

static bool remove_row(struct search_index *index, sqlite3_int64 number, struct failure *ret_failure) {
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_REMOVE, ret_failure);
    if (!statement) return false;
    sqlite3_bind_int64(statement, 1, number);
    return search_index_run(index, statement, ret_failure);
}

bool search_index_remove(struct search_index *index, const char *day, struct span file, struct failure *ret_failure) {
    sqlite3_stmt *find =
        search_index_change(index, ret_failure) ? search_index_statement(index, SEARCH_SQL_FIND, ret_failure) : NULL;
    if (!find) return false;
    bind_text(find, 1, span_of(day));
    bind_text(find, 2, file);
    int code = sqlite3_step(find);
    bool done = code == SQLITE_DONE || code == SQLITE_ROW || search_index_fail(index, ret_failure);
    if (code == SQLITE_ROW) {
        sqlite3_int64 number = sqlite3_column_int64(find, 0);
        done = remove_words(index, number, column(find, 1), ret_failure) && remove_row(index, number, ret_failure);
    }
    sqlite3_reset(find);
    return done;
}

bool search_index_remove_day(struct search_index *index, const char *day, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    size_t count = 0;
    struct search_file *files = NULL;
    bool done = search_index_files(index, day, arena, &files, &count, ret_failure);
    for (size_t i = 0; i < count && done; i++) done = search_index_remove(index, day, files[i].name, ret_failure);
    arena_free(arena);
    sqlite3_stmt *forget = done && search_index_change(index, ret_failure)
                               ? search_index_statement(index, SEARCH_SQL_FORGET_FOLDER, ret_failure)
                               : NULL;
    if (!forget) return false;
    bind_text(forget, 1, span_of(day));
    return search_index_run(index, forget, ret_failure);
}

static bool add_row(struct search_index *index, const struct search_document *document, struct span cut,
                    struct failure *ret_failure) {
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_PUT, ret_failure);
    if (!statement) return false;
    bind_text(statement, 1, span_of(document->day));
    bind_text(statement, 2, document->file);
    bind_text(statement, 3, document->stamp);
    bind_text(statement, 4, document->language);
    bind_text(statement, 5, document->source);
    sqlite3_bind_blob64(statement, 6, cut.at, cut.length, SQLITE_STATIC);
    return search_index_run(index, statement, ret_failure);
}

static bool add(struct search_index *index, const struct search_document *document, struct failure *ret_failure) {
    const struct span words[3] = {document->title, document->text, document->english};
    struct buffer lines = BUFFER(CUT_LIMIT), cut = BUFFER(CUT_LIMIT);
    for (size_t i = 0; i < 3; i++) {
        buffer_add_span(&lines, words[i]);
        buffer_add(&lines, "\n", 1);
    }
    bool done = !lines.full && pack(buffer_span(&lines), &cut);
    if (!done) failure_fatal(ret_failure, EXIT_IO, "a record exceeds the limit of the search index");
    done = done && add_row(index, document, buffer_span(&cut), ret_failure) &&
           give_words(index, SEARCH_SQL_PUT_WORDS, sqlite3_last_insert_rowid(index->database), words, ret_failure);
    buffer_free(&lines);
    buffer_free(&cut);
    return done;
}

bool search_index_put(struct search_index *index, const struct search_document *document, struct failure *ret_failure) {
    return search_index_remove(index, document->day, document->file, ret_failure) && add(index, document, ret_failure);
}

/* ---------------------------------------------------------------- searching */

bool search_index_find(struct search_index *index, const struct search_question *question, size_t limit,
                       void (*match)(void *context, const struct search_match *match), void *context, size_t *ret_total,
                       struct failure *ret_failure) {
    sqlite3_stmt *statement = search_index_statement(index, SEARCH_SQL_SEARCH, ret_failure);
    int code;
    *ret_total = 0;
    if (!statement) return false;
    bind_text(statement, 1, question->match);
    bind_text(statement, 2, span_of(question->since ? question->since : ""));
    bind_text(statement, 3, span_of(question->until ? question->until : "9999-99-99"));
    bind_text(statement, 4, question->language);
    bind_text(statement, 5, question->source);
    sqlite3_bind_int64(statement, 6, (sqlite3_int64)limit);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        *ret_total = (size_t)sqlite3_column_int64(statement, 2);
        match(context, &(struct search_match){.day = column(statement, 0), .file = column(statement, 1)});
    }
    bool done = code == SQLITE_DONE || search_index_fail(index, ret_failure);
    sqlite3_reset(statement);
    return done;
}
