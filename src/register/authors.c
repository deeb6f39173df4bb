/* Who may sign now, and by which keys: what a form asks its writer to choose from. */
#include "json/write.h"
#include "register/register.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The members of whose signing keys DIR/keys/ has the secret. */
struct here {
    const struct members *members;
    bool *is_here; /* member by member */
    int64_t now;
};

static enum status note_key(void *context, const char *name, uint32_t id, struct error *error)
{
    const struct here *here = context;
    const struct verifier *key;
    (void)error;
    for (size_t i = 0; i < members_count(here->members); i++) {
        struct slice party = members_at(here->members, i)->party;
        if (!slice_is(party, name)) continue;
        for (size_t n = 0; (key = members_signing(here->members, party, n, here->now)) != NULL; n++)
            here->is_here[i] = here->is_here[i] || key->id == id;
    }
    return STATUS_DONE;
}

static void put_author(struct json_writer *w, const struct here *here, size_t i)
{
    const struct member *member = members_at(here->members, i);
    const struct verifier *key;
    json_put_object(w);
    json_put_key(w, "by"), json_put_slice(w, member->party);
    json_put_key(w, "here"), json_put_bool(w, here->is_here[i]);
    json_put_key(w, "keys"), json_put_array(w);
    for (size_t n = 0; (key = members_signing(here->members, member->party, n, here->now)) != NULL; n++) {
        char id[9];
        snprintf(id, sizeof id, "%08" PRIx32, key->id);
        json_put_string(w, id);
    }
    json_put_close(w);
    json_put_key(w, "reads"), json_put_bool(w, members_reader(here->members, member->party, 0) != NULL);
    json_put_key(w, "role"), json_put_string(w, role_name(member->role));
    json_put_close(w);
}

static enum status put_authors(struct truce_register *reg, struct here *here, struct buffer *out, struct error *error)
{
    struct json_writer w;
    TRY(register_keys(reg, note_key, here, error));
    json_write_open(&w, out);
    json_put_array(&w);
    for (size_t i = 0; i < members_count(here->members); i++)
        if (here->now < members_at(here->members, i)->until) put_author(&w, here, i);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status authors(struct truce_register *reg, struct buffer *out, struct error *error)
{
    struct here here = {.now = reg->system->now_ms(reg->system->context) / 1000};
    TRY(register_know(reg, error));
    here.members = reg->members;
    here.is_here = calloc(members_count(reg->members) + 1, sizeof *here.is_here);
    if (here.is_here == NULL) return arena_full(error);
    enum status status = put_authors(reg, &here, out, error);
    free(here.is_here);
    return status;
}

enum truce_status truce_authors(struct truce_register *reg, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = authors(reg, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
