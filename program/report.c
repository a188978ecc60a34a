#include "program/report.h"

#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/translate/closings.h"

/* These limits keep the report of a large run from filling memory. What is left out is counted. */
enum { MAX_NOTES = 1000, MAX_ARTICLES = 1000, MAX_SKIPS = 1000 };

struct report report_new(void) {
    struct arena *arena = arena_new();
    return (struct report){.arena = arena, .skips_by_reason = HASH_TABLE(arena)};
}

void report_free(struct report *report) {
    arena_free(report->arena);
    report->arena = NULL;
}

void report_add_note(struct report *report, struct span where, const char *what) {
    if (report->note_count == MAX_NOTES) {
        report->notes_left_out++;
        return;
    }
    report->notes =
        arena_grow(report->arena, report->notes, report->note_count, &report->note_capacity, sizeof *report->notes);
    report->notes[report->note_count++] = (struct report_note){.where = arena_copy(report->arena, where),
                                                               .what = arena_copy(report->arena, span_of(what))};
}

void report_add_article(struct report *report, const struct article_row *row) {
    if (report->article_count == MAX_ARTICLES) {
        report->articles_left_out++;
        return;
    }
    report->articles = arena_grow(report->arena, report->articles, report->article_count, &report->article_capacity,
                                  sizeof *report->articles);
    struct report_article *article = &report->articles[report->article_count++];
    *article = (struct report_article){.state = row->article_state,
                                       .source = arena_copy(report->arena, row->source),
                                       .address = arena_copy(report->arena, row->address),
                                       .why = arena_copy(report->arena, row->note)};
    memcpy(article->id, row->id, sizeof article->id);
}

void report_add_source(struct report *report, struct span name, const struct failure *failure) {
    report->sources = arena_grow(report->arena, report->sources, report->sources_failed, &report->source_capacity,
                                 sizeof *report->sources);
    report->sources[report->sources_failed++] =
        (struct failed_source){.name = arena_copy(report->arena, name), .failure = *failure};
}

void report_add_failed(struct report *report, const char *id, struct span where, const char *what) {
    report->failed = arena_grow(report->arena, report->failed, report->failed_count, &report->failed_capacity,
                                sizeof *report->failed);
    struct failed_article *failed = &report->failed[report->failed_count++];
    *failed = (struct failed_article){.where = arena_copy(report->arena, where),
                                      .what = span_of(arena_string(report->arena, span_of(what)))};
    memcpy(failed->id, id, sizeof failed->id);
    report->dead++;
}

static struct skipped_articles *add_reason(struct report *report, struct span source, const char *why,
                                           struct span key) {
    if (report->skip_count == MAX_SKIPS) return NULL;
    report->skips =
        arena_grow(report->arena, report->skips, report->skip_count, &report->skip_capacity, sizeof *report->skips);
    struct skipped_articles *skipped = &report->skips[report->skip_count++];
    *skipped = (struct skipped_articles){.source = arena_copy(report->arena, source),
                                         .why = arena_copy(report->arena, span_of(why))};
    hash_table_set(&report->skips_by_reason, arena_copy(report->arena, key), (void *)report->skip_count);
    return skipped;
}

void report_add_skipped(struct report *report, struct span source, const char *why) {
    struct arena *scratch = arena_new();
    struct span key = arena_print(scratch, "%.*s\n%s", SPAN_ARGS(source), why);
    size_t place = (size_t)hash_table_find(&report->skips_by_reason, key);
    /* hash_table_find() returns NULL if nothing is found, so the values in the table are indices plus one. */
    struct skipped_articles *skipped = place ? &report->skips[place - 1] : add_reason(report, source, why, key);
    if (skipped) skipped->count++;
    report->skipped++;
    arena_free(scratch);
}

void report_add_mail(struct report *report, const struct report_mail *mail) {
    report->mails =
        arena_grow(report->arena, report->mails, report->mail_count, &report->mail_capacity, sizeof *report->mails);
    struct report_mail *added = &report->mails[report->mail_count++];
    *added = *mail;
    added->label = arena_copy(report->arena, mail->label);
    added->reason = arena_copy(report->arena, mail->reason);
}

