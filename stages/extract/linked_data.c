#include "stages/extract/linked_data.h"

#include <string.h>

#include "pipeline/base/json.h"

enum {
    SCRIPT_LIMIT = 4 << 20,   /* bytes of a script */
    COMMENTS_LIMIT = 1 << 18, /* max. bytes of all comments together */
    MAX_OBJECTS = 4000,       /* max. number of objects visited in one walk over all scripts */
    MAX_REFERENCES = 256      /* max. number of objects with an @id that are remembered */
};

/* The state of reading all scripts of a page. */
struct reader {
    struct linked_article *article;
    struct arena *arena;
    size_t budget;                      /* number of objects that may still be visited */
    const cJSON *named[MAX_REFERENCES]; /* objects that have both an @id and a name */
    size_t named_count;
    struct buffer comments;
};

static void set(struct span *field, struct span value, struct arena *arena) {
    arena_fill(arena, field, span_trim(value));
}

/* Returns true if the object has a type that passes the test. An object may have several types. */
static bool has_type(const cJSON *object, bool (*test)(struct span type)) {
    const cJSON *type = json_member(object, "@type"), *item;
    if (!cJSON_IsArray(type)) return test(json_text(type));
    cJSON_ArrayForEach(item, type) if (test(json_text(item))) return true;
    return false;
}

/* Returns true for the types of articles. In schema.org, most of them are named "...Article". */
static bool is_article(struct span type) {
    return span_ends(type, SPAN("Article")) || span_is(type, "BlogPosting") || span_is(type, "LiveBlogPosting") ||
           span_is(type, "SocialMediaPosting") || span_is(type, "Report");
}

/* Returns true for the types of organizations. An author of any other type counts as a person, because many pages omit
 * the type. */
static bool is_organization(struct span type) {
    return span_ends(type, SPAN("Organization")) || span_is(type, "Corporation") || span_is(type, "WebSite") ||
           span_is(type, "Periodical");
}

/* ---------------------------------------------------------------- fields */

/* Returns the text of a value. If the value is a list, its first entry is the main one. */
static struct span first_text(const cJSON *value) {
    if (cJSON_IsArray(value)) value = value->child;
    return json_text(value);
}

/* Returns a date as text. Some pages give it as a number of seconds since 1970. */
static struct span date_text(const cJSON *value, struct arena *arena) {
    if (cJSON_IsArray(value)) value = value->child;
    bool number = cJSON_IsNumber(value) && value->valuedouble > 0 && value->valuedouble < 1e14;
    return number ? arena_print(arena, "%.0f", value->valuedouble) : json_text(value);
}

/* Returns the address of an image, which may be given as an address, as an ImageObject, or as a list of these. */
static struct span image_address(const cJSON *image) {
    if (cJSON_IsArray(image)) image = image->child;
    return cJSON_IsObject(image) ? first_text(json_member(image, "url")) : json_text(image);
}

/* Returns the named object to which this object refers. Returns the object itself if it is not a reference. */
static const cJSON *resolve(const struct reader *reader, const cJSON *object) {
    struct span id = json_member_text(object, "@id");
    if (id.length == 0 || json_member_text(object, "name").length) return object;
    for (size_t i = 0; i < reader->named_count; i++)
        if (span_equal(json_member_text(reader->named[i], "@id"), id)) return reader->named[i];
    return object;
}

static void add_name(struct reader *reader, struct span name, bool person) {
    struct linked_article *article = reader->article;
    size_t *count = person ? &article->person_count : &article->organization_count;
    struct span *names = person ? article->people : article->organizations;
    name = span_trim(name);
    if (!name.length) return;
    if (*count < LINKED_NAMES)
        names[(*count)++] = arena_copy(reader->arena, name);
    else
        article->names_cut = true;
}

/* Reads an author: a name, an object, a reference to an object, or an object with several names. */
static void read_author(struct reader *reader, const cJSON *author) {
    if (cJSON_IsString(author)) {
        add_name(reader, json_text(author), true);
    } else if (cJSON_IsObject(author)) {
        author = resolve(reader, author);
        const cJSON *name = json_member(author, "name"), *item;
        bool person = !has_type(author, is_organization);
        if (!cJSON_IsArray(name))
            add_name(reader, json_text(name), person);
        else
            cJSON_ArrayForEach(item, name) add_name(reader, json_text(item), person);
    }
}

/* Reads one author or a list of authors. Some pages nest such lists. */
static void read_authors(struct reader *reader, const cJSON *authors) {
    const cJSON *item, *inner;
    if (!cJSON_IsArray(authors)) {
        read_author(reader, authors);
        return;
    }
    cJSON_ArrayForEach(item, authors) {
        read_author(reader, item);
        if (!cJSON_IsArray(item)) continue;
        cJSON_ArrayForEach(inner, item) read_author(reader, inner);
    }
}

