/* Many at once on one register: writers that hand in together, readers beside them, an index that is taken away. The
 * numbers are those of register/writing.h; run under TSan as well. */
#include "check.h"
#include "scratch.h"

#include "register/writing.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>

enum { PATH_SIZE = 1024, WRITERS = 16, NOTES = 24, READERS = 3 };

/* ---- a register and notes for it */

struct place {
    char *directory, path[PATH_SIZE];
    char name[128]; /* the register's */
    struct truce_key *key;
    struct truce_register *reg;
};

static void about(struct truce_register *reg, char name[128])
{
    struct truce_buffer answer = {0};
    CHECK(truce_about(reg, &answer, NULL) == TRUCE_DONE);
    const char *at = answer.data == NULL ? NULL : strstr(answer.data, "\"register\":\"");
    CHECK(at != NULL && sscanf(at, "\"register\":\"%127[^\"]", name) == 1);
    truce_free(&answer);
}

static void place_open(struct place *place)
{
    char key[PATH_SIZE + 32];
    struct truce_buffer answer = {0};
    place->directory = scratch("threads");
    snprintf(place->path, sizeof place->path, "%s/r", place->directory);
    snprintf(key, sizeof key, "%s/keys/office.key", place->path);
    const struct truce_init_options options = {.directory = place->path, .origin = "test.example/t", .name = "office"};
    CHECK(truce_init(&options, &answer, NULL) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_key_open(&place->key, key, NULL, NULL, NULL) == TRUCE_DONE);
    CHECK(truce_open(&place->reg, place->path, TRUCE_WRITE, NULL) == TRUCE_DONE);
    about(place->reg, place->name);
}

static void place_close(struct place *place)
{
    CHECK(truce_close(&place->reg, NULL) == TRUCE_DONE);
    truce_key_close(&place->key);
    scratch_remove(place->directory);
}

static struct truce_buffer note_of(const struct place *place, unsigned seq, const char *text)
{
    char object[1024];
    struct truce_buffer note = {0};
    snprintf(
        object, sizeof object,
        "{\"v\":1,\"kind\":\"report\",\"by\":\"office\",\"register\":\"%s\",\"seq\":%u%s,\"written\":"
        "\"2026-01-05T06:00:00Z\",\"act\":\"shot\",\"method\":\"heard\",\"when\":{\"from\":\"2026-01-05T06:00:00Z\","
        "\"to\":\"2026-01-05T06:05:00Z\"},\"text\":{\"en\":\"%s\",\"original\":\"en\"}}",
        place->name, seq,
        seq == 0 ? "" : ",\"prev\":\"00000000000000000000000000000000000000000000000000000000000000aa\"", text);
    struct truce_error why;
    if (!CHECK(truce_sign(place->key, object, strlen(object), &note, &why) == TRUCE_DONE))
        fprintf(stderr, "    %s\n", why.message);
    return note;
}

struct receipt {
    char id[65];
    uint64_t index;
    unsigned receipts, refusals;
};

static int keep(void *context, enum truce_status status, const char *line, size_t size)
{
    struct receipt *receipt = context;
    (void)size;
    if (status == TRUCE_REFUSED)
        receipt->refusals++;
    else if (sscanf(line, "{\"id\":\"%64[0-9a-f]\",\"index\":%" SCNu64, receipt->id, &receipt->index) == 2)
        receipt->receipts++;
    return 0;
}

/* ---- writers and readers together */

struct party {
    struct place *place;
    struct truce_buffer note[NOTES];
    struct receipt receipt[NOTES];
    unsigned number;
    atomic_bool *over;
    uint64_t answers;
};

/* Half of the notes of each writer are another writer's as well; one in eight is spoiled. */
static void *write_all(void *context)
{
    struct party *party = context;
    for (size_t i = 0; i < NOTES; i++) {
        enum truce_status status =
            truce_submit(party->place->reg, party->note[i].data, party->note[i].size, keep, &party->receipt[i], NULL);
        CHECK(status == (i % 8 == 7 ? TRUCE_REFUSED : TRUCE_DONE));
    }
    return NULL;
}

