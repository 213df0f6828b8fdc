package schema

import "time"

// Folder groups documents.
type Folder struct {
	Record
	// Name of the folder.
	Name string `fact:"label"`
	// The folder in which this one lies.
	Within Ref[Folder] `fact:"filter"`
}

// Folders group documents.
var Folders = define[Folder]("folders", private)

// Document is a paper in as many versions as it went through: a contract, a
// price list, a proposal.
type Document struct {
	Record
	Audience
	// The customer whom it concerns, if it concerns one.
	Customer Ref[Customer] `fact:"parent"`
	// Title of the document.
	Title string `fact:"label"`
	// What sort of document it is.
	DocumentType DocumentType `fact:"required,filter"`
	// Where the document stands.
	Status DocumentStatus `fact:"required,filter"`
	// The folder in which it lies.
	Folder Ref[Folder] `fact:"class=internal,filter"`
	// The day on which it was published.
	PublishedOn Date
	// The last day on which it holds.
	ExpiresOn Date
}

// DocumentType is a sort of document.
type DocumentType string

// The sorts of document.
const (
	Contract     DocumentType = "CONTRACT"   // what two sides signed, or are to sign
	NDADocument  DocumentType = "NDA"        // a non-disclosure agreement
	PriceSheet   DocumentType = "PRICE_LIST" // prices of products
	Technical    DocumentType = "TECHNICAL"  // data sheets, drawings, manuals
	Proposal     DocumentType = "PROPOSAL"   // an offer to a customer
	Proof        DocumentType = "PROOF"      // evidence that something was done or delivered
	OtherDocType DocumentType = "OTHER"      // none of these
)

// Values lists the sorts of document.
func (DocumentType) Values() []string {
	return values(Contract, NDADocument, PriceSheet, Technical, Proposal, Proof, OtherDocType)
}

// DocumentStatus is where a document stands.
type DocumentStatus string

// The states of a document.
const (
	DocumentDraft    DocumentStatus = "DRAFT"    // being written
	DocumentActive   DocumentStatus = "ACTIVE"   // in force
	DocumentCanceled DocumentStatus = "CANCELED" // taken back
	DocumentExpired  DocumentStatus = "EXPIRED"  // its last day is over
)

// Values lists the states of a document.
func (DocumentStatus) Values() []string {
	return values(DocumentDraft, DocumentActive, DocumentCanceled, DocumentExpired)
}

// Documents are papers in all their versions.
var Documents = define[Document]("documents")

// DocumentVersion is one version of a document: its bytes, which never
// change, known by their SHA-256.
type DocumentVersion struct {
	Record
	// The document.
	Document Ref[Document] `fact:"required,parent"`
	// Number of the version, from 1 upwards.
	Number *int64 `fact:"required,frozen,sort,filter,system"`
	// Name of the file as it was uploaded.
	FileName string `fact:"label,frozen"`
	// SHA-256 of the bytes, in hexadecimal digits.
	SHA256 string `fact:"required,frozen,system,max=64,filter"`
	// Media type found in the bytes, such as application/pdf.
	MediaType string `fact:"required,frozen,system,max=100"`
	// Number of bytes.
	Size *int64 `fact:"required,frozen,system"`
	// What changed since the version before.
	ChangeLog string `fact:"max=2000"`
	// When the bytes were found to be safe to open.
	ScannedAt time.Time `fact:"system,class=internal"`
}

// DocumentVersions are the versions of documents.
var DocumentVersions = define[DocumentVersion]("documentVersions")
