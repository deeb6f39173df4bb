#include "cli/output.h"

#include "tell/words.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, WIDTH_MOST = 132 };

static int failed_errno; /* of the first write to the standard output that failed */

void output_start(void)
{
    for (int file = 0; file <= 2; file++)
        if (fcntl(file, F_GETFD) == -1 && errno == EBADF && open("/dev/null", file == 0 ? O_WRONLY : O_RDONLY) != file)
            _exit(TRUCE_FAILED);
    signal(SIGPIPE, SIG_IGN);
}

static bool check(bool written)
{
    if (!written && failed_errno == 0) failed_errno = errno != 0 ? errno : EIO;
    return failed_errno == 0;
}

bool output_put(struct slice data)
{
    if (failed_errno != 0) return false;
    return data.size == 0 || check(fwrite(data.data, 1, data.size, stdout) == data.size);
}

bool output_line(struct slice line)
{
    return output_put(line) && output_put(slice_from("\n"));
}

bool output_line_now(struct slice line)
{
    return output_line(line) && check(fflush(stdout) == 0);
}

enum truce_status output_finish(enum truce_status status, bool reading)
{
    if (failed_errno == 0) check(fflush(stdout) == 0);
    if (failed_errno == 0) return status;
    if (failed_errno == EPIPE && reading) return status == TRUCE_FAILED ? TRUCE_DONE : status;
    say(TR("The standard output could not be written: {0}."), word_in("argument", strerror(failed_errno)), NULL);
    return status == TRUCE_DONE ? TRUCE_FAILED : status;
}

size_t output_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col > WIDTH_MOST ? WIDTH_MOST : size.ws_col;
}

static bool styled(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

const char *output_bold(void)
{
    return styled() ? "\033[1m" : "";
}

const char *output_plain(void)
{
    return styled() ? "\033[0m" : "";
}

void say_text(struct slice text)
{
    fflush(stdout); /* so that both streams stand in their order on one terminal */
    fwrite(text.data, 1, text.size, stderr);
    fflush(stderr);
}

void say(const char *message, ...)
{
    OWN(buffer_clear) struct buffer out = {0};
    const char *argument[ERROR_ARGUMENTS] = {NULL};
    va_list arguments;
    va_start(arguments, message);
    for (size_t i = 0; i < ERROR_ARGUMENTS && (argument[i] = va_arg(arguments, const char *)) != NULL;) i++;
    va_end(arguments);
    buffer_put_string(&out, "truce: ");
    words_fill(&out, message, argument[0], argument[1], argument[2], argument[3], NULL);
    buffer_put_byte(&out, '\n');
    say_text(buffer_slice(&out));
}

enum truce_status say_error(const struct truce_error *error)
{
    char place[sizeof error->pointer + 48];
    if (strcmp(error->code, "stopped") == 0) return error->status;
    if (error->pointer[0] != '\0' && error->offset >= 0)
        snprintf(place, sizeof place, "%s:%" PRId64, error->pointer, error->offset);
    else if (error->offset >= 0)
        snprintf(place, sizeof place, ":%" PRId64, error->offset);
    else
        snprintf(place, sizeof place, "%s", error->pointer);
    if (place[0] == '\0')
        say(TR("{0} ({1})"), error->message, error->code, NULL);
    else
        say(TR("{0} ({1}, at {2})"), error->message, error->code, place, NULL);
    return error->status;
}

bool output_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}
