package ui

// Cast is a part in the demo and who plays it.
type Cast struct {
	Title  string // "Customers"
	People []Role
}

// Role is one person whom one click makes you.
type Role struct {
	Name, What, Address string
	Side                Side
}
