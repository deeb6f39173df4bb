/* POST /draft: what somebody wants to say becomes the text that is to be signed; the key stays with its owner. POST
 * /draft/view: who would see what of it. Fields come as a form, in the names of truce_object, or as JSON. */
#include "api/internal.h"

#include "json/write.h"
#include <stdio.h>

enum { FIELDS_MOST = 256, LISTED_MOST = 64, DRAFT_ARENA_BYTES = 64 * 1024 * 1024 };

struct drafting {
    struct visit *visit;
    struct arena arena;
    const char *kind;
    struct truce_author author;
    struct truce_buffer object; /* of a form */
    struct buffer written;      /* of JSON */
    struct slice whole;         /* the one of the two */
    const char *seal[LISTED_MOST + 1], *unsealed[LISTED_MOST + 1], *readers[LISTED_MOST + 1];
    size_t seals, unseals, reads, count;
    struct truce_field fields[FIELDS_MOST];
};

/* ---- what came */

static enum status too_many(struct error *error)
{
    return error_set(error, STATUS_USAGE, "draft-many", "A draft has at most {0} fields, and each list {1}.",
                     error_number(FIELDS_MOST).text, error_number(LISTED_MOST).text, NULL);
}

static enum status add(const char **list, size_t *count, const char *value, struct error *error)
{
    if (value[0] == '\0') return STATUS_DONE;
    if (*count == LISTED_MOST) return too_many(error);
    list[(*count)++] = value;
    return STATUS_DONE;
}

/* The members that are not the record's own; false for a field. */
static bool take_named(struct drafting *d, const char *name, const char *value, enum status *status,
                       struct error *error)
{
    *status = STATUS_DONE;
    if (strcmp(name, "kind") == 0)
        d->kind = value;
    else if (strcmp(name, "by") == 0)
        d->author.by = value;
    else if (strcmp(name, "key") == 0)
        d->author.key = value;
    else if (strcmp(name, "seal") == 0)
        *status = add(d->seal, &d->seals, value, error);
    else if (strcmp(name, "unsealed") == 0)
        *status = add(d->unsealed, &d->unseals, value, error);
    else if (strcmp(name, "reader") == 0)
        *status = add(d->readers, &d->reads, value, error);
    else
        return false;
    return true;
}

/* A field that was left empty was not filled in. */
static enum status take_form(struct drafting *d, struct error *error)
{
    struct slice name, value;
    for (size_t at = 0; http_form_next(d->visit->request, &at, &name, &value);) {
        enum status status;
        if (take_named(d, (const char *)name.data, (const char *)value.data, &status, error)) {
            TRY(status);
            continue;
        }
        if (value.size == 0) continue;
        if (d->count == FIELDS_MOST) return too_many(error);
        d->fields[d->count++] = (struct truce_field){(const char *)name.data, (const char *)value.data};
    }
    return STATUS_DONE;
}

static const char *string_of(struct drafting *d, const struct json *value)
{
    char *out = value->type != JSON_STRING ? NULL : arena_get(&d->arena, value->string.size + 1);
    if (out == NULL) return "";
    memcpy(out, value->string.data, value->string.size);
    out[value->string.size] = '\0';
    return out;
}

static enum status take_member(struct drafting *d, const struct json *member, struct error *error)
{
    char name[16];
    enum status status;
    if (member->key.size >= sizeof name) return STATUS_DONE;
    snprintf(name, sizeof name, "%.*s", SLICE(member->key));
    if (member->type == JSON_ARRAY) {
        for (const struct json *m = member->first; m != NULL; m = m->next)
            if (take_named(d, name, string_of(d, m), &status, error)) TRY(status);
        return STATUS_DONE;
    }
    if (member->type == JSON_STRING && take_named(d, name, string_of(d, member), &status, error)) return status;
    return STATUS_DONE;
}

