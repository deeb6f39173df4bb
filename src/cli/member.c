#include "cli/cli.h"

#include "json/write.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool name_good(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size < TRUCE_TOKEN_NAME_SIZE && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

/* A line at the end of the file, which is made if it is not there; durable before the token is shown. */
static enum truce_status append(const char *path, struct slice line)
{
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    bool written = file >= 0 && write(file, line.data, line.size) == (ssize_t)line.size && fdatasync(file) == 0;
    int trouble = errno;
    if (file >= 0) close(file);
    if (written) return TRUCE_DONE;
    say(TR("The file {0} could not be written: {1}."), path, word_in("argument", strerror(trouble)), NULL);
    return TRUCE_FAILED;
}

static enum truce_status add(struct call *call)
{
    struct truce_error error;
    struct truce_buffer token = {0};
    char hash[TRUCE_TOKEN_HASH_SIZE];
    const char *name = call_operand(call, 1), *path = call_option(call, "members");
    OWN(buffer_clear) struct buffer line = {0}, json = {0};
    if (!call_needs(call, "members")) return TRUCE_USAGE;
    if (!name_good(name))
        return call_wrong(call, TR("A member's name is 1 to 64 of a-z, 0-9 and -, not \"{0}\"."), name, NULL);
    enum truce_status status = truce_token_new(&token, hash, &error);
    if (status != TRUCE_DONE) return say_error(&error);
    buffer_print(&line, "%s %s\n", name, hash);
    status = append(path, buffer_slice(&line));
    if (status == TRUCE_DONE && call->json) {
        struct json_writer w;
        json_write_open(&w, &json);
        json_put_object(&w);
        json_put_key(&w, "name"), json_put_string(&w, name);
        json_put_key(&w, "token"), json_put_slice(&w, slice_of(token.data, token.size));
        json_put_close(&w);
        if (json_write_finish(&w, NULL) == STATUS_DONE) output_line(buffer_slice(&json));
    } else if (status == TRUCE_DONE) {
        output_line(slice_of(token.data, token.size));
        say(TR("This token is shown once: it goes to {0} alone. The server takes it when it reads {1} again (SIGHUP)."),
            name, path, NULL);
    }
    explicit_bzero(token.data, token.size);
    truce_free(&token);
    return status;
}

static enum truce_status member(struct call *call)
{
    const char *what = call_operand(call, 0);
    if (strcmp(what, "add") == 0) return add(call);
    return call_wrong(call, TR("A member is made with \"add\", not \"{0}\"."), what, NULL);
}

static const struct option options[] = {
    {"members", '\0', "FILE", N_("The file that truce serve is given with --members.")},
    END_OF_OPTIONS,
};
const struct command command_member = {
    .name = "member",
    .usage = "add NAME --members FILE",
    .does = N_("Lets somebody in at a server's door: makes a token and keeps its hash."),
    .more = N_("FILE holds a line for each token: the member's name and the token's SHA-256. Who is to stay outside "
               "from now on loses the line; the server reads the file again on SIGHUP."),
    .example = "truce member add un-monitor --members members",
    .options = options,
    .least = 2,
    .most = 2,
    .run = member,
};
