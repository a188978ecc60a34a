/* The article in the data that a page holds for its scripts, as the program's table names its parts. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/extract/page_data.h"

/* 100 and 107 characters; together they are long enough for an article. */
#define ONE "The harbour office said on Monday that the northern quay would be closed to lorries until late March."
#define TWO                                                                                                            \
    "Two ferries a day will leave from the old fish market instead, and tickets bought before the storm are valid."

static struct arena *arena;
static struct data_names *names;

static int open_names(void **state) {
    (void)state;
    static struct table table;
    arena = arena_new();
    return table_read(TEST_DATA, "extract/page_data.tsv", arena, &table, NULL) &&
                   data_names_make(&table, arena, &names, NULL)
               ? 0
               : -1;
}

static int close_names(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const char letters[] = {
    [BLOCK_HEADING] = 'h', [BLOCK_LIST_ITEM] = 'l', [BLOCK_QUOTE] = 'q', [BLOCK_PARAGRAPH] = 'p'};

/* Returns the blocks, each with a letter for its kind, separated by newlines; "(nothing)" if nothing is found. */
static const char *read_above(size_t least, const char *script) {
    static char found[4096];
    struct article *article = article_new();
    article->title.source = SPAN("Quay closed to lorries | The Quay");
    article_add_block(article, BLOCK_PARAGRAPH, SPAN("before"));
    struct span page = arena_print(arena, "<script>x = %s</script>", script);
    bool more = page_data_read(names, page, least, article);
    if (!more) {
        assert_int_equal(article->block_count, 1);
        assert_span(article->body[0].text, "before");
    }
    found[0] = '\0';
    for (size_t i = 0; more && i < article->block_count; i++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%c %.*s", i ? "\n" : "",
                 letters[article->body[i].kind], SPAN_ARGS(article->body[i].text));
    article_free(article);
    return more ? found : "(nothing)";
}

static const char *read(const char *script) {
    return read_above(0, script);
}

static void a_list_of_paragraphs_is_an_article(void **state) {
    (void)state;
    assert_string_equal(read("{body:['" ONE "','" TWO "']}"), "p " ONE "\np " TWO);
    assert_string_equal(read("{body:[{type:'paragraph',text:'" ONE "'},{type:'paragraph',text:'" TWO "'}]}"),
                        "p " ONE "\np " TWO);
    assert_string_equal(read("['" ONE "','" TWO "']"), "p " ONE "\np " TWO);
    assert_string_equal(read("[{text:'" ONE "'},{text:'" TWO "'}]"), "p " ONE "\np " TWO);
    assert_string_equal(read("{a:{b:[{children:[{text:'" ONE "'}]},{children:[{text:'" TWO "'}]}]}}"),
                        "p " ONE "\np " TWO);
}

static void kinds_of_blocks_are_known(void **state) {
    (void)state;
    static const char *const members[] = {"type", "_type", "kind", "__typename", "tag", "nodeType", "style"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char script[1024];
        snprintf(script, sizeof script,
                 "{body:[{text:'" ONE "'},{%s:'wp-Heading',text:'By sea'},{%s:'blockQuote',text:'" TWO "'},"
                 "{%s:'image',text:'No'},{%s:'listItem',text:'One'}]}",
                 members[i], members[i], members[i], members[i]);
        assert_string_equal(read(script), "p " ONE "\nh By sea\nq " TWO "\nl One");
    }
}

static void lists_become_items(void **state) {
    (void)state;
    assert_string_equal(
        read("{body:[{text:'" ONE "'},{type:'list',items:[{text:'One'},{text:'Two'}]},{text:'" TWO "'}]}"),
        "p " ONE "\nl One\nl Two\np " TWO);
}

static void parts_of_a_paragraph_are_joined(void **state) {
    (void)state;
    assert_string_equal(read("{body:[{children:[{text:'The quay is '},{type:'link',children:[{text:'shut'}]},{text:'. "
                             "'},{text:'" ONE "'}]},{text:'" TWO "',html:'not again'}]}"),
                        "p The quay is shut. " ONE "\np " TWO);
}

static void html_is_divided_into_lines(void **state) {
    (void)state;
    static const char *const ends[] = {"</p>", "<br>", "</h2>", "</h3>", "</li>", "</blockquote>", "</div>"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char script[1024];
        snprintf(script, sizeof script, "{articleBody:'" ONE "%s" TWO "'}", ends[i]);
        assert_string_equal(read(script), "p " ONE "\np " TWO);
    }
    assert_string_equal(read("{articleBody:'" ONE "</b> " TWO "'}"), "p " ONE " " TWO);
}

static void other_content_is_not_read(void **state) {
    (void)state;
    assert_string_equal(read("{comments:[{text:'" ONE "'},{text:'" TWO "'}]}"), "(nothing)");
    assert_string_equal(read("{note:'" ONE " " TWO "'}"), "(nothing)");
    assert_string_equal(
        read("{body:[{title:'A story',url:'/a',text:'" ONE "'},{title:'Another',url:'/b',text:'" TWO "'}]}"),
        "(nothing)");
    assert_string_equal(read("{body:[{title:'A part',text:'" ONE "'},{url:'/b',text:'" TWO "'}]}"),
                        "p " ONE "\np " TWO);
}

static void little_text_is_no_article(void **state) {
    (void)state;
    assert_string_equal(read("{body:['" ONE "'],b:'" TWO "'}"), "(nothing)");
    char text[300], script[512];
    for (size_t length = 199; length <= 200; length++) {
        memset(text, 'a', length);
        text[length] = '\0';
        text[50] = ' ';
        snprintf(script, sizeof script, "{text:'%s',pad:'" ONE "'}", text);
        assert_int_equal(strcmp(read(script), "(nothing)") != 0, length == 200);
    }
}

static void only_prose_counts(void **state) {
    (void)state;
    char script[1024];
    /* 39 and 40 characters, ten times */
    static const char *const pieces[] = {"aaaa bbbb cccc dddd eeee ffff gggg hhhh",
                                         "aaaa bbbb cccc dddd eeee ffff gggg hhhhh"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(script, sizeof script, "{body:['%s','%s','%s','%s','%s','%s']}", pieces[i], pieces[i], pieces[i],
                 pieces[i], pieces[i], pieces[i]);
        assert_int_equal(strcmp(read(script), "(nothing)") != 0, i);
    }
    static const char *const no_prose[] = {
        "http://quay.example/a path that is quite long enough for a text of this kind",
        "{an object written as a text that is quite long enough for this purpose}",
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstu"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(script, sizeof script, "{body:['%s','%s','%s','%s']}", no_prose[i], no_prose[i], no_prose[i],
                 no_prose[i]);
        assert_string_equal(read(script), "(nothing)");
    }
    assert_string_equal(
        read("{text:'"
             "漁船が嵐の中で港に戻ったが船長は何も言わず翌朝まで家族とも話さなかったという漁船が嵐の中で港に戻った"
             "が船長は何も言わず翌朝まで家族とも話さなかったという'}"),
        "p 漁船が嵐の中で港に戻ったが船長は何も言わず翌朝まで家族とも話さなかったという漁船が嵐の中で港に戻った"
        "が船長は何も言わず翌朝まで家族とも話さなかったという");
}

