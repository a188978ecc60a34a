/* Exports the feeds of the configuration as OPML 2.0, for feed readers and for sources of kind opml. */
#include "program/export/export.h"
#include "program/export/parts/xml.h"

static void begin(const struct export_head *head, struct buffer *out) {
    (void)head;
    buffer_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n<head><title>Dragoman"
                           "</title></head>\n<body>\n");
}

static void add_attribute(const char *name, struct span value, struct buffer *out) {
    if (!value.length) return;
    buffer_print(out, " %s=\"", name);
    xml_add(out, value);
    buffer_add_string(out, "\"");
}

/* A comma divides categories, and a slash their levels, so neither may be in a name. */
static void add_category(struct span section, struct buffer *out) {
    struct buffer category = BUFFER(1 << 16);
    for (size_t i = 0; i < section.length; i++)
        buffer_add(&category, section.at[i] == ',' || section.at[i] == '/' ? " " : section.at + i, 1);
    add_attribute("category", buffer_span(&category), out);
    buffer_free(&category);
}

static void add_feed(const struct export_feed *feed, struct buffer *out) {
    buffer_print(out, "<outline type=\"rss\"");
    add_attribute("text", feed->title, out);
    add_attribute("title", feed->title, out);
    add_attribute("xmlUrl", feed->address, out);
    add_attribute("htmlUrl", feed->site, out);
    add_attribute("language", feed->language, out);
    add_category(feed->section, out);
    buffer_add_string(out, "/>\n");
}

static void end(struct buffer *out) {
    buffer_add_string(out, "</body>\n</opml>\n");
}

const struct exporter exporter_opml = {.name = "opml",
                                       .help = "the feeds of the configuration, as OPML 2.0",
                                       .begin = begin,
                                       .feed = add_feed,
                                       .end = end};
