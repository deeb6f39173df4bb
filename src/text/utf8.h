/* Which text may stand in a record: valid UTF-8, NFC, nothing unassigned in Unicode 15.0, no controls, no overrides,
 * directional isolates balanced, marks not heaped. Code points are judged by their age, so a newer ICU gives the same
 * answer. The rules are written out in spec/json.md. */
#ifndef TRUCE_TEXT_UTF8_H
#define TRUCE_TEXT_UTF8_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

/* Is the slice valid UTF-8 (no overlong form, no surrogate, nothing past U+10FFFF)? If not, *offset is the first bad
 * byte. */
MUST_USE bool utf8_valid(struct slice text, size_t *offset);

/* Decodes the character at text.data[*at] of text that is valid UTF-8, and steps past it. */
uint32_t utf8_next(struct slice text, size_t *at);
void utf8_put(struct buffer *out, uint32_t code_point);

/* The most characters without a starter of their own (marks and what composes backwards) in a row: the Stream-Safe Text
 * Format's bound (UAX #15), which keeps every normalisation linear and no name taller than its line. */
enum { TEXT_MARKS_MOST = 30 };

/* One string of a record. Refuses (STATUS_REFUSED, error->offset set) with text-utf8, text-control, text-override,
 * text-unassigned, text-not-nfc, text-isolate, text-marks. */
MUST_USE enum status text_check(struct slice text, struct error *error);

/* The same but for text-not-nfc: what a writer may hand in. What it lets pass, text_check lets pass once normalised. */
MUST_USE enum status text_check_unnormalised(struct slice text, struct error *error);

/* NFC of valid UTF-8, as writers do before signing. Refuses text-utf8 and text-marks alone. */
MUST_USE enum status text_normalise(struct buffer *out, struct slice text, struct error *error);

/* The same, less what may not stand in a record: controls, overrides, isolates, unassigned characters and heaped marks
 * go, breaks of lines become blanks. For quoting outside text, which is valid UTF-8. What it gives, text_check lets
 * pass. */
MUST_USE enum status text_clean(struct buffer *out, struct slice text, struct error *error);

/* A file that is to be read as text, of whatever origin. Refuses text-utf16, text-binary, text-encoding (with the
 * offset) and text-too-long. */
MUST_USE enum status text_plain(struct slice text, struct error *error);

/* Columns that a terminal gives to valid UTF-8 (0 for marks and format characters, 2 for wide ones). */
size_t text_columns(struct slice text);

/* Compares as RFC 8785 sorts keys: by UTF-16 code units. Both are valid UTF-8. */
int text_compare_utf16(struct slice a, struct slice b);

#endif
