/* The settings of [archive]. */
#ifndef PIPELINE_STORE_ARCHIVE_SETTINGS_H
#define PIPELINE_STORE_ARCHIVE_SETTINGS_H

#include "config/setting.h"

struct archive_settings {
    enum archive_keep { ARCHIVE_KEEPS_NOTHING, ARCHIVE_KEEPS_WARC } keep;
    struct span folder; /* empty = archive/ in the output folder */
};
extern const struct setting archive_table[];

#endif
