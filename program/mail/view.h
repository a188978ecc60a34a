/* A day as a section [mail] shows it: the articles that it wants, in the stories of the day's pages. */
#ifndef PROGRAM_MAIL_VIEW_H
#define PROGRAM_MAIL_VIEW_H

#include "pipeline/base/hash_table.h"
#include "program/mail/settings.h"
#include "program/program.h"
#include "stages/digest/day.h"

struct mail_tables {
    struct table languages, checks;
    struct watches watches;
};

struct mail_view {
    struct edition *edition;  /* with the wanted articles only; the caller frees it, and with it the day */
    struct hash_table loaded; /* ids of all articles of the day that could be read */
    struct day *day;
};

bool mail_tables_read(const struct program *program, struct arena *arena, struct mail_tables *ret_tables,
                      struct failure *ret_failure);
/* `tables` must last as long as the view. */
struct mail_view mail_view_open(struct program *program, const struct mail_settings *settings,
                                const struct mail_tables *tables, const char *day);

#endif
