/* The body of a piece of news: what digest.json says of a story and its articles, under the same names. */
#include "pipeline/base/clock.h"
#include "program/hooks/news_internal.h"
#include "stages/digest/settings.h"

enum { MAX_ARTICLES = 20 };

static const char *const story_members[] = {"id",      "title", "title_doubt", "title_source", "language", "dir",
                                            "section", "page",  "outlets",     "languages",    "watches",  "suspect",
                                            "failed",  "first", "newest",      "earlier",      NULL};
static const char *const article_members[] = {
    "id",      "lead", "title", "title_doubt", "title_source", "language", "dir",    "status",  "notes", "publisher",
    "country", "link", "when",  "collected",   "copy_of",      "suspect",  "failed", "summary", "page",  NULL};

static cJSON *copy_members(const cJSON *from, const char *const *names) {
    cJSON *copy = cJSON_CreateObject();
    for (; *names; names++) {
        const cJSON *member = json_member(from, *names);
        if (member) cJSON_AddItemToObject(copy, *names, cJSON_Duplicate(member, true));
    }
    return copy;
}

/* The page's address on the web, if it is there. */
static void add_page_url(const struct program *program, cJSON *item) {
    const struct digest_settings *digest = config_values(program->config, stage_digest.settings.entries);
    struct span url = digest->url, page = json_member_text(item, "page");
    struct buffer text = BUFFER(1 << 16);
    while (span_ends(url, SPAN("/"))) url.length--;
    if (url.length && page.length && buffer_print(&text, "%.*s/%.*s", SPAN_ARGS(url), SPAN_ARGS(page)))
        json_add(item, "page_url", buffer_span(&text));
    buffer_free(&text);
}

static void add_articles(const struct program *program, const struct news *news, cJSON *root) {
    const cJSON *id;
    size_t count = 0;
    cJSON *list = cJSON_AddArrayToObject(root, "articles");
    cJSON_ArrayForEach(id, json_member(news->story, "articles")) {
        const cJSON *article = hash_table_find(news->articles, json_text(id));
        if (!article || ++count > MAX_ARTICLES) continue;
        cJSON *item = copy_members(article, article_members);
        add_page_url(program, item);
        cJSON_AddItemToArray(list, item);
    }
    cJSON_AddNumberToObject(root, "count", (double)count);
    cJSON_AddNumberToObject(root, "articles_left_out", count > MAX_ARTICLES ? (double)(count - MAX_ARTICLES) : 0);
}

static void add_what(const struct program *program, const struct news *news, cJSON *root) {
    const struct hooks_settings *settings = config_values(program->config, hooks_table);
    json_add(root, "what", news->growth ? SPAN("growth") : SPAN("watch"));
    json_add_filled(root, "watch", news->watch);
    if (!news->growth) return;
    cJSON *growth = cJSON_AddObjectToObject(root, "growth");
    cJSON_AddNumberToObject(growth, "level", news->growth->level);
    cJSON_AddNumberToObject(growth, "outlets", (double)news->growth->outlets);
    cJSON_AddNumberToObject(growth, "articles", (double)news->growth->articles);
    cJSON_AddNumberToObject(growth, "within_seconds", (double)(settings->growth_within / 1000));
}

bool news_write(const struct program *program, const struct news *news, struct buffer *out) {
    char now[21];
    cJSON *root = cJSON_CreateObject();
    clock_iso_now(now);
    json_add(root, "format", SPAN("dragoman-news/1"));
    json_add(root, "id", span_of(news->id));
    json_add(root, "time", span_of(now));
    json_add(root, "day", span_of(news->day));
    add_what(program, news, root);
    cJSON *story = copy_members(news->story, story_members);
    add_page_url(program, story);
    cJSON_AddItemToObject(root, "story", story);
    add_articles(program, news, root);
    return json_print_free(root, out);
}
