// Package queue is the pages on which staff see many tickets: the queue by whose turn it is, in any filter and order.
package queue
