#include "program/export/parts/reading.h"

#include <stdio.h>

#include "stages/check/checker.h"

static bool is_usable(const struct segment *segment) {
    return segment->target.length && (segment->status == SEGMENT_OK || segment->status == SEGMENT_SUSPECT);
}

static void add_doubt(struct buffer *out, struct span doubt) {
    if (doubt.length) buffer_print(out, " [to check: %.*s]", SPAN_ARGS(doubt));
}

void reading_title(const struct article *article, struct buffer *out) {
    buffer_add_span(out, is_usable(&article->title) ? article->title.target : article->title.source);
    add_doubt(out, article->title_doubt);
}

static void add_segment(const struct segment *segment, struct buffer *out) {
    if (is_usable(segment)) {
        buffer_add_span(out, segment->target);
        add_doubt(out, checker_warning(segment));
        return;
    }
    buffer_add_string(out, "[not translated: ");
    buffer_add_span(out, segment->source);
    buffer_add_string(out, "]");
}

void reading_english(const struct article *article, struct buffer *out) {
    for (size_t i = 0; i < article->block_count; i++) {
        const struct block *block = &article->body[i];
        if (block->kind == BLOCK_CAPTION || block->segment_count == 0) continue;
        if (out->length) buffer_add_string(out, "\n\n");
        for (size_t j = 0; j < block->segment_count; j++) {
            if (j) buffer_add_string(out, " ");
            add_segment(&block->segments[j], out);
        }
    }
}

void reading_source(const struct article *article, struct buffer *out) {
    for (size_t i = 0; i < article->block_count; i++) {
        if (article->body[i].kind == BLOCK_CAPTION) continue;
        if (out->length) buffer_add_string(out, "\n\n");
        buffer_add_span(out, article->body[i].text);
    }
}

void reading_summary(const struct article *article, struct buffer *out) {
    for (size_t i = 0; i < article->summary.count; i++) {
        if (i) buffer_add_string(out, " ");
        buffer_add_span(out, article->summary.sentences[i].text);
        add_doubt(out, article->summary.sentences[i].doubt);
    }
}

static void add_part(struct buffer *out, struct span part) {
    if (out->length) buffer_add_string(out, "; ");
    buffer_add_span(out, part);
}

static void add_count(struct buffer *out, size_t count, const char *one, const char *many) {
    char text[64];
    snprintf(text, sizeof text, "%zu %s", count, count == 1 ? one : many);
    if (count) add_part(out, span_of(text));
}

static void add_providers(const struct article *article, struct buffer *out) {
    if (!article->provider_count) return;
    buffer_add_string(out, "translated by machine (");
    for (size_t i = 0; i < article->provider_count; i++)
        buffer_print(out, "%s%.*s", i ? ", " : "", SPAN_ARGS(article->providers[i].service));
    buffer_add_string(out, ")");
}

/* Makes the text a sentence: a capital at the start, a full stop at the end. */
static void end_sentence(struct buffer *out) {
    if (!out->length) buffer_add_string(out, "nothing was translated by machine");
    if (out->at[0] >= 'a' && out->at[0] <= 'z') out->at[0] = (char)(out->at[0] - 'a' + 'A');
    buffer_add_string(out, ".");
}

void reading_note(const struct article *article, struct buffer *out) {
    size_t suspect = 0, failed = 0;
    struct span notes[ARTICLE_NOTES];
    size_t note_count = article_notes(article, notes);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        suspect += walk.segment->status == SEGMENT_SUSPECT;
        failed += walk.segment->status == SEGMENT_FAILED;
    }
    add_providers(article, out);
    add_count(out, suspect, "sentence should be checked", "sentences should be checked");
    add_count(out, failed, "was not translated", "were not translated");
    for (size_t i = 0; i < note_count; i++) add_part(out, notes[i]);
    end_sentence(out);
}

/* Accepts times without seconds, which are written as ":00", and drops fractions of a second. */
bool reading_time(struct span iso, char ret_text[32]) {
    size_t minutes = span_form(iso, "dddd-dd-ddTdd:dd"), seconds = span_form(iso, "dddd-dd-ddTdd:dd:dd");
    if (!minutes) return false;
    struct span zone = span_cut(iso, seconds ? seconds : minutes, iso.length);
    if (zone.length && zone.at[0] == '.') {
        size_t digits = 1;
        while (digits < zone.length && zone.at[digits] >= '0' && zone.at[digits] <= '9') digits++;
        zone = span_cut(zone, digits, zone.length);
    }
    bool known = span_is(zone, "Z") || (zone.length == 6 && (span_form(zone, "+dd:dd") || span_form(zone, "-dd:dd")));
    if (known)
        snprintf(ret_text, 32, "%.*s%s%.*s", SPAN_ARGS(span_cut(iso, 0, seconds ? seconds : minutes)),
                 seconds ? "" : ":00", SPAN_ARGS(zone));
    return known;
}
