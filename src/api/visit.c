/* A visit from its head to its answer: what it may have, in which form and language, and the headers of every answer.
 */
#include "api/visit.h"

#include "api/internal.h"
#include "api/prefer.h"
#include "page/address.h"
#include "tell/nearest.h"
#include "text/utf8.h"
#include <stdio.h>
#include <stdlib.h>

/* As src/page is written: scripts are files of this site, no frame, nothing from elsewhere. */
static const char content_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/* ---- form and language */

static const struct {
    enum form form;
    const char *name; /* in ?f= */
    const char *type[2];
} forms[] = {
    {FORM_TEXT, "text", {"text/plain", "application/octet-stream"}},
    {FORM_EVENTS, "events", {"text/event-stream", NULL}},
    {FORM_JSON, "json", {"application/json", "application/x-ndjson"}},
    {FORM_CSV, "csv", {"text/csv", NULL}},
    {FORM_GEOJSON, "geojson", {"application/geo+json", NULL}},
    {FORM_HTML, "html", {"text/html", NULL}},
};

static unsigned weight_of(size_t i, struct slice accept)
{
    unsigned weight = 0;
    for (size_t k = 0; k < COUNT_OF(forms[i].type) && forms[i].type[k] != NULL; k++) {
        unsigned of_type = prefer_type(accept, forms[i].type[k]);
        if (of_type > weight) weight = of_type;
    }
    return weight;
}

/* The form that weighs most of those that there are; who accepts none of them gets the first, as RFC 9110 allows. */
static enum form form_preferred(unsigned offered, struct slice accept)
{
    enum form best = 0;
    unsigned most = 0;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if ((offered & forms[i].form) == 0) continue;
        unsigned weight = accept.size == 0 ? 0 : weight_of(i, accept);
        if (best != 0 && weight <= most) continue;
        best = forms[i].form;
        most = weight;
    }
    return best;
}

/* A problem is told as a page to whom the route's own form is none, too. */
static bool choose_form(struct visit *visit)
{
    struct slice name;
    unsigned offered = visit->route->forms;
    visit->form = form_preferred(offered, http_header(visit->request, "Accept"));
    if (!http_query(visit->request, "f", &name) || name.size == 0) return true;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if ((offered & forms[i].form) == 0 || !slice_is(name, forms[i].name)) continue;
        visit->form = forms[i].form;
        visit->pages = visit->form == FORM_HTML;
        return true;
    }
    return false;
}

static bool asked_language(const struct http_request *request, enum language *out)
{
    struct slice code;
    return http_query(request, "lang", &code) && language_parse(out, code);
}

static void choose_language(const struct http_request *request)
{
    enum language language = LANGUAGE_ENGLISH;
    struct slice code;
    if (request != NULL && !asked_language(request, &language) &&
        !(http_cookie(request, "lang", &code) && language_parse(&language, code)))
        (void)prefer_language(&language, http_header(request, "Accept-Language"));
    words_language(language);
}

/* ---- numbers and days */

/* What a reader chose: in the address, and from then on in a cookie of the same name. */
static const struct choice {
    const char *name, *usual, *other;
} choices[] = {{"digits", "latn", "arab"}, {"calendar", "gregory", "hijri"}};

/* Is the other one asked for? */
static bool chosen(const struct http_request *request, const struct choice *choice)
{
    struct slice value;
    bool asked = http_query(request, choice->name, &value) && value.size > 0;
    if (!asked && !http_cookie(request, choice->name, &value)) return false;
    return slice_is(value, choice->other);
}

static void choose_manner(const struct http_request *request)
{
    bool there = request != NULL;
    words_manner((struct words_manner){.arabic_digits = there && chosen(request, &choices[0]),
                                       .hijri = there && chosen(request, &choices[1])});
}

const char *visit_manner(char out[static MANNER_SIZE])
{
    struct words_manner manner = words_manner_now();
    snprintf(out, MANNER_SIZE, "%s%s%s", language_code(words_language_now()), manner.arabic_digits ? "-arab" : "",
             manner.hijri ? "-hijri" : "");
    return out;
}

/* ---- headers */