static void addresses_are_no_paragraphs(void **state) {
    (void)state;
    assert_string_equal(read("{body:['" ONE "','http://quay.example/','','" TWO "']}"), "p " ONE "\np " TWO);
}

static void the_longest_text_is_taken(void **state) {
    (void)state;
    assert_string_equal(read("{a:{body:['" ONE "','" TWO "']},b:{body:['" TWO "','" ONE "','" ONE "']}}"),
                        "p " TWO "\np " ONE "\np " ONE);
    assert_string_equal(read("{b:{body:['" TWO "','" ONE "','" ONE "']},a:{body:['" ONE "','" TWO "']}}"),
                        "p " TWO "\np " ONE "\np " ONE);
}

static void the_text_with_the_title_is_preferred(void **state) {
    (void)state;
    const char *other = "{title:'Another story',body:['" TWO "','" TWO "','" ONE "']}";
    static const char *const own[] = {"title:'Quay closed to lorries'", "headline:{text:'Quay closed to lorries'}",
                                      "name:'Quay closed to lorries | The Quay | News'"};
    char script[2048];
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(script, sizeof script, "{a:{%s,c:{body:['" ONE "','" TWO "']}},b:%s}", own[i], other);
        assert_string_equal(read(script), "p " ONE "\np " TWO);
        snprintf(script, sizeof script, "{b:%s,a:{%s,c:{body:['" ONE "','" TWO "']}}}", other, own[i]);
        assert_string_equal(read(script), "p " ONE "\np " TWO);
    }
    /* too short to tell, so the longer one is taken */
    snprintf(script, sizeof script, "{a:{title:'Qua',body:['" ONE "','" TWO "']},b:%s}", other);
    assert_string_equal(read(script), "p " TWO "\np " TWO "\np " ONE);
    /* an object inside with a title of its own is another article */
    snprintf(script, sizeof script, "{title:'Quay closed to lorries',b:%s,c:{body:['" ONE "','" TWO "']}}", other);
    assert_string_equal(read(script), "p " ONE "\np " TWO);
}

static void more_text_than_before_is_needed(void **state) {
    (void)state;
    size_t width = strlen(ONE) + strlen(TWO);
    assert_string_equal(read_above(width - 1, "{body:['" ONE "','" TWO "']}"), "p " ONE "\np " TWO);
    assert_string_equal(read_above(width, "{body:['" ONE "','" TWO "']}"), "(nothing)");
}

static void a_page_without_data_has_no_article(void **state) {
    (void)state;
    struct article *article = article_new();
    assert_false(page_data_read(names, SPAN("<p>" ONE "</p>"), 0, article));
    assert_int_equal(article->block_count, 0);
    article_free(article);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_paragraphs_is_an_article),
        cmocka_unit_test(kinds_of_blocks_are_known),
        cmocka_unit_test(lists_become_items),
        cmocka_unit_test(parts_of_a_paragraph_are_joined),
        cmocka_unit_test(html_is_divided_into_lines),
        cmocka_unit_test(other_content_is_not_read),
        cmocka_unit_test(little_text_is_no_article),
        cmocka_unit_test(only_prose_counts),
        cmocka_unit_test(addresses_are_no_paragraphs),
        cmocka_unit_test(the_longest_text_is_taken),
        cmocka_unit_test(the_text_with_the_title_is_preferred),
        cmocka_unit_test(more_text_than_before_is_needed),
        cmocka_unit_test(a_page_without_data_has_no_article),
    };
    return cmocka_run_group_tests(tests, open_names, close_names);
}
