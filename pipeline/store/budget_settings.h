/* Caps on what may be spent, as they are configured: the same six settings for everything, a service or a source. */
#ifndef PIPELINE_STORE_BUDGET_SETTINGS_H
#define PIPELINE_STORE_BUDGET_SETTINGS_H

#include "config/setting.h"
#include "pipeline/store/budget.h"

#define CAP_SETTINGS(what)                                                                                             \
    {"cost_per_run", SETTING_MONEY, NULL, NULL, 0, 0, "most money that one run may cost" what},                        \
        {"cost_per_day", SETTING_MONEY, NULL, NULL, 0, 0, "most money in a day" what},                                 \
        {"cost_per_month", SETTING_MONEY, NULL, NULL, 0, 0, "most money in a calendar month" what},                    \
        {"characters_per_run", SETTING_NUMBER, NULL, NULL, 0, 0, "most characters that one run may send" what},        \
        {"characters_per_day", SETTING_NUMBER, NULL, NULL, 0, 0, "most characters in a day" what}, {                   \
        "characters_per_month", SETTING_NUMBER, NULL, NULL, 0, 0, "most characters in a calendar month" what           \
    }

/* The caps of a section that has these settings; what is not given is no cap. */
struct budget_caps caps_of(const struct settings *settings);

#endif
