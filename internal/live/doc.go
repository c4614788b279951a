// Package live tells whoever watches, on every node, which tickets have changed.
//
// It owns no table. What changes a ticket calls [Hub.Changed] after its commit, with the number and the version and nothing else:
// who may know of it is asked anew by whoever passes it on. Changes that come while others are being passed on are put together,
// so that telling never holds a command up: on one node they go from the hub to its watchers, on PostgreSQL by NOTIFY to the
// other nodes too, in a statement of its own after the commit.
//
// There is no log to replay. Where something may have been missed (a connection was lost, too much came at once) the watchers
// get a [Batch] that says so, and whatever they show is to be read again.
//
// The hub keeps no goroutine while nobody watches and nothing changes, and no connection of the pool ever.
package live
