#define _GNU_SOURCE
/* Whole days, in every format and as a mail, byte by byte. */
#include "unit/digest_test.h"
#include "unit/golden.h"

#include <time.h>

#include "config/reader.h"
#include "pipeline/article/record.h"
#include "pipeline/base/json.h"
#include "program/program.h"
#include "stages/digest/mail.h"
#include "stages/digest/watch.h"
#include "stages/language/names.h"

static struct config *config;

static void take_day(char *day, const cJSON *notes, const char *name) {
    snprintf(day, 11, "%.*s", SPAN_ARGS(json_member_text(notes, name)));
}

/* The first line may say what else is known of the day: {"previous_day": ..., "seen_before": ..., "run": {...}}. */
static void read_edition(struct edition *edition, struct span line) {
    cJSON *known = json_parse(line, 1 << 20, "edition", NULL);
    char *run = cJSON_PrintUnformatted(json_member(known, "run"));
    take_day(edition->previous_day, known, "previous_day");
    take_day(edition->next_day, known, "next_day");
    snprintf(edition->seen_before, sizeof edition->seen_before, "%.*s",
             SPAN_ARGS(json_member_text(known, "seen_before")));
    edition->run_notes = arena_copy(edition->arena, span_of(run));
    cJSON_free(run);
    cJSON_Delete(known);
}

static struct edition *read_all(struct span input) {
    struct edition *edition = edition_new("2026-01-29");
    struct span line;
    while (span_next(&input, '\n', &line)) {
        struct article *article = NULL;
        if (span_starts(line, SPAN("{\"previous_day\""))) {
            read_edition(edition, line);
        } else if (line.length) {
            struct failure failure = {0};
            if (!record_read(line, 0, &article, &failure)) fail_msg("%s", failure.sentence);
            edition_add(edition, article);
        }
    }
    return edition;
}

/* Makes the pages of the records in `input`, one a line. */
static struct edition *edit(struct span input) {
    void *state = NULL;
    struct edition *edition = read_all(input);
    const struct digest_settings settings = {.morning = SPAN("08:00"), .feed_entries = 200};
    struct stage_context context = {.data_folder = TEST_DATA, .settings = &settings, .config = config};
    assert_true(stage_digest.open(&context, &state, NULL));
    assert_true(stage_digest.edit(state, edition, NULL));
    stage_digest.close(state);
    return edition;
}

/* Prints the pages, or the files in all other formats. */
static void describe_files(struct span input, bool pages, struct buffer *out) {
    struct edition *edition = edit(input);
    for (size_t i = 0; i < edition->file_count; i++) {
        const struct edition_file *file = &edition->files[i];
        if (span_ends(file->name, SPAN(".html")) != pages) continue;
        buffer_print(out, "======== %.*s\n", SPAN_ARGS(file->name));
        buffer_add_span(out, file->bytes);
    }
    edition_free(edition);
}

static void describe_pages(void *state, struct span input, struct buffer *out) {
    (void)state;
    describe_files(input, true, out);
}

static void describe_formats(void *state, struct span input, struct buffer *out) {
    (void)state;
    describe_files(input, false, out);
}

/* To a reader who has seen every third article and wants four stories at most. */
static void describe_mail(void *state, struct span input, struct buffer *out) {
    (void)state;
    struct edition *edition = read_all(input);
    struct table languages, checks;
    struct hash_table fresh = HASH_TABLE(edition->arena);
    struct watches *watches = arena_take(edition->arena, sizeof *watches);
    watches_read(config, edition->arena, watches);
    edition_list_stories(edition);
    assert_true(language_names_read(TEST_DATA, edition->arena, &languages, NULL));
    assert_true(table_read(TEST_DATA, "digest/findings.tsv", edition->arena, &checks, NULL));
    for (size_t i = 0; i < edition->count; i++)
        if (i % 3 != 2) hash_table_set(&fresh, span_of(edition->articles[i]->id), edition);
    struct mail mail = {.day = day_new(edition, &languages, &checks, watches, 0),
                        .languages = &languages,
                        .fresh = &fresh,
                        .url = SPAN("https://desk.example/digest"),
                        .max_stories = 4};
    mail_list(&mail);
    buffer_add_string(out, "======== text\n");
    assert_true(mail_text(&mail, out));
    buffer_add_string(out, "======== html\n");
    assert_true(mail_html(&mail, out));
    edition_free(edition);
}

static void a_day_is_as_expected_in_every_format(void **state) {
    static const struct golden pages = {"day", "input.ndjson", "expected.txt", 2, describe_pages},
                               formats = {"day", "input.ndjson", "formats.txt", 2, describe_formats},
                               mails = {"day", "input.ndjson", "mail.txt", 2, describe_mail};
    golden_check(&pages, *state);
    golden_check(&formats, *state);
    golden_check(&mails, *state);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_day_is_as_expected_in_every_format)};
    setenv("TZ", "UTC", 1);
    tzset();
    config = config_new(program_section_tables());
    config_set(config, "watch.Ruse.terms=Ruse, Русе*");
    config_set(config, "watch.Salt.terms=salt");
    config_finish(config);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    config_free(config);
    return failed;
}
