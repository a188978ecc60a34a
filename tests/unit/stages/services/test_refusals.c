/* A table of errors that services send: the kind of refusal, its meaning for the limiter, and the message to the user.
 * Each was written for this table after the documentation page or report named with it. */
#include "service_test.h"
#include "stages/services/common/refusal.h"

#define ERROR(message, more) "{\"error\":{\"message\":\"" message "\"" more "}}"

struct shape {
    const char *kind, *page;
    long status;
    const char *body;
    enum exchange_refusal refusal;
    const char *setting; /* for a rejected parameter: what is sent instead; else NULL */
    const char *says[2]; /* parts of the message */
};

#define KEY REFUSAL_KEY, NULL
#define MONEY REFUSAL_MONEY, NULL
#define A_SETTING REFUSAL_SETTING, NULL
#define SIZE REFUSAL_SIZE, NULL
#define TEXT REFUSAL_TEXT, NULL
#define BUSY REFUSAL_BUSY, NULL
#define TROUBLE REFUSAL_TROUBLE, NULL
#define UNKNOWN REFUSAL_UNKNOWN, NULL
#define PARAMETER REFUSAL_PARAMETER

static const struct shape shapes[] = {
    /* parameters */
    {"openai",
     "github.com/anomalyco/opencode/issues/37964",
     400,
     ERROR("Unsupported parameter: 'max_tokens' is not supported here. Use 'max_completion_tokens' instead.",
           ",\"code\":\"unsupported_parameter\""),
     PARAMETER,
     "limit_key=max_completion_tokens",
     {"limit_key", "Unsupported parameter"}},
    {"openai",
     "github.com/editor-code-assistant/eca/issues/231",
     422,
     "{\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"max_completion_tokens\"],\"msg\":"
     "\"Extra "
     "inputs are not allowed\"}]}}",
     PARAMETER,
     "limit_key=max_tokens",
     {"limit_key = max_tokens", "Extra inputs"}},
    {"openai",
     "platform.openai.com/docs/guides/reasoning",
     400,
     ERROR("Unsupported value: 'temperature' does not support 0 with this model.", ",\"code\":\"unsupported_value\""),
     PARAMETER,
     "temperature=none",
     {"temperature = none", "does not support 0"}},
    {"anthropic",
     "github.com/fazer-ai/agents/issues/130",
     400,
     ERROR("`temperature` is deprecated for this model.", ",\"type\":\"invalid_request_error\""),
     PARAMETER,
     "temperature=none",
     {"temperature = none", "deprecated"}},
    {"openai",
     "github.com/open-webui/open-webui/issues/5683",
     400,
     ERROR("Unsupported value: 'messages[0].role' does not support 'system' with this model.", ""),
     PARAMETER,
     "system_role=merge",
     {"system message", "messages[0].role"}},
    {"openai",
     "github.com/sgl-project/sglang/issues/892",
     500,
     ERROR("Error: Jinja Exception: System role not supported", ",\"code\":500"),
     PARAMETER,
     "system_role=merge",
     {"system message", "Jinja"}},
    {"gemini",
     "ai.google.dev/gemma",
     400,
     ERROR("Developer instruction is not enabled for models/m-1", ",\"status\":\"INVALID_ARGUMENT\""),
     PARAMETER,
     "system_role=merge",
     {"system message", "not enabled"}},
    {"openai",
     "api-docs.deepseek.com",
     422,
     ERROR("response_format: `json_schema` is unavailable now at line 1 column 93", ""),
     PARAMETER,
     "format=fences",
     {"format = fences", "unavailable"}},
    {"openai",
     "fastapi.tiangolo.com, handling errors",
     422,
     "{\"detail\":[{\"type\":\"literal_error\",\"loc\":[\"body\",\"response_format\"],\"msg\":\"bad\"}]}",
     PARAMETER,
     "format=fences",
     {"format = fences", NULL}},
    {"openai",
     "console.groq.com/docs/structured-outputs",
     400,
     ERROR("Failed to generate JSON.", ",\"code\":\"json_validate_failed\",\"failed_generation\":\"quota\""),
     PARAMETER,
     "format=fences",
     {"format = fences", "Failed to generate"}},
    {"openai",
     "github.com/lmstudio-ai/lmstudio-bug-tracker/issues/169",
     400,
     "{\"error\":\"'response_format.type' must be 'text'\"}",
     PARAMETER,
     "format=fences",
     {"format = fences", "must be"}},
    {"openai",
     "github.com/ollama/ollama/issues/12561",
     400,
     ERROR("think value \\\"low\\\" is not known", ""),
     PARAMETER,
     "thinking=default",
     {"think", "not known"}},
    {"ollama",
     "ollama.com/blog/thinking",
     400,
     "{\"error\":\"\\\"m-1\\\" does not support thinking\"}",
     PARAMETER,
     "thinking=default",
     {"think", "does not support"}},
    {"gemini",
     "github.com/docker/docker-agent/issues/2051",
     400,
     ERROR("Budget 0 is invalid. This model only works in thinking mode.", ""),
     PARAMETER,
     "thinking=default",
     {"thinking_budget", "Budget 0"}},
    {"openai",
     "github.com/langchain4j/langchain4j/issues/3974",
     400,
     ERROR("parameter.enable_thinking must be set to false for calls without a stream", ""),
     PARAMETER,
     "thinking=enable_thinking",
     {"think = off", "must be set"}},
    {"openai",
     "platform.openai.com/docs/guides/error-codes",
     400,
     ERROR("max_tokens is too large: 8192. This model supports at most 4096 completion tokens.", ""),
     PARAMETER,
     "answer_tokens",
     {"lower answer_tokens", "at most 4096"}},
    {"openai",
     "github.com/vllm-project/vllm/issues/42474",
     400,
     ERROR("'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 "
           "tokens "
           "and your request has 514 input tokens.",
           ""),
     PARAMETER,
     "answer_tokens",
     {"answer_tokens", "514 input"}},
    {"anthropic",
     "docs.claude.com, errors",
     400,
     ERROR("max_tokens: 99000 > 64000, which is the maximum here", ""),
     PARAMETER,
     "answer_tokens",
     {"lower answer_tokens", "64000"}},
    /* sizes */
    {"openai",
     "ggml-org/llama.cpp, tools/server",
     400,
     ERROR("request (5021 tokens) exceeds the available context size (4096 tokens)",
           ",\"type\":\"exceed_context_size_error\""),
     SIZE,
     {"context", "5021"}},
    {"openai",
     "github.com/vllm-project/vllm/issues/20409",
     400,
     "{\"object\":\"error\",\"message\":\"This model's maximum context length is 4096 tokens.\"}",
     SIZE,
     {"context", "4096"}},
    {"anthropic",
     "docs.claude.com, errors",
     413,
     ERROR("Too big", ",\"type\":\"request_too_large\""),
     SIZE,
     {"size limit", "Too big"}},
    {"libretranslate",
     "LibreTranslate, app.py",
     400,
     "{\"error\":\"Invalid request: request (7) exceeds text limit (4)\"}",
     SIZE,
     {"text limit", "(7)"}},
    {"deepl", "developers.deepl.com, errors", 413, "{\"message\":\"Too much\"}", SIZE, {"size limit", "Too much"}},
    /* one text */
    {"openai",
     "learn.microsoft.com/answers/questions/5896505",
     400,
     ERROR("The answer was filtered by the content management policy.", ",\"code\":\"content_filter\""),
     TEXT,
     {"filter", "was filtered"}},
    {"openai",
     "openrouter.ai/docs/api/reference/errors-and-debugging",
     403,
     ERROR("The input was flagged: violence", ",\"code\":403,\"metadata\":{\"reasons\":[\"violence\"]}"),
     TEXT,
     {"filter", "flagged"}},
    {"openai",
     "DashScope, error codes",
     400,
     ERROR("Input data may hold inappropriate content.", ",\"code\":\"data_inspection_failed\""),
     TEXT,
     {"filter", "inappropriate"}},
    /* keys */
    {"openai",
     "ai.google.dev/gemini-api/docs/openai",
     400,
     "[{\"error\":{\"message\":\"API key not valid. Pass a valid one.\",\"status\":\"INVALID_ARGUMENT\"}}]",
     KEY,
     {"the key was refused", "not valid"}},
    {"gemini",
     "github.com/continuedev/continue/issues/10530",
     400,
     ERROR("API key not valid.", ",\"details\":[{\"reason\":\"API_KEY_INVALID\"}]"),
     KEY,
     {"the key was refused", "not valid"}},
    {"openai",
     "github.com/BerriAI/litellm/issues/4880",
     400,
     ERROR("No connected db.", ",\"type\":\"no_db_connection\",\"code\":\"400\""),
     KEY,
     {"the key was refused", "No connected db"}},
    {"openai",
     "github.com/OpenHands/OpenHands/issues/17390",
     401,
     ERROR("Invalid proxy server token passed.", ",\"type\":\"token_not_found_in_db\""),
     KEY,
     {"the key was refused", "proxy server token"}},
    {"openai",
     "fastapi.tiangolo.com, security",
     403,
     "{\"detail\":\"Not authenticated\"}",
     KEY,
     {"the key was refused", "Not authenticated"}},
    {"amazon", "the same for every adapter", 401, "{\"message\":\"denied\"}", KEY, {"the key was refused", "denied"}},
    {"yandex",
     "the same for every adapter",
     403,
     "{\"code\":7,\"message\":\"Permission denied\"}",
     KEY,
     {"the key was refused", "Permission denied"}},
    {"apy", "the same for every adapter", 401, "{\"message\":\"who?\"}", KEY, {"the key was refused", "who?"}},
    {"mtran", "the same for every adapter", 403, "{\"error\":\"no\"}", KEY, {"refused", "no"}},
    /* money */
    {"openai",
     "api-docs.deepseek.com/quick_start/error_codes",
     402,
     ERROR("Insufficient Balance", ""),
     MONEY,
     {"no credit", "Insufficient Balance"}},
    {"openai",
     "platform.openai.com/docs/guides/error-codes",
     429,
     ERROR("You exceeded your current quota.", ",\"code\":\"insufficient_quota\""),
     MONEY,
     {"no credit", "quota"}},
    {"gemini",
     "ai.google.dev/gemini-api/docs/billing",
     402,
     ERROR("Your prepaid credits are gone.", ",\"status\":\"RESOURCE_EXHAUSTED\""),
     MONEY,
     {"no credit", "prepaid"}},
    {"anthropic",
     "docs.claude.com, errors",
     400,
     ERROR("Your credit balance is too low.", ""),
     MONEY,
     {"no credit", "too low"}},
    {"libretranslate",
     "the same for every adapter",
     456,
     "{\"error\":\"Quota exceeded\"}",
     MONEY,
     {"quota", "Quota exceeded"}},
    {"azure",
     "the same for every adapter",
     402,
     ERROR("Payment required", ",\"code\":402000"),
     MONEY,
     {"no credit", "Payment required"}},
    {"google", "the same for every adapter", 456, ERROR("Enough", ""), MONEY, {"quota", "Enough"}},
    {"mtran", "the same for every adapter", 402, "{\"error\":\"pay\"}", MONEY, {"no credit", "pay"}},
    /* models and addresses */
    {"openai",
     "docs.litellm.ai/docs/exception_mapping",
     400,
     ERROR("Invalid model name passed in model=nosuch.", ",\"code\":\"400\""),
     A_SETTING,
     {"check model", "nosuch"}},
    {"openai",
     "github.com/vllm-project/vllm, serving",
     404,
     ERROR("The model `m-2` does not exist.", ""),
     A_SETTING,
     {"check model", "m-2"}},
    {"ollama",
     "docs.ollama.com/api",
     404,
     "{\"error\":\"model \\\"m-1\\\" not found, try pulling it first\"}",
     A_SETTING,
     {"ollama pull", "not found"}},
    {"openai",
     "a page instead of the service",
     200,
     "<!doctype html><html><body>Sign in</body></html>",
     A_SETTING,
     {"check url", NULL}},
    {"openai",
     "openrouter.ai/docs, streaming",
     200,
     "data: {\"choices\":[]}\n\ndata: [DONE]\n\n",
     A_SETTING,
     {"only as a stream", NULL}},
    {"openai",
     "openrouter.ai/docs, comments in streams",
     200,
     ": WORKING\n\ndata: {\"choices\":[]}\n\n",
     A_SETTING,
     {"only as a stream", NULL}},
    {"ollama",
     "docs.ollama.com/api, streaming",
     200,
     "{\"message\":{\"content\":\"a\"},\"done\":false}\n{\"message\":{\"content\":\"\"},\"done\":true}\n",
     A_SETTING,
     {"only as a stream", NULL}},
    /* temporary errors */
    {"openai",
     "platform.openai.com/docs/guides/rate-limits",
     429,
     ERROR("Rate limit reached for m-1. Please try again in 2s.", ",\"code\":\"rate_limit_exceeded\""),
     BUSY,
     {"fewer requests", "try again"}},
    {"openai",
     "github.com/open-webui/computer/issues/293",
     429,
     ERROR("Provider returned error", ",\"metadata\":{\"raw\":\"m-1 is rate-limited upstream.\"}"),
     BUSY,
     {"fewer requests", "rate-limited upstream"}},
    {"openai",
     "openrouter.ai/docs/api/reference/errors-and-debugging",
     402,
     ERROR("Too much in flight", ",\"metadata\":{\"error_type\":\"in_flight_budget_exhausted\"}"),
     BUSY,
     {"in progress", "in flight"}},
    {"openai",
     "openrouter.ai/docs/api/reference/errors-and-debugging",
     200,
     "{\"error\":{\"message\":\"No healthy upstream\",\"code\":503}}",
     TROUBLE,
     {"internal error", "No healthy upstream"}},
    {"openai",
     "github.com/maximhq/bifrost/issues/5425",
     200,
     "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"Provider failed\"},\"message\":{\"content\":\"\"}}]}",
     TROUBLE,
     {"internal error", "Provider failed"}},
    {"openai",
     "docs.rs ds-api, FinishReason",
     200,
     "{\"choices\":[{\"finish_reason\":\"insufficient_system_resource\",\"message\":{\"content\":\"\"}}]}",
     TROUBLE,
     {"internal error", NULL}},
    {"openai", "a proxy's page", 502, "<html><title>502 Bad Gateway</title></html>", TROUBLE, {"internal error", NULL}},
    {"ollama",
     "docs.ollama.com/api",
     200,
     "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"load\"}",
     TROUBLE,
     {"loaded the model", NULL}},
    /* unknown */
    {"openai",
     "a gateway of nobody's",
     400,
     "{\"object\":\"error\",\"message\":\"nothing\"}",
     UNKNOWN,
     {"check model and the other settings", "nothing"}},
    {"openai",
     "fastapi.tiangolo.com, handling errors",
     422,
     "{\"detail\":\"unprocessable\"}",
     UNKNOWN,
     {"check model", "unprocessable"}},
    {"deepl",
     "a proxy in front of it",
     418,
     "{\"message\":\"teapot\"}",
     UNKNOWN,
     {"check url and the other", "teapot"}},
    {"libretranslate", "a proxy in front of it", 421, "{\"error\":\"no\"}", UNKNOWN, {"check url and the other", "no"}},
    {"azure", "a proxy in front of it", 451, "{\"message\":\"blocked\"}", UNKNOWN, {"legal reasons", "blocked"}},
    {"openai", "a proxy in front of it", 418, ERROR("teapot", ""), UNKNOWN, {"check model and the other", "teapot"}},
};

