/* Moments and zones. Offsets stand in the agreement: no zone database is ever asked. */
#include "terms/lint.h"

enum { DAY_S = 86400 };

static const struct zone *find_zone(struct reader *r, struct slice name)
{
    for (size_t i = 0; i < r->agreement->zone_count; i++)
        if (slice_equal(r->agreement->zones[i].name, name)) return &r->agreement->zones[i];
    return NULL;
}

bool read_zone(struct reader *r, const struct zone **out, const struct json *object)
{
    const struct json *named = json_find(object, "zone");
    *out = named == NULL && r->agreement->zone_count == 1 ? &r->agreement->zones[0] : NULL;
    if (named == NULL) return true;
    struct slice name = named->type == JSON_STRING ? named->string : slice_from("");
    *out = find_zone(r, name);
    if (*out != NULL) return true;
    return r->whole && reader_unknown(r, "zone", UNKNOWN_ZONE, name, reader_near_named(r, name, "zones"));
}

int64_t zone_offset(const struct zone *zone, int64_t at)
{
    size_t i = 0;
    if (zone == NULL || zone->count == 0) return 0;
    while (i + 1 < zone->count && zone->from[i + 1] <= at) i++;
    return zone->offset_s[i];
}

static int64_t floor_days(int64_t s)
{
    return s >= 0 ? s / DAY_S : -((-s + DAY_S - 1) / DAY_S);
}

int64_t zone_day(const struct zone *zone, int64_t at)
{
    return floor_days(at + zone_offset(zone, at));
}

/* The moment that a clock on the wall calls `local`: the first, where it is called so twice. */
static int64_t from_local(const struct zone *zone, int64_t local)
{
    int64_t early = local - zone_offset(zone, local - DAY_S), late = local - zone_offset(zone, local + DAY_S);
    if (early + zone_offset(zone, early) == local) return early;
    return late + zone_offset(zone, late) == local || late > early ? late : early;
}

int64_t zone_day_start(const struct zone *zone, int64_t day)
{
    return from_local(zone, day * DAY_S);
}

int64_t zone_days_later(const struct zone *zone, int64_t at, int64_t days)
{
    return days == 0 ? at : from_local(zone, at + zone_offset(zone, at) + days * DAY_S);
}

static bool read_local(struct reader *r, struct moment *moment, const struct json *value)
{
    struct slice local = json_find_string(value, "local");
    char text[TIME_TEXT_SIZE] = {0};
    int64_t wall;
    const struct zone *zone;
    if (!read_zone(r, &zone, value)) return false;
    if (local.size == TIME_TEXT_SIZE - 2) {
        memcpy(text, local.data, local.size);
        text[local.size] = 'Z';
    }
    if (local.size != TIME_TEXT_SIZE - 2 || !time_parse(&wall, slice_from(text)))
        return reader_fault(r, "local", "term-time", "A local time is needed: YYYY-MM-DDThh:mm:ss, without Z.",
                            slice_from(""));
    if (zone == NULL)
        return r->whole
                   ? reader_fault(r, NULL, "term-time", "A local time needs a zone of the agreement.", slice_from(""))
                   : false;
    moment->at = from_local(zone, wall);
    return true;
}

static bool read_list(struct reader *r, struct moment *moment, const struct json *list)
{
    if (list->type != JSON_ARRAY || list->size == 0)
        return reader_fault(r, NULL, "term-shape", "A list of moments is needed.", slice_from(""));
    if (list->size > PARTS_MOST)
        return reader_limit(r, "More moments in one list than are allowed: at most {0}.", PARTS_MOST);
    const struct moment **parts = reader_get(r, list->size * sizeof(struct moment *));
    if (parts == NULL) return false;
    bool good = true;
    for (const struct json *m = list->first; m != NULL; m = m->next, moment->count++) {
        size_t mark = json_path_push_index(&r->path, moment->count);
        parts[moment->count] = read_moment(r, m);
        good = good && parts[moment->count] != NULL;
        reader_out(r, mark);
    }
    moment->parts = parts;
    return good;
}

static bool read_of(struct reader *r, struct moment *moment, const struct json *value)
{
    const struct moment **part = reader_get(r, sizeof(struct moment *));
    if (part == NULL) return false;
    part[0] = read_moment(r, value);
    *moment = (struct moment){.type = MOMENT_LAST, .parts = part, .count = 1};
    return part[0] != NULL;
}

/* When the n-th thing came that surely fits: the completion of a floor without a name. */
static bool read_event(struct reader *r, struct moment *moment, const struct json *value)
{
    const struct json *nth = json_find(value, "nth");
    struct rule rule = {.type = RULE_FLOOR, .n = nth == NULL ? 1 : nth->integer};
    if (nth != NULL && (nth->type != JSON_INTEGER || nth->integer < 1 || nth->integer > 1000000))
        return reader_fault(r, "nth", "term-time", "Which of them: a whole number from 1.", slice_from(""));
    moment->type = MOMENT_DONE;
    return read_hidden(r, &moment->term, &rule, value, "event");
}

