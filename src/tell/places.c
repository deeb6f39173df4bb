#include "tell/places.h"

#include "json/write.h"
#include "tell/names.h"
#include "tell/typed.h"
#include "text/fold.h"

enum { RECORDS_MOST = 256, WORDS_MOST = 200, DISTANCE_MOST_M = 200000, SLUG_MOST = 64 };

/* ---- what is known by a name */

static void put_place(struct place_known *out, size_t *count, size_t room, struct place_known place)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(out[i].id, place.id)) return;
    if (*count < room && place.id.size > 0) out[(*count)++] = place;
}

static void put_table(struct records *records, const struct json *agreement, const struct json *holder,
                      struct place_known *out, size_t *count, size_t room)
{
    const struct json *places = json_find(holder, "places");
    for (const struct json *p = places == NULL ? NULL : places->first; p != NULL; p = p->next)
        put_place(out, count, room, (struct place_known){p->key, tell_place(records, agreement, p->key), p});
}

size_t places_known(struct records *records, struct place_known *out, size_t room)
{
    const struct json *record[RECORDS_MOST];
    size_t count = 0, agreements = records_agreements(records, record, RECORDS_MOST);
    for (size_t i = 0; i < agreements; i++) {
        const struct json *parts = json_find(record[i], "parts");
        put_table(records, record[i], record[i], out, &count, room);
        for (const struct json *p = parts == NULL ? NULL : parts->first; p != NULL; p = p->next)
            if (p->type == JSON_STRING)
                put_table(records, record[i], records_get(records, p->string), out, &count, room);
    }
    size_t areas = records_areas(records, record, RECORDS_MOST);
    for (size_t i = 0; i < areas; i++) {
        struct slice id = json_find_string(record[i], "area"), name = tell_text(json_find(record[i], "names"));
        put_place(out, &count, room,
                  (struct place_known){id, name.size > 0 ? name : id, json_find(record[i], "where")});
    }
    return count;
}

static bool folds_to(struct slice a, struct slice b)
{
    OWN(buffer_clear) struct buffer one = {0}, other = {0};
    return text_fold(&one, NULL, a, NULL) == STATUS_DONE && text_fold(&other, NULL, b, NULL) == STATUS_DONE &&
           one.size > 0 && slice_equal(buffer_slice(&one), buffer_slice(&other));
}

/* "Team Site" is typed for team-site. */
static struct slice slug_of(struct slice typed, uint8_t out[SLUG_MOST])
{
    size_t size = 0;
    for (size_t i = 0; i < typed.size && size < SLUG_MOST; i++) {
        uint8_t c = typed.data[i];
        out[size++] = c == ' ' || c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;
    }
    return slice_of(out, size);
}

const struct place_known *places_meant(const struct place_known *places, size_t count, struct slice typed)
{
    uint8_t room[SLUG_MOST];
    struct slice slug = slug_of(typed, room);
    for (size_t i = 0; i < count; i++)
        if (slice_equal(places[i].id, slug)) return &places[i];
    for (size_t i = 0; i < count; i++)
        if (folds_to(places[i].name, typed)) return &places[i];
    return NULL;
}

/* ---- taking apart */

struct reading {
    struct slice rest;
};

static void skip_spaces(struct reading *r)
{
    static const char *const spaces[] = {" ", "\t", "\n", "\xC2\xA0", ",", "\xD8\x8C", "\xE2\x80\x8E", "\xE2\x80\x8F"};
    for (size_t i = 0; i < COUNT_OF(spaces);) {
        bool found = slice_starts(r->rest, spaces[i]);
        if (found) r->rest = slice_part(r->rest, strlen(spaces[i]), SIZE_MAX);
        i = found ? 0 : i + 1;
    }
}

static bool take(struct reading *r, const char *const *words, size_t count)
{
    skip_spaces(r);
    for (size_t i = 0; i < count; i++) {
        if (!slice_starts(r->rest, words[i])) continue;
        r->rest = slice_part(r->rest, strlen(words[i]), SIZE_MAX);
        return true;
    }
    return false;
}
#define TAKE(r, ...) take(r, (const char *const[]){__VA_ARGS__}, COUNT_OF(((const char *const[]){__VA_ARGS__})))

/* 0-9, or ٠-٩ (two bytes each); -1 for anything else. */
static int digit_at(struct slice text, size_t *size)
{
    bool arabic = text.size >= 2 && text.data[0] == 0xD9 && text.data[1] >= 0xA0 && text.data[1] <= 0xA9;
    *size = arabic ? 2 : 1;
    if (arabic) return text.data[1] - 0xA0;
    return text.size > 0 && text.data[0] >= '0' && text.data[0] <= '9' ? text.data[0] - '0' : -1;
}

