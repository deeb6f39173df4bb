/* The ground that a bench stands on: a folder of its own, registers in it, and signatures to check. */
#include "bench/measure.h"

#include "bench/making.h"
#include <errno.h>
#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum status ground_open(struct ground *out, const char *directory, struct error *error)
{
    int size = snprintf(out->root, sizeof out->root, "%s/truce-bench-XXXXXX", directory);
    if (size < 0 || (size_t)size >= sizeof out->root)
        return error_set(error, STATUS_USAGE, "register-path", "The path of the register is too long.", NULL);
    return mkdtemp(out->root) == NULL ? error_system(error, "create", out->root, errno) : STATUS_DONE;
}

static int remove_visited(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

void ground_close(struct ground *ground)
{
    enum { FILES_AT_ONCE = 16 };
    if (ground->root[0] != '\0') nftw(ground->root, remove_visited, FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS);
    ground->root[0] = '\0';
}

void ground_path(const struct ground *ground, const char *name, char out[GROUND_PATH])
{
    snprintf(out, GROUND_PATH, "%s/%.200s", ground->root, name);
}

/* ---- registers */

int line_ignored(void *context, enum truce_status status, const char *line, size_t size)
{
    (void)context, (void)status, (void)line, (void)size;
    return 0;
}

enum status library_said(enum truce_status status, const struct truce_error *why, struct error *error)
{
    if (status == TRUCE_DONE) return STATUS_DONE;
    return error_at(error,
                    error_set(error, (enum status)status, "bench-failed", "What was measured failed: {0} ({1}).",
                              why->message, why->code, NULL),
                    why->pointer);
}

enum status register_fill(const char *directory, const struct notes *notes, struct error *error)
{
    enum { A_CALL = 4096 };
    struct truce_register *reg;
    struct truce_error why;
    TRY(library_said(truce_open(&reg, directory, TRUCE_WRITE, &why), &why, error));
    truce_receipt_level(reg, TRUCE_LEVEL_DURABLE);
    enum truce_status status = TRUCE_DONE;
    for (size_t at = 0; at < notes->count && status == TRUCE_DONE; at += A_CALL) {
        struct slice part = notes_part(notes, at, notes->count - at < A_CALL ? notes->count - at : A_CALL);
        status = truce_submit(reg, (const char *)part.data, part.size, line_ignored, NULL, &why);
    }
    enum status filled = library_said(status, &why, error);
    status = truce_close(&reg, &why);
    return filled != STATUS_DONE ? filled : library_said(status, &why, error);
}

enum status register_make(const struct run *run, const char *directory, uint64_t count, struct notes *notes,
                          struct error *error)
{
    OWN(notes_clear) struct notes own = {0};
    struct made *made;
    struct notes *out = notes == NULL ? &own : notes;
    TRY(made_open(&made, &(struct made_options){.seed = run->options->seed, .total = count}, error));
    enum status status = made_found(made, directory, error);
    if (status == STATUS_DONE) status = made_notes(made, (size_t)count, out, error);
    made_close(&made);
    return status == STATUS_DONE ? register_fill(directory, out, error) : status;
}

/* ---- signatures */

void signatures_clear(struct signature_set *set)
{
    buffer_clear(&set->bytes);
    free(set->at);
    *set = (struct signature_set){0};
}

static enum status take_signature(const struct made *made, struct checked_signature *out, struct slice bytes,
                                  struct error *error)
{
    struct note note;
    TRY(note_parse(&note, bytes, error));
    out->text = note.text;
    memcpy(out->signature.bytes, note.signature[0].bytes, SIGNATURE_BYTES);
    for (size_t i = 0; i < CAST; i++)
        if (slice_is(note.signature[0].name, made->cast[i].name)) out->key = made->cast[i].signer.verifier.key;
    return STATUS_DONE;
}

static enum status take_signatures(struct made *made, struct signature_set *out, size_t count, struct error *error)
{
    OWN(notes_clear) struct notes notes = {0};
    TRY(made_notes(made, count, &notes, error));
    out->at = calloc(count, sizeof *out->at);
    if (out->at == NULL) return arena_full(error);
    for (; out->count < count; out->count++)
        TRY(take_signature(made, &out->at[out->count], notes_at(&notes, out->count), error));
    out->bytes = notes.bytes; /* the texts borrow from it */
    notes.bytes = (struct buffer){0};
    return STATUS_DONE;
}

enum status signatures_make(struct signature_set *out, const struct run *run, size_t count, struct error *error)
{
    struct made *made;
    *out = (struct signature_set){0};
    TRY(made_open(&made, &(struct made_options){.seed = run->options->seed + 1, .total = count}, error));
    enum status status = take_signatures(made, out, count, error);
    made_close(&made);
    if (status != STATUS_DONE) signatures_clear(out);
    return status;
}

struct checking {
    const struct signature_set *set;
    size_t count;
    atomic_size_t next;
};

static enum status check_some(void *context, unsigned i, struct error *error)
{
    enum { A_TURN = 16 };
    struct checking *checking = context;
    (void)i;
    for (;;) {
        size_t from = atomic_fetch_add(&checking->next, A_TURN);
        if (from >= checking->count) return STATUS_DONE;
        for (size_t k = from; k < from + A_TURN && k < checking->count; k++) {
            const struct checked_signature *one = &checking->set->at[k % checking->set->count];
            if (!sign_verify(&one->key, &one->signature, one->text))
                return error_set(error, STATUS_FAILED, "bench-signature",
                                 "A signature made for measuring does not hold.", NULL);
        }
    }
}

enum status signatures_rate(const struct signature_set *set, unsigned threads, size_t count, double *rate,
                            struct error *error)
{
    struct checking checking = {.set = set, .count = count};
    double seconds;
    TRY(run_threads(threads, check_some, &checking, &seconds, error));
    *rate = (double)count / seconds;
    return STATUS_DONE;
}
