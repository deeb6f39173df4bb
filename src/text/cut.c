/* Words that were run together. A boundary is never guessed from what is looked for alone: the whole word must come out
 * as words, each known or shown by how it is written (spec/text.md, "Words run together"). The work is bounded: a
 * stretch has at most STRETCH_MOST letters, and what is longer is one word. */
#include "text/known.h"
#include "text/letters.h"
#include "text/utf8.h"

enum { LETTERS_MOST = 96, STRETCH_MOST = 40, STRETCH_LEAST = 5, STARTS_MOST = 6 };

enum letter_class { CLASS_DIGIT, CLASS_ARABIC, CLASS_OTHER };
struct letter {
    uint32_t at; /* byte of the folded text */
    uint16_t c;
    uint8_t class;
    bool ends;  /* ة or ى in the text: a word ends here */
    bool hamza; /* أ or إ in the text */
    bool below; /* إ: a word begins here, or one letter earlier */
};

struct cutting {
    const struct words *words;
    struct word whole;
    struct letter letter[LETTERS_MOST + 1];
    size_t count;
    struct word_piece *out;
    size_t pieces;
};

static enum letter_class class_of(uint32_t c)
{
    if (c >= '0' && c <= '9') return CLASS_DIGIT;
    return c >= 0x620 && c <= 0x6d3 ? CLASS_ARABIC : CLASS_OTHER;
}

/* Folded letters that more than one letter of the text folds to. */
static void look_at_source(const struct words *words, struct letter *letter)
{
    if (letter->c != 0x627 && letter->c != 0x647 && letter->c != 0x64a) return;
    uint32_t source = words_source_letter(words, letter->at);
    letter->ends = source == 0x629 || source == 0x649;
    letter->below = source == 0x625;
    letter->hamza = source == 0x623 || source == 0x625;
}

static bool read_letters(struct cutting *cutting)
{
    struct slice folded = buffer_slice(&cutting->words->folded);
    size_t at = cutting->whole.from;
    while (at < cutting->whole.to) {
        if (cutting->count == LETTERS_MOST) return false;
        struct letter *letter = &cutting->letter[cutting->count++];
        *letter = (struct letter){.at = (uint32_t)at};
        uint32_t c = utf8_next(folded, &at);
        letter->c = c > 0xffff ? 0xffff : (uint16_t)c;
        letter->class = (uint8_t)class_of(c);
        look_at_source(cutting->words, letter);
    }
    cutting->letter[cutting->count] = (struct letter){.at = cutting->whole.to};
    return true;
}

static void put_piece(struct cutting *cutting, size_t from, size_t to)
{
    struct word_piece piece = {cutting->letter[from].at, cutting->letter[to].at};
    if (cutting->pieces < WORD_PIECES_MOST)
        cutting->out[cutting->pieces++] = piece;
    else
        cutting->out[WORD_PIECES_MOST - 1].to = piece.to;
}

/* ---- a stretch of Arabic letters: the cheapest way to make it out of words */

/* What the stretch so far ended with. */
enum end { END_NONE, END_NOTHING, END_STRANGER, END_SMALL_FIRST, END_SMALL, END_SHORT, END_WORD, END_NAME, ENDS };

struct found { /* a piece, as it may be taken */
    enum end end;
    unsigned cost;
    bool article, name, joined_by_waw;
    bool firm; /* no chance: an article, a name, or a listed word of five letters */
    bool long_name;
};

struct way {
    uint16_t cost;
    uint8_t from, before; /* where its last piece begins, and what ended there */
};

struct stretch {
    const struct cutting *cutting;
    const struct letter *letter;
    size_t count;
    struct way way[STRETCH_MOST + 1][ENDS];
};

static struct slice letters_slice(const struct stretch *stretch, size_t from, size_t to)
{
    return words_slice(stretch->cutting->words, stretch->letter[from].at, stretch->letter[to].at);
}

static bool is_letter(const struct stretch *stretch, size_t i, uint16_t a, uint16_t b, uint16_t c)
{
    if (i >= stretch->count) return false;
    uint16_t letter = stretch->letter[i].c;
    return letter == a || letter == b || letter == c;
}

static bool is_article_at(const struct stretch *stretch, size_t i)
{
    return is_letter(stretch, i, 0x627, 0x627, 0x627) && is_letter(stretch, i + 1, 0x644, 0x644, 0x644) &&
           !stretch->letter[i].hamza;
}

enum { WAW = 0x648, FEH = 0x641, BEH = 0x628, KAF = 0x643, LAM = 0x644 };

