/* What stands behind a register and what in it does not fit, as truce_integrity tells it: a head and its check phrase,
 * void entries, chains with a gap or a fork, evidence that is kept; and a policy that truce verify takes. */
#include "check.h"
#include "log/tree.h"
#include "log/trust.h"
#include "register/evidence.h"
#include "register/heads.h"
#include "register/phrase.h"
#include "scratch.h"

enum { PATH_SIZE = 1024 };
static struct truce_error why;
static struct error error;
static char *top, home[PATH_SIZE - 100];
static struct truce_key *key;
static struct arena arena;
static char second_id[HASH_HEX_SIZE];

/* ---- a register of one founder */

static void found(void)
{
    char path[PATH_SIZE];
    struct truce_buffer answer = {0};
    top = scratch("integrity");
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    snprintf(home, sizeof home, "%s/r", top);
    const struct truce_init_options options = {.directory = home, .origin = "truce.example/test", .name = "office"};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    snprintf(path, sizeof path, "%s/keys/office.key", home);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
}

static struct truce_register *opened(enum truce_mode mode)
{
    struct truce_register *reg = NULL;
    CHECK(truce_open(&reg, home, mode, &why) == TRUCE_DONE);
    return reg;
}

/* A report as its author signs it at this place of the chain. */
static struct buffer note_at(struct truce_register *reg, const char *text, int64_t seq, const char *prev)
{
    char object[700];
    struct truce_buffer written = {0};
    struct buffer note = {0};
    OWN(buffer_clear) struct buffer changed = {0};
    snprintf(object, sizeof object,
             "{\"act\":\"shot\",\"method\":\"heard\",\"when\":{\"from\":\"2016-09-12T16:00:00Z\",\"to\":"
             "\"2016-09-12T16:00:00Z\"},\"text\":{\"en\":\"%s\",\"original\":\"en\"}}",
             text);
    CHECK(truce_write(reg, key, "report", object, strlen(object), &written, &why) == TRUCE_DONE);
    const char *at = strstr(written.data, "\"seq\":"), *from = strstr(written.data, "\"prev\":\"") + 8;
    const char *end = strstr(written.data, "\n\n") + 1, *rest = at + 6 + strspn(at + 6, "0123456789");
    buffer_put(&changed, slice_of(written.data, (size_t)(from - written.data)));
    buffer_put(&changed, prev == NULL ? slice_of(from, 64) : slice_from(prev));
    buffer_put(&changed, slice_of(from + 64, (size_t)(at + 6 - from) - 64));
    buffer_print(&changed, "%" PRId64, seq);
    buffer_put(&changed, slice_of(rest, (size_t)(end - rest)));
    CHECK(note_sign(&note, buffer_slice(&changed), &key->signer, &error) == STATUS_DONE);
    truce_free(&written);
    return note;
}

static void submit(struct truce_register *reg, const struct buffer *note)
{
    if (!CHECK(truce_submit(reg, (const char *)note->data, note->size, NULL, NULL, &why) == TRUCE_DONE))
        fprintf(stderr, "    %s\n", why.message);
}

static void id_of(const struct buffer *note, char out[HASH_HEX_SIZE])
{
    struct note read;
    CHECK(note_parse(&read, buffer_slice(note), &error) == STATUS_DONE);
    struct hash hash = hash_of(read.text);
    hash_format(&hash, out);
}

/* ---- asking */

static const struct json *told(bool own)
{
    struct truce_register *reg = opened(TRUCE_READ);
    struct truce_buffer answer = {0};
    const struct json *tree = NULL;
    if (!CHECK(truce_integrity(reg, own, &answer, &why) == TRUCE_DONE)) fprintf(stderr, "    %s\n", why.message);
    struct slice copy = arena_copy(&arena, slice_of(answer.data, answer.size));
    CHECK(json_read(&tree, copy, JSON_RELAXED, &arena, &error) == STATUS_DONE);
    truce_free(&answer);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    return tree;
}

static const struct json *list_in(const struct json *answer, const char *member, const char *list)
{
    return json_find(json_find(answer, member), list);
}

static bool is(const struct json *of, const char *member, const char *value)
{
    struct slice text = json_find_string(of, member);
    bool same = slice_is(text, value);
    if (!same) fprintf(stderr, "    %s: \"%.*s\", not \"%s\"\n", member, SLICE(text), value);
    return same;
}

