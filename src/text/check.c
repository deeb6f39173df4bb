/* The rules of a record's text, in one pass. A run is a character that starts anew and the marks that belong to it:
 * normalisation never looks past a run, so only a run that NFC might change is shown to ICU. */
#include "text/utf8.h"

#include "text/decode.h"
#include "text/property.h"
#include "text/run.h"

#include <stdio.h>

struct scan {
    struct slice text;
    bool nfc;          /* must it be normalised? */
    size_t run;        /* where the run began */
    unsigned marks;    /* in this run */
    uint8_t combining; /* class of the run's last mark */
    bool maybe;        /* ICU must look at this run */
    unsigned isolates; /* open */
    size_t isolate;    /* where the outermost open one stands */
};

static enum status refuse(size_t offset, struct error *error, const char *code, const char *sentence, const char *shown)
{
    return error_at_offset(error, error_set(error, STATUS_REFUSED, code, sentence, shown, NULL), (int64_t)offset);
}

static enum status refuse_form(size_t offset, struct error *error)
{
    return refuse(offset, error, "text-not-nfc", "The text is not in Unicode normal form NFC.", NULL);
}

/* Ends the run before byte `end`: if only ICU can tell whether it is normalised, asks. */
static enum status end_run(struct scan *scan, size_t end, struct error *error)
{
    bool ask = scan->maybe && scan->nfc;
    scan->marks = 0;
    scan->combining = 0;
    scan->maybe = false;
    if (!ask) return STATUS_DONE;
    struct run run;
    TRY(run_normalise(&run, slice_part(scan->text, scan->run, end - scan->run), error));
    return run_is_normal(&run) ? STATUS_DONE : refuse_form(scan->run, error);
}

static enum status add_mark(struct scan *scan, size_t at, uint16_t property, struct error *error)
{
    if (++scan->marks > TEXT_MARKS_MOST) return run_refuse_marks(at, error);
    uint8_t combining = property_combining(property);
    bool foreign = property_class(property) == PROPERTY_FOREIGN_MARK;
    if (scan->nfc && (foreign || (combining != 0 && combining < scan->combining))) return refuse_form(scan->run, error);
    scan->combining = combining;
    if (property_class(property) == PROPERTY_MAYBE) scan->maybe = true;
    return STATUS_DONE;
}

static enum status add_isolate(struct scan *scan, size_t at, bool ends, struct error *error)
{
    if (!ends && scan->isolates++ == 0) scan->isolate = at;
    if (!ends || scan->isolates-- > 0) return STATUS_DONE;
    return refuse(at, error, "text-isolate", "A directional isolate is closed (U+2069) that was never opened.", NULL);
}

static const struct {
    const char *code, *sentence;
} refusals[] = {
    [PROPERTY_CONTROL] = {"text-control", "The text holds the control character {0}."},
    [PROPERTY_OVERRIDE] = {"text-override", "The text holds {0}, which can make it read as something else."},
    [PROPERTY_UNASSIGNED] = {"text-unassigned", "The text holds {0}, which is no character of Unicode 15.0."},
};

static enum status refuse_character(enum property_class class, uint32_t code_point, size_t at, struct error *error)
{
    char shown[16];
    snprintf(shown, sizeof shown, "U+%04X", (unsigned)code_point);
    return refuse(at, error, refusals[class].code, refusals[class].sentence, shown);
}

/* Everything but PROPERTY_PLAIN, which the loop steps over. */
static enum status add_other(struct scan *scan, size_t at, uint32_t code_point, uint16_t property, struct error *error)
{
    enum property_class class = property_class(property);
    if (class == PROPERTY_UNKNOWN) return run_no_data(error);
    if (class == PROPERTY_MARK || class == PROPERTY_MAYBE || class == PROPERTY_FOREIGN_MARK)
        return add_mark(scan, at, property, error);
    if (scan->marks > 0) TRY(end_run(scan, at, error));
    scan->run = at;
    if (class == PROPERTY_FOREIGN) return scan->nfc ? refuse_form(at, error) : STATUS_DONE;
    if (class == PROPERTY_ISOLATE || class == PROPERTY_ISOLATE_END)
        return add_isolate(scan, at, class == PROPERTY_ISOLATE_END, error);
    return refuse_character(class, code_point, at, error);
}

static enum status scan_end(struct scan *scan, struct error *error)
{
    if (scan->marks > 0) TRY(end_run(scan, scan->text.size, error));
    if (scan->isolates == 0) return STATUS_DONE;
    return refuse(scan->isolate, error, "text-isolate",
                  "A directional isolate (U+2066 to U+2068) is opened here and not closed (U+2069).", NULL);
}

/* Is a character of two bytes here, as most of Arabic is, that there is nothing to say about? */
static inline bool is_plain_pair(const uint8_t *at, const uint8_t *end)
{
    if (end - at < 2 || at[0] < 0xC2 || at[0] > 0xDF || !is_continuation(at[1])) return false;
    return property_of((at[0] & 0x1FU) << 6 | (at[1] & 0x3FU)) == PROPERTY_PLAIN;
}

static inline bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7F;
}

/* The fast path: steps over printable ASCII and plain pairs. *last is where the last of them began. */
static const uint8_t *skip_plain(const uint8_t *at, const uint8_t *end, const uint8_t **last)
{
    const uint8_t *from = at;
    at = skip_letters(skip_printable(at, end), end);
    if (at > from) *last = is_continuation(at[-1]) ? at - 2 : at - 1;
    for (int i = 0; i < 16 && at < end; i++) { /* what stands between them: commas, marks, the last few bytes */
        if (is_plain_pair(at, end)) {
            *last = at;
            at += 2;
        } else if (is_printable(*at)) {
            *last = at++;
        } else {
            break;
        }
    }
    return at;
}

static enum status scan_text(struct scan *scan, struct error *error)
{
    const uint8_t *const start = scan->text.data, *const end = start + scan->text.size;
    for (const uint8_t *at = start; at < end;) {
        const uint8_t *last = at, *next = skip_plain(at, end, &last);
        if (next > at) {
            if (scan->marks > 0) TRY(end_run(scan, (size_t)(at - start), error));
            scan->run = (size_t)(last - start);
            at = next;
            if (at == end) break;
        }
        uint32_t code_point;
        size_t size = decode_one(at, (size_t)(end - at), &code_point);
        if (size == 0) return run_refuse_utf8((size_t)(at - start), error);
        uint16_t property = property_of(code_point);
        if (property == PROPERTY_PLAIN) {
            if (scan->marks > 0) TRY(end_run(scan, (size_t)(at - start), error));
            scan->run = (size_t)(at - start);
        } else {
            TRY(add_other(scan, (size_t)(at - start), code_point, property, error));
        }
        at += size;
    }
    return scan_end(scan, error);
}

enum status text_check(struct slice text, struct error *error)
{
    struct scan scan = {.text = text, .nfc = true};
    return scan_text(&scan, error);
}

enum status text_check_unnormalised(struct slice text, struct error *error)
{
    struct scan scan = {.text = text};
    return scan_text(&scan, error);
}
