/* The article, which passes through all stages. Its fields are grouped by the stage that fills them in.
 *
 * An article owns an arena, and everything reachable from it belongs to that arena and is freed with it. The exceptions
 * are the raw bytes and the decoded document, which are large and needed only for a short time: origin.raw and text
 * belong to the arena `document`, and nothing else may point into it. From the decode stage on, texts are UTF-8. One
 * thread at a time works on an article; the scheduler passes it from thread to thread. Empty spans and zeroed structs
 * mean "not known". record.h converts an article to JSON and back at any stage. */
#ifndef PIPELINE_ARTICLE_ARTICLE_H
#define PIPELINE_ARTICLE_ARTICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* -------------------------------------------------------------- sources and collect: where it came from */

/* How the bytes were received, for the archive. Freed together with the bytes. */
struct capture {
    struct span target, server, time; /* URL of the reply; IP address of the server; time of the request, UTC */
    struct span request_head, reply_head;
};

struct origin {
    struct span source;    /* name of the [source "..."] section in the configuration; empty for the command `show` */
    struct span title;     /* the section's `title`, or empty */
    struct span country;   /* the section's `country`, or empty */
    struct span address;   /* http:, https: or file: URL, or a path; empty for stdin */
    struct span landed;    /* URL of the reply, after redirects; empty if not from the network; not in the record */
    struct span last_page; /* URL of the last page read, if there are several; else empty; not in the record */
    struct span identity;  /* identifies the item: GUID, URL or content hash; the article's id is its hash */
    struct span version;   /* changes with the item (hash of the feed entry, size and mtime, ETag); may be empty */
    struct span collected; /* ISO 8601, UTC */
    struct span content_type; /* value of the HTTP header Content-Type, or empty */
    struct span raw;          /* bytes as received; article_page_mark() separates the pages; dropped after extract */
    size_t raw_bytes;         /* their number; kept */
    struct span raw_sha256;   /* 64 hex digits; of the first page only, like raw_bytes; kept when `raw` is dropped */
    const struct capture *capture; /* NULL = not from the network, or not to be archived; dropped with the bytes */
    struct span archive_file;      /* file in which the bytes are archived: "archive/2026-01-29.warc.gz" */
    struct span archive_record;    /* WARC-Record-ID in this file; the feed's record if the text is from the feed */
    bool truncated;    /* the text is incomplete, for example the feed's teaser because the page was not available */
    struct span note;  /* why the text is incomplete, or what else the reader must know about the page; one sentence */
    bool is_cut_off;   /* the server sent only a part of the page; not in the record */
    bool is_feed_text; /* the text is from the feed, turned into a page by collect; not in the record */
    bool is_late;      /* the text is the feed's, and the page may be had later: its host is down; not in the record */
};

/* What a feed said about its item: used as hints, and as the article if the page is not available. */
struct feed_entry {
    struct span title, summary, content; /* UTF-8; summary and content may be HTML */
    struct span author;                  /* names, one per line */
    struct span published, modified, language, section, image;
    struct span enclosure, enclosure_type; /* URL and media type of the recording attached to the item */
    bool language_is_set;                  /* `language` comes from the source's settings, not from the feed */
    bool content_is_full;                  /* `content` is the full text, so the page need not be fetched */
};

/* -------------------------------------------------------------- decode: bytes to clean UTF-8 */

struct evidence {
    /* where the hint was found: "bom", "http", "part" (of an email), ...; or, if the bytes decided: "bytes", "model" */
    struct span from;
    struct span says; /* the encoding or language that the hint names: "windows-1251" */
};

struct repair {
    struct span kind; /* what was repaired: "mojibake utf-8 as windows-1252", "nfc", "bidi", "look-alikes", ... */
    size_t count;     /* number of places */
    size_t paragraph; /* first paragraph (line) that was repaired, 0 = the whole text */
};

struct encoding {
    struct span name; /* WHATWG name in lower case ("windows-1251"), or the common name if WHATWG has none */
    double certainty; /* 0 to 1 */
    struct evidence *evidence;
    size_t evidence_count, evidence_capacity;
    size_t undecodable; /* number of bytes replaced by U+FFFD */
    struct repair *repairs;
    size_t repair_count, repair_capacity;
};

/* -------------------------------------------------------------- extract: where the metadata was found */

