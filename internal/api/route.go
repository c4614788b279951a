package api

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bothways/internal/auth"
)

const scopeKey = "scope"

// inScope refuses what the caller's token leaves out.
func (h *Handler) inScope(c huma.Context, next func(huma.Context)) {
	scope, _ := c.Operation().Metadata[scopeKey].(auth.Verb)
	by := callOf(c.Context()).by
	if !auth.InScopes(by.Scopes, scope) {
		r, w := humago.Unwrap(c)
		h.refuse(w, r, auth.Can(by, scope, auth.Object{}))
		return
	}
	next(c)
}
