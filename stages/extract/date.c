#include "stages/extract/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "stages/extract/date_calendar.h"
#include "stages/extract/date_clock.h"

/* max. number of separators and filler words between two parts of a date with a month's name */
enum { GAP = 6 };

/* A day that was found, and the tokens that make up the date. */
struct place {
    struct day day;
    size_t begin, end; /* tokens [begin, end) */
};

static bool is_year(const struct date_token *token) {
    return token->digits == 4 && date_is_number(token, 4, 1300, 2700);
}

/* Returns the calendar of a numeric date. Years from 1300 to 1499 are Solar Hijri if the language uses that calendar.
 * Lunar Hijri years, which are in the same range, are not supported. */
static enum calendar calendar_of_numeric(const struct date_text *text, long long year) {
    bool persian = span_is(text->conventions.calendar, "persian") && year >= 1300 && year < 1500;
    return persian ? CALENDAR_PERSIAN : CALENDAR_GREGORIAN;
}

/* Completes a two-digit year. Years from 50 to 99 belong to the last century (RFC 5322, section 4.3). */
static int full_year(const struct date_text *text, long long year) {
    if (year >= 100) return (int)year;
    if (span_is(text->conventions.calendar, "buddhist")) return (int)year + 2500;
    return (int)year + (year < 50 ? 2000 : 1900);
}

/* ---------------------------------------------------------------- numeric dates */

/* Reads the separator after a number of a numeric date: one of ".-/|", or unit words ("年", "-р сарын", "tháng"). All
 * separators of a date must be the same. *sign is the first separator, or ',' for unit words. */
static bool read_separator(const struct date_text *text, size_t *index, uint32_t *sign) {
    size_t start = *index, end;
    const struct date_token *token = date_token(text, start);
    if (date_is_mark(token, "-") && date_word_at(text, start + 1, DATE_UNIT, &end)) ++*index;
    while (date_word_at(text, *index, DATE_UNIT, &end)) {
        *index = end;
        if (date_is_mark(date_token(text, end), "-.,")) ++*index;
    }
    if (*index > start) {
        *sign = ',';
        return true;
    }
    bool fits = *sign ? token->mark == *sign : date_is_mark(token, ".-/|");
    bool may_be_spaced = token->mark == '/' || token->mark == '|';
    if (token->kind != TOKEN_MARK || !fits || (token->spaced && !may_be_spaced)) return false;
    *sign = token->mark;
    ++*index;
    return true;
}

/* Assigns the three numbers to year, month and day. A four-digit year at one end shows the order; otherwise the
 * language determines it, unless this would give a month above 12. */
static bool order_numeric(const struct date_text *text, const struct date_token *const fields[3], struct day *ret_day) {
    int a = (int)fields[0]->value, b = (int)fields[1]->value, c = (int)fields[2]->value;
    enum date_order order = text->conventions.order;
    if (is_year(fields[0]))
        order = ORDER_YMD;
    else if (is_year(fields[2]) && order == ORDER_YMD)
        order = ORDER_DMY;
    else if (!is_year(fields[2]) && fields[order == ORDER_YMD ? 0 : 2]->digits != 2)
        return false;
    /* a number above 12 cannot be a month, whatever the order of the language */
    if (order == ORDER_MDY && a > 12) order = ORDER_DMY;
    if (order == ORDER_DMY && b > 12 && a <= 12 && is_year(fields[2])) order = ORDER_MDY;
    int year = order == ORDER_YMD ? a : c;
    int month = order == ORDER_MDY ? a : b;
    int day = order == ORDER_DMY ? a : order == ORDER_MDY ? b : c;
    return date_day(calendar_of_numeric(text, year), full_year(text, year), month, day, ret_day);
}

/* Converts a year that follows the name of an era, as in 令和8年, where it is counted from the beginning of the era. */
static bool begins_with_era(const struct date_text *text, size_t index, long long *ret_year) {
    for (size_t back = 1; back <= 3 && back <= index; back++) {
        size_t end;
        const struct date_word *era = date_word_at(text, index - back, DATE_ERA, &end);
        if (!era || end != index) continue;
        *ret_year = era->number + date_token(text, index)->value;
        return true;
    }
    return false;
}

