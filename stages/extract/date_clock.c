#include "stages/extract/date_clock.h"

enum {
    WORDS_BETWEEN = 3, /* max. number of words between a date and its time */
    TOKENS_BETWEEN = 9 /* max. number of tokens between a date and its time */
};

/* ---------------------------------------------------------------- zones */

/* Reads an offset such as "+0200", "+02:00" or "+2"; the sign is the token before `index`. An offset above 14 hours is
 * rejected, so that a dash before a year is not mistaken for a sign. */
static bool read_offset(const struct date_text *text, size_t index, int sign, struct date_time *time) {
    const struct date_token *hours = date_token(text, index), *colon = date_token(text, index + 1),
                            *minutes = date_token(text, index + 2);
    if (hours->kind != TOKEN_NUMBER || hours->spaced || hours->digits == 3 || hours->digits > 4) return false;
    long long value = hours->digits == 4 ? hours->value / 100 * 60 + hours->value % 100 : hours->value * 60;
    time->end = index + 1;
    if (hours->digits <= 2 && date_is_mark(colon, ":") && date_is_number(minutes, 2, 0, 59)) {
        value += minutes->value;
        time->end = index + 3;
    }
    if (value > 14 * 60) return false;
    time->zone = sign * (int)value;
    time->has_zone = true;
    return true;
}

/* Returns 1 for a plus sign, -1 for a minus sign, or 0 for any other token. */
static int sign_of(const struct date_token *token) {
    if (token->kind != TOKEN_MARK) return 0;
    if (token->mark == '+') return 1;
    return token->mark == '-' || token->mark == 0x2212 ? -1 : 0;
}

/* Returns true if the token has small letters, unlike the abbreviations of zones. Checks the text, because `spelling`
 * has lost its case. */
static bool is_written_small(const struct date_text *text, const struct date_token *token) {
    for (size_t i = token->from; i < token->to; i++)
        if (text->text.at[i] >= 'a' && text->text.at[i] <= 'z') return true;
    return false;
}

/* Reads the time zone after a time. No whitespace may follow the sign of an offset; otherwise the sign is a dash that
 * joins two texts. */
static void read_zone(const struct date_text *text, struct date_time *time) {
    size_t index = time->end, end;
    date_word_at(text, index, DATE_HOUR, &index);
    if (date_is_mark(date_token(text, index), "(")) index++;
    int sign = sign_of(date_token(text, index));
    struct date_time copy = *time;
    if (sign && read_offset(text, index + 1, sign, &copy)) {
        *time = copy;
        return;
    }
    const struct date_word *word = date_word_at(text, index, DATE_ZONE, &end);
    /* a full name such as "Eastern Standard Time" may be in lower case, but not an abbreviation: "cat" and "met" are
     * words */
    bool spelt_out = word && end > index + 1;
    if (!word || (!spelt_out && is_written_small(text, date_token(text, index)))) return;
    time->zone = word->number;
    time->has_zone = true;
    time->end = end;
    copy = *time;
    sign = sign_of(date_token(text, end));
    /* in "GMT+2", an offset follows the name of the zone */
    if (word->number == 0 && sign && read_offset(text, end + 1, sign, &copy)) *time = copy;
}

/* ---------------------------------------------------------------- a single time */

/* Reads ":30" after the minutes and skips fractions of a second. A leap second becomes 59, because many programs reject
 * 60. */
static void read_seconds(const struct date_text *text, struct date_time *time) {
    const struct date_token *seconds = date_token(text, time->end + 1);
    if (!date_is_mark(date_token(text, time->end), ":") || seconds->digits != 2 || !date_is_number(seconds, 2, 0, 60))
        return;
    time->second = (int)(seconds->value == 60 ? 59 : seconds->value);
    time->end += 2;
    const struct date_token *fraction = date_token(text, time->end + 1);
    bool has_fraction =
        date_is_mark(date_token(text, time->end), ".,") && fraction->kind == TOKEN_NUMBER && !fraction->spaced;
    if (has_fraction) time->end += 2;
}

/* Returns true if minutes follow the hour at `index`. Minutes that follow a word for "hour" are stored here; after any
 * other separator, the caller stores them. */
static bool read_minutes(const struct date_text *text, size_t index, bool loosely, struct date_time *time) {
    const struct date_token *separator = date_token(text, index + 1), *minutes = date_token(text, index + 2);
    bool two = minutes->digits == 2 && date_is_number(minutes, 2, 0, 59);
    size_t end = index + 2;
    time->end = index + 3;
    if (date_is_mark(separator, ":") || separator->mark == 0xFF1A || separator->mark == 0x2236) return two;
    if (date_is_mark(separator, ".")) {
        const struct date_token *next = date_token(text, index + 4);
        bool continues =
            date_is_mark(date_token(text, index + 3), ".:,") && next->kind == TOKEN_NUMBER && !next->spaced;
        return loosely && two && !minutes->spaced && !separator->spaced && !continues;
    }
    if (!date_word_at(text, index + 1, DATE_HOUR, &end)) return false;
    minutes = date_token(text, end);
    bool follow = date_is_number(minutes, 2, 0, 59) &&
                  (minutes->digits == 2 || date_word_at(text, end + 1, DATE_MINUTE, &time->end));
    if (follow) time->minute = (int)minutes->value;
    time->end = follow ? end + 1 : end;
    if (follow) date_word_at(text, end + 1, DATE_MINUTE, &time->end);
    return follow || loosely;
}

