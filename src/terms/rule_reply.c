/* Replies: each trigger needs an answer from everyone it was addressed to, in time. Signed acts prove themselves; a
 * call that one side tells of is that side's account, and needs a reading that trusts it. */
#include "terms/trial.h"

static int64_t happened(const struct entry *entry)
{
    return entry_is(entry, "attempt") ? entry_time(entry, "at") : entry->act_time;
}

static bool in_window(const struct trial *t, int64_t at)
{
    for (size_t i = 0; i < t->segment_count; i++)
        if (t->segments[i].from <= at && at < t->segments[i].to) return true;
    return false;
}

static bool trusted(const struct trial *t, const struct entry *entry)
{
    return !entry_is(entry, "attempt") || group_has(t->matter, t->reading->trust, entry->by, entry->written) == IN;
}

static bool lists(const struct json *list, struct slice name)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_equal(m->string, name)) return true;
    return false;
}

static bool answers(const struct entry *answer, const struct entry *trigger, struct slice to)
{
    char id[HASH_HEX_SIZE];
    hash_format(&trigger->id.hash, id);
    struct slice of = json_find_string(answer->body, "of");
    if (entry_is(answer, "attempt") && entry_is(trigger, "attempt"))
        return slice_equal(of, json_find_string(trigger->body, "of")) && slice_equal(answer->by, trigger->by) &&
               slice_equal(json_find_string(answer->body, "to"), to) && happened(answer) >= happened(trigger);
    bool about = slice_is(of, id) || lists(json_find(answer->body, "about"), slice_from(id));
    return about && (slice_equal(answer->by, to) || lists(json_find(trigger->body, "alternates"), answer->by));
}

static int64_t due_time(const struct trial *t, const struct entry *trigger, int64_t start)
{
    int64_t stated = entry_time(trigger, "acknowledge_by");
    if (stated == NEVER) stated = entry_time(trigger, "answer_by");
    return t->wording->rule->stated && stated != NEVER ? stated : start + t->wording->rule->within_s;
}

static void add_reply(struct trial *t, const struct entry *trigger, struct slice to, bool sure)
{
    const struct matter *matter = t->matter;
    struct reply reply = {.trigger = trigger, .to = to, .start = happened(trigger), .answered = NEVER, .sure = sure};
    enum tri bound = group_has(matter, t->wording->who, to, reply.start);
    if (bound == OUT || !in_window(t, reply.start)) return;
    if (bound == MAYBE) reply.sure = false;
    reply.due = due_time(t, trigger, reply.start);
    for (size_t i = 0; i < matter->counted_count; i++) {
        const struct entry *answer = matter->counted[i];
        if (answer == trigger || act_fits(matter, t->wording->rule->with, NULL, answer).fits == OUT) continue;
        if (!answers(answer, trigger, to)) continue;
        if (!trusted(t, answer)) continue;
        if (happened(answer) < reply.answered) reply.answered = happened(answer), reply.answer = answer;
    }
    t->replies[t->reply_count++] = reply;
}

/* What asks for an answer, and of how many. */
static size_t asks(const struct trial *t, const struct entry *entry, enum tri *fits, const struct json **to)
{
    *fits = act_fits(t->matter, t->wording->rule->of, NULL, entry).fits;
    *to = *fits == OUT ? NULL : json_find(entry->body, "to");
    return *to == NULL ? 0 : (*to)->type == JSON_ARRAY ? (*to)->size : 1;
}

void replies_find(struct trial *t)
{
    const struct matter *matter = t->matter;
    const struct json *to;
    enum tri fits;
    size_t room = 1;
    for (size_t i = 0; i < matter->counted_count; i++) room += asks(t, matter->counted[i], &fits, &to);
    t->replies = matter_get(t->matter, room * sizeof *t->replies);
    for (size_t i = 0; t->replies != NULL && i < matter->counted_count; i++) {
        const struct entry *trigger = matter->counted[i];
        if (asks(t, trigger, &fits, &to) == 0) continue;
        bool sure = fits == IN && trusted(t, trigger);
        if (to->type == JSON_STRING) add_reply(t, trigger, to->string, sure);
        for (const struct json *m = to->type == JSON_ARRAY ? to->first : NULL; m != NULL; m = m->next)
            add_reply(t, trigger, m->string, sure);
    }
}

struct ruling rule_reply(const struct trial *t, int64_t at)
{
    struct ruling missed = {.verdict = VERDICT_BREACHED, .reason = REASON_REPLY_MISSED, .since = NEVER};
    struct ruling perhaps = {.verdict = VERDICT_NOT_OBSERVED, .reason = REASON_REPLY_PERHAPS_MISSED, .since = EVER};
    struct ruling waiting = {.verdict = VERDICT_PENDING, .reason = REASON_REPLY_WAITED_FOR, .since = EVER};
    struct ruling answered = {.verdict = VERDICT_MET, .reason = REASON_ALL_ANSWERED, .since = EVER};
    for (size_t i = 0; i < t->reply_count; i++) {
        const struct reply *reply = &t->replies[i];
        if (reply->start > at) continue;
        if (reply->answered <= at && reply->answered <= reply->due) {
            ruling_because(&answered, reply->answer);
        } else if (at < reply->due) {
            ruling_because(&waiting, reply->trigger);
        } else {
            ruling_because(reply->sure ? &missed : &perhaps, reply->trigger);
            if (reply->sure && reply->due < missed.since) missed.since = reply->due;
        }
    }
    if (missed.because_count > 0) return missed;
    if (perhaps.because_count > 0) return perhaps;
    if (waiting.because_count > 0) return waiting;
    if (answered.because_count > 0) return answered;
    return (struct ruling){.verdict = VERDICT_PENDING, .reason = REASON_NOTHING_ASKED, .since = EVER};
}