/* Where the word itself may begin in a piece that begins at `from`: after nothing, و ف, ب ك ل, the article. */
struct start {
    size_t at;
    bool article, waw;
};
static size_t starts_of(const struct stretch *stretch, size_t from, struct start out[STARTS_MOST])
{
    size_t count = 0, at = from;
    bool waw = false;
    out[count++] = (struct start){at, is_article_at(stretch, at), false};
    if (is_letter(stretch, at, WAW, FEH, FEH)) {
        waw = true;
        at++;
        out[count++] = (struct start){at, is_article_at(stretch, at), waw};
    }
    if (is_letter(stretch, at, LAM, LAM, LAM) && is_letter(stretch, at + 1, LAM, LAM, LAM)) {
        out[count++] = (struct start){at + 2, true, waw};
        return count;
    }
    if (is_letter(stretch, at, BEH, KAF, LAM)) {
        at++;
        out[count++] = (struct start){at, is_article_at(stretch, at), waw};
    }
    if (is_article_at(stretch, at)) out[count++] = (struct start){at + 2, true, waw};
    return count;
}

/* Endings that a noun may have behind …ال…: what remains of احتمالاتها is no word with an article. */
static bool is_ending(struct slice rest)
{
    static const char *const middles[] = {"", "ي", "يي", "ت", "يت", "ات", "يات"};
    static const char *const lasts[] = {"",   "ه",  "ها", "هم", "هما", "هن", "نا", "كم", "كما",
                                        "كن", "ني", "ين", "ون", "ان",  "ي",  "ا",  "يه", "تين"};
    for (size_t i = 0; i < COUNT_OF(middles); i++) {
        if (!slice_starts(rest, middles[i])) continue;
        struct slice last = slice_part(rest, strlen(middles[i]), rest.size);
        for (size_t k = 0; k < COUNT_OF(lasts); k++)
            if (slice_is(last, lasts[k])) return true;
    }
    return false;
}

/* A piece whose word begins at `start`: its letters, and those behind an article. */
struct measure {
    struct start start;
    size_t letters, behind;
    bool is_ending;
};
static struct measure measure(const struct stretch *stretch, struct start start, size_t to)
{
    struct measure measure = {.start = start, .letters = to - start.at};
    size_t article = is_article_at(stretch, start.at) && measure.letters > 2 ? 2 : 0;
    measure.behind = measure.letters - article;
    measure.is_ending = start.article && is_ending(letters_slice(stretch, start.at + article, to));
    return measure;
}

/* As far as something is known of it: by the lexicon, or since it stands in the text. */
static struct found known_as(unsigned flags, bool in_text, struct measure measure, size_t from)
{
    struct start start = measure.start;
    struct found found = {.end = END_NONE, .article = start.article, .joined_by_waw = start.waw && start.at > from};
    bool listed = (flags & (KNOWN_NAME | KNOWN_WORD)) != 0;
    size_t least = start.article ? 3 : 4;
    found.name = (flags & KNOWN_NAME) != 0;
    found.cost = listed ? 4 : 5 + (unsigned)measure.letters; /* it may itself be run together */
    bool enough = listed ? measure.letters >= 4 || measure.behind >= least : in_text && measure.behind >= least;
    if (enough && !measure.is_ending)
        found.end = found.name ? END_NAME : END_WORD;
    else if (listed && measure.letters == 3)
        found.end = END_SHORT;
    else if ((flags & KNOWN_SMALL) != 0)
        found.end = measure.letters >= 4 ? END_WORD : END_SMALL;
    found.firm = found.end >= END_WORD && (start.article || found.name || (listed && measure.letters >= 5));
    found.long_name = found.end == END_NAME && measure.letters >= 5;
    return found;
}

/* What the article shows by itself, and إ; and behind a name what و joins. */
static struct found shown_as(const struct stretch *stretch, struct start start, size_t to)
{
    struct found found = {.end = END_NONE, .article = true, .cost = 40 + 2 * (unsigned)(to - start.at)};
    size_t at = start.at;
    if (stretch->letter[at].below && to - at >= 2) found.end = END_WORD;
    if (is_article_at(stretch, at) && to - at >= 6 && !is_article_at(stretch, at + 2) &&
        !is_ending(letters_slice(stretch, at + 2, to)))
        found.end = END_WORD;
    found.firm = found.end == END_WORD;
    if (found.end == END_NONE && start.waw && to - at >= 4 && !is_ending(letters_slice(stretch, at, to))) {
        found.end = END_WORD;
        found.article = false;
        found.cost += 10;
    }
    return found;
}