enum metadata_field {
    FIELD_TITLE,
    FIELD_STANDFIRST,
    FIELD_AUTHORS,
    FIELD_PUBLISHED,
    FIELD_MODIFIED,
    FIELD_SECTION,
    FIELD_IMAGE,
    FIELD_CANONICAL,
    FIELD_SITE,
    METADATA_FIELDS
};

/* Kind of the page that was fetched. */
enum content {
    CONTENT_WHOLE,
    CONTENT_EMPTY,   /* not an article, for example a frame, a list of articles or an advertisement */
    CONTENT_CONSENT, /* walls: pages that demand something of the reader and contain no article */
    CONTENT_CAPTCHA,
    CONTENT_LOGIN,
    CONTENT_SCRIPT,    /* pages that say "please enable JavaScript" */
    CONTENT_REFUSED,   /* pages that say "not available in your country" or "switch off your ad blocker" */
    CONTENT_NOT_FOUND, /* error pages with status 200 */
    CONTENT_SERVER_ERROR,
    CONTENT_TEASER, /* the beginning only; the rest is for subscribers */
    CONTENT_PART,   /* only some of the article's pages were available */
    CONTENT_LIVE,   /* a live blog */
    CONTENT_VIDEO,  /* a video and the text that accompanies it */
    CONTENT_GALLERY /* a picture gallery and its text */
};

/* -------------------------------------------------------------- identify */

struct language {
    char code[12];      /* BCP 47 as in config/tables/names.tsv: "bg", "sr-Cyrl", "zh-Hans"; "" = unknown */
    char script[5];     /* script of most letters, ISO 15924: "Cyrl" */
    double certainty;   /* 0 to 1 */
    char runner_up[12]; /* code of the second most likely language, "" if none */
};

/* -------------------------------------------------------------- segment, translate, check */

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    const char *check; /* name of the check that found it, a static string: "numbers", "echo", ... */
    /* NOTE does not change the status, WARNING makes the segment suspect, ERROR makes it failed. */
    enum severity severity;
    struct span message; /* a sentence for the reader */
};

enum segment_status {
    SEGMENT_NEW, /* not translated yet */
    SEGMENT_OK,
    SEGMENT_SUSPECT, /* translated, with findings that the reader should see */
    SEGMENT_FAILED   /* no usable translation: `target` must not be shown as a translation */
};

/* Who translated a segment: one entry per combination of service, model and prompt. Segments refer to it by index. */
struct provider {
    struct span service;  /* section name */
    struct span kind;     /* adapter: "apertium", "openai", ... */
    struct span model;    /* model, chain of language pairs, engine version; may be empty */
    struct span prompt;   /* prompt version, or empty */
    struct span glossary; /* glossary version, or empty */
};

struct segment {
    struct span source; /* exactly as in the block's text, without the whitespace between segments */
    struct span target;
    enum segment_status status;
    struct finding *findings;
    size_t finding_count, finding_capacity;
    bool copied;       /* copied unchanged: numbers, names, English; not counted for the verdict (verdict.h) */
    bool judged;       /* the checks have already added their findings about `target`; not in the record */
    int translated_by; /* index into article.providers, -1 = not translated */
    bool from_memory;  /* the translation came from the translation memory */
    unsigned tried;    /* number of services asked; index of the next one in the route (the services to try in order) */
    unsigned unknown_words; /* number of words that the service marked as unknown */
    char language[12];      /* set if it differs from the article's language */
    /* When an editor accepted the present target in spite of these findings (ISO 8601, UTC); empty = never. They are no
     * longer in `findings`, so no page shows a doubt. Cleared when the target changes. */
    struct span accepted_at;
    struct finding *accepted;
    size_t accepted_count, accepted_capacity;
    struct span replaced, replaced_at; /* the target that an editor's correction replaced, and when */
};

enum block_kind {
    BLOCK_STANDFIRST,
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_QUOTE,
    BLOCK_LIST_ITEM,
    BLOCK_TABLE_ROW, /* a table row, its cells joined by " | " */
    BLOCK_CAPTION    /* shown to the reader, but not part of the body */
};

struct block {
    enum block_kind kind;
    struct span text; /* source text without newlines */
    struct segment *segments;
    size_t segment_count, segment_capacity;
    char language[12]; /* set if it differs from the article's language */
};

/* -------------------------------------------------------------- summarize */

struct summary_sentence {
    struct span text;   /* English */
    unsigned *rests_on; /* segment ids, see article_segment() */
    size_t rests_on_count;
    struct span doubt; /* why the translation of these segments may be wrong; empty = no known reason */
};

