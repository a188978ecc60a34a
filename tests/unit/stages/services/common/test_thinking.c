/* A model's reasoning is not part of a translation, whatever kind of service uses the model. */
#include "unit/cmocka_test.h"

#include "stages/services/common/thinking.h"

struct thinking_case {
    const char *source, *answer, *shown; /* shown: NULL if the answer is rejected */
};

static const struct thinking_case cases[] = {
    /* blocks of reasoning, and remains of them */
    {"Abren la plaza.", "<think>draft</think>They open the square.", "They open the square."},
    {"Abren la plaza.", "<think>\nfirst\n</think>\n\nThey open the square.", "They open the square."},
    {"Abren la plaza.", "They open <reasoning>hm</reasoning>the square.", "They open the square."},
    {"Abren la plaza.", "a draft</think>They open the square.", "They open the square."},
    {"Abren la plaza.", "[THINK]draft[/THINK]They open the square.", "They open the square."},
    {"Abren la plaza.", "They open the square.</s>", "They open the square."},
    {"Abren la plaza.", "They open the square.", "They open the square."},
    {"[1] {\"a\":1}", "[1] {\"a\":1} <think>hm</think>there", "[1] {\"a\":1} there"},
    /* escaped */
    {"Abren la plaza.", "&lt;think&gt;draft&lt;/think&gt;They open the square.", "They open the square."},
    {"Abren la plaza.", "&#60;THINK&#62;draft&#x3C;/think&#x3e; They open the square.", "They open the square."},
    {"Abren la plaza.", "&lt; thinking &gt;draft</thinking>They open the square.", "They open the square."},
    {"Abren la plaza.", "draft&lt;/think&gt;They open the square.", "They open the square."},
    {"A &lt; B & C &gt; D", "A &lt; B & C &gt; D &", "A &lt; B & C &gt; D &"},
    /* unclosed, or nothing else: rejected */
    {"Abren la plaza.", "<think>They open", NULL},
    {"Abren la plaza.", "&lt;think&gt;They open", NULL},
    {"Abren la plaza.", "They open <think>the square", NULL},
    {"Abren la plaza.", "<think>They open</think>", NULL},
    {"Abren la plaza.", "They open</think>", NULL},
    /* tags that are part of the source */
    {"La etiqueta <think> marca un borrador.", "The tag <think> marks a draft.", "The tag <think> marks a draft."},
    {"La etiqueta &lt;think&gt; marca.", "The tag <think> marks.", "The tag <think> marks."},
    {"La etiqueta <think> marca.", "The tag &lt;think&gt; marks.", "The tag &lt;think&gt; marks."},
    {"<think> abre y </think> cierra.", "<think> opens and </think> closes.", "<think> opens and </think> closes."},
    {"<think> es una etiqueta.", "<think> is a tag.", "<think> is a tag."},
    {"<think> es una etiqueta.", "<think>hm</think><think> is a tag.", "<think> is a tag."},
    {"Con </think> termina.", "It ends with </think>.", "It ends with </think>."},
    /* phrases that may be part of a translation */
    {"Este es mi razonamiento:", "Here is my thought process:", "Here is my thought process:"},
    {"[Reflexionar] Abren.", "[THINK] They open.", "[THINK] They open."},
};

static void read_words(struct table *ret_words, struct arena *arena) {
    struct failure failure;
    if (!table_read(TEST_DATA, "services/answers.tsv", arena, ret_words, &failure)) fail_msg("%s", failure.sentence);
}

static void answers_are_cleaned(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct table words = {0};
    read_words(&words, arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct span source = span_of(cases[i].source);
        struct batch batch = {.texts = &source, .count = 1};
        struct answer answer = {.verdict = VERDICT_TRANSLATED, .target = span_of(cases[i].answer)};
        thinking_clean(&words, &batch, &answer, 1, arena);
        if (cases[i].shown) {
            assert_int_equal(answer.verdict, VERDICT_TRANSLATED);
            assert_string_equal(arena_string(arena, answer.target), cases[i].shown);
        } else {
            assert_int_equal(answer.verdict, VERDICT_RETRY);
            assert_true(span_is(answer.note, THINKING_NOTE));
        }
    }
    arena_free(arena);
}

static void each_answer_is_held_against_its_own_source(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct table words = {0};
    struct span texts[] = {SPAN("Una etiqueta <think> de prueba."), SPAN("Otra frase."), SPAN("Y otra.")};
    struct batch batch = {.texts = texts, .count = 3};
    struct answer answers[] = {{.verdict = VERDICT_TRANSLATED, .target = SPAN("A <think> tag for tests.")},
                               {.verdict = VERDICT_TRANSLATED, .target = SPAN("A <think>hm</think>sentence.")},
                               {.verdict = VERDICT_REFUSED, .note = SPAN("refused")}};
    read_words(&words, arena);
    thinking_clean(&words, &batch, answers, 3, arena);
    assert_true(span_is(answers[0].target, "A <think> tag for tests."));
    assert_true(span_is(answers[1].target, "A sentence."));
    assert_int_equal(answers[2].verdict, VERDICT_REFUSED);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_cleaned),
                                       cmocka_unit_test(each_answer_is_held_against_its_own_source)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
