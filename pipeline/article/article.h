/* The one thing that flows. Its fields are grouped by the stage that fills them.
 *
 * An article owns an arena; everything reachable from it belongs to that arena and dies with it. The exception are the
 * raw bytes and the decoded document, which are large and needed for a short time only: origin.raw and text belong to
 * `document`, and nothing else may point into it. Texts are UTF-8 from the decode stage on. One thread at a time works
 * on an article; the scheduler hands it over. Empty spans and zeroed structs mean "not known". record.h turns an
 * article into JSON and back at any stage. */
#ifndef PIPELINE_ARTICLE_ARTICLE_H
#define PIPELINE_ARTICLE_ARTICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* -------------------------------------------------------------- sources and collect: where it came from */

/* How the bytes came over the net, for the archive; lives as long as they do. */
struct capture {
    struct span target, server, time; /* the address that answered; of the server, in figures; ISO 8601, UTC */
    struct span request_head, reply_head;
};

struct origin {
    struct span source;    /* name of the config's [source "..."] section; empty for show */
    struct span title;     /* the section's `title`, or empty */
    struct span country;   /* the section's `country`, or empty */
    struct span address;   /* http:, https: or file: URL, or a path; empty for stdin */
    struct span landed;    /* the address that answered, after redirects; empty: not from the net; not kept */
    struct span last_page; /* that of the last further page that was read; empty: none; not kept */
    struct span identity;  /* what makes the item itself: GUID, address or content hash; the id is its hash */
    struct span version;   /* changes when the item changes (feed entry's hash, size and mtime, ETag); may be empty */
    struct span collected; /* ISO 8601, UTC */
    struct span content_type; /* the HTTP header, or empty */
    struct span raw;          /* bytes as they came, further pages behind article_page_mark(); dropped after extract */
    size_t raw_bytes;         /* their number, kept */
    struct span raw_sha256;   /* 64 hex digits, kept; both of the first page alone */
    const struct capture *capture; /* NULL: not from the net, or not to be archived; dropped with the bytes */
    struct span archive_file;      /* where they are kept: "archive/2026-01-29.warc.gz", */
    struct span archive_record;    /* "urn:uuid:..."; of the feed, when the text is the feed's own */
    bool truncated;                /* the source cut it (feed teaser used because the page could not be had) */
    struct span note;              /* why, or what else the reader has to know about the page, in one sentence */
    bool is_feed_text;             /* the text is what the feed said, made a page by collect; not kept */
};

/* What a feed said about its item: used as hints, and as the article when the page cannot be had. */
struct feed_entry {
    struct span title, summary, content; /* UTF-8; summary and content may be HTML */
    struct span author;                  /* names, one a line */
    struct span published, modified, language, section, image;
    struct span enclosure, enclosure_type; /* address and media type of the recording that the item carries */
    bool language_is_set;                  /* `language` is what the source's settings say, not the feed */
    bool content_is_full;                  /* content:encoded and the like: no need to fetch the page */
};

/* -------------------------------------------------------------- decode: bytes to clean UTF-8 */

struct evidence {
    struct span from; /* "bom", "http", "part", "xml", "html", "bytes", "model", "setting", "feed", "domain" */
    struct span says; /* what it said, e.g. "windows-1251" */
};

struct repair {
    struct span kind; /* "mojibake utf-8 as windows-1252", "nfc", "bidi", "look-alikes", ... */
    size_t count;     /* how many places */
    size_t paragraph; /* first paragraph (line) it was made in, 0 for the whole text */
};

struct encoding {
    struct span name; /* WHATWG name in lower case ("windows-1251"), or the usual one when WHATWG has none */
    double certainty; /* 0 to 1 */
    struct evidence *evidence;
    size_t evidence_count, evidence_capacity;
    size_t undecodable; /* bytes that became U+FFFD */
    struct repair *repairs;
    size_t repair_count, repair_capacity;
};

/* -------------------------------------------------------------- extract: where its metadata stood */

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

/* What the page turned out to be. */
enum content {
    CONTENT_WHOLE,
    CONTENT_EMPTY,   /* no article: a frame, a list of others, an advertisement */
    CONTENT_CONSENT, /* walls: they say what they want and hold no article */
    CONTENT_CAPTCHA,
    CONTENT_LOGIN,
    CONTENT_SCRIPT,    /* "please enable JavaScript" */
    CONTENT_REFUSED,   /* "not available in your country", "switch off your ad blocker" */
    CONTENT_NOT_FOUND, /* error pages that came with 200 */
    CONTENT_SERVER_ERROR,
    CONTENT_TEASER, /* the beginning; the rest is for subscribers */
    CONTENT_PART,   /* some of its pages */
    CONTENT_LIVE,   /* a live blog */
    CONTENT_VIDEO,  /* the text beside a video, */
    CONTENT_GALLERY /* or a gallery of pictures */
};

/* -------------------------------------------------------------- identify */

struct language {
    char code[12];      /* BCP 47 as in config/tables/names.tsv: "bg", "sr-Cyrl", "zh-Hans"; "" unknown */
    char script[5];     /* ISO 15924 of most letters: "Cyrl" */
    double certainty;   /* 0 to 1 */
    char runner_up[12]; /* second best code, "" when none */
};

