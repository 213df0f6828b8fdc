import { t, word } from "../i18n";
import type { AgreementRow } from "../operations/sharing.gen";
import { inForce, lastAnswer } from "../terms";
import { Badge } from "../ui/parts";

/** AgreementState says where an agreement stands, which both firms' words make together. */
export function AgreementState({ agreement: a }: { agreement: AgreementRow }) {
  const answer = lastAnswer(a);
  if (inForce(a)) {
    const today = new Date().toISOString().slice(0, 10);
    if (a.validUntil && a.validUntil < today) return <Badge>{t("sharing.over")}</Badge>;
    if (a.validFrom && a.validFrom > today) return <Badge tone="info">{t("sharing.coming")}</Badge>;
    return <Badge tone="good">{t("sharing.live")}</Badge>;
  }
  if (a.state === "OFFERED" && answer) return <Badge tone="bad">{word("Answer", answer)}</Badge>;
  if (a.state === "OFFERED") return <Badge tone="warn">{t("sharing.waiting")}</Badge>;
  return <Badge tone={a.state === "REVOKED" ? "bad" : "plain"}>{word("SharingState", a.state)}</Badge>;
}
