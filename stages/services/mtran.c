/* MTranServer: a small server that runs Firefox's translation models. The server downloads the model of a language pair
 * when it is first used, so the first answer may take minutes. It translates the texts of a request one after the
 * other. */
#include "stages/services/common/call.h"
#include "stages/services/common/judge.h"
#include "stages/services/common/remote.h"

static const struct setting mtran_table[] = {
    SERVICE_URL_SETTING("http://127.0.0.1:8989", "address of the server"),
    SERVICE_KEY_SETTINGS("token, if the server requires one"),
    CODES_SETTING,
    SETTINGS_END,
};

static bool mtran_open(const struct service_context *context, void **ret_state, struct failure *ret_failure) {
    return remote_open(context, NULL, 0, ret_state, ret_failure);
}

static bool mtran_write_request(const void *state, const struct batch *batch, struct exchange *exchange,
                                struct failure *ret_failure) {
    const struct remote *remote = state;
    if (!call_key(exchange, remote->common, "Authorization", "Bearer ", ret_failure)) return false;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "from", codes_of(&remote->codes, batch->source_language));
    json_add(root, "to", span_of(batch->target_language));
    cJSON_AddItemToObject(root, "texts", call_texts(batch));
    cJSON_AddFalseToObject(root, "html"); /* the texts are not HTML, although they may contain "<" and "&" */
    call_address(exchange, remote->common->url, "/translate/batch");
    call_json(exchange, root);
    return true;
}

static bool mtran_read_reply(const void *state, const struct batch *batch, const struct exchange *exchange,
                             struct answer *answers, size_t *ret_count, struct usage *ret_usage,
                             struct failure *ret_failure) {
    static const struct call_form form = {.items = "results"};
    (void)state;
    return call_translations(&form, batch, exchange, answers, ret_count, ret_usage, ret_failure);
}

static enum exchange_verdict mtran_judge(struct exchange *exchange) {
    static const struct judge_form form = {.asker = {"mtran", false}};
    return judge_by(exchange, &form);
}

const struct service service_mtran = {
    .name = "mtran",
    .help = "MTranServer, a self-hosted server for Firefox's translation models",
    .settings = {.entries = mtran_table},
    .tasks = SERVICE_TRANSLATES,
    .unit = UNIT_SENTENCE,
    .languages = "services/mtran.tsv",
    .limits = {.texts = 32, .characters = 5000},
    /* The timeout is long, because the server may have to download a model first. */
    .limiter = {.concurrency = 2, .attempts = 3, .timeout_ms = 300000, .adaptive = true},
    .free_of_charge = true,
    .open = mtran_open,
    .close = remote_close,
    .offers = remote_offers,
    .write_request = mtran_write_request,
    .read_reply = mtran_read_reply,
    .judge = mtran_judge,
};
