#include "pipeline/article/fields.h"

#include "pipeline/article/record_rules.h"

#define TIME_PATTERN "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"

/* ---------------------------------------------------------------- segments and blocks */

static const struct field finding_fields[] = {
    FIELD(finding, check, "check", .flags = FIELD_REQUIRED, .help = "the check that found it: numbers, echo, ..."),
    FIELD_CHOICE(finding, severity, "severity", severity_names, .flags = FIELD_REQUIRED | FIELD_ALWAYS,
                 .help = "a warning marks the sentence as suspect; an error rejects its translation"),
    FIELD(finding, message, "message", .flags = FIELD_REQUIRED, .help = "what is wrong, in words for the reader")};
static const struct field_table finding_table = {FIELD_TABLE(finding_fields), .settle = record_settle_finding};

static const struct field accepted_fields[] = {
    FIELD(segment, accepted_at, "at", .flags = FIELD_OPENS | FIELD_REQUIRED, .pattern = TIME_PATTERN,
          .help = "when the editor accepted it, UTC"),
    FIELD_LIST(segment, accepted, accepted_count, offsetof(struct segment, accepted_capacity), "findings",
               &finding_table, .flags = FIELD_REQUIRED | FIELD_ALWAYS, .help = "what the checks had found")};
static const struct field_table accepted_table = {FIELD_TABLE(accepted_fields)};

static const struct field replaced_fields[] = {
    FIELD(segment, replaced_at, "at", .flags = FIELD_OPENS | FIELD_REQUIRED, .pattern = TIME_PATTERN,
          .help = "when the correction was imported, UTC"),
    FIELD(segment, replaced, "target", .help = "the earlier English, which may have been rejected; absent if none")};
static const struct field_table replaced_table = {FIELD_TABLE(replaced_fields)};

static const struct field segment_fields[] = {
    FIELD(segment, source, "source", .flags = FIELD_OPENS | FIELD_REQUIRED, .help = "the sentence as published"),
    FIELD(segment, target, "target", .flags = FIELD_OPENS, .when = record_has_target, .help = "its translation"),
    FIELD(segment, target, "rejected", .when = record_has_rejected,
          .help = "the translation that the checks rejected; must not be shown as a translation"),
    FIELD_CHOICE(segment, status, "status", segment_status_names, .flags = FIELD_REQUIRED,
                 .help =
                     "suspect: translated, with findings that the reader should see; failed: no usable translation"),
    FIELD_LIST(segment, findings, finding_count, offsetof(struct segment, finding_capacity), "findings", &finding_table,
               .help = "what the checks found"),
    FIELD(segment, translated_by, "translated_by", .formerly = "maker",
          .help = "who translated it: an index into 'providers'"),
    FIELD(segment, copied, "copied", .help = "copied unchanged: numbers, names, English"),
    FIELD(segment, from_memory, "from_memory", .help = "the translation comes from the translation memory"),
    FIELD(segment, unknown_words, "unknown_words", .help = "number of words that the service marked as unknown"),
    FIELD(segment, language, "language", .help = "set if it differs from the article's language"),
    FIELD_GROUP(segment, "accepted", accepted_table,
                .help = "an editor accepted the translation in spite of what the checks found"),
    FIELD_GROUP(segment, "replaced", replaced_table, .help = "an editor corrected the translation")};
static const struct field_table segment_table = {FIELD_TABLE(segment_fields), .enter = record_enter_segment,
                                                 .settle = record_settle_segment};

static const struct field body_segment_fields[] = {
    {.name = "id",
     .type = VALUE_NUMBER,
     .flags = FIELD_REQUIRED | FIELD_NOT_READ,
     .write = record_write_segment_id,
     .help = "number of the segment in the article, from 1; the title is 0"},
    FIELD_OWN_MEMBERS(segment, segment_table, .flags = FIELD_REQUIRED)};
