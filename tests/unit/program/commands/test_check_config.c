/* What `dragoman check-config` finds, and how it says so. */
#include "unit/program/commands/four_articles.h"

static void a_sound_configuration_is_counted(void **state) {
    (void)state;
    end_run(CONFIGURATION "[route \"default\"]\nservices = paid apertium\n");
    const char *said = output_of("check-config", EXIT_DONE);
    assert_non_null(
        strstr(said, "the configuration is valid: 2 sources, 1 service and the embedded engine\nsandbox of runs: "));
    cJSON *json = json_of("check-config --json", EXIT_DONE);
    assert_json(json, "problems", "[]");
    assert_json(json, "sound", "true");
    assert_json(json, "sources", "2");
    assert_json(json, "services", "1");
    assert_json(json, "embedded_engine", "true");
    assert_true(json_member_text(json, "sandbox").length > 0);
    cJSON_Delete(json);
}

static void one_source_without_a_service(void **state) {
    (void)state;
    end_run("sandbox = no\n[source \"costa\"]\nkind = page\nurl = https://costa.example/\n[service \"apertium\"]\n");
    const char *said = output_of("check-config", EXIT_DONE);
    assert_non_null(strstr(said, "the configuration is valid: 1 source, 1 service\nsandbox of runs: off: sandbox = no "
                                 "in [run]\n"));
}

static void all_problems_are_told_at_once(void **state) {
    (void)state;
    end_run("in_flight = 0\n[source \"costa\"]\nkind = page\nurl = ftp://costa.example/\nlanguage = klingonish\n");
    output_of("check-config", EXIT_CONFIG);
    const char *said = text_in_workspace("errors");
    assert_non_null(strstr(said, "dragoman.conf:3: 'in_flight' must be between 1 and 4096, not 0\n"));
    assert_non_null(strstr(said, "ftp://costa.example/"));
    assert_non_null(strstr(said, "klingonish"));
    assert_true(span_ends(span_of(said), SPAN("dragoman: the configuration has 3 problems\n")));
    cJSON *json = json_of("check-config --json", EXIT_CONFIG);
    assert_json(json, "sound", "false");
    assert_int_equal(cJSON_GetArraySize(json_member(json, "problems")), 3);
    cJSON_Delete(json);
}

static void one_problem_is_one(void **state) {
    (void)state;
    end_run("in_flight = 0\n[source \"costa\"]\nkind = page\nurl = https://costa.example/\n");
    output_of("check-config", EXIT_CONFIG);
    assert_true(span_ends(span_of(text_in_workspace("errors")), SPAN("dragoman: the configuration has 1 problem\n")));
}

static void no_source_is_a_problem(void **state) {
    (void)state;
    static const char sentence[] = "no [source] is configured, so a run would have nothing to read; `dragoman init` "
                                   "writes a first configuration";
    end_run("[service \"apertium\"]\n");
    output_of("check-config", EXIT_CONFIG);
    assert_non_null(strstr(text_in_workspace("errors"), sentence));
    cJSON *json = json_of("check-config --json", EXIT_CONFIG);
    assert_json(json, "sound", "false");
    assert_json(json, "sources", "0");
    assert_string_equal(cJSON_GetArrayItem(json_member(json, "problems"), 0)->valuestring, sentence);
    cJSON_Delete(json);
}

/* It may be there, but not be recognized. */
static void after_other_problems_no_source_is_not_told(void **state) {
    (void)state;
    end_run("[source costa]\nkind = page\nurl = https://costa.example/\n");
    output_of("check-config", EXIT_CONFIG);
    assert_null(strstr(text_in_workspace("errors"), "no [source]"));
}

static void a_check_makes_no_state(void **state) {
    (void)state;
    end_run(CONFIGURATION);
    assert_int_equal(unlink(path_in_workspace("state.db")), 0);
    output_of("check-config", EXIT_DONE);
    assert_int_equal(access(path_in_workspace("state.db"), F_OK), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {TEST(a_sound_configuration_is_counted),
                                       TEST(one_source_without_a_service),
                                       TEST(all_problems_are_told_at_once),
                                       TEST(one_problem_is_one),
                                       TEST(no_source_is_a_problem),
                                       TEST(after_other_problems_no_source_is_not_told),
                                       TEST(a_check_makes_no_state)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
