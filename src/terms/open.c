/* What waits for an answer: notices whose receipt was not confirmed and questions without an answer, one line for each
 * who was addressed. */
#include "terms/write.h"

static bool speaks_to(const struct entry *reply, const struct entry *asked)
{
    char id[HASH_HEX_SIZE];
    hash_format(&asked->id.hash, id);
    return slice_is(json_find_string(reply->body, "of"), id);
}

static bool is_alternate(const struct entry *asked, struct slice by)
{
    const struct json *alternates = json_find(asked->body, "alternates");
    for (const struct json *m = alternates == NULL ? NULL : alternates->first; m != NULL; m = m->next)
        if (slice_equal(m->string, by)) return true;
    return false;
}

/* NULL: answered. Else the state that it is in. */
static const char *state_of(const struct view *view, const struct entry *asked, struct slice to, int64_t due,
                            int64_t at)
{
    const char *state = due != NEVER && due <= at ? "overdue" : "waiting";
    for (size_t i = 0; i < view->count; i++) {
        const struct entry *reply = &view->entries[i];
        bool kind = entry_is(reply, entry_is(asked, "notice") ? "acknowledgement" : "answer");
        if (!kind || !speaks_to(reply, asked) || reply->act_time > at || !view_counts(view, reply)) continue;
        if (!slice_equal(reply->by, to) && !is_alternate(asked, reply->by)) continue;
        struct slice receipt = json_find_string(reply->body, "receipt");
        if (!slice_is(receipt, "refused") && !slice_is(receipt, "unreadable")) return NULL;
        state = slice_is(receipt, "refused") ? "refused" : "unreadable";
    }
    return state;
}

static void put_slice(struct json_writer *out, const char *key, struct slice value)
{
    if (value.data == NULL) return;
    json_put_key(out, key);
    json_put_slice(out, value);
}

static void put_attempts(struct json_writer *out, const struct view *view, const struct entry *asked, struct slice to,
                         int64_t at)
{
    bool any = false;
    for (size_t i = 0; i < view->count; i++) {
        const struct entry *attempt = &view->entries[i];
        if (!entry_is(attempt, "attempt") || !speaks_to(attempt, asked) || !view_counts(view, attempt)) continue;
        if (entry_time(attempt, "at") > at || !slice_equal(json_find_string(attempt->body, "to"), to)) continue;
        if (!any) {
            json_put_key(out, "attempts");
            json_put_array(out);
        }
        any = true;
        put_id(out, attempt);
    }
    if (any) json_put_close(out);
}

static void put_waiting(struct json_writer *out, const struct view *view, const struct entry *asked, struct slice to,
                        int64_t at)
{
    int64_t due = entry_time(asked, entry_is(asked, "notice") ? "acknowledge_by" : "answer_by");
    const char *state = state_of(view, asked, to, due, at);
    if (state == NULL) return;
    json_put_object(out);
    put_slice(out, "act", json_find_string(asked->body, "act"));
    put_slice(out, "agreement", json_find_string(asked->body, "agreement"));
    put_time(out, "at", asked->act_time);
    put_attempts(out, view, asked, to, at);
    put_slice(out, "channel", json_find_string(asked->body, "channel"));
    put_time(out, "due", due);
    put_slice(out, "from", asked->by);
    json_put_key(out, "id");
    put_id(out, asked);
    json_put_key(out, "state");
    json_put_string(out, state);
    put_slice(out, "to", to);
    json_put_close(out);
}

static void put_kind(struct json_writer *out, const struct view *view, const char *kind, int64_t at)
{
    json_put_array(out);
    for (size_t i = 0; i < view->count; i++) {
        const struct entry *asked = &view->entries[i];
        if (!entry_is(asked, kind) || asked->act_time > at || !view_counts(view, asked)) continue;
        const struct json *to = json_find(asked->body, "to");
        for (const struct json *m = to->first; m != NULL; m = m->next) put_waiting(out, view, asked, m->string, at);
    }
    json_put_close(out);
}

enum status standing_write_open(const struct view *view, int64_t as_of, struct json_writer *out, struct error *error)
{
    (void)error;
    json_put_object(out);
    json_put_key(out, "notices");
    put_kind(out, view, "notice", as_of);
    json_put_key(out, "questions");
    put_kind(out, view, "question", as_of);
    json_put_close(out);
    return STATUS_DONE;
}
