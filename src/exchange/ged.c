#include "exchange/ged.h"
#include "base/limits.h"
#include "base/time.h"
#include "json/write.h"
#include "text/utf8.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- columns, by the names in the header */

enum column {
    COLUMN_ID,
    COLUMN_VIOLENCE,
    COLUMN_CLARITY,
    COLUMN_DYAD,
    COLUMN_PLACE,
    COLUMN_WHERE_PRECISION,
    COLUMN_LATITUDE,
    COLUMN_LONGITUDE,
    COLUMN_DATE_PRECISION,
    COLUMN_DATE_START,
    COLUMN_DATE_END,
    COLUMN_DEATHS_A,
    COLUMN_DEATHS_B,
    COLUMN_DEATHS_CIVILIANS,
    COLUMN_DEATHS_UNKNOWN,
    COLUMN_LOW,
    COLUMN_BEST,
    COLUMN_HIGH,
    COLUMNS_NEEDED,
    COLUMN_SIDE_A = COLUMNS_NEEDED,
    COLUMN_SIDE_B,
    COLUMN_DISTRICT,
    COLUMN_PROVINCE,
    COLUMN_OFFICES,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    [COLUMN_ID] = "id",
    [COLUMN_VIOLENCE] = "type_of_violence",
    [COLUMN_CLARITY] = "event_clarity",
    [COLUMN_DYAD] = "dyad_name",
    [COLUMN_PLACE] = "where_coordinates",
    [COLUMN_WHERE_PRECISION] = "where_prec",
    [COLUMN_LATITUDE] = "latitude",
    [COLUMN_LONGITUDE] = "longitude",
    [COLUMN_DATE_PRECISION] = "date_prec",
    [COLUMN_DATE_START] = "date_start",
    [COLUMN_DATE_END] = "date_end",
    [COLUMN_DEATHS_A] = "deaths_a",
    [COLUMN_DEATHS_B] = "deaths_b",
    [COLUMN_DEATHS_CIVILIANS] = "deaths_civilians",
    [COLUMN_DEATHS_UNKNOWN] = "deaths_unknown",
    [COLUMN_LOW] = "low",
    [COLUMN_BEST] = "best",
    [COLUMN_HIGH] = "high",
    [COLUMN_SIDE_A] = "side_a",
    [COLUMN_SIDE_B] = "side_b",
    [COLUMN_DISTRICT] = "adm_2",
    [COLUMN_PROVINCE] = "adm_1",
    [COLUMN_OFFICES] = "source_office",
};

enum { ABSENT = -1 };

struct ged {
    struct csv *csv;
    size_t width;                /* columns of the header */
    int at[COLUMNS];             /* where each stands, or ABSENT */
    struct buffer text[COLUMNS]; /* this row's names, cleaned */
    struct buffer scratch, sentence;
    const struct slice *field;
};

static enum status refuse(enum column column, const char *code, const char *sentence, struct slice value,
                          struct error *error)
{
    char pointer[64];
    snprintf(pointer, sizeof pointer, "/%s", column_names[column]);
    return error_at(
        error, error_set(error, STATUS_REFUSED, code, sentence, column_names[column], error_slice(value).text, NULL),
        pointer);
}

static struct slice value_of(const struct ged *ged, enum column column)
{
    return ged->at[column] == ABSENT ? (struct slice){NULL, 0} : ged->field[ged->at[column]];
}

static enum status find_columns(struct ged *ged, const struct csv_row *header, struct error *error)
{
    ged->width = header->count;
    for (int column = 0; column < COLUMNS; column++) {
        ged->at[column] = ABSENT;
        for (size_t i = 0; i < header->count; i++) {
            if (!slice_is(header->field[i], column_names[column])) continue;
            if (ged->at[column] != ABSENT)
                return refuse((enum column)column, "ged-column", "The column {0} stands twice.", header->field[i],
                              error);
            ged->at[column] = (int)i;
        }
        if (ged->at[column] == ABSENT && column < COLUMNS_NEEDED)
            return refuse((enum column)column, "ged-column",
                          "The column {0} is missing: this is not a file of the UCDP Georeferenced Event Dataset.",
                          (struct slice){NULL, 0}, error);
    }
    return STATUS_DONE;
}

/* ---- values */

/* A whole number of digits alone, at most `most`. */
static bool read_number(int64_t *out, struct slice text, int64_t most)
{
    int64_t number = 0;
    if (text.size == 0 || text.size > 12) return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        number = number * 10 + (text.data[i] - '0');
    }
    *out = number;
    return number <= most;
}

