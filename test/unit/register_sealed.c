/* Sealing end to end, through the public header: what is sealed stands in no file of the register but as a cipher, its
 * readers open it, nothing else does, and what is erased is gone from every byte of the disk. */
#include "check.h"
#include "crypto/reader_secret.h"
#include "scratch.h"
#include "truce.h"

#include <dirent.h>
#include <sys/stat.h>

static char *folder;
static struct truce_error error;
static struct truce_register *reg;
static struct truce_key *office, *office_recovery, *liaison_recovery;
static struct truce_reader *office_reader, *liaison_reader, *stranger_reader;

static const char *path(const char *name)
{
    static char out[4][600];
    static unsigned next;
    char *at = out[next++ % 4];
    snprintf(at, sizeof out[0], "%s/%s", folder, name);
    return at;
}

static bool done(enum truce_status status)
{
    if (status != TRUCE_DONE) fprintf(stderr, "    %s: %s (%s)\n", error.code, error.message, error.pointer);
    return CHECK(status == TRUCE_DONE);
}

/* ---- looking for bytes in every file */

static bool file_has(const char *name, const void *bytes, size_t size)
{
    struct stat about;
    FILE *file = fopen(name, "rb");
    if (file == NULL || fstat(fileno(file), &about) != 0) abort();
    char *all = malloc((size_t)about.st_size + 1);
    size_t got = all == NULL ? 0 : fread(all, 1, (size_t)about.st_size, file);
    bool found = memmem(all, got, bytes, size) != NULL;
    free(all);
    fclose(file);
    return found;
}

static const void *wanted;
static size_t wanted_size, found_in, files_seen;

static int look_into(const char *name, const struct stat *about, int kind, struct FTW *walk)
{
    (void)walk;
    if (kind != FTW_F || about->st_size == 0) return 0;
    files_seen++;
    found_in += file_has(name, wanted, wanted_size);
    return 0;
}

static size_t all_bytes;

static int add_size(const char *name, const struct stat *about, int kind, struct FTW *walk)
{
    (void)name, (void)walk;
    if (kind == FTW_F) all_bytes += (size_t)about->st_size;
    return 0;
}

static size_t bytes_in(const char *directory)
{
    all_bytes = 0;
    nftw(directory, add_size, 16, FTW_PHYS);
    return all_bytes;
}

/* How many files below the register hold these bytes. */
static size_t files_with(const char *directory, const void *bytes, size_t size)
{
    wanted = bytes, wanted_size = size, found_in = files_seen = 0;
    nftw(directory, look_into, 16, FTW_PHYS);
    CHECK(files_seen > 3);
    return found_in;
}

/* ---- making the register */

struct lines {
    char id[65];
    char last[4096];
    unsigned refused, lines;
};

static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct lines *lines = context;
    lines->lines++;
    lines->refused += status == TRUCE_REFUSED;
    snprintf(lines->last, sizeof lines->last, "%.*s", (int)size, line);
    (void)sscanf(line, "{\"id\":\"%64[0-9a-f]\"", lines->id);
    return 0;
}

static struct lines submit(const struct truce_buffer *note)
{
    struct lines lines = {.refused = 0};
    enum truce_status status = truce_submit(reg, note->data, note->size, take_line, &lines, &error);
    CHECK(status == TRUCE_DONE || status == TRUCE_REFUSED);
    return lines;
}

static struct lines write_and_submit(const struct truce_key *key, const char *kind, const char *object,
                                     const struct truce_write_options *options)
{
    struct truce_buffer note = {0};
    struct lines lines = {.refused = 1};
    if (!done(truce_write_sealed(reg, key, kind, object, strlen(object), options, &note, &error))) return lines;
    lines = submit(&note);
    truce_free(&note);
    return lines;
}

static const char *refused(const struct truce_key *key, const char *kind, const char *object,
                           const struct truce_write_options *options)
{
    struct truce_buffer note = {0};
    enum truce_status status = truce_write_sealed(reg, key, kind, object, strlen(object), options, &note, &error);
    CHECK(status != TRUCE_DONE);
    truce_free(&note);
    return status == TRUCE_DONE ? "" : error.code;
}

