/* The settings that every [source "..."] section can have, whatever its kind. */
#ifndef PIPELINE_ENGINE_SOURCE_SETTINGS_H
#define PIPELINE_ENGINE_SOURCE_SETTINGS_H

#include "config/reader.h"
#include "pipeline/store/budget_settings.h"

struct source;

struct source_settings {
    struct span kind, language, title, section, country;
    long long every, since; /* milliseconds; every = 0: check in each run; since = 0: take all articles */
    struct pattern_list keep, drop;
    struct word_list local_hosts, login_hosts;
    const struct selector *article;
    struct secret *header, *secret_user, *password;
    struct span user; /* user name; if empty, the one in secret_user is used */
    bool plain_http;
    struct cap_settings caps;
    /* The addresses or paths of the source. Each kind of source uses one of these four, by putting the matching entry
     * (SOURCE_URL_SETTING etc., below) in its own table; the others stay empty. */
    struct span url, path;
    struct word_list urls, paths;
};
extern const struct setting source_table[];

#define SOURCE_URL_SETTING(text)                                                                                       \
    SETTING("url", SETTING_TEXT_AT(struct source_settings, url), .common = true, .help = text)
#define SOURCE_URLS_SETTING(text)                                                                                      \
    SETTING("url", SETTING_LIST_AT(struct source_settings, urls), .common = true, .help = text)
#define SOURCE_PATH_SETTING(otherwise, text)                                                                           \
    SETTING("path", SETTING_TEXT_AT(struct source_settings, path), .common = true, .default_value = otherwise,         \
            .help = text)
#define SOURCE_PATHS_SETTING(text)                                                                                     \
    SETTING("path", SETTING_LIST_AT(struct source_settings, paths), .common = true, .help = text)

/* Returns the kinds of sources one after the other, for section_table.kind_at; a zeroed struct after the last one. */
struct section_kind source_kind_at(size_t index);
/* Returns the name of the setting in which this kind takes a URL or path; NULL if it takes neither. */
const char *source_address_setting(const struct source *source);

#endif
