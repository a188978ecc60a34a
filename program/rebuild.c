#include "program/rebuild.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/article/record.h"
#include "pipeline/article/records.h"
#include "pipeline/article/verdict.h"
#include "pipeline/base/pack.h"
#include "pipeline/base/sha256.h"
#include "pipeline/store/store_days.h"
#include "pipeline/store/store_workers.h"
#include "program/state.h"

/* ---------------------------------------------------------------- is it lost? */

static bool has_records(const char *output_folder, const char *day) {
    struct records *records = records_open(output_folder, day);
    bool any = records_count(records) > 0;
    records_close(records);
    return any;
}

/* The folders are looked at only while the state is empty, so this costs a working installation nothing. */
bool rebuild_needed(const struct program *program) {
    /* Another run may just have begun to fill it. */
    if (!store_is_empty(program->store) || !store_is_alone(program->store)) return false;
    struct arena *arena = arena_new();
    size_t count;
    bool any = false;
    struct span *days = records_days(program->output_folder, arena, &count);
    for (size_t i = 0; i < count && !any; i++) any = has_records(program->output_folder, arena_string(arena, days[i]));
    arena_free(arena);
    return any;
}

/* The state is still in its file, and `store` was set before it was moved. */
static bool is_not_moved(const struct program *program) {
    return state_is_on_server(program) && access(program->state_path, F_OK) == 0;
}

bool rebuild_check(const struct program *program, struct failure *ret_failure) {
    if (!rebuild_needed(program)) return true;
    if (is_not_moved(program))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "the state is still in %s, and %s is empty; take `store` out of the configuration, run "
                             "`dragoman move-store` with its address, then set it again",
                             program->state_path, state_name(program));
    return failure_fatal(ret_failure, EXIT_IO,
                         "the state %s knows no article, but there are records in %s: it was lost or moved. Restore it "
                         "from a backup, or run `dragoman verify --repair`, which makes a new state from the records, "
                         "so that their translations are not bought again; what was spent, the translation memory, and "
                         "articles that were waiting or had failed are then lost",
                         state_name(program), program->output_folder);
}

/* ---------------------------------------------------------------- making it again */

/* A finished article, as a run would have left it. */
static bool put_row(struct store *store, const struct article *article, const struct kept_record *record,
                    struct failure *ret_failure) {
    struct article_row row = {.article_state = ARTICLE_STATE_DONE,
                              .version = article->origin.version,
                              .source = article->origin.source,
                              .address = article->origin.address,
                              .note = record->path,
                              .path = record->path,
                              .day = record->day,
                              .unfinished = (int)article_tally(article).failed,
                              .cut = article_is_cut(article)};
    memcpy(row.id, article->id, sizeof row.id);
    return store_put(store, &row, ret_failure);
}

static bool take(struct store *store, struct span day, const struct article *article, struct span bytes,
                 struct failure *ret_failure) {
    char hash[65], path[128];
    struct buffer packed = BUFFER(RECORD_LIMIT);
    sha256_hex(bytes, hash);
    snprintf(path, sizeof path, "%.*s/articles/%s.json", SPAN_ARGS(day), article->id);
    struct kept_record record = {
        .day = day, .path = span_of(path), .version = article->origin.version, .hash = span_of(hash)};
    memcpy(record.id, article->id, sizeof record.id);
    bool done = pack(bytes, &packed) && put_row(store, article, &record, ret_failure) &&
                store_keep_record(store, &record, buffer_span(&packed), ret_failure) &&
                store_record_in_place(store, record.id, ret_failure);
    buffer_free(&packed);
    return done;
}

/* A record under another name than its own is a copy that somebody made. */
static bool is_named_after(const struct article *article, struct span name) {
    return name.length == 37 && span_starts(name, span_of(article->id));
}

static bool take_day(struct store *store, const struct records *records, struct span day, size_t *count,
                     struct failure *ret_failure) {
    struct buffer text = BUFFER(RECORD_LIMIT);
    bool done = true;
    for (size_t i = 0; i < records_count(records) && done; i++) {
        struct article *article = NULL;
        if (!records_read(records, i, 0, &text, &article)) continue;
        bool ours = is_named_after(article, records_name(records, i));
        done = !ours || take(store, day, article, buffer_span(&text), ret_failure);
        *count += done && ours;
        article_free(article);
    }
    buffer_free(&text);
    return done;
}

bool rebuild_state(struct program *program, size_t *ret_count, struct failure *ret_failure) {
    struct arena *arena = arena_new();
    size_t count;
    bool done = true;
    *ret_count = 0;
    struct span *days = records_days(program->output_folder, arena, &count);
    for (size_t i = 0; i < count && done; i++) {
        const char *day = arena_string(arena, days[i]);
        struct records *records = records_open(program->output_folder, day);
        done = store_begin_day(program->store, day, ret_failure) &&
               take_day(program->store, records, days[i], ret_count, ret_failure) &&
               store_commit(program->store, ret_failure);
        records_close(records);
    }
    arena_free(arena);
    return done;
}
