/* Classifies the lines at the top of a plain text. */
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
    ROLE_ABOVE   /* a line above the headline: site, section or path */
};

enum { HEAD_LINES = 16 };

struct head {
    enum line_role roles[HEAD_LINES];
    size_t count;                            /* number of lines that have a role */
    size_t end;                              /* index of the line where the body begins */
    size_t title;                            /* SIZE_MAX if no line is the title */
    struct span published, modified, author; /* in the arena; empty if not stated */
};

/* `title` is the title if it is already known, or empty; `language` is as in date_find(). */
struct head plain_head_read(const struct plain_words *words, const struct lines *lines, struct span title,
                            struct span language, struct arena *arena);
/* Returns true if the line has only words of counters, numbers and punctuation: "4211 прегледа | 12 коментара". */
bool plain_is_counter(const struct plain_words *words, struct span line);
/* Returns true if the line has only numbers and punctuation, such as "2:1" or "12.05.1990". */
bool plain_is_numbers(const struct plain_words *words, struct span line);
/* Returns true for a line such as "Снимка: ..." or "© ...". */
bool plain_is_caption(const struct plain_words *words, const struct plain_line *line);
/* Returns true for a line such as "Read also: ...", "Advertisement" or "Share". */
bool plain_is_furniture(const struct plain_words *words, const struct plain_line *line);

#endif
