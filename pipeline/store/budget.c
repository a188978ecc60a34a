#include "pipeline/store/budget.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

/* MONTH_LENGTH: the length of "2026-01", with which all days of that month begin. */
enum { SUBJECTS_OF_A_LINE = 3, MONTH_LENGTH = 7 };

struct amount {
    long long cost, characters;
};

/* The amounts spent and reserved (`held`) for one subject: a service, a source, or everything together. */
struct account {
    enum budget_subject subject;
    struct span name;
    struct budget_caps caps;
    bool free_of_charge;
    double scale; /* for services: factor by which the bills have exceeded our count of characters */
    struct amount spent[BUDGET_PERIODS], held;
    bool told[2][BUDGET_PERIODS]; /* whether the cap on characters [0] or cost [1] has been reported */
    struct account *next;
};

struct budget {
    struct store *store;
    struct span day;
    struct arena *arena;
    struct account *accounts; /* linked list with one account per subject */
    struct reached {
        const char *sentence, *cap;
    } * reached;
    size_t reached_count, reached_capacity;
    struct flusher *flusher;    /* borrowed; NULL = reservations need not be on disk */
    struct bill_line recovered; /* what a killed run had reserved, now counted as spent */
};

struct budget *budget_new(struct store *store, const char *day) {
    struct budget *budget = memory_take(sizeof *budget);
    *budget = (struct budget){.store = store, .arena = arena_new(), .day = span_of(day)};
    return budget;
}

void budget_flush_with(struct budget *budget, struct flusher *flusher) {
    budget->flusher = flusher;
}

void budget_free(struct budget *budget) {
    if (!budget) return;
    arena_free(budget->arena);
    free(budget);
}

void budget_add(struct budget *budget, enum budget_subject subject, struct span name, const struct budget_caps *caps,
                bool free_of_charge) {
    struct account *account = arena_take(budget->arena, sizeof *account);
    *account = (struct account){.subject = subject,
                                .name = arena_copy(budget->arena, name),
                                .caps = *caps,
                                .free_of_charge = free_of_charge,
                                .scale = 1,
                                .next = budget->accounts};
    budget->accounts = account;
}

/* ---------------------------------------------------------------- who pays */

/* There are few accounts, so a linear search is fast enough. */
static struct account *account_of(const struct budget *budget, enum budget_subject subject, struct span name) {
    struct account *account = budget->accounts;
    while (account && (account->subject != subject || !span_equal(account->name, name))) account = account->next;
    return account;
}

/* The accounts to which a line of the bill is charged; any of them may be NULL. */
struct payers {
    struct account *accounts[SUBJECTS_OF_A_LINE], *service;
};

/* A request counts against the budget as a whole, the service and the source. */
static struct payers payers_of(const struct budget *budget, const struct bill_line *line) {
    struct payers payers = {.service = account_of(budget, BUDGET_SERVICE, line->service)};
    payers.accounts[0] = account_of(budget, BUDGET_ALL, SPAN(""));
    payers.accounts[1] = payers.service;
    payers.accounts[2] = account_of(budget, BUDGET_SOURCE, line->source);
    return payers;
}

/* Characters sent to a service that is free of charge count only against the service's own caps. */
static struct amount amount_for(const struct account *account, const struct payers *payers,
                                const struct bill_line *line) {
    bool counts = account == payers->service || !payers->service || !payers->service->free_of_charge;
    return (struct amount){.cost = line->cost, .characters = counts ? (long long)line->characters : 0};
}

/* Adds an amount `times` times; a negative number subtracts it. */
static void add_amount(struct amount *sum, struct amount amount, long long times) {
    sum->cost += amount.cost * times;
    sum->characters += amount.characters * times;
}

/* Whether any cap is set for the account, which may be NULL. */
static bool has_caps(const struct account *account) {
    for (size_t i = 0; account && i < BUDGET_PERIODS; i++)
        if (account->caps.cost[i].name || account->caps.characters[i].name) return true;
    return false;
}

/* A request that costs nothing and has no cap need not be reserved; it is only billed afterwards. Everything else is
 * reserved even without a cap, so that a cap set later takes it into account. */
static bool must_be_reserved(const struct payers *payers, const struct bill_line *line) {
    bool capped = line->cost > 0 || !payers->service || !payers->service->free_of_charge;
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++) capped = capped || has_caps(payers->accounts[i]);
    return capped;
}

/* ---------------------------------------------------------------- what was spent before */

