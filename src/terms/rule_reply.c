/* Replies: each trigger needs an answer from everyone it was addressed to, in time. Signed acts prove themselves; a
 * call that one side tells of is that side's account, and needs a reading that trusts it. */
#include "terms/trial.h"

#include <stdlib.h>

bool reply_bound(const struct trial *t, const struct reply *reply)
{
    for (size_t i = 0; i < t->segment_count; i++)
        if (t->segments[i].from <= reply->start && reply->start < t->segments[i].to) return true;
    return false;
}

static bool trusted(const struct trial *t, const struct entry *entry)
{
    return entry->sort != SORT_ATTEMPT || group_has(t->matter, t->reading->trust, entry->author, entry->written) == IN;
}

static bool lists(const struct json *list, struct slice name)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_equal(m->string, name)) return true;
    return false;
}

static const struct entry *called_about(const struct trial *t, const struct entry *attempt)
{
    return attempt->has_of ? view_named(t->matter->view, attempt, attempt->name_count - 1) : NULL;
}

/* Those who may answer it are those who name it; of a call, the later calls about the same. */
static void find_naming(const struct trial *t, const struct entry *trigger, struct entries *out)
{
    if (trigger->sort != SORT_ATTEMPT) {
        view_naming(t->matter->view, trigger, out);
        return;
    }
    const struct entry *about = called_about(t, trigger);
    view_naming(t->matter->view, trigger, out);
    if (about != NULL) view_naming(t->matter->view, about, out);
}

static bool names(const struct trial *t, const struct entry *answer, const struct entry *trigger)
{
    for (uint32_t i = 0; i < answer->name_count; i++)
        if (view_named(t->matter->view, answer, i) == trigger) return true;
    return false;
}

static bool answers(const struct trial *t, const struct entry *answer, const struct entry *trigger, symbol to)
{
    struct slice addressed = symbols_name(&t->matter->view->symbols, to);
    if (answer->sort == SORT_ATTEMPT && trigger->sort == SORT_ATTEMPT)
        return called_about(t, answer) == called_about(t, trigger) && answer->author == trigger->author &&
               slice_equal(json_find_string(answer->body, "to"), addressed) && answer->act_time >= trigger->act_time;
    return names(t, answer, trigger) &&
           (answer->author == to || lists(json_find(trigger->body, "alternates"), answer->by));
}

static int64_t due_time(const struct trial *t, const struct entry *trigger, int64_t start)
{
    int64_t stated = entry_time(trigger, "acknowledge_by");
    if (stated == NEVER) stated = entry_time(trigger, "answer_by");
    return t->wording->rule->stated && stated != NEVER ? stated : start + t->wording->rule->within_s;
}

/* The earliest of the answers; of several at one moment, the first in the log. */
static void find_answer(const struct trial *t, struct reply *reply, const struct entries *naming)
{
    reply->answered = NEVER;
    reply->answer = NULL;
    for (size_t i = 0; i < naming->count; i++) {
        const struct entry *answer = naming->list[i];
        if (answer == reply->trigger || !answer->counts || !sort_is_act(answer->sort)) continue;
        if (act_fits(t->matter, t->wording->rule->with, NULL, answer).fits == OUT) continue;
        if (!answers(t, answer, reply->trigger, reply->to) || !trusted(t, answer)) continue;
        int64_t at = answer->act_time;
        if (at < reply->answered || (at == reply->answered && entry_order(answer, reply->answer) < 0))
            reply->answered = at, reply->answer = answer;
    }
}

static bool room_for(struct trial *t, size_t more)
{
    if (t->reply_count + more <= t->reply_room) return true;
    size_t room = t->reply_room == 0 ? 16 : t->reply_room;
    while (room < t->reply_count + more) room *= 2;
    struct reply *replies = realloc(t->replies, room * sizeof *replies);
    if (replies == NULL) return !(t->matter->full = true);
    t->replies = replies;
    t->reply_room = room;
    return true;
}

static void add_reply(struct trial *t, const struct entry *trigger, struct slice name, bool sure,
                      const struct entries *naming)
{
    symbol to = view_symbol(t->matter->view, name);
    struct reply reply = {.trigger = trigger, .to = to, .start = trigger->act_time, .sure = sure};
    enum tri bound = group_has(t->matter, t->wording->who, to, reply.start);
    if (bound == OUT || reply.start == NEVER) return;
    if (bound == MAYBE) reply.sure = false;
    reply.due = due_time(t, trigger, reply.start);
    find_answer(t, &reply, naming);
    t->replies[t->reply_count++] = reply;
}

