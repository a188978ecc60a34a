/* Lists what each service cost on that day. */
#include "pipeline/base/json.h"
#include "stages/digest/page.h"

enum { REPORT_LIMIT = 16 << 20 };

static void report_service(const cJSON *service, struct span currency, void (*line)(void *, struct span),
                           void *context) {
    const cJSON *day = json_member(service, "day");
    double requests = json_member_number(day, "requests", 0), cost = json_member_number(day, "cost", 0);
    size_t tokens = json_member_count(day, "input_tokens", 0) + json_member_count(day, "output_tokens", 0);
    if (requests <= 0) return;
    struct buffer text = BUFFER(1024);
    buffer_print(&text, "%.*s: ", SPAN_ARGS(text_clip(json_member_text(service, "service"), 200)));
    if (cost > 0)
        buffer_print(&text, "%.4f%s%.*s for ", cost, currency.length ? " " : "", SPAN_ARGS(text_clip(currency, 20)));
    page_count(&text, json_member_count(day, "characters", 0), "character", "characters");
    if (tokens > 0) {
        buffer_add_string(&text, " (");
        page_count(&text, tokens, "token", "tokens");
        buffer_add_string(&text, ")");
    }
    buffer_add_string(&text, " in ");
    page_count(&text, (size_t)requests, "request", "requests");
    line(context, buffer_span(&text));
    buffer_free(&text);
}

void page_spending(const struct edition *edition, void (*line)(void *context, struct span text), void *context) {
    if (!edition->run_notes.length) return;
    cJSON *report = json_parse(edition->run_notes, REPORT_LIMIT, "the day's notes", NULL);
    const cJSON *spent = json_member(report, "spent"), *service;
    struct span currency = json_member_text(spent, "currency");
    cJSON_ArrayForEach(service, json_member(spent, "services")) report_service(service, currency, line, context);
    cJSON_Delete(report);
}
