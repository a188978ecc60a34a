/* Assigns roles to the lines at the top of a plain text (the head): headline, stand-first, caption, by-line and so on.
 */
#ifndef STAGES_EXTRACT_PLAIN_HEAD_H
#define STAGES_EXTRACT_PLAIN_HEAD_H

#include "stages/extract/plain.h"
#include "stages/extract/plain_lines.h"

enum line_role {
    ROLE_TEXT,
    ROLE_TITLE,
    ROLE_STANDFIRST,
    ROLE_CAPTION,
    ROLE_DATE,
    ROLE_COUNTER,
    ROLE_BYLINE,
    ROLE_REPEAT, /* a line that repeats the headline */
    ROLE_ABOVE   /* a line above the headline: name of the site or section, or a path */
};

enum { HEAD_LINES = 16 };

struct head {
    enum line_role roles[HEAD_LINES];
    size_t count;                            /* number of lines that have a role */
    size_t end;                              /* index of the first line of the body */
    size_t title;                            /* index of the title's line, or SIZE_MAX */
    struct span published, modified, author; /* in the arena; empty if the text does not give them */
};

/* `title` is the title if it is already known, otherwise empty; `language` is as for date_find(). */
struct head plain_head_read(const struct plain_words *words, const struct lines *lines, struct span title,
                            struct span language, struct arena *arena);
/* Returns true for a line of counters, which consists of their labels, numbers and punctuation: "4211 прегледа | 12
 * коментара". */
bool plain_is_counter(const struct plain_words *words, struct span line);
/* Returns true for a line of numbers and punctuation, such as "2:1" or "12.05.1990". */
bool plain_is_numbers(const struct plain_words *words, struct span line);
/* Returns true for a caption or picture credit, such as "Снимка: ..." or "© ...". */
bool plain_is_caption(const struct plain_words *words, const struct plain_line *line);
/* Returns true for a line of the site, such as "Read also: ...", "Advertisement" or "Share". */
bool plain_is_furniture(const struct plain_words *words, const struct plain_line *line);

#endif