static const struct segment blank_segment = {.translated_by = -1};
static const struct field_table body_segment_table = {FIELD_TABLE(body_segment_fields), .blank = &blank_segment};

static const struct field block_fields[] = {
    FIELD_CHOICE(block, kind, "kind", block_kind_names, .flags = FIELD_REQUIRED | FIELD_ALWAYS,
                 .help = "what the block is on the page; a caption is not part of the running text"),
    FIELD(block, language, "language", .help = "set if it differs from the article's language"),
    FIELD(block, text, "text", .when = record_has_block_text, .read = record_read_block_text,
          .help = "text of the block; omitted if it equals the segments' sources joined by spaces"),
    FIELD_LIST(block, segments, segment_count, offsetof(struct block, segment_capacity), "segments",
               &body_segment_table, .help = "its sentences")};
static const struct block blank_block = {.kind = BLOCK_PARAGRAPH};
static const struct field_table block_table = {FIELD_TABLE(block_fields), .blank = &blank_block,
                                               .enter = record_enter_block, .settle = record_settle_block};

/* These members are in struct article: the title is a segment there, and title_doubt is stored beside it. */
static const struct field title_fields[] = {
    FIELD_MEMBERS(article, title, segment_table, .flags = FIELD_OPENS),
    FIELD(article, title_doubt, "doubt", .help = "why the translated headline may be wrong")};
static const struct field_table title_table = {FIELD_TABLE(title_fields)};

/* ---------------------------------------------------------------- metadata, all of it in struct article */

static const struct field image_fields[] = {
    FIELD(article, image, "url", .flags = FIELD_OPENS | FIELD_REQUIRED, .help = "its address"),
    FIELD(article, image_caption, "caption", .help = "as published, not translated")};
static const struct field_table image_table = {FIELD_TABLE(image_fields)};

static const struct field enclosure_fields[] = {
    FIELD(article, feed.enclosure, "url", .flags = FIELD_OPENS | FIELD_REQUIRED, .help = "its address"),
    FIELD(article, feed.enclosure_type, "type", .help = "its media type: audio/mpeg, ...")};
static const struct field_table enclosure_table = {FIELD_TABLE(enclosure_fields)};

#define EVIDENCE_OF(field, json_name)                                                                                  \
    [field] = FIELD(article, metadata_evidence[field], json_name, .flags = FIELD_OPENS, .help = NULL)
static const struct field metadata_fields[METADATA_FIELDS] = {
    EVIDENCE_OF(FIELD_TITLE, "title"),       EVIDENCE_OF(FIELD_STANDFIRST, "stand-first"),
    EVIDENCE_OF(FIELD_AUTHORS, "authors"),   EVIDENCE_OF(FIELD_PUBLISHED, "published"),
    EVIDENCE_OF(FIELD_MODIFIED, "modified"), EVIDENCE_OF(FIELD_SECTION, "section"),
    EVIDENCE_OF(FIELD_IMAGE, "image"),       EVIDENCE_OF(FIELD_CANONICAL, "canonical"),
    EVIDENCE_OF(FIELD_SITE, "site")};
static const struct field_table metadata_table = {FIELD_TABLE(metadata_fields)};

const char *metadata_field_name(enum metadata_field field) {
    return metadata_fields[field].name;
}

/* ---------------------------------------------------------------- language and encoding */

static const struct field language_fields[] = {
    FIELD(language, code, "code", .flags = FIELD_OPENS, .help = "BCP 47: bg, sr-Cyrl, zh-Hans"),
    FIELD(language, script, "script", .flags = FIELD_OPENS, .pattern = "^[A-Z][a-z]{3}$",
          .help = "script of most of the letters, ISO 15924: Cyrl"),
    FIELD(language, certainty, "certainty", .flags = FIELD_REQUIRED | FIELD_ALWAYS, .help = "how certain the code is"),
    FIELD(language, runner_up, "runner_up", .help = "the code of the second most likely language")};
