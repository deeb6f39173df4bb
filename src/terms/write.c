/* The standing as canonical JSON: agreements with their channels and terms, and what waits for an answer. */
#include "terms/write.h"

void put_time(struct json_writer *out, const char *key, int64_t at)
{
    char text[TIME_TEXT_SIZE];
    if (at == NEVER || at == EVER) return;
    time_format(at, text);
    json_put_key(out, key);
    json_put_string(out, text);
}

void put_id(struct json_writer *out, const struct entry *entry)
{
    char id[HASH_HEX_SIZE];
    hash_format(&entry->id.hash, id);
    json_put_string(out, id);
}

struct ruling rulings_because(const struct ruling *rulings, size_t count, enum verdict of)
{
    struct ruling all = {0};
    for (size_t r = 0; r < count; r++)
        for (size_t i = 0; i < rulings[r].because_count; i++)
            if (of == VERDICT_DISPUTED || of == rulings[r].verdict) ruling_because(&all, rulings[r].because[i]);
    return all;
}

void put_because(struct json_writer *out, const struct ruling *rulings, size_t count, enum verdict of)
{
    struct ruling all = rulings_because(rulings, count, of);
    json_put_key(out, "because");
    json_put_array(out);
    for (size_t i = 0; i < all.because_count; i++) put_id(out, all.because[i]);
    json_put_close(out);
}

/* ---- days */

struct strip {
    struct json_writer *out;
    struct day last; /* not yet written: days alike are told together */
    int64_t count;
};

static void put_strip(struct strip *strip)
{
    const struct day *day = &strip->last;
    if (strip->count == 0) return;
    json_put_object(strip->out);
    if (day->by_count > 0) {
        json_put_key(strip->out, "by");
        json_put_array(strip->out);
        for (size_t i = 0; i < day->by_count; i++) put_id(strip->out, day->by[i]);
        json_put_close(strip->out);
    }
    json_put_key(strip->out, "days");
    json_put_integer(strip->out, strip->count);
    put_time(strip->out, "from", day->from);
    json_put_key(strip->out, "possible_s");
    json_put_integer(strip->out, day->possible_s);
    json_put_key(strip->out, "state");
    json_put_string(strip->out, day_name(day->state));
    json_put_key(strip->out, "sure_s");
    json_put_integer(strip->out, day->sure_s);
    if (day->term != NULL) {
        json_put_key(strip->out, "term");
        json_put_slice(strip->out, day->term->id);
    }
    put_time(strip->out, "to", day->to);
    json_put_close(strip->out);
    strip->count = 0;
}

static void on_day(void *context, const struct day *day)
{
    struct strip *strip = context;
    bool alike = strip->count > 0 && strip->last.state == day->state && strip->last.to == day->from &&
                 day->by_count == 0 && strip->last.by_count == 0 && strip->last.term == day->term;
    int64_t from = alike ? strip->last.from : day->from;
    if (!alike) put_strip(strip);
    strip->last = *day;
    strip->last.from = from;
    strip->count++;
}

void put_days(struct json_writer *out, const struct trial *trial, int64_t at)
{
    struct strip strip = {.out = out};
    json_put_array(out);
    held_run(trial, at, on_day, &strip);
    put_strip(&strip);
    json_put_close(out);
}

void put_run(struct json_writer *out, const struct trial *trial, int64_t at)
{
    struct run run = held_run(trial, at, NULL, NULL);
    json_put_object(out);
    if (run.sure_done <= at) put_time(out, "complete_at", run.sure_done);
    json_put_key(out, "longest_s");
    json_put_integer(out, run.longest_s);
    json_put_key(out, "possible_s");
    json_put_integer(out, run.possible_s);
    put_time(out, "reset_at", run.reset_at);
    if (run.reset_by != NULL) {
        json_put_key(out, "reset_by");
        put_id(out, run.reset_by);
    }
    json_put_key(out, "sure_s");
    json_put_integer(out, run.sure_s);
    json_put_close(out);
}

/* ---- readings in the order of keys, whatever order they stand in */

size_t reading_next(const struct agreement *a, struct slice *last)
{
    size_t next = SIZE_MAX;
    for (size_t i = 0; i < a->reading_count; i++) {
        struct slice name = a->readings[i].name;
        bool after = last->data == NULL || slice_compare(name, *last) > 0;
        if (after && (next == SIZE_MAX || slice_compare(name, a->readings[next].name) < 0)) next = i;
    }
    if (next != SIZE_MAX) *last = a->readings[next].name;
    return next;
}