static bool read_base(struct reader *r, struct moment *moment, const struct json *value)
{
    static const char *const bases[] = {"at", "done", "event", "first", "last", "local", "of", NULL};
    static const char *const members[] = {"at",  "days", "done", "event", "first", "last", "local",
                                          "nth", "of",   "plus", "renew", "zone",  NULL};
    const char *base = NULL;
    size_t count = 0;
    bool known = reader_members(r, value, members);
    for (size_t i = 0; bases[i] != NULL; i++)
        if (json_find(value, bases[i]) != NULL) base = bases[i], count++;
    if (count != 1)
        return known && reader_fault(r, NULL, "term-time", "Exactly one of at, done, event, first, last, local, of.",
                                     slice_from(""));
    if (strcmp(base, "local") == 0) return read_local(r, moment, value) && known;
    if (strcmp(base, "event") == 0) return read_event(r, moment, value) && known;
    const struct json *member = json_find(value, base);
    size_t mark = reader_in(r, base);
    bool good;
    if (strcmp(base, "at") == 0) {
        good = member->type == JSON_STRING && time_parse(&moment->at, member->string);
        if (!good) reader_fault(r, NULL, "term-time", "A time is needed: YYYY-MM-DDThh:mm:ssZ.", slice_from(""));
    } else if (strcmp(base, "of") == 0) {
        good = read_of(r, moment, member);
    } else if (strcmp(base, "done") == 0) {
        moment->type = MOMENT_DONE;
        good = find_term(r, &moment->term, member);
    } else {
        moment->type = strcmp(base, "first") == 0 ? MOMENT_FIRST : MOMENT_LAST;
        good = read_list(r, moment, member);
    }
    reader_out(r, mark);
    return good && known;
}

static bool read_renew(struct reader *r, struct moment *moment, const struct json *value)
{
    const struct json *renew = json_find(value, "renew");
    if (renew == NULL) return true;
    size_t mark = reader_in(r, "renew");
    const struct group *group = read_group(r, renew);
    if (group != NULL && group->type != GROUP_NAMES)
        reader_fault(r, NULL, "term-time", "Renewals are by named parties, or a group of them.", slice_from(""));
    else if (group != NULL)
        moment->renew = group->names;
    reader_out(r, mark);
    return moment->renew.count > 0;
}

static bool read_days(struct reader *r, struct moment *moment, const struct json *value)
{
    const struct json *days = json_find(value, "days");
    if (days == NULL) return true;
    size_t mark = reader_in(r, "days");
    bool whole = days->type == JSON_INTEGER ||
                 reader_fault(r, NULL, "term-time", "A whole number of days is needed.", slice_from(""));
    bool good = whole && ((days->integer >= -PIECES_MOST && days->integer <= PIECES_MOST) ||
                          reader_limit(r, "More days than are allowed: at most {0}.", PIECES_MOST));
    reader_out(r, mark);
    if (!good) return false;
    moment->days = days->integer;
    return read_zone(r, &moment->zone, value);
}

static const struct moment *moment_object(struct reader *r, const struct json *value)
{
    struct moment *moment = reader_get(r, sizeof *moment);
    if (moment == NULL) return NULL;
    bool good = read_base(r, moment, value);
    good = read_duration(r, &moment->plus_s, value, "plus") && good;
    good = read_renew(r, moment, value) && good;
    return read_days(r, moment, value) && good ? moment : NULL;
}

static const struct moment *moment_named(struct reader *r, struct slice name)
{
    const struct json *named = reader_named(r, "anchors", name);
    if (named == NULL) {
        if (r->whole) reader_unknown(r, NULL, UNKNOWN_ANCHOR, name, reader_near_named(r, name, "anchors"));
        return NULL;
    }
    lint_used(r, named);
    if (!reader_name_in(r, named, name)) return NULL;
    const struct moment *moment = read_moment(r, named);
    reader_name_out(r);
    return moment;
}

const struct moment *read_moment(struct reader *r, const struct json *value)
{
    const struct moment *moment = NULL;
    if (!reader_enter(r)) {
        reader_leave(r);
        return NULL;
    }
    if (value->type == JSON_STRING)
        moment = moment_named(r, value->string);
    else if (value->type == JSON_OBJECT)
        moment = moment_object(r, value);
    else
        reader_fault(r, NULL, "term-time", "A moment is an anchor's name or an object.", slice_from(""));
    reader_leave(r);
    return moment;
}