static const struct field_table language_table = {FIELD_TABLE(language_fields)};

static const struct field evidence_fields[] = {
    FIELD(evidence, from, "from", .flags = FIELD_OPENS | FIELD_REQUIRED,
          .help =
              "where the hint was found: bom, http, part (of an email), xml, html, setting (the source's language), "
              "feed (the feed's language), domain, language (stated in the document), links (the country to which "
              "most of them point); or, if the bytes decided: bytes (their structure), model (their statistics)"),
    FIELD(evidence, says, "says", .flags = FIELD_REQUIRED,
          .help = "the encoding or language to which the hint points")};
static const struct field_table evidence_table = {FIELD_TABLE(evidence_fields)};

static const struct field repair_fields[] = {
    FIELD(repair, kind, "kind", .flags = FIELD_OPENS | FIELD_REQUIRED,
          .help = "mojibake utf-8 as windows-1252, zawgyi, nfc, bidi, look-alikes, ..."),
    FIELD(repair, count, "count", .help = "number of repairs"),
    FIELD(repair, paragraph, "paragraph",
          .help = "number of the first repaired paragraph; omitted if the whole text was repaired")};
static const struct field_table repair_table = {FIELD_TABLE(repair_fields)};

static const struct field encoding_fields[] = {
    FIELD(encoding, name, "name", .flags = FIELD_OPENS | FIELD_REQUIRED,
          .help = "WHATWG name in lower case, or the common name if WHATWG has none"),
    FIELD(encoding, certainty, "certainty", .flags = FIELD_REQUIRED | FIELD_ALWAYS, .help = "how certain the name is"),
    FIELD_LIST(encoding, evidence, evidence_count, offsetof(struct encoding, evidence_capacity), "evidence",
               &evidence_table, .flags = FIELD_SKIPS_EMPTY, .help = "evidence for and against this encoding"),
    FIELD(encoding, undecodable, "undecodable", .help = "number of bytes replaced by U+FFFD"),
    FIELD_LIST(encoding, repairs, repair_count, offsetof(struct encoding, repair_capacity), "repairs", &repair_table,
               .flags = FIELD_SKIPS_EMPTY, .help = "what was repaired in the text")};
static const struct field_table encoding_table = {FIELD_TABLE(encoding_fields)};

/* ---------------------------------------------------------------- where it came from */

static const struct field archive_fields[] = {
    FIELD(origin, archive_file, "file", .flags = FIELD_REQUIRED, .help = "archive/2026-01-29.warc.gz, for example"),
    FIELD(origin, archive_record, "record", .flags = FIELD_OPENS | FIELD_REQUIRED,
          .pattern = "^urn:uuid:[0-9a-f-]{36}$", .help = "its WARC-Record-ID")};
static const struct field_table archive_table = {FIELD_TABLE(archive_fields)};

static const struct field origin_fields[] = {
    FIELD(origin, raw_sha256, "sha256", .flags = FIELD_OPENS, .when = record_has_hash, .pattern = "^[0-9a-f]{64}$",
          .help = "SHA-256 of the bytes as received"),
    FIELD(origin, raw_bytes, "bytes", .help = "number of bytes received"),
    FIELD(origin, content_type, "content_type", .help = "the HTTP header"),
    FIELD(origin, identity, "identity", .flags = FIELD_OPENS,
          .help = "what identifies the item (GUID, URL or content hash); the id is its hash"),
    FIELD(origin, version, "version", .help = "changes when the item changes"),
    FIELD(origin, truncated, "truncated", .help = "the text is incomplete, for example the feed's teaser"),
    FIELD(origin, note, "note", .flags = FIELD_OPENS, .help = "what the reader must know about the page"),
    FIELD_GROUP(origin, "archive", archive_table, .help = "where the page was archived")};
static const struct field_table origin_table = {FIELD_TABLE(origin_fields)};

