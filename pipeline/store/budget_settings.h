/* The settings for caps on spending. The same six settings exist for the whole budget, for a service and for a
 * source. */
#ifndef PIPELINE_STORE_BUDGET_SETTINGS_H
#define PIPELINE_STORE_BUDGET_SETTINGS_H

#include "config/reader.h"
#include "pipeline/store/budget.h"

/* Indexed by period. A cap of 0 allows no spending, so whether a cap is set is stored separately. */
struct cap_settings {
    long long cost[BUDGET_PERIODS], characters[BUDGET_PERIODS];
    bool cost_given[BUDGET_PERIODS], characters_given[BUDGET_PERIODS];
};

#define COST_CAP(structure, member, period, name, text)                                                                \
    SETTING(name, SETTING_MONEY_AT(structure, member.cost[period]),                                                    \
            SETTING_GIVEN_AT(structure, member.cost_given[period]), .help = text)
#define CHARACTER_CAP(structure, member, period, name, text)                                                           \
    SETTING(name, SETTING_NUMBER_AT(structure, member.characters[period]),                                             \
            SETTING_GIVEN_AT(structure, member.characters_given[period]), .help = text)

/* Table entries for a struct in which `member` is a struct cap_settings. `whose` is appended to each help text. */
#define CAP_SETTINGS(structure, member, whose)                                                                         \
    COST_CAP(structure, member, BUDGET_RUN, "cost_per_run", "spending cap per run" whose),                             \
        COST_CAP(structure, member, BUDGET_DAY, "cost_per_day", "spending cap per day" whose),                         \
        COST_CAP(structure, member, BUDGET_MONTH, "cost_per_month", "spending cap per calendar month" whose),          \
        CHARACTER_CAP(structure, member, BUDGET_RUN, "characters_per_run", "cap on characters sent per run" whose),    \
        CHARACTER_CAP(structure, member, BUDGET_DAY, "characters_per_day", "cap on characters sent per day" whose),    \
        CHARACTER_CAP(structure, member, BUDGET_MONTH, "characters_per_month",                                         \
                      "cap on characters sent per calendar month" whose)

struct budget_caps caps_of(const struct cap_settings *settings);

/* Of [budget]. */
struct budget_settings {
    struct cap_settings caps;
    enum when_reached { WHEN_REACHED_NEXT, WHEN_REACHED_WAIT } when_reached;
    struct span currency;
};
extern const struct setting budget_table[];
const struct budget_settings *budget_settings_of(const struct config *config);

#endif