static enum status get_number(const struct ged *ged, enum column column, int64_t least, int64_t most, int64_t *out,
                              struct error *error)
{
    struct slice value = value_of(ged, column);
    if (read_number(out, value, most) && *out >= least) return STATUS_DONE;
    return refuse(column, "ged-number", "The column {0} holds \"{1}\", which is not a number that can stand there.",
                  value, error);
}

/* Degrees with a decimal point to ten-millionths, without a float: further digits round to the nearest. */
static bool read_degrees(int64_t *out, struct slice text, int64_t most)
{
    size_t at = 0, digits = 0, decimals = 0;
    bool negative = text.size > 0 && text.data[0] == '-';
    int64_t e7 = 0;
    for (at = negative; at < text.size && text.data[at] >= '0' && text.data[at] <= '9' && digits < 3; at++, digits++)
        e7 = e7 * 10 + (text.data[at] - '0');
    if (digits == 0) return false;
    int up = 0;
    if (at < text.size && text.data[at++] == '.') {
        for (; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++, decimals++) {
            if (decimals < 7) e7 = e7 * 10 + (text.data[at] - '0');
            if (decimals == 7) up = text.data[at] >= '5';
        }
        if (decimals == 0) return false;
    }
    if (at != text.size || text.size > 24) return false;
    for (; decimals < 7; decimals++) e7 *= 10;
    e7 += up;
    *out = negative ? -e7 : e7;
    return e7 <= most;
}

static enum status get_degrees(const struct ged *ged, enum column column, int64_t most, int64_t *out,
                               struct error *error)
{
    struct slice value = value_of(ged, column);
    if (read_degrees(out, value, most)) return STATUS_DONE;
    return refuse(column, "ged-place", "The column {0} holds \"{1}\", which is not degrees on the globe.", value,
                  error);
}

/* "2016-09-19", or as later releases write it, "2016-09-19 00:00:00.000". */
static enum status get_day(const struct ged *ged, enum column column, int64_t *out, struct error *error)
{
    struct slice value = value_of(ged, column), rest = slice_part(value, 10, value.size);
    bool bare = rest.size == 0 || slice_is(rest, " 00:00:00.000") || slice_is(rest, " 00:00:00");
    if (bare && time_parse_day(out, slice_part(value, 0, 10))) return STATUS_DONE;
    return refuse(column, "ged-date", "The column {0} holds \"{1}\", which is not a day as YYYY-MM-DD.", value, error);
}

/* A name as records have it: one space for each run of spaces and line breaks, none at the ends, NFC. */
static enum status clean(struct ged *ged, enum column column, struct error *error)
{
    struct slice value = value_of(ged, column);
    struct buffer *scratch = &ged->scratch, *out = &ged->text[column];
    buffer_reset(scratch);
    buffer_reset(out);
    bool gap = false;
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        bool space = byte == ' ' || (byte >= '\t' && byte <= '\r');
        if (!space && gap && scratch->size > 0) buffer_put_byte(scratch, ' ');
        if (!space) buffer_put_byte(scratch, byte);
        gap = space;
    }
    TRY(buffer_finish(scratch, error));
    TRY(text_normalise(out, buffer_slice(scratch), error));
    enum status status = text_check(buffer_slice(out), error);
    if (status != STATUS_REFUSED) return status;
    char pointer[64];
    snprintf(pointer, sizeof pointer, "/%s", column_names[column]);
    return error_at(error, status, pointer);
}

static enum status clean_names(struct ged *ged, struct error *error)
{
    static const enum column names[] = {COLUMN_DYAD,     COLUMN_PLACE,    COLUMN_SIDE_A, COLUMN_SIDE_B,
                                        COLUMN_DISTRICT, COLUMN_PROVINCE, COLUMN_OFFICES};
    for (size_t i = 0; i < COUNT_OF(names); i++) TRY(clean(ged, names[i], error));
    struct slice place = buffer_slice(&ged->text[COLUMN_PLACE]), dyad = buffer_slice(&ged->text[COLUMN_DYAD]);
    if (place.size == 0 || place.size > 200)
        return refuse(COLUMN_PLACE, "ged-text", "The column {0} holds no name of 1 to 200 bytes.", place, error);
    if (dyad.size == 0) return refuse(COLUMN_DYAD, "ged-text", "The column {0} is empty.", dyad, error);
    return STATUS_DONE;
}

