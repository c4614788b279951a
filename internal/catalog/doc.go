// Package catalog keeps the services: what is agreed, supported, changed and announced, each with its owner, its customers and what it
// depends on.
//
// It owns catalog_service, catalog_customer and catalog_need. Invariants:
//   - A service has a name of its own and an owner.
//   - What a service depends on never leads back to it.
//
// Whether an owner or a customer exists is asked of [Parties], which app plugs.
package catalog
