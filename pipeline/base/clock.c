#define _GNU_SOURCE /* timegm, strptime, tm_gmtoff */
#include "pipeline/base/clock.h"

#include <stdio.h>
#include <time.h>

/* CLOCK_MONOTONIC never jumps, unlike the wall clock, so timeouts keep their length. */
int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_iso(int64_t seconds, char ret_text[21]) {
    time_t then = (time_t)seconds;
    struct tm parts;
    gmtime_r(&then, &parts);
    strftime(ret_text, 21, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void clock_iso_ago(int64_t seconds, char ret_text[21]) {
    clock_iso((int64_t)time(NULL) - seconds, ret_text);
}

void clock_iso_now(char ret_text[21]) {
    clock_iso_ago(0, ret_text);
}

bool clock_parse(const char *iso, int64_t *ret_seconds) {
    struct tm parts = {0};
    if (!strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &parts)) return false;
    *ret_seconds = timegm(&parts);
    return true;
}

void clock_local(const char *iso, char ret_text[17]) {
    struct tm parts = {0};
    int64_t seconds;
    ret_text[0] = '\0';
    if (!clock_parse(iso, &seconds)) return;
    time_t then = (time_t)seconds;
    localtime_r(&then, &parts);
    strftime(ret_text, 17, "%Y-%m-%d %H:%M", &parts);
}

void clock_zoned(int64_t seconds, char ret_text[26]) {
    struct tm parts;
    time_t then = (time_t)seconds;
    localtime_r(&then, &parts);
    strftime(ret_text, 26, "%Y-%m-%dT%H:%M:%S", &parts);
    /* strftime() writes the offset without the colon that ISO 8601 wants here. */
    long offset = parts.tm_gmtoff / 60, minutes = offset < 0 ? -offset : offset;
    snprintf(ret_text + 19, 7, "%c%02ld:%02ld", offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
}

void clock_zone_name(int64_t seconds, char ret_name[16]) {
    struct tm parts;
    time_t then = (time_t)seconds;
    localtime_r(&then, &parts);
    bool has_name = parts.tm_zone[0] != '+' && parts.tm_zone[0] != '-';
    snprintf(ret_name, 16, "%s%s", has_name ? "" : "UTC", parts.tm_zone);
}

/* Returns the offset of a zone such as "+02:00" in seconds; 0 for "Z" and for anything else. */
static int64_t zone_seconds(const char *zone) {
    int hours = 0, minutes = 0;
    if ((zone[0] != '+' && zone[0] != '-') || sscanf(zone + 1, "%2d:%2d", &hours, &minutes) < 1) return 0;
    return (zone[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

int64_t clock_seconds(const char *iso) {
    struct tm parts = {0};
    const char *rest = strptime(iso, "%Y-%m-%d", &parts);
    if (!rest) return -1;
    /* A date alone means the end of that day, so that "until 2026-01-29" includes the 29th. */
    if (*rest != 'T') return (int64_t)timegm(&parts) + 86399;
    rest = strptime(rest, "T%H:%M", &parts);
    if (!rest) return -1;
    const char *seconds = strptime(rest, ":%S", &parts);
    return (int64_t)timegm(&parts) - zone_seconds(seconds ? seconds : rest);
}

void clock_today(char ret_day[11]) {
    time_t now = time(NULL);
    struct tm parts;
    localtime_r(&now, &parts);
    strftime(ret_day, 11, "%Y-%m-%d", &parts);
}

/* Reads "2026-01-29" as midnight in local time. */
static struct tm parse_day(const char *day) {
    /* -1 makes mktime() find out whether daylight saving time applied on that day. */
    struct tm parts = {.tm_isdst = -1};
    strptime(day, "%Y-%m-%d", &parts);
    return parts;
}

/* Not strftime(): the page is in English in every locale. */
void clock_day_name(const char *day, char ret_name[64]) {
    static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
    struct tm parts = parse_day(day);
    parts.tm_hour = 12;
    mktime(&parts);
    snprintf(ret_name, 64, "%s, %d %s %d", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
             parts.tm_year + 1900);
}

void clock_week(const char *day, char ret_week[9]) {
    struct tm parts = parse_day(day);
    parts.tm_hour = 12;
    mktime(&parts);
    if (!strftime(ret_week, 9, "%G-W%V", &parts)) ret_week[0] = '\0';
}

/* Counts from noon, so that a change to or from daylight saving time cannot shift the date. */
void clock_day_before(const char *day, int days, char ret_day[11]) {
    struct tm parts = parse_day(day);
    parts.tm_hour = 12;
    parts.tm_mday -= days;
    mktime(&parts);
    strftime(ret_day, 11, "%Y-%m-%d", &parts);
}

void clock_day_begins(const char *day, char ret_text[21]) {
    struct tm parts = parse_day(day);
    time_t begins = mktime(&parts);
    gmtime_r(&begins, &parts);
    strftime(ret_text, 21, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

int64_t clock_moment(const char *day, int minutes) {
    struct tm parts = parse_day(day);
    parts.tm_min = minutes;
    return (int64_t)mktime(&parts);
}

/* The CPU time of a process includes all of its threads. */
double clock_cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
