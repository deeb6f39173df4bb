/* What is signed elsewhere: drafts without the key, their notes taken back into the outbox, keys for a browser. */
#include "check.h"
#include "register/register.h"
#include "scratch.h"

#include <inttypes.h>
#include <sys/stat.h>

enum { PATH_SIZE = 1024 };
static struct truce_error why;
static char *folder;
static struct truce_register *reg;
static struct truce_key *office, *stranger;
static char office_id[9], stranger_id[9];

static const char report[] = "{\"act\":\"shot\",\"method\":\"heard\",\"when\":{\"from\":\"2016-09-12T16:00:00Z\","
                             "\"to\":\"2016-09-12T16:00:00Z\"},\"text\":{\"en\":\"One.\",\"original\":\"en\"}}";

static const char *path(const char *name)
{
    static char out[2][PATH_SIZE];
    static unsigned next;
    char *at = out[next++ % 2];
    snprintf(at, PATH_SIZE, "%s/%s", folder, name);
    return at;
}

static void begin(void)
{
    struct truce_buffer answer = {0};
    folder = scratch("draft");
    const struct truce_init_options options = {
        .directory = path("r"), .origin = "truce.example/draft", .name = "office"};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_key_open(&office, path("r/keys/office.key"), NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_key_new("office", TRUCE_USE_SIGN, path("other.key"), NULL, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_key_open(&stranger, path("other.key"), NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, path("r"), TRUCE_WRITE, &why) == TRUCE_DONE);
    snprintf(office_id, sizeof office_id, "%08x", office->signer.verifier.id);
    snprintf(stranger_id, sizeof stranger_id, "%08x", stranger->signer.verifier.id);
}

static struct truce_buffer drafted(void)
{
    const struct truce_author author = {"office", office_id};
    struct truce_buffer text = {0};
    CHECK(truce_draft(reg, &author, "report", report, strlen(report), NULL, &text, &why) == TRUCE_DONE);
    return text;
}

static struct buffer signed_by(const struct truce_key *key, const struct truce_buffer *text)
{
    struct buffer note = {0};
    CHECK(note_sign(&note, slice_of(text->data, text->size), &key->signer, NULL) == STATUS_DONE);
    return note;
}

static const char *kept(const struct buffer *note)
{
    return truce_keep(reg, (const char *)note->data, note->size, &why) == TRUCE_DONE ? "" : why.code;
}

static bool in_outbox(const char *seq)
{
    char name[128];
    struct stat about;
    snprintf(name, sizeof name, "r/outbox/office.%s.%s.note", office_id, seq);
    return stat(path(name), &about) == 0;
}

static int take_line(void *context, enum truce_status status, const char *line, size_t size)
{
    snprintf(context, 256, "%.*s", (int)size, line);
    return status != TRUCE_DONE && status != TRUCE_REFUSED;
}

/* ---- drafts */

static void a_draft_is_what_the_author_would_have_written(void)
{
    struct truce_buffer text = drafted(), note = {0};
    CHECK(text.size > 0 && text.data[text.size - 1] == '\n');
    CHECK(!in_outbox("0000000001"));
    CHECK(truce_write(reg, office, "report", report, strlen(report), &note, &why) == TRUCE_DONE);
    char *a = strstr(text.data, "\"written\":"), *b = strstr(note.data, "\"written\":");
    CHECK(a != NULL && b != NULL && a - text.data == b - note.data);
    CHECK(memcmp(text.data, note.data, (size_t)(a - text.data)) == 0);
    CHECK(truce_unkeep(reg, note.data, note.size, &why) == TRUCE_DONE);
    CHECK(!in_outbox("0000000001"));
    truce_free(&text);
    truce_free(&note);
}

static void only_a_key_in_force_gets_a_draft(void)
{
    const struct truce_author wrong[] = {
        {"office", stranger_id}, {"nobody", office_id}, {"office", "xyz"}, {"office", ""}, {"", office_id}};
    struct truce_buffer text = {0};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK(truce_draft(reg, &wrong[i], "report", report, strlen(report), NULL, &text, &why) == TRUCE_REFUSED);
        CHECK_STRING(why.code, "draft-key");
        CHECK(truce_draft_view(reg, &wrong[i], "report", report, strlen(report), NULL, &text, &why) == TRUCE_REFUSED);
    }
    CHECK(text.data == NULL);
}

static void a_draft_is_checked_like_a_record(void)
{
    static const char felt[] = "{\"act\":\"shot\",\"method\":\"felt\",\"when\":{\"from\":\"2016-09-12T16:00:00Z\","
                               "\"to\":\"2016-09-12T16:00:00Z\"}}";
    const struct truce_author author = {"office", office_id};
    struct truce_buffer text = {0};
    CHECK(truce_draft(reg, &author, "report", felt, strlen(felt), NULL, &text, &why) == TRUCE_REFUSED);
    CHECK_STRING(why.pointer, "/method");
    CHECK(truce_draft(reg, &author, "raport", report, strlen(report), NULL, &text, &why) == TRUCE_USAGE);
    CHECK_STRING(why.code, "write-kind");
}

