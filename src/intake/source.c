#include "intake/source.h"

#include "text/utf8.h"

#include <ctype.h>
#include <strings.h>

/* ---- what it is */

enum { LANGUAGE_BYTES = 8192 }; /* enough of a text to tell its language */

static bool starts_with_mark(struct slice source, const char *mark, size_t size)
{
    return source.size >= size && memcmp(source.data, mark, size) == 0;
}

static bool has_word(struct slice source, size_t at, const char *word)
{
    size_t size = strlen(word);
    return source.size - at >= size && strncasecmp((const char *)source.data + at, word, size) == 0;
}

bool source_is_html(struct slice source)
{
    size_t at = starts_with_mark(source, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < source.size && isspace(source.data[at])) at++;
    static const char *const begins[] = {"<!doctype html", "<html", "<head", "<body",   "<?xml",
                                         "<!--",           "<div",  "<p>",   "<article"};
    for (size_t i = 0; i < COUNT_OF(begins); i++)
        if (at < source.size && has_word(source, at, begins[i])) return true;
    return false;
}

enum language source_language(struct slice text)
{
    size_t arabic = 0, latin = 0;
    for (size_t i = 0; i < text.size && i < LANGUAGE_BYTES; i++) {
        arabic += text.data[i] >= 0xd8 && text.data[i] <= 0xdb;
        latin += (text.data[i] >= 'a' && text.data[i] <= 'z') || (text.data[i] >= 'A' && text.data[i] <= 'Z');
    }
    return arabic * 2 >= latin && arabic > 0 ? LANGUAGE_ARABIC : LANGUAGE_ENGLISH;
}

/* ---- HTML in place */

/* Elements whose begin and end break a line, and those whose inside is nobody's text. */
static const char *const blocks[] = {"p",          "div",     "br",      "li",     "ul",     "ol",         "h1",
                                     "h2",         "h3",      "h4",      "h5",     "h6",     "tr",         "td",
                                     "title",      "section", "article", "header", "footer", "blockquote", "figure",
                                     "figcaption", "table",   "hr",      "main",   "nav",    "aside"};
static const char *const hidden[] = {"script", "style", "noscript", "template", "svg"};

struct blanking {
    struct slice source;
    uint8_t *out;
    size_t at;
};

static bool name_is(struct slice name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (name.size == strlen(list[i]) && strncasecmp((const char *)name.data, list[i], name.size) == 0) return true;
    return false;
}

static size_t find_byte(struct slice source, size_t from, uint8_t byte)
{
    const uint8_t *found = from < source.size ? memchr(source.data + from, byte, source.size - from) : NULL;
    return found == NULL ? source.size : (size_t)(found - source.data);
}

/* Where a comment or a hidden element ends: at the next `end`, looked for from '<' to '<'. */
static size_t find_end(struct slice source, size_t from, const char *end)
{
    for (size_t at = from; at < source.size; at++) {
        at = find_byte(source, at, (uint8_t)end[0]);
        if (at < source.size && has_word(source, at, end)) return at;
    }
    return source.size;
}

static void blank_to(struct blanking *b, size_t end, bool breaks)
{
    memset(b->out + b->at, ' ', end - b->at);
    if (breaks && end > b->at) b->out[b->at] = '\n';
    b->at = end;
}

static void blank_tag(struct blanking *b)
{
    struct slice source = b->source;
    if (has_word(source, b->at, "<!--")) {
        size_t end = find_end(source, b->at, "-->");
        blank_to(b, end + 3 > source.size ? source.size : end + 3, false);
        return;
    }
    size_t name = b->at + 1 + (b->at + 1 < source.size && source.data[b->at + 1] == '/');
    size_t name_end = name, end = find_byte(source, b->at, '>');
    while (name_end < source.size && isalnum(source.data[name_end])) name_end++;
    struct slice tag = slice_part(source, name, name_end - name);
    if (end < source.size) end++;
    if (name == b->at + 1 && name_is(tag, hidden, COUNT_OF(hidden))) {
        char close[16] = "</";
        memcpy(close + 2, tag.data, tag.size);
        size_t inside = find_end(source, end, close);
        end = find_byte(source, inside, '>');
        if (end < source.size) end++;
    }
    blank_to(b, end, name_is(tag, blocks, COUNT_OF(blocks)));
}

