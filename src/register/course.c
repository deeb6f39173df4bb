#include "register/course.h"

#include "base/time.h"
#include "register/withheld.h"
#include <stdlib.h>

enum { COURSE_ARENA_BYTES = 64 * 1024 * 1024 };

enum status course_open(struct course *out, struct truce_register *reg, const struct look *look, struct error *error)
{
    *out = (struct course){.reg = reg, .view = look->view, .moment = look->moment};
    arena_init(&out->arena, COURSE_ARENA_BYTES);
    out->exercise = members_exercise(reg->members);
    out->step = calloc(COURSE_STEPS_MOST, sizeof *out->step);
    out->notice = calloc(COURSE_NOTICES_MOST, sizeof *out->notice);
    if (out->step == NULL || out->notice == NULL) return arena_full(error);
    return withheld_until(reg, &out->moment, &out->until, error);
}

void course_close(struct course *course)
{
    for (size_t i = 0; course->step != NULL && i < COURSE_STEPS_MOST; i++) buffer_clear(&course->step[i].told.entry);
    for (size_t i = 0; course->notice != NULL && i < COURSE_NOTICES_MOST; i++) buffer_clear(&course->notice[i].entry);
    free(course->step);
    free(course->notice);
    arena_clear(&course->arena);
}

static enum status read_told(struct course *course, uint64_t index, struct told *out, struct error *error)
{
    buffer_reset(&out->entry);
    out->index = index;
    return register_read(course->reg, index, &out->entry, &course->arena, &out->record, &out->received_ms, error);
}

static int64_t time_of(const struct told *told, const char *key, int64_t otherwise)
{
    int64_t seconds;
    return time_parse(&seconds, json_find_string(told->record.body, key)) ? seconds : otherwise;
}

/* ---- steps */

static enum status read_step(struct course *course, uint64_t index, struct error *error)
{
    struct step *step = &course->step[course->steps];
    step->effect = effects_of(view_effects(course->view), index, &step->cause);
    step->erased = false;
    if (step->effect != EFFECT_COUNTS && step->effect != EFFECT_REPLACED && step->effect != EFFECT_RETRACTED)
        return STATUS_DONE;
    TRY(read_told(course, index, &step->told, error));
    course->site = strcmp(step->told.record.kind->name, "site") == 0;
    int64_t received = step->told.received_ms / 1000;
    step->at = course->site ? received : time_of(&step->told, "at", received);
    course->steps += step->at <= course->until;
    return STATUS_DONE;
}

/* In time; what was said to have been at the same moment, in the order of the log. Buffers move along. */
static void sort_steps(struct course *course)
{
    for (size_t i = 1; i < course->steps; i++)
        for (size_t k = i; k > 0 && course->step[k - 1].at > course->step[k].at; k--) {
            const struct step swap = course->step[k];
            course->step[k] = course->step[k - 1];
            course->step[k - 1] = swap;
        }
}

/* What an answer calls a state; steps of a passage are called as in their records. */
static const char *const states[] = {"asked",     "allowed",     "refused",   "under-way", "roadblock",
                                     "delivered", "turned-back", "listed",    "expiring",  "expired",
                                     "renewed",   "moved",       "corrected", "erased",    "withdrawn"};

static const char *state_named(struct slice word)
{
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (slice_is(word, states[i])) return states[i];
    return "";
}

bool course_state_known(const char *state)
{
    return strcmp(state, "open") == 0 || state_named(slice_from(state))[0] != '\0';
}

/* What a version made of the site, beside the one before. */
static const char *version_state(const struct step *before, const struct step *step)
{
    if (before == NULL) return "listed";
    const struct json *was = json_find(before->told.record.body, "where"),
                      *is = json_find(step->told.record.body, "where");
    bool same = was == NULL || is == NULL ? was == is : slice_equal(was->source, is->source);
    if (!same) return "moved";
    return time_of(&step->told, "expires", 0) > time_of(&before->told, "expires", 0) ? "renewed" : "corrected";
}

/* Of a site the last version that was not taken back; of a passage the last step that nobody corrected since. */
static void name_states(struct course *course)
{
    const struct step *before = NULL;
    course->now = NULL;
    for (size_t i = 0; i < course->steps; i++) {
        struct step *step = &course->step[i];
        bool holds = step->effect == EFFECT_COUNTS || (course->site && step->effect == EFFECT_REPLACED);
        if (course->site)
            step->state = version_state(before, step);
        else
            step->state = state_named(json_find_string(step->told.record.body, "step"));
        if (!holds) continue;
        before = step;
        course->now = step;
    }
}

/* ---- notices */

static enum status add_notice(void *context, uint64_t index, struct error *error)
{
    struct course *course = context;
    if (index >= course->moment.size || !notice_given(course->view, index, course->until)) return STATUS_DONE;
    size_t at = 0;
    while (at < course->notices && course->notice[at].index < index) at++;
    if (at < course->notices && course->notice[at].index == index) return STATUS_DONE;
    course->cut = course->cut || course->notices == COURSE_NOTICES_MOST;
    if (course->notices == COURSE_NOTICES_MOST) return STATUS_DONE;
    TRY(read_told(course, index, &course->notice[course->notices], error));
    const struct told notice = course->notice[course->notices];
    memmove(&course->notice[at + 1], &course->notice[at], (course->notices - at) * sizeof notice);
    course->notice[at] = notice;
    course->notices++;
    return STATUS_DONE;
}

