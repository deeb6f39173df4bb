#include "register/evidence.h"

#include "json/write.h"
#include "log/tree.h"
#include "record/anchor.h"
#include "register/register.h"

#include <stdio.h>

/* ---- the form: a table of members, in the order of their keys */

enum member_type { MEMBER_BYTES, MEMBER_HASH, MEMBER_INDEX, MEMBER_KEYS, MEMBER_KIND, MEMBER_PROOF };

static const struct member_form {
    const char *name;
    enum member_type type;
    size_t at, flag; /* in struct evidence; the flag says that a hash is there */
} members[] = {
#define BYTES(field)                                                                                                   \
    {                                                                                                                  \
#field, MEMBER_BYTES, offsetof(struct evidence, field), 0                                                      \
    }
#define AT(field, type)                                                                                                \
    {                                                                                                                  \
#field, type, offsetof(struct evidence, field), 0                                                              \
    }
    BYTES(anchor),
    AT(anchor_index, MEMBER_INDEX),
    AT(anchor_proof, MEMBER_PROOF),
    BYTES(checkpoint),
    BYTES(entry),
    {"evidence", MEMBER_KIND, 0, 0},
    BYTES(first),
    AT(index, MEMBER_INDEX),
    {"keys", MEMBER_KEYS, 0, 0},
    {"leaf", MEMBER_HASH, offsetof(struct evidence, leaf), offsetof(struct evidence, has_leaf)},
    BYTES(note),
    {"other", MEMBER_HASH, offsetof(struct evidence, other), offsetof(struct evidence, has_other)},
    BYTES(promise),
    AT(proof, MEMBER_PROOF),
    BYTES(refusal),
    BYTES(second),
#undef BYTES
#undef AT
};

/* Which members a kind has: those that must stand, and those that may. */
static const struct kind_form {
    const char *name, *needs[4], *may[4];
} kinds[] = {
    [EVIDENCE_FORK] = {"fork", {"first", "second"}, {"other", "proof"}},
    [EVIDENCE_EQUIVOCATION] = {"equivocation", {"first", "second"}, {NULL}},
    [EVIDENCE_PROMISE] = {"promise", {"checkpoint", "promise"}, {"leaf", "proof"}},
    [EVIDENCE_RECEIVED] = {"received",
                           {"checkpoint", "entry", "index", "proof"},
                           {"anchor", "anchor_index", "anchor_proof"}},
    [EVIDENCE_REFUSAL] = {"refusal", {"note", "refusal"}, {NULL}},
};

const char *evidence_name(enum evidence_kind kind)
{
    return kinds[kind].name;
}

static bool named(const char *const list[4], struct slice name)
{
    for (unsigned i = 0; i < 4 && list[i] != NULL; i++)
        if (slice_is(name, list[i])) return true;
    return false;
}

static bool takes(enum evidence_kind kind, struct slice name)
{
    return slice_is(name, "evidence") || slice_is(name, "keys") || named(kinds[kind].needs, name) ||
           named(kinds[kind].may, name);
}

static struct slice *bytes_at(struct evidence *evidence, const struct member_form *member)
{
    return (struct slice *)(void *)((char *)evidence + member->at);
}

static uint64_t *index_at(struct evidence *evidence, const struct member_form *member)
{
    return (uint64_t *)(void *)((char *)evidence + member->at);
}

static struct log_proof *proof_at(struct evidence *evidence, const struct member_form *member)
{
    return (struct log_proof *)(void *)((char *)evidence + member->at);
}

static struct hash *hash_at(struct evidence *evidence, const struct member_form *member, bool **there)
{
    *there = (bool *)(void *)((char *)evidence + member->flag);
    return (struct hash *)(void *)((char *)evidence + member->at);
}

/* Of index and proof: is there something that they belong to? */
static bool belongs(const struct evidence *evidence, const struct member_form *member)
{
    if (slice_starts(slice_from(member->name), "anchor_")) return evidence->anchor.data != NULL;
    return evidence->kind == EVIDENCE_RECEIVED || evidence->has_leaf || evidence->has_other;
}

/* ---- writing */

static void put_base64(struct json_writer *w, struct slice bytes)
{
    OWN(buffer_clear) struct buffer text = {0};
    char *room = (char *)buffer_reserve(&text, BASE64_SIZE(bytes.size));
    if (room == NULL) {
        w->out->failed = true;
        return;
    }
    base64_format(room, BASE64_SIZE(bytes.size), bytes);
    json_put_string(w, room);
}

