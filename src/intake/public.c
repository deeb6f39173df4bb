#include "intake/offer.h"

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

/* ---- what a person accepted */

static void put_if(struct json_writer *w, const char *key, const char *value)
{
    if (value != NULL) json_put_key(w, key), json_put_string(w, value);
}

/* A part of what the speaker is called, where there is one and a record may hold it. */
static enum status put_part(struct json_writer *w, const char *key, const struct proposal *proposal, struct span span,
                            size_t most, struct error *error)
{
    OWN(buffer_clear) struct buffer words = {0};
    TRY(proposal_words(&words, proposal, span, error));
    struct slice part = buffer_slice(&words);
    while (part.size > most) part.size--;
    while (part.size > 0 && part.size < words.size && (words.data[part.size] & 0xC0U) == 0x80U) part.size--;
    if (part.size > 0) json_put_key(w, key), json_put_slice(w, part);
    return STATUS_DONE;
}

enum { NAME_BYTES = 200, CUE_BYTES = 100 }; /* as spec/record.md bounds the kind's fields */

static enum status put_record(struct json_writer *w, const struct proposal *proposal, const struct statement *statement,
                              const struct truce_acceptance *acceptance, struct error *error)
{
    OWN(buffer_clear) struct buffer exact = {0};
    char sha256[HASH_HEX_SIZE];
    struct hash hash = hash_of(proposal->source);
    struct slice cameo = cameo_of(statement->act);
    struct span name = statement->name.start < statement->name.end ? statement->name : statement->speaker;
    hash_format(&hash, sha256);
    TRY(proposal_words(&exact, proposal, statement->content, error));
    json_put_object(w);
    if (acceptance->about != NULL && acceptance->about[0] != NULL) {
        json_put_key(w, "about");
        json_put_array(w);
        for (const char *const *id = acceptance->about; *id != NULL; id++) json_put_string(w, *id);
        json_put_close(w);
    }
    json_put_key(w, "act"), json_put_string(w, act_names[statement->act]);
    put_if(w, "addressed", acceptance->addressed);
    put_if(w, "at", acceptance->at);
    if (acceptance->source != NULL) {
        json_put_key(w, "basis");
        json_put_object(w);
        json_put_key(w, "kind"), json_put_string(w, "sourced");
        json_put_key(w, "source"), json_put_string(w, acceptance->source);
        json_put_close(w);
    }
    if (cameo.size > 0) json_put_key(w, "cameo"), json_put_slice(w, cameo);
    TRY(put_part(w, "cue", proposal, statement->cue, CUE_BYTES, error));
    TRY(put_part(w, "organisation", proposal, statement->organisation, NAME_BYTES, error));
    put_if(w, "party", acceptance->party);
    TRY(put_part(w, "role", proposal, statement->role, NAME_BYTES, error));
    TRY(put_part(w, "speaker", proposal, name, NAME_BYTES, error));
    json_put_key(w, "words");
    json_put_object(w);
    json_put_key(w, "end"), json_put_integer(w, statement->content.end);
    json_put_key(w, "exact"), json_put_slice(w, buffer_slice(&exact));
    json_put_key(w, "lang"), json_put_string(w, language_code(proposal->article.language));
    json_put_key(w, "sha256"), json_put_string(w, sha256);
    json_put_key(w, "start"), json_put_integer(w, statement->content.start);
    json_put_close(w);
    json_put_close(w);
    return STATUS_DONE;
}

static enum status find_accepted(const struct proposal *proposal, uint64_t number, const struct statement **out,
                                 struct error *error)
{
    if (number >= 1 && number <= proposal->statements.count) {
        *out = &proposal->statements.items[number - 1];
        return STATUS_DONE;
    }
    return error_set(error, STATUS_USAGE, "intake-number", "There is no statement {0}: {1} were found in the text.",
                     error_number((int64_t)number).text, error_number((int64_t)proposal->statements.count).text, NULL);
}

static enum status answer_record(struct buffer *out, const struct proposal *proposal,
                                 const struct truce_acceptance *acceptance, struct error *error)
{
    const struct statement *statement = NULL;
    struct json_writer w;
    TRY(find_accepted(proposal, acceptance->number, &statement, error));
    json_write_open(&w, out);
    TRY(put_record(&w, proposal, statement, acceptance, error));
    return json_write_finish(&w, error);
}

enum truce_status truce_intake_record(const char *text, size_t size, const struct truce_acceptance *acceptance,
                                      struct truce_buffer *object, struct truce_error *error)
{
    struct error why;
    struct proposal proposal;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = proposal_make(&proposal, slice_of(text, size), NULL, &why);
    if (status == STATUS_DONE) {
        status = answer_record(&out, &proposal, acceptance, &why);
        proposal_clear(&proposal);
    }
    if (status == STATUS_DONE) status = public_buffer(object, &out, &why);
    return public_status(status, &why, error);
}
