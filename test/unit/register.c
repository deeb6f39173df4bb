/* The use cases through the library: clocks that jump, duplicates, groups, receipts, an index that lags, refusals. */
#include "check.h"
#include "log/checkpoint.h"
#include "log/tree.h"
#include "register/phrase.h"
#include "register/register.h"
#include "scratch.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 1024 };
static struct truce_error why;

struct lines {
    size_t count, refused;
    char last[8192];
};

static int keep(void *context, enum truce_status status, const char *line, size_t size)
{
    struct lines *lines = context;
    lines->count++;
    lines->refused += status == TRUCE_REFUSED;
    snprintf(lines->last, sizeof lines->last, "%.*s", (int)size, line);
    return 0;
}

/* A register of one founder in a fresh folder; its key is returned. */
static struct truce_key *founded(char **directory)
{
    char path[PATH_SIZE];
    struct truce_key *key = NULL;
    struct truce_buffer answer = {0};
    *directory = scratch("register");
    snprintf(path, sizeof path, "%s/r", *directory);
    struct truce_init_options options = {.directory = path, .origin = "truce.example/test", .name = "office"};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    CHECK(answer.data != NULL && strstr(answer.data, "\"register\":\"truce.example/test#") != NULL);
    truce_free(&answer);
    CHECK(truce_init(&options, &answer, &why) == TRUCE_FAILED && strcmp(why.code, "register-exists") == 0);
    snprintf(path, sizeof path, "%s/r/keys/office.key", *directory);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    return key;
}

static struct truce_register *opened(const char *directory, enum truce_mode mode)
{
    char path[PATH_SIZE];
    struct truce_register *reg = NULL;
    snprintf(path, sizeof path, "%s/r", directory);
    CHECK(truce_open(&reg, path, mode, &why) == TRUCE_DONE);
    return reg;
}

static struct truce_buffer written(struct truce_register *reg, const struct truce_key *key, const char *text)
{
    char object[512];
    struct truce_buffer note = {0};
    snprintf(object, sizeof object,
             "{\"act\":\"shot\",\"method\":\"heard\",\"when\":{\"from\":\"2016-09-12T16:00:00Z\",\"to\":"
             "\"2016-09-12T16:00:00Z\"},\"text\":{\"en\":\"%s\",\"original\":\"en\"}}",
             text);
    CHECK(truce_write(reg, key, "report", object, strlen(object), &note, &why) == TRUCE_DONE);
    return note;
}

/* Another signature of the same form. */
static void spoil(struct truce_buffer *note)
{
    char *letter = note->data + note->size - 20;
    *letter = *letter == 'A' ? 'B' : 'A';
}

static int64_t now_is;

static int64_t told_clock(void *context)
{
    (void)context;
    return now_is;
}

