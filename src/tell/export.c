#include "tell/export.h"

#include "tell/forms.h"

#include <inttypes.h>
#include <stdio.h>

enum { EXPORT_RECORD_BYTES = 64 * 1024 * 1024 };

void export_open(struct export *export, enum export_form form, bool exercise)
{
    *export = (struct export){.form = form, .exercise = exercise};
    arena_init(&export->arena, EXPORT_RECORD_BYTES);
}

void export_close(struct export *export)
{
    arena_clear(&export->arena);
}

void export_moment(struct export *export, const struct truce_moment *moment)
{
    if (moment->has_as_of) time_format(moment->as_of, export->as_of);
    if (moment->known_by == TRUCE_KNOWN_TIME) time_format(moment->known_time, export->known);
    if (moment->known_by == TRUCE_KNOWN_SIZE)
        snprintf(export->known, sizeof export->known, "%" PRIu64, moment->known_size);
}

/* The moment in two columns behind the others, or as two members of the collection. */
static const struct {
    const char *name;
    size_t at;
} moments[] = {{"as_of", offsetof(struct export, as_of)}, {"known", offsetof(struct export, known)}};

static const char *said(const struct export *export, size_t i)
{
    return (const char *)export + moments[i].at;
}

static bool has_moment(const struct export *export)
{
    return export->as_of[0] != '\0' || export->known[0] != '\0';
}

static void end_row(const struct export *export, bool titles, struct buffer *out)
{
    for (size_t i = 0; has_moment(export) && i < COUNT_OF(moments); i++)
        buffer_print(out, ",%s", titles ? moments[i].name : said(export, i));
    buffer_put_string(out, "\r\n");
}

void export_begin(const struct export *export, struct buffer *out)
{
    if (export->form == EXPORT_CSV) {
        csv_titles(out);
        end_row(export, true, out);
    }
    if (export->form != EXPORT_GEOJSON) return;
    buffer_put_string(out, "{\"type\":\"FeatureCollection\",");
    for (size_t i = 0; i < COUNT_OF(moments); i++)
        if (said(export, i)[0] != '\0') buffer_print(out, "\"%s\":\"%s\",", moments[i].name, said(export, i));
    buffer_put_string(out, "\"features\":[");
}

void export_end(const struct export *export, struct buffer *out)
{
    if (export->form == EXPORT_GEOJSON) buffer_put_string(out, "\n]}\n");
}

static void put_feature(struct export *export, const struct json *record, struct buffer *out)
{
    size_t before = out->size;
    buffer_put_string(out, export->shown > 0 ? ",\n" : "\n");
    if (geojson_record(out, record))
        export->shown++;
    else
        out->size = before; /* it tells of no place */
}

bool export_line(struct export *export, struct slice line, struct buffer *out)
{
    const struct json *record;
    if (export->form == EXPORT_JSON) {
        buffer_put(out, line);
        buffer_put_byte(out, '\n');
        export->shown++;
        return true;
    }
    arena_reset(&export->arena);
    if (json_read(&record, line, JSON_RELAXED, &export->arena, NULL) != STATUS_DONE) return false;
    if (!export->exercise && export_leaves_out(record)) {
        export->left_out++;
    } else if (export->form == EXPORT_CSV) {
        csv_record(out, record);
        end_row(export, false, out);
        export->shown++;
    } else {
        put_feature(export, record, out);
    }
    return true;
}
