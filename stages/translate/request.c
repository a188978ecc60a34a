/* Chooses the texts of the next request. */
#include <stdlib.h>

#include "pipeline/store/store_ahead.h"
#include "pipeline/store/store_questions.h"
#include "stages/services/common/key.h"
#include "stages/translate/placeholders.h"
#include "stages/translate/task.h"

/* Whether the unit (a text to translate) fits into the request. The first unit always does, even if it exceeds a limit.
 */
static bool fits(const struct worth *worth, const struct request *request, const struct lane *lane,
                 const struct unit *unit, size_t words) {
    const struct service_limits known = worth_limits(worth, lane->configured_service), *limits = &known;
    if (request->count == 0) return true;
    if (request->units[0].first->alone || unit->first->alone) return false;
    bool paragraphs = lane->configured_service->service->unit == UNIT_PARAGRAPH;
    return request->count < MAX_TEXTS && (!limits->texts || request->count < limits->texts) &&
           (!limits->bytes || request->bytes + unit->text.length <= limits->bytes) &&
           (!limits->characters || request->characters + text_count(unit->text) <= limits->characters) &&
           (!paragraphs || request->words + words <= lane->configured_service->request_words);
}

/* Whether the glossary terms in this unit must be replaced with placeholders: only if the service can neither take a
 * glossary nor store one. */
static bool takes_placeholders(const struct translator *translator, const struct lane *lane, const struct unit *unit) {
    if (!unit->term_count || lane->configured_service->service->takes_glossary || unit->first->plain) return false;
    const struct remote_glossary *remote_glossary =
        remote_glossary_of(translator->remote_glossaries, lane->configured_service, lane->language);
    return !remote_glossary || remote_glossary->state == REMOTE_GLOSSARY_UNUSABLE;
}

/* From now on, no other article asks for the same text. */
static void add(const struct translator *translator, struct request *request, struct lane *lane,
                const struct unit *unit, const struct memory_key *key, size_t words, struct arena *arena) {
    size_t terms = takes_placeholders(translator, lane, unit) ? unit->term_count : 0;
    request->lane = lane;
    request->units[request->count] = *unit;
    request->texts[request->count] = placeholders_put(unit->text, unit->terms, terms, arena);
    request->keys[request->count++] = *key;
    pending_keys_add(translator->pending_keys, key);
    request->bytes += unit->text.length;
    request->characters += text_count(unit->text);
    request->words += words;
}

/* Whether the unit is a single sentence that is too long for the service. A paragraph can still be divided. */
static bool is_too_long(const struct worth *worth, const struct lane *lane, const struct unit *unit) {
    size_t most = worth_limits(worth, lane->configured_service).text_characters;
    return most && unit->count == 1 && text_count(unit->text) > most;
}

/* ---------------------------------------------------------------- returning texts to the queue */

static void put_back(struct task *task, const struct unit *unit) {
    for (struct pending *pending = unit->first, *next; pending; pending = next) {
        next = pending->next;
        queue_put(&task->queue, pending);
    }
}

void unit_retry(struct task *task, const struct unit *unit, bool single) {
    for (struct pending *pending = unit->first; pending; pending = pending->next) {
        pending->alone = true;
        pending->single = pending->single || single;
    }
    put_back(task, unit);
}

enum { END_OF_ROUTE = 1 << 20 };

/* Passes a unit on to the next service of the route. If several services have failed, a temporary failure takes
 * precedence over a permanent one: the text then waits for the next run, in which it may still be translated. */
static void move_unit(struct task *task, const struct unit *unit, unsigned places, const struct failure *why) {
    struct failure *kept = arena_take(task->queue.arena, sizeof *kept);
    *kept = *why;
    for (struct pending *pending = unit->first; pending; pending = pending->next) {
        if (!pending->why || !failure_waits(pending->why)) pending->why = kept;
        pending->alone = pending->plain = false;
        pending->outage = pending->outage || why->passing;
        pending->segment->tried += places;
    }
    put_back(task, unit);
}

void unit_pass_on(struct task *task, const struct unit *unit, const struct failure *why) {
    move_unit(task, unit, 1, why);
}

static void move_request(struct task *task, unsigned places, const struct failure *why) {
    for (size_t i = 0; i < task->request.count; i++) move_unit(task, &task->request.units[i], places, why);
    task->request.count = 0;
}

void request_pass_on(struct task *task, const struct failure *why) {
    move_request(task, 1, why);
}

void request_put_off(struct task *task, const struct failure *why) {
    move_request(task, END_OF_ROUTE, why);
}

