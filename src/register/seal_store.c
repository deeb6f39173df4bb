#include "register/seal_store.h"

#include "register/register.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

enum { WAITING_MOST = 256, LOCK_TRIES = 500, LOCK_PAUSE_MS = 10, NAME_SIZE = 96 };

static const char mark[] = "erased\n";

static enum status path_of(char out[REGISTER_PATH_SIZE], const struct seal_store *store, const char *below,
                           const struct hash *cipher, const char *after, struct error *error)
{
    char hex[HASH_HEX_SIZE], name[NAME_SIZE];
    hash_format(cipher, hex);
    snprintf(name, sizeof name, "%s%s%s", below, hex, after);
    return register_path(out, store->directory, name, error);
}

static enum status damaged(const char *path, struct error *error)
{
    return error_at(error,
                    error_set(error, STATUS_UNVERIFIED, "seal-damaged",
                              "The sealed value {0} is not the one that its name says.", path, NULL),
                    path);
}

/* ---- one at a time */

struct held {
    const struct system *system;
    int file;
};

static void let_go(struct held *held)
{
    if (held->file >= 0) held->system->close(held->system->context, held->file);
    held->file = -1;
}

static enum status directories(const struct seal_store *store, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(register_path(path, store->directory, "sealed", error));
    TRY(directory_make(store->system, path, error));
    TRY(register_path(path, store->directory, "sealed/waiting", error));
    return directory_make(store->system, path, error);
}

static enum status hold(const struct seal_store *store, struct held *held, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    const struct system *system = store->system;
    TRY(directories(store, error));
    TRY(register_path(path, store->directory, "sealed/lock", error));
    held->system = system;
    held->file = system->open(system->context, path, O_RDWR | O_CREAT, 0644);
    if (held->file < 0) return error_system(error, "open", path, errno);
    for (unsigned tries = 0; system->lock(system->context, held->file) != 0; tries++) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || tries == LOCK_TRIES)
            return error_system(error, "lock", path, errno);
        nanosleep(&(struct timespec){0, LOCK_PAUSE_MS * 1000000L}, NULL);
    }
    return STATUS_DONE;
}

/* ---- reading */

static enum status there(const struct seal_store *store, const char *path, bool *out, struct error *error)
{
    int file = store->system->open(store->system->context, path, O_RDONLY, 0);
    *out = file >= 0;
    if (file >= 0) store->system->close(store->system->context, file);
    return file >= 0 || errno == ENOENT || errno == ENOTDIR ? STATUS_DONE : error_system(error, "open", path, errno);
}

static enum status parse(struct seal_file *out, struct slice bytes, const struct hash *cipher, const char *path,
                         struct error *error)
{
    struct slice rest = bytes;
    if (seal_file_next(out, &rest, NULL) != STATUS_DONE || rest.size > 0) return damaged(path, error);
    struct hash hash = hash_of(out->cipher);
    return hash_equal(&hash, cipher) ? STATUS_DONE : damaged(path, error);
}

static enum status read_at(const struct seal_store *store, const char *path, const struct hash *cipher,
                           struct buffer *file, bool *found, struct error *error)
{
    struct seal_file parsed;
    TRY(file_read_if_there(store->system, path, SEAL_FILE_MOST, file, found, error));
    return *found ? parse(&parsed, buffer_slice(file), cipher, path, error) : STATUS_DONE;
}

enum status seal_store_get(const struct seal_store *store, const struct hash *cipher, struct buffer *file,
                           enum seal_state *state, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    bool found;
    TRY(path_of(path, store, "sealed/", cipher, ".erased", error));
    TRY(there(store, path, &found, error));
    *state = SEAL_ERASED;
    if (found) return STATUS_DONE;
    TRY(path_of(path, store, "sealed/", cipher, "", error));
    TRY(read_at(store, path, cipher, file, &found, error));
    *state = SEAL_HERE;
    if (found) return STATUS_DONE;
    TRY(path_of(path, store, "sealed/waiting/", cipher, "", error));
    TRY(read_at(store, path, cipher, file, &found, error));
    *state = found ? SEAL_WAITING : SEAL_ABSENT;
    return STATUS_DONE;
}

/* ---- destroying: the bytes first, then the name */

static enum status overwrite(const struct system *system, int file, const char *path, struct error *error)
{
    static const uint8_t zeros[4096];
    off_t size = system->size(system->context, file);
    if (size < 0) return error_system(error, "read", path, errno);
    for (off_t at = 0; at < size;) {
        size_t some = size - at < (off_t)sizeof zeros ? (size_t)(size - at) : sizeof zeros;
        TRY(file_write_all(system, file, path, slice_of(zeros, some), at, error));
        at += (off_t)some;
    }
    return system->sync(system->context, file) == 0 ? STATUS_DONE : error_system(error, "sync", path, errno);
}

