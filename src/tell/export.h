/* A list of found records in a form that others read: JSON lines, CSV or GeoJSON, piece by piece. Who gives it out as a
 * file or over the wire leaves the same out of it. */
#ifndef TRUCE_TELL_EXPORT_H
#define TRUCE_TELL_EXPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "truce.h"

enum export_form { EXPORT_JSON, EXPORT_CSV, EXPORT_GEOJSON };

struct export
{
    enum export_form form;
    bool exercise;                                     /* then nothing is left out */
    char as_of[TIME_TEXT_SIZE], known[TIME_TEXT_SIZE]; /* the moment that was asked for; "" each: none */
    uint64_t shown, left_out;
    struct arena arena;
};

void export_open(struct export *export, enum export_form form, bool exercise);
/* Before it begins: a file that travels says itself of which moment it is. Lines of JSON are records as they are. */
void export_moment(struct export *export, const struct truce_moment *moment);
void export_close(struct export *export);

void export_begin(const struct export *export, struct buffer *out);
/* A line as truce_find gives it; false if it is no record. */
bool export_line(struct export *export, struct slice line, struct buffer *out);
void export_end(const struct export *export, struct buffer *out);

#endif
