// Package api is the HTTP API under /api/v1: everything the desk can do, for programs (docs/architecture.md §6).
//
// It owns the table api_idempotency and no rule of the business: a handler decodes, asks one service, and shows the result. Who
// may do what is decided by package auth inside the services; here every route declares its verb, so that a token whose scopes
// leave it out is refused before anything is read, and so that the permission matrix has a row for every route.
//
// Invariants:
//   - What somebody may not know of and what does not exist are one answer, byte for byte: no id, number or name is echoed.
//   - Shapes are structs of this package, never rows of another: a column that appears in a table appears nowhere by itself.
//     Notes have a type of their own that no customer's answer contains.
//   - Lists are {"items": [...], "next": null or a cursor}; instants are RFC 3339 in UTC; names are snake_case.
//   - Errors are problems (RFC 9457) of type urn:bothways:reason. Only errs' sentences and fields reach a caller; an internal
//     error is logged and answered with a reference.
//   - Fields and parameters nobody knows are refused, never ignored (attacks 26 and 32).
//   - A POST with an Idempotency-Key is carried out once: see idempotency.go for what that promises.
//   - An answer that shows data is never stored by a cache, and a file is never shown: it is downloaded.
//
// Who may call: app, which mounts the [Handler] at /api/ and /docs.
package api
