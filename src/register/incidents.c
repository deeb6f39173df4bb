/* Incidents, one and many: what the terms make of the facts, and what else speaks of them in the log. */
#include "register/beside.h"

/* ---- what is looked for */

static struct slice optional(const char *text)
{
    return text == NULL ? (struct slice){NULL, 0} : slice_from(text);
}

enum status sought_read(const struct truce_sought *asked, struct sought *out, struct error *error)
{
    const struct truce_query *q = &asked->query;
    *out = (struct sought){
        .by = optional(q->by),
        .against = optional(asked->against),
        .has_from = q->has_from,
        .has_to = q->has_to,
        .has_near = q->has_near,
        .has_box = q->has_box,
        .several = asked->several,
        .from = q->from,
        .to = q->to,
        .near = {q->lat_e7, q->lon_e7},
        .box = {q->south_e7, q->west_e7, q->north_e7, q->east_e7},
    };
    if (q->has_from && q->has_to && q->from > q->to)
        return error_set(error, STATUS_USAGE, "find-order", "The end asked for is earlier than the beginning.", NULL);
    if (q->has_near && (q->within_m < 0 || q->within_m > 20037508))
        return error_set(error, STATUS_USAGE, "find-distance", "A distance lies between 0 and 20,037,508 m.", NULL);
    if (q->has_near) out->within_mm = q->within_m * 1000;
    return STATUS_DONE;
}

/* ---- many */

struct walk {
    struct view *view;
    truce_line *line;
    void *context;
    uint64_t left;
    struct buffer out;
};

static enum status give(void *context, uint64_t first, bool *on, struct error *error)
{
    struct walk *walk = context;
    struct incident *incident = NULL;
    struct json_writer w;
    buffer_reset(&walk->out);
    json_write_open(&w, &walk->out);
    json_put_object(&w);
    json_put_key(&w, "incident");
    TRY(incident_open(&incident, walk->view, first, error));
    enum status status = incident_put(incident, (struct slice){NULL, 0}, false, &w, error);
    incident_close(&incident);
    TRY(status);
    json_put_key(&w, "index"), json_put_integer(&w, (int64_t)first);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    *on = --walk->left > 0;
    return public_line(walk->line, walk->context, STATUS_DONE, buffer_slice(&walk->out), error);
}

enum truce_status truce_incidents(struct truce_register *reg, const struct truce_sought *asked,
                                  const struct truce_moment *moment, truce_line *line, void *context,
                                  struct truce_error *error)
{
    struct error why;
    struct look look;
    struct sought sought;
    struct walk walk = {.line = line, .context = context};
    walk.left = asked->query.limit == 0 ? UINT64_MAX : asked->query.limit;
    enum status status = sought_read(asked, &sought, &why);
    if (status == STATUS_DONE) status = look_begin(reg, moment, &look, &why);
    if (status == STATUS_DONE) {
        walk.view = look.view;
        status = incidents_walk(look.view, asked->query.after, &sought, give, &walk, &why);
        look_end(&look);
    }
    buffer_clear(&walk.out);
    return public_status(status, &why, error);
}

/* ---- one */

enum status known_record(struct truce_register *reg, const struct moment *moment, const char *id, uint64_t *index,
                         struct error *error)
{
    bool is_void;
    TRY(register_find(reg, id, index, &is_void, error));
    if (*index < moment->size && !is_void) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "record-absent", "No record of this register has an id that begins {0}.",
                     error_slice(slice_from(id)).text, NULL);
}

static enum status put_beside(struct truce_register *reg, const struct moment *moment, const struct view *view,
                              const struct event_records *records, struct buffer *out, struct error *error)
{
    struct beside beside = {.reg = reg, .view = view, .size = moment->size};
    struct json_writer w;
    TRY(beside_find(&beside, records, error));
    json_write_open(&w, out);
    json_put_object(&w);
    TRY(beside_put(&beside, &w, error));
    json_put_close(&w);
    return json_write_finish(&w, error);
}

/* ---- one that is no more */

static enum status put_gone_one(struct truce_register *reg, const struct incident_gone *gone, size_t i,
                                struct json_writer *w, struct error *error)
{
    struct seen itself, cause;
    TRY(sight_entry(reg, gone->list[i].index, &itself, error));
    TRY(sight_entry(reg, gone->list[i].cause, &cause, error));
    json_put_object(w);
    if (gone->list[i].cause != gone->list[i].index) answer_put_id(w, "cause", &cause.id);
    json_put_key(w, "effect"), json_put_string(w, gone->list[i].effect);
    answer_put_id(w, "id", &itself.id);
    json_put_close(w);
    return STATUS_DONE;
}

static void put_none(struct json_writer *w, const char *const *keys)
{
    for (; *keys != NULL; keys++) {
        json_put_key(w, *keys);
        json_put_array(w);
        json_put_close(w);
    }
}

/* The members of any incident, so that a program that reads one reads this: only nothing is in it. */
static enum status put_gone(struct truce_register *reg, const struct incident_gone *gone, struct slice beside,
                            struct json_writer *w, struct error *error)
{
    static const char *const before[] = {"links", "members", NULL}, *const after[] = {"readings", "suggested", NULL},
                             *const also[] = {"also", NULL};
    struct seen first;
    TRY(sight_entry(reg, gone->list[0].index, &first, error));
    json_put_object(w);
    put_none(w, also);
    json_put_key(w, "beside"), json_put_raw(w, beside);
    answer_put_id(w, "first", &first.id);
    json_put_key(w, "gone");
    json_put_array(w);
    for (size_t i = 0; i < gone->count; i++) TRY(put_gone_one(reg, gone, i, w, error));
    json_put_close(w);
    put_none(w, before);
    TRY(beside_put_ids(reg, "named_by", &gone->naming, w, error));
    put_none(w, after);
    json_put_close(w);
    return STATUS_DONE;
}

/* Its record was withdrawn, or what it speaks of was: the address was shared, so it says so. The error is already what
 * is said where it never told of an event. */
static enum status gone_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                              uint64_t index, struct json_writer *w, struct error *error)
{
    struct incident_gone gone;
    struct event_records records = {.count = 0};
    OWN(buffer_clear) struct buffer beside = {0};
    TRY(incident_gone(view, index, &gone, error));
    if (gone.count == 0) return STATUS_FAILED;
    for (size_t i = 0; i < gone.count; i++) records.index[records.count++] = gone.list[i].index;
    TRY(put_beside(reg, moment, view, &records, &beside, error));
    return put_gone(reg, &gone, buffer_slice(&beside), w, error);
}

static bool is_none(enum status status, const struct error *error)
{
    return status == STATUS_FAILED && error->code != NULL && strcmp(error->code, "incident-none") == 0;
}

static enum status incident_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                  const void *id, struct json_writer *w, struct error *error)
{
    struct incident *incident = NULL;
    struct event_records records;
    OWN(buffer_clear) struct buffer beside = {0};
    uint64_t index;
    TRY(known_record(reg, moment, id, &index, error));
    enum status status = incident_open(&incident, view, index, error);
    if (is_none(status, error)) return gone_value(reg, moment, view, index, w, error);
    TRY(status);
    incident_records(incident, &records);
    status = put_beside(reg, moment, view, &records, &beside, error);
    if (status == STATUS_DONE) status = incident_put(incident, buffer_slice(&beside), true, w, error);
    incident_close(&incident);
    return status;
}

enum truce_status truce_incident(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                                 struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "incident", incident_value, id, answer, error);
}
