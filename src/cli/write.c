#include "cli/cli.h"

#include "cli/remote.h"
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 256 };

/* The record's own fields as relaxed JSON: from a file, or from FIELD=VALUE…. */
static enum truce_status object_of(struct call *call, struct buffer *out)
{
    struct truce_field fields[FIELDS_MOST];
    struct truce_buffer object = {0};
    struct truce_error error;
    const char *from = call_option(call, "from");
    size_t count = call->options.operands - 1;
    if (from != NULL && count > 0)
        return call_wrong(call, TR("Fields come either from a file or as FIELD=VALUE, not both."), NULL);
    if (from != NULL) return file_read(out, from);
    if (count > FIELDS_MOST) return call_wrong(call, TR("There are too many arguments."), NULL);
    for (size_t i = 0; i < count; i++) {
        char *field = call->options.operand[i + 1], *equals = strchr(field, '=');
        if (equals == NULL || equals == field)
            return call_wrong(call, TR("A field is given as FIELD=VALUE, not \"{0}\"."), field, NULL);
        *equals = '\0';
        fields[i] = (struct truce_field){field, equals + 1};
    }
    enum truce_status status = truce_object(call_operand(call, 0), fields, count, &object, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    buffer_put(out, slice_of(object.data, object.size));
    truce_free(&object);
    return TRUCE_DONE;
}

static enum truce_status submit_note(struct call *call, struct truce_register *reg, struct remote *remote,
                                     struct slice note)
{
    struct truce_error error;
    truce_line *line = call->json ? submit_line : receipt_say;
    if (remote != NULL) return remote_submit(remote, note, line, call);
    enum truce_status status = truce_submit(reg, (const char *)note.data, note.size, line, call, &error);
    if (status == TRUCE_FAILED) say_error(&error);
    return status;
}

/* `remote`: the server that holds the register, or NULL. */
static enum truce_status write_record(struct call *call, struct truce_register *reg, struct remote *remote,
                                      const struct truce_key *key, const struct writing *writing)
{
    struct truce_buffer note = {0};
    struct truce_error error;
    enum truce_status status =
        truce_write(reg, key, writing->kind, (const char *)writing->object.data, writing->object.size, &note, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    if (!writing->submits || !call->json) note_give(call, slice_of(note.data, note.size));
    if (writing->submits) status = submit_note(call, reg, remote, slice_of(note.data, note.size));
    truce_free(&note);
    return status;
}

enum truce_status write_object(struct call *call, const struct writing *writing)
{
    static struct remote beside;
    struct truce_key *key;
    struct truce_register *reg;
    enum truce_status status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    bool served = writing->submits && remote_beside(call, &beside);
    status = call_open(call, writing->submits && !served ? TRUCE_WRITE : TRUCE_READ, &reg);
    if (status == TRUCE_DONE) status = call_close(&reg, write_record(call, reg, served ? &beside : NULL, key, writing));
    truce_key_close(&key);
    return status;
}

static enum truce_status write_command(struct call *call)
{
    OWN(buffer_clear) struct buffer object = {0};
    enum truce_status status = object_of(call, &object);
    if (status != TRUCE_DONE) return status;
    return write_object(call,
                        &(struct writing){call_operand(call, 0), buffer_slice(&object), call_has(call, "submit")});
}

static const struct option options[] = {
    OPTION_KEY,
    {"from", '\0', "FILE", N_("Take the record's fields from FILE, as JSON; \"-\" is the standard input.")},
    {"submit", '\0', NULL, N_("Admit the record to the log as well.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_write = {
    .name = "write",
    .usage = "KIND FIELD=VALUE… --key FILE [--submit]",
    .does = N_("Checks and signs a record, and prints the signed note."),
    .more =
        N_("Fields within fields are joined by dots, lists of plain values take commas, and text takes its language: "
           "text.ar=… text.en=…. The note is kept in the register's outbox before it is printed. Exact places and "
           "names are sealed before signing: what is admitted cannot be removed."),
    .example = "truce write question --key ru.key to=us at=2016-10-04T09:00:00Z text.en='Is it so?'",
    .options = options,
    .least = 1,
    .most = FIELDS_MOST + 1,
    .run = write_command,
};
