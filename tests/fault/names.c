/* An internet of its own for a program under test: a preload library that answers names from a table, and leads
 * connections to addresses that stand for the public internet to a server of the test.
 *
 * NAMES_TABLE: "name=address,address|address name=...": the n-th lookup of a name gets the n-th group, the last one
 * again and again. Other names do not exist. NAMES_PUBLIC: "port=local,port=local": a connection to 203.0.113.0/24 at a
 * port goes to 127.0.0.1 at the local one, and getpeername() tells the address that was asked for. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MAX_NAMES = 64, MAX_LENGTH = 256, MAX_ADDRESSES = 8 };
static const uint32_t PUBLIC = 0xCB007100, MASK = 0xFFFFFF00;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct lookups {
    char name[MAX_LENGTH];
    unsigned count;
} looked_up[MAX_NAMES];

/* Counts the lookups of a name, beginning with 0. */
static unsigned count_lookup(const char *name) {
    unsigned count = 0;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < MAX_NAMES; i++) {
        if (looked_up[i].name[0] && strcmp(looked_up[i].name, name) != 0) continue;
        snprintf(looked_up[i].name, MAX_LENGTH, "%s", name);
        count = looked_up[i].count++;
        break;
    }
    pthread_mutex_unlock(&lock);
    return count;
}

/* Copies the addresses that this lookup gets, separated by commas. Returns 0 if the name does not exist. */
static int find_group(const char *name, char *ret_group, size_t size) {
    const char *table = getenv("NAMES_TABLE");
    size_t length = strlen(name);
    for (const char *entry = table; entry && *entry; entry += strcspn(entry, " "), entry += strspn(entry, " ")) {
        if (strncasecmp(entry, name, length) != 0 || entry[length] != '=') continue;
        const char *group = entry + length + 1;
        for (unsigned skip = count_lookup(name); skip && group[strcspn(group, "| ")] == '|'; skip--)
            group += strcspn(group, "| ") + 1;
        snprintf(ret_group, size, "%.*s", (int)strcspn(group, "| "), group);
        return 1;
    }
    return 0;
}

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

/* A name with several addresses is a chain of lookups of one address each; glibc frees such a chain as a whole. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **ret_found) {
    lookup *next = (lookup *)dlsym(RTLD_NEXT, "getaddrinfo");
    unsigned char bytes[16];
    char group[MAX_LENGTH], *rest = NULL;
    if (!name || inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1)
        return next(name, service, hints, ret_found);
    if (!find_group(name, group, sizeof group)) return EAI_NONAME;
    struct addrinfo **end = ret_found;
    *ret_found = NULL;
    for (char *address = strtok_r(group, ",", &rest); address; address = strtok_r(NULL, ",", &rest)) {
        if (next(address, service, hints, end) != 0) continue;
        while (*end) end = &(*end)->ai_next;
    }
    return *ret_found ? 0 : EAI_NONAME;
}

/* Returns the local port for a port of the public internet, or, if `back`, the other way round; 0 if there is none. */
static unsigned map_port(unsigned port, int back) {
    unsigned from, to;
    for (const char *pair = getenv("NAMES_PUBLIC"); pair && sscanf(pair, "%u=%u", &from, &to) == 2;
         pair = strchr(pair, ',') ? strchr(pair, ',') + 1 : NULL) {
        if (!back && from == port) return to;
        if (back && to == port) return from;
    }
    return 0;
}

int connect(int socket, const struct sockaddr *address, socklen_t length) {
    int (*next)(int, const struct sockaddr *, socklen_t) =
        (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    struct sockaddr_in ipv4;
    if (!address || address->sa_family != AF_INET) return next(socket, address, length);
    memcpy(&ipv4, address, sizeof ipv4);
    if ((ntohl(ipv4.sin_addr.s_addr) & MASK) != PUBLIC) return next(socket, address, length);
    ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ipv4.sin_port = htons((unsigned short)map_port(ntohs(ipv4.sin_port), 0));
    return next(socket, (const struct sockaddr *)&ipv4, sizeof ipv4);
}

int getpeername(int socket, struct sockaddr *ret_address, socklen_t *ret_length) {
    int (*next)(int, struct sockaddr *, socklen_t *) =
        (int (*)(int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "getpeername");
    int result = next(socket, ret_address, ret_length);
    struct sockaddr_in ipv4;
    if (result != 0 || !ret_address || ret_address->sa_family != AF_INET) return result;
    memcpy(&ipv4, ret_address, sizeof ipv4);
    unsigned port = map_port(ntohs(ipv4.sin_port), 1);
    if (ntohl(ipv4.sin_addr.s_addr) != INADDR_LOOPBACK || !port) return result;
    ipv4.sin_addr.s_addr = htonl(PUBLIC + 10);
    ipv4.sin_port = htons((unsigned short)port);
    memcpy(ret_address, &ipv4, sizeof ipv4);
    return result;
}
