#include "bench/making.h"
#include "bench/measure.h"
#include "bench/shares.h"
#include "register/register.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- days */

static int64_t month_start(size_t month)
{
    return time_days_from_civil(2016 + (int64_t)(month / 12), (unsigned)(month % 12) + 1, 1);
}

/* Each day weighs its month's events by how calm or grave it is drawn to be. */
static enum status weigh_days(struct made *made, struct error *error)
{
    struct chance chance = made->chance;
    int64_t from = month_start(0), end = month_start(MONTHS);
    bool all = made->options.from_day == 0 && made->options.to_day == 0;
    int64_t first = all ? from : made->options.from_day, last = all ? end - 1 : made->options.to_day;
    if (first < from || last >= end || first > last)
        return error_set(error, STATUS_USAGE, "bench-days", "The days to measure with lie in 2016 to 2019.", NULL);
    made->first_day = first;
    made->days = (size_t)(last - first + 1);
    made->day_until = arena_get(&made->arena, made->days * sizeof *made->day_until);
    if (made->day_until == NULL) return arena_full(error);
    uint64_t sum = 0;
    size_t month = 0;
    for (int64_t day = from; day <= last; day++) {
        if (day >= month_start(month + 1)) month++;
        uint64_t weight = (uint64_t)month_shares[month] * day_percents[chance_below(&chance, QUANTILES_DAY)];
        if (day >= first) made->day_until[day - first] = sum += weight;
    }
    return STATUS_DONE;
}

/* ---- opening */

enum status made_signer(const struct made *made, const char *what, const char *name, struct signer *out,
                        struct error *error)
{
    char text[LIMIT_ORIGIN_BYTES + 64];
    snprintf(text, sizeof text, "truce-bench/%" PRIu64 "/%s/%s", made->options.seed, what, name);
    struct hash seed = hash_of(slice_from(text));
    return signer_from_seed(out, slice_from(name), seed.bytes, error);
}

static enum status open_made(struct made *made, struct error *error)
{
    TRY(crypto_start(error));
    TRY(weigh_days(made, error));
    TRY(places_make(&made->places, made->chance, &made->arena, error));
    TRY(made_signer(made, "log", made_origin, &made->log_key, error));
    for (size_t i = 0; i < CAST; i++) {
        made->cast[i].name = made_cast[i].name;
        TRY(made_signer(made, "key", made_cast[i].name, &made->cast[i].signer, error));
    }
    return STATUS_DONE;
}

enum status made_open(struct made **out, const struct made_options *options, struct error *error)
{
    struct made *made = calloc(1, sizeof *made);
    if (made == NULL) return arena_full(error);
    made->options = *options;
    if (made->options.total == 0) made->options.total = 1;
    made->chance.state = options->seed;
    arena_init(&made->arena, LIMIT_REQUEST_BYTES);
    snprintf(made->register_name, sizeof made->register_name, "%s", made_origin);
    enum status status = open_made(made, error);
    if (status == STATUS_DONE)
        *out = made;
    else
        made_close(&made);
    return status;
}

void made_close(struct made **made)
{
    struct made *m = *made;
    if (m == NULL) return;
    arena_clear(&m->arena);
    buffer_clear(&m->english);
    buffer_clear(&m->arabic);
    crypto_wipe(m->cast, sizeof m->cast);
    signer_clear(&m->log_key);
    free(m);
    *made = NULL;
}

/* ---- notes */

void notes_clear(struct notes *notes)
{
    buffer_clear(&notes->bytes);
    buffer_clear(&notes->ends);
    notes->count = 0;
}

static uint64_t end_of(const struct notes *notes, size_t i)
{
    uint64_t end;
    memcpy(&end, notes->ends.data + i * sizeof end, sizeof end);
    return end;
}

struct slice notes_part(const struct notes *notes, size_t from, size_t count)
{
    uint64_t begin = from == 0 ? 0 : end_of(notes, from - 1),
             end = count == 0 ? begin : end_of(notes, from + count - 1);
    return slice_part(buffer_slice(&notes->bytes), (size_t)begin, (size_t)(end - begin));
}

