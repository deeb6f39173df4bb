/* A log of random records by known and unknown hands, in the order that the input says. Admission answers the same when
 * asked twice; who is a member does not depend on how the log was walked; what each entry counts for is what a slow and
 * plain reading of spec/record.md says. */
#include "record/admission.h"
#include "record/effect.h"
#include "record/target.h"
#include "record_random.h"
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EXPECT(condition) ((condition) ? (void)0 : abort())

enum { MOST = 40, HANDS = 7, DEVICE = 6, RECOVERY = 4, NONE = -1 };
#define START_MS INT64_C(1473379200000)

static struct signer hands[HANDS];
static const char *const hand_names[HANDS] = {"north", "south", "office", "monitor", "north", "nobody", "north"};
static const char *const hand_uses[HANDS] = {"sign", "sign", "sign", "sign", "recovery", "sign", "device"};
static uint32_t key_ids[HANDS];

struct walk {
    struct arena arena;
    struct record record[MOST];
    struct record_id id[MOST];
    bool is_void[MOST];
    int64_t received_ms[MOST];
    size_t size;
    struct record_id known[2 * MOST]; /* of what was written, admitted or not */
    size_t known_count;
    struct slice held[4]; /* written, and handed in later */
    size_t held_count;
    char register_name[LIMIT_ORIGIN_BYTES + 18];
    struct members *members;
    struct effects *effects;
};

static const struct record *find(void *context, const struct record_id *id)
{
    const struct walk *walk = context;
    for (size_t i = 0; i < walk->size; i++)
        if (!walk->is_void[i] && record_id_equal(&walk->id[i], id)) return &walk->record[i];
    return NULL;
}

static uint64_t count_day(void *context, struct slice by, int64_t day)
{
    const struct walk *walk = context;
    uint64_t count = 0;
    for (size_t i = 0; i < walk->size; i++)
        count += !walk->is_void[i] && slice_equal(walk->record[i].by, by) && walk->received_ms[i] / 86400000 == day;
    return count;
}

/* Any will do that hangs on what stands in the log. */
static bool root_at(void *context, uint64_t size, struct hash *out)
{
    const struct walk *walk = context;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < sizeof out->bytes; j++) out->bytes[j] ^= walk->id[i].hash.bytes[j];
    return true;
}

/* ---- a plain reading of the rules of effect */

static int arrived(const struct walk *walk, const struct record_id *id)
{
    for (size_t i = 0; i < walk->size; i++)
        if (!walk->is_void[i] && record_id_equal(&walk->id[i], id)) return (int)i;
    return NONE;
}

static int target_of(const struct walk *walk, size_t i, bool *named)
{
    struct record_id id;
    const char *field = target_field(walk->record[i].kind);
    *named = field != NULL && hash_parse(&id.hash, json_find_string(walk->record[i].body, field));
    return *named ? arrived(walk, &id) : NONE;
}

static bool waits(const struct walk *walk, size_t i)
{
    bool named;
    struct record_id id;
    const struct record *record = &walk->record[i];
    if (target_of(walk, i, &named) == NONE && named) return true;
    if (record->has_replaces && arrived(walk, &record->replaces) == NONE) return true;
    const struct json *about = record->kind->needs_about ? json_find(record->body, "about") : NULL;
    for (const struct json *item = about == NULL ? NULL : about->first; item != NULL; item = item->next)
        if (hash_parse(&id.hash, item->string) && arrived(walk, &id) == NONE) return true;
    return false;
}

static bool target_fits(const struct walk *walk, size_t i, int target)
{
    return target < (int)i || target_judge(walk->record[i].kind, walk->record[i].by, walk->record[i].body,
                                           &walk->record[target]) == TARGET_FITS;
}

/* ---- which keys were stolen when, and who vouched for what */

/* Read from the records anew at every size. in[n]: what counts for anything once n entries are there. */
static struct stolen {
    bool held[MOST], names[MOST][MOST], in[MOST + 1][MOST];
} stolen;

static bool find_held(const struct walk *walk, size_t i)
{
    const struct key_ending *ending;
    for (size_t n = 0; (ending = members_ending(walk->members, n)) != NULL; n++)
        if (ending->compromised && ending->at < i && ending->key_id == walk->record[i].key_id &&
            slice_equal(ending->party, walk->record[i].by))
            return true;
    return false;
}

