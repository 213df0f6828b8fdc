import { useQuery } from "@urql/preact";
import { t, word } from "../i18n";
import { kindOf } from "../ids";
import { CommonNames, DealNames, PaperNames, TradeNames } from "../operations/seek.gen";
import { nameOf } from "../ui/seek";

/** The kinds that are asked for by each question for names. */
const groups: Record<string, readonly string[]> = {
  deal: ["DealRegistration", "Promotion", "Partner", "Partnership", "Agreement", "SharingAgreement", "Interaction", "Folder"],
  trade: ["Interchange", "TransactionSet", "SalesReport", "SalesReportLine", "InventoryReport", "PriceList", "PriceAuthorization", "TradeDocument"],
  paper: ["ClaimResponse", "DocumentVersion", "Goal", "PartnerProfile", "Preference", "RebateClaim"],
};

const groupOf = (id: string): string => Object.keys(groups).find((g) => groups[g]?.includes(kindOf(id))) ?? "common";

/** useNames gives the names of records by their ids, of what has none its kind; those that are out of sight are told to be so. */
export function useNames(ids: readonly string[]): (id: string) => string {
  const some = (group: string) => {
    const of = ids.filter((id) => groupOf(id) === group).slice(0, 100);
    return { variables: { ids: of }, pause: of.length === 0 };
  };
  const answers = [useQuery({ query: CommonNames, ...some("common") }), useQuery({ query: DealNames, ...some("deal") }), useQuery({ query: TradeNames, ...some("trade") }), useQuery({ query: PaperNames, ...some("paper") })];
  const all = new Map<string, string>();
  let fetching = false;
  for (const [answer] of answers) {
    fetching ||= answer.fetching;
    for (const node of answer.data?.nodes ?? []) if (node) all.set(node.id, nameOf(node) || word("Kinds", kindOf(node.id)));
  }
  return (id) => all.get(id) || (fetching ? "…" : t("names.unseen"));
}
