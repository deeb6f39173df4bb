#include "peer/copy.h"

#include "peer/ahead.h"
#include "peer/filling.h"
#include "register/evidence.h"
#include <stdio.h>
#include <stdlib.h>

enum { CHECKPOINT_BYTES = 65536, CHUNK_BUNDLES = 16, CHUNK_BYTES = 16 * 1024 * 1024 };

/* ---- heads */

void copy_head_clear(struct copy_head *head)
{
    buffer_clear(&head->note);
    *head = (struct copy_head){.there = false};
}

static enum status head_read(struct copy_head *head, const char *where, struct error *error)
{
    struct note note;
    struct error why;
    head->there = note_parse(&note, buffer_slice(&head->note), &why) == STATUS_DONE &&
                  checkpoint_parse(&head->checkpoint, note.text, &why) == STATUS_DONE;
    if (head->there) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "mirror-checkpoint", "What stands at {0} is no signed checkpoint.",
                     where, NULL);
}

static enum status head_keep(struct copy_head *head, const struct copy_head *from, struct error *error)
{
    copy_head_clear(head);
    buffer_put(&head->note, buffer_slice(&from->note));
    TRY(buffer_finish(&head->note, error));
    return head_read(head, "", error);
}

enum status copy_head_get(struct source *source, struct copy_head *out, struct error *error)
{
    bool there;
    buffer_reset(&out->note);
    TRY(source_get(source, "checkpoint", CHECKPOINT_BYTES, &out->note, &there, error));
    if (!there)
        return error_set(error, STATUS_FAILED, "mirror-none",
                         "There is no log at {0}: it has no checkpoint. Name a server's address, or where a register's "
                         "log/ is served.",
                         source_name(source), NULL);
    return head_read(out, source_name(source), error);
}

/* ---- files below the register */

static enum status path_of(const char *directory, const char *name, char out[COPY_PATH_SIZE], struct error *error)
{
    int size = snprintf(out, COPY_PATH_SIZE, "%s/%s", directory, name);
    if (size > 0 && size < COPY_PATH_SIZE) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "register-path", "The path of the register is too long.", NULL);
}

static enum status folder_make(const struct system *system, const char *directory, const char *name,
                               struct error *error)
{
    char path[COPY_PATH_SIZE];
    TRY(path_of(directory, name, path, error));
    return directory_make(system, path, error);
}

static enum status head_find(const struct copy *copy, const char *name, struct copy_head *out, struct error *error)
{
    char path[COPY_PATH_SIZE];
    TRY(path_of(copy->directory, name, path, error));
    TRY(file_read_if_there(copy->system, path, CHECKPOINT_BYTES, &out->note, &out->there, error));
    return out->there ? head_read(out, path, error) : STATUS_DONE;
}

static enum status target_put(struct copy *copy, const struct copy_head *head, struct error *error)
{
    char path[COPY_PATH_SIZE];
    TRY(folder_make(copy->system, copy->directory, "peers", error));
    TRY(folder_make(copy->system, copy->directory, "peers/seen", error));
    TRY(path_of(copy->directory, "peers/seen/target", path, error));
    TRY(file_replace(copy->system, path, buffer_slice(&head->note), 0666, error));
    return head_keep(&copy->target, head, error);
}

enum status copy_target(struct copy *copy, struct slice note, struct error *error)
{
    struct copy_head head = {.there = false};
    buffer_put(&head.note, note);
    enum status status = buffer_finish(&head.note, error);
    if (status == STATUS_DONE) status = head_read(&head, "peers/seen/target", error);
    if (status == STATUS_DONE && (!copy->target.there || copy->target.checkpoint.size < head.checkpoint.size))
        status = target_put(copy, &head, error);
    copy_head_clear(&head);
    return status;
}

enum status copy_open(struct copy *copy, const struct system *system, const char *directory, struct log *log,
                      struct source *source, struct error *error)
{
    *copy = (struct copy){.system = system, .directory = directory, .log = log, .source = source};
    TRY(far_open(&copy->far, source, error));
    enum status status = head_find(copy, "log/checkpoint", &copy->published, error);
    if (status == STATUS_DONE) status = head_find(copy, "peers/seen/target", &copy->target, error);
    if (status != STATUS_DONE) copy_close(copy);
    return status;
}

