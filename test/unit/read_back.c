/* Reading back: what is asked and what is not shown, what agrees however it is typed, what differs and by how much, and
 * what is sealed. */
#include "check.h"
#include "scratch.h"

#include "json/json.h"
#include "truce.h"

static struct truce_error why;

/* A register of one founder, and a notice of it. */
static struct truce_register *made(char **folder, const char *object, char id[65])
{
    struct truce_key *key;
    struct truce_register *reg;
    struct truce_buffer answer = {0}, note = {0};
    char directory[512], path[600];
    *folder = scratch("read_back");
    snprintf(directory, sizeof directory, "%s/r", *folder);
    const struct truce_init_options options = {.directory = directory, .origin = "truce.example/r", .name = "office"};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(path, sizeof path, "%s/keys/office.key", directory);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, directory, TRUCE_WRITE, &why) == TRUCE_DONE);
    if (!CHECK(truce_write(reg, key, "notice", object, strlen(object), &note, &why) == TRUCE_DONE))
        fprintf(stderr, "    %s %s\n", why.message, why.pointer);
    id[0] = '\0';
    CHECK(truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE);
    truce_key_close(&key);
    truce_free(&note);
    return reg;
}

static int keep_id(void *context, enum truce_status status, const char *line, size_t size)
{
    struct arena arena;
    const struct json *record;
    (void)status;
    arena_init(&arena, 1 << 20);
    if (json_read(&record, slice_of(line, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        snprintf(context, 65, "%.*s", SLICE(json_find_string(record, "id")));
    arena_clear(&arena);
    return 0;
}

static const char notice[] =
    "{\"to\":[\"office\"],\"at\":\"2026-01-05T06:00:00Z\",\"text\":{\"en\":\"A convoy\",\"original\":\"en\"},"
    "\"event\":{\"act\":\"convoy\",\"when\":{\"from\":\"2026-01-05T08:00:00Z\",\"to\":\"2026-01-05T12:00:00Z\","
    "\"precision\":\"exact\"},"
    "\"where\":{\"point\":{\"lat_e7\":362510000,\"lon_e7\":371200000},\"radius_m\":50},"
    "\"counts\":[{\"kind\":\"truck\",\"n\":31,\"exactness\":\"exact\"}]},"
    "\"read_back\":[\"/event/counts\",\"/event/when\",\"/event/where/point\"]}";

struct told {
    struct arena arena;
    const struct json *answer;
};

static struct told ask(struct truce_register *reg, const char *id, const struct truce_typed *typed, size_t count)
{
    struct told told = {0};
    struct truce_buffer answer = {0};
    arena_init(&told.arena, 1 << 20);
    if (CHECK(truce_read_back(reg, id, typed, count, &answer, &why) == TRUCE_DONE)) {
        struct slice copy = arena_copy(&told.arena, slice_of(answer.data, answer.size));
        CHECK(json_read(&told.answer, copy, JSON_RELAXED, &told.arena, NULL) == STATUS_DONE);
    }
    truce_free(&answer);
    return told;
}

static void reading_back(void)
{
    char *folder, id[65];
    struct truce_register *reg = made(&folder, notice, id);
    const struct truce_query query = {.kind = "notice"};
    CHECK(truce_find(reg, &query, keep_id, id, &why) == TRUCE_DONE);

    struct told told = ask(reg, id, NULL, 0);
    const struct json *fields = json_find(told.answer, "fields");
    CHECK(fields != NULL && fields->size == 5); /* a count, from and to, latitude and longitude */
    CHECK(json_find(told.answer, "object") == NULL && json_find(told.answer, "differs") == NULL);
    for (const struct json *f = fields->first; f != NULL; f = f->next) CHECK(json_find(f, "value") == NULL);
    CHECK(slice_is(json_find_string(fields->first, "about"), "truck"));
    arena_clear(&told.arena);

    /* Arabic digits, blanks, no seconds, no noughts behind: the same. */
    struct truce_typed typed[] = {{"/event/counts/0/n", " ٣١ "},
                                  {"/event/when/from", "2026-01-05 08:00"},
                                  {"/event/when/to", "2026-01-05T12:00:00Z"},
                                  {"/event/where/point/lat_e7", "٣٦٫٢٥١"},
                                  {"/event/where/point/lon_e7", "37.12"}};
    told = ask(reg, id, typed, COUNT_OF(typed));
    const struct json *object = json_find(told.answer, "object");
    CHECK(object != NULL && json_find(told.answer, "differs")->size == 0);
    CHECK(slice_is(json_find_string(object, "receipt"), "read-back"));
    CHECK(slice_is(json_find_string(object, "of"), id) && json_find(object, "read_back")->size == 3);
    arena_clear(&told.arena);

    typed[3].value = "36.1510";
    told = ask(reg, id, typed, COUNT_OF(typed));
    const struct json *differs = json_find(told.answer, "differs");
    CHECK(json_find(told.answer, "object") == NULL && differs->size == 1);
    CHECK(slice_is(json_find_string(differs->first, "sent"), "36.251"));
    CHECK(slice_is(json_find_string(differs->first, "typed"), "36.1510"));
    int64_t metres = json_find_integer(differs->first, "apart_m", 0);
    CHECK(metres > 11000 && metres < 11200);
    arena_clear(&told.arena);

    for (size_t i = 0; i < 3; i++) { /* left out, nonsense, not text */
        static const char *const wrong[] = {"", "over there", "\xFF\xFE"};
        typed[0].value = wrong[i];
        typed[3].value = wrong[i];
        told = ask(reg, id, typed, COUNT_OF(typed));
        CHECK(json_find(told.answer, "object") == NULL && json_find(told.answer, "differs")->size == 2);
        arena_clear(&told.arena);
    }
    told = ask(reg, id, typed, 1);
    CHECK(json_find(told.answer, "differs")->size == 5);
    arena_clear(&told.arena);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    scratch_remove(folder);
}

static void others(void)
{
    char *folder, id[65];
    struct truce_buffer answer = {0};
    struct truce_register *reg = made(
        &folder,
        "{\"to\":[\"office\"],\"at\":\"2026-01-05T06:00:00Z\",\"text\":{\"en\":\"Heard.\",\"original\":\"en\"}}", id);
    const struct truce_query notices = {.kind = "notice"}, genesis = {.kind = "genesis"};
    CHECK(truce_find(reg, &notices, keep_id, id, &why) == TRUCE_DONE);
    struct told told = ask(reg, id, (const struct truce_typed[]){{"", ""}}, 0);
    CHECK(slice_is(json_find_string(json_find(told.answer, "object"), "receipt"), "received"));
    arena_clear(&told.arena);
    CHECK(truce_find(reg, &genesis, keep_id, id, &why) == TRUCE_DONE);
    CHECK(truce_read_back(reg, id, NULL, 0, &answer, &why) == TRUCE_USAGE);
    CHECK_STRING(why.code, "read-back-kind");
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    scratch_remove(folder);
}

TESTS(reading_back, others)
