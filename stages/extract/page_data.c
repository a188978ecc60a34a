#include "stages/extract/page_data.h"

#include <string.h>

#include "pipeline/base/hash_table.h"
#include "pipeline/base/json.h"
#include "stages/extract/body.h"
#include "stages/extract/script_json.h"
#include "stages/language/unicode.h"

enum {
    MAX_NODES = 1000000,    /* max. number of values visited in one script */
    SHORTEST_PROSE = 40,    /* min. characters of a paragraph of running text */
    SHORTEST_TEXT = 200,    /* min. bytes of running text in an article */
    LONGEST_TEXT = 1 << 20, /* max. bytes of a paragraph */
    LONGEST_NAME = 64       /* max. bytes of a member's name; longer names are not compared */
};
enum { TITLED = 4 }; /* factor by which the score of a text is raised if its object has the article's title */

/* What the name of a member, or the type of an object (MEANS_KIND), says about its contents. Objects of a type with
 * MEANS_SKIP contain no text of the article. */
enum data_meaning {
    MEANS_TEXT = 1,
    MEANS_INSIDE = 2,
    MEANS_TITLE = 4,
    MEANS_LINK = 8,
    MEANS_OTHER = 16,
    MEANS_HEADING = 32,
    MEANS_QUOTE = 64,
    MEANS_LIST = 128,
    MEANS_ITEM = 256,
    MEANS_SKIP = 512,
    MEANS_KIND = MEANS_HEADING | MEANS_QUOTE | MEANS_LIST | MEANS_ITEM | MEANS_SKIP
};

static const struct {
    const char *name;
    unsigned meaning;
} meanings[] = {{"text", MEANS_TEXT},   {"inside", MEANS_INSIDE},   {"title", MEANS_TITLE}, {"link", MEANS_LINK},
                {"other", MEANS_OTHER}, {"heading", MEANS_HEADING}, {"quote", MEANS_QUOTE}, {"list", MEANS_LIST},
                {"item", MEANS_ITEM},   {"skip", MEANS_SKIP}};

struct data_names {
    struct hash_table members; /* maps the name of a member to its meanings, stored as an unsigned */
    struct kind {
        struct span part;
        unsigned meaning;
    } * kinds;
    size_t kind_count, kind_capacity;
};

/* ---------------------------------------------------------------- names */

/* Types are matched by a part of their name, because sites add prefixes: "wp-paragraph", "BodyHeading". */
static void add_name(struct data_names *names, struct span word, unsigned meaning, struct arena *arena) {
    if (meaning & MEANS_KIND) {
        names->kinds = arena_grow(arena, names->kinds, names->kind_count, &names->kind_capacity, sizeof *names->kinds);
        names->kinds[names->kind_count++] = (struct kind){word, meaning};
        return;
    }
    unsigned *known = hash_table_find(&names->members, word);
    if (!known) {
        known = arena_take(arena, sizeof *known);
        hash_table_set(&names->members, word, known);
    }
    *known |= meaning;
}

bool data_names_make(const struct table *table, struct arena *arena, struct data_names **ret_names,
                     struct failure *ret_failure) {
    struct data_names *names = arena_take(arena, sizeof *names);
    names->members = HASH_TABLE(arena);
    for (size_t i = 0; i < table->count; i++) {
        struct span list = table->rows[i].cells[1], word;
        unsigned meaning = 0;
        for (size_t j = 0; j < sizeof meanings / sizeof *meanings; j++)
            if (span_is(table->rows[i].cells[0], meanings[j].name)) meaning = meanings[j].meaning;
        if (!meaning)
            return failure_fatal(ret_failure, EXIT_CONFIG, "extract/page_data.tsv: unknown meaning '%.*s'",
                                 SPAN_ARGS(table->rows[i].cells[0]));
        while (span_next(&list, ' ', &word))
            if (word.length) add_name(names, word, meaning, arena);
    }
    *ret_names = names;
    return true;
}

static struct span lower(struct span word, char folded[LONGEST_NAME]) {
    word = span_cut(word, 0, LONGEST_NAME);
    for (size_t i = 0; i < word.length; i++)
        folded[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] + 32) : word.at[i];
    return (struct span){folded, word.length};
}

static unsigned meaning_of(const struct data_names *names, const cJSON *member) {
    char folded[LONGEST_NAME];
    const unsigned *known =
        member->string ? hash_table_find(&names->members, lower(span_of(member->string), folded)) : NULL;
    return known ? *known : 0;
}

