/* What a person accepted: the record of kind "statement" that a proposal becomes, as it was proposed or mended. */
#include "intake/propose.h"

#include "crypto/hash.h"
#include "register/register.h"
#include "text/utf8.h"
#include <stdio.h>

enum { NAME_BYTES = 200, CUE_BYTES = 100 }; /* as spec/record.md bounds the kind's fields */

/* A proposal as it is accepted: what was mended stands instead of what was proposed. */
struct accepted {
    const struct proposal *proposal;
    const struct statement *statement;
    const struct truce_acceptance *as;
    enum act act;
    struct span words;
};

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

/* ---- the act */

static enum status mend_act(struct accepted *accepted, struct error *error)
{
    const char *act = accepted->as->act;
    accepted->act = accepted->statement->act;
    if (act == NULL) return STATUS_DONE;
    for (unsigned i = 0; i < ACTS; i++) {
        if (strcmp(act, act_names[i]) != 0) continue;
        accepted->act = (enum act)i;
        return STATUS_DONE;
    }
    return error_at(error,
                    error_set(error, STATUS_REFUSED, "intake-act", "There is no act of speaking \"{0}\".",
                              error_slice(slice_from(act)).text, NULL),
                    "/act");
}

/* ---- the words: they stand in the source, or are no quotation */

enum { NEAR_BYTES = 4096 }; /* so far from the proposed ones they are looked for */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* What stands in a source and in no record: controls of direction; of a page, what only fills the place of markup. */
static size_t unsaid_size(const struct proposal *proposal, struct slice text, size_t at)
{
    struct slice rest = slice_part(text, at, 3);
    if (proposal->html && slice_starts(rest, "\xd9\x80")) return 2;
    if (proposal->html && slice_starts(rest, "\xe2\x80\x8b")) return 3;
    bool embeds =
        rest.size == 3 && rest.data[0] == 0xE2 && rest.data[1] == 0x80 && rest.data[2] >= 0xAA && rest.data[2] <= 0xAE;
    bool isolates =
        rest.size == 3 && rest.data[0] == 0xE2 && rest.data[1] == 0x81 && rest.data[2] >= 0xA6 && rest.data[2] <= 0xA9;
    return embeds || isolates ? 3 : 0;
}

/* Where the words end that begin at `at`, or 0. Blanks are as good as others, however many. */
static size_t match(const struct proposal *proposal, struct slice text, size_t at, struct slice words)
{
    for (size_t i = 0; i < words.size;) {
        size_t unsaid = unsaid_size(proposal, text, at), from = at;
        if (unsaid > 0) {
            at += unsaid;
            continue;
        }
        if (!is_blank(words.data[i])) {
            if (at == text.size || text.data[at] != words.data[i]) return 0;
            at++, i++;
            continue;
        }
        while (i < words.size && is_blank(words.data[i])) i++;
        while (at < text.size && is_blank(text.data[at])) at++;
        if (at == from) return 0;
    }
    return at;
}

static struct slice trimmed(struct slice words)
{
    while (words.size > 0 && is_blank(words.data[0])) words = slice_part(words, 1, words.size);
    while (words.size > 0 && is_blank(words.data[words.size - 1])) words.size--;
    return words;
}

/* The place nearest to the proposed one. */
static bool find_words(const struct proposal *proposal, struct span proposed, struct slice words, struct span *out)
{
    struct slice text = proposal->article.source;
    size_t from = proposed.start > NEAR_BYTES ? proposed.start - NEAR_BYTES : 0;
    size_t to = proposed.end + NEAR_BYTES < text.size ? proposed.end + NEAR_BYTES : text.size, least = SIZE_MAX;
    for (size_t at = from; at < to; at++) {
        if (text.data[at] != words.data[0]) continue;
        size_t away = at > proposed.start ? at - proposed.start : proposed.start - at;
        size_t end = away < least ? match(proposal, text, at, words) : 0;
        if (end == 0) continue;
        least = away;
        *out = (struct span){(uint32_t)at, (uint32_t)end};
    }
    return least != SIZE_MAX;
}

static enum status mend_words(struct accepted *accepted, struct error *error)
{
    OWN(buffer_clear) struct buffer proposed = {0};
    const struct proposal *proposal = accepted->proposal;
    accepted->words = accepted->statement->content;
    if (accepted->as->words == NULL) return STATUS_DONE;
    struct slice words = trimmed(slice_from(accepted->as->words));
    TRY(proposal_words(&proposed, proposal, accepted->words, error));
    TRY(buffer_finish(&proposed, error));
    if (slice_equal(words, buffer_slice(&proposed))) return STATUS_DONE;
    if (words.size > 0 && words.size <= LIMIT_WORDS_BYTES &&
        find_words(proposal, accepted->statement->content, words, &accepted->words))
        return STATUS_DONE;
    return error_at(
        error,
        error_set(error, STATUS_REFUSED, "intake-words",
                  "These words do not stand so in the text, near the proposed ones. What is said is quoted, "
                  "and kept as it stands there.",
                  NULL),
        "/words/exact");
}

/* ---- the rest */

