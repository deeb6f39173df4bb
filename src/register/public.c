/* Between the public header and the rooms: statuses, sentences in the reader's language, owned answers. */
#include "register/register.h"

#include "json/write.h"

#include "text/catalogue.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local enum language language_now = LANGUAGE_ENGLISH;

void truce_language(const char *code)
{
    enum language parsed;
    if (code != NULL && language_parse(&parsed, slice_from(code))) language_now = parsed;
}

const char *truce_word(const char *message)
{
    return catalogue_find(language_now, message);
}

const char *truce_words(const char *one, const char *many, uint64_t count)
{
    return catalogue_find_plural(language_now, one, many, count);
}

const char *truce_version(void)
{
    return TRUCE_VERSION;
}

void truce_free(struct truce_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct truce_buffer){0};
}

/* Arguments that are the program's or the system's words, not a caller's text: what was done, strerror. */
static const struct {
    const char *code;
    bool word[ERROR_ARGUMENTS];
} spoken[] = {
    {"system", {[0] = true, [2] = true}}, {"log-append-failed", {[1] = true}}, {"log-full", {[1] = true}},
    {"witness-full", {[1] = true}},       {"witness-logs", {[1] = true}},      {"witness-write", {[1] = true}},
};

void public_message(const struct error *error, char *out, size_t size)
{
    struct error said = *error;
    for (size_t i = 0; i < COUNT_OF(spoken); i++)
        for (size_t k = 0; k < ERROR_ARGUMENTS && strcmp(error->code, spoken[i].code) == 0; k++)
            if (spoken[i].word[k])
                snprintf(said.argument[k], sizeof said.argument[k], "%s",
                         catalogue_find_context(language_now, "argument", error->argument[k]));
    error_format(&said, truce_word(error->sentence), out, size);
}

enum truce_status public_status(enum status status, const struct error *error, struct truce_error *out)
{
    if (out == NULL) return (enum truce_status)status;
    *out = (struct truce_error){.status = (enum truce_status)status, .offset = -1};
    if (status == STATUS_DONE) return TRUCE_DONE;
    snprintf(out->code, sizeof out->code, "%s", error->code);
    snprintf(out->pointer, sizeof out->pointer, "%s", error->pointer);
    public_message(error, out->message, sizeof out->message);
    out->offset = error->offset;
    return (enum truce_status)status;
}

enum status public_buffer(struct truce_buffer *out, struct buffer *from, struct error *error)
{
    buffer_put_byte(from, '\0');
    TRY(buffer_finish(from, error));
    *out = (struct truce_buffer){(char *)from->data, from->size - 1};
    *from = (struct buffer){0};
    return STATUS_DONE;
}

enum status public_fault(const struct error *fault, struct buffer *out)
{
    char message[1024];
    struct json_writer w;
    public_message(fault, message, sizeof message);
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "code"), json_put_string(&w, fault->code);
    json_put_key(&w, "message"), json_put_string(&w, message);
    json_put_key(&w, "offset"), json_put_integer(&w, fault->offset);
    json_put_key(&w, "place"), json_put_string(&w, fault->pointer);
    json_put_close(&w);
    return json_write_finish(&w, NULL);
}

enum status public_line(truce_line *line, void *context, enum status status, struct slice text, struct error *error)
{
    OWN(buffer_clear) struct buffer copy = {0};
    if (line == NULL) return STATUS_DONE;
    buffer_put(&copy, text);
    buffer_put_byte(&copy, '\0'); /* nobody should have to count to be safe */
    TRY(buffer_finish(&copy, error));
    if (line(context, (enum truce_status)status, (const char *)copy.data, text.size) == 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "stopped", "The work was stopped by its caller.", NULL);
}

void received_format(int64_t received_ms, char out[25])
{
    char time[TIME_TEXT_SIZE], text[32];
    int64_t seconds = received_ms / 1000, rest = received_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    time_format(seconds, time);
    snprintf(text, sizeof text, "%.19s.%03uZ", time, (unsigned)rest % 1000);
    memcpy(out, text, 25);
}
