#include "pipeline/store/budget_settings.h"

static const char *const cost_names[BUDGET_PERIODS] = {"cost_per_run", "cost_per_day", "cost_per_month"};
static const char *const character_names[BUDGET_PERIODS] = {"characters_per_run", "characters_per_day",
                                                            "characters_per_month"};

const struct setting budget_table[] = {
    CAP_SETTINGS(struct budget_settings, caps, ""),
    SETTING("when_reached", SETTING_CHOICE_AT(struct budget_settings, when_reached), .default_value = "next",
            .choices = "next wait",
            .help = "what to do when a cap is reached: next = use the next service of the route that the caps still "
                    "allow, wait = leave the article for the next run"),
    SETTING("currency", SETTING_TEXT_AT(struct budget_settings, currency),
            .help = "currency of prices and caps, as shown in reports"),
    SETTINGS_END,
};

static struct budget_cap cap_of(const char *name, long long max, bool given) {
    return (struct budget_cap){.name = given ? name : NULL, .max = given ? max : 0};
}

struct budget_caps caps_of(const struct cap_settings *settings) {
    struct budget_caps caps;
    for (size_t i = 0; i < BUDGET_PERIODS; i++) {
        caps.cost[i] = cap_of(cost_names[i], settings->cost[i], settings->cost_given[i]);
        caps.characters[i] = cap_of(character_names[i], settings->characters[i], settings->characters_given[i]);
    }
    return caps;
}

const struct budget_settings *budget_settings_of(const struct config *config) {
    return config_values(config, budget_table);
}
