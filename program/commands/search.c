/* Full-text search over the records of all days. */
#include <stdio.h>
#include <string.h>

#include "config/nearest.h"
#include "config/reader.h"
#include "pipeline/engine/source_settings.h"
#include "program/command.h"
#include "program/digest/period.h"
#include "program/say.h"
#include "program/search/fill.h"
#include "program/search/result.h"
#include "stages/check/checker.h"
#include "stages/language/names.h"

enum { MAX_RESULTS = 20, DAY_LENGTH = 10, LINE_BYTES = 16 << 10, MATCH_BYTES = 64 << 10 };

struct search {
    struct call *call;
    struct search_index *index;
    struct arena *arena;
    struct question question;
    struct search_question terms;
    struct table names; /* of languages */
    cJSON *results;     /* NULL if the output is text */
    size_t shown, gone; /* gone: found, but without an intact record */
};

/* ---------------------------------------------------------------- a result as text */

/* Hits are put in brackets, which survive a pipe, a log and a mail. */
static void add_snippet(struct buffer *out, const struct snippet *snippet) {
    size_t at = 0;
    if (snippet->cut_before) buffer_add_string(out, "... ");
    for (size_t i = 0; i < snippet->hit_count; i++) {
        const struct question_hit *hit = &snippet->hits[i];
        buffer_add_span(out, span_cut(snippet->text, at, hit->from));
        buffer_print(out, "[%.*s]", SPAN_ARGS(span_cut(snippet->text, hit->from, hit->to)));
        at = hit->to;
    }
    buffer_add_span(out, span_cut(snippet->text, at, snippet->text.length));
    if (snippet->cut_after) buffer_add_string(out, " ...");
}

static void say_snippet(const struct snippet *snippet) {
    struct buffer line = BUFFER(LINE_BYTES);
    add_snippet(&line, snippet);
    if (line.length) say("  %s", line.at);
    buffer_free(&line);
}

/* Why the sentence that is shown must not be trusted; empty if it may be. */
static struct span doubt_of(const struct segment *segment) {
    return segment->status == SEGMENT_FAILED ? SPAN("not translated") : checker_warning(segment);
}

static struct span english_title(const struct article *article) {
    return article->title.status == SEGMENT_FAILED ? SPAN("") : article->title.target;
}

static void say_headline(const struct article *article) {
    struct span english = english_title(article), source = article->title.source, doubt = article->title_doubt;
    if (english.length)
        say("  %.*s%s%.*s%s", SPAN_ARGS(english), doubt.length ? " [to check: " : "", SPAN_ARGS(doubt),
            doubt.length ? "]" : "");
    if (source.length && !span_equal(source, english)) say("  %.*s", SPAN_ARGS(source));
}

static struct span page_of(const struct search_result *result) {
    return result->page.length ? result->page : result->record;
}

static void say_result(const struct search *search, const struct search_result *result) {
    const struct article *article = result->article;
    struct span language = language_name(&search->names, span_of(article->language.code));
    bool complete = article->status == ARTICLE_COMPLETE;
    say("%.*s  %.*s  %.*s%s%s", SPAN_ARGS(span_cut(result->record, 0, DAY_LENGTH)), SPAN_ARGS(language),
        SPAN_ARGS(article_publisher(article)), complete ? "" : "  ",
        complete ? "" : article_status_name(article->status));
    say_headline(article);
    if (result->segment && result->segment_id) {
        say_snippet(&result->english);
        say_snippet(&result->source);
    }
    struct span doubt = result->segment ? doubt_of(result->segment) : SPAN("");
    if (doubt.length) say("  to check: %.*s", SPAN_ARGS(doubt));
    say("  %s/%.*s", search->call->program->output_folder, SPAN_ARGS(page_of(result)));
    puts("");
}

/* ---------------------------------------------------------------- a result as JSON */

static void add_part(cJSON *parts, struct span text, bool hit) {
    if (!text.length) return;
    cJSON *part = cJSON_CreateObject();
    json_add(part, "text", text);
    if (hit) cJSON_AddTrueToObject(part, "hit");
    cJSON_AddItemToArray(parts, part);
}

static void add_snippet_json(cJSON *object, const char *name, const struct snippet *snippet) {
    size_t at = 0;
    if (!snippet->text.length) return;
    cJSON *parts = cJSON_AddArrayToObject(object, name);
    for (size_t i = 0; i < snippet->hit_count; i++) {
        const struct question_hit *hit = &snippet->hits[i];
        add_part(parts, span_cut(snippet->text, at, hit->from), false);
        add_part(parts, span_cut(snippet->text, hit->from, hit->to), true);
        at = hit->to;
    }
    add_part(parts, span_cut(snippet->text, at, snippet->text.length), false);
}

