#include "pipeline/base/json_write.h"

#include <math.h>

#include "pipeline/base/json.h"

void json_write_name(struct json_writer *w, const char *name) {
    if (w->follows_another) buffer_add(w->out, ",", 1);
    w->follows_another = true;
    if (!name) return;
    json_quote_short(w->out, span_of(name));
    buffer_add(w->out, ":", 1);
}

void json_write_open(struct json_writer *w, const char *name, char bracket) {
    json_write_name(w, name);
    buffer_add(w->out, &bracket, 1);
    w->follows_another = false;
}

void json_write_close(struct json_writer *w, char bracket) {
    buffer_add(w->out, &bracket, 1);
    w->follows_another = true;
}

void json_write_text(struct json_writer *w, const char *name, struct span text) {
    json_write_name(w, name);
    json_quote_short(w->out, text);
}

void json_write_filled(struct json_writer *w, const char *name, struct span text) {
    if (text.length) json_write_text(w, name, text);
}

void json_write_count(struct json_writer *w, const char *name, size_t count) {
    json_write_name(w, name);
    buffer_add_number(w->out, count);
}

/* Few numbers are not whole, so that cJSON may find out how many digits they need. */
void json_write_number(struct json_writer *w, const char *name, double number) {
    const double exact = 1e15;
    json_write_name(w, name);
    if (number >= 0 && number < exact && !signbit(number) && number == floor(number))
        buffer_add_number(w->out, (size_t)number);
    else
        json_print_free(cJSON_CreateNumber(number), w->out);
}

void json_write_flag(struct json_writer *w, const char *name, bool flag) {
    json_write_name(w, name);
    buffer_add_string(w->out, flag ? "true" : "false");
}
