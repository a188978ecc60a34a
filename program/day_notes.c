#include "program/day_notes.h"

#include "pipeline/article/record.h"
#include "stages/language/unicode.h"

/* Maximum number of waiting and failed articles on the page of a day; `dragoman status` lists them all. */
enum { MAX_MISSING = 200 };

/* ---------------------------------------------------------------- outages and notes */

static const char *const outage_names[OUTAGE_KINDS] = {
    [OUTAGE_SOURCE] = "source", [OUTAGE_SERVICE] = "service", [OUTAGE_MONEY] = "money", [OUTAGE_SILENCE] = "silence"};

static void add_outages(cJSON *root, struct store *store, const char *day, struct arena *arena) {
    size_t count;
    const struct outage *outages = store_outages(store, day, arena, &count);
    cJSON *list = cJSON_AddArrayToObject(root, "outages");
    for (size_t i = 0; i < count; i++) {
        cJSON *item = cJSON_CreateObject();
        json_add(item, "kind", span_of(outage_names[outages[i].kind]));
        json_add(item, "name", outages[i].name);
        json_add(item, "since", outages[i].since);
        json_add_filled(item, "until", outages[i].until);
        json_add(item, "reason", outages[i].reason);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_notes(cJSON *root, struct store *store, const char *day, struct arena *arena) {
    size_t count;
    const struct day_note *notes = store_notes(store, day, arena, &count);
    cJSON *list = cJSON_AddArrayToObject(root, "notes");
    for (size_t i = 0; i < count; i++) {
        cJSON *item = cJSON_CreateObject();
        json_add_filled(item, "where", notes[i].where);
        json_add(item, "what", notes[i].what);
        cJSON_AddItemToArray(list, item);
    }
}

/* ---------------------------------------------------------------- articles that are missing */

/* Adds the headline as published, on the page or else in the feed, and its English if that may be shown. */
static void add_title(cJSON *item, struct span record) {
    struct article *article = NULL;
    if (!record.length || !record_read(record, 1, &article, NULL)) return;
    const struct segment *title = &article->title;
    /* A failed or new segment may hold a rejected translation, which must not be shown as a headline. */
    bool translated = title->target.length && title->status != SEGMENT_FAILED && title->status != SEGMENT_NEW;
    struct span known = title->source.length ? title->source : article->feed.title;
    json_add_filled(item, "title", known);
    json_add_filled(item, "language", span_of(article->language.code));
    if (text_is_right_to_left(known)) json_add(item, "dir", SPAN("rtl"));
    if (translated) json_add_filled(item, "title_english", title->target);
    article_free(article);
}

static cJSON *missing_json(const struct missing_article *missing) {
    cJSON *item = cJSON_CreateObject();
    json_add(item, "id", span_of(missing->id));
    add_title(item, missing->record);
    json_add_filled(item, "source", missing->source);
    json_add_filled(item, "address", missing->address);
    json_add(item, "since", missing->since);
    if (missing->waits) json_add(item, "for", span_of(failure_cause_name(missing->waits_for)));
    json_add_filled(item, "on", missing->waits_on);
    json_add(item, "reason", missing->note);
    return item;
}

static void add_missing(cJSON *root, struct store *store, const char *day, struct arena *arena) {
    size_t count;
    const struct missing_article *missing = store_missing(store, day, MAX_MISSING, arena, &count);
    /* `count` includes all such articles, but the array holds at most MAX_MISSING. */
    size_t listed = count < MAX_MISSING ? count : MAX_MISSING;
    cJSON *waiting = cJSON_AddArrayToObject(root, "waiting"), *failed = cJSON_AddArrayToObject(root, "failed");
    for (size_t i = 0; i < listed; i++)
        cJSON_AddItemToArray(missing[i].waits ? waiting : failed, missing_json(&missing[i]));
    if (count > listed) cJSON_AddNumberToObject(root, "more_missing", (double)(count - listed));
}

/* ---------------------------------------------------------------- what the day cost */

static void add_amounts(cJSON *item, const struct bill_line *sum) {
    cJSON *amounts = cJSON_AddObjectToObject(item, "day");
    cJSON_AddNumberToObject(amounts, "requests", (double)sum->requests);
    cJSON_AddNumberToObject(amounts, "characters", (double)sum->characters);
    if (sum->input_tokens || sum->output_tokens) {
        cJSON_AddNumberToObject(amounts, "input_tokens", (double)sum->input_tokens);
        cJSON_AddNumberToObject(amounts, "output_tokens", (double)sum->output_tokens);
    }
    cJSON_AddNumberToObject(amounts, "cost", (double)sum->cost / 1e6);
}

struct day_bill {
    cJSON *services;
    cJSON *item; /* the JSON object of the service to which `sum` belongs */
    struct bill_line sum;
};

static void end_service(struct day_bill *bill) {
    if (bill->item) add_amounts(bill->item, &bill->sum);
    bill->item = NULL;
    bill->sum = (struct bill_line){0};
}

/* Lines arrive grouped by service, so a new name means that the previous service is complete. */
static void take_line(void *context, const struct bill_line *line) {
    struct day_bill *bill = context;
    if (!bill->item || !span_equal(json_member_text(bill->item, "service"), line->service)) {
        end_service(bill);
        bill->item = cJSON_CreateObject();
        json_add(bill->item, "service", line->service);
        cJSON_AddItemToArray(bill->services, bill->item);
    }
    bill_add(&bill->sum, line);
}

static void add_spending(cJSON *root, struct store *store, const char *day, struct span currency) {
    cJSON *spent = cJSON_AddObjectToObject(root, "spent");
    json_add_filled(spent, "currency", currency);
    struct day_bill bill = {.services = cJSON_AddArrayToObject(spent, "services")};
    store_each_bill(store, span_of(day), take_line, &bill);
    end_service(&bill);
}

cJSON *day_notes_json(struct store *store, const char *day, struct span currency) {
    struct arena *arena = arena_new();
    cJSON *root = cJSON_CreateObject();
    add_outages(root, store, day, arena);
    add_missing(root, store, day, arena);
    add_notes(root, store, day, arena);
    add_spending(root, store, day, currency);
    arena_free(arena);
    return root;
}