static bool find_names(const struct walk *walk, size_t vouch, size_t i)
{
    char key_id[9];
    struct record_id id;
    const struct record *a = &walk->record[vouch], *b = &walk->record[i];
    if (walk->is_void[vouch] || walk->is_void[i] || strcmp(a->kind->name, "vouch") != 0) return false;
    snprintf(key_id, sizeof key_id, "%08x", b->key_id);
    if (!slice_is(json_find_string(a->body, "of"), key_id) || !slice_equal(a->by, b->by)) return false;
    if (b->kind->family == FAMILY_WHO) return false;
    for (const struct json *item = json_find(a->body, "records")->first; item != NULL; item = item->next)
        if (hash_parse(&id.hash, item->string) && record_id_equal(&id, &walk->id[i])) return true;
    return false;
}

/* It is not held, or one that counts vouches for it. */
static void find_in_force(const struct walk *walk, size_t size)
{
    bool *in = stolen.in[size], more = members_ending(walk->members, 0) != NULL;
    for (size_t k = 0; k < MOST; k++) in[k] = k < size && !walk->is_void[k] && !stolen.held[k];
    while (more) {
        more = false;
        for (size_t v = 0; v < size; v++)
            for (size_t k = 0; k < size && in[v]; k++) {
                more = more || (!in[k] && stolen.names[v][k]);
                in[k] = in[k] || stolen.names[v][k];
            }
    }
}

static void find_stolen(const struct walk *walk)
{
    for (size_t i = 0; i < walk->size; i++) stolen.held[i] = !walk->is_void[i] && find_held(walk, i);
    for (size_t i = 0; i < walk->size; i++)
        for (size_t k = 0; k < walk->size; k++)
            stolen.names[i][k] = members_ending(walk->members, 0) != NULL && find_names(walk, i, k);
    for (size_t size = 0; size <= walk->size; size++) find_in_force(walk, size);
}

static bool held(const struct walk *walk, size_t i)
{
    (void)walk;
    return stolen.held[i];
}

static bool names(const struct walk *walk, size_t vouch, size_t i)
{
    (void)walk;
    return stolen.names[vouch][i];
}

static bool in_force(const struct walk *walk, size_t i, size_t size)
{
    (void)walk;
    return stolen.in[size][i];
}

static bool same_line(const struct record *a, const struct record *b)
{
    return a->kind == b->kind && slice_equal(a->by, b->by);
}

static bool misplaced(const struct walk *walk, size_t i)
{
    bool named;
    int target = target_of(walk, i, &named);
    if (target != NONE && !target_fits(walk, i, target)) return true;
    int before = walk->record[i].has_replaces ? arrived(walk, &walk->record[i].replaces) : NONE;
    return before != NONE && !same_line(&walk->record[i], &walk->record[before]);
}

static bool retracted(const struct walk *walk, size_t i)
{
    for (size_t j = 0; j < walk->size; j++) {
        bool named;
        if (walk->is_void[j] || strcmp(walk->record[j].kind->name, "retraction") != 0) continue;
        if (target_of(walk, j, &named) == (int)i && target_fits(walk, j, (int)i) && in_force(walk, j, walk->size))
            return true;
    }
    return false;
}

struct lines {
    size_t line[MOST], head[MOST]; /* an entry's line; a line's head */
};

static void join(const struct walk *walk, struct lines *lines, size_t replacing, size_t target)
{
    size_t into = lines->line[target], from = lines->line[replacing];
    if (!same_line(&walk->record[replacing], &walk->record[target]) || into == from) return;
    size_t a = lines->head[into], b = lines->head[from];
    bool older =
        a != target && walk->record[a].key_id == walk->record[b].key_id && walk->record[b].seq < walk->record[a].seq;
    lines->head[into] = older ? a : b;
    for (size_t i = 0; i < MOST; i++)
        if (lines->line[i] == from) lines->line[i] = into;
}

/* What entry `i` replaces, once both are there and it counts for anything. */
static void join_if(const struct walk *walk, struct lines *lines, size_t i, size_t size)
{
    int before = walk->is_void[i] || !walk->record[i].has_replaces ? NONE : arrived(walk, &walk->record[i].replaces);
    if (before != NONE && before < (int)size) join(walk, lines, i, (size_t)before);
}

