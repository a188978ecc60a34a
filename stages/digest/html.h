/* What the HTML pages of the digest share. Pages run no scripts and load nothing; all text from outside is escaped. */
#ifndef STAGES_DIGEST_HTML_H
#define STAGES_DIGEST_HTML_H

#include "stages/digest/page.h"

/* Appends the head of a page, up to and including <body>. `version` is the hash of the page's input. It comes first,
 * because a run looks for it at the beginning of the file. */
void html_head(struct buffer *out, const char *version, struct span title, struct span description, struct span style);
/* Like html_head(), with further elements before the style sheet. */
void html_head_with(struct buffer *out, const char *version, struct span title, struct span description,
                    struct span more, struct span style);
/* Appends escaped text between two pieces of markup. */
void html_tagged(struct buffer *out, const char *open, struct span text, const char *close);
/* Appends at most `bytes` bytes of the text, with an ellipsis if that is not all. */
void html_clipped(struct buffer *out, struct span text, size_t bytes);
/* Appends the attributes lang and, for a text that is written from right to left, dir, each preceded by a space. */
void html_language(struct buffer *out, struct span code, struct span text);
/* Appends <bdi> with its language around a text of the source. */
void html_source(struct buffer *out, struct span code, struct span text);
/* Appends the English headline, marked if it may be wrong; without one, the source's, and says so. */
void html_headline(struct buffer *out, const struct article *article);
/* Appends the source's headline as a paragraph, unless it is what html_headline() shows. */
void html_source_headline(struct buffer *out, const struct article *article);
/* Appends the name of the publisher, isolated and with the language of the article if it is in another script. */
void html_publisher(struct buffer *out, const struct article *article);
/* Appends a link to the original; nothing if the article has no address on the web. In a list of articles, the style
 * knows it by its place. */
void html_original(struct buffer *out, const struct article *article, bool in_list);
/* Appends English that may be wrong, marked, or as it is if there is no doubt. */
void html_marked(struct buffer *out, struct span text, bool doubtful);
/* Appends the path in the output folder of the page with the article's text: "2026-01-29/stories/ID.html". `story` is
 * its story in the edition. */
void html_text_path(const struct edition *edition, struct span story, const struct article *article,
                    struct buffer *out);
/* Appends the address of that page as links from the edition's HTML page need it; nothing if no page is known. */
void html_text_address(const struct edition *edition, struct span story, const struct article *article,
                       struct buffer *out);
/* The same for the lead of a story. */
void html_entry_address(const struct day *day, const struct entry *entry, struct buffer *out);
/* Appends <a> with this address. If the address is empty, the href is omitted, so that the link is not clickable. */
void html_open_link(struct span address, struct buffer *out);
/* Appends "Sunday, 29 November 2026". */
void html_day(struct buffer *out, const char *day);
/* Appends the address of a story's page, relative to the day's page: "stories/ID.html". */
void html_story_address(struct buffer *out, struct span id);
/* Appends the id of an article on its story's page, which begins with "a". The beginning of the article's id is enough
 * to tell the articles of one story apart. */
void html_article(struct buffer *out, const struct article *article);
/* Appends the id of a sentence on its story's page. */
void html_segment(struct buffer *out, const struct article *article, unsigned segment);
/* Appends a name for use in ids and addresses: what is no letter, digit or hyphen becomes '_'. */
void html_name(struct buffer *out, struct span id);
/* Returns whether the article's headline has a translation that may be shown. */
bool html_has_headline(const struct article *article);

#endif
