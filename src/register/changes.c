/* How the standing came to be what it is: every change of every verdict, in the order in which the register learned of
 * what made it, each as of that moment; and between two records those that time alone made. */
#include "register/sight.h"

#include "json/write.h"

struct telling {
    struct truce_register *reg;
    truce_line *line;
    void *context;
    struct changes *changes;
    struct view *view;
    const struct record_id *by; /* the record that makes the changes, or NULL: time alone */
    uint64_t known, after;      /* changes made by what stands below `after` are not told */
    int64_t at;
    bool stopped;
    enum status status;
    struct error *error;
};

static void put_name(struct json_writer *w, const char *key, struct slice name)
{
    if (name.size == 0) return;
    json_put_key(w, key);
    json_put_slice(w, name);
}

static void on_change(void *context, const struct change *change)
{
    struct telling *t = context;
    OWN(buffer_clear) struct buffer out = {0};
    struct json_writer w;
    char time[TIME_TEXT_SIZE], id[HASH_HEX_SIZE];
    if (t->stopped || t->status != STATUS_DONE || (t->after > 0 && t->known <= t->after)) return;
    json_write_open(&w, &out);
    json_put_object(&w);
    put_name(&w, "agreement", change->agreement);
    time_format(t->at, time);
    json_put_key(&w, "at"), json_put_string(&w, time);
    json_put_key(&w, "becomes"), json_put_string(&w, change->becomes);
    if (t->by != NULL) {
        hash_format(&t->by->hash, id);
        json_put_key(&w, "by"), json_put_string(&w, id);
    }
    put_name(&w, "channel", change->channel);
    json_put_key(&w, "known"), json_put_integer(&w, (int64_t)t->known);
    put_name(&w, "term", change->term);
    if (change->was != NULL) json_put_key(&w, "was"), json_put_string(&w, change->was);
    json_put_close(&w);
    t->status = json_write_finish(&w, t->error);
    buffer_put_byte(&out, '\0');
    if (t->status == STATUS_DONE) t->status = buffer_finish(&out, t->error);
    if (t->status == STATUS_DONE)
        t->stopped = t->line(t->context, TRUCE_DONE, (const char *)out.data, out.size - 1) != 0;
}

static enum status look(struct telling *t, int64_t at, const struct record_id *by, struct error *error)
{
    t->at = at;
    t->by = by;
    t->error = error;
    TRY(changes_note(t->changes, t->view, at, on_change, t, error));
    return t->status;
}

/* What time alone changes up to then. */
static enum status pass_time(struct telling *t, int64_t until, struct error *error)
{
    while (!t->stopped && changes_next(t->changes) <= until) TRY(look(t, changes_next(t->changes), NULL, error));
    return STATUS_DONE;
}

static enum status on_entry(struct telling *t, uint64_t index, const struct seen *seen, struct error *error)
{
    uint64_t before = view_changes(t->view);
    TRY(sight_add(t->reg, t->view, error));
    t->known = index + 1;
    return view_changes(t->view) == before ? STATUS_DONE : look(t, seen->received_ms / 1000, &seen->id, error);
}

/* As it stood before the last entry of what is not told: that one and the time behind it are gone through untold. */
static enum status begin(struct telling *t, struct error *error)
{
    struct seen seen;
    TRY(changes_open(&t->changes, error));
    t->known = t->after == 0 ? 0 : t->after - 1;
    TRY(sight_own(t->reg, t->known, &t->view, error));
    if (t->after == 0) return look(t, INT64_MIN, NULL, error);
    TRY(sight_entry(t->reg, t->known, &seen, error));
    return look(t, seen.received_ms / 1000 - 1, NULL, error);
}

static enum status tell(struct telling *t, const struct truce_moment *asked, struct truce_part *part,
                        struct error *error)
{
    struct moment moment;
    struct seen seen;
    TRY(register_moment(t->reg, asked, &moment, error));
    if (part->last) part->after = moment.size > part->most ? moment.size - part->most : 0;
    if (part->after > moment.size) part->after = moment.size;
    t->after = part->after;
    TRY(begin(t, error));
    for (uint64_t i = t->known; i < moment.size; i++) {
        TRY(sight_entry(t->reg, i, &seen, error));
        TRY(pass_time(t, seen.received_ms / 1000 - 1, error));
        part->reached = i;
        part->more = part->most > 0 && i == t->after + part->most;
        if (t->stopped || part->more) return STATUS_DONE;
        TRY(on_entry(t, i, &seen, error));
    }
    part->reached = moment.size;
    return t->stopped ? STATUS_DONE : pass_time(t, moment.as_of, error);
}

enum truce_status truce_changes(struct truce_register *reg, const struct truce_moment *asked, struct truce_part *part,
                                truce_line *line, void *context, struct truce_error *error)
{
    struct error why;
    struct truce_part all = {.after = 0};
    struct telling telling = {.reg = reg, .line = line, .context = context, .status = STATUS_DONE};
    enum status status = tell(&telling, asked, part == NULL ? &all : part, &why);
    changes_close(&telling.changes);
    view_close(&telling.view);
    return public_status(status, &why, error);
}
