/* The client, and the doors it comes in by: TCP, TLS, a socket in the file system. */
#include "http_wire.h"
#include "scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct http_server *server;
static char *folder, url[128];

static const char *in_folder(const char *name)
{
    static char path[4][1024];
    static unsigned turn;
    char *out = path[turn++ % 4];
    snprintf(out, 1024, "%s/%s", folder, name);
    return out;
}

static const char *at(const char *scheme, const char *host, const char *path)
{
    snprintf(url, sizeof url, "%s://%s:%u%s", scheme, host, http_port(server), path);
    return url;
}

/* The status of the answer with its body in `body`, or 0 with the error's code there. */
static char body[4096], type[80];
static unsigned fetch(const struct http_call *call)
{
    struct http_result result;
    struct error error;
    struct http_call filled = *call;
    if (filled.method == NULL) filled.method = "GET";
    if (http_fetch(&filled, &result, &error) != STATUS_DONE) {
        char text[512];
        error_format(&error, NULL, text, sizeof text);
        if (getenv("LOUD")) fprintf(stderr, "%s\n", text);
        snprintf(body, sizeof body, "%s", error.code);
        return 0;
    }
    snprintf(body, sizeof body, "%.*s", SLICE(buffer_slice(&result.body)));
    memcpy(type, result.type, sizeof type);
    buffer_clear(&result.body);
    return result.status;
}

static void starts(void)
{
    folder = scratch("http");
    setenv("http_proxy", "http://127.0.0.1:1", 1); /* not for this machine itself */
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    server = server_start(&(struct http_options){0});
}

static void fetches(void)
{
    struct http_counts counts;
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/a?q=b")}), 200);
    CHECK_STRING(body, "/a|q=b|b|||0|net");
    CHECK_STRING(type, "text/plain");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/p"),
                                        .method = "POST",
                                        .type = "application/x-www-form-urlencoded",
                                        .body = slice_from("f=1")}),
              200);
    CHECK_STRING(body, "/p|||1||3|net");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/tag"), .method = "HEAD"}), 200);
    CHECK_STRING(body, "");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/refused")}), 401);
    CHECK_STRING(body, "who are you?\n");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/zip")}), 200);
    CHECK_INT(strlen(body), 1400);
    CHECK(strncmp(body, "zipped\nzipped\n", 14) == 0);
    http_count(server, &counts);
    CHECK_INT(counts.connections, 1); /* kept alive */
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/zip"), .answer_most = 1000}), 0);
    CHECK_STRING(body, "http-too-large"); /* unpacked */
}

static void names_what_went_wrong(void)
{
    static const struct {
        const char *url, *code;
    } cases[] = {
        {"http://127.0.0.1:1/", "http-unreachable"}, {"ftp://127.0.0.1/", "http-url"}, {"http://", "http-url"},
        {"file:///etc/passwd", "http-url"},          {"http://[::1", "http-url"},      {"", "http-url"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_INT(fetch(&(struct http_call){.url = cases[i].url}), 0);
        CHECK_STRING(body, cases[i].code);
    }
    unsetenv("http_proxy");
    CHECK_INT(fetch(&(struct http_call){.url = "http://no-such-name.invalid/", .connect_s = 3, .total_s = 3}), 0);
    CHECK(strcmp(body, "http-unreachable") == 0 || strcmp(body, "http-timeout") == 0);
    CHECK_INT(fetch(&(struct http_call){.url = "http://x/", .socket = in_folder("nothing")}), 0);
    CHECK_STRING(body, "http-unreachable");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/big"), .answer_most = 1000}), 0);
    CHECK_STRING(body, "http-too-large");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/flow"), .answer_most = 100000}), 0);
    CHECK_STRING(body, "http-too-large");
    int64_t from = now_ms();
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/aside/slow?ms=1500"), .total_s = 1}), 0);
    CHECK_STRING(body, "http-timeout");
    CHECK(now_ms() - from < 1450);
    server_stop(&server);
    CHECK_INT(fetch(&(struct http_call){.url = url}), 0);
    CHECK_STRING(body, "http-unreachable");
}

/* ---- a server that breaks off, says nonsense, or sends elsewhere */

static const char *const nonsense[] = {
    "",
    "nonsense\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 3\r\n\r\nabc",
};

static void *say_nonsense(void *context)
{
    int listening = *(int *)context;
    for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
        char request[4096];
        int socket_ = accept(listening, NULL, NULL);
        (void)!read(socket_, request, sizeof request);
        wire_say(socket_, nonsense[i]);
        close(socket_);
    }
    return NULL;
}