static void announce(const char *party, const char *file, const struct truce_key *recovery,
                     struct truce_reader **reader)
{
    struct truce_buffer key = {0};
    char object[512];
    done(truce_key_new(party, TRUCE_USE_READ, path(file), NULL, &key, &error));
    done(truce_reader_open(reader, path(file), NULL, NULL, &error));
    snprintf(object, sizeof object, "{\"party\":\"%s\",\"change\":\"reader\",\"verifier\":\"%.*s\"}", party,
             (int)key.size, key.data);
    if (recovery != NULL) CHECK_INT(write_and_submit(recovery, "key", object, NULL).refused, 0);
    truce_free(&key);
}

static void enrol_liaison(void)
{
    struct truce_buffer key = {0}, recovery = {0};
    char object[700];
    done(truce_key_new("liaison", TRUCE_USE_SIGN, path("liaison.key"), NULL, &key, &error));
    done(truce_key_new("liaison", TRUCE_USE_SIGN, path("liaison.recovery"), NULL, &recovery, &error));
    done(truce_key_open(&liaison_recovery, path("liaison.recovery"), NULL, NULL, &error));
    snprintf(object, sizeof object,
             "{\"party\":\"liaison\",\"names\":{\"en\":\"Liaison\",\"original\":\"en\"},\"role\":\"monitor\",\"keys\":["
             "\"%.*s\"],\"recovery\":\"%.*s\"}",
             (int)key.size, key.data, (int)recovery.size, recovery.data);
    CHECK_INT(write_and_submit(office, "party", object, NULL).refused, 0);
    truce_free(&key);
    truce_free(&recovery);
}

static void begin(void)
{
    struct truce_buffer answer = {0};
    folder = scratch("sealed");
    char directory[600];
    snprintf(directory, sizeof directory, "%s", path("reg"));
    const struct truce_init_options options = {
        .directory = directory, .origin = "truce.example/sealed", .name = "office"};
    done(truce_init(&options, &answer, &error));
    truce_free(&answer);
    done(truce_open(&reg, directory, TRUCE_WRITE, &error));
    done(truce_key_open(&office, path("reg/keys/office.key"), NULL, NULL, &error));
    done(truce_key_open(&office_recovery, path("reg/keys/office.recovery.key"), NULL, NULL, &error));
    enrol_liaison();
    announce("office", "office.reader", office_recovery, &office_reader);
    announce("stranger", "stranger.reader", NULL, &stranger_reader);
}

/* ---- the report */

static const char report[] =
    "{\"act\":\"shelling\",\"when\":{\"from\":\"2016-09-12T10:00:00Z\",\"to\":\"2016-09-12T10:05:00Z\",\"precision\":"
    "\"exact\"},\"where\":{\"point\":{\"lat_e7\":362012345,\"lon_e7\":371654321},\"radius_m\":50,\"name\":\"Bakery of "
    "Zarqa lane\"},\"method\":\"seen\",\"observer\":{\"function\":\"the night baker\"},\"text\":{\"en\":\"Five rounds "
    "fell behind the old mill\",\"original\":\"en\"}}";
static const char *const secrets[] = {"362012345", "371654321", "Zarqa", "night baker", "old mill", "10:05:00Z"};

static char report_id[65];

static void policy_and_report(void)
{
    static const char policy[] = "{\"sealed_by_default\":[{\"kind\":\"report\",\"pointers\":[\"/observer\",\"/text\","
                                 "\"/when\",\"/where\"]}]}";
    static const char *const readers[] = {"liaison", NULL};
    const struct truce_write_options to_liaison = {.readers = readers};
    CHECK_INT(write_and_submit(office, "policy", policy, NULL).refused, 0);
    CHECK_STRING(refused(office, "report", report, &to_liaison), "seal-reader");
    announce("liaison", "liaison.reader", liaison_recovery, &liaison_reader);
    struct lines lines = write_and_submit(office, "report", report, &to_liaison);
    CHECK_INT(lines.refused, 0);
    memcpy(report_id, lines.id, sizeof report_id);
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        CHECK_INT(files_with(path("reg"), secrets[i], strlen(secrets[i])), 0);
}

/* ---- opening */

static unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++) count++;
    return count;
}

