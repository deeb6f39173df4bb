/* GET /outbox, POST /outbox/send: what was written here and waits, and how far the rest came. */
#include "api/outbox.h"

#include "api/internal.h"
#include "json/write.h"
#include <inttypes.h>
#include <stdio.h>

enum { OWN_MOST = 20, TAKEN_MOST = 50, REFUSALS_MOST = 200, OUTBOX_ARENA_BYTES = 512 * 1024 * 1024 };

/* A member of the register, or an exercise on this machine: as for handing in. */
bool outbox_is_shown(struct visit *visit)
{
    struct guest guest;
    bool again;
    return visit_is_own(visit) && gate_lets_in(&visit->api->gate, visit->request, ACCESS_MEMBER, &guest, &again);
}

bool outbox_is_own(struct visit *visit)
{
    struct error why;
    if (outbox_is_shown(visit)) return true;
    (void)!error_set(&why, STATUS_USAGE, "outbox-elsewhere",
                     "Outbox and pouches are the affair of the machine where records are written: there, truce serve "
                     "shows them on its own address.",
                     NULL);
    visit_fault(visit, 403, &why);
    return false;
}

/* ---- the lists */

struct list {
    struct buffer *out;
    const char *only; /* lines that have this in them, or NULL */
    bool any;
};

static int list_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct list *list = context;
    (void)status;
    if (list->only != NULL && memmem(line, size, list->only, strlen(list->only)) == NULL) return 0;
    if (list->any) buffer_put_byte(list->out, ',');
    list->any = true;
    buffer_put(list->out, slice_of(line, size));
    return 0;
}

static enum truce_status put_lists(struct visit *visit, struct buffer *out, struct truce_error *error)
{
    struct list list = {.out = out};
    buffer_put_string(out, "{\"arrivals\":[");
    enum truce_status status = truce_arrivals(visit->reader, list_line, &list, error);
    buffer_put_string(out, "],\"outbox\":[");
    list.any = false;
    if (status == TRUCE_DONE) status = truce_outbox(visit->reader, OWN_MOST, list_line, &list, error);
    buffer_put_string(out, "],\"promises\":[");
    list.any = false;
    if (status == TRUCE_DONE) status = truce_promises_look(visit->reader, list_line, &list, error);
    buffer_put_string(out, "],\"sealed\":[");
    list = (struct list){.out = out, .only = "\"state\":\"waiting\""};
    if (status == TRUCE_DONE) status = truce_sealed_list(visit->reader, list_line, &list, error);
    buffer_put_string(out, "]}");
    return status;
}

static void give_made(struct visit *visit, const struct page_outbox *what)
{
    struct visit_page page;
    struct truce_error error;
    struct buffer body = {0};
    struct error why;
    struct now now;
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    visit_page_open(visit, &now, &page);
    page.page.address = "/outbox"; /* where one comes to what was sent by a form */
    visit_cache(visit, "no-store", NULL);
    visit_give_page(visit, page_outbox(&body, &page.page, what, &why), &why, &body);
    visit_page_close(&page);
}

static void give_page(struct visit *visit, struct slice lists, struct slice opened)
{
    struct arena arena;
    struct error why = {.status = STATUS_DONE};
    struct page_outbox what = {.shown = lists.size > 0, .pouch_most = POUCH_BODY_MOST};
    arena_init(&arena, OUTBOX_ARENA_BYTES);
    enum status status = STATUS_DONE;
    if (lists.size > 0) status = json_read(&what.answer, lists, JSON_RELAXED, &arena, &why);
    if (status == STATUS_DONE && opened.size > 0) status = json_read(&what.opened, opened, JSON_RELAXED, &arena, &why);
    if (status == STATUS_DONE)
        give_made(visit, &what);
    else
        visit_fault(visit, 500, &why);
    arena_clear(&arena);
}

static void give_lists(struct visit *visit, struct slice opened)
{
    struct truce_error error = {.offset = -1};
    struct buffer lists = {0};
    if (put_lists(visit, &lists, &error) != TRUCE_DONE) {
        buffer_clear(&lists);
        visit_problem(visit, &error);
    } else if (visit->form == FORM_HTML) {
        give_page(visit, buffer_slice(&lists), opened);
        buffer_clear(&lists);
    } else {
        buffer_put_byte(&lists, '\n');
        visit_cache(visit, "no-store", NULL);
        visit_give(visit, "application/json", &lists);
    }
}

