#include "text/utf8.h"

#include "text/decode.h"
#include "text/property.h"
#include "text/run.h"

#include <unicode/unorm2.h>
#include <unicode/utf16.h>

enum status run_no_data(struct error *error)
{
    return error_set(error, STATUS_FAILED, "text-unicode-data",
                     "The Unicode data of the ICU library could not be loaded.", NULL);
}

enum status run_refuse_utf8(size_t offset, struct error *error)
{
    return error_at_offset(error,
                           error_set(error, STATUS_REFUSED, "text-utf8",
                                     "The text is not valid UTF-8: no character can begin with these bytes.", NULL),
                           (int64_t)offset);
}

enum status run_refuse_marks(size_t offset, struct error *error)
{
    return error_at_offset(error,
                           error_set(error, STATUS_REFUSED, "text-marks",
                                     "More than {0} combining marks follow one character.",
                                     error_number(TEXT_MARKS_MOST).text, NULL),
                           (int64_t)offset);
}

enum status run_normalise(struct run *run, struct slice text, struct error *error)
{
    run->given_size = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t c = utf8_next(text, &at);
        U16_APPEND_UNSAFE(run->given, run->given_size, c);
    }
    UErrorCode failure = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&failure);
    run->normal_size = unorm2_normalize(nfc, run->given, run->given_size, run->normal, RUN_NORMAL_UNITS, &failure);
    return U_FAILURE(failure) ? run_no_data(error) : STATUS_DONE;
}

bool run_is_normal(const struct run *run)
{
    return run->given_size == run->normal_size &&
           memcmp(run->given, run->normal, (size_t)run->given_size * sizeof *run->given) == 0;
}

static void put_run(struct buffer *out, const struct run *run)
{
    for (int32_t i = 0; i < run->normal_size;) {
        UChar unit = run->normal[i++];
        utf8_put(out, U16_IS_LEAD(unit) ? (uint32_t)U16_GET_SUPPLEMENTARY(unit, run->normal[i++]) : unit);
    }
}

/* A walk that copies what NFC leaves alone and normalises run by run what it may not. */
struct walk {
    struct buffer *out;
    struct slice text;
    size_t run, copied; /* where the run began; what of the text is already put */
    unsigned marks;
    bool suspect;
};

static enum status end_run(struct walk *walk, size_t end, struct error *error)
{
    bool suspect = walk->suspect;
    size_t from = walk->run;
    walk->run = end;
    walk->marks = 0;
    walk->suspect = false;
    if (!suspect) return STATUS_DONE;
    struct run run;
    TRY(run_normalise(&run, slice_part(walk->text, from, end - from), error));
    buffer_put(walk->out, slice_part(walk->text, walk->copied, from - walk->copied));
    put_run(walk->out, &run);
    walk->copied = end;
    return STATUS_DONE;
}

static enum status add(struct walk *walk, size_t at, uint16_t property, struct error *error)
{
    enum property_class class = property_class(property);
    if (class == PROPERTY_UNKNOWN) return run_no_data(error);
    bool mark = class == PROPERTY_MARK || class == PROPERTY_MAYBE || class == PROPERTY_FOREIGN_MARK;
    if (!mark) TRY(end_run(walk, at, error));
    if (mark && ++walk->marks > TEXT_MARKS_MOST) return run_refuse_marks(at, error);
    if (mark || class == PROPERTY_FOREIGN) walk->suspect = true;
    return STATUS_DONE;
}

enum status text_normalise(struct buffer *out, struct slice text, struct error *error)
{
    struct walk walk = {.out = out, .text = text};
    for (size_t at = 0; at < text.size;) {
        uint32_t code_point;
        size_t size = decode_one(text.data + at, text.size - at, &code_point);
        if (size == 0) return run_refuse_utf8(at, error);
        TRY(add(&walk, at, property_of(code_point), error));
        at += size;
    }
    TRY(end_run(&walk, text.size, error));
    buffer_put(out, slice_part(text, walk.copied, text.size - walk.copied));
    return buffer_finish(out, error);
}
