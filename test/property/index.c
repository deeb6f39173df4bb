/* Against random records: what the index finds is what a plain look at every record finds; and grown in groups of any
 * size, in sittings of any length, its contents are those of one go. The seed is printed; give one to repeat. */
#include "index/database.h"
#include "index/place.h"
#include "made_record.h"
#include <time.h>
#include <unistd.h>

enum { RECORDS = 700, QUERIES = 1500, WORDS = 18, ASKS = 19 };

static uint64_t state;
static uint64_t draw(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static const char *const kinds[] = {"report", "claim", "notice"};
static const char *const authors[] = {"un", "ru", "us"};
static const char *const words[WORDS] = {
    "road",    "Road", "shelling", "convoy",          "حلب",   "حَلَب",       "aleppo",     "north",    "truce", "ceded",
    "convoys", "CAFÉ", "للولايات", "الولاياتالمتحدة", "وبحلب", "موسكووحلب", "cease-fire", "ceasefire"};

/* What is asked for, and the words above that it is found in: written down here, and not asked of the program. */
static const struct ask {
    const char *text;
    unsigned in, more_before, more_behind; /* of those, the words in which more stands before it, behind it */
} asks[ASKS] = {
    {"road", 1U << 0 | 1U << 1, 0, 0},
    {"ROADS", 1U << 0 | 1U << 1, 0, 0},
    {"shelling", 1U << 2, 0, 0},
    {"convoy", 1U << 3 | 1U << 10, 0, 0},
    {"convoys", 1U << 3 | 1U << 10, 0, 0},
    {"حلب", 1U << 4 | 1U << 5 | 1U << 14 | 1U << 15, 1U << 15, 0},
    {"بحلب", 1U << 14, 0, 0},
    {"وحلب", 1U << 15, 1U << 15, 0},
    {"aleppo", 1U << 6, 0, 0},
    {"north", 1U << 7, 0, 0},
    {"ceded", 1U << 9, 0, 0},
    {"cafe", 1U << 11, 0, 0},
    {"الولايات", 1U << 12 | 1U << 13, 0, 1U << 13},
    {"ولايات", 1U << 12 | 1U << 13, 0, 1U << 13},
    {"المتحدة", 1U << 13, 1U << 13, 0},
    {"موسكو", 1U << 15, 0, 1U << 15},
    {"موسكووحلب", 1U << 15, 0, 0},
    {"ceasefire", 1U << 16 | 1U << 17, 0, 0},
    {"cease-fire", 1U << 16 | 1U << 17, 0, 0},
};

/* What a record was made of, for the plain look. */
static struct fact {
    struct buffer json;
    const char *kind, *author;
    int64_t from, to;
    bool is_void, has_term, placed;
    unsigned said; /* a bit for each of `words` */
    struct place place;
    struct point points[5];
} facts[RECORDS];

/* Places crowd around the origin, the antimeridian and the poles, and on a coarse grid, so that edges are hit. */
static struct point draw_point(void)
{
    static const int32_t lats[] = {0, 899000000, -899000000, 360000000},
                         lons[] = {0, 1799000000, -1799000000, 370000000};
    int64_t lat = lats[draw(4)] + ((int64_t)draw(41) - 20) * 50000;
    int64_t lon = lons[draw(4)] + ((int64_t)draw(41) - 20) * 50000;
    if (draw(6) == 0) lat = ((int64_t)draw(181) - 90) * 10000000;
    if (draw(6) == 0) lon = ((int64_t)draw(361) - 180) * 10000000;
    return (struct point){(int32_t)lat, (int32_t)lon};
}

static void put_point(struct buffer *out, struct point p)
{
    buffer_print(out, "{\"lat_e7\":%d,\"lon_e7\":%d}", p.lat_e7, p.lon_e7);
}

static void put_points(struct fact *fact)
{
    for (size_t i = 0; i < fact->place.count; i++) {
        if (i > 0) buffer_put_byte(&fact->json, ',');
        fact->points[i] = i == 0 || draw(4) == 0 ? draw_point() : fact->points[i - 1];
        if (i > 0) {
            int64_t lat = fact->points[i].lat_e7 + ((int64_t)draw(2001) - 1000) * 1000;
            if (lat >= -900000000 && lat <= 900000000) fact->points[i].lat_e7 = (int32_t)lat;
            int64_t lon = fact->points[i].lon_e7 + ((int64_t)draw(2001) - 1000) * 1000;
            if (lon > 1800000000) lon -= INT64_C(3600000000);
            if (lon < -1800000000) lon += INT64_C(3600000000);
            fact->points[i].lon_e7 = (int32_t)lon;
        }
        put_point(&fact->json, fact->points[i]);
    }
}

static void draw_place(struct fact *fact)
{
    static const char *const names[] = {"point", "point", "point", "line", "polygon", "cell"};
    static const enum place_type types[] = {PLACE_POINT, PLACE_POINT,   PLACE_POINT,
                                            PLACE_LINE,  PLACE_POLYGON, PLACE_CIRCLE};
    size_t which = (size_t)draw(COUNT_OF(names));
    bool list = types[which] == PLACE_LINE || types[which] == PLACE_POLYGON;
    fact->placed = true;
    fact->place = (struct place){types[which], 0, fact->points,
                                 list ? 2 + (size_t)(types[which] == PLACE_POLYGON) + (size_t)draw(3) : 1};
    buffer_print(&fact->json, ",\"where\":{\"%s\":%s", names[which], list ? "[" : "");
    put_points(fact);
    int64_t radius_m = 1 + (int64_t)draw(100000);
    if (types[which] == PLACE_CIRCLE) fact->place.radius_mm = radius_m * 1000;
    buffer_print(&fact->json, "%s,\"radius_m\":%d}", list ? "]" : "", (int)radius_m);
}

static void draw_record(struct fact *fact, int n)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    struct buffer *json = &fact->json;
    fact->kind = kinds[draw(COUNT_OF(kinds))];
    fact->author = authors[draw(COUNT_OF(authors))];
    fact->from = (int64_t)draw(200) * 3600;
    fact->to = fact->from + (draw(2) == 0 ? 0 : ((int64_t)1 << draw(24)) - (int64_t)draw(2));
    fact->is_void = draw(12) == 0;
    time_format(fact->from, from);
    time_format(fact->to, to);
    buffer_print(json, "{\"kind\":\"%s\",\"by\":\"%s\",\"n\":%d,\"seq\":%d", fact->kind, fact->author, n,
                 (int)draw(300));
    if (fact->from == fact->to && draw(2) == 0)
        buffer_print(json, ",\"at\":\"%s\"", from);
    else
        buffer_print(json, ",\"when\":{\"from\":\"%s\",\"to\":\"%s\"}", from, to);
    fact->has_term = draw(5) == 0;
    if (fact->has_term) buffer_print(json, ",\"term\":\"%s\"", draw(2) == 0 ? "a/flights" : "flights");
    buffer_print(json, ",\"source\":{\"name\":\"s\",\"row\":\"%d\",\"sha256\":\"%064d\"}", (int)draw(200), n);
    buffer_put_string(json, ",\"text\":{\"en\":\"");
    for (size_t i = 0; i < WORDS; i++) {
        if (draw(6) != 0) continue;
        fact->said |= 1U << i;
        buffer_print(json, "%s%s", words[i], draw(2) == 0 ? ", " : "، «");
    }
    buffer_put_string(json, "\",\"original\":\"en\"}");
    if (draw(5) != 0) draw_place(fact);
    buffer_put_string(json, "}");
    buffer_put_byte(json, 0);
}