static void bears_nonsense(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET};
    socklen_t size = sizeof here;
    pthread_t thread;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listening, (struct sockaddr *)&here, size) == 0 && listen(listening, 9) == 0 &&
          getsockname(listening, (struct sockaddr *)&here, &size) == 0);
    pthread_create(&thread, NULL, say_nonsense, &listening);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", ntohs(here.sin_port));
    for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
        unsigned status = fetch(&(struct http_call){.url = url, .total_s = 3});
        CHECK_INT(status, i + 1 == COUNT_OF(nonsense) ? 302 : 0);
        CHECK_STRING(body, i + 1 == COUNT_OF(nonsense) ? "abc" : "http-broken");
    }
    pthread_join(thread, NULL);
    close(listening);
}

/* ---- doors */

static const char *start_code(const struct http_options *options)
{
    static struct error error;
    const struct http_handlers handlers = {NULL, begin_test, answer_test, refuse_test, NULL, NULL};
    struct http_server *made;
    if (http_start(&made, options, &handlers, &error) != STATUS_DONE) return error.code;
    http_stop(&made);
    return "";
}

static void refuses_wrong_doors(void)
{
    server = server_start(&(struct http_options){.socket = in_folder("live")});
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .port = http_port(server)}),
                 "http-address-in-use");
    CHECK_STRING(start_code(&(struct http_options){.address = "192.0.2.1"}), "http-address");
    CHECK_STRING(start_code(&(struct http_options){.address = "localhost"}), "http-address-form");
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .socket = in_folder("live")}),
                 "http-socket-in-use");
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .socket = in_folder("no/where")}),
                 "http-socket");
    FILE *file = fopen(in_folder("file"), "w");
    CHECK(file != NULL && fclose(file) == 0);
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .socket = in_folder("file")}),
                 "http-socket");
    CHECK(access(in_folder("file"), F_OK) == 0);
    CHECK_INT(fetch(&(struct http_call){.url = "http://x/a", .socket = in_folder("live")}), 200);
    server_stop(&server);
    CHECK(access(in_folder("live"), F_OK) != 0);
}

/* A socket file that a killed process left behind. */
static void leave_socket(const char *path)
{
    struct sockaddr_un there = {.sun_family = AF_UNIX};
    int left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(there.sun_path, sizeof there.sun_path, "%s", path);
    CHECK(bind(left, (struct sockaddr *)&there, sizeof there) == 0);
    close(left);
}

static void serves_a_socket(void)
{
    struct stat about;
    mode_t before = umask(0);
    leave_socket(in_folder("door"));
    server = server_start(&(struct http_options){.socket = in_folder("door"), .per_address = 1});
    umask(before);
    CHECK(stat(in_folder("door"), &about) == 0 && (about.st_mode & 07777) == 0600);
    CHECK_INT(fetch(&(struct http_call){.url = "http://x/a", .socket = in_folder("door")}), 200);
    CHECK_STRING(body, "/a|||||0|local");
    CHECK_INT(fetch(&(struct http_call){.url = "http://x/aside", .socket = in_folder("door")}), 200);
    /* Beside it the network goes on, with its own limit for each address. */
    CHECK_INT(wire_status(http_port(server), GET_("/small")), 200);
    /* Another took the name meanwhile: it is left to them. */
    CHECK(unlink(in_folder("door")) == 0);
    leave_socket(in_folder("door"));
    server_stop(&server);
    CHECK(access(in_folder("door"), F_OK) == 0);
}

/* Two registers with long paths: whoever is called by one is not answered by the other. */
static void serves_long_paths(void)
{
    char path[2][600];
    struct http_server *servers[2];
    for (size_t k = 0; k < 2; k++) {
        size_t used = (size_t)snprintf(path[k], sizeof path[k], "%s", folder);
        for (int i = 0; i < 4; i++) {
            used += (size_t)snprintf(path[k] + used, sizeof path[k] - used, "/%060d", i + 10 * (int)k);
            CHECK(mkdir(path[k], 0700) == 0);
        }
        snprintf(path[k] + used, sizeof path[k] - used, "/socket");
        servers[k] = server_start(&(struct http_options){.socket = path[k]});
    }
    for (size_t k = 0; k < 2; k++) {
        struct http_counts counts;
        CHECK_INT(fetch(&(struct http_call){.url = "http://x/a", .socket = path[k]}), 200);
        CHECK_STRING(body, "/a|||||0|local");
        http_count(servers[k], &counts);
        CHECK_INT(counts.requests, 1);
    }
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .socket = path[0]}), "http-socket-in-use");
    for (size_t k = 0; k < 2; k++) {
        http_stop(&servers[k]);
        CHECK(access(path[k], F_OK) != 0);
    }
}

static void serves_the_sixth_version(void)
{
    int trial = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool has = trial >= 0 && bind(trial, (struct sockaddr *)&here, sizeof here) == 0;
    if (trial >= 0) close(trial);
    if (!has) return;
    server = server_start(&(struct http_options){.address = "::1"});
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "[::1]", "/a")}), 200);
    server_stop(&server);
    server = server_start(&(struct http_options){.address = "::"});
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "[::1]", "/a")}), 200);
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/a")}), 200);
    server_stop(&server);
}