static void its_readers_open_it(void)
{
    struct truce_buffer answer = {0};
    const struct truce_reader *const readers[] = {office_reader, liaison_reader, stranger_reader};
    static const unsigned opened[] = {6, 6, 0};
    for (size_t i = 0; i < COUNT_OF(readers); i++) {
        done(truce_unseal(reg, report_id, readers[i], false, &answer, &error));
        CHECK_INT(count_of(answer.data, "\"state\":\"opened\""), opened[i]);
        CHECK_INT(count_of(answer.data, "\"state\":\"not-to-you\""), 6 - opened[i]);
        for (size_t k = 0; k < COUNT_OF(secrets); k++)
            CHECK((strstr(answer.data, secrets[k]) != NULL) == (opened[i] > 0));
        truce_free(&answer);
    }
    for (size_t i = 0; i < COUNT_OF(secrets); i++) /* nothing of it was kept */
        CHECK_INT(files_with(path("reg"), secrets[i], strlen(secrets[i])), 0);
}

static void what_stays_covers_what_was_taken(void)
{
    struct truce_buffer shown = {0};
    done(truce_show(reg, report_id, TRUCE_JSON, &shown, &error));
    CHECK(strstr(shown.data, "\"when\":{\"from\":\"2016-09-12T00:00:00Z\",\"precision\":\"day\",\"to\":"
                             "\"2016-09-12T23:59:59Z\"}") != NULL);
    CHECK(strstr(shown.data, "\"where\":{\"cell\":{\"lat_e7\":362397500,\"lon_e7\":371958904,\"reach_m\":8100}}") !=
          NULL);
    truce_free(&shown);
}

/* ---- asking for other than policy */

static void the_writer_chooses(void)
{
    struct truce_buffer view = {0};
    static const char *const bad[] = {"where", "/where=2km", "/where:", "/where=exact=exact", NULL};
    for (const char *const *b = bad; *b != NULL; b++) {
        const char *const list[] = {*b, NULL};
        const struct truce_write_options options = {.seal = list};
        const char *code = strcmp(*b, "/where:") == 0 ? NULL : refused(office, "report", report, &options);
        if (code != NULL) CHECK_STRING(code, "seal-request");
    }
    static const char *const absent[] = {"/weapon", NULL}, *const line[] = {"/text=1km", NULL},
                             *const never[] = {"/by", NULL}, *const unsealed[] = {"/text", "/when", NULL},
                             *const other[] = {"/act", NULL}, *const coarse[] = {"/where=1km:liaison", NULL};
    CHECK_STRING(refused(office, "report", report, &(struct truce_write_options){.seal = absent}), "seal-absent");
    CHECK_STRING(refused(office, "report", report, &(struct truce_write_options){.seal = line}), "seal-level");
    CHECK_STRING(refused(office, "report", report, &(struct truce_write_options){.seal = never}), "record-sealed");
    CHECK_STRING(refused(office, "report", report, &(struct truce_write_options){.unsealed = other}), "seal-unsealed");
    const struct truce_write_options mixed = {.seal = coarse, .unsealed = unsealed};
    done(truce_write_view(reg, office, "report", report, sizeof report - 1, &mixed, &view, &error));
    char *readers = strstr(view.data, "\"readers\":[{\"reader\"");
    CHECK(strstr(view.data, "old mill") < readers && strstr(view.data, "10:05:00Z") < readers); /* for everybody */
    const char *liaison = readers == NULL ? NULL : strstr(readers, "\"reader\":\"liaison\"");
    CHECK(liaison != NULL && strstr(liaison, "\"level\":\"1km\"") != NULL);
    CHECK(liaison != NULL && strstr(liaison, "362012345") == NULL); /* the cell alone */
    CHECK(readers != NULL && strstr(readers, "362012345") != NULL); /* the office keeps the point */
    truce_free(&view);
}

/* Signed elsewhere: what it seals is kept before its note comes back, and the place stands nowhere. */
static void a_draft_seals_too(void)
{
    struct truce_buffer verifier = {0}, text = {0}, view = {0};
    char key[9] = "";
    static const char *const readers[] = {"liaison", NULL};
    const struct truce_write_options options = {.readers = readers};
    done(truce_key_public(office, &verifier, &error));
    snprintf(key, sizeof key, "%s", strchr(verifier.data, '+') + 1);
    const struct truce_author author = {"office", key};
    done(truce_draft_view(reg, &author, "report", report, sizeof report - 1, &options, &view, &error));
    CHECK(strstr(view.data, "362012345") > strstr(view.data, "\"readers\":[{\"reader\""));
    size_t before = bytes_in(path("reg/sealed"));
    done(truce_draft(reg, &author, "report", report, sizeof report - 1, &options, &text, &error));
    CHECK(strstr(text.data, "\"sealed\":[{") != NULL && strstr(text.data, "362012345") == NULL);
    CHECK(bytes_in(path("reg/sealed")) > before);
    CHECK_INT(files_with(path("reg"), "362012345", 9), 0);
    truce_free(&verifier);
    truce_free(&text);
    truce_free(&view);
}