static int count_line(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status, (void)line, (void)size;
    ++*(uint64_t *)context;
    return 0;
}

static void *read_all(void *context)
{
    struct party *party = context;
    struct truce_register *reader;
    uint64_t before = 0;
    if (!CHECK(truce_beside(&reader, party->place->reg, NULL) == TRUCE_DONE)) return NULL;
    while (!atomic_load(party->over)) {
        const struct truce_query query = {.kind = "report"};
        const struct truce_moment moment = {.known_by = TRUCE_KNOWN_ALL};
        struct truce_buffer answer = {0};
        uint64_t found = 0;
        CHECK(truce_find(reader, &query, count_line, &found, NULL) == TRUCE_DONE);
        CHECK(found >= before); /* what was once seen stays */
        before = found;
        if (party->number == 0) CHECK(truce_standing(reader, &moment, &answer, NULL) == TRUCE_DONE);
        if (party->number == 1) CHECK(truce_publish(party->place->reg, NULL) == TRUCE_DONE);
        truce_free(&answer);
        party->answers++;
    }
    CHECK(truce_close(&reader, NULL) == TRUCE_DONE);
    return NULL;
}

static int no_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)context, (void)status;
    fprintf(stderr, "    fault: %.*s\n", (int)size, line);
    return 0;
}

static void verifies(const char *path)
{
    struct truce_buffer answer = {0};
    const struct truce_verify_options options = {.path = path, .threads = 1};
    CHECK(truce_verify(&options, no_fault, NULL, NULL, &answer, NULL) == TRUCE_DONE);
    truce_free(&answer);
}

/* The index as it has grown holds what one made from the log alone holds. */
static void index_is_whole(const char *path)
{
    struct truce_register *reg;
    struct index *anew;
    OWN(buffer_clear) struct buffer grown = {0}, made = {0};
    CHECK(truce_open(&reg, path, TRUCE_READ, NULL) == TRUCE_DONE);
    CHECK(register_catch_up(reg, NULL, NULL, NULL) == STATUS_DONE);
    CHECK(register_index_anew(reg, ":memory:", NULL, NULL, &anew, NULL) == STATUS_DONE);
    CHECK(index_dump(reg->index, &grown, NULL) == STATUS_DONE && index_dump(anew, &made, NULL) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&grown), buffer_slice(&made)));
    index_close(&anew);
    CHECK(truce_close(&reg, NULL) == TRUCE_DONE);
}

static void make_notes(struct place *place, struct party *writer)
{
    for (unsigned w = 0; w < WRITERS; w++)
        for (unsigned i = 0; i < NOTES; i++) {
            char text[64];
            unsigned author = i % 2 == 0 ? w : w / 2; /* odd ones are shared by two */
            snprintf(text, sizeof text, "note %u of %u", i, author);
            writer[w].note[i] = note_of(place, author * NOTES + i, text);
            if (i % 8 != 7) continue;
            char *letter = writer[w].note[i].data + writer[w].note[i].size - 20;
            *letter = *letter == 'A' ? 'B' : 'A';
        }
}

static void check_receipts(struct place *place, struct party *writer)
{
    struct truce_register *reader;
    CHECK(truce_beside(&reader, place->reg, NULL) == TRUCE_DONE);
    for (unsigned w = 0; w < WRITERS; w++)
        for (unsigned i = 0; i < NOTES; i++) {
            const struct receipt *receipt = &writer[w].receipt[i];
            struct truce_buffer record = {0};
            char index[40];
            CHECK_INT(receipt->receipts, i % 8 == 7 ? 0 : 1);
            CHECK_INT(receipt->refusals, i % 8 == 7 ? 1 : 0);
            if (i % 8 == 7) continue;
            if (i % 2 == 1) CHECK_INT(receipt->index, writer[w ^ 1].receipt[i].index); /* one record, one place */
            CHECK(truce_show(reader, receipt->id, TRUCE_JSON, &record, NULL) == TRUCE_DONE);
            snprintf(index, sizeof index, "\"index\":%" PRIu64 ",", receipt->index);
            CHECK(record.data != NULL && strstr(record.data, index) != NULL);
            truce_free(&record);
        }
    CHECK(truce_close(&reader, NULL) == TRUCE_DONE);
}

