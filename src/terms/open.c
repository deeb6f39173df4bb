/* What waits for an answer: notices whose receipt was not confirmed and questions without an answer, one line for each
 * who was addressed. */
#include "terms/write.h"

#include <stdlib.h>

/* Everything that names one record in `of`, by the record that it names and then in the order of the log: so that what
 * waits is found by looking for its replies, and not by looking through all entries for each. */
struct reply_to {
    struct record_id of;
    const struct entry *entry;
};
struct replies {
    struct reply_to *at;
    size_t count;
};

static int compare_replies(const void *a, const void *b)
{
    const struct reply_to *first = a, *second = b;
    int order = memcmp(first->of.hash.bytes, second->of.hash.bytes, HASH_BYTES);
    return order != 0 ? order : (first->entry > second->entry) - (first->entry < second->entry);
}

static bool is_reply(const struct entry *entry)
{
    return entry_is(entry, "acknowledgement") || entry_is(entry, "answer") || entry_is(entry, "attempt");
}

static enum status replies_open(struct replies *out, const struct view *view, struct error *error)
{
    size_t room = 0;
    for (size_t i = 0; i < view->count; i++) room += is_reply(&view->entries[i]);
    *out = (struct replies){.at = malloc((room + 1) * sizeof *out->at)};
    if (out->at == NULL) return arena_full(error);
    for (size_t i = 0; i < view->count; i++) {
        struct reply_to *next = &out->at[out->count];
        if (!is_reply(&view->entries[i])) continue;
        next->entry = &view->entries[i];
        out->count += hash_parse(&next->of.hash, json_find_string(next->entry->body, "of"));
    }
    qsort(out->at, out->count, sizeof *out->at, compare_replies);
    return STATUS_DONE;
}

/* Where those that name this record begin. */
static size_t first_reply(const struct replies *replies, const struct entry *asked)
{
    size_t low = 0, high = replies->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(replies->at[middle].of.hash.bytes, asked->id.hash.bytes, HASH_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool speaks_to(const struct replies *replies, size_t i, const struct entry *asked)
{
    return i < replies->count && record_id_equal(&replies->at[i].of, &asked->id);
}

static bool is_alternate(const struct entry *asked, struct slice by)
{
    const struct json *alternates = json_find(asked->body, "alternates");
    for (const struct json *m = alternates == NULL ? NULL : alternates->first; m != NULL; m = m->next)
        if (slice_equal(m->string, by)) return true;
    return false;
}

struct waiting {
    const struct view *view;
    struct replies replies;
    int64_t at;
};

/* NULL: answered. Else the state that it is in. */
static const char *state_of(const struct waiting *waiting, const struct entry *asked, struct slice to, int64_t due)
{
    int64_t at = waiting->at;
    const char *state = due != NEVER && due <= at ? "overdue" : "waiting";
    const char *wanted = entry_is(asked, "notice") ? "acknowledgement" : "answer";
    for (size_t i = first_reply(&waiting->replies, asked); speaks_to(&waiting->replies, i, asked); i++) {
        const struct entry *reply = waiting->replies.at[i].entry;
        if (!entry_is(reply, wanted) || reply->act_time > at || !view_counts(waiting->view, reply)) continue;
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

static void put_attempts(struct json_writer *out, const struct waiting *waiting, const struct entry *asked,
                         struct slice to)
{
    bool any = false;
    for (size_t i = first_reply(&waiting->replies, asked); speaks_to(&waiting->replies, i, asked); i++) {
        const struct entry *attempt = waiting->replies.at[i].entry;
        if (!entry_is(attempt, "attempt") || !view_counts(waiting->view, attempt)) continue;
        if (entry_time(attempt, "at") > waiting->at || !slice_equal(json_find_string(attempt->body, "to"), to))
            continue;
        if (!any) {
            json_put_key(out, "attempts");
            json_put_array(out);
        }
        any = true;
        put_id(out, attempt);
    }
    if (any) json_put_close(out);
}

static void put_waiting(struct json_writer *out, const struct waiting *waiting, const struct entry *asked,
                        struct slice to)
{
    int64_t due = entry_time(asked, entry_is(asked, "notice") ? "acknowledge_by" : "answer_by");
    const char *state = state_of(waiting, asked, to, due);
    if (state == NULL) return;
    json_put_object(out);
    put_slice(out, "act", json_find_string(asked->body, "act"));
    put_slice(out, "agreement", json_find_string(asked->body, "agreement"));
    put_time(out, "at", asked->act_time);
    put_attempts(out, waiting, asked, to);
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

static void put_kind(struct json_writer *out, const struct waiting *waiting, const char *kind)
{
    json_put_array(out);
    for (size_t i = 0; i < waiting->view->count; i++) {
        const struct entry *asked = &waiting->view->entries[i];
        if (!entry_is(asked, kind) || asked->act_time > waiting->at || !view_counts(waiting->view, asked)) continue;
        const struct json *to = json_find(asked->body, "to");
        for (const struct json *m = to->first; m != NULL; m = m->next) put_waiting(out, waiting, asked, m->string);
    }
    json_put_close(out);
}

enum status standing_write_open(struct standing *standing, struct json_writer *out, struct error *error)
{
    struct waiting waiting = {.view = standing->view, .at = standing->at};
    TRY(replies_open(&waiting.replies, standing->view, error));
    json_put_object(out);
    json_put_key(out, "notices");
    put_kind(out, &waiting, "notice");
    json_put_key(out, "proposals");
    put_proposals(out, standing);
    json_put_key(out, "questions");
    put_kind(out, &waiting, "question");
    json_put_close(out);
    free(waiting.replies.at);
    return STATUS_DONE;
}
