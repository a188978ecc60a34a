/* What a run has left for the commands that show and change the state: one article is finished, one waits, one has
 * failed, one is a copy of the first. */
#ifndef TESTS_UNIT_PROGRAM_COMMANDS_FOUR_ARTICLES_H
#define TESTS_UNIT_PROGRAM_COMMANDS_FOUR_ARTICLES_H

#include "unit/program/command_line.h"

#define FIRST_ID "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SECOND_ID "2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define THIRD_ID "3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define COPY_ID "4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FIRST "2026-01-29/articles/" FIRST_ID ".json"
#define CONFIGURATION                                                                                                  \
    "[budget]\ncurrency = EUR\ncharacters_per_day = 1000\ncost_per_month = 9\ncost_per_run = 1\n[source \"costa\"]\n"  \
    "kind = page\nurl = https://costa.example/\n[source \"mina\"]\nkind = page\nurl = https://mina.example/\n"         \
    "[service \"paid\"]\nkind = libretranslate\nurl = http://127.0.0.1:1\nprice = 20\ncost_per_day = 2\n"

static inline void bill(const char *day, const char *article) {
    const struct bill_line line = {.day = span_of(day),
                                   .service = SPAN("paid"),
                                   .source = SPAN("costa"),
                                   .requests = 1,
                                   .characters = 200,
                                   .cost = 1500000,
                                   .article = article};
    assert_true(store_bill(program.store, &line, NULL));
}

static inline int set_up(void **state) {
    (void)state;
    begin_run("source.costa.kind=page;source.costa.url=https://costa.example/");
    finish_article(FIRST_ID, "2026-01-29", "1");
    put_waiting(SECOND_ID, CAUSE_SERVICE, "paid", "the key was refused");
    put_article(THIRD_ID, ARTICLE_STATE_DEAD, "no text");
    put_article(COPY_ID, ARTICLE_STATE_DUPLICATE, FIRST_ID);
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    end_commands();
    return 0;
}

#endif
