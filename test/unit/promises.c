/* What a host promised and refused: kept where it was handed in, and held against the heads that come later. */
#include "log/checkpoint.h"
#include "log/tree.h"
#include "register/evidence.h"
#include "register/register.h"
#include "check.h"
#include "scratch.h"

static struct truce_error why;
static struct error error;
static struct signer log_key, witness;
static int64_t clock_ms;
static char *top, host[600];

enum { DAY_S = 24 * 60 * 60 };

static int64_t now_then(void *context)
{
    (void)context;
    return clock_ms;
}

static struct truce_register *opened(void)
{
    static struct system then;
    struct truce_register *reg = NULL;
    then = system_real;
    then.now_ms = now_then;
    CHECK(register_open(&reg, &then, host, TRUCE_READ, &error) == STATUS_DONE);
    return reg;
}

static void submit(const char *kind, const char *object)
{
    char path[700];
    struct truce_register *reg;
    struct truce_key *key;
    struct truce_buffer note = {0};
    snprintf(path, sizeof path, "%s/keys/un.key", host);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, host, TRUCE_WRITE, &why) == TRUCE_DONE);
    if (!CHECK(truce_write(reg, key, kind, object, strlen(object), &note, &why) == TRUCE_DONE))
        fprintf(stderr, "  %s\n", why.message);
    CHECK(truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_free(&note);
    truce_key_close(&key);
}

/* A register of three entries whose policy names one witness. */
static void make(void)
{
    static const uint8_t seed[SEED_BYTES] = {7};
    char path[700], text[VERIFIER_TEXT_SIZE], object[600];
    struct truce_buffer answer = {0};
    CHECK(crypto_start(&error) == STATUS_DONE);
    CHECK(cosigner_from_seed(&witness, slice_from("witness.example"), seed, &error) == STATUS_DONE);
    top = scratch("promises");
    snprintf(host, sizeof host, "%s/host", top);
    const struct truce_init_options options = {.origin = "example.org/cell", .name = "un", .directory = host};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(path, sizeof path, "%s/log.key", host);
    CHECK(key_file_read(&system_real, path, NULL, NULL, &log_key, &error) == STATUS_DONE);
    verifier_format(&witness.verifier, text);
    snprintf(object, sizeof object, "{\"witnessing\":{\"faults\":0,\"quorum\":1,\"witnesses\":[{\"key\":\"%s\"}]}}",
             text);
    submit("policy", object);
    submit("question",
           "{\"at\":\"2016-10-05T06:00:00Z\",\"text\":{\"en\":\"who?\",\"original\":\"en\"},\"to\":[\"un\"]}");
    clock_ms = INT64_C(2000000000000);
}

/* ---- a receipt, as a server would give it */

