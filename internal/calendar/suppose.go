package calendar

import "context"

type supposed struct{ id string }

// Supposing is a context in which a calendar is another one: what is reckoned with it is what would be so. Nothing of it is kept.
func Supposing(ctx context.Context, calendarID string, c *Calendar) context.Context {
	return context.WithValue(ctx, supposed{calendarID}, c)
}
