/* Evidence proves what it says it proves: whatever is changed in it, it proves nothing. And the policies that say whose
 * cosignatures are enough. */
#include "register/evidence.h"
#include "check.h"
#include "log/tree.h"
#include "truce.h"

enum { LEAVES = 9 };

static struct signer log_key, other_key, witness, author;

static struct signer make(const char *name, bool cosigner)
{
    struct signer signer;
    struct hash seed = hash_of(slice_from(name));
    enum status status = cosigner ? cosigner_from_seed(&signer, slice_from(name), seed.bytes, NULL)
                                  : signer_from_seed(&signer, slice_from(name), seed.bytes, NULL);
    CHECK(status == STATUS_DONE);
    return signer;
}

static void start(void)
{
    if (log_key.verifier.name[0] != '\0') return;
    CHECK(crypto_start(NULL) == STATUS_DONE);
    log_key = make("example.org/log", false);
    other_key = make("example.org/other", false);
    witness = make("example.org/witness", true);
    author = make("north", false);
}

/* ---- trees of few leaves, by the definition of RFC 6962 */

static struct hash leaf(const char *history, unsigned i)
{
    char entry[96];
    int size = snprintf(entry, sizeof entry, "received %u\n%s %u", 1474279200 * 1u + i, history, i);
    return tree_leaf(slice_of(entry, (size_t)size));
}

static struct hash root(const struct hash *leaves, size_t count)
{
    size_t k = 1;
    if (count == 0) return tree_empty();
    if (count == 1) return leaves[0];
    while (k * 2 < count) k *= 2;
    struct hash left = root(leaves, k), right = root(leaves + k, count - k);
    return tree_node(&left, &right);
}

static void path(struct log_proof *out, const struct hash *leaves, size_t count, size_t index)
{
    size_t k = 1;
    if (count <= 1) return;
    while (k * 2 < count) k *= 2;
    if (index < k) {
        path(out, leaves, k, index);
        out->hash[out->count++] = root(leaves + k, count - k);
    } else {
        path(out, leaves + k, count - k, index - k);
        out->hash[out->count++] = root(leaves, k);
    }
}

static void grown(struct log_proof *out, const struct hash *leaves, size_t from, size_t count, bool whole)
{
    size_t k = 1;
    if (from == count) {
        if (!whole) out->hash[out->count++] = root(leaves, count);
        return;
    }
    while (k * 2 < count) k *= 2;
    if (from <= k) {
        grown(out, leaves, from, k, whole);
        out->hash[out->count++] = root(leaves + k, count - k);
    } else {
        grown(out, leaves + k, from - k, count - k, false);
        out->hash[out->count++] = root(leaves, k);
    }
}

static struct hash *history(const char *name)
{
    static struct hash room[4][LEAVES];
    static unsigned used;
    struct hash *leaves = room[used++ % 4];
    for (unsigned i = 0; i < LEAVES; i++) leaves[i] = leaf(i < 3 ? "same" : name, i);
    return leaves;
}

static struct buffer head(const struct signer *key, const struct hash *leaves, size_t size, int64_t cosigned)
{
    struct buffer text = {0}, note = {0};
    struct checkpoint checkpoint = {.origin = slice_from("example.org/log"), .size = size, .root = root(leaves, size)};
    checkpoint_format(&text, &checkpoint);
    CHECK(note_sign(&note, buffer_slice(&text), key, NULL) == STATUS_DONE);
    if (cosigned > 0) CHECK(note_cosign_line(&note, buffer_slice(&text), cosigned, &witness, NULL) == STATUS_DONE);
    buffer_clear(&text);
    return note;
}

/* ---- what every kind goes through */

static bool proves(const struct evidence *evidence)
{
    struct error error;
    return evidence_check(evidence, &error) == STATUS_DONE;
}