/* ---- the tests, one register through them all */

static void nothing_is_wrong_with_a_new_one(void)
{
    char phrase[PHRASE_SIZE];
    struct hash root;
    found();
    const struct json *answer = told(false), *head = json_find(answer, "head");
    CHECK_INT(list_in(answer, "chains", "faults")->size, 0);
    CHECK_INT(list_in(answer, "void", "entries")->size, 0);
    CHECK_INT(list_in(answer, "evidence", "files")->size, 0);
    CHECK_INT(json_find_integer(head, "size", -1), 1);
    CHECK(json_find_string(head, "at").size == 24);
    CHECK(json_find(answer, "promises") == NULL && json_find(told(true), "promises") != NULL);
    CHECK(hash_parse(&root, json_find_string(head, "root")));
    phrase_format_head(phrase, json_find_string(answer, "register"), 1, &root);
    CHECK(is(head, "phrase", phrase));
    struct slice genesis = json_find_string(answer, "genesis"), name = json_find_string(answer, "register");
    CHECK(genesis.size == 64 && memmem(name.data, name.size, genesis.data, 16) != NULL);
}

static void phrases_of_heads_are_the_specified_ones(void)
{
    char phrase[PHRASE_SIZE];
    struct hash root = hash_of(slice_from("abc"));
    phrase_format_head(phrase, slice_from("truce.example/test#0123456789abcdef"), 258, &root);
    CHECK_STRING(phrase, "278 789 258 437 317 403 716");
}

static void a_gap_is_told_until_it_is_filled(void)
{
    char id[HASH_HEX_SIZE];
    struct truce_register *reg = opened(TRUCE_WRITE);
    OWN(buffer_clear) struct buffer first = note_at(reg, "the first", 1, NULL);
    id_of(&first, id);
    OWN(buffer_clear) struct buffer second = note_at(reg, "the second", 2, id);
    submit(reg, &second);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    const struct json *answer = told(false), *faults = list_in(answer, "chains", "faults");
    CHECK_INT(faults->size, 1);
    CHECK(is(faults->first, "fault", "gap") && is(faults->first, "by", "office"));
    CHECK_INT(json_find_integer(faults->first, "seq", 0), 2);
    CHECK_INT(json_find_integer(faults->first, "index", 0), 1);
    id_of(&second, second_id);
    CHECK(is(faults->first, "record", second_id));
    CHECK(json_find_string(faults->first, "key").size == 8);
    reg = opened(TRUCE_WRITE);
    submit(reg, &first);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    CHECK_INT(list_in(told(false), "chains", "faults")->size, 0);
}

/* Two for one number, and one that names neither as the one before. */
static void a_fork_of_a_chain_is_told(void)
{
    char id[HASH_HEX_SIZE];
    struct truce_register *reg = opened(TRUCE_WRITE);
    OWN(buffer_clear) struct buffer one = note_at(reg, "one", 3, second_id);
    OWN(buffer_clear) struct buffer other = note_at(reg, "another", 3, second_id);
    OWN(buffer_clear) struct buffer astray = note_at(reg, "astray", 4, second_id);
    submit(reg, &one);
    submit(reg, &other);
    submit(reg, &astray);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    const struct json *faults = list_in(told(false), "chains", "faults");
    if (!CHECK(faults->size == 2)) return;
    CHECK(is(faults->first, "fault", "equivocation") && is(faults->first->next, "fault", "prev"));
    id_of(&one, id);
    CHECK(is(faults->first, "other", id));
    id_of(&other, id);
    CHECK(is(faults->first, "record", id));
    CHECK(json_find(faults->first->next, "other") == NULL);
}

