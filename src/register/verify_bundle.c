/* A bundle verified: its entries lead to its signed head; put into a log of their own they are judged again, each of
 * them, and the question asked of that log has the very answer that the bundle gives, byte for byte. */
#include "register/bundle.h"
#include "register/scratch.h"
#include "register/verifying.h"

#include "log/checkpoint.h"
#include "log/tree.h"

#include <stdio.h>
#include <unistd.h>

enum { GROUP = 256 };

struct opening {
    struct verifying *v;
    struct slice file;
    struct bundle bundle;
    struct bundle_question question;
    struct note note;
    struct checkpoint head;
};

static void found(struct opening *o, const char *code, const char *sentence, const char *argument, struct slice at)
{
    struct error fault;
    int64_t offset = at.data == NULL ? -1 : (int64_t)(at.data - o->file.data);
    enum status status = error_set(&fault, STATUS_UNVERIFIED, code, sentence, argument, NULL);
    if (offset >= 0) status = error_at_offset(&fault, status, offset);
    if (status != STATUS_DONE) verify_found_at(o->v, &fault, o->v->options->path);
}

/* ---- before anything is computed */

static bool leads_to_head(const struct opening *o)
{
    struct tree_edge edge = {.size = 0};
    struct slice rest = o->bundle.entries, entry;
    while (bundle_entry(&rest, &entry)) {
        struct hash leaf = tree_leaf(entry);
        tree_edge_add(&edge, &leaf);
    }
    struct hash root = tree_edge_root(&edge);
    return edge.size == o->bundle.count && edge.size > 0 &&
           tree_verify_consistency(edge.size, &root, o->head.size, &o->head.root, &o->bundle.proof);
}

/* False where there is nothing to be computed again. */
static bool take_apart(struct opening *o)
{
    struct error why;
    uint64_t faults = o->v->faults;
    enum status status = bundle_read(&o->bundle, o->file, &why);
    if (status == STATUS_DONE) {
        status = bundle_question_read(&o->question, o->bundle.question, &why);
        if (status != STATUS_DONE)
            status = error_at_offset(&why, status, (int64_t)(o->bundle.question.data - o->file.data));
    }
    if (status == STATUS_DONE) {
        status = note_parse(&o->note, o->bundle.head, &why);
        if (status == STATUS_DONE) status = checkpoint_parse(&o->head, o->note.text, &why);
        if (status != STATUS_DONE)
            status = error_at_offset(&why, status, (int64_t)(o->bundle.head.data - o->file.data));
    }
    if (status != STATUS_DONE) {
        verify_found_at(o->v, &why, o->v->options->path);
        return false;
    }
    if (o->question.known > o->bundle.count)
        found(o, "bundle-entries", "The bundle has fewer entries than it says were known: {0}.",
              error_number((int64_t)o->bundle.count).text, o->bundle.entries);
    if (!leads_to_head(o))
        found(o, "bundle-entries", "The entries of the bundle do not lead to its signed head.", NULL,
              o->bundle.entries);
    return o->v->faults == faults;
}

/* ---- a log of its own */

static enum status append_all(struct log *log, struct slice rest, struct error *error)
{
    struct slice group[GROUP];
    uint64_t first;
    for (size_t count = 1; count > 0;) {
        for (count = 0; count < GROUP && bundle_entry(&rest, &group[count]);) count++;
        if (count > 0) TRY(log_append(log, group, count, &first, error));
    }
    return STATUS_DONE;
}

static enum status make_log(const struct opening *o, const char *directory, struct error *error)
{
    char path[REGISTER_PATH_SIZE], origin[LIMIT_ORIGIN_BYTES + 1];
    struct log *log;
    snprintf(origin, sizeof origin, "%.*s", SLICE(o->head.origin));
    TRY(register_path(path, directory, "log", error));
    TRY(log_create_following(&system_real, path, slice_from(origin), error));
    TRY(log_open(&log, &system_real, path, LOG_FOLLOW, NULL, error));
    enum status status = append_all(log, o->bundle.entries, error);
    log_close(&log);
    return status;
}

/* ---- whose head it is */

