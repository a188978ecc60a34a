#include "service_test.h"

#include "stages/services/apertium/stream.h"

static struct span read(const char *frame, const char *source, struct arena *arena, unsigned *unknown) {
    return stream_read(span_of(frame), span_of(source), arena, unknown);
}

static void special_characters_are_escaped_and_come_back(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(1000);
    unsigned unknown;
    stream_write(SPAN("a [b] $5 ^c"), NULL, &out);
    assert_span(buffer_span(&out), "a \\[b\\] \\$5 \\^c.[][\n]");
    assert_span(read(out.at, "a [b] $5 ^c", arena, &unknown), "a [b] $5 ^c");
    assert_int_equal(unknown, 0);
    buffer_free(&out);
    arena_free(arena);
}

static void marks_are_counted_and_taken_away(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read("The **взрив in *\\@120 plant.[][\n]", "взрив", arena, &unknown), "The взрив in 120 plant");
    assert_int_equal(unknown, 2);
    arena_free(arena);
}

static void marks_of_the_author_stay(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read("see @user.[][\n]", "ver @user", arena, &unknown), "see @user");
    assert_int_equal(unknown, 0);
    assert_span(read("*Note: 3*4 for #Europe.[][\n]", "*Nota: 3*4 para #Europa", arena, &unknown),
                "*Note: 3*4 for #Europe");
    assert_int_equal(unknown, 0);
    arena_free(arena);
}

/* An asterisk that the author uses as a footnote mark must not hide those of Apertium. */
static void marks_of_the_engine_go_beside_those_of_the_author(void **state) {
    (void)state;
    static const struct {
        const char *frame, *source, *text;
        unsigned unknown;
    } cases[] = {{"The ticket costs 90* euros, said *Brunhild *Okoye.[][\n]",
                  "El billete vale 90* euros, dijo Brunhild Okoye", "The ticket costs 90* euros, said Brunhild Okoye",
                  2},
                 {"* The mayor **Okoye spoke.[][\n]", "* El alcalde Okoye habló", "* The mayor Okoye spoke", 1},
                 {"*Note: *Okoye left.[][\n]", "*Nota: Okoye salió", "*Note: Okoye left", 1},
                 {"Prize # 1 for the #child.[][\n]", "Premio # 1 para el niño", "Prize # 1 for the child", 1},
                 {"The mayor #— of the right — left.[][\n]", "El alcalde — de derechas — salió",
                  "The mayor — of the right — left", 1},
                 {"The mayor #- of the right - left.[][\n]", "El alcalde - de derechas - salió",
                  "The mayor - of the right - left", 0},
                 {"Room \\#– he said – and @, too.[][\n]", "Sala – dijo – y, también", "Room – he said – and , too", 1},
                 {"#– Yes #, said *Okoye.[][\n]", "– Sí, dijo Okoye", "– Yes , said Okoye", 2}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned unknown;
        assert_span(read(cases[i].frame, cases[i].source, arena, &unknown), cases[i].text);
        assert_int_equal(unknown, cases[i].unknown);
    }
    arena_free(arena);
}

static void figures_are_written_as_in_english(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span source = SPAN("1.850 de 12.500, un 2,5 %");
    assert_span(stream_figures(FIGURES_COMMA, source, SPAN("1.850 of 12.500, 2,5 %"), arena), "1,850 of 12,500, 2.5 %");
    assert_span(stream_figures(FIGURES_UNKNOWN, source, SPAN("1.850"), arena), "1.850");
    arena_free(arena);
}

/* The modes of a single pair are enough: nothing is started. */
static void open_one_pair(struct bench *bench, char folder[40]) {
    static const char *settings[] = {NULL, NULL};
    static char modes[64];
    char path[64];
    strcpy(folder, "/tmp/dragoman-modes-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/spa-eng.mode", folder);
    FILE *file = fopen(path, "w");
    assert_true(file && fputs("lt-proc /tmp/spa-eng.bin\n", file) >= 0 && fclose(file) == 0);
    snprintf(modes, sizeof modes, "modes=%s", folder);
    settings[0] = modes;
    bench_open(bench, "apertium", settings);
}

static void close_pair(struct bench *bench, const char *folder) {
    char command[64];
    bench_close(bench);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void what_it_cannot_translate_is_not_sent(void **state) {
    (void)state;
    struct bench bench;
    char folder[40], *text = malloc(4 << 20);
    memset(text, 'a', 4 << 20);
    open_one_pair(&bench, folder);
    assert_no_request(&bench, "zz", SPAN("Uno."), 1, "no Apertium pair from 'zz' to English is installed");
    assert_no_request(&bench, "es", (struct span){text, 4 << 20}, 1, "the text is larger than 4194304 bytes");
    assert_no_request(&bench, "es", (struct span){text, 2 << 20}, 2, "the text is larger than 4194304 bytes");
    close_pair(&bench, folder);
    free(text);
}

static void every_text_needs_its_translation(void **state) {
    (void)state;
    struct bench bench;
    char folder[40];
    open_one_pair(&bench, folder);
    bench_ask(&bench, "es", "Uno", "Dos");
    assert_int_equal(bench.exchange.kind, EXCHANGE_PIPE);
    assert_int_equal(bench.exchange.frames, 2);
    bench_reply(&bench, 0, "One.[][\n]");
    assert_false(bench.service->read_reply(bench.state, &bench.batch, &bench.exchange, bench.answers, &bench.count,
                                           &bench.usage, &bench.failure));
    assert_failure(&bench.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "Apertium returned 1 translation for 2 texts");
    assert_int_equal(bench.count, 1);
    assert_translated(&bench, 0, "One");
    close_pair(&bench, folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(special_characters_are_escaped_and_come_back),
                                       cmocka_unit_test(marks_are_counted_and_taken_away),
                                       cmocka_unit_test(marks_of_the_author_stay),
                                       cmocka_unit_test(marks_of_the_engine_go_beside_those_of_the_author),
                                       cmocka_unit_test(figures_are_written_as_in_english),
                                       cmocka_unit_test(what_it_cannot_translate_is_not_sent),
                                       cmocka_unit_test(every_text_needs_its_translation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