static bool is_live(struct span type) {
    return span_is(type, "LiveBlogPosting");
}

/* Reads an entry of a live blog. Entries are articles themselves, but some sites give only a description of them. */
static void read_update(struct reader *reader, const cJSON *object) {
    struct linked_article *article = reader->article;
    struct linked_update update = {json_member_copy(object, "headline", reader->arena),
                                   json_member_copy(object, "articleBody", reader->arena)};
    if (update.body.length == 0) update.body = json_member_copy(object, "description", reader->arena);
    if (update.headline.length + update.body.length == 0 || article->update_count == LINKED_UPDATES) return;
    article->updates = arena_grow(reader->arena, article->updates, article->update_count, &article->update_capacity,
                                  sizeof *article->updates);
    article->updates[article->update_count++] = update;
}

static void read_live(struct reader *reader, const cJSON *object) {
    const cJSON *updates = json_member(object, "liveBlogUpdate"), *item;
    reader->article->live = true;
    if (reader->article->update_count) return;
    if (cJSON_IsObject(updates)) read_update(reader, updates);
    if (cJSON_IsArray(updates)) cJSON_ArrayForEach(item, updates) read_update(reader, item);
}

/* Returns true if isAccessibleForFree is false. Sites write the boolean or the text "False". */
static bool is_not_free(const cJSON *object) {
    const cJSON *is_free = json_member(object, "isAccessibleForFree");
    return cJSON_IsFalse(is_free) || span_is_ascii_fold(json_text(is_free), "false");
}

/* Returns true if the article or one of its parts is not free. Some pages mark only the part behind the paywall. */
static bool is_paywalled(const cJSON *object) {
    const cJSON *parts = json_member(object, "hasPart"), *part;
    if (is_not_free(object) || (cJSON_IsObject(parts) && is_not_free(parts))) return true;
    if (cJSON_IsArray(parts)) cJSON_ArrayForEach(part, parts) if (is_not_free(part)) return true;
    return false;
}

/* Called for each object of an article type. set() keeps the values of the first object, which is the page's own
 * article. */
static void read_article(struct reader *reader, const cJSON *object) {
    struct linked_article *article = reader->article;
    struct arena *arena = reader->arena;
    set(&article->headline, first_text(json_member(object, "headline")), arena);
    set(&article->description, first_text(json_member(object, "description")), arena);
    set(&article->body, first_text(json_member(object, "articleBody")), arena);
    set(&article->published, date_text(json_member(object, "datePublished"), arena), arena);
    set(&article->modified, date_text(json_member(object, "dateModified"), arena), arena);
    set(&article->section, first_text(json_member(object, "articleSection")), arena);
    set(&article->image, image_address(json_member(object, "image")), arena);
    set(&article->publisher, json_member_text(resolve(reader, json_member(object, "publisher")), "name"), arena);
    /* impossible word counts are ignored */
    double words = json_member_number(object, "wordCount", 0);
    if (words > 0 && words < 1e6 && article->words == 0) article->words = (size_t)words;
    if (has_type(object, is_live)) read_live(reader, object);
    if (is_paywalled(object)) article->paywalled = true;
    if (article->person_count + article->organization_count) return;
    read_authors(reader, json_member(object, "author"));
    if (article->person_count + article->organization_count == 0) read_authors(reader, json_member(object, "creator"));
}

/* ---------------------------------------------------------------- traversal (json_parse() limits the depth) */

/* Returns true for members whose objects are not part of the article, such as other articles. */
static bool is_other_content(const char *member) {
    static const char *const members[] = {"itemListElement", "hasPart",         "mentions",       "citation",
                                          "comment",         "review",          "liveBlogUpdate", "isBasedOn",
                                          "relatedLink",     "associatedMedia", "publisher"};
    for (size_t i = 0; member && i < sizeof members / sizeof *members; i++)
        if (strcmp(member, members[i]) == 0) return true;
    return false;
}

static bool is_comment(struct span type) {
    return span_is(type, "Comment") || span_is(type, "UserComments");
}

static void note_comment(struct reader *reader, const cJSON *object) {
    struct span text = json_member_text(object, "text");
    if (!has_type(object, is_comment) || !buffer_add_span(&reader->comments, text)) return;
    buffer_add_string(&reader->comments, "\n");
}

/* Visits an item, its siblings and everything inside them, except other articles. Comments are collected wherever they
 * are. */
static void walk(struct reader *reader, const cJSON *item, void (*visit)(struct reader *reader, const cJSON *object)) {
    for (; item && reader->budget > 0; item = item->next) {
        if (visit != note_comment && is_other_content(item->string)) continue;
        if (cJSON_IsObject(item)) reader->budget--;
        if (cJSON_IsObject(item)) visit(reader, item);
        walk(reader, item->child, visit);
    }
}

