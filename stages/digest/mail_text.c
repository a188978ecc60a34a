/* The part of a mail in plain text. */
#include "pipeline/base/json.h"
#include "pipeline/base/visible.h"
#include "stages/digest/html.h"
#include "stages/digest/mail.h"
#include "stages/digest/markdown.h"
#include "stages/digest/page.h"
#include "stages/language/names.h"
#include "stages/language/unicode.h"

enum { NOTES_LIMIT = 16 << 20, TEXT_BYTES = 80000, MISSING_BYTES = 12000, LINE_BYTES = 800, MAX_TAKES = 6 };
enum { FIRST_STRONG_ISOLATE = 0x2068, POP_ISOLATE = 0x2069 };

/* Appends text on one line. A text that is written from right to left is isolated, so that it does not move what stands
 * beside it. */
static void add(struct buffer *out, struct span text) {
    bool isolate = text_is_right_to_left(text), cut = text.length > LINE_BYTES;
    text = text_clip(text, LINE_BYTES);
    if (isolate) buffer_add_rune(out, FIRST_STRONG_ISOLATE);
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune < ' ' || rune == 0x7F)
            buffer_add_rune(out, ' ');
        else if (!rune_is_obeyed(rune))
            buffer_add_rune(out, rune);
    }
    buffer_add_string(out, cut ? "…" : "");
    if (isolate) buffer_add_rune(out, POP_ISOLATE);
}

static void add_doubt(struct buffer *out, struct span doubt) {
    if (!doubt.length) return;
    buffer_add_string(out, " [to check: ");
    add(out, doubt);
    buffer_add_string(out, "]");
}

static void add_headline(struct buffer *out, const struct article *article) {
    if (html_has_headline(article)) {
        add(out, article->title.target);
        add_doubt(out, article->title_doubt);
    } else if (article->title.source.length) {
        buffer_add_string(out, "[not translated] ");
        add(out, article->title.source);
    } else {
        buffer_add_string(out, "Untitled");
    }
}

static void add_byline(const struct mail *mail, const struct take *take, struct buffer *out) {
    const struct article *article = take->article;
    struct span publisher = article_publisher(article);
    add(out, publisher.length ? publisher : SPAN("unknown"));
    if (article->language.code[0]) {
        buffer_add_string(out, ", ");
        add(out, language_name(mail->languages, span_of(article->language.code)));
    }
    buffer_add_string(out, ", ");
    mail_time(mail, take, out);
    mail_article_state(take, out);
    buffer_add_string(out, "\n");
}

/* Appends the summary, and what is doubtful with the source's own sentence. */
static void add_summary(const struct article *article, struct buffer *out) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) {
        buffer_add_string(out, "  Note: ");
        add(out, notes[i]);
        buffer_add_string(out, "\n");
    }
    for (size_t i = 0; i < article->summary.count; i++) {
        const struct summary_sentence *sentence = &article->summary.sentences[i];
        const struct segment *rests_on =
            sentence->rests_on_count ? article_segment(article, sentence->rests_on[0]) : NULL;
        buffer_add_string(out, "  ");
        add(out, sentence->text);
        add_doubt(out, sentence->doubt);
        if (sentence->doubt.length && rests_on) {
            buffer_add_string(out, "\n    The source: ");
            add(out, rests_on->source);
        }
        buffer_add_string(out, "\n");
    }
}

static void add_original(const struct article *article, const char *label, struct buffer *out) {
    struct span address = article_web_address(article);
    if (!address.length) return;
    buffer_add_string(out, label);
    markdown_address(out, address); /* a line break in it could begin a story of its own */
    buffer_add_string(out, "\n");
}

static void add_take(const struct mail *mail, const struct take *take, struct buffer *out) {
    buffer_add_string(out, mail_is_fresh(mail, take) ? "  + new: " : "  + ");
    add_headline(out, take->article);
    buffer_add_string(out, "\n    ");
    add_byline(mail, take, out);
    add_original(take->article, "    ", out);
}

static void add_takes(const struct mail *mail, const struct mail_item *item, struct buffer *out) {
    size_t shown = 0;
    for (size_t i = 1; i < item->entry->count && shown < MAX_TAKES; i++) {
        if (!mail_is_fresh(mail, &item->entry->takes[i])) continue;
        add_take(mail, &item->entry->takes[i], out);
        shown++;
    }
}

static void add_item(const struct mail *mail, const struct mail_item *item, struct buffer *out) {
    const struct take *lead = &item->entry->takes[0];
    const struct article *article = lead->article;
    struct buffer name = BUFFER(1024);
    html_story_address(&name, item->entry->id);
    buffer_add_string(out, "* ");
    add_headline(out, article);
    buffer_add_string(out, "\n");
    if (html_has_headline(article) && !span_equal(article->title.source, article->title.target)) {
        buffer_add_string(out, "  ");
        add(out, article->title.source);
        buffer_add_string(out, "\n");
    }
    buffer_add_string(out, "  ");
    mail_news(mail, item, out);
    buffer_add_string(out, " - ");
    add_byline(mail, lead, out);
    add_summary(article, out);
    add_original(article, "  Original: ", out);
    add_takes(mail, item, out);
    buffer_add_string(out, "  In both languages: ");
    mail_page(mail, buffer_span(&name), out);
    buffer_add_string(out, "\n\n");
    buffer_free(&name);
}

static void add_items(const struct mail *mail, struct buffer *out) {
    size_t i = 0;
    for (; i < mail->count && i < mail->max_stories && out->length < TEXT_BYTES; i++) {
        if (i == 0 && mail->watched) buffer_add_string(out, "WATCH-LIST\n\n");
        if (i == mail->watched) buffer_add_string(out, mail->watched ? "OTHER STORIES\n\n" : "STORIES\n\n");
        add_item(mail, &mail->items[i], out);
    }
    if (i == mail->count) return;
    buffer_print(out, "... and %zu more: ", mail->count - i);
    mail_page(mail, SPAN("index.html"), out);
    buffer_add_string(out, "\n\n");
}

struct missing_part {
    struct buffer *out;
    size_t end, left_out;
};

static void add_missing_line(void *context, struct span where, struct span what) {
    struct missing_part *part = context;
    if (part->out->length > part->end) {
        part->left_out++;
        return;
    }
    buffer_add_string(part->out, "- ");
    add(part->out, where);
    buffer_add_string(part->out, where.length ? ": " : "");
    add(part->out, what);
    buffer_add_string(part->out, "\n");
}

static void add_missing(const struct mail *mail, struct buffer *out) {
    if (!page_missing_count(mail->day->edition)) return;
    struct missing_part part = {.out = out, .end = out->length + MISSING_BYTES};
    buffer_add_string(out, "MISSING, WAITING OR FAILED\n\n");
    page_missing(mail->day->edition, add_missing_line, &part);
    if (part.left_out) {
        buffer_print(out, "- and %zu more: ", part.left_out);
        mail_page(mail, SPAN("index.html"), out);
        buffer_add_string(out, "\n");
    }
    buffer_add_string(out, "\n");
}

bool mail_text(const struct mail *mail, struct buffer *out) {
    mail_state(mail, out);
    buffer_add_string(out, ".\n");
    mail_page(mail, SPAN("index.html"), out);
    buffer_add_string(out, "\n\n");
    add_items(mail, out);
    add_missing(mail, out);
    buffer_add_string(out,
                      "Translated by machine. Every sentence was checked against its source. What is marked may be "
                      "wrong;\nwhat is not marked may still be wrong.\n");
    return !out->full;
}
