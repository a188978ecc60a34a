#include "stages/collect/settings.h"

const struct setting collect_table[] = {
    SETTING("max_bytes", SETTING_SIZE_AT(struct collect_settings, max_bytes), .default_value = "32M", .min = 1024,
            .max = 1u << 30, .help = "maximum size of a page or file"),
    SETTING("gap", SETTING_TIME_AT(struct collect_settings, gap), .default_value = "1s", .max = 3600e3,
            .help = "minimum time between two requests to the same host"),
    SETTING("concurrency", SETTING_NUMBER_AT(struct collect_settings, concurrency), .default_value = "2", .min = 1,
            .max = 32, .help = "maximum number of concurrent requests to the same host"),
    SETTING("robots", SETTING_SWITCH_AT(struct collect_settings, robots), .default_value = "yes",
            .help = "respect robots.txt"),
    SETTING("timeout", SETTING_TIME_AT(struct collect_settings, timeout), .default_value = "30s", .min = 100,
            .max = 600e3, .help = "timeout for fetching a page"),
    SETTINGS_END,
};