/* It is written and read as the same, and with any byte changed it is refused, or proves nothing, or says the same. */
static void holds(const struct evidence *evidence)
{
    OWN(buffer_clear) struct buffer line = {0}, again = {0};
    struct error error = {0};
    struct arena arena;
    struct evidence back;
    if (!CHECK(evidence_write(&line, evidence, &error) == STATUS_DONE)) {
        fprintf(stderr, "%s\n", error.sentence);
        return;
    }
    CHECK(evidence_is(buffer_slice(&line)));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    CHECK(evidence_read(&back, buffer_slice(&line), &arena, &error) == STATUS_DONE);
    CHECK(evidence_write(&again, &back, &error) == STATUS_DONE);
    CHECK(slice_equal(buffer_slice(&line), buffer_slice(&again)));
    unsigned long good = 0;
    for (size_t i = 0; i < line.size; i++) {
        line.data[i] ^= 1;
        arena_clear(&arena);
        bool reads = evidence_read(&back, buffer_slice(&line), &arena, &error) == STATUS_DONE;
        if (reads && evidence_check(&back, &error) == STATUS_DONE) {
            good++;
            CHECK(back.kind == evidence->kind); /* a cosigner's line, or a key's name that nothing rests on */
        } else {
            CHECK(error.status == STATUS_REFUSED || error.status == STATUS_UNVERIFIED);
        }
        line.data[i] ^= 1;
    }
    CHECK(good < line.size / 4);
    arena_clear(&arena);
}

static struct evidence about(enum evidence_kind kind)
{
    start();
    struct evidence evidence = {.kind = kind, .keys = 3};
    evidence.key[0] = log_key.verifier;
    evidence.key[1] = witness.verifier;
    evidence.key[2] = author.verifier;
    return evidence;
}

static void forks_of_one_size(void)
{
    struct evidence e = about(EVIDENCE_FORK);
    const struct hash *a = history("a"), *b = history("b");
    OWN(buffer_clear) struct buffer first = head(&log_key, a, 7, 0), second = head(&log_key, b, 7, 0);
    OWN(buffer_clear) struct buffer before = head(&log_key, a, 3, 0), same = head(&log_key, b, 3, 0);
    OWN(buffer_clear) struct buffer foreign = head(&other_key, b, 7, 0);
    e.first = buffer_slice(&first), e.second = buffer_slice(&second);
    holds(&e);
    e.second = buffer_slice(&foreign);
    CHECK(!proves(&e));
    e.first = buffer_slice(&before), e.second = buffer_slice(&same);
    CHECK(!proves(&e)); /* the histories part later */
    e.second = buffer_slice(&second);
    CHECK(!proves(&e)); /* of two sizes, and nothing shown */
    e.keys = 0;
    CHECK(!proves(&e));
}

static void forks_of_two_sizes(void)
{
    struct evidence e = about(EVIDENCE_FORK);
    const struct hash *a = history("a"), *b = history("b");
    OWN(buffer_clear) struct buffer first = head(&log_key, a, 5, 0), second = head(&log_key, b, 8, 0);
    OWN(buffer_clear) struct buffer honest = head(&log_key, a, 8, 0);
    e.first = buffer_slice(&first), e.second = buffer_slice(&second);
    e.has_other = true, e.other = root(b, 5);
    grown(&e.proof, b, 5, 8, true);
    holds(&e);
    e.other = root(a, 5);
    CHECK(!proves(&e));
    e.second = buffer_slice(&honest);
    e.proof.count = 0;
    grown(&e.proof, a, 5, 8, true);
    CHECK(!proves(&e)); /* that is how an honest log grows */
}

static struct buffer promised(uint64_t index, const struct hash *of, int64_t merge_by_ms)
{
    struct buffer note = {0};
    struct promise promise = {.origin = slice_from("example.org/log"),
                              .index = index,
                              .leaf = *of,
                              .received_ms = merge_by_ms - 1000,
                              .merge_by_ms = merge_by_ms};
    CHECK(promise_sign(&note, &promise, &log_key, NULL) == STATUS_DONE);
    return note;
}

