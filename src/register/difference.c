/* What lies between a moment and now, in two steps: what became known since of the very same date, and what happened
 * since. Each difference has the records that made it, in the order in which the log has them; where there is none,
 * time alone did.
 *
 *     was      as of the moment, as known then
 *     learned  as of the moment, as known now      by what the log has behind what was known
 *     now      as of now, as known now             by what it has behind what was received by the moment
 *
 * Either step holds the world still and lets the log grow one entry at a time: what changes at an entry, it made. Where
 * too many entries came since, the steps are taken at once: what differs is told, and not what made it. */
#include "register/answer.h"
#include "register/sight.h"

#include "terms/incident.h"

#include <stdlib.h>

enum { ARENA_BYTES = 256 * 1024 * 1024, NAMING_MOST = 20, LOOKED_THROUGH_MOST = 2000 };

struct maker {
    struct record_id id;
    struct maker *next;
};
struct makers {
    struct maker *first, **last;
};

/* What has a standing or a verdict; everything but the words borrows from the arena. */
struct subject {
    struct slice agreement, term, channel, reading;
    const char *was, *learned, *now; /* NULL: it was not there */
    struct makers learned_by, now_by;
};

/* One of the two steps. */
struct step {
    struct changes *changes;
    int64_t at;
    uint64_t from;  /* entries known when it begins */
    bool begun;     /* looked at once */
    bool of_moment; /* else of now */
};

/* What waits for one whom a notice or question addressed: its state at each of the three moments, or NULL. */
enum { WAS, LEARNED, NOW, MOMENTS };
struct wait {
    uint64_t index;
    size_t place;
    bool question;
    const char *state[MOMENTS];
    const struct entry *asked; /* once it is chosen */
};
struct waits { /* in the order of the log */
    struct wait *list;
    size_t count, room;
};

struct difference {
    struct truce_register *reg;
    const struct truce_moment *asked;
    struct view *view; /* of its own, or that of `look` */
    struct look look;
    bool at_once;  /* without what made it */
    uint64_t most; /* of notices and of questions that are told of; 0: all */
    struct moment then, now;
    struct step learned, happened;
    struct subject *subjects;
    size_t count, room, guess;
    struct waits waits;
    const struct step *looking;
    const struct record_id *by; /* NULL: nothing makes what it finds */
    struct arena arena;
    bool full;
};

/* ---- subjects */

static bool is_of(const struct subject *subject, const struct change *change)
{
    return slice_equal(subject->term, change->term) && slice_equal(subject->channel, change->channel) &&
           slice_equal(subject->reading, change->reading) && slice_equal(subject->agreement, change->agreement);
}

static struct subject *subject_new(struct difference *d, const struct change *change)
{
    if (d->count == d->room) {
        size_t room = d->room == 0 ? 256 : d->room * 2;
        struct subject *grown = arena_get(&d->arena, room * sizeof *grown);
        if (grown == NULL) return NULL;
        if (d->count > 0) memcpy(grown, d->subjects, d->count * sizeof *grown);
        d->subjects = grown;
        d->room = room;
    }
    struct subject *subject = &d->subjects[d->count++];
    *subject = (struct subject){
        .agreement = arena_copy(&d->arena, change->agreement),
        .term = arena_copy(&d->arena, change->term),
        .channel = arena_copy(&d->arena, change->channel),
        .reading = arena_copy(&d->arena, change->reading),
    };
    return subject;
}

/* They come in one order again and again: the one behind the last is tried first. */
static struct subject *subject_of(struct difference *d, const struct change *change)
{
    for (size_t i = 0; i < d->count; i++) {
        size_t at = (d->guess + i) % d->count;
        if (!is_of(&d->subjects[at], change)) continue;
        d->guess = at + 1;
        return &d->subjects[at];
    }
    d->guess = 0;
    return subject_new(d, change);
}

