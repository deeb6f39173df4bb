#include "exchange/csv.h"
#include "text/utf8.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum { CHUNK = 64 * 1024, WINDOW = CSV_ROW_BYTES + CHUNK };

struct csv {
    const struct system *system; /* NULL when a slice is read */
    char *path;
    int file;
    struct slice text;
    uint64_t read_to; /* bytes of the source that are in the window or behind it */
    bool ended;

    uint8_t *window; /* the bytes at hand: rows are cut from `at` */
    size_t at, size;
    uint64_t line;

    uint8_t *plain; /* quoted fields without their doubled quotes */
    size_t plain_size;
    struct slice field[CSV_FIELDS];
    size_t count;
};

/* ---- the source */

static enum status make(struct csv **out, struct error *error)
{
    struct csv *csv = calloc(1, sizeof *csv);
    if (csv != NULL) {
        csv->file = -1;
        csv->line = 1;
        csv->window = malloc(WINDOW);
        csv->plain = malloc(WINDOW);
    }
    if (csv == NULL || csv->window == NULL || csv->plain == NULL) {
        csv_close(&csv);
        return error_set(error, STATUS_FAILED, "out-of-memory", "Memory is out.", NULL);
    }
    *out = csv;
    return STATUS_DONE;
}

enum status csv_open_slice(struct csv **out, struct slice text, struct error *error)
{
    TRY(make(out, error));
    (*out)->text = text;
    return STATUS_DONE;
}

enum status csv_open(struct csv **out, const struct system *system, const char *path, struct error *error)
{
    struct csv *csv;
    TRY(make(&csv, error));
    csv->system = system;
    csv->path = strdup(path);
    csv->file = system->open(system->context, path, O_RDONLY, 0);
    if (csv->path == NULL || csv->file < 0) {
        int why = csv->path == NULL ? ENOMEM : errno;
        csv_close(&csv);
        return error_system(error, "open", path, why);
    }
    *out = csv;
    return STATUS_DONE;
}

void csv_close(struct csv **csv)
{
    struct csv *old = *csv;
    if (old == NULL) return;
    if (old->file >= 0) old->system->close(old->system->context, old->file);
    free(old->window);
    free(old->plain);
    free(old->path);
    free(old);
    *csv = NULL;
}

/* Moves what is left to the window's front and reads on behind it. */
static enum status fill(struct csv *csv, struct error *error)
{
    memmove(csv->window, csv->window + csv->at, csv->size - csv->at);
    csv->size -= csv->at;
    csv->at = 0;
    size_t room = WINDOW - csv->size, got;
    if (room > CHUNK) room = CHUNK;
    if (csv->system == NULL) {
        struct slice part = slice_part(csv->text, (size_t)csv->read_to, room);
        if (part.size > 0) memcpy(csv->window + csv->size, part.data, part.size);
        got = part.size;
    } else {
        ssize_t read =
            csv->system->read(csv->system->context, csv->file, csv->window + csv->size, room, (off_t)csv->read_to);
        if (read < 0 && errno == EINTR) return STATUS_DONE;
        if (read < 0) return error_system(error, "read", csv->path, errno);
        got = (size_t)read;
    }
    csv->ended = got == 0;
    csv->size += got;
    csv->read_to += got;
    return STATUS_DONE;
}

/* ---- one row of the bytes at hand */

enum scan { SCAN_ROW, SCAN_MORE, SCAN_FAULT };

enum fault {
    FAULT_NONE,
    FAULT_BARE_QUOTE,
    FAULT_AFTER_QUOTE,
    FAULT_UNCLOSED,
    FAULT_LINE_END,
    FAULT_FIELDS,
    FAULT_LONG,
    FAULT_UTF8
};
static const struct {
    const char *code, *sentence;
} faults[] = {
    [FAULT_BARE_QUOTE] = {"csv-quote",
                          "Line {0}, column {1}: a quotation mark stands inside a field that does not begin "
                          "with one."},
    [FAULT_AFTER_QUOTE] = {"csv-quote",
                           "Line {0}, column {1}: after a closing quotation mark comes neither a comma nor "
                           "the line's end."},
    [FAULT_UNCLOSED] = {"csv-quote", "Line {0}, column {1}: a quotation mark is opened and never closed."},
    [FAULT_LINE_END] = {"csv-line-end", "Line {0}, column {1}: a carriage return stands without a line feed."},
    [FAULT_FIELDS] = {"csv-limit", "Line {0}, column {1}: more fields than a row may have."},
    [FAULT_LONG] = {"csv-limit", "Line {0}, column {1}: the row is longer than a row may be."},
    [FAULT_UTF8] = {"csv-utf8", "Line {0}, column {1}: the text is not valid UTF-8."},
};