static void broken_promises(void)
{
    struct evidence e = about(EVIDENCE_PROMISE);
    const struct hash *a = history("a"), *b = history("b");
    OWN(buffer_clear) struct buffer promise = promised(5, &a[5], 1000000);
    OWN(buffer_clear) struct buffer with = head(&log_key, b, 8, 0), kept = head(&log_key, a, 8, 0);
    e.promise = buffer_slice(&promise), e.checkpoint = buffer_slice(&with);
    e.has_leaf = true, e.leaf = b[5];
    path(&e.proof, b, 8, 5);
    holds(&e);
    e.checkpoint = buffer_slice(&kept), e.leaf = a[5], e.proof.count = 0;
    path(&e.proof, a, 8, 5);
    CHECK(!proves(&e));
    e.leaf = a[4]; /* another entry, but it stands elsewhere */
    CHECK(!proves(&e));

    OWN(buffer_clear) struct buffer late = head(&log_key, a, 5, 1000 + EVIDENCE_CLOCKS_S + 1);
    OWN(buffer_clear) struct buffer soon = head(&log_key, a, 5, 1000 + EVIDENCE_CLOCKS_S);
    OWN(buffer_clear) struct buffer there = head(&log_key, a, 6, 2000 + EVIDENCE_CLOCKS_S);
    e.has_leaf = false, e.proof.count = 0, e.checkpoint = buffer_slice(&late);
    holds(&e);
    e.checkpoint = buffer_slice(&soon);
    CHECK(!proves(&e));
    e.checkpoint = buffer_slice(&there);
    CHECK(!proves(&e));
}

static void times_that_cannot_be(void)
{
    struct evidence e = about(EVIDENCE_RECEIVED);
    struct hash leaves[LEAVES];
    memcpy(leaves, history("a"), sizeof leaves);
    static const char entry[] = "received 5000000\nnote\n\nx\n"; /* at 5,000 s */
    leaves[6] = tree_leaf(slice_from(entry));
    OWN(buffer_clear) struct buffer now = head(&log_key, leaves, 8, 4000), fair = head(&log_key, leaves, 8, 4800);
    e.entry = slice_from(entry), e.index = 6;
    path(&e.proof, leaves, 8, 6);
    e.checkpoint = buffer_slice(&now);
    holds(&e); /* seen in the log a thousand seconds before it was received */
    e.checkpoint = buffer_slice(&fair);
    CHECK(!proves(&e)); /* clocks may be that far apart */
}

static struct buffer record(const char *text, int64_t seq)
{
    struct buffer object = {0}, note = {0};
    struct arena arena;
    struct error error = {0};
    const struct json *json;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    buffer_print(
        &object,
        "{\"at\":\"2016-09-19T00:00:00Z\",\"by\":\"north\",\"key\":\"%08x\",\"kind\":\"question\",\"register\":"
        "\"example.org/log#0123456789abcdef\",\"seq\":%lld,%s\"text\":{\"en\":\"%s\",\"original\":\"en\"},"
        "\"to\":[\"south\"],\"v\":1,\"written\":\"2016-09-19T00:00:00Z\"}",
        author.verifier.id, (long long)seq,
        seq == 0 ? "" : "\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\",", text);
    CHECK(json_read(&json, buffer_slice(&object), JSON_RELAXED, &arena, &error) == STATUS_DONE);
    if (!CHECK(record_sign(&note, json, &author, &error) == STATUS_DONE)) fprintf(stderr, "%s\n", error.sentence);
    arena_clear(&arena);
    buffer_clear(&object);
    return note;
}

/* An entry that anchors a head, by the bytes of its lines. */
static struct buffer anchored(struct slice head_note, const char *received)
{
    struct buffer entry = {0};
    OWN(buffer_clear) struct buffer object = {0}, signed_note = {0};
    struct arena arena;
    struct note note;
    struct checkpoint checkpoint;
    struct truce_buffer fields = {0};
    struct truce_error why;
    struct error error = {0};
    const struct json *json;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    CHECK(note_parse(&note, head_note, NULL) == STATUS_DONE);
    CHECK(checkpoint_parse(&checkpoint, note.text, NULL) == STATUS_DONE);
    CHECK(truce_anchor((const char *)head_note.data, head_note.size, &fields, &why) == TRUCE_DONE);
    buffer_print(&object,
                 "{\"by\":\"north\",\"key\":\"%08x\",\"kind\":\"anchor\",\"register\":"
                 "\"example.org/log#0123456789abcdef\",\"seq\":0,\"v\":1,\"written\":\"2016-09-19T00:00:00Z\",%.*s",
                 author.verifier.id, (int)fields.size - 1, fields.data + 1);
    CHECK(json_read(&json, buffer_slice(&object), JSON_RELAXED, &arena, &error) == STATUS_DONE);
    if (!CHECK(record_sign(&signed_note, json, &author, &error) == STATUS_DONE))
        fprintf(stderr, "%s\n", error.sentence);
    buffer_print(&entry, "received %s\n", received);
    buffer_put(&entry, buffer_slice(&signed_note));
    truce_free(&fields);
    arena_clear(&arena);
    return entry;
}

