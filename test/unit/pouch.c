/* Pouches that lie to a full copy: entries without a head, changed ones, heads of nobody's, another history. Only what
 * is shown to lead to a head that the log's key signed is ever appended. */
#include "peer/pouch.h"
#include "log/tree.h"
#include "register/evidence.h"
#include "register/heads.h"
#include "check.h"
#include "scratch.h"

#include <dirent.h>

static struct truce_error why;

/* ---- a host and its copy */

enum { COPIED = 4, ALL = 9 };

struct scene {
    char *top;
    char host[600], copy[620], pouch[620], name[128];
    struct signer log_key;
    struct buffer entry[ALL + 4];
    size_t entries;
};

static void make(struct scene *s)
{
    struct truce_buffer answer = {0};
    s->top = scratch("pouch");
    snprintf(s->host, sizeof s->host, "%s/host", s->top);
    snprintf(s->copy, sizeof s->copy, "%s/copy", s->top);
    snprintf(s->pouch, sizeof s->pouch, "%s/a.pouch", s->top);
    const struct truce_init_options options = {.origin = "example.org/cell", .name = "un", .directory = s->host};
    CHECK(truce_init(&options, &answer, &why) == TRUCE_DONE);
    truce_free(&answer);
}

static void write_note(const struct scene *s, const char *kind, const char *object, struct truce_buffer *note)
{
    char path[700];
    struct truce_register *reg;
    struct truce_key *key;
    snprintf(path, sizeof path, "%s/keys/un.key", s->host);
    CHECK(truce_key_open(&key, path, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_open(&reg, s->host, TRUCE_READ, &why) == TRUCE_DONE);
    CHECK(truce_write(reg, key, kind, object, strlen(object), note, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_key_close(&key);
}

static void say(const struct scene *s, size_t i)
{
    char object[200];
    struct truce_buffer note = {0};
    struct truce_register *reg;
    snprintf(object, sizeof object,
             "{\"at\":\"2016-10-05T06:00:00Z\",\"text\":{\"en\":\"is it %zu?\",\"original\":\"en\"},\"to\":[\"un\"]}",
             i);
    write_note(s, "question", object, &note);
    CHECK(truce_open(&reg, s->host, TRUCE_WRITE, &why) == TRUCE_DONE);
    CHECK(truce_submit(reg, note.data, note.size, NULL, NULL, &why) == TRUCE_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    truce_free(&note);
}

static enum status keep_entry(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct scene *s = context;
    buffer_put(&s->entry[index], entry);
    s->entries = index + 1;
    return buffer_finish(&s->entry[index], error);
}

/* Whoever lies has all that the host has, its key too where a test says so. */
static void learn(struct scene *s)
{
    char path[700];
    struct error error;
    struct truce_register *reg;
    snprintf(path, sizeof path, "%s/log.key", s->host);
    CHECK(key_file_read(&system_real, path, NULL, NULL, &s->log_key, &error) == STATUS_DONE);
    CHECK(truce_open(&reg, s->host, TRUCE_READ, &why) == TRUCE_DONE);
    CHECK(register_know(reg, &error) == STATUS_DONE);
    snprintf(s->name, sizeof s->name, "%.*s", SLICE(members_register(reg->members)));
    CHECK(log_walk(reg->log, 0, log_size(reg->log), keep_entry, s, &error) == STATUS_DONE);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
}

static void open_scene(struct scene *s)
{
    struct truce_mirror *mirror;
    *s = (struct scene){.entries = 0};
    make(s);
    for (size_t i = 1; i < COPIED; i++) say(s, i);
    const struct truce_mirror_options options = {.source = s->host, .directory = s->copy};
    CHECK(truce_mirror_open(&mirror, &options, &why) == TRUCE_DONE);
    CHECK(truce_mirror_catch_up(mirror, &why) == TRUCE_DONE);
    truce_mirror_close(&mirror);
    for (size_t i = COPIED; i < ALL; i++) say(s, i);
    learn(s);
    CHECK_INT(s->entries, ALL);
}

static void close_scene(struct scene *s)
{
    for (size_t i = 0; i < COUNT_OF(s->entry); i++) buffer_clear(&s->entry[i]);
    signer_clear(&s->log_key);
    scratch_remove(s->top);
}

/* ---- a pouch, made by hand */

static void put(struct pouch_writer *w, enum pouch_kind kind, uint64_t number, struct slice bytes)
{
    struct error error;
    const struct pouch_section section = {kind, number, bytes};
    CHECK(pouch_put(w, &section, &error) == STATUS_DONE);
}

static void put_entries(const struct scene *s, struct pouch_writer *w, size_t from, size_t to)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    for (size_t i = from; i < to; i++) {
        buffer_put_u16be(&bytes, (uint16_t)s->entry[i].size);
        buffer_put(&bytes, buffer_slice(&s->entry[i]));
    }
    put(w, POUCH_ENTRIES, from, buffer_slice(&bytes));
}

/* A head of the first `size` entries as they are now, by `key`. */
static void put_head(const struct scene *s, struct pouch_writer *w, size_t size, const struct signer *key)
{
    struct error error;
    struct tree_edge edge = {.size = 0};
    OWN(buffer_clear) struct buffer text = {0}, note = {0};
    for (size_t i = 0; i < size; i++) {
        struct hash leaf = tree_leaf(buffer_slice(&s->entry[i]));
        tree_edge_add(&edge, &leaf);
    }
    const struct checkpoint head = {slice_from("example.org/cell"), size, tree_edge_root(&edge)};
    checkpoint_format(&text, &head);
    CHECK(note_sign(&note, buffer_slice(&text), key, &error) == STATUS_DONE);
    put(w, POUCH_HEAD, 0, buffer_slice(&note));
}

static struct pouch_writer *begin(const struct scene *s)
{
    struct error error;
    struct pouch_writer *w = NULL;
    CHECK(pouch_create(&w, &system_real, s->pouch, slice_from(s->name), &error) == STATUS_DONE);
    return w;
}

struct told {
    enum truce_status status;
    char code[64], lines[4096];
    size_t size; /* of the copy's log afterwards */
    bool well;   /* it verifies */
};

static int tell_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct told *told = context;
    (void)status;
    snprintf(told->lines + strlen(told->lines), sizeof told->lines - strlen(told->lines), "%.*s\n", (int)size, line);
    return 0;
}

static int count_fault(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)status;
    (void)line;
    (void)size;
    ++*(unsigned *)context;
    return 0;
}

static void look_at(const char *directory, struct told *told)
{
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    unsigned faults = 0;
    const struct truce_verify_options options = {.path = directory};
    CHECK(truce_open(&reg, directory, TRUCE_READ, &why) == TRUCE_DONE);
    told->size = log_size(reg->log);
    CHECK_INT(log_published(reg->log), told->size);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    told->well = truce_verify(&options, count_fault, NULL, &faults, &answer, &why) == TRUCE_DONE && faults == 0;
    truce_free(&answer);
}

static struct told opened(const struct scene *s, struct pouch_writer *w)
{
    struct error error;
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    struct told told = {.status = TRUCE_DONE};
    const struct truce_pouch_door door = {.line = tell_line, .context = &told};
    CHECK(pouch_finish(w, &error) == STATUS_DONE);
    pouch_writer_close(&w);
    CHECK(truce_open(&reg, s->copy, TRUCE_READ, &why) == TRUCE_DONE);
    told.status = truce_pouch_open(reg, s->pouch, &door, &answer, &why);
    if (told.status != TRUCE_DONE) snprintf(told.code, sizeof told.code, "%s", why.code);
    truce_free(&answer);
    CHECK(truce_close(&reg, &why) == TRUCE_DONE);
    look_at(s->copy, &told);
    return told;
}

/* Nothing was taken, and this was told. */
static void check_refused(const struct told *told, const char *code)
{
    if (!CHECK(strstr(told->lines, code) != NULL)) fprintf(stderr, "  %s: %s", told->code, told->lines);
    CHECK(told->status == TRUCE_REFUSED || told->status == TRUCE_UNVERIFIED);
    CHECK_INT(told->size, COPIED);
    CHECK(told->well);
}

static size_t evidence_kept(const struct scene *s)
{
    char path[700];
    size_t count = 0;
    snprintf(path, sizeof path, "%s/peers/evidence", s->copy);
    DIR *folder = opendir(path);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
        if (strstr(entry->d_name, ".json") != NULL) count++;
    if (folder != NULL) closedir(folder);
    return count;
}

/* ---- what is true is taken, however it is cut */

static void takes_what_leads_to_a_head(void)
{
    struct scene s;
    open_scene(&s);
    struct pouch_writer *w = begin(&s);
    put_head(&s, w, ALL, &s.log_key);
    put_head(&s, w, 6, &s.log_key);
    put_entries(&s, w, 2, 6);
    put_entries(&s, w, 5, 7); /* some twice */
    put_entries(&s, w, 7, 8);
    struct told told = opened(&s, w); /* the larger head is not reached; the smaller is */
    CHECK(told.status == TRUCE_DONE);
    CHECK_INT(told.size, 6);
    CHECK(told.well);
    w = begin(&s);
    put_head(&s, w, ALL, &s.log_key);
    put_entries(&s, w, 6, ALL);
    told = opened(&s, w);
    CHECK(told.status == TRUCE_DONE);
    CHECK_INT(told.size, ALL);
    CHECK(told.well);
    w = begin(&s);
    put_head(&s, w, 6, &s.log_key); /* an older pouch, later */
    put_entries(&s, w, 0, 6);
    told = opened(&s, w);
    CHECK(told.status == TRUCE_DONE);
    CHECK_INT(told.size, ALL);
    CHECK_INT(evidence_kept(&s), 0);
    close_scene(&s);
}

/* ---- what is not shown is not */

static void takes_nothing_unproven(void)
{
    struct scene s;
    struct signer stranger;
    struct error error;
    open_scene(&s);
    struct pouch_writer *w = begin(&s);
    put_entries(&s, w, COPIED, ALL);
    struct told told = opened(&s, w);
    check_refused(&told, "pouch-entries");

    w = begin(&s);
    put_entries(&s, w, COPIED, ALL);
    put_head(&s, w, ALL, &s.log_key); /* behind them, where it counts for nothing */
    told = opened(&s, w);
    check_refused(&told, "pouch-entries");

    w = begin(&s);
    put_head(&s, w, ALL, &s.log_key);
    put_entries(&s, w, COPIED + 1, ALL);
    told = opened(&s, w);
    check_refused(&told, "pouch-gap");

    CHECK(signer_random(&stranger, slice_from("example.org/cell"), &error) == STATUS_DONE);
    w = begin(&s);
    put_head(&s, w, ALL, &stranger);
    put_entries(&s, w, COPIED, ALL);
    told = opened(&s, w);
    check_refused(&told, "pouch-entries");

    w = begin(&s);
    put_head(&s, w, ALL, &s.log_key);
    put(w, POUCH_ENTRIES, COPIED, slice_of("\0\5abc", 5)); /* five bytes are said to follow */
    told = opened(&s, w);
    check_refused(&told, "pouch-entries");

    w = begin(&s);
    put_head(&s, w, ALL, &s.log_key);
    put(w, POUCH_EVIDENCE, 0, slice_from("nothing\n"));
    put_entries(&s, w, COPIED, ALL); /* behind something else they are not looked at */
    told = opened(&s, w);
    check_refused(&told, "\"pouch\":\"evidence\"");
    signer_clear(&stranger);
    close_scene(&s);
}

/* Each entry changed in one byte, those that the copy has too; under the head of the true ones. */
static void takes_nothing_changed(void)
{
    struct scene s;
    open_scene(&s);
    for (size_t i = 0; i < ALL; i++) {
        struct pouch_writer *w = begin(&s);
        put_head(&s, w, ALL, &s.log_key);
        s.entry[i].data[s.entry[i].size / 2] ^= 1;
        put_entries(&s, w, 0, ALL);
        s.entry[i].data[s.entry[i].size / 2] ^= 1;
        struct told told = opened(&s, w);
        check_refused(&told, "pouch-entries");
    }
    CHECK_INT(evidence_kept(&s), 0); /* it shows nothing of the log's key */
    close_scene(&s);
}

/* ---- the log's key, changed on the way */

static void follows_the_logs_key(void)
{
    struct scene s;
    struct error error;
    struct signer next;
    char text[VERIFIER_TEXT_SIZE], object[400];
    struct truce_buffer note = {0};
    open_scene(&s);
    CHECK(signer_random(&next, slice_from("example.org/cell"), &error) == STATUS_DONE);
    verifier_format(&next.verifier, text);
    snprintf(object, sizeof object, "{\"change\":\"log\",\"party\":\"un\",\"verifier\":\"%s\"}", text);
    write_note(&s, "key", object, &note);
    entry_format(&s.entry[ALL], system_real.now_ms(system_real.context), slice_of(note.data, note.size));
    for (size_t i = 0; i < 2; i++)
        entry_format(&s.entry[ALL + 1 + i], system_real.now_ms(system_real.context), slice_from("junk\n"));

    /* Nobody signed the change: whoever names a key so is not believed. */
    size_t last = s.entry[ALL].size - 4;
    s.entry[ALL].data[last] ^= 1;
    struct pouch_writer *w = begin(&s);
    put_head(&s, w, ALL + 1, &next);
    put_entries(&s, w, COPIED, ALL + 1);
    s.entry[ALL].data[last] ^= 1;
    struct told told = opened(&s, w);
    check_refused(&told, "pouch-entries");

    /* The change itself is covered by the old key, and by the new one from then on. */
    w = begin(&s);
    put_head(&s, w, ALL, &next);
    put_entries(&s, w, COPIED, ALL + 1);
    told = opened(&s, w);
    check_refused(&told, "pouch-entries");
    w = begin(&s);
    put_head(&s, w, ALL + 1, &next);
    put_entries(&s, w, COPIED, ALL + 1);
    told = opened(&s, w);
    if (!CHECK(told.status == TRUCE_DONE)) fprintf(stderr, "  %s %s", told.code, told.lines);
    CHECK_INT(told.size, ALL + 1);
    CHECK(told.well);

    /* The old key counts no more. Entries that nobody could admit are taken, under the new one, and told. */
    w = begin(&s);
    put_head(&s, w, ALL + 2, &s.log_key);
    put_entries(&s, w, COPIED, ALL + 2);
    told = opened(&s, w);
    CHECK(told.status != TRUCE_DONE);
    CHECK_INT(told.size, ALL + 1);
    w = begin(&s);
    put_head(&s, w, ALL + 2, &next);
    put_entries(&s, w, COPIED, ALL + 2);
    told = opened(&s, w);
    CHECK(told.status == TRUCE_UNVERIFIED);
    CHECK_STRING(told.code, "pouch-void");
    CHECK(strstr(told.lines, "record-") != NULL);
    CHECK_INT(told.size, ALL + 2);
    truce_free(&note);
    signer_clear(&next);
    close_scene(&s);
}

/* ---- two histories under one key */

static void change(struct scene *s, size_t i)
{
    s->entry[i].data[s->entry[i].size / 2] ^= 1;
}

static void convicts_by_two_heads(void)
{
    struct scene s;
    open_scene(&s);
    for (size_t parted = 1; parted < COPIED; parted++) {
        size_t before = evidence_kept(&s);
        for (size_t size = parted + 1; size <= ALL; size++) { /* smaller than the copy, as large, larger */
            change(&s, parted);
            struct pouch_writer *w = begin(&s);
            put_head(&s, w, size, &s.log_key);
            put_entries(&s, w, parted, size);
            change(&s, parted);
            struct told told = opened(&s, w);
            CHECK(told.status == TRUCE_UNVERIFIED);
            CHECK_STRING(told.code, "pouch-fork");
            CHECK_INT(told.size, COPIED);
            CHECK(told.well); /* the evidence too */
            CHECK_INT(evidence_kept(&s), before + size - parted);
        }
    }

    /* Without the entries a head that is as small as the copy convicts all the same; a larger one says nothing yet. */
    size_t before = evidence_kept(&s);
    change(&s, 2);
    struct pouch_writer *w = begin(&s);
    put_head(&s, w, COPIED, &s.log_key);
    put_head(&s, w, ALL, &s.log_key);
    change(&s, 2);
    struct told told = opened(&s, w);
    CHECK_STRING(told.code, "pouch-fork");
    CHECK_INT(evidence_kept(&s), before); /* that one is kept already */
    close_scene(&s);
}

TESTS(takes_what_leads_to_a_head, takes_nothing_unproven, takes_nothing_changed, follows_the_logs_key,
      convicts_by_two_heads)
