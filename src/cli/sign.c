#include "cli/cli.h"

#include "json/write.h"

static enum truce_status sign(struct call *call)
{
    OWN(buffer_clear) struct buffer object = {0};
    struct truce_error error;
    struct truce_buffer note = {0};
    struct truce_key *key;
    const char *path = call_operand(call, 0);
    enum truce_status status = key_open(call, &key);
    if (status != TRUCE_DONE) return status;
    status = file_read(&object, path == NULL ? "-" : path);
    if (status == TRUCE_DONE) {
        status = truce_sign(key, (const char *)object.data, object.size, &note, &error);
        if (status == TRUCE_DONE)
            note_give(call, slice_of(note.data, note.size));
        else
            say_error(&error);
    }
    truce_free(&note);
    truce_key_close(&key);
    return status;
}

void note_give(const struct call *call, struct slice note)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct json_writer w;
    if (!call->json) {
        output_put(note);
        return;
    }
    json_write_open(&w, &line);
    json_put_object(&w);
    json_put_key(&w, "note"), json_put_slice(&w, note);
    json_put_close(&w);
    if (json_write_finish(&w, NULL) == STATUS_DONE) output_line(buffer_slice(&line));
}

static const struct option options[] = {OPTION_KEY, OPTION_PASSPHRASE_FILE, END_OF_OPTIONS};
const struct command command_sign = {
    .name = "sign",
    .usage = "--key FILE [FILE]",
    .does = N_("Makes a complete record's JSON canonical and signs it."),
    .more = N_("Only the field \"key\" is filled in; a record without \"seq\" is refused. To write a new record, "
               "\"truce write\" fills in all that the register knows."),
    .example = "truce sign --key un-monitor.key record.json",
    .options = options,
    .most = 1,
    .run = sign,
};
