#include "stages/formats/charset.h"

#include <stdio.h>

static const char *name_for_iconv(struct span label, char name[64]) {
    static const struct {
        const char *label, *name;
    } wider[] = {{"iso-8859-1", "WINDOWS-1252"},
                 {"us-ascii", "WINDOWS-1252"},
                 {"iso-8859-9", "WINDOWS-1254"},
                 {"gb2312", "GB18030"},
                 {"gbk", "GB18030"},
                 {"shift_jis", "CP932"},
                 {"euc-kr", "CP949"},
                 {"ks_c_5601-1987", "CP949"},
                 {"x-sjis", "CP932"}};
    label = span_trim(label);
    for (size_t i = 0; i < sizeof wider / sizeof *wider; i++)
        if (span_is_fold(label, wider[i].label)) return wider[i].name;
    if (label.length == 0 || label.length >= 64 || span_starts_fold(label, SPAN("utf-8"))) return NULL;
    snprintf(name, 64, "%.*s", SPAN_ARGS(label));
    return name;
}

iconv_t charset_open(struct span label) {
    char name[64];
    const char *known = name_for_iconv(label, name);
    return known ? iconv_open("UTF-8", known) : (iconv_t)-1;
}

void charset_convert(struct span raw, iconv_t converter, struct buffer *out) {
    char chunk[16384], *from = (char *)(uintptr_t)raw.at;
    size_t left = raw.length;
    while (left > 0 && !out->full) {
        char *to = chunk;
        size_t room = sizeof chunk, before = left;
        iconv(converter, &from, &left, &to, &room);
        buffer_add(out, chunk, sizeof chunk - room);
        if (left == before && room == sizeof chunk) { /* a byte that the encoding does not have */
            buffer_add_rune(out, RUNE_INVALID);
            from++;
            left--;
        }
    }
}

void charset_add(struct span raw, struct span label, struct buffer *out) {
    iconv_t converter = charset_open(label);
    bool plain = converter == (iconv_t)-1;
    if (plain && text_valid(raw)) {
        buffer_add_span(out, raw);
        return;
    }
    if (plain) converter = iconv_open("UTF-8", "WINDOWS-1252");
    if (converter == (iconv_t)-1) return;
    charset_convert(raw, converter, out);
    iconv_close(converter);
}
