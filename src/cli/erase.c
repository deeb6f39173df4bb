#include "cli/cli.h"

#include "json/json.h"
#include <stdio.h>
#include <string.h>

enum { POINTERS_MOST = 64 };

static const char *const *pointers_of(const struct call *call, const char *out[POINTERS_MOST + 1])
{
    size_t count = 0;
    for (size_t i = 1; i < call->options.operands && count < POINTERS_MOST; i++) out[count++] = call_operand(call, i);
    out[count] = NULL;
    return out;
}

static void say_done(struct slice answer)
{
    struct arena arena;
    const struct json *tree;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&tree, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        char number[24];
        snprintf(number, sizeof number, "%u", (unsigned)json_find(tree, "erased")->size);
        say(TR("Sealed values erased from this register: {0}. Whoever opened them before may have kept a copy, and "
               "copies "
               "of this directory made before (backups, snapshots, swap) still hold them."),
            number, NULL);
    }
    arena_clear(&arena);
}

static enum truce_status erase_here(struct call *call, struct truce_register *reg)
{
    const char *pointers[POINTERS_MOST + 1];
    struct truce_buffer answer = {0};
    struct truce_error error;
    enum truce_status status = truce_erase(reg, call_operand(call, 0), pointers_of(call, pointers), &answer, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    if (call->json) output_line(slice_of(answer.data, answer.size));
    say_done(slice_of(answer.data, answer.size));
    truce_free(&answer);
    return TRUCE_DONE;
}

static enum truce_status write_request(struct call *call, struct truce_register *reg, const struct truce_key *key,
                                       const void *context)
{
    const char *pointers[POINTERS_MOST + 1];
    struct truce_buffer object = {0};
    struct truce_error error;
    (void)context;
    enum truce_status status = erase_here(call, reg);
    if (status != TRUCE_DONE) return status;
    status = truce_erase_request(reg, key, call_operand(call, 0), pointers_of(call, pointers), &object, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    status = note_write(call, reg, key, "notice", slice_of(object.data, object.size));
    truce_free(&object);
    return status;
}

static enum truce_status erase(struct call *call)
{
    struct truce_register *reg;
    if (call_option(call, "key") != NULL) return note_written(call, call_has(call, "submit"), write_request, NULL);
    if (call_has(call, "submit")) return call_wrong(call, TR("--{0} goes with --key."), "submit", NULL);
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    return status == TRUCE_DONE ? call_close(&reg, erase_here(call, reg)) : status;
}

static const struct option options[] = {
    {"key", '\0', "FILE", N_("Also sign, with this key, a notice that asks the other members to erase them.")},
    {"submit", '\0', NULL, N_("Admit that notice to the log as well.")},
    OPTION_PASSPHRASE_FILE,
    END_OF_OPTIONS,
};
const struct command command_erase = {
    .name = "erase",
    .usage = "ID [POINTER…] [--key FILE [--submit]]",
    .does = N_("Destroys what a record sealed, as far as this register keeps it."),
    .more =
        N_("The ciphers are overwritten and removed, and are not taken in again. The record stays, with its hash, by "
           "which nothing can be opened. Nobody can make others forget: whoever opened a value may have kept it."),
    .example = "truce erase 3f9c21d0 /observer --key un-monitor.key --submit",
    .options = options,
    .least = 1,
    .most = POINTERS_MOST + 1,
    .run = erase,
};
