/* An article to JSON. Written straight into the buffer: members that are not known are left out. */
#include "pipeline/article/record.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "pipeline/base/json.h"
#include "pipeline/base/sha256.h"

struct writer {
    struct buffer *out;
    enum record_detail detail;
    bool first; /* nothing stands yet in the object or array that is open */
};

static void separate(struct writer *w) {
    if (!w->first) buffer_add(w->out, ",", 1);
    w->first = false;
}

static void key(struct writer *w, const char *name) {
    separate(w);
    buffer_print(w->out, "\"%s\":", name);
}

static void open_with(struct writer *w, const char *name, const char *bracket) {
    if (name)
        key(w, name);
    else
        separate(w);
    buffer_add_string(w->out, bracket);
    w->first = true;
}

static void close_with(struct writer *w, const char *bracket) {
    buffer_add_string(w->out, bracket);
    w->first = false;
}

static void text(struct writer *w, const char *name, struct span value) {
    if (value.length == 0) return;
    key(w, name);
    json_quote(w->out, value);
}

static void number(struct writer *w, const char *name, double value) {
    key(w, name);
    buffer_print(w->out, "%.6g", value);
}

static void count(struct writer *w, const char *name, size_t value) {
    if (value == 0) return;
    key(w, name);
    buffer_print(w->out, "%zu", value);
}

static void truth(struct writer *w, const char *name, bool value) {
    if (value) {
        key(w, name);
        buffer_add_string(w->out, "true");
    }
}

static void write_findings(struct writer *w, const struct segment *segment) {
    if (segment->finding_count == 0) return;
    open_with(w, "findings", "[");
    for (size_t i = 0; i < segment->finding_count; i++) {
        const struct finding *finding = &segment->findings[i];
        open_with(w, NULL, "{");
        text(w, "check", span_of(finding->check));
        text(w, "severity", span_of(severity_name(finding->severity)));
        text(w, "message", finding->message);
        close_with(w, "}");
    }
    close_with(w, "]");
}

/* What failed the checks never stands where a reader looks for a translation. */
static void write_segment_members(struct writer *w, const struct segment *segment) {
    text(w, "source", segment->source);
    text(w, segment->status == SEGMENT_FAILED ? "rejected" : "target", segment->target);
    if (segment->status != SEGMENT_NEW) text(w, "status", span_of(segment_status_name(segment->status)));
    write_findings(w, segment);
    if (segment->translated_by >= 0) {
        key(w, "translated_by");
        buffer_print(w->out, "%d", segment->translated_by);
    }
    truth(w, "copied", segment->copied);
    truth(w, "from_memory", segment->from_memory);
    count(w, "unknown_words", segment->unknown_words);
    text(w, "language", span_of(segment->language));
}

/* Whether the reader can make the text of the block from its segments; not in scripts without spaces. */
static bool is_joined_by_spaces(const struct block *block) {
    struct span rest = block->text;
    for (size_t i = 0; i < block->segment_count; i++) {
        if (i && !span_starts(rest, SPAN(" "))) return false;
        rest = span_cut(rest, i ? 1 : 0, rest.length);
        if (!span_starts(rest, block->segments[i].source)) return false;
        rest = span_cut(rest, block->segments[i].source.length, rest.length);
    }
    return rest.length == 0;
}

static void write_block(struct writer *w, const struct block *block, unsigned *id) {
    open_with(w, NULL, "{");
    text(w, "kind", span_of(block_kind_name(block->kind)));
    text(w, "language", span_of(block->language));
    bool told = block->segment_count && w->detail != RECORD_WORKING && is_joined_by_spaces(block);
    if (!told) text(w, "text", block->text);
    if (block->segment_count) {
        open_with(w, "segments", "[");
        for (size_t i = 0; i < block->segment_count; i++) {
            open_with(w, NULL, "{");
            count(w, "id", ++*id);
            write_segment_members(w, &block->segments[i]);
            close_with(w, "}");
        }
        close_with(w, "]");
    }
    close_with(w, "}");
}

static void write_body(struct writer *w, const struct article *article) {
    unsigned id = 0;
    if (article->block_count == 0) return;
    open_with(w, "body", "[");
    for (size_t i = 0; i < article->block_count; i++) write_block(w, &article->body[i], &id);
    close_with(w, "]");
}

