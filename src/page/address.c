#include "page/address.h"

#include "text/utf8.h"
#include <assert.h>

enum { QUERY_PAIRS_MOST = 64 };

void address_open(struct address *address, const char *path)
{
    *address = (struct address){0};
    assert(path[0] == '\0' || (path[0] == '/' && path[1] != '/'));
    buffer_put_string(&address->text, path);
}

void address_clear(struct address *address)
{
    buffer_clear(&address->text);
}

void address_encode(struct buffer *out, struct slice text, const char *besides)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t from = 0;
    for (size_t at = 0; at < text.size; at++) {
        uint8_t c = text.data[at];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) continue;
        if (c != '\0' && (strchr("-._~", c) != NULL || strchr(besides, c) != NULL)) continue;
        const char escaped[] = {'%', digits[c >> 4], digits[c & 15]};
        buffer_put(out, slice_part(text, from, at - from));
        buffer_put(out, slice_of(escaped, sizeof escaped));
        from = at + 1;
    }
    buffer_put(out, slice_part(text, from, SIZE_MAX));
}

static void put_encoded(struct buffer *out, struct slice text)
{
    address_encode(out, text, "");
}

/* An empty step would make "//host" of it, and browsers walk up at "." and "..", however they are encoded. */
void address_part(struct address *address, struct slice part)
{
    assert(!address->asks);
    if (part.size == 0 || slice_is(part, ".") || slice_is(part, "..")) address->lost = true;
    if (address->text.size != 1) buffer_put_byte(&address->text, '/');
    put_encoded(&address->text, part);
}

static void ask(struct address *address, struct slice name, struct slice value)
{
    buffer_put_byte(&address->text, address->asks ? '&' : '?');
    address->asks = true;
    put_encoded(&address->text, name);
    buffer_put_byte(&address->text, '=');
    put_encoded(&address->text, value);
}

void address_ask(struct address *address, const char *name, struct slice value)
{
    ask(address, slice_from(name), value);
}

void address_place(struct address *address, const char *prefix, struct slice id)
{
    buffer_put_byte(&address->text, '#');
    buffer_put_string(&address->text, prefix);
    put_encoded(&address->text, id);
}

/* ---- what came from outside */

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False if what comes out is no text that a page could show. */
static bool decode(struct buffer *out, struct slice encoded, bool plus_is_space)
{
    size_t bad;
    for (size_t i = 0; i < encoded.size; i++) {
        uint8_t c = encoded.data[i];
        int high = c == '%' && i + 2 < encoded.size ? hex_digit(encoded.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(encoded.data[i + 2]) : -1;
        if (low >= 0) {
            c = (uint8_t)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        buffer_put_byte(out, c);
    }
    return !out->failed && utf8_valid(buffer_slice(out), &bad) && memchr(out->data, '\0', out->size) == NULL;
}

/* Cuts what stands before the next `mark` off *rest. */
static struct slice cut(struct slice *rest, uint8_t mark)
{
    size_t size = 0;
    while (size < rest->size && rest->data[size] != mark) size++;
    struct slice out = slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size < rest->size ? size + 1 : size, rest->size);
    return out;
}

void address_pairs(const char *query, address_pair *pair, void *context)
{
    OWN(buffer_clear) struct buffer name = {0}, value = {0};
    struct slice rest = slice_from(query);
    for (size_t i = 0; i < QUERY_PAIRS_MOST && rest.size > 0; i++) {
        struct slice both = cut(&rest, '&'), first = cut(&both, '=');
        buffer_reset(&name), buffer_reset(&value);
        buffer_reserve(&name, 1), buffer_reserve(&value, 1);
        if (first.size > 0 && decode(&name, first, true) && decode(&value, both, true))
            pair(context, buffer_slice(&name), buffer_slice(&value));
    }
}

struct asking_again {
    struct address *address;
    const char *const *without;
};

static void ask_again(void *context, struct slice name, struct slice value)
{
    const struct asking_again *again = context;
    for (const char *const *left_out = again->without; *left_out != NULL; left_out++)
        if (slice_is(name, *left_out)) return;
    ask(again->address, name, value);
}

void address_again(struct address *address, const char *path, const char *query, const char *const *without)
{
    OWN(buffer_clear) struct buffer part = {0};
    struct asking_again again = {address, without};
    struct slice rest = slice_from(path);
    address_open(address, "/");
    while (rest.size > 0) {
        struct slice step = cut(&rest, '/');
        buffer_reset(&part);
        buffer_reserve(&part, 1);
        if (step.size == 0) continue;
        if (!decode(&part, step, false)) address->lost = true;
        address_part(address, buffer_slice(&part));
    }
    address_pairs(query, ask_again, &again);
}