static void many_at_once(void)
{
    static struct party writer[WRITERS], reader[READERS];
    pthread_t thread[WRITERS + READERS];
    struct place place;
    atomic_bool over = false;
    place_open(&place);
    make_notes(&place, writer);
    for (unsigned i = 0; i < READERS; i++) {
        reader[i] = (struct party){.place = &place, .number = i, .over = &over};
        CHECK(pthread_create(&thread[WRITERS + i], NULL, read_all, &reader[i]) == 0);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        writer[i].place = &place;
        CHECK(pthread_create(&thread[i], NULL, write_all, &writer[i]) == 0);
    }
    for (unsigned i = 0; i < WRITERS; i++) pthread_join(thread[i], NULL);
    atomic_store(&over, true);
    for (unsigned i = 0; i < READERS; i++) {
        pthread_join(thread[WRITERS + i], NULL);
        CHECK(reader[i].answers > 0);
    }
    check_receipts(&place, writer);
    /* Of each writer: 12 even notes of its own; of each pair: the 12 odd ones less 3 spoiled; and the genesis. */
    CHECK_INT(log_size(place.reg->log), 1 + WRITERS * 12 + WRITERS / 2 * 9);
    for (unsigned w = 0; w < WRITERS; w++)
        for (unsigned i = 0; i < NOTES; i++) truce_free(&writer[w].note[i]);
    CHECK(truce_close(&place.reg, NULL) == TRUCE_DONE);
    verifies(place.path);
    index_is_whole(place.path);
    CHECK(truce_open(&place.reg, place.path, TRUCE_WRITE, NULL) == TRUCE_DONE);
    place_close(&place);
}

/* ---- an index that is taken away while it is in use */

static void submit(struct place *place, unsigned seq, struct receipt *receipt)
{
    char text[32];
    snprintf(text, sizeof text, "number %u", seq);
    struct truce_buffer note = note_of(place, seq, text);
    CHECK(truce_submit(place->reg, note.data, note.size, keep, receipt, NULL) == TRUCE_DONE);
    truce_free(&note);
}

static void index_taken_away(void)
{
    enum { BEFORE = 5, AFTER = 40, TRIES = 100 };
    struct place place;
    struct truce_register *reader;
    struct receipt receipt[BEFORE + AFTER] = {0};
    char index[PATH_SIZE + 16];
    uint64_t found = 0;
    place_open(&place);
    CHECK(truce_beside(&reader, place.reg, NULL) == TRUCE_DONE);
    for (unsigned i = 0; i < BEFORE; i++) submit(&place, i, &receipt[i]);
    CHECK(truce_find(reader, &(struct truce_query){.kind = "report"}, count_line, &found, NULL) == TRUCE_DONE);
    CHECK_INT(found, BEFORE);
    snprintf(index, sizeof index, "%s/index.sqlite", place.path);
    CHECK(unlink(index) == 0);
    for (unsigned i = BEFORE; i < BEFORE + AFTER; i++) {
        struct truce_buffer record = {0};
        submit(&place, i, &receipt[i]);
        CHECK(truce_show(reader, receipt[i].id, TRUCE_JSON, &record, NULL) == TRUCE_DONE); /* served all the while */
        truce_free(&record);
    }
    for (unsigned tries = 0; tries < TRIES && found < BEFORE + AFTER; tries++) {
        found = 0;
        CHECK(truce_find(reader, &(struct truce_query){.kind = "report"}, count_line, &found, NULL) == TRUCE_DONE);
        if (found < BEFORE + AFTER) usleep(50000);
    }
    CHECK_INT(found, BEFORE + AFTER);
    CHECK(access(index, F_OK) == 0);
    struct receipt again = {0};
    submit(&place, 2, &again); /* known to be there, by the new index */
    CHECK_INT(again.index, receipt[2].index);
    CHECK(truce_close(&reader, NULL) == TRUCE_DONE);
    CHECK(truce_close(&place.reg, NULL) == TRUCE_DONE);
    index_is_whole(place.path);
    CHECK(truce_open(&place.reg, place.path, TRUCE_WRITE, NULL) == TRUCE_DONE);
    place_close(&place);
}

