// Package view keeps filters under names: one's own, and those shared with a team or with everybody in IT. A view is a query of
// package filter and nothing else: what it shows is read with the rights of whoever opens it, at the moment they do.
//
// It owns desk_view. Whoever made a view may change and delete it; an administrator may do so with one that is shared. Somebody
// else's own view does not exist.
package view
