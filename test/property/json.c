/* Random trees: what is written is read back as the same tree, in both forms; and however a tree is typed (keys in any
 * order, white space, escapes, text not normalised), it has one canonical form. */
#include "check.h"
#include "json/write.h"
#include "random.h"
#include "text/utf8.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { TREES = 3000, MEMBERS_MOST = 7, POINTS_MOST = 24, DEPTH_MOST = 5, ARENA_BYTES = 64 << 20 };

static struct random random_;
static struct arena arena;

static uint64_t draw(uint64_t most)
{
    return random_below(&random_, most);
}

static void *need(void *memory)
{
    if (memory == NULL) abort();
    return memory;
}

/* ── making trees ── */

static struct slice draw_text(void)
{
    static const uint32_t points[] = {'a',     'b',     'z',     ' ',   '"',   '\\',   '/',    '!',
                                      0xE9,    0x623,   0x628,   0x64E, 0x651, 0x301,  0x316,  0x323,
                                      0x200D,  0x2028,  0xAC01,  0x915, 0x93C, 0xFEFB, 0xFFFD, 0xD7FB,
                                      0x10000, 0x1F600, 0x1109A, 'k',   'e',   0x627,  0x654};
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer normal = {0};
    for (uint64_t left = draw(draw(4) == 0 ? POINTS_MOST : 4); left > 0; left--)
        utf8_put(&text, points[draw(COUNT_OF(points))]);
    CHECK(text_normalise(&normal, buffer_slice(&text), NULL) == STATUS_DONE);
    return arena_copy(&arena, buffer_slice(&normal));
}

static int64_t draw_integer(void)
{
    int64_t most = draw(3) == 0 ? JSON_INTEGER_MOST : 100;
    int64_t number = most - (int64_t)draw(3);
    return draw(2) == 0 ? number : -number;
}

static struct json *draw_tree(unsigned depth);

static void draw_members(struct json *container, unsigned depth)
{
    struct json *last = NULL;
    for (uint64_t left = draw(MEMBERS_MOST); left > 0; left--) {
        struct slice key = container->type == JSON_OBJECT ? draw_text() : (struct slice){NULL, 0};
        bool taken = false;
        for (const struct json *member = container->first; member != NULL; member = member->next)
            taken = taken || (container->type == JSON_OBJECT && slice_equal(member->key, key));
        if (taken) continue;
        struct json *member = draw_tree(depth + 1);
        member->key = key;
        if (last == NULL)
            container->first = member;
        else
            last->next = member;
        last = member;
        container->size++;
    }
}

static struct json *draw_tree(unsigned depth)
{
    struct json *tree = need(arena_get(&arena, sizeof *tree));
    bool container = depth == 0 || (depth < DEPTH_MOST && draw(3) == 0);
    tree->type = container ? (draw(3) == 0 ? JSON_ARRAY : JSON_OBJECT) : (enum json_type)draw(4);
    if (container)
        draw_members(tree, depth);
    else if (tree->type == JSON_INTEGER)
        tree->integer = draw_integer();
    else if (tree->type == JSON_STRING)
        tree->string = draw_text();
    return tree;
}

/* ── typing them ── */

static void type_space(struct buffer *out)
{
    for (uint64_t left = draw(3); left > 0; left--) buffer_put_byte(out, (uint8_t) " \t\r\n"[draw(4)]);
}

static void type_unit(struct buffer *out, uint32_t unit)
{
    buffer_print(out, draw(2) == 0 ? "\\u%04x" : "\\u%04X", unit);
}

static void type_point(struct buffer *out, uint32_t c)
{
    bool must = c == '"' || c == '\\';
    if ((must || c == '/') && draw(2) == 0) {
        buffer_put_byte(out, '\\');
        utf8_put(out, c);
    } else if (!must && draw(3) != 0) {
        utf8_put(out, c);
    } else if (c < 0x10000) {
        type_unit(out, c);
    } else {
        type_unit(out, U16_LEAD(c));
        type_unit(out, U16_TRAIL(c));
    }
}

