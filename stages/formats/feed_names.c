#include "stages/formats/feed_names.h"

#include <string.h>

/* If an item has several elements with the same meaning, the first one counts, but a fallback is used only if there is
 * no other. */
static const struct {
    const char *name;
    enum feed_field field;
    bool fallback;
} fields[] = {{"title", FEED_TITLE, false},
              {"dc:title", FEED_TITLE, false},
              {"dcterms:title", FEED_TITLE, true},
              {"itunes:title", FEED_TITLE, true},
              {"media:title", FEED_TITLE, true},
              {"link", FEED_LINK, false},
              {"guid", FEED_GUID, false},
              {"id", FEED_GUID, false},
              {"description", FEED_SUMMARY, false},
              {"summary", FEED_SUMMARY, false},
              {"dc:description", FEED_SUMMARY, false},
              {"dcterms:description", FEED_SUMMARY, true},
              {"dcterms:abstract", FEED_SUMMARY, true},
              {"itunes:summary", FEED_SUMMARY, true},
              {"itunes:subtitle", FEED_SUMMARY, true},
              {"googleplay:description", FEED_SUMMARY, true},
              {"media:description", FEED_SUMMARY, true},
              {"content:encoded", FEED_CONTENT, false},
              {"content", FEED_CONTENT, false},
              {"body", FEED_CONTENT, false},
              {"xhtml:body", FEED_CONTENT, false},
              {"yandex:full-text", FEED_CONTENT, false},
              {"fulltext", FEED_CONTENT, false},
              {"fullitem", FEED_CONTENT, true},
              {"author", FEED_AUTHOR, false},
              {"dc:creator", FEED_AUTHOR, false},
              {"dcterms:creator", FEED_AUTHOR, false},
              {"dc:author", FEED_AUTHOR, true},
              {"itunes:author", FEED_AUTHOR, true},
              {"googleplay:author", FEED_AUTHOR, true},
              {"pubDate", FEED_PUBLISHED, false},
              {"pubdate", FEED_PUBLISHED, false},
              {"published", FEED_PUBLISHED, false},
              {"dc:date", FEED_PUBLISHED, false},
              {"issued", FEED_PUBLISHED, false},
              {"created", FEED_PUBLISHED, true},
              {"dcterms:created", FEED_PUBLISHED, false},
              {"dcterms:issued", FEED_PUBLISHED, true},
              {"dcterms:date", FEED_PUBLISHED, true},
              {"dcterms:available", FEED_PUBLISHED, true},
              {"updated", FEED_MODIFIED, false},
              {"modified", FEED_MODIFIED, false},
              {"dcterms:modified", FEED_MODIFIED, false},
              {"category", FEED_SECTION, false},
              {"dc:subject", FEED_SECTION, false},
              {"dcterms:subject", FEED_SECTION, true},
              {"itunes:keywords", FEED_SECTION, true},
              {"language", FEED_LANGUAGE, false},
              {"dc:language", FEED_LANGUAGE, false},
              {"dcterms:language", FEED_LANGUAGE, true}};

/* A linear search, since the table is short and elements are few compared with their text. */
enum feed_field feed_names_field(const char *plain, bool *ret_fallback) {
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].name, plain) != 0) continue;
        *ret_fallback = fields[i].fallback;
        return fields[i].field;
    }
    return FEED_NONE;
}

/* ---------------------------------------------------------------- namespaces */

/* Compares the beginning of the address after its scheme, because versions differ and some feeds write https. Returns
 * NULL if the namespace is unknown. */
static const char *usual_prefix(const char *address) {
    static const struct {
        const char *start, *prefix;
    } known[] = {{"www.w3.org/2005/Atom", ""},
                 {"purl.org/atom/", ""},
                 {"backend.userland.com/", ""},
                 {"blogs.law.harvard.edu/tech/rss", ""},
                 {"cyber.law.harvard.edu/rss", ""},
                 {"my.netscape.com/", ""},
                 {"channel.netscape.com/", ""},
                 {"purl.org/rss/1.0/modules/content", "content:"},
                 {"purl.org/rss/1.0/modules/", NULL},
                 {"purl.org/rss/1.0", ""},
                 {"purl.org/net/rss1.1", ""},
                 {"purl.org/dc/elements/", "dc:"},
                 {"purl.org/dc/terms", "dcterms:"},
                 {"www.itunes.com/", "itunes:"},
                 {"www.google.com/schemas/play-podcasts", "googleplay:"},
                 {"search.yahoo.com/mrss", "media:"},
                 {"www.w3.org/1999/02/22-rdf-syntax-ns", "rdf:"},
                 {"www.w3.org/1999/xhtml", "xhtml:"},
                 {"news.yandex.ru", "yandex:"}};
    const char *scheme = strstr(address, "://");
    if (scheme) address = scheme + 3;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncmp(address, known[i].start, strlen(known[i].start)) == 0) return known[i].prefix;
    return NULL;
}

/* `own` is not NUL-terminated: it is the beginning of a longer name. */
static struct feed_prefix *find_prefix(struct feed_names *names, const char *own, size_t length) {
    for (size_t i = 0; i < names->count; i++)
        if (strlen(names->prefixes[i].own) == length && memcmp(names->prefixes[i].own, own, length) == 0)
            return &names->prefixes[i];
    return NULL;
}

/* A known prefix may be declared again with another meaning. Prefixes of unknown namespaces are not stored. */
void feed_names_declare(struct feed_names *names, const char **attributes) {
    for (; attributes[0]; attributes += 2) {
        if (strncmp(attributes[0], "xmlns:", 6) != 0) continue;
        const char *own = attributes[0] + 6, *usual = usual_prefix(attributes[1]);
        size_t length = strlen(own), room = sizeof names->prefixes / sizeof *names->prefixes;
        struct feed_prefix *prefix = find_prefix(names, own, length);
        if (!prefix && usual && names->count < room && length < sizeof prefix->own) {
            prefix = &names->prefixes[names->count++];
            memcpy(prefix->own, own, length + 1);
        }
        if (prefix) prefix->usual = usual;
    }
}

/* Returns "" for prefixes that many feeds use, without declaring them, for elements of the feed format itself. */
static const char *undeclared_prefix(const char *own, size_t length) {
    static const char *const of_feeds[] = {"atom", "a10", "atom10", "rss"};
    for (size_t i = 0; i < sizeof of_feeds / sizeof *of_feeds; i++)
        if (strlen(of_feeds[i]) == length && memcmp(of_feeds[i], own, length) == 0) return "";
    return NULL;
}

/* The feed's own declaration takes precedence over the customary meaning of a prefix. */
const char *feed_names_plain(struct feed_names *names, const char *name) {
    const char *colon = strchr(name, ':');
    if (!colon) return name;
    const struct feed_prefix *prefix = find_prefix(names, name, (size_t)(colon - name));
    const char *usual = prefix && prefix->usual ? prefix->usual : undeclared_prefix(name, (size_t)(colon - name));
    if (!usual || strlen(usual) + strlen(colon) > sizeof names->plain) return name;
    if (!usual[0]) return colon + 1;
    strcpy(names->plain, usual);
    strcat(names->plain, colon + 1);
    return names->plain;
}
