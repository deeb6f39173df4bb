#include "cli/cli.h"

#include "cli/remote.h"
#include "json/json.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The line without its member "note", whose newlines a record could not have. Quotes inside strings are escaped, so
 * that the member's name stands nowhere else. */
static void put_without_note(struct buffer *out, struct slice line)
{
    static const char member[] = "\"note\":\"";
    const uint8_t *from = memmem(line.data, line.size, member, sizeof member - 1);
    if (from == NULL) {
        buffer_put(out, line);
        return;
    }
    size_t start = (size_t)(from - line.data), end = start + sizeof member - 1;
    while (end < line.size && line.data[end] != '"') end += line.data[end] == '\\' ? 2 : 1;
    buffer_put(out, slice_part(line, 0, start));
    buffer_put(out, slice_part(line, end + 2, line.size)); /* the closing quote and the comma go with it */
}

/* A refusal stands as a JSON line among the receipts; people also get it as a sentence. */
static void say_refused(struct slice line)
{
    struct truce_error error = {.status = TRUCE_REFUSED, .offset = -1};
    struct arena arena;
    const struct json *refusal;
    OWN(buffer_clear) struct buffer text = {0};
    put_without_note(&text, line);
    arena_init(&arena, text.size * 64 + 65536);
    if (json_read(&refusal, buffer_slice(&text), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        snprintf(error.code, sizeof error.code, "%.*s", SLICE(json_find_string(refusal, "refused")));
        snprintf(error.message, sizeof error.message, "%.*s", SLICE(json_find_string(refusal, "message")));
        snprintf(error.pointer, sizeof error.pointer, "%.*s", SLICE(json_find_string(refusal, "pointer")));
        say_error(&error);
    }
    arena_clear(&arena);
}

int submit_line(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct call *call = context;
    if (!output_line_now(slice_of(line, size))) return 1;
    if (status == TRUCE_REFUSED && !call->json) say_refused(slice_of(line, size));
    return 0;
}

/* A receipt is canonical, so that its first members stand where they must. */
bool receipt_words(struct buffer *out, const char *line)
{
    char id[65], level[16], phrase[40], number[24];
    uint64_t index;
    if (strncmp(line, "{\"arrival\":", 11) == 0) {
        buffer_put_string(
            out, TR("The host has not answered. What you handed in is stamped, and is handed on until it does."));
        return !out->failed;
    }
    if (sscanf(line, "{\"id\":\"%64[0-9a-f]\",\"index\":%" SCNu64 ",\"level\":\"%15[a-z]\",\"phrase\":\"%39[0-9 ]\"",
               id, &index, level, phrase) != 4)
        return false;
    snprintf(number, sizeof number, "%" PRIu64, index);
    words_fill(out, TR("Record received as no. {0}. Level: {1}. Check phrase: {2}."), number,
               words_label(LABEL_LEVEL, level), phrase, NULL);
    return !out->failed;
}

int receipt_say(void *context, enum truce_status status, const char *line, size_t size)
{
    OWN(buffer_clear) struct buffer words = {0};
    (void)context;
    if (status == TRUCE_REFUSED) say_refused(slice_of(line, size));
    if (receipt_words(&words, line)) buffer_put_byte(&words, '\0');
    if (words.size > 0 && !words.failed) say("{0}", (const char *)words.data, NULL);
    return 0;
}

static const char *const only_to[] = {"session", "member", "token-file", "tls-ca"};

/* The worse of two: a failure of the machine outweighs a refusal. */
static enum truce_status worse(enum truce_status a, enum truce_status b)
{
    return a == TRUCE_DONE || (a == TRUCE_REFUSED && b == TRUCE_FAILED) ? b : a;
}

/* The register that is handed in to: opened here, or held by a server. */
struct target {
    struct truce_register *reg; /* NULL: the server */
    struct remote remote;
};

static enum truce_status submit_notes(struct call *call, struct target *target, struct slice notes)
{
    struct truce_error error;
    if (target->reg == NULL) return remote_submit(&target->remote, notes, submit_line, call);
    enum truce_status status =
        truce_submit(target->reg, (const char *)notes.data, notes.size, submit_line, call, &error);
    /* Refusals have been said line by line. */
    return status == TRUCE_DONE || status == TRUCE_REFUSED ? status : say_error(&error);
}

/* ---- what the notes seal goes with them, behind them: a cipher is kept for the record that names it */

static int say_sealed(void *context, enum truce_status status, const char *line, size_t size)
{
    const struct call *call = context;
    if (status == TRUCE_REFUSED && !call->json) say_refused(slice_of(line, size));
    return 0;
}

static enum truce_status put_sealed_here(struct call *call, struct target *target, struct slice files)
{
    struct truce_register *reader = target->reg;
    struct truce_error error;
    enum truce_status status = reader == NULL ? call_open(call, TRUCE_READ, &reader) : TRUCE_DONE;
    if (status != TRUCE_DONE) return status;
    status = truce_sealed_put(reader, files.data, files.size, say_sealed, call, &error);
    if (status == TRUCE_FAILED) say_error(&error);
    return target->reg == NULL ? call_close(&reader, status) : status;
}

static enum truce_status submit_sealed(struct call *call, struct target *target, struct slice notes)
{
    struct truce_buffer files = {0};
    struct truce_error error;
    const char *from = call_option(call, "sealed"), *to = call_option(call, "to");
    if (from == NULL && to == NULL) return TRUCE_DONE; /* they lie where they are kept */
    enum truce_status status = truce_sealed_gather(from == NULL ? call->directory : from, (const char *)notes.data,
                                                   notes.size, &files, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    struct slice all = slice_of(files.data, files.size);
    if (files.size > 0)
        status =
            to != NULL ? remote_put_sealed(&target->remote, all, say_sealed, call) : put_sealed_here(call, target, all);
    truce_free(&files);
    return status;
}

static enum truce_status submit_file(struct call *call, struct target *target, const char *path)
{
    OWN(buffer_clear) struct buffer notes = {0};
    enum truce_status status = file_read(&notes, path);
    if (status == TRUCE_DONE) status = submit_notes(call, target, buffer_slice(&notes));
    return status == TRUCE_FAILED ? status : worse(status, submit_sealed(call, target, buffer_slice(&notes)));
}

static enum truce_status open_target(struct call *call, struct target *target)
{
    *target = (struct target){.reg = NULL};
    if (call_option(call, "to") != NULL) {
        enum truce_status status = remote_open(call, &target->remote);
        return status == TRUCE_DONE ? remote_keep(call, &target->remote) : status;
    }
    for (size_t i = 0; i < COUNT_OF(only_to); i++)
        if (call_has(call, only_to[i])) return call_wrong(call, TR("--{0} goes with --to."), only_to[i], NULL);
    return remote_beside(call, &target->remote) ? TRUCE_DONE : call_open(call, TRUCE_WRITE, &target->reg);
}

static enum truce_status submit(struct call *call)
{
    static struct target target;
    size_t files = call->options.operands;
    if (files == 0 && isatty(STDIN_FILENO)) say(TR("Reading signed notes from the terminal; Ctrl-D ends them."), NULL);
    enum truce_status status = open_target(call, &target);
    if (status != TRUCE_DONE) return status;
    if (files == 0) status = submit_file(call, &target, "-");
    for (size_t i = 0; i < files && status != TRUCE_FAILED; i++)
        status = worse(status, submit_file(call, &target, call_operand(call, i)));
    remote_close(&target.remote);
    return target.reg == NULL ? status : call_close(&target.reg, status);
}

static const struct option options[] = {
    {"to", '\0', "URL", N_("Hand them in to the server at URL: https://register.example:8443.")},
    {"session", '\0', "FILE", N_("Come in by the session key in FILE (truce session new).")},
    {"member", '\0', "NAME", N_("As this member of the server, with --token-file.")},
    {"token-file", '\0', "FILE", N_("The member's token is the first line of FILE.")},
    {"sealed", '\0', "DIR", N_("Take the ciphers of what the notes seal from this register's directory.")},
    {"tls-ca", '\0', "FILE", N_("Trust the server's certificate by those in FILE (PEM), not by the system's.")},
    END_OF_OPTIONS,
};
const struct command command_submit = {
    .name = "submit",
    .usage = "[FILE…] [--to URL]",
    .does = N_("Admits signed notes to the log and gives a receipt for each."),
    .more = N_(
        "Several notes may follow each other in a file; \"-\" or no file is the standard input. Each note gives one "
        "line of JSON: its receipt, or the reason why it was refused (then the exit status is 4). Nothing of a "
        "refused note is written. While truce serve holds the register, the notes go through it. The ciphers of what "
        "the notes seal go with them."),
    .example = "truce write statement --key a.key --from words.json | truce submit",
    .options = options,
    .most = OPERANDS_MOST,
    .run = submit,
};