/* Returns the meanings of an object's type, which is in a member "type" or the like. Returns 0 for a paragraph. */
static unsigned kind_of(const struct data_names *names, const cJSON *object) {
    static const char *const members[] = {"type", "_type", "kind", "__typename", "tag", "nodeType", "style"};
    unsigned found = 0;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        char folded[LONGEST_NAME];
        struct span kind = lower(json_member_text(object, members[i]), folded);
        for (size_t j = 0; kind.length && j < names->kind_count; j++)
            if (span_find(kind, names->kinds[j].part) != SIZE_MAX) found |= names->kinds[j].meaning;
    }
    return found;
}

/* ---------------------------------------------------------------- one paragraph */

/* The state of the search for the article in the data. */
struct data_reader {
    const struct data_names *names;
    struct span title;
    size_t nodes;
    struct article *found; /* the best article so far; owned by the reader */
    size_t score;
};

/* Returns true for an object with both a title and a link, which is an entry of a list of articles. */
static bool is_other_article(const struct data_names *names, const cJSON *object) {
    unsigned seen = 0;
    for (const cJSON *member = object->child; member; member = member->next)
        if (cJSON_IsString(member) || cJSON_IsObject(member)) seen |= meaning_of(names, member);
    return (seen & MEANS_TITLE) && (seen & MEANS_LINK);
}

/* Inserts a line break at the end of each block element, because body_add_data() makes a block of each line. */
static void add_lines(struct buffer *out, struct span html) {
    static const char *const ends[] = {"</p>", "<br", "</h2>", "</h3>", "</li>", "</blockquote>", "</div>"};
    for (size_t at = 0; at < html.length; at++) {
        for (size_t i = 0; html.at[at] == '<' && i < sizeof ends / sizeof *ends; i++)
            if (span_starts(span_cut(html, at, html.length), span_of(ends[i]))) buffer_add_string(out, "\n");
        buffer_add(out, html.at + at, 1);
    }
}

static void gather_text(struct data_reader *reader, const cJSON *item, struct buffer *out);

/* Appends the text of the first member that has any. The others usually repeat the same text in another form. With
 * `lines`, each item of a list becomes a line. */
static void gather_members(struct data_reader *reader, const cJSON *object, bool lines, struct buffer *out) {
    size_t before = out->length;
    for (const cJSON *member = object->child; member && out->length == before; member = member->next) {
        unsigned meaning = meaning_of(reader->names, member);
        bool words = cJSON_IsString(member) && meaning & MEANS_TEXT, parts = member->child && meaning & MEANS_INSIDE;
        if (words || (parts && !lines)) gather_text(reader, member, out);
        for (const cJSON *child = parts && lines ? member->child : NULL; child; child = child->next) {
            gather_text(reader, child, out);
            buffer_add_string(out, "\n");
        }
    }
}

/* Appends the text of a paragraph, including its links and bold parts. */
static void gather_text(struct data_reader *reader, const cJSON *item, struct buffer *out) {
    if (++reader->nodes > MAX_NODES || out->full) return;
    if (cJSON_IsString(item)) add_lines(out, json_text(item));
    if (cJSON_IsArray(item))
        for (const cJSON *child = item->child; child; child = child->next) gather_text(reader, child, out);
    if (!cJSON_IsObject(item)) return;
    unsigned kind = kind_of(reader->names, item);
    if (!(kind & MEANS_SKIP)) gather_members(reader, item, (kind & MEANS_LIST) && !(kind & MEANS_ITEM), out);
}

/* Returns true for running text. A long text without spaces is an address or identifier, unless its script is written
 * without spaces: its characters then take more than two bytes. */
static bool is_prose(struct span text) {
    if (text_count(text) < SHORTEST_PROSE || span_starts(text, SPAN("http")) || span_starts(text, SPAN("{")))
        return false;
    bool spaces = span_find(text, SPAN(" ")) != SIZE_MAX, dense = text_count(text) * 2 < text.length;
    return spaces || dense;
}

/* ---------------------------------------------------------------- candidates */

static enum block_kind block_kind(unsigned kind) {
    if (kind & MEANS_HEADING) return BLOCK_HEADING;
    if (kind & (MEANS_LIST | MEANS_ITEM)) return BLOCK_LIST_ITEM;
    return kind & MEANS_QUOTE ? BLOCK_QUOTE : BLOCK_PARAGRAPH;
}

