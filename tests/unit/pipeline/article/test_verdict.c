#include "pipeline/article/verdict.h"

#include "pipeline/article/record.h"
#include "unit/failure_is.h"

static struct segment *add(struct article *article, enum block_kind kind, const char *source, const char *target,
                           enum segment_status status) {
    struct block *block = article_add_block(article, kind, span_of(source));
    struct segment *segment = article_add_segment(article, block, block->text);
    segment->target = span_of(target);
    segment->status = status;
    return segment;
}

static struct segment *fail_one(struct article *article, const char *source, const char *why) {
    struct segment *segment = add(article, BLOCK_PARAGRAPH, source, "", SEGMENT_FAILED);
    article_add_finding(article, segment, "untranslated", SEVERITY_ERROR, span_of(why));
    return segment;
}

static void copy_one(struct article *article, const char *text) {
    add(article, BLOCK_PARAGRAPH, text, text, SEGMENT_OK)->copied = true;
}

static enum article_status judged(struct article *article, const char *reason) {
    struct failure failure = {0};
    enum article_status status = article_judge(article, &failure);
    assert_int_equal(status, article->status);
    if (status == ARTICLE_FAILED)
        assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, reason);
    else
        assert_int_equal(failure.reach, REACH_NONE);
    article_free(article);
    return status;
}

static void copied_lines_do_not_count(void **state) {
    (void)state;
    static const char *const lines[] = {"+359 2 555 01 47", "\"We are not afraid of the dark.\"", "Bridgeport Harbour"};
    for (size_t i = 0; i < 3; i++) {
        struct article *none = article_new(), *some = article_new(), *all = article_new();
        copy_one(none, lines[i]);
        fail_one(none, "Мостът е затворен.", "nobody translates it");
        assert_int_equal(judged(none, "nobody translates it"), ARTICLE_FAILED);
        copy_one(some, lines[i]);
        fail_one(some, "Мостът е затворен.", "nobody translates it");
        add(some, BLOCK_PARAGRAPH, "Ремонтът започва.", "The repair begins.", SEGMENT_SUSPECT);
        assert_int_equal(judged(some, ""), ARTICLE_PARTIAL);
        copy_one(all, lines[i]);
        add(all, BLOCK_PARAGRAPH, "Ремонтът започва.", "The repair begins.", SEGMENT_OK);
        assert_int_equal(judged(all, ""), ARTICLE_COMPLETE);
    }
}

static void an_article_without_anything_to_translate_is_complete_and_says_so(void **state) {
    (void)state;
    struct article *article = article_new();
    copy_one(article, "The bridge stays closed.");
    struct failure failure = {0};
    assert_int_equal(article_judge(article, &failure), ARTICLE_COMPLETE);
    assert_span(article->note, "nothing needed translation");
    article_free(article);
}

static void rejected_text_is_not_a_translation(void **state) {
    (void)state;
    struct article *article = article_new();
    struct segment *segment = add(article, BLOCK_PARAGRAPH, "Uno dos.", "Uno dos.", SEGMENT_FAILED);
    article_add_finding(article, segment, "echo", SEVERITY_ERROR, SPAN("it repeats the source"));
    assert_int_equal(judged(article, "no usable translation: it repeats the source"), ARTICLE_FAILED);
}

static void a_cut_article_or_one_without_a_body_is_at_best_partial(void **state) {
    (void)state;
    struct article *cut = article_new(), *title = article_new(), *caption = article_new();
    add(cut, BLOCK_PARAGRAPH, "Uno.", "One.", SEGMENT_OK);
    cut->origin.truncated = true;
    assert_int_equal(judged(cut, ""), ARTICLE_PARTIAL);
    title->title.source = SPAN("Uno");
    title->title.target = SPAN("One");
    title->title.status = SEGMENT_OK;
    assert_int_equal(judged(title, ""), ARTICLE_PARTIAL);
    add(caption, BLOCK_CAPTION, "Uno.", "One.", SEGMENT_OK);
    assert_int_equal(judged(caption, ""), ARTICLE_PARTIAL);
}

/* A wall replaced by the feed's text, a teaser, and one page of several are incomplete; a live blog is not. */
static void content_missing_from_the_page_makes_it_partial(void **state) {
    (void)state;
    for (enum content content = CONTENT_WHOLE; content <= CONTENT_GALLERY; content++) {
        bool whole = content == CONTENT_WHOLE || content >= CONTENT_LIVE;
        struct article *article = article_new();
        add(article, BLOCK_PARAGRAPH, "Uno.", "One.", SEGMENT_OK);
        article->content = content;
        assert_int_equal(judged(article, ""), whole ? ARTICLE_COMPLETE : ARTICLE_PARTIAL);
    }
}

static void no_segment_and_no_reason_are_failures_with_a_sentence(void **state) {
    (void)state;
    struct article *silent = article_new();
    add(silent, BLOCK_PARAGRAPH, "Uno.", "", SEGMENT_NEW);
    assert_int_equal(judged(article_new(), "the article contains no text"), ARTICLE_FAILED);
    assert_int_equal(judged(silent, "nothing in the article was translated"), ARTICLE_FAILED);
}

static void the_reason_is_that_of_the_first_failed_segment(void **state) {
    (void)state;
    struct article *article = article_new();
    copy_one(article, "12:30");
    fail_one(article, "Uno.", "the first reason");
    fail_one(article, "Dos.", "the second reason");
    assert_int_equal(judged(article, "the first reason"), ARTICLE_FAILED);
}

