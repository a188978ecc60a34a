/* Finds dates as news sites write them: ISO 8601, RFC 822, JavaScript dates, numeric dates in the order of the page's
 * language, and dates written out in the languages that the language model identifies ("четвъртък, 29 януари 2026 г.,
 * 14:05", "2026年1月29日 14時05分", "29 มกราคม 2569", "۹ بهمن ۱۴۰۴"). Also reads the time and the time zone next to a
 * date. Words and rules of the languages are in config/tables/extract/months.tsv and dates.tsv. */
#ifndef STAGES_EXTRACT_DATE_H
#define STAGES_EXTRACT_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct date_words;

/* Reads the tables into the arena. The result is immutable, so threads may share it. */
bool date_words_read(const char *data_folder, struct arena *arena, struct date_words **ret_words,
                     struct failure *ret_failure);

struct date {
    char iso[32];    /* as precise as the text: "2026-01-29", "2026-01-29T14:05" or "2026-01-29T14:05:30+02:00" */
    size_t from, to; /* bytes [from, to) of the text are the date, time and zone */
};

/* Finds the first complete date, including a year, in the first 512 bytes of a UTF-8 text. `language` is the page's BCP
 * 47 tag ("bg", "en-GB", also "pt_BR"), or empty if unknown. It determines the order of numeric dates and the meaning
 * of month names that differ between languages, such as "listopad". If it is unknown, such a name is not recognized.
 * Returns false and leaves *ret_date unchanged if there is no date. */
bool date_find(const struct date_words *words, struct span text, struct span language, struct date *ret_date);
/* Does the same, but also accepts a day and the name of a month without a year, and completes these with `year`. */
bool date_find_in_year(const struct date_words *words, struct span text, struct span language, int year,
                       struct date *ret_date);
/* Returns true if the text may contain a date, because it has a digit. Much faster than date_find(). */
bool date_may_occur(struct span text);
/* Reads a text that is a number of 10 or 13 digits, as seconds or milliseconds since 1970 in UTC. Returns false for any
 * other text. */
bool date_epoch(struct span text, struct date *ret_date);

#endif
