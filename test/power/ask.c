/* ask LOGS: the lines of a policy with so many logs. ask LOGS URL WITNESS SEED: lets those logs grow under the witness
 * of that key at URL, each now and then with another history from some size on, until the witness is gone; every
 * cosignature that came out is a line `given MOMENT LOG SIZE ROOT`, every size that the witness said it has a line
 * `told MOMENT LOG SIZE`, with the moment in seconds of the monotonic clock. Nothing is remembered between two lives:
 * the witness must. */
#include "made_log.h"

#include "http/http.h"

#include <time.h>

enum { LOGS_MOST = 64 };
struct asked {
    struct made_log log;
    uint64_t old;
    bool other; /* the view that was cosigned last, or is tried next */
};

static uint64_t state;
static uint64_t draw(uint64_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

static void open_all(struct asked *logs, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char origin[40];
        snprintf(origin, sizeof origin, "power.example/log%u", i);
        made_log_open(&logs[i].log, origin, (uint8_t)(100 + i),
                      2 + 3 * i); /* the histories part at another size each */
    }
}

static void say(const char *what)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    printf("%s %lld.%09ld", what, (long long)now.tv_sec, now.tv_nsec);
}

/* The line that came, which holds for the witness's key. */
static void tell_given(const struct asked *asked, unsigned i, uint64_t size, const struct verifier *witness,
                       struct slice line)
{
    OWN(buffer_clear) struct buffer bytes = {0};
    struct note note;
    bool present;
    int64_t time_s;
    char base64[BASE64_SIZE(HASH_BYTES)];
    struct hash root = made_log_root_of(&asked->log, asked->other, 0, size);
    made_log_checkpoint(&asked->log, asked->other, size, &bytes);
    buffer_put(&bytes, line);
    if (!CHECK(note_parse(&note, buffer_slice(&bytes), NULL) == STATUS_DONE &&
               note_cosigned(&note, witness, &present, &time_s) && present))
        return;
    base64_format(base64, sizeof base64, slice_of(root.bytes, HASH_BYTES));
    say("given");
    printf(" %u %" PRIu64 " %s\n", i, size, base64);
    fflush(stdout);
}

/* False once the witness is gone. */
static bool ask(struct asked *asked, unsigned i, const char *url, const struct verifier *witness)
{
    OWN(buffer_clear) struct buffer body = {0};
    struct http_result result = {0};
    struct error error;
    uint64_t size = asked->old + draw(3), told;
    bool before = asked->other;
    if (draw(4) == 0) asked->other = !asked->other;
    made_log_ask(&asked->log, asked->other, asked->old, size, &body);
    const struct http_call call = {
        .url = url, .method = "POST", .body = buffer_slice(&body), .type = "text/plain", .total_s = 10};
    if (http_fetch(&call, &result, &error) != STATUS_DONE) return false;
    if (result.status == 200) {
        tell_given(asked, i, size, witness, buffer_slice(&result.body));
        asked->old = size;
    } else if (result.status == 409) {
        buffer_put_byte(&result.body, '\0');
        told = strtoull((const char *)result.body.data, NULL, 10);
        say("told");
        printf(" %u %" PRIu64 "\n", i, told);
        fflush(stdout);
        asked->old = told;
    } else {
        asked->other = result.status == 422 ? !asked->other : before; /* perhaps the other one is what it knows */
    }
    buffer_clear(&result.body);
    return true;
}

int main(int count, char **arguments)
{
    static struct asked logs[LOGS_MOST];
    struct verifier witness;
    char text[VERIFIER_TEXT_SIZE];
    unsigned wanted = count > 1 ? (unsigned)atoi(arguments[1]) : 0;
    if (wanted == 0 || wanted > LOGS_MOST || (count != 2 && count != 5)) {
        fprintf(stderr, "ask LOGS [URL WITNESS SEED]\n");
        return 1;
    }
    open_all(logs, wanted);
    for (unsigned i = 0; i < wanted && count == 2; i++) {
        verifier_format(&logs[i].log.key.verifier, text);
        printf("log %s\n", text);
    }
    if (count == 2) return 0;
    if (!CHECK(verifier_parse(&witness, slice_from(arguments[3]), NULL) == STATUS_DONE)) return 1;
    state = strtoull(arguments[4], NULL, 10);
    for (unsigned i = (unsigned)draw(wanted); ask(&logs[i], i, arguments[2], &witness); i = (unsigned)draw(wanted)) {}
    return check_failed > 0;
}