void report_note_first(struct report *report, struct span where, const char *what) {
    if (report->first_failed.what.length) return;
    report->first_failed.where = arena_copy(report->arena, where);
    report->first_failed.what = arena_copy(report->arena, span_of(what));
}

/* Appends, e.g., "service deepl" or "this machine (/news/a.html)". */
static void print_cause(const struct waiting *waiting, struct buffer *out) {
    static const struct {
        const char *alone, *before, *behind;
    } words[FAILURE_CAUSES] = {[CAUSE_ARTICLE] = {"the next run", "", ""},
                               [CAUSE_SERVICE] = {"a service", "service ", ""},
                               [CAUSE_NETWORK] = {"the network", "host ", ""},
                               [CAUSE_MONEY] = {"money", "money (", ")"},
                               [CAUSE_MACHINE] = {"this machine", "this machine (", ")"}};
    struct span name = waiting->waits_on;
    /* A row written by a newer version of the program may hold a cause that this version does not know. */
    enum failure_cause cause = waiting->waits_for < FAILURE_CAUSES ? waiting->waits_for : CAUSE_ARTICLE;
    if (name.length)
        buffer_print(out, "%s%.*s%s", words[cause].before, SPAN_ARGS(name), words[cause].behind);
    else
        buffer_add_string(out, words[cause].alone);
}

void report_waiting(const struct waiting *waiting, struct buffer *out) {
    char since[21] = "", local[17];
    if (waiting->since.length < sizeof since) memcpy(since, waiting->since.at, waiting->since.length);
    clock_local(since, local);
    buffer_print(out, "%zu article%s for ", waiting->count, waiting->count == 1 ? " waits" : "s wait");
    print_cause(waiting, out);
    buffer_print(out, "%s%s", local[0] ? " since " : "", local);
    if (waiting->reason.length) buffer_print(out, ": %.*s", SPAN_ARGS(waiting->reason));
}

size_t report_ended(const struct report *report) {
    return report->complete + report->partial + report->skipped + report->duplicate + report->waiting + report->dead;
}

struct count {
    const char *key, *words;
    size_t value;
};

static void list_counts(const struct report *report, struct count ret_counts[10]) {
    const struct count counts[10] = {
        {"found", "found", report->found},
        {"known", "known", report->known},
        {"complete", "complete", report->complete},
        {"partial", "partial", report->partial},
        {"skipped", "skipped", report->skipped},
        {"duplicate", "duplicate", report->duplicate},
        {"waiting", "waiting", report->waiting},
        {"failed", "failed", report->dead},
        {"sources_failed", report->sources_failed == 1 ? "source failed" : "sources failed", report->sources_failed},
        {"items_unusable", report->items_unusable == 1 ? "item unusable" : "items unusable", report->items_unusable}};
    for (size_t i = 0; i < 10; i++) ret_counts[i] = counts[i];
}

void report_sentence(const struct report *report, struct buffer *out) {
    struct count counts[10];
    list_counts(report, counts);
    buffer_print(out, "%zu article%s", report_ended(report), PLURAL(report_ended(report)));
    /* The first count (articles found) is left out, because the sentence already begins with a number of articles. */
    for (size_t i = 0; i < 10; i++)
        if (counts[i].value && i != 0) buffer_print(out, ", %zu %s", counts[i].value, counts[i].words);
    buffer_add_span(out, report->services_failed);
}

/* ---------------------------------------------------------------- services */

struct services {
    struct report *report;
    struct buffer sentence;
};

static struct stand_in *find_stand_in(const struct report *report, struct span missed, struct span service) {
    for (size_t i = 0; i < report->stand_in_count; i++) {
        struct stand_in *one = &report->stand_ins[i];
        if (span_equal(one->missed, missed) && span_equal(one->service, service)) return one;
    }
    return NULL;
}

