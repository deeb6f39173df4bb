/* Searching plain text with the register's own search. */
#include "register/register.h"

#include "json/write.h"
#include "text/names.h"
#include "text/seek.h"
#include "text/utf8.h"

struct searching {
    struct slice text;
    struct seek seek;
    struct words words;
    truce_match *match;
    void *context;
    int64_t matches;
    struct json_writer writer;
};

static void searching_clear(struct searching *searching)
{
    seek_clear(&searching->seek);
    words_clear(&searching->words);
}

static enum status tell_match(void *context, size_t from, size_t to, struct error *error)
{
    struct searching *searching = context;
    searching->matches++;
    if (searching->match == NULL || searching->match(searching->context, from, to) == 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "stopped", "The work was stopped by its caller.", NULL);
}

static enum status put_name(void *context, size_t from, size_t to, struct error *error)
{
    struct searching *searching = context;
    (void)error;
    json_put_slice(&searching->writer, slice_part(searching->text, from, to - from));
    return STATUS_DONE;
}

static enum status search(struct searching *searching, struct slice phrase, struct buffer *out, struct error *error)
{
    struct json_writer *w = &searching->writer;
    TRY(text_plain(phrase, error));
    TRY(seek_compile(&searching->seek, phrase, error));
    TRY(text_plain(searching->text, error));
    TRY(seek_all(&searching->seek, &searching->words, searching->text, tell_match, searching, error));
    json_write_open(w, out);
    json_put_object(w);
    json_put_key(w, "also");
    json_put_array(w);
    TRY(names_offer(&searching->words, &searching->seek.words, put_name, searching, error));
    json_put_close(w);
    json_put_key(w, "matches"), json_put_integer(w, searching->matches);
    json_put_close(w);
    return json_write_finish(w, error);
}

enum truce_status truce_search_text(const char *phrase, const char *text, size_t size, truce_match *match,
                                    void *context, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    OWN(buffer_clear) struct buffer out = {0};
    struct searching searching = {.text = slice_of(text, size), .match = match, .context = context};
    enum status status = search(&searching, slice_from(phrase), &out, &why);
    searching_clear(&searching);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