void get_outbox(struct visit *visit)
{
    const struct slice nothing = {NULL, 0};
    if (outbox_is_shown(visit))
        give_lists(visit, nothing);
    else if (visit->form == FORM_HTML)
        give_page(visit, nothing, nothing);
    else
        (void)outbox_is_own(visit);
}

/* ---- what came of handing in */

static void put_value(struct buffer *out, const char *line, size_t size)
{
    if (out->size > 0) buffer_put_byte(out, ',');
    buffer_put(out, slice_of(line, size));
}

int handing_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct handing *handing = context;
    static const char erased[] = "\"refused\":\"seal-erased\"";
    char id[ROOT_SIZE] = "", quoted[ROOT_SIZE + 2];
    if (status == TRUCE_UNVERIFIED) {
        put_value(&handing->told, line, size);
    } else if (status == TRUCE_REFUSED && memmem(line, size, erased, sizeof erased - 1) != NULL) {
        /* what was erased here stays erased, whatever a pouch still has */
    } else if (status == TRUCE_REFUSED) {
        if (handing->refusals.size < REFUSALS_MOST * 1024) put_value(&handing->refusals, line, size);
    } else if (sscanf(line, "{\"id\":\"%64[0-9a-f]\"", id) == 1) {
        snprintf(quoted, sizeof quoted, "\"%s\"", id);
        if (handing->receipts++ < TAKEN_MOST) put_value(&handing->taken, quoted, strlen(quoted));
    }
    return 0;
}

static void put_answer(const struct handing *handing, struct buffer *out)
{
    struct json_writer w;
    bool counted = handing->counts.size > 0;
    json_write_open(&w, out);
    json_put_object(&w);
    if (handing->status != TRUCE_DONE) json_put_key(&w, "code"), json_put_string(&w, handing->error.code);
    if (counted) json_put_key(&w, "counts"), json_put_raw(&w, slice_of(handing->counts.data, handing->counts.size));
    if (handing->status != TRUCE_DONE) json_put_key(&w, "message"), json_put_string(&w, handing->error.message);
    json_put_key(&w, "receipts"), json_put_integer(&w, (int64_t)handing->receipts);
    static const char *const names[] = {"refusals", "taken", "told"};
    const struct buffer *const lists[] = {&handing->refusals, &handing->taken, &handing->told};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        OWN(buffer_clear) struct buffer list = {0};
        buffer_put_byte(&list, '[');
        buffer_put(&list, buffer_slice(lists[i]));
        buffer_put_byte(&list, ']');
        json_put_key(&w, names[i]), json_put_raw(&w, buffer_slice(&list));
    }
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) out->failed = true;
}

static unsigned http_status_of(const struct handing *handing)
{
    switch (handing->status) {
    case TRUCE_DONE: return 200;
    case TRUCE_REFUSED: return 422;
    case TRUCE_UNVERIFIED: return 409;
    case TRUCE_FAILED:
    case TRUCE_USAGE: break;
    }
    return 500;
}

void handing_give(struct handing *handing)
{
    struct visit *visit = handing->visit;
    struct buffer answer = {0};
    put_answer(handing, &answer);
    bool said = handing->status != TRUCE_FAILED && handing->status != TRUCE_USAGE;
    bool some = handing->receipts > 0 || handing->refusals.size > 0 || handing->told.size > 0;
    if (!said && !some) {
        buffer_clear(&answer);
        visit_problem(visit, &handing->error);
    } else if (visit->form == FORM_HTML) {
        http_status(visit->response, http_status_of(handing));
        give_lists(visit, buffer_slice(&answer));
        buffer_clear(&answer);
    } else {
        http_status(visit->response, http_status_of(handing));
        visit_cache(visit, "no-store", NULL);
        buffer_put_byte(&answer, '\n');
        visit_give(visit, "application/json", &answer);
    }
    buffer_clear(&handing->taken);
    buffer_clear(&handing->refusals);
    buffer_clear(&handing->told);
    truce_free(&handing->counts);
}

void post_outbox_send(struct visit *visit)
{
    struct handing handing = {.visit = visit, .error = {.offset = -1}};
    if (!outbox_is_own(visit)) return;
    handing.status = truce_outbox_send(visit->api->reg, handing_line, &handing, &handing.error);
    handing_give(&handing);
}