/* Charges a line of a bill to each account that must pay for it, in all periods from `first` to `last`. */
static void charge(struct budget *budget, const struct bill_line *line, enum budget_period first,
                   enum budget_period last) {
    struct payers payers = payers_of(budget, line);
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++)
        for (size_t period = first; payers.accounts[i] && period <= last; period++)
            add_amount(&payers.accounts[i]->spent[period], amount_for(payers.accounts[i], &payers, line), 1);
}

static void load_line(void *context, const struct bill_line *line) {
    struct budget *budget = context;
    /* A line of today's bill counts for the day and the month, and an earlier line only for the month. */
    charge(budget, line, span_equal(line->day, budget->day) ? BUDGET_DAY : BUDGET_MONTH, BUDGET_MONTH);
}

bool budget_load(struct budget *budget, bool recover, struct failure *ret_failure) {
    /* Must come first, so that the amounts recovered are among those that are read. */
    if (recover && !store_recover_reserved(budget->store, &budget->recovered, ret_failure)) return false;
    store_each_bill(budget->store, span_cut(budget->day, 0, MONTH_LENGTH), load_line, budget);
    return true;
}

struct bill_line budget_recovered(const struct budget *budget) {
    return budget->recovered;
}

/* ---------------------------------------------------------------- caps */

/* Compares a cap with what is spent, reserved and wanted. If only the reservations stand in the way, the answer is
 * LATER, because requests usually cost less than was reserved for them. */
static enum purchase_answer check_cap(const struct budget_cap *cap, long long spent, long long held, long long wanted) {
    if (!cap->name || wanted == 0 || spent + held + wanted <= cap->max) return PURCHASE_GRANTED;
    return held > 0 && spent + wanted <= cap->max ? PURCHASE_LATER : PURCHASE_REFUSED;
}

/* Money is kept in millionths, to add up without rounding errors. */
static void print_amount(struct buffer *out, long long amount, bool money) {
    if (money)
        buffer_print(out, "%.4f", (double)amount / 1e6);
    else
        buffer_print(out, "%lld character%s", amount, PLURAL(amount));
}

/* Writes the message about a reached cap: "cost_per_day = 0.5000 of [service "x"] is reached: 0.4981 spent, and the
 * next request may cost 0.0100". program/outages.c splits it at "is reached: ". */
static void describe(const struct account *account, const struct budget_cap *cap, bool money, long long spent,
                     long long wanted, struct buffer *out) {
    static const char *const sections[] = {"budget", "service", "source"};
    bool named = account->subject != BUDGET_ALL;
    buffer_print(out, "%s = ", cap->name);
    print_amount(out, cap->max, money);
    buffer_print(out, " of [%s%s%.*s%s] is reached: ", sections[account->subject], named ? " \"" : "",
                 SPAN_ARGS(account->name), named ? "\"" : "");
    print_amount(out, spent, money);
    buffer_add_string(out, money ? " spent, and the next request may cost " : " sent, and the next request needs ");
    print_amount(out, wanted, money);
}

/* Blames the failure on the cap, by its name: "characters_per_day of deepl". */
static void blame_cap(const struct account *account, const struct budget_cap *cap, struct failure *failure) {
    struct buffer name = BUFFER(256);
    buffer_print(&name, "%s%s%.*s", cap->name, account->name.length ? " of " : "", SPAN_ARGS(account->name));
    failure_blame(failure, CAUSE_MONEY, buffer_span(&name));
    buffer_free(&name);
}

/* Sets the failure for a cap that has been reached, and remembers the cap for the report. */
static void report_reached(struct budget *budget, struct account *account, enum budget_period period, bool money,
                           struct amount wanted, struct failure *ret_failure) {
    const struct budget_cap *cap = money ? &account->caps.cost[period] : &account->caps.characters[period];
    const struct amount *spent = &account->spent[period];
    struct buffer sentence = BUFFER(4096);
    describe(account, cap, money, money ? spent->cost : spent->characters, money ? wanted.cost : wanted.characters,
             &sentence);
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%s", sentence.at);
    blame_cap(account, cap, ret_failure);
    /* The report lists each cap once, however many requests it stops. */
    if (!account->told[money][period]) {
        budget->reached = arena_grow(budget->arena, budget->reached, budget->reached_count, &budget->reached_capacity,
                                     sizeof *budget->reached);
        budget->reached[budget->reached_count++] =
            (struct reached){.sentence = arena_string(budget->arena, buffer_span(&sentence)),
                             .cap = arena_string(budget->arena, span_of(ret_failure->blamed))};
    }
    account->told[money][period] = true;
    buffer_free(&sentence);
}