static const struct field feed_fields[] = {FIELD(feed_entry, title, "title", .help = NULL),
                                           FIELD(feed_entry, summary, "summary", .help = NULL),
                                           FIELD(feed_entry, content, "content", .help = NULL),
                                           FIELD(feed_entry, author, "author", .help = NULL),
                                           FIELD(feed_entry, published, "published", .help = NULL),
                                           FIELD(feed_entry, modified, "modified", .help = NULL),
                                           FIELD(feed_entry, language, "language", .help = NULL),
                                           FIELD(feed_entry, section, "section", .help = NULL),
                                           FIELD(feed_entry, image, "image", .help = NULL),
                                           FIELD(feed_entry, language_is_set, "language_is_set", .help = NULL),
                                           FIELD(feed_entry, content_is_full, "content_is_full", .help = NULL)};
static const struct field_table feed_table = {FIELD_TABLE(feed_fields)};

/* ---------------------------------------------------------------- translators and summary */

static const struct field provider_fields[] = {
    FIELD(provider, service, "service", .flags = FIELD_REQUIRED,
          .help = "name of the service's section in the configuration"),
    FIELD(provider, kind, "kind", .flags = FIELD_REQUIRED, .help = "the kind of service: apertium, openai, ..."),
    FIELD(provider, model, "model", .help = "model, chain of language pairs, or engine version"),
    FIELD(provider, prompt, "prompt", .help = "version of the prompt"),
    FIELD(provider, glossary, "glossary", .help = "version of the glossary")};
static const struct field_table provider_table = {FIELD_TABLE(provider_fields)};

static const struct field sentence_fields[] = {
    FIELD(summary_sentence, text, "text", .flags = FIELD_REQUIRED, .help = "English"),
    FIELD(summary_sentence, doubt, "doubt", .help = "why the translation on which the sentence is based may be wrong"),
    FIELD_LIST(summary_sentence, rests_on, rests_on_count, NO_CAPACITY, "segments", NULL,
               .flags = FIELD_REQUIRED | FIELD_ALWAYS, .help = "ids of the segments on which the sentence is based")};
static const struct field_table sentence_table = {FIELD_TABLE(sentence_fields)};

static const char *const methods[] = {"extractive", "model"};
static const struct names method_names = {methods, sizeof methods / sizeof *methods};

static const struct field summary_fields[] = {
    FIELD(summary, method, "method", .flags = FIELD_OPENS, .names = &method_names,
          .help = "how the sentences were made: taken from the translation, or written by a model"),
    FIELD(summary, note, "note", .flags = FIELD_OPENS, .help = "why a fallback was used, or why there is no summary"),
    FIELD(summary, summarized_by, "summarized_by", .formerly = "maker",
          .help = "who wrote it: an index into 'providers'"),
    FIELD_LIST(summary, sentences, count, offsetof(struct summary, capacity), "sentences", &sentence_table,
               .flags = FIELD_REQUIRED | FIELD_ALWAYS, .help = "in reading order")};
static const struct field_table summary_table = {FIELD_TABLE(summary_fields)};

/* ---------------------------------------------------------------- the record */

