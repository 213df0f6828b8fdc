import { t, word } from "../i18n";
import type { DealWithDecision } from "../operations/deals.gen";
import { Badge } from "../ui/parts";

const tones = { UNDER_REVIEW: "info", ACTION_REQUIRED: "warn", APPROVED: "good", REJECTED: "bad", EXPIRED: "plain" } as const;

/** DealState shows where a deal stands, which both firms' words make together. */
export function DealState({ deal }: { deal: DealWithDecision }) {
  const decision = deal.dealDecisions.nodes[0];
  if (deal.state === "SUBMITTED" && decision?.reviewStatus) {
    return (
      <>
        <Badge tone={tones[decision.reviewStatus]}>{word("ReviewStatus", decision.reviewStatus)}</Badge>
        {decision.conflict && <Badge tone="warn" icon="warning">{t("deal.conflict")}</Badge>}
      </>
    );
  }
  return <Badge tone={deal.state === "WON" ? "good" : deal.state === "SUBMITTED" ? "info" : "plain"}>{word("DealState", deal.state)}</Badge>;
}