static enum status destroy(const struct seal_store *store, const char *path, bool *was, struct error *error)
{
    const struct system *system = store->system;
    int file = system->open(system->context, path, O_RDWR, 0);
    if (file < 0) return errno == ENOENT || errno == ENOTDIR ? STATUS_DONE : error_system(error, "open", path, errno);
    *was = true;
    enum status status = overwrite(system, file, path, error);
    system->close(system->context, file);
    TRY(status);
    return system->remove(system->context, path) == 0 ? STATUS_DONE : error_system(error, "remove", path, errno);
}

/* ---- writing */

/* The new file takes the old one's name; the old one's bytes are overwritten behind it. */
static enum status replace(const struct seal_store *store, const char *path, struct slice bytes, struct error *error)
{
    const struct system *system = store->system;
    int old = system->open(system->context, path, O_RDWR, 0);
    if (old < 0 && errno != ENOENT) return error_system(error, "open", path, errno);
    enum status status = file_replace(system, path, bytes, 0644, error);
    if (old < 0) return status;
    if (status == STATUS_DONE) status = overwrite(system, old, path, error);
    system->close(system->context, old);
    return status;
}

/* The file at `path` with these boxes among its own. */
static enum status merge(const struct seal_store *store, const char *path, const struct hash *cipher,
                         const struct seal_file *file, bool *changed, struct error *error)
{
    OWN(buffer_clear) struct buffer old = {0}, boxes = {0}, fresh = {0};
    struct seal_file before = {.boxes = {NULL, 0}};
    bool found;
    TRY(read_at(store, path, cipher, &old, &found, error));
    if (found) TRY(parse(&before, buffer_slice(&old), cipher, path, error));
    buffer_put(&boxes, before.boxes);
    buffer_put(&boxes, file->boxes);
    TRY(buffer_finish(&boxes, error));
    TRY(seal_file_format(&fresh, file->cipher, buffer_slice(&boxes), error));
    *changed = !found || !slice_equal(buffer_slice(&fresh), buffer_slice(&old));
    return *changed ? replace(store, path, buffer_slice(&fresh), error) : STATUS_DONE;
}

static enum status count_waiting(const struct seal_store *store, size_t *count, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    char path[REGISTER_PATH_SIZE];
    *count = 0;
    TRY(register_path(path, store->directory, "sealed/waiting", error));
    if (store->system->list(store->system->context, path, &names) != 0) return error_system(error, "list", path, errno);
    for (size_t i = 0; i < names.size; i++) *count += names.data[i] == '\0';
    return buffer_finish(&names, error);
}

static enum status put_waiting(const struct seal_store *store, const struct hash *cipher, const struct seal_file *file,
                               bool *changed, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    bool found;
    size_t count;
    TRY(path_of(path, store, "sealed/waiting/", cipher, "", error));
    TRY(there(store, path, &found, error));
    TRY(count_waiting(store, &count, error));
    if (!found && count >= WAITING_MOST)
        return error_set(error, STATUS_FAILED, "seal-waiting",
                         "{0} sealed values wait for their records; hand in the record first, then what it seals.",
                         error_number((int64_t)count).text, NULL);
    return merge(store, path, cipher, file, changed, error);
}

static enum status put_named(const struct seal_store *store, const struct hash *cipher, const struct seal_file *file,
                             bool *changed, struct error *error)
{
    OWN(buffer_clear) struct buffer early = {0};
    char path[REGISTER_PATH_SIZE], waiting[REGISTER_PATH_SIZE];
    struct seal_file parsed;
    bool found, was, more = false;
    TRY(path_of(path, store, "sealed/", cipher, "", error));
    TRY(path_of(waiting, store, "sealed/waiting/", cipher, "", error));
    TRY(read_at(store, waiting, cipher, &early, &found, error));
    if (found) {
        TRY(parse(&parsed, buffer_slice(&early), cipher, waiting, error));
        TRY(merge(store, path, cipher, &parsed, &more, error));
        TRY(destroy(store, waiting, &was, error));
    }
    TRY(merge(store, path, cipher, file, changed, error));
    *changed = *changed || more;
    return STATUS_DONE;
}

enum status seal_store_put(const struct seal_store *store, const struct seal_file *file, bool named, bool *changed,
                           struct error *error)
{
    OWN(let_go) struct held held = {.file = -1};
    char path[REGISTER_PATH_SIZE];
    bool erased, here;
    struct hash cipher = hash_of(file->cipher);
    TRY(hold(store, &held, error));
    TRY(path_of(path, store, "sealed/", &cipher, ".erased", error));
    TRY(there(store, path, &erased, error));
    if (erased)
        return error_set(error, STATUS_REFUSED, "seal-erased",
                         "This sealed value was erased here; it is not taken in again.", NULL);
    TRY(path_of(path, store, "sealed/", &cipher, "", error));
    TRY(there(store, path, &here, error));
    return named || here ? put_named(store, &cipher, file, changed, error)
                         : put_waiting(store, &cipher, file, changed, error);
}

