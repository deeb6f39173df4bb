/* A full copy that was cut off, extended by the entries in a pouch. The pouch is read twice: first the root of the
 * copy's tree with the pouch's entries is computed and held against the signed heads that the pouch brings; then what
 * leads to one of them is appended, each entry the one that was hashed the first time.
 *
 *     read → root = a signed head's → kept (peers/seen/target) → appended, durable → judged → published under the head
 */
#include "peer/copy.h"
#include "peer/pouch.h"
#include "peer/pouch_entries.h"
#include "register/mirrored.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_ENTRIES = 4096, CHUNK_BYTES = 16 * 1024 * 1024 };

static enum status each_section(const struct pouch_extending *x,
                                enum status (*see)(void *, const struct pouch_section *, struct error *), void *context,
                                struct error *error)
{
    struct pouch_reader *reader = NULL;
    struct pouch_section section;
    bool more = true;
    struct error broken;
    TRY(pouch_open_file(&reader, x->reg->system, x->path, error));
    enum status status = STATUS_DONE;
    if (!slice_equal(pouch_register(reader), members_register(x->reg->members)))
        more = false; /* who opens it says so */
    while (status == STATUS_DONE && more) {
        if (pouch_next(reader, &section, &more, &broken) != STATUS_DONE) break;       /* and that it breaks off */
        more = more && (section.kind == POUCH_HEAD || section.kind == POUCH_ENTRIES); /* they stand before all others */
        if (more) status = see(context, &section, error);
    }
    pouch_reader_close(&reader);
    return status;
}

static enum status see_section(void *context, const struct pouch_section *section, struct error *error)
{
    return pouch_entries_see(context, section, error);
}

/* ---- appending */

struct appending {
    struct log *log;
    const struct pouch_entries *seen;
    uint64_t to, next; /* entries below `next` are in the log or in the chunk */
    struct buffer bytes;
    size_t *end; /* of each entry of the chunk, in bytes */
    size_t count;
};

static enum status append_chunk(struct appending *a, struct error *error)
{
    uint64_t first;
    TRY(buffer_finish(&a->bytes, error));
    if (a->count == 0) return STATUS_DONE;
    struct slice *entries = calloc(a->count, sizeof *entries);
    if (entries == NULL) return arena_full(error);
    for (size_t i = 0, from = 0; i < a->count; from = a->end[i++])
        entries[i] = slice_part(buffer_slice(&a->bytes), from, a->end[i] - from);
    enum status status = log_append(a->log, entries, a->count, &first, error);
    free(entries);
    a->count = 0;
    buffer_reset(&a->bytes);
    return status;
}

/* Somebody may have changed the file since it was read first. */
static enum status check_same(const struct appending *a, struct slice entry, struct error *error)
{
    struct hash leaf = tree_leaf(entry);
    if (hash_equal(&leaf, pouch_entries_leaf(a->seen, a->next))) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "pouch-changed",
                     "The pouch was changed while it was read. Open it again: nothing is taken twice.", NULL);
}

static enum status append_section(void *context, const struct pouch_section *section, struct error *error)
{
    struct appending *a = context;
    struct slice rest = section->bytes, entry;
    if (section->kind != POUCH_ENTRIES) return STATUS_DONE;
    for (uint64_t index = section->number; a->next < a->to && far_entry(&rest, &entry); index++) {
        if (index != a->next) continue;
        TRY(check_same(a, entry, error));
        buffer_put(&a->bytes, entry);
        a->end[a->count++] = a->bytes.size;
        a->next++;
        if (a->count == CHUNK_ENTRIES || a->bytes.size >= CHUNK_BYTES) TRY(append_chunk(a, error));
    }
    return STATUS_DONE;
}

static enum status append_all(struct pouch_extending *x, struct log *log, const struct pouch_entries *seen, uint64_t to,
                              struct error *error)
{
    struct appending a = {.log = log, .seen = seen, .to = to, .next = log_size(log)};
    a.end = calloc(CHUNK_ENTRIES, sizeof *a.end);
    enum status status = a.end == NULL ? arena_full(error) : each_section(x, append_section, &a, error);
    if (status == STATUS_DONE) status = append_chunk(&a, error);
    free(a.end);
    buffer_clear(&a.bytes);
    TRY(status);
    if (log_size(log) == to) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "pouch-changed",
                     "The pouch was changed while it was read. Open it again: nothing is taken twice.", NULL);
}

/* ---- judging and publishing */

static void on_void(void *context, uint64_t entry, const struct error *why)
{
    struct pouch_extending *x = context;
    struct error placed = *why;
    char place[64];
    snprintf(place, sizeof place, "log entry %llu", (unsigned long long)entry);
    (void)error_at(&placed, placed.status, place);
    x->voids++;
    (void)!x->fault(x->context, "entries", &placed, NULL);
}

/* By whose word the key signs is known once the entries that it covers were judged. */
static enum status key_in_force(const struct truce_register *copy, uint64_t size, const struct verifier *key,
                                struct error *error)
{
    const struct members *members = register_judged_members(copy);
    const struct verifier *wanted = members == NULL ? NULL : members_log_key_at(members, size);
    if (wanted != NULL && memcmp(&wanted->key, &key->key, sizeof key->key) == 0) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "pouch-key",
                     "The signed head in the pouch is of a key that the members of this register did not put in force. "
                     "It is not published here.",
                     NULL);
}