/* What may come after what: a stranger stands only before an article or a long name, a small word only beside a word.
 */
static bool may_follow(enum end before, const struct found *found, bool shown)
{
    bool word = found->end >= END_WORD, short_name = found->end == END_SHORT && found->name;
    if (shown && !found->firm) return before == END_NAME;
    switch (before) {
    case END_NOTHING: return !shown;
    case END_STRANGER: return word && (found->article || found->long_name);
    case END_SMALL_FIRST: return !shown && (found->firm || short_name);
    case END_SMALL: return word;
    case END_SHORT: return found->firm || (short_name && found->joined_by_waw);
    case END_WORD:
    case END_NAME: return true;
    case END_NONE:
    case ENDS: break;
    }
    return false;
}

static void take(struct stretch *stretch, size_t from, size_t to, enum end before, const struct found *found)
{
    enum end end = before == END_NOTHING && found->end == END_SMALL ? END_SMALL_FIRST : found->end;
    unsigned cost = stretch->way[from][before].cost + found->cost;
    /* The ف of تخفيفالعقوبات belongs to the stranger. */
    if (before == END_STRANGER && is_letter(stretch, from, FEH, BEH, KAF)) cost += 10;
    struct way *way = &stretch->way[to][end];
    if (way->cost <= cost) return;
    *way = (struct way){(uint16_t)cost, (uint8_t)from, (uint8_t)before};
    /* A small word of three letters may stand before an article that shows itself, as a stranger may. */
    if (end == END_SMALL_FIRST && to == 3) stretch->way[to][END_STRANGER] = *way;
}

static void consider(struct stretch *stretch, size_t from, size_t to, const struct found *found, bool shown)
{
    if (found->end == END_NONE || (from == 0 && to == stretch->count)) return;
    for (enum end before = END_NOTHING; before < ENDS; before++)
        if (stretch->way[from][before].cost < UINT16_MAX && may_follow(before, found, shown))
            take(stretch, from, to, before, found);
}

/* All pieces that begin at `from`, by one way in which they may begin. */
static void extend_start(struct stretch *stretch, size_t from, struct start start)
{
    const struct words *words = stretch->cutting->words;
    uint32_t hash = WORD_HASH_BEGIN, begin = stretch->letter[start.at].at;
    for (size_t to = start.at + 1; to <= stretch->count; to++) {
        for (uint32_t at = stretch->letter[to - 1].at; at < stretch->letter[to].at; at++)
            hash = word_hash_more(hash, words->folded.data[at]);
        if (to - start.at < 2) continue;
        struct slice word = words_slice(words, begin, stretch->letter[to].at);
        uint32_t whole = word_hash_end(hash);
        unsigned flags = known_find(word, whole);
        bool in_text = (flags & KNOWN_SMALL) == 0 && words_known(words, word, whole);
        if ((flags & KNOWN_HAMZA) != 0 && !stretch->letter[start.at].hamza) flags &= ~(unsigned)KNOWN_SMALL;
        struct found found = known_as(flags, in_text, measure(stretch, start, to), from);
        consider(stretch, from, to, &found, false);
        if (from == 0) continue;
        found = shown_as(stretch, start, to);
        consider(stretch, from, to, &found, true);
    }
}

/* The beginning up to the first article, whatever it is: three letters at least without what may stand before it. */
static void take_strangers(struct stretch *stretch)
{
    struct start starts[STARTS_MOST];
    size_t count = starts_of(stretch, 0, starts), last = starts[count - 1].at;
    for (size_t to = 3; to < stretch->count; to++)
        if (to >= last + 3 || known_kept(letters_slice(stretch, 0, to)))
            stretch->way[to][END_STRANGER] = (struct way){(uint16_t)(60 + 3 * to), 0, END_NOTHING};
}

static bool is_known_whole(const struct stretch *stretch)
{
    struct start starts[STARTS_MOST];
    size_t count = starts_of(stretch, 0, starts);
    for (size_t i = 0; i < count; i++) {
        struct slice word = letters_slice(stretch, starts[i].at, stretch->count);
        unsigned flags = known_find(word, word_hash(word));
        if ((flags & (KNOWN_NAME | KNOWN_WORD)) != 0) return true;
    }
    return false;
}

static bool best_end(const struct stretch *stretch, enum end *out)
{
    static const enum end finished[] = {END_NAME, END_WORD, END_SMALL, END_SHORT};
    unsigned cost = UINT16_MAX;
    for (size_t i = 0; i < COUNT_OF(finished); i++) {
        const struct way *way = &stretch->way[stretch->count][finished[i]];
        if (way->cost >= cost) continue;
        cost = way->cost;
        *out = finished[i];
    }
    return cost < UINT16_MAX;
}

