#include "page/days.h"

#include "base/time.h"
#include <stdlib.h>

enum { DAY_S = 86400, ROWS_MOST = 8192, DAYS_BYTES_MOST = 16 * 1024 * 1024 };

/* Moments at which a row begins or ends. */
struct edges {
    int64_t *at;
    size_t count;
};

static const struct json *spans_of(const struct json *reading)
{
    const struct json *spans = reading->type == JSON_OBJECT ? json_find(reading, "days") : reading;
    return spans != NULL && spans->type == JSON_ARRAY ? spans : NULL;
}

static bool span_times(const struct json *span, int64_t *from, int64_t *to)
{
    return time_parse(from, json_find_string(span, "from")) && time_parse(to, json_find_string(span, "to")) &&
           *from < *to;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_out(struct edges *edges)
{
    size_t kept = 0;
    if (edges->count > 0) qsort(edges->at, edges->count, sizeof *edges->at, compare);
    for (size_t i = 0; i < edges->count; i++)
        if (kept == 0 || edges->at[i] != edges->at[kept - 1]) edges->at[kept++] = edges->at[i];
    edges->count = kept;
}

static bool gather_edges(struct days *days, const struct json *readings, struct edges *edges)
{
    size_t spans = 0;
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next)
        if (spans_of(reading) != NULL) spans += spans_of(reading)->size;
    edges->at = arena_get(&days->arena, (spans * 2 + 1) * sizeof *edges->at);
    if (edges->at == NULL) return false;
    for (const struct json *reading = readings->first; reading != NULL; reading = reading->next) {
        const struct json *list = spans_of(reading);
        for (const struct json *span = list == NULL ? NULL : list->first; span != NULL; span = span->next) {
            int64_t from, to;
            if (!span_times(span, &from, &to)) continue;
            edges->at[edges->count++] = from;
            edges->at[edges->count++] = to;
        }
    }
    sort_out(edges);
    return true;
}

/* The answer tells equal days together. Only the first can begin and only the last can end within a day, so the whole
 * days between two edges are counted from the one that is a midnight; where that does not come out (a day had 23 or 25
 * hours) they stay together. `step` gets where the next row ends. */
static int64_t row_end(const struct edges *edges, size_t i, int64_t at)
{
    int64_t from = edges->at[i], to = edges->at[i + 1], step = at + DAY_S;
    bool from_midnight = i > 0, to_midnight = i + 2 < edges->count;
    if (from_midnight && to_midnight && (to - from) % DAY_S != 0) return to;
    if (!from_midnight && !to_midnight && (to - from) % DAY_S != 0) return to;
    if (!from_midnight && at == from && (to - from) % DAY_S != 0) step = from + (to - from) % DAY_S;
    return step < to ? step : to;
}

/* Where each reading is in its list: rows and spans go forward together. */
struct cursors {
    const struct json *span[DAYS_READINGS_MOST];
};

static const struct json *span_at(const struct json **cursor, int64_t at)
{
    int64_t from, to;
    for (; *cursor != NULL; *cursor = (*cursor)->next)
        if (span_times(*cursor, &from, &to) && to > at) return from <= at ? *cursor : NULL;
    return NULL;
}

static void put_row(struct days *days, struct cursors *cursors, int64_t from, int64_t to)
{
    struct days_row *row = &days->row[days->rows++];
    row->from = from;
    row->to = to;
    for (size_t r = 0; r < days->readings; r++) row->span[r] = span_at(&cursors->span[r], from);
}

void days_open(struct days *days, const struct json *readings)
{
    struct edges edges = {NULL, 0};
    struct cursors cursors;
    *days = (struct days){0};
    arena_init(&days->arena, DAYS_BYTES_MOST);
    if (readings == NULL || readings->type != JSON_OBJECT) return;
    for (const struct json *reading = readings->first; reading != NULL && days->readings < DAYS_READINGS_MOST;
         reading = reading->next)
        if (spans_of(reading) != NULL) {
            cursors.span[days->readings] = spans_of(reading)->first;
            days->reading[days->readings++] = reading->key;
        }
    if (days->readings == 0 || !gather_edges(days, readings, &edges)) return;
    days->row = arena_get(&days->arena, ROWS_MOST * sizeof *days->row);
    if (days->row == NULL) return;
    for (size_t i = 0; i + 1 < edges.count; i++)
        for (int64_t at = edges.at[i], end; at < edges.at[i + 1] && days->rows < ROWS_MOST; at = end) {
            end = row_end(&edges, i, at);
            put_row(days, &cursors, at, end);
        }
}

void days_close(struct days *days)
{
    arena_clear(&days->arena);
}