/* ---- the index of them, in groups and sittings of random sizes */

static void add_from(struct index *index, size_t from, size_t to)
{
    struct arena arena;
    struct error error = {0};
    struct hash root = hash_of(slice_of(&to, sizeof to));
    arena_init(&arena, 1024 * 1024);
    CHECK(index_begin(index, &error) == STATUS_DONE);
    for (size_t i = from; i < to; i++) {
        struct record record = made_record(&arena, (const char *)facts[i].json.data);
        CHECK(index_add(index, i, (int64_t)i * 7000000, &record, facts[i].is_void, &error) == STATUS_DONE);
        arena_reset(&arena);
    }
    CHECK(index_commit(index, &root, &error) == STATUS_DONE);
    arena_clear(&arena);
}

static void grown_in_pieces_equals_one_go(struct index *whole)
{
    char path[] = "/tmp/truce-index-property-XXXXXX";
    struct error error = {0};
    OWN(buffer_clear) struct buffer one = {0};
    OWN(buffer_clear) struct buffer other = {0};
    CHECK(index_dump(whole, &one, &error) == STATUS_DONE);
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
    struct index *index = NULL;
    for (size_t done = 0; done < RECORDS;) {
        if (index == NULL && !CHECK(index_open(&index, path, &error) == STATUS_DONE)) return;
        size_t to = done + 1 + (size_t)draw(draw(4) == 0 ? 200 : 9);
        if (to > RECORDS) to = RECORDS;
        add_from(index, done, to);
        if (draw(5) == 0) { /* taken back, and done again */
            CHECK(index_begin(index, &error) == STATUS_DONE);
            index_rollback(index);
        }
        done = to;
        if (draw(6) == 0) index_close(&index);
    }
    if (index == NULL) CHECK(index_open(&index, path, &error) == STATUS_DONE);
    CHECK(index_dump(index, &other, &error) == STATUS_DONE);
    CHECK(one.size > 10000 && slice_equal(buffer_slice(&one), buffer_slice(&other)));
    index_close(&index);
    CHECK(index_remove(path, &error) == STATUS_DONE);
}