static bool made_by(struct difference *d, struct makers *makers)
{
    struct maker *maker = arena_get(&d->arena, sizeof *maker);
    if (maker == NULL) return false;
    maker->id = *d->by;
    if (makers->first == NULL) makers->last = &makers->first;
    *makers->last = maker;
    makers->last = &maker->next;
    return true;
}

static void on_change(void *context, const struct change *change)
{
    struct difference *d = context;
    struct subject *subject = d->full ? NULL : subject_of(d, change);
    if (subject == NULL) {
        d->full = true;
        return;
    }
    bool of_moment = d->looking->of_moment;
    if (of_moment && !d->looking->begun) subject->was = change->becomes;
    *(of_moment ? &subject->learned : &subject->now) = change->becomes;
    if (d->by != NULL && !made_by(d, of_moment ? &subject->learned_by : &subject->now_by)) d->full = true;
}

/* ---- looking */

static enum status look(struct difference *d, struct step *step, const struct record_id *by, struct error *error)
{
    d->looking = step;
    d->by = by;
    TRY(changes_note(step->changes, d->view, step->at, on_change, d, error));
    step->begun = true;
    return d->full ? arena_full(error) : STATUS_DONE;
}

static bool waits_put(struct waits *waits, const struct wait *wait)
{
    if (waits->count == waits->room) {
        size_t room = waits->room == 0 ? 256 : waits->room * 2;
        struct wait *list = realloc(waits->list, room * sizeof *list);
        if (list == NULL) return false;
        waits->list = list;
        waits->room = room;
    }
    waits->list[waits->count++] = *wait;
    return true;
}

/* What waits at a moment, or at it and the next, taken in with what waited at those before. */
struct merging {
    const struct waits *old;
    struct waits all;
    size_t taken; /* of the old */
    unsigned moment, moments;
};

static bool merge_up_to(struct merging *m, uint64_t index, size_t place)
{
    for (; m->taken < m->old->count; m->taken++) {
        const struct wait *old = &m->old->list[m->taken];
        if (old->index > index || (old->index == index && old->place >= place)) break;
        if (!waits_put(&m->all, old)) return false;
    }
    return true;
}

static bool on_wait(void *context, const struct waits_line *line)
{
    struct merging *m = context;
    struct wait wait = {.index = line->index, .place = line->place, .question = line->question};
    if (!merge_up_to(m, line->index, line->place)) return false;
    const struct wait *old = m->taken < m->old->count ? &m->old->list[m->taken] : NULL;
    if (old != NULL && old->index == line->index && old->place == line->place) wait = *old, m->taken++;
    for (unsigned i = 0; i < m->moments; i++) wait.state[m->moment + i] = line->state[i];
    return waits_put(&m->all, &wait);
}

static enum status look_waiting(struct difference *d, unsigned moment, unsigned moments, struct error *error)
{
    const int64_t at[MOMENTS] = {d->then.as_of, d->then.as_of, d->now.as_of};
    struct merging m = {.old = &d->waits, .moment = moment, .moments = moments};
    enum status status = waits_walk(d->view, &at[moment], moments, on_wait, &m, error);
    if (status == STATUS_DONE && !merge_up_to(&m, UINT64_MAX, SIZE_MAX)) status = arena_full(error);
    free(d->waits.list);
    d->waits = m.all;
    return status;
}

static enum status begin_at(struct difference *d, uint64_t known, struct error *error)
{
    if (known == d->happened.from) TRY(look(d, &d->happened, NULL, error));
    if (known != d->learned.from) return STATUS_DONE;
    TRY(look(d, &d->learned, NULL, error));
    return look_waiting(d, WAS, 1, error);
}

static enum status on_entry(struct difference *d, uint64_t index, struct error *error)
{
    struct seen seen;
    uint64_t before = view_changes(d->view);
    TRY(sight_add(d->reg, d->view, error));
    if (view_changes(d->view) != before && (d->learned.begun || d->happened.begun)) {
        TRY(sight_entry(d->reg, index, &seen, error));
        if (d->learned.begun) TRY(look(d, &d->learned, &seen.id, error));
        if (d->happened.begun) TRY(look(d, &d->happened, &seen.id, error));
    }
    return begin_at(d, index + 1, error);
}

