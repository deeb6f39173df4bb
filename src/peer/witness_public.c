/* The witness as truce.h has it. */
#include "peer/witness.h"
#include "register/register.h"

#include <stdlib.h>

struct truce_witness {
    struct witness *witness;
    struct witness_minder *minder; /* NULL until it runs */
};

static enum status open_both(struct truce_witness *out, const struct truce_witness_options *options,
                             struct error *error)
{
    const struct witness_options core = {.system = &system_real,
                                         .directory = options->directory,
                                         .key = &options->key->signer,
                                         .logs = slice_from(options->logs),
                                         .peers = options->peer_count,
                                         .override = options->override,
                                         .alone = options->alone};
    TRY(crypto_start(error));
    TRY(witness_open(&out->witness, &core, error));
    return witness_minder_start(&out->minder, out->witness, options->peers, options->peer_count,
                                options->certificate_authority, error);
}

enum truce_status truce_witness_open(struct truce_witness **out, const struct truce_witness_options *options,
                                     struct truce_error *error)
{
    struct error why;
    struct truce_witness *made = calloc(1, sizeof *made);
    enum status status = made == NULL ? arena_full(&why) : open_both(made, options, &why);
    if (status == STATUS_DONE)
        *out = made;
    else
        truce_witness_close(&made);
    return public_status(status, &why, error);
}

void truce_witness_close(struct truce_witness **witness)
{
    struct truce_witness *w = *witness;
    *witness = NULL;
    if (w == NULL) return;
    witness_minder_stop(&w->minder);
    witness_close(&w->witness);
    free(w);
}

static void give(struct witness_answer *from, struct truce_witness_answer *out)
{
    *out = (struct truce_witness_answer){.status = from->status, .retry_s = from->retry_s, .type = from->type};
    if (public_buffer(&out->body, &from->body, NULL) == STATUS_DONE) return;
    buffer_clear(&from->body);
    out->status = 503;
    out->retry_s = 5;
}

void truce_witness_add(struct truce_witness *witness, const char *body, size_t size,
                       struct truce_witness_answer *answer)
{
    struct witness_answer made = {0};
    witness_judge(witness->witness, slice_of(body, size), &made);
    give(&made, answer);
}

void truce_witness_show(struct truce_witness *witness, const char *origin_hash, struct truce_witness_answer *answer)
{
    struct witness_answer made = {0};
    witness_show(witness->witness, slice_from(origin_hash), &made);
    give(&made, answer);
}

enum truce_status truce_witness_about(struct truce_witness *witness, struct truce_buffer *answer,
                                      struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = witness_about(witness->witness, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