static enum status find_notices(struct course *course, const struct step *step, struct error *error)
{
    const struct json *about = json_find(step->told.record.body, "about");
    TRY(index_find_references(course->reg->index, &step->told.record.id, 0, COURSE_NAMING_MOST, add_notice, course,
                              error));
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next) {
        struct record_id id;
        uint64_t index;
        bool found = false, is_void;
        if (!hash_parse(&id.hash, m->string)) continue;
        TRY(index_find_id(course->reg->index, &id, &found, &index, &is_void, error));
        if (found && !is_void) TRY(add_notice(course, index, error));
    }
    return STATUS_DONE;
}

static bool names(const struct told *notice, const struct record *record)
{
    const struct json *about = json_find(notice->record.body, "about");
    char hex[HASH_HEX_SIZE];
    hash_format(&record->id.hash, hex);
    for (const struct json *m = about == NULL ? NULL : about->first; m != NULL; m = m->next)
        if (slice_is(m->string, hex)) return true;
    return false;
}

/* As `truce erase --key` asks for it (spec/sealed.md). */
static bool asks_to_erase(const struct told *notice, const struct record *record)
{
    return slice_is(json_find_string(notice->record.body, "act"), "erase-sealed") &&
           slice_equal(notice->record.by, record->by) && names(notice, record);
}

/* ---- the state */

static void set_state(struct course *course, const char *state, int64_t since, uint64_t behind)
{
    course->state = state;
    course->since = since;
    course->behind = behind;
}

static enum status taken_back(struct course *course, struct error *error)
{
    const struct step *last = &course->step[course->steps - 1];
    struct seen seen;
    TRY(sight_entry(course->reg, last->cause, &seen, error));
    set_state(course, "withdrawn", seen.received_ms / 1000, last->cause);
    course->over = true;
    return STATUS_DONE;
}

static void judge_site(struct course *course)
{
    const struct step *now = course->now;
    int64_t expires = time_of(&now->told, "expires", INT64_MAX), asks = expires - COURSE_EXPIRING_S;
    for (size_t i = 0; i < course->notices; i++)
        for (size_t k = 0; k < course->steps; k++) {
            if (!asks_to_erase(&course->notice[i], &course->step[k].told.record)) continue;
            course->step[k].erased = true;
            if (&course->step[k] != now || course->over) continue;
            set_state(course, "erased", time_of(&course->notice[i], "at", 0), course->notice[i].index);
            course->over = true;
        }
    if (course->over) return;
    course->over = expires <= course->until;
    if (course->over)
        set_state(course, "expired", expires, now->told.index);
    else if (asks <= course->until)
        set_state(course, "expiring", asks > now->at ? asks : now->at, now->told.index);
}

static bool is_end(const char *state)
{
    static const char *const ends[] = {"refused", "delivered", "turned-back"};
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (strcmp(state, ends[i]) == 0) return true;
    return false;
}

static enum status judge(struct course *course, struct error *error)
{
    const struct step *now = course->now;
    bool ended = now != NULL && is_end(now->state);
    course->over = false;
    course->withheld = !course->site && withheld_yet(course->exercise, ended ? now->at : INT64_MAX, course->until);
    if (now == NULL) return taken_back(course, error);
    set_state(course, now->state, now->at, now->told.index);
    if (course->site)
        judge_site(course);
    else
        course->over = ended;
    return STATUS_DONE;
}

enum status course_read(struct course *course, uint64_t first, struct error *error)
{
    uint64_t entries[COURSE_STEPS_MOST];
    size_t count;
    arena_reset(&course->arena);
    course->first = first;
    course->steps = course->notices = 0;
    TRY(index_course(course->reg->index, first, course->moment.size, entries, COURSE_STEPS_MOST, &count, error));
    course->cut = count == COURSE_STEPS_MOST && entries[0] != first;
    for (size_t i = 0; i < count; i++) TRY(read_step(course, entries[i], error));
    if (course->steps == 0) return STATUS_DONE;
    sort_steps(course);
    name_states(course);
    for (size_t i = 0; i < course->steps; i++) TRY(find_notices(course, &course->step[i], error));
    return judge(course, error);
}

/* ---- what it is looked for by */

static bool lists(const struct json *list, struct slice party)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_equal(m->string, party)) return true;
    return false;
}

bool course_concerns(const struct course *course, struct slice party)
{
    for (size_t i = 0; i < course->steps; i++) {
        const struct record *record = &course->step[i].told.record;
        if (slice_equal(record->by, party) || slice_equal(json_find_string(record->body, "actor"), party)) return true;
    }
    for (size_t i = 0; i < course->notices; i++) {
        const struct record *record = &course->notice[i].record;
        if (slice_equal(record->by, party) || lists(json_find(record->body, "to"), party) ||
            lists(json_find(record->body, "alternates"), party))
            return true;
    }
    return false;
}

bool course_is(const struct course *course, const char *state)
{
    if (strcmp(state, "open") == 0) return !course->over;
    return strcmp(course->state, state) == 0;
}