static enum status look_through(struct difference *d, struct error *error)
{
    uint64_t first = d->happened.from; /* never behind the other step's */
    TRY(sight_own(d->reg, first, &d->view, error));
    TRY(begin_at(d, first, error));
    for (uint64_t i = first; i < d->now.size; i++) TRY(on_entry(d, i, error));
    return look_waiting(d, LEARNED, 2, error);
}

static enum status look_then(struct difference *d, struct error *error)
{
    TRY(look_begin(d->reg, d->asked, &d->look, error));
    d->view = d->look.view;
    enum status status = look(d, &d->learned, NULL, error);
    if (status == STATUS_DONE) status = look_waiting(d, WAS, 1, error);
    look_end(&d->look);
    return status;
}

static enum status look_now(struct difference *d, struct error *error)
{
    const struct truce_moment all = {.has_as_of = false};
    TRY(look_begin(d->reg, &all, &d->look, error));
    d->view = d->look.view;
    d->now = d->look.moment;
    TRY(look(d, &d->learned, NULL, error));
    TRY(look(d, &d->happened, NULL, error));
    return look_waiting(d, LEARNED, 2, error);
}

static enum status look_at_both(struct difference *d, struct error *error)
{
    TRY(changes_open(&d->learned.changes, error));
    TRY(changes_open(&d->happened.changes, error));
    changes_of_readings(d->learned.changes);
    changes_of_readings(d->happened.changes);
    changes_untimed(d->learned.changes);
    changes_untimed(d->happened.changes);
    if (!d->at_once) return look_through(d, error);
    TRY(look_then(d, error));
    return look_now(d, error);
}

static void stop_looking(struct difference *d)
{
    if (d->at_once)
        look_end(&d->look);
    else
        view_close(&d->view);
}

/* ---- where it stands */

static bool same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool differs(const struct subject *s)
{
    return !same(s->was, s->learned) || !same(s->learned, s->now);
}

/* A reading that went with the term's own verdict says nothing more. */
static bool goes_with(const struct subject *reading, const struct subject *term)
{
    return same(reading->was, term->was) && same(reading->learned, term->learned) && same(reading->now, term->now);
}

static bool is_among(const struct makers *makers, const struct record_id *id)
{
    for (const struct maker *m = makers->first; m != NULL; m = m->next)
        if (record_id_equal(&m->id, id)) return true;
    return false;
}

static void put_makers(struct json_writer *w, const char *key, bool wanted, const struct makers *makers,
                       const struct makers *but)
{
    char hex[HASH_HEX_SIZE];
    json_put_key(w, key);
    json_put_array(w);
    for (const struct maker *m = wanted ? makers->first : NULL; m != NULL; m = m->next) {
        if (but != NULL && is_among(but, &m->id)) continue;
        hash_format(&m->id.hash, hex);
        json_put_string(w, hex);
    }
    json_put_close(w);
}

static void put_named(struct json_writer *w, const char *key, struct slice name)
{
    if (name.size == 0) return;
    json_put_key(w, key);
    json_put_slice(w, name);
}

static void put_word(struct json_writer *w, const char *key, const char *word)
{
    if (word == NULL) return;
    json_put_key(w, key);
    json_put_string(w, word);
}

/* What made the first step is not named again for the second. */
static void put_subject(struct json_writer *w, const struct difference *d, const struct subject *s)
{
    bool learned = !same(s->was, s->learned);
    json_put_object(w);
    put_named(w, "agreement", s->agreement);
    put_named(w, "channel", s->channel);
    put_word(w, "learned", s->learned);
    if (!d->at_once) put_makers(w, "learned_by", learned, &s->learned_by, NULL);
    put_word(w, "now", s->now);
    if (!d->at_once) put_makers(w, "now_by", !same(s->learned, s->now), &s->now_by, learned ? &s->learned_by : NULL);
    put_named(w, "reading", s->reading);
    put_named(w, "term", s->term);
    put_word(w, "was", s->was);
    json_put_close(w);
}

