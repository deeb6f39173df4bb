/* Any text as the draft of an agreement: it is no JSON or holds no agreement, or is checked; then what is told is
 * canonical JSON, names places, is the same when asked again, and an agreement is never refused without a word. */
#include "fuzz.h"
#include "json/json.h"
#include "truce.h"

static void expect_remarks(const struct json *list, bool errors)
{
    EXPECT(list != NULL && list->type == JSON_ARRAY && list->size <= 200);
    for (const struct json *m = list->first; m != NULL; m = m->next) {
        struct slice code = json_find_string(m, "code"), pointer = json_find_string(m, "pointer");
        EXPECT(json_find_string(m, "message").size > 0 && pointer.data != NULL);
        EXPECT(pointer.size == 0 || pointer.data[0] == '/');
        EXPECT(slice_starts(code, "check-") == !errors);
    }
}

static void expect_answer(const struct truce_buffer *answer, enum truce_status status)
{
    struct arena arena;
    const struct json *tree;
    size_t told = 0;
    arena_init(&arena, (size_t)1 << 28);
    EXPECT(json_read(&tree, slice_of(answer->data, answer->size), JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    for (const struct json *m = json_find(tree, "agreements")->first; m != NULL; m = m->next) {
        expect_remarks(json_find(m, "errors"), true);
        expect_remarks(json_find(m, "warnings"), false);
        told += json_find(m, "errors")->size;
    }
    EXPECT((told > 0) == (status == TRUCE_REFUSED));
    EXPECT(json_find_integer(tree, "errors", -1) >= (int64_t)told);
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct truce_buffer one = {0}, other = {0};
    struct truce_error error;
    enum truce_status status = truce_terms_check((const char *)data, size, &one, &error);
    EXPECT(status == TRUCE_DONE || status == TRUCE_REFUSED || status == TRUCE_FAILED);
    EXPECT((one.data == NULL) == (status == TRUCE_FAILED));
    if (one.data == NULL) return 0;
    expect_answer(&one, status);
    EXPECT(truce_terms_check((const char *)data, size, &other, &error) == status);
    EXPECT(one.size == other.size && memcmp(one.data, other.data, one.size) == 0);
    truce_free(&one);
    truce_free(&other);
    return 0;
}
