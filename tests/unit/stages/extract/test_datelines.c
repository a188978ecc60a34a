/* Reporters who are named in the text: the article as the stage extracts it. */
#include "unit/authors_of.h"

/* Pages with two paragraphs and a third line, and nothing else that could name an author. */
static void check(void **state, const char *opening, const char *closing, const char *expected) {
    struct buffer page = BUFFER(1 << 16);
    buffer_print(
        &page,
        "<title>港口的新灯塔</title><h1>港口的新灯塔</h1><div class=article-body><p>%s港口的新灯塔昨天傍晚第一次亮灯，"
        "渔民们在码头上等了两个小时，直到光扫过海面。</p><p>灯塔高三十米，光可以照到二十海里之外，旧灯塔将改为博物馆，"
        "明年春天对外开放。</p><p>%s</p></div>",
        opening, closing);
    check_authors(*state, buffer_span(&page), *opening ? opening : closing, expected);
    buffer_free(&page);
}

static void reporters_in_front_of_the_text_are_authors(void **state) {
    check(state, "〔記者江旻哲／花蓮報導〕", "", "江旻哲");
    check(state, "【記者林可晴、王思遠／台中報導】", "", "林可晴;王思遠");
    check(state, "本报讯（记者 许文川）", "", "许文川");
    check(state, "本报云岭1月28日电（记者许文川、梁启山）", "", "许文川;梁启山");
    check(state, "(대전=한빛통신) 김하늘 기자 = ", "", "김하늘");
    check(state, "[남녘일보=이도윤 기자] ", "", "이도윤");
    check(state, "【ソウル＝佐伯陽介】", "", "佐伯陽介");
}

static void reporters_behind_the_text_are_authors(void **state) {
    check(state, "", "박서윤 기자 seoyun@site.example", "박서윤");
    check(state, "", "박서윤 기자 (seoyun@site.example)", "박서윤");
    check(state, "", "守塔人说，他会每天来看一眼，哪怕下雨也来。（记者许文川、梁启山）", "许文川;梁启山");
}

static void other_brackets_name_nobody(void **state) {
    check(state, "（资料图）", "", "");
    check(state, "【特集】", "", "");
    check(state, "(서울=한빛통신) ", "", "");
    check(state, "", "전화 (02) 000-0000 mail@site.example", "");
    check(state, "记者从港务局获悉，", "", "");
    check(state, "", "他说（记者注：已退休）还会来。", "");
    check(state, "（", "）", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reporters_in_front_of_the_text_are_authors),
        cmocka_unit_test(reporters_behind_the_text_are_authors),
        cmocka_unit_test(other_brackets_name_nobody),
    };
    return cmocka_run_group_tests(tests, open_extract, close_extract);
}