static void too_much_is_refused(void)
{
    static char names[65][32];
    const char *list[66] = {NULL};
    for (unsigned i = 0; i < 65; i++) {
        snprintf(names[i], sizeof names[i], "/where=%s", i % 2 == 0 ? "exact" : "hash");
        list[i] = names[i];
    }
    CHECK_STRING(refused(office, "report", report, &(struct truce_write_options){.seal = list}), "seal-request");
    OWN(buffer_clear) struct buffer long_text = {0};
    buffer_put_string(&long_text, "{\"act\":\"shot\",\"when\":{\"from\":\"2016-09-12T10:00:00Z\",\"to\":"
                                  "\"2016-09-12T10:05:00Z\"},\"method\":\"seen\",\"text\":{\"original\":\"aaa\"");
    for (unsigned i = 0; i < 3; i++) {
        buffer_print(&long_text, ",\"aa%c\":\"", 'a' + i);
        for (unsigned k = 0; k < 19000; k++) buffer_put_byte(&long_text, 'x');
        buffer_put_string(&long_text, "\"");
    }
    buffer_put_string(&long_text, ",\"machine\":[\"aab\",\"aac\"]}}");
    buffer_put_byte(&long_text, 0);
    CHECK_INT(write_and_submit(office, "report", (const char *)long_text.data, NULL).refused, 0); /* 57 kB fit */
}

/* ---- warnings */

static void what_stands_in_the_clear_is_looked_at(void)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"Call +963 944 123 456 at night", "plain-telephone"},
        {"\xD8\xA7\xD8\xAA\xD8\xB5\xD9\x84 \xD9\xA0\xD9\xA9\xD9\xA4\xD9\xA4\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4",
         "plain-telephone"},
        {"Seen by Dr Haddad there", "plain-name"},
        {"\xD9\x82\xD8\xA7\xD9\x84 \xD8\xA7\xD9\x84\xD8\xB9\xD9\x82\xD9\x8A\xD8\xAF \xD8\xAE\xD8\xA7\xD9\x84\xD8\xAF",
         "plain-name"},
        {"On 2016-09-12 at 10:05, 120 mm, 1,000,000 people", NULL},
        {"The captain of the ship was called away", NULL}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char object[400];
        struct truce_buffer view = {0};
        snprintf(object, sizeof object,
                 "{\"to\":[\"liaison\"],\"at\":\"2016-09-12T10:00:00Z\",\"text\":{\"en\":\"%s\",\"original\":\"en\"}}",
                 cases[i].text);
        done(truce_write_view(reg, office, "notice", object, strlen(object), NULL, &view, &error));
        const char *found = strstr(view.data, "\"warnings\":[");
        if (cases[i].code == NULL)
            CHECK(strstr(found, "\"warnings\":[]") != NULL);
        else
            CHECK(strstr(found, cases[i].code) != NULL && strstr(found, "\"pointer\":\"/text/en\"") != NULL);
        truce_free(&view);
    }
}

/* ---- revealing */

