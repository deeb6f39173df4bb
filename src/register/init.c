/* A new register: its log and log key, its genesis, and for a single founder that founder's keys. */
#include "register/register.h"

#include "json/write.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status make_directories(const char *directory, struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    struct stat about;
    TRY(register_path(path, directory, "log", error));
    if (stat(path, &about) == 0)
        return error_at(error,
                        error_set(error, STATUS_FAILED, "register-exists",
                                  "There is a register in {0} already; nothing was changed.", directory, NULL),
                        directory);
    TRY(directory_make(&system_real, directory, error));
    TRY(register_path(path, directory, "keys", error));
    TRY(directory_make(&system_real, path, error));
    TRY(register_path(path, directory, "outbox", error));
    return directory_make(&system_real, path, error);
}

static void remove_below(const char *directory, const char *name)
{
    OWN(buffer_clear) struct buffer names = {0};
    char path[REGISTER_PATH_SIZE];
    if (register_path(path, directory, name, NULL) != STATUS_DONE) return;
    if (system_real.remove(system_real.context, path) == 0) return;
    if (system_real.list(system_real.context, path, &names) != 0) return;
    for (size_t at = 0; at < names.size; at += strlen((char *)names.data + at) + 1)
        remove_below(path, (char *)names.data + at);
    (void)system_real.remove(system_real.context, path);
}

void register_unfound(const char *directory)
{
    static const char *const made[] = {"log",          "index.sqlite-wal", "index.sqlite-shm",
                                       "index.sqlite", "index.facts",      "log.key"};
    static const char *const if_empty[] = {"keys", "outbox"};
    char path[REGISTER_PATH_SIZE];
    for (size_t i = 0; i < COUNT_OF(made); i++) remove_below(directory, made[i]);
    for (size_t i = 0; i < COUNT_OF(if_empty); i++)
        if (register_path(path, directory, if_empty[i], NULL) == STATUS_DONE) (void)rmdir(path);
    (void)rmdir(directory);
}

enum status register_found(struct truce_register **out, const char *directory, const struct signer *log_key,
                           struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(make_directories(directory, error));
    TRY(register_path(path, directory, "log.key", error));
    TRY(key_file_create(&system_real, path, log_key, slice_from(""), error));
    enum status status = register_path(path, directory, "log", error);
    if (status == STATUS_DONE) status = log_create(&system_real, path, error);
    if (status == STATUS_DONE) status = register_open(out, &system_real, directory, TRUCE_WRITE, error);
    if (status != STATUS_DONE) register_unfound(directory);
    return status;
}

/* ---- the genesis */

/* What a genesis file leaves open stands in it as "!log" and "!nonce"; that of one founder also as "!name" and
 * "!name/recovery". */
struct genesis_keys {
    const struct signer *log_key, *founder, *recovery; /* the last two NULL with a genesis file */
    char nonce[HASH_HEX_SIZE];
};

static bool genesis_string(void *context, struct slice string, struct buffer *out)
{
    const struct genesis_keys *keys = context;
    char verifier[VERIFIER_TEXT_SIZE];
    const struct signer *signer = NULL;
    if (slice_is(string, "!nonce")) {
        buffer_put_string(out, keys->nonce);
        return true;
    }
    if (slice_is(string, "!log")) signer = keys->log_key;
    if (slice_is(string, "!name")) signer = keys->founder;
    if (slice_is(string, "!name/recovery")) signer = keys->recovery;
    if (signer == NULL) return false;
    verifier_format(&signer->verifier, verifier);
    buffer_put_string(out, verifier);
    return true;
}

static const char genesis_of_one[] =
    "{\"nonce\":\"!nonce\",\"log_key\":\"!log\",\"thresholds\":{\"enrol\":1,\"policy\":1},\"founders\":[{\"party\":"
    "\"%s\",\"names\":{\"en\":\"%s\",\"original\":\"en\"},\"role\":\"secretariat\",\"key\":\"!name\",\"recovery\":"
    "\"!name/recovery\"}]}";

/* The founder's secret files; on failure none is left. */
static enum status founder_keys(const struct truce_init_options *options, const struct signer *founder,
                                const struct signer *recovery, char path[2][REGISTER_PATH_SIZE], struct error *error)
{
    char name[LIMIT_ORIGIN_BYTES + 32];
    struct slice passphrase = slice_from(options->passphrase == NULL ? "" : options->passphrase);
    snprintf(name, sizeof name, "keys/%s.key", founder->verifier.name);
    TRY(register_path(path[0], options->directory, name, error));
    snprintf(name, sizeof name, "keys/%s.recovery.key", recovery->verifier.name);
    TRY(register_path(path[1], options->directory, name, error));
    TRY(key_file_create(&system_real, path[0], founder, passphrase, error));
    enum status status = key_file_create(&system_real, path[1], recovery, passphrase, error);
    if (status != STATUS_DONE) system_real.remove(system_real.context, path[0]);
    return status;
}

