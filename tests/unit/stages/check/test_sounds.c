/* Names are recognised across scripts by the classes of their consonants. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "stages/check/sounds.h"

static struct arena *arena;
static struct sounds *sounds;

static int read_sounds(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return sounds_read(TEST_DATA, arena, &sounds, &failure) ? 0 : -1;
}

static int close_sounds(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static struct skeleton hear(const char *word) {
    return sounds_of(sounds, span_of(word));
}

static void expect_sounds(const char *word, const char *classes) {
    struct skeleton skeleton = hear(word);
    if (skeleton.count != strlen(classes) || memcmp(skeleton.classes, classes, skeleton.count) != 0)
        fail_msg("%s: %.*s, not %s", word, (int)skeleton.count, skeleton.classes, classes);
}

static void expect_like(const char *name, const char *word) {
    struct skeleton left = hear(name), right = hear(word);
    if (sounds_alike(&left, &right) < 2) fail_msg("%s, %s: %u", name, word, sounds_alike(&left, &right));
}

static void all_scripts_have_the_same_sounds(void **state) {
    (void)state;
    static const char *const karasin[] = {"karasin",  "карасин", "καρασιν", "كاراسين", "קרסין",    "կարասին",
                                          "კარასინი", "करासिन",  "কারাসিন", "ਕਰਾਸਿਨ",  "કરાસિન",   "କରାସିନ",
                                          "கராசின்",   "కరాసిన్",    "ಕರಾಸಿನ್",   "കരാസിന്",  "කරාසින්",    "ካራሲን",
                                          "คาราซิน",   "ຄາຣາຊິນ",  "ការ៉ាស៊ីន",  "ကာရာစင်",  "カラシン", "카라신"};
    static const char *const bodamer[] = {"bodamer", "бодамер", "μποδαμερ", "بودامر",   "בודמר",    "बोदामेर",
                                          "போதமேர்",  "ቦዳመር",    "โบดาเมอร์", "ボダメル", "보다메르", "պոդամեր"};
    for (size_t i = 0; i < sizeof karasin / sizeof *karasin; i++) expect_sounds(karasin[i], "klsn");
    for (size_t i = 0; i < sizeof bodamer / sizeof *bodamer; i++) expect_like("bodamer", bodamer[i]);
}

/* Letters that only one language of a script has, or that stand for a sound only at the end of a syllable. */
static void rare_letters_have_sounds_too(void **state) {
    (void)state;
    static const char *const pairs[][2] = {{"djokanovic", "ђокановић"},
                                           {"gjorcevski", "ѓорчевски"},
                                           {"jurabekov", "ҷурабеков"},
                                           {"murugan", "முருகன்"},
                                           {"tamizhselvan", "தமிழ்செல்வன்"},
                                           {"varkichan", "വർക്കിച്ചൻ"},
                                           {"sanjanda", "संजंदा"},
                                           {"mangalbir", "মংগলবির"},
                                           {"gwangul", "ጓንጉል"},
                                           {"sambandan", "సంబందన్"},
                                           {"ringkam", "ริงคำ"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) expect_like(pairs[i][0], pairs[i][1]);
    expect_sounds("ன்", "n");
    expect_sounds("ൻ", "n");
    expect_sounds("ற", "l");
    expect_sounds("ጓ", "k");
    expect_sounds("ं", "n");
}

static void syllables_of_hangul_are_taken_apart(void **state) {
    (void)state;
    expect_sounds("김", "kn");
    expect_sounds("이", "");
    expect_sounds("한국", "nkk");
    expect_sounds("신나", "sn"); /* the end of one syllable and the beginning of the next are one sound */
    expect_sounds("박정수", "bksns");
    expect_sounds("가", "k"); /* the first syllable of the block */
    expect_sounds("힣", "");  /* and the last */
}

static void letters_that_are_not_heard_are_ignored(void **state) {
    (void)state;
    expect_sounds("willoughby", "blb");
    expect_sounds("hugh", "");
    expect_sounds("vaughn", "bn");
    expect_sounds("ghana", "kn");
    expect_sounds("spaghetti", "sbkt");
    expect_sounds("aeiou", "");
    expect_sounds("haya", "");
}

static void letters_that_are_heard_otherwise_are_so(void **state) {
    (void)state;
    expect_sounds("cecilia", "ssl");
    expect_sounds("carla", "kl"); /* r and l are of one class */
    expect_sounds("chan", "sn");
    expect_sounds("c", "k");
    expect_sounds("krammer", "klnl");
    expect_sounds("kramer", "klnl");
}

/* Double letters are one sound in the scripts of India, too, where a sign stands between them. */
static void double_letters_are_one_sound(void **state) {
    (void)state;
    static const char *const mukka[] = {"mukka", "мукка", "मुक्का",  "মুক্কা", "ਮੁਕ੍ਕਾ", "મુક્કા", "ମୁକ୍କା",
                                        "முக்கா", "ముక్కా",  "ಮುಕ್ಕಾ", "മുക്കാ", "මුක්කා", "မုက္ကာ"};
    for (size_t i = 0; i < sizeof mukka / sizeof *mukka; i++) expect_sounds(mukka[i], "nk");
    expect_sounds("मुकाका", "nkk"); /* a vowel between them */
}

static void unusual_words_have_few_sounds(void **state) {
    (void)state;
    char many[3 * MAX_SOUNDS + 1] = "";
    expect_sounds("", "");
    expect_sounds("12345", "");
    expect_sounds("港口", "");
    expect_sounds("\xff\xfe\xf0", "");
    for (size_t i = 0; i < 3 * MAX_SOUNDS; i++) many[i] = i % 2 ? 's' : 'k';
    assert_int_equal(hear(many).count, MAX_SOUNDS);
}

/* ---------------------------------------------------------------- how like */

static void expect_alike(const char *name, const char *word, unsigned alike) {
    struct skeleton left = hear(name), right = hear(word);
    if (sounds_alike(&left, &right) != alike)
        fail_msg("%s, %s: %u, not %u", name, word, sounds_alike(&left, &right), alike);
}

static void longer_names_are_more_alike(void **state) {
    (void)state;
    expect_alike("karasin", "карасин", 4);
    expect_alike("tamara", "тамара", 3);
    expect_alike("kim", "김", 1);
    expect_alike("ko", "ко", 0);
    expect_alike("", "карасин", 0);
    expect_alike("karasin", "", 0);
}

static void differences_count_more_in_short_names(void **state) {
    (void)state;
    expect_alike("karasinov", "карабинов", 3);
    expect_alike("karasin", "карабин", 2);
    expect_alike("tamar", "тасар", 0);
    expect_alike("kar", "тар", 0);
    expect_alike("bogdanovski", "богсамолоски", 2);
    expect_alike("karasin", "калабит", 0);
}

static void endings_are_ignored_but_not_beginnings(void **state) {
    (void)state;
    expect_alike("karasin", "карасинскому", 4);
    expect_alike("karasin", "прекарасин", 0);
    expect_alike("karasin", "кара", 0);
    expect_alike("karasin", "караси", 2);
    struct skeleton name = hear("karasin"), compound = hear("прекарасинский");
    assert_true(sounds_like(&name, &compound, 0));
}

/* A name that was changed is not the same one in any script. */
static void other_names_are_not_alike(void **state) {
    (void)state;
    static const char *const others[] = {"bodamer",  "feldstein", "whitcombe", "papadakis",
                                         "тихонова", "موسوي",     "ポッター",  "마르티네스"};
    struct skeleton name = hear("karasin");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct skeleton other = hear(others[i]);
        if (sounds_alike(&name, &other) > 1) fail_msg("%s", others[i]);
    }
}

