#include "check.h"
#include "json/write.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* ── finding ── */

static void members_are_found(void)
{
    struct arena arena;
    const struct json *tree;
    arena_init(&arena, 1 << 20);
    struct slice text = slice_from("{\"b\":true,\"c\":false,\"e\":\"\",\"i\":-5,\"l\":[1],\"s\":\"x\"}");
    CHECK(json_read(&tree, text, JSON_CANONICAL, &arena, NULL) == STATUS_DONE);
    CHECK_INT(tree->size, 6);
    CHECK(json_find(tree, "s")->type == JSON_STRING && json_find(tree, "") == NULL && json_find(tree, "ss") == NULL);
    CHECK(json_find(NULL, "s") == NULL && json_find(json_find(tree, "l"), "0") == NULL);
    CHECK(slice_is(json_find_string(tree, "s"), "x"));
    CHECK(json_find_string(tree, "e").data != NULL && json_find_string(tree, "e").size == 0);
    CHECK(json_find_string(tree, "i").data == NULL && json_find_string(tree, "z").data == NULL);
    CHECK_INT(json_find_integer(tree, "i", 7), -5);
    CHECK_INT(json_find_integer(tree, "s", 7), 7);
    CHECK_INT(json_find_integer(tree, "z", 7), 7);
    CHECK(json_find_bool(tree, "b") && !json_find_bool(tree, "c") && !json_find_bool(tree, "s"));
    CHECK(slice_is(json_find(tree, "l")->source, "[1]"));
    CHECK(slice_equal(tree->source, text));
    arena_clear(&arena);
}

static void trees_are_in_key_order_whatever_the_form(void)
{
    static const char *const keys[] = {"a", "aa", "b", "c"};
    struct arena arena;
    const struct json *tree;
    arena_init(&arena, 1 << 20);
    CHECK(json_read(&tree, slice_from("{\"c\":4, \"aa\":2, \"b\":3, \"a\":1}"), JSON_RELAXED, &arena, NULL) ==
          STATUS_DONE);
    size_t i = 0;
    for (const struct json *member = tree->first; member != NULL; member = member->next, i++) {
        CHECK(slice_is(member->key, keys[i]));
        CHECK_INT(member->integer, i + 1);
    }
    CHECK_INT(i, 4);
    arena_clear(&arena);
}

static void memory_that_is_out_is_a_failure(void)
{
    static const char *const texts[] = {"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]",
                                        "\"\\\"a string with an escape, which takes "
                                        "memory of its own, more than there is here\""};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct arena arena;
        struct error error;
        const struct json *tree;
        arena_init(&arena, 128);
        CHECK(json_read(&tree, slice_from(texts[i]), JSON_CANONICAL, &arena, &error) == STATUS_FAILED);
        CHECK_STRING(error.code, "out-of-memory");
        arena_clear(&arena);
    }
}

/* ── paths ── */

static void paths_grow_and_shrink(void)
{
    struct json_path path = {.size = 0};
    size_t first = json_path_push(&path, slice_from("a/b~c"));
    CHECK_STRING(path.text, "/a~1b~0c");
    size_t second = json_path_push_index(&path, 12);
    size_t third = json_path_push(&path, slice_from(""));
    CHECK_STRING(path.text, "/a~1b~0c/12/");
    json_path_pop(&path, third);
    CHECK_STRING(path.text, "/a~1b~0c/12");
    json_path_pop(&path, second);
    json_path_pop(&path, first);
    CHECK_STRING(path.text, "");
    CHECK_INT(path.size, 0);
}

static void paths_that_are_full_stay_at_an_ancestor(void)
{
    char longest[ERROR_POINTER_SIZE - 1], longer[ERROR_POINTER_SIZE];
    memset(longest, 'x', sizeof longest);
    memset(longer, '~', sizeof longer);
    struct json_path path = {.size = 0};
    size_t first = json_path_push(&path, slice_of(longest, sizeof longest - 1));
    CHECK_INT(path.size, ERROR_POINTER_SIZE - 1);
    size_t second = json_path_push(&path, slice_from("y"));
    size_t third = json_path_push(&path, slice_from(""));
    CHECK_INT(strlen(path.text), ERROR_POINTER_SIZE - 1);
    json_path_pop(&path, third);
    json_path_pop(&path, second);
    CHECK_INT(path.size, ERROR_POINTER_SIZE - 1);
    json_path_pop(&path, first);
    CHECK_STRING(path.text, "");
    (void)json_path_push(&path, slice_from("a"));
    first = json_path_push(&path, slice_of(longer, ERROR_POINTER_SIZE / 2)); /* too long once escaped */
    second = json_path_push(&path, slice_from("b"));
    CHECK_STRING(path.text, "/a");
    json_path_pop(&path, second);
    json_path_pop(&path, first);
    (void)json_path_push(&path, slice_from("b"));
    CHECK_STRING(path.text, "/a/b");
}

