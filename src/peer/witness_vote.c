/* What a witness says when the host is gone. */
#include "log/vote.h"
#include "peer/witness_internal.h"

/* What was cosigned last, with our own line: the same one that was given out then. */
static enum status last_head(struct witness *w, struct witness_log *log, struct vote *vote, struct error *error)
{
    struct note note;
    pthread_mutex_lock(&w->heads);
    vote->size = log->head.time_s == 0 ? 0 : log->head.size;
    int64_t time_s = log->head.time_s;
    if (vote->size > 0) buffer_put(&vote->checkpoint, buffer_slice(&log->head.note));
    pthread_mutex_unlock(&w->heads);
    if (vote->size == 0) return STATUS_DONE;
    TRY(buffer_finish(&vote->checkpoint, error));
    TRY(note_parse(&note, buffer_slice(&vote->checkpoint), error));
    OWN(buffer_clear) struct buffer text = {0};
    buffer_put(&text, note.text);
    TRY(buffer_finish(&text, error));
    return note_cosign_line(&vote->checkpoint, buffer_slice(&text), time_s, &w->key, error);
}

enum status witness_vote(struct witness *w, const struct verifier *old_key, const struct verifier *new_key,
                         struct buffer *out, struct error *error)
{
    OWN(vote_clear) struct vote vote = {.old_key = *old_key, .new_key = *new_key};
    struct witness_request request = {.asks = WITNESS_ENDS, .end = {.old_key = *old_key, .new_key = *new_key}};
    if (strcmp(old_key->name, new_key->name) != 0)
        return error_set(error, STATUS_USAGE, "vote-form",
                         "A vote names one log: its first line and both keys bear the same origin.", NULL);
    request.log = trusted_find(&w->trusted, slice_from(old_key->name));
    if (request.log == NULL)
        return error_set(error, STATUS_REFUSED, "witness-origin", "This witness does not know the log {0}.",
                         old_key->name, NULL);
    enum status status = witness_request_pass(w, &request, error);
    witness_request_clear(&request);
    TRY(status);
    TRY(last_head(w, request.log, &vote, error));
    return vote_sign(out, &vote, w->system->now_ms(w->system->context) / 1000, &w->key, error);
}