static void write_encoding(struct writer *w, const struct encoding *encoding) {
    if (encoding->name.length == 0) return;
    open_with(w, "encoding", "{");
    text(w, "name", encoding->name);
    number(w, "certainty", encoding->certainty);
    if (encoding->evidence_count) {
        open_with(w, "evidence", "[");
        for (size_t i = 0; i < encoding->evidence_count; i++) {
            open_with(w, NULL, "{");
            text(w, "from", encoding->evidence[i].from);
            text(w, "says", encoding->evidence[i].says);
            close_with(w, "}");
        }
        close_with(w, "]");
    }
    count(w, "undecodable", encoding->undecodable);
    if (encoding->repair_count) {
        open_with(w, "repairs", "[");
        for (size_t i = 0; i < encoding->repair_count; i++) {
            open_with(w, NULL, "{");
            text(w, "kind", encoding->repairs[i].kind);
            count(w, "count", encoding->repairs[i].count);
            count(w, "paragraph", encoding->repairs[i].paragraph);
            close_with(w, "}");
        }
        close_with(w, "]");
    }
    close_with(w, "}");
}

static void write_archive(struct writer *w, const struct origin *origin) {
    if (!origin->archive_record.length) return;
    open_with(w, "archive", "{");
    text(w, "file", origin->archive_file);
    text(w, "record", origin->archive_record);
    close_with(w, "}");
}

static void write_origin(struct writer *w, const struct article *article) {
    const struct origin *origin = &article->origin;
    if (!origin->identity.length && !origin->raw_sha256.length && !origin->note.length) return;
    open_with(w, "evidence", "{");
    if (!origin->capture) text(w, "sha256", origin->raw_sha256);
    count(w, "bytes", origin->raw_bytes);
    text(w, "content_type", origin->content_type);
    text(w, "identity", origin->identity);
    text(w, "version", origin->version);
    truth(w, "truncated", origin->truncated);
    text(w, "note", origin->note);
    write_archive(w, origin);
    close_with(w, "}");
}

static void write_feed(struct writer *w, const struct feed_entry *feed) {
    if (w->detail != RECORD_WORKING) return;
    open_with(w, "feed", "{");
    text(w, "title", feed->title);
    text(w, "summary", feed->summary);
    text(w, "content", feed->content);
    text(w, "author", feed->author);
    text(w, "published", feed->published);
    text(w, "modified", feed->modified);
    text(w, "language", feed->language);
    text(w, "section", feed->section);
    text(w, "image", feed->image);
    truth(w, "language_is_set", feed->language_is_set);
    truth(w, "content_is_full", feed->content_is_full);
    close_with(w, "}");
}

/* Bytes that have yet to go to the archive are fetched again: without request and answer they would never get there. */
static void write_raw(struct writer *w, const struct origin *origin) {
    struct span raw = origin->raw;
    if (w->detail != RECORD_WORKING || origin->capture || raw.length == 0 || raw.length > RECORD_LIMIT / 2) return;
    key(w, "raw");
    size_t size = (raw.length + 2) / 3 * 4;
    unsigned char *encoded = memory_take(size + 1);
    EVP_EncodeBlock(encoded, (const unsigned char *)raw.at, (int)raw.length);
    buffer_print(w->out, "\"");
    buffer_add(w->out, encoded, size);
    buffer_print(w->out, "\"");
    free(encoded);
}

static void write_metadata_evidence(struct writer *w, const struct article *article) {
    bool opened = false;
    for (enum metadata_field field = 0; field < METADATA_FIELDS; field++) {
        if (article->metadata_evidence[field].length == 0) continue;
        if (!opened) open_with(w, "metadata_evidence", "{");
        text(w, metadata_field_name(field), article->metadata_evidence[field]);
        opened = true;
    }
    if (opened) close_with(w, "}");
}

static void write_enclosure(struct writer *w, const struct feed_entry *feed) {
    if (!feed->enclosure.length) return;
    open_with(w, "enclosure", "{");
    text(w, "url", feed->enclosure);
    text(w, "type", feed->enclosure_type);
    close_with(w, "}");
}

static void write_metadata(struct writer *w, const struct article *article) {
    text(w, "published", article->published);
    text(w, "modified", article->modified);
    if (article->title.source.length || article->title.target.length) {
        open_with(w, "title", "{");
        write_segment_members(w, &article->title);
        text(w, "doubt", article->title_doubt);
        close_with(w, "}");
    }
    if (article->author_count) {
        open_with(w, "authors", "[");
        for (size_t i = 0; i < article->author_count; i++) {
            separate(w);
            json_quote(w->out, article->authors[i]);
        }
        close_with(w, "]");
    }
    text(w, "section", article->section);
    text(w, "site", article->site);
    text(w, "canonical", article->canonical);
    if (article->image.length) {
        open_with(w, "image", "{");
        text(w, "url", article->image);
        text(w, "caption", article->image_caption);
        close_with(w, "}");
    }
    write_enclosure(w, &article->feed);
    truth(w, "paywalled", article->paywalled);
    if (article->content != CONTENT_WHOLE) text(w, "content", span_of(content_name(article->content)));
    write_metadata_evidence(w, article);
}

