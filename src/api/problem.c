/* Errors over HTTP: which status a code has, and its body as RFC 9457 asks or as a page. */
#include "api/internal.h"

#include "json/write.h"
#include <stdio.h>

/* Codes whose HTTP status does not follow from their own. `retry_s`: when it may be worth asking again. */
static const struct {
    const char *code;
    unsigned status, retry_s;
} statuses[] = {
    {"access-none", 404, 0},
    {"agreement-unknown", 404, 0},
    {"claim-none", 404, 0},
    {"http-target", 414, 0},
    {"incident-none", 404, 0},
    {"index-ambiguous", 409, 0},
    {"index-behind", 503, 30},
    {"index-busy", 503, 1},
    {"index-full", 503, 30},
    {"index-io", 503, 30},
    {"index-prefix", 404, 0},
    {"log-append-failed", 503, 60},
    {"log-closed", 503, 60},
    {"log-full", 503, 30},
    {"log-locked", 503, 5},
    {"out-of-memory", 503, 5},
    {"proof-pending", 404, 1},
    {"record-absent", 404, 0},
    {"seal-erased", 410, 0},
    {"seal-name", 404, 0},
    {"seal-none-here", 404, 0},
    {"seal-waiting", 503, 60},
    {"serve-busy", 503, 1},
    {"session-address", 421, 0},
    {"session-answer", 400, 0},
    {"session-form", 400, 0},
    {"session-host", 403, 0},
    {"session-key-use", 403, 0},
    {"session-late", 403, 0},
    {"session-letter", 400, 0},
    {"session-letter-ended", 403, 0},
    {"session-letter-time", 403, 0},
    {"session-many", 429, 60},
    {"session-member", 403, 0},
    {"session-register", 403, 0},
    {"session-signature", 403, 0},
    {"session-unknown", 403, 0},
    {"session-used", 403, 0},
    {"system", 503, 30},
    {"term-unknown", 404, 0},
    {"tile-absent", 404, 0},
    {"tile-path", 404, 0},
};

/* RFC 9110's phrases, which are a problem's title. */
static const struct {
    unsigned status;
    const char *title;
} titles[] = {
    {400, N_("Bad request")},
    {401, N_("Membership needed")},
    {403, N_("Forbidden")},
    {404, N_("Not found")},
    {405, N_("Method not allowed")},
    {408, N_("Too slow")},
    {409, N_("Conflict")},
    {410, N_("Erased")},
    {413, N_("Too large")},
    {414, N_("Too large")},
    {415, N_("Unsupported type")},
    {431, N_("Too large")},
    {501, N_("Method not allowed")},
    {421, N_("Misdirected request")},
    {422, N_("Refused")},
    {429, N_("Too many requests")},
    {500, N_("Server error")},
    {503, N_("Not available for now")},
};

static const char *title_of(unsigned status)
{
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (titles[i].status == status) return truce_word(titles[i].title);
    return TR("Server error");
}

static unsigned status_of(const struct truce_error *error, unsigned *retry_s)
{
    *retry_s = 0;
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        if (strcmp(statuses[i].code, error->code) != 0) continue;
        *retry_s = statuses[i].retry_s;
        return statuses[i].status;
    }
    switch (error->status) {
    case TRUCE_USAGE: return 400;
    case TRUCE_REFUSED: return 422;
    case TRUCE_DONE:
    case TRUCE_FAILED:
    case TRUCE_UNVERIFIED: break;
    }
    return 500;
}

static void put_json(struct buffer *out, unsigned status, const struct truce_error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "code"), json_put_string(&w, error->code);
    json_put_key(&w, "detail"), json_put_string(&w, error->message);
    if (error->offset >= 0) json_put_key(&w, "offset"), json_put_integer(&w, error->offset);
    json_put_key(&w, "pointer"), json_put_string(&w, error->pointer);
    json_put_key(&w, "status"), json_put_integer(&w, status);
    json_put_key(&w, "title"), json_put_string(&w, title_of(status));
    json_put_key(&w, "type"), json_put_string(&w, "about:blank");
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) out->failed = true;
    buffer_put_byte(out, '\n');
}

unsigned problem_status(const struct truce_error *error)
{
    unsigned retry_s;
    return status_of(error, &retry_s);
}

unsigned problem_put(struct buffer *out, const struct truce_error *error)
{
    unsigned retry_s, status = status_of(error, &retry_s);
    put_json(out, status, error);
    return status;
}

static void answer(struct visit *visit, unsigned status, const struct truce_error *error)
{
    struct buffer body = {0};
    const struct page page = {.address = "/", .query = ""};
    http_status(visit->response, status);
    visit_cache(visit, "no-store", NULL);
    if (visit->pages && page_problem(&body, &page, status, error->code, error->message, NULL) == STATUS_DONE) {
        visit_give(visit, "text/html; charset=utf-8", &body);
        return;
    }
    buffer_clear(&body);
    put_json(&body, status, error);
    visit_give(visit, "application/problem+json", &body);
}

void visit_problem(struct visit *visit, const struct truce_error *error)
{
    char seconds[16];
    unsigned retry_s, status = status_of(error, &retry_s);
    snprintf(seconds, sizeof seconds, "%u", retry_s);
    if (retry_s > 0) http_add(visit->response, "Retry-After", seconds);
    answer(visit, status, error);
}

void visit_fault(struct visit *visit, unsigned status, const struct error *error)
{
    struct truce_error told;
    words_error(&told, error);
    if (status == 0)
        visit_problem(visit, &told);
    else
        answer(visit, status, &told);
}

void visit_ask_fault(struct visit *visit, const struct ask_fault *fault)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct error why;
    struct truce_error error;
    (void)!error_set(&why, STATUS_USAGE, "query-value", "A value in the address makes no sense.", NULL);
    words_error(&error, &why);
    struct error_text value = error_slice(slice_from(fault->value == NULL ? "" : fault->value));
    words_fill(&text, fault->message, value.text, NULL);
    buffer_put_byte(&text, '\0');
    if (!text.failed) snprintf(error.message, sizeof error.message, "%s", (const char *)text.data);
    snprintf(error.pointer, sizeof error.pointer, "/%s", fault->name);
    visit_problem(visit, &error);
}