/* Puts the units back in reverse, so that the lane is in reading order again. */
void request_put_back(struct task *task) {
    struct request *request = &task->request;
    while (request->count) lane_put_back(request->lane, &request->units[--request->count]);
}

void request_retry(struct task *task, const struct failure *why) {
    struct request *request = &task->request;
    if (request->count == 1) {
        request_pass_on(task, why);
        return;
    }
    for (size_t i = 0; i < request->count; i++) unit_retry(task, &request->units[i], false);
    request->count = 0;
}

void request_release(struct translator *translator, struct task *task) {
    for (size_t i = 0; task->asking && i < task->request.count; i++)
        pending_keys_drop(translator->pending_keys, &task->request.keys[i]);
    task->asking = false;
    trial_put_off(translator, task);
}

/* ---------------------------------------------------------------- asking the memory */

/* Units for which a server is asked at once, at first and at most. */
enum { UNITS_AHEAD = 2 * MAX_TEXTS, MOST_UNITS_AHEAD = 1 << 13 };

/* Returns the glossary terms in this text, as part of its translation memory key. The other terms are not part of the
 * key, so that changing them does not cause the text to be paid for again. */
static struct span terms_of(const struct unit *unit, struct arena *arena) {
    struct buffer terms = BUFFER(SIZE_MAX / 4);
    for (size_t i = 0; i < unit->term_count; i++)
        buffer_print(&terms, "%.*s\t%.*s\n", SPAN_ARGS(unit->terms[i].term->source),
                     SPAN_ARGS(unit->terms[i].term->target));
    struct span all = terms.length ? arena_copy(arena, buffer_span(&terms)) : SPAN("");
    buffer_free(&terms);
    return all;
}

static struct memory_key key_of_unit(const struct lane *lane, const struct unit *unit, struct arena *arena) {
    return key_of(unit->text, lane->language, lane->configured_service, lane->model, lane->prompt,
                  terms_of(unit, arena));
}

/* Whether recall() need not wait for a server. */
static bool is_looked_up(const struct translator *translator, const struct lane *lane, const struct unit *unit,
                         const struct memory_key *key) {
    if (!store_is_remote(translator->store)) return true;
    if (!lane->question || !store_question_covers(lane->question, key)) return false;
    struct memory_key imported = key_of_import(unit->text, lane->language);
    return lane->place > 0 || store_question_covers(lane->question, &imported);
}

/* Asks for all that take() is going to look up from here on. */
static void ask_ahead(const struct translator *translator, const struct article *article, const struct task *task,
                      struct lane *lane, struct pending *pending) {
    size_t count = 0, most = lane->units_ahead > UNITS_AHEAD ? lane->units_ahead : UNITS_AHEAD;
    struct memory_key *keys = memory_take_many(2 * most, sizeof *keys);
    for (size_t units = 0; pending && units < most; units++) {
        struct unit unit = unit_form(&task->queue, lane, pending);
        if (lane->place == 0) keys[count++] = key_of_import(unit.text, lane->language);
        keys[count++] = key_of_unit(lane, &unit, article->arena);
        pending = unit.last->next;
    }
    request_end_question(translator, lane);
    lane->question = store_ask(translator->store, keys, count);
    free(keys);
}

/* Asks from this unit on. If the request has room, it is put back, and more is asked for: of a long article of which
 * most is known, the rest is to be sent together. */
static void ask_on(struct translator *translator, const struct article *article, struct task *task, struct lane *lane,
                   struct pending *pending) {
    if (task->request.count) {
        task->asking = true;
        request_release(translator, task);
        request_put_back(task);
        pending = lane->first;
        lane->units_ahead = 2 * (lane->units_ahead ? lane->units_ahead : UNITS_AHEAD);
        if (lane->units_ahead > MOST_UNITS_AHEAD) lane->units_ahead = MOST_UNITS_AHEAD;
    }
    ask_ahead(translator, article, task, lane, pending);
}

void request_end_question(const struct translator *translator, struct lane *lane) {
    store_end_question(translator->store, lane->question);
    lane->question = NULL;
}

void request_end_questions(const struct translator *translator, struct task *task) {
    struct lane *lane;
    STAILQ_FOREACH(lane, &task->queue.lanes, next) request_end_question(translator, lane);
}

/* Looks the unit up in the translation memory: first among the imported translations, which take precedence over all
 * services, then among the earlier answers of this service. */
