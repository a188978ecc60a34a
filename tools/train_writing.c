/* Trains config/tables/writing.model from a folder of <language>.txt, one sentence per line.
 *
 * usage: train_writing FOLDER OUTPUT
 *
 * The same text always gives the same bytes: files are read in the order of their names, and nothing depends on time or
 * chance. */
#include <dirent.h>
#include <iconv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/compose.h"
#include "stages/decode/writing.h"
#include "stages/language/unicode.h"

/* Runes seen less than LEAST times are noise. A sign counts as known if SIGN_KNOWERS languages use it. */
enum { FIRST_CLASS = 3, LEAST = 3, SIGN_KNOWERS = 5 };
static const double MAX_BITS = 24;

struct language {
    char code[WRITING_CODE];
    struct buffer text;                      /* folded, in NFC */
    uint32_t runes[WRITING_RUNES];           /* counts, indexed by writing_place() */
    uint32_t east_asian[WRITING_EAST_ASIAN]; /* counts, indexed by writing_east_asian() */
    unsigned char class_of[WRITING_RUNES];
    size_t classes;
    double pairs[WRITING_CLASSES][WRITING_CLASSES], singles[WRITING_CLASSES], total, east_asian_total;
};

/* Folds characters that texts in different encodings write differently. The Romanian letters with a comma below have a
 * cedilla in all older encodings, and the Greek letter mu is often typed as the micro sign. */
static uint32_t fold(uint32_t rune) {
    if (rune <= ' ') return ' ';
    if (rune == 0xB5) return 0x3BC;
    if (rune >= '0' && rune <= '9') return '0';
    rune = rune_fold(rune);
    return rune == 0x219 ? 0x15F : rune == 0x21B ? 0x163 : rune;
}

static enum writing_shape shape_of(uint32_t rune) {
    int category = rune_category(rune);
    if (rune <= ' ') return rune == ' ' || (rune >= '\t' && rune <= '\r') ? WRITING_NONE : WRITING_BAD;
    if (category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT) return WRITING_UPPER;
    if (category == UTF8PROC_CATEGORY_LL) return WRITING_LOWER;
    if (category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_LO) return WRITING_UNCASED;
    if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) return WRITING_MARK;
    if (category == UTF8PROC_CATEGORY_SK) return WRITING_ACCENT;
    if (category == UTF8PROC_CATEGORY_CN || category >= UTF8PROC_CATEGORY_CC)
        return category == UTF8PROC_CATEGORY_CF ? WRITING_SIGN : WRITING_BAD;
    if (category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO) return WRITING_SIGN;
    return WRITING_NONE;
}

static uint32_t rune_at(size_t place) {
    return (uint32_t)(place < 0x3400 ? place : place - 0x3400 + 0xFF00);
}

static int is_text(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 4 && length < WRITING_CODE + 4 && strcmp(entry->d_name + length - 4, ".txt") == 0;
}

static void count_text(struct language *language, struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        rune = fold(rune);
        int place = writing_place(rune), east_asian = writing_east_asian(rune);
        if (place >= 0) language->runes[place]++;
        if (east_asian >= 0) language->east_asian[east_asian]++;
        buffer_add_rune(&language->text, rune);
    }
}

static struct language *read_language(const char *folder, const char *name) {
    char path[4096], line[1 << 16];
    struct language *language = memory_take(sizeof *language);
    language->text.limit = (size_t)1 << 30;
    memcpy(language->code, name, strlen(name) - 4);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    while (file && fgets(line, sizeof line, file)) {
        struct buffer composed = BUFFER(sizeof line * 4);
        size_t places = 0;
        struct span text = span_of(line);
        if (text_valid(text)) count_text(language, compose_text(text, &composed, &places));
        buffer_free(&composed);
    }
    if (file) fclose(file);
    return language;
}

/* Returns the smallest count at which the code points that reach it still fit into the available classes. */
static uint32_t least_count(const struct language *language) {
    for (uint32_t least = LEAST;; least += 1 + least / 8) {
        size_t enough = 0;
        for (size_t i = 0; i < WRITING_RUNES; i++) enough += i != ' ' && language->runes[i] >= least;
        if (enough + FIRST_CLASS <= WRITING_CLASSES) return least;
    }
}

