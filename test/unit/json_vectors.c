/* Replays spec/vectors/json.json. */
#include "check.h"
#include "hex.h"
#include "json/write.h"

enum { ARENA_BYTES = 400 << 20 }; /* two million values */

static struct arena arena;

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
        arena_init(&arena, ARENA_BYTES);
        file = vector_file(&arena, "spec/vectors/json.json");
    }
    const struct json *found = json_find(file, list);
    CHECK(found != NULL && found->size > 0);
    return found->first;
}

static void written_as(const struct json *tree, struct slice wanted, const struct json *one)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    json_write_open(&writer, &out);
    json_put_tree(&writer, tree);
    holds(json_write_finish(&writer, NULL) == STATUS_DONE, one, "is written");
    holds(slice_equal(buffer_slice(&out), wanted), one, "the bytes written");
}

static void reads_as(struct slice text, enum json_form form, struct slice canonical, const struct json *one)
{
    struct arena own;
    struct error error = {.code = ""};
    const struct json *tree = NULL;
    arena_init(&own, ARENA_BYTES);
    if (holds(json_read(&tree, text, form, &own, &error) == STATUS_DONE, one, error.code))
        written_as(tree, canonical, one);
    arena_clear(&own);
}

static void canonical_texts_are_fixed(void)
{
    for (const struct json *one = vectors("canonical"); one != NULL; one = one->next) {
        struct slice text = hex_vector(&arena, one, "hex");
        reads_as(text, JSON_CANONICAL, text, one);
        reads_as(text, JSON_RELAXED, text, one);
    }
}

static void relaxed_texts_become_canonical(void)
{
    for (const struct json *one = vectors("relaxed"); one != NULL; one = one->next) {
        struct slice text = hex_vector(&arena, one, "hex"), canonical = hex_vector(&arena, one, "canonical");
        reads_as(text, JSON_RELAXED, canonical, one);
        reads_as(canonical, JSON_CANONICAL, canonical, one);
        const struct json *tree;
        holds((json_read(&tree, text, JSON_CANONICAL, &arena, NULL) == STATUS_DONE) == slice_equal(text, canonical),
              one, "only the canonical form is canonical");
    }
}

static void refused_as(struct slice text, enum json_form form, const struct json *one)
{
    struct arena own;
    struct error error = {.code = "", .offset = -1};
    const struct json *tree = NULL;
    arena_init(&own, ARENA_BYTES);
    holds(json_read(&tree, text, form, &own, &error) == STATUS_REFUSED, one, "is refused");
    holds(tree == NULL, one, "nothing is given");
    holds(slice_is(json_find_string(one, "code"), error.code), one, error.code);
    holds(slice_is(json_find_string(one, "pointer"), error.pointer), one, error.pointer);
    holds(error.offset == json_find_integer(one, "offset", -2), one, error_number(error.offset).text);
    holds(json_read(&tree, text, form, &own, NULL) == STATUS_REFUSED, one, "is refused without an error to fill");
    arena_clear(&own);
}

static void refusals_have_code_and_place(void)
{
    for (const struct json *one = vectors("refused"); one != NULL; one = one->next) {
        struct slice text = hex_vector(&arena, one, "hex"), form = json_find_string(one, "form");
        CHECK(slice_is(form, "canonical") || slice_is(form, "relaxed") || slice_is(form, "both"));
        if (!slice_is(form, "relaxed")) refused_as(text, JSON_CANONICAL, one);
        if (!slice_is(form, "canonical")) refused_as(text, JSON_RELAXED, one);
    }
}

static void pointers_find(void)
{
    (void)vectors("canonical");
    const struct json *file = vector_file(&arena, "spec/vectors/json.json"), *one = json_find(file, "pointers"), *tree;
    if (!CHECK(json_read(&tree, hex_vector(&arena, one, "hex"), JSON_CANONICAL, &arena, NULL) == STATUS_DONE)) return;
    for (const struct json *item = json_find(one, "found")->first; item != NULL; item = item->next) {
        const struct json *found = json_at(tree, json_find_string(item, "pointer"));
        CHECK(found != NULL && slice_equal(found->source, json_find_string(item, "source")));
    }
    for (const struct json *item = json_find(one, "absent")->first; item != NULL; item = item->next)
        if (!CHECK(json_at(tree, item->string) == NULL)) fprintf(stderr, "    %.*s\n", SLICE(item->string));
    arena_clear(&arena);
}

TESTS(canonical_texts_are_fixed, relaxed_texts_become_canonical, refusals_have_code_and_place, pointers_find)