/* ---- erasing */

enum status seal_store_erase(const struct seal_store *store, const struct hash *cipher, bool *was, struct error *error)
{
    static const char *const below[] = {"sealed/", "sealed/", "sealed/waiting/", "sealed/waiting/"};
    static const char *const after[] = {"", ".new", "", ".new"};
    OWN(let_go) struct held held = {.file = -1};
    char path[REGISTER_PATH_SIZE];
    *was = false;
    TRY(hold(store, &held, error));
    TRY(path_of(path, store, "sealed/", cipher, ".erased", error));
    TRY(file_replace(store->system, path, slice_from(mark), 0644, error));
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        TRY(path_of(path, store, below[i], cipher, after[i], error));
        TRY(destroy(store, path, was, error));
    }
    TRY(register_path(path, store->directory, "sealed/waiting", error));
    TRY(directory_sync(store->system, path, error));
    TRY(register_path(path, store->directory, "sealed", error));
    return directory_sync(store->system, path, error);
}

/* ---- listing */

/* A name in sealed/ or sealed/waiting/: the hash, and what stands behind it. */
static bool name_parse(struct slice name, struct hash *cipher, struct slice *after)
{
    *after = slice_part(name, 2 * HASH_BYTES, SIZE_MAX);
    return name.size >= 2 * HASH_BYTES && hash_parse(cipher, slice_part(name, 0, 2 * HASH_BYTES));
}

static enum status list_in(const struct seal_store *store, const char *directory, enum seal_state state,
                           seal_visit *visit, void *context, struct error *error)
{
    OWN(buffer_clear) struct buffer names = {0};
    char path[REGISTER_PATH_SIZE];
    TRY(register_path(path, store->directory, directory, error));
    if (store->system->list(store->system->context, path, &names) != 0)
        return errno == ENOENT ? STATUS_DONE : error_system(error, "list", path, errno);
    TRY(buffer_finish(&names, error));
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.data + at) + 1) {
        struct hash cipher;
        struct slice after;
        if (!name_parse(slice_from((const char *)names.data + at), &cipher, &after)) continue;
        if (after.size == 0) TRY(visit(context, &cipher, state, error));
        if (slice_is(after, ".erased")) TRY(visit(context, &cipher, SEAL_ERASED, error));
    }
    return STATUS_DONE;
}

enum status seal_store_list(const struct seal_store *store, seal_visit *visit, void *context, struct error *error)
{
    TRY(list_in(store, "sealed", SEAL_HERE, visit, context, error));
    return list_in(store, "sealed/waiting", SEAL_WAITING, visit, context, error);
}

/* ---- checking */

static enum status check_file(const struct seal_store *store, const char *path, const struct hash *cipher,
                              struct error *error)
{
    OWN(buffer_clear) struct buffer file = {0};
    bool found;
    return read_at(store, path, cipher, &file, &found, error);
}

static enum status check_mark(const struct seal_store *store, const char *path, const struct hash *cipher,
                              struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    char left[REGISTER_PATH_SIZE];
    bool found;
    TRY(file_read_if_there(store->system, path, sizeof mark, &text, &found, error));
    if (!slice_is(buffer_slice(&text), mark)) return damaged(path, error);
    TRY(path_of(left, store, "sealed/", cipher, "", error));
    TRY(there(store, left, &found, error));
    if (!found) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_UNVERIFIED, "seal-left",
                              "The sealed value {0} was to be erased and is still there; erase it again.", left, NULL),
                    left);
}

enum status seal_store_check(const struct seal_store *store, struct slice name, bool *belongs, struct error *error)
{
    char path[REGISTER_PATH_SIZE], text[NAME_SIZE];
    struct hash cipher;
    struct slice after = {NULL, 0};
    bool waiting = slice_starts(name, "waiting/"), named;
    snprintf(text, sizeof text, "sealed/%.*s", SLICE(name));
    named = name.size < NAME_SIZE - 8 && name_parse(waiting ? slice_part(name, 8, SIZE_MAX) : name, &cipher, &after);
    *belongs = slice_is(name, "lock") || slice_is(name, "waiting") ||
               (named && (after.size == 0 || slice_is(after, ".new") || (!waiting && slice_is(after, ".erased")) ||
                          (!waiting && slice_is(after, ".erased.new"))));
    if (!named || !*belongs) return STATUS_DONE;
    TRY(register_path(path, store->directory, text, error));
    if (after.size == 0) return check_file(store, path, &cipher, error);
    return slice_is(after, ".erased") ? check_mark(store, path, &cipher, error) : STATUS_DONE;
}