/* Counts texts for each pair of services, because storing every call would take too much memory. */
void report_stood_in(struct report *report, struct span missed, struct span service) {
    struct stand_in *one = find_stand_in(report, missed, service);
    if (!one) {
        report->stand_ins = arena_grow(report->arena, report->stand_ins, report->stand_in_count,
                                       &report->stand_in_capacity, sizeof *report->stand_ins);
        one = &report->stand_ins[report->stand_in_count++];
        *one = (struct stand_in){.missed = arena_copy(report->arena, missed),
                                 .service = arena_copy(report->arena, service)};
    }
    one->texts++;
}

static bool is_service(struct span name) {
    return span_starts(name, SPAN("service "));
}

/* Returns whether a service has failed to an extent worth reporting. Failures after which a retry succeeded are not. */
static bool has_failed(const struct limiter *limiter) {
    return limiter->failed && (limiter->good == 0 || limiter->closed || limiter->refused);
}

/* Appends the services that translated in place of `missed`, e.g. "; good, better took its place". */
static void add_stand_ins(const struct report *report, struct span missed, struct buffer *out) {
    size_t count = 0;
    for (size_t i = 0; i < report->stand_in_count; i++)
        if (span_equal(report->stand_ins[i].missed, missed))
            buffer_print(out, "%s%.*s", count++ ? ", " : "; ", SPAN_ARGS(report->stand_ins[i].service));
    if (count) buffer_add_string(out, " took its place");
}

static void add_failed(void *context, struct span name, const struct limiter *limiter) {
    struct services *services = context;
    struct buffer what = BUFFER(2048);
    if (!is_service(name) || !(has_failed(limiter) || limiter_is_unsteady(limiter))) return;
    buffer_print(&what, "failed %lu of %lu request%s: %s", limiter->failed, limiter->requests,
                 PLURAL(limiter->requests), limiter_why(limiter));
    add_stand_ins(services->report, span_cut(name, 8, name.length), &what);
    report_add_note(services->report, name, what.at);
    if (has_failed(limiter)) buffer_print(&services->sentence, "; %.*s %s", SPAN_ARGS(name), what.at);
    buffer_free(&what);
}

static bool has_stand_ins(const struct report *report, struct span missed) {
    for (size_t i = 0; i < report->stand_in_count; i++)
        if (span_equal(report->stand_ins[i].missed, missed)) return true;
    return false;
}

/* Adds a note only if other services translated in place of this one. Otherwise articles are waiting for it, and the
 * report names it with them. */
static void add_closing(void *context, const struct closing *closing) {
    struct services *services = context;
    struct buffer what = BUFFER(2048), name = BUFFER(256);
    if (!has_stand_ins(services->report, closing->service)) return;
    buffer_add_span(&what, closing->reason);
    add_stand_ins(services->report, closing->service, &what);
    buffer_print(&name, "service %.*s", SPAN_ARGS(closing->service));
    report_add_note(services->report, buffer_span(&name), what.at);
    buffer_print(&services->sentence, "; %s", what.at);
    buffer_free(&what);
    buffer_free(&name);
}

void report_add_services(struct report *report, const struct dispatcher *dispatcher, struct store *store) {
    struct services services = {.report = report, .sentence = BUFFER(1 << 14)};
    dispatcher_each_limiter(dispatcher, add_failed, &services);
    closings_each(store, add_closing, &services);
    report->services_failed = arena_copy(report->arena, buffer_span(&services.sentence));
    buffer_free(&services.sentence);
}

static void add_limiter(void *context, struct span name, const struct limiter *limiter) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "name", name);
    cJSON_AddNumberToObject(item, "requests", (double)limiter->requests);
    cJSON_AddNumberToObject(item, "retries", (double)limiter->retries);
    cJSON_AddNumberToObject(item, "good", (double)limiter->good);
    cJSON_AddNumberToObject(item, "failed", (double)limiter->failed);
    if (limiter->failed) json_add(item, "reason", span_of(limiter_why(limiter)));
    if (limiter->closed) json_add(item, "closed", span_of(limiter_why(limiter)));
    cJSON_AddItemToArray(context, item);
}

/* Adds a service that billed more than the program had counted, which explains why a cap was reached early. */
static void add_excess(void *context, struct span service, double times) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "service", service);
    cJSON_AddNumberToObject(item, "times", times);
    cJSON_AddItemToArray(context, item);
}