static void only_what_was_sealed_is_revealed(void)
{
    struct truce_buffer object = {0}, answer = {0};
    struct truce_reveal what = {.id = report_id, .pointer = "/where/radius_m", .reader = office_reader};
    done(truce_reveal_object(reg, &what, &object, &error));
    CHECK_INT(write_and_submit(office, "reveal", object.data, NULL).refused, 0);
    truce_free(&object);
    what.reader = stranger_reader;
    CHECK(truce_reveal_object(reg, &what, &object, &error) == TRUCE_FAILED);
    CHECK_STRING(error.code, "seal-closed");
    what.pointer = "/where/line";
    CHECK(truce_reveal_object(reg, &what, &object, &error) == TRUCE_FAILED);
    CHECK_STRING(error.code, "seal-none");
    static const char *const openings[][2] = {
        {"{\"level\":\"exact\",\"pointer\":\"/where/point\"}", "seal-opening"},
        {"{ \"level\":\"exact\",\"pointer\":\"/a\",\"salt\":\"00\",\"value\":1}", "seal-opening"},
        {"{\"level\":\"exact\",\"pointer\":\"/where/point\",\"salt\":"
         "\"0000000000000000000000000000000000000000000000000000000000000000\",\"value\":{\"lat_e7\":1,\"lon_e7\":2}}",
         "seal-fit"}};
    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        what =
            (struct truce_reveal){.id = report_id, .opening = openings[i][0], .opening_size = strlen(openings[i][0])};
        CHECK(truce_reveal_object(reg, &what, &object, &error) != TRUCE_DONE);
        CHECK_STRING(error.code, openings[i][1]);
    }
    truce_free(&answer);
}

/* ---- a newer key */

static void a_newer_key_gets_a_box(void)
{
    struct truce_reader *newer;
    struct truce_buffer answer = {0};
    announce("liaison", "liaison.second", liaison_recovery, &newer);
    done(truce_unseal(reg, report_id, newer, false, &answer, &error));
    CHECK_INT(count_of(answer.data, "not-to-you"), 6);
    truce_free(&answer);
    done(truce_unseal(reg, report_id, office_reader, true, &answer, &error));
    truce_free(&answer);
    done(truce_unseal(reg, report_id, newer, false, &answer, &error));
    CHECK_INT(count_of(answer.data, "\"state\":\"opened\""), 6);
    truce_free(&answer);
    size_t size = bytes_in(path("reg/sealed"));
    done(truce_unseal(reg, report_id, liaison_reader, true, &answer, &error)); /* all have theirs already */
    CHECK_INT(bytes_in(path("reg/sealed")), size);
    truce_free(&answer);
    truce_reader_close(&newer);
}

/* An author who encrypts another opening than the one it signed the hash of: the reader is told, and shown nothing. */
static void a_lie_is_not_shown(void)
{
    static const char lie[] = "{\"level\":\"exact\",\"pointer\":\"/text\",\"salt\":"
                              "\"1111111111111111111111111111111111111111111111111111111111111111\",\"value\":{\"en\":"
                              "\"lie\",\"original\":\"en\"}}";
    const struct hash signed_hash = {{7}};
    OWN(buffer_clear) struct buffer cipher = {0}, file = {0};
    struct truce_buffer public_key = {0}, answer = {0};
    struct reader_key reader;
    struct seal_key key;
    uint8_t box[SEAL_BOX_BYTES];
    char object[700], hex[HASH_HEX_SIZE], cipher_hex[HASH_HEX_SIZE];
    done(truce_reader_public(liaison_reader, &public_key, &error));
    CHECK(reader_key_parse(&reader, slice_of(public_key.data, public_key.size), NULL) == STATUS_DONE);
    seal_key_random(&key);
    CHECK(seal_encrypt(&cipher, slice_from(lie), &signed_hash, &key, NULL) == STATUS_DONE);
    const struct seal_reader whom = reader_key_seal(&reader);
    CHECK(seal_box(box, &whom, &key));
    CHECK(seal_file_format(&file, buffer_slice(&cipher), slice_of(box, sizeof box), NULL) == STATUS_DONE);
    struct hash cipher_hash = hash_of(buffer_slice(&cipher));
    hash_format(&signed_hash, hex);
    hash_format(&cipher_hash, cipher_hex);
    snprintf(object, sizeof object,
             "{\"actor\":\"office\",\"sealed\":[{\"cipher\":\"%s\",\"hash\":\"%s\",\"level\":\"exact\",\"pointer\":"
             "\"/text\",\"readers\":[\"liaison\"]}]}",
             cipher_hex, hex);
    struct lines lines = write_and_submit(office, "claim", object, NULL), put = {.refused = 0};
    CHECK_INT(lines.refused, 0);
    done(truce_sealed_put(reg, file.data, file.size, take_line, &put, &error));
    CHECK(strstr(put.last, "\"state\":\"kept\"") != NULL);
    done(truce_unseal(reg, lines.id, liaison_reader, false, &answer, &error));
    CHECK(strstr(answer.data, "\"state\":\"broken\"") != NULL && strstr(answer.data, "lie") == NULL);
    truce_free(&answer);
    truce_free(&public_key);
}

