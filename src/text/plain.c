/* A file that is to be read as text: what else it may be is said before anything of it is. */
#include "base/limits.h"
#include "text/utf8.h"

static bool is_utf16(struct slice text)
{
    return text.size >= 2 &&
           ((text.data[0] == 0xff && text.data[1] == 0xfe) || (text.data[0] == 0xfe && text.data[1] == 0xff));
}

enum status text_plain(struct slice text, struct error *error)
{
    size_t offset;
    const uint8_t *zero = text.size == 0 ? NULL : memchr(text.data, '\0', text.size);
    if (is_utf16(text))
        return error_at_offset(error,
                               error_set(error, STATUS_REFUSED, "text-utf16",
                                         "The text is in UTF-16; save it as UTF-8 and try again.", NULL),
                               0);
    if (text.size > LIMIT_TEXT_FOLDED_BYTES)
        return error_set(error, STATUS_REFUSED, "text-too-long",
                         "The text is too long: at most {0} bytes are read. Split it and try again.",
                         error_number(LIMIT_TEXT_FOLDED_BYTES).text, NULL);
    if (zero != NULL)
        return error_at_offset(error,
                               error_set(error, STATUS_REFUSED, "text-binary",
                                         "This is no text: it holds a byte that is zero. Give a file of plain text in "
                                         "UTF-8.",
                                         NULL),
                               zero - text.data);
    if (utf8_valid(text, &offset)) return STATUS_DONE;
    return error_at_offset(error,
                           error_set(error, STATUS_REFUSED, "text-encoding",
                                     "No character of UTF-8 begins with the bytes here: the text is in another "
                                     "encoding, or damaged. Save it as UTF-8 and try again.",
                                     NULL),
                           (int64_t)offset);
}