static void add_sentence_json(cJSON *object, const struct search_result *result) {
    cJSON *sentence = cJSON_AddObjectToObject(object, "sentence");
    cJSON_AddNumberToObject(sentence, "segment", result->segment_id);
    json_add(sentence, "status", span_of(segment_status_name(result->segment->status)));
    json_add_filled(sentence, "doubt", doubt_of(result->segment));
    add_snippet_json(sentence, "english", &result->english);
    add_snippet_json(sentence, "source", &result->source);
}

static void add_result_json(cJSON *results, const struct search_result *result) {
    const struct article *article = result->article;
    cJSON *object = cJSON_CreateObject();
    json_add(object, "id", span_of(article->id));
    json_add(object, "day", span_cut(result->record, 0, DAY_LENGTH));
    json_add_filled(object, "language", span_of(article->language.code));
    json_add_filled(object, "source", article->origin.source);
    json_add_filled(object, "publisher", article_publisher(article));
    json_add(object, "status", span_of(article_status_name(article->status)));
    json_add_filled(object, "title", english_title(article));
    json_add_filled(object, "title_source", article->title.source);
    json_add_filled(object, "title_doubt", article->title_doubt);
    json_add_filled(object, "url", article_web_address(article));
    json_add(object, "record", result->record);
    json_add_filled(object, "page", result->page);
    if (result->segment) add_sentence_json(object, result);
    cJSON_AddItemToArray(results, object);
}

/* ---------------------------------------------------------------- searching */

static void show_match(void *context, const struct search_match *match) {
    struct search *search = context;
    struct search_result *result =
        search_result_read(search->call->program->output_folder, match->day, match->file, &search->question);
    search->gone += result == NULL;
    if (!result) return;
    search->shown++;
    if (search->results)
        add_result_json(search->results, result);
    else
        say_result(search, result);
    article_free(result->article);
}

static void print_end(const struct search *search, size_t total) {
    size_t found = total - search->gone;
    if (search->results) return;
    if (found == 0)
        puts("nothing found");
    else if (search->shown < found)
        printf("%zu of %zu article%s (--limit shows more)\n", search->shown, found, PLURAL(found));
    else
        printf("%zu article%s\n", found, found == 1 ? "" : "s");
    if (search->gone)
        printf("%zu more %s in the index, but the record%s gone or damaged; the next run updates the index\n",
               search->gone, search->gone == 1 ? "is" : "are", search->gone == 1 ? " is" : "s are");
}

static bool find(struct search *search, struct failure *ret_failure) {
    size_t limit, total;
    struct buffer match = BUFFER(MATCH_BYTES);
    if (!call_number(search->call, "--limit", MAX_RESULTS, &limit, ret_failure)) return false;
    /* With none to show, it would look as if nothing had been found. */
    if (!limit) return failure_fatal(ret_failure, EXIT_USAGE, "invalid value '0' for --limit: expected at least 1");
    question_match(&search->question, &match);
    search->terms.match = buffer_span(&match);
    cJSON *root = call_option(search->call, "--json") ? cJSON_CreateObject() : NULL;
    search->results = root ? cJSON_CreateArray() : NULL;
    bool done = search_index_find(search->index, &search->terms, limit, show_match, search, &total, ret_failure);
    if (done && root) {
        cJSON_AddNumberToObject(root, "matches", (double)(total - search->gone));
        cJSON_AddNumberToObject(root, "gone", (double)search->gone);
        cJSON_AddItemToObject(root, "results", search->results);
        command_print_json(root);
    } else if (root) {
        cJSON_Delete(search->results);
        cJSON_Delete(root);
    } else if (done)
        print_end(search, total);
    buffer_free(&match);
    return done;
}

/* ---------------------------------------------------------------- the options */

/* Refuses a value, and names the most similar one that would be right. */
static bool refuse(const char *option, const char *value, const char *const *names, size_t count, const char *expected,
                   struct failure *ret_failure) {
    const char *nearest = nearest_name(span_of(value), names, count);
    return failure_fatal(ret_failure, EXIT_USAGE, "invalid value '%s' for %s: %s%s%s", value, option,
                         nearest ? "did you mean '" : "expected ", nearest ? nearest : expected, nearest ? "'?" : "");
}

static bool read_day(const struct search *search, const char *option, const char **ret_day,
                     struct failure *ret_failure) {
    const char *value = call_option(search->call, option);
    if (!value) return true;
    *ret_day = value;
    if (period_is_day(value)) return true;
    size_t count;
    const struct span *days = search_index_days(search->index, search->arena, &count);
    const char **names = arena_take(search->arena, (count + 1) * sizeof *names);
    for (size_t i = 0; i < count; i++) names[i] = days[i].at;
    return refuse(option, value, names, count, "a day, for example 2026-01-29", ret_failure);
}

