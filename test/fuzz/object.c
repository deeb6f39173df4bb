/* FIELD=VALUE pairs of any kind, one a line: they become an object or a clear refusal. */
#include "fuzz.h"
#include "json/json.h"
#include "truce.h"
#include <string.h>

enum { FIELDS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[2048];
    struct truce_field fields[FIELDS];
    struct truce_buffer object = {0};
    struct truce_error error;
    size_t count = 0;
    if (size >= sizeof text) return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text, *kind = strsep(&rest, "\n");
    for (char *line; count < FIELDS && (line = strsep(&rest, "\n")) != NULL;) {
        char *value = strchr(line, '=');
        if (value == NULL) continue;
        *value = '\0';
        fields[count++] = (struct truce_field){line, value + 1};
    }
    enum truce_status status = truce_object(kind, fields, count, &object, &error);
    if (status == TRUCE_DONE) {
        struct arena arena;
        const struct json *tree;
        arena_init(&arena, 1 << 24);
        struct error why;
        /* It is JSON; whether its text may stand in a record is judged when it is signed. */
        EXPECT(json_read(&tree, slice_of(object.data, object.size), JSON_RELAXED, &arena, &why) == STATUS_DONE ||
               strncmp(why.code, "text-", 5) == 0);
        arena_clear(&arena);
        truce_free(&object);
    } else {
        EXPECT(error.code[0] != '\0' && error.message[0] != '\0');
    }
    return 0;
}
