#include "pipeline/engine/source_settings.h"

#include "pipeline/engine/source.h"

const struct setting source_table[] = {
    SETTING("kind", SETTING_TEXT_AT(struct source_settings, kind),
            .help = "files, feed, site, page, opml, sitemap, warc, ndjson, mail or stdin; may be omitted if the "
                    "section's name is one of these"),
    SETTING("language", SETTING_TEXT_AT(struct source_settings, language),
            .help = "language of the source's articles, as a hint for detection"),
    SETTING("title", SETTING_TEXT_AT(struct source_settings, title),
            .help = "name of the source in records and digests"),
    SETTING("section", SETTING_TEXT_AT(struct source_settings, section),
            .help = "section (politics, sport, ...) of the source's articles; overrides the section that they state"),
    SETTING("country", SETTING_TEXT_AT(struct source_settings, country),
            .help = "country from which the source reports, for records and digests"),
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
            .help = "hosts on this machine or in a private network, with their ports, from which the source's articles "
                    "may be fetched; the host in url is always allowed"),
    SETTING("article", SETTING_SELECTOR_AT(struct source_settings, article),
            .help = "selector of the article's element, for pages on which it is not found automatically: TAG, .class, "
                    "#id or [name=value], combined or nested"),
    SETTING("header", SETTING_SECRET_AT(struct source_settings, header), .many_lines = true,
            .help = "request headers (Name: value, one per line) to send to the source's own hosts, e.g. Cookie"),
    SETTING("user", SETTING_TEXT_AT(struct source_settings, user),
            .help = "user name for HTTP basic authentication on the source's own hosts"),
    SETTING("user", SETTING_SECRET_AT(struct source_settings, secret_user),
            .help = "the user name, kept outside of the configuration file"),
    SETTING("password", SETTING_SECRET_AT(struct source_settings, password), .help = "password of that user"),
    SETTING("login_hosts", SETTING_LIST_AT(struct source_settings, login_hosts),
            .help = "further hosts to which headers, user and password are sent, besides the host in url"),
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