/* ---- what was shown is kept, within its bounds */

static void shown_is_kept(void)
{
    enum { RECORDS = 60000, SIZE = 1500 };
    struct shown *shown;
    static uint8_t text[SIZE];
    OWN(buffer_clear) struct buffer out = {0};
    size_t there = 0, wrong = 0;
    CHECK(shown_open(&shown, NULL) == STATUS_DONE);
    for (uint32_t i = 0; i < RECORDS; i++) {
        struct record_id id = {hash_of(slice_of(&i, sizeof i))};
        memcpy(text, &i, sizeof i);
        shown_put(shown, &id, slice_of(text, sizeof text - i % 100));
    }
    for (uint32_t i = 0; i < RECORDS; i++) {
        struct record_id id = {hash_of(slice_of(&i, sizeof i))};
        uint32_t first = 0;
        buffer_reset(&out);
        if (!shown_get(shown, &id, &out)) continue;
        memcpy(&first, out.data, sizeof first);
        there++;
        wrong += first != i || out.size != SIZE - i % 100;
    }
    CHECK_INT(wrong, 0);
    CHECK(there > 15000 && there < 32 * 1024 * 1024 / (SIZE - 100)); /* the oldest made room */
    struct record_id last = {hash_of(slice_of(&(uint32_t){RECORDS - 1}, sizeof(uint32_t)))};
    CHECK(shown_get(shown, &last, &out));
    shown_close(&shown);
}

/* ---- published files by their names */

static void tiles_by_name(void)
{
    static const char *const wrong[] = {
        "tile/0/0",      "tile/0/000.p/256", "tile/0/000.p/0",  "tile/64/000", "tile/0/x000",
        "tile/0/../000", "tile/0/0000",      "tile/00/000",     "tile/0/000/", "../log.key",
        "tile/entries",  "tile/0/000.p/01",  "tile/0/x000/000", "journal",     "",
        "tile/-1/000"};
    struct place place;
    struct truce_buffer answer = {0};
    struct truce_error why;
    struct receipt receipt = {0};
    place_open(&place);
    submit(&place, 0, &receipt);
    CHECK(truce_publish(place.reg, NULL) == TRUCE_DONE);
    CHECK(truce_tile(place.reg, "checkpoint", &answer, NULL) == TRUCE_DONE);
    CHECK(answer.data != NULL && strncmp(answer.data, "test.example/t\n2\n", 17) == 0);
    truce_free(&answer);
    CHECK(truce_tile(place.reg, "tile/0/000.p/2", &answer, NULL) == TRUCE_DONE && answer.size == 64);
    truce_free(&answer);
    CHECK(truce_tile(place.reg, "tile/entries/000.p/2", &answer, NULL) == TRUCE_DONE && answer.size > 1000);
    truce_free(&answer);
    CHECK(truce_tile(place.reg, "tile/0/000.p/1", &answer, NULL) == TRUCE_DONE && answer.size == 32);
    truce_free(&answer);
    CHECK(truce_tile(place.reg, "tile/entries/000.p/1", &answer, NULL) == TRUCE_DONE && answer.size > 100);
    CHECK(answer.data != NULL && answer.size == 2 + (size_t)((uint8_t)answer.data[0] << 8 | (uint8_t)answer.data[1]));
    truce_free(&answer);
    CHECK(truce_tile(place.reg, "tile/0/000.p/3", &answer, &why) == TRUCE_FAILED);
    CHECK_STRING(why.code, "tile-absent");
    CHECK(truce_tile(place.reg, "tile/63/000", &answer, &why) == TRUCE_FAILED);
    CHECK(truce_tile(place.reg, "tile/0/x001/x234/067.p/3", &answer, &why) == TRUCE_FAILED);
    CHECK_STRING(why.code, "tile-absent");
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK(truce_tile(place.reg, wrong[i], &answer, &why) == TRUCE_USAGE);
        CHECK_STRING(why.code, "tile-path");
    }
    place_close(&place);
}

TESTS(many_at_once, index_taken_away, shown_is_kept, tiles_by_name)