static const struct field members[] = {
    {.name = "format",
     .type = VALUE_CONSTANT,
     .constant = "dragoman-article/2",
     .flags = FIELD_REQUIRED | FIELD_NOT_READ,
     .help = "name and version of this format"},
    FIELD(article, id, "id", .flags = FIELD_REQUIRED, .write = record_write_id, .read = record_read_id,
          .help = "half of the SHA-256 of evidence.identity, or the id given in a partial record"),
    FIELD_CHOICE(article, status, "status", article_status_names, .flags = FIELD_REQUIRED, .last_final = ARTICLE_FAILED,
                 .help = "complete: every sentence is translated; partial: some are not, or part of the article is "
                         "missing; failed: nothing is translated"),
    FIELD(article, note, "note", .help = "what the reader must know about the status"),
    FIELD(article, failure.sentence, "error", .read = record_read_error, .help = "why it failed"),
    FIELD(article, origin.address, "url", .help = "URL or path; absent if the article was read from standard input"),
    FIELD(article, origin.source, "source", .help = "its section's name in the configuration"),
    FIELD(article, origin.title, "source_title", .help = "the section's title"),
    FIELD(article, origin.country, "country", .help = "the section's country"),
    FIELD(article, origin.collected, "collected", .pattern = TIME_PATTERN, .help = "when the article was fetched, UTC"),
    FIELD(article, published, "published", .help = "ISO 8601, with the time zone if known"),
    FIELD(article, modified, "modified", .help = "ISO 8601, with the time zone if known"),
    FIELD_GROUP(article, "title", title_table, .read = record_read_title,
                .help = "the headline, a segment like those in 'body'"),
    FIELD_LIST(article, authors, author_count, offsetof(struct article, author_capacity), "authors", NULL,
               .help = "the authors' names, as published"),
    FIELD(article, section, "section", .help = "section of the site: politics, sport, ..."),
    FIELD(article, site, "site", .help = "name of the site, as stated on the page"),
    FIELD(article, canonical, "canonical", .help = "canonical URL, as stated on the page"),
    FIELD_GROUP(article, "image", image_table, .help = "the article's main picture"),
    FIELD_GROUP(article, "enclosure", enclosure_table,
                .help = "the recording attached to the feed's item, such as a podcast episode"),
    FIELD(article, paywalled, "paywalled", .help = "the page says that it is for subscribers only"),
    FIELD_CHOICE(article, content, "content", content_names,
                 .help = "kind of the page if it is not a complete article; evidence.note explains it to the reader"),
    FIELD_GROUP(article, "metadata_evidence", metadata_table,
                .help = "where each field was found: 'json-ld datePublished', 'meta og:image', 'by-line', 'feed', ...; "
                        "several places that agree are separated by ', '"),
    FIELD_OBJECT(article, language, "language", language_table, .help = "language of the article"),
    FIELD_OBJECT(article, encoding, "encoding", encoding_table,
                 .help = "how the bytes were decoded, and repairs of the text"),
    FIELD_OBJECT(article, origin, "evidence", origin_table, .help = "what the record was made from"),
    FIELD_OBJECT(article, feed, "feed", feed_table, .detail = IN_WORKING, .flags = FIELD_ALWAYS),
    FIELD(article, origin.raw, "raw", .detail = IN_WORKING, .when = record_has_raw, .write = record_write_raw,
          .read = record_read_raw),
    FIELD(article, text, "text", .detail = IN_WORKING | IN_SHOW, .when = record_has_text, .read = record_read_text),
    FIELD_LIST(article, body, block_count, offsetof(struct article, block_capacity), "body", &block_table,
               .help = "the text, block by block"),
    FIELD_LIST(article, providers, provider_count, offsetof(struct article, provider_capacity), "providers",
               &provider_table, .formerly = "makers", .help = "who translated and summarized"),
    FIELD_OBJECT(article, summary, "summary", summary_table,
                 .help = "summary in English, with the segments on which it is based"),
    FIELD(article, duplicate_of, "duplicate_of", .help = "id of the article that has the same text"),
    FIELD(article, containment, "containment",
          .help = "share of this article's text that also occurs in 'duplicate_of'"),
    FIELD(article, story, "story",
          .help = "id of the story, unique within the day; stays the same while the story grows"),
    {.name = "checksum",
     .type = VALUE_TEXT,
     .detail = IN_FINAL,
     .flags = FIELD_REQUIRED | FIELD_NOT_READ,
     .write = record_write_checksum,
     .pattern = "^sha256:[0-9a-f]{64}$",
     .help = "SHA-256 of the record from the opening brace up to the comma before this member, which is not included"}};
const struct field_table article_fields = {FIELD_TABLE(members), .settle = record_settle};
