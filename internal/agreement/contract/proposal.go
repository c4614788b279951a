package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"bothways/internal/agreement"
)

// State is how a proposal stands.
type State string

// The states. All but Proposed are final.
const (
	Proposed  State = "proposed"
	Signed    State = "signed"
	Answered  State = "answered" // by another proposal
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
	Expired   State = "expired"
	Void      State = "void"
)

// Proposal is a version as one side proposes it.
type Proposal struct {
	ID          string
	AgreementID string
	Name        string // of the agreement
	OrgID       string
	SiteID      string // "" is the whole organisation
	Number      int64  // of the version it would be
	Side        agreement.Side
	AuthorID    string
	MadeAt      time.Time
	Service     string // calendar id: the hours IT works in
	Customer    string // calendar id: the hours of customers whose site has none of its own
	Terms       agreement.Terms
	From        time.Time
	Why         string
	Answers     string // the proposal it answers
	State       State
	AskID       string // the approval in which it is signed
	EndedAt     time.Time
	VersionID   string // once it is signed
}

// Digest is of everything that is signed: SHA-256 of its canonical JSON, in hexadecimal.
func (p Proposal) Digest() (string, error) {
	body, err := json.Marshal(struct {
		Agreement, Name, Org, Site string
		Number                     int64
		Service, Customer          string
		Terms                      agreement.Terms
		From                       int64
	}{p.AgreementID, p.Name, p.OrgID, p.SiteID, p.Number, p.Service, p.Customer, p.Terms, p.From.Unix()})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// Paper is the proposal as a version, for comparing and for showing it as one.
func (p Proposal) Paper() agreement.Paper {
	return agreement.Paper{
		ID: p.VersionID, AgreementID: p.AgreementID, Name: p.Name, OrgID: p.OrgID, SiteID: p.SiteID, Number: p.Number, ServiceCalendar: p.Service,
		CustomerCalendar: p.Customer, Terms: p.Terms,
	}
}

// Stages of a signature's approval.
const (
	StageProvider = "provider"
	StageCustomer = "customer"
)