/* Returns true if the numbers are part of a longer number, such as a version or telephone number, and so are not a
 * date. */
static bool is_inside_number(const struct date_text *text, size_t first, size_t end) {
    const struct date_token *before = date_token(text, first - 1), *after = date_token(text, end);
    bool preceded = first > 1 && date_is_mark(before, ".-/") && !before->spaced && !date_token(text, first)->spaced &&
                    date_token(text, first - 2)->kind == TOKEN_NUMBER;
    bool continues = date_is_mark(after, ".-/") && !after->spaced && date_token(text, end + 1)->kind == TOKEN_NUMBER &&
                     !date_token(text, end + 1)->spaced;
    return preceded || continues;
}

/* Reads three numbers with two separators. A unit word after the last number also belongs to the date. */
static bool match_numeric(const struct date_text *text, size_t first, struct place *ret_place) {
    const struct date_token *fields[3];
    struct date_token year_of_era;
    uint32_t sign = 0;
    size_t at = first;
    for (size_t i = 0; i < 3; i++) {
        fields[i] = date_token(text, at++);
        if (fields[i]->kind != TOKEN_NUMBER || fields[i]->digits > 4) return false;
        if (i < 2 && !read_separator(text, &at, &sign)) return false;
    }
    /* bars also separate the cells of tables */
    if (sign == '|' && (fields[0]->digits < 2 || fields[1]->digits != 2 || fields[2]->digits < 2)) return false;
    long long year;
    if (sign == ',' && begins_with_era(text, first, &year)) {
        year_of_era = *fields[0];
        year_of_era.value = year;
        year_of_era.digits = 4;
        fields[0] = &year_of_era;
    }
    if (is_inside_number(text, first, at) || !order_numeric(text, fields, &ret_place->day)) return false;
    size_t end;
    while (date_word_at(text, at, DATE_UNIT, &end)) at = end;
    ret_place->begin = first;
    ret_place->end = at;
    return true;
}

/* Reads "20260129", "20260129140500" or the date in "20260129T140500". */
static bool match_compact(const struct date_text *text, size_t index, struct place *ret_place) {
    const struct date_token *token = date_token(text, index);
    if (token->kind != TOKEN_NUMBER || (token->digits != 8 && token->digits != 14)) return false;
    long long day = token->digits == 14 ? token->value / 1000000 : token->value;
    ret_place->begin = index;
    ret_place->end = index + 1;
    return date_day(CALENDAR_GREGORIAN, (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100), &ret_place->day);
}

/* ---------------------------------------------------------------- dates with a month's name */

/* Returns true for a punctuation mark that may be inside a date. Middle dots and bullets are excluded, because they
 * separate the date from other text. */
static bool is_mark_between(const struct date_token *token) {
    bool foreign = token->kind == TOKEN_MARK && token->mark >= 128 && token->mark != 0xB7 && token->mark != 0x2022;
    return foreign || date_is_mark(token, ".,-/()'`");
}

/* Returns true for a word or mark that may be between the parts of a date, as in "29th of January, 2026". */
static bool is_between(const struct date_text *text, size_t index, size_t *ret_end) {
    *ret_end = index + 1;
    if (is_mark_between(date_token(text, index))) return true;
    return date_word_at(text, index, DATE_BETWEEN, ret_end) || date_word_at(text, index, DATE_UNIT, ret_end);
}

/* Returns the index of the next token that is not a separator or filler word. Skips at most GAP of these. */
static size_t skip_right(const struct date_text *text, size_t index) {
    size_t end;
    for (size_t gone = 0; gone < GAP && index < text->count && is_between(text, index, &end); gone++) index = end;
    return index;
}

/* Does the same as skip_right(), backwards. If the index goes below 0, it wraps around to a number above the count,
 * which ends the loop. */
