#include "stages/digest/html.h"
#include "stages/digest/story_page.h"

/* Appends what the checks found, except for mere notes: the marks of these would hide those that matter. */
static void write_findings(const struct segment *segment, struct buffer *out) {
    for (size_t i = 0; i < segment->finding_count; i++) {
        const struct finding *finding = &segment->findings[i];
        if (finding->severity == SEVERITY_NOTE) continue;
        html_tagged(out, finding->severity == SEVERITY_ERROR ? "<p class=\"why bad\">" : "<p class=\"why\">",
                    finding->message, "</p>");
    }
}

static void write_english(const struct segment *segment, struct buffer *out) {
    bool suspect = segment->status == SEGMENT_SUSPECT;
    if (segment->status == SEGMENT_FAILED) {
        buffer_add_string(out, "<div><span class=\"bad\">Not translated.</span>");
    } else {
        buffer_add_string(out, suspect ? "<div><mark class=\"doubt\">" : "<div>");
        page_escape(out, segment->target);
        buffer_add_string(out, suspect ? "</mark>" : "");
    }
    write_findings(segment, out);
    buffer_add_string(out, "</div>");
}

void pair_html(const struct article *article, const struct segment_walk *walk, bool named, bool first,
               struct buffer *out) {
    bool heading = walk->block && walk->block->kind == BLOCK_HEADING;
    buffer_add_string(out, first ? "<div class=\"pair p" : "<div class=\"pair");
    buffer_add_string(out, heading ? " h\"" : "\"");
    if (named) {
        buffer_add_string(out, " id=\"");
        html_segment(out, article, walk->id);
        buffer_add_string(out, "\"");
    }
    buffer_add_string(out, ">");
    write_english(walk->segment, out);
    buffer_add_string(out, "<p");
    html_language(out, span_of(segment_walk_language(article, walk)), walk->segment->source);
    html_tagged(out, ">", walk->segment->source, "</p></div>\n");
}
