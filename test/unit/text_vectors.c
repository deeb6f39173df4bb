/* Replays spec/vectors/text.json. */
#include "check.h"
#include "hex.h"
#include "text/fold.h"
#include "text/utf8.h"

static struct arena arena;

/* The vector at hand is named when something does not hold. */
static bool holds(bool held, const struct json *one, const char *what)
{
    struct slice name = json_find_string(one, "name");
    if (!CHECK(held)) fprintf(stderr, "    %.*s: %s\n", SLICE(name), what);
    return held;
}

static const struct json *vectors(const char *list)
{
    static const struct json *file;
    if (file == NULL) {
        arena_init(&arena, 16 << 20);
        file = vector_file(&arena, "spec/vectors/text.json");
    }
    const struct json *found = json_find(file, list);
    CHECK(found != NULL && found->size > 0);
    return found->first;
}

static void what_may_stand_is_accepted(void)
{
    for (const struct json *one = vectors("accepted"); one != NULL; one = one->next) {
        struct slice text = hex_vector(&arena, one, "hex");
        struct error error = {.code = ""};
        size_t bad;
        holds(utf8_valid(text, &bad), one, "is valid UTF-8");
        holds(text_check(text, &error) == STATUS_DONE, one, error.code);
        holds(text_check_unnormalised(text, &error) == STATUS_DONE, one, error.code);
        OWN(buffer_clear) struct buffer normal = {0};
        holds(text_normalise(&normal, text, &error) == STATUS_DONE, one, error.code);
        holds(slice_equal(buffer_slice(&normal), text), one, "is its own normal form");
    }
}

static void what_may_not_is_refused_at_its_place(void)
{
    for (const struct json *one = vectors("refused"); one != NULL; one = one->next) {
        struct slice text = hex_vector(&arena, one, "hex"), code = json_find_string(one, "code");
        struct error error = {.code = "", .offset = -1};
        size_t bad = SIZE_MAX;
        holds(text_check(text, &error) == STATUS_REFUSED, one, "is refused");
        holds(slice_is(code, error.code), one, error.code);
        holds(error.offset == json_find_integer(one, "offset", -2), one, error_number(error.offset).text);
        bool broken = slice_is(code, "text-utf8"), form = slice_is(code, "text-not-nfc");
        holds(utf8_valid(text, &bad) == !broken, one, "is valid UTF-8, or not");
        if (broken) holds((int64_t)bad == error.offset, one, "the first bad byte");
        holds(text_check_unnormalised(text, &error) == (form ? STATUS_DONE : STATUS_REFUSED), one, "unnormalised");
        if (!form) holds(slice_is(code, error.code), one, error.code);
    }
}

static void writers_normalise(void)
{
    for (const struct json *one = vectors("normalised"); one != NULL; one = one->next) {
        OWN(buffer_clear) struct buffer normal = {0};
        holds(text_normalise(&normal, hex_vector(&arena, one, "hex"), NULL) == STATUS_DONE, one, "normalises");
        holds(slice_equal(buffer_slice(&normal), hex_vector(&arena, one, "nfc")), one, "the normal form");
        holds(text_check(buffer_slice(&normal), NULL) == STATUS_DONE, one, "the normal form may stand");
    }
}

static int sign_of(int number)
{
    return (number > 0) - (number < 0);
}

static void keys_are_ordered_by_utf16(void)
{
    for (const struct json *list = vectors("key_order"); list != NULL; list = list->next)
        for (const struct json *a = list->first; a != NULL; a = a->next)
            for (const struct json *b = a; b != NULL; b = b->next) {
                struct slice left = hex_bytes(&arena, a->string), right = hex_bytes(&arena, b->string);
                CHECK_INT(sign_of(text_compare_utf16(left, right)), a == b ? 0 : -1);
                CHECK_INT(sign_of(text_compare_utf16(right, left)), a == b ? 0 : 1);
            }
}

static void spellings_fold_together(void)
{
    for (const struct json *one = vectors("folded"); one != NULL; one = one->next) {
        OWN(buffer_clear) struct buffer folded = {0};
        holds(text_fold(&folded, NULL, hex_vector(&arena, one, "hex"), NULL) == STATUS_DONE, one, "folds");
        holds(slice_equal(buffer_slice(&folded), hex_vector(&arena, one, "folded")), one, "the folded form");
    }
    struct error error;
    OWN(buffer_clear) struct buffer folded = {0};
    CHECK(text_fold(&folded, NULL, slice_from("ab\xFF"), &error) == STATUS_REFUSED);
    CHECK_STRING(error.code, "text-utf8");
    CHECK_INT(error.offset, 2);
}

static void columns_are_what_a_terminal_gives(void)
{
    for (const struct json *one = vectors("columns"); one != NULL; one = one->next) {
        size_t columns = text_columns(hex_vector(&arena, one, "hex"));
        holds((int64_t)columns == json_find_integer(one, "columns", -1), one, error_number((int64_t)columns).text);
    }
    arena_clear(&arena);
}

TESTS(what_may_stand_is_accepted, what_may_not_is_refused_at_its_place, writers_normalise, keys_are_ordered_by_utf16,
      spellings_fold_together, columns_are_what_a_terminal_gives)
