/* Does one selector ask for no more than another? Told by what they say alone: what only the ground or the log could
 * tell (whether one polygon lies in another, who is designated) is taken as no. */
#include "terms/lint.h"

static bool words_within(struct reader *r, const struct words *a, const struct words *b)
{
    if (!lint_work(r, a->count * b->count)) return false;
    for (size_t i = 0; i < a->count; i++)
        if (!words_have(b, a->symbols[i])) return false;
    return true;
}

static bool group_within(struct reader *r, const struct group *a, const struct group *b)
{
    bool all = a->type == GROUP_ANY, some = b->type == GROUP_ANY;
    if (b->type == GROUP_ALL) return true;
    if (!lint_work(r, 1)) return false;
    for (size_t i = 0; i < a->count && a->type == GROUP_ANY && all; i++) all = group_within(r, a->parts[i], b);
    if (a->type == GROUP_ANY) return all;
    for (size_t i = 0; i < b->count && some; i++)
        if (group_within(r, a, b->parts[i])) return true;
    if (a->type != b->type) return false;
    if (a->type == GROUP_NOT) return group_within(r, b->parts[0], a->parts[0]);
    if (a->type == GROUP_ROLE) return a->role == b->role;
    return a->type == GROUP_DESIGNATED || a->type == GROUP_ASSENTED || words_within(r, &a->names, &b->names);
}

static bool class_within(struct reader *r, const struct class *a, const struct class *b)
{
    if (b == NULL) return true;
    if (a == NULL || !words_within(r, &a->names, &b->names)) return false;
    return !b->sized || (a->sized && a->least_um >= b->least_um && a->most_um <= b->most_um);
}

static bool same_points(struct reader *r, const struct place *a, const struct place *b)
{
    if (a->count != b->count || !lint_work(r, a->count)) return false;
    for (size_t i = 0; a->points != NULL && i < a->count; i++)
        if (a->points[i].lat_e7 != b->points[i].lat_e7 || a->points[i].lon_e7 != b->points[i].lon_e7) return false;
    return a->points != NULL && b->points != NULL;
}

static bool place_within(struct reader *r, const struct place *a, const struct place *b, bool distances)
{
    bool all = true;
    if (b == NULL) return true;
    if (a == NULL || !lint_work(r, 1)) return false;
    if (a->name.size > 0 && slice_equal(a->name, b->name)) return true;
    if (a->type == PLACE_ANY) {
        for (size_t i = 0; i < a->count && all; i++) all = place_within(r, a->parts[i], b, distances);
        return all;
    }
    if (b->type == PLACE_ANY) {
        for (size_t i = 0; i < b->count; i++)
            if (place_within(r, a, b->parts[i], distances)) return true;
        return false;
    }
    if (a->type != b->type || (distances && a->reach_mm > b->reach_mm)) return false;
    if (a->type == PLACE_BUFFER)
        return (a->side == b->side || b->side == SIDE_BOTH) && place_within(r, a->parts[0], b->parts[0], true);
    return a->type == PLACE_AREA ? slice_equal(a->area, b->area) : a->type != PLACE_SEALED && same_points(r, a, b);
}

static bool asked_within(struct reader *r, const struct words *a, const struct words *b)
{
    return b->count == 0 || (a->count > 0 && words_within(r, a, b));
}

static bool said_within(struct reader *r, const struct group *a, const struct group *b)
{
    return b == NULL || (a != NULL && group_within(r, a, b));
}

/* The author of a signed act is `who` where nobody is named; the actor of what is reported is. */
static const struct group *bound(const struct selector *s, const struct group *who, bool author)
{
    bool passage = slice_is(s->kind, "passage"), acts = s->kind.size > 0 && !passage;
    const struct group *said = author ? s->by : s->actor;
    return said != NULL || passage || acts != author ? said : who;
}

bool lint_within(struct reader *r, const struct selector *a, const struct group *a_who, const struct selector *b,
                 const struct group *b_who, bool places)
{
    if (!lint_work(r, 1)) return false;
    if (a->count > 0) {
        bool all = true;
        for (size_t i = 0; i < a->count && all; i++) all = lint_within(r, a->any[i], a_who, b, b_who, places);
        return all;
    }
    for (size_t i = 0; i < b->count; i++)
        if (lint_within(r, a, a_who, b->any[i], b_who, places)) return true;
    if (b->count > 0 || !slice_equal(a->kind, b->kind)) return false;
    if (b->channel.size > 0 && !slice_equal(a->channel, b->channel)) return false;
    return asked_within(r, &a->act, &b->act) && asked_within(r, &a->step, &b->step) &&
           asked_within(r, &a->result, &b->result) && asked_within(r, &a->receipt, &b->receipt) &&
           class_within(r, a->weapon, b->weapon) && said_within(r, a->target, b->target) &&
           said_within(r, a->to, b->to) && said_within(r, bound(a, a_who, true), bound(b, b_who, true)) &&
           said_within(r, bound(a, a_who, false), bound(b, b_who, false)) &&
           place_within(r, a->place, b->place, places);
}
