/* A LibreTranslate service on loopback for benchmarks, which costs little itself: answers every request after a delay,
   and measures how busy it was kept.

   usage: fake_service MILLISECONDS SLOTS

   Prints its address. When its standard input ends, it prints how many requests there were and how busy its SLOTS were
   "while work remained": from the first request to the beginning of the last one. A slot is busy from the moment when a
   request has arrived whole until its answer is sent. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <cJSON.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CONNECTIONS = 1024, MOST_REQUEST = 1 << 20, WORD_COUNT = 26 };

typedef struct {
    int socket;
    char *request; /* MOST_REQUEST + 1 bytes */
    size_t used;
    double began, due; /* seconds; began is 0 while the request is not whole */
} Connection;

typedef struct {
    double *began, *ended;
    size_t count, capacity;
} Spans;

static Connection connections[MOST_CONNECTIONS];
static size_t connection_count;
static Spans spans;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static _Noreturn void stop(const char *what) {
    perror(what);
    exit(1);
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) != 0 ||
        listen(listener, MOST_CONNECTIONS) != 0 || getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        stop("cannot listen");
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static void accept_one(int listener) {
    int socket = accept(listener, NULL, NULL), on = 1;
    if (socket < 0 || connection_count == MOST_CONNECTIONS) stop("cannot accept");
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Connection *connection = &connections[connection_count++];
    *connection = (Connection){.socket = socket, .request = malloc(MOST_REQUEST + 1)};
    if (!connection->request) stop("cannot accept");
}

static void drop(Connection *connection) {
    close(connection->socket);
    free(connection->request);
    *connection = connections[--connection_count];
}

/* Returns where the body of a whole request begins, or NULL while it is not whole. */
static const char *body_of(const Connection *connection) {
    const char *end = strstr(connection->request, "\r\n\r\n");
    const char *length = strcasestr(connection->request, "\r\nContent-Length:");
    if (!end) return NULL;
    size_t wanted = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return connection->used >= (size_t)(end + 4 - connection->request) + wanted ? end + 4 : NULL;
}

/* Reads what has arrived. Returns false if the connection has ended. */
static bool receive(Connection *connection, double delay) {
    ssize_t got = read(connection->socket, connection->request + connection->used, MOST_REQUEST - connection->used);
    if (got <= 0) return false;
    connection->used += (size_t)got;
    connection->request[connection->used] = '\0';
    if (body_of(connection)) {
        connection->began = now();
        connection->due = connection->began + delay;
    }
    return true;
}

static void add_span(double began) {
    if (spans.count == spans.capacity) {
        spans.capacity = spans.capacity ? 2 * spans.capacity : 1024;
        spans.began = realloc(spans.began, spans.capacity * sizeof *spans.began);
        spans.ended = realloc(spans.ended, spans.capacity * sizeof *spans.ended);
        if (!spans.began || !spans.ended) stop("cannot keep a span");
    }
    spans.began[spans.count] = began;
    spans.ended[spans.count++] = now();
}

/* Returns English that passes the checks: as many words, and the words that have digits. */
static char *translate(const char *text) {
    static const char *const words[WORD_COUNT] = {"works",  "on",    "their",   "quiet", "street", "went",   "well",
                                                  "enough", "that",  "many",    "of",    "those",  "people", "who",
                                                  "lived",  "there", "thought", "about", "what",   "could",  "come",
                                                  "after",  "such",  "long",    "years", "of"};
    char *english = malloc(18 * strlen(text) + 8), *end = english;
    if (!english) stop("cannot translate");
    for (size_t count = 0, size; *text; text += size + (text[size] == ' ')) {
        size = strcspn(text, " ");
        bool number = strcspn(text, "0123456789") < size;
        end += number ? sprintf(end, "%.*s ", (int)size, text) : sprintf(end, "%s ", words[count++ % WORD_COUNT]);
    }
    english[0] = (char)(english[0] >= 'a' && english[0] <= 'z' ? english[0] - 32 : english[0]);
    memcpy(end > english ? end - 1 : end, ".", 2);
    return english;
}

static char *compose(const char *body) {
    cJSON *asked = cJSON_Parse(body), *answer = cJSON_CreateObject(),
          *list = cJSON_AddArrayToObject(answer, "translatedText");
    const cJSON *text;
    cJSON_ArrayForEach(text, cJSON_GetObjectItem(asked, "q")) {
        char *english = translate(cJSON_GetStringValue(text));
        cJSON_AddItemToArray(list, cJSON_CreateString(english));
        free(english);
    }
    char *printed = cJSON_PrintUnformatted(answer);
    cJSON_Delete(asked);
    cJSON_Delete(answer);
    return printed;
}

static void answer(Connection *connection) {
    char *body = compose(body_of(connection)), *whole = NULL;
    int size = asprintf(&whole, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(body), body);
    for (ssize_t sent = 0, done; sent < size; sent += done)
        if ((done = send(connection->socket, whole + sent, (size_t)(size - sent), MSG_NOSIGNAL)) < 0) break;
    add_span(connection->began);
    connection->began = 0;
    connection->used = 0;
    free(whole);
    free(body);
}

/* Answers what is due. Returns the milliseconds until the next answer, or -1. */
static int answer_due(void) {
    double next = -1, time = now();
    for (size_t i = 0; i < connection_count; i++)
        if (connections[i].began > 0 && connections[i].due <= time)
            answer(&connections[i]);
        else if (connections[i].began > 0 && (next < 0 || connections[i].due < next))
            next = connections[i].due;
    return next < 0 ? -1 : (int)((next - time) * 1000) + 1;
}

/* Prints what the spans add up to, up to the beginning of the last one. */
static void report(long slots) {
    double first = spans.count ? spans.began[0] : 0, last = first, used = 0;
    for (size_t i = 0; i < spans.count; i++) {
        first = spans.began[i] < first ? spans.began[i] : first;
        last = spans.began[i] > last ? spans.began[i] : last;
    }
    for (size_t i = 0; i < spans.count; i++) used += (spans.ended[i] < last ? spans.ended[i] : last) - spans.began[i];
    printf("%zu requests, %.1f %% busy\n", spans.count,
           last > first ? 100 * used / ((double)slots * (last - first)) : 0);
}

static size_t fill_polled(struct pollfd *polled, int listener) {
    polled[0] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = listener, .events = POLLIN};
    for (size_t i = 0; i < connection_count; i++)
        polled[2 + i] = (struct pollfd){.fd = connections[i].socket, .events = POLLIN};
    return 2 + connection_count;
}

static bool input_ended(const struct pollfd *polled) {
    char byte;
    return polled->revents && read(STDIN_FILENO, &byte, 1) <= 0;
}

int main(int count, char **words) {
    if (count != 3) return fprintf(stderr, "usage: fake_service MILLISECONDS SLOTS\n"), 64;
    static struct pollfd polled[MOST_CONNECTIONS + 2];
    double delay = atof(words[1]) / 1000;
    int listener = listen_on_loopback();
    do {
        size_t polled_count = fill_polled(polled, listener);
        poll(polled, polled_count, answer_due());
        for (size_t i = polled_count; i-- > 2;) /* from the end, as drop() moves the last one */
            if (polled[i].revents && !receive(&connections[i - 2], delay)) drop(&connections[i - 2]);
        if (polled[1].revents) accept_one(listener);
    } while (!input_ended(&polled[0]));
    report(atol(words[2]));
    return 0;
}
