#include "pipeline/store/archive_settings.h"

const struct setting archive_table[] = {
    SETTING("keep", SETTING_CHOICE_AT(struct archive_settings, keep), .default_value = "none", .choices = "none warc",
            .help = "warc = keep the raw bytes of every page fetched for an article and of every feed whose text "
                    "is used as an article, with request and time"),
    SETTING("folder", SETTING_PATH_AT(struct archive_settings, folder),
            .help = "folder of the archive, one file per day (default: archive in the output folder)"),
    SETTINGS_END,
};
