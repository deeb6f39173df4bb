/* Any bytes behind a good header: each row is a refusal with a code or an object that reads as canonical JSON. */
#include "exchange/ged.h"
#include "json/json.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rows(struct ged *ged)
{
    struct buffer object = {0};
    struct ged_row row;
    struct error error;
    struct arena arena;
    bool found = true;
    arena_init(&arena, 16 * 1024 * 1024);
    for (;;) {
        error.code = NULL;
        enum status status = ged_next(ged, &found, &object, &row, &error);
        if (status == STATUS_DONE && !found) break;
        const struct json *tree;
        if (status == STATUS_REFUSED && (error.code == NULL || object.size != 0)) abort();
        if (status != STATUS_DONE && status != STATUS_REFUSED) abort();
        if (status == STATUS_DONE &&
            json_read(&tree, buffer_slice(&object), JSON_CANONICAL, &arena, &error) != STATUS_DONE)
            abort();
        arena_reset(&arena);
    }
    arena_clear(&arena);
    buffer_clear(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ged *ged;
    struct error error;
    enum status status = ged_open_slice(&ged, slice_of(data, size), &error);
    if (status != STATUS_DONE && status != STATUS_REFUSED) abort();
    if (status != STATUS_DONE) return 0;
    read_rows(ged);
    ged_close(&ged);
    return 0;
}