/* Returns the strictest answer among all caps of an account. Reports a refusal unless ret_failure is NULL. */
static enum purchase_answer check_account(struct budget *budget, struct account *account, struct amount wanted,
                                          struct failure *ret_failure) {
    enum purchase_answer worst = PURCHASE_GRANTED;
    for (size_t period = 0; period < BUDGET_PERIODS; period++) {
        const struct amount *spent = &account->spent[period];
        enum purchase_answer cost =
            check_cap(&account->caps.cost[period], spent->cost, account->held.cost, wanted.cost);
        enum purchase_answer characters = check_cap(&account->caps.characters[period], spent->characters,
                                                    account->held.characters, wanted.characters);
        enum purchase_answer answer = cost > characters ? cost : characters;
        if (answer == PURCHASE_REFUSED && ret_failure)
            report_reached(budget, account, (enum budget_period)period, cost == PURCHASE_REFUSED, wanted, ret_failure);
        if (answer > worst) worst = answer;
    }
    return worst;
}

/* Checks every account to which the line of the bill is charged. Refuses if one of them refuses, and otherwise
 * postpones if one of them postpones. */
static enum purchase_answer check_all(struct budget *budget, const struct bill_line *line,
                                      struct failure *ret_failure) {
    struct payers payers = payers_of(budget, line);
    enum purchase_answer worst = PURCHASE_GRANTED;
    /* Stops at the first refusal, so that only one cap is blamed. */
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE && worst != PURCHASE_REFUSED; i++) {
        struct account *account = payers.accounts[i];
        if (!account) continue;
        enum purchase_answer answer = check_account(budget, account, amount_for(account, &payers, line), ret_failure);
        if (answer > worst) worst = answer;
    }
    return worst;
}

/* ---------------------------------------------------------------- reserving and settling */

/* Changes the reservations of all accounts to which the line is charged. A negative number releases them. */
static void add_held(struct budget *budget, const struct bill_line *line, long long times) {
    struct payers payers = payers_of(budget, line);
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++)
        if (payers.accounts[i])
            add_amount(&payers.accounts[i]->held, amount_for(payers.accounts[i], &payers, line), times);
}

/* Reserves the amounts of one line of the bill if the caps of all accounts allow it. */
static enum purchase_answer reserve(struct budget *budget, const struct bill_line *line, struct failure *ret_failure) {
    enum purchase_answer answer = check_all(budget, line, ret_failure);
    if (answer == PURCHASE_GRANTED) add_held(budget, line, 1);
    return answer;
}

/* Commits `wanted` reservations altogether and asks for them to be flushed. */
static bool store_reservations(struct purchase *purchase, unsigned wanted, struct failure *ret_failure) {
    struct store *store = purchase->budget->store;
    struct flusher *flusher = purchase->budget->flusher;
    if (!store_reserve(store, &purchase->max, wanted - purchase->stored, ret_failure)) return false;
    purchase->stored = wanted;
    if (!store_commit(store, ret_failure)) return false;
    if (flusher) purchase->flush = flusher_ask(flusher);
    return true;
}

/* Makes sure that the reservation is on disk before the request is sent, so that it is lost neither if the run is
 * killed nor in a power failure. */
static enum exchange_start store_before_start(void *context, struct failure *ret_failure) {
    struct purchase *purchase = context;
    struct flusher *flusher = purchase->budget->flusher;
    /* One reservation for this attempt, and one for each earlier attempt that may have been billed. */
    unsigned wanted = 1 + purchase->attempts_lost;
    if (purchase->stored != wanted) {
        struct payers payers = payers_of(purchase->budget, &purchase->max);
        if (!must_be_reserved(&payers, &purchase->max)) return EXCHANGE_START;
        if (!store_reservations(purchase, wanted, ret_failure)) return EXCHANGE_START_NEVER;
        if (flusher) return EXCHANGE_START_LATER;
    }
    if (!flusher) return EXCHANGE_START;
    enum flush_state state = flusher_state(flusher, purchase->flush, ret_failure);
    return state == FLUSH_DONE ? EXCHANGE_START : state == FLUSH_FAILED ? EXCHANGE_START_NEVER : EXCHANGE_START_LATER;
}

/* An attempt that was refused with an error status or never sent costs nothing. One that was not answered, or only in
 * part, may have been billed. */
static bool may_be_billed(const struct exchange *exchange) {
    return exchange->attempt > 0 && exchange->sent &&
           (exchange->status == 0 || (exchange->status >= 200 && exchange->status < 300));
}

/* An attempt that was not answered keeps its reservation, and the next attempt needs another one. */
static bool may_try_again(void *context, const struct exchange *exchange) {
    struct purchase *purchase = context;
    /* The failed attempt costs nothing, so its reservation is used for the next attempt. */
    if (!may_be_billed(exchange)) return true;
    if (reserve(purchase->budget, &purchase->max, NULL) != PURCHASE_GRANTED) return false;
    purchase->attempts_lost++;
    return true;
}