static void put_keys(struct json_writer *w, const struct evidence *evidence)
{
    json_put_array(w);
    for (size_t i = 0; i < evidence->keys; i++) {
        char text[VERIFIER_TEXT_SIZE];
        verifier_format(&evidence->key[i], text);
        json_put_string(w, text);
    }
    json_put_close(w);
}

static void put_proof(struct json_writer *w, const struct log_proof *proof)
{
    json_put_array(w);
    for (size_t i = 0; i < proof->count; i++) put_base64(w, slice_of(proof->hash[i].bytes, HASH_BYTES));
    json_put_close(w);
}

static void put_member(struct json_writer *w, struct evidence *evidence, const struct member_form *member)
{
    bool *there = NULL;
    switch (member->type) {
    case MEMBER_BYTES:
        if (bytes_at(evidence, member)->data == NULL) return;
        json_put_key(w, member->name), put_base64(w, *bytes_at(evidence, member));
        return;
    case MEMBER_HASH: {
        const struct hash *hash = hash_at(evidence, member, &there);
        if (!*there) return;
        json_put_key(w, member->name), put_base64(w, slice_of(hash->bytes, HASH_BYTES));
        return;
    }
    case MEMBER_INDEX:
        if (!belongs(evidence, member)) return;
        json_put_key(w, member->name), json_put_integer(w, (int64_t)*index_at(evidence, member));
        return;
    case MEMBER_KEYS: json_put_key(w, member->name), put_keys(w, evidence); return;
    case MEMBER_KIND: json_put_key(w, member->name), json_put_string(w, kinds[evidence->kind].name); return;
    case MEMBER_PROOF:
        if (!belongs(evidence, member)) return;
        json_put_key(w, member->name), put_proof(w, proof_at(evidence, member));
        return;
    }
}

enum status evidence_write(struct buffer *out, const struct evidence *evidence, struct error *error)
{
    struct json_writer w;
    struct evidence copy = *evidence;
    TRY(evidence_check(evidence, error));
    json_write_open(&w, out);
    json_put_object(&w);
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if (takes(evidence->kind, slice_from(members[i].name))) put_member(&w, &copy, &members[i]);
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    buffer_put_byte(out, '\n');
    return buffer_finish(out, error);
}

/* ---- reading */

static enum status bad_form(struct error *error, const char *sentence, struct slice member)
{
    char pointer[40] = "/";
    memcpy(pointer + 1, member.data == NULL ? (const uint8_t *)"" : member.data, member.size < 32 ? member.size : 32);
    return error_at(error, error_set(error, STATUS_REFUSED, "evidence-form", sentence, error_slice(member).text, NULL),
                    member.size == 0 ? "" : pointer);
}

static bool read_base64(struct slice *out, const struct json *value, struct arena *arena)
{
    if (value->type != JSON_STRING) return false;
    size_t size, room = value->string.size / 4 * 3 + 3;
    uint8_t *bytes = arena_get(arena, room);
    if (bytes == NULL || !base64_parse(bytes, room, &size, value->string) || size == 0) return false;
    *out = slice_of(bytes, size);
    return true;
}

static bool read_hash(struct hash *out, const struct json *value)
{
    size_t size;
    return value->type == JSON_STRING && base64_parse(out->bytes, HASH_BYTES, &size, value->string) &&
           size == HASH_BYTES;
}

static bool read_keys(struct evidence *out, const struct json *value)
{
    if (value->type != JSON_ARRAY || value->size > EVIDENCE_KEYS_MOST) return false;
    for (const struct json *key = value->first; key != NULL; key = key->next)
        if (key->type != JSON_STRING || verifier_parse(&out->key[out->keys++], key->string, NULL) != STATUS_DONE)
            return false;
    return true;
}

static bool read_proof(struct log_proof *out, const struct json *value)
{
    if (value->type != JSON_ARRAY || value->size > LOG_PROOF_MOST) return false;
    for (const struct json *hash = value->first; hash != NULL; hash = hash->next)
        if (!read_hash(&out->hash[out->count++], hash)) return false;
    return true;
}

static bool read_member(struct evidence *out, const struct member_form *member, const struct json *value,
                        struct arena *arena)
{
    bool *there = NULL;
    switch (member->type) {
    case MEMBER_BYTES: return read_base64(bytes_at(out, member), value, arena);
    case MEMBER_HASH: {
        struct hash *hash = hash_at(out, member, &there);
        return *there = read_hash(hash, value);
    }
    case MEMBER_INDEX:
        *index_at(out, member) = value->type == JSON_INTEGER && value->integer >= 0 ? (uint64_t)value->integer : 0;
        return value->type == JSON_INTEGER && value->integer >= 0;
    case MEMBER_KEYS: return read_keys(out, value);
    case MEMBER_KIND: return true;
    case MEMBER_PROOF: return read_proof(proof_at(out, member), value);
    }
    return false;
}

