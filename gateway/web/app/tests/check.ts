/** What the tests found: the runner in Go reads it. */
export const report: { ran: number; failures: string[] } = { ran: 0, failures: [] };

/** check holds what came out against what should have. */
export function check(name: string, got: unknown, want: unknown): void {
  report.ran++;
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  if (g !== w) report.failures.push(`${name}: got ${g}, want ${w}`);
}
