/* Opening and closing a witness, and what there is to say about it. */
#include "base/time.h"
#include "json/write.h"
#include "peer/witness_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- opening */

static enum status path_of(char out[WITNESS_PATH_SIZE], const char *directory, const char *name, struct error *error)
{
    int size = snprintf(out, WITNESS_PATH_SIZE, "%s/%s", directory, name);
    if (size >= 0 && size < WITNESS_PATH_SIZE) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "file-path-too-long", "The path {0} is longer than {1} bytes.", directory,
                     error_number(WITNESS_PATH_SIZE - 1).text, NULL);
}

static enum status paths_make(struct witness *w, const char *directory, struct error *error)
{
    TRY(path_of(w->state.directory, directory, "peers", error));
    TRY(path_of(w->state.path, w->state.directory, "witness", error));
    TRY(path_of(w->evidence_directory, w->state.directory, "evidence", error));
    TRY(directory_make(w->system, directory, error));
    TRY(directory_make(w->system, w->state.directory, error));
    return directory_make(w->system, w->evidence_directory, error);
}

static enum status lock_take(struct witness *w, const char *directory, struct error *error)
{
    char path[WITNESS_PATH_SIZE];
    const struct system *s = w->system;
    TRY(path_of(path, directory, "witness.lock", error));
    w->lock = s->open(s->context, path, O_RDWR | O_CREAT, 0600);
    if (w->lock < 0) return error_system(error, "open", path, errno);
    if (s->lock(s->context, w->lock) == 0) return STATUS_DONE;
    if (errno != EWOULDBLOCK) return error_system(error, "lock", path, errno);
    return error_set(error, STATUS_FAILED, "witness-locked", "Another witness is at work in {0}.", directory, NULL);
}

/* Who says that the state is the newest there is? Peers, later; an operator, now; or its own age, where nobody can. */
static enum status check_start(struct witness *w, const struct witness_options *options, int64_t now_ms,
                               struct error *error)
{
    int64_t old_ms = now_ms - w->state.alive_ms;
    if (options->override || (options->peers > 0 && !options->alone)) return STATUS_DONE;
    if (!options->alone)
        return error_set(
            error, STATUS_USAGE, "witness-alone",
            "Nobody was named who could say what this witness cosigned last. Name peers, or say that it is "
            "alone (--alone).",
            NULL);
    if (w->state.alive_ms > 0 && old_ms <= (int64_t)WITNESS_ALONE_S * 1000) return STATUS_DONE;
    return error_set(
        error, STATUS_REFUSED, "witness-stale",
        "The state of this witness is new, or older than an hour, and might be a backup: what was cosigned "
        "since would be forgotten. If it is the newest there is, say so once with --override; better name "
        "peers that can confirm it.",
        NULL);
}

static enum status start(struct witness *w, const struct witness_options *options, struct error *error)
{
    int64_t now_ms = w->system->now_ms(w->system->context);
    TRY(paths_make(w, options->directory, error));
    TRY(lock_take(w, options->directory, error));
    TRY(trusted_read(&w->trusted, options->logs, error));
    TRY(state_read(&w->state, &w->trusted, &w->key.verifier, error));
    TRY(check_start(w, options, now_ms, error));
    w->forced = options->override || options->alone;
    if (options->override) w->state.override_ms = now_ms;
    if (w->forced) w->state.alive_ms = now_ms;
    TRY(fork_count(w, error));
    return state_replace(&w->state, &w->trusted, &w->key.verifier, error);
}

static enum status check_options(const struct witness_options *options, struct error *error)
{
    if (options->key->verifier.algorithm != NOTE_COSIGNATURE)
        return error_set(
            error, STATUS_USAGE, "witness-key-use",
            "The key \"{0}\" is for another use: a witness needs one that cosigns (truce key new --cosign).",
            options->key->verifier.name, NULL);
    if (options->peers <= WITNESS_PEERS_MOST) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "witness-peers", "A witness has at most {0} peers.",
                     error_number(WITNESS_PEERS_MOST).text, NULL);
}

enum status witness_open(struct witness **out, const struct witness_options *options, struct error *error)
{
    TRY(check_options(options, error));
    struct witness *w = calloc(1, sizeof *w);
    if (w == NULL) return arena_full(error);
    w->system = w->state.system = options->system;
    w->key = *options->key;
    w->lock = w->state.file = -1;
    w->peers = options->peers;
    pthread_mutex_init(&w->mutex, NULL);
    pthread_mutex_init(&w->heads, NULL);
    pthread_mutex_init(&w->evidence, NULL);
    enum status status = start(w, options, error);
    if (status == STATUS_DONE)
        *out = w;
    else
        witness_close(&w);
    return status;
}

void witness_close(struct witness **witness)
{
    struct witness *w = *witness;
    *witness = NULL;
    if (w == NULL) return;
    state_close(&w->state);
    if (w->lock >= 0) w->system->close(w->system->context, w->lock);
    trusted_clear(&w->trusted);
    signer_clear(&w->key);
    pthread_mutex_destroy(&w->mutex);
    pthread_mutex_destroy(&w->heads);
    pthread_mutex_destroy(&w->evidence);
    free(w);
}

/* ---- about */

static void put_log(struct json_writer *json, const struct witness *w, const struct witness_log *log)
{
    char root[BASE64_SIZE(HASH_BYTES)], time[TIME_TEXT_SIZE];
    base64_format(root, sizeof root, slice_of(log->head.root.bytes, HASH_BYTES));
    json_put_object(json);
    if (log->head.time_s != 0) {
        time_format(log->head.time_s, time);
        json_put_key(json, "cosigned"), json_put_string(json, time);
    }
    json_put_key(json, "origin"), json_put_string(json, log->origin);
    json_put_key(json, "root"), json_put_string(json, root);
    json_put_key(json, "signs"), json_put_bool(json, log->key_count > 0 && !log->stopped && witness_signs(w, log));
    json_put_key(json, "size"), json_put_integer(json, (int64_t)log->head.size);
    json_put_key(json, "stopped"), json_put_bool(json, log->stopped);
    json_put_close(json);
}

enum status witness_about(struct witness *w, struct buffer *out, struct error *error)
{
    struct json_writer json;
    char time[TIME_TEXT_SIZE];
    pthread_mutex_lock(&w->evidence);
    size_t evidence = w->evidence_files;
    pthread_mutex_unlock(&w->evidence);
    json_write_open(&json, out);
    pthread_mutex_lock(&w->heads);
    json_put_object(&json);
    json_put_key(&json, "closed"), json_put_bool(&json, w->closed);
    json_put_key(&json, "evidence"), json_put_integer(&json, (int64_t)evidence);
    json_put_key(&json, "heard"), json_put_integer(&json, (int64_t)w->heard_count);
    json_put_key(&json, "logs"), json_put_array(&json);
    for (size_t i = 0; i < w->trusted.count; i++) put_log(&json, w, &w->trusted.logs[i]);
    json_put_close(&json);
    if (w->state.override_ms != 0) {
        time_format(w->state.override_ms / 1000, time);
        json_put_key(&json, "override"), json_put_string(&json, time);
    }
    json_put_key(&json, "peers"), json_put_integer(&json, (int64_t)w->peers);
    json_put_key(&json, "sure"), json_put_bool(&json, witness_sure(w));
    json_put_key(&json, "witness"), json_put_string(&json, w->key.verifier.name);
    json_put_close(&json);
    pthread_mutex_unlock(&w->heads);
    return json_write_finish(&json, error);
}
