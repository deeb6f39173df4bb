/* Passphrases: asked for at the terminal without echo, or taken from a file; never from the arguments. */
#include "cli/cli.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One line from `file` without its newline; -1 if there is none or it is too long. */
static long read_line(int file, char *out, size_t size)
{
    size_t used = 0;
    for (char byte; used + 1 < size;) {
        ssize_t got = read(file, &byte, 1);
        if (got < 0 || (got == 0 && used == 0)) break;
        if (got == 0 || byte == '\n') {
            out[used] = '\0';
            return (long)used;
        }
        out[used++] = byte;
    }
    explicit_bzero(out, size);
    return -1;
}

static void ask_write(int terminal, const char *message, const char *path)
{
    OWN(buffer_clear) struct buffer text = {0};
    words_fill(&text, message, path, NULL);
    buffer_put_string(&text, ": ");
    if (write(terminal, text.data, text.size) < 0) return; /* then nobody answers either */
}

static long ask(const char *message, const char *path, char *out, size_t size)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before, silent;
    if (terminal < 0) return -1;
    bool is_terminal = tcgetattr(terminal, &before) == 0;
    ask_write(terminal, message, path);
    if (is_terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(terminal, TCSAFLUSH, &silent);
    }
    long length = read_line(terminal, out, size);
    if (is_terminal) {
        tcsetattr(terminal, TCSAFLUSH, &before);
        if (write(terminal, "\n", 1) < 0) length = -1;
    }
    close(terminal);
    return length;
}

static long from_file(const char *path, char *out, size_t size)
{
    int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    long length = file < 0 ? -1 : read_line(file, out, size);
    if (file > STDIN_FILENO) close(file);
    return length;
}

enum truce_status passphrase_needed(const struct call *call, const char *file, char out[PASSPHRASE_SIZE])
{
    const char *path = call_option(call, file);
    char again[PASSPHRASE_SIZE];
    if (path != NULL) {
        if (from_file(path, out, PASSPHRASE_SIZE) > 0) return TRUCE_DONE;
        say(TR("No passphrase could be read from {0}."), path, NULL);
        return TRUCE_FAILED;
    }
    if (ask(TR("New passphrase"), "", out, PASSPHRASE_SIZE) <= 0 || ask(TR("Once more"), "", again, sizeof again) < 0) {
        explicit_bzero(out, PASSPHRASE_SIZE);
        say(TR("A passphrase is needed: at a terminal, or with --{0}."), file, NULL);
        return TRUCE_FAILED;
    }
    bool same = strcmp(out, again) == 0;
    explicit_bzero(again, sizeof again);
    if (same) return TRUCE_DONE;
    explicit_bzero(out, PASSPHRASE_SIZE);
    say(TR("The two passphrases differ. Nothing was made."), NULL);
    return TRUCE_FAILED;
}

enum truce_status passphrase_new(const struct call *call, char out[PASSPHRASE_SIZE])
{
    out[0] = '\0';
    if (call_option(call, "passphrase-file") == NULL && !call_has(call, "passphrase")) return TRUCE_DONE;
    return passphrase_needed(call, "passphrase-file", out);
}

static long passphrase_given(void *context, const char *path, char *out, size_t size)
{
    const struct call *call = context;
    const char *file = call_option(call, "passphrase-file");
    return file != NULL ? from_file(file, out, size) : ask(TR("Passphrase of {0}"), path, out, size);
}

enum truce_status key_open_at(struct call *call, const char *path, struct truce_key **key)
{
    struct truce_error error;
    enum truce_status status = truce_key_open(key, path, passphrase_given, call, &error);
    return status == TRUCE_DONE ? status : say_error(&error);
}

enum truce_status reader_open_at(struct call *call, const char *path, struct truce_reader **reader)
{
    struct truce_error error;
    enum truce_status status = truce_reader_open(reader, path, passphrase_given, call, &error);
    return status == TRUCE_DONE ? status : say_error(&error);
}

enum truce_status key_open(struct call *call, struct truce_key **key)
{
    if (!call_needs(call, "key")) return TRUCE_USAGE;
    return key_open_at(call, call_option(call, "key"), key);
}
