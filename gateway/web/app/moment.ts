const two = (n: number): string => String(n).padStart(2, "0");

/** local shows an instant as a control for date and time holds it. */
export function local(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