void copy_close(struct copy *copy)
{
    far_close(&copy->far);
    copy_head_clear(&copy->published);
    copy_head_clear(&copy->target);
}

/* ---- forks */

enum status copy_evidence(const struct system *system, const char *directory, const struct evidence *evidence,
                          char path[COPY_PATH_SIZE], struct error *error)
{
    char place[EVIDENCE_PLACE_SIZE];
    OWN(buffer_clear) struct buffer line = {0};
    TRY(evidence_write(&line, evidence, error));
    TRY(evidence_keep(system, directory, buffer_slice(&line), error));
    evidence_place(buffer_slice(&line), place);
    return path_of(directory, place, path, error);
}

static bool signed_too(const struct copy_head *head, const struct verifier *key)
{
    struct note note;
    bool present;
    return note_parse(&note, buffer_slice(&head->note), NULL) == STATUS_DONE && note_verify(&note, key, &present);
}

/* One key signed both, or there are two hosts, of which one may have followed the other rightly. */
static const struct verifier *signed_both(const struct copy *copy, const struct verifier *key,
                                          const struct copy_head *first, const struct copy_head *second)
{
    if (signed_too(first, key) && signed_too(second, key)) return key;
    bool former = copy->former.name[0] != '\0' && signed_too(first, &copy->former) && signed_too(second, &copy->former);
    return former ? &copy->former : NULL;
}

/* The two heads are of no one log. `other` is the root that the second's tree has at the first's size, with its proof;
 * NULL where the sizes are the same. */
static enum status forked(struct copy *copy, const struct verifier *key, const struct copy_head *first,
                          const struct copy_head *second, const struct hash *other, const struct log_proof *proof,
                          struct error *error)
{
    const struct verifier *both = signed_both(copy, key, first, second);
    if (both == NULL)
        return error_set(
            error, STATUS_UNVERIFIED, "mirror-other-host",
            "What {0} shows under the log's new key does not go on from the {1} entries that were followed "
            "here under the old one. Where the log has changed hosts, its cosigners have voted for it: ask "
            "for their votes and make a copy that goes on with the new host from this one (truce "
            "take-over). This copy stays as it is.",
            source_name(copy->source), error_number((int64_t)first->checkpoint.size).text, NULL);
    struct evidence evidence = {.kind = EVIDENCE_FORK,
                                .first = buffer_slice(&first->note),
                                .second = buffer_slice(&second->note),
                                .has_other = other != NULL,
                                .key = {*both},
                                .keys = 1};
    if (other != NULL) evidence.other = *other;
    if (other != NULL) evidence.proof = *proof;
    TRY(copy_evidence(copy->system, copy->directory, &evidence, copy->evidence, error));
    return error_set(error, STATUS_UNVERIFIED, "mirror-fork",
                     "{0} has signed two different histories, of {1} and of {2} entries. Both signatures are kept in "
                     "{3}: whoever gets that file can prove it (truce verify FILE). The mirror follows no further and "
                     "keeps what it has; show the others, and compare whom each of you followed.",
                     error_slice(first->checkpoint.origin).text, error_number((int64_t)first->checkpoint.size).text,
                     error_number((int64_t)second->checkpoint.size).text, copy->evidence, NULL);
}

static bool same_root(const struct copy_head *a, const struct copy_head *b)
{
    return hash_equal(&a->checkpoint.root, &b->checkpoint.root);
}

