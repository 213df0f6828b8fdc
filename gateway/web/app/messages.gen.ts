// Generated from the catalogues of package guide by "go generate". Do not edit.

/** By language and id of a finding: what it says, and how to mend it. */
export const messages: Record<string, Record<string, string[]>> = {
 "en": {
  "x12.element.character": [
   "{place} ({name}) holds a control character: {value}",
   "Remove it; line breaks and tabs have no place in a value."
  ],
  "x12.element.code": [
   "{place} ({name}) holds the code {value}, which is none of: {expected}",
   "Use one of the codes of the guide."
  ],
  "x12.element.components": [
   "{place} ({name}) has too many components: {rule}",
   "Remove the surplus components, or choose a component separator that does not occur in values."
  ],
  "x12.element.condition": [
   "{place} ({name}) is missing; the other elements of the segment require it ({rule})",
   "Fill the element, or leave out those that depend on it."
  ],
  "x12.element.date": [
   "{place} ({name}) is no date: {value}, expected {expected}",
   "Send a day that exists in the form asked for."
  ],
  "x12.element.exclusion": [
   "{place} ({name}) can't stand together with another element of the segment ({rule})",
   "Leave out one of them."
  ],
  "x12.element.missing": [
   "{place} ({name}) is required and missing",
   "Fill the element."
  ],
  "x12.element.not-used": [
   "{place} ({name}) is not used by this guide, but holds {value}",
   "Leave the element empty."
  ],
  "x12.element.number": [
   "{place} ({name}) is no number: {value}",
   "Send digits, with a leading minus and a decimal point where the type has one."
  ],
  "x12.element.repeats": [
   "{place} ({name}) is repeated too often: {rule}",
   "Leave out what is too much."
  ],
  "x12.element.time": [
   "{place} ({name}) is no time of day: {value}, expected {expected}",
   "Send a time between 0000 and 2359."
  ],
  "x12.element.too-long": [
   "{place} ({name}) is too long: {value} where {expected} characters are asked for",
   "Shorten the value."
  ],
  "x12.element.too-many": [
   "{place} is one element too many: {rule}",
   "Remove the surplus elements, or look for a missing terminator."
  ],
  "x12.element.too-short": [
   "{place} ({name}) is too short: {value} where {expected} characters are asked for",
   "Send the whole value, with leading zeros where it is a number of fixed length."
  ],
  "x12.file.lost": [
   "{length} bytes outside of any interchange look like transactions and were not read: {value}",
   "The ISA segment before them is missing or unreadable; ask the sender for the interchange again."
  ],
  "x12.file.skipped": [
   "{length} bytes outside of any interchange were skipped: {value}",
   "Nothing is lost if this is a mail header or a comment; ask the sender to leave it out."
  ],
  "x12.group.control-duplicate": [
   "the group control number {value} occurs twice in this interchange",
   "Give each group its own number."
  ],
  "x12.group.control-mismatch": [
   "GE02 is {value}, but the group began with control number {expected}",
   "Repeat GS06 in GE02."
  ],
  "x12.group.count": [
   "GE01 counts {value} transactions, but there are {expected}",
   "Count the ST segments of the group."
  ],
  "x12.group.header-missing": [
   "a transaction begins outside of any functional group: {expected} is missing",
   "Put a GS segment before the first ST."
  ],
  "x12.group.trailer-missing": [
   "the functional group does not end: {expected} is missing",
   "Put a GE segment after the last transaction of the group."
  ],
  "x12.interchange.control-mismatch": [
   "IEA02 is {value}, but the interchange began with control number {expected}",
   "Repeat ISA13 in IEA02."
  ],
  "x12.interchange.count": [
   "IEA01 counts {value} groups, but there are {expected}",
   "Count the GS segments of the interchange."
  ],
  "x12.interchange.header-incomplete": [
   "the ISA segment does not have its {expected} elements",
   "Send the ISA with all 16 elements, each padded to its width."
  ],
  "x12.interchange.header-length": [
   "the ISA segment has {value} bytes instead of {expected}; the width is wrong at {rule}",
   "Pad each element of the ISA with spaces to its fixed width."
  ],
  "x12.interchange.header-value": [
   "{place} holds {value}, which is not valid there",
   "Correct the value in the sender's interchange settings."
  ],
  "x12.interchange.separator": [
   "the component separator {value} is also used for something else",
   "Choose four different characters as separators."
  ],
  "x12.interchange.trailer-missing": [
   "the interchange does not end: {expected} is missing",
   "The file was cut or the segment forgotten; what is complete was read. Ask the sender for the rest."
  ],
  "x12.loop.too-many": [
   "the loop {loop} occurs too often: {rule}",
   "Leave out what is too much."
  ],
  "x12.segment.empty": [
   "a terminator ends an empty segment",
   "Send one terminator after each segment."
  ],
  "x12.segment.merged": [
   "the terminator before {expected} is missing, so that {tag} runs on",
   "Put the terminator between the two segments."
  ],
  "x12.segment.missing": [
   "{expected} ({name}) is required and missing",
   "Add the segment before this place."
  ],
  "x12.segment.not-in-set": [
   "{tag} is not part of this transaction set",
   "Remove the segment."
  ],
  "x12.segment.sequence": [
   "{tag} ({name}) comes too late: the segments before it belong after it",
   "Put the segments into the order of the guide."
  ],
  "x12.segment.stray": [
   "{tag} stands where no segment of its kind belongs",
   "Put it between the header and the trailer that it belongs to."
  ],
  "x12.segment.tag-invalid": [
   "{value} is no segment identifier",
   "A segment begins with two or three capital letters and digits; look for a missing or misplaced terminator before it."
  ],
  "x12.segment.too-long": [
   "{tag} is longer than the limit for a segment",
   "Look for a missing terminator, or raise the limit."
  ],
  "x12.segment.too-many": [
   "{tag} ({name}) occurs too often: {rule}",
   "Leave out what is too much."
  ],
  "x12.segment.too-many-elements": [
   "{tag} has more elements than the limit for a segment",
   "Look for a missing terminator, or raise the limit."
  ],
  "x12.segment.trailing-separator": [
   "{tag} ends with an empty element",
   "Leave out separators after the last element that has a value."
  ],
  "x12.segment.unconfirmed": [
   "{tag} ({name}) is accepted here, though no public guide places it here",
   "Check with the partner what it means."
  ],
  "x12.segment.unexpected": [
   "{tag} can't stand here",
   "Put the segment into the loop that it belongs to."
  ],
  "x12.segment.unknown": [
   "{tag} is not known to the guides of this version",
   "Remove the segment, or look for a missing terminator before it."
  ],
  "x12.segment.unterminated": [
   "{tag} has no terminator: the file was cut here",
   "Ask the sender for the whole file."
  ],
  "x12.set.bad-guide": [
   "the guide for set {value} cannot be read: {rule}",
   "Correct the guide."
  ],
  "x12.set.no-guide": [
   "there is no guide for set {value} in version {expected}; only the envelopes were checked",
   "Load a guide for this set, or agree with the partner on a version that is known here."
  ],
  "x12.set.wrong-group": [
   "a transaction set of this kind travels in group {expected}, not {value}",
   "Put it into a functional group of its own kind."
  ],
  "x12.transaction.control-duplicate": [
   "the transaction control number {value} occurs twice in this group",
   "Give each transaction of a group its own number."
  ],
  "x12.transaction.control-mismatch": [
   "SE02 is {value}, but the transaction began with control number {expected}",
   "Repeat ST02 in SE02."
  ],
  "x12.transaction.count": [
   "SE01 counts {value} segments, but there are {expected}",
   "Count all segments from ST to SE, both included."
  ],
  "x12.transaction.total": [
   "{place} says {value}, but the count is {expected} ({rule})",
   "Correct the total, or check whether lines were lost."
  ],
  "x12.transaction.trailer-missing": [
   "the transaction does not end: {expected} is missing",
   "End each transaction with an SE segment."
  ]
 }
};