static void void_entries_are_named(void)
{
    char id[HASH_HEX_SIZE];
    uint64_t first;
    struct truce_register *reg = opened(TRUCE_WRITE);
    OWN(buffer_clear) struct buffer note = note_at(reg, "unsigned", 5, NULL), forged = {0};
    id_of(&note, id);
    note.data[note.size - 20] = note.data[note.size - 20] == 'A' ? 'B' : 'A';
    entry_format(&forged, system_real.now_ms(NULL), buffer_slice(&note));
    struct slice entries[] = {slice_from("no record at all"), buffer_slice(&forged)};
    CHECK(log_append(reg->log, entries, 2, &first, NULL) == STATUS_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    const struct json *answer = told(false), *voids = list_in(answer, "void", "entries");
    if (!CHECK(voids->size == 2)) return;
    CHECK_INT(json_find_integer(voids->first, "index", 0), first);
    CHECK(json_find(voids->first, "record") == NULL);
    CHECK(is(voids->first->next, "record", id));
    CHECK(is(voids->first, "code", "entry-received") && json_find_string(voids->first, "message").size > 0);
    CHECK(is(voids->first->next, "code", "admission-signature"));
    CHECK(json_find_string(voids->first->next, "message").size > 0);
    CHECK_INT(list_in(answer, "chains", "faults")->size, 2); /* what is void stands in no chain */
}

static void log_key_read(struct signer *out)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/log.key", home);
    CHECK(key_file_read(&system_real, path, NULL, NULL, out, &error) == STATUS_DONE);
}

static void a_fork_of_the_log_is_told(void)
{
    struct signer log_key;
    OWN(buffer_clear) struct buffer text = {0}, head = {0};
    struct truce_register *reg = opened(TRUCE_WRITE);
    const struct checkpoint other = {slice_from("truce.example/test"), 3, hash_of(slice_from("another history"))};
    log_key_read(&log_key);
    CHECK(register_know(reg, &error) == STATUS_DONE);
    checkpoint_format(&text, &other);
    CHECK(note_sign(&head, buffer_slice(&text), &log_key, &error) == STATUS_DONE);
    CHECK(truce_cosigned(reg, (const char *)head.data, head.size, &why) == TRUCE_UNVERIFIED);
    CHECK_STRING(why.code, "heads-other");
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    const struct json *files = list_in(told(false), "evidence", "files");
    if (!CHECK(files->size == 1)) return;
    CHECK(is(files->first, "evidence", "fork"));
    CHECK(slice_starts(json_find_string(files->first, "file"), "peers/evidence/"));
    const struct json *heads = json_find(files->first, "heads");
    CHECK_INT(json_find_integer(heads->first, "size", 0), 3);
    char hex[HASH_HEX_SIZE];
    hash_format(&other.root, hex);
    CHECK(is(heads->first, "root", hex));
    CHECK(json_find_integer(heads->first->next, "size", 0) >= 3);
}

