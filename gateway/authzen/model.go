package authzen

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
)

// entity is a subject or a resource.
type entity struct {
	Type       string          `json:"type"`
	ID         string          `json:"id,omitempty"`
	Properties json.RawMessage `json:"properties,omitempty"`
}

// action is what somebody wants to do.
type action struct {
	Name       string          `json:"name"`
	Properties json.RawMessage `json:"properties,omitempty"`
}

// tuple is a question. Of each part, nil stands for one that was not stated.
type tuple struct {
	Subject  *entity         `json:"subject"`
	Action   *action         `json:"action"`
	Resource *entity         `json:"resource"`
	Context  json.RawMessage `json:"context,omitempty"`
}

// or fills in what is not stated.
func (t tuple) or(other tuple) tuple {
	if t.Subject == nil {
		t.Subject = other.Subject
	}
	if t.Action == nil {
		t.Action = other.Action
	}
	if t.Resource == nil {
		t.Resource = other.Resource
	}
	return t
}

// decision is an answer.
type decision struct {
	Decision bool    `json:"decision"`
	Context  *remark `json:"context,omitempty"`
}

// remark tells more of a decision.
type remark struct {
	// ReasonAdmin is what is missing, by language. It is for administrators.
	ReasonAdmin map[string]string `json:"reason_admin,omitempty"`
	Error       *failure          `json:"error,omitempty"`
}

// failure is why a question could not be answered, with the status of HTTP
// that stands for it.
type failure struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
}

func (f *failure) Error() string { return f.Message }

func bad(format string, args ...any) error {
	return &failure{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// evaluations is a request for several decisions.
type evaluations struct {
	tuple
	Evaluations []tuple `json:"evaluations"`
	Options     struct {
		Semantic string `json:"evaluations_semantic"`
	} `json:"options"`
}

// search is a request for all subjects, resources or actions that fit.
type search struct {
	tuple
	Page struct {
		Token      string          `json:"token"`
		Limit      *int            `json:"limit"`
		Properties json.RawMessage `json:"properties,omitempty"`
	} `json:"page"`
}

// print is a digest of all that a search asks, but for where it goes on: of the
// next page all else has to be as it was (section 8.2).
func (s *search) print() ([]byte, error) {
	asked := *s
	asked.Page.Token = ""
	raw, err := json.Marshal(asked)
	var sorted any
	if err == nil {
		err = json.Unmarshal(raw, &sorted)
	}
	if err == nil {
		raw, err = json.Marshal(sorted) // the order of names says nothing
	}
	if err != nil {
		return nil, bad("the request cannot be read: %v", err)
	}
	sum := sha256.Sum256(raw)
	return sum[:], nil
}

// results is a page of what fits.
type results struct {
	Page    page  `json:"page"`
	Results []any `json:"results"`
}

// page tells where to go on; an empty token is the end, and is stated
// (section 8.2.2). There is no total: a page is a part of those who are looked
// through, so that it is known at the last one alone.
type page struct {
	NextToken string `json:"next_token"`
	Count     int    `json:"count"`
}

// Metadata is the description of a decision point, by which others find its
// endpoints.
type Metadata struct {
	PolicyDecisionPoint       string `json:"policy_decision_point"`
	AccessEvaluationEndpoint  string `json:"access_evaluation_endpoint"`
	AccessEvaluationsEndpoint string `json:"access_evaluations_endpoint"`
	SearchSubjectEndpoint     string `json:"search_subject_endpoint"`
	SearchResourceEndpoint    string `json:"search_resource_endpoint"`
	SearchActionEndpoint      string `json:"search_action_endpoint"`
}

// metadataOf describes the decision point at an address, such as
// "https://crm.example.com".
func metadataOf(address string) Metadata {
	return Metadata{
		PolicyDecisionPoint: address, AccessEvaluationEndpoint: address + EvaluationPath, AccessEvaluationsEndpoint: address + EvaluationsPath,
		SearchSubjectEndpoint: address + SubjectPath, SearchResourceEndpoint: address + ResourcePath, SearchActionEndpoint: address + ActionPath,
	}
}
