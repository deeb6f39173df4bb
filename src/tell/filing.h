/* A filled-in form as the fields of a record (truce_object), whoever made the form. A field stands under its own name
 * ("when.from"), and empty ones were not filled in. What people type in ways of their own stands under NAME~WAY:
 *
 *     NAME~time   a local time, 2016-09-20T06:55, in the zone of "~zone" ("+03:00"); an end that is left out is its
 *                 beginning
 *     NAME~text   words in the language of NAME~lang
 *     NAME~where  a place (tell/places.h)
 *     NAME~mm     millimetres, for a field of micrometres
 *     NAME~set    one of several
 *
 * "kind", "by" and "key" say what it is and who signs ("~author": both, as "BY:KEY"), "seal", "unsealed" and "reader"
 * what truce_write_options has; "~watch" says that it begins or ends at this moment. Other names that begin with "~"
 * are the form's own. */
#ifndef TRUCE_TELL_FILING_H
#define TRUCE_TELL_FILING_H

#include "tell/records.h"

enum { FILING_FIELDS_MOST = 256, FILING_LISTED_MOST = 64 };

struct filing_pair {
    const char *name, *value;
};
struct filing {
    struct records *records; /* for the names of places */
    struct arena arena;
    struct filing_pair pair[FILING_FIELDS_MOST];
    size_t pairs;
    struct truce_field fields[FILING_FIELDS_MOST];
    size_t count;
    int64_t now;                 /* seconds: when a watch begins ("~watch" is "start") or ends ("end") */
    const char *kind, *by, *key; /* "" where they were not given */
    const char *seal[FILING_LISTED_MOST + 1], *unsealed[FILING_LISTED_MOST + 1], *readers[FILING_LISTED_MOST + 1];
};

void filing_open(struct filing *filing, struct records *records, int64_t now);
void filing_close(struct filing *filing); /* wipes */
/* False where there are too many. Names and values must outlive the filing. */
bool filing_add(struct filing *filing, const char *name, const char *value);
/* The value of a name as it was added, or NULL. */
const char *filing_value(const struct filing *filing, const char *name);
bool filing_has(const struct filing *filing, const char *name, const char *value);
/* What was added becomes fields and lists. STATUS_REFUSED, its pointer that of the field. */
MUST_USE enum status filing_read(struct filing *filing, struct error *error);

/* The JSON pointer of a field: "when.from" and "when.from~time" are "/when/from". */
void filing_pointer(char *out, size_t size, const char *name);

#endif
