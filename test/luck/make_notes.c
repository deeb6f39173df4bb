/* make_notes KEYFILE REGISTER FIRST COUNT: that many signed reports, one after the other, from seq FIRST on: quicker
 * than `truce write`, for loads. An ordinary client of the library. */
#include "truce.h"

#include "crypto/hash.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(const struct truce_key *key, const char *name, const char *register_name, long seq, char prev[65])
{
    char record[1024], follows[80] = "";
    struct truce_buffer note = {0};
    struct truce_error error;
    if (seq > 0) snprintf(follows, sizeof follows, "\"prev\":\"%s\",", prev);
    int size = snprintf(record, sizeof record,
                        "{\"act\":\"shelling\",\"by\":\"%s\",\"kind\":\"report\",\"method\":\"heard\",%s"
                        "\"register\":\"%s\",\"seq\":%ld,\"text\":{\"en\":\"Heard, number %ld\",\"original\":\"en\"},"
                        "\"v\":1,\"when\":{\"from\":\"2016-10-05T06:00:00Z\",\"to\":\"2016-10-05T06:05:00Z\"},"
                        "\"written\":\"2016-10-05T06:10:00Z\"}",
                        name, follows, register_name, seq, seq);
    if (truce_sign(key, record, (size_t)size, &note, &error) != TRUCE_DONE) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    struct hash id = hash_of(slice_of(note.data, (size_t)(strchr(note.data, '\n') - note.data) + 1));
    hash_format(&id, prev);
    fwrite(note.data, 1, note.size, stdout);
    truce_free(&note);
}

int main(int count, char **arguments)
{
    struct truce_key *key;
    struct truce_buffer verifier = {0};
    struct truce_error error;
    char name[65], prev[65] = "0000000000000000000000000000000000000000000000000000000000000000";
    if (count != 5 || truce_key_open(&key, arguments[1], NULL, NULL, &error) != TRUCE_DONE ||
        truce_key_public(key, &verifier, &error) != TRUCE_DONE) {
        fprintf(stderr, "make_notes KEYFILE REGISTER FIRST COUNT\n");
        return 1;
    }
    snprintf(name, sizeof name, "%.*s", (int)strcspn(verifier.data, "+"), verifier.data);
    long first = atol(arguments[3]), notes = atol(arguments[4]);
    for (long i = 0; i < notes; i++) make(key, name, arguments[2], first + i, prev);
    truce_free(&verifier);
    truce_key_close(&key);
    return fflush(stdout) != 0;
}