static void put_readings(struct json_writer *out, const struct matter *matter, const struct judged *j,
                         const struct ruling *rulings, size_t w)
{
    struct slice last = {NULL, 0};
    json_put_object(out);
    for (size_t r = reading_next(matter->agreement, &last); r != SIZE_MAX; r = reading_next(matter->agreement, &last)) {
        json_put_key_slice(out, matter->agreement->readings[r].name);
        json_put_string(out, verdict_name(rulings[r * j->wordings + w].verdict));
    }
    json_put_close(out);
}

static void put_rivals(struct json_writer *out, const struct matter *matter, const struct judged *j)
{
    if (j->wordings < 2) return;
    json_put_key(out, "rivals");
    json_put_object(out);
    for (size_t w = 1; w < j->wordings; w++) {
        json_put_key_slice(out, j->term->wordings[w].name);
        json_put_object(out);
        json_put_key(out, "readings");
        put_readings(out, matter, j, j->rulings, w);
        json_put_key(out, "verdict");
        json_put_string(out, verdict_name(judged_joint(j, matter, w)));
        if (j->has_was) {
            json_put_key(out, "was");
            json_put_string(out, verdict_name(judged_was(j, matter, w)));
        }
        json_put_close(out);
    }
    json_put_close(out);
}

/* What would change it, apart from time: as codes, each once. */
static void put_would(struct json_writer *out, const struct judged *j)
{
    bool would[REASON_COUNT] = {false};
    for (size_t i = 0; i < j->readings * j->wordings; i++) would[reason_change(j->rulings[i].reason)] = true;
    json_put_key(out, "would");
    json_put_array(out);
    for (enum reason r = REASON_NONE + 1; r < REASON_COUNT; r++)
        if (would[r]) json_put_string(out, reason_code(r));
    json_put_close(out);
}

void put_clock(struct json_writer *out, struct matter *matter, const struct judged *j, size_t term, int64_t at)
{
    const struct rule *rule = j->term->wordings[0].rule;
    struct slice last = {NULL, 0};
    json_put_object(out);
    put_time(out, "at", j->changes_at);
    if (j->changes_at != NEVER) {
        json_put_key(out, "becomes");
        json_put_string(out, verdict_name(j->becomes));
    }
    if (rule->type == RULE_HELD) {
        json_put_key(out, "held_s");
        json_put_integer(out, rule->held_s);
    }
    put_time(out, "looked_to", j->looked_to);
    if (rule->type == RULE_HELD) {
        json_put_key(out, "runs");
        json_put_object(out);
        for (size_t r = reading_next(matter->agreement, &last); r != SIZE_MAX;
             r = reading_next(matter->agreement, &last)) {
            json_put_key_slice(out, matter->agreement->readings[r].name);
            put_run(out, trial_get(matter, term, r, 0), at);
        }
        json_put_close(out);
    }
    put_would(out, j);
    json_put_close(out);
}

static void put_all_days(struct json_writer *out, struct matter *matter, size_t term, int64_t at)
{
    struct slice last = {NULL, 0};
    if (matter->agreement->terms[term].wordings[0].rule->type != RULE_HELD) return;
    json_put_key(out, "days");
    json_put_object(out);
    for (size_t r = reading_next(matter->agreement, &last); r != SIZE_MAX; r = reading_next(matter->agreement, &last)) {
        json_put_key_slice(out, matter->agreement->readings[r].name);
        put_days(out, trial_get(matter, term, r, 0), at);
    }
    json_put_close(out);
}

static void put_term(struct json_writer *out, struct matter *matter, const struct judged *judged, size_t term,
                     int64_t at)
{
    const struct judged j = *judged;
    json_put_object(out);
    if (j.term->answers.size > 0) {
        json_put_key(out, "answers");
        json_put_slice(out, j.term->answers);
    }
    put_because(out, j.rulings, j.readings * j.wordings, j.verdict);
    if (j.term->channel.size > 0) {
        json_put_key(out, "channel");
        json_put_slice(out, j.term->channel);
    }
    json_put_key(out, "clock");
    put_clock(out, matter, &j, term, at);
    put_all_days(out, matter, term, at);
    json_put_key(out, "id");
    json_put_slice(out, j.term->id);
    json_put_key(out, "readings");
    put_readings(out, matter, &j, j.rulings, 0);
    put_rivals(out, matter, &j);
    json_put_key(out, "verdict");
    json_put_string(out, verdict_name(j.verdict));
    if (j.has_was) {
        json_put_key(out, "was");
        json_put_string(out, verdict_name(j.joint_was));
        json_put_key(out, "was_readings");
        put_readings(out, matter, &j, j.was, 0);
    }
    json_put_close(out);
}

