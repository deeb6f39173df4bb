#include "cli/cli.h"

#include "json/json.h"
#include <string.h>

static void show_made(struct slice answer, const char *directory)
{
    struct arena arena;
    const struct json *made;
    arena_init(&arena, answer.size * 64 + 65536);
    OWN(buffer_clear) struct buffer out = {0};
    if (json_read(&made, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        const struct {
            const char *label, *key;
        } lines[] = {{TR("Register: {0}"), "register"}, {TR("Genesis: {0}"), "genesis"}};
        words_fill(&out, TR("Directory: {0}"), directory, NULL);
        buffer_put_byte(&out, '\n');
        for (size_t i = 0; i < COUNT_OF(lines); i++) {
            OWN(buffer_clear) struct buffer value = {0};
            buffer_put(&value, json_find_string(made, lines[i].key));
            buffer_put_byte(&value, '\0');
            if (!value.failed) words_fill(&out, lines[i].label, (const char *)value.data, NULL);
            buffer_put_byte(&out, '\n');
        }
        buffer_put_string(&out,
                          TR("The genesis is compared with the other parties by another way than this one, before "
                             "anything is believed."));
        buffer_put_byte(&out, '\n');
    }
    output_put(buffer_slice(&out));
    arena_clear(&arena);
}

static enum truce_status init(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    struct truce_key *key = NULL;
    char passphrase[PASSPHRASE_SIZE];
    struct truce_init_options options = {.directory = call_operand(call, 0),
                                         .origin = call_option(call, "origin"),
                                         .name = call_option(call, "name"),
                                         .genesis = call_option(call, "genesis")};
    if (!call_needs(call, "origin") || (options.genesis == NULL && !call_needs(call, "name"))) return TRUCE_USAGE;
    if (options.genesis != NULL && !call_needs(call, "key")) return TRUCE_USAGE;
    enum truce_status status = first_run(call);
    if (status == TRUCE_DONE && options.genesis != NULL)
        status = key_open(call, &key);
    else if (status == TRUCE_DONE)
        status = passphrase_new(call, passphrase);
    if (status != TRUCE_DONE) return status;
    options.key = key;
    options.passphrase = options.genesis != NULL || passphrase[0] == '\0' ? NULL : passphrase;
    status = truce_init(&options, &answer, &error);
    explicit_bzero(passphrase, sizeof passphrase);
    truce_key_close(&key);
    if (status != TRUCE_DONE) return say_error(&error);
    if (call->json)
        output_line(slice_of(answer.data, answer.size));
    else
        show_made(slice_of(answer.data, answer.size), options.directory);
    truce_free(&answer);
    return TRUCE_DONE;
}

static const struct option options[] = {
    {"origin", '\0', "ORIGIN", N_("The register's name for ever, as of a web site: truce.example/name.")},
    {"name", '\0', "NAME", N_("The founder's short name; its new keys go to DIR/keys.")},
    {"genesis", '\0', "FILE", N_("Several founders: the genesis as JSON, signed by the first with --key.")},
    OPTION_KEY,
    OPTION_PASSPHRASE,
    OPTION_PASSPHRASE_FILE,
    {"yes", '\0', NULL, N_("Do not wait: the text before the first use was read.")},
    END_OF_OPTIONS,
};
const struct command command_init = {
    .name = "init",
    .usage = "DIR --origin ORIGIN --name NAME",
    .does = N_("Makes a register: its genesis, its log and the log's key."),
    .more = N_("Every other founder confirms the genesis by an approval of its id; until all have, nothing else is "
               "admitted."),
    .example = "truce init cell --origin truce.example/north-2027 --name secretariat",
    .options = options,
    .least = 1,
    .most = 1,
    .run = init,
};
