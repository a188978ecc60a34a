/* The settings of [collect]. */
#ifndef STAGES_COLLECT_SETTINGS_H
#define STAGES_COLLECT_SETTINGS_H

#include "config/setting.h"

struct collect_settings {
    size_t max_bytes;
    long long gap, timeout; /* milliseconds */
    long long concurrency;
    bool robots;
};
extern const struct setting collect_table[];

#endif