/* Who comes into force at entry t because v vouches, in the order in which v names them. */
static void restored_by(const struct walk *walk, size_t v, size_t t, size_t out[MOST], size_t *count)
{
    struct record_id id;
    if (strcmp(walk->record[v].kind->name, "vouch") != 0 || !in_force(walk, v, t + 1)) return;
    for (const struct json *item = json_find(walk->record[v].body, "records")->first; item != NULL; item = item->next) {
        int i = hash_parse(&id.hash, item->string) ? arrived(walk, &id) : NONE;
        bool fits = i != NONE && i <= (int)t && names(walk, v, (size_t)i) && held(walk, (size_t)i);
        if (!fits || in_force(walk, (size_t)i, t)) continue;
        for (size_t k = 0; k < *count; k++) fits = fits && out[k] != (size_t)i;
        if (fits) out[(*count)++] = (size_t)i;
    }
}

/* All of them: t itself if somebody vouched for it before; whom it vouches for; whom those vouch for … */
static size_t restored_at(const struct walk *walk, size_t t, size_t out[MOST])
{
    size_t count = 0;
    if (held(walk, t) && in_force(walk, t, t + 1)) out[count++] = t;
    restored_by(walk, t, t, out, &count);
    for (size_t k = 0; k < count; k++) restored_by(walk, out[k], t, out, &count);
    return count;
}

static void draw_lines(const struct walk *walk, struct lines *lines)
{
    for (size_t i = 0; i < MOST; i++) lines->line[i] = lines->head[i] = i;
    for (size_t i = 0; i < walk->size; i++) {
        size_t restored[MOST];
        if (walk->is_void[i]) continue;
        if (!held(walk, i)) join_if(walk, lines, i, i);
        for (size_t j = 0; j < i; j++)
            if (!walk->is_void[j] && walk->record[j].has_replaces && in_force(walk, j, i) &&
                record_id_equal(&walk->record[j].replaces, &walk->id[i]))
                join(walk, lines, j, i);
        size_t count = restored_at(walk, i, restored);
        for (size_t k = 0; k < count; k++) join_if(walk, lines, restored[k], i + 1);
    }
}

static enum effect plain(const struct walk *walk, const struct lines *lines, size_t i)
{
    if (walk->is_void[i]) return EFFECT_VOID;
    if (misplaced(walk, i)) return EFFECT_OUT_OF_PLACE;
    if (retracted(walk, i)) return EFFECT_RETRACTED;
    if (lines->head[lines->line[i]] != i) return EFFECT_REPLACED;
    if (!in_force(walk, i, walk->size)) return EFFECT_UNVOUCHED;
    return waits(walk, i) ? EFFECT_WAITING : EFFECT_COUNTS;
}

static bool vouched(const struct walk *walk, size_t i)
{
    for (size_t v = 0; v < walk->size; v++)
        if (names(walk, v, i) && in_force(walk, v, walk->size)) return true;
    return false;
}

static unsigned marks(const struct walk *walk, size_t i)
{
    const struct key_ending *ending;
    bool late = false, contested = false;
    for (size_t n = 0; (ending = members_ending(walk->members, n)) != NULL && !walk->is_void[i]; n++) {
        if (ending->key_id != walk->record[i].key_id || !slice_equal(ending->party, walk->record[i].by)) continue;
        if (!ending->compromised) late = late || ending->at < i;
        if (ending->compromised) contested = walk->record[i].written > ending->since;
    }
    contested = contested && !held(walk, i) && !vouched(walk, i);
    return (late ? EFFECT_LATE : 0U) | (contested ? EFFECT_CONTESTED : 0U);
}

static void effects_hold(const struct walk *walk)
{
    struct lines lines;
    find_stolen(walk);
    draw_lines(walk, &lines);
    for (size_t i = 0; i < walk->size; i++) {
        uint64_t cause;
        enum effect effect = effects_of(walk->effects, i, &cause);
        EXPECT(effect == plain(walk, &lines, i));
        EXPECT(cause < walk->size);
        EXPECT(effect != EFFECT_REPLACED || cause == lines.head[lines.line[i]]);
        EXPECT(effects_marks(walk->effects, i) == marks(walk, i));
    }
}

