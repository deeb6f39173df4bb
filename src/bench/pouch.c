/* A pouch opened at the host, beside the signatures alone: until every record in it is durable in the log; and
 * from then on until the index has it too. */
#include "bench/measure.h"
#include "crypto/note.h"
#include "json/json.h"
#include "system/system.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { TURNS = 5, SIGNATURES_MOST = 4096 };

struct pouring {
    const struct run *run;
    char pouch[GROUND_PATH];
    struct signature_set signatures;
    unsigned turns;
    uint64_t records;
    struct truce_register *reg; /* what is opened into */
    uint64_t receipts;
    struct samples indexed; /* records a second until the index has all, from the beginning */
};

/* ---- hosts and offices of one register: the same genesis, and the same head */

static enum status copy_file(const char *from, const char *to, struct error *error)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    TRY(file_read_all(&system_real, from, SIZE_MAX, &bytes, error));
    return file_create(&system_real, to, buffer_slice(&bytes), 0600, error);
}

static enum status copy_folder(const char *from, const char *to, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    char source[GROUND_PATH], target[GROUND_PATH];
    struct stat about;
    TRY(directory_make(&system_real, to, error));
    if (system_real.list(system_real.context, from, &names) != 0) return error_system(error, "list", from, errno);
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1) {
        const char *name = (const char *)names.data + at;
        int size = snprintf(source, sizeof source, "%s/%s", from, name);
        if (size < 0 || (size_t)size >= sizeof source || stat(source, &about) != 0)
            return error_system(error, "read", from, errno);
        snprintf(target, sizeof target, "%s/%s", to, name);
        if (S_ISDIR(about.st_mode))
            TRY(copy_folder(source, target, error));
        else if (S_ISREG(about.st_mode))
            TRY(copy_file(source, target, error));
    }
    return STATUS_DONE;
}

/* ---- the pouch: an office's outbox, packed */

static enum status put_in_outbox(const char *directory, struct slice bytes, struct error *error)
{
    char path[GROUND_PATH];
    struct note note;
    struct arena arena;
    const struct json *record = NULL;
    TRY(note_parse(&note, bytes, error));
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status =
        json_read(&record, slice_part(note.text, 0, note.text.size - 1), JSON_CANONICAL, &arena, error);
    int size = 0;
    if (status == STATUS_DONE)
        size = snprintf(path, sizeof path, "%s/outbox/%.*s.%08" PRIx32 ".%010" PRId64 ".note", directory,
                        SLICE(note.signature[0].name), note.signature[0].key_id, json_find_integer(record, "seq", 0));
    arena_clear(&arena);
    TRY(status);
    FILE *file = size > 0 && (size_t)size < sizeof path ? fopen(path, "wb") : NULL;
    bool written = file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    if (file != NULL && fclose(file) != 0) written = false;
    return written ? STATUS_DONE : error_system(error, "write", path, errno);
}

static enum status found(const struct pouring *p, const char *directory, struct notes *notes, struct error *error)
{
    struct made *made;
    const struct made_options options = {.seed = p->run->options->seed, .total = p->records};
    TRY(made_open(&made, &options, error));
    enum status status = made_found(made, directory, error);
    if (status == STATUS_DONE && notes != NULL) status = made_notes(made, (size_t)p->records, notes, error);
    made_close(&made);
    return status;
}

static enum status pack(struct pouring *p, struct error *error)
{
    OWN(notes_clear) struct notes notes = {0};
    char founded[GROUND_PATH], office[GROUND_PATH], outbox[GROUND_PATH + 16];
    struct truce_error why;
    struct truce_buffer answer = {0};
    const struct truce_pouch_options options = {.path = p->pouch};
    ground_path(&p->run->ground, "office", office);
    ground_path(&p->run->ground, "founded", founded);
    TRY(found(p, founded, &notes, error));
    TRY(copy_folder(founded, office, error));
    snprintf(outbox, sizeof outbox, "%s/outbox", office);
    if (mkdir(outbox, 0755) != 0 && errno != EEXIST) return error_system(error, "create", outbox, errno);
    for (size_t i = 0; i < notes.count; i++) TRY(put_in_outbox(office, notes_at(&notes, i), error));
    TRY(library_said(truce_open(&p->reg, office, TRUCE_READ, &why), &why, error));
    double from = now_s();
    enum status status = library_said(truce_pouch_pack(p->reg, &options, &answer, &why), &why, error);
    figure_value(p->run, "pouch-pack", "records/s", (double)p->records / (now_s() - from), 0, p->records);
    truce_free(&answer);
    enum status closed = library_said(truce_close(&p->reg, &why), &why, error);
    return status != STATUS_DONE ? status : closed;
}

