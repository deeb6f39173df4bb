/* Who a notice was addressed to and what each of them answered: confirmed, refused, unreadable, or silence and since
 * when; who tried to reach whom. All as of one moment, each with the record that tells it. */
#include "terms/write.h"

bool notice_given(const struct view *view, uint64_t index, int64_t at)
{
    const struct entry *entry = view_at(view, index);
    return entry != NULL && entry->sort == SORT_NOTICE && entry->counts && entry->act_time <= at;
}

static void put_slice(struct json_writer *out, const char *key, struct slice value)
{
    if (value.size == 0) return;
    json_put_key(out, key);
    json_put_slice(out, value);
}

static void put_who(struct json_writer *out, const struct entry *entry)
{
    put_time(out, "at", entry_time(entry, "at"));
    put_slice(out, "by", entry->by);
    json_put_key(out, "id");
    put_id(out, entry);
}

/* ---- attempts: to reach the addressee, or whoever may stand in for it */

static bool tells_attempt(const struct waiting *waiting, const struct entry *attempt)
{
    return attempt->sort == SORT_ATTEMPT && attempt->counts && entry_time(attempt, "at") <= waiting->at;
}

static void put_attempts(struct json_writer *out, const struct waiting *waiting, const struct entry *asked,
                         struct slice to)
{
    json_put_key(out, "attempts");
    json_put_array(out);
    for (size_t i = 0; i < waiting->naming.count; i++) {
        const struct entry *attempt = waiting->naming.list[i];
        if (!tells_attempt(waiting, attempt)) continue;
        struct slice tried = json_find_string(attempt->body, "to");
        if (!slice_equal(tried, to) && !names_alternate(asked, tried)) continue;
        json_put_object(out);
        put_who(out, attempt);
        put_slice(out, "means", json_find_string(attempt->body, "means"));
        put_slice(out, "result", json_find_string(attempt->body, "result"));
        put_slice(out, "to", tried);
        json_put_close(out);
    }
    json_put_close(out);
}

/* Each once, though an alternate may stand in for several. */
static uint64_t count_attempts(const struct waiting *waiting)
{
    uint64_t count = 0;
    for (size_t i = 0; i < waiting->naming.count; i++) count += tells_attempt(waiting, waiting->naming.list[i]);
    return count;
}

/* ---- answers */

static bool confirms(struct slice receipt)
{
    return slice_is(receipt, "read-back") || slice_is(receipt, "received");
}

/* The first that confirms it; where none does, the last of the others. */
static const struct entry *find_reply(const struct waiting *waiting, const struct entry *asked, struct slice to)
{
    const struct entry *found = NULL;
    for (size_t i = 0; i < waiting->naming.count; i++) {
        const struct entry *reply = waiting->naming.list[i];
        if (reply->sort != SORT_ACKNOWLEDGEMENT || !reply->has_of || !reply->counts || reply->act_time > waiting->at)
            continue;
        if (!slice_equal(reply->by, to) && !names_alternate(asked, reply->by)) continue;
        found = reply;
        if (confirms(json_find_string(reply->body, "receipt"))) return reply;
    }
    return found;
}

static const char *state_of(const struct waiting *waiting, const struct entry *asked, const struct entry *reply)
{
    struct slice receipt = reply == NULL ? (struct slice){NULL, 0} : json_find_string(reply->body, "receipt");
    if (confirms(receipt)) return "confirmed";
    if (slice_is(receipt, "refused")) return "refused";
    if (slice_is(receipt, "unreadable")) return "unreadable";
    return waiting_due(asked) <= waiting->at ? "overdue" : "waiting";
}

static void put_reply(struct json_writer *out, const struct entry *reply)
{
    json_put_key(out, "reply");
    json_put_object(out);
    put_who(out, reply);
    put_slice(out, "receipt", json_find_string(reply->body, "receipt"));
    put_time(out, "received", reply->received);
    json_put_close(out);
}

static void put_recipient(struct json_writer *out, const struct waiting *waiting, const struct entry *asked,
                          struct slice to, struct confirmations *told)
{
    const struct entry *reply = find_reply(waiting, asked, to);
    const char *state = state_of(waiting, asked, reply);
    told->asked++;
    told->confirmed += strcmp(state, "confirmed") == 0;
    json_put_object(out);
    put_attempts(out, waiting, asked, to);
    put_delivered(out, waiting->view, asked, to, waiting->at);
    if (reply != NULL) put_reply(out, reply);
    if (reply == NULL) {
        told->silent++;
        put_time(out, "silent_since", asked->act_time);
    }
    json_put_key(out, "state"), json_put_string(out, state);
    json_put_key(out, "to"), json_put_slice(out, to);
    json_put_close(out);
}

enum status receipts_write(const struct view *view, uint64_t index, int64_t at, struct json_writer *out,
                           struct confirmations *told, struct error *error)
{
    struct waiting waiting = {.view = view, .at = at};
    const struct entry *asked = view_at(view, index);
    json_put_array(out);
    bool good = !notice_given(view, index, at) || waiting_begin(&waiting, asked);
    if (good) told->attempts += count_attempts(&waiting);
    if (good && notice_given(view, index, at))
        for (const struct json *to = json_find(asked->body, "to")->first; to != NULL; to = to->next)
            put_recipient(out, &waiting, asked, to->string, told);
    json_put_close(out);
    entries_clear(&waiting.naming);
    return good ? STATUS_DONE : arena_full(error);
}
