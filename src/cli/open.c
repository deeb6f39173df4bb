#include "cli/cli.h"

#include "cli/answer.h"
#include "cli/tell.h"
#include <string.h>

static void tell(struct doc *doc, const struct json *answer, struct records *records)
{
    const struct json *fields = json_find(answer, "fields");
    (void)records;
    if (fields == NULL || fields->first == NULL) doc_say_line(doc, 0, TR("Nothing is sealed in this record."));
    tell_opened(doc, 0, fields);
}

static enum truce_status open_with(struct call *call, struct truce_register *reg, const struct truce_reader *reader)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    enum truce_status status =
        truce_unseal(reg, call_operand(call, 0), reader, call_has(call, "rebox"), &answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    status = answer_give(call, reg, slice_of(answer.data, answer.size), tell);
    explicit_bzero(answer.data, answer.size);
    truce_free(&answer);
    return status;
}

static enum truce_status open_record(struct call *call)
{
    struct truce_register *reg;
    struct truce_reader *reader;
    if (!call_needs(call, "key")) return TRUCE_USAGE;
    enum truce_status status = reader_open_at(call, call_option(call, "key"), &reader);
    if (status != TRUCE_DONE) return status;
    status = call_open(call, TRUCE_READ, &reg);
    if (status == TRUCE_DONE) status = call_close(&reg, open_with(call, reg, reader));
    truce_reader_close(&reader);
    return status;
}

static const struct option options[] = {
    {"key", '\0', "FILE", N_("Open with this secret key of a reader.")},
    {"rebox", '\0', NULL, N_("Encrypt what was opened to the newer keys of its readers as well.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_open = {
    .name = "open",
    .usage = "ID --key FILE [--rebox]",
    .does = N_("Opens what a record sealed to this reader, and checks it against the record."),
    .more =
        N_("Every value shown is the one that was sealed: it fits the hash in the signed record. What was sealed to "
           "others stays closed. What is opened here is shown and kept nowhere."),
    .example = "truce open 3f9c21d0 --key liaison-reader.key",
    .options = options,
    .least = 1,
    .most = 1,
    .run = open_record,
};
