/* Where connections come in: a TCP address, and a unix socket that only the owner may use. */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

union address_any {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
};

static socklen_t parse_address(union address_any *out, const char *address, uint16_t port)
{
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, address, &out->in.sin_addr) == 1) {
        out->in.sin_family = AF_INET;
        out->in.sin_port = htons(port);
        return sizeof out->in;
    }
    if (inet_pton(AF_INET6, address, &out->in6.sin6_addr) == 1) {
        out->in6.sin6_family = AF_INET6;
        out->in6.sin6_port = htons(port);
        return sizeof out->in6;
    }
    return 0;
}

static enum status cannot_listen(struct error *error, const char *address, uint16_t port, int why)
{
    char number[8];
    snprintf(number, sizeof number, "%u", port);
    if (why == EADDRINUSE)
        return error_set(error, STATUS_FAILED, "http-address-in-use",
                         "Another program listens at {0}, port {1}: stop it, or choose another port.", address, number,
                         NULL);
    return error_set(error, STATUS_FAILED, "http-address", "It is not possible to listen at {0}, port {1}: {2}.",
                     address, number, strerror(why), NULL);
}

enum status door_open_tcp(struct door *door, const char *address, uint16_t port, uint16_t *bound, struct error *error)
{
    union address_any at;
    socklen_t size = parse_address(&at, address, port);
    if (size == 0)
        return error_set(error, STATUS_USAGE, "http-address-form",
                         "\"{0}\" is no address of a network card. Write it in digits, as 127.0.0.1 or ::1.", address,
                         NULL);
    int one = 1, none = 0;
    door->socket = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (door->socket < 0) return cannot_listen(error, address, port, errno);
    (void)setsockopt(door->socket, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    /* "::" takes both families. */
    if (at.any.sa_family == AF_INET6) (void)setsockopt(door->socket, IPPROTO_IPV6, IPV6_V6ONLY, &none, sizeof none);
    if (bind(door->socket, &at.any, size) != 0 || listen(door->socket, SOMAXCONN) != 0 ||
        getsockname(door->socket, &at.any, &size) != 0)
        return cannot_listen(error, address, port, errno);
    *bound = ntohs(at.any.sa_family == AF_INET ? at.in.sin_port : at.in6.sin6_port);
    return STATUS_DONE;
}

/* ---- the unix socket */

bool local_path(const char *path, char out[LOCAL_PATH_BYTES], int *directory)
{
    *directory = -1;
    if (strlen(path) < LOCAL_PATH_BYTES) {
        memcpy(out, path, strlen(path) + 1);
        return true;
    }
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder, path, (size_t)(slash - path));
    folder[slash - path] = '\0';
    *directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*directory < 0) return false;
    int size = snprintf(out, LOCAL_PATH_BYTES, "/proc/self/fd/%d/%s", *directory, slash + 1);
    if (size > 0 && size < LOCAL_PATH_BYTES) return true;
    close(*directory);
    *directory = -1;
    errno = ENAMETOOLONG;
    return false;
}

/* Whether somebody answers at a socket's path; if nobody, it was left by a process that was killed. */
static bool is_live(const struct sockaddr_un *at)
{
    int trial = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (trial < 0) return true;
    bool live = connect(trial, (const struct sockaddr *)at, sizeof *at) == 0 || errno != ECONNREFUSED;
    close(trial);
    return live;
}

/* The mode is set before the name exists, so that there is no moment at which others could connect. */
static int bind_private(struct door *door, const struct sockaddr_un *at)
{
    struct stat about;
    door->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (door->socket < 0 || fchmod(door->socket, S_IRUSR | S_IWUSR) != 0) return errno;
    if (lstat(at->sun_path, &about) == 0) {
        if (!S_ISSOCK(about.st_mode)) return EEXIST;
        if (is_live(at)) return EADDRINUSE;
        if (unlink(at->sun_path) != 0) return errno;
    }
    if (bind(door->socket, (const struct sockaddr *)at, sizeof *at) != 0) return errno;
    if (listen(door->socket, SOMAXCONN) != 0 || lstat(at->sun_path, &about) != 0) return errno;
    door->device = (uint64_t)about.st_dev;
    door->inode = (uint64_t)about.st_ino;
    return 0;
}

enum status door_open_local(struct door *door, const char *path, struct error *error)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int directory = -1, why = ENAMETOOLONG;
    if (strlen(path) < sizeof door->path && local_path(path, at.sun_path, &directory))
        why = bind_private(door, &at);
    else if (strlen(path) < sizeof door->path)
        why = errno;
    if (directory >= 0) close(directory);
    if (why == 0) {
        memcpy(door->path, path, strlen(path) + 1);
        return STATUS_DONE;
    }
    if (why == EADDRINUSE)
        return error_set(error, STATUS_FAILED, "http-socket-in-use", "Another server listens at {0}: stop it first.",
                         path, NULL);
    return error_set(error, STATUS_FAILED, "http-socket", "It is not possible to listen at the socket {0}: {1}.", path,
                     strerror(why), NULL);
}

void door_close(struct door *door)
{
    struct stat about;
    if (door->socket >= 0) close(door->socket);
    door->socket = -1;
    if (door->path[0] != '\0' && lstat(door->path, &about) == 0 && (uint64_t)about.st_dev == door->device &&
        (uint64_t)about.st_ino == door->inode)
        (void)unlink(door->path);
    door->path[0] = '\0';
}