/* ---- opened, as the command line does it where the log's key is */

static int count_receipt(void *context, enum truce_status status, const char *line, size_t size)
{
    struct pouring *p = context;
    (void)line;
    (void)size;
    p->receipts += status == TRUCE_DONE;
    return 0;
}

static enum truce_status take(void *context, const char *notes, size_t size)
{
    struct pouring *p = context;
    struct truce_error why;
    return truce_submit(p->reg, notes, size, count_receipt, p, &why);
}

static enum truce_status open_pouch(struct pouring *p, double *opened_s, double *indexed_s, struct truce_error *why)
{
    struct truce_buffer answer = {0};
    const struct truce_query query = {.kind = "genesis", .limit = 1};
    const struct truce_pouch_door door = {.notes = take, .line = line_ignored, .context = p};
    double from = now_s();
    enum truce_status status = truce_pouch_open(p->reg, p->pouch, &door, &answer, why);
    *opened_s = now_s() - from;
    truce_free(&answer);
    if (status == TRUCE_DONE) status = truce_find(p->reg, &query, line_ignored, NULL, why);
    *indexed_s = now_s() - from;
    return status;
}

static enum status pouch_turn(void *context, double *rate, struct error *error)
{
    struct pouring *p = context;
    struct truce_error why;
    char founded[GROUND_PATH], host[GROUND_PATH], name[32];
    double opened_s = 1, indexed_s = 1;
    snprintf(name, sizeof name, "host-%u", p->turns++);
    ground_path(&p->run->ground, name, host);
    ground_path(&p->run->ground, "founded", founded);
    TRY(copy_folder(founded, host, error));
    TRY(library_said(truce_open(&p->reg, host, TRUCE_WRITE, &why), &why, error));
    truce_receipt_level(p->reg, TRUCE_LEVEL_NONE);
    p->receipts = 0;
    enum status status = library_said(open_pouch(p, &opened_s, &indexed_s, &why), &why, error);
    enum status closed = library_said(truce_close(&p->reg, &why), &why, error);
    TRY(status);
    TRY(closed);
    if (p->receipts != p->records)
        return error_set(error, STATUS_FAILED, "bench-pouch", "Not every record of the pouch was admitted.", NULL);
    *rate = (double)p->records / opened_s;
    return samples_add(&p->indexed, (double)p->records / indexed_s, error);
}

static enum status signature_turn(void *context, double *rate, struct error *error)
{
    struct pouring *p = context;
    return signatures_rate(&p->signatures, bench_cores(), (size_t)p->records, rate, error);
}

enum status bench_pouch(struct run *run, struct error *error)
{
    double rate, limit;
    struct pouring p = {.run = run, .records = run->options->records};
    ground_path(&run->ground, "office.pouch", p.pouch);
    TRY(signatures_make(&p.signatures, run, SIGNATURES_MOST, error));
    enum status status = pack(&p, error);
    if (status == STATUS_DONE) status = take_turns(TURNS, pouch_turn, signature_turn, &p, &rate, &limit, error);
    if (status == STATUS_DONE) {
        const struct limit signatures = {"ed25519-all-cores", limit, 0.8}, no_bar = {"ed25519-all-cores", limit, 0};
        figure_rate(run, "pouch-open", "records/s", rate, signatures, p.records);
        figure_rate(run, "pouch-indexed", "records/s", samples_at(&p.indexed, 500), no_bar, p.records);
    }
    samples_clear(&p.indexed);
    signatures_clear(&p.signatures);
    return status;
}
