/* POST /draft: what somebody wants to say becomes the text that is to be signed; the key stays with its owner. POST
 * /draft/view: who would see what of it. Fields come as a form (tell/filing.h), or as JSON. */
#include "api/draft.h"

#include "json/write.h"
#include "system/system.h"
#include <stdio.h>

/* ---- what came */

static enum status too_many(struct error *error)
{
    return error_set(error, STATUS_USAGE, "draft-many", "A draft has at most {0} fields, and each list {1}.",
                     error_number(FILING_FIELDS_MOST).text, error_number(FILING_LISTED_MOST).text, NULL);
}

static enum status take_form(struct drafting *d, struct error *error)
{
    struct slice name, value;
    for (size_t at = 0; http_form_next(d->visit->request, &at, &name, &value);)
        if (!filing_add(&d->filing, (const char *)name.data, (const char *)value.data)) return too_many(error);
    return STATUS_DONE;
}

static const char *string_of(struct drafting *d, struct slice text)
{
    char *out = arena_get(&d->filing.arena, text.size + 1);
    if (out == NULL) return "";
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return out;
}

/* Strings, and lists of them: what a form has beside the record's own fields. */
static enum status take_member(struct drafting *d, const struct json *member, struct error *error)
{
    const char *name = string_of(d, member->key);
    const struct json *first = member->type == JSON_ARRAY ? member->first : member;
    for (const struct json *m = first; m != NULL; m = member->type == JSON_ARRAY ? m->next : NULL)
        if (m->type == JSON_STRING && !filing_add(&d->filing, name, string_of(d, m->string))) return too_many(error);
    return STATUS_DONE;
}

/* {"kind","by","key","seal":[…],"unsealed":[…],"reader":[…],"object":{…}} */
static enum status take_json(struct drafting *d, struct error *error)
{
    const struct json *body;
    struct json_writer w;
    TRY(json_read(&body, http_body(d->visit->request), JSON_RELAXED, &d->filing.arena, error));
    const struct json *object = json_find(body, "object");
    for (const struct json *m = body->type == JSON_OBJECT ? body->first : NULL; m != NULL; m = m->next)
        TRY(take_member(d, m, error));
    if (object == NULL)
        return error_at(error, error_set(error, STATUS_USAGE, "draft-object", "There is no \"{0}\".", "object", NULL),
                        "/object");
    json_write_open(&w, &d->written);
    json_put_tree(&w, object);
    return json_write_finish(&w, error);
}

static bool is_json(const struct visit *visit)
{
    return slice_starts(http_header(visit->request, "Content-Type"), "application/json");
}

static bool done(struct drafting *d, enum status status, const struct error *why)
{
    if (status != STATUS_DONE) words_error(&d->error, why);
    return status == STATUS_DONE;
}

bool drafting_open(struct drafting *d, struct visit *visit)
{
    struct error why;
    d->visit = visit;
    d->object = (struct truce_buffer){0};
    d->written = (struct buffer){0};
    d->whole = (struct slice){NULL, 0};
    records_open(&d->records, visit->reader);
    filing_open(&d->filing, &d->records, system_real.now_ms(system_real.context) / 1000);
    return done(d, is_json(visit) ? take_json(d, &why) : take_form(d, &why), &why);
}

/* What was to be sealed stays nowhere in memory. */
void drafting_close(struct drafting *d)
{
    if (d->object.data != NULL) explicit_bzero(d->object.data, d->object.size);
    if (d->written.data != NULL) explicit_bzero(d->written.data, d->written.size);
    truce_free(&d->object);
    buffer_clear(&d->written);
    filing_close(&d->filing);
    records_close(&d->records);
}

bool drafting_read(struct drafting *d)
{
    struct error why;
    if (!done(d, filing_read(&d->filing, &why), &why)) return false;
    if (is_json(d->visit)) {
        d->whole = buffer_slice(&d->written);
        return true;
    }
    const struct filing *filing = &d->filing;
    if (truce_object(filing->kind, filing->fields, filing->count, &d->object, &d->error) != TRUCE_DONE) return false;
    d->whole = slice_of(d->object.data, d->object.size);
    return true;
}

/* ---- what it becomes */

static struct truce_write_options options_of(const struct drafting *d)
{
    return (struct truce_write_options){d->filing.seal, d->filing.unsealed, d->filing.readers};
}

static struct truce_author author_of(const struct drafting *d)
{
    return (struct truce_author){d->filing.by, d->filing.key};
}

bool drafting_view(struct drafting *d, struct truce_buffer *answer)
{
    const struct truce_write_options options = options_of(d);
    const struct truce_author author = author_of(d);
    return truce_draft_view(d->visit->reader, &author, d->filing.kind, (const char *)d->whole.data, d->whole.size,
                            &options, answer, &d->error) == TRUCE_DONE;
}

/* Would a host that is not the writer's own be told what it must not know? */
static bool tells_host(struct drafting *d)
{
    struct truce_buffer answer = {0};
    const struct json *seen = NULL;
    struct error why;
    if (d->visit->api->loopback) return false;
    if (!drafting_view(d, &answer)) return true;
    bool read =
        json_read(&seen, slice_of(answer.data, answer.size), JSON_RELAXED, &d->filing.arena, &why) == STATUS_DONE;
    bool seals = !read || json_find(json_find(seen, "everyone"), "sealed") != NULL;
    if (seals)
        (void)!done(d,
                    error_set(&why, STATUS_REFUSED, "draft-sealed",
                              "What is sealed is written on one's own machine (truce write), for this server's host "
                              "could read it here.",
                              NULL),
                    &why);
    explicit_bzero(answer.data, answer.size);
    truce_free(&answer);
    return seals;
}

bool drafting_text(struct drafting *d, struct truce_buffer *text)
{
    const struct truce_write_options options = options_of(d);
    const struct truce_author author = author_of(d);
    return !tells_host(d) && truce_draft(d->visit->reader, &author, d->filing.kind, (const char *)d->whole.data,
                                         d->whole.size, &options, text, &d->error) == TRUCE_DONE;
}

/* ---- the routes */

static void give_text(struct drafting *d, struct truce_buffer *text)
{
    struct buffer body = {0};
    struct json_writer w;
    json_write_open(&w, &body);
    json_put_object(&w);
    json_put_key(&w, "by"), json_put_string(&w, d->filing.by);
    json_put_key(&w, "key"), json_put_string(&w, d->filing.key);
    json_put_key(&w, "text"), json_put_slice(&w, slice_of(text->data, text->size));
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) body.failed = true;
    buffer_put_byte(&body, '\n');
    truce_free(text);
    visit_cache(d->visit, "no-store", NULL);
    visit_give(d->visit, "application/json", &body);
}

void post_draft(struct visit *visit)
{
    struct drafting d;
    struct truce_buffer text = {0};
    if (drafting_open(&d, visit) && drafting_read(&d) && drafting_text(&d, &text))
        give_text(&d, &text);
    else
        visit_problem(visit, &d.error);
    drafting_close(&d);
}

void post_draft_view(struct visit *visit)
{
    struct drafting d;
    struct truce_buffer answer = {0};
    if (drafting_open(&d, visit) && drafting_read(&d) && drafting_view(&d, &answer)) {
        visit_cache(visit, "no-store", NULL);
        visit_give_answer(visit, "application/json", &answer);
    } else {
        visit_problem(visit, &d.error);
    }
    drafting_close(&d);
}
