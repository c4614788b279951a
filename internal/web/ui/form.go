package ui

// Form is the state of one form: where it posts, what was typed and what is
// wrong with it. A page rendered after an error carries the same Form with
// Values as typed, so nothing typed is lost.
type Form struct {
	// ID prefixes the ids of the form's fields; unique on the page.
	ID string
	// Action is the address the form posts to. A form without one is not shown.
	Action string
	// Values are what the fields hold, by field name.
	Values map[string]string
	// Errors in the order of the fields; a Field of "" is about the whole form.
	Errors []FieldError
	// Hidden are passed through as they are: version, idempotency key, way back.
	Hidden []Hidden
}

// FieldError says what is wrong with one field and what to do, in one
// sentence that blames nobody.
type FieldError struct{ Field, Text string }

// Hidden is a field the reader does not see.
type Hidden struct{ Name, Value string }

// Value returns what the field holds.
func (f Form) Value(name string) string { return f.Values[name] }

// Error returns the text about a field, or "".
func (f Form) Error(name string) string {
	for _, e := range f.Errors {
		if e.Field == name {
			return e.Text
		}
	}
	return ""
}

// Failed reports whether the form came back with errors.
func (f Form) Failed() bool { return len(f.Errors) > 0 }

func (f Form) fieldID(name string) string { return f.ID + "-" + name }

// describedBy joins the ids of a field's hint and error for aria-describedby.
func (f Form) describedBy(name string, hint bool) string {
	id := f.fieldID(name)
	bad := f.Error(name) != ""
	switch {
	case hint && bad:
		return id + "-hint " + id + "-error"
	case hint:
		return id + "-hint"
	case bad:
		return id + "-error"
	default:
		return ""
	}
}

// Option is one choice of a select or of a set of radio buttons.
type Option struct {
	Value, Label string
	Hint         string
}

// Field describes one input. Name and Label are needed.
type Field struct {
	Name, Label string
	Hint        string
	// Type is the input's type; "" is text.
	Type         string
	Autocomplete string
	// Placeholder is an example, never the label.
	Placeholder string
	Rows        int
	Required    bool
	// Optional adds "(optional)" to the label.
	Optional  bool
	MaxLength int
	Spellless bool
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// Failed returns the forms that came back with errors, for the title and the
// summary of a page that holds several.
func Failed(forms ...Form) []Form {
	var out []Form
	for _, f := range forms {
		if f.Failed() {
			out = append(out, f)
		}
	}
	return out
}