static void keep(uint64_t index, struct hash leaf, int64_t received_ms, const struct signer *key, const char *code)
{
    const struct promise promise = {slice_from("example.org/cell"), index, leaf, received_ms,
                                    received_ms + DAY_S * INT64_C(1000)};
    OWN(buffer_clear) struct buffer note = {0}, line = {0};
    struct truce_register *reg = opened();
    CHECK(promise_sign(&note, &promise, key, &error) == STATUS_DONE);
    buffer_print(&line, "{\"id\":\"%064d\",\"index\":1,\"promise\":\"", 1);
    for (size_t i = 0; i < note.size; i++)
        if (note.data[i] == '\n')
            buffer_put_string(&line, "\\n");
        else
            buffer_put_byte(&line, note.data[i]);
    buffer_put_string(&line, "\"}\n");
    enum truce_status status = truce_said_keep(reg, "", 0, (const char *)line.data, line.size, &why);
    CHECK(status == (code == NULL ? TRUCE_DONE : TRUCE_UNVERIFIED));
    if (code != NULL) CHECK_STRING(why.code, code);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

static int tell_line(void *context, enum truce_status status, const char *line, size_t size)
{
    char *told = context;
    (void)status;
    snprintf(told + strlen(told), 4096 - strlen(told), "%.*s\n", (int)size, line);
    return 0;
}

static void check_told(enum truce_status wanted, const char *state)
{
    char told[4096] = "";
    struct truce_register *reg = opened();
    CHECK(truce_promises(reg, tell_line, told, &why) == wanted);
    if (!CHECK(state[0] == '\0' ? told[0] == '\0' : strstr(told, state) != NULL)) fprintf(stderr, "  %s", told);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

static int count_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    fprintf(stderr, "  %.*s\n", (int)size, line);
    ++*(unsigned *)context;
    return 0;
}

static void check_verifies(const char *path)
{
    unsigned faults = 0;
    struct truce_buffer answer = {0};
    const struct truce_verify_options options = {.path = path};
    CHECK(truce_verify(&options, count_fault, NULL, &faults, &answer, &why) == TRUCE_DONE);
    CHECK_INT(faults, 0);
    truce_free(&answer);
}

/* The evidence that stands in `told` proves itself, and verify accounts for the directory that has it. */
static void check_missed(const char *rest)
{
    char told[4096] = "", place[80] = "", path[700];
    struct truce_register *reg = opened();
    CHECK(truce_promises(reg, tell_line, told, &why) == TRUCE_UNVERIFIED);
    CHECK_STRING(why.code, "promise-missed");
    CHECK(strstr(told, "\"state\":\"missed\"") != NULL && strstr(told, rest) != NULL);
    CHECK(sscanf(told, "{\"evidence\":\"%79[^\"]\"", place) == 1);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    snprintf(path, sizeof path, "%s/%s", host, place);
    check_verifies(path);
    check_verifies(host);
    check_told(TRUCE_DONE, ""); /* once */
}

static struct hash leaf_at(uint64_t index)
{
    struct hash leaf = {{0}};
    struct truce_register *reg = opened();
    CHECK(log_leaf(reg->log, index, &leaf, &error) == STATUS_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    return leaf;
}

/* ---- */

/* As often as one likes, and what is due is told all the same when it is asked for. */
static void looking_settles_nothing(const char *state)
{
    for (int i = 0; i < 2; i++) {
        char told[4096] = "";
        struct truce_register *reg = opened();
        CHECK(truce_promises_look(reg, tell_line, told, &why) == TRUCE_DONE);
        CHECK(strstr(told, state) != NULL);
        CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    }
}

static void what_is_in_its_place_was_kept(void)
{
    keep(2, leaf_at(2), clock_ms, &log_key, NULL);
    check_verifies(host);
    looking_settles_nothing("\"state\":\"kept\"");
    check_told(TRUCE_DONE, "\"index\":2");
    check_told(TRUCE_DONE, ""); /* it has done its part */
    keep(2, leaf_at(2), clock_ms, &log_key, NULL);
    check_told(TRUCE_DONE, "\"state\":\"kept\"");
}

static void another_entry_in_its_place_convicts(void)
{
    struct hash leaf = tree_leaf(slice_from("received 1\nsomething else"));
    keep(1, leaf, clock_ms, &log_key, NULL);
    looking_settles_nothing("\"state\":\"missed\"");
    check_missed("\"index\":1");
}

static void put_head(const char *name, int64_t time_s)
{
    char path[700], folder[700];
    struct note note;
    OWN(buffer_clear) struct buffer head = {0};
    struct truce_register *reg = opened();
    snprintf(path, sizeof path, "%s/log/checkpoint", host);
    CHECK(file_read_all(&system_real, path, 65536, &head, &error) == STATUS_DONE);
    CHECK(note_parse(&note, buffer_slice(&head), &error) == STATUS_DONE);
    OWN(buffer_clear) struct buffer cosigned = {0};
    buffer_put(&cosigned, buffer_slice(&head));
    CHECK(note_cosign_line(&cosigned, note.text, time_s, &witness, &error) == STATUS_DONE);
    snprintf(folder, sizeof folder, "%s/peers", host);
    CHECK(directory_make(&system_real, folder, &error) == STATUS_DONE);
    snprintf(folder, sizeof folder, "%s/peers/cosigners", host);
    CHECK(directory_make(&system_real, folder, &error) == STATUS_DONE);
    snprintf(path, sizeof path, "%s/peers/%s", host, name);
    CHECK(file_replace(&system_real, path, buffer_slice(&cosigned), 0644, &error) == STATUS_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

/* Time alone accuses nobody: a cosigner must have seen the log without the entry. */
static void a_later_head_without_it_convicts(void)
{
    static const char *const heads[] = {"cosigned", "cosigners/00000007"};
    struct hash leaf = tree_leaf(slice_from("received 1\nsomething else"));
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        char path[700];
        int64_t due_s = clock_ms / 1000 + DAY_S;
        keep(3, leaf, clock_ms, &log_key, NULL);
        check_told(TRUCE_DONE, "\"state\":\"waiting\"");
        clock_ms += (DAY_S + EVIDENCE_CLOCKS_S) * INT64_C(1000);
        check_told(TRUCE_DONE, "\"state\":\"waiting\"");
        clock_ms += 1;
        check_told(TRUCE_DONE, "\"state\":\"late\"");
        put_head(heads[i], due_s + EVIDENCE_CLOCKS_S);
        check_told(TRUCE_DONE, "\"state\":\"late\"");
        put_head(heads[i], due_s + EVIDENCE_CLOCKS_S + 1);
        check_missed("\"index\":3");
        snprintf(path, sizeof path, "%s/peers/%s", host, heads[i]);
        CHECK(remove(path) == 0);
    }
}

static void only_the_logs_word_is_kept(void)
{
    struct signer stranger;
    struct hash leaf = tree_leaf(slice_from("x"));
    CHECK(signer_random(&stranger, slice_from("example.org/cell"), &error) == STATUS_DONE);
    keep(3, leaf, clock_ms, &stranger, "promise-signature");
    check_told(TRUCE_DONE, "");
    signer_clear(&stranger);
}

/* ---- refusals */

static int keep_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct buffer *lines = context;
    (void)status;
    buffer_put(lines, slice_of(line, size));
    buffer_put_byte(lines, '\n');
    return 0;
}

static void refusals_are_evidence(void)
{
    char path[700], command[900];
    struct truce_register *reg;
    OWN(buffer_clear) struct buffer lines = {0};
    static const char notes[] = "not a record\n\n\u2014 un AAAA\nnor this\n\n\u2014 un AAAA\n";
    CHECK(truce_open(&reg, host, TRUCE_WRITE, &why) == TRUCE_DONE);
    CHECK(truce_submit(reg, notes, strlen(notes), keep_line, &lines, &why) == TRUCE_REFUSED);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    reg = opened();
    CHECK(truce_said_keep(reg, notes, strlen(notes), (const char *)lines.data, lines.size, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    check_verifies(host);
    snprintf(command, sizeof command, "grep -l '\"evidence\":\"refusal\"' %s/peers/evidence/*", host);
    FILE *found = popen(command, "r");
    unsigned count = 0;
    while (found != NULL && fgets(path, sizeof path, found) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        check_verifies(path);
        count++;
    }
    if (found != NULL) pclose(found);
    CHECK_INT(count, 2);
}

static void remove_all(void)
{
    signer_clear(&log_key);
    signer_clear(&witness);
    scratch_remove(top);
}

TESTS(make, what_is_in_its_place_was_kept, another_entry_in_its_place_convicts, a_later_head_without_it_convicts,
      only_the_logs_word_is_kept, refusals_are_evidence, remove_all)
