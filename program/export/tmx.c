/* Exports TMX 1.4b: the translation memory, with its keys so that an import restores the same entries, or the sentence
 * pairs of records. */
#include <stdio.h>

#include "program/export/export.h"
#include "program/export/parts/xml.h"

/* A unit is the whole text of a request, which may be longer than a sentence; therefore segtype is "block". */
static void begin(const struct export_head *head, struct buffer *out) {
    (void)head;
    buffer_print(out,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n<header creationtool=\"Dragoman\" "
                 "creationtoolversion=\"%s\" segtype=\"block\" o-tmf=\"Dragoman\" adminlang=\"en\" srclang=\"*all*\" "
                 "datatype=\"plaintext\"/>\n<body>\n",
                 DRAGOMAN_VERSION);
}

static void add_pair(struct buffer *out, struct span language, struct span source, struct span target) {
    buffer_add_string(out, "<tuv xml:lang=\"");
    xml_add(out, language);
    buffer_add_string(out, "\">");
    xml_element(out, "seg", source);
    buffer_add_string(out, "</tuv><tuv xml:lang=\"en\">");
    xml_element(out, "seg", target);
    buffer_add_string(out, "</tuv></tu>\n");
}

static void open_unit(struct buffer *out, struct span id, struct span language) {
    buffer_add_string(out, "<tu tuid=\"");
    xml_add(out, id);
    buffer_add_string(out, "\" srclang=\"");
    xml_add(out, language);
    buffer_add_string(out, "\">\n");
}

static void property(struct buffer *out, const char *type, struct span value) {
    if (value.length) xml_element_with(out, "prop", "type", span_of(type), value);
}

static void add_entry(const struct memory_key *key, const struct memory_entry *entry, struct buffer *out) {
    char hex[2 * sizeof key->bytes + 1], unknown[24];
    for (size_t i = 0; i < sizeof key->bytes; i++) snprintf(hex + 2 * i, 3, "%02x", key->bytes[i]);
    snprintf(unknown, sizeof unknown, "%u", entry->unknown_words);
    open_unit(out, span_of(hex), entry->source_language);
    property(out, "x-dragoman-key", span_of(hex));
    property(out, "x-dragoman-service", entry->service);
    property(out, "x-dragoman-model", entry->model);
    if (entry->unknown_words) property(out, "x-dragoman-unknown-words", span_of(unknown));
    add_pair(out, entry->source_language, entry->source, entry->target);
}

/* Leaves out failed segments, which have no valid translation, and segments that were copied unchanged (names,
 * figures), which are useless in a translation memory. */
static bool is_fit(const struct segment *segment) {
    bool usable = segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT;
    return usable && segment->target.length && !span_equal(segment->source, segment->target);
}

/* A finding is written twice: translation tools show notes to the translator and use properties for filtering. */
static void add_doubts(const struct segment *segment, struct buffer *out) {
    for (size_t i = 0; i < segment->finding_count; i++) {
        const struct finding *finding = &segment->findings[i];
        if (finding->severity == SEVERITY_NOTE) continue;
        property(out, "x-dragoman-finding", span_of(finding->check));
        xml_element(out, "note", finding->message);
    }
}

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    (void)record;
    (void)number;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        const struct segment *segment = walk.segment;
        char id[48];
        if (!is_fit(segment)) continue;
        snprintf(id, sizeof id, "%s-%u", article->id, walk.id);
        struct span language = span_of(segment_walk_language(article, &walk));
        open_unit(out, span_of(id), language);
        property(out, "x-dragoman-status", span_of(segment_status_name(segment->status)));
        if (segment->translated_by >= 0 && (size_t)segment->translated_by < article->provider_count)
            property(out, "x-dragoman-service", article->providers[segment->translated_by].service);
        property(out, "x-dragoman-url", article->origin.address);
        add_doubts(segment, out);
        add_pair(out, language, segment->source, segment->target);
    }
}

static void end(struct buffer *out) {
    buffer_add_string(out, "</body>\n</tmx>\n");
}

const struct exporter exporter_tmx = {
    .name = "tmx",
    .help = "TMX 1.4b: the translation memory, or, with days, the sentence pairs of their records",
    .begin = begin,
    .article = add_article,
    .entry = add_entry,
    .end = end};
