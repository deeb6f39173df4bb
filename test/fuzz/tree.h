/* Trees of JSON as fuzz targets compare them. */
#ifndef TRUCE_TEST_FUZZ_TREE_H
#define TRUCE_TEST_FUZZ_TREE_H

#include "fuzz.h"
#include "json/write.h"

#include <string.h>

static inline void write_tree(struct buffer *out, const struct json *tree)
{
    struct json_writer writer;
    json_write_open(&writer, out);
    json_put_tree(&writer, tree);
    EXPECT(json_write_finish(&writer, NULL) == STATUS_DONE);
}

static inline void check_json_refusal(const struct error *error, struct slice text)
{
    EXPECT(error->status == STATUS_REFUSED || strcmp(error->code, "out-of-memory") == 0);
    if (error->status != STATUS_REFUSED) return;
    EXPECT(strncmp(error->code, "json-", 5) == 0 || strncmp(error->code, "text-", 5) == 0);
    EXPECT(error->offset >= 0 && (size_t)error->offset <= text.size);
    EXPECT(error->pointer[0] == '\0' || error->pointer[0] == '/');
}

#endif