/* Entry 5 is an anchor of the head of size 4, cosigned then; entry 6 says it was received at 5,000 s. */
static bool backdated(struct evidence *e, int64_t cosigned, const struct signer *key, uint64_t anchor_at,
                      uint64_t entry_at)
{
    static struct buffer anchor, now;
    static const char entry[] = "received 5000000\nnote\n\nx\n";
    static struct hash leaves[LEAVES];
    memcpy(leaves, history("a"), sizeof leaves);
    buffer_clear(&anchor), buffer_clear(&now);
    OWN(buffer_clear) struct buffer seen = head(key, leaves, 4, cosigned);
    anchor = anchored(buffer_slice(&seen), "5000000");
    leaves[anchor_at] = tree_leaf(buffer_slice(&anchor));
    if (entry_at != anchor_at) leaves[entry_at] = tree_leaf(slice_from(entry));
    now = head(&log_key, leaves, 8, 0);
    *e = about(EVIDENCE_RECEIVED);
    e->checkpoint = buffer_slice(&now);
    e->entry = entry_at == anchor_at ? buffer_slice(&anchor) : slice_from(entry), e->index = entry_at;
    path(&e->proof, leaves, 8, entry_at);
    e->anchor = buffer_slice(&anchor), e->anchor_index = anchor_at;
    path(&e->anchor_proof, leaves, 8, anchor_at);
    return proves(e);
}

static void backdated_behind_an_anchor(void)
{
    struct evidence e;
    start();
    CHECK(backdated(&e, 5301, &log_key, 5, 6));
    holds(&e);
    CHECK(!backdated(&e, 5300, &log_key, 5, 6));   /* clocks may be that far apart */
    CHECK(!backdated(&e, 5301, &log_key, 6, 5));   /* it stands before the anchor */
    CHECK(!backdated(&e, 5301, &other_key, 5, 6)); /* not a head of this log */
    CHECK(backdated(&e, 5301, &log_key, 5, 5));    /* the anchor itself */
    CHECK(backdated(&e, 5301, &log_key, 5, 6));
    e.anchor_proof.hash[0].bytes[0] ^= 1;
    CHECK(!proves(&e)); /* not in the log */
    CHECK(backdated(&e, 5301, &log_key, 5, 6));
    e.keys = 1;
    CHECK(!proves(&e)); /* of a cosigner that nobody names */
    OWN(buffer_clear) struct buffer line = {0};
    CHECK(backdated(&e, 5301, &log_key, 5, 6));
    e.anchor = e.entry, e.anchor_index = e.index, e.anchor_proof = e.proof;
    CHECK(!proves(&e)); /* no anchor */
    CHECK(evidence_write(&line, &e, NULL) == STATUS_UNVERIFIED);
}

static void authors_who_say_two_things(void)
{
    struct evidence e = about(EVIDENCE_EQUIVOCATION);
    OWN(buffer_clear) struct buffer first = record("Who?", 4), second = record("Where?", 4), next = record("Where?", 5);
    e.first = buffer_slice(&first), e.second = buffer_slice(&second);
    holds(&e);
    e.second = buffer_slice(&next);
    CHECK(!proves(&e));
    e.second = buffer_slice(&first);
    CHECK(!proves(&e));
    e.second = buffer_slice(&second), e.keys = 2;
    CHECK(!proves(&e));
}

