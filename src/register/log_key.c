/* The log's key, and its change. A record of kind "key" says from which size on another key signs. Its secret must be
 * in log-next.key by then, or the host could not go on: it admits nothing that would leave it without.
 *
 *     log.key        signed the published checkpoint
 *     log-next.key   signs from the change on; takes the place of log.key at the next opening */
#include "register/register.h"

#include <errno.h>
#include <sys/stat.h>
#include <time.h>

/* Writers that come at the same moment take turns; one that stays is named after this patience. */
enum { LOCK_TRIES = 500, LOCK_PAUSE_MS = 20 };

static enum status open_for_writing(struct truce_register *reg, const char *path, const struct signer *signer,
                                    struct error *error)
{
    const struct timespec pause = {0, LOCK_PAUSE_MS * 1000000L};
    struct error why;
    for (unsigned tries = 1;; tries++) {
        enum status status = log_open(&reg->log, reg->system, path, LOG_WRITE, signer, &why);
        if (status == STATUS_DONE) return status;
        if (error != NULL) *error = why;
        if (strcmp(why.code, "log-locked") != 0 || tries == LOCK_TRIES) return status;
        nanosleep(&pause, NULL);
    }
}

static enum status read_key(struct truce_register *reg, const char *name, bool *there, struct signer *out,
                            struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct stat about;
    TRY(register_path(path, reg->directory, name, error));
    *there = stat(path, &about) == 0;
    return *there ? key_file_read(reg->system, path, NULL, NULL, out, error) : STATUS_DONE;
}

/* The change was published: the old secret has nothing left to sign. */
static enum status put_in_place(struct truce_register *reg, const struct signer *next, struct error *error)
{
    char from[REGISTER_PATH_SIZE], to[REGISTER_PATH_SIZE];
    TRY(register_path(from, reg->directory, "log-next.key", error));
    TRY(register_path(to, reg->directory, "log.key", error));
    if (reg->system->rename(reg->system->context, from, to) != 0) return error_system(error, "replace", from, errno);
    signer_clear(&reg->signer);
    reg->signer = *next;
    return STATUS_DONE;
}

enum status log_key_open(struct truce_register *reg, const char *log, struct error *error)
{
    OWN(signer_clear) struct signer next = {0};
    char path[REGISTER_PATH_SIZE];
    struct error why;
    bool there, changed;
    TRY(register_path(path, reg->directory, "log.key", error));
    TRY(key_file_read(reg->system, path, NULL, NULL, &reg->signer, error));
    enum status status = open_for_writing(reg, log, &reg->signer, &why);
    bool foreign = status != STATUS_DONE && strcmp(why.code, "log-signature") == 0;
    if (status != STATUS_DONE && !foreign && error != NULL) *error = why;
    if (status != STATUS_DONE && !foreign) return status;
    TRY(read_key(reg, "log-next.key", &there, &next, error));
    if (!foreign) return there ? log_key_follow(reg, &changed, error) : STATUS_DONE;
    if (!there && error != NULL) *error = why;
    if (!there) return status;
    TRY(open_for_writing(reg, log, &next, error));
    return put_in_place(reg, &next, error);
}

static enum status no_key(uint64_t from, struct error *error)
{
    struct error_text size = error_number((int64_t)from);
    return error_set(error, STATUS_FAILED, "log-next-key",
                     "From {0} entries on the log is signed by another key, whose secret is not in log-next.key. "
                     "Put it there, and hand the record in again.",
                     size.text, NULL);
}

enum status log_key_follow(struct truce_register *reg, bool *changed, struct error *error)
{
    OWN(signer_clear) struct signer next = {0};
    bool there = false;
    *changed = false;
    if (reg->members == NULL) TRY(register_know(reg, error));
    const struct verifier *wanted = members_log_key(reg->members);
    uint64_t from = members_log_key_from(reg->members);
    const struct signer *signing = log_signer(reg->log, UINT64_MAX);
    if (wanted == NULL || (signing != NULL && memcmp(&signing->verifier.key, &wanted->key, sizeof wanted->key) == 0))
        return STATUS_DONE;
    TRY(read_key(reg, "log-next.key", &there, &next, error));
    bool fits = there && memcmp(&next.verifier.key, &wanted->key, sizeof wanted->key) == 0;
    *changed = fits || signing != NULL;
    if (*changed) TRY(log_sign_from(reg->log, from, fits ? &next : NULL, error));
    return fits ? STATUS_DONE : no_key(from, error);
}
