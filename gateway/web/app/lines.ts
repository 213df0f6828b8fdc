/** A line of one text that the other does not have. */
export interface Changed {
  sign: "+" | "-";
  line: string;
}

/** changedLines lists the lines that were taken out of a text and those that came in, in their order; what is the same is left out. */
export function changedLines(before: string, after: string): Changed[] {
  // A text without anything in it has no line, rather than an empty one.
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  // common[i][j] is how many lines a from i and b from j on have in common at most.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) (common[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const out: Changed[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (j < b.length && (i === a.length || at(i, j + 1) > at(i + 1, j))) out.push({ sign: "+", line: b[j++] ?? "" });
    else out.push({ sign: "-", line: a[i++] ?? "" });
  }
  return out;
}

/** spanOf gives where a line begins and ends in a text; lines are counted from 1. */
export function spanOf(text: string, line: number): [start: number, end: number] {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
  return [Math.min(start, text.length), Math.min(start + (lines[line - 1]?.length ?? 0), text.length)];
}
