#include "stages/decode/decoder.h"

#include <stdlib.h>
#include <string.h>

#include "stages/decode/detect.h"
#include "stages/decode/hints.h"
#include "stages/decode/mixture.h"
#include "stages/formats/sniff.h"

#define RAW_LIMIT ((size_t)256 << 20)
#define SAID_LIMIT 80 /* maximum number of bytes of a label that are copied into the record */
#define AROUND_LIMIT ((size_t)1 << 14)

static void decoder_close(void *thing) {
    struct decoder *decoder = thing;
    if (!decoder) return;
    zawgyi_close(decoder->zawgyi);
    repairer_free(decoder->repairer);
    candidates_free(decoder->candidates);
    writing_close(decoder->writing);
    encodings_close(&decoder->encodings);
    free(decoder);
}

static bool decoder_open(struct resources *resources, const char *data_folder, void **ret_thing,
                         struct failure *ret_failure) {
    (void)resources;
    struct buffer path = BUFFER(4096);
    struct decoder *decoder = memory_take(sizeof *decoder);
    buffer_print(&path, "%s/tables", data_folder);
    bool good = encodings_open(path.at, &decoder->encodings, ret_failure) &&
                writing_open(data_folder, &decoder->writing, ret_failure) &&
                zawgyi_open(data_folder, &decoder->zawgyi, ret_failure);
    buffer_free(&path);
    if (!good) {
        decoder_close(decoder);
        return false;
    }
    /* these cannot fail: they only process tables that have been read */
    decoder->candidates = candidates_new(&decoder->encodings, decoder->writing);
    decoder->repairer = repairer_new(&decoder->encodings, decoder->writing, decoder->candidates);
    *ret_thing = decoder;
    return true;
}

const struct resource decoder_resource = {.name = "decoder", .open = decoder_open, .close = decoder_close};

/* ---------------------------------------------------------------- labels and hints */

/* Returns the language given in the settings of the source or, if there is none, by the feed. */
static struct detect_hints gather_hints(const struct document *document) {
    struct span language = document->setting.length ? document->setting : document->feed;
    return (struct detect_hints){
        .http = sniff_http(document->content_type),
        .xml = sniff_xml(document->raw),
        .html = document->is_container ? (struct span){0} : sniff_html(document->raw),
        .language = hints_first_subtag(language),
        .domain = hints_country(document->address),
    };
}

/* Records which encodings and languages were stated, and where. */
static void note_hints(const struct document *document, const struct detect_hints *hints, struct arena *arena,
                       struct encoding *encoding) {
    const struct {
        const char *from;
        struct span says;
    } all[] = {{document->labelled_by ? document->labelled_by : "http", hints->http},
               {"xml", hints->xml},
               {"html", hints->html},
               {"setting", hints_first_subtag(document->setting)},
               {"feed", hints_first_subtag(document->feed)},
               {"domain", hints->domain},
               {"language", hints->stated},
               {"links", hints->links}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].says.length) encoding_note(encoding, arena, all[i].from, text_clip(all[i].says, SAID_LIMIT));
}

/* ---------------------------------------------------------------- whole documents */

/* Rejects bytes that are clearly not text. The message says what they are. */
static bool refuse_non_text(struct span raw, struct failure *ret_failure) {
    const char *kind = sniff_file(raw);
    size_t mark;
    if (raw.length == 0 || span_trim(raw).length == 0)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the document contains no text (%zu byte%s)",
                           raw.length, PLURAL(raw.length));
    if (raw.length > RAW_LIMIT)
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                           "the document is too large (%zu bytes); the limit is %zu MiB", raw.length, RAW_LIMIT >> 20);
    if (kind) return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "the document is %s, not text", kind);
    if (!sniff_mark(raw, &mark) && !sniff_wide(raw) && sniff_binary(raw))
        return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                           "the document is binary data (%zu byte%s), not text", raw.length, PLURAL(raw.length));
    return true;
}

static bool refuse_detection(const struct detection *detection, struct span raw, struct failure *ret_failure) {
    if (!detection->encoding)
        return failure_fatal(
            ret_failure, EXIT_CONFIG,
            "tables/encodings.tsv lacks an encoding that the program requires; restore the original file");
    return !detection->nonsense ||
           failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                       "the document (%zu byte%s) is not text in any known encoding", raw.length, PLURAL(raw.length));
}

bool decoder_detect(const struct decoder *decoder, const struct document *document, struct arena *arena,
                    struct encoding *ret_encoding, struct decoding *ret_decoding, struct failure *ret_failure) {
    if (!refuse_non_text(document->raw, ret_failure)) return false;
    struct detect_hints hints = gather_hints(document);
    struct detection detection = detect_encoding(decoder->candidates, document->raw, &hints);
    *ret_encoding = (struct encoding){0};
    note_hints(document, &hints, arena, ret_encoding);
    if (!refuse_detection(&detection, document->raw, ret_failure)) return false;
    encoding_note(ret_encoding, arena, detection.from, span_of(detection.encoding->name));
    ret_encoding->name = arena_copy(arena, span_of(detection.encoding->name));
    ret_encoding->certainty = detection.certainty;
    *ret_decoding = (struct decoding){
        detection.encoding, detection.others, detection.language, detection.mark, detection.others_between_tags,
        detection.valid};
    return true;
}

/* Converts the document. If it has lines in a second encoding, records these as a repair. */
static size_t convert(const struct decoding *decoding, struct span raw, struct arena *arena, struct encoding *encoding,
                      struct buffer *out) {
    raw = span_cut(raw, decoding->mark, raw.length);
    if (!decoding->others) return encoding_convert(decoding->encoding, raw, out);
    struct buffer kind = BUFFER(64);
    size_t lines,
        bad = mixture_convert(decoding->encoding, decoding->others, decoding->others_between_tags, raw, out, &lines);
    buffer_print(&kind, "lines in %s", decoding->others->name);
    encoding_note_repair(encoding, arena, kind.at, lines, 0);
    buffer_free(&kind);
    return bad;
}

bool decoder_read(const struct decoder *decoder, const struct document *document, struct arena *arena,
                  struct encoding *ret_encoding, struct decoding *ret_decoding, struct buffer *out,
                  struct failure *ret_failure) {
    if (!decoder_detect(decoder, document, arena, ret_encoding, ret_decoding, ret_failure)) return false;
    ret_encoding->undecodable = convert(ret_decoding, document->raw, arena, ret_encoding, out);
    return true;
}

struct span decoder_convert(const struct decoding *decoding, struct span raw, struct arena *arena,
                            struct encoding *encoding, struct buffer *out) {
    if (decoding->valid) return raw;
    encoding->undecodable = convert(decoding, raw, arena, encoding, out);
    return buffer_span(out);
}

/* ---------------------------------------------------------------- short texts */

void decoder_read_short(const struct decoder *decoder, struct span raw, struct span label, struct span around,
                        struct buffer *out) {
    struct detect_hints hints = {.http = label};
    struct buffer together = BUFFER(raw.length + AROUND_LIMIT + 1);
    /* `around` is needed only if the text is not valid UTF-8; otherwise it could only mislead */
    bool alone = around.length == 0 || text_valid(raw);
    buffer_add_span(&together, raw);
    buffer_add_string(&together, "\n");
    if (!alone) buffer_add_span(&together, span_cut(around, 0, AROUND_LIMIT));
    struct detection detection = detect_encoding(decoder->candidates, alone ? raw : buffer_span(&together), &hints);
    if (detection.encoding)
        encoding_convert(detection.others ? detection.others : detection.encoding,
                         span_cut(raw, detection.mark, raw.length), out);
    buffer_free(&together);
}
