/* A table of the forms in which model servers answer. Each was written for this table after the documentation page or
 * report named with it, or follows from the schema. AGAINST is the translation, FAVOUR the draft that must never be
 * shown. */
#include "service_test.h"

#define PAIR(first, second)                                                                                            \
    "{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"" first "\\\"},{\\\"n\\\":2,\\\"text\\\":\\\"" second "\\\"}]" \
    "}"
#define AGAINST PAIR("The council voted against.", "Two roads stay shut.")
#define FAVOUR PAIR("The council voted in favour.", "Two roads open.")
#define USAGE "\"usage\":{\"prompt_tokens\":300,\"completion_tokens\":80,\"total_tokens\":380}"
#define MESSAGE(reason, members)                                                                                       \
    "{\"choices\":[{\"index\":0,\"finish_reason\":" reason ",\"message\":{\"role\":\"assistant\"," members             \
    "}}]," USAGE "}"
#define CONTENT(content) MESSAGE("\"stop\"", "\"content\":\"" content "\"")
#define ENDS(reason, content) MESSAGE(reason, "\"content\":\"" content "\"")
#define PARTS(reason, parts) MESSAGE(reason, "\"content\":[" parts "]")
#define CLAUDE(reason, blocks)                                                                                         \
    "{\"type\":\"message\",\"content\":[" blocks "],\"stop_reason\":\"" reason                                         \
    "\",\"usage\":{\"input_tokens\":310,\"output_tokens\":90}}"
#define GEMINI(reason, content)                                                                                        \
    "{\"candidates\":[{\"finishReason\":\"" reason "\"" content                                                        \
    "}],\"usageMetadata\":{\"promptTokenCount\":320,\"candidatesTokenCount\":70,\"thoughtsTokenCount\":400}}"
#define OLLAMA(reason, message)                                                                                        \
    "{\"message\":{\"role\":\"assistant\"," message "},\"done\":true,\"done_reason\":\"" reason                        \
    "\",\"prompt_eval_count\":330,\"eval_count\":75}"

enum outcome_of { BOTH, FIRST_ONLY, NEITHER };

struct shape {
    const char *name, *kind, *page, *body;
    enum outcome_of outcome;
    enum verdict verdict; /* of texts that are not translated */
    const char *says;     /* part of the note; NULL: any note */
};

#define GOOD BOTH, VERDICT_TRANSLATED, NULL