static bool take_digits(struct reading *r, int64_t *number, unsigned *digits)
{
    size_t size;
    int digit;
    *digits = 0;
    while ((digit = digit_at(r->rest, &size)) >= 0 && *digits < 9) {
        *number = *number * 10 + digit;
        r->rest = slice_part(r->rest, size, SIZE_MAX);
        ++*digits;
    }
    return *digits > 0 && digit_at(r->rest, &size) < 0;
}

/* In thousandths. */
static bool take_number(struct reading *r, int64_t *thousandths)
{
    unsigned digits, decimals = 0;
    *thousandths = 0;
    skip_spaces(r);
    if (!take_digits(r, thousandths, &digits) || digits > 6) return false;
    bool point = slice_starts(r->rest, ".") || slice_starts(r->rest, "\xD9\xAB");
    if (point) {
        r->rest = slice_part(r->rest, r->rest.data[0] == '.' ? 1 : 2, SIZE_MAX);
        if (!take_digits(r, thousandths, &decimals) || decimals > 3) return false;
    }
    for (; decimals < 3; decimals++) *thousandths *= 10;
    return true;
}

static bool ends_word(const struct reading *r)
{
    return r->rest.size == 0 || memchr(" ,\t\n", r->rest.data[0], 4) != NULL || slice_starts(r->rest, "\xD8\x8C") ||
           slice_starts(r->rest, "\xC2\xA0");
}

static bool take_distances(struct reading *r, struct place_typed *out)
{
    int64_t least, most;
    if (!take_number(r, &least)) return false;
    most = least;
    if (TAKE(r, "-", "\xE2\x80\x93", "\xE2\x80\x91", "to ", "إلى ", "الى ") && !take_number(r, &most)) return false;
    bool kilometres = TAKE(r, "kilometres", "kilometers", "km", "كيلومترات", "كيلومتر", "كلم", "كم");
    if (!kilometres && !TAKE(r, "metres", "meters", "m", "متراً", "متر", "م")) return false;
    if (!ends_word(r)) return false; /* miles are no metres */
    out->least_m = kilometres ? least : least / 1000;
    out->most_m = kilometres ? most : (most + 999) / 1000;
    return out->least_m <= out->most_m && out->most_m > 0 && out->most_m <= DISTANCE_MOST_M;
}

static struct slice trimmed(struct slice text)
{
    struct reading r = {text};
    skip_spaces(&r);
    while (r.rest.size > 0 && (r.rest.data[r.rest.size - 1] == ' ' || r.rest.data[r.rest.size - 1] == '\n'))
        r.rest.size--;
    return r.rest;
}

/* DEGREES° …: what begins so is a bearing, or a mistake in one. */
static bool begins_bearing(struct reading *r, int *degrees)
{
    int64_t number = 0;
    unsigned digits;
    bool worded = TAKE(r, "bearing", "Bearing", "الاتجاه", "اتجاه", "باتجاه");
    skip_spaces(r);
    if (!take_digits(r, &number, &digits) || digits > 3 || number > 360) return false;
    bool marked = TAKE(r, "\xC2\xB0", "degrees", "deg", "درجات", "درجة");
    *degrees = (int)(number % 360);
    return worded || marked;
}

static bool read_bearing(struct reading *r, struct place_typed *out)
{
    if (!take_distances(r, out)) return false;
    (void)TAKE(r, "from ", "from:", "of ", "من ");
    out->from = trimmed(r->rest);
    bool bare = slice_is(out->from, "from") || slice_is(out->from, "of") || slice_is(out->from, "من");
    return out->from.size > 0 && !bare;
}

/* With the digits that coordinates have. */
static bool read_point(struct slice text, int32_t *lat_e7, int32_t *lon_e7)
{
    char western[64];
    size_t used = 0, size = 1;
    for (size_t at = 0; at < text.size; at += size) {
        int digit = digit_at(slice_part(text, at, SIZE_MAX), &size);
        bool comma = slice_starts(slice_part(text, at, SIZE_MAX), "\xD8\x8C");
        if (comma) size = 2;
        if (digit < 0 && !comma) size = 1;
        if (text.data[at] == ' ' || (digit < 0 && !comma && text.data[at] >= 0x80)) {
            if (text.data[at] != ' ') return false;
            continue;
        }
        if (used + 1 >= sizeof western) return false;
        western[used++] = digit >= 0 ? (char)('0' + digit) : comma ? ',' : (char)text.data[at];
    }
    return value_point(lat_e7, lon_e7, slice_of(western, used));
}