/* ---- queries */

static bool said(const struct fact *fact, size_t ask)
{
    return (fact->said & asks[ask].in) != 0;
}

/* Words stand in the order of the list above: two stand together if nothing was said between them. */
static bool said_together(const struct fact *fact, size_t first, size_t second)
{
    if ((fact->said & asks[first].more_behind & asks[second].more_before) != 0) return true;
    unsigned ends = asks[first].in & ~asks[first].more_behind, begins = asks[second].in & ~asks[second].more_before;
    for (unsigned i = 0; i < WORDS; i++) {
        if ((fact->said & ends & 1U << i) == 0) continue;
        unsigned next = i + 1;
        while (next < WORDS && (fact->said >> next & 1) == 0) next++;
        if (next < WORDS && (begins >> next & 1) != 0) return true;
    }
    return false;
}

static bool fits(const struct fact *fact, const struct query *query, const size_t *asked, size_t asked_count)
{
    if (query->text.size > 0 && query->text.data[0] == '"' && !said_together(fact, asked[0], asked[1])) return false;
    if (query->kind.data != NULL && !slice_is(query->kind, fact->kind)) return false;
    if (query->by.data != NULL && !slice_is(query->by, fact->author)) return false;
    if (query->term.data != NULL && !fact->has_term) return false;
    if (query->has_from && fact->to < query->from) return false;
    if (query->has_to && fact->from > query->to) return false;
    if (fact->is_void && !query->with_void) return false;
    for (size_t i = 0; i < asked_count; i++)
        if (!said(fact, asked[i])) return false;
    if (!query->has_box && !query->has_near) return true;
    return fact->placed && (!query->has_box || place_in_box(&fact->place, query->box)) &&
           (!query->has_near || place_near(&fact->place, query->near, query->within_mm));
}

static void draw_box(struct query *query)
{
    struct point a = draw_point(), b = draw(2) == 0 ? draw_point() : a;
    if (b.lat_e7 == a.lat_e7 && b.lon_e7 == a.lon_e7) {
        b.lat_e7 += (int32_t)draw(20) * 50000;
        b.lon_e7 += (int32_t)draw(20) * 50000;
    }
    if (b.lat_e7 > 900000000) b.lat_e7 = 900000000;
    if (b.lon_e7 > 1800000000) b.lon_e7 = 1800000000;
    query->has_box = true;
    query->box = (struct box){a.lat_e7 < b.lat_e7 ? a.lat_e7 : b.lat_e7, a.lon_e7,
                              a.lat_e7 < b.lat_e7 ? b.lat_e7 : a.lat_e7, b.lon_e7};
}

/* The index keeps no text: it asks for records in which words must stand together. */
struct reading {
    struct arena arena;
    struct record record;
};
static enum status read_fact(void *context, uint64_t entry, const struct record **out, struct error *error)
{
    struct reading *reading = context;
    (void)error;
    arena_reset(&reading->arena);
    reading->record = made_record(&reading->arena, (const char *)facts[entry].json.data);
    *out = &reading->record;
    return STATUS_DONE;
}

static struct query draw_query(struct reading *reading, struct buffer *text, size_t *asked, size_t *asked_count)
{
    struct query query = {.known = draw(3) == 0 ? draw(RECORDS + 50) : UINT64_MAX, .with_void = draw(3) == 0};
    *asked_count = 0;
    if (draw(4) == 0) query.kind = slice_from(kinds[draw(COUNT_OF(kinds))]);
    if (draw(4) == 0) query.by = slice_from(authors[draw(COUNT_OF(authors))]);
    if (draw(8) == 0) query.term = slice_from("flights");
    if (draw(3) == 0) query.has_from = true, query.from = (int64_t)draw(250) * 3600;
    if (draw(3) == 0) query.has_to = true, query.to = (int64_t)draw(250) * 3600 - (int64_t)draw(2);
    if (draw(3) == 0) draw_box(&query);
    if (draw(3) == 0) {
        query.has_near = true;
        query.near = draw_point();
        query.within_mm = (int64_t)draw(draw(8) == 0 ? UINT64_C(20000000000) : 300000000);
    }
    if (draw(4) == 0) {
        buffer_reset(text);
        bool quoted = draw(3) == 0;
        size_t count = quoted ? 2 : 1 + (size_t)draw(2);
        buffer_put_string(text, quoted ? "\"" : "");
        for (*asked_count = 0; *asked_count < count; ++*asked_count) {
            asked[*asked_count] = (size_t)draw(ASKS);
            buffer_print(text, "%s ", asks[asked[*asked_count]].text);
        }
        buffer_put_string(text, quoted ? "\"" : "");
        query.read = read_fact;
        query.reader = reading;
        query.text = buffer_slice(text);
    }
    if (draw(3) == 0) query.after = draw(RECORDS);
    if (draw(3) == 0) query.limit = 1 + draw(20);
    return query;
}

