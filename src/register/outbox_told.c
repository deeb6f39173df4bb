/* What was written here and what became of it: the outbox beside the log, and what this register's own keys signed. */
#include "json/write.h"
#include "register/evidence.h"
#include "register/heads.h"
#include "register/judge.h"
#include "register/outbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFUSALS_MOST = 4096 };

/* A note that the host refused with its signature, by its bytes. */
struct refused {
    struct hash note;
    char code[64];
};

struct telling {
    struct truce_register *reg;
    truce_line *line;
    void *context;
    struct judge judge;
    struct refused *refused;
    size_t refused_count;
    char by[LIMIT_ORIGIN_BYTES + 1]; /* the chain that the note before this one was of, and which seq is next in it */
    uint32_t key_id;
    int64_t next;
    struct buffer text;
};

/* What is told of one record. */
struct told {
    const struct record *record;
    const char *state;
    bool has_index;
    uint64_t index;
    int64_t from, to; /* missing before it; from > to: nothing is */
    const char *code, *message;
};

/* ---- the line */

static void put_missing(struct json_writer *w, const struct told *told)
{
    if (told->from > told->to) return;
    json_put_key(w, "missing");
    json_put_object(w);
    json_put_key(w, "from"), json_put_integer(w, told->from);
    json_put_key(w, "to"), json_put_integer(w, told->to);
    json_put_close(w);
}

static void put_string_if(struct json_writer *w, const char *name, const char *value)
{
    if (value != NULL) json_put_key(w, name), json_put_string(w, value);
}

static enum status tell(struct telling *t, const struct told *told, struct error *error)
{
    OWN(head_clear) struct head head = {.level = HEAD_DURABLE};
    const struct record *record = told->record;
    char id[HASH_HEX_SIZE], key[9], written[TIME_TEXT_SIZE];
    struct json_writer w;
    if (told->has_index) TRY(heads_find(t->reg, told->index, &head, error));
    buffer_reset(&t->text);
    json_write_open(&w, &t->text);
    json_put_object(&w);
    if (record != NULL) json_put_key(&w, "by"), json_put_slice(&w, record->by);
    put_string_if(&w, "code", told->code);
    if (record != NULL) {
        hash_format(&record->id.hash, id);
        json_put_key(&w, "id"), json_put_string(&w, id);
        if (told->has_index) json_put_key(&w, "index"), json_put_integer(&w, (int64_t)told->index);
        snprintf(key, sizeof key, "%08x", record->key_id);
        json_put_key(&w, "key"), json_put_string(&w, key);
        json_put_key(&w, "kind"), json_put_string(&w, record->kind->name);
        if (told->has_index) json_put_key(&w, "level"), json_put_string(&w, head_level_name(head.level));
    }
    put_string_if(&w, "message", told->message);
    put_missing(&w, told);
    if (record != NULL && !told->has_index) { /* nobody can look it up elsewhere */
        json_put_key(&w, "record");
        json_put_raw(&w, slice_part(record->text, 0, record->text.size - 1));
    }
    if (record != NULL) json_put_key(&w, "seq"), json_put_integer(&w, record->seq);
    json_put_key(&w, "state"), json_put_string(&w, told->state);
    if (record != NULL) {
        time_format(record->written, written);
        json_put_key(&w, "written"), json_put_string(&w, written);
    }
    json_put_close(&w);
    TRY(json_write_finish(&w, error));
    return public_line(t->line, t->context, STATUS_DONE, buffer_slice(&t->text), error);
}

/* ---- what the host refused with its signature */

static enum status keep_refusal(struct telling *t, struct slice line, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    struct evidence evidence;
    struct refusal refusal;
    struct note note;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (!evidence_is(line) || evidence_read(&evidence, line, &arena, NULL) != STATUS_DONE ||
        evidence.kind != EVIDENCE_REFUSAL || t->refused_count == REFUSALS_MOST)
        return STATUS_DONE;
    if (note_parse(&note, evidence.refusal, NULL) != STATUS_DONE ||
        refusal_parse(&refusal, note.text, NULL) != STATUS_DONE)
        return STATUS_DONE;
    struct refused *more = realloc(t->refused, (t->refused_count + 1) * sizeof *more);
    if (more == NULL) return arena_full(error);
    t->refused = more;
    more[t->refused_count].note = hash_of(evidence.note);
    snprintf(more[t->refused_count++].code, sizeof more->code, "%.*s", SLICE(refusal.code));
    return STATUS_DONE;
}