/* Fills `size` bytes with characters that folding drops: two bytes each, and three where they do not fit evenly. */
static void fill(uint8_t *out, size_t size)
{
    for (; size >= 2 && size != 3; out += 2, size -= 2) memcpy(out, "\xd9\x80", 2);
    if (size == 3) memcpy(out, "\xe2\x80\x8b", 3);
}

static uint32_t entity_of(struct slice name)
{
    static const struct {
        const char *name;
        uint32_t c;
    } known[] = {{"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},     {"apos", '\''},
                 {"nbsp", ' '},     {"laquo", 0xab},   {"raquo", 0xbb},   {"ldquo", 0x201c}, {"rdquo", 0x201d},
                 {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (slice_is(name, known[i].name)) return known[i].c;
    if (name.size < 2 || name.data[0] != '#') return 0;
    bool hex = name.data[1] == 'x' || name.data[1] == 'X';
    uint32_t c = 0;
    for (size_t i = hex ? 2 : 1; i < name.size; i++) {
        uint8_t d = name.data[i];
        uint32_t digit = d >= '0' && d <= '9' ? (uint32_t)(d - '0')
                         : hex && isxdigit(d) ? (uint32_t)(tolower(d) - 'a' + 10)
                                              : 99;
        if (digit > 15 || c > 0x10ffff) return 0;
        c = c * (hex ? 16 : 10) + digit;
    }
    return c >= 0x20 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) ? c : 0;
}

enum { ENTITY_MOST = 12 };

static void put_entity(struct blanking *b)
{
    size_t end = b->at + 1, most = b->at + ENTITY_MOST;
    while (end < b->source.size && end < most && b->source.data[end] != ';') end++;
    uint32_t c = end < b->source.size && b->source.data[end] == ';'
                     ? entity_of(slice_part(b->source, b->at + 1, end - b->at - 1))
                     : 0;
    OWN(buffer_clear) struct buffer letter = {0};
    if (c != 0) utf8_put(&letter, c);
    size_t size = end + 1 - b->at;
    if (c == 0 || letter.failed || letter.size > size || size - letter.size == 1) {
        b->out[b->at] = b->source.data[b->at];
        b->at++;
        return;
    }
    memcpy(b->out + b->at, letter.data, letter.size);
    fill(b->out + b->at + letter.size, size - letter.size);
    b->at += size;
}

enum status source_blank_html(struct buffer *out, struct slice source, struct error *error)
{
    struct blanking b = {.source = source, .out = buffer_reserve(out, source.size + 1)};
    if (b.out == NULL) return buffer_finish(out, error);
    while (b.at < source.size) {
        uint8_t byte = source.data[b.at];
        if (byte == '<')
            blank_tag(&b);
        else if (byte == '&')
            put_entity(&b);
        else
            b.out[b.at] = byte == '\n' || byte == '\r' || byte == '\t' ? ' ' : byte, b.at++;
    }
    buffer_advance(out, source.size);
    return STATUS_DONE;
}

void source_read_out(struct buffer *out, struct slice blanked)
{
    bool blank = false;
    for (size_t i = 0; i < blanked.size;) {
        if (blanked.data[i] == ' ' || blanked.data[i] == '\n' || blanked.data[i] == '\t' || blanked.data[i] == '\r') {
            blank = true;
            i++;
        } else if (blanked.size - i >= 2 && memcmp(blanked.data + i, "\xd9\x80", 2) == 0) {
            i += 2;
        } else if (blanked.size - i >= 3 && memcmp(blanked.data + i, "\xe2\x80\x8b", 3) == 0) {
            i += 3;
        } else {
            if (blank && out->size > 0) buffer_put_byte(out, ' ');
            blank = false;
            buffer_put_byte(out, blanked.data[i++]);
        }
    }
}