static bool kind_find(enum evidence_kind *out, struct slice name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (slice_is(name, kinds[i].name)) {
            *out = (enum evidence_kind)i;
            return true;
        }
    return false;
}

static enum status read_members(struct evidence *out, const struct json *object, struct arena *arena,
                                struct error *error)
{
    if (!kind_find(&out->kind, json_find_string(object, "evidence")))
        return bad_form(error, "There is no evidence of this kind.", slice_from("evidence"));
    for (unsigned i = 0; i < 4 && kinds[out->kind].needs[i] != NULL; i++)
        if (json_find(object, kinds[out->kind].needs[i]) == NULL)
            return bad_form(error, "Evidence of this kind needs the member \"{0}\".",
                            slice_from(kinds[out->kind].needs[i]));
    for (const struct json *value = object->first; value != NULL; value = value->next) {
        const struct member_form *member = members, *end = members + COUNT_OF(members);
        while (member < end && !slice_is(value->key, member->name)) member++;
        if (member == end || !takes(out->kind, value->key))
            return bad_form(error, "Evidence of this kind has no member \"{0}\".", value->key);
        if (!read_member(out, member, value, arena))
            return bad_form(error, "The member \"{0}\" is not of its form.", value->key);
    }
    for (size_t i = 0; i < COUNT_OF(members); i++)
        if ((members[i].type == MEMBER_PROOF || members[i].type == MEMBER_INDEX) &&
            takes(out->kind, slice_from(members[i].name)) &&
            belongs(out, &members[i]) != (json_find(object, members[i].name) != NULL))
            return bad_form(error, "\"{0}\" belongs to a leaf, a root or an entry that it proves.",
                            slice_from(members[i].name));
    return STATUS_DONE;
}

bool evidence_is(struct slice file)
{
    const uint8_t *end = file.size == 0 ? NULL : memchr(file.data, '\n', file.size);
    return end != NULL && end == file.data + file.size - 1 &&
           memmem(file.data, file.size, "\"evidence\":\"", 12) != NULL;
}

enum status evidence_read(struct evidence *out, struct slice line, struct arena *arena, struct error *error)
{
    const struct json *object;
    *out = (struct evidence){.keys = 0};
    if (line.size > EVIDENCE_BYTES_MOST || line.size == 0 || line.data[line.size - 1] != '\n')
        return bad_form(error, "Evidence is one line of canonical JSON of at most one MiB.", (struct slice){NULL, 0});
    TRY(json_read(&object, slice_part(line, 0, line.size - 1), JSON_CANONICAL, arena, error));
    if (object->type != JSON_OBJECT)
        return bad_form(error, "Evidence is one line of canonical JSON of at most one MiB.", (struct slice){NULL, 0});
    return read_members(out, object, arena, error);
}

/* ---- proving */

static enum status nothing(struct error *error, const char *why)
{
    return error_set(error, STATUS_UNVERIFIED, "evidence-nothing", why, NULL);
}

/* Both signed by one and the same key of that name, of Ed25519, that the evidence names? Two keys of a log are perhaps
 * two hosts of it: what one said does not convict the other. */
static bool signed_by_one(const struct evidence *evidence, const struct note *first, const struct note *second,
                          struct slice name)
{
    bool present;
    for (size_t i = 0; i < evidence->keys; i++)
        if (evidence->key[i].algorithm == NOTE_ED25519 && slice_is(name, evidence->key[i].name) &&
            note_verify(first, &evidence->key[i], &present) && note_verify(second, &evidence->key[i], &present))
            return true;
    return false;
}

static bool signed_by(const struct evidence *evidence, const struct note *note, struct slice name)
{
    return signed_by_one(evidence, note, note, name);
}

/* The earliest or the latest time at which one of the cosigners named says that it saw it; false if none does. */
static bool cosigned_at(const struct evidence *evidence, const struct note *note, bool latest, int64_t *time)
{
    bool any = false, present;
    int64_t at;
    for (size_t i = 0; i < evidence->keys; i++) {
        if (!note_cosigned(note, &evidence->key[i], &present, &at)) continue;
        if (!any || (latest ? at > *time : at < *time)) *time = at;
        any = true;
    }
    return any;
}

struct head {
    struct note note;
    struct checkpoint checkpoint;
};
/* A checkpoint signed by its log, under a key that is named. */
static bool head_read(struct head *out, const struct evidence *evidence, struct slice note)
{
    return note_parse(&out->note, note, NULL) == STATUS_DONE &&
           checkpoint_parse(&out->checkpoint, out->note.text, NULL) == STATUS_DONE &&
           signed_by(evidence, &out->note, out->checkpoint.origin);
}