/* Requests that a killed run had reserved in the budget count as spent. They are also listed separately, so that the
 * sums can be checked. */
static void add_budget(cJSON *root, const struct budget *budget) {
    struct bill_line recovered = budget_recovered(budget);
    cJSON *reached = cJSON_AddArrayToObject(root, "caps_reached");
    for (size_t i = 0; i < budget_reached_count(budget); i++)
        cJSON_AddItemToArray(reached, cJSON_CreateString(budget_reached(budget, i)));
    budget_each_excess(budget, add_excess, cJSON_AddArrayToObject(root, "billed_more_than_counted"));
    if (recovered.requests == 0) return;
    cJSON *killed = cJSON_AddObjectToObject(root, "counted_for_killed_run");
    cJSON_AddNumberToObject(killed, "requests", (double)recovered.requests);
    cJSON_AddNumberToObject(killed, "characters", (double)recovered.characters);
    cJSON_AddNumberToObject(killed, "cost", (double)recovered.cost / 1e6);
}

static void add_articles(cJSON *root, const struct report *report) {
    cJSON *list = cJSON_AddArrayToObject(root, "articles");
    for (size_t i = 0; i < report->article_count; i++) {
        const struct report_article *article = &report->articles[i];
        cJSON *item = cJSON_CreateObject();
        json_add(item, "id", span_of(article->id));
        json_add(item, "state", span_of(article_state_name(article->state)));
        json_add_filled(item, "source", article->source);
        json_add_filled(item, "address", article->address);
        json_add_filled(item, article->state == ARTICLE_STATE_DUPLICATE ? "duplicate_of" : "reason", article->why);
        cJSON_AddItemToArray(list, item);
    }
    cJSON_AddNumberToObject(root, "articles_left_out", (double)report->articles_left_out);
}

static void add_skipped(cJSON *root, const struct report *report) {
    cJSON *list = cJSON_AddArrayToObject(root, "skipped_for");
    for (size_t i = 0; i < report->skip_count; i++) {
        cJSON *skipped = cJSON_CreateObject();
        json_add_filled(skipped, "source", report->skips[i].source);
        json_add(skipped, "why", report->skips[i].why);
        cJSON_AddNumberToObject(skipped, "articles", (double)report->skips[i].count);
        cJSON_AddItemToArray(list, skipped);
    }
}

static void add_mails(cJSON *root, const struct report *report) {
    cJSON *list = cJSON_AddArrayToObject(root, "mails");
    for (size_t i = 0; i < report->mail_count; i++) {
        const struct report_mail *mail = &report->mails[i];
        cJSON *item = cJSON_CreateObject();
        json_add(item, "name", mail->label);
        cJSON_AddNumberToObject(item, "sent", (double)mail->mails);
        cJSON_AddNumberToObject(item, "stories", (double)mail->stories);
        json_add_filled(item, "waits", mail->reason);
        cJSON_AddItemToArray(list, item);
    }
}

void report_json(const struct report *report, const struct dispatcher *dispatcher, const struct budget *budget,
                 cJSON *spent, double seconds, struct buffer *out) {
    struct count counts[10];
    list_counts(report, counts);
    cJSON *root = cJSON_CreateObject();
    for (size_t i = 0; i < 10; i++) cJSON_AddNumberToObject(root, counts[i].key, (double)counts[i].value);
    add_skipped(root, report);
    cJSON_AddNumberToObject(root, "seconds", seconds);
    cJSON *notes = cJSON_AddArrayToObject(root, "notes");
    for (size_t i = 0; i < report->note_count; i++) {
        cJSON *note = cJSON_CreateObject();
        json_add_filled(note, "where", report->notes[i].where);
        json_add(note, "what", report->notes[i].what);
        cJSON_AddItemToArray(notes, note);
    }
    cJSON_AddNumberToObject(root, "notes_left_out", (double)report->notes_left_out);
    add_articles(root, report);
    add_mails(root, report);
    cJSON_AddItemToObject(root, "spent", spent);
    add_budget(root, budget);
    dispatcher_each_limiter(dispatcher, add_limiter, cJSON_AddArrayToObject(root, "limiters"));
    json_print_free(root, out);
}