struct scanner {
    struct csv *csv;
    struct slice in; /* from the row's first byte on */
    size_t at;
    enum fault fault; /* and `at` says where */
};

static enum scan fail(struct scanner *scanner, enum fault fault, size_t at)
{
    scanner->fault = fault;
    scanner->at = at;
    return SCAN_FAULT;
}

/* What lacks its end: more may come, or the file ends here. */
static enum scan short_of(struct scanner *scanner, enum fault fault, size_t at)
{
    if (scanner->in.size > CSV_ROW_BYTES) return fail(scanner, FAULT_LONG, CSV_ROW_BYTES);
    return scanner->csv->ended ? fail(scanner, fault, at) : SCAN_MORE;
}

static enum scan scan_quoted(struct scanner *scanner, struct slice *field)
{
    struct csv *csv = scanner->csv;
    const uint8_t *in = scanner->in.data;
    size_t opened = scanner->at, from = opened + 1, size = scanner->in.size, plain_from = csv->plain_size;
    for (;;) {
        const uint8_t *quote = from < size ? memchr(in + from, '"', size - from) : NULL;
        if (quote == NULL) return short_of(scanner, FAULT_UNCLOSED, opened);
        size_t to = (size_t)(quote - in); /* at the very end scan_end asks for more, and all is read again */
        bool doubled = to + 1 < size && in[to + 1] == '"';
        size_t keep = to - from + doubled;
        memcpy(csv->plain + csv->plain_size, in + from, keep); /* never more than the row has */
        csv->plain_size += keep;
        from = to + 1 + doubled;
        if (!doubled) break;
    }
    *field = slice_of(csv->plain + plain_from, csv->plain_size - plain_from);
    scanner->at = from;
    if (from < size && in[from] != ',' && in[from] != '\n' && in[from] != '\r')
        return fail(scanner, FAULT_AFTER_QUOTE, from);
    return SCAN_ROW;
}

static enum scan scan_bare(struct scanner *scanner, struct slice *field)
{
    const uint8_t *in = scanner->in.data;
    size_t from = scanner->at, to = from, size = scanner->in.size;
    while (to < size && in[to] != ',' && in[to] != '\n' && in[to] != '\r' && in[to] != '"') to++;
    if (to < size && in[to] == '"') return fail(scanner, FAULT_BARE_QUOTE, to);
    *field = slice_of(in + from, to - from);
    scanner->at = to;
    return SCAN_ROW;
}

/* At a field's end: *more says that another field follows, else *used counts the row with its line's end. */
static enum scan scan_end(struct scanner *scanner, bool *more, size_t *used)
{
    const uint8_t *in = scanner->in.data;
    size_t at = scanner->at, size = scanner->in.size;
    *more = at < size && in[at] == ',';
    if (*more) {
        scanner->at++;
        return SCAN_ROW;
    }
    if (at > CSV_ROW_BYTES) return fail(scanner, FAULT_LONG, CSV_ROW_BYTES);
    if (at == size) {
        *used = at;
        return scanner->csv->ended ? SCAN_ROW : short_of(scanner, FAULT_NONE, at);
    }
    if (in[at] == '\r') {
        if (at + 1 == size) return short_of(scanner, FAULT_LINE_END, at);
        if (in[at + 1] != '\n') return fail(scanner, FAULT_LINE_END, at);
    }
    *used = at + (in[at] == '\r' ? 2 : 1);
    return SCAN_ROW;
}

