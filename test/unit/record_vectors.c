/* Replays spec/vectors: what any implementation of spec/record.md must say. */
#include "check.h"
#include "log/tree.h"
#include "record/admission.h"
#include "record/effect.h"
#include "vectors.h"

static struct arena arena;
static const char *at_case = "";

static void same(struct slice got, struct slice wanted, const char *what)
{
    if (!CHECK(slice_equal(got, wanted)))
        fprintf(stderr, "    %s: %s: got \"%.*s\", wanted \"%.*s\"\n", at_case, what, SLICE(got), SLICE(wanted));
}

static void name_case(const struct json *one)
{
    static char name[200];
    snprintf(name, sizeof name, "%.*s", SLICE(json_find_string(one, "name")));
    at_case = name;
}

static bool decodes(struct record *record, struct slice note, struct error *error)
{
    *error = (struct error){.code = ""};
    return record_decode(record, note, &arena, error) == STATUS_DONE;
}

static void refused_as(const struct error *error, const struct json *one)
{
    struct slice pointer = json_find_string(one, "pointer");
    same(slice_from(error->code), json_find_string(one, "code"), "code");
    CHECK(error->status == STATUS_REFUSED);
    if (json_find(one, "pointer") != NULL) same(slice_from(error->pointer), pointer, "pointer");
}

static void valid_record(const struct json *one, const struct verifier *key)
{
    struct record record;
    struct error error;
    char id[HASH_HEX_SIZE];
    OWN(buffer_clear) struct buffer again = {0};
    name_case(one);
    if (!CHECK(decodes(&record, vector_bytes(&arena, one, "note_base64"), &error))) {
        fprintf(stderr, "    %s: %s at \"%s\"\n", at_case, error.code, error.pointer);
        return;
    }
    hash_format(&record.id.hash, id);
    same(slice_from(id), json_find_string(one, "id"), "id");
    CHECK(record_verify(&record, key));
    CHECK(record_encode(&again, record.body, &error) == STATUS_DONE);
    same(buffer_slice(&again), record.text, "encoded again");
}

/* A note with a long run of spaces is told in three parts. */
static struct slice invalid_note(const struct json *one)
{
    if (json_find(one, "spaces") == NULL) return vector_bytes(&arena, one, "note_base64");
    OWN(buffer_clear) struct buffer note = {0};
    buffer_put(&note, vector_bytes(&arena, one, "before_base64"));
    for (int64_t i = json_find_integer(one, "spaces", 0); i > 0; i--) buffer_put_byte(&note, ' ');
    buffer_put(&note, vector_bytes(&arena, one, "after_base64"));
    return arena_copy(&arena, buffer_slice(&note));
}

static void records(void)
{
    const struct json *file = vector_file(&arena, "spec/vectors/records.json");
    struct verifier key;
    struct record record;
    struct error error;
    CHECK(verifier_parse(&key, json_find_string(file, "key"), &error) == STATUS_DONE);
    for (const struct json *one = json_find(file, "valid")->first; one != NULL; one = one->next)
        valid_record(one, &key);
    for (const struct json *one = json_find(file, "invalid")->first; one != NULL; one = one->next) {
        name_case(one);
        if (!CHECK(!decodes(&record, invalid_note(one), &error)))
            fprintf(stderr, "    %s is admitted\n", at_case);
        else
            refused_as(&error, one);
    }
}

/* One of every kind stands among the valid ones. */
static void every_kind(void)
{
    const struct json *file = vector_file(&arena, "spec/vectors/records.json");
    for (const struct record_kind *kind = record_kinds; kind->name != NULL; kind++) {
        bool found = false;
        for (const struct json *one = json_find(file, "valid")->first; one != NULL; one = one->next)
            found = found || slice_is(json_find_string(one, "name"), kind->name);
        CHECK(found);
    }
}

