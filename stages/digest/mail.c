#include "stages/digest/mail.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/clock.h"
#include "stages/digest/html.h"

/* ---------------------------------------------------------------- what is new */

bool mail_is_fresh(const struct mail *mail, const struct take *take) {
    return hash_table_find(mail->fresh, span_of(take->article->id)) != NULL;
}

static size_t count_fresh(struct mail *mail, const struct entry *entry) {
    size_t fresh = 0;
    for (size_t i = 0; i < entry->count; i++) {
        if (!mail_is_fresh(mail, &entry->takes[i])) continue;
        mail->flags.suspect += entry->takes[i].flags.suspect;
        mail->flags.failed += entry->takes[i].flags.failed;
        fresh++;
    }
    return fresh;
}

/* The day's entries are sorted by weight already. */
void mail_list(struct mail *mail) {
    const struct day *day = mail->day;
    mail->items = arena_take(day->arena, (day->count + 1) * sizeof *mail->items);
    for (int watched = 1; watched >= 0; watched--)
        for (size_t i = 0; i < day->count; i++) {
            const struct entry *entry = &day->entries[i];
            if ((entry->watched != 0) != watched) continue;
            size_t fresh = count_fresh(mail, entry);
            if (!fresh) continue;
            mail->items[mail->count++] = (struct mail_item){.entry = entry, .fresh = fresh};
            mail->articles += fresh;
            mail->watched += watched == 1;
            mail->grown += fresh < entry->count;
        }
}

/* ---------------------------------------------------------------- what both parts say */

static void add_doubts(const struct flags *flags, struct buffer *out) {
    if (flags->suspect) {
        buffer_add_string(out, ", ");
        page_count(out, flags->suspect, "sentence", "sentences");
        buffer_add_string(out, " to check");
    }
    if (flags->failed) buffer_print(out, ", %zu not translated", flags->failed);
}

void mail_state(const struct mail *mail, struct buffer *out) {
    char local[26], zone[16];
    if (mail->day->as_of) {
        clock_zoned(mail->day->as_of, local);
        clock_zone_name(mail->day->as_of, zone);
        bool today = span_starts(span_of(local), span_of(mail->day->edition->day));
        buffer_print(out, "As of %.*s%s%.5s %s: ", today ? 0 : 10, local, today ? "" : " ", local + 11, zone);
    }
    page_count(out, mail->articles, "new article", "new articles");
    buffer_add_string(out, " in ");
    page_count(out, mail->count, "story", "stories");
    if (mail->grown) buffer_print(out, " (%zu %s grown)", mail->grown, mail->grown == 1 ? "has" : "have");
    if (page_missing_count(mail->day->edition)) {
        buffer_add_string(out, ", ");
        page_missing_sum(mail->day->edition, out);
    }
    add_doubts(&mail->flags, out);
}

void mail_time(const struct mail *mail, const struct take *take, struct buffer *out) {
    char local[26], name[64];
    const struct when *when = &take->when;
    if (when->kind == WHEN_UNKNOWN || when->kind == WHEN_IMPOSSIBLE) {
        buffer_add_string(out, when->kind == WHEN_UNKNOWN ? "undated" : "impossible date");
        return;
    }
    clock_zoned(when->at, local);
    bool today = span_starts(span_of(local), span_of(mail->day->edition->day));
    if (when->kind == WHEN_TIME && today) {
        buffer_print(out, "%.5s", local + 11);
        return;
    }
    local[10] = '\0';
    clock_day_name(local, name);
    const char *comma = strchr(name, ',');
    buffer_add_string(out, comma ? comma + 2 : local);
}

void mail_page(const struct mail *mail, struct span name, struct buffer *out) {
    struct span place = mail->url.length ? mail->url : mail->folder;
    buffer_print(out, "%.*s/%s/%.*s", SPAN_ARGS(place), mail->day->edition->day, SPAN_ARGS(name));
}

void mail_article_state(const struct take *take, struct buffer *out) {
    if (take->article->status != ARTICLE_COMPLETE)
        buffer_print(out, ", %s", article_status_name(take->article->status));
    add_doubts(&take->flags, out);
}

static void add_watches(const struct watches *watches, uint64_t watched, struct buffer *out) {
    const char *before = ", watch-list: ";
    for (size_t i = 0; watches && i < watches->count; i++) {
        if (!(watched >> i & 1)) continue;
        buffer_print(out, "%s%.*s", before, SPAN_ARGS(text_clip(watches->items[i].name, 100)));
        before = ", ";
    }
}

void mail_news(const struct mail *mail, const struct mail_item *item, struct buffer *out) {
    if (item->fresh == item->entry->count)
        buffer_add_string(out, "New");
    else
        buffer_print(out, "Grown: %zu of %zu articles %s new", item->fresh, item->entry->count,
                     item->fresh == 1 ? "is" : "are");
    add_watches(mail->day->watches, item->entry->watched, out);
}
