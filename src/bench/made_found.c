/* A register for made records: founded by the office, which enrols the others alone; or a loaded case that is joined.
 */
#include "bench/making.h"
#include "bench/measure.h"
#include "register/register.h"

#include <inttypes.h>
#include <stdio.h>

/* The cast, and who plays it in the worked case. */
const struct made_role made_cast[CAST] = {
    {"office", "un", ROLE_SECRETARIAT},
    {"guarantor-a", "united-states", ROLE_GUARANTOR},
    {"guarantor-b", "russia", ROLE_GUARANTOR},
    {"side-a", "syria-government", ROLE_PARTY},
    {"side-b", "opposition", ROLE_PARTY},
    {"monitor", "monitor", ROLE_MONITOR},
    {"relief-a", "red-crescent", ROLE_HUMANITARIAN},
    {"relief-b", "un-humanitarian", ROLE_HUMANITARIAN},
    {"dataset", "ucdp", ROLE_SOURCE},
    {"press", "press", ROLE_SOURCE},
};
const char made_origin[] = "truce.example/measured";

/* ---- the founding records: the office founds, and enrols the others alone */

static void put_member(struct json_writer *w, const char *key, const char *value)
{
    json_put_key(w, key);
    json_put_string(w, value);
}

static void put_names(struct json_writer *w, const char *name)
{
    json_put_key(w, "names");
    json_put_object(w);
    put_member(w, "en", name);
    put_member(w, "original", "en");
    json_put_close(w);
}

static void put_verifier(struct json_writer *w, const char *key, const struct signer *signer)
{
    char text[VERIFIER_TEXT_SIZE];
    verifier_format(&signer->verifier, text);
    if (key != NULL) json_put_key(w, key);
    json_put_string(w, text);
}

static void put_founders(const struct made *made, struct json_writer *w)
{
    struct signer recovery;
    const struct made_author *office = &made->cast[0];
    json_put_key(w, "founders");
    json_put_array(w);
    json_put_object(w);
    put_verifier(w, "key", &office->signer);
    put_names(w, office->name);
    put_member(w, "party", office->name);
    if (made_signer(made, "recovery", office->name, &recovery, NULL) == STATUS_DONE)
        put_verifier(w, "recovery", &recovery);
    put_member(w, "role", role_name(made_cast[0].role));
    json_put_close(w);
    json_put_close(w);
}

static void put_genesis(const struct made *made, struct json_writer *w)
{
    char hex[HASH_HEX_SIZE];
    struct hash nonce = hash_of(slice_from(made->cast[0].signer.verifier.name));
    hash_format(&nonce, hex);
    put_verifier(w, "log_key", &made->log_key);
    put_member(w, "nonce", hex);
}

static void put_party(const struct made *made, struct json_writer *w, size_t i)
{
    json_put_key(w, "keys");
    json_put_array(w);
    put_verifier(w, NULL, &made->cast[i].signer);
    json_put_close(w);
}

static void founding_make(struct made *made, struct buffer *text, size_t i)
{
    struct json_writer w;
    char key[9], prev[HASH_HEX_SIZE], written[TIME_TEXT_SIZE];
    const struct made_author *office = &made->cast[0];
    bool genesis = i == 0;
    snprintf(key, sizeof key, "%08" PRIx32, office->signer.verifier.id);
    time_format((made->first_day - 1) * 86400 + (int64_t)i * 60, written);
    json_write_open(&w, text);
    json_put_object(&w);
    put_member(&w, "by", office->name);
    if (genesis) json_put_key(&w, "exercise"), json_put_bool(&w, true); /* so that this machine may ask its server */
    if (genesis) put_founders(made, &w);
    put_member(&w, "key", key);
    if (!genesis) put_party(made, &w, i);
    put_member(&w, "kind", genesis ? "genesis" : "party");
    if (genesis) put_genesis(made, &w);
    if (!genesis) {
        put_names(&w, made->cast[i].name);
        put_member(&w, "party", made->cast[i].name);
        hash_format(&office->prev.hash, prev);
        put_member(&w, "prev", prev);
    }
    put_member(&w, "register", made->register_name);
    if (!genesis) put_member(&w, "role", role_name(made_cast[i].role));
    json_put_key(&w, "seq"), json_put_integer(&w, (int64_t)i);
    if (genesis) {
        json_put_key(&w, "thresholds");
        json_put_object(&w);
        json_put_key(&w, "enrol"), json_put_integer(&w, 1);
        json_put_key(&w, "policy"), json_put_integer(&w, 1);
        json_put_close(&w);
    }
    json_put_key(&w, "v"), json_put_integer(&w, 1);
    put_member(&w, "written", written);
    json_put_close(&w);
    buffer_put_byte(text, '\n');
}

/* ---- founding a register, or joining one */

static enum status submit_founding(struct made *made, struct truce_register *reg, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    OWN(notes_clear) struct notes notes = {0};
    struct truce_error why;
    for (size_t i = 0; i < CAST; i++) {
        struct made_author *by = &made->cast[0];
        buffer_reset(&text);
        founding_make(made, &text, i);
        TRY(buffer_finish(&text, error));
        TRY(notes_sign(&notes, buffer_slice(&text), &by->signer, error));
        by->prev.hash = hash_of(buffer_slice(&text));
        by->seq++;
        if (i > 0) continue;
        char hex[HASH_HEX_SIZE];
        hash_format(&by->prev.hash, hex);
        snprintf(made->register_name, sizeof made->register_name, "%s#%.16s", made_origin, hex);
    }
    struct slice all = buffer_slice(&notes.bytes);
    return library_said(truce_submit(reg, (const char *)all.data, all.size, line_ignored, NULL, &why), &why, error);
}

enum status made_found(struct made *made, const char *directory, struct error *error)
{
    struct truce_register *reg;
    TRY(register_found(&reg, directory, &made->log_key, error));
    enum status status = submit_founding(made, reg, error);
    enum status closed = register_close(&reg, status == STATUS_DONE ? error : NULL);
    return status != STATUS_DONE ? status : closed;
}

static enum status join_one(struct made *made, struct truce_register *reg, size_t i, struct error *error)
{
    char name[LIMIT_NAME_BYTES + 16], path[REGISTER_PATH_SIZE];
    struct made_author *author = &made->cast[i];
    author->name = made_cast[i].in_case;
    snprintf(name, sizeof name, "keys/%s.key", author->name);
    TRY(register_path(path, reg->directory, name, error));
    signer_clear(&author->signer);
    TRY(key_file_read(&system_real, path, NULL, NULL, &author->signer, error));
    return register_head(reg, &author->signer.verifier, &author->seq, &author->prev, error);
}

enum status made_join(struct made *made, const char *directory, struct error *error)
{
    struct truce_register *reg;
    TRY(register_open(&reg, &system_real, directory, TRUCE_READ, error));
    enum status status = register_know(reg, error);
    for (size_t i = 0; i < CAST && status == STATUS_DONE; i++) status = join_one(made, reg, i, error);
    if (status == STATUS_DONE)
        snprintf(made->register_name, sizeof made->register_name, "%.*s", SLICE(members_register(reg->members)));
    enum status closed = register_close(&reg, status == STATUS_DONE ? error : NULL);
    return status != STATUS_DONE ? status : closed;
}
