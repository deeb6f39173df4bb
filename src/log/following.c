/* A log that follows another's: the same journal, the same tiles, and checkpoints that were signed there. The file
 * "following" names the origin, so that nobody takes such a log for one that is signed for here. */
#include "log/internal.h"
#include "log/lines.h"

enum status log_followed(const struct system *system, const char *directory, char origin[LIMIT_ORIGIN_BYTES + 1],
                         struct error *error)
{
    char path[LOG_PATH_SIZE];
    bool there;
    OWN(buffer_clear) struct buffer text = {0};
    origin[0] = '\0';
    TRY(log_path(path, directory, "following", error));
    TRY(file_read_if_there(system, path, CHECKPOINT_BYTES_MOST, &text, &there, error));
    if (!there) return STATUS_DONE;
    struct lines lines = {.text = buffer_slice(&text)};
    struct slice line = lines_take(&lines);
    if (lines.failed || lines.at != text.size || line.size == 0 || line.size > LIMIT_ORIGIN_BYTES ||
        memchr(line.data, '\0', line.size) != NULL)
        return log_damaged(error,
                           "The log's file {0} does not name the log that is followed. Run `truce verify` to see all "
                           "that is damaged; nothing was changed.",
                           path, 0);
    memcpy(origin, line.data, line.size);
    origin[line.size] = '\0';
    return STATUS_DONE;
}

enum status checkpoint_origin(const struct checkpoint *checkpoint, const char *origin, const char *path,
                              struct error *error)
{
    if (origin[0] == '\0' || slice_is(checkpoint->origin, origin)) return STATUS_DONE;
    return error_at(error,
                    error_set(error, STATUS_UNVERIFIED, "log-origin",
                              "The checkpoint {0} is of another log than the key given.", path, NULL),
                    path);
}

/* The name first: a journal without it would be somebody's own. */
enum status log_create_following(const struct system *system, const char *directory, struct slice origin,
                                 struct error *error)
{
    char path[LOG_PATH_SIZE], before[LIMIT_ORIGIN_BYTES + 1];
    struct error why;
    OWN(buffer_clear) struct buffer line = {0};
    TRY(log_path(path, directory, "following", error));
    TRY(log_followed(system, directory, before, error));
    if (before[0] != '\0' && !slice_is(origin, before))
        return error_set(error, STATUS_REFUSED, "log-follows-other",
                         "The log in {0} is a copy that follows {1}, not {2}. Take another directory.", directory,
                         before, error_slice(origin).text, NULL);
    TRY(directory_make(system, directory, error));
    bool followed = before[0] != '\0';
    if (!followed) {
        buffer_print(&line, "%.*s\n", SLICE(origin));
        TRY(buffer_finish(&line, error));
        char journal[LOG_PATH_SIZE];
        bool there;
        TRY(log_path(journal, directory, "journal", error));
        OWN(buffer_clear) struct buffer none = {0};
        enum status status = file_read_if_there(system, journal, 0, &none, &there, &why);
        if (status != STATUS_DONE || there)
            return error_set(error, STATUS_REFUSED, "log-exists", "There is a log in {0}; it is not overwritten.",
                             directory, NULL);
        TRY(file_replace(system, path, buffer_slice(&line), 0666, error));
    }
    enum status status = log_create(system, directory, &why);
    if (status != STATUS_DONE && followed && strcmp(why.code, "log-exists") == 0) return STATUS_DONE;
    if (status != STATUS_DONE && error != NULL) *error = why;
    return status;
}

/* ---- what was signed elsewhere */

static enum status checkpoint_check(struct log *log, const struct checkpoint *checkpoint, const struct note *note,
                                    const struct verifier *key, struct error *error)
{
    bool present;
    TRY(checkpoint_origin(checkpoint, log->origin, log->checkpoint_path, error));
    if (!slice_is(checkpoint->origin, key->name) || !note_verify(note, key, &present))
        return error_at(error,
                        error_set(error, STATUS_UNVERIFIED, "log-signature",
                                  "The checkpoint {0} bears no good signature of the log's key; it was changed, or the "
                                  "key is another.",
                                  log->checkpoint_path, NULL),
                        log->checkpoint_path);
    pthread_mutex_lock(&log->mutex);
    struct hash root = tree_edge_root(&log->edge);
    bool ours = log->size == checkpoint->size && hash_equal(&root, &checkpoint->root);
    pthread_mutex_unlock(&log->mutex);
    if (ours) return STATUS_DONE;
    return error_set(error, STATUS_UNVERIFIED, "log-not-ours",
                     "The checkpoint that was signed elsewhere is not of the {0} entries that the log has here.",
                     error_number((int64_t)log->size).text, NULL);
}

enum status log_publish_signed(struct log *log, struct slice bytes, const struct verifier *key, struct error *error)
{
    struct note note;
    struct checkpoint checkpoint;
    if (log->mode != LOG_FOLLOW)
        return error_set(error, STATUS_USAGE, "log-follows-not",
                         "The log in {0} is no copy of another: it is written to by its own key, and follows nobody.",
                         log->directory, NULL);
    if (log->closed_to_writing) return log_closed(error);
    TRY(note_parse(&note, bytes, error));
    TRY(checkpoint_parse(&checkpoint, note.text, error));
    TRY(checkpoint_check(log, &checkpoint, &note, key, error));
    if (log->has_checkpoint && log->published == checkpoint.size) return STATUS_DONE;
    return publish_note(log, checkpoint.size, bytes, error);
}
