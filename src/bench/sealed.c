/* A sealed field opened by its reader: found in the index, read from its file, its box and cipher opened, and what
 * comes out held against the hash that the record has. */
#include "bench/measure.h"

#include <stdio.h>

enum { RECORDS = 200, ROUNDS = 5 };
static const double most_ms = 0.2;

struct opening_up {
    const struct run *run;
    char directory[GROUND_PATH];
    struct truce_register *reg;
    struct truce_key *author, *recovery;
    struct truce_reader *reader;
    char id[RECORDS][65];
    size_t records;
    struct samples ms;
};

static const char report[] =
    "{\"act\":\"shelling\",\"when\":{\"from\":\"2016-09-12T10:00:00Z\",\"to\":\"2016-09-12T10:05:00Z\"},\"where\":{"
    "\"point\":{\"lat_e7\":362012345,\"lon_e7\":371654321},\"radius_m\":50},\"method\":\"seen\",\"text\":{\"en\":\"%zu "
    "rounds fell behind the old mill\",\"original\":\"en\"}}";

static int keep_id(void *context, enum truce_status status, const char *line, size_t size)
{
    struct opening_up *o = context;
    (void)size;
    if (status == TRUCE_DONE && o->records < RECORDS && sscanf(line, "{\"id\":\"%64[0-9a-f]\"", o->id[o->records]) == 1)
        o->records++;
    return 0;
}

static enum truce_status put(struct opening_up *o, const struct truce_key *key, const char *kind, const char *object,
                             const struct truce_write_options *options, truce_line *line, struct truce_error *why)
{
    struct truce_buffer note = {0};
    enum truce_status status = truce_write_sealed(o->reg, key, kind, object, strlen(object), options, &note, why);
    if (status == TRUCE_DONE) status = truce_submit(o->reg, note.data, note.size, line, o, why);
    truce_free(&note);
    return status;
}

static const char *below(const struct opening_up *o, const char *name, char out[GROUND_PATH + 64])
{
    snprintf(out, GROUND_PATH + 64, "%s/%s", o->directory, name);
    return out;
}

static enum truce_status announce(struct opening_up *o, struct truce_error *why)
{
    char path[GROUND_PATH + 64], object[512];
    struct truce_buffer key = {0}, answer = {0};
    const struct truce_init_options options = {
        .directory = o->directory, .origin = "truce.example/bench", .name = "office"};
    enum truce_status status = truce_init(&options, &answer, why);
    truce_free(&answer);
    if (status == TRUCE_DONE) status = truce_open(&o->reg, o->directory, TRUCE_WRITE, why);
    if (status == TRUCE_DONE) status = truce_key_open(&o->author, below(o, "keys/office.key", path), NULL, NULL, why);
    if (status == TRUCE_DONE)
        status = truce_key_open(&o->recovery, below(o, "keys/office.recovery.key", path), NULL, NULL, why);
    below(o, "keys/office.reader", path);
    if (status == TRUCE_DONE) status = truce_key_new("office", TRUCE_USE_READ, path, NULL, &key, why);
    if (status == TRUCE_DONE) status = truce_reader_open(&o->reader, path, NULL, NULL, why);
    snprintf(object, sizeof object, "{\"party\":\"office\",\"change\":\"reader\",\"verifier\":\"%.*s\"}", (int)key.size,
             key.data == NULL ? "" : key.data);
    truce_free(&key);
    return status == TRUCE_DONE ? put(o, o->recovery, "key", object, NULL, NULL, why) : status;
}

static enum truce_status seal_some(struct opening_up *o, struct truce_error *why)
{
    static const char *const fields[] = {"/text", NULL};
    const struct truce_write_options options = {.seal = fields};
    char object[600];
    enum truce_status status = TRUCE_DONE;
    for (size_t i = 0; i < RECORDS && status == TRUCE_DONE; i++) {
        snprintf(object, sizeof object, report, i);
        status = put(o, o->author, "report", object, &options, keep_id, why);
    }
    return status;
}

/* Once before anything is measured, so that all is warm. */
static enum status open_all(struct opening_up *o, struct error *error)
{
    struct truce_error why;
    for (size_t i = 0; i < o->records * (ROUNDS + 1); i++) {
        struct truce_buffer answer = {0};
        double from = now_s();
        enum truce_status status = truce_unseal(o->reg, o->id[i % o->records], o->reader, false, &answer, &why);
        double ms = (now_s() - from) * 1000;
        static const char opened[] = "\"state\":\"opened\"";
        bool is_open = status == TRUCE_DONE && memmem(answer.data, answer.size, opened, sizeof opened - 1) != NULL;
        truce_free(&answer);
        TRY(library_said(status, &why, error));
        if (!is_open)
            return error_set(error, STATUS_FAILED, "bench-sealed",
                             "A sealed field that was to be measured did not open.", NULL);
        if (i >= o->records) TRY(samples_add(&o->ms, ms, error));
    }
    return STATUS_DONE;
}

enum status bench_sealed(struct run *run, struct error *error)
{
    static struct opening_up o;
    struct truce_error why;
    o = (struct opening_up){.run = run};
    ground_path(&run->ground, "sealed", o.directory);
    enum status status = library_said(announce(&o, &why), &why, error);
    if (status == STATUS_DONE) status = library_said(seal_some(&o, &why), &why, error);
    if (status == STATUS_DONE) status = open_all(&o, error);
    if (status == STATUS_DONE) {
        figure_value(run, "sealed-open", "ms", samples_at(&o.ms, 500), most_ms, o.ms.count);
        figure_value(run, "sealed-open-99", "ms", samples_at(&o.ms, 990), 0, o.ms.count);
    }
    samples_clear(&o.ms);
    if (o.author != NULL) truce_key_close(&o.author);
    if (o.recovery != NULL) truce_key_close(&o.recovery);
    if (o.reader != NULL) truce_reader_close(&o.reader);
    if (o.reg == NULL) return status;
    enum status closed = library_said(truce_close(&o.reg, &why), &why, error);
    return status != STATUS_DONE ? status : closed;
}
