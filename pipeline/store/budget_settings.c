#include "pipeline/store/budget_settings.h"

static struct budget_cap cap_of(const struct settings *settings, const char *name, bool money) {
    bool given = setting_given(settings, name);
    long long max = !given ? 0 : money ? setting_money(settings, name) : setting_number(settings, name);
    return (struct budget_cap){.name = given ? name : NULL, .max = max};
}

struct budget_caps caps_of(const struct settings *settings) {
    static const char *const costs[BUDGET_PERIODS] = {"cost_per_run", "cost_per_day", "cost_per_month"};
    static const char *const characters[BUDGET_PERIODS] = {"characters_per_run", "characters_per_day",
                                                           "characters_per_month"};
    struct budget_caps caps;
    for (size_t i = 0; i < BUDGET_PERIODS; i++) {
        caps.cost[i] = cap_of(settings, costs[i], true);
        caps.characters[i] = cap_of(settings, characters[i], false);
    }
    return caps;
}