static const struct shape shapes[] = {
    /* blocks of reasoning */
    {"a block before the answer", "openai", "github.com/vllm-project/vllm/issues/21130",
     CONTENT("<think>\\nTwo of them {1, 2}.\\n</think>\\n\\n" AGAINST), GOOD},
    {"an empty block", "openai", "github.com/vllm-project/vllm/issues/21130",
     CONTENT("<think>\\n\\n</think>\\n\\n" AGAINST), GOOD},
    {"a draft in a fence inside the block", "openai", "github.com/vllm-project/vllm/issues/21130",
     CONTENT("<think>\\n```json\\n" FAVOUR "\\n```\\nNo.\\n</think>\\n" AGAINST), GOOD},
    {"numbered lines inside the block, a fence behind it", "openai", "github.com/vllm-project/vllm/issues/21130",
     CONTENT(
         "<think>\\n[1] The council voted in favour.\\n[2] Two roads open.\\n</think>\\n```\\n[1] The council voted "
         "against.\\n[2] Two roads stay shut.\\n```"),
     GOOD},
    {"only the closing mark", "openai", "github.com/ggml-org/llama.cpp/issues/11861",
     CONTENT("Let me see. " FAVOUR "\\n</think>\\n\\n" AGAINST), GOOD},
    {"a second closing mark", "openai", "github.com/ggml-org/llama.cpp/issues/28182",
     CONTENT("<think>\\n</think>\\n" FAVOUR "\\n</think>\\n\\n" AGAINST), GOOD},
    {"a block that does not end, tokens used up", "openai", "github.com/ggml-org/llama.cpp/issues/28182",
     ENDS("\"length\"", "<think>\\nFirst: " FAVOUR), NEITHER, VERDICT_CUT_OFF, "answer_tokens"},
    {"a block that does not end, by itself", "openai", "github.com/vllm-project/vllm/issues/34684",
     CONTENT("<think>\\nFirst: " FAVOUR), NEITHER, VERDICT_CUT_OFF, "answer_tokens"},
    {"prose before a block that does not end", "openai", "github.com/vllm-project/vllm/issues/34684",
     ENDS("\"length\"", "Sure.\\n<thinking>\\n" FAVOUR), NEITHER, VERDICT_CUT_OFF, "answer_tokens"},
    {"a block behind the answer", "openai", "github.com/vllm-project/vllm/issues/34684",
     CONTENT(AGAINST "\\n<think>Or " FAVOUR "?</think>"), GOOD},
    {"a tag with an attribute", "openai", "arXiv 2410.00863 (prose around answers); tags are HTML's",
     CONTENT("<think time='3'>" FAVOUR "</think>" AGAINST), GOOD},
    {"a tag with spaces", "openai", "arXiv 2410.00863 (prose around answers)",
     CONTENT(" \\n< think >" FAVOUR "</think >" AGAINST), GOOD},
    {"tags with spaces in the texts", "openai", "arXiv 2410.00863 (prose around answers)",
     CONTENT(PAIR("< Thinking >In favour?</ thinking >The council voted against.", "Two roads stay shut.")), GOOD},
    {"a block of another name", "openai", "arXiv 2410.00863; marks that prompts ask for",
     CONTENT("<reasoning>" FAVOUR "</reasoning>" AGAINST), GOOD},
    {"an escaped block", "openai", "web interfaces that escape what a model says",
     CONTENT("&lt;think&gt;" FAVOUR "&lt;/think&gt;" AGAINST), GOOD},
    {"escaped blocks in the texts", "openai", "web interfaces that escape what a model says",
     CONTENT(PAIR("&lt;think&gt;In favour?&lt;/think&gt;The council voted against.",
                  "Or open?&lt;/THINK&gt; Two roads stay shut.")),
     GOOD},
    {"an escaped block in a text that does not end", "openai", "web interfaces that escape what a model says",
     CONTENT(PAIR("The council voted against.", "&lt;thinking&gt;Two roads open.")), FIRST_ONLY, VERDICT_RETRY,
     "thinking"},
    {"a block in brackets", "openai", "docs.rs mistral-openapi-client, ThinkChunk",
     CONTENT("[THINK]" FAVOUR "[/THINK]" AGAINST), GOOD},
    {"triangles", "openai", "vLLM, vllm/reasoning, the parser for Kimi-VL",
     CONTENT("◁think▷ " FAVOUR " ◁/think▷" AGAINST), GOOD},
    {"a prefixed tag", "openai", "Aphrodite, reasoning/seedoss_reasoning_parser.py",
     CONTENT("<seed:think>" FAVOUR "</seed:think>" AGAINST), GOOD},
    {"channels", "openai", "github.com/kekzl/imp/pull/768",
     CONTENT("<|channel|>analysis<|message|>" FAVOUR "<|end|><|start|>assistant<|channel|>final<|message|>" AGAINST
             "<|return|>"),
     GOOD},
    {"only the analysis channel", "openai", "github.com/kekzl/imp/pull/768",
     ENDS("\"length\"", "<|channel|>analysis<|message|>" FAVOUR), NEITHER, VERDICT_CUT_OFF, "answer_tokens"},
    {"a channel whose marks differ", "openai", "github.com/laurent22/joplin/pull/16595",
     CONTENT("<|channel>thought\\n" FAVOUR "<channel|>" AGAINST), GOOD},
    {"an answer between tags", "openai", "arXiv 2410.00863; marks that prompts ask for",
     CONTENT("<think>" FAVOUR "</think><answer>" AGAINST "</answer>"), GOOD},
    {"the tag is what the article is about", "openai", "github.com/laurent22/joplin/pull/16595",
     CONTENT(PAIR("The council voted against.", "Two roads stay shut.")), GOOD},
    /* reasoning inside the texts of the answer */
    {"closed blocks in the texts", "openai", "seen with models that are held to a schema",
     CONTENT(PAIR("<think>In favour?</think>The council voted against.",
                  "<reasoning>Open?</reasoning> Two roads stay shut.")),
     GOOD},
    {"a closing mark in a text", "openai", "seen with models that are held to a schema",
     CONTENT(PAIR("The council voted in favour? No.</think> The council voted against.",
                  "Two roads stay shut.[THINK]Open?[/THINK]")),
     GOOD},
    {"a channel in a text", "openai", "seen with models that are held to a schema",
     CONTENT(PAIR("<|channel|>analysis<|message|>In favour.<|channel|>final<|message|>The council voted against.",
                  "Two roads stay shut.")),
     GOOD},
    {"a block in a text that does not end", "openai", "seen with models that are held to a schema",
     CONTENT(PAIR("The council voted against.", "<thinking>Two roads open.")), FIRST_ONLY, VERDICT_RETRY, "thinking"},
    {"a text that is thinking alone", "openai", "seen with models that are held to a schema",
     CONTENT(PAIR("The council voted against.", "<think>Two roads open.</think>")), FIRST_ONLY, VERDICT_RETRY,
     "thinking"},
    {"a draft in a member of its own", "openai", "structured output with a member for thinking",
     CONTENT("{\\\"analysis\\\":" FAVOUR ",\\\"result\\\":" AGAINST "}"), GOOD},
    {"a draft in a member of its own, cut off behind it", "openai", "structured output with a member for thinking",
     ENDS("\"length\"", "{\\\"thinking\\\" : [" FAVOUR "],\\\"paragraphs\\\":[{\\\"n\\\":1"), NEITHER, VERDICT_TOO_LONG,
     "answer_tokens"},
    {"a draft in a member of its own, cut off within", "openai", "structured output with a member for thinking",
     ENDS("\"length\"", "{\\\"reasoning\\\":{\\\"first\\\":" FAVOUR), NEITHER, VERDICT_TOO_LONG, "answer_tokens"},
    /* nothing but reasoning */
    {"a block and nothing behind it", "openai", "github.com/vllm-project/vllm/issues/34684",
     CONTENT("<think>" FAVOUR "</think>"), NEITHER, VERDICT_NO_ANSWER, "the reply contains only reasoning"},
    {"a block and nothing behind it, tokens used up", "openai", "github.com/vllm-project/vllm/issues/34684",
     ENDS("\"length\"", "<think>" FAVOUR "</think>\\n"), NEITHER, VERDICT_CUT_OFF, "80 tokens were used up"},
    {"a part of thinking, by itself", "openai", "docs.rs mistral-openapi-client, ThinkChunk",
     PARTS("\"stop\"", "{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"" FAVOUR "\"}]}"), NEITHER,
     VERDICT_NO_ANSWER, "the reply contains only reasoning"},
    {"a part of reasoning, by itself", "openai", "docs.rs mistral-openapi-client, ThinkChunk",
     PARTS("\"stop\"", "{\"type\":\"reasoning\",\"text\":\"" FAVOUR "\"}"), NEITHER, VERDICT_NO_ANSWER,
     "the reply contains only reasoning"},
    {"redacted thinking alone", "anthropic", "docs.aws.amazon.com, thinking encryption",
     CLAUDE("end_turn", "{\"type\":\"redacted_thinking\",\"data\":\"EmwK\"}"), NEITHER, VERDICT_NO_ANSWER,
     "the reply contains only reasoning"},
    {"only marks of the template", "openai", "github.com/ggml-org/llama.cpp/issues/11861", CONTENT("<|im_end|>"),
     NEITHER, VERDICT_BROKEN, "empty"},
    /* reasoning in other members of the answer */
    {"reasoning_content", "openai", "github.com/vllm-project/vllm/issues/34684",
     MESSAGE("\"stop\"", "\"content\":\"" AGAINST "\",\"reasoning_content\":\"" FAVOUR "\""), GOOD},
    {"reasoning and its details", "openai", "openrouter.ai/docs, reasoning tokens",
     MESSAGE("\"stop\"",
             "\"content\":\"" AGAINST "\",\"reasoning\":\"s\",\"reasoning_details\":[{\"text\":\"" FAVOUR "\"}]"),
     GOOD},
    {"the answer where reasoning belongs", "openai", "github.com/vllm-project/vllm/issues/17349",
     MESSAGE("\"stop\"", "\"content\":null,\"reasoning_content\":\"" AGAINST "\""), GOOD},
    {"a draft in the reasoning, and nothing else", "openai", "github.com/ollama/ollama/issues/15288",
     MESSAGE("\"stop\"", "\"content\":null,\"reasoning\":\"First: " FAVOUR " Hm.\""), NEITHER, VERDICT_NO_ANSWER,
     "the reply contains only reasoning"},
    {"reasoning took all tokens", "openai", "github.com/NousResearch/hermes-agent/issues/87208",
     MESSAGE("\"length\"", "\"content\":\"\",\"reasoning_content\":\"x x\""), NEITHER, VERDICT_NO_ANSWER,
     "answer_tokens"},
    {"hidden reasoning took all tokens", "openai", "github.com/NousResearch/hermes-agent/issues/87208",
     MESSAGE("\"length\"", "\"content\":null"), NEITHER, VERDICT_NO_ANSWER, "answer_tokens"},
    {"nothing", "openai", "github.com/ollama/ollama/issues/10976", MESSAGE("\"stop\"", "\"content\":\"\""), NEITHER,
     VERDICT_BROKEN, "empty"},
    /* content in parts */
    {"parts of thinking and text", "openai", "github.com/spring-projects/spring-ai/issues/5019",
     PARTS("\"stop\"", "{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"" FAVOUR
                       "\"}]},{\"type\":\"text\",\"text\":\"" AGAINST "\"}"),
     GOOD},
    {"a part of thinking alone", "openai", "docs.rs mistral-openapi-client, ThinkChunk",
     PARTS("\"length\"", "{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"" FAVOUR "\"}]}"), NEITHER,
     VERDICT_NO_ANSWER, "answer_tokens"},
    {"a part that refuses", "openai", "openai/openai-openapi",
     PARTS("\"stop\"", "{\"type\":\"refusal\",\"refusal\":\"I will not.\"}"), NEITHER, VERDICT_REFUSED, "I will not."},
    {"a refusal of its own", "openai", "openai/openai-openapi",
     MESSAGE("\"stop\"", "\"content\":null,\"refusal\":\"I will not.\""), NEITHER, VERDICT_REFUSED,
     "the model refused: 'I will not.'"},
    {"the schema as a tool", "openai", "openai/openai-openapi, tool calls",
     MESSAGE("\"tool_calls\"",
             "\"content\":null,\"tool_calls\":[{\"function\":{\"name\":\"json\",\"arguments\":\"" AGAINST "\"}}]"),
     GOOD},
    /* reasons for the end of an answer */
    {"eos", "openai", "docs.rs openai-interface, FinishReason", ENDS("\"eos\"", AGAINST), GOOD},
    {"eos_token", "openai", "github.com/huggingface/text-generation-inference/issues/1724",
     ENDS("\"eos_token\"", AGAINST), GOOD},
    {"STOP", "openai", "docs.rs openai-interface, FinishReason", ENDS("\"STOP\"", AGAINST), GOOD},
    {"end_turn", "openai", "github.com/zeitlings/ayai-gpt-nexus/issues/2", ENDS("\"end_turn\"", AGAINST), GOOD},
    {"COMPLETE", "openai", "docs.oracle.com, CohereChatResponse", ENDS("\"COMPLETE\"", AGAINST), GOOD},
    {"null", "openai", "openai/openai-openapi, finish_reason may be null", ENDS("null", AGAINST), GOOD},
    {"an empty word", "openai", "github.com/tenstorrent/tt-inference-server/issues/4314", ENDS("\"\"", AGAINST), GOOD},
    {"an unknown word, nothing missing", "openai", "docs.rs openai-interface, FinishReason",
     ENDS("\"unheard_of\"", AGAINST), GOOD},
    {"an unknown word, something missing", "openai", "docs.rs openai-interface, FinishReason",
     ENDS("\"unheard_of\"", "{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"The cou"), NEITHER, VERDICT_BROKEN,
     "unheard_of"},
    {"a null end of lines that may go on", "openai", "openai/openai-openapi, finish_reason may be null",
     ENDS("null", "[1] The council voted against.\\n[2] Two ro"), NEITHER, VERDICT_BROKEN, "does not say why"},
    {"MAX_TOKENS", "openai", "docs.oracle.com, CohereChatResponse",
     ENDS("\"MAX_TOKENS\"", "{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"The cou"), NEITHER, VERDICT_TOO_LONG,
     "MAX_TOKENS"},
    {"cut off behind the answer", "openai", "openai/openai-openapi", ENDS("\"length\"", AGAINST " and"), GOOD},
    {"content_filter", "openai", "openai/openai-openapi", ENDS("\"content_filter\"", ""), NEITHER, VERDICT_REFUSED,
     "content_filter"},
    {"sensitive", "openai", "github.com/anomalyco/opencode/issues/44092", ENDS("\"sensitive\"", ""), NEITHER,
     VERDICT_REFUSED, "sensitive"},
    /* around the JSON, and other JSON */
    {"a fence", "openai", "arXiv 2410.00863", CONTENT("```json\\n" AGAINST "\\n```"), GOOD},
    {"prose before", "openai", "arXiv 2410.00863", CONTENT("Here it is:\\n\\n" AGAINST), GOOD},
    {"prose on both sides of a fence", "openai", "arXiv 2410.00863",
     CONTENT("Sure!\\n```json\\n" AGAINST "\\n```\\nI hope this helps!"), GOOD},
    {"a sentence behind", "openai", "arXiv 2410.00863", CONTENT(AGAINST "\\n\\nI hope this helps!"), GOOD},
    {"the bare array", "openai", "json-schema of the answer without its outer object",
     CONTENT(
         "[{\\\"n\\\":1,\\\"text\\\":\\\"The council voted against.\\\"},{\\\"n\\\":2,\\\"text\\\":\\\"Two roads stay "
         "shut.\\\"}]"),
     GOOD},
    {"an object a line", "openai", "json-schema of the answer without its outer object",
     CONTENT(
         "{\\\"n\\\":1,\\\"text\\\":\\\"The council voted against.\\\"}\\n{\\\"n\\\":2,\\\"text\\\":\\\"Two roads stay "
         "shut.\\\"}"),
     GOOD},
    {"numbers as strings", "openai", "the schema's integer as a string",
     CONTENT("{\\\"paragraphs\\\":[{\\\"n\\\":\\\"1\\\",\\\"text\\\":\\\"The council voted "
             "against.\\\"},{\\\"n\\\":\\\"[2]\\\",\\\"text\\\":\\\"Two roads stay shut.\\\"}]}"),
     GOOD},
    {"other names", "openai", "the schema with other names",
     CONTENT("{\\\"translations\\\":[{\\\"id\\\":1,\\\"translation\\\":\\\"The council voted "
             "against.\\\"},{\\\"id\\\":2,\\\"translation\\\":\\\"Two roads stay shut.\\\"}]}"),
     GOOD},
    {"an object by number", "openai", "the schema with other names",
     CONTENT("{\\\"1\\\":\\\"The council voted against.\\\",\\\"2\\\":\\\"Two roads stay shut.\\\"}"), GOOD},
    {"wrapped once more", "openai", "the schema with other names", CONTENT("{\\\"json\\\":" AGAINST "}"), GOOD},
    {"the same twice", "openai", "arXiv 2410.00863", CONTENT(AGAINST "\\n" AGAINST), GOOD},
    {"two answers", "openai", "arXiv 2410.00863", CONTENT(FAVOUR "\\nNo, rather:\\n" AGAINST), NEITHER, VERDICT_RETRY,
     "two translations"},
    {"the form shown before the answer", "openai", "arXiv 2410.00863",
     CONTENT("{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"...\\\"}]}\\n" AGAINST), GOOD},
    {"JSON that breaks off", "openai", "github.com/maximhq/bifrost/issues/5425",
     CONTENT("{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"The council voted "
             "against.\\\"},{\\\"n\\\":2,\\\"text\\\":\\\"Two ro"),
     FIRST_ONLY, VERDICT_RETRY, "the model did not return this text"},
    {"lines without a fence", "openai", "arXiv 2410.00863",
     CONTENT("[1] The council voted against.\\n[2] Two roads stay shut."), GOOD},
    {"lines numbered with dots", "openai", "arXiv 2410.00863",
     CONTENT("1. The council voted against.\\n2. Two roads stay shut."), GOOD},
    {"a remark behind the lines", "openai", "arXiv 2410.00863",
     CONTENT("[1] The council voted against.\\n[2] Two roads stay shut.\\n\\nNote: names are kept."), GOOD},
    {"a remark in a text", "openai", "arXiv 2410.00863",
     CONTENT(PAIR("The council voted against.", "Two roads stay shut.\\\\n\\\\n(Note: names are kept.)")), FIRST_ONLY,
     VERDICT_RETRY, "added remarks"},
    {"bold type", "openai", "arXiv 2410.00863",
     CONTENT(PAIR("**The council voted against.**", "**Two roads stay shut.**")), GOOD},
    {"the instructions recited", "openai", "arXiv 2403.09832",
     CONTENT(PAIR("Translate completely and faithfully: The council.",
                  "Nothing added, nothing left out, nothing softened, nothing explained.")),
     NEITHER, VERDICT_RETRY, "repeated its instructions"},
    {"the instructions alone", "openai", "arXiv 2403.09832",
     CONTENT("You are the translation engine of a news reader."), NEITHER, VERDICT_RETRY, "repeated its instructions"},
    {"a refusal in prose", "openai", "arXiv 2410.00863", CONTENT("I'm sorry, but I can't assist with that."), NEITHER,
     VERDICT_REFUSED, "refused"},
    {"empty lines before the reply", "openai", "api-docs.deepseek.com, keep-alive lines", "\n\n\n" CONTENT(AGAINST),
     GOOD},
    /* other protocols */
    {"blocks of thinking", "anthropic", "docs.aws.amazon.com, claude-messages-thinking-encryption",
     CLAUDE("end_turn", "{\"type\":\"thinking\",\"thinking\":\"" FAVOUR
                        "\",\"signature\":\"s\"},{\"type\":\"redacted_thinking\",\"data\":\"e\"},{\"type\":\"text\","
                        "\"text\":\"" AGAINST "\"}"),
     GOOD},
    {"a block of thinking alone", "anthropic", "docs.claude.com, extended thinking",
     CLAUDE("max_tokens", "{\"type\":\"thinking\",\"thinking\":\"" FAVOUR "\"}"), NEITHER, VERDICT_NO_ANSWER,
     "answer_tokens"},
    {"a full window", "anthropic", "anthropics/anthropic-sdk-python, StopReason",
     CLAUDE("model_context_window_exceeded", "{\"type\":\"text\",\"text\":\"{\\\"par\"}"), NEITHER, VERDICT_TOO_LONG,
     "context"},
    {"an input of a tool", "anthropic", "anthropics/anthropic-sdk-python, ToolUseBlock",
     CLAUDE("tool_use", "{\"type\":\"tool_use\",\"input\":{\"paragraphs\":[{\"n\":1,\"text\":\"The council voted "
                        "against.\"},{\"n\":2,\"text\":\"Two roads stay shut.\"}]}}"),
     GOOD},
    {"refusal", "anthropic", "anthropics/anthropic-sdk-python, StopReason", CLAUDE("refusal", ""), NEITHER,
     VERDICT_REFUSED, "refusal"},
    {"parts of thought", "gemini", "ai.google.dev/gemini-api/docs/thinking",
     GEMINI("STOP", ",\"content\":{\"parts\":[{\"text\":\"" FAVOUR "\",\"thought\":true},{\"text\":\"" AGAINST "\"}]}"),
     GOOD},
    {"no parts", "gemini", "github.com/stanford-crfm/helm/pull/3804", GEMINI("MAX_TOKENS", ""), NEITHER,
     VERDICT_NO_ANSWER, "answer_tokens"},
    {"recitation", "gemini", "ai.google.dev/api/generate-content, FinishReason", GEMINI("RECITATION", ""), NEITHER,
     VERDICT_REFUSED, "RECITATION"},
    {"a blocked prompt", "gemini", "ai.google.dev/api/generate-content, BlockReason",
     "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}", NEITHER, VERDICT_REFUSED, "PROHIBITED_CONTENT"},
    {"thinking beside the answer", "ollama", "github.com/ollama/ollama/issues/12561",
     OLLAMA("stop", "\"content\":\"" AGAINST "\",\"thinking\":\"" FAVOUR "\""), GOOD},
    {"thinking in the answer", "ollama", "github.com/ollama/ollama/issues/13154",
     OLLAMA("stop", "\"content\":\"<think>\\n" FAVOUR "\\n</think>\\n" AGAINST "\""), GOOD},
    {"thinking took all tokens", "ollama", "github.com/langchain-ai/langchain/issues/36936",
     OLLAMA("length", "\"content\":\"\",\"thinking\":\"x x\""), NEITHER, VERDICT_NO_ANSWER, "think = no"},
};

static void open_for(struct bench *bench, const char *kind) {
    static const char *const settings[] = {"model=m-1", "key_env=TEST_KEY", NULL};
    bench_open(bench, kind, settings);
    bench_ask(bench, "bg", "Съветът гласува против.", "Два пътя остават затворени.");
}

static void check_shape(const struct shape *shape, const struct bench *bench) {
    static const char *const wanted[] = {"The council voted against.", "Two roads stay shut."};
    for (size_t i = 0; i < 2; i++) {
        const struct answer *answer = &bench->answers[i];
        bool good = shape->outcome == BOTH || (shape->outcome == FIRST_ONLY && i == 0);
        struct span note = answer->note;
        if (answer->verdict != (good ? VERDICT_TRANSLATED : shape->verdict))
            fail_msg("%s: text %zu has the verdict %d (%.*s)", shape->name, i, (int)answer->verdict, SPAN_ARGS(note));
        if (good && !span_is(answer->target, wanted[i])) fail_msg("%s: '%.*s'", shape->name, SPAN_ARGS(answer->target));
        if (!good && answer->target.length) fail_msg("%s: '%.*s'", shape->name, SPAN_ARGS(answer->target));
        if (!good && shape->says && span_find(note, span_of(shape->says)) == SIZE_MAX)
            fail_msg("%s: '%s' is not in '%.*s'", shape->name, shape->says, SPAN_ARGS(note));
    }
}

static void every_form_of_answer_is_read_correctly(void **state) {
    (void)state;
    size_t ran = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++, ran++) {
        struct bench bench;
        open_for(&bench, shapes[i].kind);
        if (!bench_read(&bench, shapes[i].body)) fail_msg("%s: %s", shapes[i].name, bench.failure.sentence);
        check_shape(&shapes[i], &bench);
        bench_close(&bench);
    }
    assert_true(ran >= 70);
}

static void a_mark_that_the_source_has_is_text(void **state) {
    (void)state;
    struct bench bench;
    open_for(&bench, "openai");
    bench_ask(&bench, "bg", "Знакът <think> отваря блок.", "Край.");
    assert_true(bench_read(&bench, CONTENT("[1] The mark <think> opens a block.\\n[2] End.")));
    assert_translated(&bench, 0, "The mark <think> opens a block.");
    assert_translated(&bench, 1, "End.");
    bench_close(&bench);
}

static void a_text_may_begin_with_note(void **state) {
    (void)state;
    struct bench bench;
    open_for(&bench, "openai");
    assert_true(bench_read(&bench, CONTENT(PAIR("Note: the council voted.", "Explanation: none."))));
    assert_translated(&bench, 0, "Note: the council voted.");
    assert_translated(&bench, 1, "Explanation: none.");
    bench_close(&bench);
}

static void lines_of_the_delimiter_around_the_answer_are_left_out(void **state) {
    (void)state;
    struct bench bench;
    char reply[2048];
    open_for(&bench, "openai");
    size_t at = span_find(bench.exchange.body, SPAN("====="));
    struct span mark = span_cut(bench.exchange.body, at, at + 26);
    snprintf(reply, sizeof reply, CONTENT("%.*s\\n" AGAINST "\\n%.*s"), SPAN_ARGS(mark), SPAN_ARGS(mark));
    assert_true(bench_read(&bench, reply));
    assert_translated(&bench, 0, "The council voted against.");
    bench_close(&bench);
}

struct count {
    const char *name, *usage;
    unsigned long input, output;
};

static void reasoning_is_billed_however_it_is_counted(void **state) {
    (void)state;
    static const struct count counts[] = {
        {"beside completion_tokens (xAI)",
         "{\"prompt_tokens\":400,\"completion_tokens\":100,\"total_tokens\":3300,"
         "\"completion_tokens_details\":{\"reasoning_tokens\":2800}}",
         400, 2900},
        {"within completion_tokens (OpenAI)",
         "{\"prompt_tokens\":400,\"completion_tokens\":300,\"total_tokens\":700,"
         "\"completion_tokens_details\":{\"reasoning_tokens\":250}}",
         400, 300},
        {"in the total only (Gemini)", "{\"prompt_tokens\":20,\"completion_tokens\":151,\"total_tokens\":553}", 20,
         533},
        {"without a total",
         "{\"prompt_tokens\":40,\"completion_tokens\":10,\"completion_tokens_details\":{\"reasoning_tokens\":90}}", 40,
         100},
        {"null", "{\"prompt_tokens\":null,\"completion_tokens\":null,\"total_tokens\":0}", 0, 0}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct bench bench;
        char reply[2048];
        open_for(&bench, "openai");
        snprintf(reply, sizeof reply,
                 "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"" AGAINST "\"}}],\"usage\":%s}",
                 counts[i].usage);
        assert_true(bench_read(&bench, reply));
        if (bench.usage.input_tokens != counts[i].input || bench.usage.output_tokens != counts[i].output)
            fail_msg("%s: %lu and %lu", counts[i].name, bench.usage.input_tokens, bench.usage.output_tokens);
        bench_close(&bench);
    }
}

/* None of these is an answer; nor is the example in the prompt. */
static void answers_without_a_translation_are_reported(void **state) {
    (void)state;
    static const struct {
        const char *body, *says;
    } cases[] = {
        {CONTENT("{\\\"thinking\\\":" FAVOUR "}"), "did not follow the format"},
        {CONTENT("{\\\"steps\\\":[{\\\"draft\\\":[" FAVOUR "]}],\\\"done\\\":true}"), "did not follow the format"},
        {CONTENT("{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"\\\\ud800 x\\\"}]}"), "its JSON is invalid"},
        {CONTENT("{\\\"paragraphs\\\":[{\\\"n\\\":1,\\\"text\\\":\\\"x\\\\u0000\\\"}]}"), "its JSON is invalid"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        open_for(&bench, "openai");
        assert_false(bench_read(&bench, cases[i].body));
        assert_sentence(&bench.failure, cases[i].says);
        bench_close(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_form_of_answer_is_read_correctly),
                                       cmocka_unit_test(answers_without_a_translation_are_reported),
                                       cmocka_unit_test(a_mark_that_the_source_has_is_text),
                                       cmocka_unit_test(a_text_may_begin_with_note),
                                       cmocka_unit_test(lines_of_the_delimiter_around_the_answer_are_left_out),
                                       cmocka_unit_test(reasoning_is_billed_however_it_is_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
