#include "intake/propose.h"

#include "crypto/hash.h"
#include "register/register.h"

static enum status answer_statements(struct buffer *out, const struct proposal *proposal, struct error *error)
{
    char sha256[HASH_HEX_SIZE];
    struct hash hash = hash_of(proposal->source);
    struct json_writer w;
    hash_format(&hash, sha256);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "headline_end"), json_put_integer(&w, (int64_t)proposal->article.headline_end);
    json_put_key(&w, "lang"), json_put_string(&w, language_code(proposal->article.language));
    json_put_key(&w, "sha256"), json_put_string(&w, sha256);
    json_put_key(&w, "statements");
    json_put_array(&w);
    for (size_t i = 0; i < proposal->statements.count; i++) {
        json_put_object(&w);
        TRY(proposal_put(&w, proposal, &proposal->statements.items[i], error));
        json_put_close(&w);
    }
    json_put_close(&w);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_intake(const char *text, size_t size, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct proposal proposal;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = proposal_make(&proposal, slice_of(text, size), &why);
    if (status == STATUS_DONE) {
        status = answer_statements(&out, &proposal, &why);
        proposal_clear(&proposal);
    }
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
