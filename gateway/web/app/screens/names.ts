import { useQuery } from "@urql/preact";
import { t } from "../i18n";
import { Named } from "../operations/seek.gen";

/** useNames gives the names of records by their ids; those that are out of sight are told to be so. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const [{ data, fetching }] = useQuery({ query: Named, variables: { ids: ids.slice(0, 100) }, pause: ids.length === 0 });
  const all = new Map<string, string>();
  for (const node of data?.nodes ?? []) {
    if (!node) continue;
    const name = Object.entries(node).find(([field, value]) => field.endsWith("Name") && typeof value === "string")?.[1];
    all.set(node.id, String(name ?? ""));
  }
  return (id) => all.get(id) || (fetching ? "…" : t("names.unseen"));
}
