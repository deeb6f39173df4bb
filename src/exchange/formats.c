/* The formats there are, each behind the same three functions. */
#include "exchange/ged.h"
#include "exchange/import.h"

#include <stdlib.h>
#include <sys/stat.h>

struct ged_reader {
    struct ged *ged;
    struct buffer object;
};

static void close_ged(void **reader)
{
    struct ged_reader *r = *reader;
    if (r != NULL) {
        ged_close(&r->ged);
        buffer_clear(&r->object);
    }
    free(r);
    *reader = NULL;
}

static enum status open_ged(void **reader, const char *path, uint64_t *size, struct error *error)
{
    struct stat about;
    struct ged_reader *r = calloc(1, sizeof *r);
    if (r == NULL) return arena_full(error);
    enum status status = ged_open(&r->ged, &system_real, path, error);
    *size = stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
    *reader = r;
    if (status != STATUS_DONE) close_ged(reader);
    return status;
}

static enum status next_ged(void *reader, struct row *row, bool *more, struct error *error)
{
    struct ged_reader *r = reader;
    struct ged_row ged;
    enum status status = ged_next(r->ged, more, &r->object, &ged, &row->refusal);
    if (status != STATUS_DONE && status != STATUS_REFUSED) {
        if (error != NULL) *error = row->refusal;
        return status;
    }
    if (status == STATUS_REFUSED) *more = true;
    if (!*more) return STATUS_DONE;
    row->line = ged.line;
    row->id = ged.id;
    row->sha256 = ged.bytes_sha256;
    row->offset = ged.offset;
    if (status == STATUS_DONE) row->object = buffer_slice(&r->object);
    return STATUS_DONE;
}

static const struct format format_ged = {"ged", "report", GED_SOURCE, open_ged, next_ged, close_ged};

const struct format *const formats[] = {&format_ged, NULL};
