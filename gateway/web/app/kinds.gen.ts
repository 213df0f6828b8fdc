// Generated from package schema by "go generate". Do not edit.

export type Class = "basic" | "personal" | "commercial" | "internal";

/** The fields of each kind that can be shared, with their class. */
export const fieldClasses: Record<string, Record<string, Class>> = {
  Acceptance: { addressedTo: "basic", sentAt: "basic", partnership: "basic", sharingAgreement: "basic", answer: "basic", textSha256: "basic" },
  Agreement: { addressedTo: "basic", sentAt: "basic", name: "basic", agreementType: "basic", document: "basic", effectiveOn: "basic", expiresOn: "basic", signedOn: "basic", terminatedOn: "basic" },
  Contact: { customer: "basic", name: "basic", jobTitle: "basic", email: "personal", phone: "personal", contactPreference: "personal", mayShareInfo: "basic", mayContact: "basic" },
  Customer: { name: "basic", customerType: "basic", status: "basic", website: "basic", industry: "basic", segment: "basic", street: "basic", city: "basic", postalCode: "basic", region: "basic", country: "basic", email: "personal", phone: "personal", employees: "basic", duns: "basic", gln: "basic", vatId: "basic", customerNumber: "internal", annualRevenue: "commercial", creditLimit: "internal", description: "internal", assignee: "internal" },
  DealDecision: { addressedTo: "basic", sentAt: "basic", dealRegistration: "basic", reviewStatus: "basic", conflict: "basic", comments: "basic", protectionStartsAt: "basic", protectionEndsAt: "basic", receivedAt: "basic", conflictingRegistrations: "internal", matchingCustomers: "internal", conflictReport: "internal" },
  DealRegistration: { addressedTo: "basic", sentAt: "basic", name: "basic", state: "basic", customer: "basic", companyName: "basic", companyWebsite: "basic", companyVatId: "basic", companyDuns: "basic", companyCity: "basic", companyCountry: "basic", products: "basic", estimatedDealSize: "basic", estimatedCloseOn: "basic", description: "basic", internalNotes: "internal" },
  Document: { audience: "internal", audienceTeam: "internal", audienceFirms: "internal", customer: "basic", title: "basic", documentType: "basic", status: "basic", folder: "internal", publishedOn: "basic", expiresOn: "basic" },
  DocumentVersion: { document: "basic", number: "basic", fileName: "basic", sha256: "basic", mediaType: "basic", size: "basic", changeLog: "basic", scannedAt: "internal" },
  Firm: { legalName: "basic", tradeName: "basic", domains: "basic", duns: "basic", gln: "basic", vatId: "basic", country: "basic", partnerTypes: "basic", timeZone: "basic", signingKey: "basic" },
  Goal: { audience: "internal", audienceTeam: "internal", audienceFirms: "internal", customer: "basic", title: "basic", target: "basic", dueOn: "basic", reached: "basic" },
  Grant: { addressedTo: "basic", sentAt: "basic", sharingAgreement: "basic", recordKind: "basic", recordId: "basic", reason: "basic" },
  Interaction: { audience: "internal", audienceTeam: "internal", audienceFirms: "internal", customer: "basic", interactionType: "basic", occurredAt: "basic", direction: "basic", subject: "basic", body: "basic", participants: "personal", replyTo: "basic" },
  Interchange: { addressedTo: "basic", sentAt: "basic", fileName: "basic", flow: "basic", standard: "basic", controlNumber: "basic", sender: "basic", receiver: "basic", exchangedAt: "basic", state: "basic", test: "basic", sha256: "basic", size: "basic", findings: "basic", acknowledgment: "basic" },
  Partnership: { addressedTo: "basic", sentAt: "basic", name: "basic", state: "basic", scope: "basic", startsOn: "basic", endsOn: "basic" },
  Preference: { audience: "internal", audienceTeam: "internal", audienceFirms: "internal", customer: "basic", topic: "basic", value: "basic" },
  Product: { name: "basic", partNumber: "basic", gtin: "basic", family: "basic", listPrice: "commercial", orderable: "basic", description: "basic" },
  Promotion: { name: "basic", startsOn: "basic", endsOn: "basic", products: "basic", discountPercent: "basic", description: "basic", budget: "internal" },
  SalesReport: { addressedTo: "basic", sentAt: "basic", reportNumber: "basic", distributorName: "basic", reportedOn: "basic", periodStartsOn: "basic", periodEndsOn: "basic", currency: "basic", transactionSet: "internal" },
  SalesReportLine: { salesReport: "basic", lineNumber: "basic", invoiceNumber: "basic", soldOn: "basic", partNumber: "basic", distributorPartNumber: "basic", productDescription: "basic", quantity: "basic", unitOfMeasure: "basic", unitPrice: "commercial", serialNumbers: "basic", endCustomerName: "basic", endCustomerCity: "basic", endCustomerCountry: "basic", authorizationNumber: "basic", registrationNumber: "basic", customer: "internal", product: "internal", matchState: "internal" },
  SharingAgreement: { addressedTo: "basic", sentAt: "basic", name: "basic", state: "basic", partnership: "basic", purpose: "basic", terms: "basic", validFrom: "basic", validUntil: "basic", requires: "basic" },
  Task: { audience: "internal", audienceTeam: "internal", audienceFirms: "internal", customer: "basic", title: "basic", description: "basic", assignee: "internal", dueOn: "basic", completedAt: "basic" },
  TransactionSet: { interchange: "basic", place: "basic", setId: "basic", standardVersion: "basic", groupControlNumber: "basic", controlNumber: "basic", verdict: "basic", findings: "basic", recordCount: "basic" },
};