/* Increases a reservation for a service that has billed more characters than we counted. The + 1 rounds up. */
static void scale_line(const struct budget *budget, struct bill_line *line) {
    const struct account *account = account_of(budget, BUDGET_SERVICE, line->service);
    if (!account || account->scale <= 1) return;
    line->characters = (unsigned long)((double)line->characters * account->scale) + 1;
    line->cost = (long long)((double)line->cost * account->scale) + (line->cost > 0);
}

enum purchase_answer purchase_begin(struct purchase *purchase, struct budget *budget, const struct bill_line *max,
                                    struct exchange *exchange, struct failure *ret_failure) {
    /* The exchange keeps a pointer to the purchase (asker), so the caller must not move it. */
    *purchase = (struct purchase){.budget = budget, .max = *max};
    scale_line(budget, &purchase->max);
    enum purchase_answer answer = reserve(budget, &purchase->max, ret_failure);
    if (answer != PURCHASE_GRANTED) return answer;
    purchase->open = true;
    exchange->may_try_again = may_try_again;
    exchange->starts = store_before_start;
    exchange->asker = purchase;
    return answer;
}

bool purchase_may_fit(const struct purchase *purchase) {
    return check_all(purchase->budget, &purchase->max, NULL) != PURCHASE_LATER;
}

/* If a service billed more characters than we had counted, later reservations are increased accordingly. */
static void learn_scale(struct budget *budget, const struct bill_line *max, const struct bill_line *billed) {
    struct account *account = account_of(budget, BUDGET_SERVICE, max->service);
    if (!account || max->characters == 0 || billed->characters <= max->characters) return;
    /* `max` already includes the current scale, so the scale is multiplied by the new factor, not replaced by it. */
    account->scale *= (double)billed->characters / (double)max->characters;
}

void purchase_end(struct purchase *purchase, const struct exchange *exchange, const struct bill_line *billed) {
    if (!purchase->open) return;
    struct budget *budget = purchase->budget;
    const struct bill_line *max = &purchase->max;
    struct bill_line total = {.day = max->day, .service = max->service, .source = max->source, .article = max->article};
    if (billed) {
        bill_add(&total, billed);
        learn_scale(budget, max, billed);
    } else if (may_be_billed(exchange)) {
        bill_add(&total, max);
    }
    for (unsigned i = 0; i < purchase->attempts_lost; i++) bill_add(&total, max);
    add_held(budget, max, -1 - (long long)purchase->attempts_lost);
    /* Removing the reservation and adding the bill are one transaction, so a killed run leaves one or the other. */
    if (purchase->stored) store_reserve(budget->store, max, -(long long)purchase->stored, NULL);
    charge(budget, &total, BUDGET_RUN, BUDGET_MONTH);
    /* An attempt that cost nothing leaves no line in the bill. */
    if (total.requests) store_bill(budget->store, &total, NULL);
    purchase->open = false;
}

/* ---------------------------------------------------------------- for the report */

size_t budget_reached_count(const struct budget *budget) {
    return budget->reached_count;
}

const char *budget_reached(const struct budget *budget, size_t index) {
    return budget->reached[index].sentence;
}

const char *budget_reached_cap(const struct budget *budget, size_t index) {
    return budget->reached[index].cap;
}

void budget_each_excess(const struct budget *budget, void (*excess)(void *context, struct span service, double times),
                        void *context) {
    for (const struct account *account = budget->accounts; account; account = account->next)
        if (account->scale > 1) excess(context, account->name, account->scale);
}

/* Calls back for one cap of the account, if it is set. */
static void tell_cap(const struct account *account, enum budget_period period, bool money,
                     void (*cap)(void *context, const struct cap_use *use), void *context) {
    const struct budget_cap *own = money ? &account->caps.cost[period] : &account->caps.characters[period];
    struct amount spent = account->spent[period];
    struct cap_use use = {.subject = account->subject,
                          .name = account->name,
                          .cap = own->name,
                          .period = period,
                          .money = money,
                          .max = own->max,
                          .spent = money ? spent.cost : spent.characters};
    if (own->name) cap(context, &use);
}

void budget_each_cap(const struct budget *budget, void (*cap)(void *context, const struct cap_use *use),
                     void *context) {
    for (const struct account *account = budget->accounts; account; account = account->next)
        for (size_t i = 0; i < 2 * BUDGET_PERIODS; i++)
            tell_cap(account, (enum budget_period)(i / 2), i % 2 == 0, cap, context);
}
