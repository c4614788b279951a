// Command bench measures the product and the raw engine below it in one run and prints them beside the budgets of
// docs/benchmarks.md. It is no test: nothing fails because it was slow.
//
//	go run ./bench                          # SQLite, 10,000 tickets, about three minutes
//	go run ./bench -url postgres -tickets 100000
//	go run ./bench -only create,mail -rounds 5
//
// The product runs as it is installed, a second process built from cmd/bothways; this process drives it with several clients over
// HTTP and LMTP, and takes its mail. The raw engine writes the very rows that one ticket creation was seen to write, from this
// process, with an fsync before each commit is answered. Every figure is the median of several rounds after a warm-up.
package main