/* Sometimes decomposed: then the reader must compose it. */
static void type_text(struct buffer *out, struct slice text)
{
    UChar units[2 * POINTS_MOST], apart[4 * POINTS_MOST];
    int32_t size = 0;
    UErrorCode failure = U_ZERO_ERROR;
    u_strFromUTF8(units, (int32_t)COUNT_OF(units), &size, (const char *)text.data, (int32_t)text.size, &failure);
    const UNormalizer2 *form = draw(2) == 0 ? unorm2_getNFDInstance(&failure) : unorm2_getNFCInstance(&failure);
    size = unorm2_normalize(form, units, size, apart, (int32_t)COUNT_OF(apart), &failure);
    if (!CHECK(U_SUCCESS(failure))) return;
    buffer_put_byte(out, '"');
    for (int32_t i = 0; i < size;) {
        UChar unit = apart[i++];
        type_point(out, U16_IS_LEAD(unit) ? (uint32_t)U16_GET_SUPPLEMENTARY(unit, apart[i++]) : unit);
    }
    buffer_put_byte(out, '"');
}

static void type_tree(struct buffer *out, const struct json *tree)
{
    bool object = tree->type == JSON_OBJECT;
    type_space(out);
    switch (tree->type) {
    case JSON_FALSE: buffer_put_string(out, "false"); break;
    case JSON_TRUE: buffer_put_string(out, "true"); break;
    case JSON_INTEGER: buffer_print(out, "%" PRId64, tree->integer); break;
    case JSON_STRING: type_text(out, tree->string); break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        buffer_put_byte(out, object ? '{' : '[');
        type_space(out);
        for (const struct json *member = tree->first; member != NULL; member = member->next) {
            if (object) {
                type_text(out, member->key);
                type_space(out);
                buffer_put_byte(out, ':');
            }
            type_tree(out, member);
            if (member->next != NULL) buffer_put_byte(out, ',');
            type_space(out);
        }
        buffer_put_byte(out, object ? '}' : ']');
    }
    type_space(out);
}

/* ── comparing ── */

static const struct json *member_of(const struct json *object, struct slice key)
{
    const struct json *member = object->first;
    while (member != NULL && !slice_equal(member->key, key)) member = member->next;
    return member;
}

static bool same(const struct json *a, const struct json *b)
{
    if (a == NULL || b == NULL || a->type != b->type || a->size != b->size) return false;
    if (a->type == JSON_INTEGER) return a->integer == b->integer;
    if (a->type == JSON_STRING) return slice_equal(a->string, b->string);
    const struct json *at_b = b->first;
    for (const struct json *at_a = a->first; at_a != NULL; at_a = at_a->next) {
        if (!same(at_a, a->type == JSON_OBJECT ? member_of(b, at_a->key) : at_b)) return false;
        if (at_b != NULL) at_b = at_b->next;
    }
    return at_b == NULL;
}

static void write_tree(struct buffer *out, const struct json *tree)
{
    struct json_writer writer;
    json_write_open(&writer, out);
    json_put_tree(&writer, tree);
    CHECK(json_write_finish(&writer, NULL) == STATUS_DONE);
}

static bool reads_as(struct slice text, enum json_form form, const struct json *wanted, struct slice canonical)
{
    const struct json *tree = NULL;
    OWN(buffer_clear) struct buffer out = {0};
    if (json_read(&tree, text, form, &arena, NULL) != STATUS_DONE) return false;
    write_tree(&out, tree);
    return same(wanted, tree) && same(tree, wanted) && slice_equal(buffer_slice(&out), canonical);
}

static void every_tree_has_one_form(void)
{
    for (int i = 0; i < TREES; i++) {
        uint64_t from = random_.state;
        arena_reset(&arena);
        const struct json *tree = draw_tree(0), *strict = NULL;
        OWN(buffer_clear) struct buffer typed = {0};
        OWN(buffer_clear) struct buffer canonical = {0};
        type_tree(&typed, tree);
        write_tree(&canonical, tree);
        bool good = reads_as(buffer_slice(&canonical), JSON_CANONICAL, tree, buffer_slice(&canonical)) &&
                    reads_as(buffer_slice(&canonical), JSON_RELAXED, tree, buffer_slice(&canonical)) &&
                    reads_as(buffer_slice(&typed), JSON_RELAXED, tree, buffer_slice(&canonical));
        if (!CHECK(good)) fprintf(stderr, "    seed %" PRIu64 "\n%.*s\n", from, SLICE(buffer_slice(&typed)));
        bool is_canonical = slice_equal(buffer_slice(&typed), buffer_slice(&canonical));
        CHECK((json_read(&strict, buffer_slice(&typed), JSON_CANONICAL, &arena, NULL) == STATUS_DONE) == is_canonical);
    }
}

int main(int count, char **arguments)
{
    random_ = random_start(count, arguments);
    arena_init(&arena, ARENA_BYTES);
    every_tree_has_one_form();
    arena_clear(&arena);
    return check_end(__FILE__);
}