/* What was refused to those who write here is their affair. */
static void refusals_are_told_to_their_own(void)
{
    struct signer log_key;
    struct truce_register *reg = opened(TRUCE_READ);
    OWN(buffer_clear) struct buffer note = {0}, refused = {0}, line = {0};
    log_key_read(&log_key);
    buffer_put_string(&refused, "whatever was handed in\n");
    const struct refusal refusal = {.origin = slice_from("truce.example/test"),
                                    .code = slice_from("admission-quota"),
                                    .pointer = slice_from(""),
                                    .submitted = hash_of(buffer_slice(&refused)),
                                    .at_ms = INT64_C(1500000000000)};
    CHECK(refusal_sign(&note, &refusal, &log_key, &error) == STATUS_DONE);
    struct evidence evidence = {.kind = EVIDENCE_REFUSAL,
                                .refusal = buffer_slice(&note),
                                .note = buffer_slice(&refused),
                                .keys = 1,
                                .key = {log_key.verifier}};
    CHECK(evidence_write(&line, &evidence, &error) == STATUS_DONE);
    CHECK(evidence_keep(reg->system, reg->directory, buffer_slice(&line), &error) == STATUS_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    CHECK_INT(list_in(told(false), "evidence", "files")->size, 1);
    const struct json *files = list_in(told(true), "evidence", "files");
    if (!CHECK(files->size == 2)) return;
    CHECK(is(files->first, "evidence", "fork")); /* forks stand first, whatever the files are called */
    CHECK(is(files->first->next, "evidence", "refusal") && is(files->first->next, "code", "admission-quota"));
}

static unsigned faults;

/* The same reasons, in the same order, as the list of void entries that is the context. */
static int count_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct json **expected = context, *fault = NULL;
    (void)status;
    faults++;
    if (!CHECK(*expected != NULL)) return 0;
    CHECK(json_read(&fault, arena_copy(&arena, slice_of(line, size)), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    CHECK(slice_equal(json_find_string(fault, "code"), json_find_string(*expected, "code")));
    CHECK(slice_equal(json_find_string(fault, "message"), json_find_string(*expected, "message")));
    *expected = (*expected)->next;
    return 0;
}

static void the_policy_is_one_that_verify_takes(void)
{
    static struct trust trust;
    char path[PATH_SIZE], genesis[HASH_HEX_SIZE], log_key[VERIFIER_TEXT_SIZE];
    struct truce_buffer summary = {0};
    const struct json *answer = told(false);
    OWN(buffer_clear) struct buffer policy = {0};
    for (const struct json *line = json_find(answer, "policy")->first; line != NULL; line = line->next) {
        buffer_put(&policy, line->string);
        buffer_put_byte(&policy, '\n');
    }
    CHECK(trust_read(&trust, buffer_slice(&policy), &error) == STATUS_DONE);
    CHECK_INT(trust.logs, 1);
    CHECK(trust.none);
    verifier_format(&trust.log[0], log_key);
    CHECK(is(answer, "key", log_key));
    snprintf(path, sizeof path, "%s/policy.txt", top);
    snprintf(genesis, sizeof genesis, "%.*s", SLICE(json_find_string(answer, "genesis")));
    CHECK(file_create(&system_real, path, buffer_slice(&policy), 0644, &error) == STATUS_DONE);
    struct truce_verify_options options = {.path = home, .genesis = genesis, .policy = path, .key = log_key};
    const struct json *expected = list_in(answer, "void", "entries")->first, *sum = NULL;
    CHECK(truce_verify(&options, count_fault, NULL, &expected, &summary, &why) == TRUCE_UNVERIFIED);
    CHECK_INT(faults, 2); /* the two void entries, and nothing else */
    CHECK(json_read(&sum, slice_of(summary.data, summary.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    CHECK(slice_equal(json_find_string(sum, "phrase"), json_find_string(json_find(answer, "head"), "phrase")));
    truce_free(&summary);
}

/* With a witness, the policy asks for its line under the head. */
static void a_policy_with_a_witness_is_told(void)
{
    static struct trust trust;
    static const uint8_t seed[SEED_BYTES] = {7};
    char text[VERIFIER_TEXT_SIZE], object[600];
    struct signer witness;
    struct truce_buffer note = {0};
    OWN(buffer_clear) struct buffer policy = {0};
    struct truce_register *reg = opened(TRUCE_WRITE);
    CHECK(cosigner_from_seed(&witness, slice_from("witness.example"), seed, &error) == STATUS_DONE);
    verifier_format(&witness.verifier, text);
    snprintf(object, sizeof object, "{\"witnessing\":{\"faults\":0,\"quorum\":1,\"witnesses\":[{\"key\":\"%s\"}]}}",
             text);
    CHECK(truce_write(reg, key, "policy", object, strlen(object), &note, &why) == TRUCE_DONE);
    CHECK(truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_free(&note);
    const struct json *answer = told(false);
    CHECK_INT(list_in(answer, "heads", "cosigners")->size, 1);
    for (const struct json *line = json_find(answer, "policy")->first; line != NULL; line = line->next) {
        buffer_put(&policy, line->string);
        buffer_put_byte(&policy, '\n');
    }
    CHECK(trust_read(&trust, buffer_slice(&policy), &error) == STATUS_DONE);
    CHECK(!trust.none && trust.witnesses == 1 && trust.groups == 1 && trust.group[0].least == 1);
    CHECK(memcmp(&trust.witness[0].key.key, &witness.verifier.key, sizeof trust.witness[0].key.key) == 0);
}

static void facts_that_were_kept_tell_the_same(void)
{
    const struct json *before = told(false);
    struct truce_register *reg = opened(TRUCE_READ);
    struct truce_buffer answer = {0};
    struct truce_moment now = {.known_by = TRUCE_KNOWN_ALL};
    CHECK(truce_standing(reg, &now, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
    CHECK(truce_integrity(reg, false, &answer, &why) == TRUCE_DONE);
    CHECK(slice_equal(slice_of(answer.data, answer.size), before->source));
    truce_free(&answer);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    arena_clear(&arena);
    truce_key_close(&key);
    scratch_remove(top);
}

TESTS(nothing_is_wrong_with_a_new_one, phrases_of_heads_are_the_specified_ones, a_gap_is_told_until_it_is_filled,
      a_fork_of_a_chain_is_told, void_entries_are_named, a_fork_of_the_log_is_told, refusals_are_told_to_their_own,
      the_policy_is_one_that_verify_takes, a_policy_with_a_witness_is_told, facts_that_were_kept_tell_the_same)
