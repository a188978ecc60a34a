/* The top of a text page, line by line: what each of them is. */
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
    ROLE_REPEAT, /* of the headline */
    ROLE_ABOVE   /* above the headline: site, section, path */
};

enum { HEAD_LINES = 16 };

struct head {
    enum line_role roles[HEAD_LINES];
    size_t count;                            /* lines that have a role */
    size_t end;                              /* the body begins here */
    size_t title;                            /* SIZE_MAX: none of the lines */
    struct span published, modified, author; /* in the arena; empty: not said */
};

/* `title` is what is known already, or empty; `language` as in date_find(). */
struct head plain_head_read(const struct plain_words *words, const struct lines *lines, struct span title,
                            struct span language, struct arena *arena);
/* Nothing but words of counters, figures and signs: "4211 прегледа | 12 коментара". */
bool plain_is_counter(const struct plain_words *words, struct span line);
/* Nothing but figures and signs: "2:1", "12.05.1990" */
bool plain_is_figures(const struct plain_words *words, struct span line);
/* "Снимка: ...", "© ..." */
bool plain_is_caption(const struct plain_words *words, const struct plain_line *line);
/* "Read also: ...", "Advertisement", "Share" */
bool plain_is_furniture(const struct plain_words *words, const struct plain_line *line);

#endif
