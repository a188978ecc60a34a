#include "program/hooks/news.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store.h"
#include "program/hooks/news_internal.h"
#include "program/hooks/request.h"

/* A piece of news that cannot be delivered is given up after MAX_ATTEMPTS of its own or after MAX_DAYS. What is found
 * while MAX_WAITING wait is left out. MAX_FAILURES end the sending of a run, and so does MAX_MS. */
enum {
    MAX_ATTEMPTS = 50,
    MAX_DAYS = 3,
    MAX_WAITING = 1000,
    MAX_FAILURES = 3,
    MAX_MS = 60000,
    BODY_LIMIT = 1 << 20,
    HOOKS = 2
};
static const char *const hook_names[HOOKS] = {"webhook", "news"};

/* One piece of news that waits: its key and attempts, why it waits, and its body. */
struct piece {
    struct span key, since, reason, body;
    long long attempts;
};

struct sending {
    struct program *program;
    const struct hooks_settings *settings;
    struct arena *arena;
    hook_done *done;
    void *context;
    bool wanted[HOOKS];
    size_t waiting[HOOKS], left_out;
    int64_t until;
};

static bool keep(struct program *program, struct failure *ret_failure) {
    return store_commit(program->store, ret_failure) && store_make_durable(program->store, ret_failure);
}

/* ---------------------------------------------------------------- what waits */

static struct span prefix_of(const char *hook, struct arena *arena) {
    return arena_print(arena, "news waits %s ", hook);
}

/* A value is "ATTEMPTS<tab>REASON<newline>BODY". */
static bool put_piece(struct store *store, const struct piece *piece, struct failure *ret_failure) {
    struct buffer value = BUFFER(2 * BODY_LIMIT);
    buffer_print(&value, "%lld\t%.*s\n", piece->attempts, SPAN_ARGS(piece->reason));
    buffer_add_span(&value, piece->body);
    bool done = store_tell(store, piece->key, buffer_span(&value), piece->since, ret_failure);
    buffer_free(&value);
    return done;
}

static void read_piece(struct span value, struct piece *ret_piece) {
    struct span head = SPAN(""), attempts = SPAN("");
    span_next(&value, '\n', &head);
    span_next(&head, '\t', &attempts);
    if (!span_number(attempts, &ret_piece->attempts)) ret_piece->attempts = 0;
    ret_piece->reason = head;
    ret_piece->body = value;
}

struct pieces {
    struct arena *arena;
    struct piece *items;
    size_t count, capacity;
};

static void add_piece(void *context, struct span key, struct span value, struct span at) {
    struct pieces *pieces = context;
    struct arena *arena = pieces->arena;
    pieces->items = arena_grow(arena, pieces->items, pieces->count, &pieces->capacity, sizeof *pieces->items);
    struct piece *piece = &pieces->items[pieces->count++];
    read_piece(arena_copy(arena, value), piece);
    piece->key = arena_copy(arena, key);
    piece->since = arena_copy(arena, at);
}

static int oldest_first(const void *left, const void *right) {
    const struct piece *a = left, *b = right;
    int order = span_compare(a->since, b->since);
    return order ? order : span_compare(a->key, b->key);
}

static struct pieces find_pieces(struct store *store, const char *hook, struct arena *arena) {
    struct pieces pieces = {.arena = arena};
    store_each_told(store, prefix_of(hook, arena), add_piece, &pieces);
    if (pieces.count) qsort(pieces.items, pieces.count, sizeof *pieces.items, oldest_first);
    return pieces;
}

void news_each_waiting(const struct program *program, void (*waiting)(void *context, const struct news_waiting *one),
                       void *context) {
    for (size_t i = 0; i < HOOKS; i++) {
        struct arena *arena = arena_new();
        struct pieces pieces = find_pieces(program->store, hook_names[i], arena);
        if (pieces.count)
            waiting(context, &(struct news_waiting){.hook = hook_names[i],
                                                    .since = pieces.items[0].since,
                                                    .reason = pieces.items[0].reason,
                                                    .count = pieces.count});
        arena_free(arena);
    }
}

/* ---------------------------------------------------------------- what is found */

static bool queue(void *context, const struct news *news, struct failure *ret_failure) {
    struct sending *sending = context;
    struct buffer body = BUFFER(BODY_LIMIT);
    bool fits = news_write(sending->program, news, &body), done = true;
    char now[21];
    clock_iso_now(now);
    for (size_t i = 0; i < HOOKS && done; i++) {
        if (!sending->wanted[i]) continue;
        bool takes = fits && sending->waiting[i] < MAX_WAITING;
        struct piece piece = {.key = arena_print(sending->arena, "news waits %s %s", hook_names[i], news->id),
                              .since = span_of(now),
                              .reason = SPAN("it has not been sent yet"),
                              .body = buffer_span(&body)};
        sending->waiting[i] += takes;
        sending->left_out += !takes;
        done = !takes || put_piece(sending->program->store, &piece, ret_failure);
    }
    buffer_free(&body);
    return done;
}

static bool find(struct sending *sending, struct failure *ret_failure) {
    for (size_t i = 0; i < HOOKS; i++)
        sending->waiting[i] = find_pieces(sending->program->store, hook_names[i], sending->arena).count;
    return news_find(sending->program, queue, sending, ret_failure) && keep(sending->program, ret_failure);
}

/* ---------------------------------------------------------------- sending */

