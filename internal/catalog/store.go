package catalog

import (
	"bothways/internal/db"
	"bothways/internal/kit/clock"
)

const (
	sqlServices      = `SELECT s.id, s.name, s.about, s.owner_id, s.made_at, s.ended_at, s.version FROM catalog_service s`
	sqlServiceInsert = `INSERT INTO catalog_service (id, name, name_key, about, owner_id, made_at, ended_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`
	sqlServiceUpdate = `UPDATE catalog_service SET name = $1, name_key = $2, about = $3, owner_id = $4, ended_at = $5, version = version + 1 WHERE id = $6 AND version = $7`
	sqlServiceTaken  = `SELECT COUNT(*) FROM catalog_service WHERE name_key = $1 AND id <> $2`

	// who a service is for: with no customer stated, everybody
	isFor = `(NOT EXISTS (SELECT 1 FROM catalog_customer c WHERE c.service_id = s.id) OR EXISTS (SELECT 1 FROM catalog_customer c WHERE c.service_id = s.id AND c.org_id = ?))`

	sqlCustomers      = `SELECT service_id, org_id FROM catalog_customer`
	sqlCustomerInsert = `INSERT INTO catalog_customer (service_id, org_id) VALUES ($1, $2)`
	sqlCustomerClear  = `DELETE FROM catalog_customer WHERE service_id = $1`

	sqlNeeds      = `SELECT service_id, needs_id FROM catalog_need`
	sqlNeedInsert = `INSERT INTO catalog_need (service_id, needs_id) VALUES ($1, $2)`
	sqlNeedClear  = `DELETE FROM catalog_need WHERE service_id = $1`
	// writes a row that two commands which each add a dependency must not both take for granted: on PostgreSQL the later one
	// runs again and finds the circle
	sqlNeedLock = `UPDATE catalog_service SET version = version WHERE id = $1`
)

func scanService(s db.Scanner) (Service, error) {
	var v Service
	var made, ended int64
	err := s.Scan(&v.ID, &v.Name, &v.About, &v.OwnerID, &made, &ended, &v.Version)
	v.MadeAt, v.EndedAt = clock.FromMicros(made), clock.FromMicros(ended)
	return v, err
}

func scanPair(s db.Scanner) (p [2]string, err error) { return p, s.Scan(&p[0], &p[1]) }
