#include "intake/propose.h"

#include "intake/naming.h"
#include "intake/source.h"
#include "text/lexicon.h"

void proposal_clear(struct proposal *proposal)
{
    buffer_clear(&proposal->blanked);
    article_clear(&proposal->article);
    statements_clear(&proposal->statements);
}

static enum status make(struct proposal *proposal, struct error *error)
{
    struct slice text = proposal->source;
    TRY(source_check(text, error));
    proposal->html = source_is_html(text);
    if (proposal->html) {
        TRY(source_blank_html(&proposal->blanked, text, error));
        text = buffer_slice(&proposal->blanked);
    }
    enum language language = source_language(text);
    TRY(article_read(&proposal->article, text, language, error));
    if (language == LANGUAGE_ARABIC)
        statements_arabic(&proposal->article, &proposal->statements);
    else
        statements_english(&proposal->article, &proposal->statements);
    if (proposal->statements.failed)
        return error_set(error, STATUS_FAILED, "out-of-memory", "The input needs more memory than is allowed for it.", NULL);
    name_speakers(&proposal->article, &proposal->statements);
    return STATUS_DONE;
}

enum status proposal_make(struct proposal *proposal, struct slice source, struct error *error)
{
    *proposal = (struct proposal){.source = source};
    enum status status = make(proposal, error);
    if (status != STATUS_DONE) proposal_clear(proposal);
    return status;
}

enum status proposal_words(struct buffer *out, const struct proposal *proposal, struct span span, struct error *error)
{
    struct slice words = slice_part(proposal->article.source, span.start, span.end - span.start);
    if (proposal->html)
        source_read_out(out, words);
    else
        buffer_put(out, words);
    return buffer_finish(out, error);
}

struct slice cameo_of(enum act act)
{
    struct slice file = lexicon_get("any/cameo.txt"), line, name = {NULL, 0}, code = {NULL, 0};
    while (lexicon_line(&file, &line))
        if (lexicon_column(&line, &name) && slice_is(name, act_names[act]) && lexicon_column(&line, &code)) return code;
    return (struct slice){NULL, 0};
}

/* ---- the answer */

static void put_words(struct json_writer *writer, const struct proposal *proposal, const char *key, struct span span)
{
    json_put_key(writer, key);
    if (!proposal->html) return json_put_slice(writer, slice_part(proposal->source, span.start, span.end - span.start));
    OWN(buffer_clear) struct buffer words = {0};
    source_read_out(&words, slice_part(proposal->article.source, span.start, span.end - span.start));
    json_put_slice(writer, buffer_slice(&words));
}

static void put_offset(struct json_writer *writer, const char *key, struct span span, uint32_t offset)
{
    json_put_key(writer, key);
    if (span.start == span.end)
        json_put_null(writer);
    else
        json_put_integer(writer, offset);
}

void proposal_put(struct json_writer *writer, const struct proposal *proposal, const struct statement *statement)
{
    struct slice cameo = cameo_of(statement->act);
    json_put_key(writer, "act"), json_put_string(writer, act_names[statement->act]);
    json_put_key(writer, "cameo");
    if (cameo.size > 0)
        json_put_slice(writer, cameo);
    else
        json_put_null(writer);
    put_words(writer, proposal, "content", statement->content);
    json_put_key(writer, "content_end"), json_put_integer(writer, statement->content.end);
    json_put_key(writer, "content_start"), json_put_integer(writer, statement->content.start);
    put_words(writer, proposal, "cue", statement->cue);
    json_put_key(writer, "direct"), json_put_bool(writer, statement->direct);
    put_offset(writer, "end", statement->speaker, statement->speaker.end);
    put_words(writer, proposal, "organisation", statement->organisation);
    put_words(writer, proposal, "role", statement->role);
    put_words(writer, proposal, "speaker", statement->speaker);
    put_words(writer, proposal, "speaker_name", statement->name);
    put_offset(writer, "start", statement->speaker, statement->speaker.start);
    put_words(writer, proposal, "target", statement->target);
    put_offset(writer, "target_end", statement->target, statement->target.end);
    put_offset(writer, "target_start", statement->target, statement->target.start);
}
