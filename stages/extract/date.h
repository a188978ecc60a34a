/* Dates as news sites write them: ISO 8601, RFC 822 and what browsers print, figures in the language's order, and dates
 * written out in the languages that the model identifies ("четвъртък, 29 януари 2026 г., 14:05", "2026年1月29日
 * 14時05分", "29 มกราคม 2569", "۹ بهمن ۱۴۰۴"), with the time and time zone beside them. What is known of a language
 * stands in config/tables/extract/months.tsv and dates.tsv. */
#ifndef STAGES_EXTRACT_DATE_H
#define STAGES_EXTRACT_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"

struct date_words;

/* Reads the tables; they belong to the arena and are const from then on, so threads may share them. */
bool date_words_read(const char *data_folder, struct arena *arena, struct date_words **ret_words,
                     struct failure *ret_failure);

struct date {
    char iso[32];    /* "2026-01-29", "2026-01-29T14:05", "2026-01-29T14:05:30+02:00": as much as the text says */
    size_t from, to; /* where in the text day, time and zone stand: bytes [from, to) */
};

/* The first date in the first 512 bytes of a UTF-8 text: a day needs its year. `language` is a BCP 47 tag of the page
 * ("bg", "en-GB", "pt_BR"; empty: unknown). It decides what a month's name means where languages differ (listopad) and
 * the order of figures; a name that is ambiguous without it is not taken. False leaves *ret_date alone. */
bool date_find(const struct date_words *words, struct span text, struct span language, struct date *ret_date);
/* Seconds or milliseconds since 1970, of 10 or 13 digits, and nothing else, as UTC. */
bool date_epoch(struct span text, struct date *ret_date);

#endif
