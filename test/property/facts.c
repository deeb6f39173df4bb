/* Random texts out of the words that matter: what is found lies in the text, is the same a second time and beside other
 * text, and takes time that grows as the text does. */
#include "check.h"
#include "facts.h"
#include "random.h"

enum { TEXTS = 3000, PIECES_MOST = 60 };

static struct random random_;

static const char *const pieces[] = {
    " ",
    " ",
    " ",
    " ",
    "\n",
    "\n\n",
    ",",
    "\u060c",
    ".",
    "-",
    "/",
    "(",
    ")",
    "\"",
    "\u00ab",
    "\u00bb",
    "\u0640",
    "\u064e",
    "\u200f",
    "\u200b",
    "1",
    "9",
    "12",
    "31",
    "2016",
    "\u0669",
    "\u0662\u0660\u0661\u0666",
    "1,000",
    "1.5",
    "9/9/2016",
    "2016-09-09",
    "\u0648",
    "\u0628",
    "\u0644",
    "\u0643",
    "\u0641",
    "\u0627\u0644",
    "\u0633\u0628\u062a\u0645\u0628\u0631",
    "\u0623\u064a\u0644\u0648\u0644",
    "\u0623\u0645\u0633",
    "\u0627\u0644\u0627\u062b\u0646\u064a\u0646",
    "\u0627\u0644\u0623\u064a\u0627\u0645",
    "\u0627\u0644\u0645\u0627\u0636\u064a\u0629",
    "\u0645\u062d\u0631\u0645",
    "1438",
    "\u0647\u0640",
    "\u0639\u0627\u0645",
    "\u0639\u0634\u0631\u0648\u0646",
    "\u062e\u0645\u0633\u0629",
    "\u0645\u0626\u0629",
    "\u0623\u0644\u0641",
    "\u0642\u062a\u064a\u0644\u0627",
    "\u0645\u0642\u062a\u0644",
    "\u0634\u062e\u0635\u0627",
    "\u0645\u0648\u0633\u0643\u0648",
    "\u0648\u0627\u0634\u0646\u0637\u0646",
    "\u062d\u062a\u0649",
    "\u062f\u064a\u0631",
    "\u0627\u0644\u0632\u0648\u0631",
    "\u0633\u0648\u0631\u064a\u0627",
    "\u0627\u0644\u0648\u0644\u0627\u064a\u0627\u062a",
    "\u0627\u0644\u0645\u062a\u062d\u062f\u0629",
    "\u062d\u0644\u0628",
    "September",
    "Sept.",
    "9th",
    "Saturday",
    "last",
    "week",
    "yesterday",
    "in",
    "twenty",
    "one",
    "hundred",
    "thousand",
    "people",
    "killed",
    "dozens",
    "at least",
    "Aleppo",
    "Deir",
    "ez",
    "Zor",
    "US",
    "al",
    "Bab",
    "\ufdfa",
    "\u00bd",
    "\uff19",
    "e\u0301",
};

static void put_random(struct buffer *text)
{
    for (uint64_t left = 1 + random_below(&random_, PIECES_MOST); left > 0; left--) {
        buffer_put_string(text, pieces[random_below(&random_, COUNT_OF(pieces))]);
        if (random_chance(&random_, 40)) buffer_put_byte(text, ' ');
    }
}

struct facts {
    struct prepared prepared;
    struct date_list dates;
    struct count_list counts;
    struct place_list places;
};

static void find_all(struct facts *facts, struct slice text)
{
    const struct gazetteer *gazetteer;
    struct text_day day = day_of_text("2016-10-04");
    CHECK(prepare(&facts->prepared, text));
    struct arena *arena = &facts->prepared.arena;
    CHECK(dates_find(&facts->dates, &facts->prepared.tokens, day, arena, NULL) == STATUS_DONE);
    CHECK(counts_find(&facts->counts, &facts->prepared.tokens, arena, NULL) == STATUS_DONE);
    CHECK(gazetteer_builtin(&gazetteer, NULL) == STATUS_DONE);
    CHECK(places_find(&facts->places, &facts->prepared.tokens, gazetteer, arena, NULL) == STATUS_DONE);
}

