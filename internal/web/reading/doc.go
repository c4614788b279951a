// Package reading tells one ticket to one reader: whose turn it is and why, what was said and what happened, with the names of
// who did it.
//
// The staff's page and the customer's are told from the same ledger by the same words; only the point of view differs ("Helen’s
// turn" and "your turn"). For a customer's side nothing internal is loaded at all, and what is told is made of public types.
// Teams, sites and terms, which hardly change, are kept for some seconds; rights are not.
package reading