/* ---- carried to another register */

static struct truce_buffer carried;

static void ciphers_travel(void)
{
    struct truce_buffer note = {0};
    struct lines lines = {.refused = 0};
    done(truce_show(reg, report_id, TRUCE_NOTE, &note, &error));
    done(truce_sealed_gather(path("reg"), note.data, note.size, &carried, &error));
    CHECK(truce_sealed_size(carried.data, carried.size) > 256 && truce_sealed_size(carried.data, 255) == 0);
    done(truce_sealed_put(reg, carried.data, carried.size, take_line, &lines, &error));
    CHECK_INT(lines.lines, 6);
    CHECK(strstr(lines.last, "\"state\":\"known\"") != NULL);
    CHECK(truce_sealed_put(reg, "truce-sealed/v1 ", 16, take_line, &lines, &error) == TRUCE_REFUSED);
    CHECK_STRING(error.code, "seal-file");
    truce_free(&note);
    lines.lines = 0;
    done(truce_sealed_list(reg, take_line, &lines, &error));
    CHECK(lines.lines >= 6 && strstr(lines.last, "\"here\"") != NULL);
}

/* What no record names waits, and there is room for few. */
static void strangers_wait(void)
{
    struct lines lines = {.refused = 0};
    static char file[300];
    enum truce_status status = TRUCE_DONE;
    unsigned taken = 0;
    for (unsigned i = 0; i < 300 && status == TRUCE_DONE; i++) {
        int head = snprintf(file, sizeof file, "truce-sealed/v1 256 0\n");
        memset(file + head, 0, 256);
        memcpy(file + head, &i, sizeof i);
        status = truce_sealed_put(reg, file, (size_t)head + 256, take_line, &lines, &error);
        taken += status == TRUCE_DONE;
        if (i == 0) CHECK(strstr(lines.last, "\"state\":\"waiting\"") != NULL);
    }
    CHECK_INT(taken, 256);
    CHECK_STRING(error.code, "seal-waiting");
    CHECK(truce_sealed_get(reg, "zz", &(struct truce_buffer){0}, &error) == TRUCE_USAGE);
    CHECK_STRING(error.code, "seal-name");
    static const char nobody[] = "0000000000000000000000000000000000000000000000000000000000000000";
    CHECK(truce_sealed_get(reg, nobody, &(struct truce_buffer){0}, &error) == TRUCE_FAILED);
    CHECK_STRING(error.code, "seal-none-here");
}

/* ---- erasing */

static int no_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)context, (void)status;
    fprintf(stderr, "    %.*s\n", (int)size, line);
    return 0;
}

static void what_is_erased_is_gone(void)
{
    static const char *const observer[] = {"/observer", NULL};
    struct truce_buffer answer = {0};
    struct lines lines = {.refused = 0};
    /* Bytes out of the middle of each cipher, as it was carried. */
    size_t size, at = 0;
    CHECK_INT(files_with(path("reg"), carried.data + 100, 64), 1);
    done(truce_erase(reg, report_id, observer, &answer, &error));
    CHECK_INT(count_of(answer.data, "\"was\":true"), 1);
    truce_free(&answer);
    done(truce_unseal(reg, report_id, liaison_reader, false, &answer, &error));
    CHECK_INT(count_of(answer.data, "\"state\":\"erased\""), 1);
    CHECK_INT(count_of(answer.data, "\"state\":\"opened\""), 5);
    truce_free(&answer);
    done(truce_erase(reg, report_id, NULL, &answer, &error));
    CHECK_INT(count_of(answer.data, "\"was\":true"), 5);
    truce_free(&answer);
    for (; (size = truce_sealed_size(carried.data + at, carried.size - at)) > 0; at += size)
        CHECK_INT(files_with(path("reg"), carried.data + at + 100, 64), 0);
    CHECK_INT(at, carried.size);
    done(truce_unseal(reg, report_id, office_reader, false, &answer, &error));
    CHECK_INT(count_of(answer.data, "\"state\":\"erased\""), 6);
    truce_free(&answer);
    CHECK(truce_sealed_put(reg, carried.data, carried.size, take_line, &lines, &error) == TRUCE_REFUSED);
    CHECK_INT(lines.refused, 6);
    CHECK_STRING(error.code, "seal-erased");
    for (size_t i = 0; i < COUNT_OF(secrets); i++)
        CHECK_INT(files_with(path("reg"), secrets[i], strlen(secrets[i])), 0);
    done(truce_erase_request(reg, office, report_id, observer, &answer, &error));
    CHECK(strstr(answer.data, "\"to\":[\"liaison\"]") != NULL && strstr(answer.data, "/observer") != NULL);
    CHECK_INT(write_and_submit(office, "notice", answer.data, NULL).refused, 0);
    truce_free(&answer);
}

