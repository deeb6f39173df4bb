/* What a client says in its head, and the file of members: whatever comes, an answer is of those that there are. */
#include "fuzz.h"

#include "api/internal.h"
#include "api/prefer.h"
#include "crypto/sign.h"
#include <string.h>

static void preferences(struct slice text)
{
    enum language language;
    EXPECT(prefer_type(text, "text/html") <= 1000 && prefer_type(text, "application/json") <= 1000);
    EXPECT(!prefer_language(&language, text) || language == LANGUAGE_ENGLISH || language == LANGUAGE_ARABIC);
    (void)prefer_gzip(text);
}

/* What fits has as many segments as the pattern leaves open, none of them empty; none has a slash but the rest. */
static void paths(struct slice text)
{
    static char segment[SEGMENTS_MOST][SEGMENT_SIZE];
    for (const struct route *route = routes; route->pattern != NULL; route++) {
        memset(segment, 0, sizeof segment);
        if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL) return;
        if (!pattern_fits(route->pattern, text, segment)) continue;
        size_t open = 0;
        for (const char *c = route->pattern; *c != '\0'; c++) open += *c == '{';
        for (size_t i = 0; i < SEGMENTS_MOST; i++) EXPECT((segment[i][0] != '\0') == (i < open));
        EXPECT(strstr(route->pattern, "...}") != NULL || strchr(segment[0], '/') == NULL);
    }
}

static void members(struct slice text)
{
    static struct member member[MEMBERS_MOST];
    struct error error;
    size_t count;
    if (members_parse(text, member, &count, &error) != STATUS_DONE) {
        EXPECT(error.status == STATUS_USAGE);
        return;
    }
    EXPECT(count > 0 && count <= MEMBERS_MOST);
    for (size_t i = 0; i < count; i++)
        EXPECT(strlen(member[i].hash) == TRUCE_TOKEN_HASH_SIZE - 1 && member[i].name[0] != '\0');
}

static void tokens(struct slice text)
{
    char name[TRUCE_TOKEN_NAME_SIZE], hash[TRUCE_TOKEN_HASH_SIZE];
    if (!truce_token_read((const char *)text.data, text.size, name, hash)) return;
    EXPECT(strlen(name) < TRUCE_TOKEN_NAME_SIZE && strlen(hash) == TRUCE_TOKEN_HASH_SIZE - 1);
    EXPECT(truce_token_equal(hash, hash));
}

/* A name of this machine is nothing else: it has no letters but localhost's. */
static void hosts(struct slice text)
{
    if (!host_is_loopback(text)) return;
    size_t letters = 0;
    for (size_t i = 0; i < text.size; i++) letters += (text.data[i] | 0x20) >= 'a' && (text.data[i] | 0x20) <= 'z';
    EXPECT(letters == 0 || letters == 9);
    EXPECT(memchr(text.data, '@', text.size) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    if (crypto_start(NULL) != STATUS_DONE) return 0;
    preferences(text);
    paths(text);
    members(text);
    tokens(text);
    hosts(text);
    return 0;
}
