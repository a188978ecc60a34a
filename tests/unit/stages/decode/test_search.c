/* Words in non-Latin scripts, which are valid in any legacy encoding. */
#include "unit/decoder_test.h"

static void expect(const struct decoder *decoder, const char *text, const char *expected) {
    struct article *article = article_new();
    struct buffer out = BUFFER(1 << 16);
    assert_span(repair_text(decoder->repairer, span_of(text), -1, article, &out), expected);
    assert_int_equal(article->encoding.repair_count, strcmp(text, expected) != 0);
    buffer_free(&out);
    article_free(article);
}

static void clean(const struct decoder *decoder, const char *text) {
    expect(decoder, text, text);
}

static void acronyms_are_left_alone(void **state) {
    clean(*state, "ЗСЗ");
    clean(*state, "ЮЮВ");
    clean(*state, "ΒΒΔ");
    expect(*state, "Âîò", "Вот");
}

/* One odd line must not decide the language by which the following lines are judged. */
static void odd_lines_do_not_spoil_those_after_them(void **state) {
    clean(*state, "ЗСЗ\nОБМОТКА ТРУБ\nЗСЗ\nНОВЫЙ ДОМ У РЕКИ\n");
    clean(*state, "?name:ДужеТихаВода\nШпаківня\nПаромник\n?name:ЧовенБезВесел\nЛимани\nподорожник\n");
    clean(*state, "Терезе жабық\n(CAPACITY) КиБ\nМатрица\nТерезені ашу\n(SIZE) МиБ\n");
}

static void names_in_one_word_are_left_alone(void **state) {
    clean(*state, "?name:ТихаВодаОзера");
    clean(*state, "ИмяВарианта и ДатаВвода");
    clean(*state, "значениеПоля = строкаВвода");
}

static void old_macs_were_not_read_in_turkish(void **state) {
    clean(*state, "ŞrŞŞr\nŞrCŞr\nŞŞŞr\nŞŞQ\n");
    clean(*state, "ŞŞKr");
}

static void misread_text_is_still_found(void **state) {
    expect(*state, "лПТБВМШ УФПЙФ Х РТЙЮБМБ Й ЦДЕФ РПЗПДЩ.\nхФТПН ПФЛТПАФ НПУФ.\n",
           "Корабль стоит у причала и ждет погоды.\nУтром откроют мост.\n");
    expect(*state, "Ęîđŕáëü ńňîčň ó ďđč÷ŕëŕ č ćäĺň ďîăîäű.\nÓňđîě îňęđîţň ěîńň.\n",
           "Корабль стоит у причала и ждет погоды.\nУтром откроют мост.\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acronyms_are_left_alone),          cmocka_unit_test(odd_lines_do_not_spoil_those_after_them),
        cmocka_unit_test(names_in_one_word_are_left_alone), cmocka_unit_test(old_macs_were_not_read_in_turkish),
        cmocka_unit_test(misread_text_is_still_found),
    };
    return cmocka_run_group_tests(tests, decoder_begin, decoder_end);
}