static void put_headers(const struct visit *visit)
{
    static const char *const always[][2] = {
        {"Content-Security-Policy", content_policy},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    for (size_t i = 0; i < COUNT_OF(always); i++) http_add(visit->response, always[i][0], always[i][1]);
    if (visit->api->tls) http_add(visit->response, "Strict-Transport-Security", "max-age=31536000");
}

void visit_keep(const struct visit *visit, const char *name, const char *value)
{
    char cookie[96];
    snprintf(cookie, sizeof cookie, "%s=%s; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly%s", name, value,
             visit->api->tls ? "; Secure" : "");
    http_add(visit->response, "Set-Cookie", cookie);
}

/* A reader's choices are kept for the pages that follow. */
static void keep_choices(const struct visit *visit)
{
    enum language language;
    struct slice value;
    if (visit->form != FORM_HTML) return;
    if (asked_language(visit->request, &language)) visit_keep(visit, "lang", language_code(language));
    for (size_t i = 0; i < COUNT_OF(choices); i++)
        if (http_query(visit->request, choices[i].name, &value) && value.size > 0)
            visit_keep(visit, choices[i].name, slice_is(value, choices[i].other) ? choices[i].other : choices[i].usual);
}

void visit_cache(struct visit *visit, const char *control, const char *vary)
{
    if (visit->aside != NULL) return;
    http_add(visit->response, "Cache-Control", control);
    if (vary != NULL) http_add(visit->response, "Vary", vary);
}

void visit_tag(struct visit *visit, const char *tag)
{
    char whole[96];
    char manner[MANNER_SIZE];
    if (visit->aside != NULL) return;
    snprintf(whole, sizeof whole, "%.64s-%x%s", tag, (unsigned)visit->form, visit_manner(manner));
    http_tag(visit->response, whole);
}

/* The page in both languages, where it was asked for so. */
static void put_beside(struct visit *visit, struct buffer *body)
{
    struct buffer both = {0};
    if (visit->beside.size == 0 || body->failed) return;
    page_both(&both, buffer_slice(body), buffer_slice(&visit->beside), visit->beside_language);
    buffer_clear(body);
    buffer_clear(&visit->beside);
    *body = both;
}

void visit_give(struct visit *visit, const char *type, struct buffer *body)
{
    struct error why;
    if (visit->aside != NULL) {
        buffer_put(visit->aside, buffer_slice(body));
        buffer_clear(body);
        return;
    }
    put_beside(visit, body);
    if (visit->form == FORM_HTML && visit->api->tls) { /* without TLS it does not leave this machine */
        http_add(visit->response, "Vary", "Accept-Encoding");
        if (prefer_gzip(http_header(visit->request, "Accept-Encoding"))) http_pack(visit->response);
    }
    if (buffer_finish(body, &why) == STATUS_DONE) {
        http_take(visit->response, type, body);
        return;
    }
    buffer_clear(body);
    http_status(visit->response, 503);
}

void visit_give_answer(struct visit *visit, const char *type, struct truce_buffer *answer)
{
    struct buffer body = {0};
    buffer_put(&body, slice_of(answer->data, answer->size));
    if (visit->form == FORM_JSON) buffer_put_byte(&body, '\n');
    truce_free(answer);
    visit_give(visit, type, &body);
}

/* ---- the query */

const char *visit_value(void *context, const char *name)
{
    const struct visit *visit = context;
    struct slice value;
    bool there = http_query(visit->request, name, &value) && value.size > 0;
    if (!there && strcmp(name, "as-of") == 0) /* as it is called in the answer */
        there = http_query(visit->request, "as_of", &value) && value.size > 0;
    return there ? (const char *)value.data : NULL;
}

static const char *const everywhere[] = {"f", "lang", "digits", "calendar", "as-of", "as_of", "known", "print", NULL};

static bool is_among(struct slice name, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++)
        if (slice_is(name, *names)) return true;
    return false;
}

static enum status unknown_name(const struct route *route, struct slice name, struct error *error)
{
    struct error_text typed = error_slice(name);
    struct nearest near = {.typed = typed.text};
    for (const char *const *n = everywhere; *n != NULL; n++) nearest_consider(&near, *n);
    for (const char *const *n = route->names; n != NULL && *n != NULL; n++) nearest_consider(&near, *n);
    if (near.best == NULL)
        return error_set(error, STATUS_USAGE, "query-name", "The address asks for \"{0}\", which is not known here.",
                         typed.text, NULL);
    return error_set(error, STATUS_USAGE, "query-name",
                     "The address asks for \"{0}\", which is not known here. Did you mean \"{1}\"?", typed.text,
                     near.best, NULL);
}

/* So long that a link to what follows fits in a head beside all else. */
enum { QUERY_BYTES_MOST = 1200 };

/* A filter that is not known would be a filter that does not work: it is refused. Values are text without NUL. */
static enum status check_query(const struct visit *visit, struct error *error)
{
    struct slice rest = http_query_string(visit->request);
    if (rest.size > QUERY_BYTES_MOST)
        return error_set(error, STATUS_USAGE, "http-target", "The address is longer than can be taken here.", NULL);
    while (rest.size > 0) {
        size_t size = 0, name_size = 0, bad;
        struct slice value;
        char name[64];
        while (size < rest.size && rest.data[size] != '&') size++;
        while (name_size < size && rest.data[name_size] != '=') name_size++;
        struct slice said = slice_part(rest, 0, name_size);
        rest = slice_part(rest, size + 1, rest.size);
        if (size == 0) continue;
        if (!is_among(said, everywhere) && !is_among(said, visit->route->names))
            return unknown_name(visit->route, said, error);
        snprintf(name, sizeof name, "%.*s", SLICE(said));
        if (http_query(visit->request, name, &value) &&
            (!utf8_valid(value, &bad) || memchr(value.data, '\0', value.size) != NULL))
            return error_set(error, STATUS_USAGE, "query-text", "The value of \"{0}\" is not text in UTF-8.", name,
                             NULL);
    }
    return STATUS_DONE;
}

