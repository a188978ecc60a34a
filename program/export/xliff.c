/* Exports XLIFF 2.1 for post-editing: one file per article, one unit per paragraph, one segment per sentence. */
#include <stdio.h>

#include "program/export/export.h"
#include "program/export/parts/xml.h"

static void begin(const struct export_head *head, struct buffer *out) {
    buffer_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff "
                           "xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.1\" srcLang=\"");
    xml_add(out, head->language);
    buffer_add_string(out, "\" trgLang=\"en\">\n");
}

static void open_file(struct buffer *out, const struct article *article) {
    buffer_print(out, "<file id=\"f%s\"", article->id);
    if (article->origin.address.length) {
        buffer_add_string(out, " original=\"");
        xml_add(out, article->origin.address);
        buffer_add_string(out, "\"");
    }
    buffer_add_string(out, ">\n");
}

/* Adds the findings of the checks as notes of the unit. XLIFF requires notes to precede the segments, so the category
 * of a note names its segment. */
static void add_notes(struct buffer *out, const struct segment *segments, size_t count, unsigned first_id) {
    bool any = false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < segments[i].finding_count; j++) {
            const struct finding *finding = &segments[i].findings[j];
            char category[48];
            if (!any) buffer_add_string(out, "<notes>\n");
            any = true;
            snprintf(category, sizeof category, "s%u %s", first_id + (unsigned)i, finding->check);
            xml_element_with(out, "note", "category", span_of(category), finding->message);
        }
    if (any) buffer_add_string(out, "</notes>\n");
}

static void add_segment(struct buffer *out, const struct segment *segment, unsigned id) {
    bool failed = segment->status == SEGMENT_FAILED || segment->status == SEGMENT_NEW || !segment->target.length;
    buffer_print(out, "<segment id=\"s%u\" state=\"%s\"%s>\n", id, failed ? "initial" : "translated",
                 segment->status == SEGMENT_SUSPECT ? " subState=\"dragoman:suspect\"" : "");
    xml_element(out, "source", segment->source);
    if (!failed) xml_element(out, "target", segment->target);
    buffer_add_string(out, "</segment>\n");
}

/* Returns what stands in the text between `*at` and the sentence, which is then behind it; a space if it is not there.
 */
static struct span take_gap(struct span text, struct span sentence, size_t *at) {
    size_t gap = span_find(span_cut(text, *at, text.length), sentence);
    if (gap == SIZE_MAX) return SPAN(" ");
    struct span between = span_cut(text, *at, *at + gap);
    *at += gap + sentence.length;
    return between;
}

/* What stands between two sentences belongs to neither segment; <ignorable> keeps it. Some scripts have no space there.
 */
static void add_gap(struct buffer *out, struct span gap) {
    if (!gap.length) return;
    buffer_add_string(out, "<ignorable><source xml:space=\"preserve\">");
    xml_add(out, gap);
    buffer_add_string(out, "</source></ignorable>\n");
}

static void add_unit(struct buffer *out, const char *id, struct span text, const struct segment *segments, size_t count,
                     unsigned first_id) {
    size_t at = 0;
    if (count == 0) return;
    buffer_print(out, "<unit id=\"%s\">\n", id);
    add_notes(out, segments, count, first_id);
    for (size_t i = 0; i < count; i++) {
        struct span gap = take_gap(text, segments[i].source, &at);
        if (i) add_gap(out, gap);
        add_segment(out, &segments[i], first_id + (unsigned)i);
    }
    buffer_add_string(out, "</unit>\n");
}

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    unsigned id = 1;
    (void)record;
    (void)number;
    if (!article->title.source.length && article->block_count == 0) return;
    open_file(out, article);
    if (article->title.source.length) add_unit(out, "title", article->title.source, &article->title, 1, 0);
    for (size_t i = 0; i < article->block_count; i++) {
        const struct block *block = &article->body[i];
        char name[24];
        snprintf(name, sizeof name, "b%zu", i + 1);
        add_unit(out, name, block->text, block->segments, block->segment_count, id);
        id += (unsigned)block->segment_count;
    }
    buffer_add_string(out, "</file>\n");
}

static void end(struct buffer *out) {
    buffer_add_string(out, "</xliff>\n");
}

const struct exporter exporter_xliff = {.name = "xliff",
                                        .help = "XLIFF 2.1: sentence by sentence, for one source language",
                                        .one_language = true,
                                        .begin = begin,
                                        .article = add_article,
                                        .end = end};