/* Against an earlier head that is kept. Tiles read before may be of another view: a proof that fails is made anew. */
static enum status continues(struct copy *copy, const struct verifier *key, const struct copy_head *kept,
                             const struct copy_head *head, struct error *error)
{
    struct log_proof proof;
    struct hash other;
    uint64_t from = kept->checkpoint.size, to = head->checkpoint.size;
    if (!kept->there || from > to) return STATUS_DONE;
    if (from == to) return same_root(kept, head) ? STATUS_DONE : forked(copy, key, kept, head, NULL, NULL, error);
    for (int tries = 0; tries < 2; tries++) {
        far_at(&copy->far, to);
        TRY(far_consistency(&copy->far, from, &proof, error));
        if (tree_verify_consistency(from, &kept->checkpoint.root, to, &head->checkpoint.root, &proof))
            return STATUS_DONE;
        TRY(far_root(&copy->far, from, &other, error));
        if (!hash_equal(&other, &kept->checkpoint.root) &&
            tree_verify_consistency(from, &other, to, &head->checkpoint.root, &proof))
            return forked(copy, key, kept, head, &other, &proof, error);
        far_forget(&copy->far);
    }
    return error_set(error, STATUS_UNVERIFIED, "mirror-proof",
                     "The tiles at {0} do not fit its own checkpoint of {1} entries; nothing of them was used.",
                     source_name(copy->source), error_number((int64_t)to).text, NULL);
}

/* An older head must be of the history that is here. */
static enum status belongs(struct copy *copy, const struct verifier *key, const struct copy_head *head,
                           struct error *error)
{
    struct hash root;
    struct log_proof proof;
    const struct checkpoint *old = &head->checkpoint, *ours = &copy->published.checkpoint;
    if (!copy->published.there || old->size > ours->size) return STATUS_DONE;
    TRY(log_root(copy->log, old->size, &root, error));
    if (hash_equal(&root, &old->root)) return STATUS_DONE;
    if (old->size == ours->size) return forked(copy, key, &copy->published, head, NULL, NULL, error);
    TRY(log_prove_consistency(copy->log, old->size, ours->size, &proof, error));
    return forked(copy, key, head, &copy->published, &root, &proof, error);
}

/* ---- looking */

static enum status signed_by(const struct copy *copy, const struct copy_head *head, const struct verifier *key,
                             struct error *error)
{
    struct note note;
    bool present = false;
    if (!slice_is(head->checkpoint.origin, key->name))
        return error_set(error, STATUS_UNVERIFIED, "mirror-origin",
                         "The checkpoint at {0} is of the log {1}, not of {2}.", source_name(copy->source),
                         error_slice(head->checkpoint.origin).text, key->name, NULL);
    TRY(note_parse(&note, buffer_slice(&head->note), error));
    if (note_verify(&note, key, &present)) return STATUS_DONE;
    if (present)
        return error_set(error, STATUS_UNVERIFIED, "mirror-signature",
                         "The signature on the checkpoint at {0} does not hold under the log's key.",
                         source_name(copy->source), NULL);
    return error_set(error, STATUS_UNVERIFIED, "mirror-key",
                     "The checkpoint at {0} is not signed by the log's key that is known here.",
                     source_name(copy->source), NULL);
}

static enum status look(struct copy *copy, const struct verifier *key, struct copy_head *head, struct error *error)
{
    TRY(copy_head_get(copy->source, head, error));
    TRY(signed_by(copy, head, key, error));
    TRY(belongs(copy, key, head, error));
    TRY(continues(copy, key, &copy->published, head, error));
    TRY(continues(copy, key, &copy->target, head, error));
    bool news = (!copy->target.there || head->checkpoint.size > copy->target.checkpoint.size) &&
                (!copy->published.there || head->checkpoint.size > copy->published.checkpoint.size);
    return news ? target_put(copy, head, error) : STATUS_DONE;
}

enum status copy_look(struct copy *copy, const struct verifier *key, struct error *error)
{
    struct copy_head head = {.there = false};
    enum status status = look(copy, key, &head, error);
    copy_head_clear(&head);
    return status;
}

/* ---- entries */

struct chunk {
    struct buffer bundle, bytes; /* as in a bundle, one behind the other */
    struct slice *entries;
    size_t count;
};

