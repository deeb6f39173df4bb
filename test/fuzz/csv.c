/* Any bytes: the reader ends, every byte is in exactly one row or line's end, and a refused row is told. */
#include "exchange/csv.h"
#include "text/utf8.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct csv *csv;
    struct csv_row row;
    struct error error;
    bool found = true;
    uint64_t line = 0;
    if (csv_open_slice(&csv, slice_of(data, size), &error) != STATUS_DONE) abort();
    for (;;) {
        enum status status = csv_next(csv, &row, &found, &error);
        if (status == STATUS_DONE && !found) break;
        if (status != STATUS_DONE && status != STATUS_REFUSED) abort();
        if (row.line <= line || row.offset > size || row.bytes.size > size - row.offset) abort();
        if (row.bytes.size > 0 && memcmp(row.bytes.data, data + row.offset, row.bytes.size) != 0) abort();
        size_t bad;
        for (size_t i = 0; i < row.count; i++)
            if (!utf8_valid(row.field[i], &bad)) abort();
        if ((status == STATUS_DONE) != (row.count > 0)) abort();
        line = row.line;
    }
    csv_close(&csv);
    return 0;
}
