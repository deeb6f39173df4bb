/* What people type into a form: places by bearing and distance in both languages, local times, words and lists. */
#include "check.h"
#include "tell/filing.h"
#include "tell/places.h"

static const char town[] = "{\"lat_e7\":362000000,\"lon_e7\":371000000}";

static struct place_known known[2];
static struct arena arena;

static void begin(void)
{
    const struct json *where;
    static char text[128];
    arena_init(&arena, 1 << 20);
    snprintf(text, sizeof text, "{\"point\":%s}", town);
    CHECK(json_read(&where, slice_from(text), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    known[0] = (struct place_known){slice_from("team-site"), slice_from("موقع الفريق"), where};
    CHECK(json_read(&where, slice_from("{\"any\":[\"a\",\"b\"]}"), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    known[1] = (struct place_known){slice_from("valley"), slice_from("Valley"), where};
}

static const char *place(const char *typed)
{
    static char out[1024];
    struct error error = {.code = ""};
    OWN(buffer_clear) struct buffer where = {0};
    enum status status = places_write(&where, known, COUNT_OF(known), slice_from(typed), &error);
    snprintf(out, sizeof out, "%.*s", status == STATUS_DONE ? (int)where.size : 60,
             status == STATUS_DONE ? (const char *)where.data : error.code);
    return out;
}

static void bearings(void)
{
    static const struct {
        const char *typed;
        int degrees;
        int64_t least_m, most_m;
        const char *from;
    } cases[] = {
        {"040° 5-7 km from TEAM SITE", 40, 5000, 7000, "TEAM SITE"},
        {"40° 5 to 7 km, TEAM SITE", 40, 5000, 7000, "TEAM SITE"},
        {" 360 deg 1.5–2.25 km from 36.2, 37.1 ", 0, 1500, 2250, "36.2, 37.1"},
        {"bearing 7, 800 m of team site", 7, 800, 800, "team site"},
        {"040° 5-7 كم من موقع الفريق", 40, 5000, 7000, "موقع الفريق"},
        {"الاتجاه ٠٤٠ درجة، ٥ إلى ٧ كم من موقع الفريق", 40, 5000, 7000, "موقع الفريق"},
        {"٤٠° ٨٠٠ متر من موقع الفريق", 40, 800, 800, "موقع الفريق"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct place_typed typed;
        CHECK(places_read(&typed, slice_from(cases[i].typed)) && typed.way == PLACE_AT_BEARING);
        CHECK(typed.degrees == cases[i].degrees && typed.least_m == cases[i].least_m &&
              typed.most_m == cases[i].most_m);
        CHECK(slice_is(typed.from, cases[i].from));
    }
    static const char *const wrong[] = {"040° 7-5 km from TEAM SITE",
                                        "040° 5 miles from TEAM SITE",
                                        "361° 5 km from x",
                                        "040° 5 km",
                                        "040° from TEAM SITE",
                                        "040° 0 km from TEAM SITE",
                                        "",
                                        "040° 999 km from TEAM SITE",
                                        "040° 5-7 km from"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct place_typed typed;
        CHECK(!places_read(&typed, slice_from(wrong[i])) || typed.way != PLACE_AT_BEARING);
        CHECK(place(wrong[i])[0] != '{');
    }
}

static void places(void)
{
    CHECK_STRING(place("040° 5-7 km from TEAM SITE"),
                 "{\"bearing\":{\"degrees\":40,\"from\":{\"lat_e7\":362000000,\"lon_e7\":371000000},\"least_m\":5000,"
                 "\"most_m\":7000},\"name\":\"040° 5-7 km from TEAM SITE\"}");
    CHECK_STRING(place("36.2012,37.1612"), "{\"point\":{\"lat_e7\":362012000,\"lon_e7\":371612000}}");
    CHECK_STRING(place("٣٦.٢٠١٢، ٣٧.١٦١٢"), "{\"point\":{\"lat_e7\":362012000,\"lon_e7\":371612000}}");
    CHECK_STRING(place("Team Site"), "{\"place\":\"team-site\"}");
    CHECK_STRING(place("موقع الفريق"), "{\"place\":\"team-site\"}");
    CHECK_STRING(place("{\"place\":\"x\"}"), "{\"place\":\"x\"}");
    CHECK_STRING(place("nowhere"), "place-unknown");
    CHECK_STRING(place("040° 5-7 km from nowhere"), "place-unknown");
    CHECK_STRING(place("040° 5-7 km from valley"), "place-not-a-point");
    CHECK_STRING(place("  "), "place-form");
}

/* ---- forms */

struct typed_pair {
    const char *name, *value;
};

static const char *field_of(const struct filing *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->fields[i].name, name) == 0) return f->fields[i].value;
    return "";
}

static const char *fill(struct filing *f, const struct typed_pair *pairs)
{
    static struct error error;
    error = (struct error){.code = ""};
    filing_open(f, NULL, 1474340100); /* 2016-09-20T02:55:00Z */
    for (; pairs->name != NULL; pairs++) CHECK(filing_add(f, pairs->name, pairs->value));
    return filing_read(f, &error) == STATUS_DONE ? "" : error.pointer;
}

static void forms(void)
{
    struct filing *f = malloc(sizeof *f);
    const struct typed_pair report[] = {{"kind", "report"},
                                        {"~author", "monitor:833ce79f"},
                                        {"act", "explosion"},
                                        {"~zone", "+03:00"},
                                        {"when.from~time", "2016-09-20T06:55"},
                                        {"when.to~time", ""},
                                        {"text~lang", "ar"},
                                        {"text~text", "سُمع\r\nانفجار"},
                                        {"where~where", "36.2,37.1"},
                                        {"to~set", "a"},
                                        {"to~set", "b"},
                                        {"weapon.calibre_um~mm", "122"},
                                        {"reader", "liaison"},
                                        {"reader", "un"},
                                        {"actor", ""},
                                        {"~step", "look"},
                                        {"seal", "/where"},
                                        {NULL, NULL}};
    CHECK_STRING(fill(f, report), "");
    CHECK_STRING(f->kind, "report");
    CHECK_STRING(f->by, "monitor");
    CHECK_STRING(f->key, "833ce79f");
    CHECK_STRING(field_of(f, "when.from"), "2016-09-20T03:55:00Z");
    CHECK_STRING(field_of(f, "when.to"), "2016-09-20T03:55:00Z");
    CHECK_STRING(field_of(f, "text.ar"), "سُمع\nانفجار");
    CHECK_STRING(field_of(f, "text.original"), "ar");
    CHECK_STRING(field_of(f, "where"), "{\"point\":{\"lat_e7\":362000000,\"lon_e7\":371000000}}");
    CHECK_STRING(field_of(f, "to"), "a,b");
    CHECK_STRING(field_of(f, "weapon.calibre_um"), "122000");
    CHECK(f->readers[1] != NULL && f->readers[2] == NULL && strcmp(f->seal[0], "/where") == 0);
    CHECK_INT(f->count, 8);
    CHECK(filing_has(f, "to~set", "b") && !filing_has(f, "to~set", "c"));
    filing_close(f);
    static const struct {
        struct typed_pair pair[3];
        const char *pointer;
    } wrong[] = {
        {{{"when.from~time", "yesterday"}, {NULL, NULL}}, "/when/from"},
        {{{"when.from~time", "2016-09-31T06:55"}, {NULL, NULL}}, "/when/from"},
        {{{"at~time", "2016-09-20T06:55"}, {"~zone", "+3"}, {NULL, NULL}}, "/~zone"},
        {{{"event.where~where", "nowhere"}, {NULL, NULL}}, "/event/where"},
        {{{"text~text", "a"}, {"text~lang", "English"}, {NULL, NULL}}, "/text"},
        {{{"weapon.calibre_um~mm", "1e3"}, {NULL, NULL}}, "/weapon/calibre_um"},
        {{{"act~what", "a"}, {NULL, NULL}}, "/act"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        const char *pointer = fill(f, wrong[i].pair);
        CHECK_STRING(pointer[0] == '/' && pointer[1] == '\0' ? "/~zone" : pointer, wrong[i].pointer);
        filing_close(f);
    }
    const struct typed_pair zones[] = {{"at~time", "2016-09-20 23:30:15"}, {"~zone", "-04:30"}, {NULL, NULL}};
    CHECK_STRING(fill(f, zones), "");
    CHECK_STRING(field_of(f, "at"), "2016-09-21T04:00:15Z");
    filing_close(f);
    const struct typed_pair utc[] = {{"at~time", "2016-09-20T23:30:15Z"}, {"~zone", "-04:30"}, {NULL, NULL}};
    CHECK_STRING(fill(f, utc), "");
    CHECK_STRING(field_of(f, "at"), "2016-09-20T23:30:15Z");
    filing_close(f);
    const struct typed_pair watch[] = {{"~watch", "start"}, {"how", "post"}, {NULL, NULL}};
    CHECK_STRING(fill(f, watch), "");
    CHECK_STRING(field_of(f, "when.from"), "2016-09-20T02:55:00Z");
    CHECK_STRING(field_of(f, "when.to"), "2016-09-20T02:55:00Z");
    filing_close(f);
    const struct typed_pair ends[] = {{"~watch", "end"}, {"when.from", "2016-09-20T01:00:00Z"}, {NULL, NULL}};
    CHECK_STRING(fill(f, ends), "");
    CHECK_STRING(field_of(f, "when.from"), "2016-09-20T01:00:00Z");
    CHECK_STRING(field_of(f, "when.to"), "2016-09-20T02:55:00Z");
    filing_close(f);
    filing_open(f, NULL, 0);
    bool all = true;
    for (int i = 0; i <= FILING_FIELDS_MOST; i++) all = filing_add(f, "a", "b");
    CHECK(!all);
    filing_close(f);
    free(f);
}

static void end(void)
{
    arena_clear(&arena);
    CHECK(true);
}

TESTS(begin, bearings, places, forms, end)
