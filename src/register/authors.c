/* Who may sign now, and by which keys: what a form asks its writer to choose from. */
#include "json/write.h"
#include "register/register.h"

#include <inttypes.h>
#include <stdio.h>

static void put_author(struct json_writer *w, const struct members *members, const struct member *member, int64_t now)
{
    const struct verifier *key;
    json_put_object(w);
    json_put_key(w, "by"), json_put_slice(w, member->party);
    json_put_key(w, "keys"), json_put_array(w);
    for (size_t n = 0; (key = members_signing(members, member->party, n, now)) != NULL; n++) {
        char id[9];
        snprintf(id, sizeof id, "%08" PRIx32, key->id);
        json_put_string(w, id);
    }
    json_put_close(w);
    json_put_key(w, "reads"), json_put_bool(w, members_reader(members, member->party, 0) != NULL);
    json_put_key(w, "role"), json_put_string(w, role_name(member->role));
    json_put_close(w);
}

static enum status authors(struct truce_register *reg, struct buffer *out, struct error *error)
{
    struct json_writer w;
    int64_t now = reg->system->now_ms(reg->system->context) / 1000;
    TRY(register_know(reg, error));
    json_write_open(&w, out);
    json_put_array(&w);
    for (size_t i = 0; i < members_count(reg->members); i++) {
        const struct member *member = members_at(reg->members, i);
        if (now < member->until) put_author(&w, reg->members, member, now);
    }
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_authors(struct truce_register *reg, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = authors(reg, &out, &why);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
