/* The judgement: what follows from what was cosigned before, and what contradicts it. Who leads a group calls it for
 * one request after the other; each sees what those before it changed. */
#include "peer/witness_internal.h"

/* What is so for those that come after: durable, or of this group. */
static const struct seen *seen_now(const struct witness_log *log)
{
    return log->touched ? &log->next : &log->head;
}

static void take(struct witness_request *request)
{
    struct witness_log *log = request->log;
    seen_clear(&log->next);
    log->next = request->head;
    log->touched = true;
    request->head = (struct seen){0};
}

/* Where nothing was cosigned yet there is no note, and the empty tree contradicts nobody's word. */
static void keep_rival(struct witness_request *request, const struct seen *now)
{
    request->rival = *now;
    request->rival.note = (struct buffer){0};
    buffer_put(&request->rival.note, buffer_slice(&now->note));
}

/* ---- refusals */

static enum status stopped(const struct witness_log *log, struct error *error)
{
    return error_set(error, STATUS_FAILED, "witness-forked",
                     "This witness has cosigned two different trees of one size for {0} and cosigns nothing of it any "
                     "more. The evidence is in its directory; a new witness with a new key must take its place.",
                     log->origin, NULL);
}

static enum status unconfirmed(const struct witness *witness, struct error *error)
{
    return error_set(
        error, STATUS_FAILED, "witness-unconfirmed",
        "Since its start this witness has not yet heard what it cosigned last for this log: {0} of {1} "
        "peers answered, and more than half must, one of them for this log. Until then it cosigns nothing; "
        "try again.",
        error_number((int64_t)witness->heard_count).text, error_number((int64_t)witness->peers).text, NULL);
}

static enum status other_size(struct witness_request *request, uint64_t size)
{
    request->recorded = size;
    return error_set(&request->error, STATUS_REFUSED, "witness-size", "The size cosigned last is {0}, not {1}.",
                     error_number((int64_t)size).text, error_number((int64_t)request->old).text, NULL);
}

static enum status other_root(struct witness_request *request, const struct seen *now)
{
    keep_rival(request, now);
    return error_set(&request->error, STATUS_REFUSED, "witness-root",
                     "At size {0} this log has another root: it shows two different trees.",
                     error_number((int64_t)now->size).text, NULL);
}

/* A proof that leads to the new root from another old one shows that the log has two trees; any other proves nothing,
 * for whoever holds a checkpoint can send nonsense with it. */
static enum status no_proof(struct witness_request *request, const struct seen *now)
{
    request->tells_root =
        tree_root_before(now->size, request->head.size, &request->head.root, &request->proof, &request->root_before) &&
        !hash_equal(&request->root_before, &now->root);
    if (request->tells_root) keep_rival(request, now);
    return error_set(&request->error, STATUS_REFUSED, "witness-proof",
                     "The proof does not show that the tree of {0} entries grew out of that of {1}.",
                     error_number((int64_t)request->head.size).text, error_number((int64_t)now->size).text, NULL);
}

/* ---- a checkpoint to be cosigned */

static enum status check_follows(struct witness_request *request, const struct seen *now)
{
    if (request->old != now->size) return other_size(request, now->size);
    if (request->head.size == now->size && !hash_equal(&request->head.root, &now->root))
        return other_root(request, now);
    if (!tree_verify_consistency(now->size, &now->root, request->head.size, &request->head.root, &request->proof))
        return no_proof(request, now);
    return STATUS_DONE;
}

static void decide_add(struct witness *witness, struct witness_request *request)
{
    struct witness_log *log = request->log;
    const struct seen *now = seen_now(log);
    if (log->stopped || log->stops)
        (void)!stopped(log, &request->error);
    else if (!witness_signs(witness, log))
        (void)!unconfirmed(witness, &request->error);
    else if (check_follows(request, now) == STATUS_DONE)
        request->granted = true;
    if (!request->granted) return;
    int64_t time_s = witness->system->now_ms(witness->system->context) / 1000;
    if (time_s < 1) time_s = 1; /* 0 means none; no clock of use says so */
    bool same = now->time_s != 0 && request->head.size == now->size;
    request->time_s = time_s > now->time_s ? time_s : now->time_s;
    if (same && request->time_s == now->time_s) return; /* the state owes this very cosignature already */
    request->head.time_s = request->time_s;
    take(request);
}

/* ---- what a peer has */

/* Our own cosignature says that we saw it, though the state forgot: no proof is asked. */
static void decide_hear(struct witness_request *request)
{
    struct witness_log *log = request->log;
    const struct seen *now = seen_now(log);
    request->granted = true;
    if (!request->ours) return;
    bool same = request->head.size == now->size;
    if (same && now->time_s != 0 && !hash_equal(&request->head.root, &now->root)) {
        keep_rival(request, now);
        log->stops = true;
        return;
    }
    if (!same ? request->head.size < now->size : request->head.time_s <= now->time_s) return;
    if (request->head.time_s < now->time_s) request->head.time_s = now->time_s;
    take(request);
}

void witness_request_decide(struct witness *witness, struct witness_request *request)
{
    switch (request->asks) {
    case WITNESS_ADDS: decide_add(witness, request); break;
    case WITNESS_HEARS: decide_hear(request); break;
    case WITNESS_LIVES: request->granted = true; break;
    }
}
