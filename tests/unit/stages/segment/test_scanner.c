/* How sentences are cut in any language, and how long that takes. */
#include "unit/segmenter_test.h"

#include <time.h>

/* A label stays with what it labels: a Roman numeral of up to four letters does, other words do not. */
static void labels_stay_with_their_sentences(void **state) {
    (void)state;
    static const struct example examples[] = {{"en", " ", "IV. The council met.|It voted."},
                                              {"en", " ", "xiv. The council met.|It voted."},
                                              {"en", " ", "XVIII.|The council met.|It voted."},
                                              {"en", " ", "MM.|The council met.|It voted."},
                                              {"en", " ", "7. The council met.|It voted."},
                                              {"en", " ", "B. The council met.|It voted."},
                                              {"en", " ", "12.34. The council met.|It voted."},
                                              {"en", " ", "Yes.|The council met.|It voted."},
                                              {"ko", " ", "네!|그렇습니다."},
                                              {"ko", " ", "그가 말했다.|왜?|비가 온다."},
                                              {"ko", " ", "비가 왔나요?|네.|많이 왔어요."},
                                              {"ko", " ", "가. 다리를 건넜다.|나. 길을 건넜다."},
                                              {"zh-Hans", "", "你来吗？|来。|几点？|九点。"},
                                              {"ja", "", "雨ですか？|否。|雪です。"},
                                              {"en", " ", "I?|Never."},
                                              {"en", " ", "5? The council met.|It voted."}};
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void points_alone_decide_little(void **state) {
    (void)state;
    static const struct example examples[] = {{"en", " ", "They waited for the Dr...|Nobody came.|It rained."},
                                              {"en", " ", "They waited ... and waited.|It rained."},
                                              {"en", " ", "The door of the house.and the garden were open.|It rained."},
                                              {"en", " ", "The door was closed.|Nobody came."}};
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void signs_between_sentences(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"en", " ", "1. The first rule.|2. The second rule."},
        {"en", " ", "He quoted it (\"We lost. We left.\") and sat down.|They left (...) in the end."},
        {"fr", " ", "Il a dit : « Nous partons. »|Puis il est parti."},
        {"lt", " ", "„Mes išvykstame.“|Tada jis išėjo."},
        {"en", " ", "\"We go.\"|\"Where?\"|\"Home.\""},
        {"en", " ", "The space was lost.|There it is."},
        {"en", "\n\n", "No stop at the end of a line|Next paragraph."},
        {"en", "\n", "______|The port is shut.|* * *|It rains\non us."},
        {"en", "\n", "One sentence\nover two lines.|Another."},
        {"en", " ", "The company (Acme Ltd. of York) paid.|Nobody asked."},
        {"xx", " ", "Unknown languages. Small letters stay.|Long words. End here.|So it is."},
    };
    check_examples(examples, sizeof examples / sizeof *examples - 1);
}

