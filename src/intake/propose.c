#include "intake/propose.h"

#include "intake/naming.h"
#include "intake/offer.h"
#include "intake/source.h"
#include "base/limits.h"
#include "text/lexicon.h"
#include "text/utf8.h"

#include <pthread.h>

void proposal_clear(struct proposal *proposal)
{
    buffer_clear(&proposal->blanked);
    article_clear(&proposal->article);
    statements_clear(&proposal->statements);
    arena_clear(&proposal->arena);
}

static enum status make(struct proposal *proposal, const int64_t *day, struct error *error)
{
    struct slice text = proposal->source;
    if (text.size == 0)
        return error_set(error, STATUS_REFUSED, "intake-empty", "The text is empty: there is nothing to read in it.",
                         NULL);
    if (memchr(text.data, '\0', text.size) != NULL) return text_plain(text, error); /* says what it is instead */
    proposal->html = source_is_html(text);
    if (proposal->html) {
        TRY(source_blank_html(&proposal->blanked, text, error));
        text = buffer_slice(&proposal->blanked);
    }
    enum language language = source_language(text);
    if (article_read(&proposal->article, text, language, error) != STATUS_DONE) {
        TRY(text_plain(proposal->source, error));
        return article_read(&proposal->article, text, language, error);
    }
    if (language == LANGUAGE_ARABIC)
        statements_arabic(&proposal->article, &proposal->statements);
    else
        statements_english(&proposal->article, &proposal->statements);
    if (proposal->statements.failed)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.",
                         NULL);
    name_speakers(&proposal->article, &proposal->statements);
    return facts_find(&proposal->facts, text, buffer_slice(&proposal->article.folded), &proposal->article.map, day,
                      &proposal->arena, error);
}

enum status proposal_make(struct proposal *proposal, struct slice source, const int64_t *day, struct error *error)
{
    *proposal = (struct proposal){.source = source};
    arena_init(&proposal->arena, LIMIT_INTAKE_MEMORY);
    enum status status = make(proposal, day, error);
    if (status != STATUS_DONE) proposal_clear(proposal);
    return status;
}

/* Cut between characters: a span may be as long as the source. */
static struct slice cut_words(struct slice words)
{
    if (words.size <= LIMIT_WORDS_BYTES) return words;
    size_t size = LIMIT_WORDS_BYTES;
    while (size > 0 && (words.data[size] & 0xC0U) == 0x80U) size--;
    return slice_part(words, 0, size);
}

enum status proposal_words(struct buffer *out, const struct proposal *proposal, struct span span, struct error *error)
{
    OWN(buffer_clear) struct buffer read_out = {0};
    struct slice words = slice_part(proposal->article.source, span.start, span.end - span.start);
    if (proposal->html) {
        source_read_out(&read_out, words);
        TRY(buffer_finish(&read_out, error));
        words = buffer_slice(&read_out);
    }
    return text_clean(out, cut_words(words), error);
}

static struct slice cameo[ACTS];

static void read_cameo(void)
{
    struct slice file = lexicon_get("any/cameo.txt"), line, name = {NULL, 0}, code = {NULL, 0};
    while (lexicon_line(&file, &line)) {
        if (!lexicon_column(&line, &name) || !lexicon_column(&line, &code)) continue;
        for (unsigned act = 0; act < ACTS; act++)
            if (slice_is(name, act_names[act])) cameo[act] = code;
    }
}

struct slice cameo_of(enum act act)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_cameo);
    return cameo[act];
}

/* ---- the answer */

static enum status put_words(struct json_writer *writer, const struct proposal *proposal, const char *key,
                             struct span span, struct error *error)
{
    OWN(buffer_clear) struct buffer words = {0};
    struct slice as_is = slice_part(proposal->article.source, span.start, span.end - span.start);
    bool plain = !proposal->html && as_is.size <= LIMIT_WORDS_BYTES && text_check(as_is, NULL) == STATUS_DONE;
    if (!plain) TRY(proposal_words(&words, proposal, span, error));
    json_put_key(writer, key);
    json_put_slice(writer, plain ? as_is : buffer_slice(&words));
    return STATUS_DONE;
}

/* An offset that is not there has no member. */
static void put_offset(struct json_writer *writer, const char *key, struct span span, uint32_t offset)
{
    if (span.start == span.end) return;
    json_put_key(writer, key), json_put_integer(writer, offset);
}

enum status proposal_put(struct json_writer *writer, const struct proposal *proposal, const struct statement *statement,
                         const struct offers *offers, struct error *error)
{
    struct slice code = cameo_of(statement->act);
    json_put_key(writer, "act"), json_put_string(writer, act_names[statement->act]);
    if (code.size > 0) json_put_key(writer, "cameo"), json_put_slice(writer, code);
    TRY(put_words(writer, proposal, "content", statement->content, error));
    put_offset(writer, "content_end", statement->content, statement->content.end);
    put_offset(writer, "content_start", statement->content, statement->content.start);
    facts_put_within(writer, proposal->facts, FACT_COUNTS, statement->content.start, statement->content.end);
    TRY(put_words(writer, proposal, "cue", statement->cue, error));
    facts_put_within(writer, proposal->facts, FACT_DATES, statement->content.start, statement->content.end);
    json_put_key(writer, "direct"), json_put_bool(writer, statement->direct);
    put_offset(writer, "end", statement->speaker, statement->speaker.end);
    if (offers != NULL) TRY(offers_put(writer, offers, proposal, statement, error));
    TRY(put_words(writer, proposal, "organisation", statement->organisation, error));
    if (statement->perhaps.start < statement->perhaps.end)
        TRY(put_words(writer, proposal, "perhaps", statement->perhaps, error));
    facts_put_within(writer, proposal->facts, FACT_PLACES, statement->content.start, statement->content.end);
    TRY(put_words(writer, proposal, "role", statement->role, error));
    TRY(put_words(writer, proposal, "speaker", statement->speaker, error));
    TRY(put_words(writer, proposal, "speaker_name", statement->name, error));
    put_offset(writer, "start", statement->speaker, statement->speaker.start);
    TRY(put_words(writer, proposal, "target", statement->target, error));
    put_offset(writer, "target_end", statement->target, statement->target.end);
    put_offset(writer, "target_start", statement->target, statement->target.start);
    return STATUS_DONE;
}
