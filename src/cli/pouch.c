#include "cli/cli.h"

#include "cli/remote.h"
#include "json/json.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- pack */

static enum truce_status packed(const struct call *call, const struct truce_buffer *answer)
{
    struct arena arena;
    const struct json *sums;
    char records[24], evidence[24];
    if (call->json) {
        output_line(slice_of(answer->data, answer->size));
        return TRUCE_DONE;
    }
    arena_init(&arena, answer->size * 64 + 65536);
    if (json_read(&sums, slice_of(answer->data, answer->size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        snprintf(records, sizeof records, "%" PRId64,
                 json_find_integer(sums, "notes", 0) + json_find_integer(sums, "entries", 0));
        snprintf(evidence, sizeof evidence, "%" PRId64, json_find_integer(sums, "evidence", 0));
        say(TR("Packed: {0}. Records in it: {1}."), call_operand(call, 1), records, NULL);
    }
    arena_clear(&arena);
    return TRUCE_DONE;
}

static enum truce_status pack(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    struct truce_register *reg;
    struct truce_pouch_options options = {.path = call_operand(call, 1)};
    const char *ids[OPERANDS_MOST + 1] = {NULL}, *from = call_option(call, "entries-from");
    char *end = NULL;
    for (size_t i = 2; i < call->options.operands; i++) ids[i - 2] = call_operand(call, i);
    options.ids = ids;
    options.has_from = from != NULL;
    options.from = from == NULL ? 0 : strtoull(from, &end, 10);
    if (from != NULL && (*end != '\0' || from[0] < '0' || from[0] > '9'))
        return call_wrong(call, TR("The first entry to take along is a number, not \"{0}\"."), from, NULL);
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_pouch_pack(reg, &options, &answer, &error);
    status = status == TRUCE_DONE ? packed(call, &answer) : say_error(&error);
    truce_free(&answer);
    return call_close(&reg, status);
}

/* ---- open */

struct unpacking {
    struct call *call;
    struct truce_register *reg;
    struct remote remote;
    uint64_t receipts, refused;
    bool sealed_refused;
};

static int receipt_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct unpacking *u = context;
    if (status == TRUCE_REFUSED)
        u->refused++;
    else
        u->receipts++;
    return status == TRUCE_REFUSED || u->call->json ? submit_line(u->call, status, line, size) : 0;
}

static enum truce_status take_remote(void *context, const char *notes, size_t size)
{
    struct unpacking *u = context;
    return remote_submit(&u->remote, slice_of(notes, size), receipt_line, u);
}

static enum truce_status take_here(void *context, const char *notes, size_t size)
{
    struct unpacking *u = context;
    struct truce_error error;
    enum truce_status status = truce_submit(u->reg, notes, size, receipt_line, u, &error);
    return status == TRUCE_DONE || status == TRUCE_REFUSED ? status : say_error(&error);
}

/* What was erased there stays erased, whatever a pouch still has: no fault. */
static int sealed_line(void *context, enum truce_status status, const char *line, size_t size)
{
    struct unpacking *u = context;
    static const char erased[] = "\"refused\":\"seal-erased\"";
    if (status != TRUCE_REFUSED || memmem(line, size, erased, sizeof erased - 1) != NULL) return 0;
    u->sealed_refused = true;
    return submit_line(u->call, status, line, size);
}

static enum truce_status sealed_taken(struct unpacking *u, enum truce_status status)
{
    if (status != TRUCE_DONE && status != TRUCE_REFUSED) return status;
    return u->sealed_refused ? TRUCE_REFUSED : TRUCE_DONE;
}

static enum truce_status seal_remote(void *context, const char *files, size_t size)
{
    struct unpacking *u = context;
    return sealed_taken(u, remote_put_sealed(&u->remote, slice_of(files, size), sealed_line, u));
}

static enum truce_status seal_here(void *context, const char *files, size_t size)
{
    struct unpacking *u = context;
    struct truce_error error;
    enum truce_status status = truce_sealed_put(u->reg, files, size, sealed_line, u, &error);
    return status == TRUCE_FAILED ? say_error(&error) : sealed_taken(u, status);
}

static void say_missing(const struct json *line)
{
    char from[24], to[24], by[80], key[16];
    snprintf(by, sizeof by, "%.*s", SLICE(json_find_string(line, "by")));
    snprintf(key, sizeof key, "%.*s", SLICE(json_find_string(line, "key")));
    snprintf(from, sizeof from, "%" PRId64, json_find_integer(line, "from", 0));
    snprintf(to, sizeof to, "%" PRId64, json_find_integer(line, "to", 0));
    if (strcmp(from, to) == 0)
        say(TR("Still missing of {0} (key {1}): the record of number {2}."), by, key, from, NULL);
    else
        say(TR("Still missing of {0} (key {1}): the records of numbers {2} to {3}."), by, key, from, to, NULL);
}

static int pouch_line(void *context, enum truce_status status, const char *text, size_t size)
{
    struct unpacking *u = context;
    struct arena arena;
    const struct json *line;
    char message[1024];
    (void)status;
    if (u->call->json) return output_line_now(slice_of(text, size)) ? 0 : 1;
    arena_init(&arena, size * 64 + 65536);
    if (json_read(&line, slice_of(text, size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        if (slice_is(json_find_string(line, "pouch"), "missing")) {
            say_missing(line);
        } else {
            snprintf(message, sizeof message, "%.*s", SLICE(json_find_string(line, "message")));
            say("{0}", message, NULL);
        }
    }
    arena_clear(&arena);
    return 0;
}

static void say_sums(const struct unpacking *u, const struct truce_buffer *answer)
{
    struct arena arena;
    const struct json *sums;
    arena_init(&arena, answer->size * 64 + 65536);
    if (json_read(&sums, slice_of(answer->data, answer->size), JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        char count[4][24];
        snprintf(count[0], sizeof count[0], "%" PRId64, json_find_integer(sums, "notes", 0));
        snprintf(count[1], sizeof count[1], "%" PRIu64, u->receipts);
        snprintf(count[2], sizeof count[2], "%" PRId64, json_find_integer(sums, "kept", 0));
        snprintf(count[3], sizeof count[3], "%" PRIu64, u->refused);
        say(TR("Records in the pouch: {0}. With a receipt now: {1}. Newly kept to be handed in: {2}. Refused: {3}."),
            count[0], count[1], count[2], count[3], NULL);
        snprintf(count[0], sizeof count[0], "%" PRId64, json_find_integer(sums, "taken", 0));
        if (strcmp(count[0], "0") != 0) say(TR("Entries that this copy went on by: {0}."), count[0], NULL);
    }
    arena_clear(&arena);
}

/* Whoever has the log's key admits; everybody else keeps what the log has not, to be handed in or packed again. */
static bool is_host(const struct call *call)
{
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/log.key", call->directory);
    return size > 0 && (size_t)size < sizeof path && access(path, R_OK) == 0;
}

static enum truce_status open_pouch(struct call *call)
{
    static struct unpacking u;
    struct truce_error error;
    struct truce_buffer answer = {0};
    struct truce_pouch_door door = {.line = pouch_line, .context = &u};
    u = (struct unpacking){.call = call};
    if (call->options.operands > 2) return call_wrong(call, TR("One pouch is opened at a time."), NULL);
    enum truce_status status = TRUCE_DONE;
    bool remote = call_option(call, "to") != NULL;
    if (remote) status = remote_open(call, &u.remote);
    if (remote && status == TRUCE_DONE) status = remote_keep(call, &u.remote);
    if (!remote) remote = remote_beside(call, &u.remote);
    bool here = !remote && is_host(call);
    if (remote) door.notes = take_remote, door.sealed = seal_remote;
    if (here) door.notes = take_here, door.sealed = seal_here;
    if (status == TRUCE_DONE) status = call_open(call, here ? TRUCE_WRITE : TRUCE_READ, &u.reg);
    if (status != TRUCE_DONE) return status;
    if (here && !call->json) truce_receipt_level(u.reg, TRUCE_LEVEL_NONE); /* they are counted, and not shown */
    status = truce_pouch_open(u.reg, call_operand(call, 1), &door, &answer, &error);
    if (answer.data != NULL && call->json) output_line(slice_of(answer.data, answer.size));
    if (answer.data != NULL && !call->json) say_sums(&u, &answer);
    if (status != TRUCE_DONE) say_error(&error);
    truce_free(&answer);
    remote_close(&u.remote);
    return call_close(&u.reg, status);
}

static enum truce_status pouch(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "pack") == 0) return pack(call);
    if (strcmp(what, "open") == 0) return open_pouch(call);
    return call_wrong(call, TR("A pouch is packed with \"pack\" or opened with \"open\", not \"{0}\"."), what, NULL);
}

static const struct option options[] = {
    {"entries-from", '\0', "N", N_("Take the log's entries from N on along, for a copy that was cut off.")},
    {"to", '\0', "URL", N_("Hand what is in it in to the server at URL.")},
    {"session", '\0', "FILE", N_("Come in by the session key in FILE (truce session new).")},
    {"member", '\0', "NAME", N_("As this member of the server, with --token-file.")},
    {"token-file", '\0', "FILE", N_("The member's token is the first line of FILE.")},
    {"tls-ca", '\0', "FILE", N_("Trust the server's certificate by those in FILE (PEM), not by the system's.")},
    END_OF_OPTIONS,
};
const struct command command_pouch = {
    .name = "pouch",
    .usage = "pack FILE [ID…] | open FILE",
    .does = N_("Packs records into a file to be carried by hand, or takes what such a file holds."),
    .more = N_(
        "What is packed: all that waits in the outbox, evidence, the newest signed heads, and the records named, with "
        "their proofs; with each record the ciphers of what it seals. Pouches may be opened in any order and any "
        "number of times: nothing is taken twice, what is still missing is told, and of records that contradict each "
        "other both are kept. Where the log's key is not, what is new waits in the outbox; a full copy (truce mirror) "
        "goes on by the log's entries, once all of them are shown to lead to a signed head."),
    .example = "truce pouch pack /media/stick/office.pouch",
    .options = options,
    .least = 2,
    .most = OPERANDS_MOST,
    .run = pouch,
};
