#include "program/libraries.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "pipeline/base/arena.h"

static char *copy(const char *text) {
    return memory_string(span_of(text));
}

/* SQLite's own functions, which know the size of every block. */
static sqlite3_mem_methods sqlite;

static void *take_for_sqlite(int size) {
    void *at = sqlite.xMalloc(size);
    if (!at) memory_exhausted();
    return at;
}

static void *resize_for_sqlite(void *old, int size) {
    void *at = sqlite.xRealloc(old, size);
    if (!at) memory_exhausted();
    return at;
}

static void begin_sqlite(void) {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite) != SQLITE_OK) return;
    sqlite3_mem_methods ours = sqlite;
    ours.xMalloc = take_for_sqlite;
    ours.xRealloc = resize_for_sqlite;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
}

/* OpenSSL says which of its lines asks. */
static void *take_for_openssl(size_t size, const char *file, int line) {
    (void)file, (void)line;
    return memory_take(size);
}

static void *resize_for_openssl(void *at, size_t size, const char *file, int line) {
    (void)file, (void)line;
    return memory_resize(at, size);
}

static void free_for_openssl(void *at, const char *file, int line) {
    (void)file, (void)line;
    free(at);
}

void libraries_begin(void) {
    /* First, because libcurl's initialisation uses OpenSSL. */
    CRYPTO_set_mem_functions(take_for_openssl, resize_for_openssl, free_for_openssl);
    cJSON_InitHooks(&(cJSON_Hooks){memory_take, free});
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_take, free, memory_resize, copy, memory_take_many);
    begin_sqlite();
}
