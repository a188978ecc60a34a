#define _GNU_SOURCE
#include "pipeline/net/proxy.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pipeline/net/address.h"

static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
enum { VARIABLES = sizeof variables / sizeof *variables };

/* Proxies are often written without "http://". */
static struct span password_of(const char *address, struct arena *arena) {
    struct span password = {NULL, 0};
    char *text = NULL;
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    if (!curl_url_set(parts, CURLUPART_URL, address, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) &&
        !curl_url_get(parts, CURLUPART_PASSWORD, &text, CURLU_URLDECODE))
        password = arena_copy(arena, span_of(text));
    curl_free(text);
    curl_url_cleanup(parts);
    return password;
}

size_t proxy_passwords(struct span configured, struct arena *arena, struct span ret_passwords[MAX_PROXY_PASSWORDS]) {
    size_t count = 0;
    for (size_t i = 0; i <= VARIABLES; i++) {
        const char *address = i < VARIABLES ? getenv(variables[i]) : arena_string(arena, configured);
        struct span password = address && *address ? password_of(address, arena) : SPAN("");
        if (password.length) ret_passwords[count++] = password;
    }
    return count;
}

/* ---------------------------------------------------------------- which proxy */

/* Returns the first variable that is set and not empty; NULL if there is none. The list ends with NULL. */
static const char *first_set(const char *const *names) {
    for (; *names; names++) {
        const char *value = getenv(*names);
        if (value && *value) return value;
    }
    return NULL;
}

static const char *from_environment(const char *url) {
    static const char *const plain[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL}, *const secure[] = {
                                                                                           "https_proxy", "HTTPS_PROXY",
                                                                                           "all_proxy", "ALL_PROXY",
                                                                                           NULL};
    return first_set(strncasecmp(url, "https:", 6) == 0 ? secure : plain);
}

/* Whether the first `bits` bits are equal. */
static bool bits_equal(const unsigned char *a, const unsigned char *b, size_t bits) {
    unsigned char mask = (unsigned char)(0xFF00 >> bits % 8);
    return memcmp(a, b, bits / 8) == 0 && (bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0);
}

/* Whether the host is an address in the range, such as "10.0.0.0/8" or "::1". */
static bool is_in_range(const char *host, const char *range) {
    unsigned char address[16], start[16];
    char network[64];
    size_t length = strcspn(range, "/");
    snprintf(network, sizeof network, "%.*s", (int)length, range);
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;
    size_t all = family == AF_INET6 ? 128 : 32, bits = range[length] ? strtoul(range + length + 1, NULL, 10) : all;
    return inet_pton(family, host, address) == 1 && inet_pton(family, network, start) == 1 && bits <= all &&
           bits_equal(address, start, bits);
}

/* Whether the host is the domain or below it. */
static bool is_below(const char *host, const char *domain) {
    if (*domain == '.') domain++;
    size_t length = strlen(domain), all = strlen(host);
    return length && all >= length && strcasecmp(host + all - length, domain) == 0 &&
           (all == length || host[all - length - 1] == '.');
}

static bool is_excluded(const char *host, const char *list) {
    char entry[256];
    while (list && *list) {
        size_t length = strcspn(list, ", \t");
        snprintf(entry, sizeof entry, "%.*s", (int)length, list);
        if (length && entry[strlen(entry) - 1] == '.') entry[strlen(entry) - 1] = '\0';
        if (strcmp(entry, "*") == 0 || is_below(host, entry) || is_in_range(host, entry)) return true;
        list += length + strspn(list + length, ", \t");
    }
    return false;
}

const char *proxy_for(const char *configured, const char *url) {
    static const char *const exclusions[] = {"no_proxy", "NO_PROXY", NULL};
    const char *proxy = configured ? configured : from_environment(url);
    char host[256];
    if (!proxy) return NULL;
    address_host(url, host, sizeof host);
    return is_excluded(host, first_set(exclusions)) ? NULL : proxy;
}
