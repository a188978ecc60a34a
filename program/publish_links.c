#include "program/publish_links.h"

#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"

enum { PAGE_LIMIT = 64 << 20, PATH_SIZE = 1 << 16 };

/* Whether the address is that of a page of this day. Others lead to other days and other sites. */
static bool is_of_day(struct span address) {
    return span_starts(address, SPAN("stories/")) || span_starts(address, SPAN("more-"));
}

static bool is_there(const char *folder, struct span address) {
    struct buffer path = BUFFER(PATH_SIZE);
    size_t fragment = span_find(address, SPAN("#"));
    bool there =
        buffer_print(&path, "%s/%.*s", folder, SPAN_ARGS(span_cut(address, 0, fragment))) && access(path.at, R_OK) == 0;
    buffer_free(&path);
    return there;
}

static bool has_broken_link(const char *folder, struct span page) {
    static const struct span link = {"href=\"", 6};
    for (size_t at; (at = span_find(page, link)) != SIZE_MAX;) {
        page = span_cut(page, at + link.length, page.length);
        struct span address = span_cut(page, 0, span_find(page, SPAN("\"")));
        if (is_of_day(address) && !is_there(folder, address)) return true;
    }
    return false;
}

/* `number` is 1 for index.html, 2 for more-2.html. Returns false if there is no such page. */
static bool read_page(const char *folder, unsigned number, struct buffer *page) {
    struct buffer path = BUFFER(PATH_SIZE);
    buffer_clear(page);
    bool read = (number == 1 ? buffer_print(&path, "%s/index.html", folder)
                             : buffer_print(&path, "%s/more-%u.html", folder, number)) &&
                file_read(path.at, page);
    buffer_free(&path);
    return read;
}

bool publish_links_are_broken(const char *folder) {
    struct buffer page = BUFFER(PAGE_LIMIT);
    bool broken = false;
    for (unsigned number = 1; !broken && read_page(folder, number, &page); number++)
        broken = has_broken_link(folder, buffer_span(&page));
    buffer_free(&page);
    return broken;
}
