// Package hours holds the pages about time: calendars with their year and their holiday files, agreements with what both sides
// promise, and who is away.
package hours
