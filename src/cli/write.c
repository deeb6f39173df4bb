#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/remote.h"
#include "cli/tell.h"
#include <stdio.h>
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

/* ---- what is sealed */

enum { LISTED_MOST = 64 };
struct sealing {
    const char *seal[LISTED_MOST], *unsealed[LISTED_MOST], *readers[LISTED_MOST];
    struct truce_write_options options;
};

static void sealing_of(const struct call *call, struct sealing *out)
{
    options_values(&call->options, "seal", out->seal, LISTED_MOST);
    options_values(&call->options, "unsealed", out->unsealed, LISTED_MOST);
    options_values(&call->options, "reader", out->readers, LISTED_MOST);
    out->options = (struct truce_write_options){out->seal, out->unsealed, out->readers};
}

static void say_warnings(const struct json *view)
{
    const struct json *warnings = json_find(view, "warnings");
    for (const struct json *w = warnings == NULL ? NULL : warnings->first; w != NULL; w = w->next) {
        struct truce_error error = {.offset = -1};
        snprintf(error.code, sizeof error.code, "%.*s", SLICE(json_find_string(w, "code")));
        snprintf(error.message, sizeof error.message, "%.*s", SLICE(json_find_string(w, "message")));
        snprintf(error.pointer, sizeof error.pointer, "%.*s", SLICE(json_find_string(w, "pointer")));
        say_error(&error);
    }
}

static void view_tell(struct doc *doc, const struct json *view, struct records *records)
{
    const struct json *readers = json_find(view, "readers");
    (void)records;
    doc_say_line(doc, 0, TR("Everybody will see:"));
    tell_members(doc, 1, json_find(view, "everyone"));
    for (const struct json *r = readers->first; r != NULL; r = r->next) {
        char reader[80];
        snprintf(reader, sizeof reader, "%.*s", SLICE(json_find_string(r, "reader")));
        words_fill(doc_text(doc), TR("Besides, {0} will see:"), reader, NULL);
        doc_line(doc, 0);
        tell_opened(doc, 1, json_find(r, "sees"));
    }
}

/* Who would see what; with --dry-run that is all. */
static enum truce_status look(struct call *call, struct truce_register *reg, const struct truce_key *key,
                              struct slice object, const struct sealing *sealing)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct arena arena;
    const struct json *view;
    enum truce_status status = truce_write_view(reg, key, call_operand(call, 0), (const char *)object.data, object.size,
                                                &sealing->options, &answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    arena_init(&arena, answer.size * 64 + 65536);
    bool dry = call_has(call, "dry-run");
    if (json_read(&view, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        if (dry) status = answer_give(call, reg, slice_of(answer.data, answer.size), view_tell);
        if (!(dry && call->json)) say_warnings(view);
    }
    arena_clear(&arena);
    explicit_bzero(answer.data, answer.size);
    truce_free(&answer);
    return status;
}

/* The server that holds the register that `submit` hands in to, if there is one. */
static struct remote beside;
static bool served, submits; /* submits: the note is handed in */

static enum truce_status give_or_submit(struct call *call, struct truce_register *reg, struct slice note)
{
    if (!submits || !call->json) note_give(call, note);
    return submits ? submit_note(call, reg, served ? &beside : NULL, note) : TRUCE_DONE;
}

static enum truce_status write_fields(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                      const char *kind, struct slice object, const struct truce_write_options *sealing)
{
    struct truce_buffer note = {0};
    struct truce_error error;
    enum truce_status status =
        truce_write_sealed(reg, key, kind, (const char *)object.data, object.size, sealing, &note, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    status = give_or_submit(call, reg, slice_of(note.data, note.size));
    truce_free(&note);
    return status;
}

enum truce_status note_write(struct call *call, struct truce_register *reg, const struct truce_key *key,
                             const char *kind, struct slice object)
{
    return write_fields(call, reg, key, kind, object, NULL);
}

enum truce_status note_written(struct call *call, bool hands_in, note_writer *write, const void *context)
{
    struct truce_key *key;
    struct truce_register *reg;
    enum truce_status status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    submits = hands_in;
    served = submits && remote_beside(call, &beside);
    status = call_open(call, submits && !served ? TRUCE_WRITE : TRUCE_READ, &reg);
    if (status == TRUCE_DONE) status = call_close(&reg, write(call, reg, key, context));
    truce_key_close(&key);
    return status;
}

static enum truce_status write_given(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                     const void *context)
{
    const struct writing *writing = context;
    return note_write(call, reg, key, writing->kind, writing->object);
}

enum truce_status write_object(struct call *call, const struct writing *writing)
{
    return note_written(call, writing->submits, write_given, writing);
}

static enum truce_status write_record(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                      const void *context)
{
    const struct slice *object = context;
    struct sealing sealing;
    sealing_of(call, &sealing);
    enum truce_status status = look(call, reg, key, *object, &sealing);
    if (status == TRUCE_DONE && !call_has(call, "dry-run"))
        status = write_fields(call, reg, key, call_operand(call, 0), *object, &sealing.options);
    return status;
}

static enum truce_status write_command(struct call *call)
{
    OWN(buffer_clear) struct buffer object = {0};
    bool hands_in = call_has(call, "submit");
    if (call_has(call, "dry-run") && hands_in)
        return call_wrong(call, TR("--dry-run signs nothing, so that there is nothing to submit."), NULL);
    enum truce_status status = object_of(call, &object);
    if (status != TRUCE_DONE) return status;
    const struct slice fields = buffer_slice(&object);
    return note_written(call, hands_in, write_record, &fields);
}

static const struct option options[] = {
    OPTION_KEY,
    {"from", '\0', "FILE", N_("Take the record's fields from FILE, as JSON; \"-\" is the standard input.")},
    {"submit", '\0', NULL, N_("Admit the record to the log as well.")},
    {"seal", '\0', "POINTER", N_("Seal this field, as POINTER[=LEVEL][:READER,…]; LEVEL is exact, 1km, 10km or hash.")},
    {"reader", '\0', "PARTY", N_("Let this member open what is sealed; may be repeated.")},
    {"unsealed", '\0', "POINTER", N_("Leave in the clear, for everybody and for good, what policy would seal.")},
    {"dry-run", '\0', NULL, N_("Only show who would see what; nothing is signed.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_write = {
    .name = "write",
    .usage = "KIND FIELD=VALUE… --key FILE [--submit|--dry-run]",
    .does = N_("Checks and signs a record, and prints the signed note."),
    .more =
        N_("Fields within fields are joined by dots, lists of plain values take commas, and text takes its language: "
           "text.ar=… text.en=…. The note is kept in the register's outbox before it is printed. What the register's "
           "policy names is sealed before signing, except in exercises; a sealed place leaves its 10 km cell, a time "
           "its day. What is admitted cannot be removed: look with --dry-run first."),
    .example = "truce write question --key ru.key to=us at=2016-10-04T09:00:00Z text.en='Is it so?'",
    .options = options,
    .least = 1,
    .most = FIELDS_MOST + 1,
    .run = write_command,
};
