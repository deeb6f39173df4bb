/* What the strict reader accepts is written back byte for byte, and means the same to the relaxed reader. */
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    struct arena arena;
    struct error error;
    const struct json *tree, *relaxed;
    arena_init(&arena, 16 << 20);
    if (json_read(&tree, text, JSON_CANONICAL, &arena, &error) == STATUS_DONE) {
        struct buffer out = {0}, again = {0};
        EXPECT(slice_equal(tree->source, text));
        write_tree(&out, tree);
        EXPECT(slice_equal(buffer_slice(&out), text));
        EXPECT(json_read(&relaxed, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE);
        write_tree(&again, relaxed);
        EXPECT(slice_equal(buffer_slice(&again), text));
        buffer_clear(&out);
        buffer_clear(&again);
    } else {
        check_json_refusal(&error, text);
    }
    arena_clear(&arena);
    return 0;
}