static void check_shape(const struct shape *shape, const struct bench *bench, enum exchange_verdict verdict) {
    const struct exchange *exchange = &bench->exchange;
    const char *sentence = exchange->failure.sentence;
    if (exchange->refusal != shape->refusal || verdict != refusal_verdict(shape->refusal))
        fail_msg("%s: refusal %d, verdict %d: %s", shape->body, (int)exchange->refusal, (int)verdict, sentence);
    if (shape->setting && !span_is(exchange->refusal_setting, shape->setting))
        fail_msg("%s: '%.*s'", shape->body, SPAN_ARGS(exchange->refusal_setting));
    for (size_t i = 0; i < 2 && shape->says[i]; i++)
        if (!strstr(sentence, shape->says[i])) fail_msg("'%s' is not in '%s'", shape->says[i], sentence);
    bool own = shape->refusal == REFUSAL_TEXT;
    assert_int_equal(exchange->failure.reach, own ? REACH_ARTICLE : REACH_SERVICE);
    assert_int_equal(exchange->failure.remedy, own ? REMEDY_NONE : REMEDY_NEXT_RUN);
}

static void open_kind(struct bench *bench, const char *kind) {
    static const char *const model[] = {"model=m-1", "key_env=TEST_KEY", NULL}, *const key[] = {"key_env=TEST_KEY",
                                                                                                NULL};
    static const char *const amazon[] = {"key_env=TEST_KEY", "access_key_env=TEST_KEY", "region=eu-west-1", NULL};
    static const char *const none[] = {NULL};
    const struct service *service = service_of(span_of(kind));
    bool models = service->prompt_version != NULL, keyless = strcmp(kind, "apy") == 0;
    bench_open(bench, kind, models ? model : strcmp(kind, "amazon") == 0 ? amazon : keyless ? none : key);
    bench_ask(bench, "es", "Uno.", NULL);
}