static enum status check_head(struct opening *o, struct truce_register *reg, struct verified *out, struct error *error)
{
    struct verifying *v = o->v;
    struct verifier given;
    bool present;
    const struct verifier *key = members_log_key_at(reg->members, o->head.size);
    if (v->options->key != NULL) {
        TRY(verifier_parse(&given, slice_from(v->options->key), error));
        key = &given;
    }
    out->published = o->head.size;
    if (key == NULL || !slice_is(o->head.origin, key->name) || !note_verify(&o->note, key, &present))
        found(o, "bundle-head", "The signed head of the bundle bears no good signature of its log's key.", NULL,
              o->bundle.head);
    else if (verify_trusts(v, reg, &o->note, &v->cosignatures)) {
        v->trusted = true;
        v->cosigned = o->head.size;
    }
    if (v->has_policy && !v->trusted)
        found(o, "verify-policy", "No signed head of this register satisfies the policy.", NULL, o->bundle.head);
    return STATUS_DONE;
}

/* ---- the answer */

/* The joint verdict, or that of the one reading that was asked for. */
static void take_verdict(const struct opening *o, struct slice answer, struct verified *out)
{
    OWN(arena_clear) struct arena arena;
    const struct json *tree;
    arena_init(&arena, (size_t)BUNDLE_BYTES_MOST);
    if (json_read(&tree, answer, JSON_RELAXED, &arena, NULL) != STATUS_DONE) return;
    const struct json *of = json_find(tree, "why");
    if (o->question.reading[0] != '\0') of = json_find(json_find(of, "readings"), o->question.reading);
    snprintf(out->verdict, sizeof out->verdict, "%.*s", SLICE(json_find_string(of, "verdict")));
}

static void compare(struct opening *o, struct slice computed, struct verified *out)
{
    struct slice said = o->bundle.answer;
    size_t at = 0;
    while (at < said.size && at < computed.size && said.data[at] == computed.data[at]) at++;
    if (at == said.size && at == computed.size)
        take_verdict(o, computed, out);
    else
        found(o, "bundle-differs", "The answer in the bundle is not the one that its own entries give, from here on.",
              NULL, slice_part(said, at, SIZE_MAX));
}

static enum status answer_again(struct opening *o, const char *directory, struct verified *out, struct error *error)
{
    struct truce_register *reg;
    OWN(buffer_clear) struct buffer computed = {0};
    struct error why;
    TRY(register_open(&reg, &system_real, directory, TRUCE_READ, error));
    enum status status = bundle_answer(reg, &o->question, &computed, &why);
    (void)register_close(&reg, NULL);
    if (status == STATUS_DONE) {
        compare(o, buffer_slice(&computed), out);
        return STATUS_DONE;
    }
    if (status == STATUS_FAILED) {
        if (error != NULL) *error = why;
        return status;
    }
    found(o, "bundle-answer", "By its own entries there is no answer to what the bundle was asked ({0}).", why.code,
          o->bundle.question);
    return STATUS_DONE;
}

static enum status verify_in(struct opening *o, const char *directory, struct verified *out, struct error *error)
{
    struct truce_register *reg;
    struct verifier key;
    struct verifying *v = o->v;
    unsigned threads = v->options->threads > 0 ? v->options->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    TRY(make_log(o, directory, error));
    TRY(register_open(&reg, &system_real, directory, TRUCE_READ, error));
    if (verify_genesis_key(reg, &key, out->genesis, NULL) != STATUS_DONE) out->genesis[0] = '\0';
    verify_genesis(v, out);
    enum status status = verify_opened(v, reg, threads, out, error);
    if (status == STATUS_DONE) status = check_head(o, reg, out, error);
    (void)register_close(&reg, NULL);
    return status == STATUS_DONE ? answer_again(o, directory, out, error) : status;
}

enum status verify_bundle(struct verifying *v, struct verified *out, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    char directory[REGISTER_PATH_SIZE];
    TRY(file_read_all(&system_real, v->options->path, BUNDLE_BYTES_MOST, &text, error));
    struct opening o = {.v = v, .file = buffer_slice(&text)};
    if (!take_apart(&o)) return STATUS_DONE;
    buffer_put(&out->bundle, o.bundle.question);
    TRY(buffer_finish(&out->bundle, error));
    TRY(scratch_make(directory, error));
    enum status status = verify_in(&o, directory, out, error);
    scratch_remove(directory);
    return status;
}
