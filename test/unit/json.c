#include "check.h"
#include "json/write.h"

static const char *code_of(const char *text, enum json_form form, struct error *error)
{
    struct arena arena;
    const struct json *tree;
    arena_init(&arena, 1 << 20);
    enum status status = json_read(&tree, slice_from(text), form, &arena, error);
    arena_clear(&arena);
    return status == STATUS_DONE ? "" : error->code;
}

static void strict_form_refuses(void)
{
    static const struct {
        const char *text, *code, *pointer;
    } rows[] = {
        {"{\"a\":1}", "", ""},
        {"{\"b\":1,\"a\":1}", "json-key-order", "/a"},
        {"{\"a\":1,\"a\":1}", "json-duplicate-key", "/a"},
        {"{\"a\": 1}", "json-whitespace", "/a"},
        {"{\"a\":[1,1.5]}", "json-number", "/a/1"},
        {"{\"a\":1e3}", "json-number", "/a"},
        {"{\"a\":01}", "json-number", "/a"},
        {"{\"a\":-0}", "json-number", "/a"},
        {"{\"a\":9007199254740992}", "json-range", "/a"},
        {"{\"a\":9007199254740991}", "", ""},
        {"{\"a\":null}", "json-null", "/a"},
        {"{\"a\":\"\\u0041\"}", "json-escape", "/a"},
        {"{\"a\":\"\\/\"}", "json-escape", "/a"},
        {"{\"a\":\"\\\"\\\\\"}", "", ""},
        {"{\"a\":\"\xC1\xA2\"}", "text-utf8", "/a"},
        {"{\"a\":\"e\xCC\x81\"}", "text-not-nfc", "/a"},
        {"{\"a\":\"\xE2\x80\xAE\"}", "text-override", "/a"},
        {"{\"a\":\"\xE2\x81\xA6x\"}", "text-isolate", "/a"},
        {"{\"a\":\"\xE2\x81\xA6x\xE2\x81\xA9\"}", "", ""},
        {"{\"a\":1}x", "json-trailing", ""},
        {"", "json-syntax", ""},
        {"{\"a\"", "json-syntax", "/a"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct error error = {0};
        CHECK_STRING(code_of(rows[i].text, JSON_CANONICAL, &error), rows[i].code);
        if (rows[i].code[0] != '\0') CHECK_STRING(error.pointer, rows[i].pointer);
    }
}

static void relaxed_becomes_canonical(void)
{
    struct arena arena;
    const struct json *tree, *again;
    struct json_writer w;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&tree, slice_from(" { \"b\" : [ 1 , \"e\xCC\x81\\u0627\\ud83d\\ude00\\/\" ] , \"a\" : true } "),
                    JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    json_write_open(&w, &out);
    json_put_tree(&w, tree);
    CHECK(json_write_finish(&w, NULL) == STATUS_DONE);
    CHECK(slice_is(buffer_slice(&out), "{\"a\":true,\"b\":[1,\"\xC3\xA9\xD8\xA7\xF0\x9F\x98\x80/\"]}"));
    CHECK(json_read(&again, buffer_slice(&out), JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    CHECK(slice_is(json_at(again, slice_from("/b/0"))->source, "1"));
    CHECK(json_at(again, slice_from("/b/2")) == NULL);
    struct error error;
    CHECK_STRING(code_of("{\"x\":{\"b\":1,\"a\":2,\"b\":3}}", JSON_RELAXED, &error), "json-duplicate-key");
    CHECK_STRING(error.pointer, "/x/b");
    arena_clear(&arena);
}

TESTS(strict_form_refuses, relaxed_becomes_canonical)