static void who_sees_what_needs_no_key(void)
{
    const struct truce_author author = {"office", office_id};
    struct truce_buffer answer = {0};
    CHECK(truce_draft_view(reg, &author, "report", report, strlen(report), NULL, &answer, &why) == TRUCE_DONE);
    CHECK(answer.data != NULL && strstr(answer.data, "\"everyone\":{\"act\":\"shot\"") != NULL);
    CHECK(!in_outbox("0000000001"));
    truce_free(&answer);
}

/* ---- notes that come back */

static void what_does_not_hold_is_not_kept(void)
{
    struct truce_buffer text = drafted();
    OWN(buffer_clear) struct buffer good = signed_by(office, &text), forged = signed_by(office, &text);
    OWN(buffer_clear) struct buffer by_stranger = {0}, elsewhere = {0}, nothing = {0};
    forged.data[forged.size - 20] = forged.data[forged.size - 20] == 'A' ? 'B' : 'A';
    CHECK_STRING(kept(&forged), "keep-signature");
    CHECK_STRING(kept(&nothing), "record-note");
    char *key = strstr(text.data, office_id), *name = strstr(text.data, "draft#");
    memcpy(key, stranger_id, 8);
    by_stranger = signed_by(stranger, &text);
    CHECK_STRING(kept(&by_stranger), "keep-key");
    memcpy(key, office_id, 8);
    name[6] = name[6] == '0' ? '1' : '0';
    elsewhere = signed_by(office, &text);
    CHECK_STRING(kept(&elsewhere), "keep-register");
    CHECK(!in_outbox("0000000001"));
    truce_free(&text);
}

static void a_note_is_kept_until_it_is_in_the_log(void)
{
    char line[256] = "";
    struct truce_buffer first = drafted(), late = drafted();
    late.data[strlen(late.data) - 5] ^= 1; /* another second: another record for one place */
    OWN(buffer_clear) struct buffer note = signed_by(office, &first), other = signed_by(office, &late);
    CHECK_STRING(kept(&note), "");
    CHECK(in_outbox("0000000001"));
    CHECK_STRING(kept(&note), ""); /* once more changes nothing */
    CHECK_STRING(kept(&other), "keep-place");
    struct truce_buffer second = drafted(); /* follows what waits */
    CHECK(second.data != NULL && strstr(second.data, "\"seq\":2,") != NULL);
    CHECK(truce_submit(reg, (const char *)note.data, note.size, take_line, line, &why) == TRUCE_DONE);
    CHECK(!in_outbox("0000000001"));
    CHECK_STRING(kept(&note), "");
    CHECK(!in_outbox("0000000001")); /* what the log has is not kept again */
    OWN(buffer_clear) struct buffer next = signed_by(office, &second);
    CHECK_STRING(kept(&next), "");
    CHECK(truce_submit(reg, (const char *)next.data, next.size, take_line, line, &why) == TRUCE_DONE);
    CHECK_STRING(kept(&other), "keep-place"); /* its place is taken for good */
    truce_free(&first);
    truce_free(&late);
    truce_free(&second);
}

/* ---- what a form asks for */

static void authors_are(const char *here)
{
    char wanted[256];
    struct truce_buffer answer = {0};
    snprintf(wanted, sizeof wanted,
             "[{\"by\":\"office\",\"here\":%s,\"keys\":[\"%s\"],\"reads\":false,\"role\":\"secretariat\"}]", here,
             office_id);
    CHECK(truce_authors(reg, &answer, &why) == TRUCE_DONE);
    CHECK_STRING(answer.data, wanted);
    truce_free(&answer);
}

/* And whose key is kept here: no recovery key, and none of another of that name. */
static void authors_are_who_may_sign(void)
{
    char key[4096], away[4096], other[4096];
    snprintf(key, sizeof key, "%s", path("r/keys/office.key"));
    snprintf(away, sizeof away, "%s", path("away.key"));
    snprintf(other, sizeof other, "%s", path("other.key"));
    authors_are("true");
    CHECK(rename(key, away) == 0);
    authors_are("false");
    CHECK(rename(other, key) == 0);
    authors_are("false");
    CHECK(rename(key, other) == 0 && rename(away, key) == 0);
    authors_are("true");
}

static struct truce_buffer outline(const char *where)
{
    struct truce_buffer answer = {0};
    if (truce_outline(where, strlen(where), &answer, &why) != TRUCE_DONE) CHECK_STRING(why.code, "outline-none");
    return answer;
}