static void clock_that_jumps_back(void)
{
    char *directory, path[PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct system system = system_real;
    struct truce_register *reg;
    system.now_ms = told_clock;
    snprintf(path, sizeof path, "%s/r", directory);
    int64_t last = 0;
    static const int64_t moments[] = {4102444800000, 4102444800500, 4000000000000, 0, 4102444800501};
    for (size_t i = 0; i < COUNT_OF(moments); i++) {
        struct outcome outcome;
        char text[32];
        now_is = moments[i];
        CHECK(register_open(&reg, &system, path, TRUCE_WRITE, NULL) == STATUS_DONE);
        snprintf(text, sizeof text, "jump %zu", i);
        struct truce_buffer note = written(reg, key, text);
        struct slice slice = slice_of(note.data, note.size);
        CHECK(register_admit(reg, &slice, 1, NULL, &outcome, NULL, NULL) == STATUS_DONE && outcome.admitted);
        CHECK(outcome.received_ms >= last);
        last = outcome.received_ms;
        truce_free(&note);
        CHECK(register_close(&reg, NULL) == STATUS_DONE);
    }
    CHECK_INT(last, 4102444800501);
    truce_key_close(&key);
    scratch_remove(directory);
}

static void receipts_prove(void)
{
    char *directory;
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer note = written(reg, key, "once");
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(strstr(lines.last, "\"level\":\"checkpoint\",\"phrase\":\"") != NULL);
    CHECK(strstr(lines.last, "\",\"promise\":null,\"proof\":\"c2sp.org/tlog-proof@v1") != NULL);
    char first[8192];
    memcpy(first, lines.last, sizeof first);
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK_STRING(lines.last, first); /* the same text twice is one record and one receipt */
    CHECK_INT(log_size(reg->log), 2);
    spoil(&note); /* the same text under a signature that does not hold is not the same note */
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_REFUSED);
    CHECK_STRING(why.code, "admission-signature");

    struct log_proof proof;
    struct slice checkpoint_note;
    struct note parsed;
    struct checkpoint head;
    uint64_t index;
    bool present;
    OWN(buffer_clear) struct buffer entry = {0};
    char *proof_at = strstr(first, "\"proof\":\"");
    CHECK(proof_at != NULL);
    OWN(buffer_clear) struct buffer text = {0};
    for (const char *p = proof_at + 9; *p != '\0' && *p != '"'; p++) {
        if (p[0] == '\\' && p[1] == 'n') {
            buffer_put_byte(&text, '\n');
            p++;
        } else {
            buffer_put_byte(&text, (uint8_t)*p);
        }
    }
    CHECK(proof_parse(&index, &proof, &checkpoint_note, buffer_slice(&text), NULL) == STATUS_DONE && index == 1);
    CHECK(note_parse(&parsed, checkpoint_note, NULL) == STATUS_DONE);
    CHECK(note_verify(&parsed, &reg->signer.verifier, &present));
    CHECK(checkpoint_parse(&head, parsed.text, NULL) == STATUS_DONE && head.size == 2);
    CHECK(log_read(reg->log, 1, &entry, NULL) == STATUS_DONE);
    struct hash leaf = tree_leaf(buffer_slice(&entry));
    CHECK(tree_verify_inclusion(&leaf, 1, 2, &proof, &head.root));

    truce_free(&note);
    note = written(reg, key, "promised");
    truce_receipt_level(reg, TRUCE_LEVEL_DURABLE);
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(strstr(lines.last, "\"level\":\"durable\",\"phrase\":\"") != NULL);
    CHECK(strstr(lines.last, "\",\"promise\":\"truce.example/test/promise/v1\\nindex 2\\n") != NULL);
    CHECK(strstr(lines.last, "\"proof\":null") != NULL);
    truce_free(&note);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

static void refusals_leave_a_trace(void)
{
    char *directory;
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer note = written(reg, key, "to be changed");
    note.data[40] ^= 1;
    uint64_t before = log_size(reg->log);
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_REFUSED);
    CHECK(lines.refused == 1 && strstr(lines.last, "\"note\":\"truce.example/test/refusal/v1\\n") != NULL);
    CHECK(truce_submit(reg, "", 0, keep, &lines, &why) == TRUCE_REFUSED && lines.refused == 2);
    CHECK_INT(log_size(reg->log), before);
    truce_free(&note);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* Notes written offline follow each other through the outbox, and leave it when they are in the log. */
static void outbox_keeps_the_chain(void)
{
    char *directory, path[PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_READ);
    struct truce_buffer notes[3];
    struct lines lines = {0};
    char text[16];
    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "offline %d", i);
        notes[i] = written(reg, key, text);
        snprintf(text, sizeof text, "\"seq\":%d,", i + 1); /* the genesis is 0 */
        CHECK(strstr(notes[i].data, text) != NULL);
        snprintf(path, sizeof path, "%s/r/outbox/office.%08x.%010d.note", directory, key->signer.verifier.id, i + 1);
        CHECK(access(path, R_OK) == 0);
    }
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    reg = opened(directory, TRUCE_WRITE);
    for (int i = 2; i >= 0; i--) /* in any order: a gap is admitted and shown */
        CHECK(truce_submit(reg, notes[i].data, notes[i].size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(access(path, F_OK) != 0);
    for (int i = 0; i < 3; i++) truce_free(&notes[i]);
    struct truce_buffer next = written(reg, key, "after");
    CHECK(strstr(next.data, "\"seq\":4,") != NULL);
    truce_free(&next);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* Two records of one seq: what is in the log leaves the outbox, the other one does not. */
static void outbox_keeps_what_is_not_in_the_log(void)
{
    char *directory, path[PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer first = written(reg, key, "on this machine"), second;
    snprintf(path, sizeof path, "%s/r/outbox/office.%08x.0000000001.note", directory, key->signer.verifier.id);
    CHECK(unlink(path) == 0);
    second = written(reg, key, "on another machine");
    CHECK(access(path, R_OK) == 0);
    CHECK(truce_submit(reg, first.data, first.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(access(path, R_OK) == 0);
    CHECK(truce_submit(reg, second.data, second.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(access(path, R_OK) != 0);
    truce_free(&first);
    truce_free(&second);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* A reader that opened before a writer went on finds what is there now, and leaves the writer its index. */
static void reader_beside_a_writer(void)
{
    char *directory, path[PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *writer = opened(directory, TRUCE_WRITE), *early = opened(directory, TRUCE_READ),
                          *reader = opened(directory, TRUCE_READ);
    struct truce_query everything = {.kind = NULL};
    struct lines lines = {0};
    struct stat before, after;
    CHECK(truce_find(early, &everything, keep, &lines, &why) == TRUCE_DONE && lines.count == 1);
    struct truce_buffer note = written(writer, key, "while others read");
    CHECK(truce_submit(writer, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(register_catch_up(writer, NULL, NULL, NULL) == STATUS_DONE); /* the index has it too */
    snprintf(path, sizeof path, "%s/r/index.sqlite", directory);
    CHECK(stat(path, &before) == 0);
    lines = (struct lines){0};
    CHECK(truce_find(early, &everything, keep, &lines, &why) == TRUCE_DONE && lines.count == 1);
    CHECK(truce_find(reader, &everything, keep, &lines, &why) == TRUCE_DONE && lines.count == 3);
    CHECK(stat(path, &after) == 0 && before.st_ino == after.st_ino);
    truce_free(&note);
    CHECK(truce_close(&early, &why) == TRUCE_DONE);
    CHECK(truce_close(&reader, &why) == TRUCE_DONE);
    CHECK(truce_close(&writer, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* A genesis that nobody would admit is refused before there is a directory. */
static void refused_genesis_leaves_nothing(void)
{
    static const char genesis[] =
        "{\"nonce\":\"!nonce\",\"log_key\":\"!log\",\"thresholds\":{\"enrol\":1,\"policy\":1},\"founders\":[{\"party\":"
        "\"office\",\"names\":{\"en\":\"Office\",\"original\":\"en\"},\"role\":\"secretariat\",\"key\":\"%s\","
        "\"recovery\":"
        "\"%s\"}]}";
    char *directory, path[PATH_SIZE], file[PATH_SIZE];
    struct truce_key *key = founded(&directory), *stranger = NULL, *recovery = NULL;
    struct truce_buffer of_key = {0}, of_recovery = {0}, answer = {0};
    snprintf(file, sizeof file, "%s/stranger.key", directory);
    CHECK(truce_key_new("office", TRUCE_USE_SIGN, file, NULL, &answer, &why) == TRUCE_DONE);
    CHECK(truce_key_open(&stranger, file, NULL, NULL, &why) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(file, sizeof file, "%s/r/keys/office.recovery.key", directory);
    CHECK(truce_key_open(&recovery, file, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_key_public(key, &of_key, &why) == TRUCE_DONE);
    CHECK(truce_key_public(recovery, &of_recovery, &why) == TRUCE_DONE);
    snprintf(file, sizeof file, "%s/genesis.json", directory);
    snprintf(path, sizeof path, "%s/other", directory);
    FILE *out = fopen(file, "w");
    fprintf(out, genesis, of_key.data, of_recovery.data);
    fclose(out);
    struct truce_init_options options = {
        .directory = path, .origin = "truce.example/other", .genesis = file, .key = stranger};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_REFUSED);
    CHECK(access(path, F_OK) != 0);
    options.key = key;
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    truce_free(&of_key);
    truce_free(&of_recovery);
    truce_key_close(&recovery);
    truce_key_close(&stranger);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* A founding that fails half-way takes back what it made, and no more: it can be tried again. */
static void half_a_founding_is_taken_back(void)
{
    char *directory = scratch("half"), path[PATH_SIZE], keys[PATH_SIZE + 8], file[PATH_SIZE + 64];
    struct truce_buffer answer = {0};
    static const char *const in_the_way[] = {"office.key", "office.recovery.key"};
    snprintf(path, sizeof path, "%s/r", directory);
    snprintf(keys, sizeof keys, "%s/r/keys", directory);
    struct truce_init_options options = {.directory = path, .origin = "truce.example/half", .name = "office"};
    for (size_t i = 0; i < COUNT_OF(in_the_way); i++) {
        CHECK(mkdir(path, 0777) == 0 && mkdir(keys, 0777) == 0);
        snprintf(file, sizeof file, "%s/%s", keys, in_the_way[i]);
        CHECK(truce_key_new("office", TRUCE_USE_SIGN, file, NULL, &answer, &why) == TRUCE_DONE);
        truce_free(&answer);
        CHECK(truce_init(&options, &answer, &why) == TRUCE_REFUSED && strcmp(why.code, "file-exists") == 0);
        CHECK(remove(file) == 0);
        CHECK(rmdir(keys) == 0 && rmdir(path) == 0); /* nothing else is there */
    }
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    scratch_remove(directory);
}

/* An empty log does not hold the genesis that was compared; and no party's name hides its outbox. */
static void verify_looks_at_all(void)
{
    char *directory, path[PATH_SIZE], hex[HASH_HEX_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer answer = {0};
    struct truce_verify_options options = {.path = path, .genesis = hex};
    struct signer log_key;
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    hash_format(&(struct hash){{1}}, hex);
    snprintf(path, sizeof path, "%s/empty", directory);
    CHECK(signer_random(&log_key, slice_from("truce.example/empty"), NULL) == STATUS_DONE);
    CHECK(register_found(&reg, path, &log_key, NULL) == STATUS_DONE && register_close(&reg, NULL) == STATUS_DONE);
    CHECK(truce_verify(&options, keep, NULL, &lines, &answer, &why) == TRUCE_UNVERIFIED);
    CHECK(strstr(lines.last, "\"code\":\"verify-genesis\"") != NULL);
    truce_free(&answer);
    options.genesis = NULL;
    CHECK(truce_verify(&options, keep, NULL, &lines, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(path, sizeof path, "%s/empty/outbox/turkey.0123abcd.0000000001.note", directory);
    FILE *out = fopen(path, "w");
    fputs("no note\n", out);
    fclose(out);
    snprintf(path, sizeof path, "%s/empty", directory);
    lines = (struct lines){0};
    CHECK(truce_verify(&options, keep, NULL, &lines, &answer, &why) == TRUCE_UNVERIFIED && lines.count == 1);
    truce_free(&answer);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* What agreements stand at is the same with and without what waits. */
static void without_open(struct truce_register *reg, const struct truce_moment *moment,
                         const struct truce_buffer *whole)
{
    struct truce_buffer part = {0};
    const char *open = strstr(whole->data, "\"open\":"), *behind = strstr(whole->data, "\"register\":");
    if (!CHECK(open != NULL && behind != NULL)) return;
    CHECK(truce_standing_agreements(reg, moment, &part, &why) == TRUCE_DONE);
    size_t before = (size_t)(open - whole->data), rest = strlen(behind);
    static const char proposals[] = "\"open\":{\"proposals\":[";
    CHECK(part.size > before + rest && memcmp(part.data, whole->data, before) == 0 &&
          strncmp(part.data + before, proposals, sizeof proposals - 1) == 0 &&
          strcmp(part.data + part.size - rest, behind) == 0);
    truce_free(&part);
}

/* What a host slips in against admission is void: listed as a fault, without influence, and stops nothing. */
static void slipped_in_entries_are_void(void)
{
    char *directory, path[PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer note = written(reg, key, "unsigned"), answer = {0};
    OWN(buffer_clear) struct buffer forged = {0};
    spoil(&note);
    entry_format(&forged, system_real.now_ms(NULL), slice_of(note.data, note.size));
    struct slice entries[] = {slice_from("no record at all"), buffer_slice(&forged)};
    uint64_t first;
    CHECK(log_append(reg->log, entries, 2, &first, NULL) == STATUS_DONE && first == 1);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);

    reg = opened(directory, TRUCE_WRITE);
    struct truce_moment now = {.known_by = TRUCE_KNOWN_ALL};
    CHECK(truce_standing(reg, &now, &answer, &why) == TRUCE_DONE);
    without_open(reg, &now, &answer);
    truce_free(&answer);
    now.known_by = TRUCE_KNOWN_TIME;
    CHECK(truce_standing(reg, &now, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    struct truce_query everything = {.kind = NULL};
    CHECK(truce_find(reg, &everything, keep, &lines, &why) == TRUCE_DONE);
    CHECK_INT(lines.count, 1); /* the genesis alone */
    truce_free(&note);
    note = written(reg, key, "goes on");
    CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_free(&note);

    lines = (struct lines){0};
    snprintf(path, sizeof path, "%s/r", directory);
    struct truce_verify_options options = {.path = path};
    CHECK(truce_verify(&options, keep, NULL, &lines, &answer, &why) == TRUCE_UNVERIFIED);
    CHECK_INT(lines.count, 2);
    CHECK(strstr(lines.last, "\"code\":\"admission-signature\"") != NULL);
    CHECK(strstr(lines.last, "\"place\":\"log entry 2") != NULL);
    truce_free(&answer);
    truce_key_close(&key);
    scratch_remove(directory);
}

static void rebuilt_is_incremental(void)
{
    char *directory;
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct index *anew;
    struct lines lines = {0};
    char text[64];
    OWN(buffer_clear) struct buffer a = {0}, b = {0};
    for (int i = 0; i < 60; i++) {
        snprintf(text, sizeof text, "report number %d near the road", i);
        struct truce_buffer note = written(reg, key, text);
        CHECK(truce_submit(reg, note.data, note.size, keep, &lines, &why) == TRUCE_DONE);
        truce_free(&note);
        if (i % 7 == 0) { /* opened again at every odd place */
            CHECK(truce_close(&reg, &why) == TRUCE_DONE);
            reg = opened(directory, TRUCE_WRITE);
        }
    }
    CHECK(register_catch_up(reg, NULL, NULL, NULL) == STATUS_DONE);
    CHECK(register_index_anew(reg, ":memory:", NULL, NULL, &anew, NULL) == STATUS_DONE);
    CHECK(index_dump(reg->index, &a, NULL) == STATUS_DONE && index_dump(anew, &b, NULL) == STATUS_DONE);
    CHECK(a.size > 0 && slice_equal(buffer_slice(&a), buffer_slice(&b)));
    index_close(&anew);
    CHECK(truce_rebuild(reg, NULL, NULL, &why) == TRUCE_DONE);
    buffer_reset(&b);
    CHECK(index_dump(reg->index, &b, NULL) == STATUS_DONE && slice_equal(buffer_slice(&a), buffer_slice(&b)));
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

static void fields_become_objects(void)
{
    static const struct {
        const char *name, *value, *json;
    } rows[] = {
        {"where.point", "36.2021,-37.15", "{\"where\":{\"point\":{\"lat_e7\":362021000,\"lon_e7\":-371500000}}}"},
        {"/where/radius_m", "500", "{\"where\":{\"radius_m\":500}}"},
        {"text.ar", "سلام", "{\"text\":{\"ar\":\"سلام\",\"original\":\"ar\"}}"},
        {"counts.0.n", "3", "{\"counts\":[{\"n\":3}]}"},
        {"about", "a,b", "{\"about\":[\"a\",\"b\"]}"},
    };
    struct truce_buffer object = {0};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct truce_field field = {rows[i].name, rows[i].value};
        CHECK(truce_object("report", &field, 1, &object, &why) == TRUCE_DONE);
        if (object.data != NULL) CHECK_STRING(object.data, rows[i].json);
        truce_free(&object);
    }
    static const struct truce_field bad[] = {{"wehre.point", "1,2"},   {"where.point", "1"}, {"where.point", "x,1"},
                                             {"where", "here"},        {"counts.x.n", "1"},  {"", "1"},
                                             {"where.radius_m", "1.5"}};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK(truce_object("report", &bad[i], 1, &object, &why) == TRUCE_USAGE);
    struct truce_field twice[] = {{"act", "shot"}, {"act", "burst"}};
    CHECK(truce_object("report", twice, 2, &object, &why) == TRUCE_USAGE);
    CHECK(truce_object("rumour", twice, 1, &object, &why) == TRUCE_USAGE);
}

/* The program's and the system's words are translated, a caller's are not, whatever they happen to spell. */
static void messages_keep_what_was_typed(void)
{
    struct error error;
    char said[1024];
    truce_language("ar");
    enum status status = error_system(&error, "read", "/read", ENOENT);
    public_message(&error, said, sizeof said);
    CHECK(status == STATUS_FAILED);
    CHECK_STRING(said, "تعذّر \u2068قراءة\u2069 \u2068/read\u2069: \u2068لا يوجد ملف أو مجلد بهذا الاسم\u2069.");
    status = error_set(&error, STATUS_REFUSED, "record-missing", "The field \"{0}\" is missing.", "read", NULL);
    public_message(&error, said, sizeof said);
    CHECK(status == STATUS_REFUSED);
    CHECK_STRING(said, "الحقل «\u2068read\u2069» غير موجود.");
    truce_language("en");
}

/* The heads kept beside the log decide how high a receipt stands; each covers what it covers. */
static void receipts_climb(void)
{
    char *directory, path[REGISTER_PATH_SIZE];
    struct truce_key *key = founded(&directory);
    struct truce_register *reg = opened(directory, TRUCE_WRITE);
    struct lines lines = {0};
    struct truce_buffer first = written(reg, key, "first"), second = written(reg, key, "second"), answer = {0};
    CHECK(truce_submit(reg, first.data, first.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(truce_publish(reg, &why) == TRUCE_DONE);
    CHECK(truce_tile(reg, "checkpoint", &answer, &why) == TRUCE_DONE);
    CHECK(register_path(path, reg->directory, "peers", NULL) == STATUS_DONE && mkdir(path, 0777) == 0);
    CHECK(register_path(path, reg->directory, "peers/cosigned", NULL) == STATUS_DONE);
    CHECK(file_create(&system_real, path, slice_of(answer.data, answer.size), 0666, NULL) == STATUS_DONE);
    CHECK(truce_submit(reg, first.data, first.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(strstr(lines.last, "\"index\":1,\"level\":\"cosigned\"") != NULL);
    CHECK(truce_submit(reg, second.data, second.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(strstr(lines.last, "\"index\":2,\"level\":\"checkpoint\"") != NULL);
    CHECK(truce_submit(reg, second.data, second.size, keep, &lines, &why) == TRUCE_DONE);
    CHECK(strstr(lines.last, "\"index\":2,\"level\":\"checkpoint\"") != NULL);
    CHECK(register_path(path, reg->directory, "peers/mirrored", NULL) == STATUS_DONE);
    CHECK(file_create(&system_real, path, slice_of(answer.data, answer.size), 0666, NULL) == STATUS_DONE);
    truce_free(&answer);
    struct record_id id;
    char hex[HASH_HEX_SIZE];
    const char *at = strstr(first.data, "\n");
    id.hash = hash_of(slice_of(first.data, (size_t)(at - first.data) + 1));
    hash_format(&id.hash, hex);
    CHECK(truce_show(reg, hex, TRUCE_RECEIPT, &answer, &why) == TRUCE_DONE);
    CHECK(strstr(answer.data, "\"index\":1,\"level\":\"mirrored\"") != NULL);
    truce_free(&answer);
    truce_free(&first);
    truce_free(&second);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
    scratch_remove(directory);
}

/* spec/log.md gives this one: another program finds the same digits. */
static void phrases_are_the_specified_ones(void)
{
    char phrase[PHRASE_SIZE];
    struct hash leaf = hash_of(slice_from("abc"));
    phrase_format(phrase, slice_from("truce.example/test#0123456789abcdef"), 258, &leaf);
    CHECK_STRING(phrase, "907 851 129 613 928 196 593");
    phrase_format(phrase, slice_from("truce.example/test#0123456789abcdef"), 259, &leaf);
    CHECK(strcmp(phrase, "907 851 129 613 928 196 593") != 0);
}

TESTS(receipts_climb, phrases_are_the_specified_ones, outbox_keeps_what_is_not_in_the_log, reader_beside_a_writer,
      refused_genesis_leaves_nothing, half_a_founding_is_taken_back, verify_looks_at_all, clock_that_jumps_back,
      slipped_in_entries_are_void, receipts_prove, refusals_leave_a_trace, outbox_keeps_the_chain,
      rebuilt_is_incremental, fields_become_objects, messages_keep_what_was_typed)
