/* What the relaxed reader accepts is written in a form that the strict reader accepts and that is written again as it
 * stands: one canonical form. */
#include "tree.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    struct arena arena;
    struct error error;
    const struct json *tree, *strict;
    arena_init(&arena, 16 << 20);
    if (json_read(&tree, text, JSON_RELAXED, &arena, &error) == STATUS_DONE) {
        struct buffer out = {0}, again = {0};
        write_tree(&out, tree);
        enum status status = json_read(&strict, buffer_slice(&out), JSON_CANONICAL, &arena, &error);
        EXPECT(status == STATUS_DONE || strcmp(error.code, "json-limit") == 0);
        if (status == STATUS_DONE) {
            write_tree(&again, strict);
            EXPECT(slice_equal(buffer_slice(&out), buffer_slice(&again)));
        }
        buffer_clear(&out);
        buffer_clear(&again);
    } else {
        check_json_refusal(&error, text);
    }
    arena_clear(&arena);
    return 0;
}