/* ---- what the dataset's codes mean here (README.md) */

static const struct {
    const char *act, *words;
} violence[4][3] = {
    [1] = {[1] = {"state-based-violence", "state-based violence"},
           [2] = {"state-based-violence-summary", "state-based violence, events not told apart"}},
    [2] = {[1] = {"non-state-violence", "non-state violence"},
           [2] = {"non-state-violence-summary", "non-state violence, events not told apart"}},
    [3] = {[1] = {"one-sided-violence", "one-sided violence"},
           [2] = {"one-sided-violence-summary", "one-sided violence, events not told apart"}},
};
static const char *const precision_words[] = {NULL, "day", "week", "week", "month", "year"};
static const int radius_m[] = {0, 5000, 25000, 50000, 150000, 150000, 500000, 1000000};

struct event {
    int64_t violence, clarity, lat_e7, lon_e7, where_precision, date_precision, start, end;
    int64_t deaths[4], low, best, high;
};

static enum status read_event(const struct ged *ged, struct event *out, struct error *error)
{
    enum { DEATHS_MOST = 10000000 };
    const struct {
        enum column column;
        int64_t *out, least, most;
    } numbers[] = {
        {COLUMN_VIOLENCE, &out->violence, 1, 3},
        {COLUMN_CLARITY, &out->clarity, 1, 2},
        {COLUMN_WHERE_PRECISION, &out->where_precision, 1, 7},
        {COLUMN_DATE_PRECISION, &out->date_precision, 1, 5},
        {COLUMN_DEATHS_A, &out->deaths[0], 0, DEATHS_MOST},
        {COLUMN_DEATHS_B, &out->deaths[1], 0, DEATHS_MOST},
        {COLUMN_DEATHS_CIVILIANS, &out->deaths[2], 0, DEATHS_MOST},
        {COLUMN_DEATHS_UNKNOWN, &out->deaths[3], 0, DEATHS_MOST},
        {COLUMN_LOW, &out->low, 0, DEATHS_MOST},
        {COLUMN_BEST, &out->best, 0, DEATHS_MOST},
        {COLUMN_HIGH, &out->high, 0, DEATHS_MOST},
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        TRY(get_number(ged, numbers[i].column, numbers[i].least, numbers[i].most, numbers[i].out, error));
    TRY(get_degrees(ged, COLUMN_LATITUDE, 900000000, &out->lat_e7, error));
    TRY(get_degrees(ged, COLUMN_LONGITUDE, 1800000000, &out->lon_e7, error));
    TRY(get_day(ged, COLUMN_DATE_START, &out->start, error));
    TRY(get_day(ged, COLUMN_DATE_END, &out->end, error));
    out->end += 86399; /* the day's last second */
    if (out->end < out->start)
        return refuse(COLUMN_DATE_END, "ged-date", "The day in {0}, {1}, is before the first day.",
                      value_of(ged, COLUMN_DATE_END), error);
    return STATUS_DONE;
}

/* ---- writing */

static void put_basis(struct json_writer *writer, struct buffer *sentence, struct slice id)
{
    buffer_reset(sentence);
    buffer_print(
        sentence,
        "UCDP Georeferenced Event Dataset, event %.*s (CC BY 4.0); Sundberg and Melander 2013, Journal of Peace "
        "Research 50(4)",
        SLICE(id));
    json_put_key(writer, "basis");
    json_put_object(writer);
    json_put_key(writer, "kind");
    json_put_string(writer, "sourced");
    json_put_key(writer, "source");
    json_put_slice(writer, buffer_slice(sentence));
    json_put_close(writer);
}

static void put_estimate(struct json_writer *writer, const char *key, int64_t number)
{
    json_put_key(writer, key);
    json_put_integer(writer, number);
}

/* One row in 160 has bounds that do not bracket its best estimate. A record cannot say that, and the dead are not to be
 * left out for it: then the best stands alone, and the sentence gives the dataset's bounds. */
static bool estimates_rise(const struct event *event)
{
    return event->low <= event->best && event->best <= event->high;
}

/* The line without `of` is all the dead; the others share out its best estimate as the dataset does. */
static void put_casualties(struct json_writer *writer, const struct event *event)
{
    static const char *const of[] = {"side-a", "side-b", "civilians", "unknown"};
    json_put_key(writer, "casualties");
    json_put_array(writer);
    json_put_object(writer);
    put_estimate(writer, "best", event->best);
    if (estimates_rise(event)) put_estimate(writer, "high", event->high);
    json_put_key(writer, "kind");
    json_put_string(writer, "killed");
    if (estimates_rise(event)) put_estimate(writer, "low", event->low);
    json_put_close(writer);
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        json_put_object(writer);
        put_estimate(writer, "best", event->deaths[i]);
        json_put_key(writer, "kind");
        json_put_string(writer, "killed");
        json_put_key(writer, "of");
        json_put_string(writer, of[i]);
        json_put_close(writer);
    }
    json_put_close(writer);
}