static void it_still_verifies(void)
{
    struct truce_buffer answer = {0};
    done(truce_close(&reg, &error));
    char directory[600];
    snprintf(directory, sizeof directory, "%s", path("reg"));
    const struct truce_verify_options options = {.path = directory, .threads = 1};
    done(truce_verify(&options, no_fault, NULL, NULL, &answer, &error));
    truce_free(&answer);
    FILE *file = fopen(path("reg/sealed/stray"), "w");
    fclose(file);
    CHECK(truce_verify(&options, no_fault, NULL, NULL, &answer, &error) == TRUCE_UNVERIFIED);
    truce_free(&answer);
    remove(path("reg/sealed/stray"));
}

/* The demonstration shows its places. */
static void an_exercise_seals_nothing(void)
{
    struct truce_buffer answer = {0}, key = {0}, recovery = {0}, note = {0};
    char genesis[900], directory[600], file[600];
    struct truce_key *founder;
    snprintf(directory, sizeof directory, "%s", path("exercise"));
    snprintf(file, sizeof file, "%s", path("genesis.json"));
    done(truce_key_new("north", TRUCE_USE_SIGN, path("north.key"), NULL, &key, &error));
    done(truce_key_new("north", TRUCE_USE_SIGN, path("north.recovery"), NULL, &recovery, &error));
    done(truce_key_open(&founder, path("north.key"), NULL, NULL, &error));
    snprintf(genesis, sizeof genesis,
             "{\"exercise\":true,\"log_key\":\"!log\",\"nonce\":\"!nonce\",\"founders\":[{\"party\":\"north\","
             "\"names\":{\"en\":\"N\",\"original\":\"en\"},\"role\":"
             "\"party\",\"key\":\"%.*s\",\"recovery\":\"%.*s\"}],\"thresholds\":{\"enrol\":1,\"policy\":1},"
             "\"sealed_by_default\":[{\"kind\":\"report\",\"pointers\":[\"/where\"]}]}",
             (int)key.size, key.data, (int)recovery.size, recovery.data);
    FILE *out = fopen(file, "w");
    fputs(genesis, out);
    fclose(out);
    const struct truce_init_options options = {
        .directory = directory, .origin = "truce.example/exercise", .name = "north", .genesis = file, .key = founder};
    if (done(truce_init(&options, &answer, &error)) && done(truce_open(&reg, directory, TRUCE_READ, &error))) {
        done(truce_write(reg, founder, "report", report, sizeof report - 1, &note, &error));
        CHECK(note.data != NULL && strstr(note.data, "362012345") != NULL && strstr(note.data, "sealed") == NULL);
        done(truce_close(&reg, &error));
    }
    truce_key_close(&founder);
    truce_free(&note);
    truce_free(&answer);
    truce_free(&key);
    truce_free(&recovery);
}

static void end(void)
{
    truce_key_close(&office);
    truce_key_close(&office_recovery);
    truce_key_close(&liaison_recovery);
    truce_reader_close(&office_reader);
    truce_reader_close(&liaison_reader);
    truce_reader_close(&stranger_reader);
    truce_free(&carried);
    scratch_remove(folder);
    CHECK(true);
}

TESTS(begin, policy_and_report, its_readers_open_it, what_stays_covers_what_was_taken, the_writer_chooses,
      a_draft_seals_too, too_much_is_refused, what_stands_in_the_clear_is_looked_at, only_what_was_sealed_is_revealed,
      a_newer_key_gets_a_box, a_lie_is_not_shown, ciphers_travel, strangers_wait, what_is_erased_is_gone,
      it_still_verifies, an_exercise_seals_nothing, end)