static void put_way(struct cutting *cutting, const struct stretch *stretch, size_t base, enum end end)
{
    size_t cuts[STRETCH_MOST], count = 0, to = stretch->count;
    while (to > 0) {
        const struct way *way = &stretch->way[to][end];
        cuts[count++] = to;
        to = way->from;
        end = (enum end)way->before;
    }
    for (size_t from = 0; count > 0; from = cuts[count]) put_piece(cutting, base + from, base + cuts[--count]);
}

static void cut_stretch(struct cutting *cutting, size_t from, size_t to)
{
    struct stretch stretch;
    struct start starts[STARTS_MOST];
    enum end end;
    stretch.cutting = cutting;
    stretch.letter = &cutting->letter[from];
    stretch.count = to - from;
    if (stretch.count < STRETCH_LEAST || stretch.count > STRETCH_MOST || is_known_whole(&stretch)) {
        put_piece(cutting, from, to);
        return;
    }
    memset(stretch.way, 0xff, (stretch.count + 1) * sizeof stretch.way[0]);
    stretch.way[0][END_NOTHING].cost = 0;
    take_strangers(&stretch);
    for (size_t at = 0; at < stretch.count; at++) {
        bool reached = false, stranger = stretch.way[at][END_STRANGER].cost < UINT16_MAX;
        for (enum end before = END_NOTHING; before < ENDS; before++)
            reached = reached || (before != END_STRANGER && stretch.way[at][before].cost < UINT16_MAX);
        size_t count = reached || stranger ? starts_of(&stretch, at, starts) : 0;
        for (size_t i = 0; i < count; i++)
            if (reached || stretch.count - starts[i].at >= 5 || starts[i].article)
                extend_start(&stretch, at, starts[i]);
    }
    if (best_end(&stretch, &end))
        put_way(cutting, &stretch, from, end);
    else
        put_piece(cutting, from, to);
}

/* ---- what ends a word for certain: a digit beside a letter, a script beside another, ة and ى */

static bool ends_for_certain(const struct cutting *cutting, size_t i)
{
    const struct letter *before = &cutting->letter[i - 1], *after = &cutting->letter[i];
    if (before->class != after->class) return true;
    if (!before->ends || i < 3) return false;
    return cutting->count - i >= (before->c == 0x647 ? 2U : 3U);
}

/* Letters and digits in turns are a name of some machine's: it stays whole. */
static bool is_code(const struct cutting *cutting)
{
    enum { TURNS_MOST = 3 };
    size_t turns = 0;
    for (size_t i = 1; i < cutting->count; i++) turns += cutting->letter[i].class != cutting->letter[i - 1].class;
    return turns > TURNS_MOST;
}

static void cut_english(struct cutting *cutting)
{
    struct slice word = words_slice(cutting->words, cutting->whole.from, cutting->whole.to);
    size_t seam = known_seam(word);
    if (seam == 0 && word.size > 0 && word.data[word.size - 1] == 's') {
        word.size--;
        seam = known_seam(word);
    }
    if (seam == 0) return;
    uint32_t middle = cutting->whole.from + (uint32_t)seam;
    cutting->out[0] = (struct word_piece){cutting->whole.from, middle};
    cutting->out[1] = (struct word_piece){middle, cutting->whole.to};
    cutting->pieces = 2;
}

static void cut_all(struct cutting *cutting)
{
    size_t from = 0;
    for (size_t i = 1; i <= cutting->count; i++) {
        if (i < cutting->count && !ends_for_certain(cutting, i)) continue;
        if (cutting->letter[from].class == CLASS_ARABIC)
            cut_stretch(cutting, from, i);
        else
            put_piece(cutting, from, i);
        from = i;
    }
}

size_t words_cut(const struct words *words, size_t i, struct word_piece out[WORD_PIECES_MOST])
{
    struct cutting cutting;
    cutting.words = words;
    cutting.whole = words_at(words, i);
    cutting.out = out;
    cutting.count = cutting.pieces = 0;
    cut_english(&cutting);
    if (cutting.pieces > 0) return cutting.pieces;
    if (read_letters(&cutting) && !is_code(&cutting)) cut_all(&cutting);
    if (cutting.pieces > 0) return cutting.pieces;
    out[0] = (struct word_piece){cutting.whole.from, cutting.whole.to};
    return 1;
}
