/* An entry of the log: when it was received, and the note. */
#include "base/limits.h"
#include "record/record.h"

#include <inttypes.h>

static enum status wrong(struct error *error, const char *sentence)
{
    return error_at_offset(error, error_set(error, STATUS_REFUSED, "entry-received", sentence, NULL), 0);
}

/* Decimal digits without a leading zero, not past the year 9999. */
static bool number_parse(int64_t *out, struct slice digits)
{
    if (digits.size == 0 || digits.size > 15 || (digits.size > 1 && digits.data[0] == '0')) return false;
    int64_t number = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9') return false;
        number = number * 10 + (digits.data[i] - '0');
    }
    if (number / 1000 > TIME_MOST) return false;
    *out = number;
    return true;
}

enum status entry_parse(int64_t *received_ms, struct slice *note, struct slice entry, struct error *error)
{
    static const char word[] = "received ";
    if (entry.size > LIMIT_ENTRY_BYTES)
        return error_set(error, STATUS_REFUSED, "entry-size",
                         "An entry of the log has at most {0} bytes; this has {1}.",
                         error_number(LIMIT_ENTRY_BYTES).text, error_number((int64_t)entry.size).text, NULL);
    if (!slice_starts(entry, word)) return wrong(error, "An entry of the log begins with \"received \".");
    struct slice rest = slice_part(entry, sizeof word - 1, SIZE_MAX);
    const uint8_t *end = rest.size == 0 ? NULL : memchr(rest.data, '\n', rest.size);
    int64_t received = 0;
    if (end == NULL || !number_parse(&received, slice_part(rest, 0, (size_t)(end - rest.data))))
        return wrong(error, "An entry's first line is \"received \" and milliseconds since 1970, in digits.");
    *received_ms = received;
    *note = slice_part(rest, (size_t)(end - rest.data) + 1, SIZE_MAX);
    return STATUS_DONE;
}

void entry_format(struct buffer *out, int64_t received_ms, struct slice note)
{
    buffer_print(out, "received %" PRId64 "\n", received_ms);
    buffer_put(out, note);
}
