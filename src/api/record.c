/* GET /records/ID: one record, its note, its proof, its receipt. */
#include "api/internal.h"

#include "base/table.h"

#include <stdio.h>

enum { RECORD_ARENA_BYTES = 64 * 1024 * 1024, ID_DIGITS = 64, NAMED_BY_MOST = 50 };

static const char for_good[] = "private, max-age=31536000, immutable", asked_again[] = "private, no-cache";

/* A note never changes; what a beginning of its id names may come to be two. */
static const char *keep(const struct visit *visit)
{
    return strlen(visit->segment[0]) == ID_DIGITS ? for_good : asked_again;
}

static bool show(struct visit *visit, enum truce_form form, struct truce_buffer *out)
{
    struct truce_error error;
    if (truce_show(visit->reader, visit->segment[0], form, out, &error) == TRUCE_DONE) return true;
    visit_problem(visit, &error);
    return false;
}

/* Who names it, as known at the page's moment. */
static bool find_named_by(struct visit *visit, struct arena *arena, const struct json **out)
{
    struct truce_moment moment;
    struct ask_fault fault;
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct error why;
    if (!ask_moment(&moment, visit_value, visit, &fault)) {
        visit_ask_fault(visit, &fault);
        return false;
    }
    if (truce_named_by(visit->reader, visit->segment[0], NAMED_BY_MOST, &moment, &answer, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return false;
    }
    struct slice text = arena_copy(arena, slice_of(answer.data, answer.size));
    truce_free(&answer);
    if (json_read(out, text, JSON_RELAXED, arena, &why) == STATUS_DONE) return true;
    visit_fault(visit, 0, &why);
    return false;
}

static void give_record_page(struct visit *visit, const struct now *now, const struct json *record,
                             const struct json *named_by)
{
    struct truce_buffer note = {0}, proof = {0};
    struct truce_error error;
    struct visit_page page;
    struct buffer body = {0};
    struct error why;
    if (!show(visit, TRUCE_NOTE, &note)) return;
    (void)!truce_show(visit->reader, visit->segment[0], TRUCE_PROOF, &proof, &error); /* perhaps not yet */
    visit_page_open(visit, now, &page);
    visit_cache(visit, asked_again, "Accept, Accept-Language, Cookie");
    const struct page_shown shown = {record, named_by, slice_of(note.data, note.size),
                                     slice_of(proof.data, proof.size)};
    enum status status = page_record(&body, &page.page, &shown, &why);
    visit_give_page(visit, status, &why, &body);
    visit_page_close(&page);
    truce_free(&proof);
    truce_free(&note);
}

static void get_page(struct visit *visit, const struct truce_buffer *answer)
{
    struct arena arena;
    const struct json *record, *named_by;
    struct truce_error error;
    struct error why;
    struct now now;
    if (api_now(visit->api, visit->reader, &now, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return;
    }
    arena_init(&arena, RECORD_ARENA_BYTES);
    if (json_read(&record, slice_of(answer->data, answer->size), JSON_RELAXED, &arena, &why) != STATUS_DONE)
        visit_fault(visit, 0, &why);
    else if (find_named_by(visit, &arena, &named_by))
        give_record_page(visit, &now, record, named_by);
    arena_clear(&arena);
}

/* What is told beside a record changes: it is contested, or somebody has read it. */
static void tag(struct visit *visit, struct slice body)
{
    char text[ID_DIGITS + 16];
    snprintf(text, sizeof text, "%.*s-%08x", ID_DIGITS, visit->segment[0], table_hash(body));
    http_tag(visit->response, text);
}

void get_record(struct visit *visit)
{
    struct truce_buffer answer = {0};
    struct buffer body = {0};
    if (!show(visit, TRUCE_JSON, &answer)) return;
    if (visit->form == FORM_HTML) {
        get_page(visit, &answer);
        truce_free(&answer);
        return;
    }
    buffer_put(&body, slice_of(answer.data, answer.size));
    buffer_put_byte(&body, '\n');
    truce_free(&answer);
    visit_cache(visit, asked_again, "Accept, Accept-Language, Cookie");
    tag(visit, buffer_slice(&body));
    visit_give(visit, "application/json", &body);
}

void get_record_note(struct visit *visit)
{
    struct truce_buffer answer = {0};
    if (!show(visit, TRUCE_NOTE, &answer)) return;
    visit_cache(visit, keep(visit), NULL);
    http_tag(visit->response, visit->segment[0]);
    visit_give_answer(visit, "text/plain; charset=utf-8", &answer);
}

/* Under the newest checkpoint: another one comes with the next. */
void get_record_proof(struct visit *visit)
{
    struct truce_buffer answer = {0};
    if (!show(visit, TRUCE_PROOF, &answer)) return;
    visit_cache(visit, asked_again, NULL);
    visit_give_answer(visit, "text/plain; charset=utf-8", &answer);
}

/* It climbs as others cosign and copy. */
void get_record_receipt(struct visit *visit)
{
    struct truce_buffer answer = {0};
    struct buffer body = {0};
    if (!show(visit, TRUCE_RECEIPT, &answer)) return;
    buffer_put(&body, slice_of(answer.data, answer.size));
    buffer_put_byte(&body, '\n');
    truce_free(&answer);
    visit_cache(visit, asked_again, NULL);
    visit_give(visit, "application/json", &body);
}
