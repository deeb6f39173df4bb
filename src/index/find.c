/* Finding by any number of conditions. One condition leads (the first of text, term, place, a short time, author, kind
 * that is set) and gives entries; the others are asked of each entry. Entries come in the order of the log, so that
 * "from entry N on" pages stably while the log grows.
 *
 * Text, term, author and kind give entries in order by themselves and are read in pages. Place and time give them in
 * their own order: they are collected and sorted, the lowest `hits_most` at a time, so that memory stays bounded.
 * No statement is open while a visitor runs: it may use the index, and a long listing holds up nobody. */
#include "index/database.h"
#include "index/place.h"
#include "index/words.h"
#include <stdlib.h>

enum {
    PAGE_LEAST = 64,
    PAGE_MOST = 4096,
    SHORT_TIME_S = 366 * 86400 /* longer ranges hold so much that the log's order leads as well */
};

struct finder {
    struct index *index;
    const struct query *query;
    struct asked asked; /* the text; empty without one */
    struct words scratch;
    uint64_t end;  /* entries below it */
    uint64_t left; /* how many may still be visited */
    index_visit *visit;
    void *context;
};

/* ---- what every way asks of an entry: the parameters that schema.c describes */

static void bind_query(const struct finder *finder, sqlite3_stmt *statement, uint64_t from, uint64_t count)
{
    const struct query *query = finder->query;
    bind_slice(statement, 1, query->kind);
    bind_slice(statement, 2, query->by);
    sqlite3_bind_int64(statement, 3, query->has_to ? query->to : INT64_MAX);
    sqlite3_bind_int64(statement, 4, query->has_from ? query->from : INT64_MIN);
    sqlite3_bind_int(statement, 5, query->with_void);
    bind_number(statement, 6, from);
    bind_number(statement, 7, finder->end);
    bind_slice(statement, 8, query->term);
    bind_number(statement, 9, count);
}

static bool place_fits(const struct query *query, const struct place *place)
{
    return (!query->has_box || place_in_box(place, query->box)) &&
           (!query->has_near || place_near(place, query->near, query->within_mm));
}

static bool point_fits(const struct query *query, sqlite3_stmt *row)
{
    struct point point = {(int32_t)sqlite3_column_int64(row, 1), (int32_t)sqlite3_column_int64(row, 2)};
    struct place place = {PLACE_POINT, 0, &point, 1};
    return place_fits(query, &place);
}

static bool extent_fits(struct index *index, const struct query *query, sqlite3_stmt *row)
{
    struct place place;
    return place_unpack(&place, column_slice(row, 1), &index->shape) && place_fits(query, &place);
}

/* Does any place of this entry fit? For ways that do not lead by place. */
static enum status entry_is_there(const struct finder *finder, uint64_t entry, bool *out, struct error *error)
{
    static const enum statement statements[] = {STATEMENT_POINTS_OF, STATEMENT_EXTENTS_OF};
    *out = false;
    for (size_t i = 0; i < COUNT_OF(statements) && !*out; i++) {
        sqlite3_stmt *statement;
        bool row = true;
        TRY(statement_get(finder->index, statements[i], &statement, error));
        bind_number(statement, 1, entry);
        while (row && !*out) {
            TRY(statement_step(finder->index, statement, &row, error));
            if (row)
                *out = statements[i] == STATEMENT_POINTS_OF ? point_fits(finder->query, statement)
                                                            : extent_fits(finder->index, finder->query, statement);
        }
        sqlite3_reset(statement);
    }
    return STATUS_DONE;
}

static enum status tell(struct finder *finder, uint64_t entry, struct error *error)
{
    finder->left--;
    return finder->visit(finder->context, entry, error);
}

/* ---- ways that give entries in order */