/* Due north, 5 to 7 km: the far edge lies 7 km away ten degrees either side, the near one 5 km. */
static void places_are_drawn_as_they_are_meant(void)
{
    struct truce_buffer sector = outline("{\"bearing\":{\"degrees\":0,\"from\":{\"lat_e7\":0,\"lon_e7\":0},"
                                         "\"least_m\":5000,\"most_m\":7000}}");
    int64_t east, north;
    CHECK(sector.data != NULL && strstr(sector.data, "\"shape\":\"sector\"") != NULL);
    const char *points = sector.data == NULL ? "" : strstr(sector.data, "\"points\":[[");
    CHECK(sscanf(points, "\"points\":[[%" SCNd64 ",%" SCNd64, &east, &north) == 2);
    CHECK(east > -1217 && east < -1214 && north > 6892 && north < 6895); /* 7000 m at -10 degrees */
    CHECK(sector.data != NULL && strstr(sector.data, "[0,7000]") != NULL && strstr(sector.data, "[0,5000]") != NULL);
    struct truce_buffer circle = outline("{\"point\":{\"lat_e7\":362000000,\"lon_e7\":371000000},\"radius_m\":400}");
    CHECK(circle.data != NULL && strstr(circle.data, "\"reach_m\":400,\"shape\":\"circle\"") != NULL);
    struct truce_buffer line = outline("{\"line\":[{\"lat_e7\":0,\"lon_e7\":0},{\"lat_e7\":0,\"lon_e7\":1}]}");
    CHECK(line.data != NULL && strstr(line.data, "\"shape\":\"line\"") != NULL);
    static const char *const none[] = {"{\"place\":\"x\"}",
                                       "{}",
                                       "[]",
                                       "{\"bearing\":{\"degrees\":400}}",
                                       "{\"polygon\":[]}",
                                       "{\"point\":{\"lat_e7\":900000001,\"lon_e7\":0}}",
                                       "{\"line\":[{\"lat_e7\":\"a\"}]}"};
    for (size_t i = 0; i < COUNT_OF(none); i++) CHECK(outline(none[i]).data == NULL);
    truce_free(&sector);
    truce_free(&circle);
    truce_free(&line);
}

/* ---- keys for a browser; that one opens them, test/browser/walks/file.mjs shows */

static void a_browser_key_is_always_guarded(void)
{
    struct stat about;
    OWN(buffer_clear) struct buffer text = {0};
    CHECK(truce_key_export(office, "", path("none.json"), &why) == TRUCE_USAGE);
    CHECK_STRING(why.code, "key-passphrase-none");
    CHECK(stat(path("none.json"), &about) != 0);
    CHECK(truce_key_export(office, "long enough", path("office.json"), &why) == TRUCE_DONE);
    CHECK(stat(path("office.json"), &about) == 0 && (about.st_mode & 0777) == 0600);
    CHECK(truce_key_export(office, "long enough", path("office.json"), &why) != TRUCE_DONE);
    CHECK(file_read_all(&system_real, path("office.json"), 4096, &text, NULL) == STATUS_DONE);
    const char *head = "{\"cipher\":\"AES-256-GCM\",\"form\":\"truce-browser-key/1\",\"id\":\"";
    CHECK(slice_starts(buffer_slice(&text), head));
    char plain[BASE64_SIZE(SEED_BYTES)];
    base64_format(plain, sizeof plain, slice_of(office->signer.secret.bytes, SEED_BYTES));
    CHECK(memmem(text.data, text.size, plain, 20) == NULL);
}

static void only_keys_that_sign_records_are_exported(void)
{
    struct truce_key *witness = NULL;
    struct truce_buffer verifier = {0};
    CHECK(truce_key_new("w", TRUCE_USE_COSIGN, path("w.key"), NULL, &verifier, &why) == TRUCE_DONE);
    truce_free(&verifier);
    CHECK(truce_key_open(&witness, path("w.key"), NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_key_export(witness, "long enough", path("w.json"), &why) == TRUCE_USAGE);
    CHECK_STRING(why.code, "key-export-use");
    truce_key_close(&witness);
}

static void end(void)
{
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&office);
    truce_key_close(&stranger);
    scratch_remove(folder);
}

TESTS(begin, a_draft_is_what_the_author_would_have_written, only_a_key_in_force_gets_a_draft,
      a_draft_is_checked_like_a_record, who_sees_what_needs_no_key, what_does_not_hold_is_not_kept,
      a_note_is_kept_until_it_is_in_the_log, authors_are_who_may_sign, places_are_drawn_as_they_are_meant,
      a_browser_key_is_always_guarded, only_keys_that_sign_records_are_exported, end)
