#include "pipeline/base/sha256.h"

#include <openssl/evp.h>

void sha256_hex(struct span bytes, char ret_hex[65]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    /* An empty span may hold NULL. */
    EVP_Digest(bytes.length ? bytes.at : "", bytes.length, digest, &length, EVP_sha256(), NULL);
    for (unsigned int i = 0; i < length && i < 32; i++) {
        *ret_hex++ = digits[digest[i] >> 4];
        *ret_hex++ = digits[digest[i] & 15];
    }
    *ret_hex = '\0';
}
