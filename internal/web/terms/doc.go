// Package terms tells an agreement to one reader: what each side promises in plain words, in which hours, what follows when nobody
// moves, who speaks for each side, and how both have kept it. It writes nothing and knows no page.
package terms