bool places_read(struct place_typed *out, struct slice text)
{
    struct reading r = {trimmed(text)};
    *out = (struct place_typed){.way = PLACE_BY_NAME, .from = r.rest};
    if (r.rest.size == 0) return false;
    if (read_point(r.rest, &out->lat_e7, &out->lon_e7)) {
        out->way = PLACE_AT_POINT;
        return true;
    }
    if (!begins_bearing(&r, &out->degrees)) return true;
    out->way = PLACE_AT_BEARING;
    return read_bearing(&r, out);
}

/* ---- writing */

static enum status refuse(const char *code, const char *sentence, struct slice about, struct error *error)
{
    return error_set(error, STATUS_REFUSED, code, sentence, error_slice(about).text, NULL);
}

static void put_point(struct json_writer *w, int64_t lat_e7, int64_t lon_e7)
{
    json_put_object(w);
    json_put_key(w, "lat_e7"), json_put_integer(w, lat_e7);
    json_put_key(w, "lon_e7"), json_put_integer(w, lon_e7);
    json_put_close(w);
}

/* Where the observer was: coordinates, or a known place that is a point. */
static enum status from_point(const struct place_known *places, size_t count, struct slice from, int32_t *lat_e7,
                              int32_t *lon_e7, struct error *error)
{
    if (read_point(from, lat_e7, lon_e7)) return STATUS_DONE;
    const struct place_known *known = places_meant(places, count, from);
    const struct json *point = known == NULL ? NULL : json_find(known->where, "point");
    if (known == NULL)
        return refuse("place-unknown",
                      N_("No place is called \"{0}\" here. Coordinates can be typed instead: 36.2012, 37.1612."), from,
                      error);
    if (point == NULL)
        return refuse("place-not-a-point", N_("\"{0}\" is not a point from which a bearing can be taken."), from,
                      error);
    *lat_e7 = (int32_t)json_find_integer(point, "lat_e7", 0);
    *lon_e7 = (int32_t)json_find_integer(point, "lon_e7", 0);
    return STATUS_DONE;
}

static enum status write_bearing(struct json_writer *w, const struct place_typed *typed,
                                 const struct place_known *places, size_t count, struct slice words,
                                 struct error *error)
{
    int32_t lat_e7, lon_e7;
    TRY(from_point(places, count, typed->from, &lat_e7, &lon_e7, error));
    json_put_object(w);
    json_put_key(w, "bearing"), json_put_object(w);
    json_put_key(w, "degrees"), json_put_integer(w, typed->degrees);
    json_put_key(w, "from"), put_point(w, lat_e7, lon_e7);
    json_put_key(w, "least_m"), json_put_integer(w, typed->least_m);
    json_put_key(w, "most_m"), json_put_integer(w, typed->most_m);
    json_put_close(w);
    if (words.size <= WORDS_MOST) json_put_key(w, "name"), json_put_slice(w, words);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status write_name(struct json_writer *w, const struct place_known *places, size_t count, struct slice name,
                              struct error *error)
{
    const struct place_known *known = places_meant(places, count, name);
    if (known == NULL)
        return refuse("place-unknown",
                      N_("No place is called \"{0}\" here. Coordinates can be typed instead: 36.2012, 37.1612."), name,
                      error);
    json_put_object(w);
    json_put_key(w, "place"), json_put_slice(w, known->id);
    json_put_close(w);
    return STATUS_DONE;
}

enum status places_write(struct buffer *where, const struct place_known *places, size_t count, struct slice text,
                         struct error *error)
{
    struct place_typed typed;
    struct json_writer w;
    struct slice words = trimmed(text);
    if (slice_starts(words, "{")) {
        buffer_put(where, words);
        return buffer_finish(where, error);
    }
    if (!places_read(&typed, words))
        return refuse("place-form",
                      N_("\"{0}\" is not understood: a place is a name, coordinates, or a bearing and a distance: "
                         "040° 5-7 km from TEAM SITE."),
                      words, error);
    json_write_open(&w, where);
    if (typed.way == PLACE_BY_NAME) {
        TRY(write_name(&w, places, count, typed.from, error));
    } else if (typed.way == PLACE_AT_BEARING) {
        TRY(write_bearing(&w, &typed, places, count, words, error));
    } else {
        json_put_object(&w);
        json_put_key(&w, "point"), put_point(&w, typed.lat_e7, typed.lon_e7);
        json_put_close(&w);
    }
    return json_write_finish(&w, error);
}