static bool is_same_place(const struct found_place *a, const struct found_place *b, size_t shift)
{
    return a->start + shift == b->start && a->end + shift == b->end && a->candidates == b->candidates &&
           a->candidate[0].place == b->candidate[0].place;
}

/* Behind a blank line another text begins: what was found in it alone is found there too. */
static void check_behind(const struct facts *alone, struct slice text)
{
    static const char before[] = "9 September\n\n";
    struct buffer both = {0};
    struct facts facts;
    buffer_put_string(&both, before);
    buffer_put(&both, text);
    find_all(&facts, buffer_slice(&both));
    size_t shift = sizeof before - 1;
    if (CHECK(facts.dates.count == alone->dates.count + 1))
        for (size_t i = 0; i < alone->dates.count; i++)
            CHECK(alone->dates.date[i].start + shift == facts.dates.date[i + 1].start &&
                  strcmp(alone->dates.date[i].value, facts.dates.date[i + 1].value) == 0);
    if (CHECK(facts.counts.size == alone->counts.size))
        for (size_t i = 0; i < alone->counts.size; i++)
            CHECK(alone->counts.count[i].start + shift == facts.counts.count[i].start);
    if (CHECK(facts.places.size == alone->places.size))
        for (size_t i = 0; i < alone->places.size; i++)
            CHECK(is_same_place(&alone->places.place[i], &facts.places.place[i], shift));
    discard(&facts.prepared);
    buffer_clear(&both);
}

static void check_random_text(void)
{
    struct buffer text = {0};
    struct facts facts;
    put_random(&text);
    unsigned long failed = check_failed;
    find_all(&facts, buffer_slice(&text));
    CHECK(are_dates_sound(buffer_slice(&text), &facts.dates));
    CHECK(are_counts_sound(buffer_slice(&text), &facts.counts));
    CHECK(are_places_sound(buffer_slice(&text), &facts.places));
    check_behind(&facts, buffer_slice(&text));
    if (check_failed > failed) fprintf(stderr, "in: %.*s\n", SLICE(buffer_slice(&text)));
    discard(&facts.prepared);
    buffer_clear(&text);
}

/* ---- time */

static double seconds_for(const char *piece, size_t size)
{
    struct timespec from, to;
    struct facts facts;
    struct buffer text = {0};
    while (text.size < size) buffer_put_string(&text, piece);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    find_all(&facts, buffer_slice(&text));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    discard(&facts.prepared);
    buffer_clear(&text);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

/* Eight times the text takes eight times as long; three times that is allowed, and a machine busy with other things may
 * be asked again: what grows as the square of the text fails every time. */
static void check_linear_for(const char *piece)
{
    enum { SMALL = 64 * 1024, TIMES = 8, ALLOWED = 3, TRIES = 5 };
    double small = 0, large = 0;
    for (size_t i = 0; i < TRIES; i++) {
        small = seconds_for(piece, SMALL);
        large = seconds_for(piece, (size_t)TIMES * SMALL);
        if (large < 0.05 || large < small * TIMES * ALLOWED) break;
    }
    if (!CHECK(large < 0.05 || large < small * TIMES * ALLOWED))
        fprintf(stderr, "\"%s\" repeated: %.4f s, then %.4f s\n", piece, small, large);
}

static void check_linear(void)
{
    static const char *const repeated[] = {
        "1,000,",
        "9/",
        "9 ",
        "twenty-",
        "thousand ",
        "\u0648",
        "\u0648\u0639\u0634\u0631\u0648\u0646 ",
        "Deir ",
        "1 \u0645\u062d\u0631\u0645 ",
        "killed ",
        "\u0645\u0648\u0633\u0643\u0648",
        "\u0628\u0644\u0643",
        "\u064e",
        "\u0627\u0644\u0623\u064a\u0627\u0645 ",
        "last ",
        "a",
        "\n",
    };
    for (size_t i = 0; i < COUNT_OF(repeated); i++) check_linear_for(repeated[i]);
}

int main(int count, char **arguments)
{
    random_ = random_start(count, arguments);
    for (size_t i = 0; i < TEXTS; i++) check_random_text();
    check_linear();
    return check_end(__FILE__);
}
