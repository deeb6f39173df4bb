/* What the pages of filing share: what stands in a field, and its inputs. */
#ifndef TRUCE_PAGE_FILING_H
#define TRUCE_PAGE_FILING_H

#include "page/sheet.h"
#include "tell/filing.h"
#include "tell/places.h"

struct form {
    struct sheet sheet;
    const struct page_filing *what;
    struct arena arena;
    const char *fault; /* NULL once it stands at its field */
    bool focused;      /* a field has been given the focus */
    struct place_known *places;
    size_t place_count;
};

void fill_open(struct form *form, const struct page *page, const struct page_filing *what);
void fill_close(struct form *form);

/* What the field holds now: as it was typed, or as address or record fill it in; "" if nothing. */
const char *fill_value(struct form *form, const char *name);
/* Is it one of what was typed? */
bool fill_has(struct form *form, const char *name, const char *value);

/* Is the record that is replaced to say this anew, so that the field stands empty: "anew=where" of the address? */
bool fill_is_anew(struct form *form, const char *name);
/* The inputs of one field of the schema, and of all below it. `name` is its whole name; `rank` where it stands. */
void fill_field(struct form *form, const struct json *field, const char *name, bool needed);
/* A word as buttons, each of which sends the form; `note` says what that does, until a script says it. */
void fill_taps(struct form *form, const struct json *field, const char *name, const char *note);
void fill_text(struct form *form, const char *name, const char *label, bool needed);
void fill_input(struct form *form, const char *name, const char *label, const char *hint, bool needed);

/* Names that inputs offer: <datalist> parties, places, acts. */
void fill_lists(struct form *form);
/* The sentence that says what was wrong, if it has found no field. */
void fill_fault(struct form *form);
/* All that was typed, out of sight, but for the names given (ended by NULL). */
void fill_hidden(struct form *form, const char *const *without);
void fill_button(struct form *form, const char *step, const char *words, const char *class_name);

/* Who sees what, with what must be confirmed (look.c). */
void fill_view(struct form *form);

/* A place drawn from what the record says, or nothing (outline.c). */
void sheet_outline(struct sheet *sheet, const struct json *where);

#endif