static void choose_classes(struct language *language) {
    uint32_t least = least_count(language);
    language->classes = FIRST_CLASS;
    language->class_of[' '] = WRITING_SPACE_CLASS;
    for (size_t i = 0; i < WRITING_RUNES; i++)
        if (i != ' ' && language->runes[i] >= least) language->class_of[i] = (unsigned char)language->classes++;
}

static size_t class_at(const struct language *language, uint32_t rune) {
    int place = writing_place(rune);
    if (place >= 0) return language->class_of[place];
    return writing_east_asian(rune) >= 0 ? WRITING_EAST_ASIAN_CLASS : 0;
}

static void count_pairs(struct language *language) {
    struct span text = buffer_span(&language->text);
    size_t before = WRITING_SPACE_CLASS;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        size_t class = class_at(language, rune);
        if (class == WRITING_SPACE_CLASS && before == WRITING_SPACE_CLASS) continue;
        language->pairs[before][class]++;
        language->singles[class]++;
        language->total++;
        before = class;
    }
    language->east_asian_total = language->singles[WRITING_EAST_ASIAN_CLASS];
}

static int steps_of(double share) {
    double bits = share > 0 ? -log2(share) : MAX_BITS;
    return (int)((bits < MAX_BITS ? bits : MAX_BITS) * WRITING_STEPS + 0.5);
}

/* Witten-Bell smoothing: the probability of an unseen pair is estimated by how many different classes have followed
 * this one. */
static int pair_steps(const struct language *language, size_t before, size_t class) {
    double seen = 0, kinds = 0;
    for (size_t i = 0; i < language->classes; i++) {
        seen += language->pairs[before][i];
        kinds += language->pairs[before][i] > 0;
    }
    double single = (language->singles[class] + 0.5) / (language->total + 0.5 * (double)language->classes);
    return steps_of((language->pairs[before][class] + (kinds + 1) * single) / (seen + kinds + 1));
}

/* The characters in daily use. National standards list them first, so a range of lead bytes selects them. */
static const struct daily {
    const char *code, *charset;
    unsigned char first_lead, last_lead;
    double count;
} dailies[] = {{"ja", "EUC-JP", 0xB0, 0xCF, 2965},
               {"zh-Hans", "GB2312", 0xB0, 0xD7, 3755},
               {"zh-Hant", "BIG5", 0xA4, 0xC6, 5401},
               {"yue", "BIG5", 0xA4, 0xC6, 5401},
               {"ko", "EUC-KR", 0xB0, 0xC8, 2350}};

static const struct daily *daily_of(const char *code) {
    for (size_t i = 0; i < sizeof dailies / sizeof *dailies; i++)
        if (strcmp(code, dailies[i].code) == 0) return &dailies[i];
    return NULL;
}

static bool is_daily(const struct daily *daily, iconv_t converter, size_t place) {
    char in[4], out[8], *from = in, *to = out;
    size_t left = text_put(in, (uint32_t)(place < 0x6C00 ? place + 0x3400 : place - 0x6C00 + 0xAC00)),
           room = sizeof out;
    if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || to - out != 2) return false;
    return (unsigned char)out[0] >= daily->first_lead && (unsigned char)out[0] <= daily->last_lead;
}

/* Gives unseen characters a small share: more to those in daily use, which the training text merely happens to lack. */
static void write_east_asian(FILE *file, const struct language *language) {
    const struct daily *daily = daily_of(language->code);
    iconv_t converter = daily ? iconv_open(daily->charset, "UTF-8") : (iconv_t)-1;
    for (size_t place = 0; place < WRITING_EAST_ASIAN; place++) {
        double share = 0.98 * language->east_asian[place] / language->east_asian_total + 0.004 / 21000;
        if (converter != (iconv_t)-1 && is_daily(daily, converter, place)) share += 0.016 / daily->count;
        fputc(steps_of(share), file);
    }
    if (converter != (iconv_t)-1) iconv_close(converter);
}

