#include "register/answer.h"
#include "register/course.h"

#include "base/time.h"

static enum status put_id_at(const struct course *course, struct json_writer *w, const char *key, uint64_t index,
                             struct error *error)
{
    struct seen seen;
    TRY(sight_entry(course->reg, index, &seen, error));
    answer_put_id(w, key, &seen.id);
    return STATUS_DONE;
}

static void put_own(struct json_writer *w, const struct told *told, const char *name)
{
    const struct json *value = json_find(told->record.body, name);
    if (value != NULL) json_put_key(w, name), json_put_tree(w, value);
}

static void put_received(struct json_writer *w, const struct told *told)
{
    char received[25];
    received_format(told->received_ms, received);
    json_put_key(w, "received"), json_put_string(w, received);
}

/* ---- steps */

/* Is anything of its places sealed? */
static bool is_sealed(const struct told *told)
{
    const struct json *sealed = json_find(told->record.body, "sealed");
    for (const struct json *m = sealed == NULL ? NULL : sealed->first; m != NULL; m = m->next) {
        struct slice pointer = json_find_string(m, "pointer");
        if (slice_starts(pointer, "/where") || slice_starts(pointer, "/route")) return true;
    }
    return false;
}

/* A place stands where the record counts, and of a site where it is listed now: what it seals is its cell. */
static bool tells_place(const struct course *course, const struct step *step)
{
    if (course->site) return step == course->now && !course->over && !step->erased;
    return step->effect == EFFECT_COUNTS && !course->withheld;
}

static enum status put_step(const struct course *course, const struct step *step, struct json_writer *w,
                            struct error *error)
{
    const struct told *told = &step->told;
    bool placed = tells_place(course, step);
    json_put_object(w);
    put_own(w, told, "actor");
    answer_put_time(w, "at", step->at);
    put_own(w, told, "by");
    if (!course->site) put_own(w, told, "counts");
    if (step->effect != EFFECT_COUNTS) json_put_key(w, "effect"), json_put_string(w, effect_name(step->effect));
    if (step->effect != EFFECT_COUNTS) TRY(put_id_at(course, w, "effect_of", step->cause, error));
    if (step->erased) json_put_key(w, "erased"), json_put_bool(w, true);
    put_own(w, told, "expires");
    answer_put_id(w, "id", &told->record.id);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)told->index);
    put_received(w, told);
    if (placed) put_own(w, told, "route");
    if (is_sealed(told)) json_put_key(w, "sealed"), json_put_bool(w, true);
    put_own(w, told, "sealed_load");
    json_put_key(w, "state"), json_put_string(w, step->state);
    if (placed) put_own(w, told, "where");
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_history(const struct course *course, struct json_writer *w, struct error *error)
{
    json_put_key(w, "history");
    json_put_array(w);
    for (size_t i = 0; i < course->steps; i++) TRY(put_step(course, &course->step[i], w, error));
    json_put_close(w);
    return STATUS_DONE;
}

/* ---- notices: no place, for a notice is for some */

static enum status put_notice(const struct course *course, const struct told *notice, struct confirmations *told,
                              struct json_writer *w, struct error *error)
{
    json_put_object(w);
    put_own(w, notice, "acknowledge_by");
    put_own(w, notice, "act");
    put_own(w, notice, "at");
    put_own(w, notice, "by");
    put_own(w, notice, "channel");
    answer_put_id(w, "id", &notice->record.id);
    json_put_key(w, "index"), json_put_integer(w, (int64_t)notice->index);
    put_received(w, notice);
    json_put_key(w, "recipients");
    TRY(receipts_write(course->view, notice->index, course->until, w, told, error));
    json_put_close(w);
    return STATUS_DONE;
}

static enum status put_notices(const struct course *course, struct confirmations *told, struct json_writer *w,
                               struct error *error)
{
    json_put_key(w, "notices");
    json_put_array(w);
    for (size_t i = 0; i < course->notices; i++) TRY(put_notice(course, &course->notice[i], told, w, error));
    json_put_close(w);
    return STATUS_DONE;
}

static void put_receipts(struct json_writer *w, const struct confirmations *told)
{
    json_put_key(w, "receipts");
    json_put_object(w);
    json_put_key(w, "asked"), json_put_integer(w, (int64_t)told->asked);
    json_put_key(w, "attempts"), json_put_integer(w, (int64_t)told->attempts);
    json_put_key(w, "confirmed"), json_put_integer(w, (int64_t)told->confirmed);
    json_put_key(w, "silent"), json_put_integer(w, (int64_t)told->silent);
    json_put_close(w);
}

/* ---- all of it */

static struct slice name_of(const struct course *course)
{
    return json_find_string(course->step[0].told.record.body, course->site ? "site" : "passage");
}

enum status course_put(const struct course *course, struct json_writer *w, struct error *error)
{
    struct confirmations told = {0};
    const struct step *last = course->now != NULL ? course->now : &course->step[course->steps - 1];
    json_put_object(w);
    TRY(put_id_at(course, w, "behind", course->behind, error));
    put_own(w, &last->told, "by");
    if (course->cut) json_put_key(w, "cut"), json_put_bool(w, true);
    put_own(w, &last->told, "expires");
    TRY(put_id_at(course, w, "first", course->first, error));
    TRY(put_history(course, w, error));
    answer_put_id(w, "holds", &last->told.record.id);
    json_put_key(w, "kind"), json_put_string(w, course->site ? "site" : "passage");
    json_put_key(w, "name"), json_put_slice(w, name_of(course));
    TRY(put_notices(course, &told, w, error));
    put_own(w, &last->told, "protects");
    put_receipts(w, &told);
    put_own(w, &last->told, "sharing");
    answer_put_time(w, "since", course->since);
    json_put_key(w, "state"), json_put_string(w, course->state);
    if (course->withheld) json_put_key(w, "withheld"), json_put_bool(w, true);
    json_put_close(w);
    return STATUS_DONE;
}
