"""Where the program is known to depart from spec/terms.md, with the least example. The oracle departs with it, so that
nothing else is overlooked meanwhile. Whoever mends one takes its word out, here and where it is asked for;
`compare.py … --mended WORD` tells whether it is."""

DEPARTS = {
    'change-day': 'D+n by the clock on the wall, on the very day on which the clocks change and after the change, is off by'
                  ' that change. 12:00 of the third at +2 h, and a day: 12:00 of the fourth, from whose beginning it is +3 h'
                  ' at 02:00, is 09:00 UTC; the program takes 10:00.',
    'exact': 'The `exact` time of a `when`, where it stands in the clear, is not read. A whole day with 13:00 to 14:00 as its'
             ' exact time, and a window from 12:00: surely inside, and perhaps to the program.',
    'first-ground': 'Of several justifications that the reading accepts only the first is held against the grounds of a term.'
                    ' The accused justify an event first as an error, then as self-defence, which the term excepts: excused,'
                    ' and breached to the program.',
    'period-clock': 'The clock of a floor with `every` misses a change that lies more than two periods after the last thing'
                    ' that fits it: a later period that becomes watched, or in which only what a ratio is measured to happens.',
    'reply-doubt': 'What is asked when the term under which a `reply` stands was perhaps broken is owed for sure: a missed answer is'
                   ' breached instead of not-observed.',
    'silence': 'Days are judged to a little after the last record or the beginning of the window, whichever is later, but not to'
               ' where force begins: with force from the eleventh, a term from the second, and no record after that, a cap is'
               ' pending for ever. (Here a last record is drawn, so that nothing is silent.)',
    'untimed': 'An event of which nobody says when it was (a claim with `event` and without `when`) is left out instead of'
               ' counting towards the most.',
}