static bool has_east_asian(const struct language *language) {
    return language->east_asian_total > 0.05 * language->total;
}

static void put_number(FILE *file, uint32_t number, int size) {
    for (; size > 0; size--, number >>= 8) fputc((int)(number & 0xFF), file);
}

/* Returns whether the code point gets a number. One language is enough for a letter, but a sign needs several. */
static bool is_known(struct language **languages, int count, size_t place) {
    int knowers = 0;
    enum writing_shape shape = shape_of(rune_at(place));
    for (int i = 0; i < count; i++) knowers += languages[i]->class_of[place] != 0;
    return knowers >= (shape == WRITING_NONE || shape == WRITING_SIGN || shape == WRITING_ACCENT ? SIGN_KNOWERS : 1);
}

/* Numbers the known code points from 1. Returns their count plus one, since 0 stands for all others. */
static uint32_t number_letters(struct language **languages, int count, uint16_t numbers[WRITING_RUNES]) {
    uint32_t next = 1;
    for (size_t place = 0; place < WRITING_RUNES; place++)
        if (is_known(languages, count, place)) numbers[place] = (uint16_t)next++;
    return next;
}

static void write_runes(FILE *file, const uint16_t numbers[WRITING_RUNES]) {
    for (uint32_t place = 0; place < WRITING_RUNES; place++) {
        uint32_t rune = rune_at(place);
        int folded = writing_place(fold(rune));
        put_number(file, folded < 0 || shape_of(rune) == WRITING_BAD ? 0 : numbers[folded], 2);
    }
    for (uint32_t place = 0; place < WRITING_RUNES; place++) fputc((int)shape_of(rune_at(place)), file);
}

static void write_tables(FILE *file, const struct language *language) {
    for (size_t before = 0; before < language->classes; before++)
        for (size_t class = 0; class < language->classes; class ++) fputc(pair_steps(language, before, class), file);
    if (has_east_asian(language)) write_east_asian(file, language);
}

static bool write_model(const char *path, struct language **languages, int count) {
    static uint16_t numbers[WRITING_RUNES];
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    uint32_t letters = number_letters(languages, count, numbers);
    fwrite(WRITING_MAGIC, 1, 8, file);
    put_number(file, (uint32_t)count, 4);
    put_number(file, letters, 4);
    for (int i = 0; i < count; i++) fwrite(languages[i]->code, 1, WRITING_CODE, file);
    write_runes(file, numbers);
    for (int i = 0; i < count; i++) {
        unsigned char classes[UINT16_MAX] = {0};
        for (size_t place = 0; place < WRITING_RUNES; place++)
            if (numbers[place]) classes[numbers[place]] = languages[i]->class_of[place];
        fwrite(classes, 1, letters, file);
    }
    for (int i = 0; i < count; i++) {
        fputc((int)languages[i]->classes, file);
        fputc(has_east_asian(languages[i]), file);
    }
    for (int i = 0; i < count; i++) write_tables(file, languages[i]);
    return fclose(file) == 0;
}

int main(int count, char **arguments) {
    struct dirent **entries;
    struct language *languages[WRITING_LANGUAGES];
    if (count != 3) {
        fputs("usage: train_writing FOLDER OUTPUT\n", stderr);
        return 64;
    }
    int files = scandir(arguments[1], &entries, is_text, alphasort);
    if (files <= 0 || files > WRITING_LANGUAGES) {
        fprintf(stderr, "train_writing: %s holds no <language>.txt, or too many\n", arguments[1]);
        return 65;
    }
    for (int i = 0; i < files; i++) {
        languages[i] = read_language(arguments[1], entries[i]->d_name);
        choose_classes(languages[i]);
        count_pairs(languages[i]);
        buffer_free(&languages[i]->text);
        free(entries[i]);
    }
    free(entries);
    bool done = write_model(arguments[2], languages, files);
    for (int i = 0; i < files; i++) free(languages[i]);
    return done ? 0 : 74;
}