static void write_language(struct writer *w, const struct language *language) {
    if (!language->code[0] && !language->script[0]) return;
    open_with(w, "language", "{");
    text(w, "code", span_of(language->code));
    text(w, "script", span_of(language->script));
    number(w, "certainty", language->certainty);
    text(w, "runner_up", span_of(language->runner_up));
    close_with(w, "}");
}

static void write_providers(struct writer *w, const struct article *article) {
    if (article->provider_count == 0) return;
    open_with(w, "providers", "[");
    for (size_t i = 0; i < article->provider_count; i++) {
        const struct provider *provider = &article->providers[i];
        open_with(w, NULL, "{");
        text(w, "service", provider->service);
        text(w, "kind", provider->kind);
        text(w, "model", provider->model);
        text(w, "prompt", provider->prompt);
        text(w, "glossary", provider->glossary);
        close_with(w, "}");
    }
    close_with(w, "]");
}

static void write_summary(struct writer *w, const struct summary *summary) {
    if (!summary->method && !summary->note.length) return;
    open_with(w, "summary", "{");
    text(w, "method", span_of(summary->method));
    text(w, "note", summary->note);
    if (summary->summarized_by >= 0) {
        key(w, "summarized_by");
        buffer_print(w->out, "%d", summary->summarized_by);
    }
    open_with(w, "sentences", "[");
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_sentence *sentence = &summary->sentences[i];
        open_with(w, NULL, "{");
        text(w, "text", sentence->text);
        text(w, "doubt", sentence->doubt);
        open_with(w, "segments", "[");
        for (size_t j = 0; j < sentence->rests_on_count; j++) {
            separate(w);
            buffer_print(w->out, "%u", sentence->rests_on[j]);
        }
        close_with(w, "]");
        close_with(w, "}");
    }
    close_with(w, "]");
    close_with(w, "}");
}

static void write_head(struct writer *w, const struct article *article) {
    text(w, "format", SPAN("dragoman-article/2"));
    text(w, "id", article->foreign_id.length ? article->foreign_id : span_of(article->id));
    if (article->status != ARTICLE_NEW) text(w, "status", span_of(article_status_name(article->status)));
    text(w, "note", article->note);
    text(w, "error", span_of(article->failure.sentence));
    text(w, "url", article->origin.address);
    text(w, "source", article->origin.source);
    text(w, "source_title", article->origin.title);
    text(w, "country", article->origin.country);
    text(w, "collected", article->origin.collected);
}

static void write_checksum(struct writer *w, size_t start) {
    char hex[65];
    sha256_hex(span_cut(buffer_span(w->out), start, w->out->length), hex);
    buffer_print(w->out, ",\"checksum\":\"sha256:%s\"", hex);
}

bool record_write(const struct article *article, enum record_detail detail, struct buffer *out) {
    struct writer writer = {.out = out, .detail = detail, .first = true}, *w = &writer;
    size_t start = out->length;
    buffer_add(out, "{", 1);
    write_head(w, article);
    write_metadata(w, article);
    write_language(w, &article->language);
    write_encoding(w, &article->encoding);
    write_origin(w, article);
    write_feed(w, &article->feed);
    write_raw(w, &article->origin);
    if (detail != RECORD_FINAL && article->block_count == 0) text(w, "text", article->text);
    write_body(w, article);
    write_providers(w, article);
    write_summary(w, &article->summary);
    text(w, "duplicate_of", article->duplicate_of);
    if (article->containment > 0) number(w, "containment", article->containment);
    text(w, "story", article->story);
    if (detail == RECORD_FINAL) write_checksum(w, start);
    return buffer_add(out, "}", 1) && !out->full;
}

bool record_intact(struct span json) {
    static const char mark[] = ",\"checksum\":\"sha256:";
    json = span_trim(json);
    size_t tail = sizeof mark - 1 + 64 + 2;
    if (json.length <= tail) return false;
    struct span end = span_cut(json, json.length - tail, json.length);
    char hex[65];
    sha256_hex(span_cut(json, 0, json.length - tail), hex);
    return span_starts(end, span_of(mark)) &&
           span_equal(span_cut(end, sizeof mark - 1, sizeof mark - 1 + 64), span_of(hex));
}
