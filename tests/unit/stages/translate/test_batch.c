/* What a request says besides its texts. */
#include "unit/cmocka_test.h"

#include "stages/translate/task.h"

static struct batch batch_of(struct article *article, struct block *block, struct request *request) {
    static struct lane lane = {.language = "es"};
    static struct pending pending;
    pending = (struct pending){.block = block};
    request->lane = &lane;
    request->units[0].first = &pending;
    request->texts[0] = SPAN("Uno.");
    request->count = 1;
    return request_batch(article, request);
}

static void the_parts_of_the_request_are_handed_on(void **state) {
    (void)state;
    static struct request request;
    static const struct glossary_term term = {{"a", 1}, {"b", 1}};
    struct article *article = article_new();
    article->title.source = SPAN("Título");
    request = (struct request){.glossary_id = SPAN("g-7")};
    struct batch batch = batch_of(article, NULL, &request);
    assert_int_equal(batch.task, SERVICE_TRANSLATES);
    assert_string_equal(batch.source_language, "es");
    assert_string_equal(batch.target_language, "en");
    assert_ptr_equal(batch.texts, request.texts);
    assert_int_equal(batch.count, 1);
    assert_span(batch.title, "Título");
    assert_span(batch.context, "");
    assert_null(batch.glossary);
    assert_span(batch.glossary_id, "g-7");
    request.glossary = (struct glossary){.terms = &term, .count = 1};
    assert_ptr_equal(batch_of(article, NULL, &request).glossary, &request.glossary);
    article_free(article);
}

/* Fills a text with a letter of two bytes. */
static struct span text_of(struct arena *arena, size_t letters) {
    char *at = arena_take(arena, letters * 2 + 1);
    for (size_t i = 0; i < letters; i++) memcpy(at + 2 * i, "ñ", 2);
    return (struct span){at, letters * 2};
}

static void what_precedes_the_text_is_its_context(void **state) {
    (void)state;
    static struct request request;
    request = (struct request){.count = 0};
    struct article *article = article_new();
    struct span longer = text_of(article->arena, 700);
    article_add_block(article, BLOCK_PARAGRAPH, longer);
    article_add_block(article, BLOCK_PARAGRAPH, arena_print(article->arena, "%.*sa", SPAN_ARGS(longer)));
    article_add_block(article, BLOCK_PARAGRAPH, SPAN("Corto."));
    article_add_block(article, BLOCK_PARAGRAPH, SPAN("Fin."));
    struct block *body = article->body;
    assert_span(batch_of(article, &body[0], &request).context, "");
    struct span context = batch_of(article, &body[1], &request).context;
    assert_int_equal(context.length, 1200);
    assert_ptr_equal(context.at + 1200, body[0].text.at + 1400); /* its end */
    context = batch_of(article, &body[2], &request).context;
    assert_int_equal(context.length, 1199); /* it begins with a whole letter */
    assert_int_equal((unsigned char)context.at[0], 0xC3);
    assert_span(batch_of(article, &body[3], &request).context, "Corto.");
    context = batch_of(article, NULL, &request).context; /* of the headline */
    assert_int_equal(context.length, 1200);
    assert_ptr_equal(context.at, body[0].text.at);
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_parts_of_the_request_are_handed_on),
                                       cmocka_unit_test(what_precedes_the_text_is_its_context)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