/* -------------------------------------------------------------- segment, translate, check */

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    const char *check;      /* static name of the check: "numbers", "echo", ... */
    enum severity severity; /* NOTE never changes a status, WARNING makes suspect, ERROR fails the segment */
    struct span message;    /* a sentence for the reader */
};

enum segment_status {
    SEGMENT_NEW, /* not translated yet */
    SEGMENT_OK,
    SEGMENT_SUSPECT, /* translated, with findings worth reading */
    SEGMENT_FAILED   /* no usable translation: `target` must not be shown as one */
};

/* Who made a target: one entry per service, model and prompt that took part; segments refer to it by index. */
struct provider {
    struct span service;  /* section name */
    struct span kind;     /* adapter: "apertium", "openai", ... */
    struct span model;    /* model, chain of pairs, engine version; may be empty */
    struct span prompt;   /* prompt version, or empty */
    struct span glossary; /* glossary version, or empty */
};

struct segment {
    struct span source; /* exactly as in the block's text, surrounding white space included in neither segment */
    struct span target;
    enum segment_status status;
    struct finding *findings;
    size_t finding_count, finding_capacity;
    bool copied;            /* taken as it is: numbers, names, English; counts neither way (verdict.h) */
    bool judged;            /* what the checks find in this target stands in `findings` already; in no record */
    int translated_by;      /* index into article.providers, -1 when not translated */
    bool from_memory;       /* the answer was remembered, not bought */
    unsigned tried;         /* services already asked for it: next index of the route */
    unsigned unknown_words; /* that the engine itself marked as unknown */
    char language[12];      /* when it differs from the article's */
};

enum block_kind {
    BLOCK_STANDFIRST,
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_QUOTE,
    BLOCK_LIST_ITEM,
    BLOCK_TABLE_ROW, /* cells joined by " | " */
    BLOCK_CAPTION    /* kept for the reader, not part of the body's text */
};

struct block {
    enum block_kind kind;
    struct span text; /* source; no newline inside */
    struct segment *segments;
    size_t segment_count, segment_capacity;
    char language[12]; /* when it differs from the article's */
};

/* -------------------------------------------------------------- summarize */

struct summary_sentence {
    struct span text;   /* English */
    unsigned *rests_on; /* ids of segments, see article_segment() */
    size_t rests_on_count;
    struct span doubt; /* why the English it rests on may not say what the source says; empty: sound */
};

struct summary {
    struct summary_sentence *sentences;
    size_t count, capacity;
    const char *method; /* static: "extractive" or "model"; NULL when there is none */
    struct span note;   /* why a fallback was taken, or why there is no summary */
    int summarized_by;  /* index into article.providers, -1 for extractive */
};

/* -------------------------------------------------------------- the article */

enum article_status {
    ARTICLE_NEW,
    ARTICLE_COMPLETE, /* every segment is ok or suspect */
    ARTICLE_PARTIAL,  /* some segments failed, or parts of the article could not be had */
    ARTICLE_FAILED,   /* nothing of it could be translated, or it could not be read */
    ARTICLE_SKIPPED,  /* not wanted, with the reason in `failure.sentence` */
    ARTICLE_DUPLICATE /* of `duplicate_of` */
};

struct section;

struct article {
    struct arena *arena;
    struct arena *document; /* origin.raw and text; freed after extract by article_drop_document() */
    char id[33];   /* 32 hex digits: half of the SHA-256 of origin.identity, or the id a partial record came with */
    size_t number; /* in the order it was fed, from 0 */
    struct span foreign_id; /* id of a partial record when it is not of that form; printed instead of `id` */

    struct origin origin;
    struct feed_entry feed;
    /* The section of its source; lives as long as the run and stands in no record. NULL: not configured any more. */
    const struct section *source_section;

    struct encoding encoding;
    struct encoding feed_encoding; /* of the feed's own texts, once `encoding` is the page's; stands in no record */
    struct span text;              /* decoded document (HTML or plain); dropped after extract */

    struct segment title; /* source filled by extract; translated like any segment; its id is 0 */
    struct span *authors;
    size_t author_count, author_capacity;
    struct span published, modified; /* ISO 8601, with time zone when known */
    struct span section, image, image_caption, canonical, site;
    bool paywalled;
    enum content content; /* of the page, also where the text is the feed's; the reader's note is origin.note */
    /* By field: "json-ld datePublished", "meta og:image", "by-line", "date line", "feed", ...; places that agree are
     * parted by ", ". Empty where the field is not known, or was before extract. */
    struct span metadata_evidence[METADATA_FIELDS];

    struct language language;

    struct block *body;
    size_t block_count, block_capacity;

    uint64_t *fingerprints; /* dedupe: winnowed hashes of the text, sorted, unique */
    size_t fingerprint_count;
    struct span duplicate_of; /* id of the lead */
    double containment;       /* share of this text found in the lead */

    struct provider *providers;
    size_t provider_count, provider_capacity;
    struct summary summary;
    struct span title_doubt; /* summarize: why the headline may not say what the source says; empty: sound */
    struct span story;       /* group: id of the story within the edition */

