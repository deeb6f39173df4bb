/* Found records as a table's rows, CSV (RFC 4180) or GeoJSON (RFC 7946). Exports leave out sites, passages and
 * coverage, so that nobody is harmed by a file that travels, unless the register is an exercise. */
#ifndef TRUCE_TELL_FORMS_H
#define TRUCE_TELL_FORMS_H

#include "base/buffer.h"
#include "json/json.h"

bool export_leaves_out(const struct json *record);

/* Without the line's end. */
void csv_titles(struct buffer *out);
void csv_record(struct buffer *out, const struct json *record);

/* One Feature, or false if the record tells of no place that can be drawn. */
bool geojson_record(struct buffer *out, const struct json *record);

/* The answer of truce_map as one FeatureCollection, with its moment, register and root as members: records, agreements'
 * places, lines and what lies within their distances. */
void geojson_map(struct buffer *out, const struct json *answer);

#endif