static bool send_to_webhook(const struct sending *sending, const struct piece *piece, struct failure *ret_failure) {
    const struct hooks_settings *settings = sending->settings;
    struct span address;
    if (!hook_address(settings->webhook, settings->webhook_secret, &address, ret_failure)) return false;
    struct hook_request request = {.hook = "webhook",
                                   .url = address,
                                   .body = piece->body,
                                   .content_type = "application/json",
                                   .plain_http = settings->plain_http,
                                   .timeout_ms = hook_limit(settings->request_timeout),
                                   .stop = program_interrupted};
    return hook_request_send(sending->program, &request, ret_failure);
}

static bool send_to_program(const struct sending *sending, const struct piece *piece, struct failure *ret_failure) {
    struct span id = span_cut(piece->key, prefix_of("news", sending->arena).length, piece->key.length);
    const char *more[] = {arena_print(sending->arena, "DRAGOMAN_NEWS_ID=%.*s", SPAN_ARGS(id)).at, NULL};
    return hook_program_run(sending->program, "news", sending->settings->news, more, piece->body, ret_failure);
}

static bool is_given_up(const struct piece *piece) {
    char before[21];
    clock_iso_ago((int64_t)MAX_DAYS * 86400, before);
    return piece->attempts >= MAX_ATTEMPTS || span_compare(piece->since, span_of(before)) < 0;
}

/* Each end is kept at once, so that no other piece is sent twice if the run is killed. */
static bool note_end(const struct sending *sending, struct piece *piece, const struct failure *sent,
                     struct failure *ret_failure) {
    struct store *store = sending->program->store;
    bool ended = sent->reach == REACH_NONE;
    piece->attempts++;
    piece->reason = span_of(sent->sentence);
    bool done = ended ? store_untell(store, piece->key, ret_failure) : put_piece(store, piece, ret_failure);
    return done && keep(sending->program, ret_failure);
}

static bool give_up(const struct sending *sending, const struct piece *piece, size_t *count,
                    struct failure *ret_failure) {
    ++*count;
    return store_untell(sending->program->store, piece->key, ret_failure);
}

static bool may_go_on(const struct sending *sending, const struct failure *last, size_t failures) {
    return last->reach != REACH_SERVICE && failures < MAX_FAILURES && clock_ms() < sending->until &&
           !program_interrupted();
}

/* A server that cannot be reached is asked once in a run; a program that fails may do better with the next piece. */
static bool send_one(const struct sending *sending, size_t hook, struct piece *piece, struct failure *ret_sent,
                     struct failure *ret_failure) {
    *ret_sent = (struct failure){0};
    bool webhook = hook == 0;
    if (webhook)
        send_to_webhook(sending, piece, ret_sent);
    else if (!send_to_program(sending, piece, ret_sent))
        ret_sent->reach = REACH_ARTICLE;
    return note_end(sending, piece, ret_sent, ret_failure);
}

static void report(const struct sending *sending, size_t hook, struct failure *first, size_t given_up) {
    struct failure failure = *first;
    if (given_up)
        failure_set(&failure, REACH_SERVICE, REMEDY_NONE, "gave up on %zu piece%s of news for the %s%s%s", given_up,
                    PLURAL(given_up), hook_names[hook], first->reach ? ": " : "", first->sentence);
    sending->done(sending->context, hook_names[hook], &failure);
}

static bool send_all(const struct sending *sending, size_t hook, struct failure *ret_failure) {
    struct failure last = {0}, first = {0};
    size_t tried = 0, failures = 0, given_up = 0;
    bool done = true;
    struct pieces pieces = find_pieces(sending->program->store, hook_names[hook], sending->arena);
    for (size_t i = 0; i < pieces.count && done; i++) {
        struct piece *piece = &pieces.items[i];
        if (is_given_up(piece) || !sending->wanted[hook]) {
            done = give_up(sending, piece, &given_up, ret_failure);
        } else if (may_go_on(sending, &last, failures)) {
            tried++;
            done = send_one(sending, hook, piece, &last, ret_failure);
            if (last.reach != REACH_NONE && failures++ == 0) first = last;
        }
    }
    if (tried + given_up) report(sending, hook, &first, given_up);
    return done && keep(sending->program, ret_failure);
}

/* ---------------------------------------------------------------- after a run */

static void tell_left_out(const struct sending *sending) {
    struct failure failure = {0};
    if (!sending->left_out) return;
    failure_set(&failure, REACH_SERVICE, REMEDY_NONE,
                "%zu piece%s of news left out, because %d wait or it is too large", sending->left_out,
                PLURAL(sending->left_out), MAX_WAITING);
    sending->done(sending->context, "news left out", &failure);
}

void news_after_run(struct program *program, hook_done *done, void *context) {
    const struct hooks_settings *settings = config_values(program->config, hooks_table);
    struct failure failure = {0};
    struct sending sending = {
        .program = program,
        .settings = settings,
        .arena = arena_new(),
        .done = done,
        .context = context,
        .wanted = {settings->webhook.length || secret_given(settings->webhook_secret), settings->news.length > 0},
        .until = clock_ms() + MAX_MS};
    bool wanted = sending.wanted[0] || sending.wanted[1];
    bool sound = !wanted || find(&sending, &failure);
    /* What could not be found does not keep back what waits. */
    for (size_t i = 0; i < HOOKS && (sound || failure.reach != REACH_RUN); i++)
        sound = send_all(&sending, i, sound ? &failure : NULL) && sound;
    tell_left_out(&sending);
    if (wanted) done(context, "news found", &failure);
    arena_free(sending.arena);
}
