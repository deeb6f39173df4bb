/* A moment by the clocks of the place: the offsets that an agreement states, and no others. */
#include "check.h"
#include "base/time.h"
#include "json/json.h"
#include "tell/zone.h"

static struct arena arena;

static const struct json *parse(const char *text)
{
    const struct json *out = NULL;
    CHECK(json_read(&out, slice_from(text), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    return out;
}

static int64_t at(const char *text)
{
    int64_t seconds = 0;
    CHECK(time_parse(&seconds, slice_from(text)));
    return seconds;
}

static void clocks_go_as_the_agreement_says(void)
{
    arena_init(&arena, (size_t)1 << 20);
    const struct json *agreement =
        parse("{\"zones\":{\"damascus\":[{\"from\":\"2016-03-24T22:00:00Z\",\"offset_s\":10800},"
              "{\"from\":\"2016-10-27T21:00:00Z\",\"offset_s\":7200}]}}");
    const struct json *zone = zone_of(NULL, agreement);
    CHECK(zone != NULL && slice_is(zone->key, "damascus"));
    static const struct {
        const char *at;
        int64_t ahead;
    } moments[] = {
        {"2015-01-01T00:00:00Z", 10800}, /* before the first: as the first */
        {"2016-09-12T16:00:00Z", 10800}, {"2016-10-27T20:59:59Z", 10800},
        {"2016-10-27T21:00:00Z", 7200},  {"2030-01-01T00:00:00Z", 7200},
    };
    for (size_t i = 0; i < COUNT_OF(moments); i++) CHECK_INT(zone_ahead(zone, at(moments[i].at)), moments[i].ahead);
    arena_clear(&arena);
}

static void which_zone_it_is_must_be_plain(void)
{
    arena_init(&arena, (size_t)1 << 20);
    CHECK(zone_of(NULL, parse("{\"zones\":{\"east\":[],\"west\":[]}}")) == NULL);
    CHECK(zone_of(NULL, parse("{\"zones\":\"damascus\"}")) == NULL);
    CHECK(zone_of(NULL, parse("{}")) == NULL && zone_of(NULL, NULL) == NULL);
    CHECK_INT(zone_ahead(NULL, 0), 0);
    static const char *const odd[] = {"[]", "{}", "[{\"from\":\"now\",\"offset_s\":\"x\"}]", "[{\"offset_s\":86401}]",
                                      "[{\"offset_s\":-86401}]"};
    for (size_t i = 0; i < COUNT_OF(odd); i++) CHECK_INT(zone_ahead(parse(odd[i]), 0), 0);
    arena_clear(&arena);
}

TESTS(clocks_go_as_the_agreement_says, which_zone_it_is_must_be_plain)