/* ---- from the head to the answer */

static void refuse(struct visit *visit, unsigned status, const char *code, const char *sentence, const char *argument)
{
    struct error why;
    (void)!error_set(&why, STATUS_USAGE, code, sentence, argument, NULL);
    visit_fault(visit, status, &why);
}

static bool stranger(struct visit *visit)
{
    bool again;
    enum access access = visit->route == NULL ? ACCESS_READ : visit->route->access;
    if (gate_lets_in(&visit->api->gate, visit->request, access, &visit->guest, &again)) return false;
    counts_gate_failure(&visit->api->counts);
    if (again) {
        http_add(visit->response, "Retry-After", "60");
        http_add(visit->response, "Connection", "close");
        refuse(visit, 429, "gate-tries", "Too many attempts without a member's token came from this address.", NULL);
        return true;
    }
    /* Basic has a browser ask for name and token; where there are none, its page leads to the way in. */
    if (visit->api->gate.file != NULL)
        http_add(visit->response, "WWW-Authenticate", "Basic realm=\"truce\", charset=\"UTF-8\"");
    http_add(visit->response, "WWW-Authenticate", "Bearer realm=\"truce\"");
    refuse(visit, 401, "gate-token",
           "Only members come in here: by a session of their party (truce session), or by a token that the host gave "
           "them.",
           NULL);
    return true;
}

/* What is refused before anything is read of a body. False: the refusal is in the response. */
static bool let_in(struct visit *visit)
{
    const struct http_request *request = visit->request;
    struct slice host = http_header(request, "Host");
    struct error why;
    if (visit->api->loopback && !visit->api->tls && !http_over_socket(request) && host.size > 0 &&
        !host_is_loopback(host)) {
        refuse(visit, 421, "host-name", "This server answers on its own machine alone, not as \"{0}\".",
               error_slice(host).text);
        return false;
    }
    if (stranger(visit)) return false;
    if (!route_find(visit)) return false;
    if (http_method(request) == HTTP_OPTIONS) return true;
    if (http_method(request) == HTTP_POST && !origin_is_own(request)) {
        refuse(visit, 403, "origin-other", "Records are not handed in by a page of another site.", NULL);
        return false;
    }
    if (check_query(visit, &why) != STATUS_DONE) {
        visit_fault(visit, 0, &why);
        return false;
    }
    if (choose_form(visit)) return true;
    refuse(visit, 400, "query-form", "The address asks for a form that there is not.", NULL);
    return false;
}

static void visit_open(struct visit *visit, struct api *api, const struct http_request *request,
                       struct http_response *response)
{
    *visit = (struct visit){.api = api, .request = request, .response = response, .form = FORM_JSON};
    choose_language(request);
    choose_manner(request);
    if (request != NULL) {
        visit->route = route_of(request, visit->segment);
        visit->pages = form_preferred(FORM_JSON | FORM_HTML, http_header(request, "Accept")) == FORM_HTML;
    }
    put_headers(visit);
}

struct http_plan visit_begin(void *context, const struct http_request *request, struct http_response *response)
{
    struct visit visit;
    visit_open(&visit, context, request, response);
    if (!let_in(&visit)) return (struct http_plan){.where = HTTP_REFUSED};
    if (http_method(request) == HTTP_OPTIONS) return (struct http_plan){.where = HTTP_HERE};
    return (struct http_plan){.where = visit.form == FORM_HTML ? HTTP_ASIDE : visit.route->where,
                              .body_most = visit.route->body_most,
                              .share = gate_share(request, &visit.guest)};
}

/* A reader for the visit: the loop's own, or one of those shared aside. */
static enum truce_status take_reader(struct visit *visit, bool here, struct truce_error *error)
{
    struct seat *seat = http_thread();
    visit->borrowed = !here || seat == NULL;
    if (visit->borrowed) return readers_take(&visit->api->readers, &visit->reader, error);
    if (seat->reader == NULL) {
        enum truce_status status = truce_beside(&seat->reader, visit->api->reg, error);
        if (status != TRUCE_DONE) return status;
    }
    visit->reader = seat->reader;
    return TRUCE_DONE;
}