static void pointers_of_refusals_are_cut_at_a_token(void)
{
    struct error error;
    OWN(buffer_clear) struct buffer text = {0};
    for (int i = 0; i < 3; i++) {
        buffer_put_string(&text, "{\"");
        for (int k = 0; k < 100; k++) buffer_put_byte(&text, (uint8_t)('a' + i));
        buffer_put_string(&text, "\":");
    }
    buffer_put_string(&text, "null");
    buffer_put_byte(&text, 0);
    CHECK_STRING(code_of((const char *)text.data, JSON_CANONICAL, &error), "json-null");
    CHECK_INT(strlen(error.pointer), 202);
    CHECK(error.pointer[1] == 'a' && error.pointer[102] == 'b');
    CHECK_INT(error.offset, 3 * 104);
}

/* ── writing ── */

static void the_writer_escapes_as_rfc_8785_says(void)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    buffer_put_string(&out, "data: ");
    json_write_open(&writer, &out);
    json_put_object(&writer);
    json_put_key(&writer, "\n");
    json_put_slice(&writer, slice_of("\b\t\n\f\r\0\x1F\x7F\"\\/", 11));
    json_put_key(&writer, "!");
    json_put_null(&writer);
    json_put_key(&writer, "\"");
    json_put_array(&writer);
    json_put_bool(&writer, true);
    json_put_bool(&writer, false);
    json_put_integer(&writer, -JSON_INTEGER_MOST);
    json_put_raw(&writer, slice_from("{\"x\":1}"));
    json_put_string(&writer, "");
    json_put_close(&writer);
    json_put_key(&writer, "#");
    json_put_object(&writer);
    json_put_close(&writer);
    json_put_key(&writer, "\xF0\x9F\x98\x80");
    json_put_integer(&writer, 0);
    json_put_key(&writer, "\xEF\xBB\xBB");
    json_put_integer(&writer, 1);
    json_put_close(&writer);
    CHECK(json_write_finish(&writer, NULL) == STATUS_DONE);
    CHECK(slice_is(
        buffer_slice(&out),
        "data: "
        "{\"\\n\":\"\\b\\t\\n\\f\\r\\u0000\\u001f\x7F\\\"\\\\/\",\"!\":null,\"\\\"\":[true,false,-9007199254740991,"
        "{\"x\":1},\"\"],\"#\":{},\"\xF0\x9F\x98\x80\":0,\"\xEF\xBB\xBB\":1}"));
}

static void trees_made_by_hand_are_sorted(void)
{
    struct json c = {.type = JSON_INTEGER, .key = slice_from("c"), .integer = 3};
    struct json a = {.type = JSON_TRUE, .key = slice_from("a"), .next = &c};
    struct json b = {.type = JSON_STRING, .key = slice_from("b"), .string = slice_from("x"), .next = &a};
    struct json object = {.type = JSON_OBJECT, .size = 3, .first = &b};
    OWN(buffer_clear) struct buffer out = {0};
    struct json_writer writer;
    json_write_open(&writer, &out);
    json_put_tree(&writer, &object);
    CHECK(json_write_finish(&writer, NULL) == STATUS_DONE);
    CHECK(slice_is(buffer_slice(&out), "{\"a\":true,\"b\":\"x\",\"c\":3}"));
}

static void a_writer_without_memory_says_so_at_the_end(void)
{
    OWN(buffer_clear) struct buffer out = {.failed = true};
    struct json_writer writer;
    struct error error;
    json_write_open(&writer, &out);
    json_put_object(&writer);
    json_put_key(&writer, "a");
    json_put_integer(&writer, 1);
    json_put_key(&writer, "b");
    json_put_string(&writer, "\n");
    json_put_close(&writer);
    CHECK(json_write_finish(&writer, &error) == STATUS_FAILED);
    CHECK_STRING(error.code, "out-of-memory");
}

