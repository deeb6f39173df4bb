#include "intake/offer.h"

#include "intake/source.h"
#include "crypto/hash.h"
#include "register/register.h"

static enum status answer_statements(struct buffer *out, const struct proposal *proposal, const struct offers *offers,
                                     struct error *error)
{
    char sha256[HASH_HEX_SIZE];
    struct hash hash = hash_of(proposal->source);
    struct json_writer w;
    hash_format(&hash, sha256);
    json_write_open(&w, out);
    json_put_object(&w);
    facts_put(&w, proposal->facts, FACT_COUNTS);
    facts_put(&w, proposal->facts, FACT_DATES);
    json_put_key(&w, "headline_end"), json_put_integer(&w, (int64_t)proposal->article.headline_end);
    json_put_key(&w, "lang"), json_put_string(&w, language_code(proposal->article.language));
    facts_put(&w, proposal->facts, FACT_PLACES);
    json_put_key(&w, "sha256"), json_put_string(&w, sha256);
    json_put_key(&w, "statements");
    json_put_array(&w);
    for (size_t i = 0; i < proposal->statements.count; i++) {
        json_put_object(&w);
        TRY(proposal_put(&w, proposal, &proposal->statements.items[i], offers, error));
        json_put_close(&w);
    }
    json_put_close(&w);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status propose(struct buffer *out, struct slice text, const struct truce_intake_options *options,
                           struct arena *arena, struct error *error)
{
    struct offers *offers = NULL;
    struct proposal proposal;
    if (options != NULL && options->reg != NULL) TRY(offers_read(&offers, options->reg, arena, error));
    TRY(proposal_make(&proposal, text, options == NULL ? NULL : options->day, error));
    enum status status = answer_statements(out, &proposal, offers, error);
    proposal_clear(&proposal);
    return status;
}

enum truce_status truce_intake(const char *text, size_t size, const struct truce_intake_options *options,
                               struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, LIMIT_INTAKE_MEMORY);
    enum status status = propose(&out, slice_of(text, size), options, &arena, &why);
    arena_clear(&arena);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}

/* ---- the source as it is read */

static enum status read_text(struct buffer *out, struct slice text, bool *page, struct error *error)
{
    *page = source_is_html(text);
    if (*page) TRY(source_blank_html(out, text, error));
    if (!*page) buffer_put(out, text);
    return buffer_finish(out, error);
}

enum truce_status truce_intake_text(const char *text, size_t size, struct truce_buffer *shown, bool *page,
                                    struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = read_text(&out, slice_of(text, size), page, &why);
    if (status == STATUS_DONE) status = public_buffer(shown, &out, &why);
    return public_status(status, &why, error);
}