static enum status chunk_gather(struct copy *copy, struct ahead *ahead, uint64_t from, struct chunk *chunk,
                                struct error *error)
{
    uint64_t to = copy->target.checkpoint.size, skip = from % LOG_TILE_WIDTH;
    struct slice entry;
    buffer_reset(&chunk->bytes);
    chunk->count = 0;
    for (size_t bundles = 0; bundles < CHUNK_BUNDLES && from + chunk->count < to && chunk->bytes.size < CHUNK_BYTES;
         bundles++) {
        TRY(ahead_take(ahead, &chunk->bundle, error));
        struct slice rest = buffer_slice(&chunk->bundle);
        for (; skip > 0 && far_entry(&rest, &entry); skip--) continue; /* those are here */
        buffer_put(&chunk->bytes, rest);
        while (far_entry(&rest, &entry)) chunk->count++;
    }
    TRY(buffer_finish(&chunk->bytes, error));
    struct slice rest = buffer_slice(&chunk->bytes);
    for (size_t i = 0; i < chunk->count; i++) (void)far_entry(&rest, &chunk->entries[i]);
    return STATUS_DONE;
}

/* C1: the tree with these entries must lead to the target. */
static enum status chunk_prove(struct copy *copy, const struct chunk *chunk, struct error *error)
{
    const struct checkpoint *target = &copy->target.checkpoint;
    struct tree_edge edge;
    struct log_proof proof;
    log_edge(copy->log, &edge);
    for (size_t i = 0; i < chunk->count; i++) {
        struct hash leaf = tree_leaf(chunk->entries[i]);
        tree_edge_add(&edge, &leaf);
    }
    struct hash root = tree_edge_root(&edge);
    for (int tries = 0; tries < 2; tries++) {
        far_at(&copy->far, target->size);
        TRY(far_consistency(&copy->far, edge.size, &proof, error));
        if (tree_verify_consistency(edge.size, &root, target->size, &target->root, &proof)) return STATUS_DONE;
        far_forget(&copy->far);
    }
    return error_set(error, STATUS_UNVERIFIED, "mirror-entries",
                     "What {0} gives as entries {1} to {2} is not what its checkpoint covers; nothing of it was kept.",
                     source_name(copy->source), error_number((int64_t)(edge.size - chunk->count)).text,
                     error_number((int64_t)edge.size - 1).text, NULL);
}

static enum status chunks_take(struct copy *copy, struct ahead *ahead, struct filling *filling, struct chunk *chunk,
                               struct error *error)
{
    uint64_t to = copy->target.checkpoint.size, first;
    while (log_size(copy->log) < to) {
        TRY(chunk_gather(copy, ahead, log_size(copy->log), chunk, error));
        TRY(chunk_prove(copy, chunk, error));
        TRY(log_append(copy->log, chunk->entries, chunk->count, &first, error));
        filling_grown(filling);
        if (copy->grown != NULL) copy->grown(copy->context, log_size(copy->log), to);
    }
    return STATUS_DONE;
}

static enum status entries_take(struct copy *copy, struct error *error)
{
    struct chunk chunk = {.entries = calloc(CHUNK_BUNDLES * LOG_TILE_WIDTH, sizeof *chunk.entries)};
    struct ahead *ahead = malloc(sizeof *ahead);
    enum status status = chunk.entries == NULL || ahead == NULL ? arena_full(error) : STATUS_DONE;
    if (status == STATUS_DONE) {
        ahead_open(ahead, copy->source, log_size(copy->log) / LOG_TILE_WIDTH, copy->target.checkpoint.size);
        struct filling filling;
        filling_begin(&filling, copy->log);
        status = chunks_take(copy, ahead, &filling, &chunk, error);
        filling_end(&filling);
        ahead_close(ahead);
    }
    free(ahead);
    free(chunk.entries);
    buffer_clear(&chunk.bundle);
    buffer_clear(&chunk.bytes);
    return status;
}

enum status copy_take(struct copy *copy, struct error *error)
{
    bool behind = copy->target.there && log_size(copy->log) < copy->target.checkpoint.size;
    return behind ? entries_take(copy, error) : STATUS_DONE;
}

enum status copy_publish(struct copy *copy, const struct verifier *key, struct error *error)
{
    const struct copy_head *target = &copy->target;
    uint64_t published = copy->published.there ? copy->published.checkpoint.size : 0;
    if (!target->there || (copy->published.there && target->checkpoint.size <= published)) return STATUS_DONE;
    TRY(log_publish_signed(copy->log, buffer_slice(&target->note), key, error));
    return head_keep(&copy->published, target, error);
}
