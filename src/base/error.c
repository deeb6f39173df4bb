#include "base/error.h"

#include "base/character.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static void copy_cut(char *out, size_t size, const char *in)
{
    size_t length = strlen(in);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)in[length] & 0xC0U) == 0x80U) length--; /* never half a character */
    }
    memcpy(out, in, length);
    out[length] = '\0';
}

enum status error_set(struct error *error, enum status status, const char *code, const char *sentence, ...)
{
    if (error == NULL) return status;
    *error = (struct error){.status = status, .code = code, .sentence = sentence, .offset = -1};
    va_list arguments;
    va_start(arguments, sentence);
    for (size_t i = 0; i < ERROR_ARGUMENTS; i++) {
        const char *argument = va_arg(arguments, const char *);
        if (argument == NULL) break;
        copy_cut(error->argument[i], sizeof error->argument[i], argument);
    }
    va_end(arguments);
    return status;
}

enum status error_system(struct error *error, const char *doing, const char *path, int system_errno)
{
    return error_set(error, STATUS_FAILED, "system", "Could not {0} {1}: {2}.", doing, path, strerror(system_errno),
                     NULL);
}

enum status error_at(struct error *error, enum status status, const char *pointer)
{
    if (error != NULL) copy_cut(error->pointer, sizeof error->pointer, pointer);
    return status;
}

enum status error_at_offset(struct error *error, enum status status, int64_t offset)
{
    if (error != NULL) error->offset = offset;
    return status;
}

void error_format(const struct error *error, const char *template_, char *out, size_t size)
{
    const char *in = template_ != NULL ? template_ : error->sentence != NULL ? error->sentence : "";
    size_t used = 0;
    while (*in != '\0' && used + 1 < size) {
        if (in[0] == '{' && in[1] >= '0' && in[1] < '0' + ERROR_ARGUMENTS && in[2] == '}') {
            copy_cut(out + used, size - used, error->argument[in[1] - '0']);
            used += strlen(out + used);
            in += 3;
        } else {
            out[used++] = *in++;
        }
    }
    if (size > 0) out[used] = '\0';
}

struct error_text error_number(int64_t number)
{
    struct error_text out;
    snprintf(out.text, sizeof out.text, "%" PRId64, number);
    return out;
}

struct error_text error_slice(struct slice input)
{
    struct error_text out;
    size_t used = 0;
    for (size_t i = 0; i < input.size;) {
        const uint8_t *p = input.data + i;
        size_t size = character_size(p, input.size - i);
        bool plain = size > 0 && *p >= 0x20 && *p != 0x7F;
        if (used + (plain ? size : 6) + sizeof "…" > sizeof out.text) {
            memcpy(out.text + used, "…", sizeof "…" - 1);
            used += sizeof "…" - 1;
            break;
        }
        if (plain)
            memcpy(out.text + used, p, size);
        else
            snprintf(out.text + used, 7, "\\u%04x", *p);
        used += plain ? size : 6;
        i += plain ? size : 1;
    }
    out.text[used] = '\0';
    return out;
}
