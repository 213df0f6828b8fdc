import { pieces, segmentAt, segments } from "../segments";
import { check } from "./check";

const bytes = (s: string) => new TextEncoder().encode(s);
const isa = "ISA*00*          *00*          *ZZ*FRFLUIDES      *ZZ*PLWISLA        *261120*0815*U*00401*000000101*0*P*>";
const shown = (s: string) => {
  const b = bytes(s);
  return segments(b).map((x) => pieces(b, x, []).map((p) => p.text).join(""));
};

check("X12 is cut where its header says", shown(isa + "!GS*PT!ST*867*0001!"), [isa + "!", "GS*PT!", "ST*867*0001!"]);
check("lines between segments belong to the one before", shown(isa + "~\r\nGS*PT~\r\n"), [isa + "~", "GS*PT~"]);
check("depths", segments(bytes(isa + "~GS*~ST*~BPT*~SE*~GE*~IEA*~")).map((s) => s.depth), [0, 1, 2, 3, 2, 1, 0]);
check("EDIFACT with its own delimiters", shown("UNA:+.? 'UNB+UNOC:3'FTX+AAI+++It?'s here'UNZ+1'"), ["UNA:+.? '", "UNB+UNOC:3'", "FTX+AAI+++It?'s here'", "UNZ+1'"]);
check("EDIFACT without UNA", shown("UNB+UNOC:3'UNZ+1'"), ["UNB+UNOC:3'", "UNZ+1'"]);
check("an end without terminator is shown", shown(isa + "~GS*PT"), [isa + "~", "GS*PT"]);
check("what is no EDI comes out by lines", shown("hello\nworld"), ["hello", "world"]);
check("nothing at all", shown(""), []);
check("a mark of byte order does not hide the header", shown("\ufeff" + isa + "~GS*PT~").length, 2);

const text = isa + "~QTY*32*x7*é~";
const b = bytes(text);
const at = b.indexOf("x".charCodeAt(0), 106);
const [, qty] = segments(b);
const marked = qty ? pieces(b, qty, [{ offset: at, length: 2, severity: "error", index: 0 }]) : [];
check("the mark lies on its bytes", marked.map((p) => [p.text, p.mark?.index ?? -1]), [["QTY*32*", -1], ["x7", 0], ["*é~", -1]]);
check("a mark of no length stands on a byte", qty ? pieces(b, qty, [{ offset: at, length: 0, severity: "error", index: 0 }]).find((p) => p.mark)?.text : "", "x");
check("marks over one another lose nothing", qty ? pieces(b, qty, [{ offset: at, length: 2, severity: "error", index: 0 }, { offset: at + 1, length: 3, severity: "warning", index: 1 }]).map((p) => p.text).join("") : "", "QTY*32*x7*é~");
const e = b.indexOf(0xc3);
check("a mark within a letter takes the letter", qty ? pieces(b, qty, [{ offset: e + 1, length: 1, severity: "error", index: 0 }]).map((p) => p.text) : [], ["QTY*32*x7*", "é", "~"]);
check("bytes that are no UTF-8 are shown", pieces(new Uint8Array([0x41, 0xe9, 0x01]), { start: 0, end: 3, depth: 0 }, []).map((p) => p.text).join(""), "Aé␁");
check("the segment of a byte", [0, 105, 106, 5000].map((o) => segmentAt(segments(b), o)), [0, 0, 1, 1]);