static void refusals_name_their_note(void)
{
    struct evidence e = about(EVIDENCE_REFUSAL);
    static const char note[] = "whatever came\n";
    struct refusal refusal = {.origin = slice_from("example.org/log"),
                              .code = slice_from("record-note"),
                              .submitted = hash_of(slice_from(note)),
                              .at_ms = 5};
    OWN(buffer_clear) struct buffer said = {0};
    CHECK(refusal_sign(&said, &refusal, &log_key, NULL) == STATUS_DONE);
    e.refusal = buffer_slice(&said), e.note = slice_from(note);
    holds(&e);
    e.note = slice_from("another\n");
    CHECK(!proves(&e));
}

static void forms_are_strict(void)
{
    static const char *const bad[] = {
        "",
        "\n",
        "[]\n",
        "{}\n",
        "{\"evidence\":\"fork\",\"keys\":[]}\n",
        "{\"evidence\":\"rumour\",\"keys\":[]}\n",
        "{\"evidence\":\"refusal\",\"keys\":[],\"note\":\"QQ==\",\"other\":\"QQ==\",\"refusal\":\"QQ==\"}\n",
        "{\"evidence\":\"refusal\",\"keys\":[],\"note\":\"QQ=\",\"refusal\":\"QQ==\"}\n",
        "{\"evidence\":\"refusal\",\"keys\":[],\"note\":\"QQ==\",\"proof\":[],\"refusal\":\"QQ==\"}\n",
        "{\"evidence\":\"refusal\",\"keys\":[\"x\"],\"note\":\"QQ==\",\"refusal\":\"QQ==\"}\n",
        "{\"evidence\":\"refusal\",\"keys\":[],\"note\":\"QQ==\",\"refusal\":\"QQ==\"}",
        "{\"checkpoint\":\"QQ==\",\"entry\":\"QQ==\",\"evidence\":\"received\",\"index\":1,\"keys\":[]}\n",
        "{\"anchor\":\"QQ==\",\"checkpoint\":\"QQ==\",\"entry\":\"QQ==\",\"evidence\":\"received\",\"index\":1,"
        "\"keys\":[],\"proof\":[]}\n",
        "{\"anchor_index\":1,\"checkpoint\":\"QQ==\",\"entry\":\"QQ==\",\"evidence\":\"received\",\"index\":1,"
        "\"keys\":[],\"proof\":[]}\n",
    };
    struct arena arena;
    struct evidence evidence;
    struct error error;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        CHECK(evidence_read(&evidence, slice_from(bad[i]), &arena, &error) == STATUS_REFUSED);
    static const char good[] = "{\"evidence\":\"refusal\",\"keys\":[],\"note\":\"QQ==\",\"refusal\":\"QQ==\"}\n";
    CHECK(evidence_read(&evidence, slice_from(good), &arena, &error) == STATUS_DONE);
    CHECK(evidence_check(&evidence, &error) == STATUS_UNVERIFIED);
    CHECK_STRING(error.code, "evidence-nothing");
    arena_clear(&arena);
}

/* ---- policies */

static bool trusts(const char *text, const char *const *cosigners, size_t expected)
{
    struct trust policy;
    struct error error = {0};
    struct note note;
    size_t cosignatures;
    OWN(buffer_clear) struct buffer signed_head = head(&log_key, history("a"), 4, 0), line = {0};
    static const char *const names[] = {"w/1", "w/2", "w/3", "w/4"};
    OWN(buffer_clear) struct buffer filled = {0};
    struct buffer body = {0};
    struct checkpoint checkpoint = {.origin = slice_from("example.org/log"), .size = 4, .root = root(history("a"), 4)};
    checkpoint_format(&body, &checkpoint);
    for (const char *c = text; *c != '\0'; c++) { /* %1 … %4 are the witnesses' keys, %L the log's */
        char key[VERIFIER_TEXT_SIZE];
        if (*c != '%') {
            buffer_put_byte(&filled, (uint8_t)*c);
            continue;
        }
        struct signer signer = *++c == 'L' ? log_key : make(names[*c - '1'], true);
        verifier_format(&signer.verifier, key);
        buffer_put_string(&filled, key);
    }
    for (; *cosigners != NULL; cosigners++) {
        struct signer signer = make(*cosigners, true);
        CHECK(note_cosign_line(&signed_head, buffer_slice(&body), 7, &signer, NULL) == STATUS_DONE);
    }
    buffer_clear(&body);
    if (!CHECK(trust_read(&policy, buffer_slice(&filled), &error) == STATUS_DONE)) {
        fprintf(stderr, "%s\n", error.sentence);
        return false;
    }
    CHECK(note_parse(&note, buffer_slice(&signed_head), NULL) == STATUS_DONE);
    bool yes = trust_allows(&policy, &note, &cosignatures);
    CHECK_INT(cosignatures, expected);
    return yes;
}

