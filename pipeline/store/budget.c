#include "pipeline/store/budget_internal.h"

#include <stdlib.h>

#include "pipeline/store/store_workers.h"

/* MONTH_LENGTH: the length of "2026-01", with which all days of that month begin. */
enum { SUBJECTS_OF_A_LINE = 3, MONTH_LENGTH = 7 };

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
struct account *budget_account(const struct budget *budget, enum budget_subject subject, struct span name) {
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
    struct payers payers = {.service = budget_account(budget, BUDGET_SERVICE, line->service)};
    payers.accounts[0] = budget_account(budget, BUDGET_ALL, SPAN(""));
    payers.accounts[1] = payers.service;
    payers.accounts[2] = budget_account(budget, BUDGET_SOURCE, line->source);
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

bool budget_must_reserve(const struct budget *budget, const struct bill_line *line) {
    struct payers payers = payers_of(budget, line);
    bool capped = line->cost > 0 || !payers.service || !payers.service->free_of_charge;
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++) capped = capped || has_caps(payers.accounts[i]);
    return capped;
}

/* ---------------------------------------------------------------- what was spent before */

void budget_charge(struct budget *budget, const struct bill_line *line, enum budget_period first,
                   enum budget_period last) {
    struct payers payers = payers_of(budget, line);
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++)
        for (size_t period = first; payers.accounts[i] && period <= last; period++)
            add_amount(&payers.accounts[i]->spent[period], amount_for(payers.accounts[i], &payers, line), 1);
}

static void load_line(void *context, const struct bill_line *line) {
    struct budget *budget = context;
    /* A line of today's bill counts for the day and the month, and an earlier line only for the month. */
    budget_charge(budget, line, span_equal(line->day, budget->day) ? BUDGET_DAY : BUDGET_MONTH, BUDGET_MONTH);
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

enum purchase_answer budget_check(struct budget *budget, const struct bill_line *line, struct failure *ret_failure) {
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

void budget_hold(struct budget *budget, const struct bill_line *line, long long times) {
    struct payers payers = payers_of(budget, line);
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++)
        if (payers.accounts[i])
            add_amount(&payers.accounts[i]->held, amount_for(payers.accounts[i], &payers, line), times);
}

/* ---------------------------------------------------------------- beside other runs */

/* The place of a cap in a reservation, whose order is that of the payers. */
static size_t place_of(size_t payer, enum budget_period period, bool money) {
    return payer * 4 + (period == BUDGET_MONTH ? 2 : 0) + (money ? 1 : 0);
}

static void set_cap(struct reservation *reservation, size_t place, const struct budget_cap *cap) {
    reservation->is_capped[place] = cap->name != NULL;
    reservation->caps[place] = cap->max;
}

static void set_caps(const struct payers *payers, struct reservation *reservation) {
    for (size_t i = 0; i < SUBJECTS_OF_A_LINE; i++)
        for (enum budget_period period = BUDGET_DAY; payers->accounts[i] && period <= BUDGET_MONTH; period++) {
            const struct budget_caps *caps = &payers->accounts[i]->caps;
            set_cap(reservation, place_of(i, period, false), &caps->characters[period]);
            set_cap(reservation, place_of(i, period, true), &caps->cost[period]);
        }
}

static void list_free_services(const struct budget *budget, struct buffer *out) {
    for (const struct account *account = budget->accounts; account; account = account->next)
        if (account->subject == BUDGET_SERVICE && account->free_of_charge)
            buffer_print(out, "%s%.*s", out->length ? "\n" : "", SPAN_ARGS(account->name));
}

/* From now on this run knows what the others have spent, too. */
static void refuse(struct budget *budget, const struct payers *payers, const struct bill_line *line,
                   const struct reservation_answer *answer, struct failure *ret_failure) {
    struct account *account = payers->accounts[answer->cap / 4];
    enum budget_period period = answer->cap / 2 % 2 ? BUDGET_MONTH : BUDGET_DAY;
    bool money = answer->cap % 2;
    long long *spent = money ? &account->spent[period].cost : &account->spent[period].characters;
    if (answer->spent > *spent) *spent = answer->spent;
    report_reached(budget, account, period, money, amount_for(account, payers, line), ret_failure);
}

bool budget_reserve_with_others(struct budget *budget, const struct bill_line *line, int64_t number, unsigned times,
                                enum purchase_answer *ret_answer, struct failure *ret_failure) {
    static const enum purchase_answer answers[] = {[RESERVATION_GRANTED] = PURCHASE_GRANTED,
                                                   [RESERVATION_LATER] = PURCHASE_LATER,
                                                   [RESERVATION_REFUSED] = PURCHASE_REFUSED};
    struct payers payers = payers_of(budget, line);
    struct buffer free_services = BUFFER(1 << 16);
    struct reservation reservation = {.number = number, .line = line, .times = times};
    struct reservation_answer answer = {.verdict = RESERVATION_REFUSED};
    set_caps(&payers, &reservation);
    list_free_services(budget, &free_services);
    reservation.free_services = buffer_span(&free_services);
    bool done = store_reserve_within(budget->store, &reservation, &answer, ret_failure);
    *ret_answer = answers[answer.verdict];
    if (done && answer.verdict == RESERVATION_REFUSED) refuse(budget, &payers, line, &answer, ret_failure);
    buffer_free(&free_services);
    return done;
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