static enum scan scan_row(struct scanner *scanner, size_t *used)
{
    struct csv *csv = scanner->csv;
    bool more = true;
    csv->count = csv->plain_size = scanner->at = 0;
    while (more) {
        if (csv->count == CSV_FIELDS) return fail(scanner, FAULT_FIELDS, scanner->at);
        struct slice *field = &csv->field[csv->count++];
        bool quoted = scanner->at < scanner->in.size && scanner->in.data[scanner->at] == '"';
        enum scan scan = quoted ? scan_quoted(scanner, field) : scan_bare(scanner, field);
        if (scan == SCAN_ROW) scan = scan_end(scanner, &more, used);
        if (scan != SCAN_ROW) return scan;
    }
    size_t bad;
    struct slice row = slice_part(scanner->in, 0, scanner->at);
    return utf8_valid(row, &bad) ? SCAN_ROW : fail(scanner, FAULT_UTF8, bad);
}

/* ---- rows, one after the other */

static uint64_t count_lines(struct slice bytes)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < bytes.size; i++) lines += bytes.data[i] == '\n';
    return lines;
}

static void step_over(struct csv *csv, size_t used)
{
    csv->line += count_lines(slice_of(csv->window + csv->at, used));
    csv->at += used;
}

/* Drops the rest of a line that is longer than the window. */
static enum status drop_line(struct csv *csv, struct error *error)
{
    for (;;) {
        const uint8_t *end = csv->at < csv->size ? memchr(csv->window + csv->at, '\n', csv->size - csv->at) : NULL;
        step_over(csv, end == NULL ? csv->size - csv->at : (size_t)(end - (csv->window + csv->at)) + 1);
        if (end != NULL || csv->ended) return STATUS_DONE;
        TRY(fill(csv, error));
    }
}

/* Says what is wrong and where, in lines and characters from 1, and goes to the line after the row's first. */
static enum status refuse(struct scanner *scanner, struct csv_row *row, struct error *error)
{
    struct csv *csv = scanner->csv;
    struct slice before = slice_part(scanner->in, 0, scanner->at);
    int64_t line = (int64_t)(csv->line + count_lines(before)), column = 1;
    size_t from = before.size;
    while (from > 0 && before.data[from - 1] != '\n') from--;
    for (size_t i = from; i < before.size; i++) column += (before.data[i] & 0xc0) != 0x80;
    const uint8_t *end = scanner->in.size == 0 ? NULL : memchr(scanner->in.data, '\n', scanner->in.size);
    size_t first = end == NULL ? scanner->in.size : (size_t)(end - scanner->in.data);
    row->bytes = slice_part(scanner->in, 0, first);
    row->field = NULL;
    row->count = 0;
    if (end != NULL) {
        step_over(csv, first + 1);
    } else {
        /* The window may be moved while the rest of the line is read: its bytes are not worth keeping. */
        row->bytes = slice_of(NULL, 0);
        TRY(drop_line(csv, error));
    }
    return error_at_offset(error,
                           error_set(error, STATUS_REFUSED, faults[scanner->fault].code,
                                     faults[scanner->fault].sentence, error_number(line).text,
                                     error_number(column).text, NULL),
                           (int64_t)(row->offset + before.size));
}

static enum status skip_mark(struct csv *csv, struct error *error)
{
    while (csv->size < 3 && !csv->ended) TRY(fill(csv, error));
    if (csv->size >= 3 && memcmp(csv->window, "\xef\xbb\xbf", 3) == 0) csv->at = 3;
    return STATUS_DONE;
}

enum status csv_next(struct csv *csv, struct csv_row *row, bool *found, struct error *error)
{
    if (csv->read_to == 0 && !csv->ended) TRY(skip_mark(csv, error));
    for (;;) {
        struct scanner scanner = {.csv = csv, .in = slice_of(csv->window + csv->at, csv->size - csv->at)};
        row->line = csv->line;
        row->offset = csv->read_to - scanner.in.size;
        *found = scanner.in.size > 0 || !csv->ended;
        if (!*found) return STATUS_DONE;
        size_t used = 0;
        enum scan scan = scanner.in.size == 0 ? SCAN_MORE : scan_row(&scanner, &used);
        if (scan == SCAN_FAULT) return refuse(&scanner, row, error);
        if (scan == SCAN_ROW) {
            row->bytes = slice_part(scanner.in, 0, scanner.at);
            row->field = csv->field;
            row->count = csv->count;
            step_over(csv, used);
            return STATUS_DONE;
        }
        TRY(fill(csv, error));
    }
}
