/* An editor's answer to a doubt: the translation is right. */
#include <stdio.h>
#include <string.h>

#include "pipeline/article/answers.h"
#include "pipeline/base/clock.h"
#include "program/command.h"
#include "program/correct.h"
#include "program/say.h"
#include "stages/services/common/key.h"

enum { MAX_SEGMENTS = 1000, DAY_LENGTH = 10 };

struct answers {
    struct program *program;
    struct correction correction;
    size_t accepted;
    cJSON *segments; /* what became of each; NULL without --json */
};

/* ---------------------------------------------------------------- one segment */

static bool find_segment(const struct article *article, unsigned id, struct segment_walk *ret_walk,
                         struct failure *ret_failure) {
    unsigned last = 0;
    for (*ret_walk = (struct segment_walk){0}; segment_walk_next(article, ret_walk); last = ret_walk->id)
        if (ret_walk->id == id) return true;
    return failure_fatal(ret_failure, EXIT_BAD_DATA, "%s has no segment %u: its last one is %u (0 is the headline)",
                         article->id, id, last);
}

/* What an editor found right may be used wherever the sentence occurs again, before any service is asked. */
static bool remember(struct store *store, const struct article *article, const struct segment_walk *walk,
                     struct failure *ret_failure) {
    const char *language = segment_walk_language(article, walk);
    struct memory_key key = key_of_import(walk->segment->source, language);
    struct memory_entry entry = {.source = walk->segment->source,
                                 .target = walk->segment->target,
                                 .source_language = span_of(language),
                                 .service = SPAN("memory"),
                                 .model = SPAN("accepted")};
    return store_remember(store, &key, &entry, ret_failure);
}

static bool can_be_accepted(const struct article *article, unsigned id, struct failure *ret_failure) {
    struct segment_walk walk;
    if (!find_segment(article, id, &walk, ret_failure)) return false;
    if (walk.segment->status != SEGMENT_FAILED && walk.segment->target.length) return true;
    return failure_fatal(ret_failure, EXIT_BAD_DATA,
                         "segment %u of %s has no translation that could be accepted; correct it: `dragoman export "
                         "xliff`, then `dragoman import FILE.xlf`",
                         id, article->id);
}

/* One line for people or, if `segments` is not NULL, one object. */
static void tell(const struct article *article, const struct segment_walk *walk, const char *state, cJSON *segments) {
    bool accepted = strcmp(state, "accepted") == 0;
    if (!segments && accepted)
        say("accepted segment %u of %s: %.*s", walk->id, article->id, SPAN_ARGS(walk->segment->target));
    if (!segments && !accepted)
        say("segment %u of %s %s", walk->id, article->id,
            walk->segment->accepted_at.length ? "has already been accepted"
                                              : "is not doubtful, so there is nothing to accept");
    if (!segments) return;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "segment", walk->id);
    json_add(object, "state", span_of(state));
    json_add(object, "source", walk->segment->source);
    json_add(object, "english", walk->segment->target);
    cJSON_AddItemToArray(segments, object);
}

static bool accept(struct answers *answers, unsigned id, struct failure *ret_failure) {
    struct article *article = answers->correction.article;
    struct segment_walk walk;
    char now[21];
    clock_iso_now(now);
    if (!find_segment(article, id, &walk, ret_failure)) return false;
    bool before = walk.segment->accepted_at.length > 0;
    bool accepted = article_accept(article, walk.segment, now);
    tell(article, &walk, accepted ? "accepted" : before ? "accepted before" : "no doubt", answers->segments);
    answers->accepted += accepted;
    return !accepted || remember(answers->program->store, article, &walk, ret_failure);
}

/* ---------------------------------------------------------------- the command */

static bool read_segments(const struct call *call, unsigned ret_ids[MAX_SEGMENTS], size_t *ret_count,
                          struct failure *ret_failure) {
    *ret_count = 0;
    if (call->word_count < 2 || call->word_count > MAX_SEGMENTS || !call->words[0][0])
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "give an article and its segments: `dragoman accept ID SEGMENT...`, for example `dragoman "
                             "accept 3f2a 4`");
    for (size_t i = 1; i < call->word_count; i++) {
        struct span word = span_of(call->words[i]);
        long long number;
        if (span_starts(word, SPAN("s"))) word = span_cut(word, 1, word.length); /* as pages and XLIFF write it */
        if (!span_number(word, &number) || number < 0 || number > INT32_MAX)
            return failure_fatal(ret_failure, EXIT_USAGE, "'%s' is not the number of a segment", call->words[i]);
        ret_ids[(*ret_count)++] = (unsigned)number;
    }
    return true;
}

/* Nothing is changed unless all of the segments can be accepted. */
static bool accept_all(struct answers *answers, const unsigned *ids, size_t count, struct failure *ret_failure) {
    struct correction *correction = &answers->correction;
    char since[DAY_LENGTH + 1] = "";
    for (size_t i = 0; i < count; i++)
        if (!can_be_accepted(correction->article, ids[i], ret_failure)) return false;
    for (size_t i = 0; i < count; i++)
        if (!accept(answers, ids[i], ret_failure)) return false;
    if (!answers->accepted) return true;
    memcpy(since, correction->article->path.at, DAY_LENGTH);
    return program_open_stages(answers->program, &stage_write, &stage_write, false, ret_failure) &&
           correction_keep(answers->program, correction, ret_failure) &&
           correction_publish(answers->program, since, ret_failure);
}

static void print_answers(struct answers *answers) {
    cJSON *root = cJSON_CreateObject();
    json_add(root, "article", span_of(answers->correction.article->id));
    cJSON_AddNumberToObject(root, "accepted", (double)answers->accepted);
    cJSON_AddItemToObject(root, "segments", answers->segments);
    command_print_json(root);
}

static enum exit_code do_accept(struct call *call, struct failure *ret_failure) {
    struct answers answers = {.program = call->program};
    unsigned ids[MAX_SEGMENTS];
    size_t count;
    if (call_option(call, "--json")) answers.segments = cJSON_CreateArray();
    bool done = read_segments(call, ids, &count, ret_failure) &&
                program_open_store(call->program, false, STORE_LOCKED, ret_failure) &&
                correction_begin(call->program, span_of(call->words[0]), &answers.correction, ret_failure) &&
                accept_all(&answers, ids, count, ret_failure);
    if (done && answers.segments) print_answers(&answers);
    if (!done) cJSON_Delete(answers.segments);
    /* A record that could not be written must not leave its answers in the memory. */
    if (!done && call->program->store) store_keep_nothing(call->program->store);
    correction_end(&answers.correction);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option accept_options[] = {{"--json", NULL, "print one JSON object"}, OPTIONS_END};
static const char *const accept_examples[] = {"dragoman accept 3f2a 4", "confirm the translation of sentence 4", NULL};

const struct subcommand command_accept = {.name = "accept",
                                          .takes = "ID SEGMENT...",
                                          .max_words = ANY_WORDS,
                                          .help = "confirm translations that the checks doubt",
                                          .options = accept_options,
                                          .examples = accept_examples,
                                          .confirms = true,
                                          .run = do_accept};
