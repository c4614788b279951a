// Package calendar is the working-time arithmetic of Bothways: weekly hours in an IANA zone with dated exceptions, and
// how many working seconds lie between two instants, when a number of them has passed, and why a second counts or not.
//
// It is pure: no database, no clock, no server time zone. A [Calendar] is compiled once from a [Spec], never changes,
// and is safe for concurrent use. Instants are Unix seconds (UTC) everywhere.
//
// # What counts
//
// A second counts when the wall clock of the calendar's zone, at that second, shows an open minute of its local date.
// Hence a wall-clock minute that occurs twice (clock set back) counts twice and one that never occurs counts nothing;
// a local date that a zone skipped (Pacific/Apia, 2011-12-30) counts nothing. The open minutes of a local date are:
//
//  1. its frames: the dated shift of that date if there is one (an empty list closes the date), else the frames of its
//     weekday; overlapping and touching frames are one;
//  2. none of them if the date is a holiday, dated or yearly: a holiday wins over a shift, as in zendesk/biz, from
//     which the vectors come. Yearly 02-29 occurs in leap years alone;
//  3. plus the part after midnight of a frame of the date before. A frame whose end is not after its start
//     (["22:00","06:00"], also ["09:00","09:00"] = 24 hours) goes over midnight and belongs to the date it starts on:
//     a holiday or a shift on the starting date takes the whole frame away or replaces it, one on the date after
//     midnight does neither. The part after midnight lies on the next date of the calendar, existing or skipped;
//  4. less the breaks of that local date, whatever frame the time came from. A break over midnight goes on into the
//     next date likewise.
//
// "24:00" is the end of a day and only ever the end of a frame.
//
// # Range
//
// The engine covers 1900-01-01 to 2400-01-01 UTC; nothing is open outside. Beyond the zone's table the last rule of
// the tz database goes on.
//
// # How
//
// Per UTC year a sorted array of open intervals with running totals is built on first use, plus one number a year.
// Between, Add, Sub, NextOpen and IsOpen are binary searches in one or two years and a sum of whole years.
// Explanations walk the days of the interval they explain, nothing more.
//
// The tz database is linked in (time/tzdata), so that a binary needs no zone files on its machine; files that exist
// take precedence (see [time.LoadLocation]).
package calendar