static void put_subjects(struct json_writer *w, const struct difference *d)
{
    const struct subject *term = NULL;
    json_put_array(w);
    for (size_t i = 0; i < d->count; i++) {
        const struct subject *s = &d->subjects[i];
        if (s->reading.size == 0) term = s;
        if (differs(s) && (s->reading.size == 0 || !goes_with(s, term))) put_subject(w, d, s);
    }
    json_put_close(w);
}

/* ---- what waits */

struct naming {
    struct difference *d;
    struct json_writer *w;
};

static enum status put_naming(void *context, uint64_t index, struct error *error)
{
    const struct naming *naming = context;
    struct difference *d = naming->d;
    struct seen seen;
    char hex[HASH_HEX_SIZE];
    if (index >= d->now.size || !view_counts(d->view, index)) return STATUS_DONE;
    TRY(sight_entry(d->reg, index, &seen, error));
    hash_format(&seen.id.hash, hex);
    json_put_string(naming->w, hex);
    return STATUS_DONE;
}

/* What came since and names it: acknowledgements, answers, attempts. */
static enum status put_by(struct difference *d, struct json_writer *w, const struct record_id *asked,
                          struct error *error)
{
    struct naming naming = {d, w};
    json_put_key(w, "by");
    json_put_array(w);
    TRY(index_find_references(d->reg->index, asked, d->happened.from, NAMING_MOST, put_naming, &naming, error));
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_wait(struct difference *d, struct json_writer *w, const struct wait *wait, struct error *error)
{
    struct waits_told told;
    waits_tell(wait->asked, wait->place, &told);
    json_put_object(w);
    put_named(w, "act", told.act);
    put_named(w, "agreement", told.agreement);
    answer_put_time(w, "at", told.at);
    TRY(put_by(d, w, &told.id, error));
    if (told.due != INT64_MAX) answer_put_time(w, "due", told.due);
    put_named(w, "from", told.from);
    answer_put_id(w, "id", &told.id);
    put_word(w, "learned", wait->state[LEARNED]);
    put_word(w, "now", wait->state[NOW]);
    put_named(w, "to", told.to);
    put_word(w, "was", wait->state[WAS]);
    json_put_close(w);
    return STATUS_DONE;
}

/* Those that waited at the moment first; then those that are known now to have waited; then the rest. */
static unsigned first_of(const struct wait *wait)
{
    return wait->state[WAS] != NULL ? WAS : wait->state[LEARNED] != NULL ? LEARNED : NOW;
}

static int told_before(const void *a, const void *b)
{
    const struct wait *x = a, *y = b;
    return x->index != y->index ? waits_order(x->asked, y->asked) : (x->place > y->place) - (x->place < y->place);
}

/* Those that begin to wait at one of the moments. The log has them nearly in order. */
static bool choose_first(struct difference *d, unsigned moment, struct waits *out)
{
    size_t before = out->count;
    bool sorted = true;
    for (size_t i = 0; i < d->waits.count; i++) {
        struct wait *wait = &d->waits.list[i];
        const char *const *state = wait->state;
        if (first_of(wait) != moment || (same(state[WAS], state[LEARNED]) && same(state[LEARNED], state[NOW])))
            continue;
        wait->asked = waits_asked(d->view, wait->index);
        sorted = sorted && (out->count == before || told_before(&out->list[out->count - 1], wait) < 0);
        if (!waits_put(out, wait)) return false;
    }
    if (!sorted) qsort(&out->list[before], out->count - before, sizeof *out->list, told_before);
    return true;
}

/* Only what differs is told of. */
static enum status choose_waits(struct difference *d, struct error *error)
{
    struct waits chosen = {0};
    bool good = true;
    for (unsigned moment = WAS; moment < MOMENTS && good; moment++) good = choose_first(d, moment, &chosen);
    free(d->waits.list);
    d->waits = chosen;
    return good ? STATUS_DONE : arena_full(error);
}

/* Those of one kind, at most so many. */
static enum status put_waits(struct difference *d, struct json_writer *w, bool questions, uint64_t *without,
                             struct error *error)
{
    uint64_t count = 0;
    json_put_array(w);
    for (size_t i = 0; i < d->waits.count; i++) {
        const struct wait *wait = &d->waits.list[i];
        if (wait->question != questions) continue;
        if (d->most == 0 || count < d->most) TRY(put_wait(d, w, wait, error));
        count++;
    }
    *without = d->most > 0 && count > d->most ? count - d->most : 0;
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_all_waiting(struct difference *d, struct json_writer *w, struct error *error)
{
    static const char *const kinds[] = {"notices", "questions"};
    uint64_t without[COUNT_OF(kinds)];
    TRY(choose_waits(d, error));
    json_put_key(w, "waiting");
    json_put_object(w);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        json_put_key(w, kinds[i]);
        TRY(put_waits(d, w, i == 1, &without[i], error));
    }
    json_put_key(w, "without");
    json_put_object(w);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) json_put_key(w, kinds[i]), json_put_integer(w, (int64_t)without[i]);
    json_put_close(w);
    json_put_close(w);
    return STATUS_DONE;
}