static void merged_segments_do_not_count(void **state) {
    (void)state;
    struct article *article = article_new();
    add(article, BLOCK_PARAGRAPH, "Uno. Dos.", "One. Two.", SEGMENT_OK);
    article_add_segment(article, &article->body[0], SPAN(""))->status = SEGMENT_OK;
    struct tally tally = article_tally(article);
    assert_int_equal(tally.wanted, 1);
    assert_int_equal(tally.body, 1);
    assert_int_equal(judged(article, ""), ARTICLE_COMPLETE);
}

static void only_failed_segments_are_reopened(void **state) {
    (void)state;
    struct article *article = article_new();
    add(article, BLOCK_PARAGRAPH, "Uno.", "One.", SEGMENT_OK)->translated_by = 0;
    add(article, BLOCK_PARAGRAPH, "Dos.", "Twoish.", SEGMENT_SUSPECT)->translated_by = 0;
    struct segment *failed = fail_one(article, "Tres.", "refused");
    failed->target = SPAN("Tres.");
    failed->tried = 2;
    article->status = ARTICLE_FAILED;
    failure_set(&article->failure, REACH_ARTICLE, REMEDY_NONE, "refused");
    article->summary.count = 1;
    article_reopen(article);
    assert_int_equal(article->status, ARTICLE_NEW);
    assert_int_equal(article->failure.reach, REACH_NONE);
    assert_int_equal(article->summary.count, 0);
    assert_int_equal(failed->status, SEGMENT_NEW);
    assert_int_equal(failed->target.length + failed->finding_count + failed->tried, 0);
    assert_span(article->body[0].segments[0].target, "One.");
    assert_int_equal(article->body[1].segments[0].status, SEGMENT_SUSPECT);
    article_free(article);
}

static struct article *round_trip(const struct article *article) {
    struct buffer json = BUFFER(1 << 16);
    struct article *again = NULL;
    assert_true(record_write(article, RECORD_FINAL, &json));
    assert_true(record_read(buffer_span(&json), 0, &again, NULL));
    buffer_free(&json);
    return again;
}

static void a_record_keeps_copied_text(void **state) {
    (void)state;
    struct article *article = article_new();
    copy_one(article, "12:30");
    add(article, BLOCK_PARAGRAPH, "Uno.", "One.", SEGMENT_OK);
    article->note = SPAN("a note");
    struct article *again = round_trip(article);
    assert_true(again->body[0].segments[0].copied);
    assert_false(again->body[1].segments[0].copied);
    assert_span(again->note, "a note");
    article->body[0].segments[0].copied = false; /* as in records of older versions */
    struct article *old = round_trip(article);
    assert_true(old->body[0].segments[0].copied);
    article_free(old);
    article_free(again);
    article_free(article);
}

/* Otherwise completing a record would request other texts than the previous run. */
static void a_record_keeps_the_text_of_scripts_without_spaces(void **state) {
    (void)state;
    static const char text[] = "橋は閉鎖された。修理は春に始まる。";
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(text));
    article_add_segment(article, block, span_cut(block->text, 0, 24));
    article_add_segment(article, block, span_cut(block->text, 24, sizeof text - 1));
    struct article *again = round_trip(article);
    assert_span(again->body[0].text, text);
    assert_int_equal(again->body[0].segment_count, 2);
    article_free(again);
    article_free(article);
}

static void a_cut_page_may_be_fetched_again_if_nothing_else_is_missing(void **state) {
    (void)state;
    static const struct {
        const char *address;
        bool truncated, failed, body, cut;
        const char *identity;
    } cases[] = {{"https://costa.example/1", true, false, true, true, NULL},
                 {"https://costa.example/1", false, false, true, false, NULL},
                 {"https://costa.example/1", true, true, true, false, NULL},
                 {"https://costa.example/1", true, false, false, false, NULL},
                 {"http://costa.example/1", true, false, true, true, NULL},
                 {"/news/a.html", true, false, true, false, NULL},
                 {"file:///news/a.html", true, false, true, false, NULL},
                 {"", true, false, true, false, ""},
                 {"/news/a.txt", true, false, true, true, "/news/a.txt"},
                 {"/news/a.mbox", true, false, true, false, "<1@x>"},
                 {"/news/a.txt", false, false, true, false, "/news/a.txt"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = article_new();
        article->origin.address = span_of(cases[i].address);
        article->origin.identity = span_of(cases[i].identity);
        article->origin.truncated = cases[i].truncated;
        if (cases[i].body) add(article, BLOCK_PARAGRAPH, "Ремонтът започва.", "The repair begins.", SEGMENT_OK);
        if (cases[i].failed) fail_one(article, "Мостът е затворен.", "nobody translates it");
        assert_int_equal(article_is_cut(article), cases[i].cut);
        article_free(article);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copied_lines_do_not_count),
        cmocka_unit_test(an_article_without_anything_to_translate_is_complete_and_says_so),
        cmocka_unit_test(rejected_text_is_not_a_translation),
        cmocka_unit_test(a_cut_article_or_one_without_a_body_is_at_best_partial),
        cmocka_unit_test(content_missing_from_the_page_makes_it_partial),
        cmocka_unit_test(no_segment_and_no_reason_are_failures_with_a_sentence),
        cmocka_unit_test(the_reason_is_that_of_the_first_failed_segment),
        cmocka_unit_test(merged_segments_do_not_count),
        cmocka_unit_test(only_failed_segments_are_reopened),
        cmocka_unit_test(a_record_keeps_copied_text),
        cmocka_unit_test(a_cut_page_may_be_fetched_again_if_nothing_else_is_missing),
        cmocka_unit_test(a_record_keeps_the_text_of_scripts_without_spaces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
