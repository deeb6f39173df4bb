#include "cli/cli.h"

#include "json/write.h"
#include <string.h>

static enum truce_status give(const struct call *call, const char *path, struct truce_buffer *verifier)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct json_writer w;
    if (call->json) {
        json_write_open(&w, &line);
        json_put_object(&w);
        json_put_key(&w, "path"), json_put_string(&w, path);
        json_put_key(&w, "verifier"), json_put_slice(&w, slice_of(verifier->data, verifier->size));
        json_put_close(&w);
        if (json_write_finish(&w, NULL) == STATUS_DONE) output_line(buffer_slice(&line));
    } else {
        output_line(slice_of(verifier->data, verifier->size));
    }
    truce_free(verifier);
    return TRUCE_DONE;
}

static enum truce_status key_new(struct call *call)
{
    struct truce_error error;
    struct truce_buffer verifier = {0};
    char passphrase[PASSPHRASE_SIZE];
    const char *path = call_option(call, "out");
    if (!call_needs(call, "out")) return TRUCE_USAGE;
    bool cosigns = call_has(call, "cosign"), reads = call_has(call, "read");
    if (cosigns && reads) return call_wrong(call, TR("A key has one use: --cosign or --read, not both."), NULL);
    enum truce_use use = cosigns ? TRUCE_USE_COSIGN : reads ? TRUCE_USE_READ : TRUCE_USE_SIGN;
    enum truce_status status = passphrase_new(call, passphrase);
    if (status != TRUCE_DONE) return status;
    status =
        truce_key_new(call_operand(call, 1), use, path, passphrase[0] == '\0' ? NULL : passphrase, &verifier, &error);
    explicit_bzero(passphrase, sizeof passphrase);
    return status == TRUCE_DONE ? give(call, path, &verifier) : say_error(&error);
}

static enum truce_status reader_public(struct call *call)
{
    struct truce_error error;
    struct truce_buffer public_half = {0};
    struct truce_reader *reader;
    enum truce_status status = reader_open_at(call, call_operand(call, 1), &reader);
    if (status != TRUCE_DONE) return status;
    status = truce_reader_public(reader, &public_half, &error);
    truce_reader_close(&reader);
    return status == TRUCE_DONE ? give(call, call_operand(call, 1), &public_half) : say_error(&error);
}

static enum truce_status key_public(struct call *call)
{
    struct truce_error error;
    struct truce_buffer verifier = {0};
    struct truce_key *key;
    if (call_has(call, "read")) return reader_public(call);
    enum truce_status status = key_open_at(call, call_operand(call, 1), &key);
    if (status != TRUCE_DONE) return status;
    status = truce_key_public(key, &verifier, &error);
    truce_key_close(&key);
    return status == TRUCE_DONE ? give(call, call_operand(call, 1), &verifier) : say_error(&error);
}

/* The key itself may lie under a passphrase of its own, which --passphrase-file gives. */
static enum truce_status key_export(struct call *call)
{
    struct truce_error error;
    struct truce_key *key;
    struct truce_buffer verifier = {0};
    char passphrase[PASSPHRASE_SIZE];
    const char *path = call_option(call, "out");
    if (!call_has(call, "browser")) return call_wrong(call, TR("A key is exported for a browser: --browser."), NULL);
    if (!call_needs(call, "out")) return TRUCE_USAGE;
    enum truce_status status = key_open_at(call, call_operand(call, 1), &key);
    if (status != TRUCE_DONE) return status;
    status = passphrase_needed(call, "new-passphrase-file", passphrase);
    if (status == TRUCE_DONE) {
        status = truce_key_export(key, passphrase, path, &error);
        if (status == TRUCE_DONE) status = truce_key_public(key, &verifier, &error);
        status = status == TRUCE_DONE ? give(call, path, &verifier) : say_error(&error);
        explicit_bzero(passphrase, sizeof passphrase);
    }
    truce_key_close(&key);
    return status;
}

static enum truce_status key(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "new") == 0) return key_new(call);
    if (strcmp(what, "public") == 0) return key_public(call);
    if (strcmp(what, "export") == 0) return key_export(call);
    return call_wrong(call,
                      TR("A key is made with \"new\", shown with \"public\" or taken along with \"export\", not "
                         "\"{0}\"."),
                      what, NULL);
}

static const struct option options[] = {
    {"out", '\0', "FILE", N_("Where the new secret key goes; the file must not exist.")},
    {"cosign", '\0', NULL, N_("Make a key that cosigns signed heads, for a witness or a mirror.")},
    {"read", '\0', NULL, N_("Make, or show, a key that opens what others seal.")},
    {"browser", '\0', NULL, N_("Export the key in the form that the page of one's own server opens.")},
    OPTION_PASSPHRASE,
    OPTION_PASSPHRASE_FILE,
    {"new-passphrase-file", '\0', "FILE", N_("Take the exported key's passphrase from the first line of FILE.")},
    END_OF_OPTIONS,
};
const struct command command_key = {
    .name = "key",
    .usage = "new NAME --out FILE | public FILE | export --browser FILE --out FILE",
    .does = N_("Makes a signing key, shows the public half of one, or takes one along to the browser."),
    .more = N_(
        "The secret stays in FILE, which only its owner may read. What is printed is the verifier key "
        "(name+hash+base64), to be enrolled. A reader's key signs nothing: a record of kind \"key\" with change "
        "\"reader\" announces it. What \"export --browser\" makes is always under a passphrase, a long one: it signs "
        "in the page of your own `truce serve` on this machine, and nowhere else."),
    .example = "truce key new un-monitor --out un-monitor.key",
    .options = options,
    .least = 2,
    .most = 2,
    .run = key,
};
