/* make_log DIRECTORY SIZE: a log of that many small entries in DIRECTORY/log, some proofs in DIRECTORY/proofs, and the
 * log's verifier key on stdout. For programs that are not ours to read. */
#include "log/checkpoint.h"
#include "log/tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { GROUP = 97 };

static enum status fill(struct log *log, uint64_t size, struct error *error)
{
    while (log_size(log) < size) {
        char text[GROUP][32];
        struct slice entries[GROUP];
        uint64_t first, left = size - log_size(log);
        size_t count = left < GROUP ? (size_t)left : GROUP;
        for (size_t i = 0; i < count; i++) {
            int length = snprintf(text[i], sizeof text[i], "entry %" PRIu64, log_size(log) + i);
            entries[i] = slice_of(text[i], (size_t)length);
        }
        TRY(log_append(log, entries, count, &first, error));
        if (log_size(log) % 1000 < GROUP) TRY(log_publish(log, error));
    }
    return STATUS_DONE;
}

static enum status prove(struct log *log, const char *directory, struct error *error)
{
    char path[512];
    OWN(buffer_clear) struct buffer note = {0};
    snprintf(path, sizeof path, "%s/proofs", directory);
    TRY(directory_make(&system_real, path, error));
    TRY(log_checkpoint(log, &note, error));
    for (uint64_t i = 0; i < log_size(log); i += 1 + log_size(log) / 20) {
        OWN(buffer_clear) struct buffer text = {0};
        struct log_proof proof;
        TRY(log_prove_inclusion(log, i, log_size(log), &proof, error));
        proof_format(&text, i, &proof, buffer_slice(&note));
        TRY(buffer_finish(&text, error));
        snprintf(path, sizeof path, "%s/proofs/%" PRIu64 ".tlog-proof", directory, i);
        TRY(file_create(&system_real, path, buffer_slice(&text), 0644, error));
    }
    return STATUS_DONE;
}

static enum status make(const char *directory, uint64_t size, struct error *error)
{
    char path[512], text[VERIFIER_TEXT_SIZE];
    struct signer key;
    struct log *log;
    TRY(crypto_start(error));
    TRY(signer_random(&key, slice_from("truce.example/interop"), error));
    snprintf(path, sizeof path, "%s/log", directory);
    TRY(log_create(&system_real, path, error));
    TRY(log_open(&log, &system_real, path, LOG_WRITE, &key, error));
    enum status status = fill(log, size, error);
    if (status == STATUS_DONE) status = prove(log, directory, error);
    if (status == STATUS_DONE) status = log_publish(log, error);
    log_close(&log);
    verifier_format(&key.verifier, text);
    printf("%s\n", text);
    return status;
}

int main(int argc, char **argv)
{
    struct error error;
    char text[600];
    if (argc != 3) return STATUS_USAGE;
    enum status status = make(argv[1], strtoull(argv[2], NULL, 10), &error);
    if (status == STATUS_DONE) return 0;
    error_format(&error, NULL, text, sizeof text);
    fprintf(stderr, "%s\n", text);
    return (int)status;
}