static bool recall(struct translator *translator, struct article *article, struct task *task, const struct lane *lane,
                   const struct unit *unit, const struct memory_key *key, struct memory_entry *ret_entry,
                   enum answer_origin *ret_origin) {
    struct memory_key imported = key_of_import(unit->text, lane->language);
    *ret_origin = ANSWER_IMPORTED;
    if (lane->place == 0 && store_recall(translator->store, &imported, SPAN(""), article->arena, ret_entry))
        return true;
    *ret_origin = ANSWER_REMEMBERED;
    return store_recall(translator->store, key, task->article_id, article->arena, ret_entry);
}

/* ---------------------------------------------------------------- filling */

enum taken { TAKEN, TAKEN_BY_OTHER, TAKEN_AFTER_TRIAL, TAKEN_NO_ROOM, TAKEN_NOT_LOOKED_UP };

static void pass_on_too_long(struct task *task, const struct unit *unit,
                             const struct configured_service *configured_service) {
    struct failure why;
    failure_set(&why, REACH_ARTICLE, REMEDY_NONE, "a sentence is too long for %.*s",
                SPAN_ARGS(configured_service->name));
    unit_pass_on(task, unit, &why);
}

/* Whether a rejected answer from the translation memory must be ignored and the service asked again: if the service may
 * have improved since then, and there is no other service to ask or to wait for. */
static bool must_ask_again(struct translator *translator, const struct task *task, const struct lane *lane,
                           const struct unit *unit, const struct memory_entry *entry) {
    const struct failure *why = unit->first->why;
    bool last_word = unit->first->kept || !answers_ask_another(translator, task, lane);
    return entry->only_for.length && last_word && !(why && failure_waits(why)) &&
           (trial_of(translator, lane) != TRIAL_NONE ||
            !trial_is_over(translator, lane->configured_service, lane->language));
}

/* Takes the unit at *link out of its lane. The unit goes into the request or to the next service; if the translation
 * memory contains its translation, that is used. The unit stays in the lane if another article has requested the same
 * text, if the request has no room, or if a server is still to be asked what the memory has. */
static enum taken take(struct translator *translator, struct article *article, struct task *task, struct lane *lane,
                       struct pending **link, struct unit *unit) {
    struct memory_entry entry;
    struct memory_key key = key_of_unit(lane, unit, article->arena);
    bool too_long = is_too_long(translator->worth, lane, unit);
    if (pending_keys_has(translator->pending_keys, &key)) return TAKEN_BY_OTHER;
    if (!too_long && !is_looked_up(translator, lane, unit, &key)) return TAKEN_NOT_LOOKED_UP;
    enum answer_origin origin = ANSWER_BOUGHT; /* changed by recall() if the translation memory has the answer */
    bool known = !too_long && recall(translator, article, task, lane, unit, &key, &entry, &origin);
    if (known && must_ask_again(translator, task, lane, unit, &entry)) known = false;
    size_t words = queue_count_words(unit->text);
    const struct failure *closed = worth_closed(translator->worth, lane->configured_service->name, lane->language);
    bool asks = !known && !too_long && !closed;
    if (asks && !fits(translator->worth, &task->request, lane, unit, words)) return TAKEN_NO_ROOM;
    if (asks && trial_of(translator, lane) == TRIAL_UNDER_WAY) return TAKEN_AFTER_TRIAL;
    lane_cut(lane, link, unit);
    if (too_long)
        pass_on_too_long(task, unit, lane->configured_service);
    else if (!known && closed)
        unit_pass_on(task, unit, closed);
    else if (known)
        dry_run_recalled(translator, lane, unit);
    else
        add(translator, &task->request, lane, unit, &key, words, article->arena);
    if (known) answers_take(translator, article, task, lane, unit, &entry, origin);
    return TAKEN;
}

static void give_up_lane(const struct translator *translator, struct article *article, struct task *task,
                         struct lane *lane) {
    for (struct pending *pending = lane->first; pending; pending = pending->next)
        answers_give_up(translator, article, task, pending);
    lane->first = NULL;
    lane->last = &lane->first;
}

/* Whether the lane's service is the embedded engine, added at the end because the user configured neither it nor a
 * route. */
static bool is_last_resort(const struct lane *lane) {
    return lane->configured_service->implied && !lane->route.services;
}

/* Gives up, for this run, on texts for which a service is temporarily unavailable, instead of letting the embedded
 * engine translate them. A complete article is never translated again, so a poor translation now would prevent a good
 * one in the next run. Users who prefer the embedded engine can name it in a route. */
