#include "tell/ask.h"

#include "base/time.h"
#include "tell/typed.h"
#include "tell/words.h"

/* A search with its place in one hand: what is asked, and where a fault is told. */
struct asking {
    ask_value *value;
    void *context;
    struct ask_fault *fault;
};

static const char *get(const struct asking *asking, const char *name)
{
    return asking->value(asking->context, name);
}

static bool wrong(const struct asking *asking, const char *message, const char *name)
{
    *asking->fault = (struct ask_fault){message, name, get(asking, name)};
    return false;
}

static bool ask_time(const struct asking *asking, const char *name, bool end_of_day, bool *has, int64_t *out)
{
    const char *text = get(asking, name);
    *has = text != NULL;
    if (text == NULL || value_time(out, slice_from(text), end_of_day)) return true;
    return wrong(asking, TR("A time is a day (2016-10-04) or a moment in UTC (2016-10-04T12:00:00Z), not \"{0}\"."),
                 name);
}

static bool ask_number(const struct asking *asking, const char *name, uint64_t *out)
{
    const char *text = get(asking, name);
    if (text == NULL || value_number(out, slice_from(text))) return true;
    return wrong(asking, TR("A number was expected, not \"{0}\"."), name);
}

static bool ask_places(const struct asking *asking, struct truce_query *query)
{
    const char *box = get(asking, "bbox"), *near = get(asking, "near"), *within = get(asking, "within");
    int32_t edges[4];
    uint64_t metres;
    if (box != NULL) {
        if (!value_box(edges, slice_from(box)))
            return wrong(asking, TR("A box is W,S,E,N in degrees (36.5,36.0,37.5,36.5), not \"{0}\"."), "bbox");
        query->has_box = true;
        query->west_e7 = edges[0], query->south_e7 = edges[1], query->east_e7 = edges[2], query->north_e7 = edges[3];
    }
    if ((near == NULL) != (within == NULL))
        return wrong(asking, TR("\"near\" and \"within\" go together: a place and how many metres around it."),
                     near == NULL ? "within" : "near");
    if (near == NULL) return true;
    if (!value_point(&query->lat_e7, &query->lon_e7, slice_from(near)))
        return wrong(asking, TR("A place is LAT,LON in degrees (36.2021,37.1343), not \"{0}\"."), "near");
    if (!value_number(&metres, slice_from(within)) || metres > INT64_MAX / 1000)
        return wrong(asking, TR("A distance is a number of metres, not \"{0}\"."), "within");
    query->has_near = true;
    query->within_m = (int64_t)metres;
    return true;
}

bool ask_query(struct truce_query *out, ask_value *value, void *context, struct ask_fault *fault)
{
    const struct asking asking = {value, context, fault};
    *out = (struct truce_query){.kind = get(&asking, "kind"),
                                .by = get(&asking, "by"),
                                .term = get(&asking, "term"),
                                .text = get(&asking, "text")};
    if (!ask_time(&asking, "from", false, &out->has_from, &out->from) ||
        !ask_time(&asking, "to", true, &out->has_to, &out->to) || !ask_number(&asking, "limit", &out->limit) ||
        !ask_number(&asking, "after", &out->after))
        return false;
    if (get(&asking, "limit") != NULL && out->limit == 0) return wrong(&asking, TR("The limit is 1 or more."), "limit");
    return ask_places(&asking, out);
}

bool ask_after(uint64_t *out, ask_value *value, void *context, struct ask_fault *fault)
{
    const struct asking asking = {value, context, fault};
    *out = 0;
    return ask_number(&asking, "after", out);
}

bool ask_from(bool *has, int64_t *out, ask_value *value, void *context, struct ask_fault *fault)
{
    const struct asking asking = {value, context, fault};
    return ask_time(&asking, "from", false, has, out);
}

bool ask_moment(struct truce_moment *out, ask_value *value, void *context, struct ask_fault *fault)
{
    const struct asking asking = {value, context, fault};
    const char *known = get(&asking, "known");
    *out = (struct truce_moment){.known_by = TRUCE_KNOWN_ALL};
    if (!ask_time(&asking, "as-of", true, &out->has_as_of, &out->as_of)) return false;
    if (known == NULL) return true;
    if (value_number(&out->known_size, slice_from(known)))
        out->known_by = TRUCE_KNOWN_SIZE;
    else if (value_time(&out->known_time, slice_from(known), true))
        out->known_by = TRUCE_KNOWN_TIME;
    else
        return wrong(&asking, TR("What was known is a number of records, a day or a moment in UTC, not \"{0}\"."),
                     "known");
    return true;
}

static bool ask_day(const struct asking *asking, const char *name, bool *has, int64_t *out)
{
    const char *text = get(asking, name);
    int64_t seconds;
    *has = text != NULL;
    if (text == NULL) return true;
    if (!time_parse_day(&seconds, slice_from(text)))
        return wrong(asking, TR("A day is written as 2016-10-04, not \"{0}\"."), name);
    *out = seconds / 86400;
    return true;
}

bool ask_days(struct truce_days *out, ask_value *value, void *context, struct ask_fault *fault)
{
    const struct asking asking = {value, context, fault};
    *out = (struct truce_days){.agreement = get(&asking, "agreement"),
                               .term = get(&asking, "term"),
                               .reading = get(&asking, "reading"),
                               .party = get(&asking, "party")};
    return ask_day(&asking, "from", &out->has_from, &out->from) && ask_day(&asking, "to", &out->has_to, &out->to);
}