static bool read_language(struct search *search, struct failure *ret_failure) {
    const char *value = call_option(search->call, "--language");
    return !value || language_read(&search->names, span_of(value), search->arena, &search->terms.language, ret_failure);
}

/* A source that is no longer configured is still in the archive, and a new one not yet. */
static bool read_source(struct search *search, struct failure *ret_failure) {
    const char *value = call_option(search->call, "--source");
    const struct config *config = search->call->program->config;
    size_t count, configured = config_section_count(config, source_table);
    const struct span *sources = search_index_sources(search->index, search->arena, &count);
    const char **names = arena_take(search->arena, (count + configured + 1) * sizeof *names);
    if (!value) return true;
    for (size_t i = 0; i < count; i++) names[i] = sources[i].at;
    for (size_t i = 0; i < configured; i++)
        names[count++] = arena_string(search->arena, section_name(config_section_at(config, source_table, i)));
    search->terms.source = span_of(value);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], value) == 0) return true;
    return refuse("--source", value, names, count, "the name of a source", ret_failure);
}

static bool read_options(struct search *search, struct failure *ret_failure) {
    const char *day = NULL;
    if (!read_day(search, "--since", &search->terms.since, ret_failure) ||
        !read_day(search, "--day", &day, ret_failure) || !read_language(search, ret_failure) ||
        !read_source(search, ret_failure))
        return false;
    if (day && search->terms.since)
        return failure_fatal(ret_failure, EXIT_USAGE, "--day cannot be combined with --since");
    if (day) search->terms.since = search->terms.until = day;
    return true;
}

/* ---------------------------------------------------------------- the command */

static bool search_archive(struct search *search, const char *path, struct failure *ret_failure) {
    return question_read(search->call->words, search->call->word_count, search->arena, &search->question,
                         ret_failure) &&
           language_names_read(search->call->program->data_folder, search->arena, &search->names, ret_failure) &&
           search_index_open(path, SEARCH_READ, &search->index, ret_failure) && read_options(search, ret_failure) &&
           find(search, ret_failure);
}

static void print_counts(const struct search *search, const struct search_counts *counts, size_t records) {
    if (!call_option(search->call, "--json")) {
        printf("indexed %zu record%s\n", records, records == 1 ? "" : "s");
        if (counts->damaged)
            printf("%zu damaged record%s left out; see `dragoman verify`\n", counts->damaged,
                   counts->damaged == 1 ? " was" : "s were");
        return;
    }
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "records", (double)records);
    cJSON_AddNumberToObject(root, "damaged", (double)counts->damaged);
    command_print_json(root);
}

static bool rebuild(struct search *search, const char *path, struct failure *ret_failure) {
    struct search_counts counts;
    if (search->call->word_count)
        return failure_fatal(ret_failure, EXIT_USAGE, "--rebuild takes no words to search for");
    bool done = search_index_open(path, SEARCH_REBUILD, &search->index, ret_failure) &&
                search_fill(search->index, search->call->program->output_folder, &counts, ret_failure);
    if (done) print_counts(search, &counts, search_index_count(search->index));
    return done;
}

static enum exit_code do_search(struct call *call, struct failure *ret_failure) {
    struct search search = {.call = call, .arena = arena_new()};
    struct buffer path = BUFFER(1 << 16);
    search_index_path(call->program->output_folder, &path);
    bool done = call_option(call, "--rebuild") ? rebuild(&search, path.at, ret_failure)
                                               : search_archive(&search, path.at, ret_failure);
    search_index_close(search.index);
    arena_free(search.arena);
    buffer_free(&path);
    return done ? EXIT_DONE : ret_failure->exit_code;
}

static const struct option search_options[] = {
    {"--day", "DAY", "search the articles of this day only"},
    {"--since", "DAY", "search the articles of this day and later ones"},
    {"--language", "CODE", "search the articles in this source language only"},
    {"--source", "NAME", "search the articles of this source only"},
    {"--limit", "NUMBER", "show at most this many articles (default: 20)"},
    {"--json", NULL, "print one JSON object"},
    {"--rebuild", NULL, "rebuild the search index from the records"},
    OPTIONS_END};
static const char *const search_examples[] = {"dragoman search flood 'civil protection'",
                                              "articles with this word and this phrase, in either language",
                                              "dragoman search --language zh 洪水",
                                              "in Chinese articles only",
                                              "dragoman search 'elect*' --since 2026-01-01",
                                              "words that begin with 'elect', in this year's articles",
                                              NULL};

const struct subcommand command_search = {.name = "search",
                                          .takes = "WORD...",
                                          .max_words = ANY_WORDS,
                                          .help = "search the articles of all days, in both languages",
                                          .options = search_options,
                                          .examples = search_examples,
                                          .run = do_search};