/* Words of few sounds, so that many are nearly alike. */
static struct skeleton random_skeleton(uint32_t *random) {
    char word[2 * MAX_SOUNDS] = "";
    size_t length = 0;
    for (size_t left = 2 + (*random >> 8) % 8; left > 0; left--) {
        *random = *random * 1664525u + 1013904223u;
        word[length++] = "ksnlmt"[(*random >> 16) % 6];
        word[length++] = 'a';
    }
    return hear(word);
}

/* With all bits set, no sound seems to be missing, and the distance alone decides. */
static void what_is_ruled_out_early_is_not_alike(void **state) {
    uint32_t random = 1;
    size_t alike = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct skeleton name = random_skeleton(&random), word = random_skeleton(&random), all = word;
        all.set = UINT32_MAX;
        alike += sounds_alike(&name, &word) > 0;
        assert_int_equal(sounds_alike(&name, &word), sounds_alike(&name, &all));
        assert_int_equal(sounds_like(&name, &word, 0), sounds_like(&name, &all, 0));
        assert_int_equal(sounds_like(&name, &word, 1), sounds_like(&name, &all, 1));
    }
    assert_in_range(alike, 100, 10000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_scripts_have_the_same_sounds),
        cmocka_unit_test(rare_letters_have_sounds_too),
        cmocka_unit_test(syllables_of_hangul_are_taken_apart),
        cmocka_unit_test(letters_that_are_not_heard_are_ignored),
        cmocka_unit_test(letters_that_are_heard_otherwise_are_so),
        cmocka_unit_test(double_letters_are_one_sound),
        cmocka_unit_test(unusual_words_have_few_sounds),
        cmocka_unit_test(longer_names_are_more_alike),
        cmocka_unit_test(differences_count_more_in_short_names),
        cmocka_unit_test(endings_are_ignored_but_not_beginnings),
        cmocka_unit_test(other_names_are_not_alike),
        cmocka_unit_test(what_is_ruled_out_early_is_not_alike),
    };
    return cmocka_run_group_tests(tests, read_sounds, close_sounds);
}
