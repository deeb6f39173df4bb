/* ask_witness: prints the verifier key of a log. ask_witness URL VKEY: makes that log, lets it grow, and has the
 * witness at URL, which is not ours, cosign it; its lines must hold as ours read them. */
#include "log/log.h"
#include "peer/cosign.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum status prove(void *context, uint64_t from, uint64_t to, struct log_proof *out, struct error *error)
{
    return log_prove_consistency(context, from, to, out, error);
}

static enum status grow(struct log *log, uint64_t size, struct error *error)
{
    while (log_size(log) < size) {
        char text[32];
        uint64_t first;
        int length = snprintf(text, sizeof text, "entry %" PRIu64, log_size(log));
        struct slice entry = slice_of(text, (size_t)length);
        TRY(log_append(log, &entry, 1, &first, error));
    }
    return STATUS_DONE;
}

static enum status ask(struct log *log, struct cosign_witness *witness, struct error *error)
{
    OWN(buffer_clear) struct buffer note = {0}, line = {0};
    struct cosigned out = {.line = &line};
    TRY(log_checkpoint(log, &note, error));
    TRY(cosign_ask(witness, buffer_slice(&note), prove, log, &out, error));
    printf("%" PRIu64 ": %.*s", log_size(log), SLICE(buffer_slice(&line)));
    return STATUS_DONE;
}

static enum status ask_all(struct log *log, struct cosign_witness *witness, struct error *error)
{
    static const uint64_t sizes[] = {0, 1, 2, 3, 8, 255, 256, 257, 700};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        TRY(grow(log, sizes[i], error));
        TRY(ask(log, witness, error));
        if (i % 3 == 2) witness->old = 1; /* forgets, and has to be told */
    }
    return ask(log, witness, error); /* the same again */
}

static enum status run(const struct signer *key, const char *directory, const char *url, const char *verifier,
                       struct error *error)
{
    struct log *log;
    struct cosign_witness witness = {.url = url};
    TRY(verifier_parse(&witness.key, slice_from(verifier), error));
    TRY(log_create(&system_real, directory, error));
    TRY(log_open(&log, &system_real, directory, LOG_WRITE, key, error));
    enum status status = ask_all(log, &witness, error);
    log_close(&log);
    return status;
}

int main(int argc, char **argv)
{
    static const uint8_t seed[SEED_BYTES] = {5};
    struct error error;
    struct signer key;
    char text[VERIFIER_TEXT_SIZE], said[600];
    if (crypto_start(&error) != STATUS_DONE) return 1;
    if (signer_from_seed(&key, slice_from("truce.example/asking"), seed, &error) != STATUS_DONE) return 1;
    verifier_format(&key.verifier, text);
    if (argc < 4) {
        printf("%s\n", text);
        return 0;
    }
    enum status status = run(&key, argv[1], argv[2], argv[3], &error);
    if (status == STATUS_DONE) return 0;
    error_format(&error, NULL, said, sizeof said);
    fprintf(stderr, "%s\n", said);
    return (int)status;
}