static void policies_count_quorums(void)
{
    start();
    static const char flat[] = "# ours\nlog %L https://example.org/\n\twitness a %1 https://a.example/\nwitness b %2\n"
                               "witness c %3\ngroup all 2 a b c\nquorum all\n";
    static const char nested[] = "log %L\nwitness a %1\nwitness b %2\nwitness c %3\nwitness d %4\ngroup x any a b\n"
                                 "group y all c d\ngroup z all x y\nquorum z\n";
    CHECK(!trusts(flat, (const char *const[]){"w/1", NULL}, 1));
    CHECK(!trusts(flat, (const char *const[]){"w/1", "w/1", NULL}, 1)); /* twice the same is once */
    CHECK(!trusts(flat, (const char *const[]){"w/1", "w/4", NULL}, 1));
    CHECK(trusts(flat, (const char *const[]){"w/3", "w/1", NULL}, 2));
    CHECK(!trusts(nested, (const char *const[]){"w/1", "w/2", "w/3", NULL}, 3));
    CHECK(trusts(nested, (const char *const[]){"w/2", "w/3", "w/4", NULL}, 3));
    CHECK(trusts("log %L\nquorum none\n", (const char *const[]){NULL}, 0));
    CHECK(trusts("witness a %1\nquorum a", (const char *const[]){"w/1", NULL}, 1)); /* the log is the caller's */
}

static void policies_are_strict(void)
{
    start();
    char log[VERIFIER_TEXT_SIZE], one[VERIFIER_TEXT_SIZE], text[2048];
    struct signer first = make("w/1", true);
    verifier_format(&log_key.verifier, log);
    verifier_format(&first.verifier, one);
    static const char *const bad[] = {
        "",
        "quorum\n",
        "quorum a\n",
        "quorum none\nquorum none\n",
        "quorum none more\n",
        "witness a %s\nquorum none\n",    /* a log's key */
        "log %s\nlog %s\nquorum none\n",  /* twice */
        "group g any\nquorum g\n",        /* nobody */
        "witness none %s\nquorum none\n", /* taken */
        "log %s\nquorum none\n\x01",      /* a control */
        "log %s\nwhatever\nquorum none\n",
    };
    struct trust policy;
    struct error error;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        snprintf(text, sizeof text, bad[i], log, log);
        CHECK(trust_read(&policy, slice_from(text), &error) == STATUS_REFUSED);
        CHECK_STRING(error.code, "policy-form");
        CHECK(error.offset >= 0 && (size_t)error.offset <= strlen(text));
    }
    static const char *const groups[] = {"group g 0 a\n",
                                         "group g 2 a\n",
                                         "group g 01 a\n",
                                         "group g any a a\n",
                                         "group g any b\n",
                                         "group a any a\n",
                                         "group g any a\ngroup h any a\n"};
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        snprintf(text, sizeof text, "witness a %s\n%squorum none\n", one, groups[i]);
        CHECK(trust_read(&policy, slice_from(text), &error) == STATUS_REFUSED);
    }
}

TESTS(forks_of_one_size, forks_of_two_sizes, broken_promises, times_that_cannot_be, backdated_behind_an_anchor,
      authors_who_say_two_things, refusals_name_their_note, forms_are_strict, policies_count_quorums,
      policies_are_strict)