struct slice notes_at(const struct notes *notes, size_t i)
{
    return notes_part(notes, i, 1);
}

enum status notes_sign(struct notes *out, struct slice text, const struct signer *signer, struct error *error)
{
    TRY(note_sign(&out->bytes, text, signer, error));
    uint64_t end = out->bytes.size;
    buffer_put(&out->ends, slice_of(&end, sizeof end));
    TRY(buffer_finish(&out->ends, error));
    out->count++;
    return STATUS_DONE;
}

/* Texts are made one after the other, for each names the one before it; signing them can be shared out. */
enum { BATCH = 8192, SIGNERS_MOST = 64 };

struct share {
    const struct made *made;
    const struct notes *texts;
    const size_t *authors;
    size_t from, to;
    struct notes notes;
    enum status status;
    struct error error;
};

static void *sign_share(void *context)
{
    struct share *share = context;
    for (size_t i = share->from; i < share->to && share->status == STATUS_DONE; i++)
        share->status = notes_sign(&share->notes, notes_at(share->texts, i),
                                   &share->made->cast[share->authors[i]].signer, &share->error);
    return NULL;
}

static enum status gather(struct notes *out, struct share *share, struct error *error)
{
    uint64_t before = out->bytes.size;
    if (share->status != STATUS_DONE) {
        if (error != NULL) *error = share->error;
        return share->status;
    }
    buffer_put(&out->bytes, buffer_slice(&share->notes.bytes));
    for (size_t i = 0; i < share->notes.count; i++) {
        uint64_t end = before + end_of(&share->notes, i);
        buffer_put(&out->ends, slice_of(&end, sizeof end));
    }
    TRY(buffer_finish(&out->bytes, error));
    TRY(buffer_finish(&out->ends, error));
    out->count += share->notes.count;
    return STATUS_DONE;
}

static enum status sign_texts(const struct made *made, const struct notes *texts, const size_t *authors,
                              struct notes *out, struct error *error)
{
    struct share shares[SIGNERS_MOST] = {0};
    pthread_t threads[SIGNERS_MOST];
    bool running[SIGNERS_MOST] = {false};
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = cores < 1 ? 1 : cores > SIGNERS_MOST ? SIGNERS_MOST : (size_t)cores;
    enum status status = STATUS_DONE;
    for (size_t i = 0; i < count; i++) {
        shares[i] = (struct share){.made = made,
                                   .texts = texts,
                                   .authors = authors,
                                   .from = texts->count * i / count,
                                   .to = texts->count * (i + 1) / count};
        running[i] = i + 1 < count && pthread_create(&threads[i], NULL, sign_share, &shares[i]) == 0;
        if (!running[i]) sign_share(&shares[i]); /* this thread's own share, or one that no thread could be had for */
    }
    for (size_t i = 0; i < count; i++) {
        if (running[i]) pthread_join(threads[i], NULL);
        if (status == STATUS_DONE) status = gather(out, &shares[i], error);
        notes_clear(&shares[i].notes);
    }
    return status;
}

static enum status make_batch(struct made *made, size_t count, struct notes *out, struct error *error)
{
    OWN(notes_clear) struct notes texts = {0};
    size_t authors[BATCH];
    for (size_t i = 0; i < count; i++) {
        authors[i] = 0;
        record_make(made, &texts.bytes, &authors[i]);
        uint64_t end = texts.bytes.size;
        buffer_put(&texts.ends, slice_of(&end, sizeof end));
        texts.count++;
    }
    TRY(buffer_finish(&texts.bytes, error));
    TRY(buffer_finish(&texts.ends, error));
    return sign_texts(made, &texts, authors, out, error);
}

enum status made_notes(struct made *made, size_t count, struct notes *out, struct error *error)
{
    for (size_t done = 0; done < count;) {
        size_t batch = count - done < BATCH ? count - done : BATCH;
        TRY(make_batch(made, batch, out, error));
        done += batch;
    }
    return STATUS_DONE;
}