static enum status check_fork(const struct evidence *e, struct error *error)
{
    struct head first, second;
    if (!head_read(&first, e, e->first) || !head_read(&second, e, e->second))
        return nothing(error, "It does not hold two heads signed by their log's key.");
    if (!slice_equal(first.checkpoint.origin, second.checkpoint.origin))
        return nothing(error, "The two heads are of different logs.");
    if (!signed_by_one(e, &first.note, &second.note, first.checkpoint.origin))
        return nothing(error, "The two heads are not signed by one key of the log: its host may have changed.");
    bool same = hash_equal(&first.checkpoint.root, &second.checkpoint.root);
    if (first.checkpoint.size == second.checkpoint.size)
        return same ? nothing(error, "The two heads say the same.") : STATUS_DONE;
    if (first.checkpoint.size > second.checkpoint.size || !e->has_other)
        return nothing(error, "Of heads of two sizes the smaller stands first, with the other root that the larger "
                              "tree has at its size.");
    if (hash_equal(&e->other, &first.checkpoint.root))
        return nothing(error, "The larger tree has the very root of the smaller head.");
    if (!tree_verify_consistency(first.checkpoint.size, &e->other, second.checkpoint.size, &second.checkpoint.root,
                                 &e->proof))
        return nothing(error, "The other root is not shown to be of the larger tree.");
    return STATUS_DONE;
}

static bool record_read(struct record *out, const struct evidence *e, struct slice note, struct arena *arena)
{
    if (record_decode(out, note, arena, NULL) != STATUS_DONE) return false;
    for (size_t i = 0; i < e->keys; i++)
        if (e->key[i].id == out->key_id && slice_is(out->by, e->key[i].name) && record_verify(out, &e->key[i]))
            return true;
    return false;
}

static enum status check_equivocation(const struct evidence *e, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct record first, second;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (!record_read(&first, e, e->first, &arena) || !record_read(&second, e, e->second, &arena))
        return nothing(error, "It does not hold two records signed by their author.");
    if (!slice_equal(first.register_name, second.register_name) || !slice_equal(first.by, second.by) ||
        first.key_id != second.key_id || first.seq != second.seq)
        return nothing(error, "The two records do not claim the same place in one chain.");
    if (record_id_equal(&first.id, &second.id)) return nothing(error, "The two records are one.");
    return STATUS_DONE;
}

static enum status check_promise(const struct evidence *e, struct error *error)
{
    struct note note;
    struct promise promise;
    struct head head;
    int64_t time = 0;
    if (note_parse(&note, e->promise, NULL) != STATUS_DONE || promise_parse(&promise, note.text, NULL) != STATUS_DONE ||
        !signed_by(e, &note, promise.origin))
        return nothing(error, "It does not hold a promise signed by the log's key.");
    if (!head_read(&head, e, e->checkpoint) || !slice_equal(head.checkpoint.origin, promise.origin))
        return nothing(error, "It does not hold a head signed by the same log.");
    if (!signed_by_one(e, &note, &head.note, promise.origin))
        return nothing(error, "Promise and head are not signed by one key of the log: its host may have changed.");
    if (!e->has_leaf) { /* the promised entry is not in a tree that was seen after its time */
        if (head.checkpoint.size > promise.index || !cosigned_at(e, &head.note, true, &time) ||
            time - EVIDENCE_CLOCKS_S <= promise.merge_by_ms / 1000)
            return nothing(error, "No cosigner saw the log without the promised entry after its time was over.");
        return STATUS_DONE;
    }
    if (hash_equal(&e->leaf, &promise.leaf)) return nothing(error, "The promised entry stands in its place.");
    if (!tree_verify_inclusion(&e->leaf, promise.index, head.checkpoint.size, &e->proof, &head.checkpoint.root))
        return nothing(error, "It is not shown that another entry stands in the promised place.");
    return STATUS_DONE;
}

static bool stands_in(const struct head *head, struct slice entry, uint64_t index, const struct log_proof *proof)
{
    struct hash leaf = tree_leaf(entry);
    return tree_verify_inclusion(&leaf, index, head->checkpoint.size, proof, &head->checkpoint.root);
}