static void every_refusal_is_classified(void **state) {
    (void)state;
    size_t ran = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++, ran++) {
        struct bench bench;
        open_kind(&bench, shapes[i].kind);
        check_shape(&shapes[i], &bench, bench_judge(&bench, shapes[i].status, shapes[i].body));
        bench_close(&bench);
    }
    assert_true(ran >= 55);
}

static void a_wait_is_read_from_the_sentence(void **state) {
    (void)state;
    assert_int_equal(refusal_wait(SPAN("Please try again in 2s.")), 2000);
    assert_int_equal(refusal_wait(SPAN("Please try again in 350ms.")), 350);
    assert_int_equal(refusal_wait(SPAN("try again in 1m30s")), 90000);
    assert_int_equal(refusal_wait(SPAN("retry after 1.5 seconds")), 1500);
    assert_int_equal(refusal_wait(SPAN("try again in a while")), -1);
    assert_int_equal(refusal_wait(SPAN("later")), -1);
}

/* A line with a missing column or a misspelt kind would silently count as "unknown". */
static void every_line_of_the_table_is_complete(void **state) {
    (void)state;
    struct bench bench;
    size_t ran = 0;
    open_kind(&bench, "openai");
    for (size_t i = 0; i < bench.errors.count; i++, ran++) {
        const struct row *row = &bench.errors.rows[i];
        assert_int_equal(row->count, 6);
        if (refusal_kind(row) == REFUSAL_UNKNOWN) assert_span(row->cells[3], "unknown");
        assert_int_equal(refusal_kind(row) == REFUSAL_PARAMETER, !span_is(row->cells[4], "-"));
    }
    assert_true(ran > 100);
    bench_close(&bench);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_refusal_is_classified),
                                       cmocka_unit_test(a_wait_is_read_from_the_sentence),
                                       cmocka_unit_test(every_line_of_the_table_is_complete)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