static size_t skip_left(const struct date_text *text, size_t index) {
    size_t end;
    for (size_t gone = 0; gone < GAP && index < text->count && is_between(text, index, &end); gone++) index--;
    return index;
}

/* Returns true for a number that may be a day of the month. A number next to a colon belongs to a time. */
static bool is_day(const struct date_text *text, size_t index) {
    const struct date_token *after = date_token(text, index + 1);
    return date_is_number(date_token(text, index), 2, 1, 31) && !(date_is_mark(after, ":") && !after->spaced) &&
           !(index > 0 && date_is_mark(date_token(text, index - 1), ":") && !date_token(text, index)->spaced);
}

/* The tokens that make up a date with a month's name. */
struct named {
    size_t day, year, begin, end; /* indexes of tokens; SIZE_MAX if not found */
};

/* Reads what follows the month: "Jan 29, 2026", "Thu Jan 29 14:05:00 2026", "januar 2026". */
static void look_right(const struct date_text *text, size_t index, struct named *found) {
    size_t at = skip_right(text, index);
    struct date_time time;
    /* if a number precedes the month, a number after the month is the day only if a year follows */
    bool then_year = is_year(date_token(text, skip_right(text, at + 1)));
    if (is_day(text, at) && (found->day == SIZE_MAX || then_year)) {
        found->day = at;
        found->end = at + 1;
        at = skip_right(text, at + 1);
        if (date_time_at(text, at, false, &time)) at = time.end;
    }
    const struct date_token *year = date_token(text, at);
    /* a two-digit year must follow a day, and must not be the hour of a time */
    bool clipped = year->digits == 2 && found->day != SIZE_MAX && found->day != at && is_day(text, found->day) &&
                   year->kind == TOKEN_NUMBER && !date_is_mark(date_token(text, at + 1), ":.");
    if (!is_year(year) && !clipped) return;
    found->year = at;
    found->end = at + 1;
}

/* Reads what precedes the month: "29 януари", "2026. gada 29. janvāris". */
static void look_left(const struct date_text *text, size_t index, struct named *found) {
    size_t at = skip_left(text, index - 1);
    if (at < text->count && is_day(text, at)) {
        found->day = found->begin = at;
        at = skip_left(text, at - 1);
    }
    if (at < text->count && is_year(date_token(text, at))) found->year = found->begin = at;
}

/* Reads a date with a month's name. A year after the month is preferred, because one before it may belong to another
 * date. */
static bool match_named(const struct date_text *text, size_t index, struct place *ret_place) {
    struct named found = {SIZE_MAX, SIZE_MAX, index, index};
    const struct date_word *month = date_word_at(text, index, DATE_MONTH, &found.end);
    if (!month) return false;
    size_t left_year;
    look_left(text, index, &found);
    left_year = found.year;
    found.year = SIZE_MAX;
    look_right(text, found.end, &found);
    if (found.year == SIZE_MAX) found.year = left_year;
    if ((found.year == SIZE_MAX && !text->year) || found.day == SIZE_MAX) return false;
    long long year = found.year == SIZE_MAX ? text->year : date_token(text, found.year)->value;
    *ret_place = (struct place){.begin = found.begin, .end = found.end};
    return date_day(month->calendar, full_year(text, year), month->number, (int)date_token(text, found.day)->value,
                    &ret_place->day);
}

/* ---------------------------------------------------------------- all forms */

/* Finds the first date, in any of the supported forms. */
static bool match(const struct date_text *text, struct place *ret_place) {
    for (size_t i = 0; i < text->count; i++)
        if (match_numeric(text, i, ret_place) || match_compact(text, i, ret_place) || match_named(text, i, ret_place))
            return true;
    return false;
}

/* Appends the time, but no more than the text states. In particular, no zone is written if none is stated, because the
 * time must not be mistaken for UTC. */
