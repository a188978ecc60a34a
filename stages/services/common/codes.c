#include "stages/services/common/codes.h"

#include <string.h>

bool codes_open(const struct service_context *context, struct arena *arena, struct codes *ret_codes,
                struct failure *ret_failure) {
    *ret_codes = (struct codes){.wanted = &context->common->languages};
    return table_read(context->data_folder, context->service->languages, arena, &ret_codes->table, ret_failure);
}

static struct span in_table(const struct table *table, struct span language) {
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        if (span_equal(row->cells[0], language)) return row->cells[1].length ? row->cells[1] : row->cells[0];
    }
    return (struct span){NULL, 0};
}

/* An item "mk" in the setting `languages` means the service's code for mk in the table; "mk=MKD" means that the
 * service's code is MKD. */
static struct span in_setting(const struct codes *codes, struct span language) {
    for (size_t i = 0; i < codes->wanted->count; i++) {
        struct span item = codes->wanted->items[i];
        size_t equals = span_find(item, SPAN("="));
        if (!span_equal(span_cut(item, 0, equals), language)) continue;
        if (equals != SIZE_MAX) return span_cut(item, equals + 1, item.length);
        struct span known = in_table(&codes->table, language);
        return known.length ? known : item;
    }
    return (struct span){NULL, 0};
}

struct span codes_of(const struct codes *codes, const char *language) {
    struct span whole = span_of(language), base = {language, strcspn(language, "-")};
    bool given = codes->wanted->count > 0;
    struct span code = given ? in_setting(codes, whole) : in_table(&codes->table, whole);
    if (code.length || span_equal(whole, base)) return code;
    code = given ? in_setting(codes, base) : in_table(&codes->table, base);
    /* an item "zh" in the setting `languages` covers all scripts of Chinese, each of which may have its own code in the
     * table */
    struct span exact = given && code.length ? in_table(&codes->table, whole) : code;
    return exact.length ? exact : code;
}

struct span codes_without_region(const char *language) {
    enum { REGION_LETTERS = 2, REGION_DIGITS = 3 };
    size_t base = strcspn(language, "-"), region = language[base] ? strlen(language + base + 1) : 0;
    bool digits = region == REGION_DIGITS && strspn(language + base + 1, "0123456789") == region;
    return region == REGION_LETTERS || digits ? (struct span){language, base} : span_of(language);
}
