/* Reads what may be the head of a dateline, the text before its dash: "SAN JOSE, Costa Rica, Jan 5 (AFP)". It consists
 * of pieces, each of which is a place, a date, a news agency or a reporter. */
#ifndef STAGES_SUMMARIZE_DATELINE_HEAD_H
#define STAGES_SUMMARIZE_DATELINE_HEAD_H

#include "stages/summarize/phrase_list.h"

/* The kinds of words in tables/summarize/datelines.tsv. The names of months in all languages are added to the dates. */
enum dateline_word {
    WORD_PARTICLE,
    WORD_FIRST,
    WORD_LAST,
    WORD_DATE,
    WORD_AGENCY,
    WORD_AGENCY_END,
    WORD_REPORTER,
    WORD_NO_PLACE,
    WORD_COUNTRY,
    WORD_LABEL,
    WORD_DASH,
    WORD_LOCATIVE,
    WORD_SPEECH,
    WORD_SUBJECT,
    DATELINE_WORDS
};

struct dateline_head {
    struct span place; /* the first place */
    size_t places;
    size_t names;     /* number of words in the name of the first place, not counting particles ("de") */
    bool in_capitals; /* the first place is in capitals */
    bool has_form;    /* the first place has the form of a place name of several words: "Rio de Janeiro", "New York" */
    bool refused;     /* the first place is a word that is never the name of a place */
    bool country;     /* a place after the first is a country */
    bool dated;
    bool agency; /* contains a name in capitals in brackets, or a known agency */
    bool known;  /* contains a known agency or a reporter, or "=" in brackets */
};

/* Returns false if the text cannot be the head of a dateline. `words` has one list for each enum dateline_word. */
bool dateline_head_read(const struct phrase_list *words, struct span text, struct dateline_head *ret_head);

#endif
