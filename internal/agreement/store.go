package agreement

import (
	"bothways/internal/db"
)

const (
	sqlInsertAgreement = `INSERT INTO agreement_agreement (id, org_id, site_id, name, made_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`
	sqlInsertVersion   = `INSERT INTO agreement_version (id, agreement_id, number, service_calendar_id, customer_calendar_id, terms, from_at, ask_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (agreement_id, number) DO NOTHING`
	columnsVersion     = `v.id, v.agreement_id, a.name, a.org_id, a.site_id, v.number, v.service_calendar_id, v.customer_calendar_id, v.terms, v.from_at, v.ask_id`
	// served by agreement_agreement_org; the site's own before the organisation's before the default ("")
	sqlInForce = `SELECT v.id FROM agreement_version v JOIN agreement_agreement a ON a.id = v.agreement_id
WHERE a.org_id IN ($1, '') AND a.site_id IN ($2, '') AND v.from_at <= $3
ORDER BY CASE WHEN a.org_id = '' THEN 2 WHEN a.site_id = '' THEN 1 ELSE 0 END, v.from_at DESC, v.number DESC LIMIT 1`
	sqlVersion  = `SELECT ` + columnsVersion + ` FROM agreement_version v JOIN agreement_agreement a ON a.id = v.agreement_id WHERE v.id = $1`
	sqlVersions = `SELECT ` + columnsVersion + ` FROM agreement_version v JOIN agreement_agreement a ON a.id = v.agreement_id ORDER BY a.id, v.number`
)

func scanPaper(s db.Scanner) (Paper, error) {
	var p Paper
	var terms string
	if err := s.Scan(&p.ID, &p.AgreementID, &p.Name, &p.OrgID, &p.SiteID, &p.Number, &p.ServiceCalendar, &p.CustomerCalendar, &terms, &p.from, &p.AskID); err != nil {
		return p, err
	}
	return p, p.read(terms)
}
