/* The settings of [digest]. */
#ifndef STAGES_DIGEST_SETTINGS_H
#define STAGES_DIGEST_SETTINGS_H

#include "pipeline/engine/stage.h"

enum feed_content { FEED_FULL, FEED_SUMMARIES };

struct digest_settings {
    struct span morning;
    struct span url; /* where the output folder is on the web; empty = nowhere */
    int feed;        /* enum feed_content */
    long long feed_entries;
};

/* Returns the time `morning` in minutes after midnight. */
int digest_morning(const struct digest_settings *settings);

/* Its table of settings is bound to struct digest_settings. */
extern const struct stage stage_digest;

#endif