    enum article_status status;
    struct span note;       /* what the reader has to know about the status, e.g. that nothing had to be translated */
    struct failure failure; /* why it failed, was skipped or waits */
    /* An earlier run could not read its page, and what it made of it stays when it cannot be read now either: collect
     * and extract then fail instead of falling back. In no record. */
    bool asked_again;
    void *stage_work;     /* of the stage that it is in: made in its ask, lives in the arena */
    struct span path;     /* write: where the record goes, relative to the output folder */
    struct span record;   /* write: the finished record as JSON */
    struct span packed;   /* write: the same, packed (pack.h), for the store */
    char record_hash[65]; /* write: SHA-256 of it */
};

/* What a reader has to know about an article as a whole: how its text was come by, and why its status is what it is. */
enum { ARTICLE_NOTES = 2 };
size_t article_notes(const struct article *article, struct span ret_notes[ARTICLE_NOTES]);

/* A new, empty article with an arena of its own. */
struct article *article_new(void);
void article_free(struct article *article); /* accepts NULL */
/* The arena for raw bytes and decoded text, made when it is first asked for. */
struct arena *article_document(struct article *article);
/* Frees raw bytes and decoded text (extract calls it when the blocks are made). */
void article_drop_document(struct article *article);
/* Forgets title, text and all else that was read from a page: what a wall or an error page says of itself is nothing
 * that its article says. */
void article_forget_page(struct article *article);
/* What parts the pages of an article that were joined: a comment with the first one's hash, which no page can hold
 * itself. In the arena. */
struct span article_page_mark(const struct article *article);
/* The id of an article with this identity: half of its SHA-256. */
void article_id(struct span identity, char ret_id[33]);
/* Sets origin.identity and the id that follows from it. */
void article_identify(struct article *article, struct span identity);
/* Appends and returns; the pointer holds until the next append. */
struct block *article_add_block(struct article *article, enum block_kind kind, struct span text);
/* Those behind it move up. */
void article_remove_block(struct article *article, size_t block);
struct segment *article_add_segment(struct article *article, struct block *block, struct span source);
void article_add_finding(struct article *article, struct segment *segment, const char *check, enum severity severity,
                         struct span message);
/* To an encoding that the arena owns; everything is copied. */
void encoding_note(struct encoding *encoding, struct arena *arena, const char *from, struct span says);
void encoding_note_repair(struct encoding *encoding, struct arena *arena, const char *kind, size_t count,
                          size_t paragraph);
/* For what was cut out of a container: the container's encoding with its evidence. Bytes that could not be decoded are
 * not taken over, since they may stand in another item. */
void article_take_encoding(struct article *article, const struct encoding *container);
void article_add_repair(struct article *article, const char *kind, size_t count, size_t paragraph);
void article_add_author(struct article *article, struct span name);
/* Makes it new for another try: what failed is to be asked for again, verdict, summary and reasons are forgotten; what
 * was translated stays. */
void article_reopen(struct article *article);
/* Whom it is from, for the reader: as the user calls the source, as the site calls itself, or the section's name. */
struct span article_publisher(const struct article *article);
/* The address when it leads to the web, else empty: nothing else in a record may become a link. */
struct span article_web_address(const struct article *article);
/* Sets a field that is not known yet, and where it stood; both are copied. Not for stand-first and authors, which are
 * lists: theirs is article_note_field(). */
void article_take_field(struct article *article, enum metadata_field field, struct span value, struct span from);
/* Sets where a field stood; what was said first stays. */
void article_note_field(struct article *article, enum metadata_field field, struct span from);
/* Index of the equal provider, added when there is none. */
int article_add_provider(struct article *article, const struct provider *provider);
/* Segments are numbered: 0 is the title (when it has a source), then the body's from 1 in reading order.
 * article_segment gives NULL past the end and walks the blocks: for loops use struct segment_walk. */
struct segment *article_segment(const struct article *article, unsigned id);

/* for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) ... walk.segment ... */
struct segment_walk {
    struct segment *segment;
    struct block *block; /* NULL for the title */
    unsigned id;
    size_t next_block, next_segment;
    bool started;
};
bool segment_walk_next(const struct article *article, struct segment_walk *walk);
/* What the segment is written in: its own language, else its block's, else the article's. */
const char *segment_walk_language(const struct article *article, const struct segment_walk *walk);

/* The values of an enum as the record calls them, by value. */
struct names {
    const char *const *at;
    size_t count;
};
extern const struct names block_kind_names, segment_status_names, severity_names, article_status_names, content_names;

const char *block_kind_name(enum block_kind kind);           /* "stand-first", "heading", "paragraph", ... */
const char *segment_status_name(enum segment_status status); /* "new", "ok", "suspect", "failed" */
const char *severity_name(enum severity severity);           /* "note", "warning", "error" */
const char *article_status_name(enum article_status status);
const char *content_name(enum content content); /* "whole", "consent-wall", "teaser", ... as in the record */
/* Whether the page held an article at all, and whether all of it. */
bool content_is_article(enum content content);
bool content_is_complete(enum content content);

#endif
