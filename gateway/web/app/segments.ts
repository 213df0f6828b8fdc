/** A segment of an EDI file, by its bytes from start to before end, the terminator included. */
export interface Segment {
  start: number;
  end: number;
  /** How deep it stands in its envelopes: 0 for ISA and UNB, 1 for groups, 2 for documents, 3 for what is in them. */
  depth: number;
}

const at = (bytes: Uint8Array, i: number, text: string): boolean => [...text].every((c, j) => bytes[i + j] === c.charCodeAt(0));

interface Marks {
  terminator: number;
  /** The release character, after which a terminator is plain text; -1 if there is none. */
  release: number;
}

/**
 * marks finds the delimiters where the standards put them: ISA is of fixed
 * width, its terminator is byte 105; UNA names the six of EDIFACT.
 */
function marks(bytes: Uint8Array, start: number): Marks {
  if (at(bytes, start, "ISA")) return { terminator: bytes[start + 105] ?? 0x7e, release: -1 };
  if (at(bytes, start, "UNA")) return { terminator: bytes[start + 8] ?? 0x27, release: bytes[start + 6] ?? 0x3f };
  if (at(bytes, start, "UNB")) return { terminator: 0x27, release: 0x3f };
  return { terminator: 0x0a, release: -1 };
}

const depths: Record<string, number> = { ISA: 0, IEA: 0, TA1: 0, UNA: 0, UNB: 0, UNZ: 0, GS: 1, GE: 1, UNG: 1, UNE: 1, ST: 2, SE: 2, UNH: 2, UNT: 2 };

const space = (b: number | undefined): boolean => b === 0x0a || b === 0x0d || b === 0x20 || b === 0x09;

/** segments cuts a file into its segments. What is broken comes out as long or odd segments, and nothing is left out. */
export function segments(bytes: Uint8Array): Segment[] {
  let from = at(bytes, 0, "\u00ef\u00bb\u00bf") ? 3 : 0;
  while (space(bytes[from])) from++;
  let m = marks(bytes, from);
  const out: Segment[] = [];
  let start = from;
  for (let i = from; i < bytes.length; i++) {
    if (bytes[i] === m.release && m.release >= 0) {
      // The six characters of UNA are no text: the release character among them releases nothing.
      if (!(at(bytes, start, "UNA") && i < start + 9)) i++;
      continue;
    }
    if (bytes[i] !== m.terminator || (at(bytes, start, "UNA") && i < start + 8)) continue;
    let end = i + 1;
    while (end < bytes.length && space(bytes[end])) end++;
    out.push({ start, end, depth: depthOf(bytes, start) });
    start = end;
    i = end - 1;
    // A file may hold several interchanges, each with delimiters of its own.
    if (at(bytes, start, "ISA") || at(bytes, start, "UNA")) m = marks(bytes, start);
  }
  if (start < bytes.length) out.push({ start, end: bytes.length, depth: depthOf(bytes, start) });
  return out;
}

function depthOf(bytes: Uint8Array, start: number): number {
  const tag = String.fromCharCode(...bytes.subarray(start, start + 3)).replace(/[^A-Z0-9].*$/, "");
  return depths[tag] ?? 3;
}

/** A stretch of a file's bytes that something is wrong with. */
export interface Mark {
  offset: number;
  length: number;
  severity: string;
  index: number;
}

/** A piece of a segment as it is shown: text, and the mark on it if there is one. */
export interface Piece {
  text: string;
  mark: Mark | null;
}

/** pieces cuts a segment at its marks. An empty mark, for something that is missing, stands on the byte at its place. */
export function pieces(bytes: Uint8Array, segment: Segment, all: readonly Mark[]): Piece[] {
  const here = all.filter((m) => m.offset < segment.end && m.offset + Math.max(m.length, 1) > segment.start).sort((a, b) => a.offset - b.offset);
  const decoder = decoderOf(bytes.subarray(segment.start, segment.end));
  // A character of several bytes is not cut: the mark takes all of it.
  const whole = (i: number, step: 1 | -1): number => {
    while (decoder === utf8 && i > segment.start && i < segment.end && ((bytes[i] ?? 0) & 0xc0) === 0x80) i += step;
    return i;
  };
  const text = (from: number, to: number) => printable(decoder.decode(bytes.subarray(from, to)));
  const out: Piece[] = [];
  let i = segment.start;
  for (const mark of here) {
    const from = Math.max(whole(mark.offset, -1), i);
    const to = whole(Math.min(mark.offset + Math.max(mark.length, 1), segment.end), 1);
    if (to <= from) continue;
    if (from > i) out.push({ text: text(i, from), mark: null });
    out.push({ text: text(from, to), mark });
    i = to;
  }
  if (i < segment.end) out.push({ text: text(i, segment.end), mark: null });
  return out;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true });
const latin = new TextDecoder("windows-1252");

/** decoderOf reads bytes as UTF-8 if they are that, else as the western set. */
function decoderOf(part: Uint8Array): TextDecoder {
  try {
    strict.decode(part);
    return utf8;
  } catch {
    return latin;
  }
}

/** printable leaves out the ends of lines, and shows control characters as pictures. */
function printable(s: string): string {
  return s.replace(/[\r\n]+$/, "").replace(/[\u0000-\u001f]/g, (c) => String.fromCodePoint(0x2400 + c.charCodeAt(0)));
}

/** segmentAt gives the place in the list of the segment in which a byte lies. */
export function segmentAt(list: readonly Segment[], offset: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((list[mid]?.start ?? 0) <= offset) low = mid;
    else high = mid - 1;
  }
  return low;
}
