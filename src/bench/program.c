#include "bench/program.h"

#include "base/arena.h"
#include "base/limits.h"
#include "json/json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STOP_S = 20, LINE_SIZE = 4096, ARGUMENTS_MOST = 32 };

enum status program_failed(struct error *error)
{
    return error_set(error, STATUS_FAILED, "bench-serve", "The server that was to be measured did not start.", NULL);
}

static void become_server(const struct run *run, const char *const *arguments, int output)
{
    const char *path = run->options->program == NULL ? "/proc/self/exe" : run->options->program;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); /* the text before the first use was read */
    char *copy[ARGUMENTS_MOST] = {NULL};
    for (size_t i = 0; arguments[i] != NULL && i + 1 < ARGUMENTS_MOST; i++) copy[i] = strdup(arguments[i]);
    dup2(output, STDOUT_FILENO);
    if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    execv(path, copy);
    _exit(127);
}

static uint16_t port_of(struct slice url)
{
    size_t at = url.size;
    unsigned long port = 0, place = 1;
    if (at > 0 && url.data[at - 1] == '/') at--;
    for (; at > 0 && url.data[at - 1] >= '0' && url.data[at - 1] <= '9'; at--, place *= 10)
        port += place * (unsigned long)(url.data[at - 1] - '0');
    return (uint16_t)port;
}

static enum status read_port(struct program *program, struct error *error)
{
    char line[LINE_SIZE];
    size_t used = 0;
    struct arena arena;
    const struct json *said;
    while (used < sizeof line && (used == 0 || line[used - 1] != '\n')) {
        ssize_t size = read(program->output, line + used, sizeof line - used);
        if (size <= 0) return program_failed(error);
        used += (size_t)size;
    }
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = json_read(&said, slice_of(line, used), JSON_RELAXED, &arena, error);
    if (status == STATUS_DONE) program->port = port_of(json_find_string(said, "url"));
    arena_clear(&arena);
    return status == STATUS_DONE && program->port == 0 ? program_failed(error) : status;
}

enum status program_start(struct program *out, const struct run *run, const char *const *arguments, struct error *error)
{
    int pipes[2];
    if (pipe(pipes) != 0) return error_system(error, "open", "pipe", errno);
    out->process = fork();
    if (out->process == 0) {
        close(pipes[0]);
        become_server(run, arguments, pipes[1]);
    }
    close(pipes[1]);
    out->output = pipes[0];
    if (out->process > 0) return read_port(out, error);
    out->process = 0;
    close(out->output);
    return program_failed(error);
}

void program_stop(struct program *program)
{
    const struct timespec pause = {0, 50000000};
    int status;
    if (program->process <= 0) return;
    kill(program->process, SIGTERM);
    for (double until = now_s() + STOP_S; waitpid(program->process, &status, WNOHANG) == 0; nanosleep(&pause, NULL))
        if (now_s() > until) kill(program->process, SIGKILL);
    program->process = 0;
    close(program->output);
}
