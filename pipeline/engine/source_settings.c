#include "pipeline/engine/source_settings.h"

#include "pipeline/engine/source.h"

const struct setting source_table[] = {
    SETTING("kind", SETTING_TEXT_AT(struct source_settings, kind),
            .help = "files, feed, site, page, opml, sitemap, warc, ndjson, mail or stdin; optional if the section is "
                    "named after it"),
    SETTING("language", SETTING_TEXT_AT(struct source_settings, language),
            .help = "language of its articles, as a hint for detection"),
    SETTING("title", SETTING_TEXT_AT(struct source_settings, title),
            .help = "name of the source in records and digests"),
    SETTING("section", SETTING_TEXT_AT(struct source_settings, section),
            .help = "section of its articles; overrides what the articles say"),
    SETTING("country", SETTING_TEXT_AT(struct source_settings, country),
            .help = "country that it reports from, for records and digests"),
    SETTING("every", SETTING_TIME_AT(struct source_settings, every), .default_value = "0s", .max = 366 * 86400e3,
            .help = "minimum time between two checks of the source (0 = check it in every run)"),
    SETTING("since", SETTING_TIME_AT(struct source_settings, since), .default_value = "0s", .max = 36525 * 86400e3,
            .help = "skip articles older than this (0 = skip none)"),
    SETTING("keep", SETTING_PATTERN_AT(struct source_settings, keep),
            .help = "take only articles whose headline, address or text matches this pattern; may be repeated to give "
                    "alternatives"),
    SETTING("drop", SETTING_PATTERN_AT(struct source_settings, drop),
            .help = "skip articles whose headline, address or text matches this pattern; may be repeated"),
    SETTING("local_hosts", SETTING_LIST_AT(struct source_settings, local_hosts),
            .help = "hosts (with ports) on this machine or in a private network that its articles may be fetched from, "
                    "besides the host in url"),
    SETTING("article", SETTING_SELECTOR_AT(struct source_settings, article),
            .help = "where the article is on a page, if it is not found otherwise: TAG, .class, #id or [name=value], "
                    "combined or nested"),
    SETTING("header", SETTING_SECRET_AT(struct source_settings, header),
            .help = "request headers (Name: value, one per line) for its own hosts, e.g. Cookie or Authorization"),
    SETTING("user", SETTING_TEXT_AT(struct source_settings, user),
            .help = "user name for HTTP basic authentication at its own hosts"),
    SETTING("user", SETTING_SECRET_AT(struct source_settings, secret_user),
            .help = "the user name, if it is to be kept out of the configuration file"),
    SETTING("password", SETTING_SECRET_AT(struct source_settings, password), .help = "password of that user"),
    SETTING("login_hosts", SETTING_LIST_AT(struct source_settings, login_hosts),
            .help = "further hosts that headers, user and password are sent to, besides the host in url"),
    SETTING("plain_http", SETTING_SWITCH_AT(struct source_settings, plain_http), .default_value = "no",
            .help = "allow headers, user and password to be sent over unencrypted HTTP"),
    CAP_SETTINGS(struct source_settings, caps, ", for articles of this source"),
    SETTINGS_END,
};

struct section_kind source_kind_at(size_t index) {
    const struct source *source = sources[index];
    return source ? (struct section_kind){source->name, source->help, source->settings} : (struct section_kind){0};
}

const char *source_address_setting(const struct source *source) {
    static const size_t places[] = {offsetof(struct source_settings, url), offsetof(struct source_settings, urls),
                                    offsetof(struct source_settings, path), offsetof(struct source_settings, paths)};
    for (const struct setting *entry = source->settings.entries; entry && entry->name; entry++)
        for (size_t i = 0; entry->common && i < sizeof places / sizeof *places; i++)
            if (entry->offset == places[i]) return entry->name;
    return NULL;
}