static void put_source(struct json_writer *writer, const struct ged_row *row)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&row->bytes_sha256, hex);
    json_put_key(writer, "source");
    json_put_object(writer);
    json_put_key(writer, "name");
    json_put_string(writer, GED_SOURCE);
    json_put_key(writer, "row");
    json_put_slice(writer, row->id);
    json_put_key(writer, "sha256");
    json_put_string(writer, hex);
    json_put_close(writer);
}

/* What the dataset says, in its own terms and named as its coding: an attribution by others is no sighting, so the
 * sides stand in words and not in `actor` and `target`. */
static void put_sentence(struct buffer *out, const struct ged *ged, const struct event *event)
{
    const struct slice names[] = {buffer_slice(&ged->text[COLUMN_PLACE]), buffer_slice(&ged->text[COLUMN_DISTRICT]),
                                  buffer_slice(&ged->text[COLUMN_PROVINCE])};
    struct slice side_a = buffer_slice(&ged->text[COLUMN_SIDE_A]), side_b = buffer_slice(&ged->text[COLUMN_SIDE_B]);
    struct slice offices = buffer_slice(&ged->text[COLUMN_OFFICES]);
    buffer_reset(out);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (names[i].size == 0 || (i > 0 && slice_equal(names[i], names[i - 1]))) continue;
        if (i > 0) buffer_put_string(out, ", ");
        buffer_put(out, names[i]);
    }
    buffer_print(out, ": coded by UCDP as %s, dyad \"", violence[event->violence][event->clarity].words);
    buffer_put(out, buffer_slice(&ged->text[COLUMN_DYAD]));
    buffer_put_string(out, "\"");
    if (side_a.size > 0 && side_b.size > 0) {
        buffer_put_string(out, " (side A: ");
        buffer_put(out, side_a);
        buffer_put_string(out, "; side B: ");
        buffer_put(out, side_b);
        buffer_put_string(out, ")");
    }
    if (offices.size > 0) {
        buffer_put_string(out, "; reported by ");
        buffer_put(out, offices);
    }
    buffer_put_string(out, ".");
    if (!estimates_rise(event))
        buffer_print(out,
                     " The dataset's low and high estimates, %" PRId64 " and %" PRId64 ", do not bracket its best.",
                     event->low, event->high);
}

static void put_text(struct json_writer *writer, struct slice sentence)
{
    json_put_key(writer, "text");
    json_put_object(writer);
    json_put_key(writer, "en");
    json_put_slice(writer, sentence);
    json_put_key(writer, "original");
    json_put_string(writer, "en");
    json_put_close(writer);
}

static void put_time(struct json_writer *writer, const char *key, int64_t seconds)
{
    char text[TIME_TEXT_SIZE];
    time_format(seconds, text);
    json_put_key(writer, key);
    json_put_string(writer, text);
}

static void put_when(struct json_writer *writer, const struct event *event)
{
    json_put_key(writer, "when");
    json_put_object(writer);
    put_time(writer, "from", event->start);
    json_put_key(writer, "precision");
    json_put_string(writer, precision_words[event->date_precision]);
    put_time(writer, "to", event->end);
    json_put_close(writer);
}

static void put_where(struct json_writer *writer, const struct event *event, struct slice name)
{
    json_put_key(writer, "where");
    json_put_object(writer);
    json_put_key(writer, "name");
    json_put_slice(writer, name);
    json_put_key(writer, "point");
    json_put_object(writer);
    put_estimate(writer, "lat_e7", event->lat_e7);
    put_estimate(writer, "lon_e7", event->lon_e7);
    json_put_close(writer);
    put_estimate(writer, "radius_m", radius_m[event->where_precision]);
    json_put_close(writer);
}