/* {"kind","by","key","seal":[…],"unsealed":[…],"reader":[…],"object":{…}} */
static enum status take_json(struct drafting *d, struct error *error)
{
    const struct json *body;
    struct json_writer w;
    TRY(json_read(&body, http_body(d->visit->request), JSON_RELAXED, &d->arena, error));
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

static bool give_fault(struct drafting *d, const struct error *why)
{
    visit_fault(d->visit, why->status == STATUS_FAILED ? 0 : 422, why);
    return false;
}

static bool drafting_open(struct drafting *d, struct visit *visit)
{
    struct error why;
    struct truce_error error;
    *d = (struct drafting){.visit = visit, .kind = "", .author = {"", ""}};
    arena_init(&d->arena, DRAFT_ARENA_BYTES);
    bool json = slice_starts(http_header(visit->request, "Content-Type"), "application/json");
    enum status status = json ? take_json(d, &why) : take_form(d, &why);
    if (status != STATUS_DONE) return give_fault(d, &why);
    if (!json && truce_object(d->kind, d->fields, d->count, &d->object, &error) != TRUCE_DONE) {
        visit_problem(visit, &error);
        return false;
    }
    d->whole = json ? buffer_slice(&d->written) : slice_of(d->object.data, d->object.size);
    return true;
}

/* What was to be sealed stays nowhere in memory. */
static void drafting_close(struct drafting *d)
{
    if (d->object.data != NULL) explicit_bzero(d->object.data, d->object.size);
    if (d->written.data != NULL) explicit_bzero(d->written.data, d->written.size);
    truce_free(&d->object);
    buffer_clear(&d->written);
    arena_clear(&d->arena);
}

/* ---- what it becomes */

static struct truce_write_options options_of(const struct drafting *d)
{
    return (struct truce_write_options){d->seal, d->unsealed, d->readers};
}

static bool view(struct drafting *d, struct truce_buffer *answer)
{
    struct truce_error error;
    const struct truce_write_options options = options_of(d);
    if (truce_draft_view(d->visit->reader, &d->author, d->kind, (const char *)d->whole.data, d->whole.size, &options,
                         answer, &error) == TRUCE_DONE)
        return true;
    visit_problem(d->visit, &error);
    return false;
}

/* Would a host that is not the writer's own be told what it must not know? */
static bool tells_host(struct drafting *d)
{
    struct truce_buffer answer = {0};
    const struct json *seen = NULL;
    struct error why;
    if (d->visit->api->loopback) return false;
    if (!view(d, &answer)) return true;
    bool read = json_read(&seen, slice_of(answer.data, answer.size), JSON_RELAXED, &d->arena, &why) == STATUS_DONE;
    bool seals = !read || json_find(json_find(seen, "everyone"), "sealed") != NULL;
    if (seals) {
        (void)!error_set(&why, STATUS_REFUSED, "draft-sealed",
                         "What is sealed is written on one's own machine (truce write), for this server's host could "
                         "read it here.",
                         NULL);
        visit_fault(d->visit, 422, &why);
    }
    explicit_bzero(answer.data, answer.size);
    truce_free(&answer);
    return seals;
}

static void give_text(struct visit *visit, const struct drafting *d, struct truce_buffer *text)
{
    struct buffer body = {0};
    struct json_writer w;
    json_write_open(&w, &body);
    json_put_object(&w);
    json_put_key(&w, "by"), json_put_string(&w, d->author.by);
    json_put_key(&w, "key"), json_put_string(&w, d->author.key);
    json_put_key(&w, "text"), json_put_slice(&w, slice_of(text->data, text->size));
    json_put_close(&w);
    if (json_write_finish(&w, NULL) != STATUS_DONE) body.failed = true;
    buffer_put_byte(&body, '\n');
    truce_free(text);
    visit_cache(visit, "no-store", NULL);
    visit_give(visit, "application/json", &body);
}

static void draft(struct drafting *d)
{
    struct truce_error error;
    struct truce_buffer text = {0};
    const struct truce_write_options options = options_of(d);
    if (tells_host(d)) return;
    if (truce_draft(d->visit->reader, &d->author, d->kind, (const char *)d->whole.data, d->whole.size, &options, &text,
                    &error) == TRUCE_DONE)
        give_text(d->visit, d, &text);
    else
        visit_problem(d->visit, &error);
}

void post_draft(struct visit *visit)
{
    struct drafting d;
    if (drafting_open(&d, visit)) draft(&d);
    drafting_close(&d);
}

void post_draft_view(struct visit *visit)
{
    struct drafting d;
    struct truce_buffer answer = {0};
    if (drafting_open(&d, visit) && view(&d, &answer)) {
        visit_cache(visit, "no-store", NULL);
        visit_give_answer(visit, "application/json", &answer);
    }
    drafting_close(&d);
}
