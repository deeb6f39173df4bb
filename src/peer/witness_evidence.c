/* What shows that a log has two trees, kept as files that prove it to anybody. */
#include "peer/witness_internal.h"
#include "register/evidence.h"

#include <errno.h>
#include <stdio.h>

/* The checkpoint as a note with our cosignature behind the other lines. */
static enum status put_cosigned(struct buffer *out, const struct witness *witness, const struct seen *head,
                                struct error *error)
{
    struct note note;
    TRY(note_parse(&note, buffer_slice(&head->note), error));
    buffer_put(out, buffer_slice(&head->note));
    return note_cosign_line(out, note.text, head->time_s, &witness->key, error);
}

static bool bears(struct slice bytes, const struct verifier *key)
{
    struct note note;
    bool present;
    return note_parse(&note, bytes, NULL) == STATUS_DONE && note_verify(&note, key, &present);
}

/* It rests on those keys of the log that signed either; our own line stands there too, and proves itself. */
static void put_keys(struct evidence *evidence, const struct witness_log *log)
{
    for (size_t i = 0; i < log->key_count && evidence->keys < EVIDENCE_KEYS_MOST; i++)
        if (bears(evidence->first, &log->keys[i]) || bears(evidence->second, &log->keys[i]))
            evidence->key[evidence->keys++] = log->keys[i];
}

static enum status put_fork(struct buffer *out, const struct witness *witness, const struct witness_request *request,
                            struct slice second, struct error *error)
{
    OWN(buffer_clear) struct buffer first = {0};
    TRY(put_cosigned(&first, witness, &request->rival, error));
    struct evidence evidence = {.kind = EVIDENCE_FORK,
                                .first = buffer_slice(&first),
                                .second = second,
                                .has_other = request->tells_root,
                                .other = request->root_before,
                                .proof = request->proof};
    put_keys(&evidence, request->log);
    return evidence_write(out, &evidence, error);
}

/* Their checkpoint; with our cosignature too where that is the matter. */
static enum status put_second(struct buffer *out, const struct witness *witness, const struct witness_request *request,
                              struct error *error)
{
    if (request->asks == WITNESS_HEARS) return put_cosigned(out, witness, &request->head, error);
    buffer_put(out, buffer_slice(&request->head.note));
    return buffer_finish(out, error);
}

static enum status write_fork(struct witness *witness, const struct witness_request *request, struct error *error)
{
    OWN(buffer_clear) struct buffer json = {0}, second = {0};
    char path[WITNESS_PATH_SIZE + 64], name[HASH_HEX_SIZE];
    TRY(put_second(&second, witness, request, error));
    TRY(put_fork(&json, witness, request, buffer_slice(&second), error));
    /* Named by what it shows: the same fork shown again, at another second, is the same file. */
    struct hash fork = hash_of(request->text);
    hash_format(&fork, name);
    snprintf(path, sizeof path, "%s/fork-%.16s.json", witness->evidence_directory, name);
    TRY(file_create(witness->system, path, buffer_slice(&json), 0600, error));
    witness->evidence_files++;
    return STATUS_DONE;
}

/* The answer does not hang on it: the refusal stands, whether there is room for the file or not. */
void fork_keep(struct witness *witness, const struct witness_request *request)
{
    struct error why;
    if (request->rival.note.size == 0) return;
    pthread_mutex_lock(&witness->evidence);
    if (witness->evidence_files < WITNESS_EVIDENCE_MOST) (void)!write_fork(witness, request, &why);
    pthread_mutex_unlock(&witness->evidence);
}

enum status fork_count(struct witness *witness, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    const struct system *s = witness->system;
    if (s->list(s->context, witness->evidence_directory, &names) != 0)
        return error_system(error, "read", witness->evidence_directory, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1)
        witness->evidence_files += !file_is_unfinished((const char *)names.data + at);
    return STATUS_DONE;
}