static void make_afternoon(struct date_time *time, bool morning, bool afternoon) {
    if (afternoon && time->hour < 12) time->hour += 12;
    if (morning && time->hour == 12) time->hour = 0;
}

/* Returns true for a word that may also end a date. Arabic "م" after a year means AD, and PM only after a time. */
static bool may_end_date(const struct date_text *text, size_t index) {
    size_t end;
    return date_word_at(text, index, DATE_BETWEEN, &end);
}

/* Reads a time. A word for morning or afternoon may precede or follow it. */
bool date_time_at(const struct date_text *text, size_t index, bool loosely, struct date_time *ret_time) {
    struct date_time time = {.begin = index, .second = -1};
    bool before = !may_end_date(text, index), morning = before && date_word_at(text, index, DATE_AM, &index),
         afternoon = before && !morning && date_word_at(text, index, DATE_PM, &index);
    const struct date_token *hour = date_token(text, index);
    if (!date_is_number(hour, 2, 0, 24)) return false;
    bool joined = date_is_mark(date_token(text, index + 1), ":.") || date_token(text, index + 1)->mark == 0xFF1A;
    if (!read_minutes(text, index, loosely, &time)) return false;
    time.hour = (int)hour->value;
    if (joined) time.minute = (int)date_token(text, index + 2)->value;
    read_seconds(text, &time);
    if (time.hour == 24 && (time.minute > 0 || time.second > 0)) return false; /* 24:00 is the end of a day */
    if (!morning && !afternoon) {
        morning = date_word_at(text, time.end, DATE_AM, &time.end);
        afternoon = !morning && date_word_at(text, time.end, DATE_PM, &time.end);
        if ((morning || afternoon) && date_is_mark(date_token(text, time.end), ".")) time.end++;
    }
    make_afternoon(&time, morning, afternoon);
    read_zone(text, &time);
    *ret_time = time;
    return true;
}

/* ---------------------------------------------------------------- times near a date */

/* Returns true for a token that may separate a date from its time: punctuation, or one of a few words, such as "Uhr" or
 * a day of the week. */
static bool may_be_skipped(const struct date_token *token, unsigned *words) {
    if (token->kind == TOKEN_WORD) return ++*words <= WORDS_BETWEEN;
    return token->kind == TOKEN_MARK;
}

static bool time_after(const struct date_text *text, size_t end, struct date_time *ret_time) {
    unsigned words = 0;
    for (size_t i = end; i < end + TOKENS_BETWEEN; i++) {
        if (date_time_at(text, i, true, ret_time)) return true;
        if (!may_be_skipped(date_token(text, i), &words)) return false;
    }
    return false;
}

/* Finds the nearest time before the date. */
static bool time_before(const struct date_text *text, size_t begin, struct date_time *ret_time) {
    /* the time itself takes up to six tokens */
    size_t from = begin > TOKENS_BETWEEN + 6 ? begin - TOKENS_BETWEEN - 6 : 0;
    for (size_t i = begin; i-- > from;) {
        struct date_time time;
        /* a number after a colon is in the middle of a time */
        bool cut = i > 0 && (date_is_mark(date_token(text, i - 1), ":.") && !date_token(text, i)->spaced);
        if (cut || !date_time_at(text, i, false, &time) || time.end > begin) continue;
        unsigned words = 0;
        size_t gap = time.end;
        while (gap < begin && may_be_skipped(date_token(text, gap), &words)) gap++;
        if (gap < begin) return false;
        /* a word such as "PM" or 下午 may precede the hour */
        if (i > 0 && date_time_at(text, i - 1, false, ret_time) && ret_time->end == time.end) return true;
        *ret_time = time;
        return true;
    }
    return false;
}

/* Reads a time inside the date, as in "Thu Jan 29 14:05:00 2026". */
static bool time_inside(const struct date_text *text, size_t begin, size_t end, struct date_time *ret_time) {
    for (size_t i = begin + 1; i + 1 < end; i++)
        if (date_is_mark(date_token(text, i + 1), ":") && date_time_at(text, i, false, ret_time)) return true;
    return false;
}

/* Tries the text after the date before the text in front of it, because the time more often follows the date. */
bool date_time_near(const struct date_text *text, size_t begin, size_t end, struct date_time *ret_time) {
    return time_inside(text, begin, end, ret_time) || time_after(text, end, ret_time) ||
           time_before(text, begin, ret_time);
}
