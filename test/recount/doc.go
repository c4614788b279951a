// Package recount reads the logs that a replay reads and counts the same figures on its own: whose turn every second was, and which
// promises were kept. It shares no code with the product, imports nothing of it, and reads no map: what each log's words mean is written here
// a second time. Its tests hold the product's ledger against it, to the second.
package recount
