/* Reads a test configuration with a section [desk], which has a setting of every type, and sections [shop "..."], which
 * have kinds. */
#ifndef TESTS_UNIT_CONFIG_DESK_H
#define TESTS_UNIT_CONFIG_DESK_H

#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/reader.h"

/* A struct with a member for every type of setting. */
struct desk_settings {
    struct span title, colour;
    long long pages, wait, price;
    size_t room;
    bool loud, pages_given;
    enum shape { ROUND, SQUARE } shape;
    struct word_list words;
    struct pattern_list keep;
    const struct selector *place;
};

static const struct setting desk_table[] = {
    SETTING("title", SETTING_TEXT_AT(struct desk_settings, title), .default_value = "none", .help = "a title"),
    SETTING("pages", SETTING_NUMBER_AT(struct desk_settings, pages),
            SETTING_GIVEN_AT(struct desk_settings, pages_given), .default_value = "4", .min = 1, .max = 9,
            .help = "how many"),
    SETTING("wait", SETTING_TIME_AT(struct desk_settings, wait), .default_value = "2s", .help = "how long",
            .formerly = "pause"),
    SETTING("room", SETTING_SIZE_AT(struct desk_settings, room), .default_value = "1k", .help = "how much"),
    SETTING("price", SETTING_MONEY_AT(struct desk_settings, price), .default_value = "0", .help = "how dear"),
    SETTING("loud", SETTING_SWITCH_AT(struct desk_settings, loud), .default_value = "no", .help = "whether"),
    SETTING("shape", SETTING_CHOICE_AT(struct desk_settings, shape), .default_value = "round",
            .choices = "round square", .help = "which"),
    SETTING("colour", SETTING_WORD_AT(struct desk_settings, colour), .default_value = "red", .choices = "red green",
            .help = "which"),
    SETTING("words", SETTING_LIST_AT(struct desk_settings, words), .help = "many"),
    SETTING("keep", SETTING_PATTERN_AT(struct desk_settings, keep), .help = "which"),
    SETTING("place", SETTING_SELECTOR_AT(struct desk_settings, place), .help = "where"),
    SETTINGS_END,
};

struct shop_settings {
    struct span kind, street;
    struct secret *key;
};

static const struct setting shop_table[] = {
    SETTING("kind", SETTING_TEXT_AT(struct shop_settings, kind), .help = "which kind"),
    SETTINGS_END,
};

struct baker_settings {
    struct span bread, size;
    struct word_list loaves;
    bool bread_given;
};

static bool is_size(struct span text) {
    return span_is(text, "small") || span_is(text, "large");
}

/* `key` and `street` are in this kind's table, but their values go to the struct that all kinds share. */
static const struct setting baker_table[] = {
    SETTING("bread", SETTING_TEXT_AT(struct baker_settings, bread),
            SETTING_GIVEN_AT(struct baker_settings, bread_given), .help = "which bread", .formerly = "roll"),
    SETTING("loaves", SETTING_LIST_AT(struct baker_settings, loaves), .help = "which loaves"),
    SETTING("size", SETTING_TEXT_AT(struct baker_settings, size), .default_value = "small", .fits = is_size,
            .expected = "small or large", .help = "which size"),
    SETTING("street", SETTING_TEXT_AT(struct shop_settings, street), .common = true, .default_value = "Mill Lane",
            .help = "where"),
    SETTING("key", SETTING_SECRET_AT(struct shop_settings, key), .common = true, .help = "the key"),
    SETTINGS_END,
};

static const struct setting butcher_table[] = {SETTINGS_END};

static struct section_kind kind_at(size_t index) {
    const struct section_kind kinds[] = {{"baker", "bread", {baker_table, sizeof(struct baker_settings)}},
                                         {"butcher", "meat", {butcher_table, 0}},
                                         {.name = NULL}};
    return kinds[index];
}

static const struct section_table tables[] = {
    {.name = "desk", .settings = {desk_table, sizeof(struct desk_settings)}, .help = "the desk"},
    {.name = "shop",
     .named = true,
     .settings = {shop_table, sizeof(struct shop_settings)},
     .help = "a shop",
     .kind_at = kind_at},
    {.name = NULL}};

static inline const struct desk_settings *desk_of(const struct config *config) {
    return config_values(config, desk_table);
}

static inline const struct shop_settings *shop_of(const struct config *config, size_t index) {
    return section_values(config_section_at(config, shop_table, index));
}

static char folder[] = "/tmp/dragoman-reader-XXXXXX";

static inline int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static inline const char *put(const char *name, const char *text) {
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static inline struct config *read_text(const char *text) {
    struct config *config = config_new(tables);
    assert_true(config_read(config, put("a.conf", text), false, NULL));
    config_finish(config);
    return config;
}

static inline void assert_problem(const char *text, const char *said) {
    struct config *config = read_text(text);
    if (config_problem_count(config) != 1) fail_msg("%zu problems with: %s", config_problem_count(config), text);
    if (!strstr(config_problem(config, 0), said)) fail_msg("'%s' does not say '%s'", config_problem(config, 0), said);
    config_free(config);
}

/* Asserts that the configuration has no problems but that the key is missing, with this sentence and its place. */
static inline void assert_missing(const char *text, const char *said) {
    struct failure failure = {0};
    struct config *config = read_text(text);
    struct secret *key = shop_of(config, 0)->key;
    assert_int_equal(config_problem_count(config), 0);
    assert_true(secret_given(key));
    assert_false(secret_found(key, &failure));
    assert_false(secret_ready(key, NULL));
    assert_span(secret_text(key), "");
    assert_false(section_secrets_found(config_section_at(config, shop_table, 0), NULL));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, CAUSE_SERVICE, EXIT_DONE, said);
    if (!strstr(failure.sentence, "a.conf:3: ")) fail_msg("'%s' does not say line 3", failure.sentence);
    config_free(config);
}

#endif