/* References to notes follow the full stop and belong to the sentence before it. */
static void notes_after_full_stops(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"pt", " ", "A ponte caiu em 1950.[7]|O povo a refez."},
        {"en", " ", "The bridge fell.[1][2]|The town rebuilt it.[3]"},
        {"de", " ", "Die Brücke fiel 1950.[a]|Die Stadt baute sie wieder auf."},
        {"ru", " ", "Мост рухнул.[источник?]|Город его восстановил."},
        {"ja", "", "橋は落ちた。[1]|町は再建した。"},
        {"fr", " ", "Le pont est tombé.¹²|La ville l'a rebâti.†|Il tient."},
        {"en", " ", "Trust may leave a gap.11 12|Take a cold (type 2).10|Nobody knew \"why.\"3|So it went."},
        {"en", " ", "It was 3.12 metres and 5.[4] long.|See No.12 Downing Street, art.5 Law and v2.1 Beta."},
        {"en", " ", "He said no [...] and left.|So it went."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void lists_in_running_text(void **state) {
    (void)state;
    static const struct example examples[] = {
        {"en", " ", "1.) Boil water|2.) Add tea|3.) Wait"},
        {"en", " ", "1) Boil water.|Do it slowly|2) Add tea.|3) Wait."},
        {"fr", " ", "1. Chauffez l'eau|2. Ajoutez le thé"},
        {"en", " ", "• 9. Boil water|• 10. Add tea"},
        {"en", " ", "⁃9. Boil water|⁃10. Add tea"},
        {"ru", " ", "• Вскипятите воду|• Добавьте чай"},
        {"es", " ", "a. Hierva el agua|b. Añada el té|c. Espere"},
        {"en", " ", "(i) Boil water|(ii) Add tea|(iii) Wait|(iv) Drink"},
        {"de", " ", "A) Wasser kochen|B) Tee zugeben"},
        {"el", " ", "1) Βράστε νερό|2) Προσθέστε τσάι"},
        {"ru", " ", "а) Вскипятить воду|б) Добавить чай|в) Ждать"},
        {"da", " ", "1. Den første regel|2. Den anden regel"},
        /* and texts that are not lists */
        {"en", " ", "The rules: 1) boil, 2) add and 3) wait."},
        {"en", " ", "1) Boil water for 3) or more."},
        {"en", " ", "A. Hale met B. Lund and C. Ray."},
        {"de", " ", "1. Mai und 2. Juni waren frei."},
        {"da", " ", "1. bataljon og 2. bataljon rejste."},
        {"en", " ", "He came 1. in the race and 2. in the next."},
        {"en", " ", "Tea * 5 and coffee • cake."},
    };
    check_examples(examples, sizeof examples / sizeof *examples);
}

static void forgotten_spaces(void **state) {
    (void)state;
    struct buffer found = BUFFER(1000);
    cut(&found, "en",
        SPAN("The door opened.Nobody came inside.But Jane.Doe@example.org, x.org/Page.Html and 3.Five stay."));
    assert_string_equal(
        found.at, "The door opened.|Nobody came inside.|But Jane.Doe@example.org, x.org/Page.Html and 3.Five stay.");
    buffer_free(&found);
}

static void only_white_space_is_left_out(void **state) {
    (void)state;
    static const char text[] = "  One.  Two?\t\"Three!\"\n\n- Four ... five \xE2\x80\x9Csix.\xE2\x80\x9D ";
    struct scanner scanner = scanner_begin(segmenter, "en", span_of(text));
    size_t position = 0;
    for (struct span sentence; scanner_next(&scanner, &sentence);) {
        for (; text + position < sentence.at; position++) assert_non_null(strchr(" \t\n", text[position]));
        position += sentence.length;
    }
    assert_int_equal(span_trim(span_of(text + position)).length, 0);
}

static double time_repeated(const char *language, const char *piece, size_t size) {
    struct buffer text = BUFFER(size + 64);
    while (text.length < size) buffer_add_string(&text, piece);
    clock_t start = clock();
    struct scanner scanner = scanner_begin(segmenter, language, buffer_span(&text));
    for (struct span sentence; scanner_next(&scanner, &sentence);) continue;
    double taken = (double)(clock() - start) / CLOCKS_PER_SEC;
    buffer_free(&text);
    return taken;
}

/* Sixteen times as much text may take sixteen times as long, but not 256 times. The two are far enough apart for a busy
 * machine. */
static void check_linear(const char *language, const char *piece) {
    double small = time_repeated(language, piece, 1 << 16), large = time_repeated(language, piece, 1 << 20);
    if (large > 64 * small + 0.2) fail_msg("%s: \"%s\": %f s for 64 kB, %f s for 1 MB", language, piece, small, large);
}

static void pathological_texts_take_linear_time(void **state) {
    (void)state;
    static const char *const pieces[] = {". ",           ".",   "(",     "( . ",   "\" . ",  "!",
                                         "\xE3\x80\x82", " ",   "\n",    "a",      "... a ", ".) ",
                                         "\xE2\x80\x9C", "1) ", "a.1 ",  "a.[1] ", "* ",     "\".\"1",
                                         "p.m. Mr. ",    "_\n", "* a_\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        check_linear("en", pieces[i]);
        check_linear("th", pieces[i]);
    }
    check_linear("th", "ก");
    check_linear("th", "แล้วเขา ");
    check_linear("th", "(แล้วเขา");
    check_linear("th", "\xE0\xB8");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_stay_with_their_sentences),
        cmocka_unit_test(points_alone_decide_little),
        cmocka_unit_test(signs_between_sentences),
        cmocka_unit_test(notes_after_full_stops),
        cmocka_unit_test(lists_in_running_text),
        cmocka_unit_test(forgotten_spaces),
        cmocka_unit_test(only_white_space_is_left_out),
        cmocka_unit_test(pathological_texts_take_linear_time),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
