/* Finding by each condition alone, a page of records at a time. */
#include "bench/asking.h"
#include "index/database.h"
#include "json/json.h"
#include "record/record.h"

#include <stdio.h>

/* A note drawn at random, taken apart; the arena is the caller's. */
static enum status draw_record(struct asking *asking, struct record *out, struct arena *arena, struct error *error)
{
    return record_decode(out, notes_at(&asking->notes, asking_draw(asking, asking->notes.count)), arena, error);
}

static enum status draw_id(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(draw_record(asking, &record, &arena, error));
    hash_format(&record.id.hash, out->id);
    sqlite3_bind_blob(statement, 1, record.id.hash.bytes, HASH_BYTES, SQLITE_TRANSIENT);
    return STATUS_DONE;
}

static void draw_from(struct asking *asking, struct question *out, sqlite3_stmt *statement)
{
    out->query.after = asking_draw(asking, asking->notes.count);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)out->query.after);
}

static enum status draw_kind(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    static const char *const kinds[] = {"report", "claim", "response", "coverage", "notice", "acknowledgement"};
    (void)error;
    out->query.kind = kinds[asking_draw(asking, COUNT_OF(kinds))];
    sqlite3_bind_text(statement, 1, out->query.kind, -1, SQLITE_STATIC);
    draw_from(asking, out, statement);
    return STATUS_DONE;
}

static enum status draw_author(struct asking *asking, struct question *out, sqlite3_stmt *statement,
                               struct error *error)
{
    static const char *const authors[] = {"monitor", "dataset", "side-a", "side-b", "press", "relief-a"};
    (void)error;
    out->query.by = authors[asking_draw(asking, COUNT_OF(authors))];
    sqlite3_bind_text(statement, 1, out->query.by, -1, SQLITE_STATIC);
    draw_from(asking, out, statement);
    return STATUS_DONE;
}

static enum status draw_day(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record record;
    enum { DAY_S = 86400 };
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(draw_record(asking, &record, &arena, error));
    out->query.has_from = out->query.has_to = true;
    out->query.from = record.written - record.written % DAY_S - DAY_S;
    out->query.to = out->query.from + DAY_S - 1;
    sqlite3_bind_int64(statement, 1, out->query.to);
    sqlite3_bind_int64(statement, 2, out->query.from);
    return STATUS_DONE;
}

/* Where a record drawn at random lies; it is drawn again until it says. */
static enum status draw_point(struct asking *asking, struct point *out, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    const struct json *point = NULL;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    while (point == NULL) {
        struct record record;
        arena_reset(&arena);
        TRY(draw_record(asking, &record, &arena, error));
        point = json_find(json_find(record.body, "where"), "point");
    }
    *out =
        (struct point){(int32_t)json_find_integer(point, "lat_e7", 0), (int32_t)json_find_integer(point, "lon_e7", 0)};
    return STATUS_DONE;
}

static void bind_box(sqlite3_stmt *statement, struct box box)
{
    sqlite3_bind_int64(statement, 1, index_band(box.south_e7));
    sqlite3_bind_int64(statement, 2, index_band(box.north_e7));
    sqlite3_bind_int64(statement, 3, box.west_e7);
    sqlite3_bind_int64(statement, 4, box.east_e7);
    sqlite3_bind_int64(statement, 5, box.south_e7);
    sqlite3_bind_int64(statement, 6, box.north_e7);
}

static enum status draw_box(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    enum { HALF_E7 = 200000 }; /* about 4 km high */
    struct point middle;
    TRY(draw_point(asking, &middle, error));
    struct box box = {middle.lat_e7 - HALF_E7, middle.lon_e7 - HALF_E7, middle.lat_e7 + HALF_E7,
                      middle.lon_e7 + HALF_E7};
    out->query.has_box = true;
    out->query.south_e7 = box.south_e7, out->query.west_e7 = box.west_e7;
    out->query.north_e7 = box.north_e7, out->query.east_e7 = box.east_e7;
    bind_box(statement, box);
    return STATUS_DONE;
}

/* SQLite has no distance: it is asked for the box around, which is less. */
static enum status draw_near(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    enum { WITHIN_M = 2000 };
    struct point middle;
    TRY(draw_point(asking, &middle, error));
    out->query.has_near = true;
    out->query.lat_e7 = middle.lat_e7, out->query.lon_e7 = middle.lon_e7;
    out->query.within_m = WITHIN_M;
    bind_box(statement, geo_box_around(middle, WITHIN_M * 1000));
    return STATUS_DONE;
}

static enum status draw_term(struct asking *asking, struct question *out, sqlite3_stmt *statement, struct error *error)
{
    static const char *const terms[] = {"calm", "made/no-attacks", "watch"};
    (void)error;
    out->query.term = terms[asking_draw(asking, COUNT_OF(terms))];
    sqlite3_bind_text(statement, 1, out->query.term, -1, SQLITE_STATIC);
    draw_from(asking, out, statement);
    return STATUS_DONE;
}

#define LINES_OF "SELECT l.line FROM "
#define PAGE " LIMIT 50"
static const char place_sql[] =
    LINES_OF "(SELECT DISTINCT p.entry FROM x.point p WHERE p.band BETWEEN ?1 AND ?2"
             " AND p.lon BETWEEN ?3 AND ?4 AND p.lat BETWEEN ?5 AND ?6 ORDER BY p.entry" PAGE
             ") e JOIN line l ON l.entry=e.entry";
_Static_assert(ANSWERS_MOST == 50, "PAGE is as long");

static const struct way ways[] = {
    {"id", "id-p99", LINES_OF "x.entry e JOIN line l ON l.entry=e.entry WHERE e.id=?1", draw_id, 0, NULL},
    {"kind", "kind-p99",
     LINES_OF "x.entry e INDEXED BY entry_kind JOIN line l ON l.entry=e.entry WHERE e.kind=?1 AND e.entry>=?2"
              " ORDER BY e.entry" PAGE,
     draw_kind, 0, NULL},
    {"author", "author-p99",
     LINES_OF "x.entry e INDEXED BY entry_author JOIN line l ON l.entry=e.entry WHERE e.author=?1 AND e.entry>=?2"
              " ORDER BY e.entry" PAGE,
     draw_author, 0, NULL},
    {"day", "day-p99",
     LINES_OF "(SELECT e.entry FROM x.span s CROSS JOIN x.entry e INDEXED BY entry_time WHERE e.span=s.span"
              " AND e.time_from>=?2-s.longest AND e.time_from<=?1 AND e.time_to>=?2 ORDER BY e.entry" PAGE
              ") e JOIN line l ON l.entry=e.entry",
     draw_day, 0, NULL},
    {"box", "box-p99", place_sql, draw_box, 0, NULL},
    {"near", "near-p99", place_sql, draw_near, 0, NULL},
    {"term", "term-p99",
     LINES_OF "x.term t JOIN line l ON l.entry=t.entry WHERE t.term=?1 AND t.entry>=?2 ORDER BY t.entry" PAGE,
     draw_term, 0, NULL},
};

enum status bench_find(struct run *run, struct error *error)
{
    return asking_all(run, ways, COUNT_OF(ways), error);
}
