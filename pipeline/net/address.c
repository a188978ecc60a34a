#define _GNU_SOURCE
#include "pipeline/net/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "pipeline/net/idn.h"

/* The ranges of the IANA special-purpose registry that are not globally reachable: this network, private (10/8,
 * 172.16/12, 192.168/16), loopback, link-local, shared (100.64/10), protocol assignments, benchmarking, multicast and
 * reserved. */
static bool ipv4_private(const unsigned char a[4]) {
    return a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224 || (a[0] == 169 && a[1] == 254) ||
           (a[0] == 172 && (a[1] & 0xF0) == 16) || (a[0] == 192 && a[1] == 168) ||
           (a[0] == 192 && a[1] == 0 && a[2] == 0) || (a[0] == 198 && (a[1] & 0xFE) == 18) ||
           (a[0] == 100 && (a[1] & 0xC0) == 64);
}

/* IPv6 addresses that embed an IPv4 address (mapped, NAT64, 6to4) are judged by the IPv4 address, because that is where
 * the connection goes. Of the others, only 2000::/3 is assigned to the public internet, and in it 2001::/23 (Teredo,
 * benchmarking and other protocols) is not. The rest is unique local, link-local, multicast, local translation
 * (64:ff9b:1::/48), for discarding or not assigned at all. */
static bool ipv6_private(const unsigned char a[16]) {
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const unsigned char nat64[12] = {0, 0x64, 0xFF, 0x9B};
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0) return ipv4_private(a + 12);
    if (a[0] == 0x20 && a[1] == 0x02) return ipv4_private(a + 2); /* 6to4 */
    bool protocols = a[0] == 0x20 && a[1] == 0x01 && a[2] < 2;
    return (a[0] & 0xE0) != 0x20 || protocols;
}

bool address_private(const char *address) {
    unsigned char bytes[16];
    if (inet_pton(AF_INET, address, bytes) == 1) return ipv4_private(bytes);
    char plain[INET6_ADDRSTRLEN + 1];
    /* Leaves out the zone of a link-local address ("fe80::1%eth0"), which inet_pton() does not accept. */
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(address, "%"), address);
    if (inet_pton(AF_INET6, plain, bytes) == 1) return ipv6_private(bytes);
    return true; /* cannot be parsed, so it is not trusted */
}

/* Copied out, because the caller's address may not be aligned for these types. */
bool address_socket_private(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        unsigned char bytes[4];
        memcpy(bytes, &ipv4.sin_addr, sizeof bytes);
        return ipv4_private(bytes);
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, address, sizeof ipv6);
        return ipv6_private(ipv6.sin6_addr.s6_addr);
    }
    return true;
}

/* ---------------------------------------------------------------- in URLs */

/* Full-width digits may write an address ("１２７.0.0.1"), and other signs a local name. */
static void to_ascii(char *host, size_t size) {
    struct arena *arena = arena_new();
    struct span given = span_of(host), ascii = idn_ascii(given, arena);
    if (ascii.length && ascii.at != given.at) snprintf(host, size, "%.*s", SPAN_ARGS(ascii));
    arena_free(arena);
}

void address_host(const char *url, char *ret_host, size_t size) {
    char *host = NULL;
    struct in_addr number;
    CURLU *parts = curl_url();
    ret_host[0] = '\0';
    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        snprintf(ret_host, size, "%.*s", (int)strcspn(host + (host[0] == '['), "]"), host + (host[0] == '['));
    to_ascii(ret_host, size);
    for (size_t length = strlen(ret_host); length && ret_host[length - 1] == '.'; length--) ret_host[length - 1] = '\0';
    if (!strchr(ret_host, ':') && inet_aton(ret_host, &number)) inet_ntop(AF_INET, &number, ret_host, (socklen_t)size);
    curl_free(host);
    curl_url_cleanup(parts);
}

/* RFC 6761 reserves "localhost" and all names under it. */
static bool is_local_name(const char *host) {
    size_t length = strlen(host);
    return (length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
           (length > 10 && strncasecmp(host + length - 10, ".localhost", 10) == 0);
}

/* A colon cannot occur in a host name, only in an IPv6 address. */
static bool is_literal(const char *host) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || strchr(host, ':');
}

bool address_url_loopback(const char *url) {
    char host[256];
    unsigned char bytes[16];
    address_host(url, host, sizeof host);
    return is_local_name(host) || (inet_pton(AF_INET, host, bytes) == 1 && bytes[0] == 127) || strcmp(host, "::1") == 0;
}

bool address_url_private(const char *url) {
    char host[256];
    address_host(url, host, sizeof host);
    return is_local_name(host) || (is_literal(host) && address_private(host));
}