/* Appends the blocks of a paragraph. Returns the number of bytes of running text in them. */
static size_t take_paragraph(struct data_reader *reader, const cJSON *item, struct article *into) {
    if (cJSON_IsObject(item) && is_other_article(reader->names, item)) return 0;
    struct buffer text = BUFFER(LONGEST_TEXT);
    gather_text(reader, item, &text);
    struct span plain = span_trim(buffer_span(&text));
    size_t prose = is_prose(plain) ? plain.length : 0;
    if (plain.length && !span_starts(plain, SPAN("http")))
        body_add_data(block_kind(cJSON_IsObject(item) ? kind_of(reader->names, item) : 0), plain, into);
    buffer_free(&text);
    return prose;
}

/* Keeps the better of `made` and the best article so far, and frees the other. */
static void keep_better(struct data_reader *reader, struct article *made, size_t prose, bool titled) {
    size_t score = prose * (titled ? TITLED : 1);
    bool better = prose >= SHORTEST_TEXT && score > reader->score;
    struct article *worse = better ? reader->found : made;
    if (better) reader->found = made;
    if (better) reader->score = score;
    article_free(worse);
}

/* Tries a list as the paragraphs of an article. */
static void try_list(struct data_reader *reader, const cJSON *list, bool titled) {
    struct article *made = article_new();
    size_t prose = 0;
    for (const cJSON *item = list->child; item; item = item->next) prose += take_paragraph(reader, item, made);
    keep_better(reader, made, prose, titled);
}

/* Tries a single long text, which may be HTML. */
static void try_text(struct data_reader *reader, const cJSON *text, bool titled) {
    if (json_text(text).length < SHORTEST_TEXT) return;
    struct article *made = article_new();
    keep_better(reader, made, take_paragraph(reader, text, made), titled);
}

/* ---------------------------------------------------------------- traversal */

/* Returns false for a list of numbers or short words, which need not be searched. */
static bool has_sentences(const cJSON *list) {
    for (const cJSON *item = list->child; item; item = item->next)
        if (cJSON_IsString(item) ? is_prose(json_text(item)) : cJSON_IsObject(item)) return true;
    return false;
}

/* Returns 1 if the object has the article's title, -1 if it has another title, 0 if it has none. */
static int compare_title(const struct data_reader *reader, const cJSON *object) {
    int found = 0;
    for (const cJSON *member = object->child; member && found < 1; member = member->next) {
        struct span text = cJSON_IsObject(member) ? json_text(member->child) : json_text(member);
        if (!(meaning_of(reader->names, member) & MEANS_TITLE) || text.length < 4) continue;
        /* a title in the data may be shortened, or include the site's name */
        bool same = reader->title.length &&
                    (span_find(reader->title, text) != SIZE_MAX || span_find(text, reader->title) != SIZE_MAX);
        found = same ? 1 : -1;
    }
    return found;
}

/* Searches an item and everything inside it. An object's title also applies to objects inside it that have no title. */
static void walk(struct data_reader *reader, const cJSON *item, bool titled) {
    if (++reader->nodes > MAX_NODES) return;
    if (cJSON_IsArray(item) && has_sentences(item)) try_list(reader, item, titled);
    if (cJSON_IsObject(item)) {
        int title = compare_title(reader, item);
        titled = title ? title > 0 : titled;
    }
    for (const cJSON *child = item->child; child; child = child->next) {
        unsigned meaning = meaning_of(reader->names, child);
        if (meaning & MEANS_OTHER) continue;
        if (cJSON_IsString(child) && meaning & MEANS_TEXT) try_text(reader, child, titled);
        if (child->child) walk(reader, child, titled);
    }
}

static void visit(void *context, const cJSON *root) {
    struct data_reader *reader = context;
    reader->nodes = 0;
    walk(reader, root, false);
}

/* The best text is collected in a separate article, because the caller's article must not change unless something
 * better is found. */
bool page_data_read(const struct data_names *names, struct span page, size_t least, struct article *article) {
    struct data_reader reader = {.names = names, .title = article->title.source};
    size_t size = 0;
    script_json_each(page, visit, &reader);
    for (size_t i = 0; reader.found && i < reader.found->block_count; i++)
        size += text_columns(reader.found->body[i].text);
    bool more = size > least;
    if (more) article->block_count = 0;
    for (size_t i = 0; more && i < reader.found->block_count; i++) {
        const struct block *block = &reader.found->body[i];
        article_add_block(article, block->kind, arena_copy(article->arena, block->text));
    }
    article_free(reader.found);
    return more;
}
