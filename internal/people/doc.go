// Package people keeps who there is: organisations, their sites, persons with their addresses, teams and their members, and
// who holds which role where and from when to when.
//
// It owns the tables people_organisation, people_site, people_person, people_address, people_team, people_member and
// people_grant.
//
// Invariants:
//   - An address belongs to one person. Whoever writes from an address nobody has becomes an unverified person of the
//     organisation Unassigned, with no rights but those to their own requests; such a person holds no role and is in no
//     team until somebody places them.
//   - Nobody grants beyond their own scope, nor changes a person who holds a role they could not grant: otherwise the
//     administrator of one site could take over the administrator of all.
//   - There is always an administrator everywhere, enabled and without an end.
//   - Who is disabled has no session, no token and no [auth.Actor] from that moment.
//
// Every command asks auth.Can, runs in one transaction and writes its audit row there. Facts that clocks read (a site's zone
// and calendar, a person's place) are told to the functions given to OnChange, in the same transaction. Reads that other
// packages need inside their own transactions take a db.Querier and do not ask for rights: their callers have.
package people