/* ---- all of it */

static enum status put_now(struct difference *d, struct json_writer *w, struct error *error)
{
    json_put_key(w, "now");
    json_put_object(w);
    answer_put_time(w, "as_of", d->now.as_of);
    json_put_key(w, "known"), json_put_integer(w, (int64_t)d->now.size);
    TRY(answer_put_root(d->reg, d->now.size, w, error));
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_difference(struct difference *d, struct buffer *out, struct error *error)
{
    struct json_writer w;
    json_write_open(&w, out);
    json_put_object(&w);
    answer_put_moment(d->reg, &d->then, &w);
    json_put_key(&w, "makers"), json_put_bool(&w, !d->at_once);
    TRY(put_now(d, &w, error));
    answer_put_register(d->reg, &w);
    TRY(answer_put_root(d->reg, d->then.size, &w, error));
    json_put_key(&w, "standing");
    put_subjects(&w, d);
    TRY(put_all_waiting(d, &w, error));
    json_put_close(&w);
    return json_write_finish(&w, error);
}

/* The moment, now, and how much of the log had been received by the moment: what happened since came behind that. */
static enum status settle(struct difference *d, struct error *error)
{
    const struct truce_moment all = {.has_as_of = false};
    struct moment received;
    TRY(register_moment(d->reg, d->asked, &d->then, error));
    TRY(register_moment(d->reg, &all, &d->now, error));
    const struct truce_moment by_then = {
        .has_as_of = true, .as_of = d->then.as_of, .known_by = TRUCE_KNOWN_TIME, .known_time = d->then.as_of};
    TRY(register_moment(d->reg, &by_then, &received, error));
    uint64_t since = received.size < d->then.size ? received.size : d->then.size;
    d->at_once = d->now.size - since > LOOKED_THROUGH_MOST;
    d->learned = (struct step){.at = d->then.as_of, .from = d->then.size, .of_moment = true};
    d->happened = (struct step){.at = d->now.as_of, .from = since};
    return STATUS_DONE;
}

enum truce_status truce_difference(struct truce_register *reg, uint64_t most, const struct truce_moment *asked,
                                   struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct difference d = {.reg = reg, .asked = asked, .most = most};
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&d.arena, ARENA_BYTES);
    enum status status = settle(&d, &why);
    if (status == STATUS_DONE) status = look_at_both(&d, &why);
    if (status == STATUS_DONE) status = put_difference(&d, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    changes_close(&d.learned.changes);
    changes_close(&d.happened.changes);
    stop_looking(&d);
    free(d.waits.list);
    arena_clear(&d.arena);
    return public_status(status, &why, error);
}
