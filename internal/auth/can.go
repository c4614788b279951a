package auth

import (
	"slices"
	"strings"

	"bothways/internal/kit/errs"
)

// Can is the one authoriser: nil when the actor may do v to the object.
//
// Errors: Unauthenticated for nobody; NotFound when the actor may not know that the object exists, the same as if it did not;
// Denied when they see it and may not do this, with who may. What a token's scopes leave out is Denied whatever the object,
// so that a narrow token finds nothing out.
func Can(a Actor, v Verb, o Object) error {
	const op = "auth.Can"
	info, ok := v.info()
	if !ok {
		return errs.New(errs.Internal, op, "unknown verb %q", string(v))
	}
	switch a.Kind {
	case System:
		return nil
	case Person, Mail:
		if a.PersonID == "" {
			return signInFirst(op)
		}
	default:
		return signInFirst(op)
	}
	if !InScopes(a.Scopes, v) {
		return errs.New(errs.Denied, op, "This token may not %s: its scopes are %s. Make one whose scopes hold %s.",
			info.do, quoteScopes(a.Scopes), string(v)).Reason("token-scope")
	}
	if allowed(a, v, o) {
		return nil
	}
	if !sees(a, info, o) {
		return errs.New(errs.NotFound, op, "There is nothing here that you can see.")
	}
	return errs.New(errs.Denied, op, "You may not %s. That is for: %s.", info.do, whoMay(v))
}

// CanGrant says whether the actor may grant or revoke g, whose scope is the object (its site with organisation and region, its
// team, …; nothing for Everywhere). Nobody grants further than they are administrator. Errors: as Can.
func CanGrant(a Actor, g Grant, scope Object) error {
	if !g.Role.known() {
		return errs.In("auth.CanGrant", "role", "%q is no role.", string(g.Role))
	}
	if !scope.isScopeOf(g) {
		return errs.New(errs.Internal, "auth.CanGrant", "the object is not the grant's scope")
	}
	return Can(a, GrantManage, scope)
}

func signInFirst(op string) error {
	return errs.New(errs.Unauthenticated, op, "Sign in first.")
}

func allowed(a Actor, v Verb, o Object) bool {
	for _, r := range relations {
		if (a.Kind == Person || r.mail) && slices.Contains(r.verbs, v) && r.holds(a, o) {
			return true
		}
	}
	if a.Kind != Person {
		return false
	}
	for _, g := range a.Grants {
		if slices.Contains(policy[g.Role], v) && g.reaches(a, o) {
			return true
		}
	}
	return false
}

// sees says whether the actor, who may not do the verb, may know that the object exists.
func sees(a Actor, info VerbInfo, o Object) bool {
	switch info.seen {
	case "":
		return a.Staff()
	case TicketCreate: // there is no ticket yet: what may be known is that the person exists
		return a.Kind == Person && colleague(a, o)
	case info.Verb:
		return false
	}
	return allowed(a, info.seen, o)
}

// InScopes says whether a token's scopes hold the verb. nil is no limit, an empty list holds nothing. A scope is "read",
// "write" (with read), "admin" (everything), a verb, or the start of one: "ticket.*".
func InScopes(scopes []string, v Verb) bool {
	if scopes == nil {
		return true
	}
	return slices.ContainsFunc(scopes, func(s string) bool { return inScope(s, v) })
}

func inScope(scope string, v Verb) bool {
	info, ok := v.info()
	if !ok {
		return false
	}
	switch scope {
	case "read":
		return info.class == reads
	case "write":
		return info.class <= writes
	case "admin":
		return true
	case string(v):
		return true
	}
	prefix, ok := strings.CutSuffix(scope, "*")
	return ok && strings.HasSuffix(prefix, ".") && strings.HasPrefix(string(v), prefix)
}

// ParseScopes checks the scopes wanted for a token and gives them without doubles; no scope gives nil, which is no limit.
// Errors: Invalid for one that holds no verb.
func ParseScopes(in []string) ([]string, error) {
	var out []string
	for _, s := range in {
		s = strings.ToLower(strings.TrimSpace(s))
		if !slices.ContainsFunc(verbs, func(i VerbInfo) bool { return inScope(s, i.Verb) }) {
			return nil, errs.In("auth.ParseScopes", "scopes", `%q is no scope. Write "read", "write", "admin", a verb such as "ticket.read", or a group such as "ticket.*".`, s)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out, nil
}

// within says whether everything that want holds is held by have: nobody makes a token wider than the one in use.
func within(want, have []string) bool {
	if have == nil {
		return true
	}
	if want == nil {
		return false
	}
	for _, i := range verbs {
		if InScopes(want, i.Verb) && !InScopes(have, i.Verb) {
			return false
		}
	}
	return true
}

func quoteScopes(scopes []string) string {
	if len(scopes) == 0 {
		return "none"
	}
	return strings.Join(scopes, ", ")
}

// Somewhere says whether the actor may do v to anything at all by a role: nil when a page about it has something for them. What is on
// the page is decided by Can and Filter. Errors: as Can.
func Somewhere(a Actor, v Verb) error {
	if a.Kind == Person && a.PersonID != "" && InScopes(a.Scopes, v) &&
		slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(policy[g.Role], v) }) {
		return nil
	}
	return Can(a, v, Object{})
}