/* ---- TLS */

static int run(const char *const *arguments)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nothing, 0);
        dup2(nothing, 1);
        dup2(nothing, 2);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool make_certificate(const char *certificate, const char *key)
{
    const char *const arguments[] = {"openssl",
                                     "req",
                                     "-x509",
                                     "-newkey",
                                     "ec",
                                     "-pkeyopt",
                                     "ec_paramgen_curve:P-256",
                                     "-nodes",
                                     "-days",
                                     "2",
                                     "-subj",
                                     "/CN=127.0.0.1",
                                     "-addext",
                                     "subjectAltName=IP:127.0.0.1",
                                     "-keyout",
                                     key,
                                     "-out",
                                     certificate,
                                     NULL};
    return run(arguments) == 0;
}

static int speak(const char *version)
{
    char where[64];
    snprintf(where, sizeof where, "127.0.0.1:%u", http_port(server));
    const char *const arguments[] = {"openssl", "s_client", "-connect",           where,
                                     version,   "-cipher",  "DEFAULT@SECLEVEL=0", NULL};
    return run(arguments);
}

static void serves_tls(void)
{
    char certificate[1024], key[1024], other[1024], other_key[1024];
    snprintf(certificate, sizeof certificate, "%s", in_folder("certificate"));
    snprintf(key, sizeof key, "%s", in_folder("certificate-key"));
    snprintf(other, sizeof other, "%s", in_folder("other"));
    snprintf(other_key, sizeof other_key, "%s", in_folder("other-key"));
    if (!CHECK(make_certificate(certificate, key) && make_certificate(other, other_key))) return;
    CHECK_STRING(start_code(&(struct http_options){
                     .address = "127.0.0.1", .certificate = certificate, .certificate_key = other_key}),
                 "http-certificate");
    CHECK_STRING(start_code(&(struct http_options){.address = "127.0.0.1", .certificate = key, .certificate_key = key}),
                 "http-certificate");
    CHECK_STRING(start_code(&(struct http_options){
                     .address = "127.0.0.1", .certificate = in_folder("none"), .certificate_key = key}),
                 "system");
    server = server_start(&(struct http_options){
        .certificate = certificate, .certificate_key = key, .socket = in_folder("beside"), .head_s = 1});
    int silent = wire_connect(http_port(server)), half = wire_connect(http_port(server));
    wire_say(half, "\x16\x03\x01\x02");
    CHECK_INT(fetch(&(struct http_call){.url = at("https", "127.0.0.1", "/a"), .certificate_authority = certificate}),
              200);
    CHECK_STRING(body, "/a|||||0|net tls");
    CHECK_INT(
        fetch(&(struct http_call){.url = at("https", "127.0.0.1", "/aside"), .certificate_authority = certificate}),
        200);
    static char large[BODY_MOST];
    CHECK_INT(fetch(&(struct http_call){.url = at("https", "127.0.0.1", "/p"),
                                        .method = "POST",
                                        .certificate_authority = certificate,
                                        .body = slice_of(large, sizeof large)}),
              200);
    CHECK_STRING(body, "/p|||||1048576|net tls");
    CHECK_INT(fetch(&(struct http_call){.url = at("https", "127.0.0.1", "/a"), .certificate_authority = other}), 0);
    CHECK_STRING(body, "http-tls");
    CHECK_INT(fetch(&(struct http_call){.url = at("https", "localhost", "/a"), .certificate_authority = certificate}),
              0);
    CHECK_STRING(body, "http-tls");
    CHECK_INT(fetch(&(struct http_call){.url = at("http", "127.0.0.1", "/a")}), 0);
    CHECK_STRING(body, "http-broken");
    CHECK_INT(fetch(&(struct http_call){.url = "http://x/a", .socket = in_folder("beside")}), 200);
    CHECK_STRING(body, "/a|||||0|local");
    CHECK_INT(speak("-tls1_3"), 0);
    CHECK_INT(speak("-tls1_2"), 0);
    CHECK(speak("-tls1_1") != 0);
    struct wire quiet = {.socket = silent}, dumb = {.socket = half};
    CHECK(wire_ends(&quiet, 2500));
    CHECK(wire_ends(&dumb, 2500));
    wire_close(&quiet);
    wire_close(&dumb);
    server_stop(&server);
}

static void leaves(void)
{
    scratch_remove(folder);
}

TESTS(starts, fetches, names_what_went_wrong, bears_nonsense, refuses_wrong_doors, serves_a_socket, serves_long_paths,
      serves_the_sixth_version, serves_tls, leaves)