static enum status collect(void *context, uint64_t entry, struct error *error)
{
    (void)error;
    buffer_print(context, "%d ", (int)entry);
    return STATUS_DONE;
}

/* The first entry in which two lists differ, and the question. */
static void tell(int number, const struct query *query, const struct buffer *got, const struct buffer *wanted)
{
    size_t at = 0, from = 0;
    for (; at < got->size && at < wanted->size && got->data[at] == wanted->data[at]; at++)
        if (got->data[at] == ' ') from = at + 1;
    struct slice rest = slice_part(buffer_slice(wanted), from, 8);
    fprintf(stderr, "    query %d: found %.*s, wanted %.*s\n", number, SLICE(slice_part(buffer_slice(got), from, 8)),
            SLICE(rest));
    if (query->has_box)
        fprintf(stderr, "    box %d %d %d %d\n", query->box.south_e7, query->box.west_e7, query->box.north_e7,
                query->box.east_e7);
    if (query->has_near)
        fprintf(stderr, "    near %d %d within %lld\n", query->near.lat_e7, query->near.lon_e7,
                (long long)query->within_mm);
    if (query->text.size > 0) fprintf(stderr, "    %.*s\n", SLICE(query->text));
    if (rest.size > 1)
        fprintf(stderr, "    %s\n",
                (const char *)facts[strtoul((const char *)rest.data, NULL, 10) % RECORDS].json.data);
}

static unsigned long one_query(struct index *index, int number)
{
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer got = {0};
    OWN(buffer_clear) struct buffer wanted = {0};
    size_t asked[4], asked_count;
    struct error error = {0};
    struct reading reading;
    arena_init(&reading.arena, 1024 * 1024);
    struct query query = draw_query(&reading, &text, asked, &asked_count);
    unsigned long hits = 0;
    for (uint64_t i = query.after; i < RECORDS && i < query.known && (query.limit == 0 || hits < query.limit); i++) {
        if (!fits(&facts[i], &query, asked, asked_count)) continue;
        buffer_print(&wanted, "%d ", (int)i);
        hits++;
    }
    index->hits_most = draw(2) == 0 ? INDEX_HITS_MOST : 1 + (size_t)draw(40);
    CHECK(index_find(index, &query, collect, &got, &error) == STATUS_DONE);
    if (!CHECK(slice_equal(buffer_slice(&got), buffer_slice(&wanted)))) tell(number, &query, &got, &wanted);
    arena_clear(&reading.arena);
    return hits;
}

/* A segment that is seen inside a box when walked step by step must be found to meet it. */
static void segments_that_are_seen_are_found(void)
{
    for (int i = 0; i < 3000; i++) {
        struct query query = {0};
        struct point ends[2] = {draw_point(), draw_point()};
        struct place line = {PLACE_LINE, 0, ends, 2};
        draw_box(&query);
        int64_t east = (int64_t)ends[1].lon_e7 - ends[0].lon_e7, north = (int64_t)ends[1].lat_e7 - ends[0].lat_e7;
        if (east > 1800000000) east -= INT64_C(3600000000);
        if (east < -1800000000) east += INT64_C(3600000000);
        bool seen = false;
        for (int64_t step = 0; step <= 64 && !seen; step++) {
            if (east * step % 64 != 0 || north * step % 64 != 0) continue; /* exact points alone */
            int64_t lon = ends[0].lon_e7 + east * step / 64;
            if (lon > 1800000000) lon -= INT64_C(3600000000);
            if (lon < -1800000000) lon += INT64_C(3600000000);
            seen = geo_box_contains(query.box,
                                    (struct point){(int32_t)(ends[0].lat_e7 + north * step / 64), (int32_t)lon});
        }
        if (seen) CHECK(place_in_box(&line, query.box));
    }
}

int main(int count, char **arguments)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    state = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)now.tv_nsec * 2654435761U + (uint64_t)now.tv_sec;
    if (state == 0) state = 1;
    printf("seed %llu\n", (unsigned long long)state);
    for (int i = 0; i < RECORDS; i++) draw_record(&facts[i], i);
    struct index *index = NULL;
    struct error error = {0};
    CHECK(index_open(&index, ":memory:", &error) == STATUS_DONE);
    add_from(index, 0, RECORDS);
    grown_in_pieces_equals_one_go(index);
    unsigned long hits = 0;
    for (int i = 0; i < QUERIES; i++) hits += one_query(index, i);
    CHECK(hits > QUERIES); /* the questions were not idle */
    segments_that_are_seen_are_found();
    index_close(&index);
    for (int i = 0; i < RECORDS; i++) buffer_clear(&facts[i].json);
    return check_end(__FILE__);
}