static void await_outages(const struct translator *translator, struct article *article, struct task *task,
                          struct lane *lane) {
    lane->last = &lane->first;
    for (struct pending **link = &lane->first; *link;) {
        struct pending *pending = *link;
        if (pending->outage) {
            *link = pending->next;
            answers_give_up(translator, article, task, pending);
        } else {
            link = &pending->next;
            lane->last = link;
        }
    }
}

/* Fills the request from one lane, as far as the store has answered. FILLED_NOT: the request may have got something,
 * but there is nothing to wait for. */
static enum filled fill_from(struct translator *translator, struct article *article, struct task *task,
                             struct lane *lane) {
    enum filled filled = FILLED_NOT;
    if (lane->question && !store_is_answered(lane->question)) return FILLED_LATER;
    store_look_up_together(translator->store);
    store_use_question(translator->store, lane->question);
    enum taken taken = TAKEN;
    for (struct pending **link = &lane->first; *link && (taken == TAKEN || taken == TAKEN_BY_OTHER);) {
        struct unit unit = unit_form(&task->queue, lane, *link);
        taken = take(translator, article, task, lane, link, &unit);
        if (taken == TAKEN_BY_OTHER || taken == TAKEN_AFTER_TRIAL) filled = FILLED_WAITS;
        if (taken == TAKEN_BY_OTHER) link = &unit.last->next;
        if (taken == TAKEN_NOT_LOOKED_UP) filled = FILLED_LATER;
        if (taken == TAKEN_NOT_LOOKED_UP) ask_on(translator, article, task, lane, *link);
    }
    store_use_question(translator->store, NULL);
    return filled;
}

static bool has_term(const struct glossary *glossary, const struct term *term) {
    for (size_t i = 0; i < glossary->count; i++)
        if (span_equal(glossary->terms[i].source, term->source) && span_equal(glossary->terms[i].target, term->target))
            return true;
    return false;
}

/* Collects the terms of all texts in the request, without duplicates. */
static void gather_terms(const struct translator *translator, struct request *request, struct arena *arena) {
    size_t most = 0;
    request->glossary_id = (struct span){NULL, 0};
    for (size_t i = 0; i < request->count; i++) most += request->units[i].term_count;
    struct glossary_term *terms = most ? arena_take(arena, most * sizeof *terms) : NULL;
    request->glossary = (struct glossary){.terms = terms, .version = termbase_version(translator->termbase)};
    for (size_t i = 0; i < request->count; i++)
        for (size_t j = 0; j < request->units[i].term_count; j++) {
            const struct term *term = request->units[i].terms[j].term;
            if (!has_term(&request->glossary, term))
                terms[request->glossary.count++] =
                    (struct glossary_term){.source = term->source, .target = term->target};
        }
}

bool request_restore(struct task *task, size_t index, struct span *target, unsigned *unknown_words) {
    const struct unit *unit = &task->request.units[index];
    /* no placeholders were inserted */
    if (task->request.texts[index].at == unit->text.at) return true;
    if (placeholders_take(*target, unit->terms, unit->term_count, task->queue.arena, target)) {
        /* the engine may have counted each placeholder as an unknown word */
        *unknown_words -= *unknown_words < unit->term_count ? *unknown_words : (unsigned)unit->term_count;
        return true;
    }
    for (struct pending *pending = unit->first; pending; pending = pending->next) pending->plain = true;
    put_back(task, unit);
    return false;
}

/* Texts that are passed on to the next service may create lanes at the end of the list; the loop visits those too. */
enum filled request_fill(struct translator *translator, struct article *article, struct task *task) {
    bool waits = false, later = false;
    task->request.doubtful = false;
    task->request.count = task->request.characters = task->request.bytes = task->request.words = 0;
    for (struct lane *lane = STAILQ_FIRST(&task->queue.lanes); lane && task->request.count == 0 && !later;
         lane = STAILQ_NEXT(lane, next)) {
        if (lane->configured_service && is_last_resort(lane)) await_outages(translator, article, task, lane);
        enum filled filled = FILLED_NOT;
        if (!lane->configured_service)
            give_up_lane(translator, article, task, lane);
        else
            filled = fill_from(translator, article, task, lane);
        waits = waits || filled == FILLED_WAITS;
        later = filled == FILLED_LATER;
    }
    if (task->request.count) task->asking = true;
    if (task->request.count) trial_begin(translator, task);
    gather_terms(translator, &task->request, article->arena);
    return task->request.count ? FILLED : later ? FILLED_LATER : waits ? FILLED_WAITS : FILLED_NOT;
}