static void put_if(struct json_writer *w, const char *key, const char *value)
{
    if (value != NULL && value[0] != '\0') json_put_key(w, key), json_put_string(w, value);
}

/* A part of what the speaker is called, where there is one and a record may hold it. */
static enum status put_proposed(struct json_writer *w, const char *key, const struct proposal *proposal,
                                struct span span, size_t most, struct error *error)
{
    OWN(buffer_clear) struct buffer words = {0};
    TRY(proposal_words(&words, proposal, span, error));
    struct slice part = buffer_slice(&words);
    while (part.size > most) part.size--;
    while (part.size > 0 && part.size < words.size && (words.data[part.size] & 0xC0U) == 0x80U) part.size--;
    if (part.size > 0) json_put_key(w, key), json_put_slice(w, part);
    return STATUS_DONE;
}

static enum status check_mended(const char *key, struct slice mended, size_t most, struct error *error)
{
    char pointer[32];
    snprintf(pointer, sizeof pointer, "/%s", key);
    enum status status = text_check_unnormalised(mended, error);
    if (status == STATUS_DONE && mended.size > most)
        status = error_set(error, STATUS_REFUSED, "intake-long", "This field has at most {0} bytes.",
                           error_number((int64_t)most).text, NULL);
    return status == STATUS_DONE ? status : error_at(error, status, pointer);
}

static enum status put_part(struct json_writer *w, const char *key, const struct accepted *accepted,
                            const char *mended_text, struct span span, size_t most, struct error *error)
{
    OWN(buffer_clear) struct buffer whole = {0};
    if (mended_text == NULL) return put_proposed(w, key, accepted->proposal, span, most, error);
    struct slice mended = trimmed(slice_from(mended_text));
    TRY(check_mended(key, mended, most, error));
    TRY(text_normalise(&whole, mended, error));
    if (whole.size > 0) json_put_key(w, key), json_put_slice(w, buffer_slice(&whole));
    return STATUS_DONE;
}

static enum status put_words(struct json_writer *w, const struct accepted *accepted, struct error *error)
{
    OWN(buffer_clear) struct buffer exact = {0};
    char sha256[HASH_HEX_SIZE];
    struct hash hash = hash_of(accepted->proposal->source);
    hash_format(&hash, sha256);
    TRY(proposal_words(&exact, accepted->proposal, accepted->words, error));
    json_put_key(w, "words");
    json_put_object(w);
    json_put_key(w, "end"), json_put_integer(w, accepted->words.end);
    json_put_key(w, "exact"), json_put_slice(w, buffer_slice(&exact));
    json_put_key(w, "lang"), json_put_string(w, language_code(accepted->proposal->article.language));
    json_put_key(w, "sha256"), json_put_string(w, sha256);
    json_put_key(w, "start"), json_put_integer(w, accepted->words.start);
    json_put_close(w);
    return STATUS_DONE;
}

static void put_about(struct json_writer *w, const char *const *about)
{
    if (about == NULL || about[0] == NULL) return;
    json_put_key(w, "about");
    json_put_array(w);
    for (const char *const *id = about; *id != NULL; id++) json_put_string(w, *id);
    json_put_close(w);
}

static void put_basis(struct json_writer *w, const char *source)
{
    if (source == NULL || source[0] == '\0') return;
    json_put_key(w, "basis");
    json_put_object(w);
    json_put_key(w, "kind"), json_put_string(w, "sourced");
    json_put_key(w, "source"), json_put_string(w, source);
    json_put_close(w);
}

static enum status put_record(struct json_writer *w, const struct accepted *accepted, struct error *error)
{
    const struct truce_acceptance *as = accepted->as;
    const struct statement *statement = accepted->statement;
    struct slice cameo = cameo_of(accepted->act);
    struct span name = statement->name.start < statement->name.end ? statement->name : statement->speaker;
    json_put_object(w);
    put_about(w, as->about);
    json_put_key(w, "act"), json_put_string(w, act_names[accepted->act]);
    put_if(w, "addressed", as->addressed);
    put_if(w, "at", as->at);
    put_basis(w, as->source);
    if (cameo.size > 0) json_put_key(w, "cameo"), json_put_slice(w, cameo);
    TRY(put_part(w, "cue", accepted, as->cue, statement->cue, CUE_BYTES, error));
    TRY(put_part(w, "organisation", accepted, as->organisation, statement->organisation, NAME_BYTES, error));
    put_if(w, "party", as->party);
    TRY(put_part(w, "role", accepted, as->role, statement->role, NAME_BYTES, error));
    TRY(put_part(w, "speaker", accepted, as->speaker, name, NAME_BYTES, error));
    TRY(put_words(w, accepted, error));
    json_put_close(w);
    return STATUS_DONE;
}

static enum status answer_record(struct buffer *out, const struct proposal *proposal,
                                 const struct truce_acceptance *acceptance, struct error *error)
{
    struct accepted accepted = {.proposal = proposal, .as = acceptance};
    struct json_writer w;
    TRY(find_accepted(proposal, acceptance->number, &accepted.statement, error));
    TRY(mend_act(&accepted, error));
    TRY(mend_words(&accepted, error));
    json_write_open(&w, out);
    TRY(put_record(&w, &accepted, error));
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
