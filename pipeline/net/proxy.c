#include "pipeline/net/proxy.h"

#include <curl/curl.h>
#include <stdlib.h>

static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
enum { VARIABLES = sizeof variables / sizeof *variables };

bool proxy_in_environment(void) {
    for (size_t i = 0; i < VARIABLES; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value) return true;
    }
    return false;
}

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