static void count_faults(void *context, enum chain_fault fault, uint64_t index, uint64_t other)
{
    uint64_t *last = context;
    EXPECT(fault <= CHAIN_PREV && index >= *last && other <= index + MOST);
    *last = index;
}

/* ---- the walk */

static void members_hold(const struct walk *walk)
{
    struct members *again;
    struct error error;
    EXPECT(members_open(&again, &error) == STATUS_DONE);
    for (size_t i = 0; i < walk->size; i++)
        if (!walk->is_void[i] && walk->record[i].kind->family == FAMILY_WHO)
            EXPECT(members_add(again, i, walk->received_ms[i], &walk->record[i], &error) == STATUS_DONE);
    EXPECT(members_count(again) == members_count(walk->members));
    EXPECT(members_founded(again) == members_founded(walk->members));
    for (size_t i = 0; i < members_count(again); i++) {
        const struct member *a = members_at(again, i), *b = members_at(walk->members, i);
        EXPECT(slice_equal(a->party, b->party) && a->role == b->role && a->until == b->until);
        EXPECT(a->since_index == b->since_index && members_find(again, a->party) == a);
    }
    members_close(&again);
}

/* The signature is not looked at: spec/vectors does that, and here it would take nine tenths of the time. */
static enum status judge(const struct walk *walk, const struct record *record, int64_t received_ms,
                         const struct admission_log *log, struct error *error)
{
    struct verifier key;
    TRY(admission_key(&key, walk->members, record, error));
    EXPECT(key.id == record->key_id && slice_is(record->by, key.name));
    return admission_allows(walk->members, record, received_ms, log, error);
}

static void admit(struct walk *walk, struct slice note, int64_t received_ms, bool slip)
{
    struct admission_log log = {walk, walk->size, find, count_day, root_at};
    struct record *record = &walk->record[walk->size];
    struct error error, again;
    EXPECT(record_decode(record, note, &walk->arena, &error) == STATUS_DONE);
    enum status status = judge(walk, record, received_ms, &log, &error);
    EXPECT(judge(walk, record, received_ms, &log, &again) == status);
    EXPECT(status == STATUS_DONE || (status == STATUS_REFUSED && strcmp(error.code, again.code) == 0));
    if (status != STATUS_DONE && !slip) return;
    size_t i = walk->size++;
    walk->id[i] = record->id;
    walk->is_void[i] = status != STATUS_DONE;
    walk->received_ms[i] = received_ms;
    if (status == STATUS_DONE) EXPECT(members_add(walk->members, i, received_ms, record, &error) == STATUS_DONE);
    EXPECT(effects_follow(walk->effects, walk->members, &error) == STATUS_DONE);
    EXPECT(effects_add(walk->effects, i, record, walk->is_void[i], &error) == STATUS_DONE);
    effects_hold(walk);
}

static void put_signature_line(struct buffer *note, const struct signer *signer)
{
    uint8_t bytes[4 + SIGNATURE_BYTES] = {(uint8_t)(signer->verifier.id >> 24), (uint8_t)(signer->verifier.id >> 16),
                                          (uint8_t)(signer->verifier.id >> 8), (uint8_t)signer->verifier.id};
    char text[BASE64_SIZE(sizeof bytes)];
    base64_format(text, sizeof text, slice_of(bytes, sizeof bytes));
    buffer_print(note, "\n\xE2\x80\x94 %s %s\n", signer->verifier.name, text);
}

/* Writes a record: its note, or nothing where the schema refuses what chance drew (a set that names one id twice). */
static struct slice write_note(struct walk *walk, struct slice typed, const struct signer *signer)
{
    const struct json *object;
    struct error error;
    struct buffer note = {0};
    EXPECT(json_read(&object, typed, JSON_RELAXED, &walk->arena, &error) == STATUS_DONE);
    enum status status = record_encode(&note, object, &error);
    EXPECT(status == STATUS_DONE || status == STATUS_REFUSED);
    if (status == STATUS_DONE && walk->known_count < COUNT_OF(walk->known))
        walk->known[walk->known_count++].hash = hash_of(buffer_slice(&note));
    if (status == STATUS_DONE) put_signature_line(&note, signer);
    struct slice kept = status == STATUS_DONE ? arena_copy(&walk->arena, buffer_slice(&note)) : (struct slice){NULL, 0};
    buffer_clear(&note);
    return kept;
}

