package ticket

import (
	"strings"

	"bothways/internal/kit/errs"
	"bothways/internal/kit/text"
)

// Tag is a word or two that staff put on tickets to find them again. Its key is folded: "Dock", "dock" and "döck" are one tag,
// written as whoever used it first wrote it.
type Tag struct{ Key, Label string }

// TagUse is a tag and on how many tickets it is.
type TagUse struct {
	Tag
	Tickets int
}

// MaxTag is how many characters a tag may have; MaxTags how many tags a ticket.
const (
	MaxTag  = 40
	MaxTags = 20
)

// TagKey is the key of a tag as people write it: "#VPN drops" is vpn-drops. "" when there is nothing in it.
func TagKey(s string) string { return strings.Join(text.Words(s), "-") }

// ParseTag reads a tag. Errors: Invalid.
func ParseTag(s string) (Tag, error) {
	t := Tag{Key: TagKey(s), Label: strings.TrimLeft(text.Line(s), "# ")}
	switch {
	case t.Key == "":
		return t, errs.In("desk.tag", "tag", "%q holds no word. Write one or two, such as vpn or dock firmware.", Short(s))
	case len([]rune(t.Label)) > MaxTag || len(t.Key) > 4*MaxTag:
		return t, errs.In("desk.tag", "tag", "It is too long. Keep a tag to %d characters.", MaxTag)
	}
	return t, nil
}

// ParseTags reads several, between commas. Errors: Invalid.
func ParseTags(s string) ([]Tag, error) {
	var out []Tag
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		t, err := ParseTag(part)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