/* One reply of everyone it was addressed to. */
static void add_trigger(struct trial *t, const struct entry *trigger)
{
    struct entries naming = {0};
    enum tri fits = act_fits(t->matter, t->wording->rule->of, NULL, trigger).fits;
    const struct json *to = fits == OUT ? NULL : json_find(trigger->body, "to");
    if (to == NULL || !room_for(t, to->type == JSON_ARRAY ? to->size : 1)) return;
    find_naming(t, trigger, &naming);
    bool sure = fits == IN && trusted(t, trigger);
    if (to->type == JSON_STRING) add_reply(t, trigger, to->string, sure, &naming);
    for (const struct json *m = to->type == JSON_ARRAY ? to->first : NULL; m != NULL; m = m->next)
        add_reply(t, trigger, m->string, sure, &naming);
    t->matter->full = t->matter->full || naming.full;
    entries_clear(&naming);
}

void replies_find(struct trial *t)
{
    t->reply_count = 0;
    t->replies_stale = false;
    t->replies_new = true;
    for (size_t i = 0; i < t->matter->acts.count; i++)
        if (t->matter->acts.list[i]->counts) add_trigger(t, t->matter->acts.list[i]);
}

/* The replies that wait for what this one names. */
static void hear_answer(struct trial *t, const struct entry *entry)
{
    for (size_t i = 0; i < t->reply_count; i++) {
        struct entries naming = {0};
        if (!names(t, entry, t->replies[i].trigger)) continue;
        find_naming(t, t->replies[i].trigger, &naming);
        find_answer(t, &t->replies[i], &naming);
        entries_clear(&naming);
    }
}

void replies_hear(struct trial *t, const struct entry *entry)
{
    bool last = t->reply_count == 0 || entry_order(t->replies[t->reply_count - 1].trigger, entry) < 0;
    t->replies_new = true;
    if (t->replies_stale) return;
    if (!entry->counts || !last || entry->sort == SORT_ATTEMPT || entry->has_replaces) {
        t->replies_stale = true;
        return;
    }
    if (entry->name_count > 0) hear_answer(t, entry);
    add_trigger(t, entry);
}

/* Of all that it binds, or (only not 0) of one of them. */
static struct ruling reply_ruling(const struct trial *t, symbol only, int64_t at)
{
    struct ruling missed = {.verdict = VERDICT_BREACHED, .reason = REASON_REPLY_MISSED, .since = NEVER};
    struct ruling perhaps = {.verdict = VERDICT_NOT_OBSERVED, .reason = REASON_REPLY_PERHAPS_MISSED, .since = EVER};
    struct ruling waiting = {.verdict = VERDICT_PENDING, .reason = REASON_REPLY_WAITED_FOR, .since = EVER};
    struct ruling answered = {.verdict = VERDICT_MET, .reason = REASON_ALL_ANSWERED, .since = EVER};
    for (size_t i = 0; i < t->reply_count; i++) {
        const struct reply *reply = &t->replies[i];
        if (reply->start > at || !reply_bound(t, reply) || (only != 0 && reply->to != only)) continue;
        if (reply->answered <= at && reply->answered <= reply->due) {
            ruling_because(&answered, reply->answer);
        } else if (at < reply->due) {
            ruling_because(&waiting, reply->trigger);
        } else {
            bool sure = reply->sure && reply->start < t->freed_perhaps;
            ruling_because(sure ? &missed : &perhaps, reply->trigger);
            if (sure && reply->due < missed.since) missed.since = reply->due;
        }
    }
    if (missed.because_count > 0) return missed;
    if (perhaps.because_count > 0) return perhaps;
    if (waiting.because_count > 0) return waiting;
    if (answered.because_count > 0) return answered;
    return (struct ruling){.verdict = VERDICT_PENDING, .reason = REASON_NOTHING_ASKED, .since = EVER};
}

struct ruling rule_reply(const struct trial *t, int64_t at)
{
    return reply_ruling(t, 0, at);
}

enum verdict reply_verdict_of(const struct trial *t, symbol name, int64_t at)
{
    return reply_ruling(t, name, at).verdict;
}