static void signatures(void)
{
    const struct json *file = vector_file(&arena, "spec/vectors/signatures.json");
    for (const struct json *one = json_find(file, "cases")->first; one != NULL; one = one->next) {
        struct verifier key;
        struct record record;
        struct error error;
        name_case(one);
        CHECK(verifier_parse(&key, json_find_string(one, "verifier"), &error) == STATUS_DONE);
        if (!CHECK(decodes(&record, vector_bytes(&arena, one, "note_base64"), &error))) continue;
        bool holds = record_verify(&record, &key);
        if (!CHECK(holds == json_find_bool(one, "holds"))) fprintf(stderr, "    %s\n", at_case);
    }
}

/* ---- logs */

enum { LOG_MOST = 64 };
struct small_log {
    struct record record[LOG_MOST];
    int64_t received_ms[LOG_MOST];
    uint64_t size;
};

static const struct record *log_find(void *context, const struct record_id *id)
{
    const struct small_log *log = context;
    for (uint64_t i = 0; i < log->size; i++)
        if (record_id_equal(&log->record[i].id, id)) return &log->record[i];
    return NULL;
}

static uint64_t log_count_day(void *context, struct slice by, int64_t day)
{
    const struct small_log *log = context;
    uint64_t count = 0;
    for (uint64_t i = 0; i < log->size; i++)
        count += slice_equal(log->record[i].by, by) && log->received_ms[i] / 86400000 == day;
    return count;
}

/* The tree over the entries so far, as the log has it. */
static bool log_root_at(void *context, uint64_t size, struct hash *out)
{
    const struct small_log *log = context;
    struct tree_edge edge = {.size = 0};
    for (uint64_t i = 0; i < size; i++) {
        OWN(buffer_clear) struct buffer entry = {0};
        entry_format(&entry, log->received_ms[i], log->record[i].note);
        struct hash leaf = tree_leaf(buffer_slice(&entry));
        tree_edge_add(&edge, &leaf);
    }
    *out = tree_edge_root(&edge);
    return true;
}

static bool note_of(struct record *record, const struct json *file, const struct json *entry)
{
    char name[200];
    struct error error;
    snprintf(name, sizeof name, "%.*s", SLICE(json_find_string(entry, "note")));
    struct slice note = vector_bytes(&arena, json_find(file, "notes"), name);
    bool good = decodes(record, note, &error);
    if (!CHECK(good)) fprintf(stderr, "    %s: %s: %s at %s\n", at_case, name, error.code, error.pointer);
    return good;
}

static void put_watchers(struct buffer *out, const char *what, int64_t quorum, const struct witness_entry *entries,
                         size_t count)
{
    buffer_print(out, "; %s %d of", what, (int)quorum);
    for (size_t i = 0; i < count; i++) buffer_print(out, " %s", entries[i].key.name);
}

/* What an entry left in force, in words. */
static void in_force(const struct members *members, struct slice wanted)
{
    OWN(buffer_clear) struct buffer out = {0};
    const struct policy *policy = members_policy(members);
    const struct witness_policy *watching = members_witnessing(members);
    buffer_print(&out, "log %08x; enrol %d; policy %d; grace %d", members_log_key(members)->id, (int)policy->enrol,
                 (int)policy->change, (int)policy->grace_entries);
    if (policy->has_quota) buffer_print(&out, "; quota %d %d", (int)policy->per_day, (int)policy->reserve);
    put_watchers(&out, "quorum", watching->quorum, watching->witness, watching->witness_count);
    put_watchers(&out, "mirrors", watching->mirror_quorum, watching->mirror, watching->mirror_count);
    buffer_put_string(&out, "; readers");
    for (size_t i = 0; i < members_count(members); i++) {
        const struct reader_key *key;
        struct slice party = members_at(members, i)->party;
        for (size_t n = 0; (key = members_reader(members, party, n)) != NULL; n++)
            buffer_print(&out, " %.*s:%08x", SLICE(party), key->id);
    }
    same(buffer_slice(&out), wanted, "state");
}