static void put_founder(struct buffer *typed, unsigned hand, const char *role)
{
    char key[VERIFIER_TEXT_SIZE], recovery[VERIFIER_TEXT_SIZE];
    struct signer signer;
    random_signer(&signer, hand_names[hand], "recovery");
    verifier_format(&hands[hand].verifier, key);
    verifier_format(&signer.verifier, recovery);
    buffer_print(typed,
                 "%s{\"party\":\"%s\",\"names\":{\"en\":\"N\",\"original\":\"en\"},\"role\":\"%s\",\"key\":\"%s\","
                 "\"recovery\":\"%s\"}",
                 hand == 0 ? "" : ",", hand_names[hand], role, key, recovery);
    signer_clear(&signer);
}

static void write_genesis(struct walk *walk, unsigned founders)
{
    static const char *const roles[] = {"party", "guarantor", "secretariat"};
    char log_key[VERIFIER_TEXT_SIZE], id[HASH_HEX_SIZE];
    struct signer log;
    struct buffer typed = {0};
    random_signer(&log, "o", "log");
    verifier_format(&log.verifier, log_key);
    buffer_print(&typed,
                 "{\"v\":1,\"register\":\"o\",\"kind\":\"genesis\",\"by\":\"north\",\"key\":\"%08x\",\"seq\":0,"
                 "\"written\":\"2016-09-09T00:00:00Z\",\"nonce\":\"%064d\",\"log_key\":\"%s\",\"grace_entries\":2,"
                 "\"quota\":{\"per_day\":12,\"reserve\":3},\"thresholds\":{\"enrol\":%u,\"policy\":1},\"founders\":[",
                 hands[0].verifier.id, 0, log_key, founders > 1 ? 2 : 1);
    for (unsigned i = 0; i < founders; i++) put_founder(&typed, i, roles[i]);
    buffer_put_string(&typed, "]}");
    admit(walk, write_note(walk, buffer_slice(&typed), &hands[0]), START_MS, false);
    EXPECT(walk->size == 1);
    hash_format(&walk->id[0].hash, id);
    snprintf(walk->register_name, sizeof walk->register_name, "o#%.16s", id);
    buffer_clear(&typed);
    signer_clear(&log);
}

static void approve_genesis(struct walk *walk, unsigned hand)
{
    char id[HASH_HEX_SIZE];
    struct buffer typed = {0};
    hash_format(&walk->id[0].hash, id);
    buffer_print(&typed,
                 "{\"v\":1,\"register\":\"%s\",\"kind\":\"approval\",\"by\":\"%s\",\"key\":\"%08x\",\"seq\":0,"
                 "\"written\":\"2016-09-09T00:00:00Z\",\"of\":\"%s\",\"decision\":\"approve\"}",
                 walk->register_name, hand_names[hand], hands[hand].verifier.id, id);
    admit(walk, write_note(walk, buffer_slice(&typed), &hands[hand]), START_MS, false);
    buffer_clear(&typed);
}

static const struct record_kind *kind_of(unsigned number)
{
    static const char *const often[] = {"report", "report", "report",   "retraction", "notice", "acknowledgement",
                                        "link",   "party",  "approval", "report",     "answer", "report"};
    unsigned kinds = 1;
    while (record_kinds[kinds].name != NULL) kinds++;
    unsigned which = 1 + number % (kinds + 4 * (unsigned)COUNT_OF(often));
    return which < kinds ? &record_kinds[which] : record_kind_find(slice_from(often[which % COUNT_OF(often)]));
}

/* The recovery key adds a device, or says that north's first key was stolen and the device speaks for it; the device
 * vouches for some of what was written. */
