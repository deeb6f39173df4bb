#include "text/utf8.h"

#include "text/property.h"

static bool is_blank(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

enum status text_clean(struct buffer *out, struct slice text, struct error *error)
{
    OWN(buffer_clear) struct buffer kept = {0};
    unsigned marks = 0;
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        uint32_t c = utf8_next(text, &next);
        enum property_class class = property_class(property_of(c));
        bool mark = class == PROPERTY_MARK || class == PROPERTY_MAYBE || class == PROPERTY_FOREIGN_MARK;
        marks = mark ? marks + 1 : 0;
        if (is_blank(c)) {
            buffer_put_byte(&kept, ' ');
            continue;
        }
        if (class >= PROPERTY_CONTROL || class == PROPERTY_ISOLATE || class == PROPERTY_ISOLATE_END ||
            marks > TEXT_MARKS_MOST)
            continue;
        buffer_put(&kept, slice_part(text, at, next - at));
    }
    TRY(buffer_finish(&kept, error));
    return text_normalise(out, buffer_slice(&kept), error);
}