static void admission_log(const struct json *file, const struct json *log)
{
    static struct small_log kept;
    struct members *members;
    struct error error;
    kept.size = 0;
    CHECK(members_open(&members, &error) == STATUS_DONE);
    for (const struct json *entry = json_find(log, "entries")->first; entry != NULL; entry = entry->next) {
        struct record record;
        int64_t received = json_find_integer(entry, "received", INT64_C(1473667200000));
        if (!note_of(&record, file, entry)) break;
        struct admission_log asked = {&kept, kept.size, log_find, log_count_day, log_root_at};
        error = (struct error){.code = ""};
        enum status status = admission_check(members, &record, received, &asked, &error);
        if (json_find(entry, "code") != NULL) {
            CHECK(status == STATUS_REFUSED);
            refused_as(&error, entry);
            continue;
        }
        if (!CHECK(status == STATUS_DONE)) {
            fprintf(stderr, "    %s: entry %d: %s\n", at_case, (int)kept.size, error.code);
            break;
        }
        CHECK(members_add(members, kept.size, received, &record, &error) == STATUS_DONE);
        if (json_find(entry, "state") != NULL) in_force(members, json_find_string(entry, "state"));
        kept.record[kept.size] = record;
        kept.received_ms[kept.size++] = received;
    }
    members_close(&members);
}

static void admission(void)
{
    const struct json *file = vector_file(&arena, "spec/vectors/admission.json");
    for (const struct json *log = json_find(file, "logs")->first; log != NULL; log = log->next) {
        name_case(log);
        admission_log(file, log);
    }
}

static void effects_at(const struct effects *effects, const struct json *row)
{
    uint64_t index = 0;
    CHECK_INT(effects_size(effects), row->size);
    for (const struct json *wanted = row->first; wanted != NULL; wanted = wanted->next, index++) {
        char got[64];
        uint64_t cause;
        enum effect effect = effects_of(effects, index, &cause);
        unsigned marks = effects_marks(effects, index);
        snprintf(got, sizeof got, "%s %d%s%s", effect_name(effect), (int)cause,
                 (marks & EFFECT_CONTESTED) != 0 ? " contested" : "", (marks & EFFECT_LATE) != 0 ? " late" : "");
        same(slice_from(got), wanted->string, "effect");
    }
}

static void fault_met(void *context, enum chain_fault fault, uint64_t index, uint64_t other)
{
    static const char *const names[] = {"equivocation", "gap", "prev"};
    const struct json **wanted = context;
    char got[64];
    snprintf(got, sizeof got, "%s %d %d", names[fault], (int)index, (int)other);
    same(slice_from(got), *wanted == NULL ? slice_from("nothing") : (*wanted)->string, "chain");
    if (*wanted != NULL) *wanted = (*wanted)->next;
}

static void effect(void)
{
    const struct json *file = vector_file(&arena, "spec/vectors/effect.json");
    for (const struct json *log = json_find(file, "logs")->first; log != NULL; log = log->next) {
        struct effects *effects;
        struct members *members;
        struct error error;
        bool with_members = json_find_bool(log, "members");
        const struct json *row = json_find(log, "at")->first;
        name_case(log);
        CHECK(effects_open(&effects, &error) == STATUS_DONE && members_open(&members, &error) == STATUS_DONE);
        for (const struct json *entry = json_find(log, "entries")->first; entry != NULL && CHECK(row != NULL);
             entry = entry->next, row = row->next) {
            struct record record;
            if (!note_of(&record, file, entry)) break;
            if (with_members) {
                CHECK(members_add(members, effects_size(effects), 0, &record, &error) == STATUS_DONE);
                CHECK(effects_follow(effects, members, &error) == STATUS_DONE);
            }
            CHECK(effects_add(effects, effects_size(effects), &record, json_find_bool(entry, "void"), &error) ==
                  STATUS_DONE);
            effects_at(effects, row);
        }
        const struct json *faults = json_find(log, "chains")->first;
        effects_chains(effects, fault_met, &faults);
        if (!CHECK(faults == NULL)) fprintf(stderr, "    %s: a chain fault was not seen\n", at_case);
        effects_close(&effects);
        members_close(&members);
    }
}

int main(void)
{
    struct error error;
    arena_init(&arena, 256U << 20);
    CHECK(crypto_start(&error) == STATUS_DONE);
    records();
    every_kind();
    signatures();
    admission();
    effect();
    arena_clear(&arena);
    return check_end(__FILE__);
}
