/* What every command does with its call: complain, open the register, read times and files. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum truce_status call_wrong(const struct call *call, const char *message, ...)
{
    const char *argument[ERROR_ARGUMENTS] = {NULL};
    va_list arguments;
    va_start(arguments, message);
    for (size_t i = 0; i < ERROR_ARGUMENTS && (argument[i] = va_arg(arguments, const char *)) != NULL;) i++;
    va_end(arguments);
    say(message, argument[0], argument[1], argument[2], argument[3], NULL);
    OWN(buffer_clear) struct buffer help = {0};
    OWN(buffer_clear) struct buffer typed = {0};
    buffer_print(&typed, "truce help%s%s", call->command == NULL ? "" : " ",
                 call->command == NULL ? "" : call->command->name);
    buffer_put_byte(&typed, '\0');
    words_fill(&help, TR("Help: {0}"), typed.failed ? "" : (const char *)typed.data, NULL);
    buffer_put_byte(&help, '\n');
    say_text(buffer_slice(&help));
    return TRUCE_USAGE;
}

bool call_needs(const struct call *call, const char *option)
{
    if (call_option(call, option) != NULL) return true;
    OWN(buffer_clear) struct buffer typed = {0};
    buffer_print(&typed, "--%s", option);
    buffer_put_byte(&typed, '\0');
    (void)call_wrong(call, TR("The option {0} is needed."), typed.failed ? "" : (const char *)typed.data, NULL);
    return false;
}

enum truce_status call_open(const struct call *call, enum truce_mode mode, struct truce_register **reg)
{
    struct truce_error error;
    enum truce_status status = truce_open(reg, call->directory, mode, &error);
    return status == TRUCE_DONE ? status : say_error(&error);
}

enum truce_status call_close(struct truce_register **reg, enum truce_status status)
{
    struct truce_error error;
    enum truce_status closed = truce_close(reg, &error);
    if (closed != TRUCE_DONE) say_error(&error);
    return status == TRUCE_DONE ? closed : status;
}

const char call_as_of_help[] = N_("The state of the world at TIME (a day: at its end).");
const char call_known_help[] = N_("What the first N records say, or those received by a TIME.");

const char *call_ask(void *call, const char *name)
{
    return call_option(call, name);
}

enum truce_status call_moment(struct call *call, struct truce_moment *moment)
{
    struct ask_fault fault;
    if (ask_moment(moment, call_ask, call, &fault)) return TRUCE_DONE;
    return call_wrong(call, fault.message, fault.value, NULL);
}

static enum truce_status system_says(const char *message, const char *path)
{
    say(message, path, word_in("argument", strerror(errno)), NULL);
    return TRUCE_FAILED;
}

enum truce_status file_read(struct buffer *out, const char *path)
{
    return file_read_most(out, path, SIZE_MAX);
}

enum truce_status file_read_most(struct buffer *out, const char *path, size_t most)
{
    bool input = strcmp(path, "-") == 0;
    int file = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return system_says(TR("The file {0} could not be opened: {1}."), path);
    ssize_t size = 0;
    do {
        uint8_t *room = buffer_reserve(out, 65536);
        size = room == NULL ? -1 : read(file, room, 65536);
        if (room == NULL) errno = ENOMEM;
        if (size > 0) buffer_advance(out, (size_t)size);
    } while ((size > 0 && out->size <= most) || (size < 0 && errno == EINTR));
    enum truce_status status = TRUCE_DONE;
    if (size < 0) status = system_says(TR("The file {0} could not be read: {1}."), path);
    if (!input) close(file);
    return status;
}

enum truce_status file_write(const char *path, struct slice data)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) return system_says(TR("The file {0} could not be made: {1}."), path);
    bool written = fwrite(data.data, 1, data.size, file) == data.size && fflush(file) == 0;
    int write_errno = errno;
    bool closed = fclose(file) == 0;
    if (written && closed) return TRUCE_DONE;
    if (!written) errno = write_errno;
    return system_says(TR("The file {0} could not be written: {1}."), path);
}