static void add_time(const struct date_time *time, struct date *date) {
    size_t length = strlen(date->iso);
    char *to = date->iso + length;
    size_t room = sizeof date->iso - length;
    int written = snprintf(to, room, "T%02d:%02d", time->hour, time->minute);
    if (time->second >= 0) written += snprintf(to + written, room - (size_t)written, ":%02d", time->second);
    int zone = time->zone < 0 ? -time->zone : time->zone;
    if (time->has_zone && time->zone == 0)
        snprintf(to + written, room - (size_t)written, "Z");
    else if (time->has_zone)
        snprintf(to + written, room - (size_t)written, "%c%02d:%02d", time->zone < 0 ? '-' : '+', zone / 60 % 100,
                 zone % 60);
}

/* Reads the time in "20260129140500" or "20260129T140500Z". */
static bool compact_time(const struct date_text *text, const struct place *place, struct date_time *ret_time) {
    const struct date_token *day = date_token(text, place->begin), *time = day;
    *ret_time = (struct date_time){.begin = place->begin, .end = place->end};
    if (day->digits == 8) {
        time = date_token(text, place->end + 1);
        if (!span_is(date_token(text, place->end)->spelling, "t") || time->digits != 6 || time->spaced) return false;
        ret_time->end = place->end + 2;
    } else if (day->digits != 14) {
        return false;
    }
    long long value = time->value % 1000000;
    ret_time->hour = (int)(value / 10000);
    ret_time->minute = (int)(value / 100 % 100);
    ret_time->second = (int)(value % 100);
    if (span_is(date_token(text, ret_time->end)->spelling, "z")) ret_time->has_zone = true;
    ret_time->end += ret_time->has_zone;
    bool midnight = ret_time->hour == 24 && ret_time->minute == 0 && ret_time->second == 0;
    return (ret_time->hour < 24 || midnight) && ret_time->minute < 60 && ret_time->second < 60;
}

/* The time is part of a date that is written as one number; otherwise it is searched for near the date. */
bool date_find_in_year(const struct date_words *words, struct span text, struct span language, int year,
                       struct date *ret_date) {
    UNINITIALIZED struct date_text cut;
    struct place place;
    struct date_time time;
    if (!date_may_occur(text_clip(text, DATE_REACH))) return false;
    date_cut(words, text, language, &cut);
    cut.year = year;
    if (!match(&cut, &place)) return false;
    struct date date = {0};
    bool timed = compact_time(&cut, &place, &time) || date_time_near(&cut, place.begin, place.end, &time);
    /* 24:00 is the beginning of the next day */
    if (timed && time.hour == 24) {
        date_next_day(&place.day);
        time.hour = 0;
    }
    snprintf(date.iso, sizeof date.iso, "%04d-%02d-%02d", place.day.year, place.day.month, place.day.day);
    if (timed) {
        add_time(&time, &date);
        if (time.begin < place.begin) place.begin = time.begin;
        if (time.end > place.end) place.end = time.end;
    }
    date.from = cut.tokens[place.begin].from;
    date.to = cut.tokens[place.end - 1].to;
    *ret_date = date;
    return true;
}

bool date_find(const struct date_words *words, struct span text, struct span language, struct date *ret_date) {
    return date_find_in_year(words, text, language, 0, ret_date);
}

bool date_may_occur(struct span text) {
    /* a byte from 0xD9 on may begin a digit of another script */
    for (size_t i = 0; i < text.length; i++)
        if ((text.at[i] >= '0' && text.at[i] <= '9') || (unsigned char)text.at[i] >= 0xD9) return true;
    return false;
}

bool date_epoch(struct span text, struct date *ret_date) {
    long long seconds;
    struct tm utc;
    text = span_trim(text);
    if ((text.length != 10 && text.length != 13) || !span_number(text, &seconds)) return false;
    time_t when = (time_t)(text.length == 13 ? seconds / 1000 : seconds);
    if (!gmtime_r(&when, &utc)) return false;
    *ret_date = (struct date){.to = text.length};
    return strftime(ret_date->iso, sizeof ret_date->iso, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}
