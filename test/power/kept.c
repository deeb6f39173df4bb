/* kept LOG: reads lines `leaf INDEX BASE64` and `root SIZE BASE64`, which somebody was given, and says of each that the
 * log does not keep. The last line counts them. The log is opened for reading alone: nothing is repaired before it is
 * looked at. */
#include "log/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum status holds(struct log *log, const char *what, uint64_t n, const struct hash *given, bool *out,
                         struct error *error)
{
    struct hash have;
    bool leaf = strcmp(what, "leaf") == 0;
    *out = false;
    if (leaf ? n >= log_size(log) : n > log_size(log)) return STATUS_DONE;
    if (leaf)
        TRY(log_leaf(log, n, &have, error));
    else
        TRY(log_root(log, n, &have, error));
    *out = hash_equal(&have, given);
    return STATUS_DONE;
}

static bool check_line(struct log *log, const char *line)
{
    char what[5], text[BASE64_SIZE(HASH_BYTES) + 1];
    uint64_t n;
    size_t size;
    struct hash given;
    struct error error = {.code = "not-kept"};
    bool good = false;
    if (sscanf(line, "%4s %" SCNu64 " %45s", what, &n, text) != 3 ||
        !base64_parse(given.bytes, HASH_BYTES, &size, slice_from(text)) || size != HASH_BYTES) {
        printf("no line of ours: %s", line);
        return false;
    }
    if (holds(log, what, n, &given, &good, &error) != STATUS_DONE || !good)
        printf("%s, the log has %" PRIu64 ": %s", error.code, log_size(log), line);
    return good;
}

int main(int count, char **arguments)
{
    struct log *log;
    struct error error;
    char line[200];
    unsigned long checked = 0, lost = 0;
    if (count != 2 || crypto_start(&error) != STATUS_DONE ||
        log_open(&log, &system_real, arguments[1], LOG_READ, NULL, &error) != STATUS_DONE) {
        printf("kept LOG: %s\n", count == 2 ? error.code : "one argument");
        return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        checked++;
        lost += !check_line(log, line);
    }
    printf("%lu checked, %lu lost\n", checked, lost);
    log_close(&log);
    return lost > 0;
}
