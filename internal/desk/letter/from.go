package letter

import (
	"strings"
	"time"
)

// From is what every mail of the desk says of it.
type From struct {
	Name    string // what mails call the desk
	Domain  string // of Message-IDs
	BaseURL string
	Key     []byte // of Message-IDs
}

// Page is the whole address of a page; path begins with "/".
func (f From) Page(path string) string { return strings.TrimSuffix(f.BaseURL, "/") + path }

// At is an instant as mails write it: "Mon 30 Nov 2026, 14:30 GMT".
func At(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04 MST")
}