/* ── what would be malformed stops the program ── */

static struct json_writer bug;

static void value_without_key(void)
{
    json_put_object(&bug);
    json_put_integer(&bug, 1);
}
static void key_in_array(void)
{
    json_put_array(&bug);
    json_put_key(&bug, "a");
}
static void key_alone(void)
{
    json_put_key(&bug, "a");
}
static void key_after_key(void)
{
    json_put_object(&bug);
    json_put_key(&bug, "a");
    json_put_key(&bug, "b");
}
static void two_keys(const char *first, const char *second)
{
    json_put_object(&bug);
    json_put_key(&bug, first);
    json_put_bool(&bug, true);
    json_put_key(&bug, second);
}
static void same_key(void)
{
    two_keys("a", "a");
}
static void keys_out_of_order(void)
{
    two_keys("aa", "a");
}
static void keys_out_of_order_of_utf16(void)
{
    two_keys("\xEF\xBB\xBB", "\xF0\x9F\x98\x80");
}
static void escaped_keys_out_of_order(void)
{
    two_keys("[", "\"");
}
static void closed_after_key(void)
{
    json_put_object(&bug);
    json_put_key(&bug, "a");
    json_put_close(&bug);
}
static void closed_too_often(void)
{
    json_put_array(&bug);
    json_put_close(&bug);
    json_put_close(&bug);
}
static void left_open(void)
{
    json_put_array(&bug);
    (void)!json_write_finish(&bug, NULL);
}
static void nothing_written(void)
{
    (void)!json_write_finish(&bug, NULL);
}
static void two_values(void)
{
    json_put_integer(&bug, 1);
    json_put_integer(&bug, 2);
}
static void number_too_large(void)
{
    json_put_integer(&bug, JSON_INTEGER_MOST + 1);
}
static void number_too_small(void)
{
    json_put_integer(&bug, -JSON_INTEGER_MOST - 1);
}
static void broken_text(void)
{
    json_put_string(&bug, "\xC0\xAF");
}
static void raw_nothing(void)
{
    json_put_raw(&bug, (struct slice){NULL, 0});
}
static void too_deep(void)
{
    for (int i = 0; i < JSON_WRITER_DEPTH; i++) json_put_array(&bug);
}
static void no_bug(void)
{
    two_keys("[", "\\");
}

/* Does it stop the program? In a child, with the assertion's words thrown away. */
static bool aborts(void (*misuse)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct buffer out = {0};
        (void)!freopen("/dev/null", "w", stderr);
        signal(SIGABRT, SIG_DFL);
        json_write_open(&bug, &out);
        misuse();
        _exit(0);
    }
    int how = 0;
    CHECK(child > 0 && waitpid(child, &how, 0) == child);
    return WIFSIGNALED(how) && WTERMSIG(how) == SIGABRT;
}

static void malformed_json_cannot_be_written(void)
{
    static void (*const misuses[])(void) = {value_without_key,
                                            key_in_array,
                                            key_alone,
                                            key_after_key,
                                            same_key,
                                            keys_out_of_order,
                                            keys_out_of_order_of_utf16,
                                            escaped_keys_out_of_order,
                                            closed_after_key,
                                            closed_too_often,
                                            left_open,
                                            nothing_written,
                                            two_values,
                                            number_too_large,
                                            number_too_small,
                                            broken_text,
                                            raw_nothing,
                                            too_deep};
    for (size_t i = 0; i < COUNT_OF(misuses); i++)
        if (!CHECK(aborts(misuses[i]))) fprintf(stderr, "    misuse %zu\n", i);
    CHECK(!aborts(no_bug));
}

TESTS(strict_form_refuses, relaxed_becomes_canonical, members_are_found, trees_are_in_key_order_whatever_the_form,
      memory_that_is_out_is_a_failure, paths_grow_and_shrink, paths_that_are_full_stay_at_an_ancestor,
      pointers_of_refusals_are_cut_at_a_token, the_writer_escapes_as_rfc_8785_says, trees_made_by_hand_are_sorted,
      a_writer_without_memory_says_so_at_the_end, malformed_json_cannot_be_written)
