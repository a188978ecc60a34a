#include "program/stopping.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* Lock-free, so a signal handler may read them. */
static atomic_bool answers, erases_row;
static _Atomic(const char *) finishing;
static atomic_size_t article_count;

void stopping_answer(bool erases) {
    answers = true;
    erases_row = erases;
}

void stopping_finishes(const char *what, size_t articles) {
    article_count = articles;
    finishing = what;
}

enum { ROOM = 160 };

/* A text in memory of fixed size, because a signal handler must not allocate. */
struct line {
    char text[ROOM];
    size_t length;
};

static void add(struct line *line, const char *text) {
    size_t length = strlen(text), room = ROOM - line->length;
    if (length > room) length = room;
    memcpy(line->text + line->length, text, length);
    line->length += length;
}

/* printf() is not async-signal-safe. */
static void add_number(struct line *line, size_t number) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    add(line, digits + at);
}

static void add_finishing(struct line *line) {
    const char *what = finishing;
    size_t articles = article_count;
    add(line, "finishing ");
    if (what || articles == 0)
        add(line, what ? what : "work in progress");
    else {
        add_number(line, articles);
        add(line, articles == 1 ? " article" : " articles");
    }
}

void stopping_tell(void) {
    struct line line = {.length = 0};
    int error = errno;
    if (!answers) return;
    /* The terminal has echoed ^C behind the progress line. */
    add(&line, erases_row ? "\r\033[K" : "\n");
    add(&line, "dragoman: ");
    add_finishing(&line);
    add(&line, "; press ^C again to stop now\n");
    ssize_t ignored = write(STDERR_FILENO, line.text, line.length);
    (void)ignored;
    errno = error;
}

void stopping_write(struct buffer *out) {
    struct line line = {.length = 0};
    add_finishing(&line);
    add(&line, "; a second signal stops at once");
    buffer_add(out, line.text, line.length);
}