/* The languages that the form for paper is asked for in: "ar", "en,ar". */
static size_t print_languages(const struct visit *visit, enum language out[2])
{
    struct slice rest;
    size_t count = 0;
    if (visit->form != FORM_HTML || !visit->route->reads || !http_query(visit->request, "print", &rest)) return 0;
    while (rest.size > 0 && count < 2) {
        const uint8_t *comma = memchr(rest.data, ',', rest.size);
        size_t size = comma == NULL ? rest.size : (size_t)(comma - rest.data);
        if (language_parse(&out[count], slice_part(rest, 0, size))) count++;
        rest = slice_part(rest, size + 1, rest.size);
    }
    return count;
}

/* In two languages the page is made twice, the second first. */
static void print_aside(struct visit *visit)
{
    enum language languages[2];
    size_t count = print_languages(visit, languages);
    if (count == 2 && languages[0] != languages[1]) {
        visit->aside = &visit->beside;
        visit->beside_language = languages[1];
        words_language(languages[1]);
        visit->route->answer(visit);
        visit->aside = NULL;
    }
    if (count > 0) words_language(languages[0]);
}

void visit_answer(void *context, const struct http_request *request, struct http_response *response)
{
    struct visit visit;
    struct truce_error error;
    visit_open(&visit, context, request, response);
    if (http_method(request) == HTTP_OPTIONS) {
        route_options(&visit);
        return;
    }
    if (!choose_form(&visit)) return; /* cannot be: begin chose it */
    bool here = visit.form != FORM_HTML && visit.route->where == HTTP_HERE;
    gate_know(&visit.api->gate, request, &visit.guest);
    keep_choices(&visit);
    if (visit.route->reads && take_reader(&visit, here, &error) != TRUCE_DONE) {
        visit_problem(&visit, &error);
        return;
    }
    print_aside(&visit);
    visit.route->answer(&visit);
    buffer_clear(&visit.beside);
    if (visit.reader != NULL && visit.borrowed) readers_give(&visit.api->readers, visit.reader);
}

/* What the wire itself refuses. */
void visit_refuse(void *context, unsigned status, const struct http_request *request, struct http_response *response)
{
    static const struct {
        unsigned status;
        const char *code, *sentence;
    } refusals[] = {
        {400, "http-request", "This is no request of HTTP that can be answered."},
        {408, "http-slow", "The request did not come in time."},
        {413, "http-large",
         "The request is larger than the {0} KiB that are taken here. It can be sent in smaller parts; on the "
         "command line, truce takes larger files."},
        {414, "http-target", "The address is longer than can be taken here."},
        {431, "http-head", "The head of the request is larger than can be taken here."},
        {501, "http-method", "Neither this method nor this way of sending a body is known here."},
        {503, "http-busy", "The server is busy; try again in a moment."},
    };
    struct visit visit;
    visit_open(&visit, context, request, response);
    size_t most = visit.route == NULL ? 0 : visit.route->body_most / 1024;
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (refusals[i].status == status || i + 1 == COUNT_OF(refusals)) {
            refuse(&visit, status, refusals[i].code, refusals[i].sentence, error_number((int64_t)most).text);
            return;
        }
}

/* ---- pages */

bool visit_is_own(const struct visit *visit)
{
    const struct api *api = visit->api;
    return api->loopback && (api->called == NULL || host_is_loopback(slice_from(api->called)));
}

void visit_page_open(struct visit *visit, const struct now *now, struct visit_page *out)
{
    *out = (struct visit_page){.page = {.as_of = visit_value(visit, "as-of"),
                                        .known = visit_value(visit, "known"),
                                        .print = visit_value(visit, "print"),
                                        .register_name = now->register_name,
                                        .size = now->size,
                                        .root = now->root,
                                        .exercise = now->exercise,
                                        .own = visit_is_own(visit),
                                        .is_of = visit_reader_is_of,
                                        .reader = visit}};
    address_encode(&out->address, http_path(visit->request), "/"); /* it may hold what a page must not */
    buffer_put_byte(&out->address, '\0');
    buffer_put(&out->query, http_query_string(visit->request));
    buffer_put_byte(&out->query, '\0');
    records_open(&out->records, visit->reader);
    out->page.records = &out->records;
    out->page.address = out->address.failed ? "/" : (const char *)out->address.data;
    out->page.query = out->query.failed ? "" : (const char *)out->query.data;
}

void visit_page_close(struct visit_page *page)
{
    records_close(&page->records);
    buffer_clear(&page->address);
    buffer_clear(&page->query);
}

void visit_give_page(struct visit *visit, enum status status, const struct error *error, struct buffer *body)
{
    if (status == STATUS_DONE) {
        visit_give(visit, "text/html; charset=utf-8", body);
        return;
    }
    buffer_clear(body);
    visit_fault(visit, 0, error);
}