static enum status read_refusals(struct telling *t, struct error *error)
{
    char folder[REGISTER_PATH_SIZE], path[REGISTER_PATH_SIZE];
    const struct system *s = t->reg->system;
    OWN(buffer_clear) struct buffer names = {0};
    TRY(register_path(folder, t->reg->directory, "peers/evidence", error));
    if (s->list(s->context, folder, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", folder, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1) {
        OWN(buffer_clear) struct buffer line = {0};
        bool there;
        if (file_is_unfinished((const char *)names.data + at)) continue;
        TRY(register_path(path, folder, (const char *)names.data + at, error));
        TRY(file_read_if_there(s, path, EVIDENCE_BYTES_MOST, &line, &there, error));
        if (there) TRY(keep_refusal(t, buffer_slice(&line), error));
    }
    return STATUS_DONE;
}

static const char *refused_by_host(const struct telling *t, struct slice note)
{
    struct hash hash = hash_of(note);
    for (size_t i = 0; i < t->refused_count; i++)
        if (hash_equal(&t->refused[i].note, &hash)) return t->refused[i].code;
    return NULL;
}

/* ---- the outbox */

/* Would it be admitted, as this copy sees it? The machine's own trouble is no refusal. */
static enum status would_refuse(struct telling *t, const struct record *record, struct error *why)
{
    struct signature_job job = {.record = record};
    judge_signatures(t->reg->members, &job, 1, 1);
    return judge_one(&t->judge, record, t->reg->system->now_ms(t->reg->system->context), &job, why);
}

/* Which seq is next in the note's chain: behind the log's head, then behind each note that stands here. */
static enum status follow_chain(struct telling *t, const struct record *record, int64_t *next, struct error *error)
{
    struct verifier author = {.id = record->key_id};
    struct record_id prev;
    bool same = slice_is(record->by, t->by) && t->key_id == record->key_id;
    if (!same) {
        snprintf(author.name, sizeof author.name, "%.*s", SLICE(record->by));
        snprintf(t->by, sizeof t->by, "%.*s", SLICE(record->by));
        t->key_id = record->key_id;
        TRY(register_head(t->reg, &author, &t->next, &prev, error));
    }
    *next = t->next;
    if (record->seq >= t->next) t->next = record->seq + 1;
    return STATUS_DONE;
}

static enum status state_of(struct telling *t, struct told *told, char message[1024], struct error *error)
{
    const struct record *record = told->record;
    struct error why;
    bool is_void = false;
    int64_t next;
    TRY(index_find_id(t->reg->index, &record->id, &told->has_index, &told->index, &is_void, error));
    TRY(follow_chain(t, record, &next, error));
    if (told->has_index) {
        told->state = is_void ? "void" : "in";
        return STATUS_DONE;
    }
    enum status judged = would_refuse(t, record, &why);
    const char *by_host = refused_by_host(t, record->note);
    told->state = record->seq < next ? "other" : by_host != NULL || judged == STATUS_REFUSED ? "refused" : "waiting";
    told->code = by_host;
    if (judged == STATUS_REFUSED) {
        public_message(&why, message, 1024);
        told->message = message;
        if (by_host == NULL) told->code = why.code;
    }
    if (strcmp(told->state, "waiting") == 0 && record->seq > next) {
        told->state = "gap";
        told->from = next;
        told->to = record->seq - 1;
    }
    return STATUS_DONE;
}

static enum status tell_note(void *context, struct slice note, struct error *error)
{
    struct telling *t = context;
    OWN(arena_clear) struct arena arena;
    struct record record;
    struct error why;
    char message[1024];
    struct told told = {.state = "unreadable", .to = -1};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (record_decode(&record, note, &arena, &why) != STATUS_DONE) {
        public_message(&why, message, sizeof message);
        told.code = why.code;
        told.message = message;
        return tell(t, &told, error);
    }
    told.record = &record;
    TRY(state_of(t, &told, message, error));
    return tell(t, &told, error);
}

/* ---- what this register's own keys signed */

struct own {
    uint64_t *entry;
    size_t count, room;
};

static enum status add_entry(struct own *own, uint64_t entry, struct error *error)
{
    if (own->count == own->room) {
        size_t room = own->room * 2 + 64;
        uint64_t *more = realloc(own->entry, room * sizeof *more);
        if (more == NULL) return arena_full(error);
        own->entry = more;
        own->room = room;
    }
    own->entry[own->count++] = entry;
    return STATUS_DONE;
}

/* Back along the chain from its head. */
static enum status add_chain(struct telling *t, const char *by, uint32_t key_id, uint64_t most, struct own *own,
                             struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer entry = {0};
    struct record_id id;
    struct record record;
    bool found, is_void;
    int64_t seq, received_ms;
    uint64_t at;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(index_find_head(t->reg->index, slice_from(by), key_id, &found, &seq, &id, error));
    for (uint64_t n = 0; found && n < most; n++) {
        TRY(index_find_id(t->reg->index, &id, &found, &at, &is_void, error));
        if (!found) return STATUS_DONE;
        arena_reset(&arena);
        buffer_reset(&entry);
        TRY(register_read(t->reg, at, &entry, &arena, &record, &received_ms, error));
        TRY(add_entry(own, at, error));
        found = record.has_prev;
        id = record.prev;
    }
    return STATUS_DONE;
}

struct adding {
    struct telling *t;
    uint64_t most;
    struct own *own;
};

static enum status add_key(void *context, const char *by, uint32_t id, struct error *error)
{
    const struct adding *adding = context;
    return add_chain(adding->t, by, id, adding->most, adding->own, error);
}

static int newest_first(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return (one < other) - (one > other);
}

static enum status tell_entry(struct telling *t, uint64_t index, struct error *error)
{
    OWN(arena_clear) struct arena arena;
    OWN(buffer_clear) struct buffer entry = {0};
    struct record record;
    struct told told = {.record = &record, .state = "in", .has_index = true, .index = index, .to = -1};
    bool is_void;
    int64_t received_ms;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    TRY(register_read(t->reg, index, &entry, &arena, &record, &received_ms, error));
    TRY(index_is_void(t->reg->index, index, &is_void, error));
    if (is_void) told.state = "void";
    return tell(t, &told, error);
}

static enum status tell_own(struct telling *t, uint64_t most, struct error *error)
{
    struct own own = {NULL, 0, 0};
    enum status status = register_keys(t->reg, add_key, &(struct adding){t, most, &own}, error);
    if (own.count > 0) qsort(own.entry, own.count, sizeof *own.entry, newest_first);
    for (size_t i = 0; i < own.count && i < most && status == STATUS_DONE; i++)
        if (i == 0 || own.entry[i] != own.entry[i - 1]) status = tell_entry(t, own.entry[i], error);
    free(own.entry);
    return status;
}

static enum status tell_all(struct telling *t, uint64_t most, struct error *error)
{
    TRY(register_know(t->reg, error));
    TRY(read_refusals(t, error));
    judge_open(&t->judge, t->reg, t->reg->index, t->reg->members, t->reg->seen, NULL);
    enum status status = outbox_walk(t->reg, tell_note, t, error);
    judge_close(&t->judge);
    TRY(status);
    return tell_own(t, most, error);
}

/* ---- sending */

static enum status add_note(void *context, struct slice note, struct error *error)
{
    struct buffer *notes = context;
    buffer_put(notes, note);
    return buffer_finish(notes, error);
}

enum truce_status truce_outbox_send(struct truce_register *writer, truce_line *line, void *context,
                                    struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer notes = {0};
    enum status status = outbox_walk(writer, add_note, &notes, &why);
    if (status != STATUS_DONE || notes.size == 0) return public_status(status, &why, error);
    return truce_submit(writer, (const char *)notes.data, notes.size, line, context, error);
}

enum truce_status truce_outbox(struct truce_register *reg, uint64_t most, truce_line *line, void *context,
                               struct truce_error *error)
{
    struct error why;
    struct telling t = {.reg = reg, .line = line, .context = context};
    enum status status = tell_all(&t, most, &why);
    buffer_clear(&t.text);
    free(t.refused);
    return public_status(status, &why, error);
}
