/* Was it delivered, and was it read? Told by the log alone, each moment by the clock of who says it and by when the log
 * received that it was said: one clock may lie, and both are shown where they are apart. spec/record.md, "Delivery". */
#include "terms/write.h"

static void put_received(struct json_writer *out, int64_t received_ms)
{
    put_time(out, "received", received_ms / 1000);
}

/* How far apart two clocks are that tell of one moment, where that is more than they may be. */
static void put_apart(struct json_writer *out, int64_t said, int64_t received_ms)
{
    char text[DURATION_TEXT_SIZE];
    int64_t apart = received_ms / 1000 - said;
    if (apart < 0) apart = -apart;
    if (apart <= DELIVERY_TOLERANCE_S) return;
    duration_format(apart, text);
    json_put_key(out, "apart");
    json_put_string(out, text);
}

static const struct delivery *earlier(const struct delivery *a, const struct delivery *b)
{
    return a == NULL || (b != NULL && b->anchor < a->anchor) ? b : a;
}

/* By the recipient's mirror, or by that of one of the alternates: whichever the log knew first. */
static const struct delivery *find_delivery(const struct view *view, const struct entry *asked, struct slice to)
{
    const struct json *alternates = json_find(asked->body, "alternates");
    const struct delivery *found = members_delivery(view->members, to, asked->index);
    for (const struct json *m = alternates == NULL ? NULL : alternates->first; m != NULL; m = m->next)
        found = earlier(found, members_delivery(view->members, m->string, asked->index));
    return found;
}

void put_delivered(struct json_writer *out, const struct view *view, const struct entry *asked, struct slice to,
                   int64_t at)
{
    const struct delivery *delivery = find_delivery(view, asked, to);
    if (delivery == NULL || delivery->received_ms / 1000 > at) return;
    json_put_key(out, "delivered");
    json_put_object(out);
    json_put_key(out, "anchor");
    json_put_integer(out, (int64_t)delivery->anchor);
    put_apart(out, delivery->cosigned, delivery->received_ms);
    put_time(out, "at", delivery->cosigned);
    json_put_key(out, "mirror");
    json_put_slice(out, delivery->party);
    put_received(out, delivery->received_ms);
    json_put_close(out);
}

/* The first who read back what was to be read back, of the recipient and the alternates. */
static const struct entry *find_reading(const struct entries *naming, const struct entry *asked, struct slice to,
                                        int64_t at)
{
    for (size_t i = 0; i < naming->count; i++) {
        const struct entry *reply = naming->list[i];
        if (reply->sort != SORT_ACKNOWLEDGEMENT || !reply->has_of || !reply->counts || reply->act_time > at) continue;
        if (!slice_equal(reply->by, to) && !names_alternate(asked, reply->by)) continue;
        if (slice_is(json_find_string(reply->body, "receipt"), "read-back")) return reply;
    }
    return NULL;
}

static void put_read(struct json_writer *out, const struct entry *reading)
{
    if (reading == NULL) return;
    int64_t said = entry_time(reading, "at");
    json_put_key(out, "read");
    json_put_object(out);
    put_apart(out, said, reading->received_ms);
    put_time(out, "at", said);
    json_put_key(out, "by");
    json_put_slice(out, reading->by);
    json_put_key(out, "id");
    put_id(out, reading);
    put_received(out, reading->received_ms);
    put_time(out, "written", reading->written);
    json_put_close(out);
}

static void put_recipients(struct json_writer *out, const struct view *view, const struct entry *asked,
                           const struct entries *naming, int64_t at)
{
    for (const struct json *to = json_find(asked->body, "to")->first; to != NULL; to = to->next) {
        json_put_object(out);
        put_delivered(out, view, asked, to->string, at);
        put_read(out, find_reading(naming, asked, to->string, at));
        json_put_key(out, "to");
        json_put_slice(out, to->string);
        json_put_close(out);
    }
}

enum status delivery_write(const struct view *view, uint64_t index, int64_t at, struct json_writer *out,
                           struct error *error)
{
    struct entries naming = {0};
    const struct entry *asked = view_at(view, index);
    json_put_array(out);
    if (asked != NULL && (asked->sort == SORT_NOTICE || asked->sort == SORT_QUESTION)) {
        view_naming(view, asked, &naming);
        entries_sort(&naming);
        put_recipients(out, view, asked, &naming, at);
    }
    json_put_close(out);
    bool full = naming.full;
    entries_clear(&naming);
    return full ? arena_full(error) : STATUS_DONE;
}