struct summary {
    struct summary_sentence *sentences;
    size_t count, capacity;
    const char *method; /* static: "extractive" or "model"; NULL = no summary */
    struct span note;   /* why a fallback was used, or why there is no summary */
    int summarized_by;  /* index into article.providers, -1 = extractive */
};

/* -------------------------------------------------------------- the article */

enum article_status {
    ARTICLE_NEW,
    ARTICLE_COMPLETE, /* every segment is ok or suspect */
    ARTICLE_PARTIAL,  /* some segments failed, or parts of the article were not available */
    ARTICLE_FAILED,   /* the article could not be read, or none of it was translated */
    ARTICLE_SKIPPED,  /* skipped on purpose; the reason is in `failure.sentence` */
    ARTICLE_DUPLICATE /* of `duplicate_of` */
};

struct section;

struct article {
    struct arena *arena;
    struct arena *document; /* owns origin.raw and text; freed after extract by article_drop_document() */
    char id[33];            /* 32 hex digits: half of the SHA-256 of origin.identity, or the id from a partial record */
    size_t number;          /* position in the order in which articles entered the run, from 0 */
    struct span foreign_id; /* the id from a partial record if it is not 32 hex digits; printed instead of `id` */

    struct origin origin;
    struct feed_entry feed;
    /* The configuration section of the article's source. Valid until the end of the run; not in the record. NULL = the
     * source is no longer configured. */
    const struct section *source_section;

    struct encoding encoding;
    /* how the feed's texts were decoded, if `encoding` describes the page; not in the record */
    struct encoding feed_encoding;
    struct span text; /* decoded document (HTML or plain text); dropped after extract */

    struct segment title; /* `source` is filled in by extract; translated like any other segment; its id is 0 */
    struct span *authors;
    size_t author_count, author_capacity;
    bool authors_cut;                /* the page names more; not in the record */
    struct span published, modified; /* ISO 8601, with time zone if known */
    struct span section, image, image_caption, canonical, site;
    bool paywalled;
    enum content content; /* kind of the page, even if the text comes from the feed; see origin.note */
    /* Where each field was found: "json-ld datePublished", "meta og:image", "by-line", "date line", "feed", ...;
     * several sources that agree are separated by ", ". Empty if the field is not known, or before extract. */
    struct span metadata_evidence[METADATA_FIELDS];

    struct language language;

    struct block *body;
    size_t block_count, block_capacity;

    uint64_t *fingerprints; /* set by dedupe: a selection of the text's hashes (winnowing), sorted, unique */
    size_t fingerprint_count;
    struct span duplicate_of; /* id of the article that has the same text and is kept */
    double containment;       /* share of this text that also occurs in that article */

    struct provider *providers;
    size_t provider_count, provider_capacity;
    struct summary summary;
    struct span title_doubt; /* set by summarize: why the translated headline may be wrong; empty = no known reason */
    struct span story;       /* set by group: id of the story within the edition */

    enum article_status status;
    struct span note; /* what the reader must know about the status, for example that nothing had to be translated */
    struct failure failure; /* why the article failed, was skipped or is waiting */
    /* True if the page is fetched again because an earlier run could not read it. If that fails, the earlier result
     * stays, so collect and extract fail instead of falling back. Not in the record. */
    bool asked_again;
    bool is_first; /* the store has no finished record of it, so none need be looked for; not in the record */
    struct segment
        *answered; /* sentences that an editor answered in an earlier record (answers.h); not in the record */
    size_t answered_count;
    void *stage_work;     /* state of the current stage, created by its `ask`; in the arena */
    struct span path;     /* set by write: path of the record, relative to the output folder */
    struct span record;   /* set by write: the finished record as JSON */
    struct span packed;   /* set by write: the record compressed (pack.h), for the store */
    char record_hash[65]; /* set by write: SHA-256 of the record */
    char record_made[21]; /* set by edition_load(): when the record was made (ISO 8601, UTC); empty = not known */
};

/* Collects the notes for the reader: where the text comes from, and why the status is what it is. Returns their
 * number. */
enum { ARTICLE_NOTES = 2 };
size_t article_notes(const struct article *article, struct span ret_notes[ARTICLE_NOTES]);