/* By when one of the cosigners named had seen the log as it was before the anchor, which is itself in the log. */
static bool anchored_at(const struct evidence *e, struct slice origin, int64_t *time)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer bytes = {0};
    struct record record;
    struct slice note;
    struct note seen;
    int64_t received_ms;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    return entry_parse(&received_ms, &note, e->anchor, NULL) == STATUS_DONE &&
           record_decode(&record, note, &arena, NULL) == STATUS_DONE && strcmp(record.kind->name, "anchor") == 0 &&
           anchor_note(&bytes, origin, record.body, NULL) == STATUS_DONE &&
           note_parse(&seen, buffer_slice(&bytes), NULL) == STATUS_DONE && signed_by(e, &seen, origin) &&
           cosigned_at(e, &seen, true, time);
}

/* The entry claims to have been received before a cosigner signed what an earlier entry (or itself) holds, or after one
 * saw it in the log. That a cosigner had not seen it yet tells nothing: nobody need have shown it the newest head. */
static enum status check_received(const struct evidence *e, struct error *error)
{
    struct head head;
    int64_t received_ms, time = 0;
    struct slice note;
    if (entry_parse(&received_ms, &note, e->entry, NULL) != STATUS_DONE)
        return nothing(error, "It holds no entry of a log.");
    if (!head_read(&head, e, e->checkpoint) || !stands_in(&head, e->entry, e->index, &e->proof))
        return nothing(error, "The entry is not shown to be in the log.");
    int64_t received = received_ms / 1000;
    if (e->anchor.data == NULL) {
        if (cosigned_at(e, &head.note, false, &time) && received > time + EVIDENCE_CLOCKS_S) return STATUS_DONE;
        return nothing(error, "No cosigner saw the entry before the time at which it claims to have been received.");
    }
    if (e->anchor_index > e->index || !stands_in(&head, e->anchor, e->anchor_index, &e->anchor_proof))
        return nothing(error, "The anchor is not shown to stand in the log before the entry.");
    if (anchored_at(e, head.checkpoint.origin, &time) && received < time - EVIDENCE_CLOCKS_S) return STATUS_DONE;
    return nothing(error, "The anchor tells of no cosigner who signed after the entry claims to have been received.");
}

static enum status check_refusal(const struct evidence *e, struct error *error)
{
    struct note note;
    struct refusal refusal;
    if (note_parse(&note, e->refusal, NULL) != STATUS_DONE || refusal_parse(&refusal, note.text, NULL) != STATUS_DONE ||
        !signed_by(e, &note, refusal.origin))
        return nothing(error, "It does not hold a refusal signed by the log's key.");
    struct hash submitted = hash_of(e->note);
    if (!hash_equal(&submitted, &refusal.submitted)) return nothing(error, "Another note was refused.");
    return STATUS_DONE;
}

enum status evidence_check(const struct evidence *evidence, struct error *error)
{
    switch (evidence->kind) {
    case EVIDENCE_FORK: return check_fork(evidence, error);
    case EVIDENCE_EQUIVOCATION: return check_equivocation(evidence, error);
    case EVIDENCE_PROMISE: return check_promise(evidence, error);
    case EVIDENCE_RECEIVED: return check_received(evidence, error);
    case EVIDENCE_REFUSAL: return check_refusal(evidence, error);
    }
    return nothing(error, "There is no evidence of this kind.");
}

/* ---- keeping */

void evidence_place(struct slice line, char out[EVIDENCE_PLACE_SIZE])
{
    char hex[HASH_HEX_SIZE];
    struct hash hash = hash_of(line);
    hash_format(&hash, hex);
    snprintf(out, EVIDENCE_PLACE_SIZE, "peers/evidence/%.32s.json", hex);
}

enum status evidence_keep(const struct system *system, const char *directory, struct slice line, struct error *error)
{
    static const char *const folders[] = {"peers", "peers/evidence"};
    char path[REGISTER_PATH_SIZE], name[EVIDENCE_PLACE_SIZE];
    OWN(buffer_clear) struct buffer kept = {0};
    bool there;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        TRY(register_path(path, directory, folders[i], error));
        TRY(directory_make(system, path, error));
    }
    evidence_place(line, name);
    TRY(register_path(path, directory, name, error));
    TRY(file_read_if_there(system, path, EVIDENCE_BYTES_MOST, &kept, &there, error));
    return there ? STATUS_DONE : file_create(system, path, line, 0644, error);
}

enum status evidence_keep_both(const struct system *system, const char *directory, const struct verifier *author,
                               struct slice first, struct slice second, struct error *error)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct evidence evidence = {.kind = EVIDENCE_EQUIVOCATION, .first = first, .second = second, .keys = 1};
    if (author == NULL) return STATUS_DONE;
    evidence.key[0] = *author;
    if (evidence_write(&line, &evidence, NULL) != STATUS_DONE) return STATUS_DONE;
    return evidence_keep(system, directory, buffer_slice(&line), error);
}
