import { findingsOf, said, whereOf } from "../findings";
import { check } from "./check";

const one = { severity: "ERROR", code: "8", id: "x12.element.date", message: "DTM02 is no date", remedy: "Send a day.", position: 120, length: 8, line: 4, path: "ISA[1]/GS[1]/ST[2]/PTD[1]/DTM[1]/02" };

check("a finding as the node tells it", findingsOf([one]), [{ severity: "error", code: "8", message: "DTM02 is no date", remedy: "Send a day.", offset: 120, length: 8, line: 4, path: one.path, raw: one, translated: false }]);
check("a finding about the file as a whole has no place", findingsOf([{ severity: "WARNING", message: "received before" }]).map((f) => [f.severity, f.offset]), [["warning", null]]);
check("a finding on the first byte has one", findingsOf([{ ...one, position: 0, line: 1 }]).map((f) => f.offset), [0]);
check("what is no finding is left out", [findingsOf(null), findingsOf({}), findingsOf([null, 1, "x", {}])].map((l) => l.length), [0, 0, 0]);
check("odd numbers do no harm", findingsOf([{ ...one, position: -5, length: "8" }]).map((f) => [f.offset, f.length]), [[0, 0]]);
check("where it lies", findingsOf([one, { ...one, path: "ISA[1]" }, { message: "x" }]).map(whereOf), ["Transaction 2 · line 4", "line 4", ""]);
check("findings are said in other words", said(findingsOf([one]), [{ message: "DTM02 to nie data" }]).map((f) => [f.message, f.remedy, f.translated, f.path]), [["DTM02 to nie data", "", true, one.path]]);
check("findings stay as they are without words for each", [said(findingsOf([one]), null), said(findingsOf([one]), [])].map((l) => l.map((f) => f.message)), [["DTM02 is no date"], ["DTM02 is no date"]]);