/* Returns a new, empty article with its own arena. */
struct article *article_new(void);
void article_free(struct article *article); /* accepts NULL */
/* Returns the arena for raw bytes and decoded text, creating it if necessary. */
struct arena *article_document(struct article *article);
/* Frees raw bytes and decoded text. Called by extract when the blocks have been created. */
void article_drop_document(struct article *article);
/* Removes title, text and everything else that was read from the page. Called for walls and error pages, because
 * nothing on them is part of the article. */
void article_forget_page(struct article *article);
/* Returns the separator between the joined pages of an article: an HTML comment that contains the hash of the first
 * page, and so cannot occur in that page. In the arena. */
struct span article_page_mark(const struct article *article);
/* Writes the id of an article with this identity: half of its SHA-256 in hex digits. */
void article_id(struct span identity, char ret_id[33]);
/* Sets origin.identity and the id derived from it. */
void article_identify(struct article *article, struct span identity);
/* Appends a block; the pointer is valid until the next one is appended. */
struct block *article_add_block(struct article *article, enum block_kind kind, struct span text);
/* Removes a block, given by its index. */
void article_remove_block(struct article *article, size_t block);
/* Appends a segment; the pointer is valid until the next one is appended to the block. */
struct segment *article_add_segment(struct article *article, struct block *block, struct span source);
/* Appends a finding; the message is copied, `check` must be static. */
void article_add_finding(struct article *article, struct segment *segment, const char *check, enum severity severity,
                         struct span message);
/* Append evidence or a repair to an encoding whose arrays are in the arena; texts are copied. */
void encoding_note(struct encoding *encoding, struct arena *arena, const char *from, struct span says);
void encoding_note_repair(struct encoding *encoding, struct arena *arena, const char *kind, size_t count,
                          size_t paragraph);
/* Copies the encoding and evidence of a container (a feed, a mailbox) to an article taken from it. The number of
 * undecodable bytes is not copied, because they may be in another item. */
void article_take_encoding(struct article *article, const struct encoding *container);
/* Appends a repair to the article's own encoding. */
void article_add_repair(struct article *article, const char *kind, size_t count, size_t paragraph);
/* Appends an author; the name is copied. */
void article_add_author(struct article *article, struct span name);
/* Whether the article has a text, a headline or bytes to decode, so that its address need not be read. */
bool article_has_content(const struct article *article);
/* Prepares the article for another attempt. Failed segments become new, and status, note, summary and failure are
 * cleared. Translated segments are kept. */
void article_reopen(struct article *article);
/* Returns the publisher as shown to the reader: the title that the user gave the source, else the name of the site,
 * else the section's name. */
struct span article_publisher(const struct article *article);
/* Returns the address if it is an http: or https: URL, else the canonical one that the page names (a saved page has no
 * address of its own), else empty. No other address may become a link on a page. */
struct span article_web_address(const struct article *article);
/* Sets a field and records where it was found, unless the field is known already. Both texts are copied. Has no effect
 * on stand-first and authors, which are lists: use article_note_field() for these. */
void article_take_field(struct article *article, enum metadata_field field, struct span value, struct span from);
/* Records where a field was found, unless a place has been recorded already. */
void article_note_field(struct article *article, enum metadata_field field, struct span from);
/* Returns the index of an equal provider, adding it if necessary. */
int article_add_provider(struct article *article, const struct provider *provider);
/* Returns a segment by its id: 0 is the title (if it has a source), 1 and up are the body's segments in reading order.
 * NULL if there is none. Takes linear time; to loop over all segments, use struct segment_walk. */
struct segment *article_segment(const struct article *article, unsigned id);

/* Usage: for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) use(walk.segment); */
struct segment_walk {
    struct segment *segment;
    struct block *block; /* NULL for the title */
    unsigned id;
    size_t next_block, next_segment;
    bool started;
};
bool segment_walk_next(const struct article *article, struct segment_walk *walk);
/* Returns the language of the segment: its own, else its block's, else the article's. */
const char *segment_walk_language(const struct article *article, const struct segment_walk *walk);

/* The names of an enum's values in the record, indexed by value. */
struct names {
    const char *const *at;
    size_t count;
};
extern const struct names block_kind_names, segment_status_names, severity_names, article_status_names, content_names;

const char *segment_status_name(enum segment_status status); /* "new", "ok", "suspect", "failed" */
const char *severity_name(enum severity severity);           /* "note", "warning", "error" */
const char *article_status_name(enum article_status status);
/* Whether the page has an article; whether it has all of the article's text. */
bool content_is_article(enum content content);
bool content_is_complete(enum content content);

#endif
