#include "record/anchor.h"
#include "record/fields.h"

#include <inttypes.h>

static void put_text(struct buffer *out, struct slice origin, const struct json *body)
{
    buffer_put(out, origin);
    buffer_print(out, "\n%" PRId64 "\n", json_find_integer(body, "size", 0));
    buffer_put(out, json_find_string(body, "root"));
    buffer_put_string(out, "\n");
}

enum status anchor_note(struct buffer *out, struct slice origin, const struct json *body, struct error *error)
{
    put_text(out, origin, body);
    buffer_put_string(out, "\n");
    for (const struct json *line = json_find(body, "signatures")->first; line != NULL; line = line->next) {
        buffer_put(out, line->string);
        buffer_put_string(out, "\n");
    }
    return buffer_finish(out, error);
}

/* The same, taken apart; `note` borrows from `bytes`. */
static enum status parse(struct note *note, struct buffer *bytes, struct slice origin, const struct json *body,
                         struct error *error)
{
    TRY(anchor_note(bytes, origin, body, error));
    return note_parse(note, buffer_slice(bytes), error);
}

/* ---- form */

static bool root_parse(struct hash *out, const struct json *body)
{
    size_t size;
    return base64_parse(out->bytes, sizeof out->bytes, &size, json_find_string(body, "root")) &&
           size == sizeof out->bytes;
}

enum status anchor_rule(const struct json *object, struct json_path *path, struct error *error)
{
    (void)path;
    struct hash root;
    struct note note;
    struct error why = {.status = STATUS_DONE};
    OWN(buffer_clear) struct buffer bytes = {0};
    if (!root_parse(&root, object))
        return error_at(error,
                        error_set(error, STATUS_REFUSED, "record-shape",
                                  "The root of an anchor is a hash of 32 bytes in base64.", NULL),
                        "/root");
    enum status status = parse(&note, &bytes, slice_from("origin"), object, &why);
    if (status == STATUS_DONE) return STATUS_DONE;
    if (status == STATUS_FAILED) return arena_full(error);
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "record-shape",
                              "The signatures of an anchor are lines as a signed note has them.", NULL),
                    "/signatures");
}

/* ---- admission */

static enum status refuse_size(struct error *error, int64_t size, uint64_t log)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-anchor-size",
                              "The anchor is of {0} entries, and the log has {1}: it cannot be of this log.",
                              error_number(size).text, error_number((int64_t)log).text, NULL),
                    "/size");
}

static enum status refuse_root(struct error *error, int64_t size)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-anchor-root",
                              "The log had another root at {0} entries than the anchor says. If the log's key signed "
                              "both, that is evidence of a fork: keep the anchor.",
                              error_number(size).text, NULL),
                    "/root");
}

static enum status refuse_line(struct error *error, const char *name)
{
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "admission-anchor-signature",
                              "The anchor bears no signature of \"{0}\" that holds.", name, NULL),
                    "/signatures");
}

static enum status lines_check(const struct note *note, const struct witness_entry *entries, size_t count,
                               struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        bool present;
        int64_t time;
        if (!note_cosigned(note, &entries[i].key, &present, &time) && present)
            return refuse_line(error, entries[i].key.name);
    }
    return STATUS_DONE;
}

enum status anchor_check(const struct members *members, const struct record *record, const struct admission_log *log,
                         struct error *error)
{
    struct note note;
    struct hash root, of_log;
    bool present;
    OWN(buffer_clear) struct buffer bytes = {0};
    const struct witness_policy *policy = members_witnessing(members);
    int64_t size = json_find_integer(record->body, "size", 0);
    if ((uint64_t)size > log->size) return refuse_size(error, size, log->size);
    if (!root_parse(&root, record->body) || !log->root(log->context, (uint64_t)size, &of_log) ||
        !hash_equal(&root, &of_log))
        return refuse_root(error, size);
    TRY(parse(&note, &bytes, members_origin(members), record->body, error));
    const struct verifier *key = members_log_key_at(members, (uint64_t)size);
    if (!note_verify(&note, key, &present)) return refuse_line(error, key->name);
    TRY(lines_check(&note, policy->witness, policy->witness_count, error));
    return lines_check(&note, policy->mirror, policy->mirror_count, error);
}

/* ---- effect */

static void put_time(struct anchor_lines *out, int64_t time)
{
    size_t i = out->witnesses++;
    for (; i > 0 && out->time[i - 1] < time; i--) out->time[i] = out->time[i - 1];
    out->time[i] = time;
}

enum status anchor_read(struct anchor_lines *out, const struct witness_policy *policy, struct slice origin,
                        const struct json *body, struct error *error)
{
    struct note note;
    int64_t time;
    OWN(buffer_clear) struct buffer bytes = {0};
    TRY(parse(&note, &bytes, origin, body, error));
    out->size = (uint64_t)json_find_integer(body, "size", 0);
    out->witnesses = out->mirrors = 0;
    for (size_t i = 0; i < policy->witness_count; i++)
        if (note_cosigned_before(&note, &policy->witness[i].key, &time)) put_time(out, time);
    for (size_t i = 0; i < policy->mirror_count; i++)
        if (note_cosigned_before(&note, &policy->mirror[i].key, &time))
            out->mirror[out->mirrors++] = (struct anchor_mirror){policy->mirror[i].party, time};
    return STATUS_DONE;
}
