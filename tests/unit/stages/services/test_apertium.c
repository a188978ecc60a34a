#include "service_test.h"

#include <unistd.h>

#include "stages/services/apertium/chains.h"
#include "stages/services/apertium/stream.h"

static struct span read_stream(const char *frame, const char *source, struct arena *arena, unsigned *unknown) {
    return stream_read(span_of(frame), span_of(source), arena, unknown);
}

static void special_characters_are_escaped_and_come_back(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct buffer out = BUFFER(1000);
    unsigned unknown;
    stream_write(SPAN("a [b] $5 ^c"), NULL, &out);
    assert_span(buffer_span(&out), "a \\[b\\] \\$5 \\^c.[][\n]");
    assert_span(read_stream(out.at, "a [b] $5 ^c", arena, &unknown), "a [b] $5 ^c");
    assert_int_equal(unknown, 0);
    buffer_free(&out);
    arena_free(arena);
}

static void marks_are_counted_and_taken_away(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read_stream("The **взрив in *\\@120 plant.[][\n]", "взрив", arena, &unknown), "The взрив in 120 plant");
    assert_int_equal(unknown, 2);
    arena_free(arena);
}

static void marks_of_the_author_stay(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    unsigned unknown;
    assert_span(read_stream("see @user.[][\n]", "ver @user", arena, &unknown), "see @user");
    assert_int_equal(unknown, 0);
    assert_span(read_stream("*Note: 3*4 for #Europe.[][\n]", "*Nota: 3*4 para #Europa", arena, &unknown),
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
        assert_span(read_stream(cases[i].frame, cases[i].source, arena, &unknown), cases[i].text);
        assert_int_equal(unknown, cases[i].unknown);
    }
    arena_free(arena);
}

/* A word that the source has with its mark keeps it, whatever else is marked. */
static void a_word_that_the_author_marked_keeps_its_mark(void **state) {
    (void)state;
    static const struct {
        const char *frame, *source, *text;
        unsigned unknown;
    } cases[] = {{"see *Okoye left.[][\n]", "ver *Okoye salió", "see *Okoye left", 0},
                 {"*Okoye left.[][\n]", "*Okoye salió", "*Okoye left", 0},
                 {"*Okoye left *1.[][\n]", "Okoye salió *1", "Okoye left *1", 1},
                 {"*Okoye left *1.[][\n]", "McOkoye salió *1", "*Okoye left *1", 0},
                 {"*abcz *ABCZ *1.[][\n]", "abcz ABCZ *1", "abcz ABCZ *1", 2},
                 {"*zcba *ZCBA *1.[][\n]", "zcba ZCBA *1", "zcba ZCBA *1", 2},
                 {"Okoye **left.[][\n]", "Okoye *left", "Okoye **left", 0}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned unknown;
        assert_span(read_stream(cases[i].frame, cases[i].source, arena, &unknown), cases[i].text);
        assert_int_equal(unknown, cases[i].unknown);
    }
    arena_free(arena);
}

/* Words of up to 64 bytes are looked for, and up to 64 of them: a long text must not take long. */
static void the_search_for_marked_words_has_limits(void **state) {
    (void)state;
    char frame[1000], source[1000];
    struct arena *arena = arena_new();
    for (int length = 64; length <= 65; length++) {
        unsigned unknown;
        memset(frame, 'x', sizeof frame);
        snprintf(source, sizeof source, "%.*s *1", length, frame);
        struct buffer framed = BUFFER(1000);
        buffer_print(&framed, "*%.*s *1.[][\n]", length, frame);
        read_stream(framed.at, source, arena, &unknown);
        assert_int_equal(unknown, length == 64 ? 1 : 0);
        buffer_free(&framed);
    }
    for (unsigned words = 63; words <= 66; words++) {
        unsigned unknown;
        struct buffer framed = BUFFER(1000);
        for (unsigned i = 0; i < words; i++) buffer_add_string(&framed, "*x ");
        read_stream(framed.at, "x *1", arena, &unknown);
        assert_int_equal(unknown, words < 64 ? words : 64);
        buffer_free(&framed);
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

/* A mode is a pipeline as a shell would read it; -z is added to each command, and $1 and $2 are options. */
static void a_mode_is_read_as_a_shell_would(void **state) {
    (void)state;
    static const char *const wanted[] = {"lt-proc", "-z",  "-g", "/a b/c.bin", NULL, "tagger", "-z",
                                         "x|y",     "d'e", NULL, "cg",         "-z", NULL};
    char path[] = "/tmp/dragoman-mode-XXXXXX";
    int file = mkstemp(path);
    static const char text[] = "lt-proc\t$1 '/a b/c.bin'|\ntagger \"x|y\" $2 \"d'e\"\n |cg\n";
    assert_int_equal(write(file, text, sizeof text - 1), sizeof text - 1);
    close(file);
    struct arena *arena = arena_new();
    struct command *commands;
    size_t count, place = 0;
    assert_true(mode_read(path, arena, &commands, &count));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++)
        for (const char *const *argument = commands[i].arguments;; argument++, place++) {
            if (*argument && wanted[place]) assert_string_equal(*argument, wanted[place]);
            assert_int_equal(*argument == NULL, wanted[place] == NULL);
            if (!*argument) {
                place++;
                break;
            }
        }
    unlink(path);
    assert_false(mode_read(path, arena, &commands, &count));
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
                                       cmocka_unit_test(a_word_that_the_author_marked_keeps_its_mark),
                                       cmocka_unit_test(the_search_for_marked_words_has_limits),
                                       cmocka_unit_test(a_mode_is_read_as_a_shell_would),
                                       cmocka_unit_test(figures_are_written_as_in_english),
                                       cmocka_unit_test(what_it_cannot_translate_is_not_sent),
                                       cmocka_unit_test(every_text_needs_its_translation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
