#include "tell/export.h"

#include "tell/forms.h"

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

void export_begin(const struct export *export, struct buffer *out)
{
    if (export->form == EXPORT_CSV) csv_titles(out);
    if (export->form == EXPORT_GEOJSON) buffer_put_string(out, "{\"type\":\"FeatureCollection\",\"features\":[");
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
        export->shown++;
    } else {
        put_feature(export, record, out);
    }
    return true;
}
