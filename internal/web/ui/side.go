package ui

// Side says who owes the next move in a span of a ticket's life. The values
// are those of the ledger and of the API.
type Side string

// The four sides; every instant of a ticket's life belongs to exactly one.
const (
	Provider Side = "provider"
	Customer Side = "customer"
	Supplier Side = "supplier"
	Nobody   Side = "nobody"
)

// Hue is the CSS class that says WHO: square indigo for IT, round ochre for
// the customer, grey for supplier and nobody. It never means good or bad.
func (s Side) Hue() string {
	switch s {
	case Provider:
		return "it"
	case Customer:
		return "you"
	default:
		return "else"
	}
}

func (s Side) swatch() string { return "swatch " + s.Hue() }

func (s Side) avatar() string {
	switch s {
	case Provider:
		return "av it"
	case Customer:
		return "av you"
	default:
		return "av"
	}
}
