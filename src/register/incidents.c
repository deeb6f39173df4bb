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

static enum status incident_value(struct truce_register *reg, const struct moment *moment, struct view *view,
                                  const void *id, struct json_writer *w, struct error *error)
{
    struct incident *incident = NULL;
    struct event_records records;
    OWN(buffer_clear) struct buffer beside = {0};
    uint64_t index;
    TRY(known_record(reg, moment, id, &index, error));
    TRY(incident_open(&incident, view, index, error));
    incident_records(incident, &records);
    enum status status = put_beside(reg, moment, view, &records, &beside, error);
    if (status == STATUS_DONE) status = incident_put(incident, buffer_slice(&beside), true, w, error);
    incident_close(&incident);
    return status;
}

enum truce_status truce_incident(struct truce_register *reg, const char *id, const struct truce_moment *moment,
                                 struct truce_buffer *answer, struct truce_error *error)
{
    return answer_value_at(reg, moment, "incident", incident_value, id, answer, error);
}