static struct slice write_theft(struct walk *walk, const uint8_t *data)
{
    struct buffer typed = {0};
    char device[VERIFIER_TEXT_SIZE], id[HASH_HEX_SIZE];
    unsigned what = data[1] % 4;
    const struct signer *signer = &hands[what < 2 ? RECOVERY : DEVICE];
    verifier_format(&hands[DEVICE].verifier, device);
    buffer_print(&typed,
                 "{\"v\":1,\"register\":\"%s\",\"by\":\"north\",\"key\":\"%08x\",\"seq\":%u%s,"
                 "\"written\":\"2016-09-09T00:00:%02uZ\",",
                 walk->register_name, signer->verifier.id, data[4] / 32U, "", data[3] % 60U);
    if (data[4] / 32 > 0) buffer_print(&typed, "\"prev\":\"%064d\",", 0);
    if (what == 0)
        buffer_print(&typed, "\"kind\":\"key\",\"party\":\"north\",\"change\":\"add\",\"verifier\":\"%s\"}", device);
    if (what == 1)
        buffer_print(&typed,
                     "\"kind\":\"key\",\"party\":\"north\",\"change\":\"compromised\",\"of\":\"%08x\","
                     "\"since\":\"%s-01-01T00:00:00Z\",\"successor\":\"%08x\"}",
                     hands[data[2] % 8 == 0 ? DEVICE : 0].verifier.id, data[3] % 2 == 0 ? "2000" : "1500",
                     hands[data[2] % 8 == 0 ? 0 : DEVICE].verifier.id);
    if (what >= 2) {
        buffer_print(&typed, "\"kind\":\"vouch\",\"of\":\"%08x\",\"records\":[", hands[0].verifier.id);
        for (size_t k = 0; k < 3; k++) {
            size_t which = walk->known_count == 0 ? 0 : (data[2] + k * (1U + data[3])) % walk->known_count;
            hash_format(&walk->known[which].hash, id);
            buffer_print(&typed, "%s\"%s\"", k == 0 ? "" : ",", id);
        }
        buffer_put_string(&typed, "]}");
    }
    struct slice note = write_note(walk, buffer_slice(&typed), signer);
    buffer_clear(&typed);
    return note;
}

/* Six bytes say one record: hand, kind, seed, whom it is about and when it is handed in. */
static void step(struct walk *walk, const uint8_t *data)
{
    static const uint8_t often[16] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 0, 1, 3, 4, 5};
    struct buffer typed = {0};
    const struct signer *signer = &hands[often[data[0] % 16]];
    int64_t received_ms = START_MS + data[5] * INT64_C(3600000);
    struct random_author author = {.random = {(uint64_t)data[2] << 8 | data[3]},
                                   .signer = signer,
                                   .register_name = walk->register_name,
                                   .ids = walk->known,
                                   .names = hand_names,
                                   .key_ids = key_ids,
                                   .id_count = walk->known_count,
                                   .name_count = HANDS,
                                   .key_id_count = HANDS,
                                   .subject = hand_names[data[4] % HANDS],
                                   .brings = &hands[data[4] % HANDS]};
    random_record(&typed, &author, kind_of(data[1]), data[4] / 32);
    struct slice note = data[0] >= 192 ? write_theft(walk, data) : write_note(walk, buffer_slice(&typed), signer);
    buffer_clear(&typed);
    if (note.data != NULL && data[5] % 3 == 0 && walk->held_count < COUNT_OF(walk->held))
        walk->held[walk->held_count++] = note;
    else if (note.data != NULL)
        admit(walk, note, received_ms, data[5] % 8 == 0);
    if (data[4] % 3 == 0 && walk->held_count > 0 && walk->size < MOST)
        admit(walk, walk->held[--walk->held_count], received_ms, false);
}

static void once(void)
{
    struct error error;
    if (key_ids[0] != 0) return;
    EXPECT(crypto_start(&error) == STATUS_DONE);
    for (size_t i = 0; i < HANDS; i++) {
        random_signer(&hands[i], hand_names[i], hand_uses[i]);
        key_ids[i] = hands[i].verifier.id;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct walk walk;
    struct error error;
    uint64_t last = 0;
    once();
    if (size < 1) return 0;
    memset(&walk, 0, sizeof walk);
    arena_init(&walk.arena, 256U << 20);
    EXPECT(members_open(&walk.members, &error) == STATUS_DONE);
    EXPECT(effects_open(&walk.effects, &error) == STATUS_DONE);
    unsigned founders = 1 + data[0] % 3;
    write_genesis(&walk, founders);
    for (unsigned i = 1; i < founders && data[0] % 8 != 0; i++) approve_genesis(&walk, i);
    for (size_t at = 1; at + 6 <= size && walk.size < MOST; at += 6) step(&walk, data + at);
    members_hold(&walk);
    effects_chains(walk.effects, count_faults, &last);
    members_close(&walk.members);
    effects_close(&walk.effects);
    arena_clear(&walk.arena);
    return 0;
}