/* ---- channels and the whole */

static void put_stage_acts(struct json_writer *out, const struct stage *stage)
{
    if (stage->count == 0) return;
    json_put_key(out, "by");
    json_put_array(out);
    for (size_t i = 0; i < stage->count; i++) put_id(out, stage->acts[i]);
    json_put_close(out);
}

/* In force with a channel that is not, it is what suspended the channels that makes it stand so. */
static void put_acts(struct json_writer *out, const struct matter *matter, int64_t at)
{
    const struct stage *whole = course_at(&matter->whole, at);
    struct ruling acts = {0};
    for (size_t i = 0; whole->stand == STAND_IN_FORCE && i < matter->agreement->channel_count; i++) {
        const struct stage *stage = course_at(&matter->channels[i], at);
        for (size_t k = 0; stage->stand == STAND_SUSPENDED && k < stage->count; k++)
            ruling_because(&acts, stage->acts[k]);
    }
    const struct stage partly = {.acts = acts.because, .count = acts.because_count};
    put_stage_acts(out, partly.count > 0 ? &partly : whole);
}

static int64_t stage_since(const struct stage *stage, const struct entry *record)
{
    return stage->at == EVER ? record->received : stage->at;
}

static void put_channels(struct json_writer *out, const struct matter *matter, int64_t at)
{
    json_put_key(out, "channels");
    json_put_array(out);
    for (size_t i = 0; i < matter->agreement->channel_count; i++) {
        const struct stage *stage = course_at(&matter->channels[i], at);
        json_put_object(out);
        put_stage_acts(out, stage);
        json_put_key(out, "id");
        json_put_slice(out, matter->agreement->channels[i].name);
        put_time(out, "since", stage_since(stage, matter->record));
        json_put_key(out, "standing");
        json_put_string(out, stand_name(stage->stand));
        json_put_close(out);
    }
    json_put_close(out);
}

/* In force with a channel that is not: partly suspended, since the first such channel. */
const char *standing_of(const struct matter *matter, int64_t at, int64_t *since)
{
    const struct stage *whole = course_at(&matter->whole, at);
    int64_t first = NEVER;
    *since = stage_since(whole, matter->record);
    for (size_t i = 0; i < matter->agreement->channel_count; i++) {
        const struct stage *stage = course_at(&matter->channels[i], at);
        if (stage->stand == STAND_SUSPENDED && stage->at < first) first = stage->at;
    }
    if (whole->stand != STAND_IN_FORCE || first == NEVER) return stand_name(whole->stand);
    if (first > *since) *since = first;
    return "partly-suspended";
}

static void put_fault(struct json_writer *out, const struct hearing *hearing)
{
    if (!hearing->missing && hearing->faults == 0) return;
    json_put_key(out, "fault");
    json_put_object(out);
    json_put_key(out, "code");
    json_put_string(out, hearing->missing              ? "part-missing"
                         : hearing->fault.code != NULL ? hearing->fault.code
                                                       : "term-shape");
    json_put_key(out, "pointer");
    json_put_string(out, hearing->missing ? "/parts" : hearing->fault.pointer);
    json_put_close(out);
}

void put_agreement(struct json_writer *out, const struct heard *heard, int64_t at)
{
    const struct hearing *hearing = heard->hearing;
    const struct entry *record = hearing->record;
    struct matter *matter = &heard->hearing->matter;
    int64_t since;
    json_put_object(out);
    put_acts(out, matter, at);
    put_channels(out, matter, at);
    put_fault(out, hearing);
    json_put_key(out, "id");
    json_put_slice(out, hearing->agreement->name);
    json_put_key(out, "record");
    put_id(out, record);
    const char *standing = standing_of(matter, at, &since);
    put_time(out, "since", since);
    json_put_key(out, "standing");
    json_put_string(out, standing);
    json_put_key(out, "terms");
    json_put_array(out);
    for (size_t i = 0; i < hearing->agreement->term_count; i++) put_term(out, matter, &heard->judged[i], i, at);
    json_put_close(out);
    const struct json *title = json_find(record->body, "title");
    if (title != NULL) {
        json_put_key(out, "title");
        json_put_tree(out, title);
    }
    json_put_close(out);
}

enum status standing_write_agreements(struct standing *standing, struct json_writer *out, struct error *error)
{
    json_put_array(out);
    for (size_t i = 0; i < standing->count; i++) {
        put_agreement(out, &standing->heard[i], standing->at);
        if (standing->heard[i].hearing->matter.full) return arena_full(error);
    }
    json_put_close(out);
    return STATUS_DONE;
}