static enum status put_report(struct ged *ged, const struct event *event, const struct ged_row *row,
                              struct buffer *object, struct error *error)
{
    struct json_writer writer;
    json_write_open(&writer, object);
    json_put_object(&writer);
    json_put_key(&writer, "act");
    json_put_string(&writer, violence[event->violence][event->clarity].act);
    put_basis(&writer, &ged->sentence, row->id);
    put_casualties(&writer, event);
    json_put_key(&writer, "kind");
    json_put_string(&writer, "report");
    json_put_key(&writer, "method");
    json_put_string(&writer, "compiled");
    put_source(&writer, row);
    put_sentence(&ged->sentence, ged, event);
    if (ged->sentence.size > LIMIT_TEXT_BYTES)
        return refuse(COLUMN_DYAD, "ged-text", "The names of this row are too long for a record.",
                      (struct slice){NULL, 0}, error);
    put_text(&writer, buffer_slice(&ged->sentence));
    put_when(&writer, event);
    put_where(&writer, event, buffer_slice(&ged->text[COLUMN_PLACE]));
    json_put_close(&writer);
    TRY(buffer_finish(&ged->sentence, error));
    return json_write_finish(&writer, error);
}

/* ---- rows */

static enum status convert(struct ged *ged, const struct csv_row *csv_row, struct buffer *object, struct ged_row *row,
                           struct error *error)
{
    struct event event;
    int64_t id;
    if (csv_row->count != ged->width)
        return error_set(error, STATUS_REFUSED, "ged-fields", "Line {0}: {1} fields stand where the header has {2}.",
                         error_number((int64_t)row->line).text, error_number((int64_t)csv_row->count).text,
                         error_number((int64_t)ged->width).text, NULL);
    ged->field = csv_row->field;
    if (!read_number(&id, value_of(ged, COLUMN_ID), INT64_C(999999999999)))
        return refuse(COLUMN_ID, "ged-id", "The column {0} holds \"{1}\", which is not an event's number.",
                      value_of(ged, COLUMN_ID), error);
    row->id = value_of(ged, COLUMN_ID);
    TRY(read_event(ged, &event, error));
    TRY(clean_names(ged, error));
    return put_report(ged, &event, row, object, error);
}

enum status ged_next(struct ged *ged, bool *found, struct buffer *object, struct ged_row *row, struct error *error)
{
    struct csv_row csv_row;
    enum status status;
    bool blank;
    buffer_reset(object);
    do {
        status = csv_next(ged->csv, &csv_row, found, error);
        if (status == STATUS_DONE && !*found) return STATUS_DONE;
        blank = status == STATUS_DONE && csv_row.bytes.size == 0; /* an empty line is no row */
    } while (blank);
    row->id = (struct slice){NULL, 0};
    row->line = csv_row.line;
    row->offset = csv_row.offset;
    if (status == STATUS_DONE || status == STATUS_REFUSED) row->bytes_sha256 = hash_of(csv_row.bytes);
    if (status == STATUS_DONE) status = convert(ged, &csv_row, object, row, error);
    if (status != STATUS_DONE) buffer_reset(object);
    return status;
}

static enum status begin(struct ged **out, struct csv *csv, struct error *error)
{
    struct ged *ged = calloc(1, sizeof *ged);
    struct csv_row header;
    bool found;
    if (ged == NULL) {
        csv_close(&csv);
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    }
    ged->csv = csv;
    enum status status = csv_next(csv, &header, &found, error);
    if (status == STATUS_DONE && !found)
        status = error_set(error, STATUS_REFUSED, "ged-column", "The file is empty: it has not even a header.", NULL);
    if (status == STATUS_DONE) status = find_columns(ged, &header, error);
    if (status != STATUS_DONE)
        ged_close(&ged);
    else
        *out = ged;
    return status;
}

enum status ged_open(struct ged **out, const struct system *system, const char *path, struct error *error)
{
    struct csv *csv;
    TRY(csv_open(&csv, system, path, error));
    return begin(out, csv, error);
}

enum status ged_open_slice(struct ged **out, struct slice text, struct error *error)
{
    struct csv *csv;
    TRY(csv_open_slice(&csv, text, error));
    return begin(out, csv, error);
}

void ged_close(struct ged **ged)
{
    struct ged *old = *ged;
    if (old == NULL) return;
    csv_close(&old->csv);
    for (size_t i = 0; i < COLUMNS; i++) buffer_clear(&old->text[i]);
    buffer_clear(&old->scratch);
    buffer_clear(&old->sentence);
    free(old);
    *ged = NULL;
}
