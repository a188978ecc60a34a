/* Schedules failed articles, and partial records that can be completed, for the next run. */
#include <stdio.h>

#include "pipeline/article/verdict.h"
#include "pipeline/store/store.h"
#include "program/command.h"
#include "program/lack.h"
#include "program/say.h"

struct counting {
    struct program *program;
    struct failure *failure;
    bool ok;
};

static void count_one(struct counting *counting, const struct article_row *row) {
    struct article *article = counting->ok ? lack_read_record(counting->program, row) : NULL;
    if (article)
        counting->ok = store_put_unfinished(counting->program->store, row->id, article_tally(article).failed,
                                            article_is_cut(article), counting->failure);
    article_free(article);
}

/* Rows written by older versions do not say how much of the article is missing, so the record is read to find out. */
static void count_unfinished(void *context, const struct article_row *row) {
    struct counting *counting = context;
    if (row->unfinished < 0) count_one(counting, row);
}

/* Nor did they take the file of an article that was cut for one that can be read again. */
static bool count_chosen(struct program *program, const struct article_row *row, struct failure *ret_failure) {
    struct counting counting = {.program = program, .failure = ret_failure, .ok = true};
    bool told = row && row->article_state == ARTICLE_STATE_DONE && row->unfinished == 0 && !row->pruned.length;
    if (told) count_one(&counting, row);
    return counting.ok;
}

static bool count_all_unfinished(struct program *program, struct failure *ret_failure) {
    struct counting counting = {.program = program, .failure = ret_failure, .ok = true};
    store_list(program->store, ARTICLE_STATE_DONE, (size_t)INT64_MAX, count_unfinished, &counting);
    return counting.ok;
}

static void add_part(struct buffer *out, size_t count, const char *what) {
    if (count) buffer_print(out, "%s%zu %s", out->length ? ", " : ": ", count, what);
}

static void print_retried(const struct retry_counts *counts) {
    size_t all = counts->failed + counts->waiting + counts->partial;
    struct buffer parts = BUFFER(256), partial = BUFFER(256);
    buffer_add_string(&partial, "partial with ");
    if (counts->missing)
        buffer_print(&partial, "%zu sentence%s missing", counts->missing, counts->missing == 1 ? "" : "s");
    if (counts->cut)
        buffer_print(&partial, "%s%zu page%s cut", counts->missing ? " and " : "", counts->cut,
                     counts->cut == 1 ? "" : "s");
    add_part(&parts, counts->failed, "failed");
    add_part(&parts, counts->waiting, "waiting");
    add_part(&parts, counts->partial, partial.at);
    printf("%zu article%s will be tried again in the next run%s\n", all, all == 1 ? "" : "s",
           parts.length ? parts.at : "");
    buffer_free(&parts);
    buffer_free(&partial);
}

static void print_retried_json(const struct retry_counts *counts) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "articles", (double)(counts->failed + counts->waiting + counts->partial));
    cJSON_AddNumberToObject(root, "failed", (double)counts->failed);
    cJSON_AddNumberToObject(root, "waiting", (double)counts->waiting);
    cJSON_AddNumberToObject(root, "partial", (double)counts->partial);
    cJSON_AddNumberToObject(root, "missing", (double)counts->missing);
    cJSON_AddNumberToObject(root, "cut", (double)counts->cut);
    command_print_json(root);
}

/* Explains why an article cannot be retried: it is complete, or it is partial because its source offers no more. */
static void print_complete(const struct program *program, const struct article_row *row) {
    struct article *article = row->article_state == ARTICLE_STATE_DONE ? lack_read_record(program, row) : NULL;
    if (article && article->status == ARTICLE_PARTIAL)
        say("%s is partial, and retrying cannot help: %.*s", row->id,
            SPAN_ARGS(article->origin.note.length ? article->origin.note : SPAN("its source offers no more text")));
    else
        printf("nothing to retry: %s is %s%s\n", row->id, row->article_state == ARTICLE_STATE_DUPLICATE ? "a " : "",
               article_state_name(row->article_state));
    article_free(article);
}

/* Explains why there is nothing to retry for this article. */
static void print_nothing(const struct program *program, const struct article_row *row, bool json) {
    if (json)
        print_retried_json(&(struct retry_counts){0});
    else if (row->article_state == ARTICLE_STATE_FOUND)
        printf("%s is already due in the next run\n", row->id);
    else if (row->pruned.length)
        printf("nothing to retry: the record of %s was pruned on %.*s\n", row->id, SPAN_ARGS(row->pruned));
    else
        print_complete(program, row);
}

/* Partial records are selected by the number of missing segments that is stored in their rows, so that number is first
 * filled in where it is unknown. Without a row, all are retried. */
static bool retry(struct program *program, const struct article_row *row, struct retry_counts *ret_counts,
                  struct failure *ret_failure) {
    return count_all_unfinished(program, ret_failure) && count_chosen(program, row, ret_failure) &&
           store_retry(program->store, row ? span_of(row->id) : SPAN(""), ret_counts, ret_failure) &&
           store_commit(program->store, ret_failure);
}

static enum exit_code do_retry(struct call *call, struct failure *ret_failure) {
    struct article_row row, *chosen = call->word_count ? &row : NULL;
    struct retry_counts counts = {0};
    bool json = call_option(call, "--json") != NULL;
    /* An empty variable of a script must not retry everything, which may cost money. */
    if (chosen && !call->words[0][0])
        failure_fatal(ret_failure, EXIT_USAGE, "the id is empty; without an argument, all articles are retried");
    if (ret_failure->reach != REACH_NONE || !program_open_store(call->program, false, STORE_LOCKED, ret_failure))
        return ret_failure->exit_code;
    struct arena *arena = arena_new();
    bool done = (!chosen || program_find_article(call->program, span_of(call->words[0]), arena, &row, ret_failure)) &&
                retry(call->program, chosen, &counts, ret_failure);
    if (done && chosen && counts.failed + counts.waiting + counts.partial == 0)
        print_nothing(call->program, chosen, json);
    else if (done && json)
        print_retried_json(&counts);
    else if (done)
        print_retried(&counts);
    arena_free(arena);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option retry_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const retry_examples[] = {"dragoman retry",
                                             "all failed articles, and the missing parts of partial records",
                                             "dragoman retry 3f2a", "one article, even if it is waiting", NULL};

const struct subcommand command_retry = {.name = "retry",
                                         .takes = "[ID]",
                                         .max_words = 1,
                                         .help =
                                             "retry failed articles and missing parts in the next run (default: all)",
                                         .options = retry_options,
                                         .examples = retry_examples,
                                         .confirms = true,
                                         .run = do_retry};