static enum status take(struct pouch_extending *x, struct truce_register *copy, const struct pouch_entries *seen,
                        const struct pouch_head *head, const struct verifier *key, struct error *error)
{
    struct copy following;
    uint64_t size = head->checkpoint.size;
    if (log_size(copy->log) != seen->size)
        return error_set(error, STATUS_FAILED, "pouch-grown",
                         "The copy grew while the pouch was read. Open it again: nothing is taken twice.", NULL);
    TRY(register_judge(copy, false, error));
    TRY(copy_open(&following, copy->system, copy->directory, copy->log, NULL, error));
    enum status status = copy_target(&following, buffer_slice(&head->note), error);
    copy_close(&following);
    TRY(status);
    TRY(append_all(x, copy->log, seen, size, error));
    x->taken = size - seen->size;
    TRY(register_judge(copy, false, error));
    TRY(key_in_force(copy, size, key, error));
    TRY(log_publish_signed(copy->log, buffer_slice(&head->note), key, error));
    return register_indexed(copy, error);
}

static enum status open_and_take(struct pouch_extending *x, const struct pouch_entries *seen,
                                 const struct pouch_head *head, const struct verifier *key, struct error *error)
{
    struct truce_register *copy = NULL;
    const struct mirrored_hooks hooks = {.found_void = on_void, .context = x};
    struct slice origin = members_origin(x->reg->members);
    struct error why;
    enum status status = register_mirror(&copy, x->reg->system, x->reg->directory, origin, &hooks, &why);
    if (status != STATUS_DONE && strcmp(why.code, "log-locked") == 0)
        return x->fault(x->context, "entries", &why, error);
    if (status != STATUS_DONE && error != NULL) *error = why;
    TRY(status);
    status = take(x, copy, seen, head, key, error);
    enum status closed = register_close(&copy, status == STATUS_DONE ? error : NULL);
    TRY(status);
    TRY(closed);
    TRY(log_refresh(x->reg->log, error));
    return register_know(x->reg, error);
}

/* ---- what the first reading found */

static enum status tell_fork(struct pouch_extending *x, const struct pouch_entries *seen, const struct pouch_head *head,
                             const struct verifier *key, struct error *error)
{
    struct error why;
    bool kept;
    x->forks++;
    TRY(pouch_entries_fork(seen, head, key, &kept, error));
    (void)!error_set(&why, STATUS_UNVERIFIED, "pouch-history",
                     kept ? "From entry {0} on the pouch tells another history, under this log's own signature. Both "
                            "signed heads are kept as evidence."
                          : "From entry {0} on the pouch tells another history, under this log's own signature.",
                     error_number((int64_t)seen->base).text, NULL);
    return x->fault(x->context, "entries", &why, error);
}

static enum status tell(struct pouch_extending *x, const char *code, const char *sentence, uint64_t number,
                        struct error *error)
{
    struct error why;
    (void)!error_set(&why, STATUS_REFUSED, code, sentence, error_number((int64_t)number).text, NULL);
    return x->fault(x->context, "entries", &why, error);
}

/* Entries that no head leads to prove nothing, and are left where they are. */
static enum status tell_unproven(struct pouch_extending *x, const struct pouch_entries *seen, struct error *error)
{
    if (seen->broken)
        return tell(x, "pouch-entries", "The pouch's entries from {0} on are damaged; none of them was taken.",
                    seen->base, error);
    if (seen->differs)
        return tell(x, "pouch-entries",
                    "The pouch has another entry {0} than this log, and no signed head for it; none was taken.",
                    seen->base, error);
    if (seen->edge.size > seen->size)
        return tell(x, "pouch-entries",
                    "No signed head in the pouch covers its entries from {0} on as they are; none of them was taken.",
                    seen->size, error);
    if (seen->gap)
        return tell(x, "pouch-gap",
                    "The pouch's entries do not join on: this copy lacks those from {0} on. Ask for a pouch that is "
                    "packed with --entries-from {0}.",
                    seen->size, error);
    return STATUS_DONE;
}

static enum status extend(struct pouch_extending *x, struct pouch_entries *seen, struct error *error)
{
    struct verifier key;
    char origin[LIMIT_ORIGIN_BYTES + 1], path[REGISTER_PATH_SIZE];
    TRY(each_section(x, see_section, seen, error));
    const struct pouch_head *head = pouch_entries_head(seen, &key);
    if (seen->differs && head != NULL) return tell_fork(x, seen, head, &key, error);
    bool news = head != NULL && !seen->broken && head->checkpoint.size > log_published(x->reg->log);
    if (!news) return tell_unproven(x, seen, error);
    TRY(register_path(path, x->reg->directory, "log", error));
    TRY(log_followed(x->reg->system, path, origin, error));
    return origin[0] == '\0' ? STATUS_DONE : open_and_take(x, seen, head, &key, error);
}

enum status pouch_extend(struct pouch_extending *x, struct error *error)
{
    struct pouch_entries seen;
    TRY(pouch_entries_open(&seen, x->reg, error));
    enum status status = extend(x, &seen, error);
    pouch_entries_close(&seen);
    return status;
}