/* Remembers an object that has an @id and a name. Other objects, often in a @graph, refer to it by its @id. */
static void note_name(struct reader *reader, const cJSON *object) {
    bool named = json_member_text(object, "@id").length && json_member_text(object, "name").length;
    if (named && reader->named_count < MAX_REFERENCES) reader->named[reader->named_count++] = object;
}

static void note_article(struct reader *reader, const cJSON *object) {
    if (has_type(object, is_article)) read_article(reader, object);
}

/* Returns true for types of pages. These give a date and authors even if the page has no article object. */
static bool is_page(struct span type) {
    return span_is(type, "WebPage") || span_is(type, "ItemPage") || span_is(type, "Recipe") ||
           span_is(type, "VideoObject");
}

static bool is_video(struct span type) {
    return span_is(type, "VideoObject");
}

static bool is_gallery(struct span type) {
    return span_is(type, "ImageGallery") || span_is(type, "MediaGallery");
}

/* Reads an object that describes the page. The page counts as a video or gallery only if no article object was found.
 */
static void note_page(struct reader *reader, const cJSON *object) {
    bool article = reader->article->headline.length > 0;
    if (!article && has_type(object, is_video)) reader->article->video = true;
    if (!article && has_type(object, is_gallery)) reader->article->gallery = true;
    if (!has_type(object, is_page)) return;
    set(&reader->article->published, json_member_text(object, "datePublished"), reader->arena);
    set(&reader->article->modified, json_member_text(object, "dateModified"), reader->arena);
    if (reader->article->person_count + reader->article->organization_count == 0)
        read_authors(reader, json_member(object, "author"));
}

/* ---------------------------------------------------------------- tolerating invalid JSON */

/* Removes commas before closing brackets, because JSON does not allow them. */
static struct span repair_json(struct span script, struct arena *arena) {
    char *copy = arena_string(arena, script);
    size_t length = 0;
    bool quoted = false;
    for (size_t i = 0; i < script.length; i++) {
        char c = script.at[i];
        if (quoted && c == '\\' && i + 1 < script.length) {
            copy[length++] = c;
            c = script.at[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '}' || c == ']')) {
            while (length && (copy[length - 1] == ' ' || copy[length - 1] == '\n' || copy[length - 1] == '\t' ||
                              copy[length - 1] == '\r'))
                length--;
            if (length && copy[length - 1] == ',') length--;
        }
        copy[length++] = c;
    }
    return (struct span){copy, length};
}

/* Removes CDATA markers, comments and semicolons around the JSON. */
static struct span without_wrapping(struct span script) {
    size_t open = span_find(script, SPAN("<![CDATA[")), start = 0;
    if (open != SIZE_MAX) script = span_cut(script, open + strlen("<![CDATA["), script.length);
    if (open != SIZE_MAX) script = span_cut(script, 0, span_find(script, SPAN("]]>")));
    size_t end = script.length;
    while (start < end && script.at[start] != '{' && script.at[start] != '[') start++;
    while (end > start && script.at[end - 1] != '}' && script.at[end - 1] != ']') end--;
    return span_cut(script, start, end);
}

/* Parses a script. It is repaired only if it cannot be parsed as it is, so valid JSON is never changed. */
static cJSON *parse(struct span script, struct arena *arena) {
    if (script.length > SCRIPT_LIMIT) return NULL;
    cJSON *root = json_parse(script, SCRIPT_LIMIT, "JSON-LD", NULL);
    return root ? root : json_parse(repair_json(without_wrapping(script), arena), SCRIPT_LIMIT, "JSON-LD", NULL);
}

/* Names are collected first, because an article may refer to a person defined after it. Articles are read before pages,
 * so that an article's own values take precedence. */
struct linked_article linked_data_read(const struct span *scripts, size_t count, struct arena *arena) {
    struct linked_article article = {0};
    struct reader reader = {
        .article = &article, .arena = arena, .budget = MAX_OBJECTS, .comments = BUFFER(COMMENTS_LIMIT)};
    cJSON **roots = arena_take(arena, (count + 1) * sizeof *roots);
    for (size_t i = 0; i < count; i++) roots[i] = parse(scripts[i], arena);
    for (size_t i = 0; i < count; i++) walk(&reader, roots[i], note_name);
    reader.budget = MAX_OBJECTS;
    for (size_t i = 0; i < count; i++) walk(&reader, roots[i], note_article);
    reader.budget = MAX_OBJECTS;
    for (size_t i = 0; i < count; i++) walk(&reader, roots[i], note_page);
    reader.budget = MAX_OBJECTS;
    for (size_t i = 0; i < count; i++) walk(&reader, roots[i], note_comment);
    article.comments = arena_copy(arena, buffer_span(&reader.comments));
    buffer_free(&reader.comments);
    for (size_t i = 0; i < count; i++) cJSON_Delete(roots[i]);
    return article;
}