static enum status submit_genesis(struct truce_register *reg, struct slice note, struct error *error)
{
    struct outcome outcome;
    TRY(register_admit(reg, &note, 1, NULL, &outcome, NULL, error));
    if (outcome.admitted) return STATUS_DONE;
    if (error != NULL) *error = outcome.refusal;
    return STATUS_REFUSED;
}

static enum status init_answer(struct truce_register *reg, struct buffer *out, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct arena arena;
    struct record genesis;
    int64_t received_ms;
    char hex[HASH_HEX_SIZE];
    struct json_writer w;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = register_read(reg, 0, &entry, &arena, &genesis, &received_ms, error);
    if (status == STATUS_DONE) {
        hash_format(&genesis.id.hash, hex);
        json_write_open(&w, out);
        json_put_object(&w);
        json_put_key(&w, "genesis"), json_put_string(&w, hex);
        json_put_key(&w, "register"), json_put_slice(&w, members_register(reg->members));
        json_put_close(&w);
        status = json_write_finish(&w, error);
    }
    arena_clear(&arena);
    return status;
}

/* Everything that can be refused is checked before the directory is made. */
static enum status genesis_note(const struct truce_init_options *options, struct genesis_keys *keys,
                                const struct signer *signer, struct buffer *note, struct arena *arena,
                                struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    char written[TIME_TEXT_SIZE];
    struct hash nonce;
    crypto_random(nonce.bytes, sizeof nonce.bytes);
    hash_format(&nonce, keys->nonce);
    if (options->genesis != NULL)
        TRY(file_read_all(&system_real, options->genesis, LIMIT_JSON_BYTES, &text, error));
    else
        buffer_print(&text, genesis_of_one, options->name, options->name);
    TRY(buffer_finish(&text, error));
    time_format(system_real.now_ms(system_real.context) / 1000, written);
    struct completion completion = {.kind = record_kind_find(slice_from("genesis")),
                                    .register_name = slice_from(options->origin),
                                    .written = slice_from(written),
                                    .string = genesis_string,
                                    .context = keys};
    TRY(json_read(&completion.object, buffer_slice(&text), JSON_RELAXED, arena, error));
    return complete_and_sign(note, &completion, signer, arena, error);
}

static enum status init(const struct truce_init_options *options, struct buffer *answer, struct arena *arena,
                        struct error *error)
{
    OWN(signer_clear) struct signer log_key = {0}, founder = {0}, recovery = {0};
    OWN(buffer_clear) struct buffer note = {0};
    struct truce_register *reg = NULL;
    struct genesis_keys keys = {.log_key = &log_key};
    const struct signer *signer = &founder;
    TRY(crypto_start(error));
    TRY(signer_random(&log_key, slice_from(options->origin), error));
    if (options->genesis != NULL) {
        if (options->key == NULL)
            return error_set(error, STATUS_USAGE, "init-key",
                             "A genesis file is signed by its first founder: name that key with --key.", NULL);
        signer = &options->key->signer;
    } else {
        TRY(signer_random(&founder, slice_from(options->name), error));
        TRY(signer_random(&recovery, slice_from(options->name), error));
        keys.founder = &founder, keys.recovery = &recovery;
    }
    TRY(genesis_note(options, &keys, signer, &note, arena, error));
    TRY(register_found(&reg, options->directory, &log_key, error));
    char key_path[2][REGISTER_PATH_SIZE];
    enum status status =
        options->genesis != NULL ? STATUS_DONE : founder_keys(options, &founder, &recovery, key_path, error);
    bool keys_made = status == STATUS_DONE && options->genesis == NULL;
    if (status == STATUS_DONE) status = submit_genesis(reg, buffer_slice(&note), error);
    if (status == STATUS_DONE) status = init_answer(reg, answer, error);
    bool begun = log_size(reg->log) > 0;
    enum status closed = register_close(&reg, status == STATUS_DONE ? error : NULL);
    for (size_t i = 0; !begun && keys_made && i < COUNT_OF(key_path); i++)
        system_real.remove(system_real.context, key_path[i]);
    if (!begun) register_unfound(options->directory); /* so that it can be tried again */
    return status != STATUS_DONE ? status : closed;
}

enum truce_status truce_init(const struct truce_init_options *options, struct truce_buffer *answer,
                             struct truce_error *error)
{
    struct error why;
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = init(options, &out, &arena, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