static enum status read_page(struct finder *finder, enum statement way, uint64_t from, uint64_t *page, size_t most,
                             size_t *count, struct error *error)
{
    sqlite3_stmt *statement;
    bool row = true;
    *count = 0;
    TRY(statement_get(finder->index, way, &statement, error));
    bind_query(finder, statement, from, most);
    bind_slice(statement, 10, buffer_slice(&finder->asked.match));
    while (row && *count < most) {
        TRY(statement_step(finder->index, statement, &row, error));
        if (row) page[(*count)++] = (uint64_t)sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    return STATUS_DONE;
}

/* Do the words that must stand together do so in this entry? */
static enum status entry_says(struct finder *finder, uint64_t entry, bool *out, struct error *error)
{
    const struct record *record;
    *out = true;
    if (finder->asked.phrases == 0 || finder->query->read == NULL) return STATUS_DONE;
    TRY(finder->query->read(finder->query->reader, entry, &record, error));
    return asked_holds(&finder->asked, &finder->scratch, record->body, out, error);
}

static enum status find_in_order(struct finder *finder, enum statement way, struct error *error)
{
    uint64_t page[PAGE_MOST], from = finder->query->after;
    bool placed = finder->query->has_box || finder->query->has_near;
    size_t count, most = PAGE_LEAST;
    if (!placed && finder->asked.phrases == 0 && finder->left < most) most = (size_t)finder->left; /* all will do */
    do {
        TRY(read_page(finder, way, from, page, most, &count, error));
        for (size_t i = 0; i < count && finder->left > 0; i++) {
            bool there = true;
            if (placed) TRY(entry_is_there(finder, page[i], &there, error));
            if (there) TRY(entry_says(finder, page[i], &there, error));
            if (there) TRY(tell(finder, page[i], error));
        }
        if (count < most) return STATUS_DONE;
        from = page[count - 1] + 1;
        most = most * 4 > PAGE_MOST ? PAGE_MOST : most * 4;
    } while (finder->left > 0);
    return STATUS_DONE;
}

/* ---- ways that give them in an order of their own */

struct hits {
    uint64_t *entry;
    size_t count, capacity, most;
    uint64_t end; /* entries from here on were dropped and are to be collected again */
};

static void hits_clear(struct hits *hits)
{
    free(hits->entry);
}

static int compare_entries(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

/* Sorted, each once, and the lowest `most` alone. */
static void hits_settle(struct hits *hits)
{
    size_t kept = 0;
    if (hits->count > 1) qsort(hits->entry, hits->count, sizeof *hits->entry, compare_entries);
    for (size_t i = 0; i < hits->count; i++)
        if (kept == 0 || hits->entry[kept - 1] != hits->entry[i]) hits->entry[kept++] = hits->entry[i];
    hits->count = kept;
    if (kept <= hits->most) return;
    hits->count = hits->most;
    hits->end = hits->entry[hits->most - 1] + 1;
}

static enum status hits_add(struct hits *hits, uint64_t entry, struct error *error)
{
    if (entry >= hits->end) return STATUS_DONE;
    if (hits->count == 2 * hits->most) hits_settle(hits);
    if (entry >= hits->end) return STATUS_DONE;
    if (hits->count == hits->capacity) {
        size_t capacity = hits->capacity == 0 ? 256 : 2 * hits->capacity;
        uint64_t *grown = realloc(hits->entry, capacity * sizeof *grown);
        if (grown == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
        hits->entry = grown;
        hits->capacity = capacity;
    }
    hits->entry[hits->count++] = entry;
    return STATUS_DONE;
}

static enum status collect_times(const struct finder *finder, uint64_t from, struct hits *hits, struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(finder->index, STATEMENT_TIMES, &statement, error));
    sqlite3_bind_int64(statement, 1, finder->query->to);
    sqlite3_bind_int64(statement, 2, finder->query->from);
    bind_number(statement, 3, from);
    bind_number(statement, 4, finder->end);
    for (;;) {
        TRY(statement_step(finder->index, statement, &row, error));
        if (!row) return STATUS_DONE;
        TRY(hits_add(hits, (uint64_t)sqlite3_column_int64(statement, 0), error));
    }
}

/* Points between two meridians, west ≤ east. */
static enum status collect_points(const struct finder *finder, struct box box, uint64_t from, struct hits *hits,
                                  struct error *error)
{
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(finder->index, STATEMENT_POINTS, &statement, error));
    sqlite3_bind_int64(statement, 1, index_band(box.south_e7));
    sqlite3_bind_int64(statement, 2, index_band(box.north_e7));
    sqlite3_bind_int64(statement, 3, box.west_e7);
    sqlite3_bind_int64(statement, 4, box.east_e7);
    bind_number(statement, 5, from);
    bind_number(statement, 6, finder->end);
    for (;;) {
        TRY(statement_step(finder->index, statement, &row, error));
        if (!row) return STATUS_DONE;
        if (point_fits(finder->query, statement))
            TRY(hits_add(hits, (uint64_t)sqlite3_column_int64(statement, 0), error));
    }
}

/* The R*Tree chooses, the shape itself decides. */
static enum status collect_extents(const struct finder *finder, struct box box, int turn, uint64_t from,
                                   struct hits *hits, struct error *error)
{
    const int64_t full = INT64_C(3600000000);
    int64_t east = box.east_e7 < box.west_e7 ? box.east_e7 + full : box.east_e7;
    sqlite3_stmt *statement;
    bool row;
    TRY(statement_get(finder->index, STATEMENT_EXTENTS, &statement, error));
    sqlite3_bind_int64(statement, 1, index_micro(box.south_e7));
    sqlite3_bind_int64(statement, 2, index_micro(box.north_e7) + 1);
    sqlite3_bind_int64(statement, 3, index_micro(box.west_e7 + turn * full));
    sqlite3_bind_int64(statement, 4, index_micro(east + turn * full) + 1);
    bind_number(statement, 5, from);
    bind_number(statement, 6, finder->end);
    for (;;) {
        TRY(statement_step(finder->index, statement, &row, error));
        if (!row) return STATUS_DONE;
        if (extent_fits(finder->index, finder->query, statement))
            TRY(hits_add(hits, (uint64_t)sqlite3_column_int64(statement, 0), error));
    }
}

/* All that can lie within the distance; beyond a few thousand kilometres a box is no help. */
static struct box box_around(struct point near, int64_t within_mm)
{
    const int64_t metre = 1000, far_mm = INT64_C(3000000000);
    if (within_mm > far_mm) return (struct box){-900000000, -1800000000, 900000000, 1800000000};
    return geo_box_around(near, within_mm + geo_error_mm(within_mm) + metre);
}

static enum status collect_places(const struct finder *finder, uint64_t from, struct hits *hits, struct error *error)
{
    const struct query *query = finder->query;
    struct box box = query->has_near ? box_around(query->near, query->within_mm) : query->box;
    struct box west = box, east = box;
    west.east_e7 = 1800000000;
    east.west_e7 = -1800000000;
    if (box.west_e7 <= box.east_e7) {
        TRY(collect_points(finder, box, from, hits, error));
    } else {
        TRY(collect_points(finder, west, from, hits, error));
        TRY(collect_points(finder, east, from, hits, error));
    }
    for (int turn = -1; turn <= 1; turn++) TRY(collect_extents(finder, box, turn, from, hits, error));
    return STATUS_DONE;
}

typedef enum status collect(const struct finder *finder, uint64_t from, struct hits *hits, struct error *error);

static enum status entry_fits(struct finder *finder, uint64_t entry, bool *fits, struct error *error)
{
    sqlite3_stmt *statement;
    TRY(statement_get(finder->index, STATEMENT_FIND_ONE, &statement, error));
    bind_query(finder, statement, entry, 1);
    bind_number(statement, 10, entry);
    TRY(statement_step(finder->index, statement, fits, error));
    sqlite3_reset(statement);
    return STATUS_DONE;
}

static enum status find_collected(struct finder *finder, collect *way, struct error *error)
{
    uint64_t from = finder->query->after;
    while (from < finder->end && finder->left > 0) {
        OWN(hits_clear) struct hits hits = {.most = finder->index->hits_most, .end = finder->end};
        TRY(way(finder, from, &hits, error));
        hits_settle(&hits);
        for (size_t i = 0; i < hits.count && finder->left > 0; i++) {
            bool fits;
            TRY(entry_fits(finder, hits.entry[i], &fits, error));
            if (fits) TRY(tell(finder, hits.entry[i], error));
        }
        from = hits.end;
    }
    return STATUS_DONE;
}

/* ---- the door */

static enum status check_query(const struct query *query, struct error *error)
{
    const int32_t pole = 900000000, turn = 1800000000;
    const struct box *box = &query->box;
    if (query->has_box && (box->south_e7 > box->north_e7 || box->south_e7 < -pole || box->north_e7 > pole ||
                           box->west_e7 < -turn || box->west_e7 > turn || box->east_e7 < -turn || box->east_e7 > turn))
        return error_set(error, STATUS_USAGE, "index-box",
                         "The box is not on the globe: give west, south, east, north in degrees, south below north.",
                         NULL);
    const struct point *near = &query->near;
    if (query->has_near && (query->within_mm < 0 || query->within_mm > INT64_C(1) << 40 || near->lat_e7 < -pole ||
                            near->lat_e7 > pole || near->lon_e7 < -turn || near->lon_e7 > turn))
        return error_set(error, STATUS_USAGE, "index-near",
                         "The place is not on the globe or the distance is not on it: give latitude, longitude in "
                         "degrees and metres from 0.",
                         NULL);
    return STATUS_DONE;
}

static bool time_leads(const struct query *query)
{
    const int64_t most = TIME_MOST;
    return query->has_from && query->has_to && query->from >= TIME_LEAST && query->to <= most &&
           query->to - query->from <= SHORT_TIME_S;
}

/* Besides the text and places, which are looked at later? */
static bool asks_text_alone(const struct query *query)
{
    return query->kind.data == NULL && query->by.data == NULL && query->term.data == NULL && !query->has_from &&
           !query->has_to;
}

static enum status find_by(struct finder *finder, struct error *error)
{
    const struct query *query = finder->query;
    if (query->text.data != NULL) {
        TRY(asked_read(&finder->asked, query->text, error));
        return find_in_order(finder, asks_text_alone(query) ? STATEMENT_FIND_WORDS : STATEMENT_FIND_TEXT, error);
    }
    if (query->term.data != NULL) return find_in_order(finder, STATEMENT_FIND_TERM, error);
    if (query->has_box || query->has_near) return find_collected(finder, collect_places, error);
    if (time_leads(query)) return find_collected(finder, collect_times, error);
    if (query->by.data != NULL) return find_in_order(finder, STATEMENT_FIND_AUTHOR, error);
    if (query->kind.data != NULL) return find_in_order(finder, STATEMENT_FIND_KIND, error);
    return find_in_order(finder, STATEMENT_FIND_ALL, error);
}

static void finder_clear(struct finder *finder)
{
    asked_clear(&finder->asked);
    words_clear(&finder->scratch);
}

enum status index_find(struct index *index, const struct query *query, index_visit *visit, void *context,
                       struct error *error)
{
    OWN(finder_clear) struct finder finder = {.index = index, .query = query, .visit = visit, .context = context};
    finder.end = query->known > INT64_MAX ? INT64_MAX : query->known;
    finder.left = query->limit == 0 ? UINT64_MAX : query->limit;
    TRY(check_query(query, error));
    return find_by(&finder, error);
}

/* ---- walking kinds together, in order: each kind gives a page, the lowest head of all goes next */

enum { WALK_PAGE = 256, WALK_KINDS = 40 };

struct walk {
    struct slice kind;
    uint64_t page[WALK_PAGE], next, end;
    size_t at, count;
    bool finished;
};

static enum status walk_fill(struct index *index, struct walk *walk, struct error *error)
{
    sqlite3_stmt *statement;
    bool row = true;
    walk->at = walk->count = 0;
    if (walk->finished) return STATUS_DONE;
    TRY(statement_get(index, STATEMENT_WALK_KIND, &statement, error));
    bind_slice(statement, 1, walk->kind);
    bind_number(statement, 2, walk->next);
    bind_number(statement, 3, walk->end);
    bind_number(statement, 4, WALK_PAGE);
    while (row && walk->count < WALK_PAGE) {
        TRY(statement_step(index, statement, &row, error));
        if (row) walk->page[walk->count++] = (uint64_t)sqlite3_column_int64(statement, 0);
    }
    sqlite3_reset(statement);
    walk->finished = walk->count < WALK_PAGE;
    if (walk->count > 0) walk->next = walk->page[walk->count - 1] + 1;
    return STATUS_DONE;
}

static struct walk *walk_lowest(struct walk *walks, size_t count)
{
    struct walk *lowest = NULL;
    for (struct walk *walk = walks; walk < walks + count; walk++)
        if (walk->count > 0 && (lowest == NULL || walk->page[walk->at] < lowest->page[lowest->at])) lowest = walk;
    return lowest;
}

static void walks_free(struct walk **walks)
{
    free(*walks);
}

enum status index_walk_kinds(struct index *index, const char *const *kinds, uint64_t from, uint64_t to,
                             index_visit *visit, void *context, struct error *error)
{
    OWN(walks_free) struct walk *walks = calloc(WALK_KINDS, sizeof *walks);
    if (walks == NULL) return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    size_t count = 0;
    for (; kinds[count] != NULL; count++) {
        if (count == WALK_KINDS) return error_set(error, STATUS_USAGE, "index-kinds", "Too many kinds at once.", NULL);
        walks[count].kind = slice_from(kinds[count]);
        walks[count].next = from;
        walks[count].end = to;
        TRY(walk_fill(index, &walks[count], error));
    }
    for (struct walk *walk; (walk = walk_lowest(walks, count)) != NULL;) {
        uint64_t entry = walk->page[walk->at++];
        if (walk->at == walk->count) TRY(walk_fill(index, walk, error));
        TRY(visit(context, entry, error));
    }
    return STATUS_DONE;
}

enum status index_find_references(struct index *index, const struct record_id *id, uint64_t after, uint64_t limit,
                                  index_visit *visit, void *context, struct error *error)
{
    uint64_t page[WALK_PAGE], left = limit == 0 ? UINT64_MAX : limit;
    size_t count = WALK_PAGE;
    for (uint64_t from = after; count == WALK_PAGE && left > 0; from = count == 0 ? from : page[count - 1] + 1) {
        sqlite3_stmt *statement;
        bool row = true;
        count = 0;
        TRY(statement_get(index, STATEMENT_REFERENCES, &statement, error));
        bind_blob(statement, 1, slice_of(id->hash.bytes, HASH_BYTES));
        bind_number(statement, 2, from);
        bind_number(statement, 3, WALK_PAGE);
        while (row && count < WALK_PAGE) {
            TRY(statement_step(index, statement, &row, error));
            if (row) page[count++] = (uint64_t)sqlite3_column_int64(statement, 0);
        }
        sqlite3_reset(statement);
        for (size_t i = 0; i < count && left > 0; i++, left--) TRY(visit(context, page[i], error));
    }
    return STATUS_DONE;
}
